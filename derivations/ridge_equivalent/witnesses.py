"""Independent values: the pencil of the product of two resolvents, and a simulation of both errors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from ...symbolic.balls import working
from ...symbolic.claim import Claim
from ...symbolic.derivation import Derivation, Witness
from ...symbolic.precision import compiled, context
from ...symbolic.quantity import Samples
from ...symbolic.random_matrix import bigger_pencil, declare
from ...symbolic.random_matrix.branch import solve_branch
from ...symbolic.rules import finite_matrices
from ...symbolic.verdict import Verdict, consistent, refuted, supported
from .notation import (
    SQUARE,
    E_gen,
    J,
    Z,
    d,
    df1,
    df2,
    kappa,
    lam,
    n,
    phi,
    rootSigma,
    s,
    sigma2,
    theta,
    w,
    x,
)


def witnesses(D: Derivation) -> None:
    """Checks that span several claims."""
    D.witnesses += [
        Witness("pencil of the product of two resolvents", ("form-rcr", "trace-cr", "trace-crr"), _two_resolvents),
        Witness("simulation of both errors", ("test", "training"), _simulated, level="full"),
    ]


REFERENCE = {
    "phi": "3/2", "lam": "1/5", "sigma2": "1/5", "w": "1/5,1/2,3/10", "s": "1/4,1,4", "theta": "2,3,1/2",
}  # fmt: skip


def _point() -> dict[Any, Any]:
    """The reference point, list entries by index."""
    point = {x: sp.Rational(REFERENCE[x.name]) for x in (phi, lam, sigma2)}
    for base in (w, s, theta):
        entries = REFERENCE[str(base.label)].split(",")
        point |= {base[k + 1]: sp.Rational(v) for k, v in enumerate(entries)}
    return point


def _solved(claims: Mapping[str, Claim]) -> tuple[dict[Any, Any], Any]:
    """(values at the reference point with the effective ridge and the degrees of freedom, a context of 60 digits)."""
    ctx, point = context(60), _point()
    one, two = (claims[label].rhs.xreplace({J: sp.Integer(3)}).doit().xreplace(point) for label in ("df-one", "df-two"))
    ridge = compiled(ctx, [kappa], claims["ridge"].rhs.xreplace({df1: one, **point}))
    root = ctx.findroot(
        lambda k: ridge(k) - ctx.mpf(1) / 5, (ctx.mpf("0.2"), ctx.mpf(3)), solver="anderson", tol=1e-100
    )
    values = {kappa: root, df1: compiled(ctx, [kappa], one)(root), df2: compiled(ctx, [kappa], two)(root)}
    return values, ctx


def _value(claim: Claim, values: Mapping[Any, Any], ctx: Any) -> Any:
    rhs = claim.rhs.xreplace({J: sp.Integer(3)}).doit().xreplace(_point())
    return compiled(ctx, list(values), rhs)(*values.values())


def _two_resolvents(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """tr R T R Sigma and tr R S R Sigma, T the task, S the sample covariance, from pencils of products."""
    values, ctx = _solved(claims)
    traces = [_value(claims[label], values, ctx) for label in ("trace-cr", "trace-crr")]
    stated = (_value(claims["form-rcr"], values, ctx), traces[0] - traces[1] / 5)
    for found, truth in zip(stated, _pencils()):
        if not abs(found - ctx.mpf(truth)) < ctx.mpf(10) ** -36:
            return refuted("pencil of the product", f"{ctx.nstr(found, 12)} against {truth[:14]}")
    return consistent("pencil of the product", "one point, 36 digits")


@cache
def _pencils() -> tuple[str, str]:
    """Certified values of both products at the reference point."""
    task, at = sp.MatrixSymbol("T", *SQUARE), _point()
    t = sp.Symbol("t")
    law = [(at[w[k]], {x: at[s[k]], t: at[theta[k]]}) for k in (1, 2, 3)]
    declared = declare(
        {Z: 1 / n.symbol},
        {rootSigma: sp.sqrt(x), task: t},
        dimensions={n.symbol: sp.Integer(1), d.symbol: phi},
        commuting=True,
    )
    sample = rootSigma * Z.T * Z * rootSigma
    resolvent = (sample + lam * sp.Identity(d.symbol)).inv()
    found = []
    for middle in (task, sample):
        pencil = bigger_pencil(resolvent, middle, resolvent, declared, after=rootSigma**2, law={d.symbol: law})
        branch = solve_branch(pencil, {phi: at[phi], lam: at[lam]}, digits=48)
        with working(branch.bits):
            found.append(branch.target().real.mid().str(45, radius=False))
    return found[0], found[1]


def _simulated(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """Both errors at n = 400 and d = 600, averaged over task and noise exactly."""
    values, ctx = _solved(claims)
    test = _value(claims["test"], values, ctx)
    training = _value(claims["training"], {**values, E_gen: test}, ctx)
    rng = finite_matrices.generator(samples.seed)
    rows, columns, at = 400, 600, _point()
    counts = [int(at[w[k]] * columns) for k in (1, 2, 3)]
    spectrum, signal = (np.repeat([float(at[base[k]]) for k in (1, 2, 3)], counts) for base in (s, theta))
    seen = []
    for _ in range(5):
        design = rng.standard_normal((rows, columns)) * np.sqrt(spectrum)
        resolvent = np.linalg.inv(design.T @ design / rows + float(at[lam]) * np.eye(columns))
        shrunk = float(at[lam]) * resolvent * np.sqrt(signal)
        gain = resolvent @ design.T / rows
        left = np.eye(rows) - design @ gain
        noise_level = float(at[sigma2])
        seen.append((
            np.sum(spectrum[:, None] * shrunk**2) / columns + noise_level * (1 + np.sum(spectrum[:, None] * gain**2)),
            np.sum((design @ shrunk) ** 2) / columns / rows + noise_level * np.sum(left**2) / rows,
        ))  # fmt: skip
    for name, stated, truth in zip(("test", "training"), (test, training), np.mean(seen, axis=0)):
        if abs(float(stated) - truth) > 0.03 * truth:
            return refuted("simulation", f"{name} error {float(stated):.5f}, simulated {truth:.5f}")
    return supported("simulation", "5 draws with n = 400, d = 600, within 3 %")

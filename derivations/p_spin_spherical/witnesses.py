"""Other ways to the number of states: a reference configuration with copies near it; determinants of drawn Hessians."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np
import sympy as sp

from ...symbolic import balls
from ...symbolic.claim import Claim
from ...symbolic.derivation import Witness
from ...symbolic.precision import compiled, context
from ...symbolic.quantity import Samples
from ...symbolic.replica.matrices import replica_matrix
from ...symbolic.verdict import Verdict, consistent, refuted, supported
from .notation import beta, e, p, q, r_det

_SIZES, _DRAWS = (100, 200), 60


def witnesses() -> list[Witness]:
    return [
        Witness("copies near a reference configuration", ("rate-transition", "complexity"), near_reference),
        Witness("drawn Hessians", ("kac-rice-rates",), drawn_hessians, level="full"),
    ]


def near_reference(claims: Mapping[str, Claim], _: Samples) -> Verdict:
    """Franz and Parisi 1995: the free energy of copies at overlap c with an equilibrium configuration.

    V(c) = -lim_n (1/n) of the exponent of one reference and n copies with mutual overlaps d; its stationary point is
    where the complexity is read off. No blocks of size m occur. 25 digits, p = 3 and 4.
    """
    ctx = context(40)
    n, c, d = sp.symbols("n c d", positive=True)
    volume = replica_matrix(n, 1, d, [[1]], [[c]]).log_det() / 2
    energy = beta**2 / 4 * (n + n * (n - 1) * d**p + 2 * n * c**p)
    potential = beta**2 / 4 - sp.diff(volume + energy, n).xreplace({n: sp.Integer(0)})
    for power, inverse, start in ((3, sp.Rational(5, 3), "0.6"), (4, sp.Integer(2), "0.81")):
        at = {p: sp.Integer(power), beta: inverse}
        slopes = compiled(ctx, [c, d], [sp.diff(potential.xreplace(at), x) for x in (c, d)])
        near = ctx.findroot(lambda *x, f=slopes: list(f(*x)), (ctx.mpf(start), ctx.mpf(start)), tol=1e-70)
        value = compiled(ctx, [c, d], potential.xreplace(at))(*near)
        rate, told = (compiled(ctx, [q], claims[k].rhs.xreplace(at)) for k in ("rate-transition", "complexity"))
        if not (abs(rate(near[0])) < 1e-25 and abs(told(near[0]) - value) < 1e-25):
            return refuted("copies near a reference configuration", f"p = {power}: {ctx.nstr(value, 12)}")
    return consistent("copies near a reference configuration", "overlap and complexity to 25 digits, p = 3 and 4")


def drawn_hessians(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """log E|det| of drawn Hessians, not of their mean determinant: N = 100 and 200 extrapolated, 60 draws each, p = 3.

    What the modulus could add beyond the mean determinant are Hessians with eigenvalues of both signs.
    """
    rng = np.random.default_rng(random.Random(samples.seed).getrandbits(64))
    at = {p: sp.Integer(3), e: sp.Rational(-13, 10)}
    _, _, curvature, shift = (float(c.rhs.xreplace(at)) for c in claims["landscape-law"].equations)
    found, errors = [], []
    for size in _SIZES:
        logs = np.array([_log_determinant(rng, size, curvature, -shift * float(at[e])) for _ in range(_DRAWS)])
        weights = np.exp(logs - logs.max())
        found.append((logs.max() + np.log(weights.mean())) / size)
        errors.append(weights.std() / weights.mean() / _DRAWS**0.5 / size)
    value, error = 2 * found[1] - found[0], float(np.hypot(2 * errors[1], errors[0]))
    stated = float(balls.real_enclosure(claims["kac-rice-rates"].defines()[r_det], at, 80).mid())
    score = (value - stated) / error
    if not abs(score) < 5:
        return refuted("drawn Hessians", f"{value:.5f} +- {error:.5f} against {stated:.5f}")
    return supported("drawn Hessians", f"{value:.5f} +- {error:.5f} against {stated:.5f}, z = {score:.1f}")


def _log_determinant(rng: np.random.Generator, size: int, curvature: float, shift: float) -> float:
    """log|det(x + W)|, W symmetric of size N - 1 with entries of variance v/N, twice that on the diagonal."""
    square = rng.standard_normal((size - 1, size - 1))
    hessian = (square + square.T) * (curvature / (2 * size)) ** 0.5 + shift * np.eye(size - 1)
    return float(np.linalg.slogdet(hessian)[1])

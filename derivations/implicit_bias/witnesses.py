"""Checks that share nothing with the rules: the limit minimises the mirror potential, and known special cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic import balls
from ...symbolic.claim import Claim
from ...symbolic.derivation import Derivation, Limit, Witness
from ...symbolic.equality import BITS
from ...symbolic.quantity import Samples
from ...symbolic.rules.sums import close, secant
from ...symbolic.verdict import Verdict, weakest
from .notation import X, i, symbols

eta_a, eta_w, a0, w0, y, delta, delta_row, s = symbols("eta_a eta_w a0 w0 y delta delta_row s")
Lambda, sigma, w_len, a_inf, beta_plus, n, S = symbols("Lambda sigma w_len a_inf beta_plus n S")

CHAIN = ("start-level", "output-upstream", "limit", "primal-explicit")
POINTS = 2


def checks(D: Derivation) -> None:
    """Attach the witness and the known limits to the derivation."""
    D.witnesses.append(Witness("the limit minimises the mirror potential", CHAIN, _stationary))
    D.limits += [
        Limit("no labels, upstream", "root", {s: 0}, delta_row / eta_w, given=(delta_row > 0,)),
        Limit("no labels, downstream", "root", {s: 0}, sp.Integer(0), given=(delta_row < 0,)),
        Limit("linear regression: a does not move", "root", {eta_a: 0}, delta_row / eta_w, given=(delta_row > 0,)),
        Limit("balanced", "root", {delta_row: 0}, sp.sqrt(eta_a) * s / sp.sqrt(eta_w)),
    ]


def _stationary(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """One sample x in three dimensions, delta' > 0: v.grad Phi(beta_inf) = sigma v.w0 for every v orthogonal to x."""
    atoms = [eta_a, eta_w, a0, y[1], *(b for k in (1, 2, 3) for b in (w0[k], X[1, k]))]
    verdicts: list[Verdict] = []
    index = 0
    while len(verdicts) < 2 * POINTS:
        point = samples.point(atoms, (), index)
        index += 1
        x, w = (sp.Matrix([point[b] for b in row]) for row in ([X[1, k] for k in (1, 2, 3)], [w0[1], w0[2], w0[3]]))
        if point[eta_w] * point[a0] ** 2 > point[eta_a] * w.dot(x) ** 2 / x.dot(x):
            verdicts.extend(_residuals(claims, point, x, w))
    return weakest(verdicts)


def _residuals(claims: Mapping[str, Claim], point: Mapping[Any, Any], x: sp.Matrix, w: sp.Matrix) -> list[Verdict]:
    start_level, output, limit, potential = (claims[label].rhs for label in CHAIN)
    norm, side = x.dot(x), sp.sign(point[a0])
    known: dict[Any, Any] = {**point, sigma: side, w_len: sp.sqrt(w.dot(x) ** 2 / norm)}
    level = start_level.xreplace(known)
    rate = sp.sqrt(level**2 + 4 * point[eta_a] * point[eta_w] * point[y[1]] ** 2 / norm) / 2
    known[a_inf] = output.xreplace({**known, Lambda: rate, delta_row: level})
    least, null = point[y[1]] / norm * x, w - w.dot(x) / norm * x
    b = [sp.Dummy(f"b{k}", real=True) for k in range(3)]
    imbalance = point[eta_w] * point[a0] ** 2 - point[eta_a] * w.dot(w)
    root = sp.sqrt(imbalance**2 + 4 * point[eta_a] * point[eta_w] * sp.Add(*(z**2 for z in b)))
    radial = potential.xreplace({S: root, delta: imbalance}).xreplace(dict(point))
    end = [limit.xreplace({n[i]: null[k], beta_plus[i]: least[k]}).xreplace(known) for k in range(3)]
    at = {z: balls.enclose(value, {}, 4 * BITS) for z, value in zip(b, end)}
    found = []
    for v in (x.cross(sp.Matrix([1, 2, -1])), x.cross(sp.Matrix([0, 1, 3]))):
        slope = secant(radial, at, dict(zip(b, v)))
        found.append(close(slope, balls.enclose(side * v.dot(w), {}, BITS), point))
    return found

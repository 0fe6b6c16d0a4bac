"""Checks that share nothing with the rules: the rotation put back into the full gradient flow of a small neuron."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic import balls
from ...symbolic.claim import Claim
from ...symbolic.derivation import Derivation, Limit, Witness
from ...symbolic.quantity import Samples
from ...symbolic.rules.sums import close, numbers
from ...symbolic.verdict import Verdict, weakest
from .notation import X, symbols

eta_a, eta_w, kappa, delta_abs, t, a, w, G, y, slope = symbols("eta_a eta_w kappa delta_abs t a w G y slope")
a0, p0, p, pull, mu = symbols("a0 p0 p pull mu")
ROTATION = ("pull", "mean-rate", "rotation-rate", "small-output-weight", "small-component")
PLACES = (1, 2, 3)
PATTERN = (1, 0, 1)
SIZE = sp.Rational(1, 10**12)
STEP = sp.Rational(1, 10**25)
POINTS = 2
BITS = 256


def checks(D: Derivation) -> None:
    """Attach witnesses and known limits to the derivation."""
    D.witnesses.append(Witness("gradient flow of a small neuron", ROTATION, _flow))
    D.limits += [
        Limit("large size: balanced", "share-size", {kappa: sp.oo}, sp.Rational(1, 2)),
        Limit("no imbalance: no difference of speed", "speed-ratio", {delta_abs: 0}, sp.Integer(1)),
        Limit("start of the rotation", "small-output-weight", {t: 0}, a0),
        Limit("no pull: w does not move", "small-component", {mu: 0}, p0),
    ]


def _flow(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """Three samples in general position, one of them inactive: velocities by symmetric differences in time."""
    atoms = [eta_a, eta_w, a, t, *(X[k, i] for k in PLACES for i in PLACES), *(x[k] for x in (y, w) for k in PLACES)]
    path = [claims[label] for label in ROTATION]
    verdicts: list[Verdict] = []
    for index in range(POINTS):
        point = samples.point(atoms, (), index)
        point |= {slope[k]: sp.Integer(active) for k, active in zip(PLACES, PATTERN)}
        verdicts.extend(_residuals(path, point))
    return weakest(verdicts)


def _residuals(path: list[Claim], point: dict[Any, Any]) -> list[Verdict]:
    constants = numbers(path[:1], point)
    with balls.working(BITS):
        force = [constants[G[k]] for k in PLACES]
        length = _sum(x**2 for x in force).sqrt()
        unit = [-x / length for x in force]
        start = [SIZE * point[w[k]] for k in PLACES]
        along = _sum(balls.exact_ball(x) * z for x, z in zip(start, unit))
        fixed = {**point, a0: SIZE * point[a], p0: along, pull: length}
    states = [numbers(path[1:], {**fixed, t: point[t] + k * STEP}) for k in (1, -1, 0)]
    with balls.working(BITS):
        moved = [
            [state[a], *(balls.exact_ball(x) + (state[p] - along) * z for x, z in zip(start, unit))] for state in states
        ]
        late, early, now = moved
        scale = balls.exact_ball(SIZE)
        found = [(x - z) / (2 * balls.exact_ball(STEP) * scale) for x, z in zip(late, early)]
        return [close(x, z / scale, point, digits=18) for x, z in zip(found, _velocity(now, point))]


def _velocity(state: list[Any], point: Mapping[Any, Any]) -> list[Any]:
    """-eta dL/d(a, w) of L = |f - y|^2/2 with f_k = a slope_k w.x_k."""
    output, *weights = state
    rows = [[balls.exact_ball(point[X[k, i]]) for i in PLACES] for k in PLACES]
    gates = [balls.exact_ball(point[slope[k]]) for k in PLACES]
    inner = [_sum(x * z for x, z in zip(row, weights)) for row in rows]
    gaps = [g * (g * output * z - balls.exact_ball(point[y[k]])) for k, g, z in zip(PLACES, gates, inner)]
    slopes = [_sum(gap * row[i] for gap, row in zip(gaps, rows)) for i in range(len(PLACES))]
    rate_a, rate_w = (balls.exact_ball(point[x]) for x in (eta_a, eta_w))
    return [-rate_a * _sum(x * z for x, z in zip(weights, slopes)), *(-rate_w * output * x for x in slopes)]


def _sum(terms: Any) -> Any:
    return sum(terms, balls.exact_ball(sp.Integer(0)))

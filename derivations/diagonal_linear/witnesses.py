"""Checks that share nothing with the rules: closed forms put back into the flow and the mirror map, known limits."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from ...symbolic import balls
from ...symbolic.claim import Claim
from ...symbolic.derivation import Derivation, Limit, Witness
from ...symbolic.quantity import Samples
from ...symbolic.rules.sums import close, numbers
from ...symbolic.verdict import Verdict, weakest
from .notation import symbols

eta_u, eta_v, u1_0, v1_0, b_star, t, s = symbols("eta_u eta_v u1_0 v1_0 b_star t s")
u1, v1, b, b_0, D_abs, delta, theta, kappa, T, K, R = symbols("u1 v1 b b_0 D delta theta kappa T K R")
STEP = sp.Rational(1, 10**25)
POINTS = 2
START = ("predictor-start", "size-start", "imbalance-start", "mean-rate")
TRAJECTORY = ("rate", "tangent-time", "fading-time", "scaled-length", "weight-u", "weight-v", "trajectory")


def checks(D: Derivation) -> None:
    """Attach witnesses and known limits to the derivation."""
    D.witnesses += [
        Witness("gradient flow of whitened data", (*START, *TRAJECTORY), _flow),
        Witness("mirror map", (*START, "predictor-accumulated", "slope"), _dual),
    ]
    D.limits += [
        Limit("start", "trajectory", {T: 0, K: 1, R: 1}, b_0),
        Limit("long times", "trajectory", {K: 0}, b_star),
        Limit("nothing accumulated", "predictor-accumulated", {s: 0}, b_0),
        Limit("small predictor", "metric-imbalance", {b: 0}, sp.Abs(delta)),
        Limit("balanced", "metric-imbalance", {delta: 0}, 2 * kappa * sp.Abs(b)),
    ]


def _flow(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """The velocities of u, v and u v by symmetric differences in time, against the gradient of the loss."""
    verdicts: list[Verdict] = []
    chain = [claims[label] for label in (*START, *TRAJECTORY)]
    for point in samples.points([eta_u, eta_v, u1_0, v1_0, b_star, t], (), POINTS):
        late, early, now = (numbers(chain, {**point, t: point[t] + k * STEP}) for k in (1, -1, 0))
        with balls.working(256):
            gap = now[u1] * now[v1] - balls.exact_ball(point[b_star])
            fields = {
                u1: -balls.exact_ball(point[eta_u]) * gap * now[v1],
                v1: -balls.exact_ball(point[eta_v]) * gap * now[u1],
            }
            fields[b] = fields[u1] * now[v1] + fields[v1] * now[u1]
            pairs = [((late[x] - early[x]) / (2 * balls.exact_ball(STEP)), fields[x]) for x in fields]
            pairs.append((now[u1] * now[v1], now[b]))
        verdicts += [close(found, stated, point, digits=20) for found, stated in pairs]
    return weakest(verdicts)


def _dual(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """The slope of the potential at the accumulated predictor and at the start differ by s."""
    verdicts: list[Verdict] = []
    start = [claims[label] for label in START]
    for point in samples.points([eta_u, eta_v, u1_0, v1_0, s], (), POINTS):
        # asinh of a large negative number cancels: s is kept small against 1/kappa.
        point[s] = point[s] / 100
        first = numbers(start, point)
        then = numbers([claims["predictor-accumulated"]], first)
        with balls.working(256):
            size = abs(first[delta])
        slopes = [numbers([claims["slope"]], {**then, D_abs: size, b: x})[theta] for x in (then[b], first[b_0])]
        with balls.working(256):
            gap, shift = slopes[0] - slopes[1], balls.exact_ball(point[s])
        verdicts.append(close(gap, shift, point))
    return weakest(verdicts)

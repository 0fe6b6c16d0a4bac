"""Checks that share nothing with the rules: the stable form put back into the gradient flow, and known limits."""

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
from .notation import symbols

eta_a, eta_w, a0, p0, q0, s, t = symbols("eta_a eta_w a0 p0 q0 s t")
a, p, q, delta, delta_abs, miss, kappa, r = symbols("a p q delta delta_abs miss kappa r")
C, S, F, e, f, T_q = symbols("C S F e f T_q")
STEP = sp.Rational(1, 10**25)
POINTS = 2


def chain(side: str) -> tuple[str, ...]:
    """The labels whose claims, in this order, lead from the parameters to the state."""
    constants = ("mean-rate", "rate", "moduli", "conjugate-stable", f"growing-{side}", f"fading-{side}")
    functions = ("decay", "rise-stable", "transverse-stable", f"weighted-{side}")
    return (*constants, *functions, f"state-{side}", f"length-{side}", "state", "miss-stable")


def checks(D: Derivation) -> None:
    """Attach witnesses and known limits to the derivation."""
    for side in ("upstream", "downstream"):
        D.witnesses.append(Witness(f"gradient flow, {side}", chain(side), _flow(side)))
    D.limits += [
        Limit("start: the length is 1", "length", {C: 1, S: 0, F: 0}, sp.Integer(1)),
        Limit("start: the scaled length is 1", "length-upstream", {e: 1, f: 0, T_q: 0}, sp.Integer(1)),
        Limit("start of the separatrix", "separatrix-a", {t: 0}, a0),
        Limit("balanced: M is homogeneous of degree 1 in beta", "across", {delta: 0}, kappa * r),
        Limit("far upstream: M is a multiple of the identity", "across", {r: 0}, delta, given=(delta > 0,)),
        Limit("far downstream: M has rank one", "across", {r: 0}, sp.Integer(0), given=(delta < 0,)),
        Limit("small predictor", "along", {r: 0}, sp.Abs(delta)),
    ]


def _flow(side: str) -> Any:
    """The velocity of (a, p, q) by symmetric differences in time, against the gradient of the loss."""

    def judge(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
        verdicts: list[Verdict] = []
        index = 0
        while len(verdicts) < 4 * POINTS:
            point = samples.point([eta_a, eta_w, a0, p0, q0, s, t], (), index)
            index += 1
            imbalance = _imbalance(point)
            if (imbalance > 0) == (side == "upstream"):
                verdicts.extend(_residuals([claims[label] for label in chain(side)], point, imbalance))
        return weakest(verdicts)

    return judge


def _imbalance(point: Mapping[Any, Any]) -> Any:
    return point[eta_w] * point[a0] ** 2 - point[eta_a] * (point[p0] ** 2 + point[q0] ** 2)


def _residuals(claims: list[Claim], point: dict[Any, Any], imbalance: Any) -> list[Verdict]:
    fixed = {**point, delta: imbalance, delta_abs: abs(imbalance)}
    late, early, now = (numbers(claims, {**fixed, t: point[t] + k * STEP}) for k in (1, -1, 0))
    rates = {a: point[eta_a], p: point[eta_w], q: point[eta_w]}
    with balls.working(256):
        gap = now[a] * now[p] - balls.exact_ball(point[s])
        slopes = {a: gap * now[p] + now[a] * now[q] ** 2, p: gap * now[a], q: now[a] ** 2 * now[q]}
        pairs = [
            ((late[x] - early[x]) / (2 * balls.exact_ball(STEP)), -balls.exact_ball(rates[x]) * slopes[x])
            for x in slopes
        ]
        pairs.append((gap, now[miss]))
    return [close(found, stated, point, digits=20) for found, stated in pairs]

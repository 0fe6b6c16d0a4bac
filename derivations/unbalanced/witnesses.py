"""Checks that share nothing with the rules: the stable form put back into the gradient flow, and known limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
Lambda, grow, t_escape, loss, rate_along, rate_across = symbols("Lambda grow t_escape loss rate_along rate_across")
progress = symbols("progress")[0]
RATES_AND_START = [eta_a, eta_w, a0, p0, q0, s]
SMALL = sp.Rational(1, 10**12)
LATE = sp.Integer(10**6)
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
        D.witnesses.append(Witness(f"late decay, {side}", _decaying(side), _decay(side)))
        D.witnesses.append(Witness(f"escape of a small start, {side}", _escaping(side), _escape(side)))
    D.limits += [
        Limit("start: the length is 1", "length", {C: 1, S: 0, F: 0}, sp.Integer(1)),
        Limit("start: the scaled length is 1", "length-upstream", {e: 1, f: 0, T_q: 0}, sp.Integer(1)),
        Limit("start of the separatrix", "separatrix-a", {t: 0}, a0),
        Limit("balanced: M is homogeneous of degree 1 in beta", "across", {delta: 0}, kappa * r),
        Limit("far upstream: M is a multiple of the identity", "across", {r: 0}, delta, given=(delta > 0,)),
        Limit("far downstream: M has rank one", "across", {r: 0}, sp.Integer(0), given=(delta < 0,)),
        Limit("small predictor", "along", {r: 0}, sp.Abs(delta)),
        Limit("no target upstream: the lazy rate", "rate-along-target", {s: 0}, delta, given=(delta > 0,)),
        Limit("no target downstream: no turn", "rate-across-target", {s: 0}, sp.Integer(0), given=(delta < 0,)),
        Limit("start at the threshold: no delay", "escape-moment", {grow: 1}, sp.Integer(0)),
    ]


def _decaying(side: str) -> tuple[str, ...]:
    return (*chain(side), "rate-along", "rate-across", f"rate-across-{side}")


def _escaping(side: str) -> tuple[str, ...]:
    return (*chain(side), "loss-stable", f"escape-{side}", "length", "progress-small", "loss-small")


def _points(samples: Samples, side: str, names: list[Any], size: Any = 1) -> Iterator[dict[Any, Any]]:
    """Points on one side of the balance, the weights at the start multiplied by a size; delta and |delta| added."""
    index = count = 0
    while count < POINTS:
        point = {q0: sp.Integer(0), **samples.point(names, (), index)}
        index += 1
        point |= {x: point[x] * size for x in (a0, p0, q0)}
        imbalance = _imbalance(point)
        if (imbalance > 0) == (side == "upstream"):
            count += 1
            yield {**point, delta: imbalance, delta_abs: abs(imbalance)}


def _decay(side: str) -> Any:
    """One unit of time apart, late: the logarithm of a q falls by the rate across, that of the miss by that along."""

    def judge(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
        path = [claims[label] for label in chain(side)]
        verdicts: list[Verdict] = []
        for names in (RATES_AND_START, [x for x in RATES_AND_START if x != q0]):
            turning = q0 in names
            for point in _points(samples, side, names):
                now, later = (numbers(path, {**point, t: LATE + k}) for k in (0, 1))
                with balls.working(256):
                    fall = later[a] * later[q] / (now[a] * now[q]) if turning else later[miss] / now[miss]
                    measured = -fall.log()
                labels = ("rate-across", f"rate-across-{side}") if turning else ("rate-along",)
                for label in labels:
                    stated = numbers([claims[label]], now)[rate_across if turning else rate_along]
                    verdicts.append(close(measured, stated, point, digits=30))
        return weakest(verdicts)

    return judge


def _escape(side: str) -> Any:
    """The growing term from rho^2 in C and S is 1 at the stated time; there a p and the loss of a small start."""

    def judge(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
        constants = [claims[label] for label in ("mean-rate", "rate", "moduli", f"growing-{side}", f"escape-{side}")]
        path = [claims[label] for label in (*chain(side), "loss-stable")]
        length = claims["length"].rhs
        # cosh x -> e^x/2 and sinh x -> e^x/2; the transverse integral grows less.
        grown = sp.exp(Lambda * t_escape) / 2
        term = length.xreplace({C: grown, S: grown / Lambda, F: 0}) - length.xreplace({C: 0, S: 0, F: 0})
        verdicts: list[Verdict] = []
        for point in _points(samples, side, RATES_AND_START, SMALL):
            known = numbers(constants, point)
            state = numbers(path, {**point, t: known[t_escape]})
            with balls.working(256):
                learnt = state[a] * state[p]
                half, quarter = (
                    numbers([claims[label]], point)[name]
                    for label, name in (("progress-small", progress), ("loss-small", loss))
                )
            verdicts.append(close(balls.enclose(term, known, 256), balls.exact_ball(sp.Integer(1)), point))
            verdicts.append(close(learnt, half, point, digits=18))
            verdicts.append(close(state[loss], quarter, point, digits=18))
        return weakest(verdicts)

    return judge


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

"""How the optimal size is evaluated: the ends of the curve and its stationary points, on both sides of k = N."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.search import Curve, Search, Stationary
from ...symbolic.system import System
from .formulas import Definitions, entries, exchange_definitions, needed, probe, written
from .notation import i, symbols

gamma, rho, alpha, phi, c, c0, slope, q, kappa, noise, noise_slope = symbols(
    "gamma rho alpha phi c c0 slope q kappa noise noise_slope"
)
E_gen, E_rho, E_alpha, E_gamma, kappa_slope, exchange, alpha_c = symbols(
    "E_gen E_rho E_alpha E_gamma kappa_slope exchange alpha_c"
)
ZERO, ONE = sp.Integer(0), sp.Integer(1)

# Observables that compare or report an error, a size, an exchange rate.
SIZE, ERROR, EXCHANGE = "optimal_size", "optimal_error", "optimal_unlabelled_per_label"


def search_case(point: Mapping[str, Any]) -> str:
    """What is known of the candidates: amount of data, penalty, and on which side of k = N the complete end lies.

    Raises OutsideDomain where the error at the complete end is 0/0: k = d = N without noise or penalty.
    """
    gamma_, alpha_ = point["gamma"], point["alpha"]
    full = 1 if gamma_ <= 1 else 1 / gamma_
    if point["lam"] == 0 and point["sigma2"] == 0 and full == 1 and alpha_ == 1:
        raise OutsideDomain("alpha = 1 with sigma2 = lam = 0: the error at k = d = N is 0/0; move alpha or add noise")
    data = "unlimited data" if gamma_ == 0 else "M >= d" if gamma_ <= 1 else "M < d"
    if point["lam"] > 0:
        return f"optimum, {data}, ridge"
    side = "N > k" if full < alpha_ else "N < k" if full > alpha_ else "N = k"
    return f"optimum, {data}, no ridge, {side} at the end"


def threshold_case(point: Mapping[str, Any]) -> str:
    """Whether maximal compression can lose its local optimality, and whether a spike sits at the transition."""
    gamma_ = point["gamma"]
    weights = list(zip(point["theta"], point["a"]))
    if any(theta_**2 == gamma_ and a_ != 0 for theta_, a_ in weights):
        return "threshold, a spike at the transition"
    if point["b"] == 0 and (gamma_ == 0 or all(a_ == 0 for _, a_ in weights)):
        return "threshold, nothing to gain"
    return "threshold"


def threshold(D: Derivation, name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The system of the critical label ratio."""
    weight = D.claim("outlier").equations[1].rhs
    definitions = entries(c0, weight if "unlimited" not in name else ONE, lengths)
    definitions.append((alpha_c, written(D.claim("critical-label-ratio").rhs, lengths)))
    answers: dict[str, Any] = {
        "threshold, a spike at the transition": ZERO,
        "threshold, nothing to gain": "infinite (a larger representation never helps)",
    }
    observable = answers.get(name, alpha_c)
    return System(
        dict.fromkeys(wanted, observable),
        definitions=needed(definitions, [observable]),
        branch="the limit of the stationarity condition at maximal compression",
    )


def search(D: Derivation, name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> Search:
    """All candidates for the least error."""
    unlimited, ridge = "unlimited" in name, name.endswith("ridge") and "no ridge" not in name
    points = [_compressed(D, unlimited, lengths, wanted)]
    if "N = k" not in name:
        points.append(_complete(D, "M < d" in name, unlimited, lengths, wanted))
    sides = ("ridge",) if ridge else ("below", "above")
    return Search(
        points=tuple(points),
        stationary=tuple(_stationary(D, side, unlimited, lengths, wanted) for side in sides),
    )


# -- ends ------------------------------------------------------------------------------------------------------------


def _compressed(D: Derivation, unlimited: bool, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """rho = 0: the visible spikes only."""
    captured = ONE if unlimited else D.claim("overlap-compressed").rhs
    definitions = [
        *([] if unlimited else entries(c0, D.claim("outlier").equations[1].rhs, lengths)),
        *entries(c, captured, lengths),
        (rho, D.claim("size-compressed").rhs),
        *_error(D, lengths),
    ]
    answers = {
        SIZE: "0 (maximally compressed)",
        ERROR: E_gen,
        EXCHANGE: "0 (maximally compressed: the labels do not limit the probe)",
    }
    return _point(definitions, answers, wanted, "maximally compressed")


def _complete(D: Derivation, few: bool, unlimited: bool, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """rho = min(1, 1/gamma): all directions, or all components of few samples."""
    captured = ONE if unlimited else D.claim("overlap-complete").rhs
    definitions = [
        *([] if unlimited else entries(c0, D.claim("outlier").equations[1].rhs, lengths)),
        *entries(c, captured, lengths),
        (rho, 1 / gamma if few else ONE),
        *_error(D, lengths),
    ]
    answers: dict[str, Any] = {
        SIZE: "1/gamma (all components, k = M)" if few else "1 (all directions, k = d)",
        ERROR: E_gen,
        EXCHANGE: "infinite (k = d: the unlabelled data are not used)",
    }
    if few:
        # The size k = M itself follows the data: d rho = dM/d joins the response at fixed size.
        definitions += exchange_definitions(D, lengths, sp.pi)
        answers[EXCHANGE] = E_alpha / (E_rho - gamma**2 * E_gamma)
    return _point(definitions, answers, wanted, "complete")


def _point(definitions: Definitions, answers: Mapping[str, Any], wanted: tuple[str, ...], branch: str) -> System:
    observables = {"objective": E_gen, **{key: answers[key] for key in wanted}}
    return System(observables, definitions=needed(definitions, list(observables.values())), branch=branch)


def _error(D: Derivation, lengths: Mapping[str, int]) -> Definitions:
    return [(noise, written(D.claim("effective-noise").rhs, lengths)), *probe(D, lengths)]


# -- stationary points -----------------------------------------------------------------------------------------------


def _stationary(
    D: Derivation, side: str, unlimited: bool, lengths: Mapping[str, int], wanted: tuple[str, ...]
) -> Stationary:
    """Stationary points below k = N, above it, or with a penalty; in the angle, or in the size for unlimited data."""
    known = dict(entries(c, ONE, lengths) + entries(slope, ZERO, lengths)) if unlimited else {}
    known |= {noise_slope: _inlined(written(D.claim("noise-growth").equations[0].rhs, lengths), known)}
    known |= {noise: _inlined(written(D.claim("effective-noise").rhs, lengths), known), q: rho / alpha}
    known |= {kappa_slope: _inlined(D.claim("ridge-growth").rhs, known)}
    error, equation, inside, branch = _branch(D, side, lengths)
    known |= {E_gen: _inlined(written(error, lengths), known)}
    definitions = [] if not unlimited else entries(c, ONE, lengths)
    definitions += [*_error(D, lengths), *([] if unlimited else exchange_definitions(D, lengths, phi))]
    rate = "infinite (the unlabelled data are unlimited)" if unlimited else exchange
    answers = {SIZE: rho, ERROR: E_gen, EXCHANGE: rate}
    curves = [] if unlimited else _overlap_curves(D, lengths)
    if side == "ridge":
        place, pace = (curves[0].value, curves[0].rate) if curves else (rho, ONE)
        ridge = _inlined(D.claim("kappa").rhs, known).xreplace({rho: place})
        curves.append(Curve(kappa, ridge, known[kappa_slope] * pace / alpha))
    equation = _inlined(written(equation, lengths), known)
    if not unlimited:
        equation = _cleared(equation, entries(slope, D.claim("overlap-growth").rhs, lengths))
    return Stationary(
        variable=rho if unlimited else phi,
        low=ZERO,
        high=ONE if unlimited else sp.pi,
        equation=equation,
        objective=known[E_gen],
        system=_point(definitions, answers, wanted, branch),
        curves=tuple(curves),
        inside=inside,
    )


def _overlap_curves(D: Derivation, lengths: Mapping[str, int]) -> list[Curve]:
    """Size and overlaps along the angle, in the closed forms that are analytic beyond both ends."""
    outlier = {c0[i]: D.claim("outlier").equations[1].rhs}
    size, overlap = D.claim("size-closed").rhs, D.claim("overlap-closed").rhs.xreplace(outlier)
    rates = [sp.diff(D.claim(label).rhs, phi) for label in ("size-integral", "overlap-integral")]
    spikes = [{i: sp.Integer(n)} for n in range(1, lengths["theta"] + 1)]
    overlaps = (Curve(c[i].xreplace(at), overlap.xreplace(at), rates[1].xreplace(at)) for at in spikes)
    return [Curve(rho, size, rates[0]), *overlaps]


def _branch(D: Derivation, side: str, lengths: Mapping[str, int]) -> tuple[Any, Any, Any, str]:
    """(error, expression that vanishes at a stationary point, positive where the branch applies, name)."""
    if side == "ridge":
        return D.claim("generalisation").rhs, D.claim("ridge-rates").equations[0].rhs, None, "stationary size"
    if side == "below":
        balance, error, inside = "balance", "least-squares", alpha - rho
    else:
        balance, error, inside = "least-norm-balance", "least-norm", rho - alpha
    name = "k < N" if side == "below" else "k > N"
    return D.claim(error).rhs, D.claim(balance).single.difference, inside, f"stationary size with {name}"


def _cleared(equation: Any, slopes: Definitions) -> Any:
    """The equation, linear in the slopes, times their denominators, which vanish only where a spike is critical."""
    parts = [(symbol, *sp.fraction(formula)) for symbol, formula in slopes]
    constant = equation.xreplace({symbol: ZERO for symbol, _ in slopes})
    total = constant * sp.Mul(*(den for _, _, den in parts))
    for symbol, num, _ in parts:
        others = sp.Mul(*(d for other, _, d in parts if other != symbol))
        total += sp.diff(equation, symbol) * num * others
    return total


def _inlined(expr: Any, known: Mapping[Any, Any]) -> Any:
    return expr.xreplace(dict(known))

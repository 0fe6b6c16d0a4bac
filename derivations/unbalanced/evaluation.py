"""What is evaluated where: parameters, results, the cases a point can belong to, and the system of each case.

The formulas of the systems are the claims of the derivation; only the components of vectors are put together here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import sympy as sp

from ...symbolic.errors import OutsideDomain
from ...symbolic.quantity import NONNEGATIVE
from ...symbolic.rules.preconditioner import matrix_coefficients
from ...symbolic.system import Parameter, Result, System
from .cases import case, product
from .notation import NOTATION, d, symbols
from .text import built

eta_a, eta_w, a0, w0, beta_star, t, a, w = symbols("eta_a eta_w a0 w0 beta_star t a w")
s, p, q, p0, q0, q0_sq, P, delta, delta_abs, r_w = symbols("s p q p0 q0 q0_sq P delta delta_abs r_w")
kappa, Lambda, m, m_bar, e, f, T, T_q, C, S, E1, F, rho = symbols("kappa Lambda m m_bar e f T T_q C S E1 F rho")
Y_a, Y_p, Y_q, R, sigma, X, miss, y_a, y_p, y_q = symbols("Y_a Y_p Y_q R sigma X miss y_a y_p y_q")
A, b, A0, b0, overlap, turn, area, gram = symbols("A b A0 b0 overlap turn area gram")
inner, norm0, norm, along, across = symbols("inner norm0 norm along across")

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

RATES = tuple(replace(NOTATION[name], domain=NONNEGATIVE) for name in ("eta_a", "eta_w"))
PARAMETERS = (
    *map(Parameter, RATES),
    Parameter(NOTATION["a0"]),
    Parameter(NOTATION["w0"]),
    Parameter(NOTATION["beta_star"], same_length_as="w0"),
    Parameter(NOTATION["t"]),
)
RESULTS = (
    Result("a", "state", "output weight at time t"),
    Result("w", "state", "input weights at time t", kind="list"),
    Result("beta", "predictor", "predictor at time t", kind="list"),
    Result("delta", "imbalance", "imbalance of the layers, conserved"),
    Result("loss", "loss-stable", "half the squared distance of the predictor to the target"),
    Result("kernel_distance", "kernel-distance", "one minus the cosine between the kernel and the kernel at the start"),
    Result("basin", "sign-rule", "sign of a for t to infinity: -1, 0 or 1"),
    Result("zero_crossing_time", "zero", "time at which a changes sign"),
    Result("alignment", "alignment", "cosine of the angle between predictor and target"),
    Result("ratio", "ratio", "ratio w.beta_star/a"),
    Result("preconditioner", "preconditioner", "matrix M of beta' = -M G, row by row", kind="list"),
    Result("eigenvalues", "spectrum", "eigenvalues of M along and across the predictor", kind="list"),
    Result("a_inf", "interpolator-upstream", "limit of the output weight"),
    Result("w_inf", "weights-upstream", "limit of the input weights", kind="list"),
    Result("rate_along", "rate-along", "rate at which beta - beta_star decays along beta_star near the minimum"),
    Result(
        "rate_across",
        "rate-across",
        "rate at which beta - beta_star decays across beta_star near the minimum",
        also=("rate-across-upstream", "rate-across-downstream", "conjugate-stable"),
    ),
    Result(
        "escape_time",
        "escape-moment",
        "time at which the growing term of rho^2 reaches 1",
        also=("escape-upstream", "escape-downstream", "threshold-upstream"),
    ),
)
EXAMPLE = {"eta_a": "1", "eta_w": "1", "a0": "1/2", "w0": "1,0", "beta_star": "4/5,3/5", "t": "2"}


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The closed forms of a case, every one of them a claim of the derivation."""
    facts = tuple(name.split("; "))
    vectors = _Vectors(lengths["w0"], "no target" in facts)
    definitions, state = _state(facts, vectors)
    observables: dict[str, Any] = {"delta": vectors.delta, "basin": sp.Integer("<=>".index(facts[1][6]) - 1)}
    observables |= _limits(facts, vectors)
    observables |= _minimum(facts, vectors, wanted)
    observables["escape_time"] = _escape_time(facts)
    observables |= _observables(facts, vectors, state, wanted)
    return System(
        observables={k: observables[k] for k in wanted if k in observables},
        definitions=tuple(definitions),
        branch=f"closed form, {facts[0]}",
    )


class _Vectors:
    """The start and the target in n dimensions, split along and across the target without cancellation."""

    def __init__(self, n: int, no_target: bool):
        places = range(1, n + 1)
        self.n = n
        self.start = [w0[k] for k in places]
        self.target = [sp.Integer(0) if no_target else beta_star[k] for k in places]
        self.square = product(self.start, self.start)
        self.delta = _claim("level").xreplace({a: a0, r_w: sp.sqrt(self.square)})
        if no_target:
            self.units = [sp.Integer(0)] * n
            self.across = self.start
            self.definitions = [(s, sp.Integer(0)), (p0, sp.Integer(0)), (q0_sq, self.square)]
            return
        length = product(self.target, self.target)
        planes = {(i, k): w0[i] * beta_star[k] - w0[k] * beta_star[i] for i, k in combinations(places, 2)}
        minors = sum((x**2 for x in planes.values()), sp.Integer(0))
        self.units = [x / s for x in self.target]
        self.across = [
            sum((beta_star[k] * (planes[i, k] if i < k else -planes[k, i]) for k in places if k != i), sp.Integer(0))
            / length
            for i in places
        ]
        self.definitions = [
            (s, sp.sqrt(length)),
            (P, product(self.start, self.target)),
            (p0, _claim("overlap-start")),
            (q0_sq, minors / length),
        ]


def _claim(label: str, lhs: Any = None) -> Any:
    """The right-hand side of a claim, q0^2 written as a quantity of its own."""
    equations = built().claim(label).equations
    rhs = next(x.rhs for x in equations if lhs is None or x.lhs == lhs)
    return rhs.xreplace({q0**2: q0_sq})


def _state(facts: tuple[str, ...], vectors: _Vectors) -> tuple[list[tuple[Any, Any]], dict[str, Any]]:
    """Definitions in order, and the state: w as a list, q/q0, and the miss along the target (None if at rest)."""
    regime = facts[0]
    definitions = list(vectors.definitions)
    balanced = regime in ("balanced", "balanced separatrix", "no growth rate")
    size = sp.Integer(0) if balanced else vectors.delta if regime == "upstream" else -vectors.delta
    definitions += [(delta, sp.Integer(0) if balanced else vectors.delta), (delta_abs, size)]
    definitions += [(kappa, _claim("mean-rate")), (Lambda, _claim("rate")), (m, _claim("moduli"))]
    if "equilibrium" in facts:
        return [*definitions, (a, a0)], {"w": list(vectors.start)}
    if regime == "no growth rate":
        added, shape = _without_growth()
    elif "separatrix" in regime:
        added, shape = _on_separatrix()
    else:
        added, shape = _stable(regime)
    if "start" in facts:
        constants = [(symbol, rhs) for symbol, rhs in added if symbol not in (a, p, miss)]
        return [*definitions, *constants, (a, a0)], {"w": list(vectors.start)}
    if "w does not move" in facts:
        return [*definitions, *added], {"w": list(vectors.start), "shape": shape}
    w_now = [p * u + shape * x for u, x in zip(vectors.units, vectors.across)]
    return [*definitions, *added], {"w": w_now, "shape": shape}


def _stable(regime: str) -> tuple[list[tuple[Any, Any]], Any]:
    side = "downstream" if regime == "downstream" else "upstream"
    growing, fading = (built().claim(f"{kind}-{side}") for kind in ("growing", "fading"))
    added = [(m_bar, _claim("conjugate-stable")), (e, _claim("decay")), (f, _claim("rise-stable"))]
    added += [(T, t if regime == "balanced" else _claim("transverse-stable")), (T_q, _claim(f"weighted-{side}"))]
    added += [(growing.lhs, growing.rhs), (fading.lhs, fading.rhs)]
    added += [(y, _claim(f"state-{side}", y)) for y in (Y_a, Y_p)]
    added += [(Y_q, _claim(f"state-{side}", Y_q).xreplace({q0: sp.Integer(1)})), (R, _claim(f"length-{side}"))]
    added += [(a, _claim("state", a)), (p, _claim("state", p)), (miss, _claim("miss-stable"))]
    return added, _claim("state", q)


def _on_separatrix() -> tuple[list[tuple[Any, Any]], Any]:
    added = [(a, _claim("separatrix-a")), (p, _claim("separatrix-line")), (miss, _claim("miss"))]
    return added, _claim("separatrix-q").xreplace({q0: sp.Integer(1)})


def _without_growth() -> tuple[list[tuple[Any, Any]], Any]:
    """Lambda = 0, where C = 1, S = t, and delta = 0, where the transverse exponential is 1 and F = t."""
    still = {C: sp.Integer(1), S: t, E1: sp.Integer(1), F: t, delta: sp.Integer(0)}
    length = {rho: sp.sqrt(_claim("length").xreplace(still))}
    parts = {y: _claim("direction", y).xreplace(still) for y in (y_a, y_p)}
    parts[y_q] = sp.Integer(1)
    now = [_claim("projective", x).xreplace(parts).xreplace(length) for x in (a, p, q)]
    return [(a, now[0]), (p, now[1]), (miss, _claim("miss"))], now[2]


def _limits(facts: tuple[str, ...], vectors: _Vectors) -> dict[str, Any]:
    """a_inf, w_inf and the zero of a."""
    regime, basin = facts[0], "<=>".index(facts[1][6]) - 1
    side = "downstream" if regime == "downstream" else "upstream"
    found: dict[str, Any] = {"zero_crossing_time": _claim("zero") if "a changes sign" in facts else "none"}
    if "equilibrium" in facts:
        return found | {"a_inf": a0, "w_inf": list(vectors.start)}
    if regime == "downstream" and "w does not move" in facts:
        faded = {e: sp.Integer(0), f: sp.Integer(1), T_q: 1 / delta_abs}
        a_inf = (_claim("state-downstream", Y_a) / sp.sqrt(_claim("length-downstream"))).xreplace(faded)
        return found | {"a_inf": a_inf, "w_inf": list(vectors.start)}
    if basin:
        a_inf = _claim(f"interpolator-{side}").xreplace({sigma: sp.Integer(basin)})
        return found | {"a_inf": a_inf, "w_inf": [x / a_inf for x in vectors.target]}
    radius = _claim("waist-radius") / sp.sqrt(q0_sq) if regime == "separatrix" else sp.Integer(0)
    return found | {"a_inf": sp.Integer(0), "w_inf": [radius * x for x in vectors.across]}


def _minimum(facts: tuple[str, ...], vectors: _Vectors, wanted: Any) -> dict[str, Any]:
    """The rates at the minimum, where the level set contains it and the predictor fixes the preconditioner."""
    downstream = facts[0] in ("downstream", "separatrix")
    for name in ("rate_along", "rate_across"):
        if name in wanted:
            _refuse(facts, name, "w does not move", *(("no target",) if downstream else ()))
    across = _claim(f"rate-across-{'downstream' if downstream else 'upstream'}")
    across = across.xreplace({m_bar: _claim("conjugate-stable")})
    return {"rate_along": _claim("rate-along"), "rate_across": across if vectors.n > 1 else "none (one dimension)"}


def _escape_time(facts: tuple[str, ...]) -> Any:
    """The time, its amplitude inserted, or why there is none."""
    reasons = {
        "equilibrium": "equilibrium" in facts,
        "no growth rate": facts[0] == "no growth rate",
        "separatrix": "separatrix" in facts[0],
        "w does not move": "w does not move" in facts,
        "the growing term starts at 1 or above": "beyond the saddle" in facts,
    }
    met = [reason for reason, holds in reasons.items() if holds]
    if met:
        return f"none ({met[0]})"
    side = "downstream" if facts[0] == "downstream" else "upstream"
    growing = built().claim(f"growing-{side}")
    return _claim(f"escape-{side}").xreplace({growing.lhs: growing.rhs})


def _observables(facts: tuple[str, ...], vectors: _Vectors, state: dict[str, Any], wanted: Any) -> dict[str, Any]:
    """Everything at time t that is wanted."""
    w_now, shape = state["w"], state.get("shape")
    square = vectors.square if shape is None or "w does not move" in facts else p**2 + q0_sq * shape**2
    beta = [a * x for x in w_now]
    gap = [x - y for x, y in zip(beta, vectors.target)]
    alpha, gamma = matrix_coefficients(built().claim("preconditioner").rhs)
    entry = [[gamma * x * y + (alpha if i == k else 0) for k, y in enumerate(w_now)] for i, x in enumerate(w_now)]
    spectrum = [_with_length(_claim("spectrum", name), square) for name in (along, across)]
    found = {"a": a, "w": w_now, "beta": beta, "preconditioner": [x for row in entry for x in row]}
    found["eigenvalues"] = spectrum
    found["loss"] = product(gap, gap) / 2
    if shape is not None:
        found["loss"] = _claim("loss-stable").xreplace({q**2: q0_sq * shape**2})
    if "alignment" in wanted:
        _refuse(facts, "alignment", "no target", "a vanishes", "w vanishes")
        found["alignment"] = _claim("alignment").xreplace({p**2 + q**2: square, p: p0 if shape is None else p})
    if "ratio" in wanted:
        _refuse(facts, "ratio", "a vanishes")
        found["ratio"] = _claim("ratio").xreplace({p: p0 if shape is None else p})
    if "kernel_distance" in wanted:
        _refuse(facts, "kernel_distance", "no kernel")
        fixed = shape is None or "w does not move" in facts
        found["kernel_distance"] = sp.Integer(0) if fixed else _kernel_distance(facts, vectors, square, shape)
    return found


def _refuse(facts: tuple[str, ...], result: str, *obstacles: str) -> None:
    met = [fact for fact in obstacles if fact in facts]
    if met:
        raise OutsideDomain(f"{result} is not defined there: {met[0]}")


def _with_length(expr: Any, square: Any) -> Any:
    """Sums over the squares of w as its squared length."""
    return expr.xreplace(dict.fromkeys(expr.atoms(sp.Sum), square))


def _kernel_distance(facts: tuple[str, ...], vectors: _Vectors, square: Any, shape: Any) -> Any:
    """Shares, turn and Gram determinant inserted; for a balanced start the shares of the two layers are equal."""
    turned = sp.factor(built().claim("turn-stable").rhs.xreplace({q: q0 * shape})).xreplace({q0**2: q0_sq})
    shares = {A: _claim("shares", A), b: _with_length(_claim("shares", b), square), A0: _claim("shares-start", A0)}
    shares[b0] = _with_length(_claim("shares-start", b0), vectors.square)
    if facts[0].startswith("balanced"):
        shares |= {A: shares[b], A0: shares[b0]}
    cross = _claim("area").xreplace({delta: sp.Integer(0)} if facts[0].startswith("balanced") else {})
    values = {turn: turned, area: cross, d.symbol: sp.Integer(vectors.n), overlap**2: b0 * b - turn}
    products = {x: _claim("kernel-products", x).xreplace(values) for x in (inner, norm0, norm)}
    products[gram] = _claim("gram-turn").xreplace(values)
    return _claim("kernel-distance").xreplace(products).xreplace(values).xreplace(shares)

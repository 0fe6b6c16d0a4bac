"""What is evaluated where: parameters, results, the cases a point can belong to, and the system of each case.

The formulas of the systems are the claims of the derivation, coordinate by coordinate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Parameter, Result, System, Unknown
from .cases import case
from .notation import NOTATION, X, i, symbols
from .text import built

u0, v0, u, v, beta_star, y, t, share = symbols("u0 v0 u v beta_star y t share")
u1, v1, b, b_0, u1_0, v1_0, E_0, b_star, delta, D_abs = symbols("u1 v1 b b_0 u1_0 v1_0 E_0 b_star delta D")
kappa, rate, T, K, R, beta_0, size_0, shift, multiplier = symbols("kappa rate T K R beta_0 size_0 shift multiplier")

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

PARAMETERS = (
    Parameter(NOTATION["eta_u"]),
    Parameter(NOTATION["eta_v"]),
    Parameter(NOTATION["u0"]),
    Parameter(NOTATION["v0"], same_length_as="u0"),
    Parameter(NOTATION["beta_star"], same_length_as="u0"),
    Parameter(NOTATION["t"]),
    Parameter(NOTATION["X"]),
    Parameter(NOTATION["y"]),
    Parameter(NOTATION["share"], default="1"),
)
START = ("eta_u", "eta_v", "u0", "v0")
WHITE = (*START, "beta_star", "t")
DATA = (*START, "X", "y", "share")
LENGTH = ("scaled-length", "tangent-time", "fading-time", "rate")
RESULTS = (
    Result("beta", "trajectory", "predictor at time t, whitened data", "list", WHITE, LENGTH),
    Result("u", "weight-u", "first layer at time t, whitened data", "list", WHITE, LENGTH),
    Result("v", "weight-v", "second layer at time t, whitened data", "list", WHITE, LENGTH),
    Result("loss", "trajectory", "half the squared distance to the target at time t", "scalar", WHITE, LENGTH),
    Result("delta", "imbalance-start", "imbalance of every coordinate, conserved for any data", "list", START),
    Result("preconditioner", "metric-imbalance", "diagonal of M at time t", "list", WHITE, ("trajectory", *LENGTH)),
    Result("potential", "potential", "mirror potential of every coordinate at time t", "list", WHITE,
           ("trajectory", *LENGTH)),
    Result("beta_inf", "limit", "limit of the predictor for the data X, y", "list", DATA,
           ("limit-start", "limit-size", "shift", "interpolation")),
    Result("multipliers", "shift", "multipliers of the independent rows of X", "list", DATA,
           ("limit", "limit-start", "limit-size", "interpolation")),
)  # fmt: skip
EXAMPLE = {
    "eta_u": "1",
    "eta_v": "1",
    "u0": "1/2,-1/5",
    "v0": "1/4,1/3",
    "beta_star": "4/5,3/5",
    "t": "2",
    "X": "1/2,1",
    "y": "11/10",
}


def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
    """The closed forms of a case, or the equations for the multipliers; every formula is a claim."""
    facts = dict(fact.split(" ", 1) for fact in name.split("; "))
    if {"beta_inf", "multipliers"} & {*wanted}:
        return _limit(facts, lengths["u0"], wanted)
    return _whitened(facts, lengths["u0"], wanted)


def _claim(label: str) -> Any:
    return built().claim(label).rhs


def _numbers(text: str) -> set[int]:
    return set() if text == "none" else {int(number) for number in text.split(",")}


def _whitened(facts: Mapping[str, str], size: int, wanted: tuple[str, ...]) -> System:
    definitions: list[tuple[Any, Any]] = [(kappa, _claim("mean-rate"))]
    rows = [_Coordinate(n, facts, definitions) for n in range(1, size + 1)]
    gaps = [row.gap for row in rows]
    found: dict[str, Any] = {
        "beta": [row.predictor for row in rows],
        "u": [row.weights[0] for row in rows],
        "v": [row.weights[1] for row in rows],
        "loss": sp.Add(*(gap**2 for gap in gaps)) / 2,
        "delta": [row.known[delta] for row in rows],
    }
    if "preconditioner" in wanted:
        found["preconditioner"] = [row.at_predictor("metric-imbalance") for row in rows]
    if "potential" in wanted:
        found["potential"] = [row.potential() for row in rows]
    return System(observables={key: found[key] for key in wanted}, definitions=tuple(definitions), branch="closed form")


class _Coordinate:
    """One coordinate: its definitions are appended in order, its formulas are the claims with its own symbols."""

    def __init__(self, n: int, facts: Mapping[str, str], definitions: list[tuple[Any, Any]]):
        self.n, self.definitions = n, definitions
        self.known: dict[Any, Any] = {u1_0: u0[n], v1_0: v0[n], b_star: beta_star[n]}
        balanced = n in _numbers(facts.get("balanced", "none"))
        self._name(b_0, "predictor-start")
        self._name(E_0, "size-start")
        self.balanced = balanced
        self.known[delta] = sp.Integer(0) if balanced else self._stated("imbalance-start")
        self.fixed = n in _numbers(facts.get("fixed", "none"))
        self.origin = n in _numbers(facts.get("origin", "none"))
        if self.fixed or "fixed" not in facts:
            self.predictor = sp.Integer(0) if self.origin else self.known[b_0]
            self.gap = sp.Integer(0) if n in _numbers(facts.get("met", "none")) else self.predictor - beta_star[n]
            self.weights = (u0[n], v0[n])
            return
        still = n in _numbers(facts["still"])
        self._name(rate, "rate")
        self._name(T, "tangent-time", t if still else None)
        self._name(K, "fading-time", sp.Integer(1) if still else None)
        self._name(R, "scaled-length")
        self.predictor = self._stated("trajectory")
        self.gap = self._with(_claim("trajectory") - b_star)
        self.weights = (self._stated("weight-u"), self._stated("weight-v"))

    def _with(self, expr: Any) -> Any:
        return expr.xreplace(self.known)

    def _stated(self, label: str) -> Any:
        return self._with(_claim(label))

    def _name(self, symbol: Any, label: str, value: Any = None) -> None:
        """A symbol of this coordinate, defined by a claim (or by the value of its limit)."""
        own = sp.Symbol(f"{symbol.name}_{self.n}", **symbol.assumptions0)
        self.definitions.append((own, self._stated(label) if value is None else value))
        self.known[symbol] = own

    def at_predictor(self, label: str) -> Any:
        return _claim(label).xreplace({**self.known, b: self.predictor})

    def potential(self) -> Any:
        if self.balanced:
            raise OutsideDomain(
                f"coordinate {self.n} is balanced, u0 and v0 have the same weighted size: its potential is infinite at "
                "every predictor but 0; change u0 or v0"
            )
        if self.origin:
            return sp.Integer(0)
        size = sp.Symbol(f"{D_abs.name}_{self.n}", positive=True)
        self.definitions.append((size, _claim("size").xreplace(self.known)))
        return _claim("potential").xreplace({D_abs: size, b: self.predictor})


def _limit(facts: Mapping[str, str], size: int, wanted: tuple[str, ...]) -> System:
    """X beta(m) = labels, for the independent rows; with several rows 1 + m is followed from the start, where m = 0."""
    kept = sorted(_numbers(facts["rows"]))
    definitions: list[tuple[Any, Any]] = [(kappa, _claim("mean-rate"))]
    starts, sizes = [], []
    for n in range(1, size + 1):
        for base, label, names in ((beta_0, "limit-start", starts), (size_0, "limit-size", sizes)):
            own = sp.Symbol(f"{base.label}_{n}", real=True)
            definitions.append((own, _claim(label).xreplace({u[i]: u0[n], v[i]: v0[n]})))
            names.append(own)
    unknowns = [sp.Symbol(f"m_{k}", real=True) for k in kept]
    values = unknowns if len(kept) == 1 else [m - 1 for m in unknowns]
    if "fits" in facts:
        unknowns, values = [], [sp.Integer(0)] * len(kept)
    predictor = [_entry(n, kept, values, starts, sizes) for n in range(1, size + 1)]
    equations = []
    for k in kept if unknowns else []:
        aim = (1 - share) * _row(k, starts) + share * y[k]
        equations.append(_row(k, predictor) - aim)
    single = len(unknowns) == 1
    found = {"beta_inf": predictor, "multipliers": values}
    return System(
        observables={key: found[key] for key in wanted},
        unknowns=tuple(Unknown(m, -sp.oo, sp.oo) if single else Unknown(m, start=sp.Integer(1)) for m in unknowns),
        equations=tuple(equations),
        definitions=tuple(definitions),
        branch="the only interpolator with a stationary potential" if unknowns else "the start interpolates",
        continuation=None if single or not unknowns else (share, sp.Integer(0)),
    )


def _row(k: int, entries: list[Any]) -> Any:
    return sp.Add(*(X[k, n] * entry for n, entry in enumerate(entries, start=1)))


def _entry(n: int, kept: list[int], values: list[Any], starts: list[Any], sizes: list[Any]) -> Any:
    """The claim {limit} in coordinate n, with the shift of the multipliers inserted."""
    terms = _claim("shift").function
    index = _claim("shift").limits[0][0]
    total = sp.Add(
        *(
            terms.xreplace({index: sp.Integer(k), i: sp.Integer(n)}).xreplace({multiplier[k]: m})
            for k, m in zip(kept, values)
        )
    )
    return _claim("limit").xreplace({shift[i]: total, beta_0[i]: starts[n - 1], size_0[i]: sizes[n - 1]})

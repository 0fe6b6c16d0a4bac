"""One piece of the flow as definitions and formulas, all of them claims of the derivation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sympy as sp

from .notation import i, symbols
from .text import built

Lambda, delta, s, a, a0, p0, q0, t = symbols("Lambda delta s a a0 p0 q0 t")
C, S, E1, F, rho, u, v, y = symbols("C S E1 F rho u v y")


def claim(label: str, lhs: Any = None) -> Any:
    """The right-hand side of a claim (of its equation for `lhs`)."""
    return next(e.rhs for e in built().claim(label).equations if lhs is None or e.lhs == lhs)


def imbalance(output: Any, weights: Iterable[Any]) -> Any:
    """eta_w a^2 - eta_a |w|^2 by its claim, for some of the input weights."""
    stated = claim("imbalance")
    (total,) = stated.atoms(sp.Sum)
    return stated.xreplace({total: sp.Add(*(x**2 for x in weights)), a: output})


@dataclass(frozen=True)
class Piece:
    """The flow of the active coordinates from (a, w) over the duration `time`; `imbalance` is that of the active part.

    number: of the piece, for the names of its symbols; a, w: expressions; labelled: whether an active label is not 0.
    """

    number: int
    a: Any
    w: Mapping[int, Any]
    time: Any
    imbalance: Any
    labelled: bool

    def _own(self, symbol: Any) -> Any:
        return sp.Symbol(f"{symbol.name}_{self.number}", real=True)

    @property
    def names(self) -> dict[Any, Any]:
        """The claims' symbols -> those of this piece."""
        own = {x: self._own(x) for x in (s, p0, Lambda, C, S, E1, F, rho)}
        return {**own, a0: self.a, delta: self.imbalance, t: self.time, q0**2: self._own(q0)}

    def definitions(self) -> list[tuple[Any, Any]]:
        """(symbol, expression) in order, up to the length rho."""
        names, labels = self.names, {k: y[k] if self.labelled else sp.Integer(0) for k in self.w}
        target = sp.sqrt(sp.Add(*(x**2 for x in labels.values())))
        overlap = sp.Add(*(self.w[k] * x for k, x in labels.items()))
        if self.labelled:
            minors = sp.Add(*((self.w[m] * labels[k] - self.w[k] * labels[m]) ** 2 for m, k in combinations(self.w, 2)))
            start = [(names[s], target), (names[p0], overlap / names[s]), (names[q0**2], minors / names[s] ** 2)]
        else:
            square = sp.Add(*(x**2 for x in self.w.values()))
            start = [(names[s], sp.Integer(0)), (names[p0], sp.Integer(0)), (names[q0**2], square)]
        found = [*start, (names[Lambda], claim("rate").xreplace(names))]
        for function in (C, S, E1, F):
            value = t if function == F and self.imbalance == 0 else claim("functions", function)
            found.append((names[function], value.xreplace(names)))
        return [*found, (names[rho], sp.sqrt(claim("length").xreplace(names)))]

    def gates(self) -> dict[int, Any]:
        """rho w_k for every active coordinate."""
        names, found = self.names, {}
        for k, start in self.w.items():
            unit = y[k] / names[s] if self.labelled else sp.Integer(0)
            parts = {u[i]: unit, v[i]: start - names[p0] * unit, q0: sp.Integer(1)}
            found[k] = claim("gate-time").xreplace(parts).xreplace(names)
        return found

    def end(self) -> tuple[Any, dict[int, Any]]:
        """(a, w) after the duration."""
        names = self.names
        a = claim("output-time").xreplace(names)
        # The claim of the gate is rho w_k.
        return a, {k: gate / names[rho] for k, gate in self.gates().items()}

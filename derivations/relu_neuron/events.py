"""The order and the times at which samples are dropped, decided in ball arithmetic on exact values of a point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp

from ...symbolic import balls
from ...symbolic.errors import OutsideDomain, Undecided
from ...symbolic.quantity import free_atoms
from .notation import symbols
from .pieces import Piece, imbalance

eta_a, eta_w, kappa, y, t = symbols("eta_a eta_w kappa y t")
BITS = 256
DEPTH = 60
REFINED = 8
_A = sp.Symbol("start_a", real=True)
_W = sp.IndexedBase("start_w", real=True)


@dataclass(frozen=True)
class Event:
    """A sample dropped after `duration` in its piece; the state then, without it. Rationals near the true values."""

    sample: int
    duration: sp.Rational
    a: sp.Rational
    w: Mapping[int, sp.Rational]


@dataclass
class Search:
    """The first zero of a gate in a piece, from a state given in balls."""

    values: dict[Any, Any]
    active: tuple[int, ...]
    imbalance: sp.Rational
    labelled: bool
    a: Any
    w: Mapping[int, Any]

    @cached_property
    def piece(self) -> Piece:
        return Piece(0, _A, {k: _W[k] for k in self.active}, t, self.imbalance, self.labelled)

    @cached_property
    def formulas(self) -> dict[int, Any]:
        """The gates in time and constants of the piece, the functions of time written out."""
        functions = {x: e for x, e in self.piece.definitions() if e.has(t)}
        return {k: gate.xreplace(functions) for k, gate in self.piece.gates().items()}

    @cached_property
    def slopes(self) -> dict[int, Any]:
        return {k: sp.diff(gate, t) for k, gate in self.formulas.items()}

    @cached_property
    def constants(self) -> dict[Any, Any]:
        """Balls for everything that does not depend on time."""
        known = {**self.values, _A: self.a, **{_W[k]: x for k, x in self.w.items()}}
        for symbol, expr in self.piece.definitions():
            if known.keys() >= {*free_atoms(expr)}:
                known[symbol] = balls.enclose(expr, known, BITS)
        return known

    def _over(self, low: sp.Rational, high: sp.Rational) -> Any:
        with balls.working(BITS):
            first, last = (balls.exact_ball(x).real for x in (low, high))
            return first.union(last)

    def gates(self, low: sp.Rational, high: sp.Rational) -> dict[int, Any]:
        known = {**self.constants, t: self._over(low, high)}
        return {k: balls.real_enclosure(g, known, BITS) for k, g in self.formulas.items()}

    def _slope(self, k: int, low: sp.Rational, high: sp.Rational) -> Any:
        return balls.real_enclosure(self.slopes[k], {**self.constants, t: self._over(low, high)}, BITS)

    def first(self, low: sp.Rational, high: sp.Rational, depth: int = 0) -> tuple[int, sp.Rational] | None:
        """(sample, time) of the first zero in [low, high], or None; all gates are positive at `low`."""
        open_ = [k for k, g in self.gates(low, high).items() if not g > 0]
        if not open_:
            return None
        if len(open_) == 1:
            (k,) = open_
            slope, late = self._slope(k, low, high), self.gates(high, high)[k]
            if not slope.contains(0) and late > 0:
                return None
            if slope < 0 and late < 0:
                return k, self._refined(k, low, high)
        if depth == DEPTH:
            raise Undecided(
                f"samples {', '.join(map(str, open_))} reach zero too close together, or one touches it, near "
                f"t = {float(high):.12g} of the piece; move the start a little"
            )
        middle = (low + high) / 2
        found = self.first(low, middle, depth + 1)
        return found if found is not None else self.first(middle, high, depth + 1)

    def _refined(self, k: int, low: sp.Rational, high: sp.Rational) -> sp.Rational:
        """The zero in [low, high], where the gate falls: bisection, then Newton steps; Krawczyk comes later."""
        for _ in range(REFINED):
            middle = (low + high) / 2
            low, high = (middle, high) if self.gates(middle, middle)[k] > 0 else (low, middle)
        time = (low + high) / 2
        for _ in range(REFINED):
            step = self.gates(time, time)[k] / self._slope(k, time, time)
            time = time - sp.Rational(step.mid().str(40, radius=False))
        return time

    def state(self, time: sp.Rational) -> tuple[Any, dict[int, Any]]:
        """(a, w) after `time`, in balls."""
        known = {**self.constants, t: balls.exact_ball(time).real}
        for symbol, expr in self.piece.definitions():
            known[symbol] = balls.enclose(expr, known, BITS)
        a, w = self.piece.end()
        return balls.real_enclosure(a, known, BITS), {k: balls.real_enclosure(x, known, BITS) for k, x in w.items()}


def events(point: Mapping[str, Any]) -> tuple[tuple[int, ...], sp.Rational, list[Event]]:
    """(active samples at the start, imbalance of the active part, the events up to t in order)."""
    return _events(tuple(sorted(point.items())))


@lru_cache(maxsize=256)
def _events(items: tuple[tuple[str, Any], ...]) -> tuple[tuple[int, ...], sp.Rational, list[Event]]:
    point = dict(items)
    start, labels = point["w0"], point["y"]
    active = tuple(k for k, x in enumerate(start, start=1) if x > 0)
    rates = {eta_a: point["eta_a"], eta_w: point["eta_w"]}
    level = imbalance(point["a0"], [start[k - 1] for k in active]).xreplace(rates)
    values = {**rates, **{y[k]: x for k, x in enumerate(labels, start=1)}}
    with balls.working(BITS):
        values[kappa] = (balls.exact_ball(point["eta_a"]) * balls.exact_ball(point["eta_w"])).sqrt()
    a: Any = point["a0"]
    w: Mapping[int, Any] = {k: start[k - 1] for k in active}
    found: list[Event] = []
    left, first = point["t"], active
    while active and left > 0:
        labelled = any(labels[k - 1] for k in active)
        if not labelled and level == 0:
            raise OutsideDomain("no active sample has a label other than 0 and the active part is balanced: the growth "
                                "rate is 0; move the start a little")  # fmt: skip
        search = Search(values, active, level, labelled, a, w)
        event = search.first(sp.Integer(0), left)
        if event is None:
            break
        sample, duration = event
        a, w = search.state(duration)
        active, left = tuple(k for k in active if k != sample), left - duration
        w = {k: x for k, x in w.items() if k != sample}
        found.append(Event(sample, _near(duration), _near(a), {k: _near(x) for k, x in w.items()}))
    return first, level, found


def _near(value: Any) -> sp.Rational:
    """A short rational near a number."""
    return sp.Rational(str(sp.Float(value, 18)) if isinstance(value, sp.Rational) else value.str(18, radius=False))

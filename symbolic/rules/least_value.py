"""The least value of a function with a pole inside its interval: ends and stationary points on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import explicit_sums
from ..errors import NotDerivable
from ..precision import compiled, context, number
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .stationarity import shown

_GRID = 80
_DRAWS = 40
_TOLERANCE = 1e-12
ONE = sp.Integer(1)


@dataclass(frozen=True)
class LeastValue(Rule):
    """E continuous on [x_0, x_1] but for a pole at p, E -> oo there  ->  min E = min(E(x_0), E(x_-), E(x_+), E(x_1)).

    x_- and x_+ stand for all stationary points below and above the pole. Inputs, in this order: both ends, the
    balances that stationary points satisfy below and above, then what defines everything in them and in E: the
    aspect ratio, the growth rates, the quantity, E below and above the pole, the size and the overlap along the
    parameter. The end of the curve is min(1, 1/end_ratio).
    """

    source: ClassVar[str] = "Weierstrass and Fermat"
    result: Any = None
    value: Any = None
    size: Any = None
    parameter: Any = None
    below: Any = None
    above: Any = None
    pole: Any = None
    end_ratio: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        low, high, below, above = inputs[:4]
        if low.lhs != self.size or high.lhs != self.size:
            raise NotDerivable(f"the first two inputs must be the ends of {self.size}")
        if below.lhs != above.lhs:
            raise NotDerivable("the balances of the two branches give different quantities")
        places = (low.rhs, self.below, self.above, high.rhs)
        return Equation(self.result, sp.Min(*(self.value(x) for x in places), evaluate=False))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return ()

    def check(self, case: Case) -> Verdict:
        """Brute force: the least of a fine grid of sizes, refined by golden section, at optima of each kind."""
        winners = set()
        for point in self._points(case):
            table = _landscape(self, case.inputs, tuple(sorted(point.items(), key=str)))
            stated = self._stated(case.output.rhs, table, point)
            if stated is None or not abs(stated - table.least) < _TOLERANCE * table.least:
                why = f"stated {stated}, found {table.least}"
                return refuted("golden section on a grid of sizes", why, shown(point))
            winners.add(table.winner)
        return consistent("golden section on a grid of sizes", f"12 digits; optima met: {', '.join(sorted(winners))}")

    def _points(self, case: Case) -> list[dict[Any, Any]]:
        """Random points until every kind of optimum was met, at most 40 draws; one point of each kind is kept."""
        curve = _curve(self, case.inputs)
        found: dict[str, dict[Any, Any]] = {}
        for k in range(_DRAWS):
            point = case.samples.point(curve.atoms, (), k)
            table = _landscape(self, case.inputs, tuple(sorted(point.items(), key=str)))
            found.setdefault(f"{table.winner}, gamma {'<' if table.full == 1 else '>'} 1", point)
            if len(found) == 6:
                break
        return list(found.values())

    def _stated(self, rhs: Any, table: _Landscape, point: Any) -> Any:
        """The stated minimum at a point; None when it speaks of a size that does not exist."""
        if rhs.func is not sp.Min:
            return None
        values = []
        for applied in rhs.args:
            if getattr(applied, "func", None) != self.value:
                return None
            (place,) = applied.args
            if place == self.below:
                values += [table.error(x) for x in table.roots[0]]
            elif place == self.above:
                values += [table.error(x) for x in table.roots[1]]
            else:
                x = place.xreplace(point)
                if not x.is_Rational:
                    return None
                end = table.at_end(x)
                if end is None:
                    return None
                values += end
        return min(values) if values else None


@dataclass(frozen=True)
class _Landscape:
    """The error along the parameter at one point of the parameters."""

    error: Callable[[Any], Any]
    roots: tuple[list[Any], list[Any]]
    least: Any
    winner: str
    full: Any
    ends: tuple[Any, Any]

    def at_end(self, x: Any) -> list[Any] | None:
        """[E] at an end; None for a size that is not an end of the curve."""
        if x == 0:
            return [self.ends[0]]
        return [self.ends[1]] if x == self.full else None


@dataclass(frozen=True)
class _Curve:
    """Functions of (parameter, atoms...) in a private context of 30 digits."""

    ctx: Any
    atoms: tuple[Any, ...]
    size: Callable[..., Any]
    below: tuple[Callable[..., Any], Callable[..., Any]]
    above: tuple[Callable[..., Any], Callable[..., Any]]


@lru_cache(maxsize=8)
def _curve(rule: LeastValue, inputs: tuple[Claim, ...]) -> _Curve:
    """E and the residual of the balance on both sides of the pole, everything inserted, for one entry of each list."""
    *_, below, above = inputs[:4]
    aspect, growth, slope, value, error_below, error_above, size, *overlap = inputs[4:]
    chain = [aspect, growth, slope, value, *overlap, size]
    index = next(iter(s for s in slope.lhs.free_symbols if s.is_integer))

    def closed(expr: Any) -> Any:
        expr = explicit_sums(expr, 1)
        for claim in chain:
            table = {e.lhs: explicit_sums(e.rhs, 1) for e in claim.equations}
            expr = expr.xreplace({k.xreplace({index: ONE}): v.xreplace({index: ONE}) for k, v in table.items()})
        return expr

    size_formula = closed(size.rhs)
    exprs = [closed(e) for e in (error_below.rhs, below.single.difference, error_above.rhs, above.single.difference)]
    alpha = rule.pole
    atoms = {a for e in (*exprs, size_formula) for a in free_atoms(e)} | {alpha}
    ordered = tuple(sorted(atoms - {rule.parameter}, key=sp.default_sort_key))
    ctx = context(30)
    functions = [compiled(ctx, [rule.parameter, *ordered], e) for e in (size_formula, *exprs)]
    return _Curve(ctx, ordered, functions[0], (functions[1], functions[2]), (functions[3], functions[4]))


@lru_cache(maxsize=256)
def _landscape(rule: LeastValue, inputs: tuple[Claim, ...], items: tuple[tuple[Any, Any], ...]) -> _Landscape:
    """Grid, stationary points and the least value at one point of the parameters."""
    curve, point = _curve(rule, inputs), dict(items)
    ctx = curve.ctx
    values = [number(ctx, point[a]) for a in curve.atoms]
    alpha = number(ctx, point[rule.pole])

    def error(t: Any) -> Any:
        branch = curve.below if curve.size(t, *values) < alpha else curve.above
        return ctx.re(branch[0](t, *values))

    places = [ctx.pi * k / _GRID for k in range(_GRID + 1)]
    sizes = [curve.size(t, *values) for t in places]
    roots: list[list[Any]] = [[], []]
    for (t0, x0), (t1, x1) in pairwise(zip(places, sizes)):
        for side, (branch, inside) in enumerate(((curve.below, x1 < alpha), (curve.above, x0 > alpha))):
            if inside and t0 > 0:
                roots[side] += _root(lambda t, f=branch[1]: ctx.re(f(t, *values)), t0, t1)
    errors = [error(t) for t in places]
    best = min(range(_GRID + 1), key=lambda k: errors[k])
    low, high = places[max(best - 1, 0)], places[min(best + 1, _GRID)]
    least = min(errors[best], _golden(error, low, high, ctx))
    winner = {0: "compressed", _GRID: "complete"}.get(best, "interior")
    side = "k < N" if sizes[best] < alpha else "k > N"
    full = min(sp.Integer(1), 1 / point[rule.end_ratio]) if rule.end_ratio in point else sp.Integer(1)
    return _Landscape(error, (roots[0], roots[1]), least, f"{winner} with {side}", full, (errors[0], errors[-1]))


def _root(f: Callable[[Any], Any], low: Any, high: Any) -> list[Any]:
    """The root between two points of opposite sign, by bisection to the working precision."""
    start = f(low)
    if start * f(high) > 0:
        return []
    for _ in range(90):
        middle = (low + high) / 2
        low, high = (middle, high) if start * f(middle) > 0 else (low, middle)
    return [(low + high) / 2]


def _golden(f: Callable[[Any], Any], low: Any, high: Any, ctx: Any) -> Any:
    """The least value of f between two points, by golden section."""
    ratio = (ctx.sqrt(5) - 1) / 2
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = f(left), f(right)
    for _ in range(60):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = f(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = f(right)
    return min(at_left, at_right)

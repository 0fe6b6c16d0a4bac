"""Leading terms: how a claim behaves as a parameter tends to 0 or to infinity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import explicit_sums
from ..errors import NotDerivable
from ..exact import canonical
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .algebra import sequential
from .level_sets import lowest
from .stationarity import ENTRIES, shown

_BITS = 1600
# Taylor polynomials of these orders are tried until the first term is beyond doubt.
_ORDERS = (2, 4, 8, 16)


@dataclass(frozen=True)
class LeadingTerm(Rule):
    """f(g), g -> 0 or oo, at a fixed angle  ->  f <-> C g^p: the first term of the expansion in sqrt(g).

    The first input is the target, the others are inserted. Arguments of points x + i y are expanded through their
    derivatives, which are rational; sums are expanded term by term.
    """

    source: ClassVar[str] = "Taylor expansion in the square root of the parameter"
    variable: Any = None
    to: Any = 0
    angle: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        power = 2 if self.to == 0 else -2
        inserted = sequential(inputs[1:], target.rhs)
        roots = {r: _EPSILON ** (power * r.exp) for r in inserted.atoms(sp.Pow) if r.base == self.variable}
        expr = inserted.xreplace(roots).xreplace({self.variable: _EPSILON**power})
        coefficient, order = self._leading(expr)
        return Equation(target.lhs, coefficient * self.variable ** (sp.Rational(order, power)), "<->")

    def _leading(self, expr: Any) -> tuple[Any, int]:
        for order in _ORDERS:
            try:
                return _Expansion(self.angle, order).leading(expr)
            except _Cancelled:
                continue
        raise NotDerivable(f"everything cancels up to order {_ORDERS[-1]}")

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        found = super().given(*inputs)
        return tuple(c for c in found if not c.has(self.variable))

    def check(self, case: Case) -> Verdict:
        """The ratio of both sides at 10^-60 (or 10^60) must be 1 to 20 digits."""
        exact = explicit_sums(sequential(case.inputs[1:], case.inputs[0].rhs), ENTRIES)
        stated = explicit_sums(case.output.rhs, ENTRIES)
        near = sp.Rational(1, 10**60) if self.to == 0 else sp.Integer(10) ** 60
        atoms = ({*free_atoms(exact), *free_atoms(stated)}) - {self.variable}
        for point in case.samples.points(atoms, case.given):
            with balls.working(_BITS):
                values = {**point, self.variable: near}
                ratio = balls.enclose(exact, values, _BITS) / balls.enclose(stated, values, _BITS)
                gap = abs(ratio - 1)
            if not gap < 1e-20:
                return refuted("ratio near the limit", f"{ratio.str(6, radius=False)} instead of 1", shown(point))
        return consistent("ratio near the limit", "3 points, 20 digits at distance 10^-60")


class _Cancelled(Exception):
    """Every computed order cancels; more are needed."""


# The small variable, and sine and cosine of the angle with S^2 + C^2 = 1; they never leave this module.
_EPSILON = sp.Dummy("epsilon", positive=True)
_SINE, _COSINE = sp.Dummy("S"), sp.Dummy("C")


@dataclass(frozen=True)
class _Expansion:
    """First terms in a small positive variable, Taylor polynomials up to an order."""

    angle: Any
    order: int

    def leading(self, expr: Any) -> tuple[Any, int]:
        """(coefficient, order) of the first term."""
        if not expr.has(_EPSILON):
            return expr, 0
        if isinstance(expr, sp.Sum):
            coefficient, order = self.leading(expr.function)
            index = expr.limits[0][0]
            outer, inner = coefficient.as_independent(index, as_Add=False)
            return outer * sp.Sum(inner, *expr.limits), order
        if expr.is_Mul:
            parts = [self.leading(arg) for arg in expr.args]
            return sp.Mul(*(c for c, _ in parts)), sum(k for _, k in parts)
        if expr.is_Pow and expr.exp.is_Integer:
            coefficient, order = self.leading(expr.base)
            return coefficient**expr.exp, order * int(expr.exp)
        if not expr.has(sp.Sum):
            return _rational(self, expr)
        if expr.is_Add:
            plain = [arg for arg in expr.args if not arg.has(sp.Sum)]
            parts = [self.leading(arg) for arg in expr.args if arg.has(sp.Sum)]
            parts += [self.leading(sp.Add(*plain))] if plain else []
            first = min(k for _, k in parts)
            return sp.Add(*(c for c, k in parts if k == first)), first
        raise NotDerivable(f"no expansion of {sp.sstr(expr)[:80]}")

    @property
    def waves(self) -> dict[Any, Any]:
        return {sp.sin(self.angle): _SINE, sp.cos(self.angle): _COSINE}


@lru_cache(maxsize=1024)
def _rational(how: _Expansion, expr: Any) -> tuple[Any, int]:
    """The first term of a rational function in the small variable, waves, the angle and arguments."""
    table = {a: _argument(how, a) for a in sorted(expr.atoms(sp.atan2), key=sp.default_sort_key)}
    num, den = sp.fraction(sp.together(expr.xreplace(table).xreplace(how.waves)))
    (top, high), (bottom, low) = _first(num), _first(den)
    # What the Taylor polynomials leave out begins one order later.
    if table and max(high, low) > how.order:
        raise _Cancelled
    back = {wave: f for f, wave in how.waves.items()}
    return lowest(top / bottom, _SINE, _COSINE).xreplace(back), high - low


def _first(poly: Any) -> tuple[Any, int]:
    """The lowest coefficient of a polynomial in the small variable that does not vanish."""
    found = sp.Poly(sp.expand(poly), _EPSILON)
    for (order,), coefficient in sorted(found.terms()):
        reduced = lowest(coefficient, _SINE, _COSINE)
        if reduced != 0:
            return reduced, order
    raise _Cancelled


@lru_cache(maxsize=1024)
def _argument(how: _Expansion, applied: Any) -> Any:
    """Taylor polynomial of arg(x + i y) for y >= 0, in the small variable: its rate is (x y' - y x')/(x^2 + y^2)."""
    y, x = (sp.expand(part.xreplace(how.waves)) for part in applied.args)
    powers = [k - 4 for part in (y, x) for (k,), _ in sp.Poly(sp.expand(part * _EPSILON**4), _EPSILON).terms()]
    y, x = (sp.expand(part / _EPSILON ** min(powers)) for part in (y, x))
    rate = (x * sp.diff(y, _EPSILON) - y * sp.diff(x, _EPSILON), x**2 + y**2)
    coefficients = _quotient(*rate, how.order)
    at = {_EPSILON: sp.Integer(0)}
    taylor = (c * _EPSILON ** (k + 1) / (k + 1) for k, c in enumerate(coefficients))
    return _start(y.xreplace(at), x.xreplace(at), how.angle) + sp.Add(*taylor)


def _quotient(num: Any, den: Any, count: int) -> list[Any]:
    """Taylor coefficients of num/den by long division of power series."""
    top, bottom = (sp.Poly(sp.expand(p), _EPSILON) for p in (num, den))
    first = lowest(bottom.nth(0), _SINE, _COSINE)
    found: list[Any] = []
    for k in range(count):
        rest = top.nth(k) - sum((found[j] * bottom.nth(k - j) for j in range(k)), sp.Integer(0))
        found.append(lowest(rest / first, _SINE, _COSINE))
    return found


def _start(y: Any, x: Any, angle: Any) -> Any:
    """arg(x + i y) at the limit itself."""
    if y == 0 and x.is_positive:
        return sp.Integer(0)
    if y == 0 and x.is_negative:
        return sp.pi
    if canonical(y - _SINE) == 0 and canonical(x - _COSINE) == 0:
        return angle
    raise NotDerivable(f"the argument of {x} + i ({y}) is not elementary")

"""Insertion of order parameters into formulas with means; conditions follow the variables they were stated for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS
from ..errors import NotDerivable
from ..exact import factored, squares_opened
from ..quantity import free_atoms
from ..rule import Case
from ..rules.algebra import ALGEBRA, SolveLinear, Substitute, used_definitions
from ..rules.limits import At
from ..verdict import Verdict, consistent, refuted, undecided, weakest
from .continuation import tidied
from .floating import floating
from .mean import Mean, level_of
from .sampling import sample, shown


@dataclass(frozen=True)
class Insert(Substitute):
    """f(u), u = g  ->  f(g), and a condition u > 0 becomes g > 0 without the factors whose sign is known."""

    source: ClassVar[str] = ALGEBRA

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        found = []
        for condition in super().given(*inputs):
            for claim in inputs[1:]:
                condition = condition.xreplace(claim.defines()) if not _in_means(condition, claim) else condition
            found.append(reduced(condition))
        return tuple(dict.fromkeys(c for c in found if c is not sp.true))

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        # What was a definition becomes an equation once something is inserted.
        return tuple(Equation(e.lhs, powers_joined(e.rhs)) for e in super().apply(*inputs))

    def check(self, case: Case) -> Verdict:
        """Numbers instead of formulas: definitions are evaluated to balls first, also where x = g(x) defines x."""
        target, definitions = self.target(case.inputs[0]), case.inputs[1:]
        verdicts = []
        for before, after in zip(target.equations, case.output.equations):
            sides = [before.rhs, before.lhs] if self.both else [before.rhs]
            tables = used_definitions(definitions, sides)
            told = [after.rhs, after.lhs] if self.both else [after.rhs]
            exprs = [*told, *(rhs for table in tables for rhs in table.values())]
            defined = {lhs for table in tables for lhs in table}
            outer = [a for side in sides for a in free_atoms(side) if a not in defined]
            for k in range(POINTS):
                point = sample(case, [*outer, *(a for e in exprs for a in free_atoms(e))], case.output.given, k)
                if any(level_of(e) > 1 for e in (*sides, *told)):
                    verdicts.append(_nested_agreement(sides, told, tables, point))
                    continue
                values: dict[Any, Any] = dict(point)
                for table in reversed(tables):
                    values |= {lhs: balls.enclose(rhs, values, BITS) for lhs, rhs in table.items()}
                for old, new in zip(sides, told):
                    left, right = balls.enclose(old, values, BITS), balls.enclose(new, point, BITS)
                    verdicts.append(agreement(left, right, point, sp.Rational(1, 10**50)))
        return weakest(verdicts)


def _nested_agreement(
    sides: list[Any], told: list[Any], tables: list[dict[Any, Any]], point: dict[Any, Any]
) -> Verdict:
    """As `agreement`, for means inside means: in double precision."""
    values: dict[Any, Any] = dict(point)
    for table in reversed(tables):
        values |= {lhs: floating(rhs, values) for lhs, rhs in table.items()}
    for old, new in zip(sides, told):
        gap, size = abs(floating(old, values) - floating(new, point)), 1 + abs(floating(new, point))
        if not gap < 1e-10 * size:
            return refuted("double precision", f"the sides differ by {gap:.3e}", shown(point))
    return consistent("double precision", f"10 digits at {POINTS} points")


def agreement(left: Any, right: Any, point: dict[Any, Any], tolerance: Any) -> Verdict:
    """Two balls of one value: refuted when they are disjoint, consistent when they agree to the tolerance."""
    with balls.working(BITS):
        gap = left - right
        if not gap.is_finite():
            return undecided("balls at rational points", "no finite enclosure")
        if not gap.contains(0):
            return refuted("balls at rational points", f"the sides differ by {gap.str(5)}", shown(point))
        if abs(gap).abs_upper() < (abs(left).abs_upper() + 1) * balls.exact_ball(tolerance).real:
            return consistent("balls at rational points", f"{POINTS} points")
    return undecided("balls at rational points", "the enclosures are too wide")


@dataclass(frozen=True)
class MeansAt(At):
    """f(x), x -> x0  ->  f(x0), also inside the means, where the value is finite: by substitution."""

    source: ClassVar[str] = "continuity; the integrands are bounded by an integrable function near the point"

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        value = target.rhs.xreplace({self.variable: sp.S(self.value)})
        if value.has(sp.nan, sp.zoo, sp.oo):
            raise NotDerivable(f"the claim is not finite at {self.variable} = {self.value}")
        return Equation(target.lhs if self.result is None else self.result, tidied(value))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return tuple(c for c in super().given(*inputs) if not c.has(self.variable))

    def check(self, case: Case) -> Verdict:
        """At distance 10^-30 from the point the values differ by less than 10^-20, in balls."""
        before, after = case.inputs[0].rhs, case.output.rhs
        if level_of(before) > 1:
            return self._nested(case, before, after)
        near = before.xreplace({self.variable: sp.S(self.value) + sp.Rational(1, 10**30)})
        for k in range(2):
            point = sample(case, [*free_atoms(near), *free_atoms(after)], case.output.given, k)
            with balls.working(BITS):
                gap = abs(balls.enclose(near, point, BITS) - balls.enclose(after, point, BITS))
                if not gap.is_finite():
                    return undecided("approach", "no finite enclosure")
                if not gap < 1e-20:
                    return refuted("approach", f"distance {gap.str(3, radius=False)} at 10^-30", shown(point))
        return consistent("approach to the point", "2 parameter points, distance 10^-30")

    def _nested(self, case: Case, before: Any, after: Any) -> Verdict:
        """Means inside means: at distance 10^-9, in double precision."""
        near = before.xreplace({self.variable: sp.S(self.value) + sp.Rational(1, 10**9)})
        for k in range(2):
            point = sample(case, [*free_atoms(near), *free_atoms(after)], case.output.given, k)
            value = floating(after, point)
            gap = abs(floating(near, point) - value)
            if not gap < 1e-7 * (1 + abs(value)):
                return refuted("approach", f"distance {gap:.3e} at 10^-9", shown(point))
        return consistent("approach to the point", "2 parameter points, distance 10^-9, double precision")


@dataclass(frozen=True)
class SolveFor(SolveLinear):
    """a x + b = 0  ->  x = -b/a, where a and b may contain symbolic powers, logarithms and means."""

    source: ClassVar[str] = ALGEBRA

    def apply(self, *inputs: Claim) -> Equation:
        difference = inputs[0].single.difference
        a = sp.diff(difference, self.unknown)
        b = difference.xreplace({self.unknown: sp.Integer(0)})
        if a == 0 or a.has(self.unknown):
            raise NotDerivable(f"the equation is not linear in {self.unknown}")
        return Equation(self.unknown, sp.powsimp(sp.factor(-b / a)))


def powers_joined(expr: Any) -> Any:
    """x^p x^(1 - p) -> x and sqrt(c^2 x) -> |c| sqrt(x): powers of one base are added up, for any base but 0."""
    if expr.has(Mean):
        # sqrt(c^2 x) stands under many means: the square goes out of the root once.
        return squares_opened(expr)
    symbolic = any(not e.exp.is_Rational and not e.base.is_number for e in expr.atoms(sp.Pow))
    return sp.powsimp(expr, combine="exp") if symbolic else expr


def _in_means(condition: Any, claim: Claim) -> bool:
    """Whether the definition of a variable of the condition is a mean: then the condition stays as it is."""
    return any(e.rhs.has(Mean) for e in claim.equations if condition.has(e.lhs))


def reduced(condition: Any) -> Any:
    """c x > c y with c > 0 known  ->  x > y."""
    if not isinstance(condition, sp.StrictGreaterThan | sp.GreaterThan):
        return condition
    factors = sp.Mul.make_args(factored(condition.lhs - condition.rhs))
    if not any(f.is_positive for f in factors):
        return condition
    rest = sp.Mul(*(f for f in factors if not f.is_positive))
    below = sp.Add(*(-t for t in sp.Add.make_args(rest) if t.could_extract_minus_sign()))
    return condition.func(rest + below, below)

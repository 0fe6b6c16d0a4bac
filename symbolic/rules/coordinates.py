"""Lists whose entries move alone: one coordinate with its index omitted, and the bracket of two vector fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .algebra import ALGEBRA, same_ball
from .sums import close, entries, free_index, secant


@dataclass(frozen=True)
class OneCoordinate(Rule):
    """x_i = f(y_i, z_i, ...) for every i  ->  x = f(y, z, ...): a fixed coordinate, its index omitted.

    `names` lists (list, scalar). Refused when an equation couples two coordinates.
    """

    source: ClassVar[str] = ALGEBRA
    names: tuple[tuple[Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for equation in inputs[0].equations:
            index = free_index(equation)
            if index is None:
                raise NotDerivable(f"{equation.lhs} is not an entry of a list")
            table = {base[index]: scalar for base, scalar in self.names}
            lhs, rhs = equation.lhs.xreplace(table), equation.rhs.xreplace(table)
            if isinstance(lhs, sp.Indexed) or rhs.has(sp.Indexed, sp.Sum, index):
                raise NotDerivable(f"{equation.lhs} = {equation.rhs} is not an equation of one coordinate")
            found.append(Equation(lhs, rhs, equation.relation))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """Every entry in three dimensions, with the scalars set to that entry."""
        verdicts = []
        for before, after in zip(case.inputs[0].equations, case.output.equations):
            for k, entry in enumerate(entries(before), start=1):
                others = set(free_atoms(after.rhs)) - {scalar for _, scalar in self.names}
                for point in case.samples.points({*free_atoms(entry.rhs), *others, *self._entries(k)}, case.given):
                    here = {scalar: point[base[k]] for base, scalar in self.names}
                    verdicts.append(same_ball(entry.rhs, after.rhs, {**point, **here}, point))
        return weakest(verdicts)

    def _entries(self, k: int) -> list[Any]:
        return [base[k] for base, _ in self.names]


@dataclass(frozen=True)
class EveryCoordinate(Rule):
    """x = f(y, z, ...) in a fixed coordinate  ->  x_i = f(y_i, z_i, ...): the index is written again.

    `names` lists (list, scalar); `index` is the free index.
    """

    source: ClassVar[str] = ALGEBRA
    names: tuple[tuple[Any, Any], ...] = ()
    index: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        table = {scalar: base[self.index] for base, scalar in self.names}
        found = tuple(Equation(e.lhs.xreplace(table), e.rhs.xreplace(table), e.relation) for e in inputs[0].equations)
        if not all(isinstance(e.lhs, sp.Indexed) for e in found):
            raise NotDerivable("a left-hand side is not the name of a coordinate")
        return found

    def check(self, case: Case) -> Verdict:
        """Every entry in three dimensions, with the scalars set to that entry."""
        return OneCoordinate(self.names).check(Case((case.output,), case.inputs[0], case.samples, case.level))


@dataclass(frozen=True)
class FieldBracket(Rule):
    """fields A, B  ->  [A, B] = (A.grad) B - (B.grad) A, component by component.

    Inputs: the components of A and of B. `variables` lists the coordinates, `names` the components of the bracket;
    both in the order of the equations of the inputs.
    """

    source: ClassVar[str] = "the Lie bracket of vector fields"
    variables: tuple[Any, ...] = ()
    names: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        first, second = ([e.rhs for e in claim.equations] for claim in inputs)
        if not len(first) == len(second) == len(self.variables) == len(self.names):
            raise NotDerivable("the fields and their bracket need one component for every coordinate")
        return tuple(
            Equation(name, sp.expand(self._along(first, b) - self._along(second, a)))
            for name, a, b in zip(self.names, first, second)
        )

    def _along(self, field: list[Any], expr: Any) -> Any:
        return sp.Add(*(f * sp.diff(expr, x) for f, x in zip(field, self.variables)))

    def check(self, case: Case) -> Verdict:
        """By symmetric differences of each field along the other, in balls."""
        first, second = ([e.rhs for e in claim.equations] for claim in case.inputs)
        stated = [e.rhs for e in case.output.equations]
        atoms = {a for e in (*first, *second, *stated) for a in free_atoms(e)} | set(self.variables)
        verdicts = []
        for k in range(POINTS):
            point = case.samples.point(atoms, case.given, k)
            moves = [
                {x: balls.enclose(f, point, BITS) for x, f in zip(self.variables, field)} for field in (first, second)
            ]
            for a, b, value in zip(first, second, stated):
                forward, backward = secant(b, point, moves[0]), secant(a, point, moves[1])
                with balls.working(BITS):
                    gap = forward - backward
                verdicts.append(close(gap, balls.enclose(value, point, BITS), point))
        return weakest(verdicts)

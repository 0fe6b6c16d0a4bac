"""Equations whose unknown stands in the argument of one invertible function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .algebra import same_ball
from .sums import numbers

# Functions that map the real line one to one onto the real line, with their inverses.
_INVERSES: dict[Any, Any] = {sp.asinh: sp.sinh, sp.sinh: sp.asinh}


@dataclass(frozen=True)
class InverseFunction(Rule):
    """y = A h(B x) + C, h one to one  ->  x = h^-1((y - C)/A)/B."""

    source: ClassVar[str] = "the inverse of a one-to-one function"
    unknown: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        equation = inputs[0].single
        found = [e for e in equation.rhs.atoms(*_INVERSES) if e.has(self.unknown)]
        if len(found) != 1:
            raise NotDerivable(f"{self.unknown} stands in {len(found)} invertible functions; one is needed")
        (applied,), name = found, sp.Dummy("h")
        outer = sp.Poly(equation.rhs.xreplace({applied: name}), name)
        inner = sp.Poly(applied.args[0], self.unknown)
        if outer.degree() != 1 or inner.degree() != 1 or outer.as_expr().has(self.unknown):
            raise NotDerivable(f"{equation} is not linear in {applied}, or this not linear in {self.unknown}")
        a, c = outer.all_coeffs()
        slope, offset = inner.all_coeffs()
        value = _INVERSES[applied.func](canonical((equation.lhs - c) / a))
        return Equation(self.unknown, (value - offset) / slope)

    def check(self, case: Case) -> Verdict:
        """The unknown drawn, the left-hand side evaluated, the stated inverse evaluated there; in balls."""
        equation, stated = case.inputs[0].single, case.output.rhs
        atoms = {*free_atoms(equation.rhs), *free_atoms(stated), self.unknown} - {equation.lhs}
        verdicts = []
        for point in case.samples.points(atoms, case.given):
            values = numbers([case.inputs[0]], point)
            verdicts.append(same_ball(self.unknown, stated, values, point))
        return weakest(verdicts)

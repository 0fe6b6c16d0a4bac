"""Antiderivatives in one variable, from 0: what SymPy proposes is accepted only with a proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..exact import vanishes
from ..rule import Case, Rule
from ..verdict import Verdict, weakest


@dataclass(frozen=True)
class FromZero(Rule):
    """f(x)  ->  F(x) = int_0^x f(z) dz: the one function with F' = f and F(0) = 0."""

    source: ClassVar[str] = "the fundamental theorem of calculus"
    variable: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        f = inputs[0].rhs
        primitive = sp.integrate(f, self.variable)
        if primitive.has(sp.Integral) or vanishes(sp.diff(primitive, self.variable) - f) is not True:
            raise NotDerivable(f"no elementary antiderivative of {sp.sstr(f)[:120]} was found and proved")
        return Equation(self.result, sp.expand(primitive - self._at_zero(primitive)))

    def _at_zero(self, expr: Any) -> Any:
        value = expr.xreplace({self.variable: sp.Integer(0)})
        if value.has(sp.nan, sp.zoo, sp.oo):
            raise NotDerivable(f"{sp.sstr(expr)[:120]} is not finite at {self.variable} = 0")
        return value

    def check(self, case: Case) -> Verdict:
        """The derivative of the stated function is f, and its value at 0 is 0: exact normal forms."""
        stated = case.output.rhs
        slope = equal(sp.diff(stated, self.variable), case.inputs[0].rhs, case.samples, case.given)
        return weakest([slope, equal(self._at_zero(stated), sp.Integer(0), case.samples, case.given)])

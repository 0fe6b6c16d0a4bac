"""Square roots of perfect squares, on the side where the sign of the root is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..exact import factored, vanishes
from ..rule import Case, Rule
from ..verdict import Verdict
from .algebra import ALGEBRA


@dataclass(frozen=True)
class RootOfSquare(Rule):
    """f(sqrt(u^2))  ->  f(u), given u > 0: `root` is u; the condition is inherited by what follows."""

    source: ClassVar[str] = ALGEBRA
    root: Any = None

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        implied = [c for c in super().given(*inputs) if _positive_multiple(c, self.root**2)]
        rest = [c for c in super().given(*inputs) if c not in implied]
        return (*rest, sp.StrictGreaterThan(self.root, sp.Integer(0)))

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        roots = [r for r in target.rhs.atoms(sp.Pow) if r.exp == sp.Rational(1, 2)]
        table = {r: self.root for r in roots if vanishes(r.base - self.root**2) is True}
        if not table:
            raise NotDerivable(f"no square root in the claim is proved to be that of the square of {self.root}")
        rhs = target.rhs.xreplace(table)
        return Equation(target.lhs, rhs.replace(sp.log, lambda inside: sp.log(factored(inside))))

    def check(self, case: Case) -> Verdict:
        """Balls at rational points where the condition holds."""
        return equal(case.inputs[0].rhs, case.output.rhs, case.samples, case.given)


def _positive_multiple(condition: Any, square: Any) -> bool:
    """Whether a condition says that a positive multiple of the square is positive."""
    if not isinstance(condition, sp.StrictGreaterThan):
        return False
    return factored((condition.lhs - condition.rhs) / square).is_positive is True

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
from .algebra import ALGEBRA, sequential


@dataclass(frozen=True)
class RootOfSquare(Rule):
    """f(sqrt(u^2))  ->  f(u), given u > 0: `root` is u; the condition is inherited by what follows.

    The first input is the target; further inputs are inserted first. Sums are brought to lowest terms term by term.
    """

    source: ClassVar[str] = ALGEBRA
    root: Any = None

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        inherited = [sequential(inputs[1:], c) for c in super().given(*inputs)]
        rest = [c for c in inherited if not _positive_multiple(c, self.root**2)]
        return (*rest, sp.StrictGreaterThan(self.root, sp.Integer(0)))

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        rhs = sequential(inputs[1:], target.rhs)
        roots = [r for r in rhs.atoms(sp.Pow) if r.exp == sp.Rational(1, 2)]
        table = {r: self.root for r in roots if vanishes(r.base - self.root**2) is True}
        if not table:
            raise NotDerivable(f"no square root in the claim is proved to be that of the square of {self.root}")
        rhs = rhs.xreplace(table).replace(sp.log, lambda inside: sp.log(factored(inside)))
        return Equation(target.lhs, sp.Add(*(factored(term) for term in sp.Add.make_args(rhs))))

    def check(self, case: Case) -> Verdict:
        """Balls at rational points where the condition holds."""
        before = sequential(case.inputs[1:], case.inputs[0].rhs)
        return equal(before, case.output.rhs, case.samples, case.output.given)


def _positive_multiple(condition: Any, square: Any) -> bool:
    """Whether a condition says that a positive multiple of the square is positive."""
    if not isinstance(condition, sp.StrictGreaterThan):
        return False
    return factored((condition.lhs - condition.rhs) / square).is_positive is True

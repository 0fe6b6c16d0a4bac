"""Limits of computed claims: a parameter is sent to a value, and the result is checked by approaching it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import explicit_sums
from ..errors import NotDerivable
from ..exact import canonical, factored, numerator_denominator, squares_opened
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted

_BITS = 700


@dataclass(frozen=True)
class At(Rule):
    """f(x), x -> x0  ->  f(x0): the value at a point, by substitution where it is finite, else after cancelling.

    The first input is the target; further inputs are inserted before the limit. Refused when the reduced denominator
    vanishes there (then the limit does not exist as a value).
    """

    source: ClassVar[str] = "continuity of rational functions off their poles"
    variable: Any = None
    value: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        rhs = target.rhs.xreplace({k: v for claim in inputs[1:] for k, v in claim.defines().items()})
        at = {self.variable: sp.S(self.value)}
        value = _substituted(rhs, at)
        if value is None:
            num, den = numerator_denominator(rhs)
            bottom = canonical(den.xreplace(at))
            if bottom == 0:
                raise NotDerivable(f"the claim has a pole at {self.variable} = {self.value}")
            value = factored(canonical(num.xreplace(at)) / bottom)
        return Equation(self.result if self.result is not None else target.lhs, squares_opened(value))

    def check(self, case: Case) -> Verdict:
        """Approach the point at distance 10^-15 and 10^-30: the distance of the values must shrink with it."""
        target = case.inputs[0].rhs.xreplace({k: v for c in case.inputs[1:] for k, v in c.defines().items()})
        target, stated = explicit_sums(target, 2), explicit_sums(case.output.rhs, 2)
        atoms = [a for x in (target, stated) for a in free_atoms(x) if a != self.variable]
        for point in case.samples.points(atoms, [c for c in case.given if not c.has(self.variable)]):
            gaps = []
            for steps in (15, 30):
                near = target.xreplace({self.variable: sp.S(self.value) + sp.Rational(1, 10**steps)})
                with balls.working(_BITS):
                    gap = abs(balls.enclose(near, point, _BITS) - balls.enclose(stated, point, _BITS))
                    gaps.append(gap)
            if not (gaps[1] < 1e-20 and gaps[1] <= gaps[0] + 1e-40):
                at = [(str(k), str(v)) for k, v in point.items()]
                return refuted("approach", f"distance {gaps[1].str(3, radius=False)} at 10^-30", at)
        return consistent("approach to the point", "3 parameter points, distances 10^-15 and 10^-30")


def _substituted(expr: Any, at: dict[Any, Any]) -> Any:
    """The value by plain substitution, where the expression stays finite; None where it does not."""
    found = expr.xreplace(at)
    found = found.xreplace({i: sp.Integer(0) for i in found.atoms(sp.Integral, sp.Sum) if i.function == 0})
    if found.has(sp.nan, sp.zoo, sp.oo):
        return None
    return found if found.has(sp.Integral, sp.Piecewise, sp.Sum, sp.Abs) else factored(found)

"""Free additive and multiplicative convolution by R- and S-transforms, each checked on the branch of a matrix pencil.

Conventions for a positive matrix M: t = tr (M + lam)^{-1}, h = 1 - lam t = tr M (M + lam)^{-1},
r = 1/t - lam (the R-transform at -t) and S = (1 - h)/(h lam) (the S-transform at -h).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS
from ..errors import NotDerivable
from ..exact import canonical, factored, factors, numerator_denominator
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .dyson import DysonEquations, close, enclosed, named, physical

NOTHING = DysonEquations()
FREENESS = "Voiculescu 1986, 1987: R-transforms of free variables add, S-transforms multiply"


def _linear_in(difference: Any, unknown: Any) -> Any:
    """The solution of an equation that contains the unknown linearly, besides factors of fixed sign."""
    found = [f for f, _ in factors(numerator_denominator(difference)[0]) if f.has(unknown) and not f.is_nonzero]
    if len(found) != 1 or sp.Poly(found[0], unknown).degree() != 1:
        raise NotDerivable(f"the equation does not determine {unknown} rationally")
    lead, rest = sp.Poly(found[0], unknown).all_coeffs()
    return canonical(-rest / lead)


def on_branch(
    case: Case, dyson: DysonEquations, definitions: tuple[Claim, ...], trace: Any, lam: Any, names: Any
) -> Any:
    """Judge `case.output` with every name in `names` (a function of balls t and lam) on certified branches."""
    for k in range(POINTS):
        point = case.samples.point(dyson.parameters(definitions), case.given, k)
        t = physical(dyson, definitions, tuple(point.items())).targets[trace]
        with balls.working(BITS):
            values = {**point, trace: t, **names(t, balls.exact_ball(point[lam]))}
        for e in case.output.equations:
            if not close(enclosed(e.rhs, values), enclosed(e.lhs, values)):
                return refuted("certified branch", f"{e.lhs} differs", named(point))
    return consistent("certified branch", f"{POINTS} points, 40 digits")


@dataclass(frozen=True)
class RTransform(Rule):
    """P(t, lam) = 0  ->  r = 1/t - lam(t): the R-transform at -t.

    Inputs: the equation for t = tr (M + lam)^{-1}, linear in lam; then the definition of t.
    """

    source: ClassVar[str] = FREENESS
    dyson: DysonEquations = NOTHING
    trace: Any = None
    lam: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        return Equation(self.result, factored(1 / self.trace - _linear_in(inputs[0].single.difference, self.lam)))

    def check(self, case: Case) -> Verdict:
        """1/t - lam on certified branches."""
        return on_branch(
            case, self.dyson, case.inputs[1:], self.trace, self.lam, lambda t, lam: {self.result: 1 / t - lam}
        )


@dataclass(frozen=True)
class FreeSum(Rule):
    """r_1(t), r_2(t), ...  ->  lam = 1/t - r_1(t) - r_2(t) - ...: the R-transforms of free summands add.

    Inputs: the R-transforms, each in its own trace (`traces`), then the definition of t for the sum.
    """

    source: ClassVar[str] = FREENESS
    dyson: DysonEquations = NOTHING
    traces: tuple[Any, ...] = ()
    trace: Any = None
    lam: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        parts = [c.rhs.xreplace({t: self.trace}) for c, t in zip(inputs, self.traces)]
        return Equation(self.lam, 1 / self.trace - sp.Add(*parts))

    def check(self, case: Case) -> Verdict:
        """The certified branch of the sum itself, from its own pencil."""
        return on_branch(case, self.dyson, case.inputs[len(self.traces) :], self.trace, self.lam, lambda t, lam: {})


@dataclass(frozen=True)
class STransform(Rule):
    """P(t, lam) = 0, h = 1 - lam t  ->  S = (1 - h)/(h lam(h)): the S-transform at -h.

    Inputs: the equation for t = tr (M + lam)^{-1}; then the definition of t.
    """

    source: ClassVar[str] = FREENESS
    dyson: DysonEquations = NOTHING
    trace: Any = None
    lam: Any = None
    share: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        h = self.share
        equation = inputs[0].single.difference.xreplace({self.trace: (1 - h) / self.lam})
        return Equation(self.result, factored((1 - h) / (h * _linear_in(equation, self.lam))))

    def check(self, case: Case) -> Verdict:
        """(1 - h)/(h lam) on certified branches."""

        def names(t: Any, lam: Any) -> dict[Any, Any]:
            h = 1 - lam * t
            return {self.share: h, self.result: (1 - h) / (h * lam)}

        return on_branch(case, self.dyson, case.inputs[1:], self.trace, self.lam, names)


@dataclass(frozen=True)
class FreeProduct(Rule):
    """S_1(h), S_2(h), ...  ->  lam = (1 - h)/(h S_1(h) S_2(h) ...): the S-transforms of free factors multiply.

    Inputs: the S-transforms, then the definition of the trace of the product. `replace`: renamings of parameters, one
    table per factor, so that one S-transform can serve several.
    """

    source: ClassVar[str] = FREENESS
    dyson: DysonEquations = NOTHING
    replace: tuple[tuple[tuple[Any, Any], ...], ...] = ()
    trace: Any = None
    lam: Any = None
    share: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        count = len(self.replace)
        claims = inputs[:count] if len(inputs) > count else inputs[:1] * count
        parts = [c.rhs.xreplace(dict(table)) for c, table in zip(claims, self.replace)]
        return Equation(self.lam, factored((1 - self.share) / (self.share * sp.Mul(*parts))))

    def check(self, case: Case) -> Verdict:
        """The certified branch of the product itself, from its own pencil."""
        definitions = case.inputs[-1:]
        return on_branch(case, self.dyson, definitions, self.trace, self.lam, lambda t, lam: {self.share: 1 - lam * t})

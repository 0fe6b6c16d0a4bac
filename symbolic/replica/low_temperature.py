"""beta -> oo of formulas without means: logarithms of beta cancel, powers of 1 - x/beta are expanded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical, factored, numerator_denominator
from .mean import Mean
from .zero_temperature import ZeroTemperature

_ORDERS = 4


@dataclass(frozen=True)
class AlgebraicZeroTemperature(ZeroTemperature):
    """f(beta), beta -> oo at fixed scaled variables: log(c/beta^k) = log c - k log beta, and the log beta cancel.

    Inputs: the claim, then the scaling relations. Powers may have symbolic exponents. Refused where a coefficient
    diverges or where log beta does not cancel.
    """

    source: ClassVar[str] = "l'H\u00f4pital's rule; log(beta)/beta tends to zero"

    def apply(self, *inputs: Claim) -> Equation:
        eps = sp.Dummy("eps", positive=True)
        rhs = self.scaled(*inputs).xreplace({self.beta: 1 / eps})
        if rhs.has(Mean):
            raise NotDerivable("the claim has means: their limits are taken by ZeroTemperature")
        logs = {x: sp.Dummy() for x in sorted(rhs.atoms(sp.log), key=sp.default_sort_key) if x.has(eps)}
        poly = sp.Poly(sp.expand(rhs.xreplace(logs)), *logs.values()) if logs else None
        if poly is not None and poly.total_degree() > 1:
            raise NotDerivable("the claim is not linear in its logarithms")
        plain = rhs if poly is None else poly.coeff_monomial(1)
        total, divergent = factored(limit_at_zero(plain, eps)), sp.Integer(0)
        for log, name in logs.items():
            assert poly is not None
            order, inside = leading(log.args[0], eps)
            coefficient = poly.coeff_monomial(name)
            total += factored(limit_at_zero(coefficient, eps)) * sp.log(factored(inside))
            divergent += order * coefficient
        if divergent != 0 and canonical(limit_at_zero(divergent, eps)) != 0:
            raise NotDerivable("log(beta) does not cancel")
        return Equation(inputs[0].single.lhs if self.result is None else self.result, total)


def leading(expr: Any, eps: Any) -> tuple[int, Any]:
    """(k, c) with expr = c eps^k (1 + O(eps)), for a rational function.

    >>> e, x = sp.symbols("e x"); leading(x * e + e**2, e)
    (1, x)
    """
    (top, high), (bottom, low) = (_first(part, eps) for part in numerator_denominator(expr))
    return high - low, top / bottom


def _first(part: Any, eps: Any) -> tuple[Any, int]:
    ((order,), coefficient) = min(sp.Poly(part, eps).terms())
    return coefficient, order


def limit_at_zero(expr: Any, eps: Any) -> Any:
    """The value at eps = 0 of a quotient of functions analytic there, by l'Hopital's rule; a pole is refused.

    >>> e, x, p = sp.symbols("e x p"); limit_at_zero(((1 + x * e) ** p - 1) / e, e)
    p*x
    """
    top, bottom = sp.fraction(sp.together(expr))
    for _ in range(_ORDERS):
        ends = [canonical(part.xreplace({eps: sp.Integer(0)})) for part in (top, bottom)]
        if ends[1] != 0:
            return canonical(ends[0] / ends[1])
        if ends[0] != 0:
            break
        top, bottom = sp.diff(top, eps), sp.diff(bottom, eps)
    raise NotDerivable("the expression diverges at zero temperature")

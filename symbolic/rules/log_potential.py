"""The logarithmic potential of a semicircle, from the Fourier series of log(1 - 2 r cos t + r^2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..exact import canonical
from ..rule import Case, Rule
from ..verdict import Verdict


@dataclass(frozen=True)
class LogarithmByFourier(Rule):
    """(1/pi) int_0^pi w(t) log(A - B cos t) dt, A > B > 0  ->  w_0 log K - sum_k w_k r^k/k, K = (A + D)/2, r = B/2K.

    D = sqrt(A^2 - B^2), so that A - B cos t = K (1 - 2 r cos t + r^2); the weight is w_0 + sum_k w_k cos kt.
    """

    source: ClassVar[str] = "log(1 - 2 r cos t + r^2) = -2 sum_k r^k cos(k t)/k for |r| < 1"

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        integrals = sorted(target.rhs.atoms(sp.Integral), key=sp.default_sort_key)
        if len(integrals) != 1:
            raise NotDerivable(f"one integral is needed, {len(integrals)} found")
        (integral,) = integrals
        t, low, high = integral.limits[0]
        weight, logarithm = integral.function.as_independent(sp.log, as_Add=False)
        if (low, high) != (0, sp.pi) or not isinstance(logarithm, sp.log):
            raise NotDerivable("the integrand is not a weight times one logarithm, from 0 to pi")
        offset, slope = _linear(logarithm.args[0], sp.cos(t))
        root = sp.sqrt(sp.expand(offset**2 - slope**2))
        mean, *waves = _fourier(weight, t)
        ratio = slope / (offset + root)
        total = mean * sp.log((offset + root) / 2) - sp.Add(*(c * ratio**k / k for k, c in enumerate(waves, 1)))
        return Equation(target.lhs, target.rhs.xreplace({integral: sp.pi * total}))

    def check(self, case: Case) -> Verdict:
        """Rigorous quadrature of the integral at random points."""
        return equal(case.inputs[0].rhs, case.output.rhs, case.samples, case.given)


def _linear(inside: Any, cosine: Any) -> tuple[Any, Any]:
    """(A, B) of A - B cos t."""
    c = sp.Dummy("c")
    poly = sp.Poly(inside.xreplace({cosine: c}), c)
    if poly.degree() != 1:
        raise NotDerivable("the argument of the logarithm is not linear in the cosine")
    return canonical(poly.nth(0)), canonical(-poly.nth(1))


def _fourier(weight: Any, t: Any) -> list[Any]:
    """[w_0, w_1, ...] of a polynomial in sin^2 t and cos t."""
    c = sp.Dummy("c")
    poly = sp.Poly(sp.expand(weight.subs(sp.sin(t) ** 2, 1 - sp.cos(t) ** 2)).xreplace({sp.cos(t): c}), c)
    if poly.has(t):
        raise NotDerivable("the weight is not a polynomial in the square of the sine and in the cosine")
    found = [sp.Integer(0)] * (poly.degree() + 1)
    for (power,), coefficient in poly.terms():
        # cos^n t = 2^(1 - n) sum_j C(n, j) cos((n - 2 j) t), the constant term with weight one half.
        for j in range(power // 2 + 1):
            order = power - 2 * j
            share = sp.binomial(power, j) * sp.Rational(2) ** (1 - power) / (2 if order == 0 else 1)
            found[order] += coefficient * share
    return found

"""Certified integrals of SymPy expressions, and Gaussian means, by Arb's adaptive integrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isqrt
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from ..symbolic.balls import bits, exact_ball, real_enclosure, working
from ..symbolic.decimals import certified_text
from ..symbolic.errors import BadInput, NotCertified
from ..symbolic.values import Certified
from .tape import Tape

GUARD_BITS = 40


def integral(
    expr: Any, variable: Any, low: Any, high: Any, values: Mapping[Any, Any] | None = None, digits: int = 15
) -> Certified:
    """int_low^high expr d(variable), certified to `digits` significant digits.

    low, high: finite, exact expressions of the atoms in `values`; values: exact numbers for the other atoms.
    Branch cuts are respected (sqrt, log, powers, Abs, Max, Min, sign); an integrable singularity at an end costs time.
    Raises NotCertified when the integrator gives up, for instance because the integral diverges.

    >>> x = sp.Symbol("x")
    >>> integral(sp.sqrt(1 - x**2), x, 0, 1, digits=20).value
    '0.78539816339744830962'
    """
    given = dict(values or {})
    tape = Tape([*given, variable], [sp.S(expr)])

    def ball(prec: int) -> arb:
        start, stop = (real_enclosure(sp.S(end), given, prec) for end in (low, high))
        return _integrate(tape, list(given.values()), start, stop, prec)

    return _certified(ball, digits)


def gaussian_mean(
    expr: Any, variable: Any, growth: tuple[Any, Any], values: Mapping[Any, Any] | None = None, digits: int = 15
) -> Certified:
    """E[f(Z)] = int f(z) exp(-z^2/2)/sqrt(2 pi) dz for Z ~ N(0, 1), certified to `digits` significant digits.

    growth: exact (C, k) >= 0 with |f(z)| <= C exp(k |z|) for |z| >= 1; the caller answers for it. The integral runs
    over |z| <= L, and what is left out is at most 2 C exp(k^2/2) P(Z > L - k), which is added to the radius.

    >>> z = sp.Symbol("z")
    >>> gaussian_mean(sp.tanh(z) ** 2, z, growth=(1, 0), digits=20).value
    '0.39429449039784117442'
    """
    given = dict(values or {})
    bound, rate = (sp.Rational(g) for g in growth)
    if bound < 0 or rate < 0:
        raise BadInput(f"growth {growth}: both numbers must be at least 0")
    tape = Tape([*given, variable], [sp.S(expr) * sp.exp(-(variable**2) / 2)])

    def ball(prec: int) -> arb:
        # P(Z > x) < exp(-x^2/2): with x^2/2 = prec ln 2 the rest is below 2^-prec of the bound.
        half = arb(isqrt(14 * prec // 10) + 2 + int(sp.ceiling(rate)))
        inner = _integrate(tape, list(given.values()), -half, half, prec)
        with working(prec):
            k, scale = exact_ball(rate).real, exact_ball(bound).real
            tail = scale * (k * k / 2).exp() * ((half - k) / arb(2).sqrt()).erfc()
            return inner / (2 * arb.pi()).sqrt() + arb(0, tail.upper())

    return _certified(ball, digits)


def _certified(ball: Callable[[int], arb], digits: int) -> Certified:
    prec = bits(digits) + GUARD_BITS
    limit = 4 * prec
    while True:
        try:
            value, radius = certified_text(ball(prec), digits)
            return Certified(value, radius, digits, "arb", branch="adaptive Gauss-Legendre integration in balls")
        except NotCertified as error:
            if 2 * prec > limit:
                raise NotCertified(f"integral: {error} (with {prec} bits)") from None
            prec *= 2


def _integrate(tape: Tape, values: list[Any], low: arb, high: arb, prec: int) -> arb:
    unfit = sorted(tape.operations - _BASIC - set(_CUT) - set(_ENTIRE))
    if unfit:
        raise BadInput(f"{', '.join(unfit)}: no holomorphic form for the integrator; integrate the pieces one by one")
    with working(prec):
        constants = [exact_ball(value) for value in values]

        def integrand(x: acb, analytic: bool) -> acb:
            return tape.run(AnalyticBalls(analytic), [*constants, x])[0]

        return acb.integral(integrand, acb(low), acb(high)).real


class AnalyticBalls:
    """Complex balls for the integrator: with `analytic`, operations give nan where they are not holomorphic."""

    def __init__(self, analytic: bool):
        self.analytic = analytic

    def number(self, value: sp.Rational) -> acb:
        return acb(arb(fmpq(int(value.p), int(value.q))))

    def constant(self, name: str) -> acb:
        return acb({"pi": arb.pi, "e": arb.const_e, "euler": arb.const_euler}[name]())

    def apply(self, name: str, *args: Any) -> acb:
        if name in ("add", "mul", "div"):
            x, y = args
            return x + y if name == "add" else x * y if name == "mul" else x / y
        if name == "power":
            return args[0] ** args[1] if args[1] >= 0 else 1 / args[0] ** -args[1]
        if name in _CUT:
            return _CUT[name](*args, analytic=self.analytic)
        return _ENTIRE[name](*args)


_BASIC = {"number", "constant", "input", "add", "mul", "div", "power"}
# Meromorphic functions: a pole inside the ball gives a non-finite ball by itself.
_ENTIRE: dict[str, Callable[..., acb]] = {
    name: getattr(acb, name) for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "erfc", "gamma")
}
_CUT: dict[str, Callable[..., acb]] = {
    "sqrt": acb.sqrt,
    "log": acb.log,
    "pow": acb.pow,
    "abs": acb.real_abs,
    "sign": acb.real_sgn,
    "max": acb.real_max,
    "min": acb.real_min,
}

"""The two floating arithmetics a tape can run in: vectorised NumPy, and one local mpmath context.

An operation that has no real value yields nan; whoever asked for the number turns nan into an error with the point.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from ..symbolic.errors import BadInput
from .tape import Tape

# erfc(x) = x e^(-x^2)/pi int e^(-t^2)/(t^2 + x^2) dt by the trapezoidal rule, whose error is e^(-(pi/step)^2).
_STEP = 0.45
_TERMS = 17
_SERIES = 24
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(60)


def _erfc(x: Any) -> Any:
    """erfc in the precision of its argument, relative also in the tail (Chiarella and Reichel 1968; Taylor below 1)."""
    x = np.asarray(x)
    size, result = np.abs(x), np.full(x.shape, np.nan, dtype=x.dtype)
    near, far = size < 1, size >= 1
    result[near] = 1 - _erf_series(x[near])
    tail = _erfc_tail(size[far])
    result[far] = np.where(x[far] < 0, 2 - tail, tail)
    return result[()]


def _erfc_tail(x: Any) -> Any:
    kind = x.dtype.type
    step, pi, square = kind(_STEP), kind(_CONSTANT_TEXT["pi"]), x * x
    total = 1 / square
    for k in range(1, _TERMS):
        node = (k * step) ** 2
        total = total + 2 * np.exp(-node) / (square + node)
    # The pole of the integrand lies within the rule's strip for small arguments only.
    pole = np.where(x < pi / step, 2 / (1 - np.exp(2 * pi * np.minimum(x, pi / step) / step)), kind(0))
    return step * x * np.exp(-square) / pi * total + pole


def _erf_series(x: Any) -> Any:
    """erf(x) = 2/sqrt(pi) e^(-x^2) sum_k 2^k x^(2k+1)/(2k+1)!!, for |x| <= 1: all terms have one sign."""
    term, total, double = x, x, 2 * x * x
    for k in range(1, _SERIES):
        term = term * double / (2 * k + 1)
        total = total + term
    return 2 * np.exp(-x * x) * total / np.sqrt(x.dtype.type(_CONSTANT_TEXT["pi"]))


def _owen(h: Any, a: Any) -> Any:
    """Owen's T by Gauss-Legendre quadrature over the angle: 1/(2 pi) int_0^atan(a) exp(-h^2/(2 cos^2)) d(angle)."""
    angle = np.arctan(a) / 2
    cosine = np.cos(np.asarray(angle)[..., None] * (1 + _NODES))
    inside = np.exp(-np.asarray(h * h / 2)[..., None] / (cosine * cosine))
    return angle * np.sum(inside * _WEIGHTS, axis=-1) / (2 * np.pi)


def _erf(x: Any) -> Any:
    x = np.asarray(x)
    near, result = np.abs(x) < 1, 1 - np.asarray(_erfc(x))
    result[near] = _erf_series(x[near])
    return result[()]


_NUMPY: dict[str, Callable[..., Any]] = {
    "erf": _erf,
    "erfc": _erfc,
    "owen": lambda h, a: _owen(h, a),
    "add": np.add,
    "mul": np.multiply,
    "div": np.divide,
    "pow": np.power,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "abs": np.abs,
    "sign": np.sign,
    "max": np.maximum,
    "min": np.minimum,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "choose": np.where,
}
# NumPy has no gamma; the C library's is as accurate, runs element by element, and stays double.
ELEMENTWISE = {"gamma": math.gamma, "lgamma": math.lgamma} | {
    # erfc(y) = x means that a standard normal exceeds sqrt(2) y with probability x/2.
    "erfcinv": lambda x: -NormalDist().inv_cdf(x / 2) / math.sqrt(2)
}
_ROUNDING_FREE = {"abs", "sign", "max", "min", "choose", "undefined", "and", "or", "not"} | {
    "lt",
    "le",
    "gt",
    "ge",
    "eq",
    "ne",
}
_SHAKES = (-3, 1, 2, -1, 3, -2)


class FloatArithmetic:
    """NumPy arrays of one floating type; run it under numpy.errstate(all="ignore") and look for nan afterwards.

    shake: every result is moved by one to three units in its last place, differently from step to step but always the
    same way. Two runs, one of them shaken, then differ by about the rounding error of the whole computation; without
    it 1 - cos(1e-12) is 0 in every floating type, and agreement would prove nothing.
    density: how many times the grid of Gaussian means is finer than the usual one, for steep integrands.
    """

    def __init__(self, dtype: Any = np.float64, shake: bool = False, density: int = 1):
        self.dtype = np.dtype(dtype).type
        self.shake, self.density, self._steps = shake, density, 0

    def number(self, value: sp.Rational) -> Any:
        return _nearest(self.dtype, value)

    def constant(self, name: str) -> Any:
        return self.dtype(_CONSTANT_TEXT[name])

    def apply(self, name: str, *args: Any) -> Any:
        if not self.shake and name in _NUMPY:
            return _NUMPY[name](*args)
        if name == "mean":
            return self._mean(*args)
        result = self._apply(name, *args)
        if not self.shake or name in _ROUNDING_FREE:
            return result
        self._steps += 1
        unit = np.finfo(float if name in ELEMENTWISE else self.dtype).eps
        return result * (1 + _SHAKES[self._steps * 40503 // 16 % len(_SHAKES)] * self.dtype(unit))

    def _mean(self, integrands: Tape, *args: Any) -> list[Any]:
        """E[f(a, z)], z ~ N(0, 1), for every f, by the trapezoidal rule on a grid; the variable is one more, last axis.

        The two steps differ with `shake`, so that what the rule leaves out shows as a disagreement of two runs.
        """
        step, count = (0.0625, 216) if self.shake else (0.075, 180)
        step, count = step / self.density, count * self.density
        nodes = np.arange(-count, count + 1).astype(self.dtype) * self.dtype(step)
        weights = np.exp(-nodes * nodes / 2)
        values = integrands.run(self, [*(np.asarray(a, dtype=self.dtype)[..., None] for a in args), nodes])
        return [np.sum(value * weights, axis=-1) / np.sum(weights) for value in values]

    def _apply(self, name: str, *args: Any) -> Any:
        if name == "power":
            return _integer_power(args[0], args[1])
        if name == "undefined":
            return self.dtype(np.nan)
        if name in ELEMENTWISE:
            return np.vectorize(_quiet(ELEMENTWISE[name]), otypes=[self.dtype])(args[0])
        return _NUMPY[name](*args)


_CONSTANT_TEXT = {
    "pi": "3.14159265358979323846264338327950288",
    "e": "2.71828182845904523536028747135266250",
    "euler": "0.57721566490153286060651209008240243",
}


@lru_cache(maxsize=4096)
def _nearest(dtype: Any, value: sp.Rational) -> Any:
    """The float nearest to a rational. A quotient of two conversions would round twice, and overflow for long p, q."""
    if dtype is np.float64:
        try:
            return np.float64(int(value.p) / int(value.q))
        except OverflowError:
            raise BadInput(f"a number of about 10^{len(str(abs(value.p // value.q))) - 1} has no float") from None
    # A wider type reads 40 digits of text with correct rounding.
    ctx = mpmath.MPContext()
    ctx.dps = 40
    return dtype(ctx.nstr(ctx.mpf(int(value.p)) / int(value.q), 40))


def _quiet(function: Callable[[float], float]) -> Callable[[float], float]:
    """math.gamma raises at its poles where NumPy's functions give nan."""

    def call(x: float) -> float:
        try:
            return function(x)
        except (ValueError, OverflowError):
            return math.nan

    return call


def _integer_power(base: Any, exponent: int) -> Any:
    """By repeated squaring: exact for exact bases, and free of the library's pow."""
    if exponent < 0:
        return 1 / _integer_power(base, -exponent)
    result = None
    while exponent:
        if exponent & 1:
            result = base if result is None else result * base
        exponent >>= 1
        base = base * base if exponent else base
    return base * 0 + 1 if result is None else result


class ContextArithmetic:
    """Scalars of one mpmath context."""

    def __init__(self, ctx: mpmath.MPContext):
        self.ctx = ctx
        # Calls through the context, so its precision at the time of the call is the one that counts.
        self._table: dict[str, Callable[..., Any]] = {
            "add": lambda x, y: x + y,
            "mul": lambda x, y: x * y,
            "div": lambda x, y: x / y,
            "power": lambda x, n: x**n,
            "pow": ctx.power,
            "abs": abs,
            "sign": ctx.sign,
            "max": max,
            "min": min,
            "lgamma": ctx.loggamma,
            "erfcinv": lambda x: ctx.erfinv(1 - x),
            "owen": lambda h, a: (
                ctx.quad(lambda t: ctx.exp(-h * h * (1 + t * t) / 2) / (1 + t * t), [0, a]) / (2 * ctx.pi)
            ),
            "lt": lambda x, y: x < y,
            "le": lambda x, y: x <= y,
            "gt": lambda x, y: x > y,
            "ge": lambda x, y: x >= y,
            "eq": lambda x, y: x == y,
            "ne": lambda x, y: x != y,
            "and": lambda x, y: x and y,
            "or": lambda x, y: x or y,
            "not": lambda x: not x,
            "choose": lambda condition, x, y: x if condition else y,
            "undefined": lambda: ctx.nan,
        }

    def number(self, value: sp.Rational) -> Any:
        return self.ctx.mpf(int(value.p)) / int(value.q)

    def constant(self, name: str) -> Any:
        return +getattr(self.ctx, name)

    def apply(self, name: str, *args: Any) -> Any:
        operation = self._table.get(name) or getattr(self.ctx, name, None)
        if operation is None:
            raise BadInput(f"mpmath has no operation {name}")
        try:
            return operation(*args)
        except (ZeroDivisionError, ValueError, OverflowError):
            return self.ctx.nan

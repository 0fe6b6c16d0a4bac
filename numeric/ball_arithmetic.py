"""Real balls as the arithmetic of a tape: fast enclosures of many narrow cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from flint import arb, fmpq

from ..symbolic.errors import BadInput


def _ball(value: Any) -> arb:
    number = sp.Rational(value)
    return arb(fmpq(int(number.p), int(number.q)))


def _turned(value: arb, slope: arb, radius: arb) -> arb:
    """f(m + e) for |e| <= r, f = sin or cos: f(m) cos(e) + f'(m) sin(e); Arb's own bound is r, whatever the slope."""
    even = 1 - arb(0, 1) * radius**2 / 4 - radius**2 / 4
    return value * even + slope * arb(0, 1) * radius


class BallArithmetic:
    """Real balls for a tape, at the working precision."""

    _functions: Mapping[str, Callable[..., Any]] = {
        "add": lambda x, y: x + y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "power": lambda x, n: x**n if n >= 0 else 1 / x ** (-n),
        "sqrt": arb.sqrt,
        "sin": lambda x: _turned(x.mid().sin(), x.mid().cos(), x.rad()),
        "cos": lambda x: _turned(x.mid().cos(), -x.mid().sin(), x.rad()),
        "exp": arb.exp,
        "log": arb.log,
        "atan": arb.atan,
        "atan2": arb.atan2,
        "abs": abs,
        "max": arb.max,
        "min": arb.min,
    }
    _constants: Mapping[str, Callable[[], arb]] = {"pi": arb.pi, "e": arb.const_e, "euler": arb.const_euler}

    def number(self, value: sp.Rational) -> arb:
        return _ball(value)

    def constant(self, name: str) -> arb:
        return self._constants[name]()

    def apply(self, name: str, *args: Any) -> Any:
        if name not in self._functions:
            raise BadInput(f"no ball enclosure of {name} in a search; write the curve without it")
        return self._functions[name](*args)

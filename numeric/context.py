"""Local mpmath contexts: precision is an argument here, never a global state."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import sympy as sp

from ..symbolic.errors import BadInput
from ..symbolic.precision import context
from ..symbolic.reading import exact_number

GUARD = 15


def local_context(digits: int, guard: int = GUARD) -> mpmath.MPContext:
    """A fresh mpmath context that works with `digits + guard` decimal digits.

    The global context `mpmath.mp` is neither read nor changed.

    >>> ctx = local_context(30)
    >>> ctx.nstr(ctx.sqrt(2), 30)
    '1.41421356237309504880168872421'
    """
    if digits < 1:
        raise BadInput(f"{digits} digits: ask for at least one")
    return context(digits + guard)


def exact(value: Any) -> Any:
    """An exact rational from an int, a Fraction, a SymPy rational or text such as "-3", "3/7", "0.25", "1e-12".

    Raises BadInput for floats (their decimal text is what was meant, and only the caller knows it).

    >>> exact("0.25"), exact("3/7")
    (1/4, 3/7)
    """
    if isinstance(value, sp.Rational):
        return value
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return sp.Rational(value.numerator, value.denominator)
    if isinstance(value, str):
        return exact_number(value)
    raise BadInput(f"{value!r} is not exact; write an integer, p/q or a decimal as text")


def to_context(ctx: mpmath.MPContext, value: Any) -> Any:
    """The number of `ctx` nearest to an exact value; numbers that mpmath made pass through its rounding."""
    if hasattr(value, "_mpf_"):  # an mpf of whatever context: each context has a class of its own
        return ctx.mpf(value)
    number = exact(value)
    return ctx.mpf(int(number.p)) / int(number.q)

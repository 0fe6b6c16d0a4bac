"""Numbers in and out of balls for this engine: exact constants in, certified decimals out.

The working precision is entered with `working(bits)` BEFORE the first ball is made: a coefficient rounded at low
precision stays rounded.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
from flint import acb

from ..balls import enclose
from ..decimals import certified_text
from ..errors import BadInput
from ..values import Certified
from .field import exact

Value = Certified | tuple[Certified, Certified]


def to_ball(value: Any) -> acb:
    """An exact constant (rational, algebraic, I) as a ball at the current precision."""
    return enclose(exact(value), {}, flint.ctx.prec)


def to_fraction(value: Any) -> Fraction:
    """An exact rational as a Fraction; BadInput otherwise."""
    value = exact(value)
    if not value.is_Rational:
        raise BadInput(f"{value} is not rational")
    return Fraction(int(value.p), int(value.q))


def is_real(value: acb) -> bool:
    """True for a ball whose imaginary part is exactly zero."""
    return value.imag.is_zero()


def certified(value: acb, digits: int, evidence: str) -> Value:
    """Certified, or (real part, imaginary part) of a complex number; NotCertified when the ball is too wide."""
    parts = [Certified(*certified_text(part, digits), digits, "arb", evidence) for part in (value.real, value.imag)]
    return parts[0] if is_real(value) else (parts[0], parts[1])

"""Balls and rationals as decimal text: N significant digits and a radius that bounds everything, rounding included."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from flint import arb

from .balls import working
from .errors import NotCertified

# A true value this close to the middle between two decimals (in units of the last digit) may be rounded either way.
TIE = Fraction(1, 10**10)
# Beyond this many bits of exponent, exact fractions are too long to work with.
_LONGEST = 100_000


def certified_text(ball: arb, digits: int) -> tuple[str, str]:
    """(value, radius): |true - value| <= radius, the value having exactly `digits` significant digits.

    The value is the true one correctly rounded, unless that lies within TIE units of a tie. The ball 0 +- 0 gives
    ("0", "0"). Raises NotCertified when the ball is too wide.

    >>> from quenched.symbolic.balls import working
    >>> with working(80): certified_text(arb(2).sqrt(), 15)
    ('1.41421356237310', '5.0e-15')
    """
    if not ball.is_finite():
        raise NotCertified(f"no finite enclosure was reached; {digits} digits were asked for")
    if ball.mid().is_zero() and not ball.is_exact():
        raise NotCertified("not even the sign is certain: the ball is centred at 0")
    if abs(_magnitude(ball.mid())) > _LONGEST:
        return _rescaled(ball, digits)
    middle, radius = _fraction(ball.mid()), _bounded(ball)
    if radius >= abs(middle):
        if middle == 0 and radius == 0:
            return "0", "0"
        raise NotCertified(f"not even the sign is certain: the value is within {_short(abs(middle) + radius)} of 0")
    power = _exponent(middle) - digits + 1
    unit = Fraction(10) ** power
    low, high = _nearest((middle - radius) / unit), _nearest((middle + radius) / unit)
    if low != high and radius > TIE * unit:
        sure = max(_exponent(abs(middle)) - _exponent(radius) - 1, 0)
        raise NotCertified(f"about {min(sure, digits - 1)} of {digits} digits are certain")
    count = _nearest(middle / unit)
    return _decimal(count, power, digits), _short(abs(count * unit - middle) + radius)


def _magnitude(ball: arb) -> int:
    """The binary exponent of an exact ball; 0 for 0."""
    mantissa, exponent = ball.man_exp()
    return int(exponent) + int(mantissa).bit_length() if mantissa else 0


def _bounded(ball: arb) -> Fraction:
    """The radius of a ball, or a larger number where its exponent is too long for a fraction."""
    radius = ball.rad()
    least = _magnitude(ball.mid()) - _LONGEST
    return Fraction(2) ** least if not radius.is_zero() and _magnitude(radius) < least else _fraction(radius)


def _rescaled(ball: arb, digits: int) -> tuple[str, str]:
    """certified_text of a ball whose exponent is too long for exact fractions: a power of ten is split off in balls."""
    precision = int(digits * 3.33) + abs(_magnitude(ball.mid())).bit_length() + 64
    with working(precision):
        mantissa, exponent = (abs(ball.mid()).log() / arb(10).log()).floor().mid().man_exp()
        power = int(mantissa) * 2 ** int(exponent)
        scaled = ball / arb(10) ** power
    value, radius = certified_text(scaled, digits)
    return _shifted(value, power), _shifted(radius, power)


def _shifted(text: str, power: int) -> str:
    """A decimal string times a power of ten."""
    if text == "0":
        return text
    mantissa, _, exponent = text.partition("e")
    whole, _, rest = mantissa.lstrip("-").partition(".")
    digits = (whole + rest).lstrip("0")
    leading = len(whole.lstrip("0")) - 1 if whole.strip("0") else -(len(rest) - len(rest.lstrip("0"))) - 1
    sign = "-" if mantissa.startswith("-") else ""
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{int(exponent or 0) + leading + power:+03d}"


def exact_text(value: sp.Rational, digits: int) -> tuple[str, str]:
    """(value, radius) of an exact rational; the radius is the rounding error, "0" where the decimal is exact.

    >>> exact_text(sp.Rational(1, 4), 5), exact_text(sp.Rational(0), 5)
    (('0.25000', '0'), ('0', '0'))
    """
    number = Fraction(int(value.p), int(value.q))
    if number == 0:
        return "0", "0"
    power = _exponent(number) - digits + 1
    unit = Fraction(10) ** power
    count = _nearest(number / unit)
    return _decimal(count, power, digits), _short(abs(count * unit - number))


def _fraction(ball: arb) -> Fraction:
    """The exact value of a ball without radius."""
    mantissa, exponent = ball.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _nearest(number: Fraction) -> int:
    """The nearest integer, halves away from zero."""
    count = (2 * abs(number) + 1) // 2
    return int(count) if number >= 0 else -int(count)


def _exponent(number: Fraction) -> int:
    """floor(log10 |number|), exactly."""
    number = abs(number)
    guess = int((number.numerator.bit_length() - number.denominator.bit_length()) * Fraction(30103, 100000)) - 1
    while Fraction(10) ** (guess + 1) <= number:
        guess += 1
    while Fraction(10) ** guess > number:
        guess -= 1
    return guess


def _decimal(count: int, power: int, digits: int) -> str:
    """count * 10^power with all its digits: positional where that adds no digits, else with an exponent."""
    text, sign = str(abs(count)), "-" if count < 0 else ""
    if len(text) > digits:  # 9.99 rounded up to 10.0: the last zero is one digit too many
        text, power = text[:-1], power + 1
    exponent = power + len(text) - 1
    if 0 <= exponent < digits:
        whole, rest = text[: exponent + 1], text[exponent + 1 :]
        return sign + (f"{whole}.{rest}" if rest else whole)
    if -6 <= exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{text}"
    return sign + text[0] + (f".{text[1:]}" if digits > 1 else "") + f"e{exponent}"


def _short(error: Fraction) -> str:
    """Two digits, rounded up, so that the bound stays a bound."""
    if error == 0:
        return "0"
    power = _exponent(error) - 1
    count = -((-error / Fraction(10) ** power) // 1)
    if count == 100:
        count, power = Fraction(10), power + 1
    return f"{int(count) // 10}.{int(count) % 10}e{power + 1}"

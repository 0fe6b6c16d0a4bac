import random
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, fmpq

from quenched.symbolic.balls import working
from quenched.symbolic.decimals import certified_text, exact_text
from quenched.symbolic.errors import NotCertified


def ball_of(number, prec):
    with working(prec):
        return arb(fmpq(number.numerator, number.denominator))


def test_values_are_correctly_rounded_and_radii_are_bounds():
    rng = random.Random("decimals")
    for _ in range(500):
        digits = rng.randint(1, 40)
        number = Fraction(rng.randint(-(10**30), 10**30), rng.randint(1, 10**25)) * Fraction(10) ** rng.randint(-30, 30)
        value, radius = certified_text(ball_of(number, 250), digits)
        assert abs(Fraction(value) - number) <= Fraction(radius)
        # Within half a unit of the last of `digits` digits, and written with that many.
        power = Fraction(10) ** (exponent(number) - digits + 1)
        assert abs(Fraction(value) - number) <= power / 2
        assert significant(value) == digits
        assert Fraction(radius) <= power * Fraction(51, 100)
        assert exact_text(sp.Rational(number.numerator, number.denominator), digits)[0] == value


def significant(text):
    return len(text.partition("e")[0].lstrip("-").replace(".", "").lstrip("0"))


def exponent(number):
    size, power = abs(number), 0
    while size >= 10:
        size, power = size / 10, power + 1
    while size < 1:
        size, power = size * 10, power - 1
    return power


@pytest.mark.parametrize(
    ("number", "digits", "value"),
    [
        ("9.996", 3, "10.0"),
        ("0.0009996", 3, "0.00100"),
        ("123456", 3, "1.23e5"),
        ("-0.00000012345", 4, "-1.235e-7"),
        ("999", 3, "999"),
        ("5", 1, "5"),
        ("1e50", 2, "1.0e50"),
    ],
)
def test_layout(number, digits, value):
    assert exact_text(sp.Rational(number), digits)[0] == value


def test_too_wide_balls_are_refused():
    with working(200):
        good, wide = arb(1) / 3 + arb(0, "1e-12"), arb(1) / 3 + arb(0, "1e-9")
    assert certified_text(good, 10)[0] == "0.3333333333"
    assert float(certified_text(good, 10)[1]) >= 3.4e-11
    for ball, message in ((wide, "of 10 digits"), (arb(0, 1), "sign"), (arb("nan"), "finite"), (arb("inf"), "finite")):
        with pytest.raises(NotCertified, match=message):
            certified_text(ball, 10)
    assert certified_text(arb(0), 10) == ("0", "0")


def test_a_tie_is_rounded_only_when_it_is_certain_to_be_one():
    with working(300):
        tie = arb(1) / 8 + arb(0, "1e-5"), arb(1) / 8 + arb(0, "1e-40")
    with pytest.raises(NotCertified):
        certified_text(tie[0], 2)
    value, radius = certified_text(tie[1], 2)
    assert value == "0.13" and Fraction(radius) > Fraction(5, 1000)

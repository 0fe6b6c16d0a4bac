from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from quenched.numeric import gaussian_mean, integral
from quenched.symbolic.errors import BadInput, NotCertified

x, s = sp.symbols("x s")


def close(found, truth):
    return abs(Fraction(found.value) - Fraction(mpmath.nstr(truth, found.digits + 5))) <= 2 * Fraction(found.radius)


@pytest.mark.parametrize("digits", [15, 40])
def test_integrals_with_cuts(digits):
    ctx = mpmath.MPContext()
    ctx.dps = digits + 15
    assert close(integral(sp.sqrt(1 - x**2), x, 0, 1, digits=digits), ctx.pi / 4)
    assert close(integral(sp.Abs(x - s), x, -1, 1, {s: sp.Rational(1, 3)}, digits), ctx.mpf(10) / 9)
    assert close(integral(sp.log(x), x, 1, s, {s: 3}, digits), 3 * ctx.log(3) - 2)


def test_model_integral_has_its_closed_form():
    """int_0^phi sin^2/(A + B cos) against its elementary antiderivative at a generic point."""
    A, B, phi = sp.Rational(3, 2), sp.Rational(7, 5), sp.Rational(5, 4)
    found = integral(sp.sin(x) ** 2 / (A + B * sp.cos(x)), x, 0, phi, digits=30)
    root = sp.sqrt(A**2 - B**2)
    closed = A * phi / B**2 - sp.sin(phi) / B
    closed -= 2 * root / B**2 * sp.atan(sp.sqrt((A - B) / (A + B)) * sp.tan(phi / 2))
    assert close(found, sp.N(closed, 50))


@pytest.mark.parametrize("digits", [15, 60])
def test_gaussian_means(digits):
    ctx = mpmath.MPContext()
    ctx.dps = digits + 15
    half = sp.Rational(1, 2)
    assert close(gaussian_mean(sp.exp(s * x), x, (1, half), {s: half}, digits), ctx.exp(ctx.mpf(1) / 8))
    assert close(gaussian_mean(sp.Max(x, 0), x, (1, 1), digits=digits), 1 / ctx.sqrt(2 * ctx.pi))
    assert close(gaussian_mean(x**6, x, (720, 1), digits=digits), ctx.mpf(15))
    stein = gaussian_mean(x * sp.tanh(x), x, (1, 1), digits=digits)
    assert close(gaussian_mean(1 - sp.tanh(x) ** 2, x, (1, 0), digits=digits), ctx.mpf(stein.value))


def test_a_false_tail_costs_only_the_radius():
    """The tail bound enters the radius: with an absurd constant fewer digits are certain, and more bits are spent."""
    assert gaussian_mean(x**2, x, (10**40, 1), digits=20).value == "1.0000000000000000000"


def test_divergence_and_nonsense_are_refused():
    with pytest.raises(NotCertified):
        integral(1 / x, x, 0, 1, digits=2)
    with pytest.raises(BadInput, match="holomorphic"):
        integral(sp.Piecewise((x, x > 0), (0, True)), x, -1, 1)
    with pytest.raises(BadInput, match="growth"):
        gaussian_mean(x, x, (-1, 0))

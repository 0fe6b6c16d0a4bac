from fractions import Fraction

import mpmath
import pytest

from quenched.numeric import integrate
from quenched.symbolic.errors import BadInput, NotCertified


@pytest.fixture
def ctx():
    context = mpmath.MPContext()
    context.dps = 80
    return context


@pytest.mark.parametrize("digits", [10, 30, 60])
@pytest.mark.parametrize("t", ["7/3", "-7/3"])
def test_rotation(ctx, digits, t):
    state = integrate(lambda z: [-z[1], z[0]], [1, 0], t, digits)
    angle = ctx.mpf(Fraction(t).numerator) / Fraction(t).denominator
    for found, exact in zip(state.values, (ctx.cos(angle), ctx.sin(angle))):
        assert abs(ctx.mpf(found) - exact) < ctx.mpf(10) ** -digits
    assert state.error < ctx.mpf(10) ** -digits


def test_cubic_with_constants_and_powers(ctx):
    """z' = 1 - z^2 + 0 z^3 is tanh; the forms 1 - z**2, z - z - z*z + 1 are one field."""
    for field in (lambda z: [1 - z[0] ** 2], lambda z: [z[0] - z[0] - z[0] * z[0] + 1]):
        (value,) = integrate(field, [0], 3, 40).values
        assert abs(ctx.mpf(value) - ctx.tanh(3)) < ctx.mpf(10) ** -40


def test_gaps_in_the_series(ctx):
    """t' = 1, z' = t^2 z: a series in t^3, whose last two coefficients may both vanish."""
    state = integrate(lambda z: [1, z[0] * z[0] * z[1]], [0, 1], 2, 30)
    assert abs(ctx.mpf(state.values[1]) - ctx.exp(ctx.mpf(8) / 3)) < ctx.mpf(10) ** -28


def test_fixed_points_and_zero_time():
    assert integrate(lambda z: [z[0] * z[1], z[1]], [0, 0], 5).values == (0, 0)
    assert integrate(lambda z: [z[0]], ["3/2"], 0).values == (1.5,)


def test_blow_up_is_not_crossed():
    with pytest.raises(NotCertified):
        integrate(lambda z: [z[0] * z[0]], [1], 2, 15)


def test_bad_fields_are_refused():
    with pytest.raises(BadInput, match="2 components for 1"):
        integrate(lambda z: [z[0], z[0]], [1], 1)
    with pytest.raises(BadInput, match="power"):
        integrate(lambda z: [z[0] ** -1], [1], 1)
    with pytest.raises(BadInput, match="exact"):
        integrate(lambda z: [z[0]], [0.5], 1)

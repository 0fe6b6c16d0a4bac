import numpy as np
import pytest
import sympy as sp

from quenched.numeric.context import exact, local_context
from quenched.numeric.floats import ContextArithmetic, FloatArithmetic
from quenched.numeric.tape import Tape
from quenched.symbolic.balls import real_enclosure
from quenched.symbolic.errors import BadInput

x, y = sp.symbols("x y")
FORMULAS = [
    (x - y) ** 3 / (x**2 + y) - sp.Rational(2, 7),
    sp.sqrt(x) * x ** sp.Rational(-3, 2) + y ** sp.Rational(1, 3) + x**y,
    sp.exp(-x) * sp.log(y) + sp.sin(x) * sp.cos(y) + sp.tan(x / y) + sp.cot(x),
    sp.asin(x / 4) + sp.acos(x / 5) + sp.atan(y) + sp.atan2(x, -y),
    sp.sinh(x) + sp.cosh(y) - sp.tanh(x * y) + sp.asinh(y) + sp.acosh(y) + sp.atanh(x / 3),
    sp.erf(x) + sp.erfc(y) + sp.gamma(y) - sp.loggamma(y) + sp.pi + sp.E + sp.EulerGamma,
    sp.Abs(x - y) + sp.sign(x - y) + sp.Max(x, y, 1) * sp.Min(x, y),
    sp.Piecewise((x, (x > y) | (x < 0)), (y, sp.And(x < y, y >= 2)), (7, True)),
    sp.Piecewise((x, sp.Eq(x, y)), (x * y, True)),
]


@pytest.mark.parametrize("formula", FORMULAS, ids=range(len(FORMULAS)))
def test_three_arithmetics_agree_with_balls(formula):
    at = {x: sp.Rational(5, 7), y: sp.Rational(17, 8)}
    ball = real_enclosure(formula, at, 200)
    tape = Tape([x, y], [formula])
    ctx = local_context(40)
    (digits,) = tape.run(ContextArithmetic(ctx), [ctx.mpf(5) / 7, ctx.mpf(17) / 8])
    assert abs(digits - ctx.mpf(ball.mid().str(50, radius=False))) < ctx.mpf(10) ** -38
    for dtype, tolerance in ((np.float64, 1e-14), (np.longdouble, 1e-14)):
        points = [np.array([5, 5], dtype=dtype) / 7, np.array([17, 17], dtype=dtype) / 8]
        (values,) = tape.run(FloatArithmetic(dtype), points)
        assert values.dtype == dtype
        assert np.all(np.abs(values / float(ball) - 1) < tolerance)


def test_wide_floats_are_wide():
    if np.finfo(np.longdouble).eps >= np.finfo(float).eps:
        pytest.skip("long double is double here")
    (value,) = Tape([x], [x * sp.pi / 3]).run(FloatArithmetic(np.longdouble), [np.longdouble(1)])
    assert abs(value - np.longdouble("1.04719755119659774615421446109316763")) < 1e-18


def test_shared_subexpressions_are_computed_once():
    shared = sp.sqrt(x**2 + y**2)
    one, two = Tape([x, y], [sp.sin(shared)]), Tape([x, y], [sp.sin(shared), sp.sin(shared) + sp.cos(shared)])
    assert len(two) == len(one) + 2


def test_names_of_symbols_are_never_executed():
    hostile = sp.Symbol("__import__('os').system('false')")
    (value,) = Tape([hostile], [hostile + 1]).run(FloatArithmetic(), [2.0])
    assert value == 3.0


def test_what_has_no_number_is_refused():
    with pytest.raises(BadInput, match="no value given for y"):
        Tape([x], [x + y])
    with pytest.raises(BadInput, match="numeric form"):
        Tape([x], [sp.Integral(sp.exp(x * y), (y, 0, 1))])
    with np.errstate(all="ignore"):
        (value,) = Tape([x], [sp.sqrt(x)]).run(FloatArithmetic(), [np.array([-1.0])])
    assert np.isnan(value).all()


def test_exact_numbers_only():
    assert exact(" -3/4 ") == sp.Rational(-3, 4) and exact("2.50") == sp.Rational(5, 2)
    for bad in (0.5, "x", "1/0", None, True, sp.Float(1), ""):
        with pytest.raises(BadInput):
            exact(bad)

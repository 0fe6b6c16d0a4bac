import time
from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from quenched.numeric import evaluate
from quenched.symbolic.errors import BadInput, NotCertified, OutsideDomain, UnknownName
from quenched.symbolic.quantity import REAL
from quenched.symbolic.system import System, Unknown

x, p = sp.Symbol("x"), sp.Symbol("p", positive=True)
REFERENCE = "1.233671251301343691026890"  # by an independent calculation, in the notes of the model


def test_reference_values(probe, generic):
    assert evaluate(probe, "generalisation_error", generic, 25).value == REFERENCE
    assert evaluate(probe, "training_error", generic, 24).value == "0.548298333911708307123062"
    overlaps = evaluate(probe, "overlap", generic, 15)
    assert [c.value for c in overlaps] == ["0.863221316253149", "0.737101454543622"]
    assert "interval Newton" in overlaps[0].branch and overlaps[0].level == "arb"


def test_digits_agree_and_radii_are_true(probe, generic):
    precise = evaluate(probe, "generalisation_error", generic, 1000)
    truth = Fraction(precise.value)
    assert len(precise.value.replace(".", "")) == 1000
    for digits in (1, 2, 15, 50, 333):
        found = evaluate(probe, "generalisation_error", generic, digits)
        assert abs(Fraction(found.value) - truth) <= Fraction(found.radius) < Fraction(51, 10 ** (digits + 1))
        assert len(found.value.replace(".", "")) == digits


def test_a_thousand_digits_are_quick(probe, generic):
    begin = time.perf_counter()
    evaluate(probe, "generalisation_error", generic, 1000)
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize("rho", ["1e-12", "1e-60", "0.4999999999999999"])
def test_quantile_near_the_ends(probe, generic, rho):
    """c - c0 -> rho * dc/drho, with dc/drho = gamma (1 + theta)/(theta - s)^2 at the upper edge."""
    found = evaluate(probe, "overlap", {**generic, "rho": rho}, 80)[0]
    if rho.startswith("1e"):
        theta, gamma = mpmath.mpf(3), mpmath.mpf("0.5")
        ctx = mpmath.MPContext()
        ctx.dps = 90
        start = (ctx.mpf(9) - ctx.mpf(1) / 2) / (3 * ctx.mpf("3.5"))
        slope = (ctx.mpf(found.value) - start) / ctx.mpf(rho)
        expected = gamma * (1 + theta) / (theta - gamma**0.5) ** 2
        assert abs(slope / expected - 1) < 1e-7
    assert 0 < float(found.value) < 1


def test_exact_zero_exact_rational_and_words(probe, generic, make_model, make_parameter):
    zero = evaluate(probe, "nothing", generic, 30)
    assert (zero.value, zero.radius) == ("0", "0")
    word = evaluate(probe, "verdict", generic)
    assert word.value is None and word.radius is None and word.word == "none" and str(word) == "none"
    model = make_model([make_parameter("p")], System({"quarter": p / 4, "third": p / 3}))
    assert evaluate(model, "quarter", {"p": 1}, 4).value == "0.2500"
    assert evaluate(model, "quarter", {"p": 1}, 4).radius == "0"
    third = evaluate(model, "third", {"p": Fraction(1)}, 4)
    assert (third.value, third.radius) == ("0.3333", "3.4e-5")


def test_kepler_agrees_with_mpmath(make_model, make_parameter):
    e = sp.Symbol("e", positive=True)
    system = System({"anomaly": x}, (Unknown(x, sp.Integer(0), sp.pi),), (x - e * sp.sin(x) - p,))
    model = make_model([make_parameter("p"), make_parameter("e")], system)
    found = evaluate(model, "anomaly", {"p": 1, "e": "9/10"}, 60)
    ctx = mpmath.MPContext()
    ctx.dps = 70
    root = ctx.findroot(lambda t: t - ctx.mpf(9) / 10 * ctx.sin(t) - 1, 1.86)
    assert abs(ctx.mpf(found.value) - root) <= ctx.mpf(found.radius)


def one_root(make_model, make_parameter, equation, low, high, observable=x):
    unknown = Unknown(x, sp.S(low), sp.S(high))
    return make_model([make_parameter("p", REAL)], System({"root": observable}, (unknown,), (equation,)))


@pytest.mark.parametrize(
    ("equation", "low", "high", "value"),
    [
        (x**2 - 2, 0, 2, "1.41421356237"),
        (x**3 - x - 1, 0, 3, "1.32471795724"),  # not monotone in the bracket
        (8 * x - 3, 0, 1, "0.375000000000"),
        (2 * x - 1, 0, 1, "0.500000000000"),  # the middle of the bracket is the root
        (sp.exp(x) - 1 - x**2, -1, sp.Rational(1, 2), None),  # root at 0: no relative digits
        (x - 2 / (1 + x) - 10**6, 0, sp.oo, "1000000.00000"),
        (sp.log(x) + 50, 0, sp.oo, "1.92874984796e-22"),
        (x**3 + 7, -sp.oo, 0, "-1.91293118277"),
        (x**3 + 7, -sp.oo, sp.oo, "-1.91293118277"),
        (x**2 + 7, -sp.oo, sp.oo, None),
        (x**3 - p, 0, 2, "0"),  # triple root at the end, exactly
        (1 / x, -1, 2, None),  # a pole is no root
        ((x - 1) ** 2, 0, 2, None),  # a double root has no sign change
        (x**2 + 1, -1, 3, None),
        ((x - 1) * (x - 2) * (2 * x - 5), 0, 3, None),  # three roots are not one branch
        ((x - 1) * (2 * x - 5), 0, 3, None),
        (x * (2 * x - 1), 0, 1, None),  # a root at the end and one inside
    ],
)
def test_roots_in_brackets(make_model, make_parameter, equation, low, high, value):
    model = one_root(make_model, make_parameter, equation, low, high)
    if value is None:
        with pytest.raises(NotCertified):
            evaluate(model, "root", {"p": 0}, 12)
    else:
        assert evaluate(model, "root", {"p": 0}, 12).value == value


def test_a_hidden_zero_is_not_printed(make_model, make_parameter):
    model = one_root(make_model, make_parameter, x**2 - 2, 0, 2, observable=x**2 - 2)
    with pytest.raises(NotCertified, match="sign"):
        evaluate(model, "root", {"p": 0}, 12)


def test_cancellation_is_paid_in_bits(make_model, make_parameter):
    """1 - cos(10^-40) = 10^-80/2 - ...: 80 digits cancel and the value is still certified."""
    model = make_model([make_parameter("p")], System({"versine": 1 - sp.cos(p)}))
    found = evaluate(model, "versine", {"p": "1e-40"}, 20)
    assert (found.value, found.digits) == ("5.0000000000000000000e-81", 20)


def test_bad_input_is_refused(probe, generic):
    with pytest.raises(BadInput, match="exact"):
        evaluate(probe, "overlap", {**generic, "gamma": 0.5})
    with pytest.raises(BadInput, match="go together"):
        evaluate(probe, "overlap", {**generic, "a": "1"})
    with pytest.raises(UnknownName, match="gamma"):
        evaluate(probe, "overlap", {**generic, "gama": 1})
    with pytest.raises(UnknownName, match="overlap"):
        evaluate(probe, "overlaps", generic)
    with pytest.raises(OutsideDomain, match="gamma = -1"):
        evaluate(probe, "overlap", {**generic, "gamma": "-1"})
    with pytest.raises(OutsideDomain, match="k < N"):
        evaluate(probe, "overlap", {**generic, "rho": "3/4"})
    with pytest.raises(BadInput, match="no value for alpha"):
        evaluate(probe, "overlap", {key: generic[key] for key in generic if key != "alpha"})
    with pytest.raises(BadInput, match="at least one"):
        evaluate(probe, "overlap", generic, 0)


def test_default_is_used(probe, generic):
    without = {key: generic[key] for key in generic if key != "sigma2"}
    assert evaluate(probe, "generalisation_error", without, 25).value == REFERENCE


def test_matrix_parameters(make_model, make_parameter):
    X = sp.IndexedBase("X", real=True)
    system = System({"determinant": X[1, 1] * X[2, 2] - X[1, 2] * X[2, 1]})
    model = make_model([make_parameter("X", REAL, kind="matrix")], system)
    assert evaluate(model, "determinant", {"X": "1,2;3,1/2"}, 3).value == "-5.50"
    assert evaluate(model, "determinant", {"X": [[1, 2], [3, "1/2"]]}, 3).value == "-5.50"
    with pytest.raises(BadInput, match="equal length"):
        evaluate(model, "determinant", {"X": "1,2;3"}, 3)

"""Several unknowns: continuation finds the branch, Newton the digits, Krawczyk the proof."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb

from quenched.numeric import evaluate, function
from quenched.numeric.compile import Compiled
from quenched.numeric.continuation import follow
from quenched.numeric.krawczyk import certify
from quenched.symbolic.errors import BadInput, NotCertified
from quenched.symbolic.system import System, Unknown

g, h = sp.symbols("g h")
lam, c, tau = sp.symbols("lam c tau", positive=True)


def resolvent_system():
    """g = 1/(lam + tau c h), h = 1/(1 + tau g): trace of a sample-covariance resolvent, noise scaled by tau."""
    return System(
        observables={"trace": g, "both": [g, h]},
        unknowns=(Unknown(g, start=1 / lam), Unknown(h, start=1 / (1 + tau / lam))),
        equations=(g * (lam + tau * c * h) - 1, h * (1 + tau * g) - 1),
        continuation=(tau, sp.Integer(0)),
        branch="variance continuation",
    )


@pytest.fixture
def resolvent(make_model, make_parameter):
    return make_model([make_parameter("lam"), make_parameter("c"), make_parameter("tau")], resolvent_system())


def positive_root(ctx, lam_value, c_value):
    """lam g^2 + (lam + c - 1) g - 1 = 0, the positive root (tau = 1)."""
    half = lam_value + c_value - 1
    return (-half + ctx.sqrt(half**2 + 4 * lam_value)) / (2 * lam_value)


@pytest.mark.parametrize("digits", [15, 50, 300])
def test_physical_branch_to_all_digits(resolvent, digits):
    found = evaluate(resolvent, "trace", {"lam": "1/1000", "c": "1/3", "tau": 1}, digits)
    ctx = mpmath.MPContext()
    ctx.dps = digits + 10
    root = positive_root(ctx, ctx.mpf(1) / 1000, ctx.mpf(1) / 3)
    assert abs(ctx.mpf(found.value) - root) <= ctx.mpf(found.radius)
    assert "Krawczyk" in found.branch and "continuation in tau" in found.branch


def test_float_function_agrees(resolvent):
    values = function(resolvent, "both")(lam=[0.001, 0.3, 2.0], c=1 / 3, tau=1.0)
    expected = [positive_root(mpmath.fp, value, 1 / 3) for value in (0.001, 0.3, 2.0)]
    assert values.shape == (3, 2)
    assert np.allclose(values[:, 0], expected, rtol=1e-12, atol=0)
    assert np.allclose(values[:, 1], 1 / (1 + values[:, 0]), rtol=1e-12, atol=0)


def test_continuation_stays_on_its_branch():
    """x^3 - 3 x = p from x = -sqrt 3 at p = 0: Newton from there at p = -1.9 alone would be free to jump."""
    x, p = sp.symbols("x p")
    branch = System({"x": x}, (Unknown(x, start=-sp.sqrt(3)),), (x**3 - 3 * x - p,), continuation=(p, sp.Integer(0)))
    found, steps = follow(Compiled(branch), [np.array([-1.9, 1.9])])
    for p_value, root in zip((-1.9, 1.9), found[0]):
        assert abs(root - np.sort(np.roots([1, 0, -3, -p_value]))[0]) < 1e-12
    assert steps > 3


def test_a_branch_that_ends_is_not_left_silently():
    """The branch through x = -sqrt 3 exists for p <= 2 only: beyond the fold another root must not be returned."""
    x, p = sp.symbols("x p")
    branch = System({"x": x}, (Unknown(x, start=-sp.sqrt(3)),), (x**3 - 3 * x - p,), continuation=(p, sp.Integer(0)))
    with pytest.raises(NotCertified, match=r"lost near p = 2|lost near p = 1\.9"):
        follow(Compiled(branch), [3.0])


def test_krawczyk_accepts_roots_and_nothing_else():
    def residual(z, prec):
        return [z[0] ** 2 + z[1] ** 2 - 2, z[0] - z[1]]

    def jacobian(z, prec):
        return [[2 * z[0], 2 * z[1]], [arb(1), arb(-1)]]

    near = [1 + arb(2) ** -60, 1 - arb(2) ** -61]
    balls = certify(residual, jacobian, near, 100)
    assert balls is not None and all(ball.contains(1) for ball in balls)
    assert all(ball.rad() < arb(2) ** -80 for ball in balls)
    assert certify(residual, jacobian, [arb("1.01"), arb(1)], 100) is None
    assert (
        certify(lambda z, _: [z[0] ** 2, z[1]], lambda z, _: [[2 * z[0], arb(0)], [arb(0), arb(1)]], near, 100) is None
    )


def test_a_double_root_is_not_certified(make_model, make_parameter):
    x, p = sp.Symbol("x"), sp.Symbol("p", positive=True)
    system = System({"x": x}, (Unknown(x, start=p + 1),), ((x - p) ** 2,))
    with pytest.raises(NotCertified):
        evaluate(make_model([make_parameter("p")], system), "x", {"p": "3/7"})


def test_a_negative_root_keeps_its_sign(make_model, make_parameter):
    """Both signs solve the equations and pass the Krawczyk test: only the way from the start tells them apart."""
    x, y, p = sp.Symbol("x"), sp.Symbol("y"), sp.Symbol("p", positive=True)
    for side in (-2, 2):
        unknowns = (Unknown(x, start=side * p), Unknown(y, start=p))
        model = make_model([make_parameter("p")], System({"x": x}, unknowns, (x**2 - p * y, y - p)))
        assert evaluate(model, "x", {"p": "3/7"}, 5).value == ("-0.42857" if side < 0 else "0.42857")
        assert abs(function(model, "x")(p=3 / 7) - np.sign(side) * 3 / 7) < 1e-15


def test_bounds_of_a_system_are_enforced(make_model, make_parameter):
    x, y, p = sp.Symbol("x"), sp.Symbol("y"), sp.Symbol("p", positive=True)
    for ends in ({"low": sp.Integer(0)}, {"high": -p, "low": -sp.oo}, {"high": -2 * p}):
        unknowns = (Unknown(x, start=-2 * p, **ends), Unknown(y, start=p))
        model = make_model([make_parameter("p")], System({"x": x}, unknowns, (x**2 - p * y, y - p)))
        with pytest.raises(NotCertified, match="not certainly inside"):
            evaluate(model, "x", {"p": "3/7"})
    unknowns = (Unknown(x, low=-2 * p, high=sp.Integer(0), start=-2 * p), Unknown(y, start=p))
    model = make_model([make_parameter("p")], System({"x": x}, unknowns, (x**2 - p * y, y - p)))
    assert evaluate(model, "x", {"p": "3/7"}, 3).value == "-0.429"


def test_system_mistakes_are_named():
    with pytest.raises(BadInput, match="1 equations for 2 unknowns"):
        Compiled(System({}, (Unknown(g), Unknown(h)), (g - h,)))
    with pytest.raises(BadInput, match="needs a start"):
        follow(Compiled(System({}, (Unknown(g), Unknown(h)), (g - h, g + h - 1))), [])

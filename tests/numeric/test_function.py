import numpy as np
import pytest
import sympy as sp

from quenched.numeric import evaluate, function
from quenched.numeric.bisection import solve_brackets
from quenched.symbolic.errors import BadInput, OutsideDomain, UnknownName
from quenched.symbolic.system import Model, Result, System, Unknown

POINT = {"gamma": 0.5, "rho": 0.2, "alpha": 0.6, "theta": [3, 1.5], "a": [1, 0.5], "b": 0.7, "sigma2": 0.2}


def relative(found, certified):
    return abs(found / float(certified.value) - 1)


def test_agrees_with_certified_values(probe):
    errors = function(probe, "generalisation_error")
    for gamma, rho, alpha in (
        ("1/2", "1/5", "3/5"),
        ("7/3", "2/7", "9/5"),
        ("1/20", "5/6", "7/8"),
        ("1/3", "1e-9", "1"),
    ):
        at = {
            "gamma": gamma,
            "rho": rho,
            "alpha": alpha,
            "theta": "11/4,1/5",
            "a": "2/3,-5/4",
            "b": "4/3",
            "sigma2": "2/7",
        }
        floats = {key: float(sp.Rational(at[key])) for key in ("gamma", "rho", "alpha", "b", "sigma2")}
        value = errors(theta=[2.75, 0.2], a=[2 / 3, -1.25], **floats)
        assert relative(value, evaluate(probe, "generalisation_error", at, 17)) < 1e-12


def test_broadcasting_and_lists(probe):
    rho, gamma = np.linspace(0.01, 0.4, 5)[:, None], np.array([0.3, 0.5, 0.9])
    overlap = function(probe, "overlap")(**{**POINT, "rho": rho, "gamma": gamma})
    assert overlap.shape == (5, 3, 2)
    assert np.all(np.diff(overlap, axis=0) > 0), "captured overlap grows with rho"
    spikes = function(probe, "overlap")(**{**POINT, "theta": [np.array([3.0, 4.0]), 1.5]})
    assert spikes.shape == (2, 2) and spikes[1, 0] > spikes[0, 0] and spikes[1, 1] == spikes[0, 1]
    assert function(probe, "generalisation_error")(**POINT).shape == ()


def test_points_that_floats_cannot_do_are_certified(probe):
    """At rho = 1e-14 the equation cancels 14 digits; the value is right all the same."""
    value = function(probe, "overlap")(**{**POINT, "rho": 1e-14, "gamma": 0.25})
    at = {"gamma": "1/4", "alpha": "3/5", "theta": "3,3/2", "a": "1,1/2", "b": "7/10", "rho": "1e-14"}
    for found, certified in zip(value, evaluate(probe, "overlap", at, 17)):
        assert relative(found, certified) < 1e-15
    assert np.isnan(function(probe, "verdict")(**POINT))
    assert function(probe, "nothing")(**POINT) == 0


def test_cancellation_is_seen(make_model, make_parameter):
    p = sp.Symbol("p", positive=True)
    hidden = (sp.cos(p) - 1) / p**2 + 1, 1 - sp.cos(p), 1 - sp.erf(1 / p ** sp.Rational(1, 16)), (1 + p) - sp.cosh(p)
    for observable in hidden:
        model = make_model([make_parameter("p")], System({"value": observable}))
        points = np.array([2.0**-27, 2.0**-45, 2.0**-70, 0.5])
        for q, value in zip(points, function(model, "value")(p=points)):
            certified = evaluate(model, "value", {"p": sp.Rational(*float(q).as_integer_ratio())}, 17)
            assert relative(value, certified) < 1e-12, (observable, q)


def test_a_hidden_zero_is_zero_in_a_plot(make_model, make_parameter):
    p = sp.Symbol("p", positive=True)
    model = make_model([make_parameter("p")], System({"value": sp.sqrt(p) * sp.sqrt(p + 1) - sp.sqrt(p**2 + p)}))
    assert function(model, "value")(p=[0.3, 1.7]).tolist() == [0, 0]


def test_cases_are_grouped(make_parameter):
    p = sp.Symbol("p", positive=True)
    systems = {"low": System({"value": p}), "high": System({"value": 1 / p})}
    model = Model(
        (make_parameter("p"),),
        (Result("value", "value", "value"),),
        lambda point: "low" if point["p"] < 1 else "high",
        lambda case, lengths, wanted: systems[case],
    )
    assert np.allclose(function(model, "value")(p=[0.25, 4.0, 0.5, 8.0]), [0.25, 0.25, 0.5, 0.125], rtol=0, atol=0)


def test_infinite_brackets(make_model, make_parameter):
    """lam = kappa (1 - q/(1 + kappa)) for kappa in (0, oo): the ridge equation."""
    k, q, lam = sp.Symbol("k"), sp.Symbol("q", positive=True), sp.Symbol("lam", positive=True)
    system = System({"kappa": k}, (Unknown(k, sp.Integer(0), sp.oo),), (k * (1 - q / (1 + k)) - lam,))
    model = make_model([make_parameter("q"), make_parameter("lam")], system)
    found = function(model, "kappa")(q=[0.3, 2.5, 0.9], lam=[0.1, 1e-3, 40.0])
    for value, q_, lam_ in zip(found, ("3/10", "5/2", "9/10"), ("1/10", "1/1000", "40")):
        assert relative(value, evaluate(model, "kappa", {"q": q_, "lam": lam_}, 17)) < 1e-15


def test_errors_name_the_point(probe):
    call = function(probe, "generalisation_error")
    with pytest.raises(OutsideDomain, match=r"index \(1,\).*rho=0.7"):
        call(**{**POINT, "rho": [0.3, 0.7, 0.8]})
    with pytest.raises(OutsideDomain, match=r"index \(2,\).*gamma = -1.0"):
        call(**{**POINT, "gamma": [0.3, 0.7, -1]})
    with pytest.raises(BadInput, match="finite"):
        call(**{**POINT, "gamma": float("nan")})
    with pytest.raises(UnknownName):
        call(**POINT, beta=1)
    with pytest.raises(BadInput, match="no value for b"):
        call(**{key: value for key, value in POINT.items() if key != "b"})
    with pytest.raises(BadInput, match="go together"):
        call(**{**POINT, "a": [1]})
    with pytest.raises(UnknownName):
        function(probe, "generalization")


def test_brackets_at_once():
    shift = np.array([1e-30, 0.3, 1.0, 7.9])
    signed = np.array([-1e-30, 1e12, -0.3, 7.9])
    x, found = solve_brackets(lambda x: (x**3 - signed, 3 * x**2), np.full(4, -np.inf), np.full(4, np.inf))
    assert found.all() and np.allclose(x, np.cbrt(signed), rtol=1e-14, atol=0)
    x, found = solve_brackets(lambda x: (x**3 + shift, 3 * x**2), np.full(4, -np.inf), np.zeros(4))
    assert found.all() and np.allclose(x, -np.cbrt(shift), rtol=1e-14, atol=0)
    x, found = solve_brackets(lambda x: (x**3 - shift, 3 * x**2), np.zeros(4), np.full(4, 2.0))
    assert found.all() and np.allclose(x, np.cbrt(shift), rtol=1e-14, atol=0)
    for low, high in ((0.0, np.inf), (-np.inf, 1e9), (-np.inf, np.inf)):
        x, found = solve_brackets(lambda x: (x**3 - shift, 3 * x**2), np.full(4, low), np.full(4, high))
        assert found.all() and np.allclose(x, np.cbrt(shift), rtol=1e-14, atol=0)
    _, found = solve_brackets(lambda x: (x**2 + shift, 2 * x), np.full(4, -1.0), np.full(4, 2.0))
    assert not found.any()

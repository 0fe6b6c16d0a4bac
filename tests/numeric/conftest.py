"""Models typed here on purpose: numeric code must not depend on any derivation being right."""

import flint
import mpmath
import pytest
import sympy as sp

from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.quantity import POSITIVE, REAL, Quantity
from quenched.symbolic.system import Model, Parameter, Result, System, Unknown


@pytest.fixture(autouse=True)
def global_precision_is_untouched():
    before = mpmath.mp.prec, flint.ctx.prec
    yield
    assert (mpmath.mp.prec, flint.ctx.prec) == before


def parameter(name, domain=POSITIVE, kind="scalar", **options):
    return Parameter(Quantity(name, f"the {name}", domain=domain, kind=kind, role="parameter"), **options)


def one_system(parameters, system, case=lambda point: "only"):
    """A model with one case; results are the observables of the system."""
    results = tuple(
        Result(name, name, name, "list" if isinstance(value, list) else "scalar")
        for name, value in system.observables.items()
    )
    return Model(tuple(parameters), results, case, lambda name, lengths, wanted: system)


def angle_integral(A, B, phi):
    """int_0^phi sin^2 t/(A + B cos t) dt."""
    root = sp.sqrt(A**2 - B**2)
    inner = sp.sqrt((A - B) / (A + B)) * sp.tan(phi / 2)
    return A * phi / B**2 - sp.sin(phi) / B - 2 * root / B**2 * sp.atan(inner)


def probe_system(case, lengths, wanted):
    names = ("gamma", "rho", "alpha", "b", "sigma2")
    gamma, rho, alpha, b, sigma2 = (sp.Symbol(name, positive=True) for name in names)
    theta, a = sp.IndexedBase("theta", positive=True), sp.IndexedBase("a", real=True)
    phi, s = sp.Symbol("phi", real=True), sp.sqrt(gamma)
    noise, overlaps, definitions = sigma2 + b**2 * (1 - rho), [], []
    for i in range(1, lengths["theta"] + 1):
        t, c = theta[i], sp.Symbol(f"c{i}")
        outlier = sp.Piecewise(((t**2 - gamma) / (t * (t + gamma)), t > s), (0, True))
        bulk = t * angle_integral(gamma + t**2, -2 * t * s, phi) + angle_integral(1 + gamma, 2 * s, phi)
        definitions.append((c, outlier + 2 * gamma / (sp.pi * (t + gamma)) * bulk))
        noise += a[i] ** 2 * (1 + t) * (1 - c) / (1 + t * c)
        overlaps.append(c)
    q = rho / alpha
    return System(
        observables={
            "generalisation_error": noise / (1 - q),
            "training_error": noise * (1 - q),
            "overlap": overlaps,
            "nothing": sp.Integer(0),
            "verdict": "none",
        },
        unknowns=(Unknown(phi, sp.Integer(0), sp.pi),),
        equations=(2 / sp.pi * angle_integral(1 + gamma, 2 * s, phi) - rho,),
        definitions=tuple(definitions),
        branch="the quantile angle in (0, pi)",
    )


def probe_case(point):
    if not point["rho"] < point["alpha"]:
        raise OutsideDomain("k < N is needed")
    return "least squares"


@pytest.fixture(scope="session")
def probe():
    kinds = {"overlap": "list"}
    results = ("generalisation_error", "training_error", "overlap", "nothing", "verdict")
    return Model(
        parameters=(
            parameter("gamma"),
            parameter("rho"),
            parameter("alpha"),
            parameter("theta", kind="list"),
            parameter("a", REAL, kind="list", same_length_as="theta"),
            parameter("b"),
            parameter("sigma2", default="1/5"),
        ),
        results=tuple(Result(name, name, name, kinds.get(name, "scalar")) for name in results),
        case=probe_case,
        system=probe_system,
    )


@pytest.fixture(scope="session")
def generic():
    return {"gamma": "1/2", "rho": "1/5", "alpha": "3/5", "theta": "3,3/2", "a": "1,1/2", "b": "0.7", "sigma2": "1/5"}


@pytest.fixture(scope="session")
def make_model():
    return one_system


@pytest.fixture(scope="session")
def make_parameter():
    return parameter

"""The teaching example against facts that do not come from it."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from quenched.derivations import load
from quenched.symbolic.verdict import Level

D = load("marchenko_pastur")


def test_every_step_passes_and_the_assumption_is_inherited() -> None:
    report = D.check()
    assert report.exit_code == 0
    assert [a.id for a in D.status("density").assumptions] == ["self-averaging"]
    assert D.status("density").level is Level.SUPPORTED


def test_the_trace_solves_the_published_quadratic() -> None:
    """phi lam tau^2 + (lam - phi + 1) tau - 1 = 0 at phi = 3/2, lam = 1/10."""
    value = D.evaluate("trace", {"gamma": "3/2", "lam": "1/10"}, digits=32)
    assert value.value == "4.2392659623604490348246546559064"


@pytest.mark.parametrize("gamma", ["1/3", "1", "5/2"])
def test_the_mass_is_the_integral_of_the_density(gamma: str) -> None:
    ctx = mpmath.MPContext()
    ctx.dps = 20
    g = ctx.mpf(gamma.split("/")[0]) / ctx.mpf((gamma + "/1").split("/")[1])
    x = 1 + g / 3
    low, high = (ctx.mpf(v.value) for v in D.evaluate("edges", {"gamma": gamma}, digits=20))
    density = lambda u: ctx.sqrt((high - u) * (u - low)) / (2 * ctx.pi * g * u)  # noqa: E731
    mass = ctx.quad(lambda s: density(high - s * s) * 2 * s, [0, ctx.sqrt(high - x)])
    top, bottom = (gamma + "/1").split("/")[:2]
    point = f"{3 * int(bottom) + int(top)}/{3 * int(bottom)}"
    value = D.evaluate("mass_above", {"gamma": gamma, "x": point}, digits=15)
    assert abs(ctx.mpf(value.value) - mass) < 1e-14


def test_outside_the_bulk() -> None:
    assert D.evaluate("density", {"gamma": "1/4", "x": "3"}).value == "0"
    assert D.evaluate("mass_above", {"gamma": "1/4", "x": "3"}).value == "0"
    assert float(D.evaluate("mass_above", {"gamma": "4", "x": "1/2"}).value) == 0.25


def test_moments_are_narayana_polynomials() -> None:
    values = [float(v.value) for v in D.evaluate("moments", {"gamma": "1/2"}, digits=15)]
    assert values == [1, 1.5, 1 + 3 / 2 + 1 / 4, 1 + 6 / 2 + 6 / 4 + 1 / 8]


def test_the_numpy_function_agrees_with_the_certified_values() -> None:
    x = np.linspace(0.2, 2.7, 7)
    values = D.function("density")(gamma=0.5, x=x)
    for point, value in zip(x, values):
        numerator, denominator = float(point).as_integer_ratio()
        exact = D.evaluate("density", {"gamma": "1/2", "x": f"{numerator}/{denominator}"}, 15)
        assert abs(value - float(exact.value)) <= 1e-12 * max(abs(value), 1)


def test_a_histogram_follows_the_density() -> None:
    rng = np.random.default_rng(7)
    x = rng.standard_normal((1200, 600))
    eigenvalues = np.linalg.eigvalsh(x.T @ x / 1200)
    share = float(D.evaluate("mass_above", {"gamma": "1/2", "x": "6/5"}).value)
    assert abs(np.mean(eigenvalues > 1.2) - share) < 0.01

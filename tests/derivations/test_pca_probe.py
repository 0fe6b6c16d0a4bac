"""The PCA-probe model against the facts its note lists and against simulation."""

from __future__ import annotations

import numpy as np
import pytest

from quenched.derivations import load
from quenched.numeric.simulate import simulate
from quenched.symbolic.errors import BadInput, OutsideDomain

D = load("pca_probe")
POINT = {"gamma": "1/2", "rho": "1/5", "alpha": "3/5", "theta": "3,3/2", "a": "1,1/2", "b": "7/10", "sigma2": "1/5"}


def value(name: str, digits: int = 20, **changes: str) -> float:
    found = D.evaluate(name, {**POINT, **changes}, digits)
    assert not isinstance(found, list)
    return float(found.value)


def overlaps(**changes: str) -> list[float]:
    return [float(v.value) for v in D.evaluate("overlap", {**POINT, **changes}, 20)]


def test_every_step_passes() -> None:
    report = D.check()
    assert report.exit_code == 0
    marks = {a.id for a in D.status("generalisation_error").assumptions}
    assert marks == {"self-averaging", "spectral-projector", "generic-projections"}


def test_reference_digits() -> None:
    assert D.evaluate("generalisation_error", POINT, 25).value == "1.233671251301343691026890"
    assert D.evaluate("training_error", POINT, 24).value == "0.548298333911708307123062"
    found = D.evaluate("overlap", POINT, 15)
    assert [v.value for v in found] == ["0.863221316253149", "0.737101454543622"]
    assert len(D.evaluate("generalisation_error", POINT, 1000).value) == 1001


def test_unlimited_unlabelled_data() -> None:
    assert overlaps(gamma="0") == [1, 1]
    assert np.allclose(overlaps(gamma="1e-9"), 1, atol=1e-8)
    assert abs(value("generalisation_error", gamma="0") - value("generalisation_error", gamma="1e-12")) < 1e-9


def test_the_full_representation_is_ridge_regression_in_all_dimensions() -> None:
    assert overlaps(rho="1") == [1, 1]
    errors = {round(value("generalisation_error", rho="1", gamma=g, lam="1/3"), 14) for g in ("1/3", "3/4", "1")}
    assert len(errors) == 1
    assert value("effective_noise", rho="1") == 0.2


def test_overlap_limits_and_monotonicity() -> None:
    assert abs(overlaps(theta="1e-12,1e-12")[0] - 0.2) < 1e-10
    assert abs(overlaps(theta="1e12,1e12")[0] - 1) < 1e-10
    by_rho = [overlaps(rho=r)[0] for r in ("0", "1/100", "1/5", "1/2", "9/10", "1")]
    assert by_rho == sorted(by_rho)
    by_theta = [overlaps(theta=f"{t},1")[0] for t in ("1/10", "7/10", "0.70710678", "0.70710679", "1", "5")]
    assert by_theta == sorted(by_theta)
    assert by_theta[3] - by_theta[2] < 1e-6


def test_one_threshold_direction_more_data_than_dimensions_fails() -> None:
    assert overlaps(gamma="4", rho="1/4")[0] < 1
    with pytest.raises(OutsideDomain, match="1/gamma"):
        value("effective_noise", gamma="4", rho="1/3")


def test_the_interpolation_threshold_is_a_typed_error() -> None:
    with pytest.raises(OutsideDomain, match="rho = alpha"):
        value("generalisation_error", alpha="1/5", lam="0")
    assert value("generalisation_error", alpha="1/5", lam="1/100") > 1
    assert D.evaluate("training_error", {**POINT, "alpha": "1/10"}, 10).value == "0"


def test_overlap_needs_no_task() -> None:
    assert D.evaluate("overlap", {"gamma": "1/2", "rho": "1/5", "theta": "3"}, 10)[0].value == "0.8632213163"
    with pytest.raises(BadInput, match="no value for alpha"):
        D.evaluate("generalisation_error", {k: v for k, v in POINT.items() if k != "alpha"})


@pytest.mark.parametrize(
    "changes",
    [{"lam": "3/10"}, {"alpha": "1/8"}, {"gamma": "3/2", "rho": "1/2", "lam": "1/5", "theta": "3,1/2"}],
    ids=["ridge", "over-parametrised", "fewer samples than dimensions"],
)
def test_simulation(changes: dict[str, str]) -> None:
    run = simulate("pca_probe", {**POINT, **changes}, d=320, draws=16, seed=3)
    point = {**POINT, **changes, **run.ratios}
    for name in ("generalisation_error", "training_error", "effective_noise"):
        found = D.evaluate(name, point, 15)
        estimate = run.results[name]
        # Finite-size bias is of relative order 1/(N - k) or 1/d.
        slack = 4 * estimate.standard_error + 0.03 * abs(estimate.mean) + 1e-13
        assert abs(float(found.value) - estimate.mean) < slack, name
    for found, estimate in zip(D.evaluate("overlap", point, 15), run.results["overlap"]):
        assert abs(float(found.value) - estimate.mean) < 4 * estimate.standard_error + 0.02


def test_the_numpy_function_agrees_with_the_certified_values() -> None:
    error = D.function("generalisation_error")
    rho = np.array([0.125, 0.25, 0.375, 0.75])
    values = error(gamma=0.5, rho=rho, alpha=0.625, theta=[3, 1.5], a=[1, 0.5], b=0.75, sigma2=0.25, lam=0.0625)
    for r, found in zip(rho, values):
        exact = value("generalisation_error", rho=str(r), alpha="5/8", b="3/4", sigma2="1/4", lam="1/16")
        assert abs(found - exact) < 1e-12 * exact

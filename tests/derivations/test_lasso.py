"""The lasso against reference digits, draws, identities and limits."""

import numpy as np
import pytest
import sympy as sp

from quenched.derivations.lasso import derivation
from quenched.numeric.evaluate import evaluate
from quenched.numeric.function import function
from quenched.numeric.simulate import simulate
from quenched.symbolic.checking import check, mutate

D = derivation()
GENERIC = {"alpha": "13/8", "lam": "2/9", "rho": "7/5", "sigma2": "3/11"}
FEW = {"alpha": "1/2", "lam": "1/2", "rho": "1", "sigma2": "1/10"}


def value(name, at, digits=20):
    return sp.Rational(evaluate(D.model, name, at, digits).value)


def test_every_step_is_checked_and_holds():
    report = check(D)
    assert report.findings and all(f.verdict.positive for f in report.findings)


@pytest.mark.parametrize("label", ["condition", "norm", "training", "spread-threshold"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_reference_values():
    at = {"alpha": "2", "lam": "1/10", "rho": "1", "sigma2": "1/10"}
    assert abs(value("generalisation_error", at) - sp.Rational("0.0896398")) < sp.Rational(1, 10**7)
    assert abs(value("generalisation_error", FEW) - sp.Rational("0.802769")) < sp.Rational(1, 10**6)
    found = evaluate(D.model, "generalisation_error", at, 40)
    assert found.level == "arb" and found.digits == 40


@pytest.mark.parametrize("at", [GENERIC, FEW], ids=["many", "few"])
def test_identities(at):
    p = {k: sp.Rational(v) for k, v in at.items()}
    E, T, m, q, V, s = (
        value(name, at)
        for name in ("generalisation_error", "training_loss", "teacher_overlap", "student_norm", "spread", "sparsity")
    )
    tiny = sp.Rational(1, 10**17)
    assert abs(2 * T * (1 + V) ** 2 - (E + p["sigma2"])) < tiny
    assert abs(p["rho"] - 2 * m + q - E) < tiny
    assert m**2 <= q * p["rho"]
    # A draw of weights that are not zero cannot exceed the number of samples; the spread counts them.
    assert 0 < s < min(1, p["alpha"]) and abs(V - s / (p["alpha"] - s)) < tiny


def test_lengths_scale_together():
    """Teacher, noise and squared penalty in one unit: rho -> 4 rho multiplies the error by 4."""
    larger = {**GENERIC, "lam": "4/9", "rho": "28/5", "sigma2": "12/11"}
    assert abs(value("generalisation_error", larger) - 4 * value("generalisation_error", GENERIC)) < sp.Rational(
        1, 10**18
    )


def test_a_strong_penalty_leaves_nothing():
    assert abs(value("generalisation_error", {**GENERIC, "lam": "40"}) - sp.Rational(7, 5)) < sp.Rational(1, 10**15)


def test_floats_agree_with_balls():
    f = function(D.model, "generalisation_error")
    alphas = np.array([0.5, 1.0, 1.625, 3.0])
    exact = [float(value("generalisation_error", {**GENERIC, "alpha": sp.Rational(a)})) for a in alphas]
    assert np.allclose(f(alpha=alphas, lam=2 / 9, rho=1.4, sigma2=3 / 11), exact, rtol=1e-12)


def test_draws_agree_with_theory():
    found = simulate("lasso", GENERIC, d=400, draws=16, seed=5)
    at = {**GENERIC, **found.ratios}
    for name, estimate in found.results.items():
        assert abs(estimate.z_score(float(value(name, at, 10)))) < 3.5, name
    assert found.results["generalisation_error"].standard_error < 0.03

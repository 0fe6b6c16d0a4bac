"""Ridge regression by replicas against exact linear algebra, published values and scaling."""

import numpy as np
import pytest
import sympy as sp

from quenched.derivations.ridge import derivation
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings

D = derivation()
GENERIC = {"alpha": "13/8", "lam": "2/9", "rho": "7/5", "sigma2": "3/11"}


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["spread", "generalisation", "training", "teacher-overlap"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def value(name, at, digits=20):
    return sp.Rational(evaluate(D.model, name, at, digits).value)


def test_known_value():
    at = {"alpha": "2", "lam": "1/10", "rho": "1", "sigma2": "1/10"}
    assert abs(value("teacher_overlap", at) - sp.Rational("0.91557112297752")) < sp.Rational(1, 10**13)


def test_the_overlap_per_signal_does_not_depend_on_the_signal():
    small = value("teacher_overlap", GENERIC) / sp.Rational(7, 5)
    large = value("teacher_overlap", {**GENERIC, "rho": "14/5"}) / sp.Rational(14, 5)
    assert abs(small - large) < sp.Rational(1, 10**17)


def test_cauchy_schwarz():
    m, q = value("teacher_overlap", GENERIC), value("student_norm", GENERIC)
    assert 0 < m**2 < q * sp.Rational(7, 5)


def test_generalised_cross_validation():
    """train (1 + V)^2 = E + sigma^2 with V = (1 - lam V) /(alpha - 1 + ...): eliminate V by m = alpha rho V/(1 + V)."""
    m = value("teacher_overlap", GENERIC)
    share = m / (sp.Rational(13, 8) * sp.Rational(7, 5))
    train, error = value("training_error", GENERIC), value("generalisation_error", GENERIC)
    assert abs(train / (1 - share) ** 2 - error - sp.Rational(3, 11)) < sp.Rational(1, 10**16)


def test_against_exact_linear_algebra():
    """One draw at d = 1200: mean over the noise by algebra, so that only the matrix fluctuates."""
    rng = np.random.default_rng(5)
    d, alpha, lam, rho, sigma2 = 1200, 13 / 8, 2 / 9, 7 / 5, 3 / 11
    x = rng.standard_normal((int(alpha * d), d)) / np.sqrt(d)
    teacher = rng.standard_normal(d)
    teacher *= np.sqrt(rho * d) / np.linalg.norm(teacher)
    inverse = np.linalg.inv(x.T @ x + lam * np.eye(d))
    bias = lam * inverse @ teacher
    error = bias @ bias / d + sigma2 * np.trace(inverse @ x.T @ x @ inverse) / d
    assert error == pytest.approx(float(value("generalisation_error", GENERIC)), rel=0.02)

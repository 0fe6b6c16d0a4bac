"""Ridge regression by replicas against exact linear algebra, published values, scaling and the resolvent method."""

import numpy as np
import pytest
import sympy as sp

from quenched.derivations import ridge_equivalent
from quenched.derivations.ridge import derivation
from quenched.numeric.evaluate import evaluate
from quenched.numeric.simulate import simulate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import BadInput, OutsideDomain

D = derivation()
GENERIC = {"alpha": "13/8", "lam": "2/9", "rho": "7/5", "sigma2": "3/11"}
LEVELS = {"shares": "1/5,1/2,3/10", "variances": "1/4,1,4", "powers": "2,3,1/2"}
ANISOTROPIC = {"alpha": "2/3", "lam": "2/15", "rho": "1", "sigma2": "1/5", **LEVELS}


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["penalty", "generalisation", "training", "teacher-overlap", "agreement-penalty"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def value(name, at, digits=20):
    return sp.Rational(evaluate(D.model, name, at, digits).value)


def test_known_value():
    at = {"alpha": "2", "lam": "1/10", "rho": "1", "sigma2": "1/10"}
    assert abs(value("teacher_overlap", at) - sp.Rational("0.91557112297752")) < sp.Rational(1, 10**13)


@pytest.mark.parametrize("law", [{}, LEVELS])
def test_the_overlap_per_signal_does_not_depend_on_the_signal(law):
    small = value("teacher_overlap", {**GENERIC, **law}) / sp.Rational(7, 5)
    large = value("teacher_overlap", {**GENERIC, **law, "rho": "14/5"}) / sp.Rational(14, 5)
    assert abs(small - large) < sp.Rational(1, 10**17)


def test_cauchy_schwarz():
    m, q = value("teacher_overlap", GENERIC), value("student_norm", GENERIC)
    assert 0 < m**2 < q * sp.Rational(7, 5)


def test_generalised_cross_validation():
    """train (1 + V)^2 = E + sigma^2 with V = share/(1 - share), share = m/(alpha rho) for isotropic inputs."""
    m = value("teacher_overlap", GENERIC)
    share = m / (sp.Rational(13, 8) * sp.Rational(7, 5))
    train, error = value("training_error", GENERIC), value("generalisation_error", GENERIC)
    assert abs(train / (1 - share) ** 2 - error - sp.Rational(3, 11)) < sp.Rational(1, 10**16)


def test_isotropic_closed_form():
    """The positive root of V^2 lam + V (lam + alpha - 1) - 1 and E(V), as solved by hand long before."""
    alpha, lam, rho, sigma2 = (sp.Rational(GENERIC[k]) for k in ("alpha", "lam", "rho", "sigma2"))
    b = lam + alpha - 1
    v = (sp.sqrt(b**2 + 4 * lam) - b) / (2 * lam)
    error = (rho * (1 + v - alpha * v) ** 2 + alpha * sigma2 * v**2) / ((1 + v) ** 2 - alpha * v**2)
    assert abs(error.evalf(30) - value("generalisation_error", GENERIC, 24)) < sp.Rational(1, 10**23)
    assert abs((alpha * rho * v / (1 + v)).evalf(30) - value("teacher_overlap", GENERIC, 24)) < sp.Rational(1, 10**23)


def test_one_level_of_another_variance_is_a_change_of_units():
    """x -> x sqrt(s) with the teacher divided by sqrt(s) and the penalty multiplied by s changes no error."""
    plain = value("generalisation_error", GENERIC)
    units = {**GENERIC, "lam": "2/3", "shares": "1", "variances": "3", "powers": "1/3"}
    assert abs(value("generalisation_error", units) - plain) < sp.Rational(1, 10**17)


def test_equal_levels_are_one_level():
    split = {**GENERIC, "shares": "1/3,2/3", "variances": "1,1", "powers": "1,1"}
    for name in ("generalisation_error", "training_error", "student_norm", "effective_penalty"):
        assert abs(value(name, split) - value(name, GENERIC)) < sp.Rational(1, 10**16)


def test_the_resolvent_method_gives_the_same_digits():
    """phi = 1/alpha, lam' = lam/alpha, task components in the same levels; its test error contains the noise."""
    other = {"phi": "3/2", "lam": "1/5", "sigma2": "1/5", "w": LEVELS["shares"], "s": LEVELS["variances"]}
    model = ridge_equivalent.derivation().model
    test, fit, kappa = (
        sp.Rational(evaluate(model, name, {**other, "theta": LEVELS["powers"]}, 30).value)
        for name in ("test_error", "training_error", "kappa")
    )
    tiny = sp.Rational(1, 10**27)
    assert abs(value("generalisation_error", ANISOTROPIC, 30) + sp.Rational(1, 5) - test) < tiny
    assert abs(value("training_error", ANISOTROPIC, 30) - fit) < tiny
    assert abs(value("effective_penalty", ANISOTROPIC, 30) - kappa) < tiny


def test_self_averaging_is_visible_where_it_enters():
    named = {a.id for a in D.assumptions(["generalisation"])}
    assert {"self-averaging", "replica-trick", "replica-symmetry", "saddle-point"} <= named
    assert "self-averaging" not in {a.id for a in D.assumptions(["teacher-overlap"])}


def test_bad_laws_are_refused():
    with pytest.raises(OutsideDomain, match="shares sum to"):
        value("generalisation_error", {**GENERIC, "shares": "1/2,2/3", "variances": "1,2", "powers": "1,1"})
    with pytest.raises(BadInput, match="go together"):
        value("generalisation_error", {**GENERIC, "shares": "1/2,1/2"})


def test_simulated_regressions_agree_within_standard_errors():
    at = D.model.example
    found = simulate("ridge", at, d=300, draws=12, seed=4)
    for name, estimate in found.results.items():
        theory = float(evaluate(D.model, name, {**at, **found.ratios}, 15).value)
        assert estimate.standard_error < 0.04 * theory
        assert abs(estimate.z_score(theory)) < 4, name


def test_simulations_refuse_what_they_cannot_draw():
    with pytest.raises(BadInput, match="missing"):
        simulate("ridge", {"alpha": 1})
    with pytest.raises(OutsideDomain, match="raise d"):
        simulate("ridge", {**GENERIC, "shares": "1/100,1/2", "variances": "1,2", "powers": "1,1"}, d=20)


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

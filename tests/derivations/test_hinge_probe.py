"""The hinge loss against its reference value, certified digits, bounds and draws."""

import pytest
import sympy as sp

from quenched.derivations.hinge_probe import derivation
from quenched.numeric.evaluate import evaluate
from quenched.numeric.function import function
from quenched.numeric.simulate import simulate
from quenched.symbolic.checking import check, mutate

D = derivation()
AT = {"alpha": "2", "lam": "1/10", "rho": "1"}


def test_every_step_is_checked_and_holds():
    report = check(D)
    assert report.findings and all(f.verdict.positive for f in report.findings)


@pytest.mark.parametrize("label", ["vhat-channel", "spread-ridge"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_reference_value_with_twenty_digits():
    found = evaluate(D.model, "class_error", AT, 20)
    assert found.level == "arb"
    assert abs(sp.Rational(found.value) - sp.Rational("0.185543")) < sp.Rational(1, 10**6)
    assert abs(function(D.model, "class_error")(alpha=2, lam=0.1, rho=1) - float(found.value)) < 1e-12


def test_bounds():
    m, q = (function(D.model, name)(alpha=2, lam=0.5, rho=1.4) for name in ("teacher_overlap", "student_norm"))
    assert m**2 <= 1.4 * q


def test_draws_agree_with_theory():
    at = {"alpha": "3/2", "lam": "1/2", "rho": "1"}
    found = simulate("hinge_probe", at, d=300, draws=10, seed=3)
    for name in ("class_error", "training_loss"):
        assert abs(found.results[name].z_score(function(D.model, name)(alpha=1.5, lam=0.5, rho=1))) < 3.5, name
    assert found.results["class_error"].standard_error < 0.004

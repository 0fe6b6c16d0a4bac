"""Logistic regression against its reference value, bounds and draws; certified digits are a benchmark."""

import numpy as np
import pytest

from quenched.derivations.logistic_probe import derivation
from quenched.numeric.function import function
from quenched.numeric.simulate import simulate
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.verdict import Level

D = derivation()
AT = {"alpha": 2, "lam": 0.1, "rho": 1}


def test_every_step_is_checked_and_holds():
    report = check(D)
    assert report.findings and all(f.verdict.positive for f in report.findings)
    assert D.standing("class_error", report.verdicts()).level is Level.CONSISTENT


@pytest.mark.parametrize("label", ["mhat-channel", "spread-ridge", "class-error"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_reference_value_and_bounds():
    error, m, q = (function(D.model, name)(**AT) for name in ("class_error", "teacher_overlap", "student_norm"))
    assert abs(error - 0.179662) < 1e-6
    assert m**2 <= q and abs(error - np.arccos(m / np.sqrt(q)) / np.pi) < 1e-12


def test_the_length_of_the_teacher_does_not_matter():
    m = function(D.model, "teacher_overlap")
    assert abs(m(alpha=2, lam=0.5, rho=4) - 2 * m(alpha=2, lam=0.5, rho=1)) < 1e-11


def test_draws_agree_with_theory():
    found = simulate("logistic_probe", {"alpha": "2", "lam": "1/2", "rho": "1"}, d=400, draws=10, seed=3)
    for name in ("class_error", "training_loss"):
        theory = function(D.model, name)(alpha=2, lam=0.5, rho=1)
        assert abs(found.results[name].z_score(theory)) < 3.5, name
    assert found.results["class_error"].standard_error < 0.003

"""The outlier and its overlap: checks, mutants, a matrix."""

import numpy as np
import pytest

from quenched.derivations.spiked_pca import derivation
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import OutsideDomain

D = derivation()


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["outlier", "overlap", "response"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_against_one_matrix():
    rng = np.random.default_rng(3)
    d, gamma, theta = 600, 0.5, 2.0
    x = rng.standard_normal((int(d / gamma), d))
    x[:, 0] *= np.sqrt(1 + theta)
    values, vectors = np.linalg.eigh(x.T @ x / len(x))
    at = {"gamma": "1/2", "theta": "2"}
    assert values[-1] == pytest.approx(float(evaluate(D.model, "eigenvalue", at).value), rel=0.05)
    assert vectors[0, -1] ** 2 == pytest.approx(float(evaluate(D.model, "overlap", at).value), rel=0.08)


def test_below_the_threshold_there_is_no_outlier():
    with pytest.raises(OutsideDomain, match="threshold"):
        evaluate(D.model, "eigenvalue", {"gamma": "4", "theta": "2"})

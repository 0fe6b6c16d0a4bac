"""Ridge by deterministic equivalents: checks, mutation of the closed forms, reference values, edge cases."""

import pytest
import sympy as sp

from quenched.derivations.ridge_equivalent import derivation
from quenched.derivations.ridge_equivalent.witnesses import REFERENCE
from quenched.numeric import evaluate
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.verdict import Level

# Computed elsewhere, by pencils of the products.
VALUES = {
    "kappa": "0.99021370407843055716790409643467636",
    "trace": "2.33992200934758645630425173114322",
    "covariance_trace": "2.63404568026143519055968032144892",
    "bias_trace": "22.5145402459343510579566102192938",
    "variance_trace": "0.642240658349809371589599503611791",
}


def test_every_check_passes():
    report = check(derivation(), "fast")
    assert report.exit_code == 0
    assert {v.level for v in report.verdicts().values()} <= {Level.PROVED, Level.CONSISTENT}


@pytest.mark.parametrize("label", ["equivalent", "ridge", "sandwich-value", "bias", "variance", "test", "training"])
def test_every_edit_is_refused(label):
    kills = list(mutate(derivation(), label))
    assert len(kills) > 5
    assert [kill.edit for kill in kills if not kill.by] == []


@pytest.mark.parametrize("name", sorted(VALUES))
def test_reference_values(name):
    found = evaluate(derivation().model, name, REFERENCE, 40)
    places = len(VALUES[name].partition(".")[2])
    assert abs(sp.Rational(found.value) - sp.Rational(VALUES[name])) <= sp.Rational(1, 10**places)
    assert found.level == "arb"


def test_isotropic_least_squares_without_penalty():
    """Sigma = I, lam -> 0, d/n = 1/2: the test error of least squares is sigma^2/(1 - d/n)."""
    at = {"phi": "1/2", "lam": "1e-30", "sigma2": "3/7", "w": "1", "s": "1", "theta": "5"}
    found = sp.Rational(evaluate(derivation().model, "test_error", at, 20).value)
    assert abs(found - sp.Rational(6, 7)) < sp.Rational(1, 10**18)


def test_splitting_a_kind_of_direction_changes_nothing():
    at = dict(REFERENCE, w="1/5,1/4,1/4,3/10", s="1/4,1,1,4", theta="2,3,3,1/2")
    results = [evaluate(derivation().model, "training_error", point, 30).value for point in (REFERENCE, at)]
    assert results[0] == results[1]


def test_shares_above_one_are_refused():
    with pytest.raises(OutsideDomain, match="shares"):
        evaluate(derivation().model, "kappa", dict(REFERENCE, w="1/2,1/2,1/2"), 10)

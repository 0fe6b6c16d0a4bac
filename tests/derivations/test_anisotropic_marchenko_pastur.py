"""The Marchenko-Pastur law for any covariance: checks, mutation, reference values, outliers."""

import pytest
import sympy as sp

from quenched.derivations.anisotropic_marchenko_pastur import EXAMPLE, derivation
from quenched.derivations.marchenko_pastur import derivation as isotropic
from quenched.numeric import evaluate
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.verdict import Level

# Computed elsewhere.
VALUES = {
    "kappa": "0.99021370407843055716790409643467636",
    "trace": "2.33992200934758645630425173114322",
    "covariance_trace": "2.63404568026143519055968032144892",
    "form": "2.49065725802378965700279090059",
    "eigenvalue": "0.708285716286965400976110950201695",
}
SPIKE = {"phi": "1/2", "w": "1/2,1/2", "s": "1,4", "x": "10"}


def value(name, at, digits=40):
    needs = derivation().model.result(name).needs
    return evaluate(derivation().model, name, {key: at[key] for key in needs}, digits)


def test_every_check_passes():
    report = check(derivation(), "fast")
    assert report.exit_code == 0
    assert {v.level for v in report.verdicts().values()} <= {Level.PROVED, Level.CONSISTENT}


@pytest.mark.parametrize("label", ["equivalent", "ridge", "trace", "form", "companion-inverse", "outlier"])
def test_every_edit_is_refused(label):
    kills = list(mutate(derivation(), label))
    assert len(kills) > 4
    assert [kill.edit for kill in kills if not kill.by] == []


@pytest.mark.parametrize("name", sorted(VALUES))
def test_reference_values(name):
    places = len(VALUES[name].partition(".")[2])
    assert abs(sp.Rational(value(name, EXAMPLE).value) - sp.Rational(VALUES[name])) <= sp.Rational(1, 10**places)


def test_outlier_and_overlap():
    """Bulk 1/2 at 1, 1/2 at 4, spike 10: 215/18 and 287/387; a spike of 5 stays inside."""
    assert abs(sp.Rational(value("outlier", SPIKE).value) - sp.Rational(215, 18)) < sp.Rational(1, 10**37)
    assert abs(sp.Rational(value("overlap", SPIKE).value) - sp.Rational(287, 387)) < sp.Rational(1, 10**37)
    inside = dict(SPIKE, x="5")
    assert value("outlier", inside).word == "none" and value("overlap", inside).value == "0"


def test_the_identity_gives_the_isotropic_law():
    at = {"phi": "3/4", "lam": "1/7", "w": "1", "s": "1"}
    plain = evaluate(isotropic().model, "trace", {"gamma": "3/4", "lam": "1/7"}, 40)
    assert value("trace", at).value == plain.value


def test_bad_points_are_refused():
    with pytest.raises(OutsideDomain, match="shares"):
        value("kappa", dict(EXAMPLE, w="1,1,1"))
    with pytest.raises(OutsideDomain, match="spike"):
        value("outlier", dict(SPIKE, x="4"))

"""Free convolutions: checks, mutation, both routes, reference values, special cases."""

import pytest
import sympy as sp

from quenched.derivations.free_convolutions import derivation
from quenched.derivations.free_convolutions.notation import g1, g2, g3, lam, v
from quenched.numeric import evaluate
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.verdict import Level

# Computed elsewhere.
VALUES = [
    ("product", {"g1": "1/2", "g2": "2", "lam": "1/4"}, "2.41113886080118062340405723556765"),
    ("triple", {"g1": "1/2", "g2": "2", "g3": "1/3", "lam": "1/2"}, "1.33550150724185921013808356848739"),
    ("projections", {"c1": "1/3", "c2": "1/4", "z": "-1"}, "0.732222482313717442213308911544424"),
    ("compression", {"c": "2/5", "lam": "1/3", "w": "1/2,1/2", "s": "1,4"}, "0.401469874010312383182832526923314"),
]


def value(name, at, digits=40):
    return sp.Rational(evaluate(derivation().model, name, at, digits).value)


def test_every_check_passes():
    report = check(derivation(), "fast")
    assert report.exit_code == 0
    assert {x.level for x in report.verdicts().values()} <= {Level.PROVED, Level.CONSISTENT}
    assert all(report.verdicts()[label].level is Level.PROVED for label in ("sum", "product", "triple"))


@pytest.mark.parametrize("label", ["sum", "sum-by-r", "product", "triple-by-s", "projections", "compression"])
def test_every_edit_is_refused(label):
    kills = list(mutate(derivation(), label))
    assert len(kills) > 5
    assert [kill.edit for kill in kills if not kill.by] == []


@pytest.mark.parametrize("name, at, reference", VALUES)
def test_reference_values(name, at, reference):
    places = len(reference.partition(".")[2])
    assert abs(value(name, at) - sp.Rational(reference)) <= sp.Rational(1, 10**places)


def test_square_factors_have_the_fuss_catalan_equation():
    """lam^3 t^4 + lam t - 1 = 0 for three square factors."""
    special = derivation().claim("triple").single.difference.xreplace({g: sp.Integer(1) for g in (g1, g2, g3)})
    ratio = sp.cancel(special / (lam**3 * v**4 + lam * v - 1))
    assert ratio in (1, -1)


def test_the_sum_is_symmetric_and_scales():
    one = {"g1": "1/2", "g2": "2", "a": "3", "lam": "1/5"}
    swapped = {"g1": "2", "g2": "1/2", "a": "1/3", "lam": "1/15"}
    assert abs(value("sum", one) - value("sum", swapped) / 3) < sp.Rational(1, 10**38)


def test_compression_of_the_identity_is_the_identity():
    assert value("compression", {"c": "2/5", "lam": "1/3", "w": "1", "s": "1"}) == sp.Rational(
        evaluate(derivation().model, "compression", {"c": "1/7", "lam": "1/3", "w": "1", "s": "1"}, 40).value
    )


def test_shares_above_one_are_refused():
    with pytest.raises(OutsideDomain, match="shares"):
        value("compression", {"c": "2/5", "lam": "1/3", "w": "1,1", "s": "1,4"})

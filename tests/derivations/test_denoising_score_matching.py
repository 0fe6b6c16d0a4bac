"""Denoising score matching: checks, mutation, the quintic, reference values, one noise draw by random features."""

import pytest
import sympy as sp

from quenched.derivations.denoising_score_matching import derivation
from quenched.derivations.denoising_score_matching.evaluation import EXAMPLE
from quenched.derivations.denoising_score_matching.notation import K, l, psi_n, psi_p, q, u, v
from quenched.derivations.random_features import derivation as random_features
from quenched.numeric import evaluate
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.verdict import Level

# Computed elsewhere.
VALUES = {
    "overlap": "3.74906460661881944743333746063195",
    "slope_q": "-18.0050797785989277608672174431945",
    "slope_l": "-12.6267122546156227733295506634530",
    "test_error": "0.724286892401109115337390509763167",
    "training_error": "0.757791766927189020302085439545846",
}


def test_every_check_passes():
    report = check(derivation(), "fast")
    assert report.exit_code == 0
    assert {x.level for x in report.verdicts().values()} <= {Level.PROVED, Level.CONSISTENT}


@pytest.mark.parametrize(
    "label",
    ["errors", "dyson", "conditional-trace", "self-energy", "gram-closed", "one-quartic", "one-relation", "one-test"],
)
def test_every_edit_is_refused(label):
    kills = list(mutate(derivation(), label))
    assert len(kills) > 5
    assert [kill.edit for kill in kills if not kill.by] == []


def test_the_quintic():
    """69 terms of degree 5; at psi_n = 3/2, psi_p = 2, u = 3/16, v = 1/20 the polynomial printed elsewhere."""
    difference = sp.expand(derivation().claim("quintic").single.difference)
    assert sp.Poly(difference, K).degree() == 5 and len(difference.args) == 69
    point = {psi_n: sp.Rational(3, 2), psi_p: sp.Integer(2), u: sp.Rational(3, 16), v: sp.Rational(1, 20)}
    expected = (
        (900 * l * q**2 - 240 * q**3) * K**5
        + (-900 * l**2 + 14400 * l * q**2 + 240 * l * q - 3840 * q**3 + 480 * q**2) * K**4
        + (-14400 * l**2 + 57600 * l * q**2 - 17760 * l * q - 345 * l - 15360 * q**3 + 12032 * q**2 - 300 * q) * K**3
        + (-57600 * l**2 - 157440 * l * q - 12752 * l + 61440 * q**2 - 11328 * q + 60) * K**2
        + (99840 * l - 76800 * q + 3136) * K
        + 30720
    )
    assert sp.cancel(difference.xreplace(point) / expected).is_Rational


@pytest.mark.parametrize("name", sorted(VALUES))
def test_reference_values(name):
    found = evaluate(derivation().model, name, EXAMPLE, 40)
    places = len(VALUES[name].partition(".")[2])
    assert abs(sp.Rational(found.value) - sp.Rational(VALUES[name])) <= sp.Rational(1, 10**places)


def test_one_noise_draw_is_random_features_regression():
    """One draw: target sqrt(h) y with label noise 1 - h, so phi = 1/psi_n, psi = 1/psi_p, lam psi_n/psi_p."""
    at = {"phi": "2/3", "psi": "1/2", "zeta": "1/4", "beta": "3/20", "lam": "3/400", "sigma2": "3"}
    other = random_features().model
    here = {key: EXAMPLE[key] for key in ("psi_n", "psi_p", "mu2", "N2", "h", "lam")}
    for name, factor, reference in (
        ("training_error", 4, "0.0174163800886879438137173768"),
        ("test_error", 1, "6.62851738584268818202322294"),
    ):
        found = sp.Rational(evaluate(derivation().model, f"{name}_one_draw", here, 40).value)
        assert abs(found - sp.Rational(evaluate(other, name, at, 40).value) / factor) < sp.Rational(1, 10**36)
        places = len(reference.partition(".")[2])
        assert abs(found - sp.Rational(reference)) < sp.Rational(1, 10**places)


def test_a_linear_activation_is_refused():
    with pytest.raises(OutsideDomain, match="nonlinear"):
        evaluate(derivation().model, "overlap", dict(EXAMPLE, c="3/16"), 10)

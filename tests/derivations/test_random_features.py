"""Random features: checks, mutation, published relations, reference values, the branch."""

import pytest
import sympy as sp

from quenched.derivations.random_features import derivation
from quenched.numeric import evaluate
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.verdict import Level

TRACES = {"phi": "3/2", "psi": "4/5", "zeta": "1/4", "beta": "1/10", "lam": "1/10"}
ERRORS = {"phi": "5/4", "psi": "5/8", "zeta": "1/4", "beta": "1/10", "lam": "1/10", "sigma2": "1/5"}
# Computed elsewhere.
VALUES = [
    ("tau1", TRACES, "3.52521189846837666814821358650230"),
    ("tau2", TRACES, "2.54592929260195131880653058659430"),
    ("training_error", ERRORS, "0.123864744383882585370093354728960"),
    ("test_error", ERRORS, "0.785805316293068318909515789881139"),
]


def test_every_check_passes():
    report = check(derivation(), "fast")
    assert report.exit_code == 0
    verdicts = report.verdicts()
    assert {v.level for v in verdicts.values()} <= {Level.PROVED, Level.CONSISTENT}
    assert verdicts["first-relation"].level is Level.PROVED and verdicts["second-relation"].level is Level.PROVED


@pytest.mark.parametrize("label", ["dyson", "quartic", "second-trace", "training", "test", "ridge", "first-trace"])
def test_every_edit_is_refused(label):
    kills = list(mutate(derivation(), label))
    assert len(kills) > 5
    assert [kill.edit for kill in kills if not kill.by] == []


def test_the_quartic_has_the_published_size():
    polynomial = sp.Poly(sp.expand(derivation().claim("quartic").single.difference), sp.Symbol("tau1", positive=True))
    assert polynomial.degree() == 4
    assert len(sp.Add.make_args(sp.expand(polynomial.as_expr()))) == 19


@pytest.mark.parametrize("name, at, reference", VALUES)
def test_reference_values(name, at, reference):
    found = evaluate(derivation().model, name, at, 40)
    places = len(reference.partition(".")[2])
    assert abs(sp.Rational(found.value) - sp.Rational(reference)) <= sp.Rational(1, 10**places)
    assert found.level == "arb"


@pytest.mark.parametrize(
    "at, start",
    [(("1/2", "2", "1/4", "1/10"), "750.3067"), (("2", "3", "1/2", "1/50"), "336.9438")],
)
def test_the_branch_is_not_chosen_by_positivity(at, start):
    """At the first point the quartic has three roots in (0, 1/lam): 1.0743, 748.1915 and 750.3068."""
    point = dict(zip(("phi", "psi", "zeta", "beta"), at), lam="1/1000")
    assert evaluate(derivation().model, "tau1", point, 12).value.startswith(start)


def test_errors_obey_the_scaling_of_features_and_penalty():
    """zeta, beta and lam enter only through their ratios."""
    scaled = dict(ERRORS, zeta="3/4", beta="3/10", lam="3/10")
    results = [evaluate(derivation().model, "test_error", at, 25).value for at in (ERRORS, scaled)]
    assert results[0] == results[1]

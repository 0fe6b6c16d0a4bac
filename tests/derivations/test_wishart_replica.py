"""Edwards-Jones against Marchenko-Pastur: q = 0 comes out, and the quadratic is the one of the other derivation."""

import pytest
import sympy as sp

from quenched.derivations.wishart_replica import alpha, derivation, lam
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings

D = derivation()


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["resolvent", "quadratic", "no-overlap"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_replicas_do_not_overlap_by_derivation():
    assert D.step("no-overlap").kind == "derived" and D.claim("no-overlap").rhs == 0
    assert "branch" not in [a.id for a in D.assumptions(["no-overlap"])]


def test_same_resolvent_as_marchenko_pastur():
    marchenko_pastur = pytest.importorskip("quenched.derivations.marchenko_pastur")
    other = marchenko_pastur.derivation().claim("ridge-trace").rhs
    other = other.xreplace({marchenko_pastur.gamma: 1 / alpha, marchenko_pastur.lam: lam})
    mine = D.claim("resolvent").rhs
    for point in (
        {alpha: sp.Rational(13, 8), lam: sp.Rational(2, 9)},
        {alpha: sp.Rational(1, 3), lam: sp.Rational(5, 7)},
    ):
        assert abs(sp.N(mine.xreplace(point) - other.xreplace(point), 40)) < sp.Rational(1, 10**38)


def test_value():
    found = evaluate(D.model, "trace", {"alpha": "2", "lam": "1/10"}, 20)
    g = sp.Rational(found.value)
    assert abs(g**2 / 10 + g * (sp.Rational(2, 10) + 1) - 2) < sp.Rational(1, 10**17)

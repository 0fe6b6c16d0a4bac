"""The spherical p-spin model: checks, mutants, the published transition temperatures."""

import pytest
import sympy as sp

from quenched.derivations.p_spin_spherical import derivation, m, p, phi_m, phi_q, q
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import OutsideDomain

D = derivation()


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["potential-blocks", "transition", "temperature"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_static_transition():
    """T_s(3) = 0.586054 (Crisanti and Sommers)."""
    assert float(evaluate(D.model, "static_temperature", {"p": "3"}).value) == pytest.approx(0.586054, abs=1e-6)
    found = [float(evaluate(D.model, "static_temperature", {"p": k}).value) for k in (3, 4, 5, 10)]
    assert found == sorted(found, reverse=True)


def test_no_transition_of_this_kind_for_two_spins():
    with pytest.raises(OutsideDomain, match="p = 2"):
        evaluate(D.model, "static_temperature", {"p": "2"})


def test_dynamic_transition():
    """T_d = sqrt(p (p - 2)^(p - 2)/(2 (p - 1)^(p - 1))): 0.612372... at p = 3."""
    assert evaluate(D.model, "dynamic_temperature", {"p": "3"}, 20).value == "0.61237243569579452455"
    for k in (4, 7):
        closed = sp.sqrt(sp.Rational(k * (k - 2) ** (k - 2), 2 * (k - 1) ** (k - 1)))
        told = sp.Rational(evaluate(D.model, "dynamic_temperature", {"p": k}, 20).value)
        assert abs(sp.N(told - closed, 30)) < 1e-19
    assert D.claim("threshold-overlap").rhs == (p - 2) / (p - 1)


def test_complexity_vanishes_at_the_static_transition():
    inverse = 1 / sp.Rational(evaluate(D.model, "static_temperature", {"p": "3"}, 25).value)
    value = evaluate(D.model, "complexity", {"p": "3", "beta": inverse}, 3)
    assert abs(float(value.value)) < 1e-20
    found = [float(evaluate(D.model, "complexity", {"p": "3", "beta": b}).value) for b in ("33/20", "5/3", "17/10")]
    assert found == sorted(found, reverse=True) and found[-1] > 0


def test_no_states_above_the_dynamical_temperature():
    with pytest.raises(OutsideDomain, match="no states"):
        evaluate(D.model, "complexity", {"p": "3", "beta": "8/5"})


def test_slopes_are_those_of_the_potential():
    phi = D.claim("potential-blocks").rhs
    for symbol, label in ((q, "slope-overlap"), (m, "slope-size")):
        point = {p: 3, q: sp.Rational(2, 3), m: sp.Rational(3, 5), sp.Symbol("beta", positive=True, real=True): 2}
        gap = (sp.diff(phi, symbol) - D.claim(label).rhs).subs(point)
        assert abs(sp.N(gap, 30)) < 1e-25
    assert D.claim("slope-overlap").lhs == phi_q and D.claim("slope-size").lhs == phi_m


def test_what_the_conclusion_rests_on():
    ids = [a.id for a in D.assumptions(["temperature"])]
    assert "one-step-breaking" in ids and "branch" in ids and "continuation" in ids

"""The replica route to the PCA-probe model: digits of the other route, explicit matrices, visible assumptions."""

import numpy as np
import pytest
import sympy as sp

from quenched.derivations import pca_probe
from quenched.derivations.pca_probe_replicas import derivation
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import OutsideDomain

D = derivation()
NOTE = {
    "gamma": "1/2", "rho": "1/5", "alpha": "3/5", "theta": "3,3/2", "a": "1,1/2", "b": "7/10", "sigma2": "1/5",
}  # fmt: skip


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize(
    "label", ["no-overlap", "eigenvalue", "companion", "kappa", "generalisation", "agreement-eigenvalue", "law"]
)
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def value(name, at, digits=30):
    return sp.Rational(evaluate(D.model, name, at, digits).value)


@pytest.mark.parametrize("lam", ["1/10", "2"])
def test_the_other_route_gives_the_same_errors_at_the_overlaps_it_computes(lam):
    model, at = pca_probe.derivation().model, {**NOTE, "lam": lam}
    overlaps = ",".join(c.value for c in evaluate(model, "overlap", at, 40))
    mine = {k: v for k, v in at.items() if k != "gamma"} | {"c": overlaps}
    for name in ("generalisation_error", "training_error"):
        assert abs(value(name, mine) - sp.Rational(evaluate(model, name, at, 30).value)) < sp.Rational(1, 10**27)


def test_a_vanishing_penalty_gives_the_error_of_least_squares_of_the_note():
    """q = 1/3 < 1: the error differs from that without penalty by a multiple of the penalty."""
    known = sp.Rational("1.233671251301343691026890")
    overlaps = ",".join(c.value for c in evaluate(pca_probe.derivation().model, "overlap", {**NOTE, "lam": "0"}, 40))
    at = {k: v for k, v in NOTE.items() if k != "gamma"} | {"c": overlaps, "lam": f"0.{'0' * 19}1"}
    assert abs(value("generalisation_error", at) - known) < sp.Rational(1, 10**18)


def test_the_resolvent_of_an_explicit_matrix():
    """d = 900, one spike of variance 4: the diagonal of the resolvent on the bulk and the companion trace."""
    rng = np.random.default_rng(3)
    d, gamma, omega = 900, 1 / 2, 1 / 3
    samples = int(d / gamma)
    data = rng.standard_normal((samples, d))
    data[:, :40] *= 2
    inverse = np.linalg.inv(data.T @ data / samples + omega * np.eye(d))
    at = {"gamma": "1/2", "omega": "1/3"}
    bulk, spike = (float(value("resolvent_eigenvalue", {**at, "s": s}, 15)) for s in ("1", "4"))
    # Forty directions of variance 4 shift the bulk by a few per cent of a per cent of the law.
    assert np.diag(inverse)[40:].mean() == pytest.approx(bulk, rel=0.04)
    assert np.diag(inverse)[:40].mean() == pytest.approx(spike, rel=0.06)
    companion = gamma * bulk + (1 - gamma) / omega
    assert float(value("companion", at, 15)) == pytest.approx(companion, rel=1e-9)


def test_both_routes_state_their_assumptions():
    replicas, pencil = ({a.id for a in D.assumptions([k])} for k in ("generalisation", "recalled-companion"))
    assert {"replica-trick", "replica-symmetry", "self-averaging"} <= replicas
    assert "replica-trick" not in pencil
    assert {"replica-trick", "self-averaging"} <= {a.id for a in D.assumptions(["agreement-eigenvalue"])}


def test_a_representation_larger_than_the_input_is_refused():
    with pytest.raises(OutsideDomain):
        value("effective_penalty", {"rho": "6/5", "alpha": "1", "lam": "1"})

"""The logistic probe on principal components: the derived equations solved in double precision, against simulation."""

import numpy as np
import pytest
import sympy as sp

from quenched.derivations import pca_probe
from quenched.derivations.pca_probe_logistic import derivation
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.replica.hermite import gauss, value

D = derivation()
POINT = {
    "gamma": "1/2", "rho": "1/5", "alpha": "3/5", "theta": "3,3/2", "a": "1,1/2", "b": "7/10", "sigma2": "1/5",
    "lam": "1/10",
}  # fmt: skip
GRID = gauss(120)


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["potential-pairs", "spread-law", "teacher-overlap-task", "class-error"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def solved(at, overlaps):
    """Class error and mean loss at the fixed point of the derived conditions, given the captured overlaps."""
    names = {name: D.notation[name].symbol for name in ("power", "noise", "V", "m", "o", "Vh", "mh", "oh", "q", "r")}
    known = {D.notation[k].symbol: float(sp.Rational(v)) for k, v in at.items() if k in ("rho", "b", "sigma2", "lam")}
    for key, entries in (("theta", at["theta"].split(",")), ("a", at["a"].split(",")), ("c", overlaps)):
        known |= {D.notation[key].symbol[k]: float(sp.Rational(x)) for k, x in enumerate(entries, start=1)}
    known[names["q"]] = float(sp.Rational(at["rho"]) / sp.Rational(at["alpha"]))

    def number(label):
        rhs = D.claim(label).rhs.xreplace({names["r"]: sp.Integer(len(overlaps))}).doit()
        return float(value(rhs, known, GRID))

    for equation in D.claim("sizes").equations:
        known[equation.lhs] = float(value(equation.rhs, known, GRID))
    known |= {names["noise"]: number("recalled-effective-noise"), names["power"]: number("signal-task")}
    known |= {names["V"]: 0.1, names["m"]: 0.1, names["o"]: 0.2}
    for _ in range(400):
        before = [known[names[k]] for k in ("V", "m", "o")]
        known |= {names[k]: number(f"{label}-channel") for k, label in (("mh", "mhat"), ("Vh", "vhat"), ("oh", "ohat"))}
        new = {"V": number("spread-law"), "m": number("teacher-overlap-task"), "o": number("student-overlap-task")}
        # Half steps: the full ones overshoot.
        known |= {names[k]: (known[names[k]] + x) / 2 for k, x in new.items()}
        if max(abs(known[names[k]] - x) for k, x in zip(("V", "m", "o"), before)) < 1e-11:
            return number("class-error"), number("training")
    raise AssertionError("the conditions were not solved")


def trained(features, labels, lam):
    """argmin of the mean logistic loss plus lam |beta|^2/2, by Newton's method."""
    samples, beta = len(labels), np.zeros(features.shape[1])
    for _ in range(40):
        margin = labels * (features @ beta)
        pull = 1 / (1 + np.exp(margin))
        slope = -features.T @ (labels * pull) / samples + lam * beta
        curvature = (features.T * (pull * (1 - pull))) @ features / samples + lam * np.eye(len(beta))
        step = np.linalg.solve(curvature, slope)
        beta -= step
        if np.abs(step).max() < 1e-10:
            return beta
    raise AssertionError("Newton's method did not settle")


def draw(rng, d):
    """One pretraining and one probe: exact population class error, mean loss on the samples."""
    theta, a, b, sigma2, lam = np.array([3, 1.5]), np.array([1, 0.5]), 0.7, 0.2, 0.1
    scale = np.ones(d)
    scale[:2] = np.sqrt(1 + theta)
    rest = rng.standard_normal(d - 2)
    task = np.concatenate([a, b * rest / np.linalg.norm(rest)])
    unlabelled = rng.standard_normal((2 * d, d)) * scale
    basis = np.linalg.eigh(unlabelled.T @ unlabelled)[1][:, -d // 5 :]
    inputs = rng.standard_normal((3 * d // 5, d)) * scale
    labels = np.sign(inputs @ task + np.sqrt(sigma2) * rng.standard_normal(len(inputs)))
    beta = trained(inputs @ basis, labels, lam)
    probe, truth = scale * (basis @ beta), scale * task
    correlation = probe @ truth / np.sqrt(probe @ probe * (truth @ truth + sigma2))
    loss = np.log1p(np.exp(-labels * (inputs @ (basis @ beta)))).mean()
    return np.arccos(correlation) / np.pi, loss


def test_against_simulated_pretraining_and_probes():
    overlaps = [c.value for c in evaluate(pca_probe.derivation().model, "overlap", POINT, 20)]
    theory = solved(POINT, overlaps)
    rng = np.random.default_rng(8)
    found = np.array([draw(rng, 300) for _ in range(12)])
    means, errors = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(len(found))
    for name, stated, mean, error in zip(("class error", "mean loss"), theory, means, errors):
        assert error < 0.05 * stated
        assert abs(mean - stated) < 4 * error, f"{name}: {stated:.5f}, simulated {mean:.5f} +- {error:.5f}"


def test_without_noise_and_spread_the_isotropic_classifier_is_recovered():
    """k = d and no spikes to speak of: the published class error of logistic regression at alpha = 2, lam = 1/10.

    There the loss is a sum over samples with lam |w|^2/2, here a mean with the penalty lam q.
    """
    at = {"rho": "1", "alpha": "2", "theta": "1/1000000000", "a": "0", "b": "1", "sigma2": "0", "lam": "1/20"}
    error, _ = solved(at, ["1"])
    assert error == pytest.approx(0.179662, abs=2e-6)


def test_points_without_a_probe_are_refused():
    with pytest.raises(OutsideDomain, match="as many dimensions"):
        evaluate(D.model, "class_error", {**D.model.example, "rho": "3/2"}, 6)
    with pytest.raises(OutsideDomain, match="lower lam"):
        evaluate(D.model, "class_error", {**D.model.example, "lam": "10000"}, 6)


def test_self_averaging_is_visible_where_it_enters():
    reasons = [a for a in D.assumptions(["class-error"]) if a.id == "self-averaging"]
    assert any("minimiser" in a.reason for a in reasons)

from fractions import Fraction as Q
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from quenched.numeric import evaluate
from quenched.numeric.simulate import simulate, simulations
from quenched.numeric.simulate.pca_probe import fit, principal_components
from quenched.numeric.simulate.unbalanced import Problem, descend, flow, whitened
from quenched.symbolic.errors import BadInput, OutsideDomain, UnknownName


def test_probe_draws_agree_with_theory(probe, generic):
    found = simulate("pca_probe", generic, d=400, draws=30, seed=3)
    assert found.ratios == {"gamma": "1/2", "rho": "1/5", "alpha": "3/5"}
    for name in ("generalisation_error", "training_error"):
        assert abs(found.results[name].z_score(float(evaluate(probe, name, generic).value))) < 3
        assert found.results[name].standard_error < 0.05
    for estimate, theory in zip(found.results["overlap"], evaluate(probe, "overlap", generic)):
        assert abs(estimate.z_score(float(theory.value))) < 3
        assert estimate.standard_error < 0.01


def test_theory_is_asked_at_the_realised_ratios(generic):
    found = simulate("pca_probe", {**generic, "gamma": "0.7", "rho": "0.123"}, d=101, draws=2)
    assert found.ratios == {"gamma": "101/144", "rho": "12/101", "alpha": "61/101"}


def test_draws_are_reproducible(generic):
    first, again, other = (simulate("pca_probe", generic, d=60, draws=3, seed=seed) for seed in (1, 1, 2))
    assert first == again and first.results != other.results
    assert first.as_json()["results"]["overlap"][0]["mean"] == first.results["overlap"][0].mean


@pytest.mark.parametrize(
    "change", [{"rho": "4/5"}, {"gamma": "2", "rho": "2/5"}, {"lam": "1/10"}, {"lam": "1/10", "rho": "4/5"}, {"rho": 0}]
)
def test_all_regimes_run(generic, change):
    found = simulate("pca_probe", {**generic, **change}, d=60, draws=4)
    error, noise = found.results["generalisation_error"].mean, found.results["effective_noise"].mean
    assert error >= noise > 0.2, "no probe beats the best one, and label noise stays"
    assert all(0 < c.mean < 1 for c in found.results["overlap"])
    interpolates = change.get("rho") == "4/5" and "lam" not in change
    assert (abs(found.results["training_error"].mean) < 1e-20) == interpolates


def test_probe_without_any_direction(generic):
    found = simulate("pca_probe", {**generic, "theta": "1/10", "a": "1", "rho": 0}, d=60, draws=5)
    assert found.results["overlap"][0].mean == 0
    assert abs(found.results["generalisation_error"].mean - (0.2 + 0.49 + 1.1)) < 1e-12


def test_impossible_experiments_are_refused(generic):
    with pytest.raises(OutsideDomain, match="diverge"):
        simulate("pca_probe", {**generic, "rho": "3/5"}, d=100, draws=2)
    with pytest.raises(OutsideDomain, match=r"min\(d, M\)"):
        simulate("pca_probe", {**generic, "gamma": 4, "rho": "1/3"}, d=100, draws=2)
    with pytest.raises(BadInput, match="at least two"):
        simulate("pca_probe", generic, d=50, draws=1)
    with pytest.raises(BadInput, match="missing"):
        simulate("pca_probe", {"gamma": 1})
    with pytest.raises(UnknownName, match="pca_probe"):
        simulate("pca_prob", generic)
    assert {"pca_probe", "ridge", "unbalanced"} <= set(simulations())


def test_fit_is_optimal_and_components_are_eigenvectors():
    rng = np.random.default_rng(5)
    for samples, k, lam in ((30, 12, 0.3), (12, 30, 0.3), (30, 12, 0.0), (12, 30, 0.0)):
        Z, y = rng.standard_normal((samples, k)), rng.standard_normal(samples)
        beta = fit(Z, y, lam)
        assert np.allclose(Z.T @ (Z @ beta - y) / samples + lam * beta, 0, atol=1e-12)
        if lam == 0 and k > samples:
            assert np.allclose(beta, np.linalg.pinv(Z) @ y)
    for samples in (40, 15):
        X = rng.standard_normal((samples, 25))
        U = principal_components(X, 10)
        assert np.allclose(U.T @ U, np.eye(10))
        values = np.sort(np.linalg.svd(X, compute_uv=False) ** 2)[-10:]
        assert np.allclose(np.sort(np.diag(U.T @ X.T @ X @ U)), values)


def test_flow_of_the_references():
    """W30: the sign that the published code loses.  W26: on the separatrix the limit is a saddle, not the target."""
    state = flow(whitened(1, 1, ["4/5", "3/5"]), "1/2", [1, 0], 2, digits=30)
    assert mpmath.nstr(state.values[0], 5) == "0.80186"
    separatrix = flow(whitened(1, 1, ["3/2", 0]), 6, [-2, 6], 3, digits=30)
    assert abs(separatrix.values[0]) < 1e-4 and abs(separatrix.values[2] - 2) < 1e-6


def test_flow_conserves_delta_for_any_data():
    problem = Problem(Q(2, 3), Q(5, 4), ((Q(1, 2), 1, Q(-2, 3)), (Q(7, 5), Q(1, 3), 2)), (Q(11, 10), Q(-3, 4)))
    a0, w0 = Q(-3, 5), (Q(2, 7), Q(-1, 2), Q(4, 3))
    state = flow(problem, a0, w0, Q(3, 2), digits=30)
    ctx = mpmath.MPContext()
    ctx.dps = 40
    a, *w = map(ctx.mpf, state.values)
    delta = ctx.mpf(5) / 4 * a**2 - ctx.mpf(2) / 3 * sum(v**2 for v in w)
    start = problem.delta(a0, w0)
    assert abs(delta - ctx.mpf(start.numerator) / start.denominator) < ctx.mpf(10) ** -29
    # The part of w outside the row space of X never moves: n = (14, -29, -19)/... is orthogonal to both rows.
    normal = np.cross([0.5, 1, -2 / 3], [1.4, 1 / 3, 2])
    assert abs(normal @ (np.array(w, dtype=float) - np.array(w0, dtype=float))) < 1e-13


def test_drift_of_gradient_descent_is_exact():
    problem = Problem(Q(1, 30), Q(1, 20), ((Q(1, 2), 1), (Q(7, 5), Q(-1, 3))), (Q(11, 10), Q(-3, 4)))
    path = descend(problem, Q(3, 5), (Q(2, 7), Q(-1, 2)), 4)
    for (a, w), (a1, w1) in pairwise(path):
        assert problem.delta(a1, w1) - problem.delta(a, w) == problem.drift(a, w) != 0


def test_unbalanced_simulation_is_consistent():
    at = {"eta_a": "2/3", "eta_w": "5/4", "a0": "-3/5", "w0": "2/7,-1/2", "beta_star": "4/5,3/5", "t": "3/2"}
    results = simulate("unbalanced", at).results
    a, w, beta = results["a"].mean, [v.mean for v in results["w"]], [v.mean for v in results["beta"]]
    assert np.allclose(beta, np.multiply(a, w), rtol=1e-14)
    assert abs(results["delta"].mean - (5 / 4 * 0.36 - 2 / 3 * (4 / 49 + 1 / 4))) < 1e-14
    M0, M1 = (5 / 4 * s**2 * np.eye(2) + 2 / 3 * np.outer(v, v) for s, v in ((-0.6, [2 / 7, -0.5]), (a, w)))
    cosine = np.sum(M0 * M1) / np.linalg.norm(M0) / np.linalg.norm(M1)
    assert abs(results["kernel_distance"].mean - (1 - cosine)) < 1e-14
    assert all(e.standard_error < 1e-18 for e in (results["a"], results["loss"], *results["w"]))

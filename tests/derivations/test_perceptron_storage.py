"""The storage capacity of the perceptron: checks, mutants, published capacities, counting, and a simulation."""

import numpy as np
import pytest
import sympy as sp

from quenched.derivations.perceptron_storage import alpha, derivation, kappa, q
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.precision import context

D = derivation()


def value(name, digits=20, **at):
    return evaluate(D.model, name, at, digits).value


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["capacity", "capacity-zero", "replicon-capacity"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_cover_refuses_another_capacity():
    (witness,) = D.witnesses
    claim = D.claim("capacity-zero")
    for wrong in (sp.Integer(1), sp.Integer(3), sp.Rational(5, 2), sp.Integer(-2)):
        edited = claim.with_equations([type(claim.single)(claim.lhs, wrong)])
        assert witness.judge({"capacity-zero": edited}, D.samples("cover")).refuted


@pytest.mark.parametrize(("margin", "expected"), [("1/2", 0.961205), ("1", 0.519572), ("2", 0.200231), ("0", 2.0)])
def test_published_capacities(margin, expected):
    assert float(value("critical_capacity", kappa=margin)) == pytest.approx(expected, abs=1e-6)


def test_capacity_is_the_reciprocal_of_a_mean_square():
    """1/int_{-kappa}^oo Dz (z + kappa)^2 by quadrature, 20 digits."""
    ctx = context(35)
    for margin in ("3/7", "-3/4"):
        k = ctx.mpf(sp.Rational(margin).p) / sp.Rational(margin).q
        square = ctx.quad(lambda z, k=k: ctx.npdf(z) * (z + k) ** 2, [-k, 0, 2, 6, 14] if k > 0 else [-k, 2, 6, 14])
        assert abs(1 / square - ctx.mpf(value("critical_capacity", 22, kappa=margin))) < ctx.mpf(10) ** -19


def test_overlap_is_stationary_for_the_entropy():
    """Independent code: log H by mpmath's erfc and quadrature; its slope in q vanishes at the certified overlap."""
    ctx = context(30)
    a, k = ctx.mpf(3) / 4, ctx.mpf(1) / 3

    def entropy(x):
        u = lambda z: (k + ctx.sqrt(x) * z) / ctx.sqrt(1 - x)  # noqa: E731
        fields = ctx.quad(lambda z: ctx.log(ctx.erfc(u(z) / ctx.sqrt(2)) / 2) * ctx.npdf(z), range(-12, 13, 2))
        return a * fields + x / (2 * (1 - x)) + ctx.log(1 - x) / 2

    found = ctx.mpf(value("overlap", 20, alpha="3/4", kappa="1/3"))
    assert abs(entropy(found) - ctx.mpf(value("entropy", 18, alpha="3/4", kappa="1/3"))) < 1e-16
    step = ctx.mpf(10) ** -8
    assert abs(entropy(found + step) - entropy(found - step)) / (2 * step) < 1e-13


def test_few_patterns_cost_what_they_cost_alone():
    """alpha -> 0: the volume is exp(N alpha log H(kappa)) to first order."""
    slope = float(value("entropy", 12, alpha="1/1000", kappa="1/2")) * 1000
    assert slope == pytest.approx(float(sp.log(sp.erfc(sp.sqrt(2) / 4) / 2)), rel=2e-3)


def test_stability_has_the_sign_of_the_margin_at_the_capacity():
    assert [sp.sign(sp.Rational(value("critical_replicon", 10, kappa=k))) for k in ("1/2", "-1/2")] == [1, -1]
    assert value("critical_replicon", kappa="0") == "0"
    near = [float(value("replicon", 8, alpha=a, kappa="0")) for a in ("1", "3/2")]
    assert near == sorted(near, reverse=True) and near[-1] > 0
    # With a negative margin the instability comes before the capacity 4.77.
    assert float(value("replicon", 6, alpha="4", kappa="-1/2")) < 0


def test_beyond_the_capacity_nothing_is_answered():
    with pytest.raises(OutsideDomain, match="critical_capacity"):
        value("overlap", alpha="2", kappa="0")


def test_simulated_maximal_margin():
    """Dual coordinate ascent finds the largest margin of 10 samples with N = 120, M = 96: alpha = 0.8."""
    rng, size, count = np.random.default_rng(5), 120, 96
    found = []
    for _ in range(10):
        patterns = rng.standard_normal((count, size)) / np.sqrt(size)
        norms, dual, weights = np.sum(patterns**2, axis=1), np.zeros(count), np.zeros(size)
        for _ in range(300):
            for i in rng.permutation(count):
                step = max(-dual[i], (1 - patterns[i] @ weights) / norms[i])
                dual[i] += step
                weights += step * patterns[i]
        found.append(np.min(patterns @ weights) * np.sqrt(size) / np.linalg.norm(weights))
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    # The margin at which 0.8 is the capacity.
    low, high = sp.Rational(0), sp.Rational(2)
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if float(value("critical_capacity", 8, kappa=middle)) > 0.8 else (low, middle)
    assert error < 0.03
    # Finite N adds a shift of order 1/N.
    assert abs(np.mean(found) - float(low)) < 4 * error + 2 / size


def test_the_claims_are_functions_of_what_they_should_be():
    assert D.claim("load").rhs.free_symbols == {kappa, q}
    assert D.claim("capacity").rhs.free_symbols == {kappa}
    assert D.claim("replicon").rhs.free_symbols == {alpha, kappa, q}
    assert {s.label for s in D if s.kind == "definition"} == {"energy", "stationary", "at-capacity"}

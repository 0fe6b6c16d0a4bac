"""The Hopfield derivation: checks, mutants, certified thresholds against independent numbers, honest failures."""

import random

import numpy as np
import pytest
import sympy as sp

from quenched.derivations.hopfield import derivation
from quenched.derivations.hopfield.notation import C, alpha, beta, m, q, r, x
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import NotCertified, OutsideDomain
from quenched.symbolic.precision import context

D = derivation()


def value(name, digits=20, **at):
    return evaluate(D.model, name, at, digits).value


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["noise", "slope", "glass-energy"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_end_of_retrieval_against_a_maximum_found_otherwise():
    """max over x of (erf(x)/x - 2 exp(-x^2)/sqrt(pi))^2/2 by golden section in mpmath, without any derivative."""
    ctx = context(40)

    def load(y):
        return (ctx.erf(y) / y - 2 * ctx.exp(-y * y) / ctx.sqrt(ctx.pi)) ** 2 / 2

    low, high, ratio = ctx.mpf(1), ctx.mpf(2), (ctx.sqrt(5) - 1) / 2
    for _ in range(90):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (left, high) if load(left) < load(right) else (low, right)
    assert abs(ctx.mpf(value("critical_load", 25)) - load(low)) < ctx.mpf(10) ** -25
    assert value("critical_load", 9) == "0.137905566"
    assert abs(ctx.mpf(value("critical_overlap", 20)) - ctx.erf(low)) < ctx.mpf(10) ** -15


def test_crossing_of_the_energies():
    load = value("crossing_load", 30)
    assert load.startswith("0.0518")
    gap = [sp.Rational(value(k, 25, alpha=load)) for k in ("ground_energy", "glass_energy")]
    assert abs(gap[0] - gap[1]) < sp.Rational(1, 10**24)
    # Above it the spin-glass state is lower, below it retrieval is.
    for at, sign in (("1/25", -1), ("1/10", 1)):
        ends = [float(value(k, 12, alpha=at)) for k in ("ground_energy", "glass_energy")]
        assert (ends[0] - ends[1]) * sign > 0


def test_retrieval_state_against_quadrature():
    """Independent code: both self-consistent equations by quadrature in mpmath."""
    ctx = context(30)
    a, b = ctx.mpf(1) / 20, ctx.mpf(5) / 2
    m0, q0, r0 = (ctx.mpf(value(k, 20, alpha="1/20", beta="5/2")) for k in ("retrieval_overlap", "overlap", "noise"))

    def mean(power):
        field = lambda z: ctx.tanh(b * (m0 + ctx.sqrt(a * r0) * z)) ** power * ctx.npdf(z)  # noqa: E731
        return ctx.quad(field, range(-10, 11))

    assert abs(mean(1) - m0) < 1e-18 and abs(mean(2) - q0) < 1e-18
    assert abs(q0 / (1 - b * (1 - q0)) ** 2 - r0) < 1e-17


def test_entropy_is_energy_less_free_energy_and_minus_the_slope_in_temperature():
    """Three claims that were derived on three ways."""
    at = {"alpha": "1/25", "beta": "3"}
    f, u, s = (sp.Rational(value(k, 22, **at)) for k in ("free_energy", "energy", "entropy"))
    assert abs(3 * (u - f) - s) < sp.Rational(1, 10**20)
    step = sp.Rational(1, 10**6)
    ends = [
        sp.Rational(value("free_energy", 25, alpha="1/25", beta=1 / (sp.Rational(1, 3) + k * step))) for k in (1, -1)
    ]
    assert abs(-(ends[0] - ends[1]) / (2 * step) - s) < 1e-10


def test_zero_temperature_is_the_limit():
    """Two low temperatures, extrapolated: overlap and energy are even in the temperature, the entropy is not."""
    at = {"alpha": "3/25"}
    for cold, ground, order in (
        ("retrieval_overlap", "ground_overlap", 2),
        ("energy", "ground_energy", 2),
        ("entropy", "ground_entropy", 1),
    ):
        warm, cool = (float(value(cold, 8, beta=b, **at)) for b in ("12", "24"))
        limit = (2**order * cool - warm) / (2**order - 1)
        assert limit == pytest.approx(float(value(ground, 8, **at)), abs=1e-3)
    assert float(value("ground_entropy", 10, **at)) < 0


def test_the_retrieval_state_is_unstable_at_low_temperature_only():
    assert float(value("replicon", 8, alpha="1/10", beta="4")) > 0
    # Per inverse temperature the eigenvalue tends to a negative number.
    at = {C: sp.Rational(1, 5), m: sp.Rational(19, 20), r: sp.Rational(3, 2), alpha: sp.Rational(1, 10)}
    assert D.claim("instability").rhs.xreplace(at) < 0


def test_simulated_overlap_at_positive_temperature():
    """Glauber dynamics from the pattern, 8 samples of N = 800: within four standard errors of the mean."""
    rng, size, load, b = np.random.default_rng(7), 800, 0.025, 2.5
    uniform = random.Random(11)
    found = []
    for _ in range(8):
        patterns = rng.choice((-1.0, 1.0), size=(round(load * size), size))
        patterns = np.vstack([np.ones(size), patterns])
        couplings = patterns.T @ patterns / size
        np.fill_diagonal(couplings, 0)
        spins, total = np.ones(size), 0.0
        fields = couplings @ spins
        for sweep in range(45):
            for _ in range(size):
                i = uniform.randrange(size)
                new = 1.0 if uniform.random() < 1 / (1 + np.exp(-2 * b * fields[i])) else -1.0
                if new != spins[i]:
                    fields += (new - spins[i]) * couplings[:, i]
                    spins[i] = new
            total += spins.mean() if sweep >= 15 else 0.0
        found.append(total / 30)
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    expected = float(value("retrieval_overlap", 10, alpha="1/40", beta="5/2"))
    assert error < 0.004
    assert abs(np.mean(found) - expected) < 4 * error


def test_limits_of_the_domain_are_named():
    with pytest.raises(OutsideDomain, match="beta <= 1"):
        value("retrieval_overlap", alpha="1/20", beta="1")
    with pytest.raises(NotCertified):
        value("ground_overlap", alpha="7/50")
    with pytest.raises(NotCertified, match="branch"):
        value("retrieval_overlap", 6, alpha="1/5", beta="10")


def test_order_parameters_keep_the_symmetric_saddle():
    """Real symbols: positivity would delete m = 0 and q = 0."""
    for symbol in (m, q):
        assert symbol.is_real and symbol.is_positive is None


def test_definitions_state_no_saddle_point_equation():
    named = {s.label for s in D if s.kind == "definition"}
    assert named == {
        "energy", "noise-definition", "free-energy-definition", "response-definition", "scaling", "rate-definition",
        "amplitude", "ratio", "excess", "gap-definition", "no-signal", "onset", "temperature-gap",
        "temperature-definition",
    }  # fmt: skip
    assert D.claim("noise").rhs.free_symbols == {beta, q}
    assert D.claim("signal").rhs.free_symbols == {alpha, beta, m, r}
    assert D.claim("load").rhs.free_symbols == {x}

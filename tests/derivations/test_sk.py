"""The Sherrington-Kirkpatrick derivation: checks, mutants of its results, certified values, honest failure at T = 0."""

import pytest
import sympy as sp

from quenched.derivations.sk import beta, derivation, h, q
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.precision import context

D = derivation()


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["overlap", "zero-entropy", "ground-state-energy"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_closed_forms_at_zero_temperature():
    assert sp.expand(D.claim("ground-state-energy").rhs + sp.sqrt(2 / sp.pi)) == 0
    assert D.claim("zero-entropy").rhs == -1 / (2 * sp.pi)
    assert D.claim("instability").rhs.is_negative


def value(name, digits=20, **at):
    return evaluate(D.model, name, at, digits).value


def test_overlap_against_quadrature():
    """Independent code: the self-consistent equation by quadrature in mpmath, 15 digits."""
    ctx = context(30)
    found = ctx.mpf(value("overlap", beta="2", h="3/10"))

    def equation(x):
        inner = lambda z: ctx.tanh(2 * (ctx.mpf(3) / 10 + ctx.sqrt(x) * z)) ** 2 * ctx.npdf(z)  # noqa: E731
        return x - ctx.quad(inner, range(-10, 11))

    assert abs(equation(found)) < 1e-15


def test_energy_and_entropy_are_derivatives_of_the_free_energy():
    """u = d(beta f)/d beta and S = beta (u - f), by a central difference of certified values."""
    step = sp.Rational(1, 10**5)
    ctx = context(40)
    at = sp.Rational(3, 2)
    ends = [ctx.mpf(value("free_energy", 18, beta=at + s * step, h="1/5")) * (at + s * step) for s in (1, -1)]
    energy = ctx.mpf(value("energy", 18, beta=at, h="1/5"))
    assert abs((ends[0] - ends[1]) / (2 * ctx.mpf(10) ** -5) - energy) < 1e-8
    free, entropy = (ctx.mpf(value(name, 18, beta=at, h="1/5")) for name in ("free_energy", "entropy"))
    assert abs(entropy - 3 * (energy - free) / 2) < 1e-16


def test_stability_changes_sign_where_the_theory_says():
    assert float(value("replicon", 10, beta="9/10", h="0")) == pytest.approx(1 - 0.81)
    assert float(value("replicon", 10, beta="11/10", h="0")) < 0 < float(value("replicon", 10, beta="11/10", h="1"))


def test_low_temperature_values_approach_the_limits():
    assert abs(float(value("energy", 6, beta="8", h="0")) + (2 / sp.pi.evalf()) ** 0.5) < 2e-2
    assert float(value("entropy", 6, beta="8", h="0")) < 0


def test_high_temperature_without_field_is_free():
    assert value("overlap", beta="1/2", h="0") == "0"
    assert float(value("free_energy", 15, beta="1/2", h="0")) == pytest.approx(-2 * float(sp.log(2)) - 0.125)


def test_what_the_conclusion_rests_on():
    ids = [a.id for a in D.assumptions(["zero-entropy"])]
    assert ids == [
        "saddle-point",
        "replica-symmetry",
        "replica-trick",
        "limit-exchange",
        "continuation",
        "zero-temperature-last",
    ]


def test_the_derivation_is_computed_from_the_energy():
    """No later definition states an equation of the saddle point: definitions name things, rules compute."""
    named = {s.label for s in D if s.kind == "definition"}
    assert named == {
        "energy",
        "free-energy-definition",
        "entropy-definition",
        "response-definition",
        "scaling",
        "slope-definition",
    }
    assert D.claim("overlap").rhs.free_symbols == {beta, h, q}


def test_the_line_of_almeida_and_thouless():
    """Against quadrature of both conditions; exactly 1 without a field; (3/4)^(1/3) h^(2/3) below it for small ones."""
    ctx = context(25)
    parts = [-9, -4, -2, -1, 0, 1, 2, 4, 9]

    def mean(f):
        return ctx.quad(lambda x: ctx.npdf(x) * f(x), parts)

    def conditions(overlap, b):
        def field(x):
            return b * (1 + ctx.sqrt(overlap) * x)

        return [overlap - mean(lambda x: ctx.tanh(field(x)) ** 2), 1 - b * b * mean(lambda x: ctx.sech(field(x)) ** 4)]

    def temperature(size):
        return ctx.mpf(value("critical_temperature", h=size))

    assert abs(temperature("1") - 1 / ctx.findroot(conditions, (0.8, 3))[1]) < 1e-12
    assert temperature("0") == 1
    assert temperature("1/5") == temperature("-1/5")
    distance = 1 - temperature("1/100000")
    assert abs(distance / (ctx.mpf("0.75") ** (ctx.mpf(1) / 3) * ctx.mpf("1e-5") ** (ctx.mpf(2) / 3)) - 1) < 1e-3

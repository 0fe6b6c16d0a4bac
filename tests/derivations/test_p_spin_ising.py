"""The Ising p-spin model: checks, mutants, transition and ground state for few and for many spins per interaction."""

import pytest
import sympy as sp

from quenched.derivations.p_spin_ising import derivation
from quenched.derivations.p_spin_ising.notation import mu, p
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.precision import compiled, context

D = derivation()


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["potential", "ground-state-energy", "ground-slope"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def value(name, power, digits=15):
    return evaluate(D.model, name, {"p": power}, digits).value


def test_ground_state_in_closed_form():
    """e(mu) = -mu/4 - log(2 Phi(mu sqrt(p/2)))/mu, at generic points, 25 digits."""
    ctx = context(30)
    told = compiled(ctx, [mu, p], D.claim("ground-state-energy").rhs)
    for size, power in ((ctx.mpf(7) / 5, 3), (ctx.mpf(2) / 7, 5)):
        normal = (1 + ctx.erf(size * ctx.sqrt(power) / 2)) / 2
        assert abs(told(size, power) + size / 4 + ctx.log(2 * normal) / size) < 1e-25


def test_two_spins_are_the_sk_saddle_point_without_outer_overlap():
    """At p = 2 the largest energy is -0.768828."""
    ctx = context(20)
    told = compiled(ctx, [mu], D.claim("ground-state-energy").rhs.xreplace({p: sp.Integer(2)}))
    assert max(told(ctx.mpf(k) / 1000) for k in range(800, 1500)) == pytest.approx(-0.768828, abs=1e-6)


def test_three_spins():
    """T_c = 0.651 (Gardner 1985); twenty digits agree at two precisions."""
    assert value("static_temperature", 3, 20) == "0.65138522693592113991"
    assert value("ground_state_energy", 3, 20) == "-0.81353496398423158516"


def test_the_transition_against_quadrature():
    """Independent code: both conditions at m = 1 by mpmath at the certified point."""
    ctx = context(30)
    q, beta = ctx.mpf(value("static_overlap", 3, 20)), 1 / ctx.mpf(value("static_temperature", 3, 20))
    r = 3 * beta**2 * q**2 / 2

    def mean(f):
        # The weight cosh moves the normal variable to both sides by sqrt(r).
        return ctx.quad(lambda z: f(r + ctx.sqrt(r) * z) * ctx.npdf(z), range(-12, 13))

    assert abs(mean(lambda u: ctx.tanh(u) ** 2) - q) < 1e-17
    slope = beta**2 * q**3 / 4 - q * r / 2 + mean(lambda u: ctx.log(ctx.cosh(u))) - r / 2
    assert abs(slope) < 1e-17


def test_many_spins_are_independent_energies():
    """T_c -> 1/(2 sqrt(log 2)), e -> -sqrt(log 2), mu -> 2 sqrt(log 2)."""
    root = float(sp.sqrt(sp.log(2)))
    assert float(value("static_temperature", 30)) == pytest.approx(1 / (2 * root), abs=1e-8)
    assert float(value("ground_state_energy", 60)) == pytest.approx(-root, abs=1e-12)
    assert float(value("ground_block_size", 60)) == pytest.approx(2 * root, abs=1e-10)


def test_no_transition_of_this_kind_for_two_spins():
    with pytest.raises(OutsideDomain, match="p = 2"):
        value("static_temperature", 2)

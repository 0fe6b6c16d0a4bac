"""Sample canonical correlations: checks, mutation, reference values, total mass."""

import pytest
import sympy as sp
from flint import acb, arb

from quenched.derivations.sample_cca import EXAMPLE, case, derivation, f, lower, upper, x
from quenched.numeric import evaluate
from quenched.symbolic.balls import working
from quenched.symbolic.checking import check, mutate
from quenched.symbolic.verdict import Level


def value(name, at, digits=40):
    found = evaluate(derivation().model, name, at, digits)
    return [sp.Rational(v.value) for v in found] if isinstance(found, list) else sp.Rational(found.value)


def test_every_check_passes():
    report = check(derivation(), "fast")
    assert report.exit_code == 0
    assert {v.level for v in report.verdicts().values()} <= {Level.PROVED, Level.CONSISTENT}


@pytest.mark.parametrize("label", ["dyson", "quadratic", "trace", "density", "edges", "atom-one", "moments"])
def test_every_edit_is_refused(label):
    kills = list(mutate(derivation(), label))
    assert len(kills) > 5
    assert [kill.edit for kill in kills if not kill.by] == []


def test_reference_values():
    reference = sp.Rational("1.18133458177251038929054944207990")
    assert abs(value("trace", EXAMPLE) - reference) < sp.Rational(1, 10**32)
    reference = sp.Rational("1.38714940658923220338544911426902")
    assert abs(value("density", EXAMPLE) - reference) < sp.Rational(1, 10**32)
    low, high = value("edges", EXAMPLE)
    a, b = sp.Rational(1, 5), sp.Rational(2, 5)
    for found, sign in ((low, -1), (high, 1)):
        exact = (sp.sqrt(a * (1 - b)) + sign * sp.sqrt(b * (1 - a))) ** 2
        assert abs(found - sp.Rational(str(sp.N(exact, 50)))) < sp.Rational(1, 10**38)


@pytest.mark.parametrize("ratios", [("1/5", "2/5"), ("1/2", "1/3"), ("1/2", "2/3"), ("3/4", "1/2")])
def test_density_and_atoms_have_mass_one_and_the_stated_mean(ratios):
    """Gauss quadrature in the angle of the bulk: the square roots at the edges disappear."""
    at = {"c1": ratios[0], "c2": ratios[1]}
    exact = {s: sp.Rational(v) for s, v in zip(sp.symbols("c1 c2", positive=True), ratios)}
    claim = derivation().claim("density").rhs.xreplace(exact)
    low, high = value("edges", at, 50)
    with working(160):
        ends = [arb(str(e.p)) / arb(str(e.q)) for e in (low, high)]
        middle, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2

        def weight(angle, power):
            place = middle + half * angle.cos()
            # density = sqrt((upper - x)(x - lower))/(2 pi c1 x (1 - x)), dx = half sin d(angle)
            c = arb(str(exact[sp.Symbol("c1", positive=True)].p)) / arb(str(exact[sp.Symbol("c1", positive=True)].q))
            return (half * angle.sin()) ** 2 / (2 * arb.pi() * c * place * (1 - place)) * place**power

        mass, mean = (acb.integral(lambda t, _, k=k: weight(t, k), 0, acb.pi()).real for k in (0, 1))
        middle_value = float(claim.xreplace({x: sp.Rational(str(middle.mid().str(30, radius=False)))}))
    assert abs(middle_value - float(weight(acb.pi() / 2, 0).real) / float(half)) < 1e-12
    zero, one = (float(value(name, at, 20)) for name in ("mass_zero", "mass_one"))
    assert abs(float(mass) + zero + one - 1) < 1e-12
    assert abs(float(mean) + one - float(value("moments", at, 20)[0])) < 1e-12


def test_outside_the_bulk_the_density_is_zero():
    assert value("density", dict(EXAMPLE, x="99/100")) == 0
    assert case({"c1": sp.Rational(1, 5), "c2": sp.Rational(2, 5)}) == "no x"
    assert {f, lower, upper} <= {e.lhs for label in ("density", "edges") for e in derivation().claim(label).equations}

"""By parts with the hazard: Stein's lemma does not end, elimination does; unbounded bodies have no steep limit."""

import pytest
import sympy as sp

from quenched.symbolic import balls
from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.quantity import REAL, Notation, Quantity, Samples, interval
from quenched.symbolic.replica.hazard import HazardGradient, Saturation, hazard_form
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.replica.mean_calculus import stein
from quenched.symbolic.replica.tail import Hazard, LogTail
from quenched.symbolic.rule import Case

NOTATION = Notation(
    Quantity("q", "q", domain=interval(0, 1, "()")), *(Quantity(name, name, domain=REAL) for name in ("k", "f", "g"))
)
q, k, f, g = NOTATION.symbols("q k f g")
z = sp.Symbol("z", real=True)
U = (k + sp.sqrt(q) * z) / sp.sqrt(1 - q)
AT = {q: sp.Rational(2, 5), k: sp.Rational(-3, 7)}


def claim(lhs, rhs):
    return Claim("given", (Equation(lhs, rhs),))


def judged(rule, given, lhs, rhs):
    return rule.check(Case((given,), claim(lhs, rhs), Samples(NOTATION, "test")))


def test_stein_does_not_end_and_elimination_does(monkeypatch):
    # Each round makes the expression longer; five rounds show it.
    monkeypatch.setattr("quenched.symbolic.replica.mean_calculus.LONGEST", 5)
    mean = Mean(z**2 * Hazard(U), z)
    with pytest.raises(NotDerivable, match="does not end"):
        stein(mean)
    form = hazard_form(mean)
    assert all(not m.body.xreplace({h: sp.Dummy() for h in m.body.atoms(Hazard)}).has(z) for m in form.atoms(Mean))
    gap = balls.enclose(mean - form, AT, 160).real
    assert gap.contains(0) and gap.rad() < 1e-30


def test_the_slope_of_the_fields_is_one_mean_square():
    """d/dq E log H(u) = -E h^2/(2 (1 - q))."""
    rate = HazardGradient(variable=q, result=g).apply(claim(f, Mean(LogTail(U), z))).rhs
    assert sp.cancel(rate / Mean(Hazard(U) ** 2, z) - 1 / (2 * (q - 1))) == 0
    assert judged(HazardGradient(variable=q, result=g), claim(f, Mean(LogTail(U), z)), g, rate).positive
    assert judged(HazardGradient(variable=q, result=g), claim(f, Mean(LogTail(U), z)), g, -rate).refuted


def test_the_steep_limit_of_bounded_bodies():
    square = claim(f, (1 - q) * Mean(Hazard(U) ** 2, z))
    limit = Saturation(variable=q).apply(square).rhs
    expected = (1 + k**2) * (1 + sp.erf(k / sp.sqrt(2))) / 2 + k * sp.exp(-(k**2) / 2) / sp.sqrt(2 * sp.pi)
    assert sp.expand(limit - expected) == 0
    assert judged(Saturation(variable=q), square, f, limit).positive
    assert judged(Saturation(variable=q), square, f, limit + sp.Rational(1, 10)).refuted


@pytest.mark.parametrize("body", [(Hazard(U) - U) ** 2, z * Hazard(U), Hazard(U) * (Hazard(U) - U) ** 2])
def test_bodies_without_a_uniform_bound_are_refused(body):
    with pytest.raises(NotDerivable):
        Saturation(variable=q).apply(claim(f, Mean(body, z)))


def test_a_mean_that_grows_is_not_given_a_limit():
    """E h^2 grows as 1/(1 - q): without the factor there is no limit."""
    with pytest.raises(NotDerivable, match="diverges"):
        Saturation(variable=q).apply(claim(f, Mean(Hazard(U) ** 2, z)))

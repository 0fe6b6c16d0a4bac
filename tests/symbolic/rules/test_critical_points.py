"""Kac-Rice counting: the law of a landscape, the rates at finite size, the logarithmic potential, perfect squares."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic import balls
from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.quantity import NEGATIVE, POSITIVE, Domain, Notation, Quantity, Samples, interval
from quenched.symbolic.rule import Case
from quenched.symbolic.rules.critical_points import KacRiceRates, LandscapeLaw
from quenched.symbolic.rules.log_potential import LogarithmByFourier
from quenched.symbolic.rules.perfect_square import RootOfSquare

NOTATION = Notation(
    Quantity("p", "p", domain=Domain(sp.Integer(3), None, "[)", integer=True)),
    Quantity("R", "R", domain=interval(-1, 1)),
    Quantity("t", "t", domain=interval(0, sp.pi)),
    Quantity("e", "e", domain=NEGATIVE),
    *(Quantity(name, name, domain=POSITIVE) for name in ("N", "x", "y", "a", "c0", "c1", "c2", "k")),
    *(Quantity(name, name) for name in ("f", "r1", "r2", "r3")),
)
p, R, t, e, N, x, y, a = NOTATION.symbols("p R t e N x y a")
c0, c1, c2, k, f, r1, r2, r3 = NOTATION.symbols("c0 c1 c2 k f r1 r2 r3")
LAW = LandscapeLaw(overlap=R, size=N, results=(c0, c1, c2, k))
RATES = KacRiceRates(results=(r1, r2, r3), energy=e, angle=t)


def claim(*equations: tuple, given: tuple = ()) -> Claim:
    return Claim("claim", tuple(Equation(*pair) for pair in equations), given)


def judged(rule, inputs, output: Claim):
    return rule.check(Case(tuple(inputs), output, Samples(NOTATION, "critical points")))


@pytest.mark.parametrize("covariance", [N * R**p / 2, a * N * R**p, N * R**4])
def test_law_of_a_landscape(covariance):
    """Var H/N = c(1), gradient c'(1), Hessian c''(1), shift c'(1)/c(1); every wrong entry is refused by the tensors."""
    source = claim((f, covariance))
    found = LAW.apply(source)
    density = covariance / N
    at = {R: sp.Integer(1)}
    truth = [sp.diff(density, R, n).subs(at) for n in range(3)]
    truth.append(truth[1] / truth[0])
    assert [sp.expand(eq.rhs - value) for eq, value in zip(found, truth)] == [0, 0, 0, 0]
    assert judged(LAW, [source], claim(*((q.lhs, q.rhs) for q in found))).positive
    for j in range(4):
        wrong = [(q.lhs, q.rhs * (2 if i == j else 1)) for i, q in enumerate(found)]
        assert judged(LAW, [source], claim(*wrong)).refuted


def test_mixtures_and_other_scalings_are_refused():
    for covariance in (N * (R**3 + R**4), R**3 * N**2):
        with pytest.raises(NotDerivable, match="power of the overlap"):
            LAW.apply(claim((f, covariance)))


def test_rates_of_the_count():
    law = claim((c0, sp.Rational(1, 2)), (c1, p / 2), (c2, p * (p - 1) / 2), (k, p))
    found = RATES.apply(law)
    given = RATES.given(law)
    assert judged(RATES, [law], claim(*((q.lhs, q.rhs) for q in found), given=given)).positive
    for j in range(3):
        wrong = [(q.lhs, q.rhs + (sp.Rational(1, 10**5) if i == j else 0)) for i, q in enumerate(found)]
        assert judged(RATES, [law], claim(*wrong, given=given)).refuted
    assert [s.id for s in RATES.assumptions(law)] == ["mean-determinant"]


def test_potential_of_the_semicircle():
    """At A = 5/2 B = 2: log((A + D)/2) + r^2/2 with D = 3/2, r = 1/2; and a weight with cos t."""
    body = sp.sin(t) ** 2 * sp.log(sp.Rational(5, 2) - 2 * sp.cos(t))
    found = LogarithmByFourier().apply(claim((f, 2 / sp.pi * sp.Integral(body, (t, 0, sp.pi))))).rhs
    assert abs(sp.N(found - sp.log(2) - sp.Rational(1, 8), 30)) < 1e-25
    body = (sp.cos(t) + sp.cos(t) ** 4) * sp.log(3 - sp.cos(t))
    source = claim((f, sp.Integral(body, (t, 0, sp.pi))))
    gap = balls.enclose(source.rhs - LogarithmByFourier().apply(source).rhs, {}, 128)
    assert gap.contains(0) and abs(gap) < 1e-30


def test_potential_with_parameters_and_wrong_ones():
    given = (x > y,)
    body = sp.sin(t) ** 2 * sp.log(x - y * sp.cos(t))
    source = claim((f, sp.Integral(body, (t, 0, sp.pi))), given=given)
    found = LogarithmByFourier().apply(source).rhs
    assert judged(LogarithmByFourier(), [source], claim((f, found), given=given)).positive
    assert judged(LogarithmByFourier(), [source], claim((f, found + x / 10**9), given=given)).refuted
    for wrong in (sp.exp(t) * sp.log(x - y * sp.cos(t)), sp.sin(t) ** 2 * sp.log(x - y * sp.cos(t) ** 2), sp.sin(t)):
        with pytest.raises(NotDerivable):
            LogarithmByFourier().apply(claim((f, sp.Integral(wrong, (t, 0, sp.pi)))))


def test_the_sign_of_a_root_is_a_condition():
    target = claim((f, sp.log(x + sp.sqrt(x**2 - 2 * x * y + y**2))), given=(x**2 + y**2 > 2 * x * y,))
    for root in (x - y, y - x):
        rule = RootOfSquare(root=root)
        assert rule.given(target) == (root > 0,)
        assert judged(rule, [target], claim((f, rule.apply(target).rhs), given=rule.given(target))).positive
    wrong = claim((f, sp.log(2 * x - y)), given=(y - x > 0,))
    assert judged(RootOfSquare(root=y - x), [target], wrong).refuted
    with pytest.raises(NotDerivable, match="no square root"):
        RootOfSquare(root=x + y).apply(target)

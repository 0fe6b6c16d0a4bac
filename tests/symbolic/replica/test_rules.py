"""The rules judge ANY output, and each trap of a replica calculation is refused or detected."""

import pytest
import sympy as sp

from quenched.derivations import sk
from quenched.symbolic import balls
from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.quantity import POSITIVE, REAL, Notation, Quantity, Samples
from quenched.symbolic.replica.branches import OnlyBranch, positive
from quenched.symbolic.replica.continuation import ReplicaLimit, by_denominator
from quenched.symbolic.replica.insertion import Insert, reduced
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.replica.stationarity import MeansRestate, Stationary
from quenched.symbolic.replica.terms import LogDet, LogTrace, PairSum, written_out
from quenched.symbolic.replica.zero_temperature import UndoDerivative, ZeroTemperature, half_line
from quenched.symbolic.rule import Case

NOTATION = Notation(
    *(Quantity(name, name, domain=POSITIVE) for name in ("beta", "c", "n", "g")),
    *(Quantity(name, name, domain=REAL) for name in ("x", "y", "f", "q")),
)
beta, c, n, g, x, y, f, q = NOTATION.symbols("beta c n g x y f q")
z = sp.Symbol("z", real=True)


def claim(lhs, rhs, label="given", given=()):
    return Claim(label, (Equation(lhs, rhs),), given)


def judged(rule, inputs, lhs, rhs, given=()):
    return rule.check(Case(tuple(inputs), claim(lhs, rhs, "output", given), Samples(NOTATION, "test")))


# -- limits under a mean ---------------------------------------------------------------------------------------------


def test_a_peak_is_not_taken_for_its_pointwise_limit():
    """beta (1 - tanh^2(beta z)) -> 0 for every z != 0, and its mean tends to sqrt(2/pi)."""
    peaked = claim(f, beta * (1 - Mean(sp.tanh(beta * z) ** 2, z)))
    with pytest.raises(NotDerivable):
        ZeroTemperature(beta=beta).apply(peaked)
    bounded = claim(f, UndoDerivative().apply(peaked).rhs)
    limit = ZeroTemperature(beta=beta).apply(bounded).rhs
    assert sp.expand(limit**2 - 2 / sp.pi) == 0
    assert judged(ZeroTemperature(beta=beta), [bounded], f, limit).positive
    assert judged(ZeroTemperature(beta=beta), [bounded], f, sp.Integer(0)).refuted


def test_growing_integrands_are_refused():
    with pytest.raises(NotDerivable):
        ZeroTemperature(beta=beta).apply(claim(f, Mean(beta**2 * (1 - sp.tanh(beta * z) ** 2), z)))


def test_unbounded_logarithms_cancel_only_together():
    w = beta * c * z
    together = claim(f, Mean(sp.log(2 * sp.cosh(w)) - w * sp.tanh(w), z))
    assert ZeroTemperature(beta=beta).apply(together).rhs == 0
    with pytest.raises(NotDerivable):
        ZeroTemperature(beta=beta).apply(claim(f, Mean(sp.log(2 * sp.cosh(w)), z)))


def test_half_line_moments():
    s = sp.Symbol("s", real=True)
    assert half_line(z**2, z, s) == 1 and half_line(z**3, z, s) == 0
    assert sp.expand(half_line(s * z**3, z, s) - 2 * sp.sqrt(2 / sp.pi)) == 0


def test_undoing_a_derivative_needs_one():
    with pytest.raises(NotDerivable):
        UndoDerivative().apply(claim(f, Mean(sp.tanh(beta * z) ** 2, z) + Mean(sp.tanh(c * z) ** 2, z)))


# -- continuation ----------------------------------------------------------------------------------------------------

SITE = sp.log(Mean((2 * sp.cosh(q * z + c)) ** n, z))


def test_replica_limit_at_real_n():
    limit = ReplicaLimit(n=n, result=f).apply(claim(x, SITE)).rhs
    assert limit == Mean(sp.log(2 * sp.cosh(q * z + c)), z)
    rule = ReplicaLimit(n=n, result=f)
    assert judged(rule, [claim(x, SITE)], f, limit).positive
    assert judged(rule, [claim(x, SITE)], f, limit + sp.Rational(1, 10**9)).refuted
    assert [a.id for a in rule.assumptions()] == ["replica-trick", "limit-exchange", "continuation"]


def test_extrapolating_integers_is_no_check():
    """Polynomials through n = 1, 2, 3 (or six points) miss the value at n = 0; that is why real n is used."""
    point = {q: sp.Rational(3, 2), c: sp.Rational(1, 5)}
    values = {k: balls.real_enclosure(SITE / n, {**point, n: sp.Integer(k)}, 80) for k in range(1, 7)}
    truth = float(balls.real_enclosure(Mean(sp.log(2 * sp.cosh(q * z + c)), z), point, 80).mid())
    for count in (3, 6):
        guess = 0.0
        for k in range(1, count + 1):
            weight = 1.0
            for j in range(1, count + 1):
                weight *= j / (j - k) if j != k else 1.0
            guess += weight * float(values[k].mid())
        assert abs(guess - truth) > 1e-3


def test_a_potential_that_does_not_vanish_at_zero_replicas_is_refused():
    with pytest.raises(NotDerivable, match="vanish"):
        ReplicaLimit(n=n, result=f).apply(claim(x, SITE + 1))


# -- saddle points ---------------------------------------------------------------------------------------------------

PHI = claim(x, beta**2 * (1 - q**2) / 4 + g * (q - 1) / 2 + Mean(sp.log(2 * sp.cosh(sp.sqrt(g) * z + c)), z))


def test_stationarity_in_two_variables():
    first, second = Stationary(parameters=(q, g), solve=(g, q)).apply(PHI)
    assert first.rhs == beta**2 * q
    assert second.rhs == Mean(sp.tanh(sp.sqrt(g) * z + c) ** 2, z)


@pytest.mark.parametrize("wrong", [2 * beta**2 * q, -(beta**2) * q, beta**2 * q + c, beta**2])
def test_wrong_saddle_points_are_refuted(wrong):
    rule = Stationary(parameters=(q,), solve=(g,))
    verdict = rule.check(Case((PHI,), claim(g, wrong), Samples(NOTATION, "test")))
    assert not verdict.positive


def test_order_parameters_are_not_declared_positive():
    """positive=True would delete q = 0: solve() of q (...) = 0 then returns nothing for it."""
    p = sp.Symbol("q", positive=True)
    assert sp.solve(p * (p**2 + 1), p) == []
    assert sk.q.is_positive is None and sk.q.is_real and sk.q.is_nonnegative is None


def test_the_other_branch_is_excluded_by_proof():
    first, second = claim(x, 1 - c * g - g), claim(y, 1 - c * g - g - q * (1 + g))
    rule = OnlyBranch(variable=q, unknown=g)
    assert rule.apply(first, second).rhs == 0
    assert judged(rule, [first, second], q, sp.Integer(0)).positive
    assert judged(rule, [first, second], q, sp.Integer(1)).refuted
    with pytest.raises(NotDerivable, match="not excluded"):
        # On the branch g = 1 the first slope vanishes for c = 2, which the domain allows.
        rule.apply(claim(x, c * g - 2), claim(y, c * g - 2 - q * (g - 1)))


def test_positive_polynomials():
    assert positive(c**2 + 2 * c * g + g**2 + c) and positive((c - 1) ** 2 + g * c)
    assert not positive(c - g) and not positive((c - 1) ** 2 - g)


# -- forms and conditions --------------------------------------------------------------------------------------------


def test_a_form_is_accepted_only_if_proved():
    given = claim(f, Mean(z * sp.tanh(c * z), z))
    right = c - c * Mean(sp.tanh(c * z) ** 2, z)
    assert MeansRestate(form=right).apply(given).rhs == right
    with pytest.raises(NotDerivable, match="not proved"):
        MeansRestate(form=right + c).apply(given)
    assert judged(MeansRestate(form=right), [given], f, right + c).refuted


def test_conditions_follow_their_variables():
    inserted = Insert().given(
        claim(f, Mean(sp.tanh(sp.sqrt(x) * z), z), given=(x > 0,)), claim(x, beta**2 * q, "other")
    )
    assert inserted == (q > 0,)
    assert reduced(c * q > 0) == (q > 0)


# -- terms -----------------------------------------------------------------------------------------------------------


def test_terms_are_written_out_by_enumeration():
    a, b, k = sp.symbols("a b k", integer=True, positive=True)
    Q, s = sp.IndexedBase("Q"), sp.IndexedBase("s")
    pairs = PairSum(Q[a, b] * s[a] * s[b], (a, b), k)
    trace = LogTrace(pairs / 2, s, k)
    assert written_out(trace, 2, k) == sp.log(
        2 * sp.exp(Q[1, 2] / 2 + Q[2, 1] / 2) + 2 * sp.exp(-Q[1, 2] / 2 - Q[2, 1] / 2)
    )
    assert LogDet(sp.KroneckerDelta(a, b) + Q[a, b], (a, b), k).written_out(2).args[0].subs({Q[1, 2]: 0}) == sp.expand(
        (1 + Q[1, 1]) * (1 + Q[2, 2])
    )
    assert trace.free_symbols >= {k} and s.label not in trace.free_symbols


def test_one_term_per_denominator():
    assert by_denominator(x / (1 + y) + 1 / (1 + y) + x**2 + (x * y) / (1 + y)) == x**2 + (x * y + x + 1) / (y + 1)

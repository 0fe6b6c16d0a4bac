"""Spectral means, their rules, inverse forms and recalled claims: values by hand, refusals, mutants."""

import pytest
import sympy as sp

from quenched.derivations.ridge import derivation
from quenched.symbolic import balls
from quenched.symbolic.checking import check_limit, mutate, step_findings
from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import BadInput, NotDerivable
from quenched.symbolic.homogeneity import weight
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity
from quenched.symbolic.replica.spectral_mean import GENERIC, SpectralMean, closed, normal_form, opened, parts
from quenched.symbolic.replica.spectral_rules import Levels, SpectralInstance, SpectralRestate, SpectralSolve
from quenched.symbolic.replica.terms import InverseForm
from quenched.symbolic.rules.cited import Cited

s, p, k, x = sp.symbols("s p k x", positive=True)
LAW = (s, p)


def mean(body):
    return SpectralMean(body, LAW)


def test_letters_are_bound():
    assert mean(k * s).free_symbols == {k}
    assert mean(k) == k
    assert mean(k * s).xreplace({s: x, k: x}) == mean(x * s)
    assert sp.diff(mean(k**2 * s), k) == mean(2 * k * s) and sp.diff(mean(k * s), s) == 0


def test_what_has_no_meaning_is_refused():
    with pytest.raises(BadInput, match="inside another"):
        mean(s * mean(s))
    with pytest.raises(BadInput, match="floats"):
        mean(0.5 * s)
    with pytest.raises(NotDerivable, match="linear"):
        parts(mean(s) ** 2)


def test_opening_and_closing_are_inverse():
    body = 3 * k + k * s / (s + k) + p * s
    assert opened(closed(body, LAW)) == body


def test_value_on_the_generic_law():
    truth = sum(sp.Rational(w) * sp.Rational(a) / (sp.Rational(a) + 2) * sp.Rational(b) for w, a, b in GENERIC)
    ball = balls.enclose(mean(p * s / (s + k)), {k: sp.Integer(2)}, 120)
    assert (ball - balls.exact_ball(truth)).contains(0) and abs(ball.imag) < 1e-30
    assert sum(sp.Rational(w) for w, *_ in GENERIC) == 1


@pytest.mark.parametrize(
    "zero",
    [
        mean(s / (s + k)) - 1 + k * mean(1 / (s + k)),
        mean(s / (2 * s + 2 * k)) - mean(s / (s + k)) / 2,
        mean(s * p) - 2 * mean(s**2 * p / (s + k)) + mean(s**3 * p / (s + k) ** 2) - k**2 * mean(s * p / (s + k) ** 2),
    ],
)
def test_identities_for_every_law_have_normal_form_zero(zero):
    assert normal_form(zero) == 0


def test_an_identity_of_one_law_is_not_one_of_all():
    assert normal_form(mean(s**2) - mean(s) ** 2) != 0
    claim = Claim("a", (Equation(x, mean(s**2)),))
    with pytest.raises(NotDerivable, match="not proved"):
        SpectralRestate(form=mean(s) ** 2).apply(claim)


def test_levels_by_hand():
    """Half of the directions at 1, half at 3; all of the weight 5 on one direction at 2."""
    half = sp.Rational(1, 2)
    levels = (Levels(sp.Integer(1), half, sp.Integer(0)), Levels(sp.Integer(3), half, sp.Integer(0)),
              Levels(sp.Integer(2), sp.Integer(0), sp.Integer(5)))  # fmt: skip
    rule = SpectralInstance(levels=levels, letters=LAW)
    (equation,) = rule.apply(Claim("a", (Equation(x, mean(s + p * s**2)),)))
    assert equation.rhs == 2 + 20
    with pytest.raises(NotDerivable, match="not linear in p"):
        rule.apply(Claim("a", (Equation(x, mean(sp.exp(p * s))),)))
    with pytest.raises(NotDerivable, match="no spectral mean"):
        rule.apply(Claim("a", (Equation(x, k),)))


def test_solving_leaves_means_alone():
    claim = Claim("a", (Equation(sp.Integer(0), x * mean(s / (s + k) ** 2) - 1),))
    assert SpectralSolve(unknown=x).apply(claim).rhs == 1 / mean(s / (s + k) ** 2)
    with pytest.raises(NotDerivable, match="inside a spectral mean"):
        SpectralSolve(unknown=k).apply(claim)


def test_a_mean_scales_as_its_integrand():
    notation = Notation(Quantity("k", "a scale", "k", POSITIVE, scale={"unit": 2}), Quantity("s", "s", "s", POSITIVE))
    assert weight(mean(k * s), "unit", notation) == 2


def test_inverse_form_is_that_of_the_inverse_matrix():
    a, b, n = sp.symbols("a b n", integer=True)
    q, u = sp.IndexedBase("Q"), sp.IndexedBase("u")
    entries = {q[i + 1, j + 1]: sp.Integer(v) for i, row in enumerate([[4, 1], [1, 3]]) for j, v in enumerate(row)}
    form = InverseForm(u[a], q[a, b], (a, b), n)
    value = form.written_out(2).xreplace({**entries, u[1]: sp.Integer(2), u[2]: sp.Integer(-1)})
    vector = sp.Matrix([2, -1])
    assert value == (vector.T * sp.Matrix([[4, 1], [1, 3]]).inv() * vector)[0]
    assert InverseForm(-u[a], q[a, b], (a, b), n) == form


def test_cited_claims_are_those_of_the_other_derivation():
    D = derivation()
    rule = D.step("recalled-test").rule
    assert isinstance(rule, Cited) and rule.assumptions() == rule.derivation().assumptions(["test"])
    assert [kill.edit for kill in mutate(D, "recalled-ridge") if not kill.by] == []
    with pytest.raises(NotDerivable, match="states nothing about"):
        Cited(rule.derivation, "errors", only=("kappa",)).apply()
    full = [f.verdict for f in step_findings(D, "recalled-df-one", "full")]
    assert all(v.positive for v in full)


def test_the_limits_of_ridge_are_approached():
    D = derivation()
    assert all(check_limit(limit, D.claim(limit.label), D.samples(limit.name)).positive for limit in D.limits)

"""Rules for single coordinates, antiderivatives, inverse functions, curls and cited claims: results and refusals."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.derivations.unbalanced import derivation as unbalanced
from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.quantity import POSITIVE, REAL, Notation, Quantity, Samples
from quenched.symbolic.rule import Case
from quenched.symbolic.rules.antiderivative import FromZero
from quenched.symbolic.rules.cited import Cited
from quenched.symbolic.rules.coordinates import EveryCoordinate, FieldBracket, OneCoordinate
from quenched.symbolic.rules.inverse import InverseFunction
from quenched.symbolic.rules.noether import PlaneCurl

NOTATION = Notation(
    Quantity("x", "a list", kind="list"),
    Quantity("z", "a list", kind="list"),
    Quantity("p", "an entry"),
    Quantity("q", "an entry"),
    Quantity("c", "a constant", "", POSITIVE),
    Quantity("f", "a value", "", REAL),
    Quantity("g", "a value", "", REAL),
)
x, z, p, q, c, f, g = NOTATION.symbols("x z p q c f g")
i, j = sp.symbols("i j", integer=True, positive=True)
SAMPLES = Samples(NOTATION, "test")


def claim(*equations: tuple[object, object]) -> Claim:
    return Claim("given", tuple(Equation(sp.S(a), sp.S(b)) for a, b in equations))


def judged(rule, inputs, *equations):
    return rule.check(Case(tuple(inputs), Claim("out", equations), SAMPLES))


def test_one_coordinate_and_back():
    rule, given = OneCoordinate(((x, p), (z, q))), claim((x[i], c * z[i] ** 2))
    (single,) = rule.apply(given)
    assert (single.lhs, single.rhs) == (p, c * q**2)
    assert judged(rule, [given], single).positive
    assert judged(rule, [given], Equation(p, c * q**3)).refuted
    back = EveryCoordinate(((x, p), (z, q)), i)
    (listed,) = back.apply(Claim("one", (single,)))
    assert listed == given.equations[0]
    assert judged(back, [Claim("one", (single,))], Equation(x[i], -listed.rhs)).refuted


def test_coupled_coordinates_are_refused():
    with pytest.raises(NotDerivable, match="not an equation of one coordinate"):
        OneCoordinate(((x, p), (z, q))).apply(claim((x[i], z[i] * sp.Sum(z[j], (j, 1, 3)))))


def test_bracket():
    rule = FieldBracket(variables=(p, q), names=(f, g))
    first, second = claim((f, q), (g, 0)), claim((f, 0), (g, p))
    found = rule.apply(first, second)
    assert [e.rhs for e in found] == [-p, q]
    assert judged(rule, [first, second], *found).positive
    assert judged(rule, [first, second], Equation(f, p), found[1]).refuted


def test_antiderivative_from_zero():
    rule, given = FromZero(variable=p, result=f), claim((g, 1 / sp.sqrt(c**2 + p**2)))
    found = rule.apply(given)
    assert found.rhs == sp.asinh(p / c)
    assert judged(rule, [given], found).positive
    assert judged(rule, [given], Equation(f, found.rhs + 1)).refuted
    with pytest.raises(NotDerivable, match="antiderivative"):
        rule.apply(claim((g, sp.exp(p**2) / (1 + p**2 + sp.exp(p)))))


def test_inverse_function():
    rule, given = InverseFunction(unknown=p), claim((f, c * sp.asinh(2 * p) + 1))
    found = rule.apply(given)
    assert sp.expand(found.rhs - sp.sinh((f - 1) / c) / 2) == 0
    assert judged(rule, [given], found).positive
    assert judged(rule, [given], Equation(p, 2 * found.rhs)).refuted
    with pytest.raises(NotDerivable, match="invertible"):
        rule.apply(claim((f, p**2)))


def test_plane_curl():
    rule, form = PlaneCurl(plane=((p, f), (q, g)), result=c), claim((f, p * q), (g, q))
    found = rule.apply(form)
    assert found.rhs == p
    assert judged(rule, [form], found).positive
    assert judged(rule, [form], Equation(c, sp.Integer(0))).refuted


def test_cited_claims_stand_and_fall_with_their_derivation():
    rule = Cited(unbalanced, "share-a")
    found = rule.apply()
    samples = unbalanced().samples("cited")
    assert found == unbalanced().claim("share-a").equations
    for level in ("fast", "full"):
        assert rule.check(Case((), Claim("out", found), samples, level)).positive
    wrong = Claim("out", (Equation(found[0].lhs, -found[0].rhs),))
    assert rule.check(Case((), wrong, samples, "fast")).refuted
    assert [a.id for a in rule.assumptions()] == [a.id for a in unbalanced().assumptions(["share-a"])]
    with pytest.raises(NotDerivable, match="states nothing about"):
        Cited(unbalanced, "share-a", only=("kappa",)).apply()

"""Matrix words: normal forms, blocks, replacement, edits; the rules on them and what they refuse."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import BadInput, NotDerivable
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity, Samples
from quenched.symbolic.rule import Case
from quenched.symbolic.rules.word_flows import SameSolution
from quenched.symbolic.rules.word_symmetry import WordCurl
from quenched.symbolic.rules.word_traces import CyclicTraces, LaxTraces
from quenched.symbolic.rules.words import WordGradient, WordInsert, WordRate, WordRestate
from quenched.symbolic.words import combined, edits, expression, grid, product, replaced, words

n, m = sp.symbols("n m", integer=True, positive=True)
X, Y, S = (sp.MatrixSymbol(name, n, n) for name in "XYS")
A = sp.MatrixSymbol("A", n, m)
c = sp.Symbol("c", positive=True)
NOTATION = Notation(Quantity("c", "a number", domain=POSITIVE))


def case(rule, inputs, output) -> Case:
    return Case(tuple(inputs), output, Samples(NOTATION, "words"))


def claim(lhs, rhs) -> Claim:
    return Claim("claim", (Equation(lhs, rhs),))


def test_normal_form():
    assert words((X * Y).T - Y.T * X.T) == {}
    assert words((X + Y) * (X - Y)) == words(X * X - X * Y + Y * X - Y * Y)
    assert words(X * X.I * Y) == words(Y)
    assert words((X * Y).I) == words(Y.I * X.I)
    assert words(S * X - (X.T * S).T) != {}
    assert words(S * X - (X.T * S).T, symmetric=(S,)) == {}
    assert words(c**2 * X - (c - 1) * (c + 1) * X - X) == {}


def test_expression_and_back():
    f = words(2 * c * X * Y.T - sp.Identity(n) + A * A.T)
    assert words(expression(f, (n, n))) == f


def test_product_and_replacement():
    f = product(words(X), words(X), words(Y))
    assert replaced(f, next(iter(words(X * X))), words(c * S)) == words(c * S * Y)
    with pytest.raises(BadInput, match="does not come to an end"):
        replaced(words(X), next(iter(words(X))), words(X * X))


def test_blocks():
    Z = sp.MatrixSymbol("Z", 2 * n, n)
    stacked = sp.BlockMatrix([[X], [Y.T]])
    assert grid(Z * Z.T, {Z: stacked}) == [
        [words(X * X.T), words(X * Y)],
        [words(Y.T * X.T), words(Y.T * Y)],
    ]
    assert grid(Z.T * Z, {Z: stacked}) == [[words(X.T * X + Y * Y.T)]]


def test_edits_change_the_value():
    f = c * X * Y.T + X
    found = list(edits(f))
    assert len(found) > 10
    assert all(words(edited) != words(f) for _, edited in found)
    assert not any("turn S" in edit for edit, _ in edits(S * X, symmetric=(S,)))


def test_product_rule():
    dot, flow = sp.MatrixSymbol("X_dot", n, n), claim(sp.MatrixSymbol("V", n, n), X * Y)
    rule = WordRate(rate=dot, rates=((X, flow.lhs),))
    target = claim(S, X.T * X)
    found = rule.apply(target, flow)
    assert words(found.rhs) == words(Y.T * X.T * X + X.T * X * Y)
    stated = case(rule, (target, flow), Claim("rate", (found,)))
    assert rule.check(stated).positive
    wrong = case(rule, (target, flow), claim(dot, Y.T * X.T * X + X.T * Y * X))
    assert rule.check(wrong).refuted


def test_velocity_of_an_inverse():
    dot, flow = sp.MatrixSymbol("X_dot", n, n), claim(sp.MatrixSymbol("V", n, n), Y)
    rule = WordRate(rate=dot, rates=((X, flow.lhs),))
    target = claim(S, X.I)
    found = rule.apply(target, flow)
    assert words(found.rhs) == words(-X.I * Y * X.I)
    assert rule.check(case(rule, (target, flow), Claim("rate", (found,)))).positive
    assert rule.check(case(rule, (target, flow), claim(dot, X.I * Y * X.I))).refuted


def test_gradient_of_a_quadratic_form():
    """B = X^T Y X contains X twice: both places count."""
    G, slope = sp.MatrixSymbol("G", n, n), sp.MatrixSymbol("g", n, n)
    rule = WordGradient(outer=G, slopes=((X, slope),))
    (found,) = rule.apply(claim(S, X.T * Y * X))
    assert words(found.rhs) == words(Y * X * G.T + Y.T * X * G)


def test_refusals():
    with pytest.raises(NotDerivable, match="was not proved equal"):
        WordRestate(form=Y * X).apply(claim(S, X * Y))
    with pytest.raises(NotDerivable, match="nothing in the target"):
        WordInsert().apply(claim(S, X), claim(Y, X * X))
    with pytest.raises(NotDerivable, match="do not cancel"):
        LaxTraces(rate=c, letter=X).apply(claim(S, X * Y + Y * X))
    with pytest.raises(NotDerivable, match="cyclic"):
        CyclicTraces(names=(c, c)).apply(claim(S, X * X * Y), claim(S, X * Y * Y))
    with pytest.raises(NotDerivable, match="multiple of the generator"):
        WordCurl(generator=S, layers=((X, Y),), names=(c,)).apply(claim(Y, X * X))
    start = Claim("start", (Equation(X, S), Equation(Y, S)))
    with pytest.raises(NotDerivable, match="equations differ"):
        SameSolution(solutions=(X, Y), letter=Y).apply(claim(S, A * A.T * X), claim(S, Y * A * A.T), start)
    with pytest.raises(BadInput, match="no combination"):
        words(sp.HadamardProduct(X, Y))


def test_sum_of_forms():
    assert combined((c, words(X)), (-c, words(X))) == {}

"""Everything outside the grammar is refused, and the message names the node."""

import pytest
import sympy as sp

from quenched.symbolic.errors import BadInput, NotDerivable, UnknownName
from quenched.symbolic.random_matrix import declare, derive, deterministic_equivalent, equations

n, d, lam, g, s = sp.symbols("n d lam g s")
X, Y = sp.MatrixSymbol("X", n, d), sp.MatrixSymbol("Y", d, n)
S, one = sp.MatrixSymbol("S", d, d), sp.Identity(d)


@pytest.mark.parametrize(
    ("expr", "word"),
    [
        (sp.MatMul(X, X), "d columns meet n rows"),
        (sp.MatAdd(X.T * X, X * X.T, evaluate=False), "in the sum"),
        (sp.MatAdd(X, Y.T) * Y, "declared letter"),
        ((X.T * X + sp.Float(0.5) * one).inv(), "float"),
        (sp.HadamardProduct(X, Y.T).T * X, "HadamardProduct"),
        (sp.MatPow(X.T * X + one, sp.Rational(1, 2)), "integer exponents"),
        (X, "a trace needs"),
        (sp.MatPow(X, -1), "the dimension names differ"),
        (sp.sqrt(lam) * X.T * X, "not a rational function"),
        (lam * d * X.T * X, "must scale like"),
        (sp.Trace(X.T * X) ** 2, "coefficient times one Trace"),
    ],
)
def test_refused_expressions(expr, word):
    with pytest.raises(BadInput, match=word):
        deterministic_equivalent(expr, {X: 1 / n})


@pytest.mark.parametrize(
    ("kw", "word"),
    [
        ({"gaussian": {X: 0.5 / n}}, "float"),
        ({"gaussian": {X: 0.5}}, "not exact"),
        ({"gaussian": {X: 1}}, "must scale like"),
        ({"deterministic": {X: s}}, "dimension name twice"),
        ({"deterministic": {S: 2}}, "must be a symbol"),
        ({"gaussian": {S: 1 / d}, "deterministic": {S: s}}, "declared twice"),
        ({"gaussian": {lam: 1 / d}}, "not a MatrixSymbol"),
        ({"gaussian": {sp.MatrixSymbol("B", 3, d): 1 / d}}, "must be a symbol"),
    ],
)
def test_refused_declarations(kw, word):
    with pytest.raises(BadInput, match=word):
        declare(**kw)


def test_undeclared_letter_names_the_nearest():
    with pytest.raises(UnknownName, match="X"):
        deterministic_equivalent((S * X.T * X + one).inv(), {X: 1 / n})


def test_singular_inverse_is_refused():
    # X X^T with X n x d and S of no rank: the difference of equal matrices has no inverse at all.
    with pytest.raises((BadInput, NotDerivable)):
        deterministic_equivalent(sp.MatPow(sp.MatAdd(X.T * X, -1 * X.T * X, evaluate=False), -1), {X: 1 / n})


def test_reserved_and_missing_names():
    eps = sp.Symbol("eps")
    with pytest.raises(BadInput, match="eps is kept"):
        deterministic_equivalent((X.T * X + eps * one).inv(), {X: 1 / n})
    e = deterministic_equivalent((X.T * X + lam * one).inv(), {X: 1 / n}, dimensions={n: 1, d: g})
    with pytest.raises(BadInput, match="no value for lam"):
        e.value({g: 1})
    with pytest.raises(BadInput, match="not a parameter"):
        e.value({g: 1, lam: 1, s: 2})
    with pytest.raises(BadInput, match="not exact"):
        e.value({g: 1, lam: 0.1})


def test_joint_law_of_non_commuting_letters_needs_blocks():
    T = sp.MatrixSymbol("T", d, d)
    declared = declare({X: 1 / n}, {S: s, T: g})
    system = derive((S * X.T * X * S + T).inv(), declared).system
    with pytest.raises(NotDerivable, match="need not commute"):
        equations(system)


def test_law_is_read_strictly():
    expr = (S * X.T * X + lam * one).inv()
    for law, word in [
        ({d: [(sp.Rational(1, 2), {s: 1})]}, "sum to 1/2"),
        ({d: [(1, {g: 1})]}, "neither for S"),
        ({d: [(1, {S: sp.Matrix([[1, 2], [3, 4]])})]}, "not symmetric"),
        ({n: [(1, {s: 1})]}, "no dimension"),
    ]:
        with pytest.raises(BadInput, match=word):
            deterministic_equivalent(expr, {X: 1 / n}, {S: s}, law=law)

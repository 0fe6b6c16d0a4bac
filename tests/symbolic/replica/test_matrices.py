"""Replica matrices with symbolic n against explicit matrices at n = 2..6."""

from functools import cache

import pytest
import sympy as sp

from quenched.symbolic.errors import BadInput
from quenched.symbolic.replica.matrices import identity_like, replica_matrix

n, d, o, rho, m = sp.symbols("n d o rho m")
a, b, c, e, f, g, h = sp.symbols("a b c e f g h")
Q = sp.Rational
POINT = {
    d: Q(7, 3),
    o: Q(2, 5),
    rho: Q(11, 4),
    m: Q(3, 7),
    a: 3,
    b: Q(1, 2),
    c: 5,
    e: Q(2, 7),
    f: Q(1, 3),
    g: Q(1, 5),
    h: Q(3, 11),
}

MATRICES = {
    "plain": replica_matrix(n, d, o),
    "teacher": replica_matrix(n, d, o, [[rho]], [[m]]),
    "two components": replica_matrix(n, [[a, b], [b, c]], [[e, f], [f, g]]),
    "two components and a teacher": replica_matrix(n, [[a, b], [b, c]], [[e, f], [f, g]], [[rho]], [[m, h]]),
    "two frozen rows": replica_matrix(n, d, o, [[rho, b], [b, c]], [[m], [h]]),
}


@cache
def inverse(name):
    return MATRICES[name].inverse()


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_determinant_inverse_and_square(name, size):
    matrix = MATRICES[name]
    full = matrix.explicit(size).subs(POINT)
    assert matrix.det().subs(n, size).subs(POINT) == full.det(method="berkowitz")
    assert inverse(name).explicit(size).subs(POINT) * full == sp.eye(full.rows)
    assert (matrix @ matrix).explicit(size).subs(POINT) == full**2


def test_inverse_with_symbolic_n_is_an_inverse():
    matrix = MATRICES["teacher"]
    assert (matrix @ matrix.inverse()) == identity_like(matrix)


def test_log_det_differentiates_at_zero_replicas():
    # d/dn log det at n = 0 of (d - o) I + o J is log(d - o) + o/(d - o)
    x, y = sp.symbols("x y", positive=True)
    slope = sp.diff(replica_matrix(n, x + y, y).log_det(), n).subs(n, 0)
    assert sp.expand(slope - sp.log(x) - y / x) == 0


def test_floats_are_refused():
    with pytest.raises(BadInput, match="floats"):
        replica_matrix(n, 1 / 2, o)


def test_singular_matrices_are_refused():
    with pytest.raises(BadInput, match="singular"):
        replica_matrix(n, d, d).inverse()


def mutants(expr):
    """Single edits of an expression: integers moved by one, signs, dropped terms and factors."""
    yield -expr
    if expr.is_Integer:
        yield expr + 1
        yield expr - 1
    for k, arg in enumerate(expr.args):
        if expr.is_Add or expr.is_Mul:
            yield expr.func(*expr.args[:k], *expr.args[k + 1 :])
        for edited in mutants(arg):
            yield expr.func(*expr.args[:k], edited, *expr.args[k + 1 :])


def test_two_and_three_replicas_refuse_every_edit_of_an_inverse_entry():
    entry = replica_matrix(n, d, o).inverse().off[0, 0]
    truth = {size: replica_matrix(n, d, o).explicit(size).subs(POINT).inv()[0, 1] for size in (2, 3)}
    survivors = []
    for mutant in mutants(entry):
        if sp.cancel(mutant - entry) == 0:
            continue
        values = [mutant.subs(n, size).subs(POINT) for size in (2, 3)]
        if values == [truth[2], truth[3]]:
            survivors.append(mutant)
    assert not survivors

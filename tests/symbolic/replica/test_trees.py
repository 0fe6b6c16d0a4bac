"""k-step trees against explicit matrices; index sums against brute force; Hessian sectors against explicit forms."""

import itertools

import pytest
import sympy as sp

from quenched.symbolic.errors import BadInput
from quenched.symbolic.replica.hessian import PairHessian, _entry
from quenched.symbolic.replica.index_sums import patterns, replica_sum
from quenched.symbolic.replica.trees import TreeMatrix

n, m1, m2 = sp.symbols("n m1 m2")
q0, q1, q2, d = sp.symbols("q0 q1 q2 d")
Q = sp.Rational
POINT = {q0: Q(1, 7), q1: Q(2, 5), q2: Q(5, 8), d: Q(9, 4)}
TREES = [
    (TreeMatrix(n, (), (q0,), d), 5, ()),
    (TreeMatrix(n, (m1,), (q0, q1), d), 4, (2,)),
    (TreeMatrix(n, (m1,), (q0, q1), d), 6, (3,)),
    (TreeMatrix(n, (m1, m2), (q0, q1, q2), d), 8, (4, 2)),
    (TreeMatrix(n, (m1, m2), (q0, q1, q2), d), 12, (6, 3)),
]


def at(expr, size, sizes):
    return sp.S(expr).subs({n: size, **dict(zip((m1, m2), sizes))}).subs(POINT)


@pytest.mark.parametrize("tree, size, sizes", TREES)
def test_spectrum_inverse_and_sums(tree, size, sizes):
    full = tree.explicit(size, sizes).subs(POINT)
    found = {}
    for value, count in tree.eigenvalues():
        number = at(value, size, sizes)
        found[number] = found.get(number, 0) + at(count, size, sizes)
    assert {k: v for k, v in found.items() if v} == full.eigenvals()
    inverse = tree.inverse()
    assert inverse.explicit(size, sizes).applyfunc(lambda x: at(x, size, sizes)) * full == sp.eye(size)
    cubes = sum(full[a, b] ** 3 for a in range(size) for b in range(size) if a != b)
    assert at(tree.pair_sum(lambda x: x**3), size, sizes) == cubes
    assert at(tree.full_sum(lambda x: x), size, sizes) == sum(full)


def test_tree_with_wrong_number_of_levels_is_refused():
    with pytest.raises(BadInput):
        TreeMatrix(n, (m1,), (q0,), d)
    with pytest.raises(BadInput, match="tree"):
        TreeMatrix(n, (m1,), (q0, q1), d).explicit(6, (4,))


def test_patterns_are_counted_by_bell_numbers():
    assert [len(list(patterns(k))) for k in range(1, 8)] == [1, 2, 5, 15, 52, 203, 877]
    with pytest.raises(BadInput):
        list(patterns(10))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_index_sum_is_exact_at_integer_n(size):
    """sum_{abc} Q_ab Q_bc Q_ca for a replica-symmetric Q is tr Q^3."""

    def term(p):
        overlap = lambda x, y: d if p[x] == p[y] else q0  # noqa: E731
        return overlap(0, 1) * overlap(1, 2) * overlap(2, 0)

    total = replica_sum(term, 3, n).subs(n, size)
    full = TreeMatrix(n, (), (q0,), d).explicit(size) if size > 1 else sp.Matrix([[d]])
    assert sp.expand(total - (full**3).trace()) == 0


LETTERS = dict(zip("PQRABCD", (Q(11, 3), Q(2, 7), Q(-3, 5), Q(5, 2), Q(1, 9), Q(4, 11), Q(-1, 6))))


@pytest.mark.parametrize("size", [4, 5, 6])
def test_sectors_give_the_determinant_of_the_explicit_form(size):
    """det = trivial * anomalous^(n - 1) * replicon^(n (n - 3)/2), compared over the rationals."""
    places = [*itertools.combinations(range(size), 2), *range(size)]
    full = sp.Matrix(len(places), len(places), lambda i, j: LETTERS[_entry(places[i], places[j])])
    form = PairHessian(**LETTERS)
    product = form.longitudinal(size).det() * form.anomalous(size).det() ** (size - 1)
    product *= form.replicon() ** (size * (size - 3) // 2)
    # DomainMatrix is exact over QQ and fast; Matrix.det is not.
    assert sp.polys.matrices.DomainMatrix.from_Matrix(full).to_field().det() == sp.QQ.from_sympy(product)


def test_known_sector_formulas():
    P, R, A, B, C, D = sp.symbols("P R A B C D")
    S = sp.Symbol("Q")
    form = PairHessian(P, S, R, A, B, C, D)
    assert form.replicon() == P - 2 * S + R
    assert sp.expand(form.anomalous(n)[0, 0] - (P + (n - 4) * S - (n - 3) * R)) == 0
    assert sp.expand(form.longitudinal(n)[0, 1] - (2 * C + (n - 2) * D)) == 0

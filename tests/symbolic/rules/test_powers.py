"""Powers with symbolic exponents, lists of like objects, eigenvalues of small matrices: values and refusals."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity, Samples
from quenched.symbolic.rule import Case
from quenched.symbolic.rules.powers import ForEveryEntry, PowerRoot, RestateByLogarithms
from quenched.symbolic.rules.small_matrices import TwoEigenvalues

NOTATION = Notation(
    *(Quantity(name, name, domain=POSITIVE) for name in "xypq"),
    *(Quantity(name, name, kind="list", domain=POSITIVE) for name in "uv"),
    Quantity("X", "X", kind="matrix", shape=(2, 2)),
)
x, y, p, q, u, v, X = NOTATION.symbols("x y p q u v X")
k = sp.Symbol("k", integer=True, positive=True)


def claim(lhs, *rhs) -> Claim:
    return Claim("claim", tuple(Equation(lhs, r) for r in rhs))


def judged(rule, inputs, output):
    return rule.check(Case(inputs, output, Samples(NOTATION, "powers")))


def test_powers_with_symbolic_exponents():
    target = claim(p, x ** (2 * q) * y ** (q - 1) * y)
    rule = RestateByLogarithms(form=(x**2 * y) ** q)
    found = rule.apply(target)
    assert judged(rule, (target,), claim(p, found.rhs)).positive
    assert judged(rule, (target,), claim(p, (x**2 * y) ** (q + 1))).refuted
    with pytest.raises(NotDerivable, match="was not proved equal"):
        RestateByLogarithms(form=(x * y) ** q).apply(target)


def test_sums_of_logarithms():
    target = claim(p, sp.log(x**2 / y) + sp.log(y))
    assert RestateByLogarithms(form=2 * sp.log(x)).apply(target).rhs == 2 * sp.log(x)
    with pytest.raises(NotDerivable, match="was not proved equal"):
        RestateByLogarithms(form=sp.log(x)).apply(target)


def test_root_of_a_power():
    target = claim(y, p * x**q)
    rule = PowerRoot(unknown=x)
    found = rule.apply(target)
    assert judged(rule, (target,), claim(x, found.rhs)).positive
    assert judged(rule, (target,), claim(x, (y * p) ** (1 / q))).refuted
    with pytest.raises(NotDerivable, match="not a power"):
        rule.apply(claim(y, p + x))


def test_every_entry():
    target = claim(x, p * y + 1)
    rule = ForEveryEntry(lists=((x, u), (y, v)), index=k)
    found = rule.apply(target)
    assert found == Equation(u[k], p * v[k] + 1)
    assert judged(rule, (target,), claim(u[k], found.rhs)).positive
    assert judged(rule, (target,), claim(u[k], p * v[k] - 1)).refuted


def test_two_eigenvalues():
    matrix = claim(X, sp.ImmutableMatrix([[x, y], [p, q]]))
    rule = TwoEigenvalues(values=(sp.Integer(2), sp.Integer(-3)))
    trace, determinant = rule.apply(matrix)
    assert trace.lhs == x + q + 1
    assert sp.expand(determinant.lhs - (x * q - y * p + 6)) == 0
    assert judged(rule, (matrix,), Claim("c", (trace, determinant))).positive
    assert judged(rule, (matrix,), Claim("c", (trace, Equation(determinant.lhs + 1, sp.Integer(0))))).refuted
    with pytest.raises(NotDerivable, match="2 x 2"):
        rule.apply(claim(X, sp.ImmutableMatrix([[x]])))

"""The staged zero test refutes, proves and doubts where it should."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.equality import equal
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.exact import canonical, factored, factors, resultant, vanishes
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity, Samples
from quenched.symbolic.verdict import Level

NOTATION = Notation(
    Quantity("x", "positive", domain=POSITIVE),
    Quantity("y", "positive", domain=POSITIVE),
    Quantity("u", "real"),
    Quantity("r", "count", domain=POSITIVE),
    Quantity("a", "list", kind="list"),
)
x, y, u, a = NOTATION.symbols("x y u a")
i, r = sp.Symbol("i", integer=True, positive=True), sp.Symbol("r", positive=True)


def judge(left: sp.Expr, right: sp.Expr, given: tuple = ()) -> Level:
    return equal(left, right, Samples(NOTATION, "test"), given).level


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sp.sqrt(x) ** 3, x * sp.sqrt(x)),
        (1 / (1 + sp.sqrt(1 + x)), (sp.sqrt(1 + x) - 1) / x),
        (sp.cosh(u) ** 2 - sp.sinh(u) ** 2, 1),
        (sp.cos(2 * u), 2 * sp.cos(u) ** 2 - 1),
        (sp.tan(u / 2), sp.sin(u) / (1 + sp.cos(u))),
        (sp.exp(2 * u) * sp.exp(-u / 2), sp.exp(3 * u / 2)),
        (sp.sqrt((1 + x) * (2 + y)) ** 2, 2 + y + 2 * x + x * y),
        (sp.Sum(2 * a[i] * x, (i, 1, r)), 2 * x * sp.Sum(a[i], (i, 1, r))),
        (sp.Abs(u) ** 2, u**2),
        (sp.sqrt(4 * x + 4 * y), 2 * sp.sqrt(x + y)),
        (sp.sqrt(x**2 / 3 + x * y), sp.sqrt(x) * sp.sqrt(3 * x + 9 * y) / 3),
        (sp.sqrt((x / 4 + y) / (6 * y + 3)), sp.sqrt((x + 4 * y) / (2 * y + 1)) / sp.sqrt(12)),
    ],
)
def test_true_identities_are_proved(left: sp.Expr, right: sp.Expr) -> None:
    assert judge(left, sp.S(right)) is Level.PROVED


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sp.sqrt(1 + x), 1 + x / 2),
        (sp.sqrt(u**2), u),
        (sp.cos(2 * u), 2 * sp.cos(u) ** 2 + 1),
        (x + sp.Rational(1, 10**40), x),
        (sp.Sum(a[i], (i, 1, r)), sp.Sum(a[i] ** 2, (i, 1, r))),
    ],
)
def test_false_identities_are_refuted_with_a_point(left: sp.Expr, right: sp.Expr) -> None:
    verdict = equal(left, right, Samples(NOTATION, "test"))
    assert verdict.level is Level.REFUTED
    assert verdict.counterexample


def test_what_no_normal_form_proves_is_consistent() -> None:
    assert judge(sp.atan(x) + sp.atan(1 / x), sp.pi / 2) is Level.CONSISTENT


def test_a_singular_expression_is_undecided() -> None:
    """A pole everywhere on the domain leaves nothing to compare."""
    assert judge(sp.log(u - u * sp.cos(u) ** 2 - u * sp.sin(u) ** 2, evaluate=False), u) is Level.UNDECIDED


def test_a_denominator_that_vanishes_proves_nothing() -> None:
    root = sp.sqrt(1 + x)
    zero = root**3 - root - x * root
    assert vanishes(zero) is True
    with pytest.raises(OutsideDomain, match="division by zero"):
        vanishes((x - y) / zero)


def test_conditions_bound_the_points() -> None:
    assert judge(sp.Abs(x - y), x - y, (x > y,)) is Level.CONSISTENT
    assert judge(sp.Abs(x - y), x - y, (x < y,)) is Level.REFUTED


def test_normal_forms() -> None:
    assert canonical(1 / (x - 1) - 1 / (x + 1)) == 2 / (x**2 - 1)
    assert factored((x - 1) / (sp.sqrt(x) - 1)) == sp.sqrt(x) + 1
    assert resultant(x**2 - y, x - 3, x) == 9 - y
    assert factors(x**2 - y**2) == [(x - y, 1), (x + y, 1)]

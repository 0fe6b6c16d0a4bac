"""The public test helper fails with the point, and says so when it does not know."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.errors import BadInput, UnknownName
from quenched.symbolic.reading import exact_number, formula
from quenched.symbolic.testing import NotEquivalent, assert_equivalent, equivalent
from quenched.symbolic.verdict import Level


def test_text_and_expressions() -> None:
    assert assert_equivalent("(x + 1)**2", "x**2 + 2*x + 1").level is Level.PROVED
    x = sp.Symbol("x", positive=True)
    assert assert_equivalent(sp.sqrt(x) ** 2, x, at_least="proved").level is Level.PROVED
    assert equivalent("m - z", "0", where={"m": "z"}).level is Level.PROVED


def test_the_failure_shows_the_counterexample() -> None:
    with pytest.raises(NotEquivalent, match=r"at x = -") as failure:
        assert_equivalent("sqrt(x**2)", "x")
    assert failure.value.verdict.refuted
    assert_equivalent("sqrt(x**2)", "x", where=["x > 0"])


def test_consistent_is_not_proved() -> None:
    left, right = "atan(x) + atan(1/x)", "pi/2"
    assert assert_equivalent(left, right, where=["x > 0"]).level is Level.CONSISTENT
    with pytest.raises(NotEquivalent, match="consistent"):
        assert_equivalent(left, right, where=["x > 0"], at_least="proved")


@pytest.mark.parametrize(
    "text",
    [
        '__import__("os").system("true")',
        "x.__class__",
        "(lambda: 1)()",
        "[1, 2]",
        "x if x else y",
        "'text'",
        "x < 1",
        "f'{x}'",
        "9**9**9",
        "x**100000",
        "",
    ],
)
def test_nothing_but_formulas_is_read(text: str) -> None:
    with pytest.raises((BadInput, UnknownName)):
        formula(text, {"x": sp.Symbol("x")})


def test_numbers_are_exact() -> None:
    assert formula("0.1 + 1e-2", {}) == sp.Rational(11, 100)
    assert exact_number("-3/7") == sp.Rational(-3, 7)
    for text in ("1e999999999", "nan", "inf", "1/0", "0x10", "one"):
        with pytest.raises(BadInput):
            exact_number(text)
    with pytest.raises(BadInput, match="float"):
        equivalent(0.5, "1/2")
    with pytest.raises(UnknownName, match="did you mean gamma"):
        formula("gama", {"gamma": sp.Symbol("gamma")})

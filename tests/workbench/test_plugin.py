"""The pytest plugin: inert unless configured, one item per check, failures that show the verdict."""

from __future__ import annotations

import pytest

GOOD = """
import sympy as sp
from quenched.symbolic.claim import Equation
from quenched.symbolic.derivation import Derivation, Limit
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity
from quenched.symbolic.rules.algebra import PositiveRoot

def derive():
    N = Notation(Quantity("x", "side", domain=POSITIVE), Quantity("c", "area", domain=POSITIVE))
    x, c = N.symbols("x c")
    D = Derivation("mine", "Mine", "A square.", (), N, falsifier="a square of another side")
    D.define("square", Equation(x**2, c), prose="Given")
    D.derive(PositiveRoot(unknown=x), "square", label="side", prose="hence")
    D.limits.append(Limit("unit", "side", {c: 1}, LIMIT))
    return D
"""


def configure(pytester: pytest.Pytester, limit: str) -> None:
    pytester.makepyfile(mine=GOOD.replace("LIMIT", limit))
    pytester.makeini("[pytest]\nquenched_derivations = mine.py\n")


def test_nothing_happens_without_configuration(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): assert True")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*quenched: *")


def test_one_item_per_check(pytester: pytest.Pytester) -> None:
    configure(pytester, "1")
    pytester.makepyfile(test_own="def test_one(): assert True")
    result = pytester.runpytest_subprocess("-v")
    result.stdout.fnmatch_lines(["*mine::side::PositiveRoot PASSED*", "*mine::side::unit PASSED*"])
    result.assert_outcomes(passed=3, skipped=2)


def test_a_failure_shows_the_verdict_and_no_traceback(pytester: pytest.Pytester) -> None:
    configure(pytester, "2")
    result = pytester.runpytest_subprocess()
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*mine::side::unit*", "*refuted (limit)*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_items_can_be_selected(pytester: pytest.Pytester) -> None:
    configure(pytester, "1")
    result = pytester.runpytest_subprocess("-k", "unit")
    result.assert_outcomes(passed=1, deselected=3)

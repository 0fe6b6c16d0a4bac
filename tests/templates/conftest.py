"""A small derivation with everything a document can show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp

from quenched.symbolic.claim import Assumption, Equation
from quenched.symbolic.derivation import Derivation
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity
from quenched.symbolic.rules.algebra import PositiveRoot


@pytest.fixture
def make() -> Callable[..., Derivation]:
    def build(title: str = "Sample", prose: str = r"the side of a square of area $c$, see {square},") -> Derivation:
        notation = Notation(
            Quantity("x", "side", "x", POSITIVE),
            Quantity("c", "area", r"\gamma", POSITIVE),
        )
        x, c = notation.symbols("x c")
        D = Derivation("sample", title, "A square.", ("Euclid, Elements",), notation, falsifier="another side")
        D.section("Squares")
        D.define("square", Equation(x**2, c), prose="Given")
        D.derive(PositiveRoot(unknown=x), "square", label="side", prose=prose)
        flat = Assumption("flat", "Space is flat.", "It looks flat.", "Euclid")
        D.assume("flatness", Equation(c, sp.Integer(4)), assumption=flat, prose="where")
        return D

    return build

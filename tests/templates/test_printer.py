"""Formulas as a paper writes them."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.quantity import NEGATIVE, POSITIVE, Notation, Quantity
from quenched.templates.dialect import parse
from quenched.templates.errors import RenderError
from quenched.templates.printer import FormulaPrinter

NOTATION = Notation(
    Quantity("g", "ratio", r"\gamma", POSITIVE),
    Quantity("x", "variable", "x"),
    Quantity("z", "spectral parameter", "z", NEGATIVE),
    Quantity("theta", "spikes", r"\theta", POSITIVE, kind="list"),
    Quantity("J", "integral", "J", kind="function"),
    Quantity("S", "matrix", r"\Sigma", kind="matrix", shape=(sp.Symbol("d"), sp.Symbol("d"))),
)
g, x, z, theta, J, S = NOTATION.symbols("g x z theta J S")
i, r = sp.Symbol("i"), sp.Symbol("r")


def show(expr: sp.Basic, **renamed: str) -> str:
    return FormulaPrinter(NOTATION, renamed).doprint(expr)


@pytest.mark.parametrize(
    ("expr", "latex"),
    [
        (1 / sp.sqrt(x), r"\frac{1}{\sqrt{x}}"),
        (sp.sqrt(g * (1 + g)), r"\sqrt{\gamma(1 + \gamma)}"),
        (1 - x, "1 - x"),
        (theta[i] ** 2, r"\theta_{i}^{2}"),
        (sp.Sum(theta[i], (i, 1, r)), r"\sum_{i = 1}^{r} \theta_{i}"),
        (J(x, g), r"J(x, \gamma)"),
        (sp.atan(x), r"\arctan x"),
        (sp.exp(-x / 2), "e^{-x/2}"),
        (sp.Abs(x), r"\lvert x\rvert"),
        ((S - z * sp.Identity(sp.Symbol("d"))).inverse(), r"(\Sigma - z I)^{-1}"),
        (x / 2 + g / 2 - sp.Rational(1, 2), r"\frac{\gamma - 1 + x}{2}"),
        (sp.sin(x) ** 2, r"\sin^{2} x"),
    ],
)
def test_conventions(expr: sp.Basic, latex: str) -> None:
    assert show(expr).replace(" ", "") == latex.replace(" ", "")


def test_a_users_notation_is_used() -> None:
    assert show(g**2, g=r"\psi_{0}").replace(" ", "") == r"\psi_{0}^{2}"


def test_floats_are_refused() -> None:
    with pytest.raises(RenderError, match="float"):
        show(sp.Float(0.5) * x)


@pytest.mark.parametrize(
    "latex", [r"\write18{x}", r"\input{x}", r"\def\x{1}", "x^2^3", r"\left(x", "%", r"\catcode`\%", "x$y"]
)
def test_what_is_outside_the_dialect_is_refused(latex: str) -> None:
    with pytest.raises(RenderError):
        parse(latex)


def test_every_formula_round_trips_through_the_dialect() -> None:
    from quenched.templates.linebreak import normal

    for expr in (1 / sp.sqrt(x), sp.Sum(theta[i] ** 2 / (1 + theta[i]), (i, 1, r)), sp.Integral(sp.sin(x), (x, 0, g))):
        latex = show(expr)
        assert normal(latex) == latex

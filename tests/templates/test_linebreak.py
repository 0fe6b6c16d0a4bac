"""Displays fit their column: measured by TeX itself."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.claim import Equation
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity
from quenched.templates import pdf
from quenched.templates.auxiliary import AuxiliaryNames
from quenched.templates.display import set_equations
from quenched.templates.printer import FormulaPrinter

NAMES = "y A B phi theta gamma a1 a2 a3 c1 c2 c3 kappa b rho q l psi zeta beta t p"
LATEX = {
    "phi": r"\varphi",
    "a1": "a_1",
    "a2": "a_2",
    "a3": "a_3",
    "c1": "c_1",
    "c2": "c_2",
    "c3": "c_3",
    "l": r"\lambda",
}
GREEK = {"theta", "gamma", "kappa", "rho", "psi", "zeta", "beta"}
NOTATION = Notation(*(Quantity(n, n, LATEX.get(n, rf"\{n}" if n in GREEK else n), POSITIVE) for n in NAMES.split()))
y, A, B, phi, theta, gamma, a1, a2, a3, c1, c2, c3, kappa, b, rho, q, l, psi, zeta, beta, t, p = NOTATION.symbols(NAMES)


def _spike(a: sp.Symbol, c: sp.Symbol) -> sp.Expr:
    return a**2 * (1 + theta) ** 2 * c / ((1 + theta * c) * (1 + theta * c + kappa) ** 2)


def _quartic() -> sp.Expr:
    return (
        l**2 * psi**2 * zeta * beta * t**4
        + (l**2 * phi * psi * zeta + 2 * l * psi * zeta * beta * (phi - psi)) * t**3
        + (l * phi**2 * psi * (zeta + beta) + l * phi * zeta * (phi - 2 * psi) + zeta * beta * (phi - psi) ** 2) * t**2
        + (l * phi**3 + phi**2 * (zeta + beta) * (phi - psi) - phi * zeta * (phi - psi)) * t
        - phi**3
    )


def _cardano() -> sp.Expr:
    root = sp.sqrt(p**3 / 27 + q**2 / 4 + b * theta)
    return sp.cbrt(-q / 2 + root) + sp.cbrt(q / 2 + root) - (b + theta + rho) / (3 * a1 + gamma)


CASES = {
    "mass": A * phi / B**2
    - sp.sin(phi) / B
    - 2 * sp.sqrt(A**2 - B**2) / B**2 * sp.atan(sp.sqrt((A - B) / (A + B)) * sp.tan(phi / 2)),
    "overlap": (theta**2 - gamma) / (theta * (theta + gamma))
    + 2
    * gamma
    / (sp.pi * (theta + gamma))
    * (theta * sp.sin(phi) / (1 + sp.sqrt(gamma)) + sp.atan(2 * theta * sp.sin(phi) / (1 + gamma + A))),
    "three spikes": (kappa**2 * (b**2 * rho / (1 + kappa) ** 2 + _spike(a1, c1) + _spike(a2, c2) + _spike(a3, c3)) + A)
    / (1 - q / (1 + kappa) ** 2),
    "forty terms": sp.expand((a1 + 2 * a2 - a3 + b) ** 3 * (rho - q) + theta**5),
    "quartic": _quartic(),
    "Cardano": _cardano(),
}


def displays(column: float) -> str:
    printer = FormulaPrinter(NOTATION)
    names = AuxiliaryNames(printer)
    parts = []
    for expr in CASES.values():
        found = set_equations([Equation(y, expr)], printer, column, names)
        for layout in (found.definitions, found.main):
            if layout is not None:
                parts.append(f"x\n\\begin{{equation}}\n{layout.latex}\n\\end{{equation}}")
    return "\n".join(parts)


@pytest.mark.skipif(not pdf.available(), reason="latexmk is not installed")
@pytest.mark.parametrize("column", [345.0, 240.0])
def test_no_display_is_wider_than_its_column(column: float) -> None:
    source = (
        "\\documentclass[10pt]{article}\n\\usepackage{amsmath}\n"
        f"\\setlength{{\\textwidth}}{{{column}pt}}\n\\begin{{document}}\n{displays(column)}\n\\end{{document}}\n"
    )
    assert pdf.compile_tex(source, "breaks").startswith(b"%PDF")


@pytest.mark.skipif(not pdf.available(), reason="latexmk is not installed")
def test_the_log_is_read() -> None:
    from quenched.templates.errors import RenderError

    wide = "\\documentclass{article}\\begin{document}\\noindent\\hbox to 3\\textwidth{x}\\end{document}"
    with pytest.raises(RenderError, match="overfull"):
        pdf.compile_tex(wide, "wide")
    with pytest.raises(RenderError, match="undefined reference"):
        pdf.compile_tex("\\documentclass{article}\\begin{document}\\ref{nowhere}\\end{document}", "dangling")
    with pytest.raises(RenderError, match="TeX stopped"):
        pdf.compile_tex("\\documentclass{article}\\begin{document}\\nonsense\\end{document}", "broken")


def test_abbreviations_expand_to_the_original() -> None:
    printer = FormulaPrinter(NOTATION)
    names = AuxiliaryNames(printer)
    for expr in CASES.values():
        found = set_equations([Equation(y, expr)], printer, 240.0, names)
        assert found.meaning is not None
        (back,) = found.meaning.expanded()
        assert sp.expand(back.rhs - expr) == 0

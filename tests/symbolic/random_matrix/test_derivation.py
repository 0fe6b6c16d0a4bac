"""A user's own expression becomes a derivation that is checked, mutated and rendered like any other."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.checking import check
from quenched.symbolic.errors import BadInput, QuenchedError
from quenched.symbolic.random_matrix.derivation import derive_expression
from quenched.templates import render

n, d = sp.symbols("n d", integer=True, positive=True)
g, lam = sp.symbols("g lam", positive=True)
X = sp.MatrixSymbol("X", n, d)
ONE = sp.Identity(d)


def test_ten_lines_give_polynomial_checks_and_latex() -> None:
    D = derive_expression((X.T * X + lam * ONE).inv(), {X: 1 / n}, {d: sp.Integer(1), n: 1 / g})
    t = sp.Symbol("t", real=True)
    polynomial = D.claim("polynomial").single
    assert sp.expand(polynomial.difference - (1 - g * lam * t**2 - t * (lam + 1 - g))) == 0
    report = check(D, "full")
    assert report.exit_code == 0
    assert report.kill_rate[0] == report.kill_rate[1] > 30
    assert r"\label{quenched:own_expression:polynomial}" in str(render(D, style="appendix"))


def test_what_is_outside_the_language_is_refused() -> None:
    mu = sp.Symbol("mu")
    with pytest.raises(BadInput, match="mu must be declared positive"):
        derive_expression((X.T * X + mu * ONE).inv(), {X: 1 / n}, {d: sp.Integer(1), n: 1 / g})
    with pytest.raises(QuenchedError):
        derive_expression((X.T * X + 0.5 * ONE).inv(), {X: 1 / n}, {d: sp.Integer(1), n: 1 / g})
    with pytest.raises(QuenchedError):
        derive_expression((X.T * X + lam * ONE).inv(), {}, {d: sp.Integer(1), n: 1 / g})

"""Entries of matrix exponentials and of their integrals, against closed forms."""

from __future__ import annotations

import sympy as sp

from quenched.symbolic import balls
from quenched.symbolic.matrix_exponential import exponential, integral_of_exponential

t, w = sp.symbols("t w", positive=True)
POINT = {t: sp.Rational(2, 3), w: sp.Rational(7, 5)}


def same(entries, expected) -> None:
    for found, stated in zip(entries, expected, strict=True):
        with balls.working(200):
            gap = balls.enclose(found, POINT, 200) - balls.enclose(stated, POINT, 200)
            assert gap.contains(0)
            assert abs(gap).abs_upper() < 1e-50


def test_rotation_of_the_hyperbolic_plane():
    matrix = sp.Matrix([[0, w * t], [w * t, 0]])
    same(exponential(matrix), [sp.cosh(w * t), sp.sinh(w * t), sp.sinh(w * t), sp.cosh(w * t)])


def test_integral_of_a_regular_and_of_a_singular_matrix():
    regular = sp.Matrix([[w, 0], [0, -2 * w]])
    expected = [(sp.exp(w * t) - 1) / w, sp.Integer(0), sp.Integer(0), (1 - sp.exp(-2 * w * t)) / (2 * w)]
    same(integral_of_exponential(regular, t), expected)
    nilpotent = sp.Matrix([[0, w], [0, 0]])
    same(integral_of_exponential(nilpotent, t), [t, w * t**2 / 2, sp.Integer(0), t])

"""Rational layers with an isotropic imbalance, and rational flows that commute with their generator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.quantity import Samples
from ...symbolic.word_numbers import rationals
from .notation import n_c, n_d, n_h, symbols

eta_1, eta_2, W1, W2, D, A, m, F = symbols("eta_1 eta_2 W1 W2 D A m F")
Q_11, Q_12, Q_22 = symbols("Q_11 Q_12 Q_22")

Drawn = tuple[Mapping[Any, int], Mapping[Any, Any]]


def isotropic_layers(samples: Samples, index: int) -> Drawn:
    """c = h = 2, d = 3: eta_1 W2^T W2 - eta_2 W1 W1^T = D I with all entries rational.

    In a rotated hidden basis the layers have singular values x_i, y_i with (p x_i)^2 - (q y_i)^2 = D, eta_1 = p^2 and
    eta_2 = q^2: a product of two rationals, p x + q y = D/u and p x - q y = u.
    """
    p, q, level, first, second, slope = rationals(samples, "layers", 6, index)
    p, q = abs(p) + 1, abs(q) + 2
    upper, lower = [], []
    for u in (abs(first) + 1, -abs(second) - 3):
        upper.append((level / u + u) / (2 * p))
        lower.append((level / u - u) / (2 * q))
    turn = sp.Matrix([[1 - slope**2, 2 * slope], [-2 * slope, 1 - slope**2]]) / (1 + slope**2)
    frame = sp.Matrix([[1, 2, 2], [2, 1, -2]]) / 3
    flip = sp.Matrix([[3, 4], [4, -3]]) / 5
    layers = {W2: flip * sp.diag(*upper) * turn.T, W1: turn * sp.diag(*lower) * frame}
    return {n_c: 2, n_h: 2, n_d: 3}, {eta_1: p**2, eta_2: q**2, D: level, **layers}


def commuting(samples: Samples, index: int) -> Drawn:
    """c = 1, d = 2, h = 2: m symmetric, m A symmetric and F a polynomial of A."""
    numbers = rationals(samples, "generator", 8, index)
    weights = sp.diag(abs(numbers[0]) + 1, abs(numbers[1]) + 2, abs(numbers[1]) + 2)
    x = sp.Matrix(3, 3, lambda i, k: numbers[2 + min(i, k) + max(i, k)])
    generator = weights.inv() * x
    series = sp.eye(3) + generator + generator**2 / 3
    return {n_c: 1, n_d: 2, n_h: 2}, {m: weights, A: generator, F: series}


def block_products(samples: Samples, index: int) -> Drawn:
    """c = 2, d = 3, h = 2: random layers and the products that are the blocks of the solution."""
    numbers = rationals(samples, "products", 10, index)
    upper, lower = sp.Matrix(2, 2, numbers[:4]), sp.Matrix(2, 3, numbers[4:])
    values = {W2: upper, W1: lower, Q_11: upper * upper.T, Q_12: upper * lower, Q_22: lower.T * lower}
    return {n_c: 2, n_h: 2, n_d: 3}, values

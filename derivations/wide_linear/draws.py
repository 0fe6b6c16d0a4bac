"""Rational matrices that satisfy the definitions: states with two eigenvalues, effective neurons, a unit vector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.quantity import Samples
from ...symbolic.word_numbers import rationals
from .notation import n_d, n_h, symbols

eta_a, eta_w, a, W, size_a, x_hat = symbols("eta_a eta_w a W size_a x_hat")
J, N, alpha, gamma, E, z, a_e, w_e = symbols("J N alpha gamma E z a_e w_e")
J_bar, c, a_inf, s = symbols("J_bar c a_inf s")

Drawn = tuple[Mapping[Any, int], Mapping[Any, Any]]
UNIT = sp.Matrix([3, 4]) / 5


def two_values(samples: Samples, index: int) -> Drawn:
    """d = 3: N J = alpha E - gamma (I - E), E E = E, tr E = 1, and N + gamma J^-1 = z z^T for a random z."""
    eta, rate, shift, *entries = (abs(x) + 1 for x in rationals(samples, "weights", 7, index))
    vector = sp.Matrix(entries)
    vector[1] = -vector[1]
    metric = sp.diag(rate, -eta, -eta, -eta)
    square = vector * vector.T
    level = (vector.T * metric * vector)[0]
    values = {eta_a: eta, eta_w: rate, gamma: shift, alpha: level - shift, z: vector, J: metric, J_bar: metric.inv()}
    values |= {N: square - shift * metric.inv(), E: square * metric / level}
    return {n_d: 3, n_h: 2}, values


def neuron_weights(samples: Samples, index: int) -> Drawn:
    """h = 3, d = 2: weights of a network and of its effective neuron, eta_w = k^2 and eta_a = q^2.

    At unit rates the network a = (p, 0, 0), W = c (0, e_1, e_2) has alpha = p^2, gamma = c^2, and a_e^2 = p^2 + gamma
    is made a square; network and neuron are moved by the same rational boost along (3, 4)/5. Then a is divided by k
    and W by q.
    """
    k, q, c, e, boost = (abs(x) + 1 for x in rationals(samples, "weights", 5, index))
    level = c**2
    p, root = level / (2 * e) - e / 2, level / (2 * e) + e / 2
    cosh, sinh = (boost + 1 / boost) / 2, (boost - 1 / boost) / 2
    first, inner = sp.Matrix([p, 0, 0]), sp.Matrix([[0, 0], [c, 0], [0, c]])
    along = inner * UNIT
    upper, moved = first * cosh + along * sinh, along * cosh + first * sinh
    values = {eta_a: q**2, eta_w: k**2, gamma: level, a_e: root * cosh / k, w_e: UNIT * root * sinh / q}
    return {n_d: 2, n_h: 3}, {**values, a: upper / k, W: (inner + (moved - along) * UNIT.T) / q}


def unit_vector(samples: Samples, index: int) -> Drawn:
    """d = 2: a rational unit vector x."""
    slope = abs(rationals(samples, "direction", 1, index)[0]) + 1
    return {n_d: 2, n_h: 3}, {x_hat: sp.Matrix([1 - slope**2, 2 * slope]) / (1 + slope**2)}


def fitted(samples: Samples, index: int) -> Drawn:
    """h = 3: random c and a = a_inf with s = c.a."""
    numbers = rationals(samples, "fitted", 6, index)
    along, output = sp.Matrix(numbers[:3]), sp.Matrix(numbers[3:])
    return {n_d: 2, n_h: 3}, {c: along, a_inf: output, s: along.dot(output)}

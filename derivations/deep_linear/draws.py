"""Rational unit vectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.quantity import Samples
from ...symbolic.word_numbers import rationals
from .notation import n_h, n_p, n_q, symbols

u_up, u, u_low = symbols("u_up u u_low")


def unit_vectors(samples: Samples, index: int) -> tuple[Mapping[Any, int], Mapping[Any, Any]]:
    """p = 2, h = 2, q = 3: three random unit vectors by stereographic projection."""
    first, second, third, fourth = (abs(x) + 1 for x in rationals(samples, "units", 4, index))
    values = {u_up: _unit(first), u: _unit(second), u_low: _unit(third, fourth)}
    return {n_p: 2, n_h: 2, n_q: 3}, values


def _unit(*slopes: Any) -> Any:
    square = sum(x**2 for x in slopes)
    return sp.Matrix([*(2 * x for x in slopes), 1 - square]) / (1 + square)

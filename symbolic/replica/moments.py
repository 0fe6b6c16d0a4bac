"""Means of polynomials in jointly normal variables, by pairing (Isserlis)."""

from __future__ import annotations

from typing import Any

import sympy as sp

from .mean import Mean
from .mean_calculus import linear, on_means


def moments(expr: Any) -> Any:
    """E[x_1^k1 ... x_r^kr] -> the sum over pairings of products of covariances; odd bodies -> 0.

    >>> x, c = sp.symbols("x c"); moments(Mean(x**2 + x, (x,), ((c,),)))
    c
    """
    return sp.expand(on_means(linear(expr), _moment))


def _moment(mean: Any) -> Any:
    if not isinstance(mean, Mean):
        return mean
    body, fresh = mean.opened()
    if body.xreplace({x: -x for x in fresh}) == -body:
        return sp.S.Zero
    if not body.is_polynomial(*fresh):
        return mean
    rows = mean.covariance if mean.covariance is not None else sp.eye(len(fresh)).tolist()
    total = sp.Integer(0)
    for powers, coefficient in sp.Poly(body, *fresh).terms():
        letters = [k for k, power in enumerate(powers) for _ in range(power)]
        total += coefficient * _pairings(letters, rows)
    return total


def _pairings(letters: list[int], rows: Any) -> Any:
    if not letters:
        return sp.Integer(1)
    first, *rest = letters
    total = sp.Integer(0)
    for k, partner in enumerate(rest):
        total += rows[first][partner] * _pairings(rest[:k] + rest[k + 1 :], rows)
    return total

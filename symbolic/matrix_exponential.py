"""Entries of the exponential of a small matrix, and of its time integral, enclosed by Arb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from flint import acb, arb_mat

from . import balls


class ExponentialEntry(sp.Function):
    """(e^X)_ij for a real matrix X of size n: arguments i, j, n, then the entries of X row by row.

    >>> ExponentialEntry(0, 1, 2, 0, 1, 0, 0)
    ExponentialEntry(0, 1, 2, 0, 1, 0, 0)
    """

    is_real = True


def exponential(matrix: Any) -> Any:
    """The matrix of all entries of e^X."""
    n = matrix.shape[0]
    return sp.Matrix(n, n, lambda i, k: ExponentialEntry(i, k, n, *matrix))


def integral_of_exponential(matrix: Any, time: Any) -> Any:
    """int_0^t e^(X s) ds, the upper right block of exp [[X t, t I], [0, 0]] (Van Loan); also for singular X."""
    n = matrix.shape[0]
    one, zero = time * sp.eye(n), sp.zeros(n, n)
    whole = sp.Matrix.vstack(sp.Matrix.hstack(time * matrix, one), sp.Matrix.hstack(zero, zero))
    return sp.Matrix(n, n, lambda i, k: ExponentialEntry(i, n + k, 2 * n, *whole))


def _together(nodes: Sequence[Any], seen: Mapping[Any, acb]) -> dict[Any, acb]:
    """All entries of one exponential are computed at once."""
    found: dict[Any, acb] = {}
    done: dict[tuple[Any, ...], Any] = {}
    for node in nodes:
        i, k, n, *entries = node.args
        key = (n, *entries)
        if key not in done:
            done[key] = _exponential(int(n), entries, seen)
        found[node] = acb(done[key][int(i), int(k)])
    return found


def _exponential(n: int, entries: Sequence[Any], seen: Mapping[Any, acb]) -> Any:
    prec = balls.flint.ctx.prec
    found = [ball.real for ball in balls.enclose_all(entries, seen, prec)]
    return arb_mat(n, n, found).exp()


balls.register(ExponentialEntry, _together)

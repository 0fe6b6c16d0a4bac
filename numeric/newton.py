"""Newton's method: vectorised in floats for starting values, in a local mpmath context for all the digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from flint import arb, arb_mat

from ..symbolic.balls import working
from ..symbolic.errors import NotCertified
from .compile import Compiled
from .context import local_context, to_context
from .floats import ContextArithmetic, FloatArithmetic

ITERATIONS = 60
# Bits beyond those that the test of a root needs.
GUARD = 16


def newton_floats(
    compiled: Compiled, parameters: Sequence[Any], start: np.ndarray, arithmetic: FloatArithmetic
) -> tuple[np.ndarray, np.ndarray]:
    """(x, converged) for P independent problems: parameters are arrays (P,), start and x have shape (n, P).

    Converged means that the steps have reached rounding level; nothing is damped and nothing is clipped.
    """
    x = np.array(start, dtype=arithmetic.dtype)
    before = np.full(x.shape[1], np.inf)
    converged = np.zeros(x.shape[1], dtype=bool)
    for _ in range(ITERATIONS):
        with np.errstate(all="ignore"):
            values, slopes = compiled.newton(arithmetic, parameters, list(x))
            step = _solve(slopes, values, x.shape[1])
            moved = np.where(converged, x, x - step)
            size = np.max(np.abs(step), axis=0) / np.max(np.abs(moved), axis=0)
            # Steps at rounding level stop shrinking; before that they shrink quadratically.
            converged |= (size < 4 * np.finfo(arithmetic.dtype).eps) | ((size < 1e-9) & (size >= before / 2))
        x, before = moved, size
        if np.all(converged | ~np.isfinite(size)):
            break
    return x, converged


def _solve(slopes: list[list[Any]], values: list[Any], points: int) -> np.ndarray:
    """J^-1 F for stacked systems, shape (n, P); a singular or undefined matrix gives nan."""
    n = len(values)
    matrix = np.empty((points, n, n))
    right = np.empty((points, n, 1))
    for i in range(n):
        right[:, i, 0] = values[i]
        for j in range(n):
            matrix[:, i, j] = slopes[i][j]
    if n == 1:
        return (right / matrix)[:, :, 0].T
    good = np.all(np.isfinite(matrix), axis=(1, 2), keepdims=True).reshape(points)
    step = np.full((n, points), np.nan)
    try:
        step[:, good] = np.linalg.solve(matrix[good], right[good])[:, :, 0].T
    except np.linalg.LinAlgError:  # one singular matrix spoils the stack: leave those out
        good[good] = np.linalg.matrix_rank(matrix[good]) == n
        step[:, good] = np.linalg.solve(matrix[good], right[good])[:, :, 0].T
    return step


def newton_balls(compiled: Compiled, at: Mapping[Any, Any], start: Sequence[float], prec: int) -> list[arb]:
    """The root near `start` as exact midpoints, for systems that balls alone evaluate: for a test with `prec` bits.

    at: exact values of the parameters; start: floats, whose slopes serve all steps. The Krawczyk test squares the
    accuracy, so half of the bits are enough.
    Raises NotCertified when the steps do not shrink.
    """
    parameters = [np.asarray(float(at[atom])) for atom in compiled.parameters]
    _, slopes = compiled.newton(FloatArithmetic(), parameters, [np.asarray(v) for v in start])
    try:
        inverse = arb_mat(np.linalg.inv(np.array(slopes, dtype=float)).tolist())
    except np.linalg.LinAlgError:
        raise NotCertified(f"the Jacobian is singular at the start {start}") from None
    x, before, work = [arb(v) for v in start], np.inf, prec // 2 + 2 * GUARD
    for _ in range(ITERATIONS):
        residual = compiled.residual_balls({**at, **dict(zip(compiled.unknowns, x))}, work)
        with working(work):
            step = inverse * arb_mat([[f.mid()] for f in residual])
            x = [(v - step[i, 0]).mid() for i, v in enumerate(x)]
            size = max(abs(step[i, 0]) for i in range(len(x))) / max(abs(v) for v in x)
            if size < arb(2) ** -(prec // 2 + GUARD):
                return x
        if not size < before / 2:
            break
        before = size
    raise NotCertified(f"Newton in balls does not converge near {[float(v) for v in x]} at {prec} bits")


def newton_digits(compiled: Compiled, parameters: Sequence[Any], start: Sequence[Any], digits: int) -> list[Any]:
    """The root near `start` as mpf with `digits` digits, at precisions that double: the cost is that of the last step.

    parameters: exact values in the order of compiled.parameters.  start: mpf or floats, inside the basin.
    Raises NotCertified when the steps do not shrink.
    """
    x, reached = list(start), 8
    while True:
        reached = min(2 * reached, digits)
        ctx = local_context(reached)
        x = _polish(ctx, compiled, [to_context(ctx, p) for p in parameters], [ctx.mpf(v) for v in x], reached)
        if reached == digits:
            return x


def _polish(ctx: Any, compiled: Compiled, parameters: list[Any], x: list[Any], digits: int) -> list[Any]:
    arithmetic, tolerance = ContextArithmetic(ctx), ctx.mpf(10) ** -digits
    for _ in range(ITERATIONS):
        values, slopes = compiled.newton(arithmetic, parameters, x)
        try:
            step = ctx.lu_solve(ctx.matrix(slopes), ctx.matrix(values))
        except ZeroDivisionError:
            break
        x = [v - s for v, s in zip(x, step, strict=True)]
        if not all(ctx.isfinite(v) and ctx.im(v) == 0 for v in x):
            break
        if max(abs(s) for s in step) <= tolerance * max(abs(v) for v in x):
            return x
    unknowns = ", ".join(map(str, compiled.unknowns))
    raise NotCertified(f"Newton does not converge for {unknowns} at {digits} digits: start closer or continue")

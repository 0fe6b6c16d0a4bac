"""Taylor integration of autonomous polynomial fields to many digits: an independent witness for closed forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath

from ..symbolic.errors import NotCertified
from .context import local_context, to_context
from .jets import Jets

Field = Callable[[Sequence[Any]], Sequence[Any]]

# A run is repeated with this many more digits and another order: its steps fall elsewhere, so agreement is evidence.
EXTRA_DIGITS = 10
EXTRA_ORDER = 7
MAX_STEPS = 20_000


@dataclass(frozen=True)
class FlowState:
    """z(t): `values` are mpf of a context of their own; `error` bounds the disagreement of the two runs."""

    values: tuple[Any, ...]
    error: Any
    digits: int
    steps: int
    order: int


def integrate(field: Field, z0: Sequence[Any], t: Any, digits: int = 30) -> FlowState:
    """z(t) for z' = field(z), z(0) = z0, by Taylor series of adaptive order and step.

    field: called once on jets; it may use +, -, *, integer powers and exact numbers (a polynomial field).
    z0: exact numbers (int, Fraction, SymPy rational, decimal text) or mpf.  t: the same, of either sign.
    The result carries `digits` digits relative to the largest component along the way; it is computed twice, with
    different precision and order, and the difference is returned as `error` (evidence, not a proof).
    Raises NotCertified when the two runs disagree or when the steps shrink towards a singularity.

    >>> state = integrate(lambda z: [-z[0] * z[0]], [1], 3, digits=25)
    >>> mpmath.nstr(state.values[0], 20)
    '0.25'
    """
    coarse, size, steps, order = _run(field, z0, t, digits, 0)
    fine, *_ = _run(field, z0, t, digits + EXTRA_DIGITS, EXTRA_ORDER)
    ctx = local_context(digits + EXTRA_DIGITS)
    pairs = [(ctx.mpf(x), ctx.mpf(y)) for x, y in zip(coarse, fine, strict=True)]
    error = max((abs(x - y) for x, y in pairs), default=ctx.zero)
    if error > size * ctx.mpf(10) ** -digits:
        raise NotCertified(f"Taylor runs differ by {ctx.nstr(error, 3)} at t = {t}; {digits} digits were asked for")
    return FlowState(tuple(y for _, y in pairs), error, digits, steps, order)


def _run(field: Field, z0: Sequence[Any], t: Any, digits: int, extra: int) -> tuple[list[Any], Any, int, int]:
    ctx = local_context(digits)
    # Order and step minimise work per unit time: p = 1 + ln(1/tol)/2 and h = (radius of convergence)/e^2.
    order = int(1 + (digits + 5) * ctx.ln(10) / 2) + 1 + extra
    state = [to_context(ctx, z) for z in z0]
    time, end = ctx.zero, to_context(ctx, t)
    size, steps = max((abs(z) for z in state), default=ctx.one), 0
    jets = Jets(ctx, field, len(state))
    while time != end:
        if steps == MAX_STEPS:
            raise NotCertified(f"{MAX_STEPS} Taylor steps reached only t = {ctx.nstr(time, 8)} of {t}")
        series = jets.series(state, order)
        step = _step(ctx, series, order, end - time)
        state = [_horner(ctx, coefficients, step) for coefficients in series]
        last, time = time, end if step == end - time else time + step
        if time == last:
            raise NotCertified(f"the steps vanish at t = {ctx.nstr(time, 8)} of {t}: the flow is singular there")
        steps += 1
        size = max([size, *(abs(z) for z in state)])
        if not ctx.isfinite(size):
            raise NotCertified(f"the flow leaves every bound near t = {ctx.nstr(time, 8)}")
    return state, size, steps, order


def _step(ctx: mpmath.MPContext, series: list[list[Any]], order: int, left: Any) -> Any:
    """The step, from the decay of the coefficients; the whole way when the series ends there."""
    scale = max(abs(row[0]) for row in series) or max(abs(row[1]) for row in series)
    # The upper half, not the last two: a series in h^3, say, has longer gaps.
    upper = [(n, max(abs(row[n]) for row in series)) for n in range(order // 2, order + 1)]
    radii = [(scale / c) ** (ctx.one / n) for n, c in upper if c]
    if not radii:
        return left
    step = min(radii) / ctx.e**2
    return left if step >= abs(left) else step * ctx.sign(left)


def _horner(ctx: mpmath.MPContext, coefficients: list[Any], step: Any) -> Any:
    total = ctx.zero
    for c in reversed(coefficients):
        total = total * step + c
    return total

"""The second moment of one finite system, summed exactly: a route without replicas to the potential at n = 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.claim import Claim
from ...symbolic.derivation import Witness
from ...symbolic.precision import compiled, context
from ...symbolic.quantity import Samples
from ...symbolic.replica.saddle import richardson
from ...symbolic.replica.terms import written_out
from ...symbolic.verdict import Verdict, consistent, refuted
from .notation import Q, Qhat, beta, h, n

_SIZES = (250, 500, 1000, 2000)
_POINT = {beta: sp.Rational(3, 2), h: sp.Rational(1, 5)}


def witnesses() -> list[Witness]:
    return [Witness("second moment of a finite system", ("potential-pairs",), second_moment)]


def second_moment(claims: Mapping[str, Claim], _: Samples) -> Verdict:
    """(1/N) log E Z^2 by its definition, N = 250 to 2000 extrapolated, against the stationary potential at n = 2.

    E exp(-b H(s) - b H(t)) is a Gaussian integral for each coupling; it depends on the number of sites at which the
    two configurations agree. The overlap must be the mean overlap of the sum. 7 digits.
    """
    ctx = context(30)
    b, field = (ctx.mpf(int(x.p)) / int(x.q) for x in (_POINT[beta], _POINT[h]))
    exact = [_summed(ctx, b, field, size) for size in _SIZES]
    x, y = sp.symbols("x y")
    table = {Q[1, 2]: x, Q[2, 1]: x, Qhat[1, 2]: y, Qhat[2, 1]: y}
    phi = written_out(claims["potential-pairs"].rhs, 2, n).xreplace(table).xreplace(_POINT)
    slopes = compiled(ctx, [x, y], [sp.diff(phi, x), sp.diff(phi, y)])
    root = ctx.findroot(lambda *v: list(slopes(*v)), (ctx.mpf("0.9"), ctx.mpf(2)), tol=1e-50)
    for what, values, told in (
        ("value", [v for v, _ in exact], compiled(ctx, [x, y], phi)(*root)),
        ("overlap", [v for _, v in exact], root[0]),
    ):
        limit = richardson(ctx, values)
        if not abs(limit - told) < ctx.mpf(10) ** -7:
            return refuted("second moment", f"the {what} is {ctx.nstr(told, 10)}, the sum gives {ctx.nstr(limit, 10)}")
    return consistent("second moment of a finite system", "value and overlap, N = 250 to 2000 extrapolated, 7 digits")


def _summed(ctx: Any, b: Any, field: Any, size: int) -> tuple[Any, Any]:
    """((1/N) log E Z^2, mean overlap): the sum over the number k of agreeing sites."""
    logs, overlaps, binomial = [], [], ctx.mpf(0)
    for k in range(size + 1):
        # One coupling of variance 1/N multiplies s_i s_j + t_i t_j: 2 where i and j agree alike, else 0.
        alike = k * (k - 1) // 2 + (size - k) * (size - k - 1) // 2
        logs.append(
            binomial
            + b**2 / (2 * size) * 4 * alike
            + k * ctx.log(2 * ctx.cosh(2 * b * field))
            + (size - k) * ctx.log(2)
        )
        overlaps.append(ctx.mpf(2 * k - size) / size)
        binomial += ctx.log(ctx.mpf(size - k) / (k + 1)) if k < size else 0
    top = max(logs)
    weights = [ctx.exp(v - top) for v in logs]
    total = sum(weights)
    return (top + ctx.log(total)) / size, sum(w * r for w, r in zip(weights, overlaps)) / total

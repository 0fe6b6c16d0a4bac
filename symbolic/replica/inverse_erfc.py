"""Balls of the inverse complementary error function: a root that two signs enclose."""

from __future__ import annotations

from statistics import NormalDist

import flint
import sympy as sp
from flint import acb, arb

from .. import balls


def inverse_erfc(x: acb) -> acb:
    """A ball containing y with erfc(y) = x, for x in (0, 2); not finite where x may leave that interval.

    Newton's method finds y, and erfc(y - r) > x > erfc(y + r) proves it: erfc decreases.
    """
    value = x.real
    if not (x.imag.is_zero() and value > 0 and value < 2):
        return acb(arb.nan())
    y = arb(-NormalDist().inv_cdf(float(value.mid()) / 2) / 2**0.5)
    for _ in range(flint.ctx.prec.bit_length() + 2):
        step = (y.erfc() - value.mid()) * arb.pi().sqrt() / 2 * (y * y).exp()
        y = (y + step).mid()
    slope = (y * y).exp() * arb.pi().sqrt() / 2
    radius = 2 * (value.rad() + arb(2) ** -flint.ctx.prec) * slope.upper()
    for _ in range(flint.ctx.prec):
        low, high = (y - radius).lower(), (y + radius).upper()
        if low.erfc() > value and high.erfc() < value:
            return acb(low.union(high))
        radius = 2 * radius
    return acb(arb.nan())


balls.FUNCTIONS[sp.erfcinv] = inverse_erfc

"""One root in a bracket, in balls: sign changes find it, the interval Newton operator proves it.

If F is continuous on [x0, x1] with opposite signs at the ends and 0 is not in F'([x0, x1]), then [x0, x1] holds
exactly one root, and N(X) = m - F(m)/F'(X) contains it for every m in X.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from flint import arb

from ..symbolic.balls import working
from ..symbolic.errors import NotCertified, OutsideDomain

# An enclosure of F or F' over a ball, at a precision in bits.
Enclosure = Callable[[arb, int], arb]
# An end of the bracket at a precision in bits; infinite ends are plus or minus infinity.
End = Callable[[int], arb]

PIECES = 16
# An infinite end is searched at distances 2^-k ... 2^k, with k up to half the precision and this.
FARTHEST = 512


class NoSignChange(NotCertified):
    """F has one sign at all probed points of the bracket."""


def isolate(f: Enclosure, df: Enclosure, low: End, high: End, prec: int, limit: int) -> arb:
    """A ball inside [low, high] that provably holds exactly one root of f.

    prec, limit: first and last working precision in bits. The ends may be irrational (balls) or infinite; only
    points inside are evaluated, so f may be singular at the ends.
    Raises NoSignChange, or NotCertified for several sign changes and for a root that bisection up to the limit cannot
    separate (a double root, a pole).
    """
    signs = _Signs(f, limit)
    while True:
        changes = [pair for pair in pairwise(_probe(signs, low, high, prec)) if pair[0][1] != pair[1][1]]
        if len(changes) > 1:
            places = ", ".join(x.str(6, radius=False) for (x, _), _ in changes)
            raise NotCertified(f"the bracket holds at least {len(changes)} roots, after {places}: no single branch")
        if changes:
            (x0, sign), (x1, _) = changes[0]
            return _bisect(signs, df, x0, x1, sign, prec)
        if prec >= limit:
            raise NoSignChange(f"the equation keeps one sign between {_span(low, high, prec)}")
        # A root closer to an end than one unit in the last place shows itself at a higher precision.
        prec *= 2


def sharpen(f: Enclosure, df: Enclosure, ball: arb, prec: int) -> arb:
    """The same root in a smaller ball: interval Newton, at precisions that double up to `prec` bits.

    `ball` must come from `isolate`: f' has no zero on it, so every step at least halves it until rounding stops it.
    """
    work, first = min(64, prec), ball.rad()
    while True:
        with working(work):
            middle = ball.mid()
            newton = middle - f(middle, work) / df(ball, work)
            smaller = ball.intersection(newton) if newton.is_finite() else ball
            stuck = not smaller.rad() < ball.rad() * 3 / 4
            # A root at 0 has no relative accuracy to reach: there the radius alone decides.
            enough = smaller.rad() <= max(abs(smaller.mid()) * arb(2) ** -prec, first * arb(2) ** (-4 * prec))
        ball = smaller
        if enough or (stuck and work >= prec):
            return ball
        if stuck:
            work = min(2 * work, prec)


class _Signs:
    """The sign of f at exact points, at whatever precision up to the limit decides it."""

    def __init__(self, f: Enclosure, limit: int):
        self.f, self.limit = f, limit

    def __call__(self, x: arb, prec: int) -> int | None:
        """+1, -1, or None for a zero, a singularity or an undecided sign."""
        for work in (prec, 2 * prec, 4 * prec):
            try:
                value = self.f(x, work)
            except OutsideDomain:
                return None
            if value > 0 or value < 0:
                return 1 if value > 0 else -1
            if work >= self.limit:
                return None
        return None


def _probe(signs: _Signs, low: End, high: End, prec: int) -> Iterator[tuple[arb, int]]:
    """(point, sign) along the bracket, from end to end, where the sign is certain."""
    for x in _places(low, high, prec):
        sign = signs(x, prec)
        if sign is not None:
            yield x, sign


def _places(low: End, high: End, prec: int) -> list[arb]:
    """Exact points from end to end: evenly spaced, or by powers of two towards an infinite end."""
    reach = min(prec // 2, FARTHEST)
    with working(prec):
        x0, x1 = low(prec).upper(), high(prec).lower()
        powers = [arb(2) ** k for k in range(-reach, reach + 1)]
        if x0.is_finite() and x1.is_finite():
            return [x0, *((x0 + (x1 - x0) * k / PIECES).mid() for k in range(1, PIECES)), x1]
        if x0.is_finite():
            return [x0, *((x0 + step).mid() for step in powers)]
        if x1.is_finite():
            return [*((x1 - step).mid() for step in reversed(powers)), x1]
        return [*(-step for step in reversed(powers)), arb(0), *powers]


def _bisect(signs: _Signs, df: Enclosure, x0: arb, x1: arb, sign: int, prec: int) -> arb:
    """Halve [x0, x1], where f has `sign` at x0 and the other one at x1, until f' has no zero on it."""
    with working(prec):
        smallest = (x1 - x0) * arb(2) ** -signs.limit
    while prec <= 4 * signs.limit:
        with working(prec):
            ball = x0.union(x1)
            if x1 - x0 < smallest:
                break  # a jump or a pole has a sign change and no root
        slope = _enclosed(df, ball, prec)
        if slope is not None and slope.is_finite() and not slope.contains(0):
            return ball
        for cut in (8, 7, 9, 5, 11):  # off the middle too: the middle may be the root itself
            with working(prec):
                x = (x0 + (x1 - x0) * cut / 16).mid()
            found = signs(x, prec) if x0 < x < x1 else None
            if found is not None:
                x0, x1 = (x, x1) if found == sign else (x0, x)
                break
        else:
            prec *= 2
    raise NotCertified(f"no simple root could be separated between {x0.str(12)} and {x1.str(12)}")


def _enclosed(df: Enclosure, ball: arb, prec: int) -> arb | None:
    try:
        return df(ball, prec)
    except OutsideDomain:
        return None


def _span(low: End, high: End, prec: int) -> str:
    return f"{low(prec).str(6, radius=False)} and {high(prec).str(6, radius=False)}"

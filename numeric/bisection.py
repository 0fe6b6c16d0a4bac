"""Roots in brackets for many points at once: Newton steps kept inside a shrinking bracket, in float64."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

# (F, F') at an array of points.
Slope = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]

ITERATIONS = 400
# Distances 2^-k ... 2^k at which an infinite end is searched.
REACH = 60


def solve_brackets(f: Slope, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(x, found): a sign change of f between low and high for each of P points, all arrays of shape (P,).

    A Newton step is taken when it stays inside the bracket and the bracket halves within three steps; otherwise the
    bracket is cut in the middle. An end may be infinite, for all points alike. `found` is False where f has no sign
    change between the ends or is not a number.
    """
    with np.errstate(all="ignore"):
        low, high = _finite(f, np.array(low, dtype=float), np.array(high, dtype=float))
        at_low, at_high = f(low)[0], f(high)[0]
        found = at_low * at_high < 0
        x, width = (low + high) / 2, high - low
        for count in range(ITERATIONS):
            value, slope = f(x)
            found &= ~np.isnan(value)
            before = np.sign(value) == np.sign(at_low)
            low, high = np.where(before, x, low), np.where(before | (value == 0), high, x)
            step = x - value / slope
            middle = (low + high) / 2
            use_newton = (low < step) & (step < high)
            if count % 3 == 2:
                use_newton &= high - low <= width / 2
                width = high - low
            new = np.where(value == 0, x, np.where(use_newton, step, middle))
            done = np.abs(new - x) <= 2 * np.finfo(float).eps * np.abs(new)
            x = new
            if np.all(done | ~found):
                return x, found
    return x, found & done


def _finite(f: Slope, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bracket itself, or the first sign change on the way to an infinite end."""
    if np.isfinite(low).all() and np.isfinite(high).all():
        return low, high
    if np.isfinite(low).all():
        places = [low, *(low + 2.0**k for k in range(-REACH, REACH + 1))]
    elif np.isfinite(high).all():
        places = [*(high - 2.0**k for k in range(REACH, -REACH - 1, -1)), high]
    else:
        outward = [np.full_like(low, 2.0**k) for k in range(-REACH, REACH + 1)]
        places = [*(-x for x in reversed(outward)), np.zeros_like(low), *outward]
    left, right = places[0].copy(), places[-1].copy()
    before, open_ = np.sign(f(left)[0]), np.ones(low.shape, dtype=bool)
    for x in places[1:]:
        sign = np.sign(f(x)[0])
        change = open_ & (sign * before < 0)
        right = np.where(change, x, right)
        open_ &= ~change
        # A point where f is 0 or not a number is no end of a bracket.
        usable = open_ & (sign * sign > 0)
        left, before = np.where(usable, x, left), np.where(usable, sign, before)
    return left, right

"""The staged zero test: balls at random rational points refute, the exact normal form proves, else honest doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from . import balls, budget
from .errors import QuenchedError
from .exact import vanishes
from .quantity import Samples, free_atoms
from .verdict import Verdict, consistent, proved, refuted, undecided

POINTS = 3
BITS = 256
DIGITS = 60
EXACT_SECONDS = 30.0
_CHEAP = 60


def equal(
    lhs: Any, rhs: Any, samples: Samples, given: Iterable[Any] = (), where: Mapping[Any, Any] | None = None
) -> Verdict:
    """Judge lhs = rhs on the declared domain, after the substitution `where` (for parametrised constraints).

    refuted: a ball of the difference excludes 0 at a rational point (which is returned).  proved: the exact normal
    form of the difference is 0.  consistent: it is 0 to 60 digits at 3 random points, no proof found.
    """
    lhs, rhs = (_written_out(side, where or {}) for side in (lhs, rhs))
    given = [_written_out(c, where or {}) for c in given]
    try:
        tried = _at_points(lhs, rhs, samples, given)
    except QuenchedError as error:
        tried = undecided("balls at random points", str(error))
    if tried.refuted:
        return tried
    exact = _exactly(lhs - rhs)
    return tried if exact is None else exact


def _written_out(expr: Any, where: Mapping[Any, Any]) -> Any:
    return sp.S(expr).xreplace(dict(where))


def _exactly(difference: Any) -> Verdict | None:
    """A proof, a refutation without a point, or nothing."""
    if difference == 0:
        return proved("exact normal form", "the two sides are identical")
    if len(difference.atoms(sp.Symbol, sp.Function)) > 1 and difference.count_ops() > _CHEAP:
        outcome = budget.run(vanishes, difference, seconds=EXACT_SECONDS)
        answer = outcome.value if outcome.finished else None
    else:
        try:
            answer = vanishes(difference)
        except QuenchedError:
            answer = None
    if answer is True:
        return proved("exact normal form", "the difference reduces to 0")
    if answer is False:
        return refuted("exact normal form", "the difference is a non-zero rational function")
    return None


def _at_points(lhs: Any, rhs: Any, samples: Samples, given: list[Any]) -> Verdict:
    """Enclosures of both sides at random points; sums with a symbolic range are written out for 2 and 3 terms."""
    smallest = None
    for k in range(POINTS):
        left, right = explicit_sums(lhs, 2 + k % 2), explicit_sums(rhs, 2 + k % 2)
        point = samples.point([*free_atoms(left), *free_atoms(right)], given, k)
        difference = balls.enclose(left - right, point, BITS)
        if not difference.is_finite():
            continue
        if not difference.contains(0):
            return refuted("balls at a rational point", f"the sides differ by {difference.str(5)}", _named(point))
        with balls.working(BITS):
            size = abs(balls.enclose(left, point, BITS))
            accuracy = int(BITS / balls.DIGITS_TO_BITS) if difference.is_zero() else _digits(difference, size)
        smallest = accuracy if smallest is None else min(smallest, accuracy)
    if smallest is None:
        return undecided("balls at random points", "no finite enclosure")
    if smallest < DIGITS:
        return undecided("balls at random points", f"only {smallest} digits agree")
    return consistent(f"balls at {POINTS} random points", f"{smallest} digits agree")


def _digits(difference: Any, size: Any) -> int:
    """Decimal digits to which a difference vanishes relative to max(size, 1)."""
    bound = abs(difference).abs_upper()
    scale = max(float(size.mid()), 1.0) if size.is_finite() else 1.0
    return int(-float((bound / scale).log().mid()) / 2.302585092994046) if not bound.is_zero() else DIGITS


def explicit_sums(expr: Any, terms: int) -> Any:
    """Sums over i = 1..r with a symbolic r, written out for r = terms."""
    expr = sp.S(expr)
    ranges = {s for total in expr.atoms(sp.Sum) for s in total.limits[0][2].free_symbols}
    if not ranges:
        return expr
    return expr.xreplace({s: sp.Integer(terms) for s in ranges}).doit()


def _named(point: Mapping[Any, Any]) -> list[tuple[str, str]]:
    return [(str(atom), str(value)) for atom, value in point.items()]

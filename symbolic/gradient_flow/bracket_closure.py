"""A one-sided Monte-Carlo test that the Lie algebra has been exhausted.

Y_1 .. Y_k: iterated brackets, independent at a random point mod p. If every [F_j, Y_i] lies in their span there, the
span over the rational functions is closed under the F_j unless a non-zero minor vanished by accident: probability at
most degree / p per bracket (Schwartz-Zippel). Then N = D - k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .exact_fields import ExactFields, used
from .modular import rank

MAX_BRACKETS = 400
MAX_TERMS = 4_000


@dataclass(frozen=True)
class Closure:
    """dimension of the closed span, brackets tested, and a bound of the error probability."""

    dimension: int
    brackets: int
    error: float


def bracket_closure(exact: ExactFields, point: tuple[int, ...], prime: int) -> Closure | None:
    """Close the fields under brackets at the point, or None when too many or too long polynomials come up."""
    selected: list[dict] = []
    table = np.zeros((0, exact.size), dtype=np.int64)
    degree, tested = 0, 0
    queue = list(exact.fields)
    done = 0
    while True:
        for field in queue:
            row = _value(exact, field, point, prime)
            if rank(np.vstack([table, row]), prime) > len(table):
                table = np.vstack([table, row])
                selected.append(field)
                degree += max(int(p.total_degree()) for p in field.values())
        if done == len(selected):
            break
        queue = []
        for generator in exact.fields:
            bracket = _bracket(exact, generator, selected[done])
            tested += 1
            if tested > MAX_BRACKETS or sum(len(p) for p in bracket.values()) > MAX_TERMS:
                return None
            if bracket:
                queue.append(bracket)
        done += 1
    # A minor has one column more than the span: all selected degrees and that of one bracket.
    worst = 3 * degree + 3
    return Closure(len(selected), tested, tested * worst / prime)


def _bracket(exact: ExactFields, left: dict, right: dict) -> dict:
    """[X, Y]_a = X(Y_a) - Y(X_a)."""
    found = {}
    for a in sorted({*left, *right}):
        value = exact.constant(0)
        for field, other, sign in ((left, right, 1), (right, left, -1)):
            if a in other:
                for b in used(other[a]):
                    if b in field:
                        value += sign * field[b] * other[a].derivative(b)
        if value != 0:
            found[a] = value
    return found


def _value(exact: ExactFields, field: dict, point: tuple[int, ...], prime: int) -> np.ndarray:
    row = np.zeros((1, exact.size), dtype=np.int64)
    for a, polynomial in field.items():
        total = 0
        for powers, c in polynomial.to_dict().items():
            term = int(c)
            for b, power in enumerate(powers):
                if power:
                    term = term * pow(point[b], power, prime) % prime
            total += term
        row[0, a] = total % prime
    return row

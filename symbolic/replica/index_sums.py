"""sum over replica indices a_1, ..., a_k = 1..n of a term that only sees which indices coincide: a polynomial in n."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from ..errors import BadInput

# Bell numbers grow factorially: 9 indices mean 21147 patterns.
LARGEST = 9


def patterns(count: int) -> Iterator[tuple[int, ...]]:
    """Which indices coincide, as restricted growth strings: (0, 0, 1) says a_1 = a_2 != a_3.

    >>> list(patterns(2))
    [(0, 0), (0, 1)]
    """
    if not 1 <= count <= LARGEST:
        raise BadInput(f"{count} replica indices: sums are written out for 1 to {LARGEST}")

    def extend(prefix: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(prefix) == count:
            yield prefix
            return
        for label in range(max(prefix, default=-1) + 2):
            yield from extend((*prefix, label))

    yield from extend(())


def replica_sum(term: Callable[[tuple[int, ...]], Any], count: int, n: Any) -> Any:
    """sum_{a_1..a_k = 1}^n term(pattern) = sum over patterns of n (n - 1) ... (n - blocks + 1) term(pattern).

    Exact for every integer n >= 0, and a polynomial of degree at most k in n.

    >>> n, d, q = sp.symbols("n d q")
    >>> replica_sum(lambda p: d if p[0] == p[1] else q, 2, n)
    d*n + n*q*(n - 1)
    """
    total = sp.Integer(0)
    for pattern in patterns(count):
        blocks = max(pattern) + 1
        total += sp.Mul(*(n - j for j in range(blocks))) * term(pattern)
    return total

"""Sectors of an S_n-invariant quadratic form on pairs (a, b) and single replicas a, with a symbolic n.

Entries: pair-pair P (same), Q (one replica in common), R (none); single-single A (same), B (different);
pair-single C (inside the pair), D (outside). The sectors are derived: the explicit form acts on one vector per sector
for n = 4, 5, 6, each coefficient is a polynomial of degree at most 2 in n, and n = 7, 8 must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import sympy as sp

from ..errors import QuenchedError

LETTERS = ("P", "Q", "R", "A", "B", "C", "D")
_FIT, _TEST = (4, 5, 6), (7, 8)
Basis = list[Any]


@dataclass(frozen=True)
class PairHessian:
    """The seven entries of the form; those about singles may be left out."""

    P: Any
    Q: Any
    R: Any
    A: Any = sp.S.Zero
    B: Any = sp.S.Zero
    C: Any = sp.S.Zero
    D: Any = sp.S.Zero

    def replicon(self) -> Any:
        """P - 2 Q + R, multiplicity n (n - 3)/2: the sector that decides the stability of replica symmetry."""
        return self._filled("replicon", sp.Symbol("n"))[0, 0]

    def anomalous(self, n: Any) -> sp.ImmutableMatrix:
        """The block on (f_a + f_b, f_a) with sum f = 0, multiplicity n - 1."""
        return self._filled("anomalous", n)

    def longitudinal(self, n: Any) -> sp.ImmutableMatrix:
        """The block on uniform pairs and uniform singles, multiplicity 1."""
        return self._filled("longitudinal", n)

    def _filled(self, sector: str, n: Any) -> sp.ImmutableMatrix:
        blocks = sector_coefficients(sector)
        total = sp.zeros(*blocks[0].shape)
        for letter, block in zip(LETTERS, blocks):
            total += getattr(self, letter) * block
        return sp.ImmutableMatrix(total.xreplace({_N: sp.S(n)}).applyfunc(sp.expand))


_N = sp.Dummy("n")


@lru_cache(maxsize=3)
def sector_coefficients(sector: str) -> tuple[sp.ImmutableMatrix, ...]:
    """Per letter, the block of the sector as a matrix of polynomials in n."""
    samples = {n: _blocks(sector, n) for n in (*_FIT, *_TEST)}
    fitted = []
    for k in range(len(LETTERS)):
        shape = samples[_FIT[0]][k].shape
        block = sp.Matrix(*shape, lambda i, j, k=k: _polynomial([(n, samples[n][k][i, j]) for n in _FIT]))
        for n in _TEST:
            if block.subs(_N, n) != samples[n][k]:
                raise QuenchedError(f"the {sector} sector is not a quadratic polynomial in n")
        fitted.append(sp.ImmutableMatrix(block))
    return tuple(fitted)


def _polynomial(points: list[tuple[int, Any]]) -> Any:
    return sp.expand(sp.interpolate(points, _N))


def _blocks(sector: str, n: int) -> list[sp.Matrix]:
    """Per letter, the action on the sector's vectors at an integer n, read off in their own basis."""
    pairs, singles = list(combinations(range(n), 2)), list(range(n))
    basis = _basis(sector, pairs, singles)
    return [_restricted(letter, basis, pairs, singles) for letter in LETTERS]


def _basis(sector: str, pairs: Basis, singles: Basis) -> list[tuple[dict[Any, int], dict[Any, int]]]:
    """One vector per row of the block, as (values on pairs, values on singles)."""
    if sector == "longitudinal":
        return [(dict.fromkeys(pairs, 1), {}), ({}, dict.fromkeys(singles, 1))]
    if sector == "replicon":
        # Supported on the square 0-1-2-3 with alternating signs: every replica sees the sum zero.
        return [({(0, 1): 1, (1, 2): -1, (2, 3): 1, (0, 3): -1}, {})]
    f = {0: 1, 1: -1}
    return [({(a, b): f.get(a, 0) + f.get(b, 0) for a, b in pairs}, {}), ({}, f)]


def _restricted(letter: str, basis: Any, pairs: Basis, singles: Basis) -> sp.Matrix:
    block = sp.zeros(len(basis), len(basis))
    for j, (on_pairs, on_singles) in enumerate(basis):
        image = {row: _applied(letter, row, on_pairs, on_singles) for row in [*pairs, *singles]}
        for i, (row_pairs, row_singles) in enumerate(basis):
            place = next(x for x, value in [*row_pairs.items(), *row_singles.items()] if value)
            size = row_pairs.get(place, 0) or row_singles.get(place, 0)
            block[i, j] = sp.Rational(image[place], size)
        # The image must be the combination of basis vectors that was read off: the sector is invariant.
        for row, value in image.items():
            told = sum(block[i, j] * (p.get(row, 0) + s.get(row, 0)) for i, (p, s) in enumerate(basis))
            if told != value:
                raise QuenchedError(f"the vectors of this sector are not mapped into themselves by {letter}")
    return block


def _applied(letter: str, row: Any, on_pairs: dict[Any, int], on_singles: dict[Any, int]) -> int:
    total = sum(value for column, value in on_pairs.items() if _entry(row, column) == letter)
    return total + sum(value for column, value in on_singles.items() if _entry(row, column) == letter)


def _entry(row: Any, column: Any) -> str:
    """The letter at one place of the form."""
    if isinstance(row, tuple) and isinstance(column, tuple):
        return "RQP"[len(set(row) & set(column))]
    if isinstance(row, int) and isinstance(column, int):
        return "A" if row == column else "B"
    pair, single = (row, column) if isinstance(row, tuple) else (column, row)
    return "C" if single in pair else "D"

"""[[T, c 1^T], [1 c'^T, (D - O) (x) I_n + O (x) 1 1^T]]: matrices that permuting the n replicas leaves unchanged.

Such a matrix acts on two spaces only: the trivial one (frozen rows and the uniform vector over replicas) and the
standard one (vectors over replicas that sum to zero, dimension n - 1). Every operation is done on these two blocks, so
the number of replicas stays a symbol and no n x n matrix is ever written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from ..errors import BadInput
from ..exact import canonical


@dataclass(frozen=True)
class ReplicaMatrix:
    """An S_n-invariant matrix with t frozen rows and K components per replica, everything exact.

    n: number of replicas, an integer or a symbol; frozen: t x t; cross: t x K (frozen row, replica); back: K x t;
    diagonal, off: K x K, for equal and for different replicas.
    """

    n: Any
    frozen: sp.ImmutableMatrix
    cross: sp.ImmutableMatrix
    back: sp.ImmutableMatrix
    diagonal: sp.ImmutableMatrix
    off: sp.ImmutableMatrix

    def __post_init__(self) -> None:
        t, k = self.frozen.rows, self.diagonal.rows
        shapes = [(self.frozen, (t, t)), (self.cross, (t, k)), (self.back, (k, t))]
        for matrix, shape in [*shapes, (self.diagonal, (k, k)), (self.off, (k, k))]:
            if matrix.shape != shape:
                raise BadInput(f"a block has shape {matrix.shape}, needed {shape}")
            if matrix.has(sp.Float):
                raise BadInput("floats have no place in a replica matrix: write integers or Rational")

    @cached_property
    def trivial(self) -> sp.ImmutableMatrix:
        """The action on (frozen rows, uniform vector): [[T, n C], [C', D + (n - 1) O]], multiplicity 1."""
        uniform = self.diagonal + (self.n - 1) * self.off
        top = sp.Matrix.hstack(self.frozen, self.n * self.cross)
        return sp.ImmutableMatrix(sp.Matrix.vstack(top, sp.Matrix.hstack(self.back, uniform)))

    @cached_property
    def standard(self) -> sp.ImmutableMatrix:
        """The action on replica vectors that sum to zero: D - O, multiplicity n - 1."""
        return self.diagonal - self.off

    def blocks(self) -> tuple[tuple[sp.ImmutableMatrix, Any], ...]:
        """((block, multiplicity), ...): what determinants and spectra are made of."""
        return (self.trivial, sp.Integer(1)), (self.standard, self.n - 1)

    def from_blocks(self, trivial: Any, standard: Any) -> ReplicaMatrix:
        """The inverse transform: the invariant matrix of this shape whose two blocks are given."""
        t, n = self.frozen.rows, self.n
        uniform = trivial[t:, t:]
        off = (uniform - standard) / n
        parts = (trivial[:t, :t], trivial[:t, t:] / n, trivial[t:, :t], standard + off, off)
        return ReplicaMatrix(n, *(sp.ImmutableMatrix(part.applyfunc(canonical)) for part in parts))

    def det(self) -> Any:
        """det M = det(trivial) det(D - O)^(n - 1)."""
        return sp.Mul(*(canonical(block.det(method="berkowitz")) ** power for block, power in self.blocks()))

    def log_det(self) -> Any:
        """log det M = log det(trivial) + (n - 1) log det(D - O), for positive blocks."""
        return sp.Add(*(power * sp.log(canonical(b.det(method="berkowitz"))) for b, power in self.blocks()))

    def inverse(self) -> ReplicaMatrix:
        """M^-1, again S_n-invariant."""
        return self.from_blocks(_inverse(self.trivial), _inverse(self.standard))

    def trace(self) -> Any:
        """tr M = tr T + n tr D."""
        return self.frozen.trace() + self.n * self.diagonal.trace()

    def __matmul__(self, other: ReplicaMatrix) -> ReplicaMatrix:
        if other.n != self.n:
            raise BadInput(f"{self.n} and {other.n} replicas cannot be multiplied")
        return self.from_blocks(self.trivial * other.trivial, self.standard * other.standard)

    def __add__(self, other: ReplicaMatrix) -> ReplicaMatrix:
        mine, theirs = self._parts(), other._parts()
        return ReplicaMatrix(self.n, *(sp.ImmutableMatrix(a + b) for a, b in zip(mine, theirs, strict=True)))

    def scaled(self, factor: Any) -> ReplicaMatrix:
        """factor * M."""
        return ReplicaMatrix(self.n, *(sp.ImmutableMatrix(factor * part) for part in self._parts()))

    def _parts(self) -> tuple[sp.ImmutableMatrix, ...]:
        return self.frozen, self.cross, self.back, self.diagonal, self.off

    def replicas(self) -> ReplicaMatrix:
        """The matrix without its frozen rows."""
        k = self.diagonal.rows
        none = sp.ImmutableMatrix(0, 0, []), sp.ImmutableMatrix(0, k, []), sp.ImmutableMatrix(k, 0, [])
        return ReplicaMatrix(self.n, *none, self.diagonal, self.off)

    def explicit(self, n: int) -> sp.Matrix:
        """The full matrix at an integer number of replicas: frozen rows first, then replica after replica."""
        t, k = self.frozen.rows, self.diagonal.rows
        full = sp.zeros(t + n * k, t + n * k)
        full[:t, :t] = self.frozen
        for a in range(n):
            rows = slice(t + a * k, t + (a + 1) * k)
            full[:t, rows], full[rows, :t] = self.cross, self.back
            for b in range(n):
                full[rows, t + b * k : t + (b + 1) * k] = self.diagonal if a == b else self.off
        return full.subs(self.n, n) if isinstance(self.n, sp.Symbol) else full


def replica_matrix(
    n: Any, diagonal: Any, off: Any, frozen: Sequence[Sequence[Any]] = (), cross: Sequence[Sequence[Any]] = ()
) -> ReplicaMatrix:
    """The symmetric case: scalars or K x K lists for the replicas, optional frozen rows and their overlaps.

    >>> n, d, o = sp.symbols("n d o")
    >>> replica_matrix(n, d, o).det()
    (d - o)**(n - 1)*(d + n*o - o)
    """
    inner, outer = _square(diagonal), _square(off)
    fixed = sp.ImmutableMatrix([[sp.S(x) for x in row] for row in frozen]) if frozen else sp.ImmutableMatrix(0, 0, [])
    shape = (fixed.rows, inner.rows)
    side = sp.ImmutableMatrix(*shape, [sp.S(x) for row in cross for x in row])
    return ReplicaMatrix(sp.S(n), fixed, side, sp.ImmutableMatrix(side.T), inner, outer)


def identity_like(matrix: ReplicaMatrix) -> ReplicaMatrix:
    """The identity with the same frozen rows and components."""
    t, k = matrix.frozen.rows, matrix.diagonal.rows
    blocks = sp.eye(t), sp.zeros(t, k), sp.zeros(k, t), sp.eye(k), sp.zeros(k, k)
    return ReplicaMatrix(matrix.n, *(sp.ImmutableMatrix(block) for block in blocks))


def _square(entries: Any) -> sp.ImmutableMatrix:
    if isinstance(entries, sp.MatrixBase | list | tuple):
        return sp.ImmutableMatrix(entries)
    return sp.ImmutableMatrix([[sp.S(entries)]])


def _inverse(block: sp.ImmutableMatrix) -> sp.ImmutableMatrix:
    """Adjugate over determinant: blocks have a few rows, and fractions stay reduced."""
    if block.rows == 0:
        return block
    det = canonical(block.det(method="berkowitz"))
    if det == 0:
        raise BadInput("the replica matrix is singular")
    return sp.ImmutableMatrix(block.adjugate(method="berkowitz").applyfunc(lambda x: canonical(x / det)))

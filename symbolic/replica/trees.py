"""Q_ab = q_i when a and b part at level i of a tree: the k-step ansatz of replica symmetry breaking.

Block sizes n = m_0 > m_1 > ... > m_k > m_{k+1} = 1; Q_ab = q_i for replicas in the same block of size m_i but in
different blocks of size m_{i+1}; the diagonal is q_{k+1}. Eigenvalue i is sum_{j >= i} m_j (q_j - q_{j-1}) with
multiplicity n/m_i - n/m_{i-1} (1 for i = 0, where q_{-1} = 0).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import BadInput
from ..exact import canonical


@dataclass(frozen=True)
class TreeMatrix:
    """A k-step matrix: n replicas, inner block sizes (m_1, ..., m_k), off-diagonal (q_0, ..., q_k), the diagonal.

    >>> n, q, d = sp.symbols("n q d"); TreeMatrix(n, (), (q,), d).eigenvalues()
    ((d + n*q - q, 1), (d - q, n - 1))
    """

    n: Any
    sizes: tuple[Any, ...]
    off: tuple[Any, ...]
    diagonal: Any

    def __post_init__(self) -> None:
        if len(self.off) != len(self.sizes) + 1:
            raise BadInput(f"{len(self.sizes)} block sizes need {len(self.sizes) + 1} off-diagonal values")

    @property
    def levels(self) -> tuple[Any, ...]:
        """(m_0, ..., m_{k+1}): all block sizes from n down to 1."""
        return (sp.S(self.n), *map(sp.S, self.sizes), sp.Integer(1))

    @property
    def values(self) -> tuple[Any, ...]:
        """(q_0, ..., q_k, diagonal)."""
        return (*map(sp.S, self.off), sp.S(self.diagonal))

    def eigenvalues(self) -> tuple[tuple[Any, Any], ...]:
        """((eigenvalue, multiplicity), ...) from the uniform vector inwards."""
        m, q = self.levels, (sp.Integer(0), *self.values)
        found = []
        for i in range(len(m)):
            value = sp.Add(*(m[j] * (q[j + 1] - q[j]) for j in range(i, len(m))))
            count = sp.Integer(1) if i == 0 else self.n / m[i] - self.n / m[i - 1]
            found.append((sp.expand(value), count))
        return tuple(found)

    def from_eigenvalues(self, values: Sequence[Any]) -> TreeMatrix:
        """The matrix on the same tree with these eigenvalues: q_j - q_{j-1} = (x_j - x_{j+1})/m_j."""
        m, padded, q, total = self.levels, [*values, sp.Integer(0)], [], sp.Integer(0)
        for j in range(len(m)):
            total = canonical(total + (padded[j] - padded[j + 1]) / m[j])
            q.append(total)
        return TreeMatrix(self.n, self.sizes, tuple(q[:-1]), q[-1])

    def mapped(self, function: Callable[[Any], Any]) -> TreeMatrix:
        """f(Q) for a function applied to the eigenvalues: inverse, square, ..."""
        return self.from_eigenvalues([function(value) for value, _ in self.eigenvalues()])

    def inverse(self) -> TreeMatrix:
        return self.mapped(lambda x: 1 / x)

    def log_det(self) -> Any:
        """log det Q = sum_i multiplicity_i log(eigenvalue_i)."""
        return sp.Add(*(count * sp.log(value) for value, count in self.eigenvalues()))

    def pair_sum(self, function: Callable[[Any], Any]) -> Any:
        """sum_{a != b} f(Q_ab) = n sum_i (m_i - m_{i+1}) f(q_i), exact in n."""
        m = self.levels
        return self.n * sp.Add(*((m[i] - m[i + 1]) * function(q) for i, q in enumerate(self.values[:-1])))

    def full_sum(self, function: Callable[[Any], Any]) -> Any:
        """sum_{a, b} f(Q_ab), the diagonal included."""
        return self.pair_sum(function) + self.n * function(self.values[-1])

    def explicit(self, n: int, sizes: Sequence[int] = ()) -> sp.Matrix:
        """The n x n matrix at integer block sizes, each dividing the one above."""
        m = (n, *sizes, 1)
        if len(m) != len(self.levels) or any(a % b for a, b in itertools.pairwise(m)):
            raise BadInput(f"block sizes {m} do not form a tree with {len(self.levels)} levels")

        def entry(a: int, b: int) -> Any:
            together = max(i for i in range(len(m)) if a // m[i] == b // m[i])
            return self.values[together]

        symbols = [s for s in self.levels if isinstance(s, sp.Symbol)]
        table = dict(zip(symbols, [k for s, k in zip(self.levels, m) if isinstance(s, sp.Symbol)]))
        return sp.Matrix(n, n, entry).subs(table)

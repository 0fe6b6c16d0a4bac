"""Sparse polynomials with exact rational coefficients, as small as the builders of networks need them.

A monomial is a sorted tuple of variable numbers, repeated by multiplicity: x0^2 x3 is (0, 0, 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..errors import BadInput

Monomial = tuple[int, ...]
MAX_PRODUCTS = 100_000


class Polynomial:
    """sum_m c_m x^m with c_m in Q; immutable by convention, zero coefficients never stored.

    >>> x, y = Polynomial.variable(0), Polynomial.variable(1)
    >>> ((x + y) * (x - y)).terms
    {(0, 0): Fraction(1, 1), (1, 1): Fraction(-1, 1)}
    """

    __slots__ = ("terms",)

    def __init__(self, terms: dict[Monomial, Fraction] | None = None):
        self.terms: dict[Monomial, Fraction] = {m: c for m, c in (terms or {}).items() if c}

    @classmethod
    def variable(cls, number: int) -> Polynomial:
        return cls({(number,): Fraction(1)})

    @classmethod
    def constant(cls, value: int | Fraction) -> Polynomial:
        return cls({(): Fraction(value)})

    def __add__(self, other: Polynomial) -> Polynomial:
        return total((self, other))

    def __neg__(self) -> Polynomial:
        return Polynomial({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return total((self, -other))

    def __mul__(self, other: Polynomial | int | Fraction) -> Polynomial:
        if isinstance(other, (int, Fraction)):
            return Polynomial({m: c * other for m, c in self.terms.items()})
        _affordable(len(self.terms) * len(other.terms))
        found: dict[Monomial, Fraction] = {}
        for m, c in self.terms.items():
            for n, e in other.terms.items():
                key = tuple(sorted(m + n))
                found[key] = found.get(key, Fraction(0)) + c * e
        return Polynomial(found)

    def __pow__(self, exponent: int) -> Polynomial:
        result = Polynomial.constant(1)
        for _ in range(exponent):
            result = result * self
        return result

    @property
    def degree(self) -> int:
        return max((len(m) for m in self.terms), default=0)


def _affordable(products: int) -> None:
    if products > MAX_PRODUCTS:
        raise BadInput(f"expanding phi needs {products} products at once, more than {MAX_PRODUCTS}; use smaller sizes")


def total(summands: Iterable[Polynomial]) -> Polynomial:
    """The sum of many polynomials, in one pass."""
    found: dict[Monomial, Fraction] = {}
    for summand in summands:
        for m, c in summand.terms.items():
            found[m] = found.get(m, Fraction(0)) + c
    return Polynomial(found)


class Matrix:
    """A matrix of polynomials with the three operations networks are made of: product, sum, transpose.

    Raises BadInput when shapes do not fit.
    """

    __slots__ = ("rows",)

    def __init__(self, rows: list[list[Polynomial]]):
        if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise BadInput("a matrix needs rows of one common length, at least 1 by 1")
        self.rows = rows

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    def __matmul__(self, other: Matrix) -> Matrix:
        if self.shape[1] != other.shape[0]:
            raise BadInput(f"a {_times(self.shape)} matrix cannot multiply a {_times(other.shape)} matrix")
        columns = list(zip(*other.rows))
        left = [sum(len(row[k].terms) for row in self.rows) for k in range(len(columns[0]))]
        right = [sum(len(entry.terms) for entry in row) for row in other.rows]
        _affordable(sum(a * b for a, b in zip(left, right)))
        return Matrix([[total(a * b for a, b in zip(row, column)) for column in columns] for row in self.rows])

    def __add__(self, other: Matrix) -> Matrix:
        if self.shape != other.shape:
            raise BadInput(f"a {_times(self.shape)} and a {_times(other.shape)} matrix cannot be added")
        return Matrix([[a + b for a, b in zip(r, s)] for r, s in zip(self.rows, other.rows)])

    @property
    def T(self) -> Matrix:
        return Matrix([list(column) for column in zip(*self.rows)])

    def map(self, function) -> Matrix:
        """Apply `function(entry, row, column)` to every entry."""
        return Matrix([[function(e, i, j) for j, e in enumerate(row)] for i, row in enumerate(self.rows)])

    def entries(self) -> list[Polynomial]:
        return [entry for row in self.rows for entry in row]


def _times(shape: tuple[int, int]) -> str:
    return f"{shape[0]} x {shape[1]}"


def identity(size: int) -> Matrix:
    return Matrix([[Polynomial.constant(int(i == j)) for j in range(size)] for i in range(size)])

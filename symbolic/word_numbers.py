"""Numbers for matrix words: exact rational matrices for letters, random ones for checks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from .errors import BadInput
from .quantity import Samples, free_atoms


class Explicit:
    """Exact rational matrices for letters and rationals for scalars; `sizes` gives every dimension a number."""

    def __init__(self, sizes: Mapping[Any, int], values: Mapping[Any, Any]):
        self.sizes = {d: sp.Integer(n) for d, n in sizes.items()}
        self.values = dict(values)

    def scalar(self, expr: Any) -> fmpq:
        if isinstance(expr, sp.Trace):
            m = self.matrix(expr.arg)
            return sum((m[k, k] for k in range(m.nrows())), fmpq(0))
        if isinstance(expr, sp.Add | sp.Mul) and expr.has(sp.Trace):
            parts = [self.scalar(arg) for arg in expr.args]
            total = parts[0]
            for part in parts[1:]:
                total = total + part if expr.is_Add else total * part
            return total
        known = {atom: value for atom, value in self.values.items() if not isinstance(atom, sp.MatrixSymbol)}
        number = sp.S(expr).xreplace({**self.sizes, **{a: sp.Rational(int(v.p), int(v.q)) for a, v in known.items()}})
        if not number.is_Rational:
            raise BadInput(f"{sp.sstr(expr)[:120]} has no rational value: give {free_atoms(number)} one")
        return fmpq(int(number.p), int(number.q))

    def size(self, dimension: Any) -> int:
        return int(sp.S(dimension).xreplace(self.sizes))

    def matrix(self, expr: Any) -> fmpq_mat:
        if expr in self.values:
            return self.values[expr]
        if isinstance(expr, sp.Identity):
            n = self.size(expr.shape[0])
            return fmpq_mat(n, n, [int(i == k) for i in range(n) for k in range(n)])
        if isinstance(expr, sp.ZeroMatrix):
            return fmpq_mat(*map(self.size, expr.shape))
        if isinstance(expr, sp.MatAdd):
            total = self.matrix(expr.args[0])
            for arg in expr.args[1:]:
                total = total + self.matrix(arg)
            return total
        if isinstance(expr, sp.MatMul):
            scalar, factors = fmpq(1), []
            for arg in expr.args:
                if getattr(arg, "is_Matrix", False):
                    factors.append(self.matrix(arg))
                else:
                    scalar *= self.scalar(arg)
            total = factors[0]
            for factor in factors[1:]:
                total = total * factor
            return total * scalar
        if isinstance(expr, sp.Transpose):
            return self.matrix(expr.arg).transpose()
        if isinstance(expr, sp.Inverse):
            return self.matrix(expr.arg).inv()
        if isinstance(expr, sp.MatPow):
            return self.matrix(expr.base) ** int(expr.exp)
        if isinstance(expr, sp.BlockMatrix):
            return self._blocks(expr)
        raise BadInput(f"no matrix for {sp.sstr(expr)[:120]}")

    def _blocks(self, expr: Any) -> fmpq_mat:
        rows, columns = expr.blockshape
        table: list[list[Any]] = []
        for i in range(rows):
            parts = [self.matrix(expr.blocks[i, k]) for k in range(columns)]
            table += [[x for part in parts for x in part.tolist()[r]] for r in range(parts[0].nrows())]
        return fmpq_mat(len(table), len(table[0]), [x for row in table for x in row])


def drawn(samples: Samples, name: str, rows: int, columns: int, index: int, symmetric: bool = False) -> fmpq_mat:
    """A random rational matrix that depends on the name of the check alone."""
    rng = random.Random(f"{samples.seed}/{name}/{index}")
    entries = [[fmpq(rng.randint(-9, 9) or 4, rng.choice((2, 3, 5, 7))) for _ in range(columns)] for _ in range(rows)]
    if symmetric:
        entries = [[entries[min(i, k)][max(i, k)] for k in range(columns)] for i in range(rows)]
    return fmpq_mat(rows, columns, [x for row in entries for x in row])


def rationals(samples: Samples, name: str, count: int, index: int) -> list[sp.Rational]:
    """Random rationals, not 0, that depend on the name of the check alone."""
    entries = drawn(samples, name, 1, count, index).entries()
    return [sp.Rational(int(x.p), int(x.q)) for x in entries]


def flint_value(value: Any) -> Any:
    """A rational, or a matrix of rationals, of SymPy as one of FLINT."""
    if isinstance(value, sp.MatrixBase):
        rows, columns = value.shape
        return fmpq_mat(rows, columns, [fmpq(int(x.p), int(x.q)) for x in value.flat()])
    number = sp.Rational(value)
    return fmpq(int(number.p), int(number.q))

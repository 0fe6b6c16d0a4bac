"""Typed terms of an n-replica action: pair sums, log determinants, and logarithms of single-site traces.

Each term can be written out at an integer n by enumeration; that is the reading every symbolic rule is judged against.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import sympy as sp

from ..errors import BadInput
from .log_channel import LogChannel


class PairSum(sp.Expr):
    """sum over ordered pairs a != b of replicas, a, b = 1..n, of a term with the two indices.

    >>> a, b, n = sp.symbols("a b n", integer=True); Q = sp.IndexedBase("Q")
    >>> PairSum(Q[a, b], (a, b), n).written_out(2)
    Q[1, 2] + Q[2, 1]
    """

    is_commutative = True

    def __new__(cls, term: Any, indices: Any, n: Any) -> Any:
        term = sp.S(term)
        return sp.S.Zero if term == 0 else sp.Expr.__new__(cls, term, sp.Tuple(*indices), sp.S(n))

    @property
    def free_symbols(self) -> set[Any]:
        return (self.args[0].free_symbols - set(self.args[1].args)) | self.args[2].free_symbols

    def written_out(self, n: int) -> Any:
        a, b = self.args[1].args
        places = range(1, n + 1)
        pairs = [(i, j) for i in places for j in places if i != j]
        term: Any = self.args[0]
        return sp.Add(*(term.xreplace({a: sp.Integer(i), b: sp.Integer(j)}) for i, j in pairs))

    def _eval_is_extended_real(self) -> Any:
        return self.args[0].is_extended_real

    def _latex(self, printer: Any, exp: Any = None) -> str:
        a, b = self.args[1].args
        text = rf"\sum_{{{printer._print(a)} \neq {printer._print(b)}}} {printer.parenthesize(self.args[0], 40)}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"PairSum({printer._print(self.args[0])})"


class LogTrace(sp.Expr):
    """log of the sum over n Ising spins s_a = +-1 of exp(X), X an expression in the entries of the spin list.

    >>> a, n = sp.symbols("a n", integer=True); s, h = sp.IndexedBase("s"), sp.Symbol("h")
    >>> LogTrace(h * sp.Sum(s[a], (a, 1, n)), s, n).written_out(1)
    log(exp(h) + exp(-h))
    """

    is_commutative = True

    def __new__(cls, exponent: Any, spins: Any, n: Any) -> Any:
        # Rebuilt from its own arguments the term receives its spins wrapped already.
        wrapped = spins if isinstance(spins, sp.Tuple) else sp.Tuple(spins)
        return sp.Expr.__new__(cls, _reflection_chosen(sp.S(exponent), wrapped.args[0]), wrapped, sp.S(n))

    @property
    def exponent(self) -> Any:
        return self.args[0]

    @property
    def spins(self) -> Any:
        return self.args[1].args[0]

    @property
    def free_symbols(self) -> set[Any]:
        return (self.exponent.free_symbols - self.spins.free_symbols) | self.args[2].free_symbols

    def configurations(self, n: int) -> list[tuple[dict[Any, Any], Any]]:
        """(spin values by entry, exponent) for all 2^n configurations."""
        exponent = written_out(self.exponent, n, self.args[2])
        found = []
        for values in product((1, -1), repeat=n):
            table = {self.spins[k + 1]: sp.Integer(v) for k, v in enumerate(values)}
            found.append((table, sp.expand(exponent.xreplace(table))))
        return found

    def written_out(self, n: int) -> Any:
        return sp.log(sp.Add(*(sp.exp(exponent) for _, exponent in self.configurations(n))))

    def _eval_is_extended_real(self) -> Any:
        return True

    def _latex(self, printer: Any, exp: Any = None) -> str:
        spins, exponent = printer._print(self.spins), printer._print(self.exponent)
        text = rf"\log \sum_{{\{{{spins}_a = \pm 1\}}}} \exp\left({exponent}\right)"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"log Tr exp({printer._print(self.exponent)})"


class LogDet(sp.Expr):
    """log det of the n x n matrix with the entries X_ab, written with replica indices and a Kronecker delta.

    >>> a, b, n = sp.symbols("a b n", integer=True); Q = sp.IndexedBase("Q")
    >>> LogDet(sp.KroneckerDelta(a, b) + Q[a, b], (a, b), n).written_out(1)
    log(Q[1, 1] + 1)
    """

    is_commutative = True

    def __new__(cls, entry: Any, indices: Any, n: Any) -> Any:
        return sp.Expr.__new__(cls, sp.S(entry), sp.Tuple(*indices), sp.S(n))

    @property
    def free_symbols(self) -> set[Any]:
        return (self.args[0].free_symbols - set(self.args[1].args)) | self.args[2].free_symbols

    def entry(self, i: int, j: int) -> Any:
        """X_ij at integer indices."""
        a, b = self.args[1].args
        # A delta of two symbols must be decided before one of them is renamed to the other.
        return self.args[0].xreplace({a: sp.Integer(i), b: sp.Integer(j)})

    def matrix(self, n: int) -> sp.Matrix:
        return sp.Matrix(n, n, lambda i, j: self.entry(i + 1, j + 1))

    def written_out(self, n: int) -> Any:
        return sp.log(self.matrix(n).det(method="berkowitz"))

    def _eval_is_extended_real(self) -> Any:
        return None

    def _latex(self, printer: Any, exp: Any = None) -> str:
        text = rf"\log\det\left({printer._print(self.args[0])}\right)"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"log det({printer._print(self.args[0])})"


class InverseForm(sp.Expr):
    """sum_{a,b} u_a (X^-1)_ab u_b for the n x n matrix with the entries X_ab and a vector u_a.

    >>> a, b, n = sp.symbols("a b n", integer=True); Q, u = sp.IndexedBase("Q"), sp.IndexedBase("u")
    >>> InverseForm(u[a], Q[a, b], (a, b), n).written_out(1)
    u[1]**2/Q[1, 1]
    """

    is_commutative = True

    def __new__(cls, vector: Any, entry: Any, indices: Any, n: Any) -> Any:
        # The form is even in the vector.
        vector = -sp.S(vector) if sp.S(vector).could_extract_minus_sign() else sp.S(vector)
        return sp.Expr.__new__(cls, vector, sp.S(entry), sp.Tuple(*indices), sp.S(n))

    @property
    def free_symbols(self) -> set[Any]:
        inside: set[Any] = self.args[0].free_symbols | self.args[1].free_symbols
        return (inside - set(self.args[2].args)) | self.args[3].free_symbols

    def vector(self, i: int) -> Any:
        """u_i at an integer index."""
        return self.args[0].xreplace({self.args[2].args[0]: sp.Integer(i)})

    def entry(self, i: int, j: int) -> Any:
        """X_ij at integer indices."""
        a, b = self.args[2].args
        return self.args[1].xreplace({a: sp.Integer(i), b: sp.Integer(j)})

    def written_out(self, n: int) -> Any:
        """-det [[X, u], [u^T, 0]]/det X."""
        inner = sp.Matrix(n, n, lambda i, j: self.entry(i + 1, j + 1))
        side = sp.Matrix(n, 1, lambda i, _: self.vector(i + 1))
        bordered = sp.Matrix.vstack(sp.Matrix.hstack(inner, side), sp.Matrix.hstack(side.T, sp.zeros(1, 1)))
        return -bordered.det(method="berkowitz") / inner.det(method="berkowitz")

    def _eval_is_extended_real(self) -> Any:
        return None

    def _latex(self, printer: Any, exp: Any = None) -> str:
        a, b = (printer._print(x) for x in self.args[2].args)
        at = {self.args[2].args[0]: self.args[2].args[1]}
        left, right = (printer._print(x) for x in (self.args[0], self.args[0].xreplace(at)))
        inverse = rf"\left({printer._print(self.args[1])}\right)^{{-1}}_{{{a}{b}}}"
        text = rf"\sum_{{{a},{b}}} {left} {inverse} {right}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} ({printer._print(self.args[1])})^-1 {printer._print(self.args[0])}"


def written_out(expr: Any, n: int, symbol: Any) -> Any:
    """The expression at an integer number of replicas: sums over replicas and traces are enumerated."""
    if n < 1:
        raise BadInput(f"{n} replicas cannot be enumerated")
    expr = sp.S(expr)
    table = {term: term.written_out(n) for term in sorted(expr.atoms(LogTrace), key=sp.default_sort_key)}
    expr = expr.xreplace(table)
    kinds = (PairSum, LogDet, InverseForm, LogChannel)
    table = {term: term.written_out(n) for term in sorted(expr.atoms(*kinds), key=sp.default_sort_key)}
    expr = expr.xreplace(table).xreplace({symbol: sp.Integer(n)})
    return expr.xreplace({total: total.doit() for total in sorted(expr.atoms(sp.Sum), key=sp.default_sort_key)})


def spin_base(expr: Any) -> list[Any]:
    """The names that are bound by traces in an expression: labels of spin lists."""
    return sorted((t.spins for t in expr.atoms(LogTrace)), key=sp.default_sort_key)


def _reflection_chosen(exponent: Any, spins: Any) -> Any:
    """The trace runs over s and -s alike: of the two exponents the one with fewer minus signs is kept.

    Formulas that differ by this reflection only are then equal as expressions.
    """
    entries = [e for e in exponent.atoms(sp.Indexed) if e.base == spins]
    forms = [_signs_in_front(e) for e in (exponent, exponent.xreplace({e: -e for e in entries}))]
    return min(forms, key=lambda e: (e.count(lambda x: x.is_Number and x.is_negative), sp.default_sort_key(e)))


def _signs_in_front(expr: Any) -> Any:
    """sum(-f) -> -sum(f)."""
    table = {}
    for total in sorted(expr.atoms(sp.Sum), key=sp.default_sort_key):
        sign, term = total.function.as_coeff_Mul()
        if sign.is_negative:
            table[total] = sign * sp.Sum(term, *total.limits)
    return expr.xreplace(table)

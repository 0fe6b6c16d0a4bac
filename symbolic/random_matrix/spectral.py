"""Spectral data: the law of the deterministic letters of one type, as a name (Average) or as atoms.

An atom is (weight, {letter: value}).  Scalars: a point of the joint spectrum of commuting matrices.  r x r matrices: an
irreducible block of the algebra the letters generate, with trace tr_r.  The user's own d x d matrices are one atom of
weight 1 and r = d.  Other weights give u^T . u; weight 0 gives a spike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import BadInput, UnknownName
from .field import exact
from .letters import Declarations


class Average(sp.Expr):
    """int f(s) dmu(s): the average of an integrand over the law of its spectral symbols.

    Average(f, (s,)).over([(w, {s: value})]) -> sum_a w_a f(value_a).  The symbols are bound.
    >>> s, a = sp.symbols("s a"); Average(s / (s + a), (s,)).over([(1, {s: 3})])
    """

    is_commutative = True

    def __new__(cls, integrand: Any, symbols: Any) -> Any:
        integrand = exact(integrand)
        symbols = sp.Tuple(*sorted(symbols, key=sp.default_sort_key))
        if not integrand.has(*symbols):
            return integrand
        return sp.Expr.__new__(cls, integrand, symbols)

    @property
    def integrand(self) -> sp.Expr:
        """f."""
        return self.args[0]  # type: ignore[return-value]

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        """The spectral symbols."""
        return list(self.args[1].args)  # type: ignore[arg-type]

    @property
    def free_symbols(self) -> set:
        """Those of f but the bound ones."""
        return self.integrand.free_symbols - set(self.bound_symbols)

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        return Average(sp.diff(self.integrand, symbol), self.bound_symbols)

    def _eval_subs(self, old: Any, new: Any) -> Any:
        return self if old in self.bound_symbols else None

    def over(self, atoms: Sequence[tuple[Any, Mapping[Any, Any]]]) -> sp.Expr:
        """The finite sum over (weight, {symbol: value})."""
        terms = []
        for weight, values in atoms:
            missing = [s for s in self.bound_symbols if s not in values]
            if missing:
                raise BadInput(f"the atom {values} gives no value for {missing}")
            terms.append(exact(weight) * self.integrand.subs([(s, exact(values[s])) for s in self.bound_symbols]))
        return sp.Add(*terms)

    def _latex(self, printer: Any) -> str:
        variables = ",".join(printer._print(s) for s in self.bound_symbols)
        return rf"\int {printer._print(self.integrand)}\, d\mu({variables})"

    def _sympystr(self, printer: Any) -> str:
        variables = ", ".join(printer._print(s) for s in self.bound_symbols)
        return f"E_[{variables}]({printer._print(self.integrand)})"


@dataclass(frozen=True)
class Atom:
    """weight, and for each deterministic letter name an r x r exact matrix (one r for all)."""

    weight: sp.Expr
    values: Mapping[str, sp.ImmutableMatrix]

    @property
    def size(self) -> int:
        """r."""
        return next(iter(self.values.values())).rows if self.values else 1


Law = Mapping[str, tuple[Atom, ...]]


def read_law(declarations: Declarations, data: Mapping[Any, Sequence[tuple[Any, Mapping[Any, Any]]]] | None) -> Law:
    """{dimension: [(weight, {S or its spectral symbol: value or matrix}), ...]} -> Law; weights of a type sum to 1.

    Raises BadInput when a letter of the type has no value, sizes differ inside an atom, or weights do not sum to 1.
    """
    law: dict[str, tuple[Atom, ...]] = {}
    known = {x.row_type for x in declarations.letters.values() if x.kind == "det"}
    for dimension, atoms in (data or {}).items():
        if str(dimension) not in known:
            raise UnknownName("dimension with deterministic letters", str(dimension), known)
        law[str(dimension)] = read_atoms(declarations, str(dimension), atoms)
        total = sp.cancel(sp.Add(*(atom.weight for atom in law[str(dimension)])))
        if total != 1:
            raise BadInput(f"the weights of dimension {dimension} sum to {total}, not 1")
    return law


def read_atoms(declarations: Declarations, t: str, atoms: Sequence[tuple[Any, Mapping[Any, Any]]]) -> tuple[Atom, ...]:
    """Atoms of one type; any weights (a bilinear form, or a spike of weight 0)."""
    found = []
    for weight, data in atoms:
        values = {}
        for symbol, letter in declarations.letters.items():
            if letter.kind == "det" and letter.row_type == t:
                values[letter.name] = _value(symbol, letter.value, data)
        if len({m.shape for m in values.values()}) > 1:
            raise BadInput(f"the atom {data} mixes matrix sizes")
        for matrix in values.values():
            if matrix != matrix.T:
                raise BadInput(f"the block {matrix} is not symmetric")
        found.append(Atom(exact(weight), values))
    return tuple(found)


def _value(symbol: sp.MatrixSymbol, form: Any, data: Mapping[Any, Any]) -> sp.ImmutableMatrix:
    if symbol in data:
        value = data[symbol]
        if not isinstance(value, sp.MatrixBase):
            value = sp.Matrix([[exact(value)]])
        exact(sp.Tuple(*value))
        return sp.ImmutableMatrix(value)
    missing = sorted(form.free_symbols - set(data), key=sp.default_sort_key)
    if missing:
        raise BadInput(f"the atom {data} gives a value neither for {symbol} nor for {missing}")
    point = [(s, exact(data[s])) for s in sorted(form.free_symbols, key=sp.default_sort_key)]
    return sp.ImmutableMatrix([[form.subs(point)]])

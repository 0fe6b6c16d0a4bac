"""The order of terms in a sum and of factors in a product, from the order of declaration.

Sums begin with constants and low degrees, as `1 + gamma` and `sigma^2 + b^2 (1 - rho)` are written; a polynomial of
degree two or more in a declared unknown or variable is written in falling powers of it. Products put numbers first,
then letters in the order of declaration, roots, brackets, functions, and sums or integrals last.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..symbolic.quantity import Notation, atom_name, free_atoms

_LAST = (sp.Sum, sp.Product, sp.Integral, sp.Limit, sp.Piecewise)
_UNDECLARED = 10_000


class Order:
    """Sort keys for one notation table."""

    def __init__(self, notation: Notation):
        self.rank = {quantity.name: index for index, quantity in enumerate(notation)}
        self.moving = [q.symbol for q in notation if q.role in ("unknown", "variable") and q.kind == "scalar"]

    def of_atom(self, atom: Any) -> tuple[Any, ...]:
        """Declared atoms in their order, list entries by index, undeclared ones after them by name."""
        name = atom_name(atom) if isinstance(atom, sp.Symbol | sp.Indexed | sp.MatrixSymbol) else str(atom)
        indices = tuple(sp.default_sort_key(i) for i in atom.indices) if isinstance(atom, sp.Indexed) else ()
        return self.rank.get(name, _UNDECLARED), name, indices

    def factor(self, factor: Any) -> tuple[Any, ...]:
        """The place of a factor in a product."""
        base, exponent = factor.as_base_exp() if not isinstance(factor, sp.exp) else (factor, sp.S.One)
        atom = isinstance(base, sp.Symbol | sp.Indexed)
        letters = [self.of_atom(base)] if atom else sorted(map(self.of_atom, free_atoms(base)))
        return (
            self._group(base, exponent, atom),
            0 if atom else len(letters),
            letters,
            sp.default_sort_key(base),
            sp.default_sort_key(exponent),
        )

    def _group(self, base: Any, exponent: Any, atom: bool) -> int:
        if base.is_number:
            return 0 if base.is_Rational and exponent.is_Integer else 1
        if atom:
            return 2 if exponent != sp.S.Half else 3
        if isinstance(base, sp.exp | AppliedUndef) and exponent != sp.S.Half:
            return 4
        if isinstance(base, sp.Add | sp.Mul | sp.Pow):
            return 6 if exponent == sp.S.Half else 5
        return 9 if isinstance(base, _LAST) else 7

    def terms(self, terms: list[Any]) -> list[Any]:
        """The terms of a sum in reading order; a positive one leads when there is one."""
        main = next((s for s in self.moving if max((degree_in(t, s) or 0 for t in terms), default=0) >= 2
                     and all(degree_in(t, s) is not None for t in terms)), None)  # fmt: skip

        def key(term: Any) -> tuple[Any, ...]:
            falling = -(degree_in(term, main) or 0) if main is not None else 0
            return falling, term.has(*_LAST), _degree(term), self._letters(term), sp.default_sort_key(term)

        ordered = sorted(terms, key=key)
        positive = next((t for t in ordered if not is_negative(t)), None)
        if positive is not None and is_negative(ordered[0]):
            ordered.remove(positive)
            ordered.insert(0, positive)
        return ordered

    def _letters(self, term: Any) -> list[Any]:
        atoms = {f.as_base_exp()[0] for f in sp.Mul.make_args(term)}
        return sorted(self.of_atom(a) for a in atoms if isinstance(a, sp.Symbol | sp.Indexed))


def is_negative(term: Any) -> bool:
    """Whether a term is printed with a minus sign."""
    return signed(term)[0]


def signed(term: Any) -> tuple[bool, Any]:
    """(is it printed with a minus sign, what follows the sign); brackets of negative terms only give up their sign."""
    if isinstance(term, sp.MatrixExpr):
        coefficient = term.as_coeff_mmul()[0]
        negative = bool(coefficient.could_extract_minus_sign())
        return negative, -term if negative else term
    if not term.is_commutative:
        negative = bool(term.as_coeff_Mul()[0].is_extended_negative)
        return negative, -term if negative else term
    negative = False
    factors = []
    for factor in sp.Mul.make_args(term):
        flip = _all_negative(factor)
        negative ^= flip
        factors.append(-factor if flip else factor)
    return negative, sp.Mul(*factors) if negative or (len(factors) > 1 and factors != list(term.args)) else term


def _all_negative(factor: Any) -> bool:
    if factor.is_number:
        return bool(factor.is_Rational and factor.is_negative)
    return factor.is_Add and all(t.as_coeff_Mul()[0].is_extended_negative for t in factor.args)


def degree_in(term: Any, symbol: Any) -> int | None:
    """The power of the symbol in a monomial term; None when it enters in another way."""
    degree = 0
    for factor in sp.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if base == symbol and exponent.is_Integer and exponent > 0:
            degree += int(exponent)
        elif factor.has(symbol):
            return None
    return degree


def _degree(term: Any) -> sp.Rational:
    """The degree of the numerator: every letter, bracket and function counts one."""
    total = sp.S.Zero
    for factor in sp.Mul.make_args(term):
        exponent = factor.as_base_exp()[1]
        if factor.is_number or not exponent.is_Rational:
            total += 0 if factor.is_number else 1
        elif exponent > 0:
            total += exponent
    return total

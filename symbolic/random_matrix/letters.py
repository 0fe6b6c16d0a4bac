"""Letters: x of shape (row_type x col_type), Gaussian with i.i.d. entries N(0, variance) or deterministic.

Dimension NAMES are the types: two dimensions that are merely equal in number keep different names, and X and X^T are
different letters even when square.  Sizes enter only as ratios nu_t = n_t / N, all of them of order one as N -> oo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import sympy as sp

from ..errors import BadInput, UnknownName
from .field import exact


@dataclass(frozen=True, order=True)
class Letter:
    """A matrix of shape (row_type, col_type).

    kind: "gauss" (real i.i.d. centred entries) or "det"; symmetric: x = x^T (a Gaussian one is a Wigner matrix with
    off-diagonal variance `variance`).  value: the spectral symbol of a deterministic letter.
    """

    name: str
    transposed: bool
    kind: Literal["gauss", "det"]
    row_type: str
    col_type: str
    symmetric: bool = False
    variance: sp.Expr | None = field(default=None, compare=False)
    value: sp.Expr | None = field(default=None, compare=False)

    @property
    def T(self) -> Letter:
        """x^T; the letter itself when symmetric."""
        if self.symmetric:
            return self
        return replace(self, transposed=not self.transposed, row_type=self.col_type, col_type=self.row_type)

    def __str__(self) -> str:
        return self.name + ("^T" if self.transposed else "")


@dataclass(frozen=True)
class Declarations:
    """What each matrix symbol is, and the ratio nu_t of each dimension.

    letters: MatrixSymbol -> Letter;  ratios: dimension symbol -> nu_t;  commuting: deterministic letters of one type
    share an eigenbasis (an assumption of the caller, needed only to write their joint law with scalars).
    """

    letters: Mapping[sp.MatrixSymbol, Letter]
    ratios: Mapping[sp.Symbol, sp.Expr]
    commuting: bool = False

    def letter(self, symbol: sp.MatrixSymbol) -> Letter:
        """The letter of a matrix symbol; UnknownName lists the nearest."""
        if symbol not in self.letters:
            raise UnknownName("declared letter", str(symbol), [str(s) for s in self.letters])
        return self.letters[symbol]

    def ratio(self, dimension: Any) -> sp.Expr:
        """nu_t; the dimension itself when no ratio was declared."""
        if not dimension.is_Symbol:
            raise BadInput(f"the dimension {dimension} must be a symbol: dimension names are the types")
        return self.ratios.get(dimension, dimension)  # type: ignore[arg-type]

    def in_ratios(self, expression: sp.Expr, degree: int) -> sp.Expr:
        """Replace n_t by nu_t after proving that the expression scales like N^degree."""
        scale = sp.Dummy("N", positive=True)
        scaled = expression.xreplace({d: scale * d for d in self.dimensions()})
        if sp.cancel(scaled / scale**degree - expression) != 0:
            raise BadInput(
                f"{expression} must scale like dimension^{degree} (variances like 1/n, coefficients like d/n)"
            )
        return expression.xreplace({d: self.ratio(d) for d in self.dimensions()})  # type: ignore[return-value]

    def dimensions(self) -> list[sp.Symbol]:
        """Every dimension symbol, in canonical order."""
        found = {d for symbol in self.letters for d in symbol.shape} | set(self.ratios)
        return sorted(found, key=sp.default_sort_key)  # type: ignore[arg-type]


def declare(
    gaussian: Mapping[sp.MatrixSymbol, Any] | None = None,
    deterministic: Mapping[sp.MatrixSymbol, Any] | None = None,
    *,
    wigner: Mapping[sp.MatrixSymbol, Any] | None = None,
    dimensions: Mapping[sp.Symbol, Any] | None = None,
    commuting: bool = False,
) -> Declarations:
    """{X: entry variance}, {S: spectral symbol}, {n: nu_n} -> Declarations.

    gaussian: entry variances such as 1/n or zeta/m (they must scale like 1/dimension);  wigner: the same for symmetric
    square letters;  deterministic: the symbol (or function of symbols) that stands for an eigenvalue of S, real
    symmetric;  dimensions: ratios, e.g. {n: 1, d: phi} says d/n = phi; a dimension left out stays its own symbol.
    Raises BadInput on floats, rectangular deterministic letters, wrong scaling, double declarations.
    >>> n, d = sp.symbols("n d"); declare({sp.MatrixSymbol("X", n, d): 1 / n}).letters
    """
    ratios = {d: exact(nu) for d, nu in (dimensions or {}).items()}
    letters: dict[sp.MatrixSymbol, Letter] = {}
    bare = Declarations(letters, ratios, commuting)
    for table, kind, symmetric in (
        (gaussian, "gauss", False),
        (wigner, "gauss", True),
        (deterministic, "det", True),
    ):
        for symbol, data in (table or {}).items():
            if symbol in letters or str(symbol) in {str(s) for s in letters}:
                raise BadInput(f"the letter {symbol} is declared twice")
            letters[symbol] = _letter(bare, symbol, kind, symmetric, exact(data))
    for symbol, letter in letters.items():
        if letter.variance is not None:
            letters[symbol] = replace(letter, variance=bare.in_ratios(letter.variance, -1))
    return bare


def _letter(bare: Declarations, symbol: sp.MatrixSymbol, kind: Any, symmetric: bool, data: sp.Expr) -> Letter:
    if not isinstance(symbol, sp.MatrixSymbol):
        raise BadInput(f"{symbol!r} is not a MatrixSymbol")
    rows, cols = symbol.shape
    for dimension in (rows, cols):
        bare.ratio(dimension)
    if symmetric and rows != cols:
        raise BadInput(f"{symbol} has shape {rows} x {cols}; a symmetric letter needs one dimension name twice")
    if kind == "gauss":
        return Letter(str(symbol), False, kind, str(rows), str(cols), symmetric, variance=data)
    if not data.free_symbols:
        raise BadInput(f"the eigenvalue of {symbol} must be a symbol or a function of one, not {data}")
    return Letter(str(symbol), False, kind, str(rows), str(cols), symmetric, value=data)

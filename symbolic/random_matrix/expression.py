"""SymPy matrix expression -> typed tree  (Constant | Word | Sum | Product | Inverted), every node checked.

Transposition is pushed to the letters, (AB)^T = B^T A^T, (A^-1)^T = (A^T)^-1, so the tree needs no node for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..errors import BadInput
from .field import Field, Ratio, exact
from .letters import Declarations, Letter


@dataclass(frozen=True)
class Node:
    """A matrix of shape (row, col); the base of the five kinds of node."""

    row: str
    col: str


@dataclass(frozen=True)
class Constant(Node):
    """value * identity."""

    value: Ratio


@dataclass(frozen=True)
class Word(Node):
    """One letter."""

    letter: Letter


@dataclass(frozen=True)
class Sum(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Product(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Inverted(Node):
    """body^-1, body square of one type."""

    body: Node


class Reader:
    """Walks one expression over K = QQ(parameters); each refusal names the node it met."""

    def __init__(self, declarations: Declarations, field: Field):
        self.declarations = declarations
        self.field = field
        self._seen: dict[tuple[Any, bool], Node] = {}

    def read(self, expr: Any, transposed: bool = False) -> Node:
        """The typed tree of expr or of expr^T; BadInput on anything outside the grammar."""
        key = (expr, transposed)
        if key not in self._seen:
            self._seen[key] = self._read(expr, transposed)
        return self._seen[key]

    def _read(self, expr: Any, transposed: bool) -> Node:
        if isinstance(expr, sp.MatrixSymbol):
            letter = self.declarations.letter(expr)
            letter = letter.T if transposed else letter
            return Word(letter.row_type, letter.col_type, letter)
        if isinstance(expr, sp.Identity):
            self.declarations.ratio(expr.rows)
            return Constant(str(expr.rows), str(expr.rows), self.field.one)
        if isinstance(expr, sp.Transpose):
            return self.read(expr.arg, not transposed)
        if isinstance(expr, sp.MatAdd):
            return self._sum(expr, transposed)
        if isinstance(expr, sp.MatMul):
            return self._product(expr, transposed)
        if isinstance(expr, sp.MatPow):  # Inverse is a MatPow
            return self._power(expr, transposed)
        raise BadInput(
            f"cannot use the node {expr} ({type(expr).__name__}); allowed: sums, products, transposes, "
            "integer powers, inverses, identities and declared matrix symbols"
        )

    def _sum(self, expr: sp.MatAdd, transposed: bool) -> Node:
        parts = tuple(self.read(arg, transposed) for arg in expr.args)
        for part, arg in zip(parts, expr.args, strict=True):
            if (part.row, part.col) != (parts[0].row, parts[0].col):
                raise BadInput(
                    f"in the sum {expr}: {arg} is {part.row} x {part.col}, "
                    f"{expr.args[0]} is {parts[0].row} x {parts[0].col}"
                )
        return Sum(parts[0].row, parts[0].col, parts)

    def _product(self, expr: sp.MatMul, transposed: bool) -> Node:
        coefficient, matrices = expr.as_coeff_matrices()
        order = reversed(matrices) if transposed else matrices
        factors = [self.read(arg, transposed) for arg in order]
        for left, right in itertools.pairwise(factors):
            if left.col != right.row:
                raise BadInput(f"in the product {expr}: {left.col} columns meet {right.row} rows")
        if coefficient != 1:
            factors.insert(0, Constant(factors[0].row, factors[0].row, self.scalar(coefficient)))
        return self._joined(factors)

    def _joined(self, factors: list[Node]) -> Node:
        return factors[0] if len(factors) == 1 else Product(factors[0].row, factors[-1].col, tuple(factors))

    def _power(self, expr: Any, transposed: bool) -> Node:
        base, exponent = expr.args
        if not exponent.is_Integer:
            raise BadInput(f"the power {expr}: only integer exponents can be linearised; declare a root as a letter")
        body = self.read(base, transposed)
        if body.row != body.col:
            raise BadInput(f"the power {expr} of a {body.row} x {body.col} matrix: the dimension names differ")
        if exponent == 0:
            return Constant(body.row, body.row, self.field.one)
        if int(exponent) < 0:
            if not expr_has_matrix(base):
                raise BadInput(f"singular inverse {expr}")
            body = Inverted(body.row, body.col, body)
        return self._joined([body] * abs(int(exponent)))

    def scalar(self, coefficient: sp.Expr) -> Ratio:
        """A scalar coefficient as an element of K, dimensions replaced by their ratios."""
        if coefficient.has(MatrixExpr):
            raise BadInput(f"the coefficient {coefficient} contains a matrix; traces are allowed only around the whole")
        return self.field.read(self.declarations.in_ratios(exact(coefficient), 0))


def expr_has_matrix(expr: Any) -> bool:
    """False for the zero matrix and sums that vanish identically."""
    return not getattr(expr, "is_ZeroMatrix", False)


def whole(expr: Any) -> sp.Expr:
    """The matrix whose normalised trace is meant: M for M itself, a n_t M for a Trace(M) and sums of such."""
    if getattr(expr, "is_Matrix", False):
        return expr
    expr = sp.expand(exact(expr))
    parts = []
    for term in sp.Add.make_args(expr):
        coefficient, rest = term.as_independent(sp.Trace)
        if not isinstance(rest, sp.Trace):
            raise BadInput(f"{term} is not a coefficient times one Trace(matrix)")
        body: Any = rest.arg
        parts.append(coefficient * body.rows * body)
    shapes = {part.shape for part in parts}
    if len(shapes) != 1:
        raise BadInput(
            f"traces over different dimensions {sorted(map(str, shapes))} in one expression: derive them apart"
        )
    return sp.MatAdd(*parts) if len(parts) > 1 else parts[0]


def symbols_of(expr: sp.Expr, declarations: Declarations) -> list[sp.Symbol]:
    """Every scalar parameter: coefficients, variances and dimension ratios, in canonical order."""
    dimensions = set(declarations.dimensions())
    found: set[sp.Symbol] = set()
    for node in sp.preorder_traversal(expr):
        if isinstance(node, sp.Symbol) and node not in dimensions:
            found.add(node)
    exact(expr)
    for dimension in dimensions:
        found |= declarations.ratio(dimension).free_symbols  # type: ignore[arg-type]
    for letter in declarations.letters.values():
        if letter.variance is not None:
            found |= letter.variance.free_symbols  # type: ignore[arg-type]
    return sorted(found, key=sp.default_sort_key)


def constant_part(node: Node, base: Mapping[str, Ratio], field: Field) -> Ratio:
    """The scalar a with tree = a * identity when every letter x is replaced by base[x] * identity (default 0).

    ZeroDivisionError when an inverse inside is singular there.
    """
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Word):
        return base.get(node.letter.name, field.zero)
    if isinstance(node, Inverted):
        return field.one / constant_part(node.body, base, field)
    assert isinstance(node, Sum | Product)
    values = [constant_part(part, base, field) for part in node.parts]
    total = values[0]
    for value in values[1:]:
        total = total + value if isinstance(node, Sum) else total * value
    return total


def regularised(node: Node, base: Mapping[str, Ratio], field: Field, eps: Ratio) -> Node:
    """Put eps * identity inside each inverse whose constant part vanishes; other nodes are kept."""
    if isinstance(node, Inverted):
        body = regularised(node.body, base, field, eps)
        if not constant_part(body, base, field):
            body = Sum(body.row, body.col, (body, Constant(body.row, body.row, eps)))
        return Inverted(node.row, node.col, body)
    if isinstance(node, Sum | Product):
        return type(node)(node.row, node.col, tuple(regularised(part, base, field, eps) for part in node.parts))
    return node


def letters_of(node: Node) -> list[Letter]:
    """The letters that occur, transposes apart, sorted."""
    if isinstance(node, Word):
        return [node.letter]
    parts = node.parts if isinstance(node, Sum | Product) else (node.body,) if isinstance(node, Inverted) else ()
    return sorted({letter for part in parts for letter in letters_of(part)})

"""Reading formulas and exact numbers from text without executing any of it.

Formulas use Python's grammar (`a*x**2 + sqrt(1 - x)/3`), parsed to a tree and rebuilt node by node from a whitelist;
names must be declared. Nothing is evaluated by Python, and sizes are limited.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from .errors import BadInput, UnknownName

_FUNCTIONS = {
    name: getattr(sp, name)
    for name in (
        "sqrt",
        "exp",
        "log",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "erf",
        "erfc",
    )
} | {"abs": sp.Abs}
_CONSTANTS = {"pi": sp.pi}
_LIMIT_LENGTH, _LIMIT_EXPONENT, _LIMIT_DIGITS = 10_000, 1_000, 2_000


def formula(text: str, names: Mapping[str, Any]) -> Any:
    """The SymPy expression of a formula in declared names; decimals are exact rationals.

    Raises BadInput naming the offending piece, or UnknownName with suggestions.
    >>> x = sp.Symbol("x"); formula("(x + 0.5)**2/3", {"x": x})
    (x + 1/2)**2/3
    """
    if len(text) > _LIMIT_LENGTH:
        raise BadInput(f"the formula has {len(text)} characters; at most {_LIMIT_LENGTH} are read")
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadInput(f"{text[:80]!r} is not a formula: {error}") from None
    try:
        return _Builder(text.strip().replace("^", "**"), names).build(tree.body)
    except RecursionError:
        raise BadInput(f"{text[:80]!r} is nested too deeply") from None


class _Builder:
    """Rebuilds an expression from the nodes that are allowed."""

    def __init__(self, text: str, names: Mapping[str, Any]):
        self.text, self.names = text, names

    def build(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self.build(node.operand)
            return -inner if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
            if node.func.id not in _FUNCTIONS:
                raise UnknownName("function", node.func.id, _FUNCTIONS)
            return _FUNCTIONS[node.func.id](self.build(node.args[0]))
        raise BadInput(
            f"{self._source(node)!r} is not allowed in a formula: use + - * / ** numbers, names and functions"
        )

    def _source(self, node: ast.AST) -> str:
        return (ast.get_source_segment(self.text, node) or type(node).__name__)[:60]  # type: ignore[arg-type]

    def _number(self, node: ast.Constant) -> Any:
        source = self._source(node)
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise BadInput(f"{source!r} is not a number")
        return exact_number(ast.get_source_segment(self.text, node) or source)

    def _name(self, name: str) -> Any:
        if name in self.names:
            return self.names[name]
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        raise UnknownName("quantity", name, [*self.names, *_CONSTANTS])

    def _operation(self, node: ast.BinOp) -> Any:
        left, right = self.build(node.left), self.build(node.right)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Div):
            if right == 0:
                raise BadInput(f"division by zero in {self._source(node)!r}")
            return left / right
        if isinstance(node.op, ast.Pow):
            if right.is_number and not (right.is_Rational and abs(right) <= _LIMIT_EXPONENT):
                raise BadInput(
                    f"the exponent in {self._source(node)!r} is not a rational of size up to {_LIMIT_EXPONENT}"
                )
            return left**right
        raise BadInput(f"the operation in {self._source(node)!r} is not allowed in a formula")


def exact_number(text: str) -> sp.Rational:
    """An integer, p/q or decimal as an exact rational; decimals such as 0.1 are 1/10.

    >>> exact_number("0.25"), exact_number("-3/7"), exact_number("1e-3")
    (1/4, -3/7, 1/1000)
    """
    cleaned = text.strip()
    exponent = cleaned.lower().partition("e")[2]
    huge = exponent.lstrip("+-").isdigit() and int(exponent.lstrip("+-") or 0) > _LIMIT_DIGITS
    if len(cleaned) > _LIMIT_DIGITS or huge:
        raise BadInput(f"{cleaned[:30]!r}...: numbers of at most {_LIMIT_DIGITS} digits are read")
    try:
        value = Fraction(cleaned)
    except (ValueError, ZeroDivisionError):
        raise BadInput(f"{cleaned[:60]!r} is not an integer, p/q or a decimal") from None
    return sp.Rational(value.numerator, value.denominator)

"""Reading phi from text such as "a*w1, a*w2". Nothing is executed: Python's grammar, then a whitelist of nodes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from fractions import Fraction
from math import prod

from ..errors import BadInput
from .parametrisation import Parametrisation, from_polynomials, layout
from .polynomial import Polynomial

MAX_EXPONENT = 32
MAX_WORK = 100_000
MAX_TEXT = 200_000


def read_formulas(text: str | Sequence[str], name: str = "") -> Parametrisation:
    """phi from comma-separated polynomials in free names; U[1,2] is entry (1, 2) of a tensor U, counted from 1.

    Allowed: + - * (and / by a number), ** by a non-negative integer, exact numbers, names, brackets.
    Raises BadInput naming the first piece that is not polynomial.

    >>> read_formulas("a*w1, a*w2").D
    3
    """
    text = text if isinstance(text, str) else ", ".join(text)
    if len(text) > MAX_TEXT:
        raise BadInput(f"the formula has {len(text)} characters; at most {MAX_TEXT} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as fault:
        raise BadInput(f"cannot read the formula {_short(text)!r}: {fault.msg}, column {fault.offset}") from None
    except (ValueError, RecursionError, MemoryError) as fault:
        raise BadInput(f"cannot read the formula {_short(text)!r}: {fault}") from None
    nodes = tree.body.elts if isinstance(tree.body, ast.Tuple) else [tree.body]
    reader = _Reader(text.strip())
    try:
        polynomials = [reader.read(node) for node in nodes]
    except RecursionError:
        raise BadInput(f"the formula {_short(text)!r} is nested too deeply") from None
    blocks, renumber = reader.blocks()
    renumbered = [
        Polynomial({tuple(sorted(renumber[v] for v in m)): c for m, c in p.terms.items()}) for p in polynomials
    ]
    keys = [(i, "formula") for i in range(len(renumbered))]
    return from_polynomials(name or text.strip(), blocks, renumbered, keys=keys)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


class _Reader:
    """Turns whitelisted nodes into polynomials; names are numbered in order of first appearance."""

    def __init__(self, text: str):
        self.text = text
        self.numbers: dict[tuple[str, tuple[int, ...]], int] = {}
        self.work = 0

    def piece(self, node: ast.AST) -> str:
        return _short(ast.get_source_segment(self.text, node) or type(node).__name__)

    def read(self, node: ast.expr) -> Polynomial:
        if isinstance(node, ast.Constant):
            return Polynomial.constant(self.number(node))
        if isinstance(node, (ast.Name, ast.Subscript)):
            key = self.name(node)
            return Polynomial.variable(self.numbers.setdefault(key, len(self.numbers)))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            inner = self.read(node.operand)
            return -inner if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self.operation(node)
        if isinstance(node, ast.Call):
            raise BadInput(f"{self.piece(node)!r} is a function call: phi must be polynomial in its parameters")
        raise BadInput(f"{self.piece(node)!r} is not part of a polynomial; allowed are + - * **, numbers and names")

    def number(self, node: ast.Constant) -> Fraction:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise BadInput(f"{self.piece(node)!r} is not a number")
        if isinstance(node.value, int):
            return Fraction(node.value)
        # The text, not the parsed float: 0.1 is one tenth.
        written = ast.get_source_segment(self.text, node) or ""
        try:
            return Fraction(written)
        except ValueError:
            raise BadInput(f"{written!r} is not an exact number") from None

    def name(self, node: ast.Name | ast.Subscript) -> tuple[str, tuple[int, ...]]:
        if isinstance(node, ast.Name):
            return node.id, ()
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        index = tuple(p.value for p in parts if isinstance(p, ast.Constant) and type(p.value) is int)
        if not isinstance(node.value, ast.Name) or len(index) != len(parts) or min(index, default=1) < 1:
            raise BadInput(f"{self.piece(node)!r}: an entry is written U[1,2], with indices counted from 1")
        return node.value.id, index

    def operation(self, node: ast.BinOp) -> Polynomial:
        left = self.read(node.left)
        if isinstance(node.op, ast.Pow):
            return self.power(node, left)
        right = self.read(node.right)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            self.guard(node, len(left.terms) * len(right.terms))
            return left * right
        if isinstance(node.op, ast.Div):
            if right.degree or not right.terms:
                raise BadInput(f"{self.piece(node)!r} divides by {self.piece(node.right)!r}: phi must be polynomial")
            return left * (1 / right.terms[()])
        raise BadInput(f"{self.piece(node)!r} uses an operator other than + - * **")

    def power(self, node: ast.BinOp, base: Polynomial) -> Polynomial:
        exponent = self.read(node.right)
        value = exponent.terms.get((), Fraction(0))
        if exponent.degree or value.denominator != 1 or value < 0:
            raise BadInput(f"{self.piece(node)!r}: the exponent must be a non-negative integer, phi is polynomial")
        if value > MAX_EXPONENT:
            raise BadInput(f"{self.piece(node)!r}: exponents above {MAX_EXPONENT} are refused")
        result = Polynomial.constant(1)
        for _ in range(int(value)):
            self.guard(node, len(result.terms) * len(base.terms))
            result = result * base
        return result

    def guard(self, node: ast.AST, products: int) -> None:
        self.work += products
        if self.work > MAX_WORK:
            raise BadInput(f"{self.piece(node)!r} brings the expansion to more than {MAX_WORK} products")

    def blocks(self):
        """Tensors in order of appearance, and the map from reading order to layout order."""
        shapes: dict[str, tuple[int, ...]] = {}
        for name, index in self.numbers:
            known = shapes.setdefault(name, index)
            if len(known) != len(index):
                raise BadInput(f"{name} is used both with {len(known)} and with {len(index)} indices")
            shapes[name] = tuple(max(a, b) for a, b in zip(known, index))
        entries = {name: [i for n, i in self.numbers if n == name] for name in shapes}
        # A tensor of which only some entries are named is read as scalars: an entry nobody wrote is no parameter.
        full = {name for name, shape in shapes.items() if len(entries[name]) == prod(shape)}
        pieces: list[tuple[str, tuple[int, ...]]] = []
        for name, shape in shapes.items():
            if name in full:
                pieces.append((name, shape))
            else:
                pieces += [(f"{name}[{','.join(map(str, index))}]", ()) for index in entries[name]]
        blocks = layout(pieces)
        starts = {block.name: block.start for block in blocks}
        renumber = {}
        for (name, index), number in self.numbers.items():
            if name in full:
                offset = 0
                for i, length in zip(index, shapes[name]):
                    offset = offset * length + i - 1
                renumber[number] = starts[name] + offset
            else:
                renumber[number] = starts[f"{name}[{','.join(map(str, index))}]"]
        return blocks, renumber

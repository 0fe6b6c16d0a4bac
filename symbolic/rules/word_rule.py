"""The base of the rules on matrix words: definitions inserted in words, exact matrices that satisfy them, comparison.

Checks multiply out exact rational matrices of small, different sizes; where the definitions constrain the matrices,
`draw` supplies matrices that satisfy them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp
from flint import fmpq, fmpq_mat

from ..claim import Claim, Equation
from ..errors import BadInput, NotDerivable
from ..quantity import Samples, free_atoms
from ..rule import Case, WordsRule
from ..verdict import Verdict, consistent, refuted
from ..word_numbers import Explicit, drawn, flint_value
from ..words import Words, combined, expression, grid, replaced, words

Draw = Callable[[Samples, int], tuple[Mapping[Any, int], Mapping[Any, Any]]]
POINTS = 3
NUMBERS = "exact rational matrices"
ALGEBRA = "the free algebra of matrix words"


def letters(expr: Any) -> list[Any]:
    return sorted(expr.atoms(sp.MatrixSymbol), key=lambda x: x.name)


def sides(claims: Iterable[Claim]) -> list[Any]:
    return [side for claim in claims for e in claim.equations for side in (e.lhs, e.rhs)]


def dimensions(expr: Any) -> set[Any]:
    return {a for x in letters(expr) for n in x.shape for a in sp.S(n).free_symbols}


@dataclass(frozen=True)
class WordRule(WordsRule):
    """Base of the rules on words: `draw` gives matrices that satisfy the definitions where these constrain them."""

    abstract: ClassVar[bool] = True
    source: ClassVar[str] = ALGEBRA
    draw: Draw | None = None

    def environment(self, case: Case, index: int, definitions: Iterable[Claim] = ()) -> Explicit:
        """Random matrices for the free letters, then the letters and scalars that the definitions give."""
        definitions = tuple(definitions)
        found = sides((*case.inputs, case.output))
        atoms = sorted({x for side in found for x in letters(side)}, key=lambda x: x.name)
        sizes = {n: 2 + k for k, n in enumerate(sorted({n for s in found for n in dimensions(s)}, key=str))}
        values: dict[Any, Any] = {}
        if self.draw is not None:
            chosen, given = self.draw(case.samples, index)
            sizes, values = {**sizes, **chosen}, {x: flint_value(v) for x, v in given.items()}
        table = {}
        for e in (e for claim in definitions for e in claim.equations):
            if isinstance(e.lhs, sp.Symbol | sp.MatrixSymbol):
                table[e.lhs] = e.rhs
            elif isinstance(e.rhs, sp.MatrixSymbol) and not e.lhs.has(e.rhs):
                table.setdefault(e.rhs, e.lhs)
        scalars = {a for side in found for a in free_atoms(side)} - set(sizes) - set(table) - set(values)
        point = case.samples.point(scalars, case.given, index)
        values = {a: fmpq(int(v.p), int(v.q)) for a, v in point.items()} | values
        here = Explicit(sizes, values)
        for x in atoms:
            if x not in table and x not in values:
                rows, columns = (here.size(n) for n in x.shape)
                here.values[x] = drawn(case.samples, x.name, rows, columns, index, x in self.symmetric)
        _define(here, table)
        return here

    def same(self, case: Case, before: Callable[[Explicit], Any], definitions: Iterable[Claim] = ()) -> Verdict:
        """Whether the output's right-hand side equals `before` at every random point."""
        definitions = tuple(definitions)
        for index in range(POINTS):
            here = self.environment(case, index, definitions)
            self._holds(here, definitions)
            for k, equation in enumerate(case.output.equations):
                stated, found = value(here, equation.rhs), before(here)[k]
                if stated != found:
                    return refuted(NUMBERS, f"{equation.lhs}: {_text(found)} is stated to be {_text(stated)}")
        return consistent(NUMBERS, f"equal at {POINTS} points")

    @staticmethod
    def _holds(here: Explicit, definitions: Iterable[Claim]) -> None:
        for claim in definitions:
            for e in claim.equations:
                if value(here, e.lhs) != value(here, e.rhs):
                    raise BadInput(f"the drawn matrices violate {claim.label}")

    def plain(self, expr: Any, definitions: Iterable[Claim]) -> Words:
        """The normal form with definitions inserted one claim after another; block matrices stay letters."""
        f = words(expr, self.symmetric)
        for claim in definitions:
            for e in claim.equations:
                if not isinstance(e.rhs, sp.BlockMatrix) and not _scalar_trace(e):
                    f = self._inserted(f, e)
        return f

    def reduced(self, expr: Any, definitions: Iterable[Claim]) -> list[list[Words]]:
        """The same block by block, block matrices inserted after what is defined by them."""
        definitions = tuple(definitions)
        blocks = {e.lhs: e.rhs for c in definitions for e in c.equations if isinstance(e.rhs, sp.BlockMatrix)}
        if not expr.has(sp.BlockMatrix):
            expr = expression(self.plain(expr, definitions), expr.shape)
        found = grid(expr, blocks, self.symmetric)
        return [[self.plain(expression(f, _shape(f)), definitions) for f in row] for row in found]

    def _inserted(self, f: Words, equation: Equation) -> Words:
        if not getattr(equation.lhs, "is_Matrix", False):
            return combined(*((c.xreplace({equation.lhs: equation.rhs}), {w: sp.Integer(1)}) for w, c in f.items()))
        left = words(equation.lhs, self.symmetric)
        if len(left) != 1 or next(iter(left.values())) != 1:
            raise NotDerivable(f"{equation.lhs} is not a single word: isolate one first")
        ((word, _),) = left.items()
        return replaced(f, word, words(equation.rhs, self.symmetric), self.symmetric)


def value(here: Explicit, expr: Any) -> Any:
    return here.matrix(expr) if getattr(expr, "is_Matrix", False) else here.scalar(expr)


def _shape(f: Words) -> tuple[Any, Any]:
    """The shape of a sum of words; the empty word fits every square shape."""
    word = next((w for w in f if w), None)
    if word is None:
        return (sp.Integer(1), sp.Integer(1))
    ends = [(x.shape[1], x.shape[0]) if turned else x.shape for x, turned, _ in (word[0], word[-1])]
    return ends[0][0], ends[1][1]


def _scalar_trace(equation: Equation) -> bool:
    return any(isinstance(side, sp.Trace) for side in (equation.lhs, equation.rhs))


def _text(found: Any) -> str:
    return str(found.tolist()[0][:2]) if isinstance(found, fmpq_mat) else str(found)


def _define(here: Explicit, table: Mapping[Any, Any]) -> None:
    """Values of the defined symbols, in an order in which they can be computed."""
    todo = {lhs: rhs for lhs, rhs in table.items() if lhs not in here.values}
    while todo:
        ready = [x for x, rhs in todo.items() if not any(rhs.has(y) for y in todo if y != x)]
        if not ready:
            raise BadInput(f"the definitions of {', '.join(map(str, todo))} go in a circle")
        for x in ready:
            here.values[x] = value(here, todo.pop(x))

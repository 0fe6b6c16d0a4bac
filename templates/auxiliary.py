"""Named auxiliary quantities for large subexpressions, chosen by size and reuse.

A name stands for exactly one subexpression: putting the definitions back gives the original, term by term.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from .dialect import latex_of, parse
from .errors import RenderError
from .printer import FormulaPrinter

_LETTERS = "ABCDKLPQRSTUVWFGHMNEZ"
_LEAST = 28.0  # points; naming anything narrower saves nothing


@dataclass
class AuxiliaryNames:
    """Fresh names K_1, K_2, ... for one document: a letter that no declared quantity uses."""

    printer: FormulaPrinter
    count: int = 0
    letter: str = field(init=False)

    def __post_init__(self) -> None:
        taken = set()
        for quantity in self.printer.notation:
            nodes = parse(self.printer.name(quantity.name) or "", self.printer.macros)
            taken |= {latex_of(n.parts[0]) if n.form == "script" else latex_of((n,)) for n in nodes}
        free = [letter for letter in _LETTERS if letter not in taken]
        if not free:
            raise RenderError("every letter is taken by the notation; no name is left for an auxiliary quantity")
        self.letter = free[0]

    def fresh(self, expr: Any) -> Any:
        """A new symbol that keeps the signs known of the expression, so that roots print the same."""
        self.count += 1
        facts = {"positive": True} if expr.is_positive else {"nonnegative": True} if expr.is_nonnegative else {}
        symbol = sp.Symbol(f"auxiliary_{self.count}", **({"real": True, **facts} if expr.is_real else {}))
        self.printer.renamed[symbol.name] = f"{self.letter}_{{{self.count}}}"
        return symbol


@dataclass(frozen=True)
class Abbreviated:
    """Equations together with the definitions they use; later definitions do not depend on earlier uses."""

    equations: tuple[Equation, ...]
    definitions: tuple[tuple[Any, Any], ...] = ()

    def expanded(self) -> tuple[Equation, ...]:
        """The equations with every name replaced by what it stands for."""
        equations = self.equations
        for symbol, expr in reversed(self.ordered()):
            equations = tuple(_mapped(e, symbol, expr) for e in equations)
        return equations

    def ordered(self) -> list[tuple[Any, Any]]:
        """The definitions, each after those it uses."""
        done: list[tuple[Any, Any]] = []
        waiting = list(self.definitions)
        while waiting:
            names = {symbol for symbol, _ in waiting}
            ready = [pair for pair in waiting if not (pair[1].free_symbols & names)]
            done.extend(ready)
            waiting = [pair for pair in waiting if pair not in ready]
        return done

    def naming(self, expr: Any, symbol: Any) -> Abbreviated:
        """The same with one more name."""
        definitions = tuple((s, e.xreplace({expr: symbol})) for s, e in self.definitions)
        equations = tuple(_mapped(e, expr, symbol) for e in self.equations)
        return Abbreviated(equations, (*definitions, (symbol, expr)))


def _mapped(equation: Equation, old: Any, new: Any) -> Equation:
    return Equation(equation.lhs.xreplace({old: new}), equation.rhs.xreplace({old: new}), equation.relation)


def best_candidate(state: Abbreviated, printer: FormulaPrinter, line: float, obstacle: str = "") -> Any | None:
    """The subexpression most worth naming, or None.

    With an obstacle (the LaTeX of a part that fits no line) it is the widest part of it that fits, counted with its
    repetitions; without one only repeated parts count, by the width they save.
    """
    expressions = [e.rhs for e in state.equations] + [expr for _, expr in state.definitions]
    whole = set(expressions)
    counts: dict[Any, int] = {}
    for expr in expressions:
        for part in _nameable(expr, frozenset()):
            counts[part] = counts.get(part, 0) + 1
    best, best_score = None, 0.0
    for part, count in counts.items():
        if part in whole or (not obstacle and count < 2):
            continue
        latex = printer.doprint(part)
        width = printer.size(latex).width
        if width < _LEAST:
            continue
        if obstacle:
            if latex not in obstacle:
                continue
            score = min(width, 0.9 * line) * count - max(0.0, width - 0.9 * line)
        else:
            score = (count - 1) * width if width <= 2.5 * line else 0.0
        if score > best_score + 1e-9:
            best, best_score = part, score
    return best


def _nameable(expr: Any, bound: frozenset[Any]) -> Iterator[Any]:
    """Every compound scalar part of an expression that contains no bound variable, with repetitions."""
    if not isinstance(expr, sp.Basic) or isinstance(expr, sp.Indexed | sp.Symbol | sp.Number):
        return
    # sums and integrals know what they bind, and so do Gaussian means
    inner = bound | set(getattr(expr, "bound_symbols", ()))
    if isinstance(expr, sp.Subs | sp.Derivative | sp.Limit | sp.Lambda):
        return
    scalar = isinstance(expr, sp.Add | sp.Mul | sp.Pow | sp.Function | sp.Sum | sp.Integral) and expr.is_commutative
    if scalar and not expr.is_number and not (expr.free_symbols & bound):
        yield expr
    children: Sequence[Any] = expr.args[:1] if inner > bound else expr.args
    for child in children:
        yield from _nameable(child, inner)

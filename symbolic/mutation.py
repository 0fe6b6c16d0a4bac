"""Single edits of a claim, the measure of its checks: every edit that changes the value must be refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from .claim import Claim, Equation
from .quantity import Notation, free_atoms
from .rule import Rule, WordsRule
from .words import edits as word_edits


@dataclass(frozen=True)
class Mutant:
    """A claim with one edit, and what the edit was."""

    claim: Claim
    edit: str


def mutants(claim: Claim, notation: Notation, rule: Rule | None = None) -> Iterator[Mutant]:
    """Every single edit of every right-hand side: sign, exponent, coefficient, symbol swap, dropped term or factor.

    Of an equation `P = number` the left-hand side is edited too: there the content stands on the left.
    rule: that of the claim; if it states sums of matrix words, they are edited too.
    """
    for k, equation in enumerate(claim.equations):
        if isinstance(equation.rhs, sp.MatrixExpr):
            for edit, rhs in word_edits(equation.rhs, rule.symmetric) if isinstance(rule, WordsRule) else ():
                edited = Equation(equation.lhs, rhs, equation.relation)
                yield Mutant(claim.with_equations([*claim.equations[:k], edited, *claim.equations[k + 1 :]]), edit)
            continue
        for edit, rhs in _unique(equation.rhs, notation):
            edited = Equation(equation.lhs, rhs, equation.relation)
            yield Mutant(claim.with_equations([*claim.equations[:k], edited, *claim.equations[k + 1 :]]), edit)
        if equation.rhs.is_Rational and not equation.lhs.is_Symbol and not isinstance(equation.lhs, sp.Indexed):
            for edit, lhs in _unique(equation.lhs, notation):
                edited = Equation(lhs, equation.rhs, equation.relation)
                yield Mutant(claim.with_equations([*claim.equations[:k], edited, *claim.equations[k + 1 :]]), edit)


def _unique(expr: Any, notation: Notation) -> Iterator[tuple[str, Any]]:
    seen = {expr}
    for edit, mutant in edits(expr, notation):
        if mutant not in seen and not mutant.has(sp.zoo, sp.nan, sp.oo):
            seen.add(mutant)
            yield edit, mutant


def edits(expr: Any, notation: Notation) -> Iterator[tuple[str, Any]]:
    """(description, edited expression) for every single edit, in tree order; equivalent edits are not filtered."""
    swaps = [a for a in free_atoms(expr) if isinstance(a, sp.Symbol)]
    yield from _edits(sp.S(expr), swaps)


def _edits(expr: Any, swaps: list[Any]) -> Iterator[tuple[str, Any]]:
    yield from _here(expr, swaps)
    if isinstance(expr, sp.Indexed):
        return
    # What a step function is at its jump has no weight in a mean.
    first_only = isinstance(expr, sp.Sum | sp.Integral | sp.Derivative | sp.Heaviside)
    places = range(1) if first_only else range(len(expr.args))
    for k in places:
        arg = expr.args[k]
        if not isinstance(arg, sp.Basic) or isinstance(arg, sp.Tuple | sp.logic.boolalg.Boolean):
            continue
        for edit, mutant in _edits(arg, swaps):
            yield edit, expr.func(*expr.args[:k], mutant, *expr.args[k + 1 :])
    if isinstance(expr, sp.Integral):
        yield from _limits(expr, swaps)


def _limits(expr: Any, swaps: list[Any]) -> Iterator[tuple[str, Any]]:
    variable, *ends = expr.limits[0]
    for k, end in enumerate(ends):
        for edit, mutant in _edits(end, swaps):
            changed = [*ends[:k], mutant, *ends[k + 1 :]]
            yield f"limit: {edit}", sp.Integral(expr.function, (variable, *changed))


def _here(expr: Any, swaps: list[Any]) -> Iterator[tuple[str, Any]]:
    if expr.is_Rational:
        yield f"{expr} -> {expr + 1}", expr + 1
        yield f"{expr} -> {-expr}", -expr
    elif expr.is_Symbol:
        for other in swaps:
            if other != expr:
                yield f"{expr} -> {other}", other
                break
        yield f"{expr} -> -{expr}", -expr
    elif expr.is_Add:
        for k, term in enumerate(expr.args):
            rest = sp.Add(*expr.args[:k], *expr.args[k + 1 :])
            yield f"drop term {sp.sstr(term)[:40]}", rest
            yield f"flip term {sp.sstr(term)[:40]}", rest - term
    elif expr.is_Mul:
        for k, factor in enumerate(expr.args):
            yield f"drop factor {sp.sstr(factor)[:40]}", sp.Mul(*expr.args[:k], *expr.args[k + 1 :])
        yield "double", 2 * expr
    elif expr.is_Pow:
        yield f"exponent {expr.exp} -> {expr.exp + 1}", expr.base ** (expr.exp + 1)
        yield "drop power", expr.base
    if not expr.is_Rational:
        yield f"flip {sp.sstr(expr)[:40]}", -expr

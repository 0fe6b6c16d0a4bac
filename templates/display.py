"""From equations to displays that fit a column: print, break, and name large parts when breaking is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..symbolic.claim import Equation
from .auxiliary import Abbreviated, AuxiliaryNames, best_candidate
from .linebreak import NUMBER, Layout, TooWide, break_display
from .printer import FormulaPrinter

_MOST_NAMES = 24


@dataclass(frozen=True)
class Display:
    """The lines of a display and the display of the auxiliary quantities it uses, if any."""

    main: Layout
    definitions: Layout | None = None
    meaning: Abbreviated | None = None


def set_equations(
    equations: Sequence[Equation], printer: FormulaPrinter, column: float, names: AuxiliaryNames
) -> Display:
    """Set equations in a column of the given width (points); every line fits.

    Raises TooWide when a part can neither be broken nor named.
    """
    line = column - NUMBER
    # a narrow column bears more lines before it is worth interrupting the reader with names
    budget = 6 + 2 * (column < 300) + len(equations)
    state = Abbreviated(tuple(equations))
    while True:
        failure, obstacle = None, ""
        try:
            display = _attempt(state, printer, column)
            if len(display.main.lines) <= budget:
                return display
        except TooWide as error:
            display, failure, obstacle = None, error, error.latex
        found = best_candidate(state, printer, line, obstacle) if len(state.definitions) < _MOST_NAMES else None
        if found is None:
            if display is None:
                raise failure or TooWide("", 0, line)
            return display
        state = state.naming(found, names.fresh(found))


def _attempt(state: Abbreviated, printer: FormulaPrinter, column: float) -> Display:
    rows = [printer.equation(e) for e in state.equations]
    ends = [","] * (len(rows) - 1) + ["."]
    definitions = None
    if state.definitions:
        named = [(printer.doprint(symbol), "=", printer.doprint(expr)) for symbol, expr in state.ordered()]
        definitions = break_display(named, column, [","] * (len(named) - 1) + ["."], printer.macros)
    return Display(break_display(rows, column, ends, printer.macros), definitions, state)

"""A System made ready for numbers: residual, Jacobian, definitions and observables in three arithmetics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp
from flint import arb

from ..symbolic.balls import enclose, real_enclosures
from ..symbolic.claim import Equation
from ..symbolic.errors import BadInput, NotDerivable
from ..symbolic.quantity import free_atoms
from ..symbolic.replica.mean import level_of
from ..symbolic.replica.mean_calculus import stein
from ..symbolic.system import System
from .tape import Arithmetic, Tape


class Compiled:
    """F(unknowns; parameters) = 0 with its Jacobian, and what is read off at the root.

    parameters: the atoms that need values, in canonical order.
    Balls answer certificates, a tape answers floats and mpmath numbers; both come from the same expressions.
    """

    def __init__(self, system: System):
        self.system = system
        self.unknowns = [unknown.symbol for unknown in system.unknowns]
        self.definitions = list(system.definitions)
        defined = dict(self.definitions)
        # Equations and brackets are stated in the unknowns and parameters; a shorthand for parameters may occur.
        self.residual = [_inline(_difference(equation), self.definitions) for equation in system.equations]
        if len(self.residual) != len(self.unknowns):
            raise BadInput(f"{len(self.residual)} equations for {len(self.unknowns)} unknowns")
        self.jacobian = [[_slope(f, x) for x in self.unknowns] for f in self.residual]
        self.low, self.high, self.start = (
            [_inline(getattr(u, end), self.definitions) for u in system.unknowns] for end in ("low", "high", "start")
        )
        self.observables = {name: _entries(value) for name, value in system.observables.items()}
        expressions = [e for ends in (self.residual, self.low, self.high, self.start) for e in ends if e is not None]
        expressions += [e for _, e in self.definitions]
        expressions += [e for entries in self.observables.values() for e in entries if not isinstance(e, str)]
        found = {atom for e in expressions for atom in free_atoms(e)} | {a for a, _ in [system.continuation or (0, 0)]}
        bound = {*self.unknowns, *defined, 0}
        self.parameters = sorted(found - bound, key=sp.default_sort_key)

    # -- floats and mpmath ---------------------------------------------------------------------------------------

    @cached_property
    def _newton_tape(self) -> Tape:
        flat = [entry for row in self.jacobian for entry in row]
        return Tape([*self.parameters, *self.unknowns], [*self.residual, *flat])

    @cached_property
    def _end_tape(self) -> Tape:
        ends = [end for end in (*self.low, *self.high, *self.start) if end is not None and not end.is_infinite]
        return Tape(self.parameters, ends)

    @cached_property
    def _observable_tape(self) -> Tape:
        outputs = [e for entries in self.observables.values() for e in entries if not isinstance(e, str)]
        return Tape([*self.parameters, *self.unknowns], outputs, self.definitions)

    def newton(self, arithmetic: Arithmetic, parameters: Sequence[Any], unknowns: Sequence[Any]) -> tuple[list, list]:
        """(F, J) at a point: n values, and n rows of n values."""
        values = self._newton_tape.run(arithmetic, [*parameters, *unknowns])
        n = len(self.unknowns)
        return values[:n], [values[n + n * i : 2 * n + n * i] for i in range(n)]

    def ends(self, arithmetic: Arithmetic, parameters: Sequence[Any]) -> tuple[list, list, list]:
        """(low, high, start) of every unknown; None where the system names none, and infinite ends as floats."""
        values = iter(self._end_tape.run(arithmetic, list(parameters)))

        def value(end: Any) -> Any:
            if end is None:
                return None
            return float(end) if end.is_infinite else next(values)

        low, high, start = ([value(e) for e in ends] for ends in (self.low, self.high, self.start))
        return low, high, start

    def observe(self, arithmetic: Arithmetic, parameters: Sequence[Any], unknowns: Sequence[Any]) -> dict[str, list]:
        """Observables by name, entry by entry; answers in words stay text."""
        values = iter(self._observable_tape.run(arithmetic, [*parameters, *unknowns]))
        return {
            name: [e if isinstance(e, str) else next(values) for e in entries]
            for name, entries in self.observables.items()
        }

    @property
    def nested(self) -> bool:
        """Whether means stand inside means: then every bit of precision is dear."""
        observed = [e for entries in self.observables.values() for e in entries if not isinstance(e, str)]
        return any(level_of(e) > 1 for e in (*self.residual, *observed))

    @property
    def operations(self) -> set[str]:
        """The tape operations that residual, Jacobian and observables use."""
        return self._newton_tape.operations | self._observable_tape.operations

    # -- balls ---------------------------------------------------------------------------------------------------

    def residual_balls(self, at: Mapping[Any, Any], prec: int) -> list[arb]:
        return real_enclosures(self.residual, at, prec)

    def jacobian_balls(self, at: Mapping[Any, Any], prec: int) -> list[list[arb]]:
        n, flat = len(self.unknowns), [entry for row in self.jacobian for entry in row]
        entries = real_enclosures(flat, at, prec)
        return [entries[n * i : n * i + n] for i in range(n)]

    def defined_balls(self, at: Mapping[Any, Any], prec: int) -> dict[Any, Any]:
        """`at` together with enclosures of the definitions, in order; a definition may be complex."""
        values = dict(at)
        for symbol, expr in self.definitions:
            values[symbol] = enclose(expr, values, prec)
        return values


@lru_cache(maxsize=512)
def _slope(f: Any, x: Any) -> Any:
    """df/dx; of means inside means after integration by parts, which leaves far fewer different ones."""
    rate = sp.diff(f, x)
    if level_of(rate) > 1:
        try:
            return stein(rate)
        except NotDerivable:
            pass
    return rate


def _difference(equation: Any) -> Any:
    if isinstance(equation, Equation):
        return sp.S(equation.difference)
    if isinstance(equation, sp.Equality):
        sides: Any = equation.args
        return sides[0] - sides[1]
    return sp.S(equation)


def _entries(value: Any) -> list[Any]:
    items = list(value) if isinstance(value, list | tuple) else [value]
    return [item if isinstance(item, str) else sp.S(item) for item in items]


def _inline(expr: Any, definitions: Sequence[tuple[Any, Any]]) -> Any:
    """The expression without defined symbols; a later definition may use earlier ones, so go backwards."""
    if expr is None:
        return None
    expr = sp.S(expr)
    for symbol, value in reversed(definitions):
        if expr.has(symbol):
            expr = expr.xreplace({symbol: value})
    return expr

"""Certified values: case -> system -> root -> definitions -> observables, at the precision the digits need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import arb

from ..symbolic.balls import bits, real_enclosure
from ..symbolic.decimals import certified_text, exact_text
from ..symbolic.errors import BadInput, NotCertified, OutsideDomain, QuenchedError
from ..symbolic.search import Search
from ..symbolic.system import Model
from ..symbolic.values import Certified
from .compile import Compiled
from .minimise import least
from .point import Point, read_point
from .solve import Root, parameter_values, solver_at

GUARD_BITS = 64


def evaluate(model: Model, name: str, at: Mapping[str, Any], digits: int = 15) -> Certified | list[Certified]:
    """The result `name` of a model at an exact point, `digits` significant digits certified; a list for a vector.

    at: exact values by parameter name: int, Fraction, SymPy rational or text (`1/2`, `0.3`, `3,3/2`); no floats.
    value and radius are decimal strings with |true - value| <= radius. Exact results (rationals, and zeros that are
    zeros identically) have radius "0" where the decimal is exact; answers in words have a word and no value.
    The working precision doubles until the digits are certain.
    Raises UnknownName, BadInput, OutsideDomain; NotCertified (exit code 4) with what was reached.
    """
    if digits < 1:
        raise BadInput(f"{digits} digits: ask for at least one")
    result = model.result(name)
    point = read_point(model, at, name)
    case = model.case(point.values)
    system = model.system(case, point.lengths, (name,))
    try:
        answers = answered(system, point, case, name, digits)
    except QuenchedError as error:
        error.args = (f"{name} at {point} (case {case}): {error}",)
        raise
    return answers if result.kind != "scalar" else answers[0]


def answered(system: Any, point: Point, case: str, name: str, digits: int) -> list[Certified]:
    """The entries of a result: of a System by solving it, of a search for a minimum by comparing its candidates."""
    if isinstance(system, Search):
        return least(system, point, case, name, digits, certified_answers)
    return certified_answers(Compiled(system), point, case, name, digits)


def certified_answers(
    compiled: Compiled, point: Point, case: str, name: str, digits: int, floor: str | None = None
) -> list[Certified]:
    """The entries of one observable of a compiled system at an exact point.

    floor: a value proved to be smaller than this is given as 0 with the floor as its radius (for plots; `evaluate`
    has no floor, it never prints a 0 that is not one).
    """
    return _Evaluation(compiled, point, case, digits, floor).answers(name)


class _Evaluation:
    """One evaluation; `_pending` holds the entries that are not certain yet."""

    def __init__(self, compiled: Compiled, point: Point, case: str, digits: int, floor: str | None):
        self.compiled, self.case, self.digits, self.floor = compiled, case, digits, floor
        self.at = parameter_values(compiled, point)
        self.solver = solver_at(compiled, self.at)
        # Cancellation costs bits that no bound foresees; beyond this much a value counts as not certifiable.
        self.limit = 8 * bits(digits) + 4096

    def answers(self, name: str) -> list[Certified]:
        entries = self.compiled.observables[name]
        found: dict[int, Certified] = {}
        exact_values = _ExactValues(self.compiled, self.at)
        for i, entry in enumerate(entries):
            if isinstance(entry, str):
                found[i] = Certified(None, None, self.digits, "arb", branch=self._branch(None), word=entry)
                continue
            number = exact_values.of(entry)
            if number is not None:
                value, radius = exact_text(number, self.digits)
                found[i] = Certified(value, radius, self.digits, "arb", branch=f"{self._branch(None)}; exact rational")
        prec = bits(self.digits) + (0 if self.compiled.nested else GUARD_BITS)
        while len(found) < len(entries):
            reason = self._attempt(entries, found, prec)
            if reason is not None and 2 * prec > self.limit:
                raise NotCertified(f"{reason} (with {prec} bits); try fewer digits")
            prec *= 2
        return [found[i] for i in range(len(entries))]

    def _attempt(self, entries: list[Any], found: dict[int, Certified], prec: int) -> NotCertified | None:
        """Certify what this precision allows; the reason of the first entry that stays open."""
        try:
            root = self.solver.root(prec)
        except NotCertified as error:
            return error
        values = self.compiled.defined_balls({**self.at, **root.balls}, prec)
        reason = None
        for i, entry in enumerate(entries):
            if i in found:
                continue
            ball: arb = real_enclosure(entry, values, prec)
            try:
                value, radius = self._text(ball)
            except NotCertified as error:
                reason = reason or error
                continue
            found[i] = Certified(value, radius, self.digits, "arb", branch=self._branch(root))
        return reason

    def _text(self, ball: arb) -> tuple[str, str]:
        if self.floor is not None and ball.is_finite() and abs(ball) < arb(self.floor):
            return "0", self.floor
        return certified_text(ball, self.digits)

    def _branch(self, root: Root | None) -> str:
        parts = [f"case {self.case}", self.compiled.system.branch]
        if root is not None and root.balls:
            parts.append(f"{root.evidence}; |F| <= {root.residual}")
        return "; ".join(dict.fromkeys(parts))


class _ExactValues:
    """Values that are rational by SymPy's automatic evaluation alone: definitions and parameters substituted.

    Nothing is simplified: an expression that is a rational without being written as one goes to the balls.
    """

    def __init__(self, compiled: Compiled, at: Mapping[Any, sp.Rational]):
        self.values: dict[Any, Any] = dict(at)
        for symbol, expr in compiled.definitions:
            self.values[symbol] = self._rebuild(expr)

    def of(self, expr: Any) -> sp.Rational | None:
        value = self._rebuild(expr)
        if value.is_Rational:
            return value
        if value.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            raise OutsideDomain("the value is infinite or undefined there")
        return None

    def _rebuild(self, expr: Any) -> Any:
        return sp.S(expr).xreplace(self.values)

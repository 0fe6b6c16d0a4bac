"""Where a quantity is stationary along a curve: total derivatives, balances, thresholds, ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import equal, explicit_sums
from ..errors import NotDerivable
from ..exact import canonical, factored, factors, numerator_denominator
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .algebra import indexed, sequential

# Rates of change: (atom, how fast it changes); an entry x[i] stands for every entry of the list.
Rates = tuple[tuple[Any, Any], ...]

_BITS = 900
_STEP = sp.Rational(1, 10**60)
_SMALL = 1e-30
# Entries written out for a list.
ENTRIES = 2


def total_derivative(expr: Any, rates: Rates, name: Any = None) -> Any:
    """Sum of (d expr/d atom) * rate; a sum over entries is differentiated entry by entry.

    With a `name` for the expression, a quotient X/Y gives (X' - name Y')/Y.
    """
    numerator, denominator = sp.fraction(expr)
    if name is not None and any(denominator.has(atom) for atom, _ in rates):
        return (total_derivative(numerator, rates) - name * total_derivative(denominator, rates)) / denominator
    totals = sorted(expr.atoms(sp.Sum), key=sp.default_sort_key)
    names = {total: sp.Dummy() for total in totals}
    outer, back = expr.xreplace(names), {name: total for total, name in names.items()}
    found = sp.Integer(0)
    for atom, rate in rates:
        found += sp.diff(outer, atom) * rate
    for total, name in names.items():
        inner = sp.Add(*(factored(sp.diff(total.function, atom)) * rate for atom, rate in rates))
        if inner != 0:
            found += sp.diff(outer, name) * pulled(sp.Sum(inner, *total.limits))
    return found.xreplace(back)


def pulled(total: Any) -> Any:
    """A sum with the factors that do not depend on its index in front."""
    outer, inner = total.function.as_independent(total.limits[0][0], as_Add=False)
    return outer * sp.Sum(inner, *total.limits)


def along(rates: Rates, point: Mapping[Any, Any], step: Any) -> dict[Any, Any]:
    """The point moved by `step` along the rates; rates of list entries are taken at each entry."""
    moved = dict(point)
    for atom, rate in rates:
        for entry, speed in _entries(atom, rate):
            if entry in point:
                moved[entry] = point[entry] + step * speed.xreplace(dict(point))
    return moved


def _entries(atom: Any, rate: Any) -> list[tuple[Any, Any]]:
    if not isinstance(atom, sp.Indexed):
        return [(atom, sp.S(rate))]
    (index,) = atom.indices
    places = (sp.Integer(k) for k in range(1, ENTRIES + 1))
    return [(atom.base[k], sp.S(rate).xreplace({index: k})) for k in places]


def rate_atoms(rates: Rates) -> set[Any]:
    return {a for atom, rate in rates for entry, speed in _entries(atom, rate) for a in (entry, *free_atoms(speed))}


def quotient(expr: Any, start: Mapping[Any, Any], end: Mapping[Any, Any], step: Any = _STEP) -> Any:
    """(expr at `end` - expr at `start`)/step as a ball."""
    with balls.working(_BITS):
        rise = balls.enclose(expr, end, _BITS) - balls.enclose(expr, start, _BITS)
        return rise / balls.exact_ball(step)


def shown(point: Mapping[Any, Any]) -> list[tuple[str, str]]:
    return [(str(k), str(v)) for k, v in point.items() if isinstance(v, sp.Rational)]


@dataclass(frozen=True)
class TotalDerivatives(Rule):
    """E = f(x, y, ...), dx/dt = u, dy/dt = v, ...  ->  dE/dt = u df/dx + v df/dy + ..., for each parameter t given.

    `tables`: (name of the derivative, rates along that parameter). Lists enter as x[i] with the rate of every entry.
    """

    source: ClassVar[str] = "chain rule"
    tables: tuple[tuple[Any, Rates], ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        target = inputs[0].single
        return tuple(Equation(result, total_derivative(target.rhs, rates, target.lhs)) for result, rates in self.tables)

    def check(self, case: Case) -> Verdict:
        """The quotient of differences over a step of 10^-60 along the rates, in balls, the sums written out."""
        before = explicit_sums(case.inputs[0].rhs, ENTRIES)
        for (_, rates), after in zip(self.tables, case.output.equations):
            stated = explicit_sums(after.rhs, ENTRIES)
            atoms = {*free_atoms(before), *free_atoms(stated), *rate_atoms(rates)} - {case.inputs[0].lhs}
            for point in case.samples.points(atoms, case.given):
                slope = quotient(before, point, along(rates, point, _STEP))
                with balls.working(_BITS):
                    named = {case.inputs[0].lhs: balls.enclose(before, point, _BITS)}
                    value = balls.enclose(stated, {**point, **named}, _BITS)
                    gap = abs(slope - value) / (1 + abs(value))
                if not gap < _SMALL:
                    return refuted("difference quotient", f"distance {gap.str(3, radius=False)}", shown(point))
        return consistent("difference quotient", "3 points, step 10^-60, 30 digits")


@dataclass(frozen=True)
class ImplicitSlope(Rule):
    """p = f(y, x) at constant p  ->  dy/dx = -f_x/f_y."""

    source: ClassVar[str] = "implicit function theorem"
    unknown: Any = None
    variable: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        f = inputs[0].rhs
        return Equation(self.result, factored(-sp.diff(f, self.variable) / sp.diff(f, self.unknown)))

    def check(self, case: Case) -> Verdict:
        """Move x by 10^-60 and y by the stated slope times as much: f must not move."""
        f, stated = case.inputs[0].rhs, case.output.rhs
        rates = ((self.variable, sp.Integer(1)), (self.unknown, stated))
        for point in case.samples.points(rate_atoms(rates) | set(free_atoms(f)), case.given):
            rise = abs(quotient(f, point, along(rates, point, _STEP)))
            if not rise < _SMALL:
                return refuted("motion along the level", f"f moves at {rise.str(3, radius=False)}", shown(point))
        return consistent("motion along the level", "3 points, step 10^-60, 30 digits")


@dataclass(frozen=True)
class Balance(Rule):
    """E' = a x + b, E' = 0  ->  x = -b/a: a stationary point as a balance, solved for a quantity that enters linearly.

    `only` names the derivative in the first input that must vanish; further inputs are inserted into it. Terms in
    `apart` are kept apart.
    """

    source: ClassVar[str] = "Fermat: the derivative vanishes at an interior extremum"
    unknown: Any = None
    only: Any = None
    apart: tuple[Any, ...] = ()

    def derivative(self, claims: tuple[Claim, ...]) -> Any:
        found = [e.rhs for e in claims[0].equations if e.lhs == self.only]
        if len(found) != 1:
            raise NotDerivable(f"the claim does not state {self.only}")
        return sequential(claims[1:], found[0])

    def apply(self, *inputs: Claim) -> Equation:
        derivative = self.derivative(inputs)
        names = {t: sp.Dummy() for t in sorted(derivative.atoms(sp.Sum), key=sp.default_sort_key)}
        numerator, _ = numerator_denominator(derivative.xreplace(names))
        carrying = [f for f, _ in factors(numerator) if f.has(self.unknown) and f != self.unknown]
        if len(carrying) != 1 or sp.degree(carrying[0], self.unknown) != 1:
            raise NotDerivable(f"the derivative is not linear in {self.unknown}")
        slope, rest = sp.Poly(carrying[0], self.unknown).all_coeffs()
        parts = sp.collect(sp.expand(rest), [*names.values(), *self.apart], evaluate=False)
        back = {name: total for total, name in names.items()}
        terms = (factored(canonical(-part / slope)) * name for name, part in parts.items())
        return Equation(self.unknown, sp.Add(*terms).xreplace(back))

    def check(self, case: Case) -> Verdict:
        """Insert the solution into the derivative: it must vanish."""
        inserted = self.derivative(case.inputs).xreplace({self.unknown: case.output.rhs})
        return equal(inserted, sp.Integer(0), case.samples, case.given)


@dataclass(frozen=True)
class Threshold(Rule):
    """dE/dx = 0 at the end of the curve, solved for p  ->  the p_c at which E turns from rising to falling there.

    Inputs: the balance at the end (quantity = f(p), f proportional to p), the value of the quantity there, and the
    derivative of E with the definitions it needs; E rises at the end for p < p_c and falls for p > p_c.
    """

    source: ClassVar[str] = "at an end of an interval the sign of the derivative decides about a local minimum"
    parameter: Any = None
    result: Any = None
    derivative: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        balance, value = inputs[0].single, inputs[1].single
        per_unit = sp.diff(balance.rhs, self.parameter)
        if per_unit.has(self.parameter) or canonical(balance.rhs - per_unit * self.parameter) != 0:
            raise NotDerivable(f"the balance is not proportional to {self.parameter}")
        if balance.lhs != value.lhs:
            raise NotDerivable(f"the second input does not give {balance.lhs}")
        return Equation(self.result, value.rhs / per_unit)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(c for claim in inputs[:2] for c in claim.given))

    def check(self, case: Case) -> Verdict:
        """The derivative itself at p_c (1 -+ 10^-40) must be positive below and negative above."""
        rates, definitions = case.inputs[2], case.inputs[3:]
        (slope,) = (e.rhs for e in rates.equations if e.lhs == self.derivative)
        slope = explicit_sums(slope, ENTRIES)
        stated = explicit_sums(case.output.rhs, ENTRIES)
        tables = [_written(claim) for claim in definitions]
        atoms = {*free_atoms(stated), *(a for t in tables for e in t.values() for a in free_atoms(e))}
        atoms -= {lhs for table in tables for lhs in table} | {self.parameter}
        for point in case.samples.points(atoms, case.given):
            signs = [_sign(slope, tables, point, self.parameter, stated, side) for side in (-1, 1)]
            if signs != [1, -1]:
                return refuted("sign of the derivative", f"{signs[0]:+d} below, {signs[1]:+d} above", shown(point))
        return consistent("sign of the derivative", "3 points, + below and - above within 10^-40")


def _written(claim: Claim) -> dict[Any, Any]:
    """The definitions of a claim, list entries written out."""
    table = {}
    for equation in claim.equations:
        rhs = explicit_sums(equation.rhs, ENTRIES)
        for entry in indexed(equation.lhs, ENTRIES):
            at = {} if entry == equation.lhs else {equation.lhs.indices[0]: entry.indices[0]}
            table[entry] = rhs.xreplace(at)
    return table


def _sign(slope: Any, tables: Iterable[dict[Any, Any]], point: Any, parameter: Any, value: Any, side: int) -> int:
    """The sign of the slope with the parameter just below or above the value; 0 when it is not certain."""
    values = dict(point)
    with balls.working(_BITS):
        centre = balls.enclose(value, point, _BITS)
        values[parameter] = centre * balls.exact_ball(1 + side * sp.Rational(1, 10**40))
        if not values[parameter].real > 0:
            return 0
    for table in tables:
        free = {k: v for k, v in table.items() if not (set(free_atoms(v)) - set(values))}
        values |= {lhs: balls.enclose(rhs, values, _BITS) for lhs, rhs in free.items()}
    found = balls.real_enclosure(slope, values, _BITS)
    return 1 if found > 0 else -1 if found < 0 else 0


@dataclass(frozen=True)
class InsertEnd(Rule):
    """F(x, y, ...) with x -> x_0, y -> y_0, ...  ->  F(x_0, y_0, ...): a claim at an end of a curve.

    Inputs: the target, then claims of the values there; `angle` is the parameter of the curve and tends to `value`.
    """

    source: ClassVar[str] = "continuity at the end of the curve"
    angle: Any = None
    value: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        rhs = sequential(inputs[1:], target.rhs).xreplace({self.angle: self.value})
        totals = {s: pulled(sp.Sum(factored(s.function), *s.limits)) for s in rhs.atoms(sp.Sum)}
        return Equation(target.lhs, rhs.xreplace(totals))

    def check(self, case: Case) -> Verdict:
        """Approach the end: angle and values at distance 10^-30; the distance of the claims must be as small."""
        target = explicit_sums(case.inputs[0].rhs, ENTRIES)
        stated = explicit_sums(case.output.rhs, ENTRIES)
        tables = [_written(claim) for claim in case.inputs[1:]]
        defined = {lhs for table in tables for lhs in table} | {self.angle}
        atoms = {a for e in (target, stated, *(v for t in tables for v in t.values())) for a in free_atoms(e)} - defined
        off = sp.Rational(1, 10**30)
        for point in case.samples.points(atoms, [c for c in case.given if not c.free_symbols & defined]):
            with balls.working(_BITS):
                values = {**point, self.angle: balls.exact_ball(self.value + off)}
                for table in tables:
                    known = {k: v for k, v in table.items() if not set(free_atoms(v)) - set(point)}
                    near = {k: balls.enclose(v, point, _BITS) for k, v in known.items()}
                    values |= {k: v + balls.exact_ball(off) for k, v in near.items()}
                there = balls.enclose(stated, point, _BITS)
                gap = abs(balls.enclose(target, values, _BITS) - there) / (1 + abs(there))
            if not gap < 1e-20:
                return refuted("approach to the end", f"distance {gap.str(3, radius=False)}", shown(point))
        return consistent("approach to the end", "3 points at distance 10^-30")

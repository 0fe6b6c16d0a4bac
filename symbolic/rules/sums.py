"""Lists of any length: entries inserted under sums, components in an orthonormal frame, gradients entry by entry.

A list is an IndexedBase; an equation with a free index holds for every entry, a sum runs from 1 to the dimension.
Checks write everything out in three dimensions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS
from ..errors import NotDerivable
from ..exact import vanishes
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided, weakest
from .algebra import ALGEBRA, same_ball

DIMENSION = 3

# The constructor's annotated return type is wider than what it makes of unevaluated sums.
Sum: Any = sp.Sum


def insert(claims: Iterable[Claim], expr: Any) -> Any:
    """Replace the left-hand sides of the claims, claim after claim; x_i = g_i is used at every index."""
    for claim in claims:
        table: dict[Any, Any] = {}
        for equation in claim.equations:
            if isinstance(equation.lhs, sp.Indexed):
                table.update(_entries(equation, expr))
            else:
                table[equation.lhs] = equation.rhs
        expr = sp.S(expr).xreplace(table)
    return expr


def _entries(equation: Equation, expr: Any) -> dict[Any, Any]:
    base, index = equation.lhs.base, equation.lhs.indices[0]
    found = [e for e in sp.S(expr).atoms(sp.Indexed) if e.base == base]
    bound = {limit[0] for total in equation.rhs.atoms(sp.Sum) for limit in total.limits}
    if any(e.indices[0] in bound for e in found):
        raise NotDerivable(f"the index of {found[0]} is already summed over in the definition of {equation.lhs}")
    return {e: equation.rhs.xreplace({index: e.indices[0]}) for e in found}


def written(expr: Any, index: Any = None, entry: int = 1, size: int = DIMENSION) -> Any:
    """An expression in `size` dimensions: sums written out, the free index set to `entry`."""
    table: dict[Any, Any] = {}
    ends: dict[Any, Any] = {}
    for total in sp.S(expr).atoms(sp.Sum):
        variable, _, end = total.limits[0]
        summand: Any = total.function
        table[total] = sp.Add(*(summand.xreplace({variable: sp.Integer(k)}) for k in range(1, size + 1)))
        ends[end] = sp.Integer(size)
    expr = sp.S(expr).xreplace(table).xreplace(ends)
    return expr if index is None else expr.xreplace({index: sp.Integer(entry)})


def free_index(equation: Equation) -> Any:
    """The index that is not summed over, or None."""
    lhs = equation.lhs
    if isinstance(lhs, sp.Indexed) and isinstance(lhs.indices[0], sp.Symbol):
        return lhs.indices[0]
    return None


def entries(equation: Equation) -> list[Equation]:
    """The equation written out in three dimensions: one for every entry, or the scalar equation itself."""
    index = free_index(equation)
    places = range(1, DIMENSION + 1) if index is not None else (1,)
    return [Equation(written(equation.lhs, index, k), written(equation.rhs, index, k)) for k in places]


def numbers(claims: Iterable[Claim], values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Balls for every entry the claims define, in three dimensions; later claims may use earlier ones."""
    values = dict(values)
    for claim in claims:
        for equation in claim.equations:
            for entry in entries(equation):
                values[entry.lhs] = balls.enclose(entry.rhs, values, BITS)
    return values


def open_atoms(claims: Iterable[Claim]) -> list[Any]:
    """The atoms of the written-out right-hand sides that no left-hand side defines."""
    written_out = [e for claim in claims for equation in claim.equations for e in entries(equation)]
    defined = {e.lhs for e in written_out}
    return sorted({a for e in written_out for a in free_atoms(e.rhs)} - defined, key=sp.default_sort_key)


@dataclass(frozen=True)
class InsertEntries(Rule):
    """f(x_1, ..., x_d), x_i = g_i  ->  f(g_1, ..., g_d): definitions of entries are inserted under every sum.

    The first input is the target; the others are inserted in the order given.
    """

    source: ClassVar[str] = ALGEBRA

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        target, definitions = inputs[0], inputs[1:]
        found = tuple(Equation(e.lhs, insert(definitions, e.rhs)) for e in target.equations)
        if all(new.rhs == old.rhs for new, old in zip(found, target.equations)):
            raise NotDerivable("nothing in the target is defined by the claims to insert")
        return found

    def check(self, case: Case) -> Verdict:
        """In three dimensions: the definitions are evaluated to balls, the target at those balls."""
        target, definitions = case.inputs[0], case.inputs[:0:-1]
        verdicts = []
        atoms = open_atoms([target, *definitions, case.output])
        for point in case.samples.points(atoms, case.given):
            values = numbers(definitions, point)
            for before, after in zip(target.equations, case.output.equations):
                for old, new in zip(entries(before), entries(after)):
                    verdicts.append(same_ball(old.rhs, new.rhs, values, point))
        return weakest(verdicts)


@dataclass(frozen=True)
class EntryGradient(Rule):
    """L = L(x_1, ..., x_d)  ->  g_i = dL/dx_i, for a loss that is built from sums over the entries."""

    source: ClassVar[str] = "the chain rule"
    gradient: Any = None
    variable: Any = None
    index: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        loss = inputs[0].rhs
        total = sp.Integer(0)
        names = {s: sp.Dummy() for s in sorted(loss.atoms(sp.Sum), key=sp.default_sort_key)}
        outer = loss.xreplace(names)
        for s, name in names.items():
            j = s.limits[0][0]
            inner = sp.diff(s.function, self.variable[j]).xreplace({j: self.index})
            factor: Any = sp.diff(outer, name).xreplace({v: k for k, v in names.items()})
            total += factor * inner
        return Equation(self.gradient[self.index], sp.factor_terms(total))

    def check(self, case: Case) -> Verdict:
        """In three dimensions, by symmetric differences of the loss in balls."""
        loss = written(case.inputs[0].rhs)
        verdicts = []
        for point in case.samples.points([*free_atoms(loss), *open_atoms([case.output])], case.given):
            for k, entry in enumerate(entries(case.output.single), start=1):
                slope = secant(loss, point, {self.variable[k]: sp.Integer(1)})
                verdicts.append(close(slope, balls.enclose(entry.rhs, point, BITS), point))
        return weakest(verdicts)


def secant(expr: Any, point: Mapping[Any, Any], direction: Mapping[Any, Any]) -> Any:
    """(f(x + h v) - f(x - h v))/(2 h) with h = 10^-30, a ball; its distance to the derivative is O(h^2)."""
    with balls.working(4 * BITS):
        step = balls.exact_ball(sp.Rational(1, 10**30))
        base = {atom: balls.exact_ball(value) for atom, value in point.items()}
        ends = []
        for sign in (1, -1):
            shifted = {a: base[a] + sign * step * balls.exact_ball(v) for a, v in direction.items()}
            ends.append(balls.enclose(expr, {**base, **shifted}, 4 * BITS))
        return (ends[0] - ends[1]) / (2 * step)


def close(found: Any, stated: Any, point: Mapping[Any, Any], digits: int = 40) -> Verdict:
    """Whether a numerical value (a ball) agrees with the stated one to `digits` digits."""
    with balls.working(BITS):
        gap = abs(found - stated)
        if not gap.is_finite():
            return undecided("balls at rational points", "no finite enclosure")
        limit = (1 + abs(stated).abs_upper()) * balls.exact_ball(sp.Rational(1, 10**digits)).real
        if gap > limit:
            at = [(str(k), str(v)) for k, v in point.items()]
            return refuted("balls at rational points", f"the values differ by {gap.str(5)}", at)
        if gap < limit:
            return consistent("balls at rational points", f"{digits} digits at every point")
    return undecided("balls at rational points", "the enclosures are too wide")


@dataclass(frozen=True)
class FrameComponents(Rule):
    """w_i = p u_i + q v_i, u.u = v.v = 1, u.v = 0  ->  every sum over entries becomes a polynomial in p and q.

    Inputs: the target and the frame (definitions of entries by u and v, and the values of the three inner products).
    An equation for w'_i splits into its components: `components` lists (w', (p', q')).
    """

    source: ClassVar[str] = "orthonormal decomposition; u and v do not depend on time"
    components: tuple[tuple[Any, tuple[Any, Any]], ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        target, frame = inputs
        products = _inner_products(frame)
        definitions = _definitions(frame)
        units = _units(frame)
        found = []
        for equation in target.equations:
            rhs = insert([definitions], equation.rhs)
            rhs = rhs.xreplace({s: _contract(s, products) for s in rhs.atoms(sp.Sum)})
            if isinstance(equation.lhs, sp.Indexed):
                found.extend(self._split(equation.lhs, rhs, units))
            elif rhs.has(*units):
                raise NotDerivable(f"a component is left over in {rhs}")
            else:
                found.append(Equation(equation.lhs, rhs))
        return tuple(found)

    def _split(self, lhs: Any, rhs: Any, units: tuple[Any, ...]) -> list[Equation]:
        names = dict(self.components)[lhs.base]
        here = [unit[lhs.indices[0]] for unit in units]
        parts = [sp.expand(rhs).coeff(unit) for unit in here]
        if sp.expand(rhs - sum(p * u for p, u in zip(parts, here))) != 0:
            raise NotDerivable(f"{lhs} leaves the plane of the frame")
        return [Equation(name, _grouped(part)) for name, part in zip(names, parts)]

    def check(self, case: Case) -> Verdict:
        """In three dimensions with the rational frame u = (1, 2, 2)/3, v = (2, 1, -2)/3."""
        target, frame = case.inputs
        vectors = [sp.Matrix([1, 2, 2]) / 3, sp.Matrix([2, 1, -2]) / 3]
        axes = {u[k]: v[k - 1] for u, v in zip(_units(frame), vectors) for k in range(1, DIMENSION + 1)}
        definitions = _definitions(frame)
        atoms = open_atoms([target, definitions, case.output])
        verdicts = []
        for point in case.samples.points([a for a in atoms if a not in axes], case.given):
            values = numbers([definitions, case.output], {**point, **axes})
            for equation in target.equations:
                for entry in entries(equation):
                    left = values.get(entry.lhs)
                    if isinstance(equation.lhs, sp.Indexed):
                        names = dict(self.components)[equation.lhs.base]
                        k = entry.lhs.indices[0]
                        with balls.working(BITS):
                            left = sum(values[n] * values[u[k]] for n, u in zip(names, _units_as_balls(frame, values)))
                    verdicts.append(close(balls.enclose(entry.rhs, values, BITS), left, point))
        return weakest(verdicts)


def _units_as_balls(frame: Claim, values: dict[Any, Any]) -> tuple[Any, ...]:
    for unit in _units(frame):
        for k in range(1, DIMENSION + 1):
            values[unit[k]] = balls.exact_ball(values[unit[k]])
    return _units(frame)


def _definitions(frame: Claim) -> Claim:
    return Claim(frame.label, tuple(e for e in frame.equations if isinstance(e.lhs, sp.Indexed)))


def _inner_products(frame: Claim) -> dict[Any, Any]:
    """Products of frame entries under the sum -> their value, with the summation index of the frame claim."""
    return {e.lhs.function: (e.lhs.limits[0][0], e.rhs) for e in frame.equations if isinstance(e.lhs, sp.Sum)}


def _units(frame: Claim) -> tuple[Any, ...]:
    """The bases u and v, in the order in which their squares are listed."""
    squares: list[Any] = [
        e.lhs.function for e in frame.equations if isinstance(e.lhs, sp.Sum) and e.lhs.function.is_Pow
    ]
    return tuple(square.base.base for square in squares)


def _contract(total: Any, products: Mapping[Any, Any]) -> Any:
    """sum_j of a polynomial in the frame entries, by the inner products."""
    j = total.limits[0][0]
    table = {f.xreplace({index: j}): value for f, (index, value) in products.items()}
    here = sorted({e for f in table for e in f.atoms(sp.Indexed)}, key=sp.default_sort_key)
    poly = sp.Poly(total.function, *here)
    value = sp.Integer(0)
    for powers, coefficient in poly.terms():
        monomial = sp.Mul(*(e**n for e, n in zip(here, powers)))
        if monomial not in table:
            raise NotDerivable(f"the frame does not say what the sum of {monomial} is")
        value += coefficient * table[monomial]
    return _grouped(value)


def _grouped(expr: Any) -> Any:
    """Factored where that is shorter, else expanded."""
    expanded, factored = sp.expand(expr), sp.factor(expr)
    return min((factored, expanded), key=lambda e: (e.count_ops(), sp.default_sort_key(e)))


def vanishing(expr: Any) -> bool:
    """Whether a sum of sums is proved to be zero."""
    return vanishes(sp.expand(expr)) is True

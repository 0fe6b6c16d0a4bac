"""Gradient flows: chain rule, derivatives along a flow, reduction by a conserved quantity, scalar equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..equality import BITS, equal
from ..errors import NotDerivable
from ..exact import canonical
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .algebra import ALGEBRA
from .sums import DIMENSION, Sum, close, entries, free_index, insert, numbers, open_atoms, secant, vanishing

CALCULUS = "the chain rule"


@dataclass(frozen=True)
class ParameterGradient(Rule):
    """x_i = f_i(theta)  ->  dL/dtheta = sum_i g_i df_i/dtheta, for every differentiable loss L(x), g = dL/dx.

    `slopes` lists (parameter, its gradient symbol); for a list parameter f_i may depend on its i-th entry only.
    """

    source: ClassVar[str] = CALCULUS
    outer: Any = None
    slopes: tuple[tuple[Any, Any], ...] = ()
    sum_index: Any = None
    size: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        reason = "the flow is defined by the gradient of the loss"
        return (Assumption("differentiable-loss", "The loss is a differentiable function of the predictor.", reason),)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        equation = inputs[0].single
        i, j = free_index(equation), self.sum_index
        found = []
        for parameter, slope in self.slopes:
            if isinstance(parameter, sp.IndexedBase):
                found.append(Equation(slope[i], self.outer[i] * sp.diff(equation.rhs, parameter[i])))
            else:
                term = self.outer[j] * sp.diff(equation.rhs.xreplace({i: j}), parameter)
                found.append(Equation(slope, Sum(term, (j, 1, self.size))))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """For L = x_1^3 + 2 x_2^3 + 3 x_3^3 + 5 x_1 x_2 x_3, by symmetric differences of L(f(theta))."""
        outputs = entries(case.inputs[0].single)
        xs = [sp.Dummy(f"x{k}", real=True) for k in range(DIMENSION)]
        loss = sp.Add(*((k + 1) * x**3 for k, x in enumerate(xs)), 5 * sp.Mul(*xs))
        at = dict(zip(xs, (e.rhs for e in outputs)))
        composed = loss.xreplace(at)
        inner = {self.outer[k + 1]: sp.diff(loss, x).xreplace(at) for k, x in enumerate(xs)}
        verdicts = []
        for point in case.samples.points(free_atoms(composed), case.given):
            for (parameter, _), stated in zip(self.slopes, case.output.equations):
                for k, entry in enumerate(entries(stated), start=1):
                    atom = parameter[k] if isinstance(parameter, sp.IndexedBase) else parameter
                    slope = secant(composed, point, {atom: sp.Integer(1)})
                    verdicts.append(close(slope, balls.enclose(entry.rhs.xreplace(inner), point, BITS), point))
        return weakest(verdicts)


def derivative(expr: Any, velocities: Mapping[Any, Any]) -> Any:
    """The derivative of an expression along a flow: sum over its atoms of (d expr/d atom) * velocity."""
    names = {s: sp.Dummy() for s in sorted(expr.atoms(sp.Sum), key=sp.default_sort_key)}
    outer = expr.xreplace(names)
    back = {name: s for s, name in names.items()}
    total = sp.Integer(0)
    for s, name in names.items():
        moved = Sum(_along(s.function, velocities), *s.limits)
        total += sp.diff(outer, name).xreplace(back) * moved
    return total + _along(outer, velocities).xreplace(back)


def _along(expr: Any, velocities: Mapping[Any, Any]) -> Any:
    total = sp.Integer(0)
    for atom in free_atoms(expr):
        if isinstance(atom, sp.Indexed) and atom.base in velocities:
            index, velocity = velocities[atom.base]
            total += sp.diff(expr, atom) * velocity.xreplace({index: atom.indices[0]})
        elif atom in velocities:
            total += sp.diff(expr, atom) * velocities[atom]
    return total


@dataclass(frozen=True)
class AlongFlow(Rule):
    """x = f(z), z' = v(z)  ->  x' = f'(z) v(z): the rate of change of a quantity along the flow.

    `rates` lists (z, z') as they are named in the flow claim; `rate` is the name of x'. For a variable in `squares`
    the flow claim states the rate of its square.
    """

    source: ClassVar[str] = CALCULUS
    rate: Any = None
    rates: tuple[tuple[Any, Any], ...] = ()
    squares: tuple[Any, ...] = ()

    def velocities(self, flow: Claim) -> dict[Any, Any]:
        table: dict[Any, Any] = {}
        for variable, rate in self.rates:
            for equation in flow.equations:
                if isinstance(equation.lhs, sp.Indexed) and equation.lhs.base == rate:
                    table[variable] = (equation.lhs.indices[0], equation.rhs)
                elif equation.lhs == rate:
                    table[variable] = equation.rhs / (2 * variable) if variable in self.squares else equation.rhs
        return table

    def apply(self, *inputs: Claim) -> Equation:
        target, flow = inputs[0].single, inputs[1]
        found = sp.expand(derivative(target.rhs, self.velocities(flow)))
        index = free_index(target)
        name = self.rate if index is None else self.rate[index]
        return Equation(name, sp.Integer(0) if vanishing(found) else sp.factor_terms(found))

    def check(self, case: Case) -> Verdict:
        """In three dimensions, by symmetric differences along the velocity, without symbolic derivatives."""
        target, flow = case.inputs[:2]
        verdicts = []
        for point in case.samples.points(open_atoms([target, flow, case.output]), case.given):
            moved = self.moves(numbers([flow], point), point)
            for before, after in zip(entries(target.single), entries(case.output.single)):
                slope = secant(before.rhs, point, moved)
                verdicts.append(close(slope, balls.enclose(after.rhs, point, BITS), point))
        return weakest(verdicts)

    def moves(self, values: Mapping[Any, Any], point: Mapping[Any, Any]) -> dict[Any, Any]:
        """atom -> velocity for every atom of the point that moves."""
        table = {}
        for atom in point:
            for variable, rate in self.rates:
                if isinstance(atom, sp.Indexed) and atom.base == variable:
                    table[atom] = values[rate[atom.indices[0]]]
                elif atom == variable:
                    slower = 2 * atom if atom in self.squares else sp.Integer(1)
                    table[atom] = balls.enclose(rate / slower, values, BITS)
        return table


@dataclass(frozen=True)
class Select(Rule):
    """(E_1, ..., E_n)  ->  E_k: the equations for some of the left-hand sides."""

    source: ClassVar[str] = ALGEBRA
    lhs: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        table = {e.lhs: e for e in inputs[0].equations}
        return tuple(table[name] for name in self.lhs)

    def check(self, case: Case) -> Verdict:
        table = inputs_by_name(case.inputs[0])
        return weakest(equal(e.rhs, table[e.lhs], case.samples, case.given) for e in case.output.equations)


def inputs_by_name(claim: Claim) -> dict[Any, Any]:
    return {e.lhs: e.rhs for e in claim.equations}


@dataclass(frozen=True)
class ReduceModulo(Rule):
    """f modulo the relations  x = g  ->  the same quantity with the leading powers of `eliminate` replaced.

    The first input is the target; the others define x (a conserved quantity, an energy) as polynomials g. Division
    is by the relations x - g in the lexicographic order that puts `eliminate` first.
    """

    source: ClassVar[str] = "polynomial division"
    eliminate: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        relations = [sp.expand(e.difference) for claim in inputs[1:] for e in claim.equations]
        known = {a for f in (*relations, *(e.rhs for e in inputs[0].equations)) for a in free_atoms(f)}
        others = sorted(known - set(self.eliminate), key=sp.default_sort_key)
        basis = sp.groebner(relations, *self.eliminate, order="lex", domain=sp.QQ.frac_field(*others))
        found = []
        for equation in inputs[0].equations:
            rest = basis.reduce(sp.expand(equation.rhs))[1]
            found.append(Equation(equation.lhs, sp.expand(canonical(rest)), equation.relation))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """With the relations inserted on both sides: balls refute, the exact normal form proves."""
        pairs = zip(case.inputs[0].equations, case.output.equations)
        relations = case.inputs[1:]
        return weakest(
            equal(insert(relations, before.rhs), insert(relations, after.rhs), case.samples, case.given)
            for before, after in pairs
        )


@dataclass(frozen=True)
class RatioRate(Rule):
    """n = f(x, y) of degree 0, (x, y)' linear  ->  n' = polynomial in n: a Riccati equation.

    Inputs: the ratio and the linear flow; for the check, the same ratio in the original variables, their nonlinear
    flow, and the conserved quantities that occur. `solve_for` is the variable replaced by the ratio.
    """

    source: ClassVar[str] = "a linear flow acts on ratios by a Riccati equation"
    rate: Any = None
    rates: tuple[tuple[Any, Any], ...] = ()
    solve_for: Any = None
    original: tuple[tuple[Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        ratio, flow = inputs[0].single, inputs[1]
        velocities = AlongFlow(self.rate, self.rates).velocities(flow)
        moved = derivative(ratio.rhs, velocities)
        slope = sp.diff(ratio.rhs, self.solve_for)
        if slope.has(self.solve_for):
            raise NotDerivable(f"the ratio is not linear in {self.solve_for}")
        found = sp.expand(canonical(moved.xreplace({self.solve_for: ratio.lhs / slope})))
        if found.has(*(variable for variable, _ in self.rates)):
            raise NotDerivable(f"the rate {found} is not a function of the ratio alone")
        return Equation(self.rate, found)

    def check(self, case: Case) -> Verdict:
        """The quotient of the original variables, differentiated along their nonlinear flow."""
        ratio, flow, conserved = case.inputs[2:5]
        moved = derivative(ratio.rhs, AlongFlow(self.rate, self.original).velocities(flow))
        stated = insert([ratio, conserved], case.output.rhs)
        return equal(stated, moved, case.samples, case.given)


@dataclass(frozen=True)
class Bernoulli(Rule):
    """x' = -r x - g x^3, x(0) = x0  ->  x = x0 e^(-r t)/sqrt(1 + (g x0^2/r)(1 - e^(-2 r t)))."""

    source: ClassVar[str] = "Bernoulli's equation: 1/x^2 obeys a linear equation"
    variable: Any = None
    initial: Any = None
    time: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        poly = sp.Poly(inputs[0].rhs, self.variable)
        if any(n not in (1, 3) for (n,) in poly.monoms()):
            raise NotDerivable(f"{inputs[0].rhs} is not of the form -r x - g x^3")
        r, g = -poly.nth(1), -poly.nth(3)
        fading = sp.exp(-2 * r * self.time)
        root = sp.sqrt(1 + g * self.initial**2 / r * (1 - fading))
        return Equation(self.variable, self.initial * sp.exp(-r * self.time) / root)

    def check(self, case: Case) -> Verdict:
        """The stated function obeys the equation and starts at x0; exact normal forms."""
        stated = case.output.rhs
        field = case.inputs[0].rhs.xreplace({self.variable: stated})
        start = equal(stated.subs(self.time, 0), self.initial, case.samples, case.given)
        return weakest([start, equal(sp.diff(stated, self.time), field, case.samples, case.given)])


@dataclass(frozen=True)
class Companion(Rule):
    """x' = h x, y' = k y, h - k = -r constant, x known  ->  y = y0 (x/x0) e^(r t).

    Inputs: the two equations (x first), and the solution x(t).
    """

    source: ClassVar[str] = "the logarithmic derivatives differ by a constant"
    known: Any = None
    variable: Any = None
    starts: tuple[Any, Any] = (None, None)
    time: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        first, second, solution = inputs
        gap = canonical(first.rhs / self.known - second.rhs / self.variable)
        if gap.has(self.known, self.variable):
            raise NotDerivable(f"the logarithmic derivatives differ by {gap}, which moves")
        x0, y0 = self.starts
        return Equation(self.variable, y0 * solution.rhs / x0 * sp.exp(-gap * self.time))

    def check(self, case: Case) -> Verdict:
        """The stated function obeys its own equation and starts at y0."""
        stated = case.output.rhs
        field = case.inputs[1].rhs.xreplace({self.known: case.inputs[2].rhs, self.variable: stated})
        start = equal(stated.subs(self.time, 0), self.starts[1], case.samples, case.given)
        return weakest([start, equal(sp.diff(stated, self.time), field, case.samples, case.given)])

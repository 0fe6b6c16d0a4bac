"""From a symmetry of the loss to a conserved quantity of its gradient flow: generator, one-form, potential.

A flow theta' = -eta grad L conserves Q whenever grad Q = eta^-1 xi and xi.grad L = 0; so a symmetry gives a
conserved quantity exactly when the one-form eta^-1 xi is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .sums import Sum, close, entries, free_index, numbers, open_atoms, secant, vanishing, written

NOETHER = "E. Noether, Invariante Variationsprobleme, 1918; Kunin et al., Neural Mechanics, 2021"


@dataclass(frozen=True)
class Generator(Rule):
    """theta(c), theta(0) = theta  ->  xi = d theta(c)/dc at c = 0; `names` are those of the generator's entries."""

    source: ClassVar[str] = NOETHER
    parameter: Any = None
    names: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for name, equation in zip(self.names, inputs[0].equations):
            index = free_index(equation)
            slope = sp.diff(equation.rhs, self.parameter).subs(self.parameter, 0)
            found.append(Equation(name if index is None else name[index], slope))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """By symmetric differences in the parameter, in balls."""
        verdicts = []
        for before, after in zip(case.inputs[0].equations, case.output.equations):
            for family, stated in zip(entries(before), entries(after)):
                atoms = [*free_atoms(family.rhs), *free_atoms(stated.rhs)]
                for point in case.samples.points([a for a in atoms if a != self.parameter], case.given):
                    slope = secant(
                        family.rhs, {**point, self.parameter: sp.Integer(0)}, {self.parameter: sp.Integer(1)}
                    )
                    verdicts.append(close(slope, balls.enclose(stated.rhs, point, BITS), point))
        return weakest(verdicts)


@dataclass(frozen=True)
class Invariance(Rule):
    """xi, grad L  ->  dL/dc = xi.grad L = 0: the symmetry leaves the loss unchanged, or the rule does not apply.

    `pairs` lists (entry of the generator, entry of the gradient); products of lists are summed.
    """

    source: ClassVar[str] = NOETHER
    rate: Any = None
    pairs: tuple[tuple[Any, Any], ...] = ()
    sum_index: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        generator, gradient = inputs
        table = {**_by_base(generator), **_by_base(gradient)}
        total: Any = sp.Integer(0)
        for xi, slope in self.pairs:
            (i, left), (k, right) = table[xi], table[slope]
            if i is None:
                total += left * right
            else:
                term = (left.xreplace({i: self.sum_index})) * right.xreplace({k: self.sum_index})
                total += Sum(term, (self.sum_index, 1, self.size))
        if not vanishing(total):
            raise NotDerivable(f"the loss changes along the generator at the rate {total}")
        return Equation(self.rate, sp.Integer(0))

    def check(self, case: Case) -> Verdict:
        """In three dimensions, entry by entry in balls."""
        verdicts = []
        for point in case.samples.points(open_atoms([*case.inputs, case.output]), case.given):
            values = numbers(case.inputs, point)
            with balls.working(BITS):
                total = balls.exact_ball(0)
                for xi, slope in self.pairs:
                    ends = [(a, slope[a.indices[0]]) for a in values if isinstance(a, sp.Indexed) and a.base == xi]
                    total += sum(values[a] * values[b] for a, b in ends or [(xi, slope)])
            verdicts.append(close(total, balls.enclose(case.output.rhs, values, BITS), point))
        return weakest(verdicts)


def _by_base(claim: Claim) -> dict[Any, tuple[Any, Any]]:
    table = {}
    for equation in claim.equations:
        index = free_index(equation)
        table[equation.lhs if index is None else equation.lhs.base] = (index, equation.rhs)
    return table


@dataclass(frozen=True)
class MixedPartials(Rule):
    """theta = theta_a da + sum_i theta_i dw_i  ->  its mixed partial derivatives differ by these curls (0 = closed).

    `scalar` and `entry` are (variable, component of the form); `names` are those of the two kinds of curls.
    """

    source: ClassVar[str] = "a one-form on a simply connected domain is exact iff it is closed"
    scalar: tuple[Any, Any] = (None, None)
    entry: tuple[Any, Any] = (None, None)
    names: tuple[Any, Any] = (None, None)
    indices: tuple[Any, Any] = (None, None)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        table = _by_base(inputs[0])
        (a, form_a), (w, form_w), (i, j) = self.scalar, self.entry, self.indices
        along_a = table[form_a][1]
        index, along_w = table[form_w]
        first, second = along_w.xreplace({index: i}), along_w.xreplace({index: j})
        mixed = sp.diff(along_a, w[i]) - sp.diff(first, a)
        among = sp.diff(first, w[j]) - sp.diff(second, w[i])
        return (Equation(self.names[0], sp.expand(mixed)), Equation(self.names[1], sp.expand(among)))

    def check(self, case: Case) -> Verdict:
        """Stokes: the integral of the form around unit squares in the (a, w_1) and (w_1, w_2) planes."""
        form = {e.lhs: e.rhs for equation in case.inputs[0].equations for e in entries(equation)}
        (a, form_a), (w, form_w) = self.scalar, self.entry
        planes = [((a, form_a), (w[1], form_w[1])), ((w[2], form_w[2]), (w[1], form_w[1]))]
        verdicts = []
        for plane, stated in zip(planes, case.output.equations):
            loop = _circulation(plane, form)
            for point in case.samples.points([*free_atoms(loop), *free_atoms(stated.rhs)], case.given):
                verdicts.append(close(balls.enclose(loop, point, BITS), balls.enclose(stated.rhs, point, BITS), point))
        return weakest(verdicts)


@dataclass(frozen=True)
class PlaneCurl(Rule):
    """theta = theta_x dx + theta_y dy  ->  its curl d theta_x/dy - d theta_y/dx (0 = closed).

    `plane` lists the two pairs (variable, component of the form); `result` names the curl.
    """

    source: ClassVar[str] = "a one-form on a simply connected domain is exact iff it is closed"
    plane: tuple[tuple[Any, Any], tuple[Any, Any]] = ((None, None), (None, None))
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        table = {e.lhs: e.rhs for e in inputs[0].equations}
        (x, along_x), (y, along_y) = self.plane
        return Equation(self.result, sp.expand(sp.diff(table[along_x], y) - sp.diff(table[along_y], x)))

    def check(self, case: Case) -> Verdict:
        """By symmetric differences of the two components at random points."""
        form = {e.lhs: e.rhs for e in case.inputs[0].equations}
        (x, along_x), (y, along_y) = self.plane
        stated = case.output.rhs
        atoms = [x, y, *free_atoms(form[along_x]), *free_atoms(form[along_y]), *free_atoms(stated)]
        verdicts = []
        for point in case.samples.points(atoms, case.given):
            slopes = [secant(form[c], point, {v: sp.Integer(1)}) for c, v in ((along_x, y), (along_y, x))]
            with balls.working(BITS):
                curl = slopes[0] - slopes[1]
            verdicts.append(close(curl, balls.enclose(stated, point, BITS), point))
        return weakest(verdicts)


def _circulation(plane: Any, form: Any) -> Any:
    """The integral of a polynomial one-form around the unit square at the point, clockwise in the (x, y) plane."""
    (x, along_x), (y, along_y) = plane
    r = sp.Dummy("r", real=True)
    side_x = [sp.Poly(form[along_x].subs({x: x + r, y: y + k}, simultaneous=True), r) for k in (0, 1)]
    side_y = [sp.Poly(form[along_y].subs({y: y + r, x: x + k}, simultaneous=True), r) for k in (0, 1)]
    unit = [p.integrate()(1) for p in (*side_x, *side_y)]
    return unit[1] - unit[0] - (unit[3] - unit[2])


@dataclass(frozen=True)
class Potential(Rule):
    """theta closed  ->  Q = int_0^1 theta(r z).z dr: the potential of a closed one-form, grad Q = theta.

    Inputs: the form and its curls, which must be 0. `variables` lists (variable, component of the form).
    """

    source: ClassVar[str] = "Poincare's lemma"
    result: Any = None
    variables: tuple[tuple[Any, Any], ...] = ()
    sum_index: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        form, curls = inputs
        if any(e.rhs != 0 for e in curls.equations):
            raise NotDerivable("the form is not closed: it has no potential")
        table, r = _by_base(form), sp.Dummy("r", positive=True)
        terms: list[Any] = []
        for variable, component in self.variables:
            index, rhs = table[component]
            here = rhs if index is None else rhs.xreplace({index: self.sum_index})
            z = variable if index is None else variable[self.sum_index]
            moving = [v if not isinstance(v, sp.IndexedBase) else v[self.sum_index] for v, _ in self.variables]
            ray = sp.Poly(here.xreplace({v: r * v for v in moving}) * z, r)
            term: Any = ray.integrate()(1)
            constant, summand = term.as_independent(*moving)
            terms.append(term if index is None else constant * Sum(summand, (self.sum_index, 1, self.size)))
        return Equation(self.result, sp.Add(*terms))

    def check(self, case: Case) -> Verdict:
        """In three dimensions, by symmetric differences of the potential."""
        potential = written(case.output.rhs)
        form = {e.lhs: e.rhs for equation in case.inputs[0].equations for e in entries(equation)}
        verdicts = []
        for point in case.samples.points([*free_atoms(potential), *(a for f in form.values() for a in free_atoms(f))]):
            for variable, component in self.variables:
                kinds = [(variable, component)]
                if isinstance(variable, sp.IndexedBase):
                    kinds = [(variable[k], component[k]) for k in (1, 2, 3)]
                for atom, part in kinds:
                    slope = secant(potential, point, {atom: sp.Integer(1)})
                    verdicts.append(close(slope, balls.enclose(form[part], point, BITS), point))
        return weakest(verdicts)

"""Signs along a gradient flow: the loss decreases, and a linear functional with x' = h x keeps its sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS
from ..errors import NotDerivable
from ..exact import canonical
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .algebra import sequential
from .flow import AlongFlow, derivative
from .sums import DIMENSION, Sum, close, entries, free_index, numbers, open_atoms, secant


@dataclass(frozen=True)
class Dissipation(Rule):
    """theta' = -eta dL/dtheta  ->  L' = sum dL/dtheta theta' = -sum eta (dL/dtheta)^2 <= 0.

    Inputs: the flow in terms of the slopes, the slopes in terms of the gradient, the predictor (for the check).
    `pairs` lists (theta, theta', slope).
    """

    source: ClassVar[str] = "the chain rule"
    rate: Any = None
    pairs: tuple[tuple[Any, Any, Any], ...] = ()
    outer: Any = None
    sum_index: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        total: Any = sp.Integer(0)
        for _, rate, slope in self.pairs:
            for equation in inputs[0].equations:
                index = free_index(equation)
                if index is None and equation.lhs == rate:
                    total += slope * equation.rhs
                elif index is not None and equation.lhs.base == rate:
                    term = (slope[index] * equation.rhs).xreplace({index: self.sum_index})
                    total += Sum(term, (self.sum_index, 1, self.size))
        return Equation(self.rate, total)

    def check(self, case: Case) -> Verdict:
        """For L = x_1^3 + 2 x_2^3 + 3 x_3^3 + 5 x_1 x_2 x_3: symmetric differences of L along the velocity."""
        flow, slopes, predictor = case.inputs
        outputs = entries(predictor.single)
        xs = [sp.Dummy(f"x{k}", real=True) for k in range(DIMENSION)]
        loss = sp.Add(*((k + 1) * x**3 for k, x in enumerate(xs)), 5 * sp.Mul(*xs))
        at = dict(zip(xs, (e.rhs for e in outputs)))
        composed = loss.xreplace(at)
        gradient = {self.outer[k + 1]: sp.diff(loss, x).xreplace(at) for k, x in enumerate(xs)}
        rates = tuple((parameter, rate) for parameter, rate, _ in self.pairs)
        rule = AlongFlow(rate=self.rate, rates=rates)
        free = [a for a in open_atoms([flow]) if not self._is_slope(a)]
        verdicts = []
        for point in case.samples.points([*free, *free_atoms(composed)], case.given):
            known = {**point, **{g: balls.enclose(x, point, BITS) for g, x in gradient.items()}}
            values = numbers([slopes, flow], known)
            slope = secant(composed, point, rule.moves(values, point))
            (entry,) = entries(case.output.single)
            verdicts.append(close(slope, balls.enclose(entry.rhs, values, BITS), point))
        return weakest(verdicts)

    def _is_slope(self, atom: Any) -> bool:
        return any(atom == s or (isinstance(atom, sp.Indexed) and atom.base == s) for _, _, s in self.pairs)


@dataclass(frozen=True)
class KeepsSign(Rule):
    """x = f(z), z' = v(z), conserved quantities  ->  x' = h x: the sign of x never changes.

    Inputs: x (linear in z), the flow, the conserved quantity, the square root that defines the rate, and definitions
    in it. `rates` lists (z, z'); `constants` are the conserved quantity and the rate. `solve` names, for each of the
    relations, the atom eliminated by it: the conserved quantity, the rate and x itself.
    """

    source: ClassVar[str] = "x = x(0) exp(int h dt)"
    rate: Any = None
    rates: tuple[tuple[Any, Any], ...] = ()
    solve: tuple[Any, Any, Any] = (None, None, None)

    def apply(self, *inputs: Claim) -> Equation:
        target, flow, level, root = inputs[0].single, inputs[1], inputs[2].single, inputs[3].single
        moved = derivative(target.rhs, AlongFlow(self.rate, self.rates).velocities(flow))
        across, weight, own = self.solve
        square = sp.expand(sequential(inputs[4:], root.rhs) ** 2) - root.lhs**2
        table = [
            (across**2, _solved(sp.expand(level.difference).subs(across**2, across), across)),
            (weight, _solved(square, weight)),
            (own, _solved(target.difference, own)),
        ]
        for atom, value in table:
            moved = sp.expand(moved).subs(atom, value)
        factor = canonical(moved / target.lhs)
        if sp.denom(factor).has(target.lhs) or factor.has(across):
            raise NotDerivable(f"the rate of {target.lhs} is not a multiple of it")
        return Equation(self.rate, sp.expand(factor) * target.lhs)

    def check(self, case: Case) -> Verdict:
        """In balls: the conserved quantity and the rate from their definitions, then symmetric differences of x."""
        target, flow, level, root = case.inputs[:4]
        rest = case.inputs[4:]
        fixed = {level.lhs, root.lhs, target.lhs, *(e.lhs for c in rest for e in c.equations)}
        atoms = set(open_atoms([target, flow, level, root, *rest, case.output])) - fixed
        rule = AlongFlow(rate=self.rate, rates=self.rates)
        verdicts = []
        for point in case.samples.points(atoms, case.given):
            values = numbers([level, *rest, root, target, flow], point)
            kept = {k: v for k, v in values.items() if k in {*atoms, level.lhs, root.lhs}}
            slope = secant(target.rhs, kept, rule.moves(values, point))
            verdicts.append(close(slope, balls.enclose(case.output.rhs, values, BITS), point))
        return weakest(verdicts)


def _solved(relation: Any, atom: Any) -> Any:
    """The solution of a relation that is linear in the atom."""
    poly = sp.Poly(relation, atom)
    if poly.degree() != 1:
        raise NotDerivable(f"{relation} is not linear in {atom}")
    slope, rest = poly.all_coeffs()
    return -rest / slope

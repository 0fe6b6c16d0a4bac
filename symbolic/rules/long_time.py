"""Long times and signs: limits of fading exponentials, signs without a root, the zero of a sum of two modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS, equal
from ..errors import NotDerivable
from ..exact import canonical
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, weakest
from .algebra import same_ball, sequential
from .sums import close, numbers


@dataclass(frozen=True)
class LongTime(Rule):
    """x = f(e^(-k_1 t), e^(-k_2 t), ...), k_i > 0  ->  x(infinity) = f(0, 0, ...).

    Inputs: the target, then the claims to insert. `names` lists the limits of the target's left-hand sides.
    """

    source: ClassVar[str] = "every exponential with a negative rate tends to zero"
    conditions: ClassVar[tuple[str, ...]] = ("the limit form is not 0/0",)
    names: tuple[Any, ...] = ()
    time: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for name, equation in zip(self.names, inputs[0].equations):
            explicit = sequential(inputs[1:], equation.rhs)
            limit = self._faded(explicit)
            if limit.has(sp.nan, sp.zoo, self.time):
                raise NotDerivable(f"{equation.lhs} has no limit form: {limit}")
            found.append(Equation(name, limit))
        return tuple(found)

    def _faded(self, expr: Any) -> Any:
        table = {}
        for e in expr.atoms(sp.exp):
            rate = canonical(e.args[0] / self.time)
            if rate.has(self.time) or not (-rate).is_positive:
                raise NotDerivable(f"{e} does not fade for all admitted parameters")
            table[e] = sp.Integer(0)
        return expr.xreplace(table)

    def check(self, case: Case) -> Verdict:
        """The original at t = 10^6, definitions in numbers, against the stated limit."""
        target, definitions = case.inputs[0], case.inputs[1:]
        known = {e.lhs for claim in definitions for e in claim.equations}
        exprs = [e.rhs for claim in (*case.inputs, case.output) for e in claim.equations]
        atoms = {a for e in exprs for a in free_atoms(e)} - known - {self.time}
        verdicts = []
        for point in case.samples.points(atoms, case.given):
            values = numbers(definitions[::-1], {**point, self.time: sp.Integer(10**6)})
            for before, after in zip(target.equations, case.output.equations):
                early = balls.enclose(before.rhs, values, BITS)
                verdicts.append(close(early, balls.enclose(after.rhs, values, BITS), point))
        return weakest(verdicts)


@dataclass(frozen=True)
class ConjugateProduct(Rule):
    """X = u + v r, r^2 rational  ->  X (u - v r) = u^2 - v^2 r^2: the sign of X without a root.

    Inputs: X, the definition of r, further definitions. If u and v r agree in sign it is theirs; else sgn(u) times
    the sign of this product. `conjugate` names u - v r.
    """

    source: ClassVar[str] = "difference of two squares"
    root: Any = None
    conjugate: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target, root = inputs[0].single, inputs[1]
        poly = sp.Poly(target.rhs, self.root)
        if poly.degree() != 1:
            raise NotDerivable(f"{target.lhs} has degree {poly.degree()} in {self.root}, not 1")
        v, u = poly.all_coeffs()
        square = sp.expand(sequential(inputs[2:], root.rhs) ** 2)
        return Equation(target.lhs * self.conjugate, sp.factor(sp.expand(u**2 - v**2 * square)))

    def check(self, case: Case) -> Verdict:
        """X with both signs of the root, its definition inserted."""
        target = case.inputs[0]
        other = target.rhs.xreplace({self.root: -self.root})
        product = sequential(case.inputs[1:], target.rhs * other)
        return equal(product, sequential(case.inputs[2:], case.output.rhs), case.samples, case.given)


@dataclass(frozen=True)
class ZeroOfState(Rule):
    """Y = alpha + beta e, e = exp(-k t)  ->  Y vanishes at t = ln(-beta/alpha)/k, if 0 < -alpha/beta < 1.

    Inputs: the state and the decay. `state` picks the equation, `result` is the time.
    """

    source: ClassVar[str] = "a function that is linear in a monotone one has at most one zero"
    state: Any = None
    result: Any = None
    time: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        decay = inputs[1].single
        alpha, beta = self._line(inputs)
        rate = -decay.rhs.args[0] / self.time
        if not isinstance(decay.rhs, sp.exp) or not rate.is_positive:
            raise NotDerivable(f"{decay.lhs} = {decay.rhs} is not a fading exponential")
        # The same number; without a fraction inside the logarithm where beta is a number.
        wait = sp.log(-beta / alpha) if beta.free_symbols else -sp.log(-alpha / beta)
        return Equation(self.result, wait / rate)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        alpha, beta = self._line(inputs)
        inside = (-alpha / beta > 0, -alpha / beta < 1)
        return (*super().given(*inputs), *(condition for condition in inside if condition is not sp.true))

    def _line(self, inputs: tuple[Claim, ...]) -> tuple[Any, Any]:
        rhs = {e.lhs: e.rhs for e in inputs[0].equations}[self.state]
        poly = sp.Poly(rhs, inputs[1].lhs)
        if poly.degree() != 1:
            raise NotDerivable(f"{self.state} is not linear in {inputs[1].lhs}")
        return poly.nth(0), poly.nth(1)

    def check(self, case: Case) -> Verdict:
        """The state at the stated time is zero and the time is positive."""
        state, decay = case.inputs
        rhs = {e.lhs: e.rhs for e in state.equations}[self.state]
        explicit = rhs.xreplace(decay.defines()).xreplace({self.time: case.output.rhs})
        verdicts = []
        for point in case.samples.points([*free_atoms(explicit), *free_atoms(case.output.rhs)], case.given):
            when = balls.enclose(case.output.rhs, point, BITS).real
            if not when > 0:
                at = [(str(k), str(v)) for k, v in point.items()]
                return refuted("balls at rational points", f"the time is {when.str(6)}", at)
            verdicts.append(same_ball(explicit, sp.Integer(0), point, point))
        found = weakest(verdicts)
        return consistent("balls", f"a zero at {POINTS} points") if found.positive else found

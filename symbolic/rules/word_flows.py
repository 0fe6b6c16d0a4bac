"""Flows of matrices: equal solutions of equal equations, and rotations in the plane of two vectors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import sympy as sp
from flint import fmpq, fmpq_poly

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..rule import Case
from ..verdict import Verdict, consistent, proved, refuted
from ..words import words
from .word_rule import ALGEBRA, NUMBERS, POINTS, WordRule, letters

ORDER = 5


@dataclass(frozen=True)
class SameSolution(WordRule):
    """X' = F(X), X = u at the start; Y' = F(Y), Y = u at the start  ->  X = Y at all times.

    Inputs: the two equations and the common start, two equations X_0 = u, Y_0 = u. `solutions` are X and the
    expression Y, which the second equation calls `letter`; F may contain other functions of time.
    """

    source: ClassVar[str] = "uniqueness of solutions (Picard and Lindelof)"
    solutions: tuple[Any, Any] = (None, None)
    letter: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        first, second, start = inputs
        x, y = self.solutions
        if not self._equal(first, second):
            raise NotDerivable("the two equations differ")
        values = [words(e.rhs, self.symmetric) for e in start.equations]
        if len(values) != 2 or values[0] != values[1]:
            raise NotDerivable("the two solutions start from different values")
        return Equation(x, y)

    def _equal(self, first: Claim, second: Claim) -> bool:
        """Whether the two equations are one, the second solution renamed."""
        renamed = second.single.rhs.xreplace({self.letter: self.solutions[0]})
        return words(first.single.rhs, self.symmetric) == words(renamed, self.symmetric)

    def check(self, case: Case) -> Verdict:
        """Taylor coefficients of both solutions from the same start, exact matrices, to order 5 in time."""
        first, second = (c.single.rhs for c in case.inputs[:2])
        (x, _), name = self.solutions, self.letter
        stated = case.output.rhs
        for index in range(POINTS):
            here = self.environment(case, index)
            start = here.values[x]
            start = start + start.transpose() if start.nrows() == start.ncols() else start
            series = [_taylor(here, rhs, letter, start) for rhs, letter in ((first, x), (second, name))]
            if series[0] != series[1]:
                return refuted(NUMBERS, "the Taylor coefficients differ")
            # The stated right-hand side must be the second solution itself, whatever its value.
            for letter in letters(self.solutions[1]):
                if letter == name:
                    here.values[name] = start
            if here.matrix(stated) != here.matrix(self.solutions[1]):
                return refuted(NUMBERS, "the stated solution is another matrix")
        if self._equal(case.inputs[0], case.inputs[1]):
            return proved(ALGEBRA, f"one equation, one start; {ORDER} Taylor coefficients at {POINTS} points")
        return refuted(ALGEBRA, "the two equations differ")


def _taylor(here: Any, rhs: Any, letter: Any, start: Any) -> list[Any]:
    """Coefficients of the solution of X' = rhs(X), all other letters constant, by interpolation-free recursion.

    The truncated series is inserted at the points e = 0, 1, ..., n, and the coefficient of e^n is read off exactly.
    """
    series = [start]
    for n in range(ORDER):
        here.values[letter] = None
        degree = n * 2
        samples = []
        for e in range(degree + 1):
            total = series[0]
            for power, c in enumerate(series[1:], start=1):
                total = total + c * fmpq(e) ** power
            here.values[letter] = total
            samples.append(here.matrix(rhs))
        series.append(_coefficient(samples, n) * fmpq(1, n + 1))
    return series


def _coefficient(samples: list[Any], n: int) -> Any:
    """The coefficient of e^n of the polynomial with these values at e = 0, 1, 2, ... (Lagrange)."""
    terms = [sample * weight for sample, weight in zip(samples, _weights(len(samples), n))]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


@cache
def _weights(count: int, n: int) -> tuple[fmpq, ...]:
    found = []
    for k in range(count):
        basis = fmpq_poly([1])
        for j in range(count):
            if j != k:
                basis = basis * fmpq_poly([fmpq(-j, k - j), fmpq(1, k - j)])
        found.append(basis[n])
    return tuple(found)


@dataclass(frozen=True)
class HyperbolicRotation(WordRule):
    """u' = rho f v, v' = f u/rho, th' = f  ->  u = u_0 cosh th + rho v_0 sinh th, v = v_0 cosh th + u_0 sinh th/rho.

    Inputs: the two flows. `pair` lists (u, u_0) and (v, v_0); `functions` are C and S; `speed` is f.
    """

    source: ClassVar[str] = "a linear flow whose matrix has the square f^2"
    pair: tuple[tuple[Any, Any], tuple[Any, Any]] = ((None, None), (None, None))
    functions: tuple[Any, Any] = (None, None)
    speed: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        (u, u0), (v, v0) = self.pair
        factors = []
        for claim, own, other in ((inputs[0], u, v), (inputs[1], v, u)):
            f = words(claim.single.rhs, self.symmetric)
            if set(f) != {((other, False, False),)}:
                raise NotDerivable(f"the velocity of {own} is not a multiple of {other}")
            factors.append(f[((other, False, False),)] / self.speed)
        if sp.cancel(factors[0] * factors[1]) != 1 or any(x.has(self.speed) for x in factors):
            raise NotDerivable("the product of the two rates is not the square of the speed")
        cosh, sinh = self.functions
        return (
            Equation(u, cosh * u0 + factors[0] * sinh * v0),
            Equation(v, cosh * v0 + factors[1] * sinh * u0),
        )

    def check(self, case: Case) -> Verdict:
        """With C' = f S, S' = f C: the derivative of the stated forms against the flow; the start at C = 1, S = 0."""
        (u, u0), (v, v0) = self.pair
        cosh, sinh = self.functions
        for index in range(POINTS):
            here = self.environment(case, index, [case.output])
            c, s, f = (here.scalar(x) for x in (cosh, sinh, self.speed))
            moves = {}
            for name, start, equation in zip((u, v), (u0, v0), case.output.equations):
                ends = []
                for sign in (1, -1):
                    here.values[cosh], here.values[sinh] = c + sign * f * s, s + sign * f * c
                    ends.append(here.matrix(equation.rhs))
                here.values[cosh], here.values[sinh] = fmpq(1), fmpq(0)
                if here.matrix(equation.rhs) != here.values[start]:
                    return refuted(NUMBERS, f"{name} starts elsewhere")
                here.values[cosh], here.values[sinh] = c, s
                moves[name] = (ends[0] - ends[1]) * fmpq(1, 2)
            for name, claim in zip((u, v), case.inputs):
                if moves[name] != here.matrix(claim.single.rhs):
                    return refuted(NUMBERS, f"the velocity of {name} differs")
        return consistent(NUMBERS, f"the flow and the start at {POINTS} points")

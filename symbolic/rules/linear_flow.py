"""z' = B z - (E/2) z: a linear flow of directions and one integral for the length, by finite algebra.

Functions of time enter as symbols with known derivatives (C' = rate^2 S, S' = C, E1' = -k E1, F' = E1^2); the
checks put the explicit functions in and differentiate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..exact import canonical, vanishes
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .algebra import sequential

LINEAR = "theory of linear differential equations with constant coefficients"


def chart(rate: Claim, *definitions: Claim) -> dict[Any, Any]:
    """The constraint rate^2 = radicand solved for a symbol it contains linearly: an exact parametrisation.

    With it an identity in the rate and the parameters becomes one between rational functions and exponentials.
    """
    square = sp.expand(sequential(definitions, rate.rhs) ** 2)
    for symbol in free_atoms(square):
        poly = sp.Poly(square, symbol)
        if poly.degree() == 1:
            slope, rest = poly.all_coeffs()
            return {symbol: (rate.lhs**2 - rest) / slope}
    raise NotDerivable(f"no symbol enters the square of {rate.lhs} linearly")


def matrix(flow: Claim, variables: Iterable[Any], rates: Iterable[Any]) -> sp.Matrix:
    """The coefficients of a linear homogeneous flow."""
    table = {e.lhs: e.rhs for e in flow.equations}
    variables = list(variables)
    rows = []
    for rate in rates:
        row = [sp.diff(table[rate], v) for v in variables]
        if vanishes(table[rate] - sum(c * v for c, v in zip(row, variables))) is not True:
            raise NotDerivable(f"{rate} = {table[rate]} is not linear in {variables}")
        rows.append(row)
    return sp.Matrix(rows)


@dataclass(frozen=True)
class DirectionFlow(Rule):
    """z' = B z - (E/2) z, z = y/rho  ->  y' = B y, (rho^2)' = rho^2 E(y/rho): direction and length separate.

    Inputs: the flow of z, the substitution z = y/rho, the definition of E (quadratic in z). `rates` lists
    (z, z', y, y'); `length` is (rho, the name of (rho^2)').
    """

    source: ClassVar[str] = "a term parallel to z changes the length of z only"
    energy: Any = None
    rates: tuple[tuple[Any, Any, Any, Any], ...] = ()
    length: tuple[Any, Any] = (None, None)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        flow, _, energy = inputs
        table = {e.lhs: e.rhs for e in flow.equations}
        to_y = {z: y for z, _, y, _ in self.rates}
        found = []
        for z, rate, _, y_rate in self.rates:
            rest = table[rate] + self.energy * z / 2
            if sp.expand(rest).has(self.energy):
                raise NotDerivable(f"the nonlinear part of {rate} is not -({self.energy}/2) {z}")
            found.append(Equation(y_rate, sp.expand(rest).xreplace(to_y)))
        matrix(Claim("linear", tuple(found)), to_y.values(), [e.lhs for e in found])
        square = sp.Poly(energy.rhs, *to_y)
        if any(sum(powers) != 2 for powers in square.monoms()):
            raise NotDerivable(f"{self.energy} is not quadratic in the state")
        return (*found, Equation(self.length[1], energy.rhs.xreplace(to_y)))

    def check(self, case: Case) -> Verdict:
        """The quotient rule for y/rho with the stated rates must give the original field."""
        flow, substitution, energy = case.inputs
        rho, rho_rate = self.length
        original = {e.lhs: e.rhs for e in flow.equations}
        stated = {e.lhs: e.rhs for e in case.output.equations}
        verdicts = []
        for _, rate, y, y_rate in self.rates:
            quotient = stated[y_rate] / rho - y * stated[rho_rate] / (2 * rho**3)
            field = sequential((energy, substitution), original[rate])
            verdicts.append(equal(quotient, field, case.samples, case.given))
        return weakest(verdicts)


@dataclass(frozen=True)
class SquareOfField(Rule):
    """y' = B y, B^2 = rate^2 I  ->  y'' = rate^2 y; that B^2 is a multiple of the identity is verified.

    Inputs: the linear flow, the definition of the rate, and definitions used in it.
    """

    source: ClassVar[str] = LINEAR
    rates: tuple[tuple[Any, Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        flow, rate = inputs[0], inputs[1].single
        variables = [y for y, _, _ in self.rates]
        b = matrix(flow, variables, [first for _, first, _ in self.rates])
        square = sequential(inputs[2:], rate.rhs) ** 2
        if any(vanishes(entry) is not True for entry in b * b - square * sp.eye(len(variables))):
            raise NotDerivable(f"the square of the matrix {b} is not {rate.lhs}^2 times the identity")
        return tuple(Equation(second, rate.lhs**2 * y) for y, _, second in self.rates)

    def check(self, case: Case) -> Verdict:
        """The flow applied twice, on the chart of the rate."""
        flow, rate = case.inputs[:2]
        table = {e.lhs: e.rhs for e in flow.equations}
        once = {y: table[first] for y, first, _ in self.rates}
        where = chart(rate, *case.inputs[2:])
        return weakest(
            equal(stated.rhs, table[first].xreplace(once), case.samples, case.given, where)
            for (_, first, _), stated in zip(self.rates, case.output.equations)
        )


@dataclass(frozen=True)
class LinearSolution(Rule):
    """y' = B y, y'' = rate^2 y  ->  y = C y(0) + S B y(0);  y' = -k y  ->  y = y(0) e^(-k t).

    Inputs: the flow, the second derivatives, the functions of time (C = cosh, S = sinh/rate, then the fading
    exponential if there is one), the start y := y(0), then the rate and the definitions in it (for the check).
    `plane` lists (y, y', y''), `fading` is (y, y') or empty.
    """

    source: ClassVar[str] = LINEAR
    plane: tuple[tuple[Any, Any, Any], ...] = ()
    fading: tuple[Any, ...] = ()
    time: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        flow, second, functions, start = inputs[:4]
        table = {e.lhs: e.rhs for e in flow.equations}
        cosine, sine, *fading = functions.equations
        initial = start.defines()
        for y, _, name in self.plane:
            growth = sp.diff({e.lhs: e.rhs for e in second.equations}[name], y)
            self._demand(sp.diff(cosine.rhs, self.time) - growth * sine.rhs, "C' = rate^2 S")
        self._demand(sp.diff(sine.rhs, self.time) - cosine.rhs, "S' = C")
        found = [Equation(y, initial[y] * cosine.lhs + table[r].xreplace(initial) * sine.lhs) for y, r, _ in self.plane]
        for exponential in fading:
            y, rate = self.fading
            slope = sp.diff(exponential.rhs, self.time)
            self._demand(slope - table[rate].xreplace({y: exponential.rhs}), f"{exponential.lhs} fades as {y}")
            found.append(Equation(y, initial[y] * exponential.lhs))
        return tuple(found)

    @staticmethod
    def _demand(difference: Any, what: str) -> None:
        if vanishes(difference) is not True:
            raise NotDerivable(f"the functions of time do not satisfy {what}")

    def check(self, case: Case) -> Verdict:
        """The explicit functions obey the flow and the initial values: exact normal forms on the rate's chart."""
        flow, _, functions, start, rate = case.inputs[:5]
        explicit = {e.lhs: e.rhs.xreplace(functions.defines()) for e in case.output.equations}
        where = chart(rate, *case.inputs[5:])
        names = [(y, r) for y, r, _ in self.plane] + ([self.fading] if self.fading else [])
        table = {e.lhs: e.rhs for e in flow.equations}
        verdicts = []
        for y, r in names:
            at_start = explicit[y].subs(self.time, 0)
            verdicts.append(equal(at_start, start.defines()[y], case.samples, case.given))
            field = table[r].xreplace(explicit)
            verdicts.append(equal(sp.diff(explicit[y], self.time), field, case.samples, case.given, where))
        return weakest(verdicts)


@dataclass(frozen=True)
class IntegrateSquares(Rule):
    """Q' quadratic in y(t)  ->  Q = Q(0) + alpha C S + beta S^2 + gamma F.

    By (C S)' = C^2 + rate^2 S^2, (S^2)' = 2 C S, F' = E1^2. Inputs: Q', the solution y(t), the start (y(0) and what
    Q(0) needs), the functions C, S (and E1, followed by the integral F), then the rate and the definitions in it.
    `quantity` is Q: an expression in what the start defines.
    """

    source: ClassVar[str] = "integration of products of hyperbolic functions"
    result: Any = None
    quantity: Any = None
    time: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        growth, solution, start, functions = inputs[:4]
        c, s, *fading = (e.lhs for e in functions.equations)
        integral, rate = self._rest(inputs)
        poly = sp.Poly(growth.rhs.xreplace(solution.defines()), c, s, *fading)
        known = {c**2, c * s, s**2, *(e1**2 for e1 in fading)}
        if {sp.Mul(*(z**n for z, n in zip(poly.gens, powers))) for powers, k in poly.terms() if k != 0} - known:
            raise NotDerivable("the integrand has terms without a known integral")
        squares = poly.coeff_monomial(s**2) - poly.coeff_monomial(c**2) * rate[0].lhs ** 2
        if vanishes(squares.xreplace(chart(*rate))) is not True:
            raise NotDerivable("the coefficient of S^2 is not rate^2 times that of C^2")
        parts = [poly.coeff_monomial(c**2) * c * s, poly.coeff_monomial(c * s) / 2 * s**2]
        parts += [poly.coeff_monomial(e1**2) * f.lhs for e1, f in zip(fading, integral)]
        return Equation(self.result, self.quantity.xreplace(start.defines()) + sum(map(_tidy, parts)))

    @staticmethod
    def _rest(inputs: tuple[Claim, ...]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
        """(the integral F, if there is a fading exponential; the rate and the definitions in it)."""
        split = 5 if len(inputs[3].equations) > 2 else 4
        return inputs[4:split], inputs[split:]

    def check(self, case: Case) -> Verdict:
        """Explicit functions: the derivative of the output is the integrand, and its value at t = 0 is Q(0)."""
        growth, solution, start, functions = case.inputs[:4]
        integral, rate = self._rest(case.inputs)
        known = {key: rhs for claim in (functions, *integral) for key, rhs in claim.defines().items()}
        where = chart(*rate)
        output = case.output.rhs.xreplace(known)
        integrand = growth.rhs.xreplace(solution.defines()).xreplace(known)
        begin = self.quantity.xreplace(start.defines())
        return weakest(
            [
                equal(output.subs(self.time, 0), begin, case.samples, case.given),
                equal(sp.diff(output, self.time), integrand, case.samples, case.given, where),
            ]
        )


def _tidy(expr: Any) -> Any:
    return sp.factor(canonical(expr))

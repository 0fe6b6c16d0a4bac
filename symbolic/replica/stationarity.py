"""Saddle-point equations: derivatives of a potential in its order parameters, integrated by parts and solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, proved, refuted, undecided, weakest
from .floating import floating
from .floating import slope as complex_slope
from .insertion import powers_joined
from .mean import Mean, level_of, means_in
from .mean_calculus import linear, normal_form, stein
from .sampling import sample, shown

_BITS = 256
_STEP = sp.Rational(1, 2**90)


@dataclass(frozen=True)
class Stationary(Rule):
    """d phi/dp = 0 for each order parameter p, by parts until no bare variable is left  ->  solve[k] = g_k.

    Equation k is d phi/d parameters[k] = 0, solved for solve[k], in which it must be linear outside the means.
    """

    source: ClassVar[str] = "stationarity, Stein's lemma"
    parameters: tuple[Any, ...] = ()
    solve: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        phi = inputs[0].rhs
        found = []
        for parameter, unknown in zip(self.parameters, self.solve, strict=True):
            slope = stein(sp.diff(phi, parameter))
            names = {mean: sp.Dummy(real=True) for mean in means_in(slope)}
            poly = sp.Poly(sp.numer(sp.together(slope.xreplace(names))), unknown)
            if poly.degree() != 1 or any(mean.has(unknown) for mean in names):
                raise NotDerivable(f"d/d{parameter} of the potential is not linear in {unknown}")
            top, rest = poly.coeff_monomial(unknown), poly.coeff_monomial(1)
            back = {dummy: mean for mean, dummy in names.items()}
            found.append(Equation(unknown, powers_joined(sp.expand(canonical(-rest / top)).xreplace(back))))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """Insert the value, then a symmetric difference quotient of the potential (step 2^-90, balls) must vanish."""
        phi = case.inputs[0].rhs
        verdicts = []
        for parameter, unknown, equation in zip(self.parameters, self.solve, case.output.equations, strict=True):
            if equation.lhs != unknown:
                return refuted("left-hand side", f"{equation.lhs} where {unknown} was asked for")
            if equation.rhs.has(unknown) and not any(m.has(unknown) for m in means_in(equation.rhs)):
                return refuted("form", f"{unknown} occurs on both sides")
            verdicts.append(self._vanishes(phi, parameter, equation, case))
        return weakest(verdicts)

    def _vanishes(self, phi: Any, parameter: Any, equation: Equation, case: Case) -> Verdict:
        for k in range(2):
            atoms = [a for a in (*free_atoms(phi), *free_atoms(equation.rhs)) if a != equation.lhs]
            point = sample(case, atoms, _conditions(case, equation), k)
            if level_of(phi) > 1:
                point[equation.lhs] = floating(equation.rhs, point).real
                rate, size = (complex_slope(phi, p, point) for p in (parameter, equation.lhs))
                if not abs(rate) < 1e-9 * (1 + abs(size)):
                    return refuted("complex step", f"the slope is {rate:.3e}", shown(point))
                continue
            with balls.working(_BITS):
                point_values = {**point, equation.lhs: balls.enclose(equation.rhs, point, _BITS).real}
                slope = _quotient(phi, parameter, point_values)
                size = 1 + abs(_quotient(phi, equation.lhs, point_values))
                if not slope.is_finite():
                    return undecided("difference quotient", "no finite enclosure")
                if not abs(slope) < size * 1e-12:
                    return refuted("difference quotient", f"the slope is {slope.str(5)}", shown(point))
        if level_of(phi) > 1:
            return consistent("complex step of the potential", "9 digits in double precision, 2 points")
        return consistent("difference quotient of the potential", "step 2^-90 in balls, 2 points")


def _conditions(case: Case, equation: Equation) -> list[Any]:
    """The conditions in force with the solved unknown inserted; what a mean decides is left to the enclosure."""
    inserted = [c.xreplace({equation.lhs: equation.rhs}) for c in case.given]
    return [c for c in inserted if not c.has(Mean)]


def _quotient(phi: Any, parameter: Any, values: dict[Any, Any]) -> Any:
    middle, step = balls.exact_ball(values[parameter]).real, balls.exact_ball(_STEP).real
    ends = [balls.enclose(phi, {**values, parameter: middle + s * step}, _BITS) for s in (1, -1)]
    return ((ends[0] - ends[1]) / (2 * step)).real


@dataclass(frozen=True)
class MeansRestate(Rule):
    """f = g by linearity and parts, hence x = f -> x = g: another form of a formula with means, accepted with a proof.

    Further inputs are inserted into both sides first. The check compares balls at random points.
    """

    source: ClassVar[str] = "Stein's lemma"
    form: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        sides = [sp.S(self.form), target.rhs]
        for claim in inputs[1:]:
            sides = [side.xreplace(claim.defines()) for side in sides]
        if normal_form(sides[0] - sides[1]) != 0:
            raise NotDerivable(f"the form {sp.sstr(self.form)[:160]} was not proved equal to the computed claim")
        return Equation(target.lhs, self.form, target.relation)

    def check(self, case: Case) -> Verdict:
        before, after = case.inputs[0].rhs, case.output.rhs
        for claim in case.inputs[1:]:
            before, after = (side.xreplace(claim.defines()) for side in (before, after))
        verdict = equal(before, after, case.samples, case.given)
        if verdict.positive and normal_form(before - after) == 0:
            return proved("normal form", "the difference of the means reduces to 0 by parts; balls agree")
        return verdict


@dataclass(frozen=True)
class Slope(Rule):
    """x = -+ d phi/dt at fixed order parameters: by stationarity the total derivative is the "
    "explicit one (envelope)."""

    source: ClassVar[str] = "envelope theorem"
    result: Any = None
    variable: Any = None
    factor: Any = sp.S.One

    def apply(self, *inputs: Claim) -> Equation:
        rate = stein(sp.diff(inputs[0].rhs, self.variable))
        return Equation(
            self.result, linear(sp.expand(self.factor * rate)) if rate.has(Mean) else factored(self.factor * rate)
        )

    def check(self, case: Case) -> Verdict:
        """A symmetric difference quotient of the potential with step 2^-90, in balls."""
        phi, stated = case.inputs[0].rhs, case.output.rhs
        for k in range(2):
            point = sample(case, [*free_atoms(phi), *free_atoms(stated), self.variable], case.given, k)
            if level_of(phi) > 1:
                rate = floating(sp.S(self.factor), point).real * complex_slope(phi, self.variable, point)
                if not abs(rate - floating(stated, point)) < 1e-9 * (1 + abs(rate)):
                    return refuted("complex step", f"the slope is {rate:.6e}", shown(point))
                continue
            with balls.working(_BITS):
                factor = balls.enclose(sp.S(self.factor), point, _BITS)
                gap = abs(factor.real * _quotient(phi, self.variable, point) - balls.enclose(stated, point, _BITS))
                if not gap.is_finite():
                    return undecided("difference quotient", "no finite enclosure")
                if not gap < 1e-12:
                    return refuted("difference quotient", f"distance {gap.str(5, radius=False)}", shown(point))
        if level_of(phi) > 1:
            return consistent("complex step of the potential", "9 digits in double precision, 2 points")
        return consistent("difference quotient of the potential", "step 2^-90 in balls, 2 points")


@dataclass(frozen=True)
class Gradient(Slope):
    """x = d phi/dt, the slope of a potential in one of its variables."""

    source: ClassVar[str] = "differentiation, Stein's lemma"

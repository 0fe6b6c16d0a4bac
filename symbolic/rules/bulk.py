"""Quadratic transforms on a bounded spectrum: the density between two signs, the positive root, atoms at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp
from flint import acb, arb

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS
from ..errors import NotDerivable
from ..exact import canonical, numerator_denominator
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .algebra import PositiveRoot
from .dyson import named
from .stieltjes import MomentsFromEquation, StieltjesInversion, physical_root, quadratic


@dataclass(frozen=True)
class DensityWhere(StieltjesInversion):
    """A m^2 + B m + C = 0, F = m, A of one sign where `where` holds  ->  density(x) = sqrt(4 A C - B^2)/(2 pi |A|).

    For spectra on which the declared domains do not fix the sign of A: `size` is |A|, a product of positive factors
    under the conditions `where`; that it is |A| is proved.
    """

    source: ClassVar[str] = StieltjesInversion.source
    size: Any = None
    where: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        a, b, c = (sp.S(e).xreplace({self.variable: self.real}) for e in quadratic(inputs[1], self.unknown))
        if canonical(a**2 - self.size**2) != 0:
            raise NotDerivable(f"{self.size} is not the size of the leading coefficient {a}")
        return Equation(self.density, sp.sqrt(sp.expand(4 * a * c - b**2)) / (2 * sp.pi * self.size))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return (*super().given(*inputs), *self.where)


@dataclass(frozen=True)
class PositiveRootWhere(PositiveRoot):
    """A x^2 + B x + C = 0, A > 0 > C where `where` holds  ->  x = (sqrt(B^2 - 4 A C) - B)/(2 A) > 0."""

    source: ClassVar[str] = PositiveRoot.source
    where: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        a, b, c = self._coefficients(inputs[0])
        return Equation(self.unknown, (sp.sqrt(sp.expand(b**2 - 4 * a * c)) - b) / (2 * a))

    def _coefficients(self, claim: Claim) -> tuple[Any, Any, Any]:
        a, b, c = quadratic(claim, self.unknown)
        return (-a, -b, -c) if sp.LC(a).could_extract_minus_sign() else (a, b, c)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return (*super().given(*inputs), *self.where)

    def check(self, case: Case) -> Verdict:
        """A > 0 > C at rational points that satisfy the conditions; then as for the plain rule."""
        a, _, c = self._coefficients(case.inputs[0])
        for point in case.samples.points(free_atoms(case.inputs[0].single.difference), case.given):
            lead, last = (sp.Rational(sp.S(e).xreplace(point)) for e in (a, c))
            if not (lead.is_positive and last.is_negative):
                return refuted("signs of the coefficients", "the root is not unique in sign", named(point))
        return super().check(case)


@dataclass(frozen=True)
class EndAtom(Rule):
    """P(g, z) = 0, g ~ -m/(z - x0)  ->  m = max(0, m1), m1 the non-zero root of the leading order of P at x0.

    Input: a quadratic for the transform g whose leading coefficient vanishes at z = x0.
    """

    source: ClassVar[str] = "residue of a Stieltjes transform; a mass is not negative"
    unknown: Any = None
    variable: Any = None
    place: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        a, b, _ = quadratic(inputs[0], self.unknown)
        at = {self.variable: self.place}
        slope = canonical(sp.diff(a, self.variable).xreplace(at))
        if canonical(sp.S(a).xreplace(at)) != 0 or slope == 0:
            raise NotDerivable(f"the leading coefficient has no simple zero at {self.place}: no atom there")
        # (z - x0) a' g^2 + b g at leading order: a' m^2 - b m = 0.
        return Equation(self.result, sp.Max(sp.Integer(0), sp.factor(canonical(sp.S(b).xreplace(at) / slope))))

    def check(self, case: Case) -> Verdict:
        """-i e g(x0 + i e) on the physical sheet at e = 10^-30."""
        equation = case.inputs[0]
        atoms = free_atoms(numerator_denominator(equation.single.difference)[0])
        for k in range(2 * POINTS):
            point = case.samples.point([a for a in atoms if a not in (self.unknown, self.variable)], case.given, k)
            with balls.working(BITS):
                z = acb(balls.exact_ball(self.place).real, arb(10) ** -30)
            g = physical_root(equation, self.unknown, self.variable, z, point)
            stated = balls.enclose(case.output.rhs, point, BITS)
            with balls.working(BITS):
                if not abs(-acb(0, 1) * arb(10) ** -30 * g - stated) < arb(10) ** -20:
                    return refuted("residue on the physical sheet", f"mass {stated.str(8)}", named(point))
        return consistent("residue on the physical sheet", f"{2 * POINTS} points, 20 digits")


@dataclass(frozen=True)
class MomentsOfRoot(MomentsFromEquation):
    """P(g, z) = 0, g = -sum_k m_k z^(-k-1)  ->  m_1, ..., m_n, order by order in 1/z."""

    source: ClassVar[str] = MomentsFromEquation.source

    def check(self, case: Case) -> Verdict:
        """Exact arithmetic at z = 10^40: the Newton step from the series is of the first order dropped."""
        p = numerator_denominator(case.inputs[0].single.difference)[0]
        slope, far = sp.diff(p, self.unknown), sp.Integer(10) ** 40
        atoms = [a for a in free_atoms(p) if a not in (self.unknown, self.variable)]
        for point in case.samples.points(atoms, case.given):
            values = [sp.Integer(1), *(e.rhs.xreplace(point) for e in case.output.equations)]
            series = -sum((m / far ** (k + 1) for k, m in enumerate(values)), start=sp.Integer(0))
            at = {**point, self.variable: far, self.unknown: series}
            step = p.xreplace(at) / slope.xreplace(at)
            if abs(step) > sp.Rational(1, 10 ** (40 * (len(values) + 1) - 20)):
                return refuted("Newton step at z = 10^40", f"size {sp.N(abs(step), 3)}", named(point))
        return consistent("Newton step at z = 10^40", f"exact arithmetic at {POINTS} points")

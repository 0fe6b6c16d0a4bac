"""Radial mirror structure on a level set A x^2 - B y^2 = const: potentials, slopes and curvatures by finite algebra.

x = |a| and y = |w| are coordinates of a point of the level set, r = x y is the length of the predictor. Along the
level set A x dx = B y dy, so that every derivative in r or y is a quotient of polynomials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, equal
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, refuted, weakest
from .sums import close, secant

CONVEX = "R. T. Rockafellar, Convex Analysis, 1970, section 12"


def _weights(level: Equation, x: Any, y: Any) -> tuple[Any, Any]:
    """(A, B) of the level set: lhs = A x^2 - B y^2."""
    poly = sp.Poly(level.rhs, x, y)
    if {*poly.monoms()} != {(2, 0), (0, 2)}:
        raise NotDerivable(f"{level.rhs} is not of the form A {x}^2 - B {y}^2")
    return poly.coeff_monomial(x**2), -poly.coeff_monomial(y**2)


@dataclass(frozen=True)
class LevelRoot(Rule):
    """c = A x^2 + B, x > 0  ->  x = sqrt((c - B)/A), where this is positive."""

    source: ClassVar[str] = "the positive square root"
    unknown: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        return Equation(self.unknown, sp.sqrt(self._square(inputs[0])))

    def _square(self, claim: Claim) -> Any:
        poly = sp.Poly(claim.single.difference, self.unknown)
        if {*poly.monoms()} != {(2,), (0,)} or not self.unknown.is_positive:
            raise NotDerivable(f"{claim.single} does not fix the square of a positive {self.unknown}")
        return sp.factor(-poly.nth(0) / poly.nth(2))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return (*super().given(*inputs), self._square(inputs[0]) > 0)

    def check(self, case: Case) -> Verdict:
        """The root solves the equation and is positive (balls)."""
        solved = case.inputs[0].single.difference.xreplace({self.unknown: case.output.rhs})
        verdict = equal(solved, sp.Integer(0), case.samples, case.given)
        for point in case.samples.points(free_atoms(case.output.rhs), case.given):
            value = balls.enclose(case.output.rhs, point, BITS)
            if not (value.real > 0 and value.imag.contains(0)):
                return refuted("balls", f"the root is {value.str(6)}", [(str(k), str(v)) for k, v in point.items()])
        return verdict


@dataclass(frozen=True)
class DualPotential(Rule):
    """c = A x^2 - B y^2, dF/dy = x y  ->  F = int x y dy = int (A/B) x^2 dx = A x^3/(3 B): grad F(theta) = x theta."""

    source: ClassVar[str] = "integration along the level set, A x dx = B y dy"
    result: Any = None
    coordinates: tuple[Any, Any] = (None, None)

    def apply(self, *inputs: Claim) -> Equation:
        x, y = self.coordinates
        A, B = _weights(inputs[0].single, x, y)
        integrand = canonical(x * y * (A * x) / (B * y))
        return Equation(self.result, sp.integrate(integrand, x))

    def check(self, case: Case) -> Verdict:
        """In three dimensions: symmetric differences of F(theta), x an explicit root, against x theta."""
        x, y = self.coordinates
        theta = [sp.Dummy(f"theta{k}", real=True) for k in range(3)]
        level = case.inputs[0].single
        A, B = _weights(level, x, y)
        length = sp.sqrt(sp.Add(*(e**2 for e in theta)))
        explicit = sp.sqrt((level.lhs + B * length**2) / A)
        stated = case.output.rhs.xreplace({x: explicit, y: length})
        verdicts = []
        for point in case.samples.points([x, *free_atoms(A), *free_atoms(B)], case.given):
            point |= dict(zip(theta, (sp.Rational(3, 7), sp.Rational(-5, 3), sp.Rational(2, 11))))
            point[level.lhs] = (A * point[x] ** 2 - B * length**2).xreplace(point)
            for e in theta:
                slope = secant(stated, point, {e: sp.Integer(1)})
                verdicts.append(close(slope, balls.enclose(explicit * e, point, BITS), point))
        return weakest(verdicts)


def explicit_point(level: Equation, x: Any, y: Any, r: Any) -> Mapping[Any, Any]:
    """x and y as functions of r = x y > 0: A x^2 is the positive root of u (u - c) = A B r^2."""
    A, B = _weights(level, x, y)
    share = (level.lhs + sp.sqrt(level.lhs**2 + 4 * A * B * r**2)) / 2
    root = sp.sqrt(share / A)
    return {x: root, y: r / root}


def along(expr: Any, level: Equation, x: Any, y: Any) -> Any:
    """d expr/dr along the level set, r = x y: the tangent is (dx, dy) = (B y, A x)."""
    A, B = _weights(level, x, y)
    moved = sp.diff(expr, x) * B * y + sp.diff(expr, y) * A * x
    return factored(moved / (B * y**2 + A * x**2))


@dataclass(frozen=True)
class RadialSlope(Rule):
    """F on the level set, r = x y  ->  dF/dr = (F_x B y + F_y A x)/(B y^2 + A x^2).

    Inputs: F and the level set.
    """

    source: ClassVar[str] = "implicit differentiation"
    result: Any = None
    coordinates: tuple[Any, Any] = (None, None)

    def apply(self, *inputs: Claim) -> Equation:
        return Equation(self.result, along(inputs[0].rhs, inputs[1].single, *self.coordinates))

    def check(self, case: Case) -> Verdict:
        """Symmetric differences in r of F, with x and y explicit functions of r."""
        x, y = self.coordinates
        r = sp.Dummy("r", positive=True)
        level = case.inputs[1].single
        explicit = explicit_point(level, x, y, r)
        before, after = (e.xreplace(explicit) for e in (case.inputs[0].rhs, case.output.rhs))
        verdicts = []
        for point in case.samples.points(set(free_atoms(before) + free_atoms(after)) - {r}, case.given):
            point[r] = sp.Rational(17, 13)
            slope = secant(before, point, {r: sp.Integer(1)})
            verdicts.append(close(slope, balls.enclose(after, point, BITS), point))
        return weakest(verdicts)


@dataclass(frozen=True)
class RadialHessian(Rule):
    """F'(r) = q(x, y)  ->  Hess F(|beta|) has the eigenvalue dq/dr along beta and q/r across it, r = x y.

    Inputs: the slope and the level set; `names` are those of the two eigenvalues.
    """

    source: ClassVar[str] = "the Hessian of a radial function"
    names: tuple[Any, Any] = (None, None)
    coordinates: tuple[Any, Any] = (None, None)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        x, y = self.coordinates
        slope = inputs[0].rhs
        return (
            Equation(self.names[0], along(slope, inputs[1].single, x, y)),
            Equation(self.names[1], canonical(slope / (x * y))),
        )

    def check(self, case: Case) -> Verdict:
        """In two dimensions: symmetric differences of the field q(|beta|) beta/|beta| along and across beta."""
        x, y = self.coordinates
        first, second = sp.Dummy("b1", real=True), sp.Dummy("b2", real=True)
        r = sp.sqrt(first**2 + second**2)
        level = case.inputs[1].single
        explicit = explicit_point(level, x, y, r)
        field = [case.inputs[0].rhs.xreplace(explicit) * b / r for b in (first, second)]
        stated = [e.rhs.xreplace(explicit) for e in case.output.equations]
        atoms = set(free_atoms(field[0]) + [a for e in stated for a in free_atoms(e)]) - {first, second}
        verdicts = []
        for point in case.samples.points(atoms, case.given):
            point |= {first: sp.Rational(3, 7), second: sp.Rational(-8, 5)}
            directions = [(point[first], point[second]), (-point[second], point[first])]
            for (u, v), value in zip(directions, stated):
                moved = [secant(e, point, {first: u, second: v}) for e in field]
                eigen = balls.enclose(value, point, BITS)
                with balls.working(BITS):
                    images = [eigen * balls.exact_ball(n) for n in (u, v)]
                verdicts.extend(close(m, image, point) for m, image in zip(moved, images))
        return weakest(verdicts)

"""Integrals over the bulk in the angle variable: substitution, one elementary integral, its closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS, equal
from ..errors import NotDerivable
from ..exact import canonical, factored, squares_opened, vanishes
from ..precision import compiled, context, number
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .algebra import same_ball


@dataclass(frozen=True)
class MassAboveAngle(Rule):
    """int_{x(phi)}^{x_+} f(x) dx  ->  int_0^phi f(x(t)) h sin t dt,  x(t) = c + h cos t between the edges c -+ h.

    Inputs: the statement `mass = atoms + int f dx`, the density f, the edges. sqrt((x_+ - x)(x - x_-)) becomes
    h sin t, which the rule verifies before it replaces the root.
    """

    source: ClassVar[str] = "change of variable; the angle makes the square-root edges analytic"
    real: Any = None
    angle: Any = None
    dummy: Any = None

    def path(self, edges: Claim) -> tuple[Any, Any]:
        low, high = (e.rhs for e in edges.equations)
        return canonical((low + high) / 2), canonical((high - low) / 2)

    def apply(self, *inputs: Claim) -> Equation:
        statement, claim, edges = inputs
        (integral,) = statement.rhs.atoms(sp.Integral)
        density = claim.rhs.xreplace(edges.defines())
        centre, half = self.path(edges)
        x = centre + half * sp.cos(self.dummy)
        wave = half * sp.sin(self.dummy)
        roots = [r for r in density.atoms(sp.Pow) if r.exp == sp.Rational(1, 2) and r.has(self.real)]
        if integral.function != claim.lhs or integral.limits[0][0] != self.real:
            raise NotDerivable(f"the statement does not integrate {claim.lhs} over {self.real}")
        if len(roots) != 1 or vanishes(roots[0].base.xreplace({self.real: x}) - wave**2) is not True:
            raise NotDerivable("the density is not a square root between these edges")
        integrand = density.xreplace({roots[0]: wave}).xreplace({self.real: x}) * wave
        in_angle = sp.Integral(_tidy(integrand, self.dummy), (self.dummy, 0, self.angle))
        return Equation(statement.lhs, statement.rhs.xreplace({integral: in_angle}))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        """The angle covers the bulk, so the condition 'inside the bulk' is no longer needed."""
        return tuple(c for c in super().given(*inputs) if not c.has(self.real))

    def check(self, case: Case) -> Verdict:
        """Integrate the density over x itself (tanh-sinh, 30 digits) and compare."""
        ctx = context(30)
        statement, claim, edges = case.inputs
        density = claim.rhs.xreplace(edges.defines())
        low, high = (e.rhs for e in edges.equations)
        others = statement.rhs.xreplace({integral: sp.Integer(0) for integral in statement.rhs.atoms(sp.Integral)})
        atoms = [a for a in (*free_atoms(density), *free_atoms(others)) if a != self.real] + [self.angle]
        outside = [c for c in case.given if not c.has(self.real)]
        for point in case.samples.points(atoms, outside):
            with balls.working(BITS):
                c, h = (balls.real_enclosure(e, point, BITS) for e in ((low + high) / 2, (high - low) / 2))
                start = c + h * balls.exact_ball(point[self.angle]).real.cos()
            function = compiled(ctx, [self.real], density.xreplace(point))
            top, bottom = ctx.mpf((c + h).str(40, radius=False)), ctx.mpf(start.str(40, radius=False))
            value = _quadrature(ctx, function, top, bottom)
            stated = balls.real_enclosure(case.output.rhs, point, BITS)
            offset = others.xreplace(point)
            gap = abs(ctx.mpf(stated.str(40, radius=False)) - value - number(ctx, offset))
            if not gap < ctx.mpf(10) ** -18:
                at = [(str(k), str(v)) for k, v in point.items()]
                return refuted("quadrature in x", f"the masses differ by {ctx.nstr(gap, 4)}", at)
        return consistent("quadrature in x", f"{POINTS} points, 18 digits")


def _quadrature(ctx: Any, function: Any, top: Any, bottom: Any) -> Any:
    """int_bottom^top; the substitution x = top - u^2 removes the square root at the upper edge."""
    return ctx.quad(lambda u: function(top - u * u) * 2 * u, [0, ctx.sqrt(top - bottom)]).real


def _tidy(expr: Any, dummy: Any) -> Any:
    """Numerator and denominator as products of factors in sin and cos."""
    names = {atom: sp.Dummy() for atom in (sp.sin(dummy), sp.cos(dummy))}
    return factored(expr.xreplace(names)).xreplace({name: atom for atom, name in names.items()})


@dataclass(frozen=True)
class ThroughElementary(Rule):
    """int_0^phi sin^2 t R(cos t) dt  ->  sum_j k_j J(A_j, B_j; phi) with J = int_0^phi sin^2 t/(A + B cos t) dt.

    Partial fractions of R in cos t; every denominator must be linear. The second input defines J.
    """

    source: ClassVar[str] = "partial fractions"
    function: Any = None
    dummy: Any = None
    angle: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        integrals = sorted(target.rhs.atoms(sp.Integral), key=sp.default_sort_key)
        if len(integrals) != 1:
            raise NotDerivable(f"one integral is needed, {len(integrals)} found")
        ratio = integrals[0].function / sp.sin(self.dummy) ** 2
        total = sp.Integer(0)
        for factor, offset, slope in _simple_fractions(ratio, sp.cos(self.dummy)):
            total += factor * self.function(offset, slope, self.angle)
        return Equation(target.lhs, target.rhs.xreplace({integrals[0]: total}))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return inputs[0].given

    def check(self, case: Case) -> Verdict:
        """Rigorous quadrature of the integral and of every J, at random points."""
        target, definition = case.inputs
        for point in case.samples.points(free_atoms(target.rhs), target.given):
            poles = _poles(case.output.rhs, self.function, point)
            if poles:
                return refuted("domain of the elementary integral", f"{poles} has a pole", _shown(point))
            stated = case.output.rhs.replace(
                lambda e: getattr(e, "func", None) == self.function, lambda e: _unfold(e, definition)
            )
            verdict = same_ball(target.rhs, stated, point, point)
            if not verdict.positive:
                return verdict
        return consistent("rigorous quadrature", f"{POINTS} points, 50 digits")


def _poles(expr: Any, function: Any, point: Any) -> str:
    """The first J(A, B; phi) in the expression whose denominator vanishes on the way, as text."""
    for applied in sorted((e for e in expr.atoms(sp.Function) if e.func == function), key=sp.default_sort_key):
        offset, slope, _ = applied.args
        with balls.working(BITS):
            a, b = (balls.real_enclosure(e, point, BITS) for e in (offset, slope))
            if not a > abs(b):
                return sp.sstr(applied)
    return ""


def _shown(point: Any) -> list[tuple[str, str]]:
    return [(str(k), str(v)) for k, v in point.items()]


def _simple_fractions(ratio: Any, cosine: Any) -> list[tuple[Any, Any, Any]]:
    """ratio = sum k/(A + B cos) as [(k, A, B)], with roots of symbols handled as symbols."""
    c = sp.Dummy("c")
    expr = ratio.xreplace({cosine: c})
    roots = {r: sp.Dummy(positive=True) for r in expr.atoms(sp.Pow) if r.exp == sp.Rational(1, 2) and r.base.is_Symbol}
    expr = expr.xreplace(roots).subs({r.base: d**2 for r, d in roots.items()})
    back = {d: r for r, d in roots.items()}
    found = []
    for term in sp.Add.make_args(sp.apart(canonical(expr), c)):
        num, den = sp.fraction(sp.together(term))
        poly = sp.Poly(den, c)
        if num.has(c) or poly.degree() != 1:
            raise NotDerivable(f"the partial fraction {sp.sstr(term)} is not linear in the cosine")
        slope, offset = poly.all_coeffs()
        # The divisor common to both coefficients goes to the numerator; the offset is positive by convention.
        content = sp.gcd(slope, offset)
        if sp.expand(offset / content).could_extract_minus_sign():
            content = -content
        parts = (num / content, offset / content, slope / content)
        found.append(tuple(sp.factor(sp.cancel(p)).xreplace(back) for p in parts))
    return [(k, sp.expand(a), b) for k, a, b in found]


def _unfold(applied: Any, definition: Claim) -> Any:
    """J(A, B, phi) by its definition, with the definition's own arguments replaced."""
    return definition.rhs.xreplace(dict(zip(definition.lhs.args, applied.args)))


@dataclass(frozen=True)
class CosineIntegral(Rule):
    """int_0^phi sin^2 t/(A + B cos t) dt, A > |B|  ->  elementary functions of phi, by division in cos t.

    With r = sqrt(A^2 - B^2): A phi/B^2 - sin(phi)/B - (r/B^2)(phi - 2 atan(B sin(phi)/(A + r + B cos(phi)))).
    Division with remainder in cos t leaves int dt/(A + B cos t) = (phi - 2 atan(...))/r, a branch-free form valid up
    to phi = pi (Poisson kernel).
    """

    source: ClassVar[str] = "division in cos t and the Poisson kernel"
    dummy: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        integral = target.rhs
        cosine, c = sp.cos(self.dummy), sp.Dummy("c")
        _, low, angle = integral.limits[0]
        expr = integral.function.xreplace({sp.sin(self.dummy) ** 2: 1 - cosine**2}).xreplace({cosine: c})
        num, den = sp.fraction(sp.together(expr))
        quotient, remainder = sp.div(sp.Poly(num, c), sp.Poly(den, c))
        if low != 0 or sp.degree(den, c) != 1 or quotient.degree() > 1:
            raise NotDerivable("the integrand is not sin^2 t/(A + B cos t) from 0")
        slope, offset = sp.Poly(den, c).all_coeffs()
        root = sp.sqrt(offset**2 - slope**2)
        arc = angle - 2 * sp.atan(slope * sp.sin(angle) / (offset + root + slope * sp.cos(angle)))
        polynomial = quotient.nth(0) * angle + quotient.nth(1) * sp.sin(angle)
        leftover = sp.factor(remainder.nth(0) / (offset**2 - slope**2)) * root
        return Equation(target.lhs, sp.expand(polynomial) + leftover * arc)

    def check(self, case: Case) -> Verdict:
        """Differentiate in the upper limit (exact normal form) and evaluate at the lower one."""
        integral = case.inputs[0].rhs
        _, _, angle = integral.limits[0]
        slope = sp.diff(case.output.rhs, angle)
        derivative = equal(slope, integral.function.xreplace({self.dummy: angle}), case.samples, case.given)
        boundary = equal(case.output.rhs.xreplace({angle: sp.Integer(0)}), sp.Integer(0), case.samples, case.given)
        return derivative if not derivative.positive else boundary if not boundary.positive else derivative


@dataclass(frozen=True)
class Unfold(Rule):
    """f = F(J(A, B; phi)), J(A, B; phi) = closed form  ->  f in closed form, perfect squares taken out of the roots."""

    source: ClassVar[str] = "substitution"
    function: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target, closed = inputs[0].single, inputs[1]
        matches = [e for e in target.rhs.atoms(sp.Function) if e.func == self.function]
        if not matches:
            raise NotDerivable(f"{self.function} does not occur in the claim")
        table = {e: squares_opened(_unfold(e, closed)) for e in matches}
        return Equation(target.lhs, target.rhs.xreplace(table))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return inputs[0].given

    def check(self, case: Case) -> Verdict:
        """The closed form against the value of every J by rigorous quadrature (the definition is the third input)."""
        target, definition = case.inputs[0], case.inputs[2]
        for point in case.samples.points(free_atoms(target.rhs), target.given):
            opened = target.rhs.replace(
                lambda e: getattr(e, "func", None) == self.function, lambda e: _unfold(e, definition)
            )
            verdict = same_ball(opened, case.output.rhs, point, point)
            if not verdict.positive:
                return verdict
        return consistent("rigorous quadrature", f"{POINTS} points, 50 digits")


@dataclass(frozen=True)
class GrowthAlong(Rule):
    """c = c_0 + int_0^phi F(t) dt, rho = int_0^phi G(t) dt  ->  dc/drho = F(phi)/G(phi)."""

    source: ClassVar[str] = "chain rule along the parameter"
    result: Any = None
    angle: Any = None
    dummy: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        rates = []
        for claim in inputs:
            (integral,) = claim.rhs.atoms(sp.Integral)
            rates.append(integral.function.xreplace({self.dummy: self.angle}))
        return Equation(self.result, _tidy(rates[0] / rates[1], self.angle))

    def check(self, case: Case) -> Verdict:
        """The quotient of differences of the two integrals over a step of 10^-30, by rigorous quadrature."""
        atoms = [a for claim in case.inputs for a in free_atoms(claim.rhs)]
        for point in case.samples.points(atoms, case.given):
            moved = {**point, self.angle: point[self.angle] + sp.Rational(1, 10**30)}
            with balls.working(BITS):
                rise = [balls.enclose(c.rhs, moved, BITS) - balls.enclose(c.rhs, point, BITS) for c in case.inputs]
                gap = abs(rise[0] / rise[1] - balls.enclose(case.output.rhs, point, BITS))
            if not gap < 1e-20:
                return refuted("difference quotient", f"distance {gap.str(3, radius=False)}", _shown(point))
        return consistent("difference quotient", f"{POINTS} points, 20 digits")

"""From a Stieltjes transform to its measure: density, edges, outlying atom, moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp
from flint import acb, arb

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS, equal
from ..errors import NotDerivable
from ..exact import canonical, factored, numerator_denominator
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted

INVERSION = "Stieltjes inversion: density(x) = Im F(x + i0)/pi (Bai and Silverstein, 2010, Theorem B.8)"


def quadratic(claim: Claim, unknown: Any) -> tuple[Any, Any, Any]:
    """The coefficients (A, B, C) of the quadratic equation a claim states for an unknown."""
    poly = sp.Poly(numerator_denominator(claim.single.difference)[0], unknown)
    if poly.degree() != 2:
        raise NotDerivable(f"the equation has degree {poly.degree()} in {unknown}, not 2")
    a, b, c = poly.all_coeffs()
    return a, b, c


def physical_root(claim: Claim, unknown: Any, variable: Any, z: acb, point: Mapping[Any, Any]) -> acb:
    """The root with Im m Im z > 0, numerically at a complex z: the Stieltjes transform of a positive measure."""
    a, b, c = (balls.enclose(x, {**point, variable: z}, BITS) for x in quadratic(claim, unknown))
    with balls.working(BITS):
        root = (b * b - 4 * a * c).sqrt()
        roots = [(-b + sign * root) / (2 * a) for sign in (1, -1)]
        return max(roots, key=lambda m: float((m.imag * z.imag.sgn()).mid()))


@dataclass(frozen=True)
class StieltjesInversion(Rule):
    """F(z), A m^2 + B m + C = 0  ->  density(x) = Im F(x + i0)/pi, with Im m > 0 above the cut.

    Inputs: the transform as a rational function of m and z, and the quadratic for m. F is reduced to u + v m with
    u, v rational in z; on the cut Im m = sqrt(4 A C - B^2)/(2 A), so the density is v sqrt(4 A C - B^2)/(2 pi A).
    """

    source: ClassVar[str] = INVERSION
    conditions: ClassVar[tuple[str, ...]] = ("x inside the bulk, where B^2 < 4 A C",)
    density: Any = None
    unknown: Any = None
    variable: Any = None
    real: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        transform, equation = inputs
        a, b, c = quadratic(equation, self.unknown)
        slope = _slope(transform.rhs, self.unknown, a, b, c)
        on_cut = {self.variable: self.real}
        a, b, c, slope = (sp.S(e).xreplace(on_cut) for e in (a, b, c, slope))
        if a.is_negative:
            a, b, c = -a, -b, -c
        if not a.is_positive:
            raise NotDerivable(f"the domain does not show that the leading coefficient {a} is positive on the cut")
        radicand = sp.expand(4 * a * c - b**2)
        return Equation(self.density, factored(slope / (2 * a)) * sp.sqrt(radicand) / sp.pi)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        a, b, c = quadratic(inputs[1], self.unknown)
        inside = sp.expand(4 * a * c - b**2).xreplace({self.variable: self.real}) > 0
        return (*super().given(*inputs), inside)

    def check(self, case: Case) -> Verdict:
        """Solve the quadratic at x + i 10^-50 in complex balls, take the root above the cut, compare Im F/pi."""
        transform, equation = case.inputs
        atoms = [a for a in free_atoms(case.output.rhs) if a != self.real] + [self.real]
        for point in case.samples.points(atoms, case.given):
            with balls.working(BITS):
                z = acb(balls.exact_ball(point[self.real]).real, arb(10) ** -50)
            m = physical_root(equation, self.unknown, self.variable, z, point)
            value = balls.enclose(transform.rhs, {**point, self.variable: z, self.unknown: m}, BITS)
            density = balls.enclose(case.output.rhs, point, BITS)
            with balls.working(BITS):
                gap = abs(value.imag / arb.pi() - density)
                if not gap < arb(10) ** -35:
                    at = [(str(k), str(v)) for k, v in point.items()]
                    return refuted("root above the cut", f"the densities differ by {gap.str(5)}", at)
        return consistent("root above the cut", f"{POINTS} points, 35 digits")


def _slope(expr: Any, unknown: Any, a: Any, b: Any, c: Any) -> Any:
    """v in expr = u + v m modulo A m^2 + B m + C."""
    num, den = numerator_denominator(expr)
    modulus = sp.Poly(a * unknown**2 + b * unknown + c, unknown)
    n1, n0 = _linear(num, unknown, modulus)
    d1, d0 = _linear(den, unknown, modulus)
    norm = canonical(d0**2 - d0 * d1 * b / a + d1**2 * c / a)
    return canonical((n1 * d0 - n0 * d1) / norm)


def _linear(expr: Any, unknown: Any, modulus: Any) -> tuple[Any, Any]:
    remainder = sp.rem(sp.Poly(expr, unknown), modulus)
    return remainder.nth(1), remainder.nth(0)


@dataclass(frozen=True)
class BulkEdges(Rule):
    """B^2 - 4 A C = 0  ->  the edges of the bulk: where the two roots of the quadratic meet.

    For a discriminant of degree 2 in z with leading coefficient 1 and real roots; the lower edge comes first.
    """

    source: ClassVar[str] = "the density vanishes where the two branches of the transform meet"
    unknown: Any = None
    variable: Any = None
    lower: Any = None
    upper: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        a, b, c = quadratic(inputs[0], self.unknown)
        poly = sp.Poly(sp.expand(b**2 - 4 * a * c), self.variable)
        if poly.degree() != 2:
            raise NotDerivable(f"the discriminant has degree {poly.degree()} in {self.variable}, not 2")
        lead, p, q = poly.all_coeffs()
        half = sp.sqrt(sp.factor(p**2 / 4 - lead * q))
        ends = [sp.factor((-p / 2 + sign * half) / lead) for sign in (-1, 1)]
        return tuple(Equation(name, _as_square(end)) for name, end in zip((self.lower, self.upper), ends))

    def check(self, case: Case) -> Verdict:
        """Each edge annuls the discriminant exactly, and lower < upper in balls."""
        equation = case.inputs[0]
        a, b, c = quadratic(equation, self.unknown)
        gap = b**2 - 4 * a * c
        verdicts = [
            equal(gap.xreplace({self.variable: e.rhs}), sp.Integer(0), case.samples, case.given)
            for e in case.output.equations
        ]
        low, high = (e.rhs for e in case.output.equations)
        for point in case.samples.points(free_atoms(high - low), case.given):
            if not balls.real_enclosure(high - low, point, BITS) > 0:
                at = [(str(k), str(v)) for k, v in point.items()]
                return refuted("balls", "the lower edge is not below the upper", at)
        return next((v for v in verdicts if not v.positive), verdicts[0])


def _as_square(expr: Any) -> Any:
    """1 + g -+ 2 sqrt(g) as (1 -+ sqrt(g))^2 where it is one."""
    roots = [r for r in expr.atoms(sp.Pow) if r.exp == sp.Rational(1, 2) and r.base.is_Symbol]
    if len(roots) == 1:
        dummy = sp.Dummy(positive=True)
        return sp.factor(expr.subs(roots[0].base, dummy**2)).subs(dummy, roots[0])
    return expr


@dataclass(frozen=True)
class OutlyingAtom(Rule):
    """F = P/Q(m), z = zeta(m)  ->  the atom outside the bulk: Q(m0) = 0 at zeta(m0), weight -P zeta'(m0)/Q'(m0).

    Inputs: a transform whose denominator is linear in m, and the inverse function z = zeta(m). The pole lies on the
    physical sheet iff zeta'(m0) > 0 (outside the bulk a Stieltjes transform increases); otherwise the weight is 0.
    """

    source: ClassVar[str] = "Baik, Ben Arous and Peche 2005; Benaych-Georges and Nadakuditi 2011"
    unknown: Any = None
    variable: Any = None
    location: Any = None
    weight: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        transform, inverse = inputs
        num, den = numerator_denominator(transform.rhs)
        zeta = inverse.rhs
        pole = [f for f in sp.Mul.make_args(sp.factor(den)) if f.has(self.unknown)]
        if len(pole) != 1 or sp.degree(pole[0], self.unknown) != 1:
            raise NotDerivable(f"the denominator {den} is not linear in {self.unknown}")
        # Coefficients, not solve(): an assumption on the unknown would delete a root of the wrong sign.
        lead, rest = sp.Poly(pole[0], self.unknown).all_coeffs()
        root = -rest / lead
        at = {self.unknown: root}
        slope = sp.factor(canonical(sp.diff(zeta, self.unknown).xreplace(at)))
        place = factored(zeta.xreplace(at))
        residue = num / sp.diff(den, self.unknown) * slope
        weight = factored(-residue.xreplace(at).xreplace({self.variable: place}))
        positive = _positivity(slope)
        return (
            Equation(self.location, place),
            Equation(self.weight, sp.Piecewise((weight, positive), (sp.Integer(0), True))),
        )

    def check(self, case: Case) -> Verdict:
        """-1/(2 pi i) times the contour integral of F around the location, on the physical sheet."""
        transform, inverse = case.inputs
        place, weight = case.output.equations
        for k in range(2 * POINTS):
            atoms = [*free_atoms(place.rhs), *free_atoms(inverse.rhs)]
            point = case.samples.point([a for a in atoms if a not in (self.unknown, self.variable)], (), k)
            found = _contour(transform, inverse, self.unknown, self.variable, place.rhs, point)
            stated = balls.real_enclosure(weight.rhs, point, BITS)
            at = [(str(a), str(v)) for a, v in point.items()]
            if not abs(found.real - stated) < 1e-12 or not abs(found.imag) < 1e-12:
                return refuted("contour integral", f"weight {found.real.str(8)} against {stated.str(8)}", at)
        return consistent("contour integral", f"{2 * POINTS} points, 12 digits")


def _positivity(expr: Any) -> Any:
    """The condition expr > 0, reduced to the factors whose sign the domains do not decide."""
    open_factors = [f for f in sp.Mul.make_args(sp.factor(expr)) if not f.is_positive]
    numerator = sp.Mul(*(f for f in open_factors))
    positive, negative = [], []
    for term in sp.Add.make_args(sp.expand(numerator)):
        (negative if term.could_extract_minus_sign() else positive).append(term)
    return sp.Add(*positive) > -sp.Add(*negative)


def _contour(transform: Claim, inverse: Claim, unknown: Any, variable: Any, place: Any, point: Any) -> acb:
    """The trapezoidal rule on a circle that stays clear of the bulk; it converges geometrically."""
    polynomial = Claim("inverse", (Equation(numerator_denominator(variable - inverse.rhs)[0], sp.Integer(0)),))
    a, b, c = quadratic(polynomial, unknown)
    edges = [complex(r) for r in sp.Poly(sp.expand(b**2 - 4 * a * c).xreplace(point), variable).nroots(n=20)]
    centre = balls.enclose(place, point, BITS)
    # Below the transition the location lies close to the bulk or inside: only its distance to the bulk counts.
    distance = min(abs(complex(float(centre.real.mid()), float(centre.imag.mid())) - e) for e in edges)
    inside = min(e.real for e in edges) < float(centre.real.mid()) < max(e.real for e in edges)
    if inside:
        raise NotDerivable("the stated location lies inside the bulk")
    nodes = 256
    with balls.working(BITS):
        total = acb(0)
        for k in range(nodes):
            turn = acb.exp(acb(0, 2 * arb.pi() * (2 * k + 1) / (2 * nodes)))
            z = centre + turn * arb(distance) / 2
            m = physical_root(polynomial, unknown, variable, z, point)
            total -= balls.enclose(transform.rhs, {**point, variable: z, unknown: m}, BITS) * turn
        return total * arb(distance) / 2 / nodes


@dataclass(frozen=True)
class MomentsFromEquation(Rule):
    """P(g, z) = 0, g = -sum_k m_k z^(-k-1)  ->  m_0, m_1, ..., m_n, order by order in 1/z."""

    source: ClassVar[str] = "expansion of the Stieltjes transform at infinity"
    unknown: Any = None
    variable: Any = None
    moments: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        polynomial = numerator_denominator(inputs[0].single.difference)[0]
        u = sp.Dummy("u")
        unknowns = [sp.Dummy(f"m{k}") for k in range(len(self.moments) + 1)]
        series = -sum((m * u ** (k + 1) for k, m in enumerate(unknowns)), sp.Integer(0))
        degree = sp.degree(polynomial, self.variable)
        expanded = sp.expand(polynomial.subs(self.unknown, series).subs(self.variable, 1 / u) * u**degree)
        values: dict[Any, Any] = {unknowns[0]: sp.Integer(1)}
        order = 0
        for moment in unknowns[1:]:
            coefficient = sp.Integer(0)
            while not coefficient.has(moment):
                coefficient = sp.expand(expanded.coeff(u, order).subs(values))
                order += 1
            lead, rest = sp.Poly(coefficient, moment).all_coeffs()
            values[moment] = sp.expand(canonical(-rest / lead))
        return tuple(Equation(name, values[m]) for name, m in zip(self.moments, unknowns[1:]))

    def check(self, case: Case) -> Verdict:
        """At a far point z the truncated series must solve the equation to the order of the first dropped term."""
        polynomial = numerator_denominator(case.inputs[0].single.difference)[0]
        far = sp.Integer(10) ** 40
        for point in case.samples.points([a for a in free_atoms(polynomial) if a not in (self.unknown, self.variable)]):
            values = [sp.Integer(1), *(e.rhs.xreplace(point) for e in case.output.equations)]
            roots = sp.Poly(polynomial.xreplace({**point, self.variable: far}), self.unknown).nroots(n=60 * len(values))
            series = -sum((m / far ** (k + 1) for k, m in enumerate(values)), sp.Integer(0))
            gap = min(abs((r - series) * far) for r in roots)
            if gap > sp.Rational(1, 10 ** (40 * len(values) - 20)):
                at = [(str(a), str(v)) for a, v in point.items()]
                return refuted("numerical root at z = 10^40", f"distance {sp.N(gap, 3)}", at)
        return consistent("numerical root at z = 10^40", f"{POINTS} points")

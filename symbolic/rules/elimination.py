"""From Dyson equations to one polynomial on the physical branch, and what follows from it: slopes, equivalent forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import sympy as sp
from flint import acb, fmpz_mpoly

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS
from ..errors import NotDerivable
from ..exact import factored, numerator_denominator
from ..precision import compiled, context, number
from ..quantity import free_atoms
from ..random_matrix.balls import to_ball
from ..random_matrix.elimination import MinimalPolynomial, PolynomialSystem, _physical, eliminate
from ..random_matrix.field import Field, sum_of_terms
from ..random_matrix.groebner import cross_check
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, proved, refuted
from .dyson import DysonEquations, Physical, derived_of, generic_point, named, physical

NOTHING = DysonEquations()
RESULTANTS = "resultants, factored at every step; of the factors the one that vanishes on the physical branch is kept"


@dataclass(frozen=True)
class EliminateTraces(Rule):
    """F(T, t) = 0 on the physical branch  ->  P(t) = 0, the irreducible polynomial of t.

    Inputs: the Dyson equations, then the definitions they came from. `dyson` is the rule that derived them: it gives
    the physical branch at a rational point. `keep` is the trace the polynomial is for, `also` others that may stay
    (targets or traces). The result is written with its constant term on the left; a polynomial of degree 1 is solved.
    """

    source: ClassVar[str] = RESULTANTS
    dyson: DysonEquations = NOTHING
    keep: Any = None
    also: tuple[Any, ...] = ()
    near: tuple[tuple[Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        claim, definitions = inputs[0], inputs[1:]
        wanted = (*self.also, self.keep)
        stated = [e for e in claim.equations if e.lhs in (*self.dyson.unknowns, *wanted)]
        parameters = self.dyson.parameters(definitions)
        gone = [t for t in self.dyson.unknowns if t not in wanted]
        field = Field([*parameters, *gone, *wanted])
        polynomials = tuple(field.read(e.difference).num for e in stated)
        point = dict(self.near) or generic_point(parameters)
        known = physical(self.dyson, definitions, tuple(point.items()))
        with balls.working(BITS):
            values = [to_ball(point[p]) for p in parameters]
            values += [{**known.traces, **known.targets}[t] for t in (*gone, *wanted)]
            unknowns = tuple(field.index(t) for t in gone)
            system = PolynomialSystem(field, polynomials, unknowns, field.index(self.keep))
            found = lowest_relation(system, values) if self.also else eliminate(system, values)
        return arranged(sum_of_terms(found, list(field.symbols)), self.keep)

    def check(self, case: Case) -> Verdict:
        """The certified branch at fresh points annuls it to 40 digits; in full, a Groebner basis has it as a factor."""
        definitions, difference = case.inputs[1:], case.output.single.difference
        for k in range(POINTS):
            point = case.samples.point(self.dyson.parameters(definitions), case.given, k)
            known = physical(self.dyson, definitions, tuple(point.items()))
            if not vanishes_at(difference, {**point, **known.traces, **known.targets}):
                return refuted("certified branch", "the polynomial does not vanish there", named(point))
        if case.level == "full" and not self.also and not self.dyson.deterministic and len(self.dyson.gaussian) < 4:
            return self._groebner(case, definitions, difference)
        return consistent("certified branch", f"annulled to 40 digits at {POINTS} points")

    def _groebner(self, case: Case, definitions: tuple[Claim, ...], difference: Any) -> Verdict:
        point = case.samples.point(self.dyson.parameters(definitions), case.given, 0)
        polynomial = numerator_denominator(difference)[0]
        found = MinimalPolynomial(polynomial, self.keep, tuple(point), 0, 0)
        verdict = cross_check(derived_of(self.dyson, definitions, None)[self.keep], found, point)
        if verdict.refuted:
            return verdict
        if verdict.positive:
            return consistent("certified branch and Groebner basis", verdict.evidence)
        return consistent("certified branch", f"annulled to 40 digits at {POINTS} points")


def lowest_relation(system: PolynomialSystem, point: list[acb]) -> fmpz_mpoly:
    """The relation of least degree in the trace that is kept: resultants, then remainders among what they leave."""
    pool, target = [_physical(p, point) for p in system.polynomials], system.target
    for variable in system.unknowns:
        active = sorted((p for p in pool if _degree(p, variable)), key=lambda p: (_degree(p, variable), len(p)))
        results = [active[0].resultant(p, variable) for p in active[1:]]
        pool = [p for p in pool if not _degree(p, variable)] + [_physical(r, point) for r in results if r]
    pool = sorted((p for p in pool if _degree(p, target)), key=lambda p: (_degree(p, target), len(p), str(p)))
    if not pool:
        raise NotDerivable("the resultants lost the trace that is kept; keep another one beside it")
    best = pool[0]
    for other in pool[1:]:
        while _degree(best, target) > 1:
            rest = _remainder(other, best, target)
            if not rest:
                break
            rest = _physical(rest, point)
            if not _degree(rest, target):
                break
            best, other = rest, best
    return best


def _degree(p: fmpz_mpoly, variable: int) -> int:
    return int(p.degrees()[variable])


def _remainder(p: fmpz_mpoly, q: fmpz_mpoly, variable: int) -> fmpz_mpoly:
    """The pseudo-remainder of p by q in one variable."""
    x = p.context().gen(variable)
    lead, degree = _coefficient(q, variable, _degree(q, variable)), _degree(q, variable)
    while p and _degree(p, variable) >= degree:
        power = _degree(p, variable)
        p = lead * p - _coefficient(p, variable, power) * x ** (power - degree) * q
    return p


def _coefficient(p: fmpz_mpoly, variable: int, power: int) -> fmpz_mpoly:
    kept = {
        tuple(0 if k == variable else int(e) for k, e in enumerate(m)): c
        for m, c in p.terms()
        if int(m[variable]) == power
    }
    return p.context().from_dict(kept)


def arranged(polynomial: Any, variable: Any) -> Equation:
    """P(t) = 0 as  c_0 = -(c_1 t + ...), coefficients factored; degree 1 as t = -c_0/c_1."""
    poly = sp.Poly(polynomial, variable)
    if poly.degree() == 1:
        lead, rest = poly.all_coeffs()
        return Equation(variable, factored(-rest / lead))
    constant: Any = sp.factor(poly.nth(0))
    sign = -1 if constant.could_extract_minus_sign() else 1
    coefficients = enumerate(reversed(poly.all_coeffs()))
    rest = sp.Add(*(sp.factor(-sign * c) * variable**k for k, c in coefficients if k))
    return Equation(sign * constant, rest)


def vanishes_at(expr: Any, values: Mapping[Any, Any], digits: int = 40) -> bool:
    """Whether an expression is 0 at balls, relative to the size of its terms."""
    with balls.working(BITS):
        total = balls.enclose(expr, values, BITS)
        size = sum((abs(balls.enclose(t, values, BITS)).abs_upper() for t in sp.Add.make_args(expr)), start=acb(0).real)
        if not total.is_finite() or not total.contains(0):
            return False
        return bool(abs(total).abs_upper() < (size + 1) / balls.exact_ball(10**digits).real)


def root_at(polynomial: Any, variable: Any, near: acb, ctx: Any) -> Any:
    """The root of a univariate polynomial next to a ball, to the precision of ctx."""
    f, slope = compiled(ctx, [variable], polynomial), compiled(ctx, [variable], sp.diff(polynomial, variable))
    x = ctx.mpf(near.real.mid().str(60, radius=False))
    for _ in range(12):
        move = f(x) / slope(x)
        x -= move
        if abs(move) < abs(x) * ctx.mpf(10) ** (10 - ctx.dps):
            break
    return x


@dataclass(frozen=True)
class SlopeOnBranch(Rule):
    """P(t; p) = 0  ->  dt/dp = -P_p/P_t: the slope of a root in a parameter.

    Inputs: the polynomial equation, then the definitions behind it (the branch of the check).
    """

    source: ClassVar[str] = "implicit function theorem"
    dyson: DysonEquations = NOTHING
    unknown: Any = None
    parameter: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        p = numerator_denominator(inputs[0].single.difference)[0]
        top, bottom = sp.diff(p, self.parameter), sp.diff(p, self.unknown)
        sign = -1 if sp.LC(bottom, self.unknown).could_extract_minus_sign() else 1
        top, bottom = (_collected(sign * x, self.unknown) for x in (top, bottom))
        return Equation(self.result, sp.Mul(-1, top, 1 / bottom))

    def check(self, case: Case) -> Verdict:
        """Central difference of the root at the parameter +- 10^-20, on the certified branch."""
        equation, definitions = case.inputs[0], case.inputs[1:]
        for k in range(POINTS):
            point = case.samples.point(self.dyson.parameters(definitions), case.given, k)
            items = tuple(point.items())
            root, slope = difference_on_branch(self.dyson, equation, definitions, items, self.unknown, self.parameter)
            stated = compiled(context(80), [self.unknown], case.output.rhs.xreplace(point))(root)
            if not abs(stated - slope) < (1 + abs(slope)) * root.context.mpf(10) ** -30:
                return refuted("central difference", f"{slope} against {stated}"[:80], named(point))
        return consistent("central difference on the certified branch", f"{POINTS} points, 30 digits")


def _collected(p: Any, variable: Any) -> Any:
    poly = sp.Poly(p, variable)
    return sp.Add(*(sp.factor(c) * variable**k for k, c in enumerate(reversed(poly.all_coeffs()))))


@lru_cache(maxsize=64)
def difference_on_branch(
    dyson: DysonEquations, equation: Claim, definitions: tuple[Claim, ...], items: Any, unknown: Any, parameter: Any
) -> tuple[Any, Any]:
    """(root, central difference of the root) to about 40 digits."""
    point = dict(items)
    known: Physical = physical(dyson, definitions, items)
    ctx = context(80)
    p = numerator_denominator(equation.single.difference)[0]
    step = sp.Rational(1, 10**20)
    roots = [
        root_at(p.xreplace({**point, parameter: point[parameter] + shift}), unknown, known.targets[unknown], ctx)
        for shift in (-step, sp.Integer(0), step)
    ]
    return roots[1], (roots[2] - roots[0]) / (2 * number(ctx, step))


@dataclass(frozen=True)
class ModuloPolynomial(Rule):
    """P(t) = 0 and N(f - g) in (P)  ->  f = g on the branch: a relation accepted only if it reduces to 0 modulo P.

    Inputs: the irreducible polynomial equation for t, then definitions to insert (such as another trace as a rational
    function of t). `relation`: the equations claimed.
    """

    source: ClassVar[str] = "division with remainder"
    unknown: Any = None
    relations: tuple[tuple[Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        polynomial = numerator_denominator(inputs[0].single.difference)[0]
        table = {k: v for claim in inputs[1:] for k, v in claim.defines().items()}
        for left, right in self.relations:
            top = numerator_denominator((sp.S(left) - sp.S(right)).xreplace(table))[0]
            if sp.prem(sp.Poly(top, self.unknown), sp.Poly(polynomial, self.unknown)) != 0:
                raise NotDerivable(f"{left} = {right} does not reduce to 0 modulo the polynomial")
        return tuple(Equation(left, right) for left, right in self.relations)

    def check(self, case: Case) -> Verdict:
        """Every root of the polynomial, at rational parameters, satisfies the relation to 40 digits."""
        table = {k: v for claim in case.inputs[1:] for k, v in claim.defines().items()}
        polynomial = numerator_denominator(case.inputs[0].single.difference)[0]
        gaps = [e.difference.xreplace(table) for e in case.output.equations]
        atoms = sorted(
            {a for x in (polynomial, *gaps) for a in free_atoms(x)} - {self.unknown}, key=sp.default_sort_key
        )
        ctx = context(60)
        for point in case.samples.points(atoms, case.given):
            for root in _roots(polynomial.xreplace(point), self.unknown):
                for gap in gaps:
                    terms = [compiled(ctx, [self.unknown], t.xreplace(point))(root) for t in sp.Add.make_args(gap)]
                    if not abs(sum(terms)) < ctx.mpf(10) ** -40 * sum(abs(t) for t in terms):
                        return refuted("roots of the polynomial", "a root violates the relation", named(point))
        return proved("division with remainder", f"and all roots at {POINTS} rational points, 40 digits")


@lru_cache(maxsize=256)
def _roots(polynomial: Any, variable: Any) -> tuple[Any, ...]:
    ctx = context(60)
    coefficients = [number(ctx, c) for c in sp.Poly(polynomial, variable).all_coeffs()]
    return tuple(ctx.polyroots(coefficients, maxsteps=400, extraprec=400))

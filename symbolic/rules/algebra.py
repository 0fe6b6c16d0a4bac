"""Algebra on claims: substitute, restate, solve a linear equation, take the positive root of a quadratic, eliminate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS, equal, explicit_sums
from ..errors import NotDerivable
from ..exact import canonical, factored, factors, numerator_denominator, resultant, vanishes
from ..precision import compiled, context
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided, weakest

ALGEBRA = "elementary algebra"


def sequential(claims: tuple[Claim, ...], expr: Any) -> Any:
    """Replace every left-hand side of the claims by its right-hand side, claim after claim."""
    for claim in claims:
        expr = expr.xreplace(claim.defines()) if hasattr(expr, "xreplace") else expr
    return expr


def used_definitions(claims: tuple[Claim, ...], exprs: list[Any]) -> list[dict[Any, Any]]:
    """Per claim, the definitions that really enter when they are inserted one claim after another."""
    tables = []
    for claim in claims:
        table = {e.lhs: e.rhs for e in claim.equations if any(x.has(e.lhs) for x in exprs)}
        exprs = [x.xreplace(table) for x in exprs]
        tables.append(table)
    return tables


def numeric_definitions(tables: list[dict[Any, Any]], point: Mapping[Any, Any]) -> dict[Any, Any]:
    """Balls for the defined symbols at a point; definitions inserted later are evaluated first."""
    values = dict(point)
    for table in reversed(tables):
        values |= {lhs: balls.enclose(explicit_sums(rhs, 2), values, BITS) for lhs, rhs in table.items()}
    return values


@dataclass(frozen=True)
class Substitute(Rule):
    """f(u) = 0, u = g  ->  f(g) = 0: earlier claims are inserted, in the order given.

    The first input is the target, the others supply `lhs -> rhs`. With `both` the left-hand side is rewritten too;
    `only` selects the equation of the target with that left-hand side; `tidy` brings the result to lowest terms;
    `result` renames the left-hand side.
    """

    source: ClassVar[str] = ALGEBRA
    both: bool = False
    only: Any = None
    tidy: bool = False
    result: Any = None

    def target(self, claim: Claim) -> Claim:
        chosen = [e for e in claim.equations if self.only is None or e.lhs == self.only]
        if not chosen:
            raise NotDerivable(f"the target states nothing about {self.only}")
        return claim.with_equations(chosen)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        target, definitions = self.target(inputs[0]), inputs[1:]
        if not definitions:
            raise NotDerivable("Substitute needs a target and at least one claim to insert")
        found = []
        for equation in target.equations:
            lhs = sequential(definitions, equation.lhs) if self.both else equation.lhs
            lhs = lhs if self.result is None else self.result
            rhs = sequential(definitions, equation.rhs)
            found.append(Equation(lhs, factored(rhs) if self.tidy else rhs, equation.relation))
        if tuple(found) == target.equations:
            raise NotDerivable("nothing in the target is defined by the claims to insert")
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """Numbers instead of formulas: definitions are evaluated to balls, the target at those balls."""
        target, definitions = self.target(case.inputs[0]), case.inputs[1:]
        verdicts = []
        for before, after in zip(target.equations, case.output.equations):
            sides = [before.rhs, before.lhs] if self.both else [before.rhs]
            tables = used_definitions(definitions, sides)
            defined = {lhs for table in tables for lhs in table}
            exprs = [*sides, after.rhs, *(rhs for table in explicit_tables(tables) for rhs in table.values())]
            atoms = {a for e in exprs for a in free_atoms(explicit_sums(e, 2))}
            atoms |= set(free_atoms(explicit_sums(after.lhs, 2))) if self.both else set()
            given = [c for c in case.given if not c.free_symbols & defined]
            for k in range(POINTS):
                point = case.samples.point(atoms - {x for e in defined for x in indexed(e)}, given, k)
                values = numeric_definitions(explicit_tables(tables), point)
                old, new = (e.difference if self.both else e.rhs for e in (before, after))
                verdicts.append(same_ball(explicit_sums(old, 2), explicit_sums(new, 2), values, point))
        return weakest(verdicts)


def indexed(entry: Any, count: int = 3) -> list[Any]:
    """A defined symbol, or the entries x_1, x_2, ... of a defined list."""
    if not isinstance(entry, sp.Indexed):
        return [entry]
    return [entry, *(entry.base[k] for k in range(1, count + 1))]


def explicit_tables(tables: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Definitions of list entries, written out for the entries that explicit sums contain."""
    result = []
    for table in tables:
        written = dict(table)
        for lhs, rhs in table.items():
            if isinstance(lhs, sp.Indexed):
                index = lhs.indices[0]
                written |= {lhs.base[k]: rhs.xreplace({index: sp.Integer(k)}) for k in range(1, 4)}
        result.append(written)
    return result


def same_ball(old: Any, new: Any, values: Mapping[Any, Any], point: Mapping[Any, Any]) -> Verdict:
    """Compare two expressions at the same balls: refuted when their enclosures are disjoint."""
    left, right = balls.enclose(old, values, BITS), balls.enclose(new, values, BITS)
    method = "balls at rational points"
    with balls.working(BITS):
        gap = left - right
        if not gap.is_finite():
            return undecided(method, "no finite enclosure")
        if not gap.contains(0):
            return refuted(method, f"the sides differ by {gap.str(5)}", [(str(k), str(v)) for k, v in point.items()])
        scale = abs(left).abs_upper() + 1
        if abs(gap).abs_upper() < scale * balls.exact_ball(sp.Rational(1, 10**50)).real:
            return consistent(method, f"{POINTS} points, more than 50 digits")
    return undecided(method, "the enclosures are too wide")


@dataclass(frozen=True)
class Restate(Rule):
    """f = g, proved, hence  x = f  ->  x = g: another form, accepted only with a proof of equality.

    The first input is the claim to restate; further inputs are inserted on both sides before comparing.
    """

    source: ClassVar[str] = ALGEBRA
    form: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        difference = sequential(inputs[1:], sp.S(self.form)) - sequential(inputs[1:], target.rhs)
        if vanishes(difference) is not True:
            raise NotDerivable(f"the form {sp.sstr(self.form)[:160]} was not proved equal to the computed claim")
        return Equation(target.lhs, self.form, target.relation)

    def check(self, case: Case) -> Verdict:
        where = _explicit_map(case.inputs[1:])
        before, after = case.inputs[0].rhs, case.output.rhs
        return equal(_resolve(before, where), _resolve(after, where), case.samples, case.given)


def _explicit_map(claims: tuple[Claim, ...]) -> list[dict[Any, Any]]:
    return [claim.defines() for claim in claims]


def _resolve(expr: Any, maps: list[dict[Any, Any]]) -> Any:
    for table in maps:
        expr = expr.xreplace(table)
    return expr


@dataclass(frozen=True)
class SolveLinear(Rule):
    """a x + b = 0  ->  x = -b/a: one equation, solved for an unknown it contains linearly after clearing."""

    source: ClassVar[str] = ALGEBRA
    unknown: Any = None
    apart_in: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        numerator, _ = numerator_denominator(inputs[0].single.difference)
        # Factors whose sign the declared domains fix cannot vanish and carry no solution.
        carrying = [f for f, _ in factors(numerator) if f.has(self.unknown) and not f.is_nonzero]
        if not isinstance(self.unknown, sp.Symbol | sp.Indexed):
            raise NotDerivable(f"{self.unknown} is not a symbol; solve for a symbol and insert what it stands for")
        if len(carrying) != 1 or sp.degree(carrying[0], self.unknown) != 1:
            raise NotDerivable(f"the equation is not linear in {self.unknown}: {len(carrying)} factors contain it")
        a, b = sp.Poly(carrying[0], self.unknown).all_coeffs()
        return Equation(self.unknown, self.written(canonical(-b / a)))

    def written(self, solution: Any) -> Any:
        """Partial fractions in `apart_in` when asked for, else factored."""
        return factored(solution) if self.apart_in is None else sp.apart(solution, self.apart_in)

    def check(self, case: Case) -> Verdict:
        """Insert the solution into the original equation, at exact rational points."""
        solved = case.inputs[0].single.difference.xreplace({self.unknown: case.output.rhs})
        return equal(solved, sp.Integer(0), case.samples, case.given)


@dataclass(frozen=True)
class ClearDenominators(Rule):
    """p/q = 0  ->  p = 0: the polynomial form of an equation, its terms collected in the unknown."""

    source: ClassVar[str] = ALGEBRA
    unknown: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        numerator, _ = numerator_denominator(inputs[0].single.difference)
        poly = sp.Poly(numerator, self.unknown)
        sign = -1 if poly.nth(0).could_extract_minus_sign() else 1
        return Equation(sp.collect(sp.expand(sign * numerator), self.unknown, sp.factor), sp.Integer(0))

    def check(self, case: Case) -> Verdict:
        """At rational parameters the two sides have the same roots: their ratio is a polynomial without roots in x."""
        before, after = case.inputs[0].single.difference, case.output.single.difference
        for point in case.samples.points([a for a in free_atoms(before) if a != self.unknown], case.given):
            first = sp.Poly(sp.numer(sp.together(before.xreplace(point))), self.unknown)
            second = sp.Poly(after.xreplace(point), self.unknown)
            same = not second.is_zero and sp.rem(first, second).is_zero and sp.rem(second, first).is_zero
            if not same:
                at = [(str(k), str(v)) for k, v in point.items()]
                return refuted("exact division at rational parameters", "the roots differ", at)
        return consistent("exact division at rational parameters", f"the same roots at {POINTS} points")


@dataclass(frozen=True)
class PositiveRoot(Rule):
    """A x^2 + B x + C = 0 with A C < 0  ->  x = (sqrt(B^2 - 4 A C) - B)/(2 A), A > 0: the only positive root.

    The sign of A C is decided from the declared domains; if they do not decide it, the rule does not apply.
    """

    source: ClassVar[str] = "Vieta: the product of the roots is C/A < 0"
    unknown: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        numerator, _ = numerator_denominator(inputs[0].single.difference)
        poly = sp.Poly(numerator, self.unknown)
        if poly.degree() != 2:
            raise NotDerivable(f"the equation has degree {poly.degree()} in {self.unknown}, not 2")
        a, b, c = poly.all_coeffs()
        if a.is_negative:
            a, b, c = -a, -b, -c
        if not (a.is_positive and c.is_negative):
            raise NotDerivable(f"the domains do not show that {a} > 0 > {c}, so the root is not unique in sign")
        discriminant = sp.expand(b**2 - 4 * a * c)
        return Equation(self.unknown, (sp.sqrt(discriminant) - b) / (2 * a))

    def check(self, case: Case) -> Verdict:
        """The root solves the equation (balls) and is positive at rational points (balls)."""
        solved = case.inputs[0].single.difference.xreplace({self.unknown: case.output.rhs})
        verdict = equal(solved, sp.Integer(0), case.samples, case.given)
        if verdict.refuted:
            return verdict
        for point in case.samples.points(free_atoms(case.output.rhs), case.given):
            value = balls.real_enclosure(case.output.rhs, point, BITS)
            if not value > 0:
                return refuted("balls", f"the root is {value.str(6)}", [(str(k), str(v)) for k, v in point.items()])
        return verdict


@dataclass(frozen=True)
class Eliminate(Rule):
    """F(x, y) = 0, G(x, y) = 0  ->  Res_y(F, G) = 0: unknowns are eliminated by resultants.

    The inputs supply one equation more than there are unknowns to eliminate; of a reducible resultant the factor
    that contains `keep` and vanishes on the branch is kept: exactly one such factor must exist.
    """

    source: ClassVar[str] = "resultant of two polynomials (van der Waerden, Modern Algebra, section 34)"
    unknowns: tuple[Any, ...] = ()
    keep: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        pool = [numerator_denominator(e.difference)[0] for claim in inputs for e in claim.equations]
        for unknown in self.unknowns:
            pool = _eliminated(pool, unknown)
        if len(pool) != 1:
            raise NotDerivable(f"{len(pool)} equations remain after elimination; give one more than unknowns")
        candidates = [f for f, _ in factors(pool[0]) if f.has(self.keep) and sp.degree(f, self.keep) > 0]
        candidates = [f for f in candidates if f != self.keep]
        if len(candidates) != 1:
            raise NotDerivable(f"the resultant has {len(candidates)} factors in {self.keep}; the branch is ambiguous")
        poly = candidates[0]
        return Equation(sp.collect(sp.expand(poly), self.keep, sp.factor), sp.Integer(0))

    def check(self, case: Case) -> Verdict:
        """At rational parameters the system is solved numerically; each solution must annul the eliminant."""
        system = [e.difference for claim in case.inputs for e in claim.equations]
        target = case.output.single.difference
        wanted = [*self.unknowns, self.keep]
        atoms = [a for e in system for a in free_atoms(e) if a not in wanted]
        for point in case.samples.points(atoms, case.given):
            verdict = _roots_annul([e.xreplace(point) for e in system], wanted, target.xreplace(point), point)
            if verdict.refuted:
                return verdict
        return consistent("numerical roots of the system", "all annul the eliminant, 40 digits")


def _eliminated(pool: list[Any], unknown: Any) -> list[Any]:
    active = sorted((p for p in pool if p.has(unknown)), key=lambda p: (sp.degree(p, unknown), p.count_ops()))
    if len(active) < 2:
        raise NotDerivable(f"{unknown} occurs in {len(active)} of the equations: it cannot be eliminated")
    pivot, rest = active[0], active[1:]
    return [p for p in pool if not p.has(unknown)] + [resultant(pivot, p, unknown) for p in rest]


def _roots_annul(system: list[Any], unknowns: list[Any], target: Any, point: Mapping[Any, Any]) -> Verdict:
    ctx = context(60)
    residual = compiled(ctx, unknowns, system)
    value = compiled(ctx, unknowns, target)
    smallest = None
    for start in ("1", "2", "0.5", "-1", "3", "0.2"):
        try:
            root = ctx.findroot(lambda *x: list(residual(*x)), [ctx.mpf(start)] * len(unknowns), tol=1e-90)
        except (ValueError, ZeroDivisionError):
            continue
        size = abs(value(*root))
        smallest = size if smallest is None else min(size, smallest)
    if smallest is None:
        return undecided("numerical roots", "no root of the system was found")
    if smallest > ctx.mpf(10) ** -40:
        at = [(str(k), str(v)) for k, v in point.items()]
        return refuted("numerical roots", f"no root annuls the eliminant: {ctx.nstr(smallest, 5)}", at)
    return consistent("numerical roots")

"""Minimal polynomial of one target on the physical branch, by resultants that are factored at every step.

Input: integer polynomials T_u den - num of the system and of the target, and a certified ball for every unknown at
one parameter point.  After each factorisation only a factor that can vanish at the point is kept (a ball that excludes
zero proves that the others do not), so no foreign component survives.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import acb, fmpz_mpoly

from ..balls import working
from ..errors import BadInput, NotDerivable, QuenchedError
from .balls import to_ball, to_fraction
from .branch import Branch, read_point, solve_branch
from .derive import Derived
from .dyson import DysonSystem, Pair
from .equations import Formulas, block, formulas_of, inverse_entries
from .field import Field, Ratio, evaluate, exact, sum_of_terms
from .spectral import Law

DIGITS = 60


@dataclass(frozen=True)
class MinimalPolynomial:
    """polynomial(params, variable) = 0, irreducible over QQ; `derived` and `point` say on which branch."""

    polynomial: sp.Expr
    variable: sp.Symbol
    parameters: tuple[sp.Symbol, ...]
    terms: int
    degree: int

    def collected(self) -> sp.Expr:
        """Sorted by powers of the variable."""
        return sp.collect(self.polynomial, self.variable)

    def derivative(self, parameter: sp.Symbol) -> sp.Expr:
        """dt/dp = -P_p / P_t, a rational function of t and the parameters."""
        return -sp.diff(self.polynomial, parameter) / sp.diff(self.polynomial, self.variable)


@dataclass(frozen=True)
class PolynomialSystem:
    """polynomials in the generators of field.ctx;  unknowns: their indices;  target: its index.

    saturation: the distinct irreducible denominators, which a true solution keeps away from zero.
    """

    field: Field
    polynomials: tuple[fmpz_mpoly, ...]
    unknowns: tuple[int, ...]
    target: int
    saturation: tuple[fmpz_mpoly, ...] = ()


def polynomial_system(derived: Derived, variable: sp.Symbol, fixed: Mapping[sp.Symbol, Fraction]) -> PolynomialSystem:
    """T_u den_u - num_u for each unknown and t den - num for the target, eps = 0, some parameters fixed.

    BadInput when an atom is not a rational function of the parameters.
    """
    system = derived.system.without_eps()
    base = formulas_of(system, [])
    if variable in base.field.symbols:
        raise BadInput(f"the variable name {variable} is already used")
    formulas = replace(base, field=base.field.extend([variable]))
    field = formulas.field
    polynomials = []
    averages = _averages(system, derived.law, formulas)
    for pair in system.unknowns:
        unknown = field.generator(formulas.unknown_symbols[pair])
        polynomials.append((unknown - averages[pair]).num)
    total = field.zero
    for pair, a in system.target.items():
        total = total + field.embed(a) * averages[pair]
    polynomials.append((field.generator(variable) - total).num)
    polynomials = [fix(p, fixed, field) for p in polynomials]
    denominators = [fix(a.den, fixed, field) for a in (*averages.values(), total)]
    saturation = _distinct(f for p in denominators for f, _ in p.factor()[1])
    unknowns = tuple(field.index(formulas.unknown_symbols[pair]) for pair in system.unknowns)
    return PolynomialSystem(field, tuple(polynomials), unknowns, field.index(variable), tuple(saturation))


def fix(p: fmpz_mpoly, fixed: Mapping[sp.Symbol, Fraction], field: Field) -> fmpz_mpoly:
    """The primitive numerator of p with some generators replaced by rationals."""
    for symbol, value in fixed.items():
        index, total = field.index(symbol), field.ctx.constant(0)
        top = int(p.degrees()[index])
        for exponents, coefficient in p.terms():
            power = int(exponents[index])
            scale = int(coefficient) * value.numerator**power * value.denominator ** (top - power)
            rest = tuple(0 if i == index else int(e) for i, e in enumerate(exponents))
            total = total + field.ctx.from_dict({rest: scale})
        p = total
    return p.primitive()[1] if p else p


def _averages(system: DysonSystem, law: Law, formulas: Formulas) -> dict[Pair, Ratio]:
    """int G_kl dmu for unknowns and target entries: sums over atoms, blocks of size r by Kronecker products."""
    wanted = list(dict.fromkeys([*system.unknowns, *system.target]))
    found: dict[Pair, Ratio] = {}
    field = formulas.field
    for t in dict.fromkeys(system.types):
        states = system.states(t)
        own = [pair for pair in wanted if pair[0] in states]
        if not own:
            continue
        if not system.letters_of(t):
            local = [(states.index(i), states.index(j)) for i, j in own]
            entries = inverse_entries(block(system, t, formulas), local, field.one.num)
            found |= {pair: entries[p] for pair, p in zip(own, local, strict=True)}
            continue
        if t not in law:
            raise BadInput(f"no law for the dimension {t}: elimination needs atoms for its letters")
        found |= _over_atoms(system, t, law, formulas, own)
    return found


def _over_atoms(system: DysonSystem, t: str, law: Law, formulas: Formulas, own: list[Pair]) -> dict[Pair, Ratio]:
    field = formulas.field
    states = system.states(t)
    total = dict.fromkeys(own, field.zero)
    plain = block(replace(system, det={}), t, formulas)
    for atom in law[t]:
        r, n = atom.size, len(states)
        matrix = [[field.zero] * (n * r) for _ in range(n * r)]
        for m, l, p in itertools.product(range(n), range(n), range(r)):
            matrix[m * r + p][l * r + p] = plain[m][l]
        for x in system.letters_of(t):
            for (i, j), a in system.det[x].items():
                for p, q in itertools.product(range(r), range(r)):
                    value = field.read(atom.values[x.name][p, q])
                    matrix[states.index(i) * r + p][states.index(j) * r + q] -= field.embed(a) * value
        places = {
            (pair, p): (states.index(pair[0]) * r + p, states.index(pair[1]) * r + p) for pair in own for p in range(r)
        }
        entries = inverse_entries(matrix, list(dict.fromkeys(places.values())), field.one.num)
        weight = field.read(atom.weight) / field.integer(r)
        for (pair, _), place in places.items():
            total[pair] = total[pair] + weight * entries[place]
    return total


def eliminate(system: PolynomialSystem, point: list[acb]) -> fmpz_mpoly:
    """Guided resultants: the irreducible polynomial of the target that vanishes at the point.

    Two orders are tried, since an order can degenerate: NotDerivable when both lose the target.
    """
    start = _distinct(_physical(p, point) for p in system.polynomials)
    for weigh_rest in (False, True):
        pool, remaining = start, list(system.unknowns)
        while remaining:
            variable, pivot = _cheapest(pool, remaining, weigh_rest)
            remaining.remove(variable)
            if pivot is None:
                continue
            kept = [p for p in pool if p.degrees()[variable] == 0]
            others = [p for p in pool if p.degrees()[variable] > 0 and p != pivot]
            results = (pivot.resultant(p, variable) for p in others)
            pool = _distinct([*kept, *(_physical(p, point) for p in results if p)])
        final = [p for p in pool if p.degrees()[system.target] > 0]
        if final:
            return min(final, key=lambda p: (int(p.degrees()[system.target]), len(p)))
    raise NotDerivable("the resultants lost the target: the system is degenerate at this point, choose another one")


def _cheapest(pool: list[fmpz_mpoly], remaining: list[int], weigh_rest: bool) -> tuple[int, fmpz_mpoly | None]:
    """The variable and pivot of least degree * terms (times the size of what the pivot meets, if asked)."""
    best = None
    for variable in remaining:
        members = [p for p in pool if p.degrees()[variable] > 0]
        if not members:
            return variable, None
        total = sum(len(p) * int(p.degrees()[variable]) for p in members)
        for pivot in members:
            own = int(pivot.degrees()[variable]) * len(pivot)
            cost = (own * (1 + total - own) if weigh_rest else own, variable)
            if best is None or cost < best[0]:
                best = (cost, variable, pivot)
    assert best is not None
    return best[1], best[2]


def _physical(p: fmpz_mpoly, point: list[acb]) -> fmpz_mpoly:
    """The factor that can vanish at the point; the smallest one when several can."""
    if not p:
        raise NotDerivable("a polynomial of the system vanishes identically")
    _, factors = p.factor()
    candidates = [f for f, _ in factors if evaluate(f, point, acb(1)).contains(0)]
    if not candidates:
        raise NotDerivable("no factor vanishes at the physical point: the point and the system disagree")
    return min(candidates, key=lambda f: (len(f), str(f)))


def _distinct(polynomials: Any) -> list[fmpz_mpoly]:
    return list({str(p): p for p in polynomials}.values())


def physical_point(system: PolynomialSystem, branch: Branch) -> list[acb]:
    """One ball per generator: parameters, unknowns, target; letter symbols and eps do not occur and get 0."""
    point = [acb(0)] * len(system.field.symbols)
    for symbol, value in branch.at.items():
        point[system.field.index(symbol)] = to_ball(value)
    for index, value in zip(system.unknowns, branch.unknowns, strict=True):
        point[index] = value
    point[system.target] = branch.target()
    return point


def minimal_polynomial(
    derived: Derived,
    variable: sp.Symbol,
    *,
    at: Mapping[Any, Any] | None = None,
    near: Mapping[Any, Any] | None = None,
) -> MinimalPolynomial:
    """The polynomial of tr r in `variable` and the parameters not fixed by `at`.

    at: exact rational values for some parameters;  near: a full parameter point on the physical branch, only used to
    choose factors (default: generic positive values, tried in turn).  The result is verified to vanish at one more
    certified point.  BadInput for irrational atoms; NotDerivable when a check fails.
    """
    given = {str(k): exact(v) for k, v in (at or {}).items()}
    fixed = {s: to_fraction(given[str(s)]) for s in derived.parameters if str(s) in given}
    branches = _branches(derived, given, near)
    first = next(branches)
    with working(first.bits):
        system = polynomial_system(derived, variable, fixed)
        found = eliminate(system, physical_point(system, first))
        second = next(branches, None)
        if second is not None and not evaluate(found, physical_point(system, second), acb(1)).contains(0):
            raise NotDerivable(f"the polynomial found at one point does not vanish at {dict(second.at)}")
    free = tuple(s for s in derived.parameters if s not in fixed and found.degrees()[system.field.index(s)] > 0)
    return MinimalPolynomial(
        sum_of_terms(found, list(system.field.symbols)), variable, free, len(found), int(found.degrees()[system.target])
    )


def _branches(derived: Derived, given: Mapping[str, sp.Expr], near: Mapping[Any, Any] | None):
    """Certified branches at `near` and at generic points, each reachable by continuation."""
    if near is not None:
        yield solve_branch(derived, near, digits=DIGITS)
    free = [s for s in derived.parameters if str(s) not in given]
    spectral = derived.expression.free_symbols
    reason: QuenchedError | None = None
    found = 0 if near is None else 1
    for trial in range(6 if free else 1):
        at = {str(s): _generic_value(i, trial, s in spectral) for i, s in enumerate(free)} | dict(given)
        try:
            branch = solve_branch(derived, read_point(derived, at), digits=DIGITS)
        except QuenchedError as error:
            reason = error
            continue
        found += 1
        yield branch
    if not found and reason is not None:
        raise reason


def _generic_value(index: int, trial: int, spectral: bool) -> sp.Expr:
    """Shifts of resolvents get an imaginary part (no spectrum is met); ratios and variances are small, then larger."""
    value = sp.Rational(int(sp.prime(index + trial + 5)), int(sp.prime(index + trial + 7)))
    return value + sp.I * sp.Rational(3, 2) if spectral else value * (sp.Rational(1, 3), 1, 3)[trial // 2]

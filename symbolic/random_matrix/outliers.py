"""Spikes: an atom of bulk weight 0 can put an eigenvalue outside the bulk.

Location: zero in z of det(D(spike) - eta(z)), found by a sign change and then as the root of an exact polynomial.
Overlap: minus the residue at it of the spike's own entry u^T (M - z)^-1 u.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import acb, acb_mat, arb, fmpz_mpoly

from ..balls import bits, working
from ..decimals import certified_text
from ..errors import BadInput, OutsideDomain
from ..values import Certified
from .balls import to_ball, to_fraction
from .branch import Branch, ball_plan_at, solve_branch
from .derive import Derived
from .elimination import PolynomialSystem, eliminate, fix, polynomial_system
from .equations import Minors, block, formulas_of
from .field import exact, sum_of_terms
from .plan import Plan
from .spectral import Atom, read_atoms
from .spectrum import real_roots
from .two_resolvents import unknown_derivatives

DIGITS = 50


@dataclass(frozen=True)
class Outlier:
    """location: exact when rational, else the integer polynomial in z it solves;  overlap: squared overlap, a ball."""

    location: sp.Expr
    polynomial: sp.Poly
    enclosure: arb
    overlap: acb

    def value(self, digits: int) -> tuple[Certified, Certified]:
        """(location, overlap) to `digits` digits; certified overlaps need a rational location."""
        level = "arb" if self.polynomial.degree() == 1 else "mpmath"
        with working(bits(digits) + 64):
            location, radius = certified_text(self.enclosure, digits)
            overlap, width = certified_text(self.overlap.real, digits)
        return (
            Certified(location, radius, digits, "arb", "root of the location polynomial, interval Newton"),
            Certified(overlap, width, digits, level, "residue from adjugates at the location"),
        )


def outlier(
    derived: Derived, z: sp.Symbol, spike: Mapping[Any, Any], between: Sequence[Any], at: Mapping[Any, Any]
) -> Outlier:
    """The eigenvalue that a spike (an atom of bulk weight 0) puts in the interval `between`, outside the bulk.

    spike: {S or its symbol: value}.  OutsideDomain when det(D(spike) - eta) has the same sign at both ends.
    """
    atoms = read_atoms(derived.declarations, derived.system.outer, [(1, spike)])
    ends = [exact(x) for x in between]
    rough = _secant(derived, z, atoms, ends, at)
    branch = solve_branch(derived, {str(k): v for k, v in at.items()} | {str(z): rough}, digits=DIGITS)
    polynomial = _location_polynomial(derived, z, atoms[0], branch)
    root = min(real_roots(polynomial), key=lambda r: abs(float(r) - float(rough)))
    exact_root = _rational_root(polynomial)
    if exact_root is not None:
        branch = solve_branch(derived, {str(k): v for k, v in at.items()} | {str(z): exact_root}, digits=DIGITS)
    return Outlier(exact_root if exact_root is not None else rough, polynomial, root, _overlap(branch, z, atoms))


def _rational_root(polynomial: sp.Poly) -> Any:
    if polynomial.degree() != 1:
        return None
    a, b = polynomial.all_coeffs()
    return sp.Rational(-b, a)


def _matrix(plan: Plan, unknown: Sequence[acb]) -> list[list[acb]]:
    """D(spike) - eta(T) of the outer type."""
    rows = [list(row) for row in plan.blocks[plan.outer].matrices[0]]
    r = plan.blocks[plan.outer].sizes[0]
    for c, i, j, u, a in plan.energy:
        if c == plan.outer:
            for p in range(r):
                rows[i * r + p][j * r + p] -= a * unknown[u]
    return rows


def _determinant(
    derived: Derived, z: sp.Symbol, atoms: tuple[Atom, ...], x: sp.Expr, at: Mapping[Any, Any], digits: int
) -> arb:
    branch = solve_branch(derived, {str(k): v for k, v in at.items()} | {str(z): x}, digits=digits)
    with working(branch.bits):
        return acb_mat(_matrix(ball_plan_at(derived, branch.at, atoms), branch.unknowns)).det().real


def _secant(
    derived: Derived, z: sp.Symbol, atoms: tuple[Atom, ...], ends: list[sp.Expr], at: Mapping[Any, Any]
) -> sp.Rational:
    """A sign change of the determinant, bisected and then refined by secants to DIGITS digits."""
    low, high = (sp.Rational(x) for x in ends)
    f_low, f_high = (_determinant(derived, z, atoms, x, at, 15) for x in (low, high))
    if not f_low * f_high < 0:
        raise OutsideDomain(
            f"no outlier between {low} and {high}: the determinant does not change sign (below the threshold?)"
        )
    for _ in range(7):
        middle = (low + high) / 2
        f = _determinant(derived, z, atoms, middle, at, 15)
        low, high, f_low = (low, middle, f_low) if f * f_low < 0 else (middle, high, f)
    a, b = low, high
    f_a, f_b = (_determinant(derived, z, atoms, x, at, DIGITS) for x in (a, b))
    for _ in range(12):
        with working(256):
            step = f_b * to_ball(b - a).real / (f_b - f_a)
            text = (to_ball(b).real - step).mid().str(DIGITS + 10, radius=False)
        a, f_a, b = b, f_b, sp.Rational(text)
        f_b = _determinant(derived, z, atoms, b, at, DIGITS)
        if abs(b - a) < sp.Rational(1, 10) ** (DIGITS // 2):
            break
    return b


def _location_polynomial(derived: Derived, z: sp.Symbol, spike: Atom, branch: Branch) -> sp.Poly:
    fixed = {s: to_fraction(v) for s, v in branch.at.items() if s != z}
    variable = sp.Symbol("target_of_spike")
    whole = polynomial_system(derived, variable, fixed)
    formulas = replace(formulas_of(derived.system.without_eps(), []), field=whole.field)
    determinant = _spike_determinant(derived, spike, formulas, fixed)
    system = PolynomialSystem(whole.field, (*whole.polynomials[:-1], determinant), whole.unknowns, whole.field.index(z))
    point = [acb(0)] * len(whole.field.symbols)
    with working(branch.bits):
        # The point is a rational near the root: widen it so that the factor of the root is recognised.
        wide = acb(arb(0, arb(10) ** -20), arb(0, arb(10) ** -20))
        point[system.target] = to_ball(branch.at[z]) + wide
        for index, value in zip(system.unknowns, branch.unknowns, strict=True):
            point[index] = value + wide
        found = eliminate(system, point)
    return sp.Poly(sum_of_terms(found, list(whole.field.symbols)), z)


def _spike_determinant(derived: Derived, spike: Atom, formulas: Any, fixed: Mapping[sp.Symbol, Fraction]) -> fmpz_mpoly:
    """Numerator of det(D(spike) - eta) for scalar spikes, some parameters fixed."""
    system, field = derived.system.without_eps(), formulas.field
    if spike.size != 1:
        raise BadInput("the spike must be a scalar value of each letter")
    matrix = block(system, system.outer, formulas)
    determinant = Minors(matrix, field.one.num).determinant()
    values = {formulas.letter_symbols[name]: to_fraction(value[0, 0]) for name, value in spike.values.items()}
    return fix(determinant, {**fixed, **values}, field)


def _overlap(branch: Branch, z: sp.Symbol, atoms: tuple[Atom, ...]) -> acb:
    """-Res y = -sum c_i b_j adj(M)_ij / tr(adj(M) dM/dz) at the zero of det M."""
    derived = branch.derived
    with working(branch.bits):
        plan = ball_plan_at(derived, branch.at, atoms)
        tangent, motion = unknown_derivatives(branch, z, atoms)
        adjugate = _adjugate(_matrix(plan, branch.unknowns))
        change = [list(row) for row in tangent.blocks[tangent.outer].matrices[0]]
        for (c, i, j, u, a), (*_, da) in zip(plan.energy, tangent.energy, strict=True):
            if c == plan.outer:
                change[i][j] -= da * branch.unknowns[u] + a * motion[u]
        n = len(change)
        slope = sum((adjugate[i][j] * change[j][i] for i in range(n) for j in range(n)), acb(0))
        top = sum((a * adjugate[k][l] for k, l, a in plan.target), acb(0))
        return acb((-top / slope).real)


def _adjugate(rows: list[list[acb]]) -> list[list[acb]]:
    n = len(rows)

    def minor(i: int, j: int) -> acb:
        kept = [[x for b, x in enumerate(row) if b != j] for a, row in enumerate(rows) if a != i]
        return acb_mat(kept).det() if kept else acb(1)

    return [[minor(j, i) * (-1) ** (i + j) for j in range(n)] for i in range(n)]

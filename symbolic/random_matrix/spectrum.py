"""Spectra from tr (M - z)^-1: density, edges of the bulk, atoms.

Density: Im tr / pi at real z, continued from z + i (no small imaginary part is needed inside the bulk).
Edges: real roots of the discriminant of the minimal polynomial at which the density starts or stops.
Atom at x: t = -m/(z - x) + ..., the mass m is a root of the leading coefficient of P(x + h, -m/h).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, arb_poly, fmpz_mpoly, fmpz_poly

from ..balls import working
from ..errors import BadInput, NotCertified
from .balls import to_ball
from .branch import Branch, solve_branch
from .derive import Derived
from .elimination import MinimalPolynomial
from .field import Field, exact, sum_of_terms


def density(derived: Derived, z: sp.Symbol, x: Any, at: Mapping[Any, Any], digits: int = 30) -> arb:
    """rho(x) = Im tr (M - x - i0)^-1 / pi, an enclosure; exactly 0 when the branch is real there."""
    branch = on_real_line(derived, z, x, at, digits + 10)
    with working(branch.bits):
        return branch.target().imag / arb.pi()


def on_real_line(derived: Derived, z: sp.Symbol, x: Any, at: Mapping[Any, Any], digits: int) -> Branch:
    """The branch at real x, continued from x + i; OutsideDomain at an edge or an atom."""
    here = {str(k): v for k, v in at.items()} | {str(z): exact(x)}
    above = here | {str(z): exact(x) + sp.I}
    return solve_branch(derived, here, digits=digits, via=[above])


@dataclass(frozen=True)
class Support:
    """edges: enclosures in ascending order;  polynomial: the integer polynomial in z whose roots they are among."""

    edges: tuple[arb, ...]
    polynomial: sp.Expr


def support(derived: Derived, z: sp.Symbol, polynomial: MinimalPolynomial, at: Mapping[Any, Any]) -> Support:
    """Edges of the bulk; `polynomial` must have z as its only free parameter, with the rest fixed as in `at`."""
    candidates_of = _discriminant(polynomial, z)
    roots = real_roots(candidates_of)
    if not roots:
        return Support((), candidates_of.as_expr())
    points = [_between(a, b) for a, b in itertools.pairwise(roots)]
    inside = [False, *(_is_inside(derived, z, x, at) for x in points), False]
    edges = tuple(root for i, root in enumerate(roots) if inside[i] != inside[i + 1])
    return Support(edges, candidates_of.as_expr())


def _discriminant(polynomial: MinimalPolynomial, z: sp.Symbol) -> sp.Poly:
    if set(polynomial.parameters) - {z}:
        raise BadInput(f"fix every parameter but {z} in the minimal polynomial: it still has {polynomial.parameters}")
    field = Field([z, polynomial.variable])
    p = field.read(polynomial.polynomial).num
    product = p.discriminant(1) * _leading(p, 1)
    total = sp.Poly(sum_of_terms(product, [z, polynomial.variable]), z)
    return sp.Poly(sp.Mul(*(factor.as_expr() for factor, _ in total.factor_list()[1])), z)


def _leading(p: fmpz_mpoly, index: int) -> fmpz_mpoly:
    top = max(int(m[index]) for m in p.monoms())
    kept = {
        tuple(0 if i == index else int(e) for i, e in enumerate(m)): c for m, c in p.terms() if int(m[index]) == top
    }
    return p.context().from_dict(kept)


def real_roots(polynomial: sp.Poly) -> list[arb]:
    """Certified enclosures of the real roots of a square-free integer polynomial, ascending."""
    coefficients = [int(c) for c in reversed(polynomial.clear_denoms(convert=True)[1].all_coeffs())]
    with working(256):
        found: Any = fmpz_poly(coefficients).complex_roots()
        roots = [r for r, _ in found]
        p = arb_poly(coefficients)
        return sorted((_sharpened(p, r.real) for r in roots if r.imag.contains(0)), key=lambda r: float(r))


def _sharpened(p: Any, root: arb) -> arb:
    """Interval Newton: m - p(m)/p'(X) contains the root that X contains."""
    slope: Any = p.derivative()
    for _ in range(8):
        middle = root.mid()
        denominator = slope(root)
        if denominator.contains(0):
            break
        root = middle - p(middle) / denominator
    return root


def _between(a: arb, b: arb) -> Any:
    low, high = Fraction(float(a)), Fraction(float(b))
    middle = ((low + high) / 2).limit_denominator(10**6)
    if not low < middle < high:
        middle = (low + high) / 2
    return sp.Rational(middle.numerator, middle.denominator)


def _is_inside(derived: Derived, z: sp.Symbol, x: sp.Rational, at: Mapping[Any, Any]) -> bool:
    return bool(density(derived, z, x, at, 10) > 0)


def atom_mass(derived: Derived, z: sp.Symbol, x: Any, polynomial: MinimalPolynomial, at: Mapping[Any, Any]) -> sp.Expr:
    """The mass m of an eigenvalue x: t = -m/(z - x) + ..., an exact root of the leading coefficient of P(x + h, -m/h).

    The root is chosen by the branch at x + i/1000; NotCertified when two candidates are equally near.
    """
    h, m = sp.Dummy("h"), sp.Dummy("m")
    shifted = sp.Poly(
        sp.expand(polynomial.polynomial.subs({z: exact(x) + h, polynomial.variable: -m / h}) * h**polynomial.degree), h
    )
    lowest = sp.Poly(shifted.as_expr().coeff(h, min(mono[0] for mono in shifted.monoms())), m)
    near = sp.Rational(1, 10**3) * sp.I
    here = {str(k): v for k, v in at.items()}
    branch = solve_branch(derived, here | {str(z): exact(x) + near}, digits=20, via=[here | {str(z): exact(x) + sp.I}])
    with working(branch.bits):
        guess = float((-to_ball(near) * branch.target()).real)
    candidates = sorted({*sp.roots(lowest), sp.Integer(0)}, key=lambda r: abs(complex(r) - guess))
    if len(candidates) > 1 and abs(complex(candidates[1]) - guess) < 3 * abs(complex(candidates[0]) - guess):
        raise NotCertified(f"the masses {candidates[:2]} are equally near to {guess}")
    return candidates[0]

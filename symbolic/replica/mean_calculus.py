"""Rewriting of Gaussian means: linearity, Stein's lemma, elimination of powers by parts, and a normal form.

A difference whose normal form is 0 is proved to be 0; a normal form that is not 0 proves nothing, because further
identities between the means that remain are not excluded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import NotDerivable
from ..exact import canonical
from .mean import Mean, means_in

LONGEST = 40


def on_means(expr: Any, change: Callable[[Any], Any]) -> Any:
    """The expression with `change` applied to each mean, inner means first."""
    expr = sp.S(expr)
    table: dict[Any, Any] = {}
    for mean in means_in(expr):
        body, fresh = mean.opened()
        table[mean] = change(mean.rebuilt(on_means(body, change), fresh))
    return expr.xreplace(table)


def linear(expr: Any) -> Any:
    """E[a f + b g] -> a E[f] + b E[g], a and b free of the bound variables.

    >>> t, z = sp.symbols("t z"); linear(Mean(t * (1 + z**2), z))
    t*E_z[z**2] + t
    """
    return sp.expand(on_means(expr, _split))


def _split(mean: Any) -> Any:
    if not isinstance(mean, Mean):
        return mean
    body, fresh = mean.opened()
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(body)):
        outside, inside = term.as_independent(*fresh, as_Add=False)
        total += outside * mean.rebuilt(inside, fresh)
    return total


def hyperbolic(expr: Any) -> Any:
    """sinh, sech, coth and cosh^-k written with tanh and log cosh kept: sech^2 = 1 - tanh^2, sinh = tanh cosh."""

    def powers(e: Any) -> Any:
        if e.is_Pow and isinstance(e.base, sp.cosh) and e.exp.is_Integer and e.exp.is_negative and e.exp % 2 == 0:
            return sp.expand((1 - sp.tanh(e.base.args[0]) ** 2) ** (-e.exp / 2))
        return e

    expr = sp.S(expr).replace(sp.sech, lambda u: 1 / sp.cosh(u)).replace(sp.sinh, lambda u: sp.tanh(u) * sp.cosh(u))
    return _bottom_up(expr, powers)


def _bottom_up(expr: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(expr, Mean):
        body, fresh = expr.opened()
        return change(expr.rebuilt(_bottom_up(body, change), fresh))
    if expr.args:
        expr = expr.func(*(_bottom_up(arg, change) for arg in expr.args))
    return change(expr)


def stein(expr: Any) -> Any:
    """E[z g(z)] -> E[g'(z)] wherever a bare power of a standard normal multiplies a smooth function.

    Terminates on the degree in z when g' brings no new z (hyperbolic functions, exponentials, polynomials); other
    integrands raise NotDerivable and need `eliminate_powers`.

    >>> t, z = sp.symbols("t z"); stein(Mean(z * sp.tanh(t * z), z))
    -t*E_z[tanh(t*z)**2] + t
    """
    expr = linear(hyperbolic(expr))
    for _ in range(LONGEST):
        moved = linear(hyperbolic(on_means(expr, _stein_once)))
        if moved == expr:
            return expr
        expr = moved
    raise NotDerivable("integration by parts does not end: the derivative of the integrand brings the variable back")


def _stein_once(mean: Any) -> Any:
    if not isinstance(mean, Mean) or mean.covariance is not None:
        return mean
    body, fresh = mean.opened()
    for z in fresh:
        for factor in sp.Mul.make_args(body):
            base, power = factor.as_base_exp()
            if base == z and power.is_Integer and power >= 1:
                rest = body / z
                return mean.rebuilt(sp.diff(rest, z), fresh)
    return mean


def by_parts(expr: Any, function: Any) -> Any:
    """E[f'(b + a z)] -> E[z f(b + a z)]/a for one declared f: the way back from Stein's lemma.

    function: a SymPy function of one argument, such as tanh. E[tanh'] stands as 1 - tanh^2, so the normal form is read
    as a polynomial in f: E[f^2] is replaced. Needed before a limit in which f' becomes a delta function.

    >>> t, z = sp.symbols("t z"); by_parts(1 - Mean(sp.tanh(t * z)**2, z), sp.tanh)
    E_z[z*tanh(t*z)]/t
    """

    def back(mean: Any) -> Any:
        if not isinstance(mean, Mean) or len(mean.variables) != 1 or mean.covariance is not None:
            return mean
        body, (z,) = mean.opened()
        for inner in sorted(body.atoms(function), key=sp.default_sort_key):
            slope = sp.diff(inner.args[0], z)
            if slope != 0 and not slope.has(z) and body == inner**2:
                # E[z f] = slope E[1 - f^2]
                return 1 - Mean(z * inner, z) / slope
        return mean

    return sp.expand(on_means(linear(hyperbolic(expr)), back))


@dataclass(frozen=True)
class Atom:
    """A function of z whose derivative is a polynomial in z and the atoms: `value(z)`, and `rate(z, *atoms)`."""

    value: Callable[[Any], Any]
    rate: Callable[..., Any]


def eliminate_powers(mean: Any, atoms: Sequence[Atom]) -> Any:
    """E[z^k W(z)] without bare powers of z, also where Stein's lemma alone does not end (Mills ratios).

    The body is a polynomial in z and the atoms. The relation E[z F] = E[F'] with F = z^(k-1) M is linear in its top
    monomial z^k M and is solved for it, power after power.
    """
    body, (z,) = mean.opened()
    names = [sp.Dummy() for _ in atoms]
    forward = {atom.value(z): name for atom, name in zip(atoms, names)}
    # A product of factors inside a longer product is found by subs, not by xreplace.
    poly = sp.Poly(body.subs(forward), z, *names)
    rates = {name: atom.rate(z, *names) for atom, name in zip(atoms, names)}
    reduced = _reduced(poly, z, names, rates)
    return linear(Mean(reduced.as_expr().xreplace({name: value for value, name in forward.items()}), z))


def _reduced(poly: Any, z: Any, names: list[Any], rates: dict[Any, Any]) -> Any:
    """Top power of z first; every relation is linear in its top monomial with a coefficient that must not vanish."""
    for _ in range(LONGEST * LONGEST):
        tall = [m for m in poly.monoms() if m[0] > 0]
        if not tall:
            return poly
        top = max(tall)
        coefficient = poly.coeff_monomial(top)
        rest = z ** (top[0] - 1) * sp.Mul(*(name**k for name, k in zip(names, top[1:])))
        slope = sp.diff(rest, z) + sum(sp.diff(rest, name) * rates[name] for name in names)
        relation = sp.Poly(z * rest - slope, z, *names)
        lead = relation.coeff_monomial(top)
        if lead == 0 or max(relation.monoms()) != top:
            raise NotDerivable("the relation by parts does not reach this power")
        poly = sp.Poly((poly - relation * (coefficient / lead)).as_expr(), z, *names)
        poly = sp.Poly({m: canonical(c) for m, c in poly.terms()}, z, *names)
    raise NotDerivable("elimination by parts does not end")


def normal_form(expr: Any) -> Any:
    """Linear in the means, bare powers removed, coefficients reduced; equal normal forms prove equality."""
    expr = stein(expr)
    names = {mean: sp.Dummy() for mean in means_in(expr)}
    opaque = expr.xreplace(names)
    back = {dummy: mean for mean, dummy in names.items()}
    return canonical(opaque).xreplace(back)

"""E[P(z) exp(k |a + s z|) ...] in error functions: the line is cut where the modulus has its kink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .continuation import tidied
from .floating import floating
from .mean import Mean
from .mean_calculus import on_means
from .sampling import sample, shown


@dataclass(frozen=True)
class HalfLines(Rule):
    """E[P(z, |u|, sign u) exp(k |u|)], u = a + s z  ->  error functions, each half-line by completing the square.

    On each side of u = 0 the integrand is a polynomial times exp(b z); with z -> z + b it is a Gaussian moment of a
    half-line: int_c^oo phi = erfc(c/sqrt 2)/2, and higher powers by parts.
    """

    source: ClassVar[str] = "completing the square; Gaussian integrals over half-lines"

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        rhs = on_means(target.rhs, closed)
        if rhs == target.rhs:
            raise NotDerivable("no mean in the claim has an integrand with a kink")
        logs = sorted(rhs.atoms(sp.log), key=sp.default_sort_key)
        rhs = rhs.xreplace({x: _log_opened(x.args[0]) for x in logs})
        return Equation(target.lhs, tidied(linear_keeping_logs(rhs)), target.relation)

    def check(self, case: Case) -> Verdict:
        """Both sides by quadrature graded towards the kink, in double precision, 9 digits."""
        before, after = case.inputs[0].rhs, case.output.rhs
        for k in range(2):
            point = sample(case, [*free_atoms(before), *free_atoms(after)], case.given, k)
            truth = floating(before, point)
            gap = abs(truth - floating(after, point))
            if not gap < 1e-9 * (1 + abs(truth)):
                return refuted("graded quadrature", f"the sides differ by {gap:.3e}", shown(point))
        return consistent("graded quadrature", "9 digits at 2 points, double precision")


def linear_keeping_logs(expr: Any) -> Any:
    """Outer means taken apart after log(exp(x) f/2) -> x - log 2 + log f; nothing else is expanded."""

    def split(mean: Any) -> Any:
        if not isinstance(mean, Mean):
            return mean
        body, fresh = mean.opened()
        logs = sorted(body.atoms(sp.log), key=sp.default_sort_key)
        opened = body.xreplace({x: _log_opened(x.args[0]) for x in logs})
        terms = sp.Add.make_args(sp.expand_mul(opened, deep=False))
        total = sp.Integer(0)
        for term in terms:
            outside, inside = term.as_independent(*fresh, as_Add=False)
            total += outside * mean.rebuilt(inside, fresh)
        return total

    return on_means(expr, split)


def _log_opened(product: Any) -> Any:
    """log of a product of positive factors, of which exponentials and numbers go outside."""
    total, rest = sp.Integer(0), []
    for factor in sp.Mul.make_args(product):
        if isinstance(factor, sp.exp):
            total += factor.args[0]
        elif factor.is_Rational and factor.is_positive:
            total += sp.log(factor)
        else:
            content, factor = factor.primitive() if factor.is_Add else (sp.Integer(1), factor)
            total += sp.log(content)
            rest.append(factor)
    return total + sp.log(sp.Mul(*rest))


def closed(mean: Any) -> Any:
    """One mean over one standard normal in error functions, if its integrand has one kink; otherwise itself."""
    if not isinstance(mean, Mean) or len(mean.variables) != 1 or mean.covariance is not None:
        return mean
    body, (z,) = mean.opened()
    kinks = sorted((f for f in body.atoms(sp.Abs, sp.sign) if f.has(z)), key=sp.default_sort_key)
    if not kinks:
        return mean
    places = {_root(f.args[0], z) for f in kinks}
    if len(places) != 1:
        raise NotDerivable("the integrand has kinks at different places")
    place, growing = places.pop()
    parts: list[tuple[Any, Any, Any]] = []
    for side in (1, -1):
        signs = {f: _on_side(f, side if growing else -side) for f in kinks}
        parts += _half(sp.expand(body.xreplace(signs), power_exp=False), z, place, side)
    return _collected(parts)


def _collected(parts: list[tuple[Any, Any, Any]]) -> Any:
    """The sum of exp(x) f g over (x, f, g), g an error function or 1: what exponents share stands in front."""
    groups: dict[Any, Any] = {}
    for exponent, factor, function in parts:
        groups[exponent, function] = groups.get((exponent, function), sp.Integer(0)) + factor
    halves = [key for key in groups if key[1] != 1]
    shared = [set(sp.Add.make_args(exponent)) for exponent, _ in halves]
    common = sp.Add(*(t for t in sp.Add.make_args(halves[0][0]) if all(t in terms for terms in shared)))
    inside = sp.Add(*(sp.exp(x - common) * groups[x, g] * g for x, g in halves))
    outside = sp.Add(*(sp.exp(x) * factor for (x, g), factor in groups.items() if g == 1))
    return sp.exp(common) * inside / 2 + outside


def _root(u: Any, z: Any) -> tuple[Any, bool]:
    """(zero of a linear function of z, whether it grows)."""
    slope = sp.diff(u, z)
    signs = [_sign(factor) for factor in sp.Mul.make_args(slope)]
    if slope == 0 or slope.has(z) or None in signs:
        raise NotDerivable(f"{sp.sstr(u)[:80]} is not linear in the variable with a slope of known sign")
    return sp.expand(-u.xreplace({z: sp.Integer(0)}) / slope), sp.Mul(*signs) > 0


def _sign(factor: Any) -> Any:
    """1 or -1; a root is positive where it is real, which the conditions of the claim say."""
    if factor.is_Pow and factor.exp.is_Rational and factor.exp.q == 2:
        return sp.Integer(1)
    return sp.Integer(1) if factor.is_positive else sp.Integer(-1) if factor.is_negative else None


def _on_side(kink: Any, sign: int) -> Any:
    return sp.Integer(sign) if isinstance(kink, sp.sign) else sign * kink.args[0]


def _half(body: Any, z: Any, place: Any, side: int) -> list[tuple[Any, Any, Any]]:
    """(x, f, g), ...: the sum of exp(x) f g is E[body; side * (z - place) > 0], twice that for the parts with erfc.

    Each term of the body is a polynomial times an exponential of a linear function. With z -> z + rate the moments
    M_k = E[z^k; side * (z - start) > 0] = A_k erfc/2 + B_k phi(start) follow from
    M_k = side * start^(k - 1) phi(start) + (k - 1) M_{k-2}.
    """
    found = []
    for term in sp.Add.make_args(body):
        powers = sp.Mul(*(f for f in sp.Mul.make_args(term) if isinstance(f, sp.exp)))
        exponent = sp.expand(powers.args[0]) if isinstance(powers, sp.exp) else sp.Integer(0)
        rate = sp.diff(exponent, z)
        if rate.has(z):
            raise NotDerivable(f"the exponent {sp.sstr(exponent)[:80]} is not linear")
        start, offset = sp.expand(place - rate), exponent.xreplace({z: sp.Integer(0)})
        shifted = sp.Poly(sp.expand((term / powers).xreplace({z: z + rate})), z)
        whole, edge = [sp.Integer(1), sp.Integer(0)], [sp.Integer(0), sp.Integer(side)]
        for k in range(2, shifted.degree() + 1):
            whole.append((k - 1) * whole[k - 2])
            edge.append(side * start ** (k - 1) + (k - 1) * edge[k - 2])
        inner = sp.Add(*(c * whole[k] for (k,), c in shifted.terms()))
        at_edge = sp.expand(sp.Add(*(c * edge[k] for (k,), c in shifted.terms())))
        found.append((sp.expand(offset + rate**2 / 2), inner, sp.erfc(side * start / sp.sqrt(2))))
        if at_edge != 0:
            exponent = canonical(offset + rate**2 / 2 - start**2 / 2)
            found.append((exponent, at_edge / sp.sqrt(2 * sp.pi), sp.Integer(1)))
    return found

"""Gaussian means of piecewise polynomials in closed form: half-line moments by parts, error functions at the breaks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from . import inverse_erfc as _inverse_erfc  # noqa: F401  (registers its balls)
from .channel_stationarity import ordinary
from .hermite import value
from .mean import Mean
from .owen import OwenT
from .sampling import shown


def half_line_moment(k: int, t: Any, s: Any) -> Any:
    """E[z^k; z > t], z ~ N(0, s): T_0 = erfc(t/sqrt(2 s))/2, T_k = (k - 1) s T_(k-2) + s t^(k-1) phi_s(t).

    >>> t, s = sp.symbols("t s", positive=True); half_line_moment(0, t, s)
    erfc(sqrt(2)*t/(2*sqrt(s)))/2
    """
    if k == 0:
        return sp.erfc(t / sp.sqrt(2 * s)) / 2
    density = sp.exp(-(t**2) / (2 * s)) / sp.sqrt(2 * sp.pi * s)
    before = (k - 1) * s * half_line_moment(k - 2, t, s) if k > 1 else sp.Integer(0)
    return before + s * t ** (k - 1) * density


def half_line_erfc(k: int, c: Any, t: Any, s: Any) -> Any:
    """E[z^k erfc(c z); z > t], z ~ N(0, s), with Owen's T for k = 0 and by parts above.

    J_0 = erfc(t/sqrt(2 s))/2 - 2 T(t/sqrt(s), c sqrt(2 s)); the slope of erfc(c z) leaves half-line moments of the
    variance s/(1 + 2 c^2 s).
    """
    if k == 0:
        return half_line_moment(0, t, s) - 2 * OwenT(t / sp.sqrt(s), c * sp.sqrt(2 * s))
    density = sp.exp(-(t**2) / (2 * s)) / sp.sqrt(2 * sp.pi * s)
    before = (k - 1) * s * half_line_erfc(k - 2, c, t, s) if k > 1 else sp.Integer(0)
    narrow = sp.factor(s / (1 + 2 * c**2 * s))
    slope = -2 * c / sp.sqrt(sp.pi) * sp.sqrt(narrow / s) * half_line_moment(k - 1, t, narrow)
    return before + s * t ** (k - 1) * sp.erfc(c * t) * density + s * slope


@dataclass(frozen=True)
class PiecewiseMeans(Rule):
    """E[p_i(z); t_i < z < t_(i+1)], z ~ N(0, s)  ->  erfc(t_i/sqrt(2 s)) and exp(-t_i^2/(2 s)), for polynomials p_i.

    A factor erfc(c z) beside the polynomials adds Owen's T function.
    """

    source: ClassVar[str] = "integration by parts"

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for equation in inputs[0].equations:
            table = {m: evaluated(m) for m in equation.rhs.atoms(Mean) if m.has(sp.Piecewise)}
            if not table:
                raise NotDerivable("no mean in the claim is that of a piecewise polynomial")
            found.append(Equation(equation.lhs, sp.factor_terms(equation.rhs.xreplace(table)), equation.relation))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """Gauss-Legendre between the breaks, 60 nodes each: 10 digits."""
        for before, after in zip(case.inputs[0].equations, case.output.equations, strict=True):
            atoms = [*free_atoms(before.rhs), *free_atoms(after.rhs)]
            for point in ordinary(case, atoms, case.given, 2):
                numbers = {m: _quadrature(m, point) for m in before.rhs.atoms(Mean)}
                names = {m: sp.Dummy(real=True) for m in numbers}
                at = {**point, **{names[m]: number for m, number in numbers.items()}}
                truth = float(value(before.rhs.xreplace(names), at))
                told = float(value(after.rhs, point))
                if not abs(truth - told) < 1e-10 * (1 + abs(truth)):
                    return refuted("Gauss-Legendre", f"the sides differ by {truth - told:.3e}", shown(point))
        return consistent("Gauss-Legendre between the breaks", "10 digits at 2 points")


def evaluated(mean: Mean) -> Any:
    """The closed form of one mean."""
    body, (z,) = _one_variable(mean)
    s = mean.covariance[0][0] if mean.covariance is not None else sp.Integer(1)
    breaks, parts = intervals(_rising(body, z), z)
    total = sp.Integer(0)
    for k, part in enumerate(parts):
        factor, slope = _error_function(part, z)
        for f, kind in ((part.xreplace({factor: sp.Integer(0)}), None), (part.coeff(factor), slope)):
            if not f.is_polynomial(z):
                raise NotDerivable(f"a piece is not a polynomial, or one times erfc(c z): {sp.sstr(part)[:80]}")
            for (power,), coefficient in sp.Poly(f, z).terms():
                total += coefficient * _moment(power, kind, breaks, k, s) if coefficient != 0 else 0
    return total


def _error_function(part: Any, z: Any) -> tuple[Any, Any]:
    """(erfc(c z), c) for the one error function of a piece; a stand-in when there is none."""
    found = sorted((e for e in part.atoms(sp.erfc) if e.has(z)), key=sp.default_sort_key)
    if not found:
        return sp.Dummy(), None
    slope = sp.diff(found[0].args[0], z)
    if len(found) > 1 or slope.has(z) or sp.expand(found[0].args[0] - slope * z) != 0:
        raise NotDerivable("beside polynomials only one error function erfc(c z) may occur")
    return found[0], slope


def _moment(power: int, c: Any, breaks: list[Any], k: int, s: Any) -> Any:
    """E[z^power] over interval k, with a factor erfc(c z) unless c is None; the first interval is reflected."""

    def beyond(t: Any, side: int = 1) -> Any:
        if c is None:
            return half_line_moment(power, t, s)
        return half_line_erfc(power, side * c, t, s)

    if k == 0:
        return (-1) ** power * beyond(-breaks[0], -1)
    if k == len(breaks):
        return beyond(breaks[-1])
    return beyond(breaks[k - 1]) - beyond(breaks[k])


def _rising(body: Any, z: Any) -> Any:
    """The body or its reflection, which has the same mean: the one whose cases follow each other from left to right."""
    condition = sorted(body.atoms(sp.Piecewise), key=sp.default_sort_key)[0].args[0][1]
    rate = sp.expand(sp.diff(condition.lts - condition.gts, z))
    return body if rate.is_positive else body.xreplace({z: -z})


def intervals(body: Any, z: Any) -> tuple[list[Any], list[Any]]:
    """(breaks, bodies between them) of an expression with Piecewise nodes that share their breaks."""
    nodes = sorted(body.atoms(sp.Piecewise), key=sp.default_sort_key)
    layouts = [_breaks(node, z) for node in nodes]
    if any(layout != layouts[0] for layout in layouts):
        raise NotDerivable("the piecewise parts have different breaks")
    parts = []
    for k in range(len(layouts[0]) + 1):
        parts.append(sp.expand(body.xreplace({node: node.args[k][0] for node in nodes})))
    return layouts[0], parts


def _breaks(node: Any, z: Any) -> list[Any]:
    found = []
    for _, condition in node.args[:-1]:
        gap = condition.lts - condition.gts
        slope = sp.expand(sp.diff(gap, z))
        if slope.has(z) or not slope.is_positive:
            raise NotDerivable(f"the condition {condition} is not of the form z < t")
        found.append(sp.factor(-gap.xreplace({z: sp.Integer(0)}) / slope))
    return found


def _one_variable(mean: Mean) -> tuple[Any, Any]:
    body, fresh = mean.opened()
    if len(fresh) != 1:
        raise NotDerivable("only means over one variable have closed forms here")
    return body, fresh


def _quadrature(mean: Mean, point: Any) -> float:
    """The mean by Gauss-Legendre quadrature between the breaks."""
    body, (z,) = _one_variable(mean)
    s = float(value(mean.covariance[0][0], point)) if mean.covariance is not None else 1.0
    reach = 9 * np.sqrt(s)
    conditions = [c for node in body.atoms(sp.Piecewise) for _, c in node.args[:-1]]
    roots = []
    for c in conditions:
        at_zero, at_one = (float(value((c.lhs - c.rhs).xreplace({z: sp.Integer(k)}), point)) for k in (0, 1))
        roots.append(at_zero / (at_zero - at_one))
    ends = sorted({-reach, reach, *(r for r in roots if -reach < r < reach)})
    nodes, weights = np.polynomial.legendre.leggauss(60)
    total = 0.0
    for low, high in itertools.pairwise(ends):
        x = (low + high) / 2 + (high - low) / 2 * nodes
        f = value(body, {**point, z: x}) * np.exp(-x * x / (2 * s)) / np.sqrt(2 * np.pi * s)
        total += float(np.sum(np.broadcast_to(f, x.shape) * weights) * (high - low) / 2)
    return total

"""Certified values of Gaussian means: the trapezoidal rule in balls, with a proved bound for what it leaves out.

For f analytic in |Im z| <= Y the rule with step h is off by at most 2 N/(exp(2 pi Y/h) - 1), N an upper bound of the
integral of |f phi| on any line inside the strip (Trefethen and Weideman 2014, theorem 5.1). `strip` bounds f there from
its structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, pi
from typing import Any

import flint
import sympy as sp
from flint import acb, arb

from .. import balls
from ..errors import NotCertified
from .mean import Mean
from .strip import Strip, width_of

# Thinner strips need more nodes than anybody waits for.
_NODES = 200_000
# A mean inside a mean multiplies the nodes: beyond this precision nobody waits for it.
_NESTED_BITS = 120


def enclose_mean(mean: Mean, seen: Mapping[Any, Any], prec: int) -> acb:
    """A ball containing E[f] at the values in `seen` (balls by atom). Not finite when no bound was found."""
    if mean.covariance is not None:
        return _correlated(mean, seen, prec)
    if len(mean.variables) > 1:
        body, (first, *rest) = mean.opened()
        return enclose_mean(Mean(Mean(body, tuple(rest)), first), seen, prec)
    if mean.level > 1 and prec > _NESTED_BITS:
        return acb(arb.nan())
    (z,) = list(mean.variables)
    body, values = _constants_first(mean.body, z, seen, prec)
    try:
        half_width = width_of(body, z, values, prec)
        bound = Strip(z, values, half_width, prec).bound(body)
    except NotCertified:
        return acb(arb.nan())
    return _trapezoid(body, z, values, bound, half_width, prec)


def _constants_first(body: Any, z: Any, seen: Mapping[Any, Any], prec: int) -> tuple[Any, dict[Any, acb]]:
    """The body with its z-free parts named, and their balls: they are computed once, not once per node."""
    names: dict[Any, Any] = {}

    def name(expr: Any) -> Any:
        if expr.is_Rational:
            return expr
        if not expr.has(z):
            if expr not in names:
                # Reality is all the strip bounds need to know; it is checked on the ball.
                names[expr] = sp.Dummy(real=True)
            return names[expr]
        if isinstance(expr, sp.Add | sp.Mul):
            free, bound = expr.as_independent(z, as_Add=expr.is_Add)
            if free not in (0, 1) and not free.is_Rational:
                return expr.func(name(free), *(name(arg) for arg in expr.func.make_args(bound)))
        if isinstance(expr, Mean) or not expr.args:
            return expr
        return expr.func(*(name(arg) for arg in expr.args))

    new = name(body)
    values = {dummy: balls.enclose(expr, seen, prec) for expr, dummy in names.items()}
    inner = {s for mean in new.atoms(Mean) for s in mean.free_symbols}
    values |= {atom: ball for atom, ball in seen.items() if atom in inner}
    return new, values


def _trapezoid(body: Any, z: Any, values: dict[Any, acb], bound: Any, width: float, prec: int) -> acb:
    with balls.working(prec):
        rate, size = float(bound.rate.upper()), float((bound.c.abs_upper() + 1).log().upper())
        # What the density gains off the real axis, and the size of f, are paid for by a smaller step.
        target = prec * 0.6931 + (rate * rate + width * width) / 2 + size + 5
        step = 2 * pi * width / target
        reach = rate + (2 * target + rate * rate + 4) ** 0.5 + 1
        count = ceil(reach / step)
        if count > _NODES:
            return acb(arb.nan())
        h = balls.exact_ball(sp.Rational(step).limit_denominator(10**9)).real
        total = acb(0)
        for k in range(-count, count + 1):
            node = h * k
            total += balls.enclose(body, {**values, z: acb(node)}, prec) * (-node * node / 2).exp()
        total = total * h / (2 * arb.pi()).sqrt()
        cut = h * count
        y = balls.exact_ball(sp.Rational(width).limit_denominator(10**9)).real
        error = bound.aliasing(h, y) + bound.tail(cut)
        radius = error.upper()
        return total + acb(arb(0, radius), 0)


def _correlated(mean: Mean, seen: Mapping[Any, Any], prec: int) -> acb:
    """Correlated normals through the triangular root of their covariance."""
    body, fresh = mean.opened()
    rows, free = len(fresh), tuple(sp.Dummy(real=True) for _ in fresh)
    root = sp.zeros(rows, rows)
    for i in range(rows):
        for j in range(i + 1):
            rest = mean.covariance[i][j] - sum((root[i, k] * root[j, k] for k in range(j)), sp.Integer(0))
            root[i, j] = sp.sqrt(rest) if i == j else rest / root[j, j]
    table = {x: sum((root[i, k] * free[k] for k in range(i + 1)), sp.Integer(0)) for i, x in enumerate(fresh)}
    return balls.enclose(Mean(body.xreplace(table), free), seen, prec)


def _in_expression(mean: Any, seen: Mapping[Any, Any], mode: Any) -> acb:
    """How the ball evaluator meets a mean; an integrator that asks for analyticity gets no answer."""
    if getattr(mode, "variable", None) is not None:
        return acb(arb.nan())
    return enclose_mean(mean, seen, flint.ctx.prec)


balls._SPECIAL[Mean] = _in_expression

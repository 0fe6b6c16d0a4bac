"""Certified values of Gaussian means: the trapezoidal rule in balls, with a proved bound for what it leaves out.

For f analytic in |Im z| <= Y the rule with step h is off by at most 2 N/(exp(2 pi Y/h) - 1), N an upper bound of the
integral of |f phi| on any line inside the strip (Trefethen and Weideman 2014, theorem 5.1). `strip` bounds f there from
its structure; where it knows no strip, Arb's adaptive integrator takes over, with the tails bounded on the real line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import ceil, pi
from typing import Any

import flint
import sympy as sp
from flint import acb, arb

from .. import balls
from ..errors import NotCertified
from ..steps import Steps
from .mean import Mean, Opened, means_in
from .real_line import RealLine
from .strip import Bound, Strip, widest

# Thinner strips need more nodes than anybody waits for.
_NODES = 200_000
# A mean inside a mean multiplies the nodes: beyond this precision nobody waits for it.
_NESTED_BITS = 200


def enclose_means(means: Sequence[Mean], seen: Mapping[Any, Any], prec: int) -> dict[Any, acb]:
    """A ball containing each mean at the values in `seen` (balls by atom). Not finite when no bound was found.

    Means of one depth are evaluated at the same nodes: what their integrands share is computed once per node.
    """
    found: dict[Any, acb] = {}
    for joint in _joined(tuple(means)):
        found |= joint.enclose(seen, prec)
    return {mean: found[mean] if mean in found else found[_one_variable(mean)] for mean in means}


@lru_cache(maxsize=256)
def _joined(means: tuple[Mean, ...]) -> tuple[_Joint, ...]:
    """The means with the work they share: one group for each depth."""
    levels: dict[int, dict[Any, None]] = {}
    for mean in map(_one_variable, means):
        levels.setdefault(mean.level, {})[mean] = None
    return tuple(_Joint(tuple(group)) for group in levels.values())


@lru_cache(maxsize=1024)
def _one_variable(mean: Mean) -> Mean:
    """The same mean over one standard normal, further ones inside it."""
    mean = mean.independent()
    if len(mean.variables) == 1:
        return mean
    body, (first, *rest) = mean.opened()
    return Mean(Mean(body, tuple(rest)), first)


class _Joint:
    """E[f_1], E[f_2], ... over one standard normal each, f_k evaluated at common nodes."""

    def __init__(self, means: tuple[Mean, ...]):
        self.means = means
        self.z = Opened(f"_node_{means[0].level}", real=True)
        bodies = [m.opened((self.z,))[0] for m in means]
        bodies = [body.xreplace({m: _one_variable(m) for m in means_in(body)}) for body in bodies]
        self.bodies, self.constants = _constants_first(bodies, self.z)
        self.names = {mean: sp.Dummy(real=True) for body in self.bodies for mean in means_in(body)}
        self.inside = {s for mean in self.names for s in mean.free_symbols}
        self.flat = [body.xreplace(self.names) for body in self.bodies]

    def enclose(self, seen: Mapping[Any, Any], prec: int, widths: dict[Any, float] | None = None) -> dict[Any, acb]:
        """widths: those found at other values of the atoms, tried first and kept."""
        if self.names and prec > _NESTED_BITS:
            return dict.fromkeys(self.means, acb(arb.nan()))
        values = dict(zip(self.constants, balls.enclose_all(list(self.constants.values()), seen, prec)))
        strip_values = values | {atom: ball for atom, ball in seen.items() if atom in self.inside}
        found: dict[Any, acb] = {}
        bounds: dict[int, tuple[float, Bound]] = {}
        for k, mean in enumerate(self.means):
            try:
                bounds[k] = self._bounded(k, strip_values, prec, {} if widths is None else widths)
            except NotCertified:
                found[mean] = self._adaptive(k, values, prec)
        if bounds:
            found |= self._trapezoid(bounds, values, seen, prec)
        return found

    def _bounded(self, k: int, values: dict[Any, acb], prec: int, widths: dict[Any, float]) -> tuple[float, Bound]:
        """(width, bound) of a strip for one integrand."""
        body, mean = self.bodies[k], self.means[k]
        if mean in widths:
            try:
                return widths[mean], Strip(self.z, values, widths[mean], prec).bound(body)
            except NotCertified:
                pass
        widths[mean], bound = widest(body, self.z, values, prec)
        return widths[mean], bound

    def _trapezoid(
        self, bounds: dict[int, tuple[float, Bound]], values: dict[Any, acb], seen: Mapping[Any, Any], prec: int
    ) -> dict[Any, acb]:
        step, reach = _grid(bounds.values(), prec)
        count = ceil(reach / step)
        if count > _NODES:
            return {self.means[k]: acb(arb.nan()) for k in bounds}
        with balls.working(prec):
            h = _exact(step)
            totals = [acb(0) for _ in bounds]
            atoms = [*values, *self.names.values(), self.z]
            steps = Steps.of(atoms, [self.flat[k] for k in bounds])
            if steps is None:
                return {self.means[k]: acb(arb.nan()) for k in bounds}
            inner = _joined(tuple(self.names)) if self.names else ()
            widths: dict[Any, float] = {}
            for j in range(-count, count + 1):
                node = h * j
                at = {**values, self.z: acb(node)}
                for joint in inner:
                    for mean, ball in joint.enclose({**seen, **at}, prec, widths).items():
                        at[self.names[mean]] = ball
                weight = (-node * node / 2).exp()
                totals = [t + v * weight for t, v in zip(totals, steps.run([at[atom] for atom in atoms]))]
            found = {}
            for total, (k, (width, bound)) in zip(totals, bounds.items()):
                error = bound.aliasing(h, _exact(width)) + bound.tail(h * count)
                found[self.means[k]] = total * h / (2 * arb.pi()).sqrt() + acb(arb(0, error.upper()), 0)
            return found

    def _adaptive(self, k: int, values: dict[Any, acb], prec: int) -> acb:
        """Analytic pieces by the adaptive integrator over |z| <= L, the tails by a bound on the real line."""
        if self.names:
            return acb(arb.nan())
        try:
            bound = RealLine(self.z, values, prec).bound(self.bodies[k])
        except NotCertified:
            return acb(arb.nan())
        _, reach = _grid([(1.0, bound)], prec)
        with balls.working(prec):
            half = acb(ceil(reach))
            steps = Steps.of([*values, self.z], [self.flat[k] * sp.exp(-(self.z**2) / 2)])
            if steps is None:
                return acb(arb.nan())
            constants = list(values.values())
            total = acb.integral(lambda x, analytic: steps.run([*constants, x], analytic)[0], -half, half)
            return total / (2 * acb.pi()).sqrt() + acb(arb(0, bound.tail(half.real).upper()), 0)


def _exact(number: float) -> arb:
    """A float rounded down to nine decimals, as an exact ball."""
    return balls.exact_ball(sp.Rational(int(number * 10**9), 10**9)).real


def _grid(bounds: Iterable[tuple[float, Bound]], prec: int) -> tuple[float, float]:
    """(step, reach) that leave out less than 2^-prec of every integral."""
    step, reach = float("inf"), 1.0
    for width, bound in bounds:
        rate, size = float(bound.rate.upper()), float((bound.c.abs_upper() + 1).log().upper())
        # What the density gains off the real axis, and the size of f, are paid for by a smaller step.
        target = prec * 0.6931 + (rate * rate + width * width) / 2 + size + 5
        step, reach = min(step, 2 * pi * width / target), max(reach, rate + (2 * target + rate * rate + 4) ** 0.5 + 1)
    return step, reach


def _constants_first(bodies: Sequence[Any], z: Any) -> tuple[list[Any], dict[Any, Any]]:
    """The bodies with their z-free parts named, and what the names stand for: computed once, not once per node."""
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

    new = [name(body) for body in bodies]
    return new, {dummy: expr for expr, dummy in names.items()}


balls.register(Mean, lambda means, seen: enclose_means(means, seen, flint.ctx.prec))

"""|f(x + iy)| <= c exp(sum_v a_v |x_v|) for |y_v| <= Y_v, proved from the structure of f, in balls.

Besides the upper bound, `theta` bounds the argument of f and `low` bounds |f| from below, where they are known: that is
what logarithms, roots and denominators need (a mean of values in a cone of half-angle theta < pi/2 stays in the cone).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import acb, arb

from .. import balls
from ..errors import NotCertified
from . import tail
from .mean import Mean

# |x| <= 3/2 exp(|x|/4): powers and logarithms cost little growth this way.
_SLOW = sp.Rational(1, 4)
_TRIES = 48


@dataclass(frozen=True)
class Bound:
    """c and the growth rates per variable; theta and low are None where nothing is known."""

    c: arb
    rates: Mapping[Any, arb] = field(default_factory=dict)
    theta: arb | None = None
    low: arb | None = None

    @property
    def rate(self) -> arb:
        return max(self.rates.values(), key=lambda a: float(a.upper()), default=arb(0))

    def aliasing(self, h: arb, y: arb) -> arb:
        """2 M/(exp(2 pi y/h) - 1), M >= the integral of |f phi| over any line inside the strip."""
        mass = 2 * self.c * ((self.rate * self.rate + y * y) / 2).exp()
        return 2 * mass / ((2 * arb.pi() * y / h).exp() - 1)

    def tail(self, cut: arb) -> arb:
        """At most c exp(a^2/2) erfc((cut - a)/sqrt 2): both tails of the density beyond the last node."""
        a = self.rate
        return self.c * (a * a / 2).exp() * ((cut - a) / arb(2).sqrt()).erfc()


def widest(body: Any, z: Any, values: Mapping[Any, acb], prec: int) -> tuple[float, Bound]:
    """(Y, bound): the half-width of a strip on which the body has a proved bound, within a fifth of the largest."""
    width = (1.4 * prec) ** 0.5
    # What has no bound in the thinnest strip has none in any: nothing need be searched.
    thinnest = width * 0.8**_TRIES, Strip(z, values, width * 0.8**_TRIES, prec).bound(body)
    for _ in range(_TRIES):
        try:
            return width, Strip(z, values, width, prec).bound(body)
        except NotCertified:
            width *= 0.8
    return thinnest


class Strip:
    """Bounds on |Im z| <= width; further variables, of inner means, are real."""

    def __init__(self, z: Any, values: Mapping[Any, acb], width: float, prec: int):
        self.widths = {z: sp.Rational(int(width * 10**9), 10**9)}
        self.values, self.prec = dict(values), prec

    def bound(self, expr: Any) -> Bound:
        with balls.working(self.prec):
            return self._bound(sp.S(expr))

    def _bound(self, expr: Any) -> Bound:
        if not any(expr.has(v) for v in self.widths):
            return self._constant(expr)
        if expr in self.widths:
            c = _ball(sp.Rational(3, 2) + self.widths[expr])
            return Bound(c, {expr: _ball(_SLOW)})
        if expr.is_Add:
            return _sum([self._bound(arg) for arg in expr.args])
        if expr.is_Mul:
            return _product([self._bound(arg) for arg in expr.args])
        if isinstance(expr, Mean):
            return self._mean(expr)
        if isinstance(expr, sp.exp):
            return self._exp(expr.args[0])
        if expr.is_Pow:
            return self._power(expr)
        rule = {sp.cosh: self._cosh, sp.sinh: self._sinh, sp.tanh: self._tanh, sp.log: self._log}.get(expr.func)
        rule = rule or {sp.erf: self._erf, sp.erfc: self._erf}.get(expr.func)
        if expr.func in tail.BOUNDS:
            return self._tail(expr)
        if rule is None:
            raise NotCertified(f"no bound known for {sp.sstr(expr)[:80]}")
        return rule(expr.args[0])

    def _constant(self, expr: Any) -> Bound:
        ball = balls.enclose(expr, self.values, self.prec)
        if not ball.is_finite() or not ball.imag.is_zero():
            raise NotCertified(f"{sp.sstr(expr)[:80]} is not certainly real there")
        value = ball.real
        return Bound(abs(value), {}, arb(0), value) if value > 0 else Bound(abs(value))

    def _linear(self, u: Any) -> tuple[arb, dict[Any, arb], arb]:
        """u = b + sum s_v v with real b, s: (|b|, |s_v|, sum |s_v| Y_v)."""
        rest, rates = _linear_parts(u, tuple(self.widths))
        slopes = {v: self._constant(rate).c for v, rate in rates.items()}
        turn = sum((slope * _ball(self.widths[v]) for v, slope in slopes.items()), arb(0))
        return self._constant(rest).c, slopes, turn

    def _exp(self, u: Any) -> Bound:
        b, slopes, turn = self._linear(u)
        return Bound(b.exp(), slopes, turn)

    def _cosh(self, u: Any) -> Bound:
        b, slopes, turn = self._linear(u)
        if turn < arb.pi() / 2:
            # |cosh(x + iy)|^2 = sinh^2 x + cos^2 y, and its argument is atan(tanh x tan y).
            return Bound(b.exp(), slopes, turn, turn.cos())
        return Bound(b.exp(), slopes)

    def _sinh(self, u: Any) -> Bound:
        b, slopes, _ = self._linear(u)
        return Bound(b.exp(), slopes)

    def _tanh(self, u: Any) -> Bound:
        _, _, turn = self._linear(u)
        if not turn < arb.pi() / 2:
            raise NotCertified("a pole of tanh lies in the strip")
        # |tanh(x + iy)|^2 = (sinh^2 x + sin^2 y)/(sinh^2 x + cos^2 y) <= max(1, tan^2 y)
        return Bound(arb(1).max(turn.tan()))

    def _erf(self, u: Any) -> Bound:
        """|erf(x + iy)| <= 1 + 2/sqrt(pi) |y| exp(y^2), and one more for erfc."""
        _, _, turn = self._linear(u)
        return Bound(2 + 2 / arb.pi().sqrt() * turn * (turn * turn).exp())

    def _tail(self, expr: Any) -> Bound:
        """A bound P(|Re u|) of degree d: P(b + s |x|) <= P(b + 3 s/2) exp(d |x|/4)."""
        b, slopes, turn = self._linear(expr.args[0])
        bound, degree = tail.BOUNDS[expr.func]
        size = b + sum((s * _ball(sp.Rational(3, 2)) for s in slopes.values()), arb(0))
        return Bound(bound(size, turn), dict.fromkeys(slopes, _ball(_SLOW * degree)))

    def _tail_power(self, base: Any, bound: Bound, p: Any) -> Bound:
        """|H^p| = |H|^p for p >= 0, analytic where H has no zero: where its logarithm has a bound."""
        self._tail(tail.LogTail(base.args[0]))
        exponent = balls.enclose(p, self.values, self.prec).real
        if not exponent >= 0:
            raise NotCertified("a negative power of H has no bound")
        return Bound(_raised(bound.c, exponent), bound.rates)

    def _log(self, inner: Any) -> Bound:
        f = self._bound(inner)
        if f.theta is None or f.low is None or not f.theta < arb.pi() or not f.low > 0:
            raise NotCertified(f"{sp.sstr(inner)[:80]} may vanish in the strip")
        c = abs(f.c.log()) + abs(f.low.log()) + f.theta
        for rate in f.rates.values():
            c += rate * _ball(sp.Rational(3, 2))
        return Bound(c, dict.fromkeys(f.rates, _ball(_SLOW)))

    def _power(self, expr: Any) -> Bound:
        f, p = self._bound(expr.base), expr.exp
        if any(p.has(v) for v in self.widths):
            raise NotCertified("a bound variable stands in an exponent")
        if isinstance(expr.base, tail.Tail) and not p.is_Integer:
            return self._tail_power(expr.base, f, p)
        if p.is_Integer and p > 0:
            return _product([f] * int(p))
        exponent = balls.enclose(p, self.values, self.prec).real
        if f.theta is None or f.low is None or not f.low > 0 or not f.theta < arb.pi():
            raise NotCertified(f"{sp.sstr(expr.base)[:80]} may vanish in the strip")
        theta = f.theta * abs(exponent)
        if exponent >= 0:
            rates = {v: a * exponent for v, a in f.rates.items()}
            return Bound(_raised(f.c, exponent), rates, theta, _raised(f.low, exponent))
        low = None if f.rates else _raised(f.c, exponent)
        return Bound(_raised(f.low, exponent), {}, theta, low)

    def _mean(self, mean: Mean) -> Bound:
        if mean.covariance is not None:
            raise NotCertified("a correlated mean inside a mean has no bound yet")
        body, fresh = mean.opened()
        inside = Strip.__new__(Strip)
        inside.widths = {**self.widths, **dict.fromkeys(fresh, sp.Integer(0))}
        inside.values, inside.prec = self.values, self.prec
        f = inside._bound(body)
        c = f.c
        for v in fresh:
            if v in f.rates:
                c = 2 * c * (f.rates[v] * f.rates[v] / 2).exp()
        rates = {v: a for v, a in f.rates.items() if v not in fresh}
        if f.theta is not None and f.low is not None and f.theta < arb.pi() / 2:
            return Bound(c, rates, f.theta, f.low * f.theta.cos())
        return Bound(c, rates)


@lru_cache(maxsize=4096)
def _linear_parts(u: Any, variables: tuple[Any, ...]) -> tuple[Any, dict[Any, Any]]:
    """u = b + sum s_v v as (b, {v: s_v}), without the slopes that vanish."""
    slopes = {v: sp.diff(u, v) for v in variables}
    if any(slope.has(*variables) for slope in slopes.values()):
        raise NotCertified(f"the argument {sp.sstr(u)[:80]} is not linear in the bound variables")
    rest = u.xreplace(dict.fromkeys(variables, sp.Integer(0)))
    return rest, {v: slope for v, slope in slopes.items() if slope != 0}


def _ball(value: Any) -> arb:
    return balls.exact_ball(value).real


def _raised(base: arb, exponent: arb) -> arb:
    return acb(base).pow(acb(exponent)).real


def _sum(parts: list[Bound]) -> Bound:
    c = sum((p.c for p in parts), arb(0))
    rates = _joined(parts, max)
    lows = [p.low for p in parts if p.low is not None]
    thetas = [p.theta for p in parts if p.theta is not None]
    # Within the cone every real part is positive: a term without a bound from below can only add to the sum.
    if not lows or len(thetas) < len(parts):
        return Bound(c, rates)
    theta = arb(0)
    for t in thetas:
        theta = theta.max(t)
    if not theta < arb.pi() / 2:
        return Bound(c, rates)
    return Bound(c, rates, theta, sum(lows, arb(0)) * theta.cos())


def _product(parts: list[Bound]) -> Bound:
    c, low, theta = arb(1), arb(1), arb(0)
    for p in parts:
        c = c * p.c
        low = None if low is None or p.low is None else low * p.low
        theta = None if theta is None or p.theta is None else theta + p.theta
    return Bound(c, _joined(parts, sum), theta, low)


def _joined(parts: list[Bound], how: Any) -> dict[Any, arb]:
    """The rates of a sum (the largest) or a product (their sum), variable by variable."""
    names = list(dict.fromkeys(v for p in parts for v in p.rates))
    found = {}
    for v in names:
        values = [p.rates[v] for p in parts if v in p.rates]
        total = arb(0)
        for a in values:
            total = total + a if how is sum else total.max(a)
        found[v] = total
    return found

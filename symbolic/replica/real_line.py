"""|f(x)| <= c exp(a |x|) and f(x) >= l exp(-b |x|) on the real line, proved from the structure of f, in balls.

Weaker than a bound in a strip, and known more often: it is what the tails of an adaptive integral need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import acb, arb

from .. import balls
from ..errors import NotCertified
from .strip import Bound, Strip

# |x| <= 3/2 exp(|x|/4), as in strips.
_SLOW = sp.Rational(1, 4)
_SIZE = sp.Rational(3, 2)


class RealLine(Strip):
    """Bounds for a function of one real variable."""

    def __init__(self, z: Any, values: Mapping[Any, acb], prec: int):
        super().__init__(z, values, 0, prec)
        self.z = z

    def _exp(self, u: Any) -> Bound:
        """exp(A x^2 + B x + C) <= exp(C + |B x|) for A <= 0."""
        powers = sp.Poly(u, self.z).all_coeffs() if u.is_polynomial(self.z) else []
        if len(powers) != 3:
            try:
                return super()._exp(u)
            except NotCertified:
                # Squares with a negative factor only make the exponential smaller.
                rest = sp.Add(*(t for t in sp.Add.make_args(u) if not self._falls(t)))
                offset, slope = self._affine(rest)
                return Bound(offset.exp(), {self.z: slope})
        square, slope, offset = (balls.enclose(c, self.values, self.prec).real for c in powers)
        if not square <= 0:
            raise NotCertified(f"exp({sp.sstr(u)[:60]}) grows like a Gaussian")
        return Bound(offset.exp(), {self.z: abs(slope)})

    def _falls(self, term: Any) -> bool:
        """Whether a term is a negative multiple of an even power."""
        factor, rest = term.as_independent(self.z, as_Add=False)
        if not (rest.is_Pow and rest.exp.is_Integer and rest.exp % 2 == 0):
            return False
        return bool(balls.enclose(factor, self.values, self.prec).real <= 0)

    def _affine(self, expr: Any) -> tuple[arb, arb]:
        """(c, a) with |expr| <= c + a |x|: sums, and products with one unbounded factor."""
        if expr == self.z:
            return arb(0), arb(1)
        if expr.is_Add:
            parts = [self._affine(arg) for arg in expr.args]
            return sum((c for c, _ in parts), arb(0)), sum((a for _, a in parts), arb(0))
        if expr.is_Mul:
            offset, slope = arb(1), arb(0)
            for arg in expr.args:
                c, a = self._affine(arg)
                if not (slope.is_zero() or a.is_zero()):
                    raise NotCertified(f"{sp.sstr(expr)[:60]} grows faster than linearly")
                offset, slope = offset * c, offset * a + slope * c
            return offset, slope
        bound = self._bound(expr)
        if not bound.rate.is_zero():
            raise NotCertified(f"{sp.sstr(expr)[:60]} is not certainly bounded")
        return bound.c, arb(0)

    def _erf(self, u: Any) -> Bound:
        """|erf| <= 1 and erfc <= 2 for any real argument."""
        return Bound(arb(2))

    def _log(self, inner: Any) -> Bound:
        try:
            return super()._log(inner)
        except NotCertified:
            f, (low, decay) = self._bound(inner), self._least(inner)
            c = abs(f.c.log()) + abs(low.log()) + (f.rate + decay) * balls.exact_ball(_SIZE).real
            return Bound(c, {self.z: balls.exact_ball(_SLOW).real})

    def _power(self, expr: Any) -> Bound:
        try:
            return super()._power(expr)
        except NotCertified:
            exponent = balls.enclose(expr.exp, self.values, self.prec).real
            if not exponent < 0:
                raise
            even = expr.exp.is_Integer and expr.exp % 2 == 0
            low, decay = self._least(-expr.base if even and expr.base.could_extract_minus_sign() else expr.base)
            return Bound(acb(low).pow(acb(exponent)).real, {self.z: -exponent * decay})

    def _least(self, expr: Any) -> tuple[arb, arb]:
        """(l, b) with expr >= l exp(-b |x|) > 0: the weaker of what holds on the two half-lines."""
        found = [self._on_half_line(expr, side) for side in (1, -1)]
        return found[0][0].min(found[1][0]), found[0][1].max(found[1][1])

    def _on_half_line(self, expr: Any, side: int) -> tuple[arb, arb]:
        """(l, b) for a positive expression on side * x >= 0."""
        if not expr.has(self.z):
            value = self._constant(expr).low
            if value is None:
                raise NotCertified(f"{sp.sstr(expr)[:80]} is not certainly positive")
            return value, arb(0)
        if expr.is_Mul:
            low, decay = arb(1), arb(0)
            for arg in expr.args:
                factor, rate = self._on_half_line(arg, side)
                low, decay = low * factor, decay + rate
            return low, decay
        start = balls.enclose(expr.xreplace({self.z: sp.Integer(0)}), self.values, self.prec).real
        if isinstance(expr, sp.exp):
            _, slopes, _ = self._linear(expr.args[0])
            return start, slopes.get(self.z, arb(0))
        u = _tail_argument(expr)
        # erfc decreases: it is at least its value at 0 where its argument does not grow.
        if u is not None:
            self._linear(u)
            if side * balls.enclose(sp.diff(u, self.z), self.values, self.prec).real <= 0:
                return start, arb(0)
        elif expr.is_Add:
            return self._largest(expr, side)
        raise NotCertified(f"no positive lower bound known for {sp.sstr(expr)[:80]}")

    def _largest(self, total: Any, side: int) -> tuple[arb, arb]:
        """A sum of positive terms is at least any of them."""
        found = []
        for term in total.args:
            if not _positive(term, self):
                raise NotCertified(f"{sp.sstr(term)[:80]} is not certainly positive")
            try:
                found.append(self._on_half_line(term, side))
            except NotCertified:
                continue
        if not found:
            raise NotCertified(f"no term of {sp.sstr(total)[:80]} has a lower bound")
        return max(found, key=lambda pair: (-float(pair[1].upper()), float(pair[0].lower())))


def _tail_argument(expr: Any) -> Any:
    """u of erfc(u), also where SymPy has written erfc(-u) as 2 - erfc(u); None for anything else."""
    if isinstance(expr, sp.erfc):
        return expr.args[0]
    rest = 2 - expr
    return -rest.args[0] if isinstance(rest, sp.erfc) else None


def _positive(expr: Any, line: RealLine) -> bool:
    if _tail_argument(expr) is not None:
        return True
    if not expr.has(line.z):
        return bool(balls.enclose(expr, line.values, line.prec).real > 0)
    if expr.is_Mul or expr.is_Add:
        return all(_positive(arg, line) for arg in expr.args)
    return isinstance(expr, sp.exp | sp.erfc | sp.cosh)

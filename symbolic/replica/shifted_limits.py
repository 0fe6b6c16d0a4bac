"""beta -> oo under means whose arguments have an offset: tanh(beta (b + c z)) -> sign(b + c z)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from .continuation import by_denominator
from .insertion import MeansAt
from .mean import Mean
from .mean_calculus import hyperbolic
from .stationarity import Slope
from .zero_temperature import ZeroTemperature


@dataclass(frozen=True)
class ShiftedZeroTemperature(ZeroTemperature):
    """beta -> oo, E f(tanh(beta (b + c z)), z) -> E f(sign(b + c z), z): half-line moments beyond z = -b/c, c > 0.

    Within means tanh(w) -> sign and log(2 cosh w) -> |w| for w = beta (b + c z); what differs from them lies within
    1/beta of z = -b/c and decays as exp(-2 |w|), so a term beta^0 loses nothing; positive powers are refused.
    """

    source: ClassVar[str] = "dominated convergence"

    def _mean(self, mean: Mean) -> Any:
        body, (z,) = mean.opened()
        body = hyperbolic(body)
        inner = [f.args[0] for f in body.atoms(sp.tanh)] + [c.args[0] for c in body.atoms(sp.cosh)]
        sign, eps = sp.Dummy("sign", real=True), sp.Dummy("eps", positive=True)
        table: dict[Any, Any] = {}
        starts = []
        for w in dict.fromkeys(inner):
            rate = sp.diff(w, z)
            if rate.has(z) or (rate / self.beta).has(self.beta) or (rate / self.beta).is_nonnegative is not True:
                raise NotDerivable(f"the argument {sp.sstr(w)} does not grow with beta and a positive sign")
            starts.append(sp.expand(-w.xreplace({z: sp.Integer(0)}) / rate))
            table[sp.tanh(w)] = sign
            table[sp.log(2 * sp.cosh(w))] = sign * w
        if len(set(starts)) != 1 or starts[0].has(self.beta):
            raise NotDerivable("the arguments must change sign at one place that does not move with beta")
        limit = sp.expand(body.xreplace(table))
        if limit.has(sp.tanh, sp.cosh, sp.log):
            raise NotDerivable("the integrand is not made of tanh and log cosh")
        if self._order(body, z, starts[0], table) > 0:
            raise NotDerivable("the integrand grows with beta: integrate by parts to a bounded one first")
        limit = limit.xreplace({self.beta: 1 / eps}).xreplace({eps: sp.Integer(0)})
        if limit.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            raise NotDerivable("the integrand diverges at zero temperature")
        return sides_of(limit, z, sign, starts[0])

    def _order(self, body: Any, z: Any, start: Any, table: dict[Any, Any]) -> Any:
        """The largest power of beta in the body where z = start + w/beta with w of order one."""
        marks = {f: sp.Dummy() for f in table}
        flat = sp.expand(body.xreplace(marks).xreplace({z: start + sp.Dummy("w") / self.beta}))
        powers = [term.as_coeff_exponent(self.beta)[1] for term in sp.Add.make_args(flat)]
        return max(powers, default=sp.Integer(0))


def sides_of(body: Any, z: Any, sign: Any, start: Any) -> Any:
    """E of a polynomial in z and sign(z - start), from E[z^k; z > a] = a^(k-1) phi(a) + (k - 1) E[z^(k-2); z > a].

    >>> z, s = sp.symbols("z s", real=True); a = sp.Symbol("a"); sides_of(s, z, s, -a)
    erf(sqrt(2)*a/2)
    """
    density = sp.exp(-(start**2) / 2) / sp.sqrt(2 * sp.pi)
    beyond = [(1 - sp.erf(start / sp.sqrt(2))) / 2, density]
    total = sp.Integer(0)
    whole = {k: sp.Mul(*range(k - 1, 0, -2)) if k % 2 == 0 else sp.Integer(0) for k in range(12)}
    for side in (1, -1):
        poly = sp.Poly(body.xreplace({sign: sp.Integer(side)}), z)
        for (k,), coefficient in poly.terms():
            while len(beyond) <= k:
                j = len(beyond)
                beyond.append(start ** (j - 1) * density + (j - 1) * beyond[j - 2])
            total += coefficient * (beyond[k] if side > 0 else whole[k] - beyond[k])
    return sp.expand(total)


@dataclass(frozen=True)
class ExplicitSlope(Slope):
    """x = c d phi/dt at fixed order parameters, written under the means as it comes: what is bounded stays bounded.

    No integration by parts: log(2 cosh w) - w tanh(w) is bounded, each of its terms is not.
    """

    source: ClassVar[str] = "envelope theorem"

    def apply(self, *inputs: Claim) -> Equation:
        rate = sp.expand_mul(self.factor * sp.diff(inputs[0].rhs, self.variable))
        outside, under = [], []
        for term in sp.Add.make_args(rate):
            (under if term.has(Mean) else outside).append(term)
        bodies = sp.Integer(0)
        z = sp.Dummy("z", real=True)
        for term in under:
            factor, mean = term.as_independent(Mean, as_Add=False)
            if not isinstance(mean, Mean) or len(mean.variables) != 1:
                raise NotDerivable(f"{sp.sstr(term)[:80]} is not a number times a mean over one variable")
            bodies += factor * mean.opened((z,))[0]
        return Equation(self.result, by_denominator(sp.Add(*outside)) + Mean(hyperbolic(sp.expand_mul(bodies)), z))


@dataclass(frozen=True)
class Onset(MeansAt):
    """f(x), x -> x0  ->  f(x0), without the conditions on variables that f(x0) does not contain.

    Such a condition can be met whatever the remaining variables are, and says nothing about them.
    """

    source: ClassVar[str] = MeansAt.source

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        left = self.apply(*inputs).rhs.free_symbols
        return tuple(c for c in super().given(*inputs) if c.free_symbols <= left)

"""Means of the hazard h(u) = phi(u)/H(u), u linear in z: a normal form by parts, and the limit of a steep argument."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from .mean import Mean, means_in
from .mean_calculus import Atom, eliminate_powers, linear, on_means
from .sampling import sample, shown
from .shifted_limits import sides_of
from .stationarity import Gradient
from .tail import Hazard

_BITS = 100
# sqrt(1 - q) = 2^-k: the deviation of the field from saturation.
_STEEPNESS = (2, 3, 4, 5)


def hazard_form(expr: Any) -> Any:
    """Linear in the means; no bare power of the variable multiplies a hazard.

    Stein's lemma alone does not end here, because h' = h (h - u) brings z back; the relations by parts are linear in
    their top monomial and are solved for it.

    >>> t, z = sp.symbols("t z"); hazard_form(Mean(z * Hazard(-t * z), z))
    t*E_z[h(z*t)**2]/(t**2 + 1)
    """

    def eliminated(mean: Any) -> Any:
        if not isinstance(mean, Mean) or len(mean.variables) != 1 or mean.covariance is not None:
            return mean
        body, (z,) = mean.opened()
        hazards = sorted(body.atoms(Hazard), key=sp.default_sort_key)
        if len(hazards) != 1 or not body.has(z):
            return mean
        u = hazards[0].args[0]
        slope = sp.diff(u, z)
        if slope.has(z):
            raise NotDerivable(f"the argument {sp.sstr(u)[:80]} is not linear in the variable")
        atom = Atom(lambda x: hazards[0].xreplace({z: x}), lambda x, h: h * (h - u.xreplace({z: x})) * slope)
        return eliminate_powers(mean, [atom])

    tidy = on_means(on_means(linear(expr), eliminated), arguments_together)
    names = {mean: sp.Dummy() for mean in means_in(tidy)}
    flat = sp.expand(tidy.xreplace(names))
    back = {dummy: mean for mean, dummy in names.items()}
    groups = sp.collect(flat, list(names.values()), evaluate=False)
    return sp.Add(*(factored(c) * back.get(k, k) for k, c in groups.items()))


def arguments_together(expr: Any) -> Any:
    """Each hazard with the common factors of its argument taken out."""
    if isinstance(expr, Mean):
        body, fresh = expr.opened()
        return expr.rebuilt(arguments_together(body), fresh)
    return expr.xreplace({h: Hazard(sp.factor_terms(h.args[0])) for h in expr.atoms(Hazard)})


@dataclass(frozen=True)
class HazardGradient(Gradient):
    """x = c d phi/dt, E[z^k h^j] reduced to E[h^i] by elimination of the relations by parts."""

    source: ClassVar[str] = "differentiation; integration by parts, solved for the highest power"

    def apply(self, *inputs: Claim) -> Equation:
        rate = sp.expand(self.factor * sp.diff(inputs[0].rhs, self.variable))
        return Equation(self.result, hazard_form(rate))


@dataclass(frozen=True)
class Saturation(Rule):
    """q -> 1, u = v/sqrt(1 - q): (sqrt(1 - q) h(u))^k -> max(v, 0)^k and h(u) (h(u) - u) -> 1 for v > 0, else 0.

    Both are bounded, by sqrt(1 - q) h <= v_+ + sqrt(1 - q) and 0 < h (h - u) < 1: a body is taken apart into powers of
    these two, what is left over is refused. The half-line moments that remain are in closed form.
    """

    source: ClassVar[str] = "dominated convergence; h(u) = u + 1/u + O(u^-3)"
    variable: Any = None
    result: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return ()

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return tuple(c for c in super().given(*inputs) if not c.has(self.variable))

    def apply(self, *inputs: Claim) -> Equation:
        rhs, table = inputs[0].rhs, {}
        for mean in means_in(rhs):
            power, value = self._mean(mean)
            table[mean] = (power, sp.Dummy(positive=True), value)
        eps = sp.Dummy("eps", positive=True)
        # A mean is eps^-power times a quantity with a finite limit.
        outer = rhs.xreplace({mean: name * eps ** (-power) for mean, (power, name, _) in table.items()})
        outer = canonical(outer.xreplace({self.variable: 1 - eps**2}))
        limit = outer.xreplace({eps: sp.Integer(0)})
        if limit.has(sp.nan, sp.zoo, sp.oo):
            raise NotDerivable(f"the claim diverges at {self.variable} = 1")
        found = limit.xreplace({name: value for _, name, value in table.values()})
        return Equation(inputs[0].single.lhs if self.result is None else self.result, found)

    def _mean(self, mean: Mean) -> tuple[int, Any]:
        """(k, L) with E[body] = eps^-k (L + o(1)), eps = sqrt(1 - q)."""
        body, (z,) = mean.opened()
        (hazard,) = body.atoms(Hazard)
        u = hazard.args[0]
        v = sp.expand(u * sp.sqrt(1 - self.variable))
        if v.has(sp.sqrt(1 - self.variable)):
            raise NotDerivable(f"the argument {sp.sstr(u)[:80]} is not a number over sqrt(1 - {self.variable})")
        v = v.xreplace({self.variable: sp.Integer(1)})
        side = sp.diff(v, z)
        if side not in (1, -1):
            raise NotDerivable(f"the argument {sp.sstr(u)[:80]} is not a standard normal variable plus a number")
        plain, slopes = 0, 0
        for factor in sp.Mul.make_args(sp.factor_terms(body)):
            base, power = factor.as_base_exp()
            if not (power.is_Integer and power > 0):
                raise NotDerivable(f"{sp.sstr(factor)[:60]} is not a power of the hazard or of its slope")
            if base == hazard:
                plain += int(power)
            elif sp.expand(base - (hazard - u)) == 0:
                slopes += int(power)
            else:
                raise NotDerivable(f"{sp.sstr(factor)[:60]} is not a power of the hazard or of its slope")
        if slopes > plain:
            raise NotDerivable("h - u without a hazard beside it is not bounded")
        sign = sp.Dummy("sign", real=True)
        # v > 0 on one side of its zero.
        inside = sp.expand(v ** (plain - slopes) * (1 + side * sign) / 2)
        return plain - slopes, _collected(sides_of(inside, z, sign, -side * v.xreplace({z: sp.Integer(0)})))

    def check(self, case: Case) -> Verdict:
        """The claim at 1 - q = 4^-2 ... 4^-5 in balls, extrapolated in sqrt(1 - q), 3 digits."""
        before, after = case.inputs[0].rhs, case.output.rhs
        atoms = [a for e in (before, after) for a in free_atoms(e) if a != self.variable]
        for k in range(2):
            point = sample(case, atoms, case.output.given, k)
            values = []
            for step in _STEEPNESS:
                at = {**point, self.variable: 1 - sp.Rational(1, 4**step)}
                ball = balls.enclose(before, at, _BITS)
                if not ball.is_finite():
                    return undecided("near saturation", f"no finite enclosure at 1 - q = 4^-{step}")
                values.append(ball.real)
            with balls.working(_BITS):
                limit = _extrapolated(values)
                gap = abs(limit - balls.enclose(after, point, _BITS).real)
                if not gap < 1e-3 * (1 + abs(limit)):
                    return refuted("near saturation", f"distance {gap.str(4, radius=False)}", shown(point))
        return consistent("near saturation", "1 - q = 4^-2 to 4^-5 extrapolated, 3 digits at 2 points")


def _collected(expr: Any) -> Any:
    """A sum of error functions and exponentials, each with one coefficient."""
    kinds = sorted(expr.atoms(sp.erf, sp.exp), key=sp.default_sort_key)
    return sp.collect(sp.expand(expr), kinds, factored)


def _extrapolated(values: list[Any]) -> Any:
    """Values at eps, eps/2, ... with errors in powers of eps: the limit."""
    for order in range(1, len(values)):
        values = [(2**order * b - a) / (2**order - 1) for a, b in itertools.pairwise(values)]
    return values[-1]

"""beta -> oo for trees of replicas: powers (2 cosh w)^m with m = mu/beta keep a finite exponent.

With w = beta u elementary bounds are uniform in u: 0 <= log(2 cosh w) - |w| <= log 2, hence |u| <= log(2 cosh w)/beta
<= |u| + log 2/beta and exp(mu |u|) <= (2 cosh w)^m <= 2^m exp(mu |u|); tanh w stays within -1 and 1, with limit sign u
for u != 0. Nothing else is replaced, and a mean with a coefficient that grows is refused.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from . import ledger
from .floating import floating
from .mean import Mean, means_in
from .sampling import sample, shown
from .zero_temperature import _at_zero, linear_keeping

_SCALES = (256, 512, 1024, 2048)


@dataclass(frozen=True)
class SteepLimit(Rule):
    """log(2 cosh(b u))/b -> |u|, (2 cosh(b u))^(mu/b) -> exp(mu |u|), tanh(b u) -> sign(u) as b -> oo, under means.

    Inputs: the claim, then the scaling relations, e.g. m = mu/beta and q_1 = 1 - chi/beta. `factor`: the claim is
    multiplied by it first (a power of 1/beta), and `result` names the limit.
    """

    source: ClassVar[str] = "uniform bounds and dominated convergence"
    beta: Any = None
    result: Any = None
    factor: Any = sp.S.One

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A6,)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        found = []
        for condition in super().given(*inputs):
            for claim in inputs[1:]:
                condition = condition.xreplace(claim.defines())
            found.append(_limit_of(condition, self.beta))
        return tuple(dict.fromkeys(c for c in found if c is not sp.true))

    def scaled(self, *inputs: Claim) -> Any:
        rhs = self.factor * inputs[0].rhs
        for claim in inputs[1:]:
            rhs = rhs.xreplace(claim.defines())
        return rhs

    def apply(self, *inputs: Claim) -> Equation:
        eps = sp.Dummy("eps", positive=True)
        steep = linear_keeping(_replaced(self.scaled(*inputs).xreplace({self.beta: 1 / eps}), eps))
        names = {mean: sp.Dummy(real=True) for mean in means_in(steep)}
        outer, remainders = _powers_expanded(steep.xreplace(names), eps)
        outer = _at_zero(sp.expand(outer), eps)
        if outer.has(*remainders):
            raise NotDerivable("more orders of a symbolic power are needed")
        found = outer.xreplace({name: _mean_at_zero(mean, eps) for mean, name in names.items()})
        if found.has(eps):
            raise NotDerivable("the limit still depends on the temperature")
        return Equation(inputs[0].single.lhs if self.result is None else self.result, found)

    def check(self, case: Case) -> Verdict:
        """The claim at beta = 256, 512, 1024, 2048 by graded quadrature, extrapolated in 1/beta: 6 digits."""
        before, after = self.scaled(*case.inputs), case.output.rhs
        atoms = [a for side in (before, after) for a in free_atoms(side) if a != self.beta]
        for k in range(2):
            point = sample(case, atoms, case.output.given, k)
            values = [floating(before, {**point, self.beta: sp.Integer(b)}).real for b in _SCALES]
            for order in (1, 2, 3):
                values = [(2**order * b - a) / (2**order - 1) for a, b in itertools.pairwise(values)]
            gap = abs(values[-1] - floating(after, point))
            if not gap < 1e-6 * (1 + abs(values[-1])):
                return refuted("large beta", f"distance {gap:.3e} after extrapolation", shown(point))
        return consistent("large beta", "beta = 256 to 2048 extrapolated, 6 digits at 2 points")


def _replaced(expr: Any, eps: Any) -> Any:
    """The steep functions of arguments u/eps by their limits, inner means first."""
    if isinstance(expr, Mean):
        body, fresh = expr.opened()
        return expr.rebuilt(_replaced(body, eps), fresh)
    if expr.is_Pow and _hyperbolic_base(expr.base) is not None and not expr.exp.is_Integer:
        rate = canonical(expr.exp / eps)
        if rate.has(eps) or rate.is_positive is not True:
            raise NotDerivable(f"the power {sp.sstr(expr.exp)[:60]} does not vanish like a positive number over beta")
        return sp.exp(rate * sp.Abs(_slow(_hyperbolic_base(expr.base), eps)))
    if isinstance(expr, sp.log) and _hyperbolic_base(expr.args[0]) is not None:
        return sp.Abs(_slow(_hyperbolic_base(expr.args[0]), eps)) / eps
    if isinstance(expr, sp.tanh):
        return sp.sign(_slow(expr.args[0], eps))
    if isinstance(expr, sp.cosh | sp.sinh):
        raise NotDerivable("a bare hyperbolic function grows exponentially with beta")
    return expr.func(*(_replaced(arg, eps) for arg in expr.args)) if expr.args else expr


def _hyperbolic_base(base: Any) -> Any:
    """w of k cosh(w), k a positive number; None for anything else."""
    number, rest = base.as_coeff_Mul()
    return rest.args[0] if isinstance(rest, sp.cosh) and number.is_positive else None


def _slow(argument: Any, eps: Any) -> Any:
    """u of an argument u/eps."""
    slow = sp.expand(argument * eps)
    if slow.xreplace({eps: sp.Integer(0)}).has(sp.zoo, sp.nan, sp.oo):
        raise NotDerivable(f"the argument {sp.sstr(argument)[:80]} does not grow like beta")
    return slow


def _powers_expanded(expr: Any, eps: Any) -> tuple[Any, list[Any]]:
    """(1 + x)^p = 1 + p x + p (p - 1) x^2/2 + eps^3 r for symbolic powers of what tends to 1; the remainders r."""
    table, remainders = {}, []
    for power in sorted(expr.atoms(sp.Pow), key=sp.default_sort_key):
        if power.exp.is_Rational or not power.has(eps) or power.exp.has(eps):
            continue
        x = sp.expand(power.base - 1)
        if x.xreplace({eps: sp.Integer(0)}) != 0:
            raise NotDerivable(f"{sp.sstr(power.base)[:60]} does not tend to 1")
        remainders.append(sp.Dummy("r"))
        p = power.exp
        table[power] = 1 + p * x + p * (p - 1) * x**2 / 2 + eps**3 * remainders[-1]
    return expr.xreplace(table), remainders


def _mean_at_zero(mean: Any, eps: Any) -> Any:
    """The mean of the limit: what is left of eps stands in continuous coefficients."""
    return mean.xreplace({eps: sp.Integer(0)})


def _limit_of(condition: Any, beta: Any) -> Any:
    """A strict inequality between order parameters in the limit, where its sides stay different."""
    return condition.xreplace({beta: sp.oo}) if condition.has(beta) else condition

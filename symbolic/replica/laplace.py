"""beta -> oo for opaque convex losses: inner Gaussian means become Moreau envelopes (Laplace's method)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from . import ledger
from .hermite import equal_steps, gauss, trials, tried, value
from .mean import Mean, means_in
from .moments import moments
from .prox import ARGUMENT, Env
from .sampling import sample, shown

_BETAS = (8, 16, 32, 64, 128)
_WIDE = equal_steps(80, 0.16)


@dataclass(frozen=True)
class LaplaceEnvelope(Rule):
    """(1/beta) log E_z exp(-beta l(a + sqrt(V/beta) z)) -> -Env(l; V, a), hence f = -lim phi/beta as beta -> oo.

    Inputs: the potential per replica, then the scaling of the order parameters with beta (v = V/beta and so on). Outer
    fields whose covariance grows as beta^2 are rescaled; l is convex, so the minimiser is unique. What grows slower
    than beta outside the means (log beta, constants) drops out.
    """

    source: ClassVar[str] = "Laplace's method; dominated convergence"
    conditions: ClassVar[tuple[str, ...]] = ("the loss and the penalty are convex",)
    beta: Any = None
    result: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A6,)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        scaled = [c.xreplace(inputs[1].defines()) for c in inputs[0].given]
        return tuple(c for c in scaled if not c.has(self.beta))

    def apply(self, *inputs: Claim) -> Equation:
        total = sp.Integer(0)
        for term in sp.Add.make_args(inputs[0].rhs.xreplace(inputs[1].defines())):
            means = means_in(term)
            if not means:
                total -= self._leading(term)
                continue
            (mean,) = means
            factor = term / mean
            if factor.has(self.beta):
                raise NotDerivable(f"the factor {sp.sstr(factor)} of a mean depends on the temperature")
            total += factor * self._limit(mean)
        return Equation(self.result, moments(total))

    def _leading(self, term: Any) -> Any:
        """lim term/beta for a product of powers of beta, or a logarithm."""
        if term.has(sp.log):
            factor, log = term.as_independent(sp.log, as_Add=False)
            if factor.has(self.beta) or not isinstance(log, sp.log):
                raise NotDerivable(f"{sp.sstr(term)[:80]} is not a constant times a logarithm")
            return sp.Integer(0)
        parts = [part.as_coeff_exponent(self.beta) for part in sp.Add.make_args(sp.expand(term / self.beta))]
        if any(power > 0 or coefficient.has(self.beta) for coefficient, power in parts):
            raise NotDerivable(f"{sp.sstr(term)[:80]} grows faster than the inverse temperature")
        return sp.Add(*(coefficient for coefficient, power in parts if power == 0))

    def _limit(self, mean: Mean) -> Any:
        body, fresh = self._rescaled(mean)
        table = {}
        for log in body.atoms(sp.log):
            (inner,) = log.args
            if not isinstance(inner, Mean):
                raise NotDerivable("the logarithm under a mean must be that of a Boltzmann average")
            table[log] = -self.beta * self._envelope(inner)
        limit = sp.expand(-body.xreplace(table) / self.beta)
        if limit.has(self.beta):
            raise NotDerivable("the scaling leaves a power of the inverse temperature under the mean")
        covariance = self._covariance(mean)
        return Mean(limit, fresh) if covariance is None else Mean(limit, fresh, covariance)

    def _power(self, mean: Mean) -> int:
        """p, where the covariance of the fields grows as beta^(2 p)."""
        if mean.covariance is None:
            return 0
        entries = [sp.factor(entry) for row in mean.covariance for entry in row]
        powers = {entry.as_coeff_exponent(self.beta)[1] for entry in entries if entry != 0}
        if len(powers) != 1 or (next(iter(powers)) % 2) != 0:
            raise NotDerivable("the covariance of the fields must grow as one even power of beta")
        return int(powers.pop() / 2)

    def _rescaled(self, mean: Mean) -> tuple[Any, Any]:
        body, fresh = mean.opened()
        scale = self.beta ** self._power(mean)
        return body.xreplace({x: scale * x for x in fresh}), fresh

    def _covariance(self, mean: Mean) -> Any:
        if mean.covariance is None:
            return None
        scale = self.beta ** (2 * self._power(mean))
        return [[sp.expand(entry / scale) for entry in row] for row in mean.covariance]

    def _envelope(self, inner: Mean) -> Any:
        body, (z,) = inner.opened()
        if not isinstance(body, sp.exp) or inner.covariance is not None:
            raise NotDerivable("a Boltzmann average is the mean of an exponential over one standard normal")
        energy = sp.expand(-body.args[0] / self.beta)
        arguments = _affine_in(energy, z)
        if len(arguments) != 1:
            raise NotDerivable(f"the loss has {len(arguments)} different arguments; it must be of one argument")
        (argument,) = arguments
        slope = sp.diff(argument, z)
        loss = energy.xreplace({argument: ARGUMENT})
        # The square of a sign is 1 for every argument that is not 0.
        spread = sp.expand(self.beta * slope**2).replace(
            lambda e: e.is_Pow and isinstance(e.base, sp.sign) and e.exp == 2, lambda e: sp.Integer(1)
        )
        if loss.has(z, self.beta) or spread.has(self.beta):
            raise NotDerivable("the spread of the loss's argument must be of order 1/sqrt(beta)")
        return Env(loss, spread, argument.xreplace({z: sp.Integer(0)}))

    def check(self, case: Case) -> Verdict:
        """Trial functions at beta = 8, 16, ..., 128, fitted to 1, log(beta)/beta and powers of 1/beta: 4 digits."""
        before, after = case.inputs[0].rhs.xreplace(case.inputs[1].defines()), case.output.rhs
        losses = trials(before)
        atoms = [x for x in (*free_atoms(before), *free_atoms(after)) if x != self.beta]
        points = (sample(case, atoms, self.given(*case.inputs), k) for k in range(2000))
        point = next(p for p in points if all(9 * v * v >= 1 and v * v <= 4 for v in p.values()))
        expr, grid = tried(before, losses), gauss(6)
        values = [-value(expr, {**point, self.beta: b}, grid, _WIDE) / b for b in _BETAS]
        betas = np.array(_BETAS, dtype=float)
        basis = np.stack([np.ones_like(betas), np.log(betas) / betas, *(betas**-k for k in (1, 2, 3))], axis=1)
        limit = np.linalg.solve(basis, np.array(values, dtype=float))[0]
        gap = abs(limit - value(tried(after, losses), point, grid))
        if not gap < 1e-4 * (1 + abs(limit)):
            return refuted("large beta", f"distance {gap:.3e} after extrapolation", shown(point))
        return consistent("large beta", f"trial functions, beta = 8 to 128 extrapolated, distance {gap:.0e}")


def _affine_in(expr: Any, z: Any) -> list[Any]:
    """The largest parts of an expression that are affine in z and contain it."""
    if not expr.has(z):
        return []
    if isinstance(expr, sp.Function) and all(arg.is_polynomial(z) and sp.degree(arg, z) == 1 for arg in expr.args):
        return list(expr.args)
    if expr != z and expr.is_polynomial(z) and sp.degree(expr, z) == 1 and not expr.is_Mul:
        return [expr]
    found = [a for arg in expr.args for a in _affine_in(arg, z)]
    if not found:
        raise NotDerivable(f"the dependence on {z} is not through an affine argument")
    return list(dict.fromkeys(found))

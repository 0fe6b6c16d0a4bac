"""Stationarity of zero-temperature potentials with envelopes of opaque losses: Price's theorem, no hand step."""

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
from .hermite import equal_steps, trials, tried, value
from .mean import Mean, means_in
from .moments import moments
from .prox import Env
from .sampling import sample, shown

_GRID = equal_steps(7, 0.3)
_STEP = 1 / 1024


@dataclass(frozen=True)
class ChannelStationary(Rule):
    """d f/dp = 0  ->  x = g, with d/dp E_C[F] = sum C_ij'(1/2 if i = j) E[d_i d_j F] + E[dF/dp] and dEnv by algebra.

    parameter: the order parameter p; unknown: the conjugate x in which the condition is linear outside the means.
    """

    source: ClassVar[str] = "R. Price, A useful theorem for nonlinear devices having Gaussian inputs, 1958"
    parameter: Any = None
    unknown: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        slope = sp.diff(inputs[0].rhs, self.parameter)
        forms = [self._solved(form) for form in (slope, moments(slope))]
        return Equation(self.unknown, min(forms, key=lambda e: (e.count_ops(), sp.default_sort_key(e))))

    def _solved(self, slope: Any) -> Any:
        names = {mean: sp.Dummy(real=True) for mean in means_in(slope)}
        poly = sp.Poly(sp.numer(sp.together(slope.xreplace(names))), self.unknown)
        if poly.degree() != 1 or any(mean.has(self.unknown) for mean in names):
            raise NotDerivable(f"d/d{self.parameter} of the potential is not linear in {self.unknown}")
        top, rest = poly.coeff_monomial(self.unknown), poly.coeff_monomial(1)
        back = {dummy: mean for mean, dummy in names.items()}
        solved = sp.factor_terms(sp.expand(canonical(-rest / top)))
        return together_in_means(solved.xreplace(back))

    def check(self, case: Case) -> Verdict:
        """Trial functions: with the value inserted, a five-point difference quotient of the potential vanishes."""
        # Terms without the parameter play no part, and the solved value need not suit their covariances.
        terms = [t for t in sp.Add.make_args(case.inputs[0].rhs) if t.has(self.parameter)]
        f, equation = sp.Add(*terms), case.output.single
        if equation.lhs != self.unknown:
            return refuted("left-hand side", f"{equation.lhs} where {self.unknown} was asked for")
        losses = trials(f)
        atoms = [a for a in (*free_atoms(f), *free_atoms(equation.rhs)) if a != self.unknown]
        given = [c for c in case.given if not c.has(self.unknown)]
        plain, solved = tried(f, losses), tried(equation.rhs, losses)
        for point in ordinary(case, atoms, given, 2):
            floats = {k: float(v) for k, v in point.items()}
            floats[self.unknown] = float(value(solved, floats, _GRID))
            rate = self._quotient(plain, floats, self.parameter)
            size = abs(self._quotient(plain, floats, self.unknown))
            if not abs(rate) < 1e-7 * (1 + size):
                return refuted("difference quotient", f"the slope is {rate:.3e}", shown(point))
        return consistent("difference quotient of the potential", "trial functions, 7 digits at 2 points")

    def _quotient(self, expr: Any, point: dict[Any, float], variable: Any) -> float:
        weights = {-2: 1.0, -1: -8.0, 1: 8.0, 2: -1.0}
        ends = {k: value(expr, {**point, variable: point[variable] + k * _STEP}, _GRID) for k in weights}
        return float(sum(w * ends[k] for k, w in weights.items()) / (12 * _STEP))


def ordinary(case: Case, atoms: Any, given: Any, count: int) -> list[dict[Any, Any]]:
    """Sample points with every value of order one."""
    found: list[dict[Any, Any]] = []
    for k in range(4000):
        point = sample(case, atoms, given, k)
        if all(9 * v * v >= 1 and v * v <= 4 for v in point.values()):
            found.append(point)
            if len(found) == count:
                return found
    raise NotDerivable("no point of order one satisfies the conditions")


def together_in_means(expr: Any) -> Any:
    """a E[f] + b E[g] + c with common factors of a mean's body taken out, as a paper writes it."""

    def tidy(mean: Mean) -> Any:
        body, fresh = mean.opened()
        outside, inside = sp.factor_terms(body).as_independent(*fresh, as_Add=False)
        return outside * mean.rebuilt(inside, fresh)

    return sp.S(expr).xreplace({mean: tidy(mean) for mean in means_in(expr)})


@dataclass(frozen=True)
class MeanLoss(Rule):
    """f[(1 + h) l] -> df/dh/alpha at h = 0 = E[l(Prox)]: the mean loss of the training samples, by a source term.

    Only explicit h counts, since f is stationary (envelope theorem). loss: the function l; ratio: alpha.
    """

    source: ClassVar[str] = "envelope theorem"
    loss: Any = None
    ratio: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        h = sp.Dummy(real=True)
        rate = sp.diff(self._strengthened(inputs[0].rhs, h), h).xreplace({h: sp.Integer(0)})
        if rate == 0:
            raise NotDerivable(f"the potential contains no envelope of {self.loss}")
        return Equation(self.result, sp.expand(rate / self.ratio))

    def _strengthened(self, expr: Any, h: Any) -> Any:
        return expr.replace(
            lambda e: isinstance(e, Env) and e.loss.has(self.loss), lambda e: Env((1 + h) * e.loss, e.spread, e.at)
        )

    def check(self, case: Case) -> Verdict:
        """A difference quotient in the strength of the loss, with trial functions: 7 digits."""
        f, stated = case.inputs[0].rhs, case.output.rhs
        losses, h = trials(f), sp.Dummy(real=True)
        strengthened = tried(self._strengthened(f, h), losses)
        for point in ordinary(case, [*free_atoms(f), *free_atoms(stated)], case.given, 2):
            weights = {-2: 1.0, -1: -8.0, 1: 8.0, 2: -1.0}
            ends = {k: value(strengthened, {**point, h: k * _STEP}, _GRID) for k in weights}
            rate = sum(w * ends[k] for k, w in weights.items()) / (12 * _STEP)
            told = value(tried(self.ratio * stated, losses), point, _GRID)
            if not abs(rate - told) < 1e-7 * (1 + abs(rate)):
                return refuted("difference quotient", f"distance {abs(rate - told):.3e}", shown(point))
        return consistent("difference quotient in the strength of the loss", "trial functions, 7 digits at 2 points")

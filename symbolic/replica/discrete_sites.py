"""Sites with finitely many values, decoupled: the site sum, its moments, stationarity and the replicon eigenvalue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical, factored
from .mean import Mean, means_in
from .saddle import DecoupleSpins, diagonal
from .stability import Replicon
from .stationarity import Stationary
from .weighted_trace import WeightedTrace


@dataclass(frozen=True)
class DecoupleSites(DecoupleSpins):
    """log sum p exp(r/2 ((sum s)^2 - sum s^2) + k/2 sum s^2 + h sum s) -> log E_z F(z)^n.

    F = sum_v p_v e^{(k - r) v^2/2 + (h + sqrt(r) z) v}.
    """

    source: ClassVar[str] = "Gaussian linearisation of a square"

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        (trace,) = target.rhs.atoms(WeightedTrace)
        field, square, own = self._coefficients(trace)
        z = sp.Dummy("z", real=True)
        u = field + sp.sqrt(2 * square) * z
        site = sp.Add(*(p * sp.exp(own * v**2 + u * v) for v, p in trace.alphabet))
        return Equation(target.lhs, target.rhs.xreplace({trace: sp.log(Mean(site**self.n, z))}), target.relation)

    def _coefficients(self, trace: Any) -> tuple[Any, Any, Any]:
        """(h, r/2, (k - r)/2) of the exponent as a polynomial in sum s and sum s^2."""
        sums = sorted(trace.exponent.atoms(sp.Sum), key=sp.default_sort_key)
        (squares,) = [x for x in sums if x.function.is_Pow]
        (total,) = [x for x in sums if not x.function.is_Pow]
        poly = sp.Poly(sp.expand(trace.exponent), total, squares)
        wanted = [total, total**2, squares]
        found = [poly.coeff_monomial(x) for x in wanted]
        if sp.expand(poly.as_expr() - sum(c * x for c, x in zip(found, wanted))) != 0:
            raise NotDerivable("the trace does not depend on the sum of the values and of their squares alone")
        return found[0], found[1], found[2]

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        (trace,) = inputs[0].rhs.atoms(WeightedTrace)
        condition = sp.Gt(2 * self._coefficients(trace)[1], 0)
        known = [c for claim in inputs for c in claim.given]
        return tuple(dict.fromkeys([*known, *([condition] if condition is not sp.true else [])]))


@dataclass(frozen=True)
class DiscreteReplicon(Replicon):
    """lambda_n = 1 - kappa M[(<v^2> - <v>^2)^2], M[f] = E[F^n f]/E[F^n], <.> at fixed z, kappa the curvature."""

    source: ClassVar[str] = "de Almeida and Thouless 1978; sectors by permutation symmetry"

    def apply(self, *inputs: Claim) -> Equation:
        potential, ansatz, decoupled = inputs
        kappa = self._curvature(potential.rhs, ansatz)
        (trace,) = potential.rhs.atoms(WeightedTrace)
        weights = [m for m in decoupled.rhs.atoms(Mean) if m.body.is_Pow and m.body.exp == self.n]
        if len(weights) != 1:
            raise NotDerivable("no mean of an n-th power: decouple the replicas first")
        body, (z,) = weights[0].opened()
        conjugates = {e.base for e in trace.exponent.atoms(sp.Indexed) if len(e.indices) == 2}
        (root,) = {sp.sqrt(e.rhs) for e in ansatz.equations if e.lhs.base in conjugates and not diagonal(e.lhs)}
        first, second = (site_mean(body.base, z, root, k) for k in (1, 2))
        variance = Mean(body * (second - first**2) ** 2, z) / weights[0]
        return Equation(self.result, 1 - factored(kappa) * variance)


def letters(site: Any, z: Any, root: Any) -> list[tuple[Any, Any]]:
    """(v, p_v e^{... + root z v}) for each term of a site sum; the value is the rate of the exponent in root z."""
    found = []
    for term in sp.Add.make_args(site):
        rate = sp.Add(*(sp.diff(f.args[0], z) for f in term.atoms(sp.exp))) / root
        if not rate.is_Rational:
            raise NotDerivable(f"the term {sp.sstr(term)[:80]} is not exponential in the Gaussian variable")
        found.append((rate, term))
    return found


def site_mean(site: Any, z: Any, root: Any, power: int) -> Any:
    """<v^k> at fixed z."""
    return sp.Add(*(v**power * term for v, term in letters(site, z, root))) / site


@dataclass(frozen=True)
class SiteStationary(Stationary):
    """d/dp (... + E log S_0) = 0, S_k = sum_v v^k p_v e^{a v^2 + (b + root z) v}, by parts  ->  solve[k] = g_k.

    dS_0/dp is a combination of S_1, z S_1 and S_2, and dS_k/dz = root S_{k+1}:
    E[z S_1/S_0] = root E[S_2/S_0 - S_1^2/S_0^2].
    """

    source: ClassVar[str] = "stationarity, Stein's lemma"
    root: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        phi = inputs[0].rhs
        (mean,) = [m for m in means_in(phi) if isinstance(m.body, sp.log)]
        name, found = sp.Dummy(), []
        outside = phi.xreplace({mean: name})
        weight = sp.diff(outside, name)
        for parameter, unknown in zip(self.parameters, self.solve, strict=True):
            slope = sp.diff(outside.xreplace({name: sp.Integer(0)}), parameter)
            a, b = sp.Poly(slope, unknown).all_coeffs()
            moved = self._by_parts(mean, parameter)
            body, (z,) = moved
            factor, inside = body.as_independent(z, as_Add=False)
            found.append(Equation(unknown, sp.expand(-b / a) + canonical(-weight * factor / a) * Mean(inside, z)))
        return tuple(found)

    def _by_parts(self, mean: Any, parameter: Any) -> tuple[Any, Any]:
        """The integrand of dE[log S_0]/dp without a bare z, and z."""
        opened, (z,) = mean.opened()
        site, S = opened.args[0], sp.symbols("S0:4", cls=sp.Dummy)
        terms = letters(site, z, self.root)
        first, second = self._weights(terms, parameter)
        plain, bare = (sp.Poly(sp.expand(first), z).coeff_monomial(z**k) for k in (0, 1))
        ratio = S[1] / S[0]
        moved = self.root * sum(sp.diff(ratio, S[k]) * S[k + 1] for k in (0, 1))
        total = plain * ratio + second * S[2] / S[0] + bare * moved
        values = [v for v, _ in terms if v != 0]
        if len(values) == 1:
            total = total.xreplace({S[2]: values[0] * S[1]})
        sums = {S[k]: sp.Add(*(v**k * term for v, term in terms)) for k in range(3)}
        return factored(total).xreplace(sums), (z,)

    def _weights(self, terms: Any, parameter: Any) -> tuple[Any, Any]:
        """(c_1, c_2) with d(exponent of v)/dp = c_1 v + c_2 v^2 for every value."""
        rates = [(v, sp.diff(sp.Add(*(f.args[0] for f in t.atoms(sp.exp))), parameter)) for v, t in terms if v != 0]
        if len(rates) == 1:
            return rates[0][1] / rates[0][0], sp.Integer(0)
        (v, x), (w, y) = rates[:2]
        second = sp.expand((x / v - y / w) / (v - w))
        first = sp.expand(x / v - second * v)
        if any(sp.expand(rate - first * u - second * u**2) != 0 for u, rate in rates):
            raise NotDerivable("the exponent is not quadratic in the value")
        return first, second

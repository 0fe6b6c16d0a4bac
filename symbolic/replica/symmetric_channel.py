"""Replica symmetry in pattern and weight channels: the replicas become independent given one common field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .continuation import ReplicaLimit
from .hermite import equal_steps, gauss, trials, tried, value
from .log_channel import FIELD, TEACHER, LogChannel
from .mean import Mean
from .moments import moments
from .sampling import sample, shown
from .terms import LogDet, PairSum, written_out
from .weight_channel import LogSites

_TOLERANCE = 1e-6
_STEP = 1e-30
# Three axes of this grid are 36 000 points.
_FINE = equal_steps(6.4, 0.4)
_SITE = sp.Dummy("site", real=True)


@dataclass(frozen=True)
class SymmetricChannels(Rule):
    """u_a = w + sqrt(Q_aa - q) z_a, Cov(u_0, w) = ((rho, m), (m, q))  ->  log E prod_a g(u_a) = log E_w (E_z g)^n.

    The same for one component of the weights: with Qhat_aa = qhat - 1/c the square of the sum is linearised and the
    exponent completed, log E_h (sqrt(2 pi c) e^(c h^2/2) E_z e^(g(c h + sqrt(c) z)))^n with the common field
    h ~ N(0, qhat + rho mhat^2). Inputs: the potential of n replicas, then the ansatz.
    """

    source: ClassVar[str] = "decomposition of exchangeable Gaussian vectors; Gaussian linearisation of a square"
    conditions: ClassVar[tuple[str, ...]] = ("q > 0", "Q_aa > q", "rho q > m^2", "c > 0")
    n: Any = None

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        ansatz = _Ansatz(inputs[1])
        found = []
        for channel in inputs[0].rhs.atoms(LogChannel):
            off = ansatz.pair(channel.order(1, 2))
            spread = sp.expand(ansatz.pair(channel.order(1, 1)) - off)
            found += [sp.Gt(off, 0), sp.Gt(spread, 0)]
            if channel.taught:
                found.append(sp.Gt(channel.variance * off, ansatz.pair(channel.cross(1)) ** 2))
        return tuple(dict.fromkeys([*super().given(*inputs), *(c for c in found if c is not sp.true)]))

    def apply(self, *inputs: Claim) -> Equation:
        target, ansatz = inputs[0].single, _Ansatz(inputs[1])
        table: dict[Any, Any] = {}
        for channel in target.rhs.atoms(LogChannel):
            table[channel] = self._fields(channel, ansatz)
        for sites in target.rhs.atoms(LogSites):
            table[sites] = self._sites(sites, ansatz)
        rhs = target.rhs.xreplace(table)
        opaque = {log: sp.Dummy() for log in rhs.atoms(sp.log)}
        flat = rhs.xreplace(opaque)
        if flat.has(PairSum, LogDet):
            raise NotDerivable("pair sums and determinants are for SymmetricAnsatz, applied first")
        counted = {total: self._counted(total, ansatz) for total in flat.atoms(sp.Sum)}
        return Equation(target.lhs, flat.xreplace(counted).xreplace({d: log for log, d in opaque.items()}))

    def _fields(self, channel: LogChannel, ansatz: _Ansatz) -> Any:
        off = ansatz.pair(channel.order(1, 2))
        spread = sp.expand(ansatz.pair(channel.order(1, 1)) - off)
        u, w, z = (sp.Dummy(real=True) for _ in range(3))
        body = sp.Integer(0)
        for weight, factor in channel.cases:
            single = Mean(factor.xreplace({FIELD: w + sp.sqrt(spread) * z, TEACHER: u}), z)
            body += weight.xreplace({TEACHER: u}) * single**self.n
        if not channel.taught:
            return sp.log(Mean(body, (w,), ((off,),)))
        cross = ansatz.pair(channel.cross(1))
        return sp.log(Mean(body, (u, w), ((channel.variance, cross), (cross, off))))

    def _sites(self, sites: LogSites, ansatz: _Ansatz) -> Any:
        """log E_h (int dw exp(-w^2/(2 c) + h w + g(w)))^n as a mean over z around the maximum of the Gaussian part."""
        z, h = (sp.Dummy(real=True) for _ in range(2))
        rest, variance, precision = self._gaussian_part(sites, ansatz)
        own = 1 / precision
        inner = Mean(sp.exp(rest.xreplace({_SITE: own * h + sp.sqrt(own) * z})), z)
        body = sp.exp(self.n * own * h**2 / 2) * inner**self.n
        return self.n * sp.log(2 * sp.pi * own) / 2 + sp.log(Mean(body, (h,), ((variance,),)))

    def _gaussian_part(self, sites: LogSites, ansatz: _Ansatz) -> tuple[Any, Any, Any]:
        """(g in _SITE, variance of the common field h, 1/c) of a single-site term."""
        linear, rest, common, own = sp.Integer(0), sp.Integer(0), sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(sites.exponent):
            factor, total = term.as_independent(sp.Sum, as_Add=False)
            if len(total.limits) == 2:
                entries = ansatz.quadratic(total, sites.weights)
                common, own = common + 2 * factor * entries[1], own + 2 * factor * (entries[0] - entries[1])
                continue
            (a, _, _) = total.limits[0]
            part = factor * total.function.xreplace({sites.weights[a]: _SITE}).xreplace({a: sp.Integer(1)})
            part = ansatz.pair(part)
            if part.has(sites.teacher):
                linear += sp.diff(part, sites.teacher, _SITE)
            else:
                rest += part
        return rest, sp.expand(common + sites.variance * linear**2), sp.expand(-own)

    def _counted(self, total: Any, ansatz: _Ansatz) -> Any:
        """Sums over one or two replica indices of products of order parameters."""
        if len(total.limits) == 1:
            (a, _, _) = total.limits[0]
            return self.n * ansatz.pair(total.function.xreplace({a: sp.Integer(1)}))
        (b, _, _), (a, _, _) = total.limits
        same, other = (ansatz.pair(total.function.xreplace({a: sp.Integer(1), b: sp.Integer(k)})) for k in (1, 2))
        return self.n * same + self.n * (self.n - 1) * other

    def check(self, case: Case) -> Verdict:
        """n = 1, 2 replicas one by one with trial functions: 3-variable means and integrals over both weights."""
        before, after, ansatz = case.inputs[0].rhs, case.output.rhs, _Ansatz(case.inputs[1])
        for n in (1, 2):
            point = self._small_point(case, n)
            left = 0.0
            for term in sp.Add.make_args(before):
                left += self._term(term, ansatz, n, point)
            right = float(value(tried(written_out(after, n, self.n), trials(after)), point, gauss(40)))
            if not abs(left - right) < _TOLERANCE * (1 + abs(left)):
                return refuted(f"trial functions at n = {n}", f"the sides differ by {left - right:.3e}", shown(point))
        return consistent("trial functions at n = 1, 2", "explicit replicas in double precision, 6 digits")

    def _small_point(self, case: Case, n: int) -> dict[Any, Any]:
        """Values at which the integrals over explicit weights converge well: a narrow field of the weights."""
        before, after = case.inputs[0].rhs, case.output.rhs
        ansatz = _Ansatz(case.inputs[1])
        atoms = [s for s in free_atoms(before) if isinstance(s, sp.Symbol)]
        atoms += [*free_atoms(after), *(x for e in case.inputs[1].equations for x in free_atoms(e.rhs))]
        given = [c for c in case.given if not c.has(self.n)]
        points = (sample(case, [x for x in atoms if x != self.n], given, 2 + n + k) for k in range(2000))
        # Numbers of order one: the grids of both sides are made for them.
        point = next(p for p in points if all(4 * v * v >= 1 and v * v <= 9 for v in p.values()))
        for sites in before.atoms(LogSites):
            _, variance, precision = self._gaussian_part(sites, ansatz)
            small = {s for s in variance.free_symbols if not precision.has(s) and not any(c.has(s) for c in given)}
            while 8 * n * variance.xreplace(point) > precision.xreplace(point):
                point = {k: v / 2 if k in small else v for k, v in point.items()}
        return {**point, self.n: sp.Integer(n)}

    def _term(self, term: Any, ansatz: _Ansatz, n: int, point: Any) -> float:
        sites = sorted(term.atoms(LogSites), key=sp.default_sort_key)
        if sites:
            factor = float(value(term / sites[0], point))
            return factor * self._integral(sites[0], ansatz, n, point)
        expr = ansatz.pair(written_out(term, n, self.n))
        return float(value(tried(expr, trials(expr)), point, _FINE))

    def _integral(self, sites: LogSites, ansatz: _Ansatz, n: int, point: Any) -> float:
        """log of the mean over the teacher of the integral over explicit weights, on a grid."""
        grid, teacher = np.linspace(-14, 14, 113), _FINE
        places = [sp.Dummy(real=True) for _ in range(n)]
        t = sp.Dummy(real=True)
        exponent = ansatz.pair(sites.at_site(places, t, n))
        deviation = float(value(sp.sqrt(sites.variance), point))
        axes = [teacher.nodes.reshape((-1,) + (1,) * n) * deviation]
        axes += [grid.reshape((1,) + (-1,) + (1,) * (n - 1 - k)) for k in range(n)]
        env = {**point, t: axes[0], **dict(zip(places, axes[1:]))}
        inside = np.exp(value(tried(exponent, trials(exponent)), env))
        step = grid[1] - grid[0]
        over_weights = np.sum(inside, axis=tuple(range(1, n + 1))) * step**n
        return float(np.log(np.sum(over_weights * teacher.weights)))


class _Ansatz:
    """The symmetric values of the entries, by list and by whether two indices are equal."""

    def __init__(self, claim: Claim):
        self.table = {(e.lhs.base, _alike(e.lhs)): e.rhs for e in claim.equations}

    def pair(self, expr: Any) -> Any:
        """The expression with every entry at integer indices replaced."""
        return expr.xreplace({e: self._entry(e) for e in expr.atoms(sp.Indexed)})

    def _entry(self, entry: Any) -> Any:
        key = (entry.base, _alike(entry))
        return self.table.get(key, entry)

    def quadratic(self, total: Any, weights: Any) -> tuple[Any, Any]:
        """(diagonal, off-diagonal) coefficient of a double sum of X_ab w_a w_b."""
        (b, _, _), (a, _, _) = total.limits
        entries = []
        for k in (1, 2):
            one = total.function.xreplace({a: sp.Integer(1), b: sp.Integer(k)})
            entries.append(self.pair(one / (weights[1] * weights[k])))
        return entries[0], entries[1]


def _alike(entry: Any) -> bool:
    return len(entry.indices) == 2 and entry.indices[0] == entry.indices[1]


@dataclass(frozen=True)
class ChannelLimit(ReplicaLimit):
    """lim_{n -> 0} Phi_n/n where log E sum_k p_k F_k^n, sum_k p_k = 1, contributes E sum_k p_k log F_k.

    As ReplicaLimit, for fields with a covariance and opaque losses; means of polynomials are evaluated (Isserlis).
    """

    source: ClassVar[str] = "derivative at n = 0"

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        at_zero = {self.n: sp.Integer(0)}
        slope = sp.Integer(0)
        for term in sp.Add.make_args(target.rhs):
            factor, log = term.as_independent(sp.log, as_Add=False)
            if not log.has(Mean):
                if sp.expand(term.xreplace(at_zero)) != 0:
                    raise NotDerivable("the potential of zero replicas must vanish")
                slope += sp.diff(term, self.n).xreplace(at_zero)
                continue
            (mean,) = log.args
            body, fresh = mean.opened()
            if _total(body.xreplace(at_zero)) != 1 or factor.has(self.n):
                raise NotDerivable("the probabilities of the labels must add up to 1")
            rate = sp.expand_log(sp.diff(body, self.n).xreplace(at_zero))
            slope += factor * mean.rebuilt(rate, fresh)
        return Equation(self.result, moments(sp.expand(slope)), target.relation)

    def check(self, case: Case) -> Verdict:
        """One complex step in n, trial functions, every mean a sum over a grid: exact for that measure."""
        before, after = case.inputs[0].rhs, case.output.rhs
        for k in range(2):
            point = sample(case, [*free_atoms(before), *free_atoms(after)], _free(case, self.n), k)
            losses = trials(before)
            rate = value(tried(before, losses), {**point, self.n: complex(0, _STEP)}, gauss(14)).imag / _STEP
            gap = abs(rate - value(tried(after, losses), point, gauss(14)))
            if not gap < 1e-9 * (1 + abs(rate)):
                return refuted("complex step at n = 0", f"distance {gap:.3e}", shown(point))
        return consistent("complex step at n = 0", "trial functions, 9 digits at 2 points")


def _free(case: Case, n: Any) -> list[Any]:
    return [c for c in case.given if not c.has(n)]


def _total(probabilities: Any) -> Any:
    """The sum of the probabilities of the labels: 1 by algebra in exp(u) or by a property of the step function."""
    steps = sorted(probabilities.atoms(sp.Heaviside), key=sp.default_sort_key)
    for step in steps:
        mirror = sp.Heaviside(-step.args[0])
        if mirror in steps and step != mirror:
            return _total(probabilities.xreplace({mirror: 1 - step}))
    exponentials = sorted(probabilities.atoms(sp.exp), key=sp.default_sort_key)
    if exponentials:
        argument, x = exponentials[0].args[0], sp.Dummy(positive=True)
        table = {e: x ** (e.args[0] / argument) for e in exponentials}
        return sp.cancel(sp.together(probabilities.xreplace(table)))
    return sp.expand(probabilities)

"""Ising spins coupled by patterns: the mean over the patterns is a determinant of overlaps, which are then fixed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..precision import context, number
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from . import ledger
from .continuation import by_denominator
from .saddle import richardson
from .sampling import sample, shown
from .terms import LogDet, LogTrace, PairSum, written_out

_BITS = 160
_EPSILON = sp.Rational(1, 2**60)


@dataclass(frozen=True)
class BinaryPatterns(Rule):
    """c sum_mu (x_mu.s)^2 + k (sum_i s_i)^2 -> -(M/2) log det(1 + 2 b c N R) - b k N^2 sum_a m_a^2, b = 1/T.

    E over x_mu of exp(-b sum_a H(s_a)), x_mu,i = +-1 independent and fair: the fields x_mu.s_a become jointly Gaussian
    with the covariance N R_ab, R_ab = s_a.s_b/N; m_a is the mean spin. counts: (M, N); ratio: the symbol of M/N.
    """

    source: ClassVar[str] = "multivariate central limit theorem at fixed n; Gaussian integral of a quadratic form"
    result: Any = None
    patterns: Any = None
    spins: Any = None
    overlap: Any = None
    magnetisation: Any = None
    counts: tuple[Any, Any] = ()  # type: ignore[assignment]
    ratio: Any = None
    inverse_temperature: Any = None
    replicas: tuple[Any, ...] = ()
    n: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A10,)

    def apply(self, *inputs: Claim) -> Equation:
        (a, b), (count, size) = self.replicas, self.counts
        total = sp.Integer(0)
        for term in sp.Add.make_args(sp.expand_mul(-self.inverse_temperature * inputs[0].rhs, deep=False)):
            factor, kind = self._kind(term)
            if kind == "constant":
                total += self.n * factor
            elif kind == "spins":
                total += factor * size**2 * sp.Sum(self.magnetisation[a] ** 2, (a, 1, self.n))
            else:
                entry = sp.KroneckerDelta(a, b) - by_denominator(2 * factor * size) * self.overlap[a, b]
                total -= count / 2 * LogDet(entry, (a, b), self.n)
        return Equation(self.result, total.xreplace({count: self.ratio * size}))

    def _kind(self, term: Any) -> tuple[Any, str]:
        """(number, which of the three forms) of a term of the exponent."""
        factor, rest = term.as_independent(sp.Sum, as_Add=False)
        if rest == 1:
            return factor, "constant"
        inner = rest.function.base if isinstance(rest, sp.Sum) and rest.function.is_Pow else rest.as_base_exp()[0]
        square = rest.function if isinstance(rest, sp.Sum) else rest
        if square.as_base_exp()[1] != 2 or not isinstance(inner, sp.Sum):
            raise NotDerivable(f"{sp.sstr(term)[:80]} is not a number times squares of fields")
        (i, _, _) = inner.limits[0]
        if inner.function == self.spins[i] and not isinstance(rest, sp.Sum):
            return factor, "spins"
        if isinstance(rest, sp.Sum) and inner.function == self.patterns[rest.limits[0][0], i] * self.spins[i]:
            return factor, "patterns"
        raise NotDerivable(f"{sp.sstr(inner)[:80]} is not the field of one pattern")

    def check(self, case: Case) -> Verdict:
        """Explicit spins: determinants in the space of the patterns (N x N); then exact means over +-1 patterns."""
        for n, size in ((1, 4), (2, 5), (3, 4)):
            rng = random.Random(f"{case.samples.seed}/{n}")
            spins = [[sp.Integer(rng.choice((-1, 1))) for _ in range(size)] for _ in range(n)]
            point = self._point(case, size)
            truth = self._explicit(case.inputs[0].rhs, spins, point)
            stated = written_out(case.output.rhs, n, self.n).xreplace(self._table(spins)).xreplace(point)
            gap = balls.enclose(truth - stated, {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit spins", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit spins, n = {n}", f"the sides differ by {gap.real.str(5)}", shown(point))
        return self._fair_signs(case)

    def _point(self, case: Case, size: int) -> dict[Any, Any]:
        sides = (case.inputs[0].rhs, case.output.rhs)
        atoms = [s for side in sides for s in free_atoms(side) if isinstance(s, sp.Symbol)]
        point = sample(case, [s for s in atoms if s not in (*self.counts, self.n)], [])
        # A high temperature keeps the determinant positive for all spins.
        point = {k: v / 64 for k, v in point.items()}
        point[self.ratio] = sp.Rational(3, size)
        return {**point, self.counts[0]: sp.Integer(3), self.counts[1]: sp.Integer(size)}

    def _table(self, spins: Any) -> dict[Any, Any]:
        size, table = len(spins[0]), {}
        for k, v in enumerate(spins, start=1):
            table[self.magnetisation[k]] = sp.Rational(sum(v), size)
            for l, w in enumerate(spins, start=1):
                table[self.overlap[k, l]] = sp.Rational(sum(x * y for x, y in zip(v, w)), size)
        return table

    def _explicit(self, energy: Any, spins: Any, point: Any) -> Any:
        """log E exp(-b sum_a H) for normal patterns: their quadratic form is written out and its determinant taken."""
        size, total, form = len(spins[0]), sp.Integer(0), sp.zeros(len(spins[0]), len(spins[0]))
        for term in sp.Add.make_args(sp.expand_mul(-self.inverse_temperature * energy, deep=False)):
            factor, rest = term.as_independent(sp.Sum, as_Add=False)
            for s in spins:
                if not rest.atoms(sp.Indexed):
                    total += factor
                elif any(e.base == self.patterns for e in rest.atoms(sp.Indexed)):
                    form += 2 * factor * sp.Matrix(size, size, lambda i, j, s=s: s[i] * s[j])
                else:
                    total += factor * sum(s) ** 2
        det = (sp.eye(size) - form.xreplace(point)).det(method="berkowitz")
        return sp.S(total).xreplace(point) - self.counts[0].xreplace(point) * sp.log(det) / 2

    def _fair_signs(self, case: Case) -> Verdict:
        """n = 2 with 3/5 of the sites alike: (x.s_1)^2 + (x.s_2)^2 = 2 A^2 + 2 B^2, A and B independent walks."""
        ctx = context(30)
        point = {**self._point(case, 1)}
        values = []
        for size in (100, 200, 400, 800):
            sizes = {self.counts[1]: sp.Integer(size)}
            (factor,) = [
                f
                for f, kind in map(
                    self._kind,
                    sp.Add.make_args(sp.expand_mul(-self.inverse_temperature * case.inputs[0].rhs, deep=False)),
                )
                if kind == "patterns"
            ]
            c = number(ctx, factor.xreplace(sizes).xreplace(point))
            values.append(sum(ctx.log(_walk(ctx, 2 * c, part * size // 5)) for part in (3, 2)))
        two = written_out(case.output.rhs.atoms(LogDet).pop(), 2, self.n)
        alike = {self.overlap[k, k]: sp.Integer(1) for k in (1, 2)}
        apart = {self.overlap[1, 2]: sp.Rational(1, 5), self.overlap[2, 1]: sp.Rational(1, 5)}
        told = balls.enclose(-two / 2, {**alike, **apart, **point}, _BITS).real
        gap = abs(richardson(ctx, values) - ctx.mpf(told.str(25, radius=False)))
        if not gap < ctx.mpf(10) ** -7:
            return refuted("fair signs", f"the mean over +-1 patterns is off by {ctx.nstr(gap, 5)}", shown(point))
        return consistent(
            "explicit spins",
            "determinants in pattern space, n = 1, 2, 3; exact means over +-1 patterns, n = 2, 7 digits",
        )


def _walk(ctx: Any, c: Any, steps: int) -> Any:
    """E exp(c A^2) for the sum A of `steps` fair signs."""
    total, weight = ctx.mpf(0), ctx.mpf(2) ** -steps
    for k in range(steps + 1):
        total += weight * ctx.exp(c * (2 * k - steps) ** 2)
        weight = weight * (steps - k) / (k + 1)
    return total


@dataclass(frozen=True)
class SpinSaddle(Rule):
    """sum_s exp(N X(R, m)) -> X(Q, m) - sum_a mhat_a m_a - 1/2 sum_{a != b} Qhat_ab Q_ab + log Tr exp(...).

    The trace over one site has the exponent 1/2 sum_{a != b} Qhat_ab s_a s_b + sum_a mhat_a s_a. overlaps: the lists of
    pair and single overlaps in the input; orders, conjugates: those of the output, in the same order.
    """

    source: ClassVar[str] = "Laplace's method at fixed n"
    result: Any = None
    overlaps: tuple[Any, Any] = ()  # type: ignore[assignment]
    orders: tuple[Any, Any] = ()  # type: ignore[assignment]
    conjugates: tuple[Any, Any] = ()  # type: ignore[assignment]
    site_spins: Any = None
    replicas: tuple[Any, ...] = ()
    size: Any = None
    n: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        energy = sp.Add(*(sp.expand(t / self.size) for t in sp.Add.make_args(inputs[0].rhs)))
        if energy.has(self.size):
            raise NotDerivable("the exponent is not a multiple of the number of spins at fixed overlaps")
        (pair, single), (order, mean), (hat, field) = self.overlaps, self.orders, self.conjugates
        table = {pair.args[0]: order.args[0], single.args[0]: mean.args[0]}
        spins: Any = self.site_spins
        trace = PairSum(hat[a, b] * spins[a] * spins[b], (a, b), self.n) / 2
        trace += sp.Sum(field[a] * spins[a], (a, 1, self.n))
        total = energy.xreplace(table) - PairSum(hat[a, b] * order[a, b], (a, b), self.n) / 2
        total -= sp.Sum(field[a] * mean[a], (a, 1, self.n))
        return Equation(self.result, total + LogTrace(trace, spins, self.n))

    def check(self, case: Case) -> Verdict:
        """At the law of n spins with given conjugates: exponent plus entropy; stationary in the conjugates."""
        for n in (1, 2, 3):
            sides = (case.inputs[0].rhs, case.output.rhs)
            atoms = [s for side in sides for s in free_atoms(side) if isinstance(s, sp.Symbol)]
            point = sample(case, [s for s in atoms if s not in (self.n, self.size)], [], n)
            # Weak couplings and a high temperature: every logarithm is real.
            point = {**{k: v / 64 for k, v in point.items()}, self.size: sp.Integer(1)}
            entries = {e: v / 16 for e, v in sample(case, self._conjugates(n), [], n).items()}
            for k in range(1, n + 1):
                entries |= {self.conjugates[0][k, l]: entries[self.conjugates[0][l, k]] for l in range(1, k)}
            with balls.working(_BITS):
                verdict = self._compared(case, n, point, entries)
            if verdict is not None:
                return verdict
        return consistent("entropy of explicit laws", "n = 1, 2, 3: value and stationarity, in balls")

    def _conjugates(self, n: int) -> list[Any]:
        pairs = [self.conjugates[0][k, l] for k in range(1, n + 1) for l in range(k + 1, n + 1)]
        return [*pairs, *(self.conjugates[1][k] for k in range(1, n + 1))]

    def _compared(self, case: Case, n: int, point: Any, entries: Any) -> Verdict | None:
        values, entropy = self._law(n, entries)
        names = {o.args[0]: r.args[0] for o, r in zip(self.orders, self.overlaps)}
        before = written_out(case.inputs[0].rhs, n, self.n)
        told = written_out(case.output.rhs, n, self.n)
        at_overlaps = {e.xreplace(names): ball for e, ball in values.items()}
        truth = balls.enclose(before, {**point, **at_overlaps}, _BITS) + entropy
        stated = balls.enclose(told, {**point, **values, **entries}, _BITS)
        gap = stated - truth
        if not gap.is_finite():
            return undecided("entropy of explicit laws", f"no finite enclosure at n = {n}")
        if not gap.contains(0):
            return refuted(f"entropy of explicit laws, n = {n}", f"off by {gap.real.str(5)}", shown(point))
        for entry in self._conjugates(n):
            moved = {**entries, entry: entries[entry] + _EPSILON}
            twin = entry.base[entry.indices[1], entry.indices[0]] if len(entry.indices) == 2 else entry
            moved[twin] = moved[entry]
            change = abs(balls.enclose(told, {**point, **values, **moved}, _BITS) - stated)
            if not change < 2**-100:
                return refuted("stationarity", f"{entry} changes the value by {change.str(4, radius=False)}")
        return None

    def _law(self, n: int, entries: Any) -> tuple[dict[Any, Any], Any]:
        """(order parameters, entropy) of n spins whose law is exp(1/2 sum Qhat s s + sum mhat s)/Z, in balls."""
        spins = {k: self.site_spins[k] for k in range(1, n + 1)}
        weights = []
        for number_ in range(2**n):
            s = {k: 1 - 2 * ((number_ >> (k - 1)) & 1) for k in spins}
            exponent = sp.Add(*(entries[self.conjugates[1][k]] * s[k] for k in s))
            exponent += sp.Add(*(entries[self.conjugates[0][k, l]] * s[k] * s[l] for k in s for l in s if k < l))
            weights.append((s, balls.exact_ball(exponent).exp()))
        total = sum((w for _, w in weights), balls.exact_ball(0))
        law = [(s, w / total) for s, w in weights]
        values = {}
        for k in spins:
            values[self.orders[1][k]] = sum((p * s[k] for s, p in law), balls.exact_ball(0))
            values |= {self.orders[0][k, l]: sum((p * s[k] * s[l] for s, p in law), balls.exact_ball(0)) for l in spins}
        return values, -sum((p * p.log() for _, p in law), balls.exact_ball(0))

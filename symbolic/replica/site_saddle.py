"""The saddle point of sites with finitely many values: free lengths, judged by exact sums at given overlaps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..precision import compiled, context
from ..rule import Case
from ..verdict import Verdict, consistent, refuted, undecided
from .saddle import SaddlePoint, richardson
from .sampling import sample, shown
from .terms import LogTrace, PairSum, written_out
from .weighted_trace import WeightedTrace

# Lattices of this many cells are transformed within a moment.
_CELLS = 4_000_000
_STEPS = (1, 2, 4, 8)


@dataclass(frozen=True)
class SiteSaddle(SaddlePoint):
    """sum_s p(s) exp(N X(R)) -> X(Q) - 1/2 sum_{a,b} Qhat_ab Q_ab + log sum_s p(s) exp(1/2 sum_{a,b} Qhat_ab s_a s_b).

    All overlaps are free, the lengths R_aa too: sites have finitely many values with given probabilities.
    """

    source: ClassVar[str] = "Laplace's method at fixed n"
    values: tuple[Any, ...] = ()
    probs: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        base, a = super().apply(*inputs).rhs, self.replicas[0]
        (trace,) = base.atoms(LogTrace)
        lengths = sp.Sum(self.conjugate[a, a] * self.order[a, a], (a, 1, self.n))
        squares = sp.Sum(self.conjugate[a, a] * self.site_spins[a] ** 2, (a, 1, self.n))
        site = WeightedTrace(trace.exponent + squares / 2, self.site_spins, self.n, self.values, self.probs)
        return Equation(self.result, base.xreplace({trace: site}) - lengths / 2)

    def _per_site(self, term: Any, a: Any, b: Any) -> Any:
        factor, total = sp.expand(term / self.size).as_independent(sp.Sum, as_Add=False)
        if factor.has(self.size) or not isinstance(total, sp.Sum):
            raise NotDerivable("the exponent must be N times sums over pairs of replicas")
        entry = total.function.xreplace({self.overlap[total.limits[1][0], total.limits[0][0]]: self.order[a, b]})
        same = entry.xreplace({self.order[a, b]: self.order[a, a]})
        return factor * (PairSum(entry, (a, b), self.n) + sp.Sum(same, (a, 1, self.n)))

    def check(self, case: Case) -> Verdict:
        """n = 1, 2: the exact sum over all configurations with given overlaps, by a generating function."""
        ctx = context(30)
        values = sample(case, self._parameters(case), case.given)
        values = {k: v / 4 if k.is_positive and not k.is_integer else v for k, v in values.items()}
        field, pairs = sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(case.inputs[0].rhs):
            if any(e.base == self.spins for e in term.atoms(sp.Indexed)):
                field += term.as_independent(sp.Sum, as_Add=False)[0]
            else:
                pairs += term
        strength = float(sp.S(field).xreplace(values))
        for n in (1, 2):
            counts = _Counts(self.values, [float(sp.S(p).xreplace(values)) for p in self.probs], strength, n)
            told = self._told(ctx, case.output.rhs, values, n, counts.target)
            if told is None:
                return refuted(f"all configurations, n = {n}", "no conjugates belong to these overlaps", shown(values))
            value, gap = told
            if not gap < 1e-10:
                return refuted(f"all configurations, n = {n}", f"the overlaps of the trace are off by {gap:.2e}")
            weight = pairs.xreplace({self.n: sp.Integer(n), self.size: sp.Integer(1)}).doit()
            entries = {self.overlap[i, j]: counts.target[min(i, j), max(i, j)] for i, j in _places(n)}
            rates = counts.rates()
            if len(rates) < len(_STEPS):
                return undecided(
                    "all configurations", "the lattice of overlaps is too large: use fewer, smaller values"
                )
            exact = [ctx.mpf(x) + float(weight.xreplace(entries).xreplace(values)) for x in rates]
            if not abs(richardson(ctx, exact) - value) < 1e-3:
                off = ctx.nstr(richardson(ctx, exact) - value, 3)
                return refuted(f"all configurations, n = {n}", f"the value is off by {off}", shown(values))
        return consistent("all configurations with given overlaps", "n = 1, 2, four sizes extrapolated, 3 digits")

    def _told(self, ctx: Any, functional: Any, values: Any, n: int, target: Any) -> Any:
        """(the functional at these overlaps, stationary in the conjugates; the error of the trace's own overlaps)."""
        names = {(i, j): sp.Dummy() for i, j in _places(n) if i <= j}
        table = {self.order[i, j]: target[min(i, j), max(i, j)] for i, j in _places(n)}
        table |= {self.conjugate[i, j]: names[min(i, j), max(i, j)] for i, j in _places(n)}
        traces = sorted(functional.atoms(WeightedTrace), key=sp.default_sort_key)
        phi = written_out(functional, n, self.n).xreplace(table).xreplace(values)
        unknowns = list(names.values())
        if len(traces) != 1 or phi.free_symbols - set(unknowns):
            return None
        slopes = compiled(ctx, unknowns, [sp.diff(phi, p) for p in unknowns])
        try:
            start = [ctx.mpf("0.01")] * len(unknowns)
            root = ctx.findroot(lambda *x: list(slopes(*x)), start, tol=1e-40) if len(start) > 1 else None
            point = list(root) if root is not None else [ctx.findroot(lambda x: slopes(x)[0], start[0], tol=1e-40)]
        except (ValueError, ZeroDivisionError):
            return None
        total, moments = ctx.mpf(0), dict.fromkeys(names, ctx.mpf(0))
        for spins, exponent in traces[0].configurations(n):
            size = ctx.exp(compiled(ctx, unknowns, exponent.xreplace(table).xreplace(values))(*point))
            total += size
            for i, j in names:
                product_ = spins[traces[0].spins[i]] * spins[traces[0].spins[j]]
                moments[i, j] += size * ctx.mpf(int(product_.p)) / int(product_.q)
        gap = max(abs(moments[k] / total - compiled(ctx, [], target[k])()) for k in names)
        return compiled(ctx, unknowns, phi)(*point), gap


def _places(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(1, n + 1) for j in range(1, n + 1)]


class _Counts:
    """The weight of all configurations of n replicas with given overlaps, as a coefficient of a generating function."""

    def __init__(self, values: Any, probs: list[float], field: float, n: int):
        scale = sp.ilcm(*(v.q for v in values))
        self.pairs = [(i, j) for i, j in _places(n) if i <= j]
        self.cells: dict[tuple[int, ...], float] = {}
        for letters in product(zip([int(v * scale) for v in values], probs), repeat=n):
            place = tuple(letters[i - 1][0] * letters[j - 1][0] for i, j in self.pairs)
            weight = float(np.prod([p * np.exp(field * v / scale) for v, p in letters]))
            self.cells[place] = self.cells.get(place, 0.0) + weight
        self.low = [min(c[k] for c in self.cells) for k in range(len(self.pairs))]
        self.width = [max(c[k] for c in self.cells) - self.low[k] for k in range(len(self.pairs))]
        # Every cell once and the cell of the largest values once more: inside the possible overlaps, off their mean.
        top = max(int(v * scale) for v in values)
        everywhere = [
            tuple(c[i - 1] * c[j - 1] for i, j in self.pairs)
            for c in product([int(v * scale) for v in values], repeat=n)
        ]
        self.base = len(everywhere) + 1
        self.counts = [sum(c[k] for c in everywhere) + top * top for k in range(len(self.pairs))]
        self.target = {p: sp.Rational(c, self.base * scale**2) for p, c in zip(self.pairs, self.counts)}

    def rates(self) -> list[float]:
        """(1/N) log of the coefficient for N, 2 N, 4 N, 8 N, without its power of N; fewer on a large lattice."""
        found = []
        for size in (self.base * k for k in _STEPS):
            shape = [size * w + 1 for w in self.width]
            if float(np.prod(shape)) > _CELLS:
                break
            step = np.zeros(shape)
            for cell, weight in self.cells.items():
                step[tuple(c - low for c, low in zip(cell, self.low))] += weight
            axes = tuple(range(len(shape)))
            powered = np.fft.irfftn(np.fft.rfftn(step, axes=axes) ** size, s=shape, axes=axes)
            place = tuple(size // self.base * k - size * low for k, low in zip(self.counts, self.low))
            found.append((np.log(powered[place]) + len(shape) / 2 * np.log(size)) / size)
        return found

"""Weights with the flat measure of a Gaussian integral: free lengths, several levels of a covariance."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from . import ledger
from .channel import coefficient
from .sampling import sample, shown
from .terms import LogDet, PairSum, written_out

_BITS = 160


@dataclass(frozen=True)
class FreeSaddle(Rule):
    """int dy exp(N sum_{a,b} X(R_ab) - k/2 sum_a |y_a|^2) -> sum X(Q) - k/2 sum Q_aa + (1/2) log det Q + n/2.

    dy has the weight (2 pi)^(-N/2) for each replica; the lengths Q_aa of the replicas are free.
    """

    source: ClassVar[str] = "volume of vectors with given overlaps; Laplace's method at fixed n"
    result: Any = None
    overlap: Any = None
    order: Any = None
    weights: Any = None
    replicas: tuple[Any, ...] = ()
    size: Any = None
    n: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        total = LogDet(self.order[a, b], (a, b), self.n) / 2 + self.n / 2
        for term in sp.Add.make_args(inputs[0].rhs):
            factor, sums = coefficient(term)
            if any(e.base == self.weights for e in sums.atoms(sp.Indexed)):
                if sums.function != self.weights[sums.limits[0][0], sums.limits[1][0]] ** 2:
                    raise NotDerivable("the energy of the weights must be a multiple of |y|^2")
                total += factor * self.size * sp.Sum(self.order[a, a], (a, 1, self.n)) / self.size
                continue
            entry = sums.function.xreplace({self.overlap[a, b]: self.order[a, b]})
            same = entry.xreplace({self.order[a, b]: self.order[a, a]})
            total += factor / self.size * (PairSum(entry, (a, b), self.n) + sp.Sum(same, (a, 1, self.n)))
        return Equation(self.result, sp.expand_mul(total, deep=False))

    def check(self, case: Case) -> Verdict:
        """n = 1, 2, 3: explicit vectors in dimension 4; the density of their overlaps from heights, in balls."""
        d = 4
        sides = (case.inputs[0].rhs, case.output.rhs)
        atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in (self.n, self.size)]
        for n in (1, 2, 3):
            rng = random.Random(f"{case.samples.seed}/{n}")
            vectors = sp.Matrix(n, d, [sp.Rational(rng.randint(-9, 9), rng.choice((2, 3, 5))) for _ in range(n * d)])
            gram = vectors * vectors.T / d
            point = {**sample(case, atoms, case.given, n), self.size: sp.Integer(d)}
            table = {self.overlap[i + 1, j + 1]: gram[i, j] for i in range(n) for j in range(n)}
            table |= {self.order[i + 1, j + 1]: gram[i, j] for i in range(n) for j in range(n)}
            table |= {self.weights[j + 1, i + 1]: vectors[i, j] for i in range(n) for j in range(d)}
            heights = gram.LDLdecomposition()[1]
            # The measure of n free vectors: per dimension each height contributes (1 + log h)/2.
            volume = sum((1 + sp.log(heights[k, k])) / 2 for k in range(n))
            before = written_out(sides[0].xreplace({self.size: sp.Integer(d)}), n, self.n)
            truth = before.xreplace(table).xreplace(point) / d + volume
            stated = written_out(sides[1], n, self.n).xreplace(table).xreplace(point)
            gap = balls.enclose(truth - stated, {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit vectors", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {gap.real.str(5)}", shown(point))
        return consistent("explicit vectors in dimension 4", "n = 1, 2, 3: heights of the vectors")


@dataclass(frozen=True)
class LevelPatterns(Rule):
    """k/2 |y|^2 + c/2 sum_mu (x_mu.y)^2 -> sum_l p_l (-k/2 sum Q^l_aa + (1/2) log det Q^l) - (alpha/2) log det X + n/2.

    The covariance of the patterns has the eigenvalue c_l on a fraction p_l of the d components; Q^l_ab is the overlap
    per component of that level, and X_ab = delta_ab + c d sum_l p_l c_l Q^l_ab.
    """

    source: ClassVar[str] = "Gaussian integral of a quadratic form; Laplace's method at fixed n"
    result: Any = None
    patterns: Any = None
    weights: Any = None
    counts: tuple[Any, Any] = (None, None)
    ratio: Any = None
    levels: tuple[tuple[Any, Any, Any], ...] = ()
    replicas: tuple[Any, ...] = ()
    n: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def apply(self, *inputs: Claim) -> Equation:
        (a, b), (count, d) = self.replicas, self.counts
        total = self.n / 2
        for term in sp.Add.make_args(sp.expand_mul(inputs[0].rhs, deep=False)):
            factor, sums = coefficient(term)
            if any(e.base == self.patterns for e in sums.atoms(sp.Indexed)):
                field: Any = sums.function.base if sums.function.is_Pow and sums.function.exp == 2 else sums.function
                if (
                    field is sums.function
                    or not isinstance(field, sp.Sum)
                    or field.function != self._product(sums, field)
                ):
                    raise NotDerivable("the patterns must enter through squares of the fields x_mu.y")
                strength = sp.cancel((2 * factor * d).xreplace({count: self.ratio * d}))
                mixed = sp.Add(*(strength * p * c * Q[a, b] for c, p, Q in self.levels))
                total -= self.ratio / 2 * LogDet(sp.KroneckerDelta(a, b) + mixed, (a, b), self.n)
            else:
                if sums.function != self.weights[sums.limits[0][0]] ** 2:
                    raise NotDerivable("the energy of the weights must be a multiple of |y|^2")
                total -= factor * sp.Add(*(p * sp.Sum(Q[a, a], (a, 1, self.n)) for _, p, Q in self.levels))
        volumes = (p * LogDet(Q[a, b], (a, b), self.n) / 2 for _, p, Q in self.levels)
        return Equation(self.result, sp.expand_mul(total, deep=False) + sp.Add(*volumes))

    def _product(self, sums: Any, field: Any) -> Any:
        mu, i = sums.limits[0][0], field.limits[0][0]
        return self.patterns[mu, i] * self.weights[i]

    def check(self, case: Case) -> Verdict:
        """Explicit vectors, n = 1, 2, 3: determinants in the space of one pattern, volumes level by level."""
        (count, d), sizes = self.counts, [4 + k for k in range(len(self.levels))]
        dimension = sum(sizes)
        for n, rows in ((2, 5), (3, 7), (1, 4)):
            rng = random.Random(f"{case.samples.seed}/{n}")
            vectors = [
                [sp.Rational(rng.randint(-9, 9), 20 * rng.choice((2, 3, 5))) for _ in range(dimension)]
                for _ in range(n)
            ]
            fixed = {count: sp.Integer(rows), d: sp.Integer(dimension), self.ratio: sp.Rational(rows, dimension)}
            fixed |= {p: sp.Rational(s, dimension) for (_, p, _), s in zip(self.levels, sizes) if p.is_Symbol}
            sides = (case.inputs[0].rhs, case.output.rhs)
            atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in (*fixed, self.n)]
            atoms += [s for c, _, _ in self.levels for s in free_atoms(c)]
            point = {**sample(case, atoms, []), **fixed}
            table, volume, first = {}, sp.Integer(0), 0
            for (_, _, Q), size in zip(self.levels, sizes):
                part = sp.Matrix([v[first : first + size] for v in vectors])
                gram = part * part.T / size
                table |= {Q[i + 1, j + 1]: gram[i, j] for i in range(n) for j in range(n)}
                volume += (
                    sp.Rational(size, dimension) * sum(sp.log(x) for x in gram.LDLdecomposition()[1].diagonal()) / 2
                )
                first += size
            truth = self._explicit(case.inputs[0].rhs, vectors, sizes, point) + volume + sp.Rational(n, 2)
            stated = written_out(case.output.rhs, n, self.n).xreplace(table).xreplace(point)
            gap = balls.enclose(truth - stated, {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit vectors", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {gap.real.str(5)}", shown(point))
        return consistent("explicit vectors", "n = 1, 2, 3: determinants in pattern space, volumes level by level")

    def _explicit(self, energy: Any, vectors: Any, sizes: Any, point: Any) -> Any:
        """log of the mean over explicit patterns, and the energy of the weights, per dimension."""
        count, dimension = self.counts[0], sum(sizes)
        x = [sp.Dummy() for _ in range(dimension)]
        scales = [c for (c, _, _), size in zip(self.levels, sizes) for _ in range(size)]
        quadratic, weights = sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(energy):
            factor, sums = coefficient(term)
            for v in vectors:
                if any(e.base == self.patterns for e in sums.atoms(sp.Indexed)):
                    quadratic += factor.xreplace(point) * sum(a * b for a, b in zip(x, v)) ** 2
                else:
                    weights += factor.xreplace(point) * sum(a * a for a in v)
        covariance = sp.diag(*(sp.S(c).xreplace(point) for c in scales))
        det = (sp.eye(dimension) + covariance * sp.hessian(sp.expand(quadratic), x)).det(method="berkowitz")
        return -point[count] * sp.log(det) / (2 * dimension) - weights / dimension

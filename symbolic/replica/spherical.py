"""Spherical spins in a Gaussian energy landscape: the covariance of the energies is all there is."""

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
from .sampling import sample, shown
from .terms import LogDet, PairSum, written_out
from .trees import TreeMatrix

_BITS = 160


@dataclass(frozen=True)
class GaussianLandscape(Rule):
    """E exp(-b sum_a H(s^a)) = exp(b^2/2 sum_{a,b} N c(R_ab)), H a centred Gaussian process with covariance N c(R).

    Input: the covariance of the energies of two configurations with the overlap R. Output: the replicated exponent.
    """

    source: ClassVar[str] = "moment generating function of a Gaussian vector"
    result: Any = None
    overlap: Any = None
    overlaps: Any = None
    inverse_temperature: Any = None
    replicas: tuple[Any, ...] = ()
    n: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        entry = inputs[0].rhs.xreplace({self.overlap: self.overlaps[a, b]})
        number, inner = entry.as_independent(self.overlaps[a, b], as_Add=False)
        total = sp.Sum(inner, (b, 1, self.n), (a, 1, self.n))
        return Equation(self.result, self.inverse_temperature**2 / 2 * number * total)

    def check(self, case: Case) -> Verdict:
        """n = 2, 3: the quadratic form of an explicit covariance matrix, by its triangular factor, in balls."""
        for n in (2, 3):
            gram = _gram(n, f"{case.samples.seed}/{n}")
            entries = {self.overlaps[i + 1, j + 1]: gram[i][j] for i in range(n) for j in range(n)}
            sides = (case.inputs[0].rhs, case.output.rhs)
            atoms = [
                s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in (self.overlap, self.n)
            ]
            # Odd and even powers: the sign of an overlap counts in one of them only.
            point = sample(case, atoms, case.given, n)
            point = {s: sp.Integer(n + 1) if s.is_integer else v for s, v in point.items()}
            covariance = case.inputs[0].rhs
            matrix = sp.Matrix([[covariance.xreplace({self.overlap: r}).xreplace(point) for r in row] for row in gram])
            # H = L g with independent g: E exp(-b sum H) is a product of one-dimensional generating functions.
            lower = matrix.LDLdecomposition()
            column = sp.ones(1, n) * lower[0]
            beta = self.inverse_temperature.xreplace(point)
            truth = sum(beta**2 * column[k] ** 2 * lower[1][k, k] / 2 for k in range(n))
            stated = written_out(case.output.rhs, n, self.n).xreplace(entries).xreplace(point)
            gap = balls.enclose(truth - stated, {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit covariance", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit covariance, n = {n}", f"the sides differ by {gap.str(5)}", shown(point))
        return consistent("explicit covariances", "n = 2, 3, by triangular factors")


def _gram(n: int, seed: str) -> list[list[Any]]:
    """Overlaps of n rational unit vectors in the plane and beyond: cosines of Pythagorean angles."""
    rng = random.Random(seed)
    vectors: list[tuple[Any, ...]] = []
    while len(vectors) < n:
        t, s = (sp.Rational(rng.randint(1, 9), 7) for _ in range(2))
        length = 1 + t**2 + s**2
        vector = ((2 * t) / length, (2 * s) / length, (1 - t**2 - s**2) / length)
        # Dependent vectors have a singular covariance.
        if sp.Matrix([*vectors, vector]).rank() == len(vectors) + 1:
            vectors.append(vector)
    return [[sum(x * y for x, y in zip(v, w)) for w in vectors] for v in vectors]


@dataclass(frozen=True)
class SphericalSaddle(Rule):
    """int ds exp(N sum_{a,b} X(R_ab)) over |s|^2 = N  ->  Phi_n = sum_{a,b} X(Q_ab) + (1/2) log det Q, Q_aa = 1."""

    source: ClassVar[str] = "volume of vectors with given overlaps; Laplace's method at fixed n"
    result: Any = None
    overlap: Any = None
    order: Any = None
    replicas: tuple[Any, ...] = ()
    size: Any = None
    n: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        total = LogDet(self.order[a, b], (a, b), self.n) / 2
        per_site: Any = sp.expand_mul(inputs[0].rhs / self.size, deep=False)
        for term in sp.Add.make_args(per_site):
            sums = [x for x in sp.Mul.make_args(term) if isinstance(x, sp.Sum)]
            if len(sums) != 1 or term.has(self.size):
                raise NotDerivable("the exponent must be N times a sum over pairs of replicas")
            entry = sums[0].function.xreplace({self.overlap[a, b]: self.order[a, b]})
            diagonal = entry.xreplace({self.order[a, b]: sp.Integer(1)})
            total += term / sums[0] * (PairSum(entry, (a, b), self.n) + self.n * diagonal)
        return Equation(self.result, sp.expand_mul(total, deep=False))

    def check(self, case: Case) -> Verdict:
        """n = 2, 3: explicit unit vectors; their volume is the product of the heights, from the triangular factor."""
        sides = (case.inputs[0].rhs, case.output.rhs)
        atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in (self.n, self.size)]
        for n in (2, 3):
            point = {**sample(case, atoms, case.given, n), self.size: sp.Integer(1)}
            gram = _gram(n, f"{case.samples.seed}/{n}")
            places = [(i, j) for i in range(n) for j in range(n)]
            overlaps = {self.overlap[i + 1, j + 1]: gram[i][j] for i, j in places}
            orders = {self.order[i + 1, j + 1]: gram[i][j] for i, j in places}
            heights = sp.Matrix(gram).LDLdecomposition()[1]
            volume = sum(sp.log(heights[k, k]) for k in range(n)) / 2
            truth = written_out(sides[0], n, self.n).xreplace(overlaps).xreplace(point) + volume
            stated = written_out(sides[1], n, self.n).xreplace(orders).xreplace(point)
            gap = balls.enclose(truth - stated, {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit vectors", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {gap.str(5)}", shown(point))
        return consistent("explicit vectors", "n = 2, 3: heights of unit vectors")


@dataclass(frozen=True)
class TreeAnsatz(Rule):
    """Q_ab = q_i on a tree, blocks n > m > 1  ->  pair sums n sum (m_i - m_{i+1}) f(q_i), log det by eigenvalues.

    The ansatz states the values (q_0, ..., q_k); `sizes` are the inner block sizes (m_1, ..., m_k).
    """

    source: ClassVar[str] = "counting on a tree; eigenspaces of the tree"
    n: Any = None
    sizes: tuple[Any, ...] = ()
    values: tuple[Any, ...] = ()
    diagonal: Any = sp.S.One

    def tree(self) -> TreeMatrix:
        return TreeMatrix(self.n, self.sizes, self.values, self.diagonal)

    def apply(self, *inputs: Claim) -> Equation:
        target, tree, table = inputs[0].single, self.tree(), {}
        for term in sorted(target.rhs.atoms(PairSum), key=sp.default_sort_key):
            (entry,) = term.args[0].atoms(sp.Indexed)
            table[term] = tree.pair_sum(lambda x, term=term, entry=entry: term.args[0].xreplace({entry: x}))
        for term in sorted(target.rhs.atoms(LogDet), key=sp.default_sort_key):
            if not isinstance(term.args[0], sp.Indexed):
                raise NotDerivable("log det of a function of the overlaps is not implemented on trees")
            table[term] = tree.log_det()
        return Equation(target.lhs, target.rhs.xreplace(table), target.relation)

    def check(self, case: Case) -> Verdict:
        """Explicit matrices: (n, m) = (4, 2), (6, 2), (6, 3), generic values with a positive definite matrix."""
        (order,) = {e.base for e in case.inputs[0].rhs.atoms(sp.Indexed)}
        free = [s for e in (case.inputs[0].rhs, case.output.rhs) for s in free_atoms(e) if isinstance(s, sp.Symbol)]
        free += [s for value in self.values for s in free_atoms(value)]
        for n, sizes in ((4, (2,)), (6, (2,)), (6, (3,))):
            sizes = sizes[: len(self.sizes)]
            fixed = {self.n: sp.Integer(n), **{s: sp.Integer(k) for s, k in zip(self.sizes, sizes)}}
            point = self._point(case, [s for s in free if s not in fixed], n, sizes)
            full = self.tree().explicit(n, sizes).xreplace(point)
            entries = {order[i + 1, j + 1]: full[i, j] for i in range(n) for j in range(n)}
            before = case.inputs[0].rhs
            dets = {t: sp.log(full.det(method="berkowitz")) for t in before.atoms(LogDet)}
            truth = written_out(before.xreplace(dets), n, self.n).xreplace(entries).xreplace({**point, **fixed})
            gap = balls.enclose(truth - case.output.rhs.xreplace({**point, **fixed}), {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit trees", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(
                    f"explicit tree, n = {n}, m = {sizes}", f"the sides differ by {gap.str(5)}", shown(point)
                )
        return consistent("explicit trees", "(n, m) = (4, 2), (6, 2), (6, 3)")

    def _point(self, case: Case, free: list[Any], n: int, sizes: tuple[int, ...]) -> Any:
        for k in range(200):
            point = sample(case, free, [], 10 * n + 2 + k)
            full = self.tree().explicit(n, sizes).xreplace(point)
            if all(full[:j, :j].det(method="berkowitz") > 0 for j in range(1, n + 1)):
                return point
        raise NotDerivable("no positive definite tree was found")

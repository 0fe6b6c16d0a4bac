"""Data matrices X of any rank: gradients lie in row(X), vectors of null(X) are orthogonal to it, X^+ y.

Entries are X[k, j], sums over samples k and coordinates j; the checks write everything out with three samples in
three dimensions, the third sample being a combination of the first two (rank 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS
from ..errors import NotDerivable
from ..quantity import Samples, free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .sums import DIMENSION, InsertEntries, Sum, close, entries, free_index, open_atoms, secant

LINEAR_ALGEBRA = "row(X) and null(X) are orthogonal complements"
PLACES = range(1, DIMENSION + 1)


def rank_two(samples: Samples, name: str, data: Any, index: int) -> tuple[dict[Any, Any], sp.Matrix, sp.Matrix]:
    """Entry values of a rational X of rank 2, the matrix, and a vector that spans its null space."""
    drawn = samples.child(name).point([data[k, j] for k in PLACES for j in PLACES], (), index)
    first, second = (sp.Matrix([drawn[data[k, j]] for j in PLACES]) for k in (1, 2))
    third = drawn[data[3, 1]] * first + drawn[data[3, 2]] * second
    matrix = sp.Matrix.hstack(first, second, third).T
    values = {data[k, j]: matrix[k - 1, j - 1] for k in PLACES for j in PLACES}
    return values, matrix, first.cross(second)


def column(base: Any, values: dict[Any, Any]) -> sp.Matrix:
    return sp.Matrix([values[base[k]] for k in PLACES])


def list_values(base: Any, vector: Iterable[Any]) -> dict[Any, Any]:
    return {base[k]: x for k, x in zip(PLACES, vector)}


@dataclass(frozen=True)
class DataGradient(Rule):
    """r_k = sum_j X_kj b_j - y_k, L = L(r)  ->  G_i = dL/db_i = sum_k X_ki dL/dr_k.

    Inputs: the loss, a sum over the residuals, and the residuals.
    """

    source: ClassVar[str] = "the chain rule"
    gradient: Any = None
    residual: Any = None
    variable: Any = None
    index: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        loss, residual = inputs[0].rhs, inputs[1].single
        found: Any = sp.Integer(0)
        names = {s: sp.Dummy() for s in sorted(loss.atoms(sp.Sum), key=sp.default_sort_key)}
        outer = loss.xreplace(names)
        for total, name in names.items():
            k, low, high = total.limits[0]
            slope = sp.diff(total.function, self.residual[k])
            inner = residual.rhs.xreplace({free_index(residual): k})
            weight = sp.Integer(0)
            for s in inner.atoms(sp.Sum):
                j = s.limits[0][0]
                weight += sp.diff(s.function, self.variable[j]).xreplace({j: self.index})
            factor: Any = sp.diff(outer, name)
            found += factor * Sum(slope * weight, (k, low, high))
        return Equation(self.gradient[self.index], _constants_inside(sp.expand(found)))

    def check(self, case: Case) -> Verdict:
        """With three samples in three dimensions, by symmetric differences of the loss in the predictor."""
        residuals = {e.lhs: e.rhs for e in entries(case.inputs[1].single)}
        (loss,) = (e.rhs.xreplace(residuals) for e in entries(case.inputs[0].single))
        verdicts = []
        for point in case.samples.points(free_atoms(loss), case.given):
            known = {**point, **{r: balls.enclose(rhs, point, BITS) for r, rhs in residuals.items()}}
            for k, entry in enumerate(entries(case.output.single), start=1):
                slope = secant(loss, point, {self.variable[k]: sp.Integer(1)})
                verdicts.append(close(slope, balls.enclose(entry.rhs, known, BITS), point))
        return weakest(verdicts)


def _constants_inside(expr: Any) -> Any:
    """A number times a sum as the sum of the multiplied terms."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(expr):
        number, rest = term.as_coeff_Mul()
        inside = isinstance(rest, sp.Sum)
        total += Sum(number * rest.function, *rest.limits) if inside else term
    return total


@dataclass(frozen=True)
class InsertZeros(InsertEntries):
    """f(x), x = g  ->  f(g), where a sum over zeros is 0."""

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for equation in super().apply(*inputs):
            zeros = {s: sp.Integer(0) for s in equation.rhs.atoms(sp.Sum) if s.function == 0}
            found.append(Equation(equation.lhs, equation.rhs.xreplace(zeros)))
        return tuple(found)


@dataclass(frozen=True)
class NullProducts(Rule):
    """sum_j X_kj v_j = 0, g_j = sum_k X_kj m_k  ->  sum_j v_j g_j = sum_k m_k (X v)_k = 0: such products drop out.

    The first input is the target; the others are used by their form: an equation `X v = 0` makes v a null vector,
    an equation `g = X^T m` puts g into the row space.
    """

    source: ClassVar[str] = LINEAR_ALGEBRA
    data: Any = None

    def members(self, claims: Iterable[Claim]) -> tuple[list[Any], list[Any]]:
        """(null vectors, vectors of the row space), as lists of bases."""
        nulls, rows = [], []
        for equation in (e for claim in claims for e in claim.equations):
            if isinstance(equation.lhs, sp.Sum) and equation.rhs == 0:
                j = equation.lhs.limits[0][0]
                left, right = sorted(equation.lhs.function.args, key=lambda e: e.base != self.data)
                if left.base == self.data and left.indices[1] == right.indices[0] == j:
                    nulls.append(right.base)
            elif isinstance(equation.lhs, sp.Indexed) and isinstance(equation.rhs, sp.Sum):
                k, i = equation.rhs.limits[0][0], free_index(equation)
                if equation.rhs.function.has(self.data[k, i]) and not (equation.rhs.function / self.data[k, i]).has(i):
                    rows.append(equation.lhs.base)
        return nulls, rows

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        nulls, rows = self.members(inputs[1:])
        found, dropped = [], False
        for equation in inputs[0].equations:
            table: dict[Any, Any] = {}
            for total in equation.rhs.atoms(sp.Sum):
                j = total.limits[0][0]
                pairs = [v[j] * g[j] for v in nulls for g in rows]
                # Only products of a null vector and a row vector, with nothing else under the sum, may be dropped.
                kept = [t for t in sp.Add.make_args(sp.expand(total.function)) if not _multiple(t, pairs, j)]
                dropped = dropped or len(kept) < len(sp.Add.make_args(sp.expand(total.function)))
                table[total] = sum((Sum(t, *total.limits) for t in kept), sp.Integer(0))
            found.append(Equation(equation.lhs, equation.rhs.xreplace(table)))
        if not dropped:
            raise NotDerivable("no product of a null vector and a vector of the row space occurs under a sum")
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """For a rational X of rank 2: null vectors are multiples of a cross product, row vectors are X^T m."""
        nulls, rows = self.members(case.inputs[1:])
        target = case.inputs[0]
        atoms = open_atoms([target, case.output])
        verdicts = []
        for index in range(3):
            _, matrix, normal = rank_two(case.samples, "X", self.data, index)
            point = case.samples.point([*atoms, *(b[k] for b in (*nulls, *rows) for k in PLACES)], case.given, index)
            for v in nulls:
                point |= list_values(v, point[v[1]] * normal)
            for g in rows:
                point |= list_values(g, matrix.T * column(g, point))
            for before, after in zip(target.equations, case.output.equations):
                for old, new in zip(entries(before), entries(after)):
                    left, right = (balls.enclose(e.rhs, point, BITS) for e in (old, new))
                    verdicts.append(close(left, right, point))
        return weakest(verdicts)


def _multiple(term: Any, pairs: list[Any], j: Any) -> bool:
    return any(not (term / pair).has(j) for pair in pairs)


@dataclass(frozen=True)
class Accumulate(Rule):
    """x' = f sum_k X_ki r_k, m_k = int_0^oo f r_k dt  ->  x(oo) - x(0) = sum_k X_ki m_k.

    `total` names x(oo) - x(0), `multiplier` names m.
    """

    source: ClassVar[str] = "the fundamental theorem of calculus; integrals are linear"
    total: Any = None
    multiplier: Any = None
    residual: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        equation = inputs[0].single
        sums = sorted(equation.rhs.atoms(sp.Sum), key=sp.default_sort_key)
        if len(sums) != 1:
            raise NotDerivable("the velocity is not a multiple of one sum over samples")
        k = sums[0].limits[0][0]
        inner = sums[0].function.xreplace({self.residual[k]: self.multiplier[k]})
        return Equation(self.total[free_index(equation)], Sum(inner, *sums[0].limits))

    def check(self, case: Case) -> Verdict:
        """For f r_k = m_k e^(-t), whose integral is m_k: the velocity is integrated over time, exactly."""
        t = sp.Dummy("t", positive=True)
        velocity = case.inputs[0].single
        factor = sp.Mul(*(x for x in sp.Mul.make_args(velocity.rhs) if not isinstance(x, sp.Sum)))
        verdicts = []
        atoms = open_atoms([case.output])
        for point in case.samples.points([*atoms, *(self.multiplier[k] for k in PLACES)], case.given):
            decaying = {self.residual[k]: self.multiplier[k] * sp.exp(-t) / factor for k in PLACES}
            for before, after in zip(entries(velocity), entries(case.output.single)):
                moved = sp.integrate(sp.expand(before.rhs.xreplace(decaying)).xreplace(point), (t, 0, sp.oo))
                verdicts.append(close(balls.enclose(moved, {}, BITS), balls.enclose(after.rhs, point, BITS), point))
        return weakest(verdicts)

"""Interpolators of data of any rank: X^+ y, the row part of an interpolator, and gradients of isotropic data.

Entries are X[k, j]; the checks use rational matrices of rank 2 with three columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS
from ..errors import NotDerivable
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .row_space import LINEAR_ALGEBRA, PLACES, NullProducts, column, list_values, rank_two
from .sums import DIMENSION, Sum, close, entries, free_index, open_atoms


def least_norm(matrix: sp.Matrix, target: sp.Matrix) -> sp.Matrix:
    """X^+ y for a rational X of rank 2 whose first two rows are independent, y in the range of X."""
    top = matrix[:2, :]
    return top.T * (top * top.T).inv() * target[:2, :]


@dataclass(frozen=True)
class RowInterpolator(Rule):
    """X b = y, b_i = a (g_i + n_i), g in row(X), X n = 0  ->  g_i = (X^+ y)_i / a.

    Inputs: the interpolation, the predictor b, the row part g = X^T m, the null part, and X^+ y by its properties
    (X x = y, x = X^T m); `part` names g, `solution` names X^+ y. The solution in row(X) of X x = y is unique.
    """

    source: ClassVar[str] = LINEAR_ALGEBRA
    data: Any = None
    part: Any = None
    solution: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        interpolation, predictor, row, null, norm = inputs
        members = NullProducts(self.data)
        nulls, rows = members.members((row, null, norm))
        j, b = interpolation.lhs.limits[0][0], predictor.single
        inserted = b.rhs.xreplace({free_index(b): j})
        same = interpolation.lhs.xreplace({b.lhs.base[j]: self.solution[j]}) == norm.equations[0].lhs
        same = same and interpolation.rhs == norm.equations[0].rhs
        if not same or not {self.part, self.solution} <= set(rows):
            raise NotDerivable("the interpolation and the properties of X^+ y do not speak of the same X and y")
        # X b = y without the null part: sum_j X_kj a g_j = y_k = sum_j X_kj x_j, hence a g = x.
        rest = sp.expand(inserted).xreplace({n[j]: sp.Integer(0) for n in nulls})
        scale = sp.diff(rest, self.part[j])
        if sp.expand(rest - scale * self.part[j]) != 0 or scale.has(j):
            raise NotDerivable(f"the predictor {inserted} is not a multiple of the row part plus a null part")
        i = free_index(row.single)
        return Equation(self.part[i], self.solution[i] / scale)

    def check(self, case: Case) -> Verdict:
        """For a rational X of rank 2: y := X b from a row part and a null part, then X^+ y by the normal equations."""
        _, predictor, row, null, _ = case.inputs
        nulls, _ = NullProducts(self.data).members((row, null))
        atoms = open_atoms([predictor])
        verdicts = []
        for index in range(3):
            _, matrix, normal = rank_two(case.samples, "X", self.data, index)
            drawn = [*atoms, *(b[k] for b in (*nulls, self.part) for k in PLACES)]
            point = case.samples.point(drawn, case.given, index)
            for v in nulls:
                point |= list_values(v, point[v[1]] * normal)
            point |= list_values(self.part, matrix.T * column(self.part, point))
            b = sp.Matrix([e.rhs.xreplace(point) for e in entries(predictor.single)])
            point |= list_values(self.solution, least_norm(matrix, matrix * b))
            for entry in entries(case.output.single):
                stated = balls.enclose(entry.rhs, point, BITS)
                verdicts.append(close(balls.enclose(entry.lhs, point, BITS), stated, point))
        return weakest(verdicts)


@dataclass(frozen=True)
class IsotropicGradient(Rule):
    """X^T X = c P, G = X^T (X b - y), y = X x, b_i = a (g_i + n_i)  ->  G_i = c (a g_i - x_i), g and x in row(X).

    Inputs: the isotropy, the gradient, the residual, the predictor with its row part inserted, the row part, the null
    part, and X^+ y by its properties.
    """

    source: ClassVar[str] = LINEAR_ALGEBRA
    data: Any = None
    part: Any = None
    solution: Any = None
    factor: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        isotropy, gradient, residual, predictor, row, null, norm = inputs
        nulls, rows = NullProducts(self.data).members((row, null, norm))
        scalars = [x for x in sp.MatMul.make_args(isotropy.rhs) if not x.is_Matrix]
        if scalars != [self.factor] or not {self.part, self.solution} <= set(rows):
            raise NotDerivable("X^T X is not the stated multiple of the projector on the row space")
        # With y = X x the residual is X (b - x), and X^T X = c P drops the null part of b - x.
        solved, b = norm.equations[0], predictor.single
        (i, j), k = (free_index(b), solved.lhs.limits[0][0]), free_index(residual.single)
        of_predictor = solved.lhs.xreplace({self.solution[j]: b.lhs.base[j]}) - solved.rhs
        outer = Sum(self.data[k, i] * residual.lhs, (k, *gradient.rhs.limits[0][1:]))
        if residual.rhs != of_predictor or gradient.rhs != outer:
            raise NotDerivable("the gradient is not X^T (X b - y)")
        moved = sp.expand(b.rhs).xreplace({n[i]: sp.Integer(0) for n in nulls})
        return Equation(gradient.lhs, self.factor * (moved - self.solution[i]))

    def check(self, case: Case) -> Verdict:
        """For X = l O R with rational orthonormal columns of O and rows of R, hence c = l^2: G multiplied out."""
        predictor, row, null = case.inputs[3:6]
        nulls, _ = NullProducts(self.data).members((row, null))
        left = sp.Matrix([[1, 2], [2, 1], [2, -2]]) / 3
        right = sp.Matrix([[sp.Rational(3, 5), sp.Rational(4, 5), 0], [0, 0, 1]])
        verdicts = []
        for index in range(3):
            drawn = [*(b[k] for b in (*nulls, self.part, self.solution) for k in PLACES), self.factor]
            point = case.samples.point([*open_atoms([predictor, case.output]), *drawn], case.given, index)
            matrix = point[self.factor] * left * right
            for v in nulls:
                point |= list_values(v, point[v[1]] * sp.Matrix([4, -3, 0]))
            for g in (self.part, self.solution):
                point |= list_values(g, right.T * right * column(g, point))
            b = sp.Matrix([e.rhs.xreplace(point) for e in entries(predictor.single)])
            found = matrix.T * matrix * (b - column(self.solution, point))
            point[self.factor] = point[self.factor] ** 2
            for value, entry in zip(found, entries(case.output.single)):
                stated = balls.enclose(entry.rhs, point, BITS)
                verdicts.append(close(balls.enclose(value, {}, BITS), stated, point))
        return weakest(verdicts)


@dataclass(frozen=True)
class LeastNorm(Rule):
    """X x = y, x = X^T m  ->  x = X^T (X X^T)^-1 y: the solution in the row space, for independent rows.

    `matrices` are X, y and the name of x as matrices.
    """

    source: ClassVar[str] = LINEAR_ALGEBRA
    conditions: ClassVar[tuple[str, ...]] = ("the rows of X are independent",)
    matrices: tuple[Any, Any, Any] = (None, None, None)

    def apply(self, *inputs: Claim) -> Equation:
        X, y, x = self.matrices
        return Equation(x, X.T * (X * X.T).inverse() * y)

    def check(self, case: Case) -> Verdict:
        """Two rational samples in three dimensions: the stated x solves X x = y and is orthogonal to the null space."""
        X, y, _ = self.matrices
        data = sp.IndexedBase(X.name, real=True)
        verdicts = []
        for index in range(3):
            values, full, normal = rank_two(case.samples, "X", data, index)
            matrix, target = full[:2, :], sp.Matrix([values[data[1, 1]], values[data[2, 2]]])
            small = {X: sp.MatrixSymbol("A", 2, DIMENSION), y: sp.MatrixSymbol("b", 2, 1)}
            stated = case.output.rhs.subs(small).subs({small[X]: matrix, small[y]: target}).doit()
            gaps = [*(matrix * stated - target), normal.dot(stated)]
            verdicts.extend(close(balls.enclose(gap, {}, BITS), balls.exact_ball(0), values) for gap in gaps)
        return weakest(verdicts)

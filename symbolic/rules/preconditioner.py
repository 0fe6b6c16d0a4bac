"""The flow in function space: beta' = -M g, M = alpha I + gamma w w^T; its spectrum and the kernel distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, equal
from ..errors import NotDerivable
from ..rule import Case, Rule
from ..verdict import Verdict, refuted, weakest
from .sums import DIMENSION, close, entries, free_index, numbers, open_atoms, vanishing

SPECTRUM = "eigenvalues of a multiple of the identity plus a matrix of rank one"


def coefficients(flow: Claim, gradient: Any, direction: Any) -> tuple[Any, Any]:
    """(alpha, gamma) in beta'_i = -(alpha g_i + gamma w_i sum_j w_j g_j)."""
    equation = flow.single
    i = free_index(equation)
    totals = sorted(equation.rhs.atoms(sp.Sum), key=sp.default_sort_key)
    if len(totals) != 1:
        raise NotDerivable("the flow of the predictor does not contain exactly one sum")
    j = totals[0].limits[0][0]
    if totals[0].function != gradient[j] * direction[j]:
        raise NotDerivable(f"{totals[0]} is not the product of {gradient} and {direction}")
    total = sp.Dummy("total")
    expr = sp.expand(equation.rhs.xreplace({totals[0]: total}))
    alpha, gamma = -expr.coeff(gradient[i]), -expr.coeff(total) / direction[i]
    if (alpha + gamma).has(sp.Indexed) or not vanishing(expr + alpha * gradient[i] + gamma * direction[i] * total):
        raise NotDerivable("the flow of the predictor has another form than -(alpha I + gamma w w^T) g")
    return alpha, gamma


@dataclass(frozen=True)
class Preconditioner(Rule):
    """beta' = -(alpha g + gamma w (w.g))  ->  M = alpha I + gamma w w^T."""

    source: ClassVar[str] = "collecting a linear map"
    result: Any = None
    gradient: Any = None
    direction: Any = None
    column: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        alpha, gamma = coefficients(inputs[0], self.gradient, self.direction)
        size = self.column.shape[0]
        return Equation(self.result, alpha * sp.Identity(size) + gamma * self.column * self.column.T)

    def check(self, case: Case) -> Verdict:
        """In three dimensions: beta' from the flow against -M g, entry by entry."""
        alpha, gamma = matrix_coefficients(case.output.rhs)
        flow = case.inputs[0]
        scalars = Claim("scalars", (Equation(sp.Dummy(), alpha), Equation(sp.Dummy(), gamma)))
        verdicts = []
        for point in case.samples.points(open_atoms([flow, scalars]), case.given):
            a, c = (balls.enclose(x, point, BITS) for x in (alpha, gamma))
            with balls.working(BITS):
                w, g = (
                    [balls.exact_ball(point[base[k]]) for k in range(1, DIMENSION + 1)]
                    for base in (self.direction, self.gradient)
                )
                along = sum(x * y for x, y in zip(w, g))
                products = [-(a * y + c * x * along) for x, y in zip(w, g)]
            for entry, product in zip(entries(flow.single), products):
                verdicts.append(close(balls.enclose(entry.rhs, point, BITS), product, point))
        return weakest(verdicts)


def matrix_coefficients(expr: Any) -> tuple[Any, Any]:
    """The scalars in alpha I + gamma v v^T."""
    alpha, gamma = sp.Integer(0), sp.Integer(0)
    for term in sp.MatAdd.make_args(expr):
        scalars = [arg for arg in sp.MatMul.make_args(term) if not arg.is_Matrix]
        scalar = sp.Mul(*scalars)
        if any(isinstance(arg, sp.Identity) for arg in sp.MatMul.make_args(term)):
            alpha += scalar
        else:
            gamma += scalar
    return alpha, gamma


@dataclass(frozen=True)
class RankOneSpectrum(Rule):
    """M = alpha I + gamma w w^T  ->  eigenvalue alpha + gamma |w|^2 along w, alpha across it."""

    source: ClassVar[str] = SPECTRUM
    names: tuple[Any, Any] = (None, None)
    direction: Any = None
    sum_index: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        alpha, gamma = matrix_coefficients(inputs[0].rhs)
        j = self.sum_index
        square = sp.Sum(self.direction[j] ** 2, (j, 1, self.size))
        return (Equation(self.names[0], alpha + gamma * square), Equation(self.names[1], alpha))

    def check(self, case: Case) -> Verdict:
        """In three dimensions: M w = along w entry by entry, and the trace of M is along + 2 across."""
        alpha, gamma = matrix_coefficients(case.inputs[0].rhs)
        scalars = Claim("scalars", (Equation(sp.Dummy(), alpha), Equation(sp.Dummy(), gamma)))
        verdicts = []
        for point in case.samples.points(open_atoms([scalars, case.output]), case.given):
            values = numbers([case.output], point)
            along, across = (values[name] for name in self.names)
            a, c = (balls.enclose(x, point, BITS) for x in (alpha, gamma))
            with balls.working(BITS):
                w = [balls.exact_ball(point[self.direction[k]]) for k in range(1, DIMENSION + 1)]
                rows = [[c * x * y + (a if i == k else 0) for k, y in enumerate(w)] for i, x in enumerate(w)]
                image = sum(m * x for m, x in zip(rows[0], w))
                trace = sum(rows[k][k] for k in range(DIMENSION))
                pairs = [(image, along * w[0]), (trace, along + (DIMENSION - 1) * across)]
            verdicts.extend(close(x, y, point) for x, y in pairs)
        return weakest(verdicts)


@dataclass(frozen=True)
class RankOneMatrix(Rule):
    """eigenvalue x along a unit vector, y across it  ->  M = y I + (x - y) v v^T."""

    source: ClassVar[str] = SPECTRUM
    result: Any = None
    column: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        along, across = (claim.rhs for claim in inputs)
        unit = self.column * self.column.T
        return Equation(self.result, across * sp.Identity(self.column.shape[0]) + sp.expand(along - across) * unit)

    def check(self, case: Case) -> Verdict:
        """Acting on v = (1, 2, 2)/3 and on (2, 1, -2)/3, which is orthogonal to it."""
        along, across = (claim.rhs for claim in case.inputs)
        alpha, gamma = matrix_coefficients(case.output.rhs)
        v, orthogonal = sp.Matrix([1, 2, 2]) / 3, sp.Matrix([2, 1, -2]) / 3
        m = alpha * sp.eye(DIMENSION) + gamma * v * v.T
        pairs = [(x, y) for x, y in zip([*(m * v), *(m * orthogonal)], [*(along * v), *(across * orthogonal)])]
        return weakest(equal(x, y, case.samples, case.given) for x, y in pairs)


@dataclass(frozen=True)
class KernelProducts(Rule):
    """M = A I + b v v^T (|v| = 1)  ->  <M_0, M> = d A_0 A + A_0 b + A b_0 + c^2, |M|^2 = d A^2 + 2 A b + b^2.

    Inputs: the eigenvalues along and across, with A = across and b = along - across. `start` and `later` are the
    pairs (A, b) of symbols at the two times, `cosine` is c^2 = b_0 b cos^2 of the angle between the directions.
    """

    source: ClassVar[str] = "the Frobenius product <M_0, M> = tr(M_0 M)"
    names: tuple[Any, Any, Any] = (None, None, None)
    start: tuple[Any, Any] = (None, None)
    later: tuple[Any, Any] = (None, None)
    cosine: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        along, across = (claim.rhs for claim in inputs)
        if not vanishing(across - self.later[0]) or not vanishing(along - sum(self.later)):
            raise NotDerivable("the eigenvalues are not A + b along and A across")
        # tr I = d, tr v v^T = 1, tr (v_0 v_0^T v v^T) = (v_0.v)^2; c enters as c^2 = b_0 b (v_0.v)^2.
        (a0, b0), (a, b) = self.start, self.later
        inner = self._trace(a0, b0, a, b, self.cosine**2)
        squares = [self._trace(x, y, x, y, y**2) for x, y in (self.start, self.later)]
        return tuple(Equation(name, value) for name, value in zip(self.names, (inner, *squares)))

    def _trace(self, a0: Any, b0: Any, a: Any, b: Any, mixed: Any) -> Any:
        return self.size * a0 * a + a0 * b + a * b0 + mixed

    def check(self, case: Case) -> Verdict:
        """Matrices in three dimensions, from unit vectors with rational entries, multiplied out."""
        units = [sp.Matrix([1, 2, 2]) / 3, sp.Matrix([4, 4, 7]) / 9]
        (a0, b0), (a, b) = self.start, self.later
        verdicts = []
        for point in case.samples.points([a0, b0, a, b], case.given):
            first, second = (
                point[x] * sp.eye(DIMENSION) + point[y] * u * u.T for (x, y), u in zip((self.start, self.later), units)
            )
            overlap = units[0].dot(units[1]) ** 2 * point[b0] * point[b]
            values = {**point, self.cosine**2: overlap, self.size: sp.Integer(DIMENSION)}
            products = ((first * second).trace(), (first * first).trace(), (second * second).trace())
            for product, stated in zip(products, case.output.equations):
                if stated.rhs.xreplace({self.cosine**2: sp.Integer(0)}).has(self.cosine):
                    return refuted("matrices", f"{self.cosine} enters otherwise than by its square")
                verdicts.append(close(balls.enclose(product, {}, BITS), balls.enclose(stated.rhs, values, BITS), point))
        return weakest(verdicts)

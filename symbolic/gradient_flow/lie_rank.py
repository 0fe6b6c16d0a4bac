"""Rank of the Lie algebra of polynomial vector fields at a point, from one formal trajectory modulo a prime.

x' = sum_f a_f(t) F_f(x) as a power series; Xi' = -(DF_a)^T Xi transports covectors; the coefficients of
F_f(x(t)) . Xi(t) are combinations of iterated brackets at x(0), so whatever they do not annihilate moves.
Soundness: Hermann-Nagano / Sussmann. One trajectory is enough for generic a: Sontag, Universal nonsingular controls
(1992); no statement relies on it, an unlucky trajectory only leaves the bound too high.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .fields import VectorFields, fields_of
from .metric import HEAVY_BALL
from .modular import PRIMES, Draws, nullspace, product
from .parametrisation import Parametrisation

ORDERS = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Trajectory:
    """One round: controls[k][f] is the coefficient of t^k of a_f; the series is taken to order t^order."""

    order: int
    controls: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class LieRank:
    """N <= upper: at `point` mod `prime`, the rounds leave `upper` independent covectors unmoved."""

    dimension: int
    upper: int
    prime: int
    point: tuple[int, ...]
    rounds: tuple[Trajectory, ...]
    idle: int

    @property
    def rank(self) -> int:
        """Lower bound of the generic dimension of the Lie algebra; the value itself when the count is complete."""
        return self.dimension - self.upper


def lie_rank(
    phi: Parametrisation, target: int | None = None, *, dynamics: str = "gradient flow", attempt: int = 0
) -> LieRank:
    """Upper bound of the number of laws; stops at `target` (a number of verified laws) or after two idle orders.

    >>> from .formulas import read_formulas
    >>> lie_rank(read_formulas("a*w1, a*w2")).upper
    1
    """
    point, prime = starting_point(phi, dynamics, attempt)
    fields = fields_of(phi, dynamics, prime)
    draws = Draws(f"controls/{dynamics}/{phi.name}/{attempt}", prime)
    tangent = _FirstOrder(fields, point)
    kernel = nullspace(tangent.values, prime)
    rounds: list[Trajectory] = []
    idle = 0
    while not _reached(kernel, target) and idle < 2:
        control = draws(1, fields.count)
        kernel, dropped = _cut(tangent.rows(control[0], kernel), kernel, prime)
        idle = 0 if dropped else idle + 1
        if dropped:
            rounds.append(_trajectory(1, control))
    idle = 0
    for order in ORDERS[1:]:
        if _reached(kernel, target) or idle == 2:
            break
        control = draws(order, fields.count)
        kernel, dropped = _cut(series_rows(fields, point, control, order, kernel), kernel, prime)
        idle = 0 if dropped else idle + 1
        if dropped:
            rounds.append(_trajectory(order, control))
    return LieRank(fields.dimension, int(kernel.shape[1]), prime, tuple(point.tolist()), tuple(rounds), idle)


def _reached(kernel: np.ndarray, target: int | None) -> bool:
    return kernel.shape[1] == 0 or kernel.shape[1] == target


def starting_point(phi: Parametrisation, dynamics: str, attempt: int) -> tuple[np.ndarray, int]:
    """The point and prime of an attempt, also used to rank the differentials of laws."""
    prime = PRIMES[attempt % len(PRIMES)]
    dimension = 2 * phi.D + 1 if dynamics == HEAVY_BALL else phi.D
    return Draws(f"point/{dynamics}/{phi.name}/{attempt}", prime)(dimension), prime


def _trajectory(order: int, control: np.ndarray) -> Trajectory:
    return Trajectory(order, tuple(tuple(row) for row in control.tolist()))


def _cut(rows: np.ndarray, kernel: np.ndarray, prime: int) -> tuple[np.ndarray, bool]:
    if not rows.any():
        return kernel, False
    smaller = nullspace(rows, prime)
    return product(kernel, smaller, prime), True


class _FirstOrder:
    """Values and derivatives of all fields at one point, shared by every draw of a constant control."""

    def __init__(self, fields: VectorFields, point: np.ndarray):
        self.fields = fields
        prime, width = fields.prime, fields.var.shape[1]
        extended = np.append(point, 1)
        letters = extended[fields.var]
        before = [fields.coef]
        for k in range(width):
            before.append(before[-1] * letters[:, k] % prime)
        self.values = fields.collect(before[-1])
        after = np.ones(fields.terms, dtype=np.int64)
        self.partial = np.zeros((fields.terms, width), dtype=np.int64)
        for k in reversed(range(width)):
            self.partial[:, k] = before[k] * after % prime
            after = after * letters[:, k] % prime

    def rows(self, control: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        """[F_a, F_f] . Xi for all f: DF_f F_a - DF_a F_f, paired with the columns of the kernel."""
        fields, prime = self.fields, self.fields.prime
        direction = np.append(product(control[None], self.values, prime)[0], 0)
        along = (self.partial * direction[fields.var] % prime).sum(axis=1) % prime
        moved = fields.collect(along)
        weights = self.partial * control[fields.field][:, None] % prime
        jacobian = fields.scatter(weights, fields.axis, fields.dimension)
        bent = product(np.ascontiguousarray(jacobian.T), kernel, prime)
        return (product(moved, kernel, prime) - product(self.values, bent, prime)) % prime


def trajectory(
    fields: VectorFields, point: np.ndarray, control: np.ndarray, order: int
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """x(t) to order t^order with x' = sum_f a_f(t) F_f(x), the products that gave it, and the values of the fields.

    x: (order + 1, dimension + 1), the last column being the constant 1.
    """
    prime, width = fields.prime, fields.var.shape[1]
    inverse = [0] + [pow(k, -1, prime) for k in range(1, order + 1)]
    x = np.zeros((order + 1, fields.dimension + 1), dtype=np.int64)
    x[0] = np.append(point, 1)
    before = np.zeros((width + 1, order + 1, fields.terms), dtype=np.int64)
    before[0, 0] = fields.coef
    values = []
    # Order k of x needs order k - 1 of every product, so the products grow with the solution.
    for k in range(order + 1):
        for slot in range(width):
            before[slot + 1, k] = _coefficient(before[slot], x[:, fields.var[:, slot]], k, prime)
        values.append(fields.collect(before[width, k]))
        if k < order:
            speed = sum(product(control[j][None], values[k - j], prime)[0] for j in range(min(k + 1, len(control))))
            x[k + 1, :-1] = speed % prime * inverse[k + 1] % prime
    return x, before, values


def series_rows(
    fields: VectorFields, point: np.ndarray, control: np.ndarray, order: int, kernel: np.ndarray
) -> np.ndarray:
    """Coefficients t^1 .. t^order of F_f(x(t)) . Xi(t), stacked: (order * count, columns of kernel)."""
    prime = fields.prime
    inverse = [0] + [pow(k, -1, prime) for k in range(1, order + 1)]
    x, before, values = trajectory(fields, point, control, order)
    jacobians = _control_jacobians(fields, x, before, control, order)
    xi = [kernel]
    for k in range(order):
        xi.append(-_convolved(jacobians, xi, k, prime) * inverse[k + 1] % prime)
    rows = [_convolved(values, xi, k, prime) for k in range(1, order + 1)]
    return np.vstack(rows)


def _convolved(left: list[np.ndarray], right: list[np.ndarray], k: int, prime: int) -> np.ndarray:
    """Coefficient t^k of a product of two series of matrices."""
    found = product(left[0], right[k], prime)
    for j in range(1, k + 1):
        found += product(left[j], right[k - j], prime)
    return found % prime


def _coefficient(a: np.ndarray, b: np.ndarray, k: int, prime: int) -> np.ndarray:
    return (a[: k + 1] * b[k::-1] % prime).sum(axis=0) % prime


def _control_jacobians(
    fields: VectorFields, x: np.ndarray, before: np.ndarray, control: np.ndarray, order: int
) -> list[np.ndarray]:
    """Coefficients t^0 .. t^(order-1) of (DF_a)^T, each (dimension, dimension)."""
    prime, width = fields.prime, fields.var.shape[1]
    partial = np.zeros((order, fields.terms, width), dtype=np.int64)
    after = np.zeros((order, fields.terms), dtype=np.int64)
    after[0] = 1
    for slot in reversed(range(width)):
        letters = x[:, fields.var[:, slot]]
        for k in range(order):
            partial[k, :, slot] = _coefficient(before[slot], after, k, prime)
        after = np.stack([_coefficient(after, letters, k, prime) for k in range(order)])
    found = []
    for k in range(order):
        weights = np.zeros((fields.terms, width), dtype=np.int64)
        for j in range(min(k + 1, len(control))):
            weights += partial[k - j] * control[j][fields.field][:, None] % prime
        jacobian = fields.scatter(weights % prime, fields.axis, fields.dimension)
        found.append(np.ascontiguousarray(jacobian.T))
    return found

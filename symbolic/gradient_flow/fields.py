"""Polynomial vector fields as sparse terms mod p: the object whose Lie algebra decides how many laws exist.

A term is coef[t] * prod_k x[var[t, k]] in coordinate axis[t] of field number field[t]; short monomials are padded with
the index `dimension`, whose value is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .metric import GRADIENT_FLOW, HEAVY_BALL, metric_of
from .parametrisation import Parametrisation


@dataclass(frozen=True, eq=False)
class VectorFields:
    """F_f(x) = sum over its terms; count fields on F_p^dimension."""

    field: np.ndarray
    axis: np.ndarray
    coef: np.ndarray
    var: np.ndarray
    dimension: int
    count: int
    prime: int

    @property
    def terms(self) -> int:
        return len(self.field)

    def scatter(self, weights: np.ndarray, rows: np.ndarray, height: int) -> np.ndarray:
        """Sum weights (T, K) into a (height, dimension + 1) table at (rows[t], var[t, k]); the padding column goes."""
        width = self.dimension + 1
        table = np.zeros(height * width, dtype=np.int64)
        np.add.at(table, (rows[:, None] * width + self.var).ravel(), weights.ravel())
        return table.reshape(height, width)[:, :-1] % self.prime

    def collect(self, weights: np.ndarray) -> np.ndarray:
        """Sum weights (T,) into the (count, dimension) table of the fields."""
        table = np.zeros(self.count * self.dimension, dtype=np.int64)
        np.add.at(table, self.field * self.dimension + self.axis, weights)
        return table.reshape(self.count, self.dimension) % self.prime


def metric_fields(phi: Parametrisation, dynamics: str, prime: int) -> VectorFields:
    """F_i = M grad phi_i, on R^D: every term of every d_b phi_i times every term of column b of M."""
    phi.rates_mod(prime)
    metric = metric_of(phi, dynamics)
    term, slot = np.nonzero(phi.var < phi.D)
    letter = phi.var[term, slot]
    order = np.argsort(metric.column, kind="stable")
    starts = np.searchsorted(metric.column[order], np.arange(phi.D + 1))
    counts = starts[letter + 1] - starts[letter]
    source = np.repeat(np.arange(len(term)), counts)
    within = np.arange(len(source)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = order[starts[letter[source]] + within]
    keep = np.ones((len(term), phi.degree), dtype=bool)
    keep[np.arange(len(term)), slot] = False
    rest = phi.var[term][keep].reshape(len(term), -1)
    var = np.hstack([rest[source], metric.letters[entry]])
    coef = phi.coef[term[source]] % prime * metric.weights_mod(prime)[entry] % prime
    return VectorFields(phi.comp[term[source]], metric.row[entry], coef, var, phi.D, phi.components, prime)


def heavy_ball_fields(phi: Parametrisation, prime: int) -> VectorFields:
    """(1, v, -v) and (0, 0, E grad phi_i) on (t, theta, v) in R^(2D+1): theta'' + theta' = -E grad L.

    tau = 1 without loss: time can be rescaled. The drift is one more field with its own control.
    """
    inner = metric_fields(phi, GRADIENT_FLOW, prime)
    size, width = phi.D, max(inner.var.shape[1], 1)
    dimension, drift = 2 * size + 1, inner.count
    pad = np.full((inner.terms, width - inner.var.shape[1]), size)
    forces = np.hstack([inner.var, pad])
    forces = np.where(forces == size, dimension, forces + 1)
    velocity = np.full((2 * size + 1, width), dimension)
    velocity[1:, 0] = np.tile(np.arange(size) + 1 + size, 2)
    axis = np.concatenate([inner.axis + 1 + size, np.arange(2 * size + 1)])
    coef = np.concatenate([inner.coef, np.ones(size + 1, dtype=np.int64), np.full(size, prime - 1)])
    field = np.concatenate([inner.field, np.full(2 * size + 1, drift)])
    return VectorFields(field, axis, coef, np.vstack([forces, velocity]), dimension, drift + 1, prime)


def fields_of(phi: Parametrisation, dynamics: str, prime: int) -> VectorFields:
    """The fields of one of DYNAMICS."""
    return heavy_ball_fields(phi, prime) if dynamics == HEAVY_BALL else metric_fields(phi, dynamics, prime)

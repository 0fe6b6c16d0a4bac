"""Polynomial vector fields as sparse terms mod p: the object whose Lie algebra decides how many laws exist.

A term is coef[t] * prod_k x[var[t, k]] in coordinate axis[t] of field number field[t]; short monomials are padded with
the index `dimension`, whose value is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .parametrisation import Parametrisation

GRADIENT_FLOW, HEAVY_BALL, ENTROPIC_MIRROR = "gradient flow", "heavy ball", "entropic mirror"
DYNAMICS = (GRADIENT_FLOW, HEAVY_BALL, ENTROPIC_MIRROR)


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


def gradient_fields(phi: Parametrisation, prime: int) -> VectorFields:
    """F_i = E grad phi_i, on R^D."""
    return _fields_of(phi, prime, phi.rates_mod(prime), extra=False)


def mirror_fields(phi: Parametrisation, prime: int) -> VectorFields:
    """F_i = E diag(theta) grad phi_i, on R^D: the entropic mirror (multiplicative updates)."""
    return _fields_of(phi, prime, phi.rates_mod(prime), extra=True)


def _fields_of(phi: Parametrisation, prime: int, rates: np.ndarray, extra: bool) -> VectorFields:
    position = np.nonzero(phi.var < phi.D)
    term, slot = position
    axis = phi.var[position]
    keep = np.ones((len(term), phi.degree), dtype=bool)
    if not extra:
        keep[np.arange(len(term)), slot] = False
    var = phi.var[term][keep].reshape(len(term), -1)
    coef = phi.coef[term] % prime * rates[axis] % prime
    return VectorFields(phi.comp[term], axis, coef, var, phi.D, phi.components, prime)


def heavy_ball_fields(phi: Parametrisation, prime: int) -> VectorFields:
    """(1, v, -v) and (0, 0, E grad phi_i) on (t, theta, v) in R^(2D+1): theta'' + theta' = -E grad L.

    tau = 1 without loss: time can be rescaled. The drift is one more field with its own control.
    """
    inner = gradient_fields(phi, prime)
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
    if dynamics == HEAVY_BALL:
        return heavy_ball_fields(phi, prime)
    return gradient_fields(phi, prime) if dynamics == GRADIENT_FLOW else mirror_fields(phi, prime)

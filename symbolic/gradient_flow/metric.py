"""The metric of a flow: theta' = -M(theta) grad L, M a matrix of monomials.

gradient flow: M = E = diag(rates). entropic mirror: M = E diag(theta). weight normalisation, w = g v / |v| for each
column v: M = E (|v|^2 - v v^T) on v and E |v|^2 on g, the exact flow of (v, g) up to the factor 1/|v|^3, which
changes no orbit.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..errors import BadInput
from .parametrisation import Parametrisation

GRADIENT_FLOW, HEAVY_BALL, ENTROPIC_MIRROR = "gradient flow", "heavy ball", "entropic mirror"
WEIGHT_NORMALISATION = "weight normalisation"
DYNAMICS = (GRADIENT_FLOW, HEAVY_BALL, ENTROPIC_MIRROR, WEIGHT_NORMALISATION)


@dataclass(frozen=True, eq=False)
class Metric:
    """M[row, column] has the term weight * prod of letters; letters are padded with the number of parameters."""

    row: np.ndarray
    column: np.ndarray
    weight: tuple[Fraction, ...]
    letters: np.ndarray

    def entries(self) -> list[tuple[int, int, Fraction, tuple[int, ...]]]:
        """(row, column, weight, letters) per term, without padding."""
        size = int(self.row.max()) + 1
        letters = [tuple(x for x in row if x < size) for row in self.letters.tolist()]
        return list(zip(self.row.tolist(), self.column.tolist(), self.weight, letters))

    def weights_mod(self, prime: int) -> np.ndarray:
        return np.array([w.numerator * pow(w.denominator, -1, prime) % prime for w in self.weight], dtype=np.int64)

    def speeds(self, gradients: np.ndarray, points: np.ndarray, prime: int) -> np.ndarray:
        """M(theta) times the gradient at each point, mod p: (points, D)."""
        extended = np.hstack([points, np.ones((len(points), 1), dtype=np.int64)])
        found = np.zeros_like(points)
        terms = gradients[:, self.column] * self.weights_mod(prime) % prime
        for slot in range(self.letters.shape[1]):
            terms = terms * extended[:, self.letters[:, slot]] % prime
        np.add.at(found.T, self.row, terms.T)
        return found % prime


def metric_of(phi: Parametrisation, dynamics: str) -> Metric:
    """The metric of first-order dynamics; heavy ball uses that of gradient flow for its forces.

    Raises BadInput when weight normalisation has no columns to act on.
    """
    numbers = np.arange(phi.D)
    if dynamics != WEIGHT_NORMALISATION:
        letters = numbers[:, None] if dynamics == ENTROPIC_MIRROR else np.zeros((phi.D, 0), dtype=np.int64)
        return Metric(numbers, numbers, phi.rates, letters)
    entries: list[tuple[int, int, int, int, int]] = []
    moved: set[int] = set()
    for *v, g in normalised_columns(phi):
        moved |= {*v, g}
        entries += [(g, g, 1, k, k) for k in v]
        for i in v:
            for k in v:
                if k != i:
                    entries += [(i, i, 1, k, k), (i, k, -1, i, k)]
    rest = [(j, j, 1, phi.D, phi.D) for j in range(phi.D) if j not in moved]
    table = np.array(entries + rest, dtype=np.int64)
    weights = tuple(sign * phi.rates[a] for a, sign in zip(table[:, 0].tolist(), table[:, 2].tolist()))
    return Metric(table[:, 0], table[:, 1], weights, table[:, 3:])


def normalised_columns(phi: Parametrisation) -> list[list[int]]:
    """[entries of a column v, its gain g], for each matrix followed by a vector with one entry per column.

    phi must depend on them through v g, one monomial per component, so that |v| scales each field as a whole.
    """
    found = []
    for matrix, gains in zip(phi.blocks, phi.blocks[1:]):
        if len(matrix.shape) == 2 and gains.shape == matrix.shape[1:]:
            rows, columns = matrix.shape
            found += [[*(matrix.start + i * columns + j for i in range(rows)), gains.start + j] for j in range(columns)]
    if not found:
        raise BadInput(f"{phi.name}: weight normalisation needs a matrix and then a vector of gains (scaling 3 2)")
    if not phi.monomial or any(not _through_products(phi.monomial_of(t), found) for t in range(len(phi.comp))):
        raise BadInput(f"{phi.name}: weight normalisation needs components that are single products of entries v g")
    return found


def _through_products(monomial: tuple[int, ...], columns: list[list[int]]) -> bool:
    return all(sum(monomial.count(k) for k in v) == monomial.count(g) for *v, g in columns)

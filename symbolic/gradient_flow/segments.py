"""Parameters that phi sees through one scalar: they only move along its gradient, so all but one of them are laws.

If phi_i = c_i(rest) s(theta_S) + r_i(rest) for every i, the S-part of every field is a multiple of E grad s, a field of
theta_S alone; its local first integrals are |S| - 1 laws, polynomial or not. In a linear chain: the matrices between
two layers of width 1.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from .finder import combined_gradients
from .modular import Draws, nullspace
from .parametrisation import Parametrisation
from .polynomial import Monomial


def scalar_segments(phi: Parametrisation) -> list[tuple[int, ...]]:
    """Disjoint runs of neighbouring tensors, longest first, that phi sees through one scalar; at least 2 parameters."""
    blocks, found = phi.blocks, []
    taken: set[int] = set()
    terms = [list(p.terms.items()) for p in phi.polynomials()]
    for length in range(len(blocks), 0, -1):
        for start in range(len(blocks) - length + 1):
            run = blocks[start : start + length]
            numbers = range(run[0].start, run[-1].start + run[-1].size)
            if len(numbers) > 1 and taken.isdisjoint(numbers) and _through_one_scalar(terms, numbers):
                found.append(tuple(numbers))
                taken.update(numbers)
    return sorted(found)


def _through_one_scalar(terms, numbers: range) -> bool:
    scalar = None
    for polynomial in terms:
        parts: dict[Monomial, dict[Monomial, Fraction]] = {}
        for monomial, c in polynomial:
            inside = tuple(v for v in monomial if v in numbers)
            outside = tuple(v for v in monomial if v not in numbers)
            if inside:
                parts.setdefault(outside, {})[inside] = c
        for part in parts.values():
            lead = part[min(part)]
            monic = {m: c / lead for m, c in part.items()}
            if scalar is None:
                scalar = monic
            if monic != scalar:
                return False
    return scalar is not None


def segment_rows(phi: Parametrisation, segments: list[tuple[int, ...]], point: np.ndarray, prime: int) -> np.ndarray:
    """Differentials at a point of the |S| - 1 first integrals of each segment: the covectors that kill E grad s."""
    gradient = combined_gradients(phi, point[None], Draws(f"segments/{phi.name}", prime))[0]
    speed = gradient * phi.rates_mod(prime) % prime
    rows = [np.zeros((0, phi.D), dtype=np.int64)]
    for segment in segments:
        columns = nullspace(speed[None, list(segment)], prime)
        block = np.zeros((columns.shape[1], phi.D), dtype=np.int64)
        block[:, list(segment)] = columns.T
        # A gradient that vanishes at this point would let a row through that is no differential of a law.
        if speed[list(segment)].any():
            rows.append(block)
    return np.vstack(rows)

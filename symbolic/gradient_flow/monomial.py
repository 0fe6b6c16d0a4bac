"""Theorem M: monomial phi needs no Lie algebra.

phi_i = theta^(a_i), exponent matrix A: at every theta without zero entries N = D - rank A, and a complete set of laws
is h_c = sum_j c_j theta_j^2 / eta_j (entropic mirror: sum_j c_j theta_j / eta_j), c in ker A.
Proof: <grad h_c, F_i> = 2 phi_i (A c)_i = 0; the gradients are independent; N <= D - rank(grad phi) = D - rank A.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import BadInput, Undecided
from .laws import Law, law_from
from .metric import GRADIENT_FLOW
from .modular import PRIMES, Draws, integer_basis, nullspace, pivot_columns, rank
from .parametrisation import Parametrisation


@dataclass(frozen=True)
class MonomialLaws:
    """kernel: integer basis of ker A; laws: the h_c in the same order. Complete, by theorem M."""

    kernel: tuple[tuple[int, ...], ...]
    laws: tuple[Law, ...]


def monomial_laws(phi: Parametrisation, dynamics: str = GRADIENT_FLOW) -> MonomialLaws:
    """ker A, exactly: vectors found mod p, each checked on every monomial over Z.

    rank(G mod p) <= rank_Q A for the random Gram matrix G = sum_t r_t a_t a_t^T, so D - rank G verified independent
    vectors are the whole kernel. Raises BadInput when some component has several terms.
    """
    if not phi.monomial:
        raise BadInput(f"{phi.name}: theorem M needs single-monomial components")
    for prime in PRIMES:
        columns = nullspace(_gram(phi, Draws(f"monomial/{phi.name}", prime)), prime)
        basis = integer_basis(columns, prime) if columns.shape[1] else []
        if basis is not None and _annihilates(phi, basis):
            power = (1,) if dynamics != GRADIENT_FLOW else (1, 1)
            laws = [
                law_from({(j,) * len(power): c / phi.rates[j] for j, c in enumerate(row) if c}, dynamics)
                for row in basis
            ]
            return MonomialLaws(tuple(map(tuple, basis)), tuple(laws))
    raise Undecided(f"{phi.name}: no kernel mod {', '.join(map(str, PRIMES))} lifts to the integers")


def _gram(phi: Parametrisation, draws: Draws) -> np.ndarray:
    """sum_t r_t a_t a_t^T mod p; random subsets of rows would miss rare ones, such as biases."""
    width = phi.D + 1
    weights = draws(len(phi.var))
    flat = np.zeros(width * width, dtype=np.int64)
    for k in range(phi.degree):
        for j in range(phi.degree):
            np.add.at(flat, phi.var[:, k] * width + phi.var[:, j], weights)
    return flat.reshape(width, width)[:-1, :-1] % draws.prime


def _annihilates(phi: Parametrisation, basis: list[list[int]]) -> bool:
    for row in basis:
        if max(map(abs, row)) > 1 << 40:
            return False
        extended = np.array([*row, 0], dtype=np.int64)
        if extended[phi.var].sum(axis=1).any():
            return False
    return True


def independent_monomials(phi: Parametrisation, needed: int) -> list[int]:
    """Numbers of `needed` components with independent exponents: the certificate of rank A >= needed.

    Components that hold a rarely used parameter come first, so that few rows have to be reduced.
    """
    prime = PRIMES[0]
    use = np.bincount(phi.var.ravel(), minlength=phi.D + 1)
    use[phi.D] = len(phi.var) + 1
    rarity = use[phi.var].min(axis=1)
    shuffled = np.argsort(Draws(f"rows/{phi.name}", prime)(len(phi.var)), kind="stable")
    order = shuffled[np.argsort(rarity[shuffled], kind="stable")]
    firsts = [np.flatnonzero((phi.var[order] == j).any(axis=1))[:2] for j in range(phi.D)]
    order = order[np.array(list(dict.fromkeys(np.concatenate([*firsts, np.arange(len(order))]).tolist())), dtype=int)]
    chosen: list[int] = []
    for start in range(0, len(order), 2 * phi.D):
        candidates = np.concatenate([np.array(chosen, dtype=int), order[start : start + 2 * phi.D]])
        exponents = np.zeros((len(candidates), phi.D + 1), dtype=np.int64)
        for column in phi.var[candidates].T:
            np.add.at(exponents, (np.arange(len(candidates)), column), 1)
        table = np.ascontiguousarray(exponents[:, :-1].T)
        if rank(table, prime) > len(chosen):
            chosen = [int(candidates[i]) for i in pivot_columns(table, prime)]
        if len(chosen) == needed:
            return sorted(chosen)
    raise Undecided(f"{phi.name}: only {len(chosen)} of {needed} exponent vectors are independent mod {prime}")

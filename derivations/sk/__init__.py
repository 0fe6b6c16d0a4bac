"""The Sherrington-Kirkpatrick model: replica-symmetric free energy, stability, and what fails at zero temperature."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .evaluation import model
from .ground import zero_temperature
from .notation import NOTATION, beta, h, q, r
from .replicas import replicated, stability, symmetric, thermodynamics
from .witnesses import witnesses

__all__ = ["NOTATION", "beta", "derivation", "derive", "h", "q", "replicated"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="sk",
        title="The Sherrington-Kirkpatrick model with replica symmetry",
        abstract="The free energy of Ising spins with independent Gaussian couplings between all pairs, by "
        "the replica method: "
        "the replica-symmetric saddle point, its stability, and its failure at low temperature, "
        "where the entropy is negative.",
        sources=(
            "D. Sherrington and S. Kirkpatrick, Solvable model of a spin-glass, Physical Review Letters 35, 1975",
            "J. R. L. de Almeida and D. J. Thouless, Stability of the Sherrington-Kirkpatrick solution of a spin glass "
            "model, Journal of Physics A 11, 1978",
        ),
        notation=NOTATION,
        falsifier="Above the line where the replicon eigenvalue vanishes: a simulation whose energy leaves the curve.",
    )
    replicated(D)
    symmetric(D)
    thermodynamics(D)
    stability(D)
    zero_temperature(D)
    D.limits += [Limit("high temperature: free spins", "potential", {beta: 0, q: 0, r: 0}, sp.log(2))]
    D.witnesses += witnesses()
    D.model = model(derivation)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

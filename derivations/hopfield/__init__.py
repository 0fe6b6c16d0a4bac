"""The Hopfield model near saturation: retrieval and spin-glass states with replica symmetry, storage capacity."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .evaluation import model
from .ground import instability, onset, retrieval, spin_glass, zero_temperature
from .notation import NOTATION, alpha, beta, m, mhat, q, qhat
from .replicated import replicated, symmetric, thermodynamics

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="hopfield",
        title="The Hopfield model near saturation with replica symmetry",
        abstract="An associative memory of Ising spins that stores a number of patterns proportional to the number of "
        "spins: the states that retrieve a pattern, the spin-glass state, the load at which retrieval ends and the one "
        "below which it has the lower energy, and the failure of replica symmetry at low temperature.",
        sources=(
            "D. J. Amit, H. Gutfreund and H. Sompolinsky, Storing infinite numbers of patterns in a spin-glass model "
            "of neural networks, Physical Review Letters 55, 1985",
            "D. J. Amit, H. Gutfreund and H. Sompolinsky, Statistical mechanics of neural networks near saturation, "
            "Annals of Physics 173, 1987",
        ),
        notation=NOTATION,
        falsifier="Zero-temperature dynamics that starts at a pattern and keeps its overlap at a load above capacity.",
    )
    replicated(D)
    symmetric(D)
    thermodynamics(D)
    zero_temperature(D)
    instability(D)
    retrieval(D)
    spin_glass(D)
    onset(D)
    D.limits += [
        Limit("no load: the field of the pattern alone", "signal", {alpha: 0}, sp.tanh(beta * m)),
        Limit(
            "no other patterns, high temperature: free spins",
            "potential",
            {beta: 0, m: 0, mhat: 0, q: 0, qhat: 0},
            sp.log(2),
        ),
    ]
    D.model = model(D)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

"""The p-spin model of Ising spins: replica symmetry, one step of breaking, the static transition, the ground state."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .evaluation import model
from .notation import NOTATION, beta, mu, p, q, r
from .replicas import replicated, symmetric, tree
from .transitions import ground, transition

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="p_spin_ising",
        title="The p-spin model of Ising spins with one step of replica symmetry breaking",
        abstract="Ising spins in a Gaussian energy landscape whose covariance is a power of the overlap. Replica "
        "symmetry gives the paramagnet; one step of breaking gives the static transition and, at zero temperature, an "
        "energy in closed form, which becomes that of independent energies for many spins per interaction.",
        sources=(
            "D. J. Gross and M. Mezard, The simplest spin glass, Nuclear Physics B 240, 1984",
            "E. Gardner, Spin glasses with p-spin interactions, Nuclear Physics B 257, 1985",
        ),
        notation=NOTATION,
        falsifier="A simulation whose ground-state energy lies below the one of this ansatz by more than its error.",
    )
    replicated(D)
    symmetric(D)
    tree(D)
    transition(D)
    ground(D)
    D.limits += [
        Limit("infinite temperature: free spins", "potential-symmetric", {beta: 0, q: 0, r: 0}, sp.log(2)),
        # The energy of 2^N independent levels: -mu/4 - log(2)/mu is largest at mu = 2 sqrt(log 2).
        Limit("many spins per interaction", "ground-state-energy", {p: sp.oo}, -mu / 4 - sp.log(2) / mu),
    ]
    D.model = model(derivation)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

"""The spherical p-spin model: one step of breaking, the transitions, and the number of states, counted in two ways."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .complexity import complexity, threshold
from .critical_points import agreement, critical_points
from .evaluation import model
from .ground import ground, stability, states
from .notation import NOTATION, beta, m, p, phi_m, phi_q, q
from .statics import replicated, transition, tree
from .witnesses import witnesses

__all__ = ["derivation", "derive", "m", "p", "phi_m", "phi_q", "q"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="p_spin_spherical",
        title="The spherical p-spin model with one step of replica symmetry breaking",
        abstract="A Gaussian energy landscape on the sphere whose covariance is a power of the overlap. One "
        "step of replica "
        "symmetry breaking gives the potential in closed form, the static transition for every "
        "number of spins per interaction, and the number of states above it; at zero temperature it gives the ground "
        "state and the number of states at every energy. Counting the critical points of the energy without replicas "
        "gives the same number.",
        sources=(
            "A. Crisanti and H.-J. Sommers, The spherical p-spin interaction spin glass model: the "
            "statics, Zeitschrift "
            "f\u00fcr Physik B 87, 1992",
            "A. Crisanti and H.-J. Sommers, Thouless-Anderson-Palmer approach to the spherical p-spin spin glass "
            "model, Journal de Physique I 5, 1995",
            "Y. V. Fyodorov, Complexity of random energy landscapes, glass transition, and absolute value of the "
            "spectral determinant of random matrices, Physical Review Letters 92, 2004",
            "A. Auffinger, G. Ben Arous and J. Cerny, Random matrices and complexity of spin glasses, Communications "
            "on Pure and Applied Mathematics 66, 2013",
        ),
        notation=NOTATION,
        falsifier="A parallel-tempering simulation whose overlap distribution splits at another temperature.",
    )
    replicated(D)
    tree(D)
    transition(D)
    complexity(D)
    threshold(D)
    ground(D)
    states(D)
    stability(D)
    critical_points(D)
    agreement(D)
    D.limits += [
        Limit("one replica per block: no breaking", "potential-blocks", {m: 1}, beta**2 / 4),
        Limit("infinite temperature: the volume of the sphere", "potential-blocks", {beta: 0, q: 0}, sp.Integer(0)),
    ]
    D.witnesses += witnesses()
    D.model = model(derivation)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

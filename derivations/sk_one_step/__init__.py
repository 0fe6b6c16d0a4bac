"""The Sherrington-Kirkpatrick model with one step of replica symmetry breaking, below the critical temperature."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation
from ..sk import replicated
from .evaluation import model
from .ground import ground
from .notation import NOTATION
from .saddle import saddle, thermodynamics, tree

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="sk_one_step",
        title="The Sherrington-Kirkpatrick model with one step of replica symmetry breaking",
        abstract="Below the line of de Almeida and Thouless replicas fall into blocks. One step of replica symmetry "
        "breaking gives a potential with a Gaussian field for each level, the equations of its five order parameters, "
        "and at zero temperature an energy in error functions.",
        sources=(
            "G. Parisi, A sequence of approximated solutions to the S-K model for spin glasses, "
            "Journal of Physics A 13, 1980",
        ),
        notation=NOTATION,
        falsifier="A ground-state energy below the one of this ansatz by more than the error of a simulation.",
    )
    replicated(D)
    tree(D)
    saddle(D)
    thermodynamics(D)
    ground(D)
    D.model = model(derivation)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

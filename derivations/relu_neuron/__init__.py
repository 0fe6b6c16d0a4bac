"""One piecewise linear neuron: imbalance, direction and size, exact pieces of a ReLU neuron."""

from __future__ import annotations

from ...symbolic.derivation import Derivation
from ...symbolic.system import Model
from .evaluation import EXAMPLE, PARAMETERS, RESULTS, case, system
from .notation import NOTATION
from .text import build, built

__all__ = ["NOTATION", "derivation", "derive"]

MODEL = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)


def derive() -> Derivation:
    """The whole derivation, computed anew."""
    D = build()
    D.model = MODEL
    return D


def derivation() -> Derivation:
    """The derivation, computed once per process."""
    D = built()
    D.model = MODEL
    return D

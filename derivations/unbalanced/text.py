"""The derivation from first to last step, without what is needed to evaluate it."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation
from .conservation import conserved, model
from .discrete import discrete
from .escape import escape
from .function_space import function_space
from .long_time import long_time
from .minimum import minimum
from .notation import NOTATION
from .solution import solution
from .stable import stable
from .witnesses import checks


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="unbalanced",
        title="Gradient flow from an unbalanced start",
        abstract=r"The gradient flow of a linear network with one hidden neuron, $f(x) = a\, w \cdot x$, for every "
        "initial balance of its layers and every pair of learning rates: the conserved imbalance, the solution for "
        "whitened inputs in one formula without branches, its basins, and the geometry in function space.",
        sources=(
            "D. Kunin, A. Raventos, C. Domine, F. Chen, D. Klindt, A. Saxe and S. Ganguli, Get rich quick: exact "
            "solutions reveal how unbalanced initializations promote rapid feature learning, 2024, arXiv:2406.06158",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow that leaves the formulas by more than its own error.",
    )
    model(D)
    conserved(D)
    discrete(D)
    solution(D)
    stable(D)
    long_time(D)
    escape(D)
    function_space(D)
    minimum(D)
    checks(D)
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

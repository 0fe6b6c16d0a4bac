"""The derivation from first to last step, without what is needed to evaluate it."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation
from .mirror import function_space, mirror
from .model import conserved, model
from .notation import NOTATION
from .warped import commuting, data, warped
from .whitened import whitened
from .witnesses import checks


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="diagonal_linear",
        title="Diagonal linear networks",
        abstract=r"The gradient flow of a diagonal network, $f(x) = \sum_j u_j v_j x_j$, for every initial balance: "
        "one conserved imbalance for each coordinate, the exact solution in the accumulated gradient for any data, "
        "the mirror potential and the implicit bias it gives, and the trajectory for whitened data.",
        sources=(
            "B. Woodworth, S. Gunasekar, J. Lee, E. Moroshko, P. Savarese, I. Golan, D. Soudry and N. Srebro, Kernel "
            "and rich regimes in overparametrized models, 2020, arXiv:2002.09277",
            "U. Ghai, E. Hazan and Y. Singer, Exponentiated gradient meets gradient descent, 2020, arXiv:1902.01903",
            "Z. Li, T. Wang, J. Lee and S. Arora, Implicit bias of gradient descent on reparametrized models: on "
            "equivalence to mirror descent, 2022, arXiv:2207.04036",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow that leaves the formulas by more than its own error.",
    )
    model(D)
    conserved(D)
    function_space(D)
    mirror(D)
    warped(D)
    data(D)
    commuting(D)
    whitened(D)
    checks(D)
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

"""The derivation from first to last step, without what is needed to evaluate it."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation
from .extremes import extremes
from .isotropic import isotropic
from .limit import limit
from .mirror import mirror
from .model import model
from .notation import NOTATION
from .signs import signs
from .witnesses import checks


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="implicit_bias",
        title="Implicit bias of an unbalanced start",
        abstract=r"The limit of the gradient flow of a linear network with one hidden neuron, $f(x) = a\, w \cdot x$, "
        "for data of any rank and spectrum: the part of the weights that no sample sees is frozen, and one quadratic "
        "equation gives the rest. The sign, the limits of extreme balance and the mirror potential follow.",
        sources=(
            "D. Kunin, A. Raventos, C. Domine, F. Chen, D. Klindt, A. Saxe and S. Ganguli, Get rich quick: exact "
            "solutions reveal how unbalanced initializations promote rapid feature learning, 2024, arXiv:2406.06158",
            "S. Azulay, E. Moroshko, M. S. Nacson, B. Woodworth, N. Srebro, A. Globerson and D. Soudry, On the "
            "implicit bias of initialization shape: beyond infinitesimal mirror descent, 2021, arXiv:2102.09769",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow whose interpolating limit differs from the formula.",
    )
    model(D)
    limit(D)
    signs(D)
    isotropic(D)
    extremes(D)
    mirror(D)
    checks(D)
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

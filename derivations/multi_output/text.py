"""The derivation from first to last step, without what is needed to evaluate it."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation, Limit
from .closure import closure
from .model import conserved, model
from .notation import NOTATION, symbols
from .riccati import isotropic
from .solution import solution


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="multi_output",
        title="Two-layer linear networks with several outputs",
        abstract=r"The gradient flow of a linear network with two layers and any number of outputs, $f(x) = W_2 "
        r"W_1 x$: "
        "the conserved matrix of its symmetry, the solution of the matrix Riccati equation for whitened inputs and an "
        "isotropic imbalance of any sign, and the kernels as functions of the predictor.",
        sources=(
            "K. Fukumizu, Effect of batch learning in multilayer neural networks, 1998",
            "D. Kunin, A. Raventos, C. Domine, F. Chen, D. Klindt, A. Saxe and S. Ganguli, Get rich quick: exact "
            "solutions reveal how unbalanced initializations promote rapid feature learning, 2024, arXiv:2406.06158",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow that leaves the formulas by more than its own error.",
    )
    model(D)
    conserved(D)
    isotropic(D)
    solution(D)
    closure(D)
    level, kappa, sigma = symbols("D kappa sigma")
    D.limits += [
        Limit("balanced: both kernels are kappa times the singular value", "upper-root", {level: 0}, kappa * sigma),
        Limit("balanced: the lower kernel", "lower-root", {level: 0}, kappa * sigma),
        Limit("small predictor, upstream", "upper-root", {sigma: 0}, level, given=(level > 0,)),
        Limit("small predictor, downstream", "lower-root", {sigma: 0}, -level, given=(level < 0,)),
    ]
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

"""The derivation from first to last step, without what is needed to evaluate it."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .chain import chain
from .layers import balanced, conserved
from .notation import NOTATION, symbols


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="deep_linear",
        title="Deep linear networks from an unbalanced start",
        abstract=r"The gradient flow of linear networks of any depth: the conserved matrix of every pair of "
        r"neighbouring "
        "layers, the preconditioner of balanced networks with one output, and the limit of a chain with one neuron per "
        "layer for data of any rank.",
        sources=(
            "S. Arora, N. Cohen and E. Hazan, On the optimization of deep networks: implicit acceleration by "
            "overparameterization, 2018, arXiv:1802.06509",
            "D. Kunin, A. Raventos, C. Domine, F. Chen, D. Klindt, A. Saxe and S. Ganguli, Get rich quick: exact "
            "solutions reveal how unbalanced initializations promote rapid feature learning, 2024, arXiv:2406.06158",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow whose interpolating limit differs from the formula.",
    )
    conserved(D)
    balanced(D)
    chain(D)
    L, c_eta, length = symbols("L c_eta length")
    D.limits += [
        Limit("two balanced layers: homogeneous of degree 1", "across", {L: 2}, c_eta * length),
        Limit("two balanced layers, along the predictor", "along", {L: 2}, 2 * c_eta * length),
        Limit("many layers", "across", {L: sp.oo}, length**2),
    ]
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

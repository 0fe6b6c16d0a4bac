"""The derivation from first to last step, without what is needed to evaluate it."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .closure import closure
from .model import conserved, function_space, model
from .neuron import neuron
from .notation import NOTATION, symbols
from .sample import sample


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="wide_linear",
        title="Wide linear networks from an unbalanced start",
        abstract=r"The gradient flow of a linear network with one output and any number of hidden neurons, "
        r"$f(x) = a^\top W x$: the conserved matrix of its symmetry, the closed evolution in function space with its "
        "conserved spectrum, the condition under which predictor and spectrum fix the kernel, the effective "
        "neuron that "
        "replaces the network then, and the limit for one sample.",
        sources=(
            "D. Kunin, A. Raventos, C. Domine, F. Chen, D. Klindt, A. Saxe and S. Ganguli, Get rich quick: exact "
            "solutions reveal how unbalanced initializations promote rapid feature learning, 2024, arXiv:2406.06158",
            "S. Azulay, E. Moroshko, M. S. Nacson, B. Woodworth, N. Srebro, A. Globerson and D. Soudry, On the "
            "implicit bias of initialization shape: beyond infinitesimal mirror descent, 2021, arXiv:2102.09769",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow that leaves the formulas by more than its own error.",
    )
    model(D)
    conserved(D)
    function_space(D)
    closure(D)
    neuron(D)
    sample(D)
    mu, mu_bar, b, A_minus, s, A_plus = symbols("mu mu_bar b A_minus s A_plus")
    gamma, eta_w, size_a = symbols("gamma eta_w size_a")
    D.limits += [
        Limit("large predictor: three halves of the difference", "gap", {b: sp.oo}, sp.Rational(3, 2) * (mu_bar - mu)),
        Limit("one neuron: its own output weight", "output-effective", {gamma: 0}, sp.sqrt(size_a)),
        Limit("no output weights", "output-effective", {size_a: 0}, sp.sqrt(gamma / eta_w)),
        Limit("no label: the shares balance", "angle-square", {s: 0}, sp.sqrt(A_minus / A_plus)),
    ]
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

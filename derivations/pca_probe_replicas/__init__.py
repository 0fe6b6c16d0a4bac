"""PCA pretraining and linear probing by replicas: another chain to the equations of `pca_probe`, proved equal."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .evaluation import model
from .notation import NOTATION, symbols
from .probe import agreement as probe_agreement
from .probe import errors, student
from .unlabelled import agreement as resolvent_agreement
from .unlabelled import replicated, resolvent, saddle

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="pca_probe_replicas",
        title="PCA pretraining and linear probing by replicas",
        abstract="The equations of the PCA-probe model by another chain. The resolvent of the unlabelled covariance is "
        "found from replicas of a Gaussian integral, and the errors of the probe from the replicated student and "
        "teacher with the covariance of the representation. Both are proved equal to the equations found from linear "
        "pencils.",
        sources=(
            "S. F. Edwards and R. C. Jones, The eigenvalue spectrum of a large symmetric random matrix, Journal of "
            "Physics A 9, 1976",
            "V. Njaradi, C. Domin\u00e9, R. Swanson, M. Mondelli and A. Saxe, Optimal Representation Size: "
            "High-Dimensional Analysis of Pretraining and Linear Probing, arXiv:2605.20105, 2026",
        ),
        notation=NOTATION,
        falsifier="A value of either route that differs from the other at a point of the domain.",
    )
    replicated(D)
    saddle(D)
    resolvent(D)
    resolvent_agreement(D)
    student(D)
    errors(D)
    probe_agreement(D)
    m, omega, gamma, q, lam = symbols("m omega gamma q lam")
    s, vh = symbols("s vh")
    D.limits += [
        Limit("unlimited unlabelled data: the population", "companion", {gamma: sp.Integer(0)}, 1 / m),
        Limit("far below the spectrum", "eigenvalue", {omega: sp.oo}, sp.Integer(0)),
        Limit("the population's resolvent", "eigenvalue", {vh: sp.Integer(1)}, 1 / (omega + s)),
        Limit("many labels: no shrinkage beyond the penalty", "kappa", {q: sp.Integer(0)}, lam),
    ]
    D.model = model(D)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

"""A logistic probe on principal components by replicas: class error and mean loss from the overlaps PCA captured."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .channel import errors, logistic
from .evaluation import model
from .notation import NOTATION, symbols
from .replicas import replicated, stationary, zero_temperature
from .task import overlaps, task

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="pca_probe_logistic",
        title="A logistic probe on principal components",
        abstract="A representation is learned by principal component analysis of unlabelled data with spiked "
        "covariance; a probe with the logistic loss and a ridge penalty learns from it the sign of a noisy linear "
        "task. Six conditions for the overlaps of the probe determine its class error and its mean loss, for any "
        "number of spikes, from the shares of the spikes that the representation captured.",
        sources=(
            "V. Njaradi, C. Domin\u00e9, R. Swanson, M. Mondelli and A. Saxe, Optimal Representation Size: "
            "High-Dimensional Analysis of Pretraining and Linear Probing, arXiv:2605.20105, 2026",
            "B. Loureiro, C. Gerbelot, H. Cui, S. Goldt, F. Krzakala, M. M\u00e9zard and L. Zdeborov\u00e1, Learning "
            "curves of generic features maps for realistic datasets with a teacher-student model, NeurIPS 2021",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose mean class error over 50 draws lies five standard errors away.",
    )
    task(D)
    replicated(D)
    zero_temperature(D)
    stationary(D)
    logistic(D)
    overlaps(D)
    errors(D)
    m, Vh, lam_k = symbols("m Vh lam_k")
    D.limits += [
        Limit("no overlap: labels are guessed", "class-error", {m: sp.Integer(0)}, sp.Rational(1, 2)),
        Limit("no samples: the penalty alone", "spread-law", {Vh: sp.Integer(0)}, 1 / lam_k),
    ]
    D.model = model(D)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

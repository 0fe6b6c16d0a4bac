"""Ridge regression by replicas: order parameters, generalisation and training errors for any covariance and teacher."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.derivation import Derivation, Limit
from .agreement import agreement
from .errors import errors, one_sample, overlaps
from .evaluation import model
from .instances import isotropic, levels
from .notation import NOTATION, alpha, kappa, rho
from .replicas import replicated, zero_temperature
from .saddle import effective_penalty, saddle

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="ridge",
        title="Ridge regression by replicas",
        abstract="A linear student learns a linear teacher from noisy labels of Gaussian inputs with any covariance, "
        "with a ridge penalty. The overlaps of student and teacher and both errors follow from one effective penalty; "
        "for isotropic inputs they are in closed form. The result is proved equal to that of the resolvent method.",
        sources=(
            "A. Krogh and J. A. Hertz, Generalization in a linear perceptron in the presence of noise, Journal of "
            "Physics A 25, 1992",
            "A. Canatar, B. Bordelon and C. Pehlevan, Spectral bias and task-model alignment explain generalization "
            "in kernel regression and infinitely wide neural networks, Nature Communications 12, 2021",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose mean generalisation error over 50 draws lies five standard "
        "errors away.",
    )
    replicated(D)
    zero_temperature(D)
    saddle(D)
    effective_penalty(D)
    overlaps(D)
    one_sample(D)
    errors(D)
    isotropic(D)
    levels(D)
    agreement(D)
    D.limits += [
        Limit("strong penalty: nothing is learned", "generalisation-isotropic", {kappa: sp.oo}, rho),
        Limit("weak penalty, many samples: all is learned", "teacher-overlap-isotropic", {kappa: sp.Integer(0)}, rho),
        Limit(
            "many samples: only the shrinkage errs",
            "generalisation-isotropic",
            {alpha: sp.oo},
            rho * kappa**2 / (1 + kappa) ** 2,
        ),
    ]
    D.model = model(D)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

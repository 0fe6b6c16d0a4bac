"""Ridge regression by deterministic equivalents: bias, variance, test and training error, any covariance and task."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation, Limit
from .equivalent import equivalent, slopes
from .errors import closed_forms, errors
from .evaluation import model
from .notation import NOTATION, kappa, phi
from .witnesses import witnesses

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="ridge_equivalent",
        title="Ridge regression by deterministic equivalents",
        abstract="Ridge regression on Gaussian inputs of any covariance, for a linear task with any distribution over "
        "its "
        "directions. One resolvent with a source determines bias, variance, test and training error.",
        sources=(
            "T. Hastie, A. Montanari, S. Rosset and R. Tibshirani, Surprises in high-dimensional ridgeless least "
            "squares "
            "interpolation, Annals of Statistics 50, 2022",
            "F. Bach, High-dimensional analysis of double descent for linear regression with random projections, 2024",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose mean test error over 50 draws lies five standard errors away.",
    )
    equivalent(D)
    slopes(D)
    errors(D)
    closed_forms(D)
    witnesses(D)
    D.limits += [
        Limit("many samples: kappa -> lam", "ridge", {phi: 0}, kappa),
        Limit("many samples: no variance", "variance", {phi: 0}, 0),
    ]
    D.model = model(D)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

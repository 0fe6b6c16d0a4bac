"""Random features regression: the kernel resolvent, its quartic, training and test error, all parameters symbolic."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation, Limit
from .branch import branch, model
from .errors import errors
from .notation import NOTATION, kappa, psi
from .traces import traces

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="random_features",
        title="Ridge regression on random features",
        abstract="A linear target of Gaussian inputs is learned by ridge regression on random nonlinear features, "
        "each of "
        "them a linear part and an independent nonlinear part. We derive the traces of the kernel resolvent and with "
        "them "
        "the training and the test error, for any ratios of samples, inputs and features and any penalty.",
        sources=(
            "B. Adlam and J. Pennington, The Neural Tangent Kernel in High Dimensions: Triple Descent and a "
            "Multi-Scale "
            "Theory of Generalization, arXiv:2008.06786, 2020",
            "S. Mei and A. Montanari, The generalization error of random features regression, arXiv:1908.05355, 2019",
        ),
        notation=NOTATION,
        falsifier="A simulation with 4000 features whose mean test error over 50 draws lies five standard errors away.",
    )
    traces(D)
    errors(D)
    branch(D)
    D.limits.append(Limit("many features: kappa -> lam", "ridge", {psi: 0}, kappa))
    D.model = model(D)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

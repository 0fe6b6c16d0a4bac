"""PCA pretraining followed by a linear probe: what the representation captures, and what the probe then errs."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation, Limit
from .evaluation import model
from .notation import NOTATION, i, symbols
from .optimum import compression, interpolation, optimum, stationarity
from .pretraining import bulk_law, overlap, resolvent
from .probe import effective_problem, equivalents, errors
from .trade_off import exchange_rates, limits_of_data, responses

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="pca_probe",
        title="PCA pretraining and linear probing",
        abstract="A representation is learned by principal component analysis of unlabelled data and used by a linear "
        "probe on labelled data. For Gaussian inputs with spiked covariance we derive, in the limit of large dimension "
        "and sample sizes, how much of each spike the representation captures and the training and "
        "generalisation errors of "
        "the probe, for any number of spikes and any ridge penalty including none; from these, the size of the "
        "representation "
        "with the least error, and how many unlabelled samples replace one label.",
        sources=(
            "V. Njaradi, C. Domin\u00e9, R. Swanson, M. Mondelli and A. Saxe, Optimal Representation Size: "
            "High-Dimensional "
            "Analysis of Pretraining and Linear Probing, arXiv:2605.20105, 2026",
            "J. Baik, G. Ben Arous and S. P\u00e9ch\u00e9, Phase transition of the largest eigenvalue for "
            "nonnull complex "
            "sample covariance matrices, Annals of Probability 33, 2005",
            "V. A. Marchenko and L. A. Pastur, Distribution of eigenvalues for some sets of random matrices, "
            "Mathematics of the USSR-Sbornik 1, 1967",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose mean generalisation error over 50 draws lies five standard "
        "errors away.",
    )
    resolvent(D)
    bulk_law(D)
    overlap(D)
    effective_problem(D)
    equivalents(D)
    errors(D)
    stationarity(D)
    compression(D)
    interpolation(D)
    optimum(D)
    responses(D)
    exchange_rates(D)
    limits_of_data(D)
    _known_limits(D)
    D.model = model(D)
    return D


def _known_limits(D: Derivation) -> None:
    rho, c, noise, sigma2, lam, q = symbols("rho c noise sigma2 lam q")
    everything = {c[i]: 1, c[1]: 1, c[2]: 1, rho: 1}
    D.limits += [
        Limit("complete representation: only label noise", "effective-noise", everything, sigma2),
        Limit("strong penalty: kappa/lam -> 1 at fixed q", "kappa", {q: 0}, lam),
        Limit("infinitely many labels: E_gen -> effective noise", "least-squares", {q: 0}, noise),
    ]


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

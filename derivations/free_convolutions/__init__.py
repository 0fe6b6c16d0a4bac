"""Free sums, products and compressions from matrix pencils, with R- and S-transforms as second derivation."""

from __future__ import annotations

from functools import cache

from ...symbolic.derivation import Derivation, Limit
from .compression import compression
from .evaluation import model
from .notation import NOTATION, a, c1, c2, g1, g2, h, t, z
from .products import products
from .sums import projections, sums

__all__ = ["derivation", "derive"]


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="free_convolutions",
        title="Free convolutions of Gaussian matrix models",
        abstract="Sums, products and compressions of independent random matrices by one method, the linear pencil, "
        "and a "
        "second time by the transforms of free probability, which must and do give the same curves.",
        sources=(
            "D. Voiculescu, Addition of certain non-commuting random variables, Journal of Functional Analysis 66, "
            "1986",
            "D. Voiculescu, Multiplication of certain non-commuting random variables, Journal of Operator Theory 18, "
            "1987",
            "J. Helton, T. Mai and R. Speicher, Applications of realizations (aka linearizations) to free probability, "
            "Journal of Functional Analysis 274, 2018",
        ),
        notation=NOTATION,
        falsifier="A simulation in dimension 4000 whose trace lies five standard errors away.",
    )
    sums(D)
    products(D)
    projections(D)
    compression(D)
    D.limits += [
        Limit("no second summand: Marchenko-Pastur", "sum-by-r", {a: 0}, 1 / t - 1 / (1 + g1 * t)),
        Limit(
            "many samples in the first factor: the second alone", "product-by-s", {g1: 0}, (1 - h) * (1 - g2 * h) / h
        ),
        Limit("no first projection: the second alone", "projections-trace", {c1: 0}, c2 / (1 - z) - (1 - c2) / z),
    ]
    D.model = model(D)
    return D


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

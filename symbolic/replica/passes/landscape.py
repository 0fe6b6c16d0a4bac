"""Gaussian energy landscapes: the covariance of the energies, averaged over n replicas."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...claim import Equation
from ...quantity import POSITIVE, Quantity, interval
from ..landscape import MixedLandscape
from .work import Work, indices

i = sp.Symbol("i", integer=True, positive=True)


def covariance(work: Work) -> None:
    """C = N xi(R), the mean energy of spins in a field, and E Z^n = sum exp(X)."""
    xi: Any = work.model.disorder
    field = getattr(work.model.weights, "field", sp.Integer(0))
    beta_quantity = Quantity("beta", "inverse temperature", r"\beta", POSITIVE, "parameter")
    beta, N, n, a, b, C, R, pairs, X, Phi, phi = work.declare(
        beta_quantity,
        *indices(),
        Quantity("C", "covariance of the energies of two configurations", "C"),
        Quantity("R", "overlap of two configurations", "R", interval(-1, 1)),
        Quantity("Rab", "overlaps of the replicas", "R", kind="list"),
        Quantity("X", "replicated exponent", r"\mathcal{X}"),
        Quantity("Phi", "potential of n replicas per spin", r"\Phi_n"),
        Quantity("phi", "potential per spin and replica", r"\varphi", role="result"),
    )
    del Phi, phi
    work.parameter(beta, "inverse temperature")
    work.D.section("The replicated system")
    work.D.define(
        "covariance",
        Equation(C, N * xi.at(R), ":="),
        prose="The energies of two configurations with the overlap $R$ are Gaussian with covariance",
    )
    used, spins = ["covariance"], None
    if field != 0:
        M, spins = work.declare(
            Quantity("M", "mean energy of a configuration", "M"), Quantity("s", "spins", "s", kind="list")
        )
        total: Any = sp.Sum(spins[i], (i, 1, N))
        work.D.define("mean-energy-definition", Equation(M, -field * total, ":="), prose="and their mean is")
        used.append("mean-energy-definition")
    else:
        (spins,) = work.declare(Quantity("s", "spins", "s", kind="list"))
    work.derive(
        MixedLandscape(
            result=X, overlap=R, overlaps=pairs, inverse_temperature=beta, replicas=(a, b), n=n, spins=spins, size=N
        ),
        *used,
        label="disorder-average",
        prose=r"For an integer number $n$ of replicas the mean over the energies is "
        r"$\mathbb{E}\, Z^n = \sum_s e^{\mathcal{X}}$, the sum (or integral) running over all weights, with",
    )

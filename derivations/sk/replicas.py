"""From the energy of one sample to the replica-symmetric saddle point, its thermodynamics and its stability."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.disorder import GaussianDisorder, SitesToOverlaps
from ...symbolic.replica.insertion import Insert, MeansAt
from ...symbolic.replica.mean import Mean
from ...symbolic.replica.saddle import DecoupleSpins, SaddlePoint, SymmetricAnsatz
from ...symbolic.replica.stability import Replicon
from ...symbolic.replica.stationarity import MeansRestate, Slope, Stationary
from .notation import (
    H,
    J,
    N,
    Phi,
    Q,
    Qhat,
    R,
    X,
    a,
    b,
    beta,
    entropy,
    f,
    h,
    i,
    j,
    lam,
    lam_n,
    n,
    phi,
    q,
    r,
    s,
    sigma,
    u,
    z,
)


def replicated(D: Derivation) -> None:
    D.section("The replicated system")
    pairs: Any = sp.Sum(J[i, j] * s[i] * s[j], (j, i + 1, N), (i, 1, N))
    D.define(
        "energy",
        Equation(H, -pairs - h * sp.Sum(s[i], (i, 1, N)), ":="),
        prose=r"The energy of the spins $s_i = \pm 1$, with couplings $J_{ij}$ that are independent $N(0, 1/N)$, is",
    )
    D.derive(
        GaussianDisorder(
            result=X, couplings=J, variance=1 / N, spins=s, inverse_temperature=beta, replicas=(a, b), n=n, size=N
        ),
        "energy",
        label="disorder-average",
        prose="For an integer number $n$ of replicas the mean over the couplings is "
        r"$\mathbb{E}\, Z^n = \sum_s e^{\mathcal{X}}$ with",
    )
    D.derive(
        SitesToOverlaps(overlap=R, spins=s, size=N),
        "disorder-average",
        label="overlaps",
        prose=r"The sum over pairs of sites depends on the overlaps $R_{ab} = \frac{1}{N} \sum_i s_{ia} s_{ib}$ only:",
    )
    D.derive(
        SaddlePoint(
            result=Phi,
            overlap=R,
            order=Q,
            conjugate=Qhat,
            spins=s,
            site_spins=sigma,
            replicas=(a, b),
            size=N,
            n=n,
        ),
        "overlaps",
        label="potential-pairs",
        prose=r"Overlaps are fixed by conjugate variables and the sites decouple; $\frac{1}{N} \log "
        r"\mathbb{E}\, Z^n$ tends to "
        "the stationary value of",
    )


def symmetric(D: Derivation) -> None:
    D.section("The replica-symmetric saddle point")
    D.assume(
        "ansatz",
        Equation(Q[a, b], q),
        Equation(Qhat[a, b], r),
        assumption=ledger.A4_RS,
        prose=r"All pairs of different replicas are taken to be alike, $a \neq b$:",
    )
    D.derive(
        SymmetricAnsatz(n=n),
        "potential-pairs",
        "ansatz",
        label="potential-symmetric",
        prose="Then {potential-pairs} reads",
    )
    D.derive(
        DecoupleSpins(n=n),
        "potential-symmetric",
        label="potential-decoupled",
        prose="A Gaussian variable $z$ linearises the square, and the replicas are independent given $z$:",
    )
    D.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential",
        prose=r"At $n \to 0$ the potential per replica $\varphi = \lim \Phi_n/n$, the mean of $\frac{1}{N} \log Z$, is",
    )
    D.derive(
        Stationary(parameters=(q,), solve=(r,)),
        "potential",
        label="conjugate",
        prose="It is stationary in the overlap when",
    )
    D.derive(
        Stationary(parameters=(r,), solve=(q,)),
        "potential",
        label="overlap-conjugate",
        prose="and in the conjugate, after integration by parts, when",
    )
    D.derive(
        Insert(), "overlap-conjugate", "conjugate", label="overlap", prose="that is, the overlap solves the equation"
    )


def thermodynamics(D: Derivation) -> None:
    D.section("Free energy, energy and entropy")
    D.derive(
        Insert(), "potential", "conjugate", label="potential-overlap", prose="At the saddle point the potential is"
    )
    D.derive(
        MeansRestate(form=beta**2 * (1 - q) ** 2 / 4 + Mean(sp.log(2 * sp.cosh(beta * (h + sp.sqrt(q) * z))), z)),
        "potential-overlap",
        label="log-partition",
        prose="or",
    )
    D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin,")
    D.derive(Insert(), "free-energy-definition", "log-partition", label="free-energy", prose="is therefore")
    D.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="energy-conjugate",
        prose=r"The energy is $-\partial \varphi/\partial \beta$; by stationarity only the explicit $\beta$ counts:",
    )
    D.derive(Insert(), "energy-conjugate", "conjugate", label="mean-energy", prose="At the saddle point it is")
    D.define("entropy-definition", Equation(entropy, phi + beta * u, ":="), prose="and the entropy")
    D.derive(
        Insert(), "entropy-definition", "log-partition", "mean-energy", label="entropy", prose="follows from both:"
    )


def stability(D: Derivation) -> None:
    D.section("Stability")
    D.derive(
        Replicon(result=lam_n, n=n),
        "potential-pairs",
        "ansatz",
        "potential-decoupled",
        label="replicon-replicas",
        prose="Fluctuations that break the permutation symmetry see the replicon eigenvalue, for $n$ replicas",
    )
    D.derive(
        MeansAt(variable=n, value=sp.Integer(0), result=lam),
        "replicon-replicas",
        label="replicon-conjugate",
        prose=r"and at $n \to 0$",
    )
    D.derive(Insert(), "replicon-conjugate", "conjugate", label="replicon-overlap", prose="With {conjugate},")
    D.derive(
        MeansRestate(form=1 - beta**2 * Mean((1 - sp.tanh(beta * (h + sp.sqrt(q) * z)) ** 2) ** 2, z)),
        "replicon-overlap",
        label="replicon",
        prose="which vanishes on the line of de Almeida and Thouless; below it replica symmetry is unstable:",
    )

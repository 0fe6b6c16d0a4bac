"""From the covariance of the energies to the potential of one step of replica symmetry breaking."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.insertion import Insert, MeansAt
from ...symbolic.replica.landscape import OverlapSaddle
from ...symbolic.replica.saddle import DecoupleSpins, SymmetricAnsatz
from ...symbolic.replica.spherical import GaussianLandscape
from ...symbolic.replica.stationarity import Gradient, Stationary
from ...symbolic.replica.tree_spins import DecoupleTree, TreePairs
from .notation import (
    C,
    N,
    Phi,
    Q,
    Qhat,
    R,
    Rab,
    X,
    a,
    b,
    beta,
    m,
    n,
    p,
    phi,
    phi_m,
    q,
    q0,
    r,
    r0,
    s,
    sigma,
)


def replicated(D: Derivation) -> None:
    D.section("The replicated system")
    D.define(
        "covariance",
        Equation(C, N * R**p / 2, ":="),
        prose=r"The energies of two configurations of $N$ spins $s_i = \pm 1$ with the overlap $R$ are Gaussian with "
        "covariance",
    )
    D.derive(
        GaussianLandscape(result=X, overlap=R, overlaps=Rab, inverse_temperature=beta, replicas=(a, b), n=n),
        "covariance",
        label="disorder-average",
        prose=r"The mean over the landscape is $\mathbb{E}\, Z^n = \sum_s e^{\mathcal{X}}$ with",
    )
    D.derive(
        OverlapSaddle(
            result=Phi,
            overlap=Rab,
            order=Q,
            conjugate=Qhat,
            spins=s,
            site_spins=sigma,
            replicas=(a, b),
            size=N,
            n=n,
        ),
        "disorder-average",
        label="potential-pairs",
        prose=r"Overlaps are fixed by conjugate variables and the sites decouple; $\frac{1}{N} \log "
        r"\mathbb{E}\, Z^n$ tends to the stationary value of",
    )


def tree(D: Derivation) -> None:
    D.section("One step of replica symmetry breaking")
    D.assume(
        "ansatz",
        Equation(Q[a, b], q),
        Equation(Qhat[a, b], r),
        assumption=ledger.A4_1RSB,
        prose="Replicas fall into $n/m$ blocks of size $m$. Inside a block, $a \\neq b$, the order parameters are as "
        "follows; between blocks $q_0$ and $\\hat q_0$ take their places:",
    )
    D.derive(
        TreePairs(n=n, sizes=(m,), orders=((Q, (q0, q)), (Qhat, (r0, r)))),
        "potential-pairs",
        "ansatz",
        label="potential-tree",
        prose="On this tree {potential-pairs} reads",
    )
    D.derive(
        DecoupleTree(n=n, size=m, conjugate=Qhat, values=(r0, r)),
        "potential-tree",
        label="potential-decoupled",
        prose="One Gaussian field for all replicas and one for each block decouple the spins:",
    )
    D.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential-general",
        prose=r"At $n \to 0$ the potential per replica is",
    )
    D.assume(
        "far",
        Equation(q0, sp.Integer(0)),
        assumption=ledger.supported_by(
            ledger.A8,
            "Without a field the energy has no preferred direction: q_0 = 0 is stationary for p > 2, and for p = 2 it "
            "is the saddle point of smaller free energy.",
        ),
        prose="Without a field different blocks are taken to be orthogonal,",
    )
    D.derive(Insert(), "potential-general", "far", label="potential-far", prose="so that")
    D.derive(
        MeansAt(variable=r0, value=sp.Integer(0)),
        "potential-far",
        label="potential",
        prose="and no field acts on all replicas:",
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
        Gradient(variable=m, result=phi_m), "potential", label="slope-size", prose="Its slope in the size of a block is"
    )


def symmetric(D: Derivation) -> None:
    D.section("Replica symmetry")
    D.assume(
        "symmetric",
        Equation(Q[a, b], q),
        Equation(Qhat[a, b], r),
        assumption=ledger.A4_RS,
        prose=r"If all pairs of different replicas are alike, $a \neq b$,",
    )
    D.derive(
        SymmetricAnsatz(n=n), "potential-pairs", "symmetric", label="potential-alike", prose="then {potential-pairs} is"
    )
    D.derive(
        DecoupleSpins(n=n),
        "potential-alike",
        label="potential-alike-decoupled",
        prose="A Gaussian variable $z$ linearises the square:",
    )
    D.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-alike-decoupled",
        label="potential-symmetric",
        prose=r"At $n \to 0$ the potential per replica is",
    )
    D.derive(
        Stationary(parameters=(q, r), solve=(r, q)),
        "potential-symmetric",
        label="symmetric-saddle",
        prose="Its saddle points solve the following equations; one of them is $q = 0$, the paramagnet:",
    )

"""From the energy of one sample to the replica-symmetric saddle point, its thermodynamics and its stability."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.insertion import Insert, MeansAt
from ...symbolic.replica.mean import Mean
from ...symbolic.replica.saddle import DecoupleSpins, SymmetricAnsatz
from ...symbolic.replica.shifted_limits import ExplicitSlope
from ...symbolic.replica.spin_patterns import BinaryPatterns, SpinSaddle
from ...symbolic.replica.stability import Replicon
from ...symbolic.replica.stationarity import MeansRestate, Slope, Stationary
from ...symbolic.rules.algebra import Restate, SolveLinear
from .notation import (
    H,
    M,
    N,
    Phi,
    Q,
    Qhat,
    R,
    X,
    a,
    alpha,
    b,
    beta,
    entropy,
    f,
    i,
    lam,
    lam_n,
    m,
    mhat,
    mhats,
    ms,
    mu,
    mu_,
    n,
    phi,
    q,
    qhat,
    r,
    s,
    sigma,
    u,
    xi,
    z,
)  # fmt: skip


def replicated(D: Derivation) -> None:
    """The mean of Z^n over the uncondensed patterns, and its saddle point in all order parameters."""
    D.section("The replicated system")
    condensed: Any = sp.Sum(s[i], (i, 1, N)) ** 2
    others: Any = sp.Sum(sp.Sum(xi[mu, i] * s[i], (i, 1, N)) ** 2, (mu, 1, M))
    D.define(
        "energy",
        Equation(H, M / 2 - condensed / (2 * N) - others / (2 * N), ":="),
        prose=r"One pattern is condensed; multiplied site by site with this pattern, which changes no law, the spins "
        r"$s_i = \pm 1$ see it as uniform. With the couplings of Hebb the energy, self-couplings taken out, is",
    )
    D.derive(
        BinaryPatterns(
            result=X,
            patterns=xi,
            spins=s,
            overlap=R,
            magnetisation=mu_,
            counts=(M, N),
            ratio=alpha,
            inverse_temperature=beta,
            replicas=(a, b),
            n=n,
        ),
        "energy",
        label="disorder-average",
        prose=r"For $n$ replicas and $M = \alpha N$ the mean over the other patterns is $\mathbb{E}\, Z^n = \sum_s "
        r"e^{\mathcal{X}}$, where $\mathcal{X}$ sees the overlaps $R_{ab} = \frac{1}{N} \sum_i s_{ia} s_{ib}$ and "
        r"$\mu_a = \frac{1}{N} \sum_i s_{ia}$ only:",
    )
    D.derive(
        SpinSaddle(
            result=Phi,
            overlaps=(R, mu_),
            orders=(Q, ms),
            conjugates=(Qhat, mhats),
            site_spins=sigma,
            replicas=(a, b),
            size=N,
            n=n,
        ),
        "disorder-average",
        label="potential-pairs",
        prose=r"Conjugate variables fix the overlaps and decouple the sites; $\frac{1}{N} \log \mathbb{E}\, Z^n$ tends "
        "to the stationary value of",
    )


def symmetric(D: Derivation) -> None:
    """Replica symmetry, n -> 0, and the saddle-point equations."""
    D.section("The replica-symmetric saddle point")
    D.assume(
        "ansatz",
        Equation(Q[a, a], sp.Integer(1)),
        Equation(Q[a, b], q),
        Equation(Qhat[a, b], qhat),
        Equation(ms[a], m),
        Equation(mhats[a], mhat),
        assumption=ledger.A4_RS,
        given=(1 - beta * (1 - q) > 0,),
        prose=r"The overlap of a replica with itself is 1; all others are taken to be alike, $a \neq b$:",
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
        prose=r"At $n \to 0$ the potential per replica, the mean of $\frac{1}{N} \log Z$, is",
    )
    D.derive(
        Stationary(parameters=(m,), solve=(mhat,)),
        "potential",
        label="conjugate-signal",
        prose="It is stationary in the overlap with the condensed pattern and in the overlap of two replicas when",
    )
    D.derive(Stationary(parameters=(q,), solve=(qhat,)), "potential", label="conjugate-computed", prose="and")
    D.derive(
        Restate(form=alpha * beta**2 * q / (1 - beta * (1 - q)) ** 2),
        "conjugate-computed",
        label="conjugate-noise",
        prose="that is,",
    )
    D.derive(
        Stationary(parameters=(mhat, qhat), solve=(m, q)),
        "potential",
        label="overlaps-conjugates",
        prose="and in the conjugates, after integration by parts, when",
    )
    D.define(
        "noise-definition",
        Equation(qhat, alpha * beta**2 * r),
        prose="The noise of the other patterns is measured by $r$,",
    )
    D.derive(
        Insert(both=True),
        "conjugate-noise",
        "noise-definition",
        label="noise-condition",
        prose="so that by {conjugate-noise}",
    )
    D.derive(SolveLinear(unknown=r), "noise-condition", label="noise", prose="that is,")
    for variable, label, prose in (
        (m, "signal", "The overlap with the condensed pattern solves"),
        (q, "overlap", "and the overlap of two replicas"),
    ):
        D.derive(
            Insert(only=variable),
            "overlaps-conjugates",
            "noise-definition",
            "conjugate-signal",
            label=label,
            prose=prose,
        )


def thermodynamics(D: Derivation) -> None:
    """Free energy, energy, entropy and the replicon eigenvalue."""
    D.section("Free energy, energy and entropy")
    D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin,")
    D.derive(
        Insert(),
        "free-energy-definition",
        "potential",
        "noise-definition",
        "conjugate-signal",
        label="free-energy-computed",
        prose="is therefore",
    )
    field = beta * (m + sp.sqrt(alpha * r) * z)
    D.derive(
        MeansRestate(
            form=alpha / 2
            + m**2 / 2
            + alpha * beta * r * (1 - q) / 2
            + alpha * (sp.log(1 - beta * (1 - q)) - beta * q / (1 - beta * (1 - q))) / (2 * beta)
            - Mean(sp.log(2 * sp.cosh(field)), z) / beta
        ),
        "free-energy-computed",
        label="free-energy",
        prose="or, sorted,",
    )
    D.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="energy-explicit",
        prose=r"The energy is $-\partial \varphi/\partial \beta$; by stationarity only the explicit $\beta$ counts:",
    )
    D.derive(
        Restate(form=-(m**2) / 2 - alpha * (r + (1 - q) / (1 - beta * (1 - q)) - 1) / 2),
        "energy-explicit",
        "noise",
        label="mean-energy",
        prose="With {noise} it is",
    )
    D.derive(
        ExplicitSlope(result=entropy, variable=beta, factor=beta**2),
        "free-energy",
        label="entropy-explicit",
        prose=r"The entropy is $\beta^2\, \partial f/\partial \beta$, and the free energy is stationary in $m$, $q$ "
        "and $r$, so that",
    )
    spread = 1 - beta * (1 - q)
    D.derive(
        MeansRestate(
            form=-alpha * (sp.log(spread) + beta * (1 - q) / spread) / 2
            + Mean(sp.log(2 * sp.cosh(field)) - field * sp.tanh(field), z)
        ),
        "entropy-explicit",
        "noise",
        label="entropy",
        prose="With {noise} this is a sum of a negative part, from the other patterns, and the entropy of a spin in "
        "its field,",
    )
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
        label="replicon-conjugates",
        prose=r"and at $n \to 0$",
    )
    D.derive(
        Insert(),
        "replicon-conjugates",
        "noise-definition",
        "conjugate-signal",
        label="replicon-overlaps",
        prose="With {conjugate-signal} and {conjugate-noise},",
    )
    D.derive(
        MeansRestate(form=1 - alpha * beta**2 / spread**2 * Mean((1 - sp.tanh(field) ** 2) ** 2, z)),
        "replicon-overlaps",
        label="replicon",
        prose="Replica symmetry is unstable where it is negative; it vanishes on the line of de Almeida and Thouless:",
    )

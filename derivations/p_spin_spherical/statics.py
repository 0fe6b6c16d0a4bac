"""From the covariance of the energies to one step of replica symmetry breaking and the static transition."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.insertion import Insert, MeansAt, SolveFor
from ...symbolic.replica.spherical import GaussianLandscape, SphericalSaddle, TreeAnsatz
from ...symbolic.replica.stationarity import Gradient
from ...symbolic.rules.algebra import Restate
from .notation import C, N, Phi, Q, R, Rab, T, X, a, b, beta, beta2, gap, m, n, p, phi, phi_m, phi_q, q, q0, rate


def replicated(D: Derivation) -> None:
    D.section("The replicated system")
    D.define(
        "covariance",
        Equation(C, N * R**p / 2, ":="),
        prose="The energies of two points of the sphere $|s|^2 = N$ with the overlap $R$ are Gaussian with covariance",
    )
    D.derive(
        GaussianLandscape(result=X, overlap=R, overlaps=Rab, inverse_temperature=beta, replicas=(a, b), n=n),
        "covariance",
        label="disorder-average",
        prose=r"The mean over the landscape is $\mathbb{E}\, Z^n = \int \mathrm{d}s\, e^{\mathcal{X}}$ with",
    )
    D.derive(
        SphericalSaddle(result=Phi, overlap=Rab, order=Q, replicas=(a, b), size=N, n=n),
        "disorder-average",
        label="potential-pairs",
        prose=r"and $\frac{1}{N} \log \mathbb{E}\, Z^n$ tends to the stationary value of",
    )


def tree(D: Derivation) -> None:
    D.section("One step of replica symmetry breaking")
    D.assume(
        "tree",
        Equation(Q[a, b], q),
        assumption=ledger.A4_1RSB,
        prose="The replicas fall into blocks of size $m$; inside a block, $a \\neq b$, and $q_0$ takes its "
        "place between blocks:",
    )
    D.derive(
        TreeAnsatz(n=n, sizes=(m,), values=(q0, q)),
        "potential-pairs",
        "tree",
        label="potential-tree",
        prose="On this tree the potential is",
    )
    D.derive(
        ReplicaLimit(n=n, result=phi), "potential-tree", label="potential", prose=r"and per replica, at $n \to 0$,"
    )
    D.assume(
        "far",
        Equation(q0, sp.Integer(0)),
        assumption=ledger.supported_by(
            ledger.A8,
            "Without a field the energy has no preferred direction; q_0 = 0 is stationary, and other "
            "branches have a field.",
        ),
        prose="Without a field different blocks are taken to be orthogonal,",
    )
    D.derive(Insert(), "potential", "far", label="potential-blocks", prose="so that")
    D.derive(Gradient(variable=q, result=phi_q), "potential-blocks", label="slope-overlap", prose="Its slopes are")
    D.derive(Gradient(variable=m, result=phi_m), "potential-blocks", label="slope-size", prose="and")


def transition(D: Derivation) -> None:
    D.section("The static transition")
    D.define(
        "rate-definition",
        Equation(rate, phi_q / (1 - m), ":="),
        prose="At the transition the blocks appear with $m = 1$, where the slope in $q$ vanishes "
        "identically; per $1 - m$",
    )
    D.derive(Insert(tidy=True), "rate-definition", "slope-overlap", label="rate", prose="it is")
    D.derive(MeansAt(variable=m, value=sp.Integer(1)), "rate", label="rate-transition", prose="and at $m = 1$")
    D.derive(
        MeansAt(variable=m, value=sp.Integer(1)),
        "slope-size",
        label="slope-transition",
        prose="where the other slope is",
    )
    D.define("rate-vanishes", Equation(rate, sp.Integer(0)), prose="Both vanish,")
    D.define("square", Equation(beta**2, beta2), prose=r"and with $\beta_{\mathrm{s}}^2$ for $\beta^2$")
    D.derive(
        Insert(both=True),
        "rate-transition",
        "rate-vanishes",
        "square",
        label="rate-condition",
        prose="the first condition",
    )
    D.derive(SolveFor(unknown=beta2), "rate-condition", label="inverse-temperature", prose="gives the temperature,")
    D.define("gap-definition", Equation(gap, 2 * phi_m, ":="), prose="while twice the other slope,")
    D.derive(
        Insert(),
        "gap-definition",
        "slope-transition",
        "square",
        "inverse-temperature",
        label="gap-computed",
        prose="with this temperature",
    )
    D.derive(
        Restate(form=sp.log(1 - q) + q + q**2 / (p * (1 - q))),
        "gap-computed",
        label="transition",
        prose="must vanish too: the overlap at the transition is the root of",
    )
    D.define("temperature-definition", Equation(T, 1 / sp.sqrt(beta2), ":="), prose="The temperature")
    D.derive(
        Insert(), "temperature-definition", "inverse-temperature", label="temperature", prose="of the transition is"
    )

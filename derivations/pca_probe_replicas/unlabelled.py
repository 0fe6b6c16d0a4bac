"""The resolvent of the unlabelled covariance by replicas (Edwards and Jones), and its agreement with the pencil."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.branches import OnlyBranch
from ...symbolic.replica.channel import Patterns
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.covariance import CovariancePatterns, SpectralAnsatz
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.spectral_rules import SpectralInstance, SpectralSolve, UnderSpectrum
from ...symbolic.replica.stationarity import Gradient, Slope
from ...symbolic.rules.algebra import Restate, SolveLinear
from ...symbolic.rules.cited import Cited
from ..pca_probe import derivation as other_route
from .notation import DIRECTIONS, ONE_DIRECTION, ZERO, symbols

gamma, M, d, m, z, F, F_e = symbols("gamma M d m z F F_e")
omega, chi, ratio, n, ra, rb, energy, x_u, y, weight = symbols("omega chi ratio n ra rb energy x_u y weight")
Q_y, Qh_y, Phi, phi_n, phi_one, o, v, oh, vh, form = symbols("Q_y Qh_y Phi phi_n phi_one o v oh vh form")
phi_o, phi_v, phi_oh, phi_vh = symbols("phi_o phi_v phi_oh phi_vh")
j, mu = sp.symbols("j mu", integer=True, positive=True)
INSTANCE = SpectralInstance(levels=ONE_DIRECTION, letters=DIRECTIONS)


def replicated(D: Derivation) -> None:
    """The logarithm of a Gaussian integral, with a source on the directions of the population covariance."""
    D.section("The unlabelled data by replicas")
    field: Any = sp.Sum(x_u[mu, j] * y[j], (j, 1, d))
    squares: Any = sp.Sum(field**2, (mu, 1, M))
    lengths = omega * sp.Sum(y[j] ** 2, (j, 1, d)) + chi * sp.Sum(weight[j] * y[j] ** 2, (j, 1, d))
    D.define(
        "energy",
        Equation(energy, sp.expand(lengths / 2) + squares / (2 * M), ":="),
        prose=r"The unlabelled samples $x_\mu$ have the covariance $\Sigma = I + \sum_i \theta_i v_i v_i^{\top}$. Let "
        r"$Z = \int e^{-\mathcal{H}} \prod_j \mathrm{d}y_j/\sqrt{2\pi}$ with, in the eigenbasis of $\Sigma$ and with a "
        r"source $\chi$ on weights $\eta_j$,",
    )
    D.derive(
        CovariancePatterns(
            result=Phi,
            patterns=Patterns(x=x_u, weights=y, counts=(M, d), ratio=ratio),
            order=Q_y,
            conjugate=Qh_y,
            components=weight,
            letters=DIRECTIONS,
            replicas=(ra, rb),
            n=n,
        ),
        "energy",
        label="potential-pairs",
        prose=r"With the overlaps $Q_{\mathsf{ab}} = y_{\mathsf{a}} \cdot \Sigma y_{\mathsf{b}}/d$ and their "
        r"conjugates, $\frac{1}{d} \log \mathbb{E}\, Z^n$ is the stationary value of",
    )
    D.assume(
        "ansatz",
        Equation(Q_y[ra, ra], o + v),
        Equation(Q_y[ra, rb], o),
        Equation(Qh_y[ra, ra], vh - oh),
        Equation(Qh_y[ra, rb], -oh),
        assumption=ledger.supported_by(ledger.A4_RS, "The energy is a positive quadratic form: one valley."),
        prose=r"With replica symmetry, $\mathsf{a} \neq \mathsf{b}$,",
    )
    D.derive(SpectralAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is")
    D.derive(
        UnderSpectrum(rule=ReplicaLimit(n=n, result=phi_n)),
        "potential-symmetric",
        label="potential-ratio",
        prose=r"and per replica, at $n \to 0$,",
    )
    D.define("aspect-ratio", Equation(ratio, 1 / gamma, ":="), prose=r"or, with $\gamma = d/M$,")
    D.derive(Insert(), "potential-ratio", "aspect-ratio", label="potential", prose="simply")


def saddle(D: Derivation) -> None:
    """Conjugates, the vanishing overlap of different replicas, the resolvent along one direction."""
    two = sp.Integer(2)
    for variable, slope, factor, label, prose in (
        (o, phi_o, two, "slope-overlap", "Twice its slopes are, in the overlap,"),
        (v, phi_v, two, "slope-length", "in the squared length,"),
        (oh, phi_oh, two, "slope-conjugate-overlap", "in the conjugate of the overlap"),
        (vh, phi_vh, -two, "slope-conjugate-length", "and, with the other sign, in that of the squared length"),
    ):
        D.derive(
            UnderSpectrum(rule=Gradient(variable=variable, result=slope, factor=factor)),
            "potential",
            label=label,
            prose=prose,
        )
    D.define("stationary", *(Equation(x, ZERO) for x in (phi_o, phi_v, phi_oh, phi_vh)), prose="All of them vanish:")
    D.derive(Insert(both=True), "slope-overlap", "stationary", label="condition-overlap", prose="The first gives")
    D.derive(SolveLinear(unknown=vh), "condition-overlap", label="conjugate-length", prose="hence")
    D.derive(
        Insert(both=True),
        "slope-length",
        "stationary",
        "conjugate-length",
        label="condition-length",
        prose="and the second",
    )
    D.derive(SolveLinear(unknown=oh), "condition-length", label="conjugate-overlap", prose="hence")
    D.define("source-off", Equation(chi, ZERO, ":="), prose="The source is needed for a derivative only. Without it,")
    for target, label, prose in (
        ("slope-conjugate-overlap", "first", "and where all but finitely many directions have variance 1, the slopes "
         "in the conjugates are"),
        ("slope-conjugate-length", "second", "and"),
    ):  # fmt: skip
        D.derive(Insert(), target, "source-off", label=f"{label}-slope", prose="{" + target + "} is")
        D.derive(INSTANCE, f"{label}-slope", label=f"{label}-slope-bulk", prose=prose)
        D.derive(
            Insert(),
            f"{label}-slope-bulk",
            "conjugate-overlap",
            "conjugate-length",
            label=f"{label}-slope-closed",
            prose="or, with the conjugates inserted,",
        )
    D.derive(
        OnlyBranch(variable=o, value=ZERO, unknown=v),
        "first-slope-closed",
        "second-slope-closed",
        label="no-overlap",
        prose=r"Their difference vanishes on two branches, and the one with $o \neq 0$ has no solution with $v > 0$ "
        r"and $\omega > 0$. Hence different replicas do not overlap,",
    )


def resolvent(D: Derivation) -> None:
    """One sample: its resolvent along a direction of any variance, and the companion equation."""
    D.section("The resolvent of one sample")
    D.assume(
        "typical",
        Equation(phi_one, phi_n),
        assumption=ledger.A7,
        about=("potential",),
        prose=r"For one large set of unlabelled data $\frac{1}{d} \log Z$ is close to its mean,",
    )
    D.derive(Insert(), "typical", "potential", label="one-sample", prose="that is,")
    D.derive(
        UnderSpectrum(rule=Slope(result=form, variable=chi, factor=sp.Integer(-2))),
        "one-sample",
        label="form-source",
        prose=r"Its slope in the source is the form $T_\eta = \frac{1}{d} \sum_j \eta_j R_{jj}$ of the resolvent $R$ "
        "of the sample covariance, by the envelope theorem",
    )
    D.derive(
        Insert(),
        "form-source",
        "source-off",
        "conjugate-overlap",
        "no-overlap",
        label="form",
        prose="or, without source and overlap,",
    )
    D.define("direction", Equation(form, F, ":="), prose=r"With all the weight on one direction of variance $s$ it is")
    D.derive(INSTANCE, "form", label="form-direction", prose="which is therefore")
    D.derive(
        Insert(both=True),
        "form-direction",
        "direction",
        label="eigenvalue",
        prose="so that the resolvent has along such a direction the eigenvalue",
    )
    D.derive(
        Insert(both=True), "first-slope-bulk", "stationary", label="condition-bulk", prose="Where {first-slope-bulk}"
    )
    D.derive(SpectralSolve(unknown=v), "condition-bulk", label="length", prose="vanishes,")
    D.define("companion-name", Equation(vh, omega * m, ":="), prose="With the companion transform $m$,")
    D.derive(
        Insert(both=True),
        "conjugate-length",
        "length",
        "companion-name",
        label="companion-implicit",
        prose="{conjugate-length} becomes",
    )
    D.derive(
        SolveLinear(unknown=omega, apart_in=m),
        "companion-implicit",
        label="companion",
        prose=r"or, solved for $\omega$,",
    )


def agreement(D: Derivation) -> None:
    """The companion equation and the eigenvalues of the resolvent, as found from the linear pencil."""
    D.section("Agreement with the linear pencil")
    D.define("dictionary", Equation(z, -omega, ":="), prose=r"The pencil route has the spectral parameter")
    D.derive(
        Cited(other_route, "companion", letters=(("gamma", gamma),)),
        label="recalled-companion",
        prose="and arrived at the companion equation",
    )
    D.derive(
        Cited(other_route, "transform", letters=(("gamma", gamma), ("F", F_e))),
        label="recalled-transform",
        prose="and at the eigenvalue of the resolvent",
    )
    D.derive(
        Restate(form=-omega),
        "recalled-companion",
        "companion",
        label="agreement-companion",
        prose="With {companion} the first is solved by the spectral parameter meant there,",
    )
    D.derive(
        Restate(form=F),
        "recalled-transform",
        "eigenvalue",
        "dictionary",
        "companion-name",
        label="agreement-eigenvalue",
        prose="and the eigenvalue is the same on every direction, spikes included. The law of the bulk, the outliers "
        "and the captured overlaps, which follow from these two by inversion, are therefore common to both routes:",
    )

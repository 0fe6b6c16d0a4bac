"""Pretraining: the spectrum of the unlabelled covariance and how much of each spike its top eigenvectors capture."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Assumption, Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import ClearDenominators, Restate, SolveLinear, Substitute
from ...symbolic.rules.deterministic_equivalent import DeterministicEquivalent
from ...symbolic.rules.integrals import CosineIntegral, GrowthAlong, MassAboveAngle, ThroughElementary, Unfold
from ...symbolic.rules.limits import At
from ...symbolic.rules.stieltjes import BulkEdges, OutlyingAtom, StieltjesInversion
from .notation import SIZES, i, symbols

gamma, theta, rho, z, s, eta, h, m, F, F_bulk, F_spike = symbols("gamma theta rho z s eta h m F F_bulk F_spike")
x, f, g, lower, upper, x0, c0, phi, threshold, t, A, B, J, c, slope = symbols(
    "x f g lower upper x0 c0 phi threshold t A B J c slope"
)
G, Sigma, rootSigma, R = symbols("G Sigma rootSigma R")

PROJECTOR = Assumption(
    "spectral-projector",
    "The share of a fixed direction captured by the top k eigenvectors converges to the spectral measure of that "
    "direction above the k-th eigenvalue.",
    "Convergence of the spectral measures of fixed vectors; the limit has no atom at the threshold.",
    "Bai, Miao and Pan, On asymptotics of eigenvectors of large sample covariance matrix, 2007",
)
ONE = ((sp.Integer(1), sp.Integer(1)),)


def resolvent(D: Derivation) -> None:
    """From the matrix expression to the companion equation."""
    D.section("Resolvent of the unlabelled covariance")
    D.define(
        "resolvent",
        Equation(R, (rootSigma * G.T * G * rootSigma - z * sp.Identity(SIZES["d"])).inverse(), ":="),
        prose=r"The unlabelled samples are the rows of $\sqrt{M}\, G\,\Sigma^{1/2}$, with "
        r"$\Sigma = I + \sum_{i=1}^{r} \theta_i v_i v_i^{\top}$. The resolvent of their sample covariance is",
    )
    D.derive(
        DeterministicEquivalent(
            gaussian=((G, 1 / SIZES["M"]),),
            root=rootSigma,
            covariance=Sigma,
            eigenvalue=s,
            bulk=ONE,
            ratios=((SIZES["M"], sp.Integer(1)), (SIZES["d"], gamma)),
            unknowns=(eta, h),
            value=F,
        ),
        "resolvent",
        label="equivalent",
        prose="Linearisation and the Dyson equation of the pencil give its deterministic equivalent; in the "
        "average over "
        "the spectrum of the covariance only the bulk counts:",
    )
    D.derive(
        Substitute(only=eta),
        "equivalent",
        "equivalent",
        label="self-consistent",
        prose="Inserting the self-energy leaves one self-consistent equation,",
    )
    D.define(
        "companion-name",
        Equation(eta, -z * m, ":="),
        prose="The companion transform $m$, the Stieltjes transform of the $M$ by $M$ Gram matrix, is introduced by",
    )
    D.derive(
        Substitute(both=True),
        "self-consistent",
        "companion-name",
        label="companion-implicit",
        prose="Equation {self-consistent} becomes",
    )
    D.derive(
        SolveLinear(unknown=z, apart_in=m),
        "companion-implicit",
        label="companion",
        prose="or, solved for the spectral parameter,",
    )
    D.derive(
        ClearDenominators(unknown=m), "companion", label="quadratic", prose="As a polynomial in $m$ it is quadratic:"
    )
    D.derive(
        Substitute(only=F, tidy=True),
        "equivalent",
        "companion-name",
        label="transform",
        prose="The resolvent itself has, on a direction in which the inputs have variance $s$, the eigenvalue",
    )


def bulk_law(D: Derivation) -> None:
    """Density, edges and distribution function of the bulk."""
    D.section("Bulk law")
    D.define("bulk-variance", Equation(s, sp.Integer(1), ":="), prose="In all but $r$ directions the variance is")
    D.derive(
        Substitute(tidy=True),
        "transform",
        "bulk-variance",
        label="bulk-transform",
        prose="so that the Stieltjes transform of the sample spectrum is",
    )
    D.derive(
        StieltjesInversion(density=f, unknown=m, variable=z, real=x),
        "bulk-transform",
        "quadratic",
        label="bulk-density-raw",
        prose="Its imaginary part above the cut is the density of eigenvalues,",
    )
    D.derive(
        BulkEdges(unknown=m, variable=z, lower=lower, upper=upper),
        "quadratic",
        label="edges",
        prose="which lives between the edges",
    )
    D.derive(
        Restate(form=sp.sqrt((upper - x) * (x - lower)) / (2 * sp.pi * gamma * x)),
        "bulk-density-raw",
        "edges",
        label="bulk-density",
        prose="This is the law of Marchenko and Pastur,",
    )
    D.define(
        "size-definition",
        Equation(rho, sp.Integral(f, (x, threshold, upper)), ":="),
        prose=r"The top $k$ eigenvectors belong to the eigenvalues above a threshold $x_{\varphi}$, and $\rho = "
        r"k/d$ is their "
        "share,",
    )
    D.derive(
        MassAboveAngle(real=x, angle=phi, dummy=t),
        "size-definition",
        "bulk-density",
        "edges",
        label="size-integral",
        prose=r"We parametrise the threshold by an angle, $x_{\varphi} = 1 + \gamma + 2\sqrt{\gamma}\cos\varphi$ with "
        r"$\varphi \in [0, \pi]$, in which the edges become regular:",
    )
    D.define(
        "elementary",
        Equation(J(A, B, phi), sp.Integral(sp.sin(t) ** 2 / (A + B * sp.cos(t)), (t, 0, phi)), ":="),
        given=(A > B, A > -B),
        prose="This integral and those below are of one kind,",
    )
    D.derive(
        ThroughElementary(function=J, dummy=t, angle=phi),
        "size-integral",
        "elementary",
        label="size",
        prose="and in terms of it",
    )
    D.derive(
        CosineIntegral(dummy=t),
        "elementary",
        label="elementary-closed",
        prose=r"The elementary integral has a closed form that stays on one branch up to $\varphi = \pi$:",
    )
    D.derive(
        Unfold(function=J), "size", "elementary-closed", "elementary", label="size-closed", prose="Hence, written out,"
    )


def overlap(D: Derivation) -> None:
    """The spectral measure of a spike and the overlap captured above the threshold."""
    D.section("Captured overlap")
    spike = D.define("spike-variance", Equation(s, 1 + theta[i], ":="), prose="Along the spike $v_i$ the variance is")
    D.derive(
        Substitute(both=False, tidy=True),
        "transform",
        spike,
        label="spike-transform-raw",
        prose="so that the quadratic form of the resolvent in $v_i$, the Stieltjes transform of its spectral "
        "measure, is",
    )
    D.derive(
        StieltjesInversion(density=g[i], unknown=m, variable=z, real=x),
        "spike-transform-raw",
        "quadratic",
        label="spike-density-raw",
        prose="Inside the bulk this measure has the density",
    )
    D.derive(
        Restate(
            form=(1 + theta[i])
            * sp.sqrt((upper - x) * (x - lower))
            / (2 * sp.pi * x * ((1 + theta[i]) * (theta[i] + gamma) - theta[i] * x))
        ),
        "spike-density-raw",
        "edges",
        label="spike-density",
        prose="or, between the edges {edges},",
    )
    D.derive(
        OutlyingAtom(unknown=m, variable=z, location=x0[i], weight=c0[i]),
        "spike-transform-raw",
        "companion",
        label="outlier",
        prose="A pole of the transform outside the bulk is an atom; it exists above the transition only:",
    )
    D.assume(
        "captured",
        Equation(c[i], c0[i] + sp.Integral(g[i], (x, threshold, upper))),
        assumption=PROJECTOR,
        prose=r"The overlap $c_i = \lvert U^{\top} v_i \rvert^2$ of the representation with the spike is the mass "
        r"of this "
        "measure above the threshold,",
    )
    D.derive(
        MassAboveAngle(real=x, angle=phi, dummy=t),
        "captured",
        "spike-density",
        "edges",
        label="overlap-integral",
        prose="In the angle of the threshold it is",
    )
    D.derive(
        ThroughElementary(function=J, dummy=t, angle=phi),
        "overlap-integral",
        "elementary",
        label="overlap",
        prose="Partial fractions reduce it to the elementary integral:",
    )
    D.derive(
        Unfold(function=J), "overlap", "elementary-closed", "elementary", label="overlap-closed", prose="Written out,"
    )
    D.derive(
        GrowthAlong(result=slope[i], angle=phi, dummy=t),
        "overlap-integral",
        "size-integral",
        label="overlap-growth",
        prose="Along the curve the overlap grows with the size of the representation at the rate",
    )
    D.derive(
        At(variable=phi, value=sp.pi, result=c[i]),
        "overlap-closed",
        label="overlap-complete",
        prose=r"The largest representation, $\varphi = \pi$ and $k = \min(d, M)$, captures",
    )
    D.derive(
        At(variable=gamma, value=sp.Integer(0), result=c[i]),
        "overlap-integral",
        "outlier",
        label="overlap-unlimited",
        prose="With unlimited unlabelled data every spike is captured whole:",
    )

"""The Marchenko-Pastur law for any covariance: effective ridge, traces, quadratic forms, outliers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.errors import OutsideDomain
from ..symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Notation, Quantity
from ..symbolic.rules.algebra import Restate, SolveLinear, Substitute
from ..symbolic.rules.dyson import DysonEquations, SpectralLaw
from ..symbolic.rules.outliers import OutlierOfLaw
from ..symbolic.rules.spectral_law import OverSpectrum
from ..symbolic.system import Model, Parameter, Result, System, Unknown

n = Quantity("n", "number of samples", "n", POSITIVE_INTEGER, "dimension")
d = Quantity("d", "dimension of a sample", "d", POSITIVE_INTEGER, "dimension")
SQUARE = (d.symbol, d.symbol)

NOTATION = Notation(
    n,
    d,
    Quantity("phi", "aspect ratio d/n", r"\phi", POSITIVE, "parameter"),
    Quantity("lam", "distance of the spectral parameter below zero", r"\lambda", POSITIVE, "parameter"),
    Quantity("w", "share of the directions of one kind", "w", POSITIVE, "parameter", kind="list"),
    Quantity("s", "variance along them", "s", POSITIVE, "parameter", kind="list"),
    Quantity("theta", "mean squared component along them", r"\theta", NONNEGATIVE, "parameter", kind="list"),
    Quantity("j", "kind of direction", "j", POSITIVE_INTEGER, "dimension"),
    Quantity("J", "number of kinds", "J", POSITIVE_INTEGER, "dimension"),
    Quantity("x", "variance along a direction", "x", POSITIVE, "parameter"),
    Quantity("Z", "standardised data, entries independent N(0, 1/n)", "Z", kind="matrix", shape=(n.symbol, d.symbol)),
    Quantity("Sigma", "covariance", r"\Sigma", kind="matrix", shape=SQUARE),
    Quantity("rootSigma", "its square root", r"\Sigma^{1/2}", kind="matrix", shape=SQUARE),
    Quantity("R", "resolvent of the sample covariance", "R", kind="matrix", shape=SQUARE),
    Quantity("a", "self-energy", "a", POSITIVE, "unknown"),
    Quantity("b", "trace of the second block of the pencil", "b", role="unknown"),
    Quantity("kappa", "effective ridge", r"\kappa", POSITIVE, "result"),
    Quantity("df1", "degrees of freedom per dimension", r"\mathrm{df}_1", NONNEGATIVE),
    Quantity("V", "eigenvalue of the equivalent of R", "V"),
    Quantity("T_R", "normalised trace of R", "T_R", role="result"),
    Quantity("T_CR", "normalised trace of Sigma R", r"T_{\Sigma R}", role="result"),
    Quantity("B_R", "quadratic form of R", "B_R", role="result"),
    Quantity("z", "spectral parameter", "z"),
    Quantity("m", "companion transform", "m"),
    Quantity("x0", "outlying eigenvalue", "x_0", POSITIVE, "result"),
    Quantity("c0", "squared overlap of its eigenvector with the spike", "c_0", NONNEGATIVE, "result"),
)
phi, lam, w, s, theta, j, J, x, Z, Sigma, rootSigma, R = NOTATION.symbols("phi lam w s theta j J x Z Sigma rootSigma R")
a, b, kappa, df1, V, T_R, T_CR, B_R, z, m, x0, c0 = NOTATION.symbols("a b kappa df1 V T_R T_CR B_R z m x0 c0")
LAW = SpectralLaw(symbol=x, weight=w[j], value=s[j], index=j, count=J)
DYSON = DysonEquations(
    gaussian=((Z, 1 / n.symbol),),
    deterministic=((rootSigma, sp.sqrt(x)),),
    ratios=((n.symbol, sp.Integer(1)), (d.symbol, phi)),
    unknowns=(a, b),
    law=LAW,
    value=V,
    covariance=Sigma,
)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="anisotropic_marchenko_pastur",
        title="The Marchenko-Pastur law for any covariance",
        abstract="The resolvent of the sample covariance of Gaussian data with any covariance, its traces and "
        "quadratic "
        "forms, and the outlying eigenvalue that a spiked direction produces.",
        sources=(
            "J. W. Silverstein and Z. D. Bai, On the empirical distribution of eigenvalues of a class of large "
            "dimensional "
            "random matrices, Journal of Multivariate Analysis 54, 1995",
            "F. Benaych-Georges and R. R. Nadakuditi, The eigenvalues and eigenvectors of finite, low rank "
            "perturbations of "
            "large random matrices, Advances in Mathematics 227, 2011",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose trace lies five standard errors away.",
    )
    _resolvent(D)
    _outlier(D)
    D.limits += [
        Limit("many samples: kappa -> lam", "ridge", {phi: 0}, kappa),
    ]
    D.model = Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _resolvent(D: Derivation) -> None:
    D.section("The resolvent and its effective ridge")
    D.define(
        "resolvent",
        Equation(R, (rootSigma * Z.T * Z * rootSigma + lam * sp.Identity(d.symbol)).inverse(), ":="),
        prose=r"The samples are the rows of $\sqrt n\,Z\,\Sigma^{1/2}$. A share $w_j$ of the eigenvalues of $\Sigma$ "
        r"equals $s_j$, "
        r"$j = 1, \dots, J$; directions that are not counted have no variance. The resolvent of the sample covariance "
        r"is",
    )
    D.derive(
        DYSON,
        "resolvent",
        label="equivalent",
        prose="Linearisation and the Dyson equation of the pencil give its deterministic equivalent,",
    )
    D.derive(Substitute(only=a), "equivalent", "equivalent", label="self-consistent", prose="with the self-energy")
    D.define("effective-ridge", Equation(a, lam / kappa, ":="), prose=r"With an effective ridge $\kappa$, defined by")
    D.define(
        "df-one",
        Equation(df1, sp.Sum(w[j] * s[j] / (s[j] + kappa), (j, 1, J)), ":="),
        prose="and the degrees of freedom",
    )
    D.derive(
        Substitute(both=True),
        "self-consistent",
        "effective-ridge",
        label="ridge-raw",
        prose="{self-consistent} becomes",
    )
    D.derive(
        Restate(form=1 / (1 + phi * kappa * df1 / lam)), "ridge-raw", "df-one", label="ridge-implicit", prose="that is,"
    )
    D.derive(SolveLinear(unknown=lam), "ridge-implicit", label="ridge", prose="or, solved for the spectral parameter,")
    D.derive(
        Substitute(only=V, tidy=True),
        "equivalent",
        "effective-ridge",
        label="value",
        prose="Where the data have variance $x$ the equivalent of $R$ has the eigenvalue",
    )
    D.derive(OverSpectrum(result=T_R, law=LAW), "value", label="trace-raw", prose="Its normalised trace is")
    D.derive(Restate(form=(1 - df1) / lam), "trace-raw", "df-one", label="trace", prose="that is,")
    D.derive(
        OverSpectrum(result=T_CR, law=LAW, power=1),
        "value",
        label="covariance-trace-raw",
        prose="that of $\\Sigma R$ is",
    )
    D.derive(
        Restate(form=kappa * df1 / lam), "covariance-trace-raw", "df-one", label="covariance-trace", prose="that is,"
    )
    D.derive(
        OverSpectrum(result=B_R, law=LAW, component=theta[j]),
        "value",
        label="form",
        prose=r"and the quadratic form in a vector with the mean squared component $\theta_j$ along the directions of "
        r"kind $j$ is",
    )


def _outlier(D: Derivation) -> None:
    D.section("Outlying eigenvalues")
    D.define(
        "companion",
        Equation(kappa, 1 / m, ":="),
        Equation(lam, -z, ":="),
        prose="Elsewhere in the plane the effective ridge is the inverse of the companion transform, the Stieltjes "
        "transform "
        "of the $n$ by $n$ Gram matrix:",
    )
    D.derive(
        Substitute(both=True),
        "ridge",
        "companion",
        label="companion-implicit",
        prose="{ridge} is then an equation for its inverse function,",
    )
    D.derive(SolveLinear(unknown=z), "companion-implicit", label="companion-raw", prose="namely")
    D.derive(
        Restate(form=-1 / m + phi * sp.Sum(w[j] * s[j] / (1 + m * s[j]), (j, 1, J))),
        "companion-raw",
        "df-one",
        "companion",
        label="companion-inverse",
        prose="or, written out, the equation of Silverstein,",
    )
    D.derive(
        Substitute(tidy=True),
        "value",
        "companion",
        label="transform",
        prose="and the resolvent has, along a direction,",
    )
    outlier = OutlierOfLaw(unknown=m, variable=z, location=x0, weight=c0, law=LAW, spike=x, ratio=phi)
    D.derive(
        outlier,
        "transform",
        "companion-inverse",
        label="outlier",
        prose="A single direction of variance $x$, of no weight in the law, makes a pole: an eigenvalue outside the "
        "bulk and the "
        "squared overlap of its eigenvector, as long as the pole lies on the physical sheet:",
    )


PARAMETERS = (
    Parameter(NOTATION["phi"]),
    Parameter(NOTATION["lam"]),
    Parameter(NOTATION["w"]),
    Parameter(NOTATION["s"], same_length_as="w"),
    Parameter(NOTATION["theta"], same_length_as="w"),
    Parameter(NOTATION["x"]),
)
NEEDS = ("phi", "lam", "w", "s")
RESULTS = (
    Result("kappa", "ridge", "effective ridge", needs=NEEDS),
    Result("trace", "trace", "normalised trace of the resolvent", needs=NEEDS),
    Result("covariance_trace", "covariance-trace", "normalised trace of Sigma R", needs=NEEDS),
    Result("form", "form", "quadratic form of the resolvent", needs=(*NEEDS, "theta")),
    Result("eigenvalue", "value", "entry of the resolvent along a direction of variance x", needs=(*NEEDS, "x")),
    Result("outlier", "outlier", "outlying eigenvalue of a spike x", needs=("phi", "w", "s", "x")),
    Result("overlap", "outlier", "squared overlap of its eigenvector with the spike", needs=("phi", "w", "s", "x")),
)
EXAMPLE = {
    "phi": "3/2", "lam": "1/5", "w": "1/5,1/2,3/10", "s": "1/4,1,4", "theta": "5/3,2/3,10/9", "x": "6",
}  # fmt: skip


def case(point: Mapping[str, Any]) -> str:
    """Whether a spike has an outlier, where one is asked for.

    Raises OutsideDomain when the shares sum to more than 1, or when a spike lies among the variances of the bulk."""
    total = sum(point["w"])
    if total - 1 > sp.Rational(1, 10**12):
        raise OutsideDomain(f"the shares w sum to {total}: they are shares of all directions, at most 1 together")
    if "lam" not in point and point["x"] in point["s"]:
        raise OutsideDomain(f"x = {point['x']} is a variance of the bulk; a spike has another one")
    if "lam" in point:
        return "below the spectrum"
    # The pole lies on the physical sheet iff the inverse function increases there.
    pull = sum(share * v**2 / (point["x"] - v) ** 2 for share, v in zip(point["w"], point["s"]))
    return "outlier" if point["phi"] * pull < 1 else "no outlier"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The effective ridge in its bracket, then closed forms; an outlier that does not exist is answered in words."""
    D = derivation()

    def written(expr: Any) -> Any:
        return expr.xreplace({J: sp.Integer(lengths["w"])}).doit()

    if name == "no outlier":
        return System(observables={key: {"outlier": "none", "overlap": sp.Integer(0)}[key] for key in wanted})
    if name == "outlier":
        place, weight = (e.rhs for e in D.claim("outlier").equations)
        found = {"outlier": written(place), "overlap": written(weight.args[0].expr)}
        return System(observables={key: found[key] for key in wanted})
    found = {"kappa": kappa, "trace": written(D.claim("trace").rhs), "form": written(D.claim("form").rhs)}
    found |= {"covariance_trace": D.claim("covariance-trace").rhs, "eigenvalue": D.claim("value").rhs}
    high = lam + phi * sum((w[k] * s[k] for k in range(1, lengths["w"] + 1)), start=sp.Integer(0))
    return System(
        observables={key: found[key] for key in wanted},
        unknowns=(Unknown(kappa, low=lam, high=high),),
        equations=(D.claim("ridge").rhs - lam,),
        definitions=((df1, written(D.claim("df-one").rhs)),),
        branch="the effective ridge is the only root of an increasing function above the penalty",
    )


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

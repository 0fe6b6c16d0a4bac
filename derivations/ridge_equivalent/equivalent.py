"""The resolvent with a source, its effective ridge, and the slopes that give products of two resolvents."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, SolveLinear, Substitute
from ...symbolic.rules.slopes import ChainSlope, InverseSlope, Slope
from .notation import (
    DYSON,
    V_R,
    V_RCR,
    V_RR,
    R,
    Sigma,
    V_source,
    Z,
    a,
    d,
    df1,
    df1_slope,
    df2,
    j,
    kappa,
    kappa_lam,
    kappa_tau,
    lam,
    over,
    phi,
    rootSigma,
    s,
    tau,
)


def equivalent(D: Derivation) -> None:
    D.section("The resolvent and its effective ridge")
    D.define(
        "resolvent",
        Equation(
            R,
            (rootSigma * Z.T * Z * rootSigma + lam * sp.Identity(d.symbol) + tau * Sigma).inverse(),
            ":=",
        ),
        prose=r"The samples are the rows of $\sqrt n\,Z\,\Sigma^{1/2}$. A share $w_j$ of the eigenvalues of $\Sigma$ "
        r"equals $s_j$, "
        r"$j = 1, \dots, J$; directions that are not counted have no variance. With a source $\tau$ coupled to "
        r"$\Sigma$ the "
        "resolvent of the sample covariance is",
    )
    D.derive(
        DYSON,
        "resolvent",
        label="equivalent",
        prose="Linearisation and the Dyson equation of the pencil give its deterministic equivalent,",
    )
    D.derive(
        Substitute(only=a),
        "equivalent",
        "equivalent",
        label="self-consistent",
        prose="where the self-energy solves one self-consistent equation,",
    )
    D.define(
        "effective-ridge",
        Equation(a, lam / kappa - tau, ":="),
        prose=r"We write it in terms of an effective ridge $\kappa$, which depends on penalty and source,",
    )
    D.define("df-one", Equation(df1, over(s[j] / (s[j] + kappa)), ":="), prose="and count degrees of freedom by")
    D.define("df-two", Equation(df2, over(s[j] ** 2 / (s[j] + kappa) ** 2), ":="), prose="and")
    D.derive(
        Substitute(both=True),
        "self-consistent",
        "effective-ridge",
        label="ridge-raw",
        prose="Equation {self-consistent} becomes",
    )
    D.derive(
        Restate(form=1 / (1 + phi * kappa * df1 / lam)), "ridge-raw", "df-one", label="ridge-implicit", prose="that is,"
    )
    D.derive(
        SolveLinear(unknown=tau),
        "ridge-implicit",
        label="source",
        prose="Solved for the source, as a function of the effective ridge, it reads",
    )
    D.define(
        "source-off", Equation(tau, sp.Integer(0), ":="), prose="The source is needed for derivatives only. Without it,"
    )
    D.derive(
        Substitute(both=True), "ridge-implicit", "source-off", label="ridge-without-source", prose="{ridge-implicit} is"
    )
    D.derive(SolveLinear(unknown=lam), "ridge-without-source", label="ridge", prose="or, solved for the penalty,")


def slopes(D: Derivation) -> None:
    D.section("Products of two resolvents")
    D.derive(
        Slope(variable=kappa, result=df1_slope),
        "df-one",
        label="df-slope-raw",
        prose="The degrees of freedom have the slope",
    )
    D.derive(
        Restate(form=(df2 - df1) / kappa),
        "df-slope-raw",
        "df-one",
        "df-two",
        label="df-slope",
        prose="which is the same as",
    )
    inner = ((df1, df1_slope),)
    D.derive(
        InverseSlope(unknown=kappa, inner=inner, result=kappa_lam),
        "ridge",
        label="penalty-slope-raw",
        prose="The effective ridge therefore moves with the penalty as",
    )
    D.derive(Substitute(tidy=True), "penalty-slope-raw", "df-slope", label="penalty-slope", prose="that is,")
    D.derive(
        InverseSlope(unknown=kappa, inner=inner, result=kappa_tau),
        "source",
        label="source-slope-raw",
        prose="and with the source as",
    )
    D.derive(
        Substitute(tidy=True),
        "source-slope-raw",
        "df-slope",
        "ridge",
        label="source-slope",
        prose="or, at the source zero,",
    )
    D.derive(
        Substitute(only=V_source, result=V_R, tidy=True),
        "equivalent",
        "effective-ridge",
        label="value",
        prose="Where the inputs have variance $x$ the equivalent of $R$ has the eigenvalue",
    )
    for result, parameter, slope, label, what in (
        (V_RR, lam, kappa_lam, "square", r"The penalty gives $R^2 = -\partial R/\partial\lambda$, with the eigenvalue"),
        (V_RCR, tau, kappa_tau, "sandwich", r"and the source $R\Sigma R = -\partial R/\partial\tau$, with"),
    ):
        D.derive(
            ChainSlope(unknown=kappa, slope=slope, parameter=parameter, result=result, sign=-1),
            "value",
            label=f"{label}-raw",
            prose=what,
        )
    D.derive(Substitute(), "square-raw", "penalty-slope", label="square-value", prose="With {penalty-slope},")
    D.derive(
        Substitute(tidy=True), "sandwich-raw", "source-slope", label="sandwich-value", prose="and with {source-slope},"
    )

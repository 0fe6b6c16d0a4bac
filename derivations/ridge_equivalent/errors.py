"""Bias, variance, test and training error in words of the resolvent, then in closed form."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.ridge import RidgeErrors
from ...symbolic.rules.spectral_law import OverSpectrum
from .notation import (
    B_R,
    B_RCR,
    B_RR,
    LAW,
    T_CR,
    T_CRR,
    T_R,
    T_RR,
    E_gen,
    E_train,
    bias,
    df1,
    df1_slope,
    df2,
    j,
    kappa,
    lam,
    noise,
    over,
    phi,
    s,
    sigma2,
    theta,
    variance,
)


def errors(D: Derivation) -> None:
    D.section("Errors")
    D.define("label-noise", Equation(noise, sigma2, ":="), prose="The noise of the labels has the variance")
    R_, C_, RR, RCR = ("R",), ("C",), ("R", "R"), ("R", "C", "R")
    D.derive(
        RidgeErrors(
            lam=lam,
            aspect=phi,
            generalisation=E_gen,
            training=E_train,
            forms=((R_, B_R), (RR, B_RR), (RCR, B_RCR)),
            traces=((R_, T_R), (RR, T_RR), (C_ + R_, T_CR), (C_ + RR, T_CRR)),
        ),
        "label-noise",
        label="errors",
        prose=r"Ridge regression is $\hat\beta = R X^{\top} y/n$ with $y = X\beta_* + \varepsilon$. Averaged over the "
        r"noise, the error "
        "on a fresh noisy sample and the mean squared residual are, with forms $B_A = \\beta_*^{\\top} A \\beta_*$ "
        "and normalised "
        "traces $T_A$,",
    )
    for name, value, label, what in (
        (
            B_R,
            "value",
            "form-r",
            r"The task has the mean squared component $\theta_j$ along the directions of kind $j$, so that",
        ),
        (B_RR, "square-value", "form-rr", "and"),
        (B_RCR, "sandwich-value", "form-rcr", "and"),
    ):
        D.derive(OverSpectrum(result=name, law=LAW, component=theta[j]), value, label=label, prose=what)
    for name, value, power, label, form, sums, what in (
        (T_R, "value", 0, "trace-r", (1 - df1) / lam, ("df-one",), "Traces run over the whole spectrum:"),
        (T_RR, "square-value", 0, "trace-rr", (1 - df1) / lam**2 + df1_slope / (lam * (1 - phi * df2)),
         ("df-one", "df-slope-raw"), "likewise"),
        (T_CR, "value", 1, "trace-cr", kappa * df1 / lam, ("df-one",), "with the covariance"),
        (T_CRR, "square-value", 1, "trace-crr", kappa * df1 / lam**2 - df2 / (lam * (1 - phi * df2)),
         ("df-one", "df-two"), "and"),
    ):  # fmt: skip
        D.derive(OverSpectrum(result=name, law=LAW, power=power), value, label=f"{label}-raw", prose=what)
        D.derive(Restate(form=form), f"{label}-raw", *sums, label=label, prose="that is,")


def closed_forms(D: Derivation) -> None:
    D.section("Closed forms")
    D.define(
        "parts",
        Equation(bias, lam**2 * B_RCR),
        Equation(variance, noise * phi * (T_CR - lam * T_CRR)),
        prose="The first of {errors} is the sum of the noise, of a bias and of a variance,",
    )
    D.derive(Substitute(only=bias), "parts", "form-rcr", label="bias-raw", prose="Inserting the forms, the bias is")
    D.derive(
        Restate(form=kappa**2 * over(theta[j] * s[j] / (s[j] + kappa) ** 2) / (1 - phi * df2)),
        "bias-raw",
        "ridge",
        label="bias",
        prose="or, by {ridge},",
    )
    D.derive(
        Substitute(only=variance),
        "parts",
        "trace-cr",
        "trace-crr",
        "label-noise",
        label="variance-raw",
        prose="The variance is",
    )
    D.derive(Restate(form=sigma2 * phi * df2 / (1 - phi * df2)), "variance-raw", label="variance", prose="that is,")
    D.derive(
        Substitute(only=E_gen),
        "errors",
        "form-rcr",
        "trace-cr",
        "trace-crr",
        "label-noise",
        label="test-assembled",
        prose="The test error is, from {errors},",
    )
    signal = kappa**2 * over(theta[j] * s[j] / (s[j] + kappa) ** 2)
    D.derive(
        Restate(form=(signal + sigma2) / (1 - phi * df2)),
        "test-assembled",
        "ridge",
        label="test",
        prose="which is the sum of the three,",
    )
    D.derive(
        Substitute(only=E_train),
        "errors",
        "form-r",
        "form-rr",
        "trace-r",
        "trace-rr",
        "df-slope",
        "label-noise",
        label="training-assembled",
        prose="For the training error one finds",
    )
    D.derive(
        Restate(form=(lam / kappa) ** 2 * E_gen),
        "training-assembled",
        "test",
        "ridge",
        label="training",
        prose="which, by {ridge}, is nothing but",
    )

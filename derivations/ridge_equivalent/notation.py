"""Quantities of the ridge derivation, the spectral law and the Dyson rule."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Notation, Quantity
from ...symbolic.rules.dyson import DysonEquations, SpectralLaw

n = Quantity("n", "number of samples", "n", POSITIVE_INTEGER, "dimension")
d = Quantity("d", "dimension of the inputs", "d", POSITIVE_INTEGER, "dimension")
SQUARE = (d.symbol, d.symbol)

NOTATION = Notation(
    n,
    d,
    Quantity("phi", "inputs per sample, d/n", r"\phi", POSITIVE, "parameter"),
    Quantity("lam", "ridge penalty", r"\lambda", POSITIVE, "parameter"),
    Quantity("sigma2", "variance of the label noise", r"\sigma^2", NONNEGATIVE, "parameter"),
    Quantity("w", "share of the directions of one kind", "w", POSITIVE, "parameter", kind="list"),
    Quantity("s", "variance of the inputs along them", "s", POSITIVE, "parameter", kind="list"),
    Quantity("theta", "mean squared task component", r"\theta", NONNEGATIVE, "parameter", kind="list"),
    Quantity("j", "kind of direction", "j", POSITIVE_INTEGER, "dimension"),
    Quantity("J", "number of kinds", "J", POSITIVE_INTEGER, "dimension"),
    Quantity("Z", "standardised inputs, entries independent N(0, 1/n)", "Z", kind="matrix", shape=(n.symbol, d.symbol)),
    Quantity("Sigma", "covariance of the inputs", r"\Sigma", kind="matrix", shape=SQUARE),
    Quantity("rootSigma", "its square root", r"\Sigma^{1/2}", kind="matrix", shape=SQUARE),
    Quantity("R", "resolvent of the sample covariance, with a source", "R", kind="matrix", shape=SQUARE),
    Quantity("tau", "source coupled to the covariance", r"\tau", NONNEGATIVE),
    Quantity("x", "variance of the inputs along a direction", "x", POSITIVE),
    Quantity("a", "self-energy", "a", POSITIVE, "unknown"),
    Quantity("b", "trace of the second block of the pencil", "b", role="unknown"),
    Quantity("kappa", "effective ridge", r"\kappa", POSITIVE, "result"),
    Quantity("df1", "degrees of freedom per dimension", r"\mathrm{df}_1", NONNEGATIVE),
    Quantity("df2", "second degrees of freedom per dimension", r"\mathrm{df}_2", NONNEGATIVE),
    Quantity("df1_slope", "slope of the degrees of freedom in the effective ridge", r"\mathrm{df}_1'"),
    Quantity("kappa_lam", "slope of the effective ridge in the penalty", r"\partial_\lambda\kappa"),
    Quantity("kappa_tau", "slope of the effective ridge in the source", r"\partial_\tau\kappa"),
    *(Quantity(f"V_{k}", f"eigenvalue of the equivalent of {what}", f"V_{{{tex}}}") for k, what, tex in (
        ("source", "R with its source", r"\tau"), ("R", "R", "R"), ("RR", "R^2", "RR"),
        ("RCR", "R Sigma R", r"R\Sigma R"),
    )),
    *(Quantity(f"B_{k}", f"signal form of {what}", f"B_{{{tex}}}", role="result") for k, what, tex in (
        ("R", "R", "R"), ("RR", "R^2", "RR"), ("RCR", "R Sigma R", r"R\Sigma R"),
    )),
    *(Quantity(f"T_{k}", f"normalised trace of {what}", f"T_{{{tex}}}", role="result") for k, what, tex in (
        ("R", "R", "R"), ("RR", "R^2", "RR"), ("CR", "Sigma R", r"\Sigma R"), ("CRR", "Sigma R^2", r"\Sigma RR"),
    )),
    Quantity("noise", "label noise", r"\sigma^2_{\varepsilon}", NONNEGATIVE),
    Quantity("bias", "test error without noise", r"E_{\mathrm{bias}}", NONNEGATIVE, "result"),
    Quantity("variance", "test error from fitting noise", r"E_{\mathrm{var}}", NONNEGATIVE,
             "result"),
    Quantity("E_gen", "error on a fresh noisy sample", r"E_{\mathrm{test}}", NONNEGATIVE, "result"),
    Quantity("E_train", "mean squared residual on the samples", r"E_{\mathrm{train}}", NONNEGATIVE, "result"),
)  # fmt: skip
phi, lam, sigma2, w, s, theta, j, J, Z, Sigma, rootSigma, R = NOTATION.symbols(
    "phi lam sigma2 w s theta j J Z Sigma rootSigma R"
)
tau, x, a, b, kappa, df1, df2, df1_slope, kappa_lam, kappa_tau, noise, bias, variance, E_gen, E_train = (
    NOTATION.symbols("tau x a b kappa df1 df2 df1_slope kappa_lam kappa_tau noise bias variance E_gen E_train")
)
V_source, V_R, V_RR, V_RCR = NOTATION.symbols("V_source V_R V_RR V_RCR")
B_R, B_RR, B_RCR, T_R, T_RR, T_CR, T_CRR = NOTATION.symbols("B_R B_RR B_RCR T_R T_RR T_CR T_CRR")

LAW = SpectralLaw(symbol=x, weight=w[j], value=s[j], index=j, count=J)
DYSON = DysonEquations(
    gaussian=((Z, 1 / n.symbol),),
    deterministic=((rootSigma, sp.sqrt(x)), (Sigma, x)),
    ratios=((n.symbol, sp.Integer(1)), (d.symbol, phi)),
    unknowns=(a, b),
    law=LAW,
    value=V_source,
    covariance=Sigma,
)


def over(f: Any) -> Any:
    """sum_j w_j f_j."""
    return sp.Sum(w[j] * f, (j, 1, J))

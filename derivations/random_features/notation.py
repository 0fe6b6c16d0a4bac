"""Quantities of the random features derivation, and the Dyson rules of its three matrix models."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Notation, Quantity
from ...symbolic.rules.dyson import DysonEquations

n = Quantity("n", "number of samples", "n", POSITIVE_INTEGER, "dimension")
d = Quantity("d", "dimension of the inputs", "d", POSITIVE_INTEGER, "dimension")
m = Quantity("m", "number of random features", "m", POSITIVE_INTEGER, "dimension")


def _matrix(name: str, meaning: str, latex: str, *shape: Quantity) -> Quantity:
    return Quantity(name, meaning, latex, kind="matrix", shape=tuple(q.symbol for q in shape))


NOTATION = Notation(
    n,
    d,
    m,
    Quantity("phi", "inputs per sample, d/n", r"\phi", POSITIVE, "parameter"),
    Quantity("psi", "inputs per feature, d/m", r"\psi", POSITIVE, "parameter"),
    Quantity("zeta", "variance of the linear part of a feature", r"\zeta", POSITIVE, "parameter"),
    Quantity("beta", "variance of the nonlinear part of a feature", r"\beta", POSITIVE, "parameter"),
    Quantity("lam", "ridge penalty", r"\lambda", POSITIVE, "parameter"),
    Quantity("sigma2", "variance of the label noise", r"\sigma^2", NONNEGATIVE, "parameter"),
    Quantity("eta", "variance of a feature", r"\eta", POSITIVE),
    _matrix("X", "inputs, entries independent N(0, 1/d)", "X", d, n),
    _matrix("W", "weights of the linear part, entries independent N(0, zeta/m)", "W", m, d),
    _matrix("Theta", "nonlinear part, entries independent N(0, beta/m)", r"\Theta", m, n),
    _matrix("G", "standardised features given the inputs, entries independent N(0, 1/m)", "G", m, n),
    _matrix("rootS", "square root of the covariance of the features given the inputs", "S^{1/2}", n, n),
    _matrix("F", "features", "F", m, n),
    _matrix("K", "resolvent of the kernel", "K", n, n),
    _matrix("C", "covariance of the labels", "C", n, n),
    Quantity("tau1", "normalised trace of the resolvent", r"\tau_1", POSITIVE, "result"),
    Quantity("tau2", "normalised trace of the resolvent times the linear kernel", r"\tau_2", POSITIVE, "result"),
    *(Quantity(f"T{k}", f"trace of diagonal block {k} of the pencil", f"T_{k}", role="unknown") for k in range(1, 6)),
    Quantity("slope1", "derivative of the first trace by the penalty", r"\tau_1'"),
    Quantity("slope2", "derivative of the second trace by the penalty", r"\tau_2'"),
    Quantity("E_train", "training error", r"E_{\mathrm{train}}", NONNEGATIVE, "result"),
    Quantity("E_test", "test error, label noise excluded", r"E_{\mathrm{test}}", NONNEGATIVE, "result"),
    Quantity("x", "eigenvalue of the linear kernel", "x", NONNEGATIVE),
    Quantity("s", "eigenvalue of the covariance of the features", "s", POSITIVE),
    Quantity("a", "self-energy of the features given the inputs", "a", POSITIVE, "unknown"),
    Quantity("b", "trace of the second block given the inputs", "b", role="unknown"),
    Quantity("kappa", "effective ridge", r"\kappa", POSITIVE, "unknown"),
    Quantity("l", "distance below the spectrum of the linear kernel", r"\ell", POSITIVE),
    Quantity("g", "normalised trace of the resolvent of the linear kernel", "g", POSITIVE, "unknown"),
    Quantity("p", "trace of the first block of the pencil of the linear kernel", "p", role="unknown"),
    Quantity("q", "trace of the second block of the pencil of the linear kernel", "q", role="unknown"),
)
phi, psi, zeta, beta, lam, sigma2, eta = NOTATION.symbols("phi psi zeta beta lam sigma2 eta")
X, W, Theta, G, rootS, F, K, C = NOTATION.symbols("X W Theta G rootS F K C")
tau1, tau2, slope1, slope2, E_train, E_test = NOTATION.symbols("tau1 tau2 slope1 slope2 E_train E_test")
x, s, a, b, kappa, l, g, p, q = NOTATION.symbols("x s a b kappa l g p q")
TRACES = T1, T2, T3, T4, T5 = tuple(NOTATION.symbols("T1 T2 T3 T4 T5"))

N, P, M = n.symbol, d.symbol, m.symbol
LETTERS = ((X, 1 / P), (W, zeta / M), (Theta, beta / M))
RATIOS = ((P, sp.Integer(1)), (N, 1 / phi), (M, 1 / psi))
FEATURES = DysonEquations(gaussian=LETTERS, ratios=RATIOS, unknowns=TRACES)
GIVEN_INPUTS = DysonEquations(
    gaussian=((G, 1 / M),),
    deterministic=((rootS, sp.sqrt(s)),),
    ratios=((N, 1 / phi), (M, 1 / psi)),
    unknowns=(a, b),
)
LINEAR = DysonEquations(gaussian=((X, 1 / P),), ratios=((P, sp.Integer(1)), (N, 1 / phi)), unknowns=(p, q))

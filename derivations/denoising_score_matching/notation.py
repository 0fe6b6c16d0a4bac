"""Quantities of the denoising derivation, and the Dyson rules of its matrix models."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Assumption
from ...symbolic.quantity import POSITIVE, POSITIVE_INTEGER, Notation, Quantity, interval
from ...symbolic.rules.dyson import DysonEquations

n = Quantity("n", "number of data points", "n", POSITIVE_INTEGER, "dimension")
d = Quantity("d", "dimension of the data", "d", POSITIVE_INTEGER, "dimension")
p = Quantity("p", "number of features", "p", POSITIVE_INTEGER, "dimension")


def _matrix(name: str, meaning: str, latex: str, rows: Quantity, columns: Quantity) -> Quantity:
    return Quantity(name, meaning, latex, kind="matrix", shape=(rows.symbol, columns.symbol))


NOTATION = Notation(
    n,
    d,
    p,
    Quantity("psi_n", "data points per dimension, n/d", r"\psi_n", POSITIVE, "parameter"),
    Quantity("psi_p", "features per dimension, p/d", r"\psi_p", POSITIVE, "parameter"),
    Quantity("mu2", "squared linear coefficient of the activation", r"\mu_1^2", POSITIVE, "parameter"),
    Quantity("N2", "second moment of the activation", "N_2", POSITIVE, "parameter"),
    Quantity("c", "correlation of the activation at two noises", "c", POSITIVE, "parameter"),
    Quantity("h", "variance of the added noise", "h", interval(0, 1, "()"), "parameter"),
    Quantity("lam", "ridge penalty", r"\lambda", POSITIVE, "parameter"),
    _matrix("W", "first-layer weights, entries independent N(0, 1/d)", "W", p, d),
    _matrix("X", "data, entries independent N(0, u/n)", "X", d, n),
    _matrix("Theta", "nonlinear part, entries independent N(0, v/n)", r"\Theta", p, n),
    _matrix("F", "features averaged over the noise", "F", p, n),
    _matrix("G", "standardised features given the weights, entries independent N(0, 1/n)", "G", n, p),
    _matrix("rootS", "square root of the covariance of the features given the weights", "S^{1/2}", p, p),
    _matrix("H", "Gram matrix of the weights", "H", p, p),
    _matrix("Q", "resolvent of the second moment of the features", "Q", p, p),
    Quantity("u", "variance of the linear part that the data explain", "u", POSITIVE),
    Quantity("v", "variance of the nonlinear part that the data explain", "v", POSITIVE),
    Quantity("q", "variance of the linear part that the noise explains", "q", POSITIVE),
    Quantity("l", "what remains, and the penalty", r"\ell", POSITIVE),
    Quantity("v0", "variance of the nonlinear part of the activation", "v_0", POSITIVE),
    Quantity("K", "overlap of the readout with the weights", "K", POSITIVE, "result"),
    Quantity("K_q", "its slope in q", "K_q", role="result"),
    Quantity("K_l", "its slope in l", r"K_{\ell}", role="result"),
    *(Quantity(f"T{k}", f"trace of diagonal block {k} of the pencil", f"T_{k}", role="unknown") for k in range(1, 6)),
    Quantity("moment", "eigenvalue of the second moment of the features of fresh data", "M"),
    Quantity("E_train", "training error", r"E_{\mathrm{train}}", POSITIVE, "result"),
    Quantity("E_test", "test error of the score", r"E_{\mathrm{test}}", POSITIVE, "result"),
    Quantity("x", "eigenvalue of W W^T", "x", POSITIVE),
    Quantity("s", "eigenvalue of the covariance of the features", "s", POSITIVE),
    Quantity("a", "self-energy given the weights", "a", POSITIVE, "unknown"),
    Quantity("b", "trace of the second block given the weights", "b", role="unknown"),
    _matrix("X1", "noised data, entries independent N(0, 1/d)", "Y", d, n),
    _matrix("W1", "weights of the linear part, entries independent N(0, mu2/n)", "W_1", p, d),
    _matrix("Theta1", "nonlinear part, entries independent N(0, v0/n)", r"\Theta_1", p, n),
    _matrix("F1", "features of the noised data", "F_1", p, n),
    _matrix("G1", "standardised features given the data, entries independent N(0, 1/n)", "G_1", p, n),
    _matrix("rootS1", "square root of the covariance of the features given the data", "S_1^{1/2}", n, n),
    _matrix("R1", "resolvent of the kernel", "R_1", n, n),
    _matrix("C1", "covariance of the targets", "C_1", n, n),
    Quantity("t1", "normalised trace of the kernel resolvent", r"\tau_1", POSITIVE, "result"),
    Quantity("t2", "trace of the resolvent times the linear kernel", r"\tau_2", POSITIVE, "result"),
    Quantity("t1_slope", "derivative of the first trace by the penalty", r"\tau_1'"),
    Quantity("t2_slope", "derivative of the second trace by the penalty", r"\tau_2'"),
    *(Quantity(f"U{k}", f"trace {k} for one noise draw", f"U_{k}", role="unknown") for k in range(1, 6)),
    Quantity("E_train1", "training error for one noise draw", r"E^{(1)}_{\mathrm{train}}", POSITIVE, "result"),
    Quantity("E_test1", "test error for one noise draw", r"E^{(1)}_{\mathrm{test}}", POSITIVE, "result"),
    Quantity("shift", "distance below the spectrum of W W^T", r"\delta", POSITIVE),
    Quantity("g", "normalised trace of the resolvent of W W^T", "g", POSITIVE, "unknown"),
)
psi_n, psi_p, mu2, N2, c, h, lam = NOTATION.symbols("psi_n psi_p mu2 N2 c h lam")
W, X, Theta, F, G, rootS, H, Q = NOTATION.symbols("W X Theta F G rootS H Q")
u, v, q, l, v0, K, K_q, K_l, moment, E_train, E_test = NOTATION.symbols("u v q l v0 K K_q K_l moment E_train E_test")
x, s, a, b, shift, g = NOTATION.symbols("x s a b shift g")
T = tuple(NOTATION.symbols("T1 T2 T3 T4 T5"))
NN, DD, PP = n.symbol, d.symbol, p.symbol
LETTERS = ((W, 1 / DD), (X, u / NN), (Theta, v / NN))
RATIOS = ((DD, sp.Integer(1)), (NN, psi_n), (PP, psi_p))
FEATURES = DysonEquations(gaussian=LETTERS, ratios=RATIOS, unknowns=T)
GIVEN = DysonEquations(
    gaussian=((G, 1 / NN),),
    deterministic=((rootS, sp.sqrt(s)), (H, x)),
    ratios=RATIOS,
    unknowns=(a, b),
)
GRAM = DysonEquations(gaussian=((W, 1 / DD),), ratios=((DD, sp.Integer(1)), (PP, psi_p)), unknowns=T[:2])
EQUIVALENCE = Assumption(
    "gaussian-equivalence",
    "In the limit the errors depend on the features only through their first two moments given the weights.",
    "Gaussian equivalence of wide random features; the data have independent standard Gaussian entries.",
    "Mei and Montanari, 2019; Hu and Lu, Universality laws for high-dimensional learning with random features, 2022",
)
I = sp.Identity(PP)
X1, W1, Theta1, F1, G1, rootS1, R1, C1, t1, t2, t1_slope, t2_slope, E_train1, E_test1 = NOTATION.symbols(
    "X1 W1 Theta1 F1 G1 rootS1 R1 C1 t1 t2 t1_slope t2_slope E_train1 E_test1"
)
U = tuple(NOTATION.symbols("U1 U2 U3 U4 U5"))
LETTERS1 = ((X1, 1 / DD), (W1, mu2 / NN), (Theta1, v0 / NN))
ONE_DRAW = DysonEquations(gaussian=LETTERS1, ratios=RATIOS, unknowns=U)
GIVEN_DATA = DysonEquations(
    gaussian=((G1, 1 / NN),), deterministic=((rootS1, sp.sqrt(s)),), ratios=RATIOS[1:], unknowns=(a, b)
)
LINEAR = DysonEquations(gaussian=((X1, 1 / DD),), ratios=RATIOS[:2], unknowns=U[:2])

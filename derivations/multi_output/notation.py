"""The quantities of the model: layers as matrices, the stacked parameters, the linear flow, the closure."""

from __future__ import annotations

from typing import Any

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity

c = Quantity("c", "number of outputs", "c", POSITIVE_INTEGER, "dimension")
d = Quantity("d", "dimension of an input", "d", POSITIVE_INTEGER, "dimension")
h = Quantity("h", "number of hidden neurons", "h", POSITIVE_INTEGER, "dimension")
n_c, n_d, n_h = c.symbol, d.symbol, h.symbol
n_z = n_c + n_d


def scalar(name: str, meaning: str, latex: str, domain: Domain = REAL, role: str = "auxiliary") -> Quantity:
    return Quantity(name, meaning, latex, domain, role)


def matrix(name: str, meaning: str, latex: str, rows: Any, columns: Any, role: str = "auxiliary") -> Quantity:
    return Quantity(name, meaning, latex, kind="matrix", shape=(rows, columns), role=role)


NOTATION = Notation(
    scalar("eta_1", "learning rate of the lower layer", r"\eta_1", POSITIVE, "parameter"),
    scalar("eta_2", "learning rate of the upper layer", r"\eta_2", POSITIVE, "parameter"),
    matrix("W1_0", "lower layer at the start", r"W_1^{(0)}", n_h, n_d, "parameter"),
    matrix("W2_0", "upper layer at the start", r"W_2^{(0)}", n_c, n_h, "parameter"),
    matrix("Sigma", "target", r"\Sigma", n_c, n_d, "parameter"),
    scalar("t", "time", "t", NONNEGATIVE, "parameter"),
    c,
    d,
    h,
    # the model
    matrix("W1", "lower layer", "W_1", n_h, n_d),
    matrix("W2", "upper layer", "W_2", n_c, n_h),
    matrix("B", "predictor", "B", n_c, n_d, "result"),
    matrix("G", "gradient of the loss with respect to the predictor", "G", n_c, n_d),
    matrix("g_1", "slope of the loss in the lower layer", r"\nabla_{W_1}\mathcal{L}", n_h, n_d),
    matrix("g_2", "slope of the loss in the upper layer", r"\nabla_{W_2}\mathcal{L}", n_c, n_h),
    matrix("W1_dot", "velocity of the lower layer", r"\dot W_1", n_h, n_d),
    matrix("W2_dot", "velocity of the upper layer", r"\dot W_2", n_c, n_h),
    matrix("B_dot", "velocity of the predictor", r"\dot B", n_c, n_d),
    # symmetry
    matrix("K", "generator of a change of basis of the hidden layer", "K", n_h, n_h),
    matrix("xi_1", "generator, lower part", r"\xi_1", n_h, n_d),
    matrix("xi_2", "generator, upper part", r"\xi_2", n_c, n_h),
    matrix("B_c", "rate of change of the predictor under the symmetry", r"\partial_c B", n_c, n_d),
    matrix("form_1", "one-form, lower part", r"\vartheta_1", n_h, n_d),
    matrix("form_2", "one-form, upper part", r"\vartheta_2", n_c, n_h),
    matrix("curl_1", "circulation of the form in the lower layer", r"\mathrm{d}\vartheta_1", n_h, n_h),
    matrix("curl_2", "circulation of the form in the upper layer", r"\mathrm{d}\vartheta_2", n_h, n_h),
    matrix("C_K", "matrix of the potential", "C", n_h, n_h),
    matrix("Delta", "imbalance of the layers, conserved", r"\Delta", n_h, n_h, "result"),
    matrix("Delta_dot", "velocity of the imbalance", r"\dot\Delta", n_h, n_h),
    # isotropic imbalance
    scalar("D", "the imbalance of every hidden direction", "D"),
    matrix("T", "total size of the layers", "T", n_h, n_h),
    matrix("Z", "both layers, stacked", "Z", n_z, n_h),
    matrix("Z_dot", "their velocity", r"\dot Z", n_z, n_h),
    matrix("A", "generator of the linear flow", "A", n_z, n_z),
    matrix("m", "rates of the layers", "m", n_z, n_z),
    # the solution
    matrix("X", "products of the layers", "X", n_z, n_z),
    matrix("X_dot", "their velocity", r"\dot X", n_z, n_z),
    matrix("Y", "solution of the linear flow", "Y", n_z, n_h),
    matrix("Y_dot", "its velocity", r"\dot Y", n_z, n_h),
    matrix("P", "squared length", "P", n_h, n_h),
    matrix("P_dot", "its velocity", r"\dot P", n_h, n_h),
    matrix("Q", "projected solution", "Q", n_z, n_z),
    matrix("Q_dot", "its velocity", r"\dot Q", n_z, n_z),
    matrix("X_0", "products of the layers at the start", "X_0", n_z, n_z),
    matrix("Q_0", "projected solution at the start", "Q_0", n_z, n_z),
    matrix("Z_0", "both layers at the start, stacked", "Z_0", n_z, n_h),
    matrix("F", "exponential of the generator", "F", n_z, n_z),
    matrix("F_dot", "its velocity", r"\dot F", n_z, n_z),
    matrix("H", "integral of the squared exponential", "H", n_z, n_z),
    matrix("H_dot", "its velocity", r"\dot H", n_z, n_z),
    matrix("left", "the exponential, turned and weighted", r"L", n_z, n_z),
    matrix("left_dot", "its velocity", r"\dot L", n_z, n_z),
    matrix("right", "the exponential, weighted", r"R", n_z, n_z),
    matrix("right_dot", "its velocity", r"\dot R", n_z, n_z),
    matrix("left_0", "the first at the start", "L_0", n_z, n_z),
    matrix("right_0", "the second at the start", "R_0", n_z, n_z),
    matrix("E", "image of the start under the exponential", "E", n_z, n_h),
    matrix("E_dot", "its velocity", r"\dot E", n_z, n_h),
    matrix("E_0", "image at the start", "E_0", n_z, n_h),
    matrix("Y_0", "solution of the linear flow at the start", "Y_0", n_z, n_h),
    matrix("V", "form of the squared length", "V", n_h, n_h),
    matrix("V_dot", "its velocity", r"\dot V", n_h, n_h),
    matrix("V_0", "its value at the start", "V_0", n_h, n_h),
    matrix("P_0", "squared length at the start", "P_0", n_h, n_h),
    matrix("Q_11", "upper block of the solution", "Q_{11}", n_c, n_c),
    matrix("Q_12", "off-diagonal block of the solution", "Q_{12}", n_c, n_d),
    matrix("Q_22", "lower block of the solution", "Q_{22}", n_d, n_d),
    # closure
    scalar("kappa", "geometric mean of the rates", r"\kappa", POSITIVE),
    matrix("S_2", "kernel of the upper layer", "S_2", n_c, n_c),
    matrix("S_1", "kernel of the lower layer", "S_1", n_d, n_d),
    matrix("S_2_sq", "its square", "S_2^2", n_c, n_c),
    matrix("S_1_sq", "its square", "S_1^2", n_d, n_d),
    scalar("sigma", "singular value of the predictor", r"\sigma", POSITIVE),
    scalar("s_2", "value of the upper kernel on its left vector", "s_2", POSITIVE),
    scalar("s_1", "value of the lower kernel on its right vector", "s_1", POSITIVE),
)


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)

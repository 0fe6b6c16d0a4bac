"""The quantities of the model: layers as matrices, the function-space state, the effective neuron, one sample."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity

h = Quantity("h", "number of hidden neurons", "h", POSITIVE_INTEGER, "dimension")
d = Quantity("d", "dimension of an input", "d", POSITIVE_INTEGER, "dimension")
ONE = sp.Integer(1)
n_h, n_d = h.symbol, d.symbol
n_s = n_d + 1


def scalar(name: str, meaning: str, latex: str, domain: Domain = REAL, role: str = "auxiliary") -> Quantity:
    return Quantity(name, meaning, latex, domain, role)


def matrix(name: str, meaning: str, latex: str, rows: Any, columns: Any, role: str = "auxiliary") -> Quantity:
    return Quantity(name, meaning, latex, kind="matrix", shape=(rows, columns), role=role)


NOTATION = Notation(
    scalar("eta_a", "learning rate of the output weights", r"\eta_a", POSITIVE, "parameter"),
    scalar("eta_w", "learning rate of the input weights", r"\eta_w", POSITIVE, "parameter"),
    Quantity("a0", "output weights at the start", "a_0", kind="list", role="parameter"),
    matrix("W0", "input weights at the start, one neuron per row", "W_0", n_h, n_d, "parameter"),
    Quantity("beta_star", "target", r"\beta_*", kind="list", role="parameter"),
    scalar("t", "time", "t", NONNEGATIVE, "parameter"),
    Quantity("x", "the sample", "x", kind="list", role="parameter"),
    scalar("y", "its label", "y", role="parameter"),
    h,
    d,
    # the model
    matrix("a", "output weights", "a", n_h, ONE),
    matrix("W", "input weights, one neuron per row", "W", n_h, n_d),
    matrix("beta", "predictor", r"\beta", n_d, ONE, "result"),
    matrix("G", "gradient of the loss with respect to the predictor", "G", n_d, ONE),
    matrix("g_a", "slope of the loss in a", r"\nabla_a\mathcal{L}", n_h, ONE),
    matrix("g_W", "slope of the loss in W", r"\nabla_W\mathcal{L}", n_h, n_d),
    matrix("a_dot", "velocity of a", r"\dot a", n_h, ONE),
    matrix("W_dot", "velocity of W", r"\dot W", n_h, n_d),
    matrix("beta_dot", "velocity of the predictor", r"\dot\beta", n_d, ONE),
    # symmetry
    matrix("K", "generator of a change of basis of the hidden layer", "K", n_h, n_h),
    matrix("xi_a", "generator, part of a", r"\xi_a", n_h, ONE),
    matrix("xi_W", "generator, part of W", r"\xi_W", n_h, n_d),
    matrix("beta_c", "rate of change of the predictor under the symmetry", r"\partial_c\beta", n_d, ONE),
    matrix("form_a", "one-form, part of a", r"\vartheta_a", n_h, ONE),
    matrix("form_W", "one-form, part of W", r"\vartheta_W", n_h, n_d),
    matrix("curl_a", "circulation of the form in a", r"\mathrm{d}\vartheta_a", n_h, n_h),
    matrix("curl_W", "circulation of the form in W", r"\mathrm{d}\vartheta_W", n_h, n_h),
    matrix("C_K", "matrix of the potential", "C", n_h, n_h),
    matrix("Delta", "imbalance of the layers, conserved", r"\Delta", n_h, n_h, "result"),
    matrix("Delta_dot", "velocity of the imbalance", r"\dot\Delta", n_h, n_h),
    # function space
    scalar("size_a", "squared length of a", "|a|^2", NONNEGATIVE),
    matrix("M", "preconditioner in function space", "M", n_d, n_d),
    matrix("Theta", "all parameters", r"\Theta", n_h, n_s),
    matrix("Theta_dot", "velocity of all parameters", r"\dot\Theta", n_h, n_s),
    matrix("g", "element of the Lie algebra of O(1, d)", "g", n_s, n_s),
    matrix("J", "metric of the parameters", "J", n_s, n_s),
    matrix("J_bar", "inverse of the metric", r"\bar J", n_s, n_s),
    matrix("N", "function-space state", "N", n_s, n_s),
    matrix("N_dot", "velocity of the function-space state", r"\dot N", n_s, n_s),
    matrix("X", "Lax matrix", r"\mathcal{X}", n_s, n_s),
    matrix("X_dot", "velocity of the Lax matrix", r"\dot{\mathcal{X}}", n_s, n_s),
    scalar("p_X", "trace of the k-th power of the Lax matrix", r"\operatorname{tr}\mathcal{X}^k"),
    scalar("p_dot", "its velocity", r"\tfrac{\mathrm{d}}{\mathrm{d}t}\operatorname{tr}\mathcal{X}^k"),
    scalar("p_Delta", "trace of the k-th power of the imbalance", r"\operatorname{tr}\Delta^k"),
    # closure
    scalar("b", "length of the predictor", "b", POSITIVE),
    scalar("lam", "positive eigenvalue of the Lax matrix", r"\lambda", POSITIVE),
    scalar("mu", "a negative eigenvalue, with its sign changed", r"\mu", POSITIVE),
    scalar("mu_bar", "the other negative eigenvalue, with its sign changed", r"\bar\mu", POSITIVE),
    scalar("s_1", "squared length of W along the predictor", "s_1", POSITIVE),
    scalar("s_2", "squared length of W across the predictor", "s_2", POSITIVE),
    matrix("X_b", "Lax matrix in the plane of the predictor", r"\mathcal{X}_b", sp.Integer(2), sp.Integer(2)),
    scalar("A", "share of the output layer", "A", POSITIVE),
    scalar("m_across", "eigenvalue of M across the predictor", r"M_\perp"),
    scalar("m_swapped", "the same with the two eigenvalues exchanged", r"\bar M_\perp"),
    scalar("gap", "difference of the two eigenvalues of M", r"\Gamma"),
    scalar("gap_example", "the same in the example", r"\Gamma_0"),
    # effective neuron
    scalar("alpha", "positive eigenvalue of the imbalance", r"\alpha", NONNEGATIVE),
    scalar("gamma", "negative eigenvalue of the imbalance, with its sign changed", r"\gamma", POSITIVE),
    matrix("E", "projector on an eigenvector", "E", n_s, n_s),
    matrix("P", "shifted function-space state", "P", n_s, n_s),
    matrix("P_dot", "velocity of the shifted state", r"\dot P", n_s, n_s),
    matrix("z", "parameters of the effective neuron", "z", n_s, ONE),
    matrix("z_dot", "their velocity", r"\dot z", n_s, ONE),
    matrix("Q", "state of the effective neuron", "Q", n_s, n_s),
    matrix("Q_dot", "its velocity", r"\dot Q", n_s, n_s),
    matrix("P_0", "shifted state at the start", "P_0", n_s, n_s),
    matrix("Q_0", "state of the effective neuron at the start", "Q_0", n_s, n_s),
    matrix("z_0", "parameters of the effective neuron at the start", "z_0", n_s, ONE),
    scalar("a_e", "output weight of the effective neuron", "a_e", POSITIVE),
    matrix("w_e", "input weights of the effective neuron", "w_e", n_d, ONE),
    scalar("delta_eff", "imbalance of the effective neuron", r"\delta_{\mathrm{eff}}", POSITIVE, "result"),
    scalar("p_1", "trace of the Lax matrix", "p_1"),
    scalar("p_2", "trace of its square", "p_2"),
    scalar("spread", "spread of the eigenvalues", "V", POSITIVE),
    scalar("shift", "the shift by traces", r"\gamma'"),
    # one sample
    scalar("kappa", "geometric mean of the rates", r"\kappa", POSITIVE),
    scalar("rho", "root of the ratio of the rates", r"\varrho", POSITIVE),
    matrix("x_hat", "direction of the sample", r"\hat x", n_d, ONE),
    scalar("r", "scaled residual", "r"),
    matrix("U", "input weights across the sample", "U", n_h, n_d),
    matrix("U_dot", "their velocity", r"\dot U", n_h, n_d),
    matrix("c", "input weights along the sample", "c", n_h, ONE),
    matrix("c_dot", "their velocity", r"\dot c", n_h, ONE),
    matrix("a_0", "output weights at the start, as a column", "a_0", n_h, ONE),
    matrix("c_0", "input weights along the sample at the start", "c_0", n_h, ONE),
    scalar("C", "hyperbolic cosine of the angle", "C", POSITIVE),
    scalar("S", "hyperbolic sine of the angle", "S"),
    scalar("v", "exponential of the angle", "v", POSITIVE),
    scalar("u", "its square", "u", POSITIVE),
    matrix("overlap", "predictor along the sample, as a matrix", r"\langle c, a \rangle", ONE, ONE),
    matrix("overlap_dot", "its velocity", r"\tfrac{\mathrm{d}}{\mathrm{d}t}(c^\top a)", ONE, ONE),
    scalar("f", "predictor along the sample", r"f"),
    scalar("f_dot", "velocity of the predictor along the sample", r"\dot f"),
    scalar("n_a", "squared length of a at the start", "|a_0|^2", NONNEGATIVE),
    scalar("n_c", "squared length of c at the start", "|c_0|^2", NONNEGATIVE),
    scalar("A_1", "predictor along the sample at the start", "A_1"),
    scalar("A_plus", "sum of the two", "A_+", POSITIVE),
    scalar("A_minus", "their difference", "A_-", POSITIVE),
    scalar("s", "label per length of the sample", "s"),
    scalar("theta_inf", "limit of the angle", r"\vartheta_\infty", role="result"),
    matrix("a_inf", "limit of the output weights", r"a_\infty", n_h, ONE),
    matrix("beta_inf", "limit of the predictor", r"\beta_\infty", n_d, ONE, "result"),
    scalar("size_c", "squared length of c", "|c|^2", NONNEGATIVE),
    matrix("square_a", "squared length of a, as a matrix", r"\langle a, a \rangle", ONE, ONE),
    matrix("square_c", "squared length of c, as a matrix", r"\langle c, c \rangle", ONE, ONE),
    matrix("square_a_dot", "its velocity", r"\tfrac{\mathrm{d}}{\mathrm{d}t}(a^\top a)", ONE, ONE),
    matrix("square_c_dot", "its velocity", r"\tfrac{\mathrm{d}}{\mathrm{d}t}(c^\top c)", ONE, ONE),
    scalar("size_a_dot", "velocity of the squared length of a", r"\tfrac{\mathrm{d}}{\mathrm{d}t}|a|^2"),
    scalar("size_c_dot", "velocity of the squared length of c", r"\tfrac{\mathrm{d}}{\mathrm{d}t}|c|^2"),
    scalar("delta_sq", "squared hypentropy parameter, conserved", r"\delta_*^2", POSITIVE),
    scalar("delta_sq_dot", "its velocity", r"\tfrac{\mathrm{d}}{\mathrm{d}t}\delta_*^2"),
    scalar("metric", "rate of the predictor along the sample", "m", POSITIVE),
    scalar("metric_sq", "its square", "m^2", POSITIVE),
)


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)

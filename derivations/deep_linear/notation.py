"""The quantities of the model: two neighbouring layers, balanced layers, one neuron per layer and its data."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity

DIMENSIONS = {
    "c": "number of outputs",
    "p": "neurons above the upper layer",
    "h": "neurons between the two layers",
    "q": "neurons below the lower layer",
    "d": "dimension of an input",
    "N": "number of samples",
}
SIZES = {name: Quantity(name, meaning, name, POSITIVE_INTEGER, "dimension") for name, meaning in DIMENSIONS.items()}
n_c, n_p, n_h, n_q, n_d, n_N = (size.symbol for size in SIZES.values())
ONE = sp.Integer(1)


def scalar(name: str, meaning: str, latex: str, domain: Domain = REAL, role: str = "auxiliary") -> Quantity:
    return Quantity(name, meaning, latex, domain, role)


def vector(name: str, meaning: str, latex: str, role: str = "auxiliary", domain: Domain = REAL) -> Quantity:
    return Quantity(name, meaning, latex, domain, role, "list")


def matrix(name: str, meaning: str, latex: str, rows: Any, columns: Any, role: str = "auxiliary") -> Quantity:
    return Quantity(name, meaning, latex, kind="matrix", shape=(rows, columns), role=role)


NOTATION = Notation(
    vector("eta", "learning rates of the layers, from the input upwards", r"\eta", "parameter", POSITIVE),
    vector("a0", "weights of the upper layers at the start, one for each", "a_0", "parameter"),
    vector("w0", "input weights at the start", "w_0", "parameter"),
    matrix("X", "data, one sample per row", "X", n_N, n_d, "parameter"),
    vector("y", "labels", "y", "parameter"),
    scalar("length", "length of the predictor", r"|\beta|", POSITIVE, "parameter"),
    *SIZES.values(),
    Quantity("L", "number of layers", "L", Domain(low=sp.Integer(2), closed="[)", integer=True), "dimension"),
    Quantity("m", "number of upper layers", "m", POSITIVE_INTEGER, "dimension"),
    # two neighbouring layers
    matrix("B", "predictor", "B", n_c, n_d),
    matrix("U", "product of the layers above", "U", n_c, n_p),
    matrix("W_up", "upper one of two neighbouring layers", r"W_{\ell+1}", n_p, n_h),
    matrix("W", "lower one of two neighbouring layers", r"W_\ell", n_h, n_q),
    matrix("V", "product of the layers below", "V", n_q, n_d),
    matrix("G", "gradient of the loss with respect to the predictor", "G", n_c, n_d),
    matrix("g_up", "slope of the loss in the upper layer", r"\nabla_{\ell+1}\mathcal{L}", n_p, n_h),
    matrix("g_W", "slope of the loss in the lower layer", r"\nabla_\ell\mathcal{L}", n_h, n_q),
    matrix("up_dot", "velocity of the upper layer", r"\dot W_{\ell+1}", n_p, n_h),
    matrix("W_dot", "velocity of the lower layer", r"\dot W_\ell", n_h, n_q),
    matrix("B_dot", "rate of the predictor through one layer", r"\partial_\ell\dot B", n_c, n_d),
    scalar("eta_up", "learning rate of the upper layer", r"\eta_{\ell+1}", POSITIVE),
    scalar("eta_l", "learning rate of one layer", r"\eta_\ell", POSITIVE),
    matrix("K", "generator of a change of basis between the layers", "K", n_h, n_h),
    matrix("xi_up", "generator, upper part", r"\xi_{\ell+1}", n_p, n_h),
    matrix("xi_W", "generator, lower part", r"\xi_\ell", n_h, n_q),
    matrix("B_c", "rate of change of the predictor under the symmetry", r"\partial_c B", n_c, n_d),
    matrix("form_up", "one-form, upper part", r"\vartheta_{\ell+1}", n_p, n_h),
    matrix("form_W", "one-form, lower part", r"\vartheta_\ell", n_h, n_q),
    matrix("curl_up", "circulation of the form in the upper layer", r"\mathrm{d}\vartheta_{\ell+1}", n_h, n_h),
    matrix("curl_W", "circulation of the form in the lower layer", r"\mathrm{d}\vartheta_\ell", n_h, n_h),
    matrix("C_K", "matrix of the potential", "C", n_h, n_h),
    matrix("Delta", "imbalance of the two layers, conserved", r"\Delta_\ell", n_h, n_h),
    matrix("Delta_dot", "velocity of the imbalance", r"\dot\Delta_\ell", n_h, n_h),
    matrix("above", "product of the layers above the lower one", r"U_\ell", n_c, n_h),
    # balanced layers
    scalar("e_up", "root of the upper learning rate", r"e_{\ell+1}", POSITIVE),
    scalar("e", "root of the learning rate", r"e_\ell", POSITIVE),
    scalar("varsigma", "common singular value", r"\varsigma", POSITIVE),
    matrix("u_up", "unit vector above the upper layer", r"u_{\ell+2}", n_p, ONE),
    matrix("u", "unit vector between the layers", r"u_{\ell+1}", n_h, ONE),
    matrix("u_low", "unit vector below the lower layer", r"u_\ell", n_q, ONE),
    matrix("beta_hat", "direction of the predictor", r"\hat\beta", n_d, ONE),
    scalar("nu", "size of the product below", r"\nu", POSITIVE),
    scalar("upsilon", "size of the product above", r"\upsilon", POSITIVE),
    matrix("VV", "product of the layers below, with its transpose", r"V_{\ell+1}^\top V_{\ell+1}", n_d, n_d),
    matrix("UU", "product of the layers above, with its transpose", r"U_\ell U_\ell^\top", ONE, ONE),
    matrix("UA", "product of the layers above", r"U_\ell", ONE, n_h),
    matrix("next", "product of the layers up to the lower one", r"V_{\ell+1}", n_h, n_d),
    scalar("l", "number of a layer", r"\ell", POSITIVE),
    scalar("E_up", "product of the rates above", r"E_+", POSITIVE),
    scalar("E_low", "product of the rates below", r"E_-", POSITIVE),
    scalar("c_eta", "root of the product of all rates", r"\bar c", POSITIVE),
    scalar("share", "share of one layer in the preconditioner", r"M_\ell", POSITIVE),
    scalar("across", "eigenvalue of the preconditioner across the predictor", r"\lambda_\perp", POSITIVE, "result"),
    scalar("along", "eigenvalue of the preconditioner along the predictor", r"\lambda_\beta", POSITIVE, "result"),
    # one neuron per layer
    vector("beta", "predictor", r"\beta"),
    vector("w", "input weights", "w"),
    scalar("a", "weight of one of the upper layers", r"a_\ell"),
    scalar("b", "product of the weights of the others", r"b_\ell"),
    scalar("eta_1", "learning rate of the input weights", r"\eta_1", POSITIVE),
    vector("G_beta", "gradient of the loss with respect to the predictor", "G"),
    scalar("g_a", "slope of the loss in one weight", r"(\partial_a\mathcal{L})"),
    vector("g_w", "slope of the loss in the input weights", r"(\nabla_w\mathcal{L})"),
    scalar("a_dot", "velocity of one weight", r"\dot a_\ell"),
    vector("w_dot", "velocity of the input weights", r"\dot w"),
    vector("r", "residuals", "r"),
    scalar("loss", "square loss", r"\mathcal{L}"),
    scalar("loss_dot", "velocity of the loss through two of the layers", r"\dot{\mathcal{L}}_\ell"),
    scalar("charge", "imbalance of one layer, conserved", r"\delta_\ell"),
    scalar("charge_dot", "its velocity", r"\dot\delta_\ell"),
    vector("v", "a vector that no sample sees", "v"),
    scalar("c_v", "component of w along v", "c_v"),
    scalar("c_v_dot", "velocity of this component", r"\dot c_v"),
    vector("w_row", "part of w in the row space", r"w^{\mathrm{row}}"),
    vector("n", "part of w in the null space, frozen", "n"),
    vector("mu", "coefficients of the row part", r"\mu"),
    vector("mu_inf", "coefficients of the limit of the row part", r"\mu_\infty"),
    vector("lam", "coefficients of the least-norm solution", r"\lambda"),
    vector("beta_plus", "least-norm solution", r"\beta_+"),
    scalar("charge_row", "imbalance of one layer that the data see", r"d_\ell"),
    vector("beta_inf", "limit of the predictor", r"\beta_\infty", "result"),
    vector("w_row_inf", "limit of the row part", r"w^{\mathrm{row}}_\infty"),
    scalar("pi_inf", "limit of the product of the upper weights", r"\pi_\infty", role="result"),
    scalar("pi_sq", "its square", r"\pi_\infty^2", POSITIVE),
    scalar("sigma", "its sign", r"\sigma"),
    scalar("s", "length of the least-norm solution", "s", POSITIVE),
    scalar("z", "squared length of the limit of the row part", "z", POSITIVE, "unknown"),
    scalar("a_sq", "square of the limit of one weight", r"A_\ell", POSITIVE),
    vector("squares", "squares of the limits of the weights", "A", domain=POSITIVE),
    vector("rates", "learning rates of the upper layers", r"\eta", domain=POSITIVE),
    vector("charges", "imbalances of the layers that the data see", "d"),
    scalar("ell", "logarithm of the squared length of the predictor", r"\log s^2"),
    scalar("slope", "slope of the equation", r"\varphi'"),
    scalar("phi", "left side of the equation", r"\varphi"),
)

i, j, k = sp.symbols("i j k", integer=True, positive=True)
X: Any = sp.IndexedBase("X", real=True)
"""The entries X[k, j] of the data."""


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)


def dot(left: Any, right: Any) -> Any:
    """sum_j left_j right_j."""
    return sp.Sum(left[j] * right[j], (j, 1, n_d))


def image(vector_: Any) -> Any:
    """(X vector)_k = sum_j X_kj vector_j."""
    return sp.Sum(X[k, j] * vector_[j], (j, 1, n_d))


def combination(coefficients: Any) -> Any:
    """(X^T coefficients)_i = sum_k X_ki coefficients_k."""
    return sp.Sum(X[k, i] * coefficients[k], (k, 1, n_N))

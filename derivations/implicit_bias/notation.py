"""The quantities of the model and their scalings: of time, of amplitude, and of the balance between the layers."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity


def scale(time: int = 0, size: int = 0, balance: int = 0) -> dict[str, int]:
    return {"time": time, "size": size, "balance": balance}


UPPER, LOWER = scale(0, 1, 1), scale(0, 1, -1)
"""Weights of quantities that scale like a and like w; the data X have no weight."""

RATE, SIGNAL, LOSS = scale(time=1), scale(size=2), scale(size=4)


def moving(weights: dict[str, int]) -> dict[str, int]:
    """The weights of a time derivative."""
    return {**weights, "time": weights["time"] + 1}


def scalar(
    name: str,
    meaning: str,
    latex: str,
    weights: dict[str, int] | None = None,
    domain: Domain = REAL,
    role: str = "auxiliary",
    kind: str = "scalar",
) -> Quantity:
    return Quantity(name, meaning, latex, domain, role, kind, weights or {})


def vector(name: str, meaning: str, latex: str, weights: dict[str, int], role: str = "auxiliary") -> Quantity:
    return scalar(name, meaning, latex, weights, role=role, kind="list")


d = Quantity("d", "dimension of an input", "d", POSITIVE_INTEGER, "dimension")
N = Quantity("N", "number of samples", "N", POSITIVE_INTEGER, "dimension")
ONE = sp.Integer(1)


def matrix(name: str, meaning: str, latex: str, shape: tuple[Any, Any], weights: dict[str, int], role: str) -> Quantity:
    return Quantity(name, meaning, latex, kind="matrix", shape=shape, scale=weights, role=role)


NOTATION = Notation(
    scalar("eta_a", "learning rate of the output weight", r"\eta_a", scale(1, -2, 2), POSITIVE, "parameter"),
    scalar("eta_w", "learning rate of the input weights", r"\eta_w", scale(1, -2, -2), POSITIVE, "parameter"),
    scalar("kappa", "geometric mean of the rates", r"\kappa", scale(1, -2), POSITIVE),
    scalar("a0", "output weight at the start", "a_0", UPPER, role="parameter"),
    vector("w0", "input weights at the start", "w_0", LOWER, "parameter"),
    matrix("X", "data, one sample per row", "X", (N.symbol, d.symbol), {}, "parameter"),
    vector("y", "labels", "y", SIGNAL, "parameter"),
    d,
    N,
    # the model
    scalar("a", "output weight", "a", UPPER, role="result"),
    vector("w", "input weights", "w", LOWER, "result"),
    vector("beta", "predictor", r"\beta", SIGNAL, "result"),
    scalar("loss", "square loss", r"\mathcal{L}", LOSS),
    scalar("loss_dot", "velocity of the loss", r"\dot{\mathcal{L}}", moving(LOSS)),
    vector("r", "residuals", "r", SIGNAL),
    vector("G", "gradient of the loss with respect to the predictor", "G", SIGNAL),
    scalar("g_a", "slope of the loss in a", r"\partial_a\mathcal{L}", scale(0, 3, -1)),
    vector("g_w", "slope of the loss in w", r"(\nabla_w\mathcal{L})", scale(0, 3, 1)),
    scalar("a_dot", "velocity of a", r"\dot a", moving(UPPER)),
    vector("w_dot", "velocity of w", r"\dot w", moving(LOWER)),
    vector("beta_dot", "velocity of the predictor", r"\dot\beta", moving(SIGNAL)),
    scalar("delta", "imbalance of the layers, conserved", r"\delta", RATE),
    scalar("delta_dot", "velocity of the imbalance", r"\dot\delta", scale(2)),
    scalar("delta_row", "imbalance seen by the data, conserved", r"\delta'", RATE, role="result"),
    # row space and null space
    vector("v", "a vector that no sample sees", "v", {}),
    scalar("c_v", "component of w along v", "c_v", LOWER),
    scalar("c_v_dot", "velocity of this component", r"\dot c_v", moving(LOWER)),
    vector("w_row", "part of w in the row space", r"w^{\mathrm{row}}", LOWER),
    vector("n", "part of w in the null space, frozen", "n", LOWER),
    vector("mu", "coefficients of the row part", r"\mu", LOWER),
    vector("mu_inf", "coefficients of the limit of the row part", r"\mu_\infty", LOWER),
    vector("lam", "coefficients of the least-norm solution", r"\lambda", SIGNAL),
    vector("beta_plus", "least-norm solution", r"\beta_+", SIGNAL),
    matrix("y_column", "labels as a column", "y", (N.symbol, ONE), SIGNAL, "auxiliary"),
    matrix("beta_plus_column", "least-norm solution as a column", r"\beta_+", (d.symbol, ONE), SIGNAL, "auxiliary"),
    # the limit
    scalar("a_inf", "limit of a", r"a_\infty", UPPER, role="result"),
    vector("w_inf", "limit of w", r"w_\infty", LOWER, "result"),
    vector("w_row_inf", "limit of the row part of w", r"w^{\mathrm{row}}_\infty", LOWER),
    vector("beta_inf", "limit of the predictor", r"\beta_\infty", SIGNAL, "result"),
    scalar("a_sq", "square of the limit of a", r"A_\infty", scale(0, 2, 2), POSITIVE),
    scalar("s", "length of the least-norm solution", "s", SIGNAL, POSITIVE),
    scalar("Lambda", "rate", r"\Lambda", RATE, POSITIVE),
    scalar("sigma", "sign of the limit of a", r"\sigma", {}),
    scalar("w_len", "length of the row part of w at the start", r"|w^{\mathrm{row}}_0|", LOWER, POSITIVE),
    # signs
    vector("pull", "correlation of data and labels", "h", SIGNAL),
    # isotropic data
    scalar("c", "common squared singular value", "c", {}, POSITIVE),
    matrix("P_row", "projector on the row space", r"P_{\mathrm{row}}", (d.symbol, d.symbol), {}, "auxiliary"),
    vector("u", "unit vector of the least-norm solution", "u", {}),
    vector("e", "unit vector of the row part of w across it", "e", {}),
    scalar("p", "component of w along the least-norm solution", "p", LOWER),
    scalar("q", "component of the row part of w across it", "q", LOWER),
    scalar("p0", "component of w at the start along the least-norm solution", "p_0", LOWER),
    scalar("p_dot", "velocity of p", r"\dot p", moving(LOWER)),
    scalar("q_dot", "velocity of q", r"\dot q", moving(LOWER)),
    scalar("E", "weighted size of the row parameters", "E", RATE),
    scalar("Z", "functional that keeps its sign", "Z", moving(UPPER)),
    scalar("Z_dot", "velocity of this functional", r"\dot Z", scale(2, 1, 1)),
    scalar("Z_bar", "its conjugate", r"\bar Z", moving(UPPER)),
    scalar("P", "overlap of the start and the least-norm solution", "P", scale(0, 3, -1)),
    # extreme balance
    scalar("x", "share of a in the imbalance at the start", "x", RATE, POSITIVE),
    scalar("h", "inverse share", r"\varepsilon", scale(-1), POSITIVE),
    scalar("rho", "length of the predictor at the start", r"|\beta_0|", SIGNAL, POSITIVE),
    scalar("b", "length of its row part", r"|P_{\mathrm{row}}\beta_0|", SIGNAL, POSITIVE),
    scalar("chi", "share of its row part", r"\chi", {}, POSITIVE),
    scalar("w0_len", "length of w at the start", r"|w_0|", LOWER, POSITIVE),
    vector("b_null", "null part of the predictor at the start", r"(P_{\mathrm{null}}\beta_0)", SIGNAL),
    scalar("gain", "squared growth of the null part", r"\gamma^2", {}, POSITIVE),
    scalar("bound", "squared bound on the null part in the limit", r"B^2", LOSS, POSITIVE),
    # mirror
    scalar("tau", "sign of a", r"\tau", {}),
    scalar("alpha", "size of a", "|a|", UPPER, POSITIVE),
    scalar("W", "length of w", "|w|", LOWER, POSITIVE),
    vector("theta", "dual variable", r"\theta", LOWER),
    vector("theta_dot", "velocity of the dual variable", r"\dot\theta", moving(LOWER)),
    scalar("potential_dual", "dual potential", r"\Phi^*", scale(0, 3, -1)),
    scalar("potential", "primal potential", r"\Phi", scale(0, 3, -1)),
    scalar("slope", "slope of the primal potential", r"\Phi'", LOWER),
    scalar("hess_along", "eigenvalue of the Hessian along the predictor", r"h_\beta", scale(0, -1, -1)),
    scalar("hess_across", "eigenvalue of the Hessian across the predictor", r"h_\perp", scale(0, -1, -1)),
    scalar("along", "eigenvalue of M along the predictor", r"\lambda_\beta", RATE),
    scalar("across", "eigenvalue of M across the predictor", r"\lambda_\perp", RATE),
    scalar("S", "sum of the shares", "S", RATE, POSITIVE),
    scalar("length", "length of the predictor", r"|\beta|", SIGNAL, POSITIVE),
    scalar("gap", "difference of two squares", r"\Gamma", scale(2)),
    vector("shift", "change of the dual variable", r"\Delta\theta", LOWER),
    vector("multiplier", "multipliers of the samples", "m", LOWER),
    scalar("kkt", "stationarity along v", r"v\cdot\Delta\theta", LOWER),
    matrix("M", "preconditioner in function space", "M", (d.symbol, d.symbol), RATE, "auxiliary"),
    matrix("w_column", "input weights as a column", "w", (d.symbol, ONE), LOWER, "auxiliary"),
)

i, j, k = sp.symbols("i j k", integer=True, positive=True)
X: Any = sp.IndexedBase("X", real=True)
"""The entries X[k, j] of the data."""


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)


def dot(left: Any, right: Any) -> Any:
    """sum_j left_j right_j."""
    return sp.Sum(left[j] * right[j], (j, 1, d.symbol))


def image(vector: Any) -> Any:
    """(X vector)_k = sum_j X_kj vector_j."""
    return sp.Sum(X[k, j] * vector[j], (j, 1, d.symbol))


def combination(coefficients: Any) -> Any:
    """(X^T coefficients)_i = sum_k X_ki coefficients_k."""
    return sp.Sum(X[k, i] * coefficients[k], (k, 1, N.symbol))

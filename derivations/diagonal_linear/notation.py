"""The quantities of the model and their scalings: of time, of amplitude, and of the balance between the layers.

A list is written with an index; the same letter without one is a fixed coordinate.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity


def scale(time: int = 0, size: int = 0, balance: int = 0) -> dict[str, int]:
    return {"time": time, "size": size, "balance": balance}


UPPER, LOWER = scale(0, 1, 1), scale(0, 1, -1)
"""Weights of quantities that scale like u and like v; the data X have no weight."""

RATE, TIME, SIGNAL, LOSS, DUAL = scale(1), scale(-1), scale(size=2), scale(size=4), scale(-1, 2)


def moving(weights: dict[str, int], times: int = 1) -> dict[str, int]:
    """The weights of a time derivative."""
    return {**weights, "time": weights["time"] + times}


def warped(weights: dict[str, int], times: int = 1) -> dict[str, int]:
    """The weights of a derivative in the accumulated gradient."""
    return {key: weights[key] - times * DUAL[key] for key in weights}


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


def vector(
    name: str, meaning: str, latex: str, weights: dict[str, int], role: str = "auxiliary", domain: Domain = REAL
) -> Quantity:
    return scalar(name, meaning, latex, weights, domain, role, "list")


d = Quantity("d", "dimension of an input", "d", POSITIVE_INTEGER, "dimension")
N = Quantity("N", "number of samples", "N", POSITIVE_INTEGER, "dimension")

NOTATION = Notation(
    scalar("eta_u", "learning rate of the first layer", r"\eta_u", scale(1, -2, 2), POSITIVE, "parameter"),
    scalar("eta_v", "learning rate of the second layer", r"\eta_v", scale(1, -2, -2), POSITIVE, "parameter"),
    vector("u0", "first layer at the start", "u_0", UPPER, "parameter"),
    vector("v0", "second layer at the start", "v_0", LOWER, "parameter"),
    vector("beta_star", "target of whitened data", r"\beta_*", SIGNAL, "parameter"),
    scalar("t", "time", "t", TIME, NONNEGATIVE, "parameter"),
    Quantity("X", "data, one sample in a row", "X", role="parameter", kind="matrix", shape=(N.symbol, d.symbol)),
    vector("y", "labels", "y", SIGNAL, "parameter"),
    scalar("share", "share of the way from the first predictions to the labels", r"\lambda", {}, role="parameter"),
    d,
    N,
    # the model, as lists
    vector("u", "first layer", "u", UPPER, "result"),
    vector("v", "second layer", "v", LOWER, "result"),
    vector("beta", "predictor", r"\beta", SIGNAL, "result"),
    vector("G", "gradient of the loss with respect to the predictor", "G", SIGNAL),
    vector("g_u", "slope of the loss in the first layer", r"(\nabla_u\mathcal{L})", scale(0, 3, -1)),
    vector("g_v", "slope of the loss in the second layer", r"(\nabla_v\mathcal{L})", scale(0, 3, 1)),
    vector("u_dot", "velocity of the first layer", r"\dot u", moving(UPPER)),
    vector("v_dot", "velocity of the second layer", r"\dot v", moving(LOWER)),
    # one coordinate
    scalar("u1", "first layer in a fixed coordinate", "u", UPPER),
    scalar("v1", "second layer in a fixed coordinate", "v", LOWER),
    scalar("b", "predictor in a fixed coordinate", r"\beta", SIGNAL),
    scalar("g", "gradient in a fixed coordinate", "G", SIGNAL),
    scalar("s_u", "slope of the loss in u", r"\partial_u\mathcal{L}", scale(0, 3, -1)),
    scalar("s_v", "slope of the loss in v", r"\partial_v\mathcal{L}", scale(0, 3, 1)),
    scalar("u1_dot", "velocity of u", r"\dot u", moving(UPPER)),
    scalar("v1_dot", "velocity of v", r"\dot v", moving(LOWER)),
    scalar("b_dot", "velocity of the predictor", r"\dot\beta", moving(SIGNAL)),
    # symmetry
    scalar("c", "parameter of the rescaling", "c"),
    scalar("u_c", "rescaled first layer", "u^{(c)}", UPPER),
    scalar("v_c", "rescaled second layer", "v^{(c)}", LOWER),
    scalar("xi_u", "generator of the rescaling, part of u", r"\xi_u", UPPER),
    scalar("xi_v", "generator of the rescaling, part of v", r"\xi_v", LOWER),
    scalar("loss_c", "change of the loss along the rescaling", r"\mathrm{d}\mathcal{L}/\mathrm{d}c", LOSS),
    scalar("form_u", "one-form, part of u", r"\vartheta_u", scale(-1, 3, -1)),
    scalar("form_v", "one-form, part of v", r"\vartheta_v", scale(-1, 3, 1)),
    scalar("curl", "curl of the one-form", r"(\partial_v\vartheta_u-\partial_u\vartheta_v)", scale(-1, 2)),
    scalar("Q", "potential of the one-form", "Q", scale(-1, 4)),
    scalar("delta", "imbalance of the coordinate, conserved", r"\delta", RATE, role="result"),
    scalar("delta_dot", "velocity of the imbalance", r"\dot\delta", scale(2)),
    # function space
    scalar("kappa", "geometric mean of the rates", r"\kappa", scale(1, -2), POSITIVE),
    scalar("M", "preconditioner of the coordinate", "M", RATE, POSITIVE, "result"),
    scalar("gap", "difference of two squares", r"\Gamma", scale(2)),
    # mirror
    scalar("D", "size of the imbalance", "D", RATE, POSITIVE),
    scalar("curvature", "second derivative of the potential", r"\varphi''", TIME),
    scalar("theta", "dual variable, the slope of the potential", r"\varphi'", DUAL),
    scalar("phi", "mirror potential of the coordinate", r"\varphi", scale(-1, 4), role="result"),
    scalar("theta_dot", "velocity of the dual variable", r"\dot\theta", SIGNAL),
    scalar("growth", "exponential of the dual variable", r"\chi", {}, POSITIVE),
    scalar("amplitude", "imbalance times this exponential", r"\mathcal{A}", RATE, POSITIVE),
    scalar("h", "inverse of the size of the imbalance", r"\varepsilon", TIME, POSITIVE),
    scalar("relative", "curvature against its value at 0", r"\varphi''(\beta)/\varphi''(0)", {}),
    # accumulated gradient
    scalar("s", "accumulated negative gradient", "s", DUAL),
    scalar("s_dot", "velocity of s", r"\dot s", SIGNAL),
    scalar("u_s", "derivative of u in s", "u'", warped(UPPER)),
    scalar("v_s", "derivative of v in s", "v'", warped(LOWER)),
    scalar("u_ss", "second derivative of u in s", "u''", warped(UPPER, 2)),
    scalar("v_ss", "second derivative of v in s", "v''", warped(LOWER, 2)),
    scalar("C_s", "hyperbolic cosine of the accumulated gradient", "C_s"),
    scalar("S_s", "hyperbolic sine over the mean rate", "S_s", DUAL),
    scalar("u1_0", "first layer at the start, in the coordinate", "u_0", UPPER),
    scalar("v1_0", "second layer at the start, in the coordinate", "v_0", LOWER),
    scalar("b_0", "predictor at the start, in the coordinate", r"\beta_0", SIGNAL),
    scalar("E_0", "weighted size at the start, in the coordinate", "E_0", RATE),
    scalar("b_s", "derivative of the predictor in s", r"\beta'", warped(SIGNAL)),
    # any data
    vector("r", "residuals", "r", SIGNAL),
    scalar("loss", "square loss", r"\mathcal{L}", LOSS, role="result"),
    vector("shift_dot", "velocity of the accumulated negative gradient", r"\dot s", SIGNAL),
    vector("shift", "accumulated negative gradient", "s", DUAL),
    vector("multiplier", "multipliers of the samples", "m", DUAL, "result"),
    vector("beta_inf", "limit of the predictor", r"\beta_\infty", SIGNAL, "result"),
    vector("beta_0", "predictor at the start", r"\beta_0", SIGNAL),
    vector("size_0", "weighted size at the start", "E_0", RATE),
    vector("direction", "a vector that no sample sees", "z", {}),
    scalar("kkt", "stationarity along this vector", r"z\cdot s", DUAL),
    # brackets
    scalar("A_u1", "first field, part of $u_1$", r"A_{u_1}", scale(1, -1, 1)),
    scalar("A_v1", "first field, part of $v_1$", r"A_{v_1}", scale(1, -1, -1)),
    scalar("A_u2", "first field, part of $u_2$", r"A_{u_2}", scale(1, -1, 1)),
    scalar("A_v2", "first field, part of $v_2$", r"A_{v_2}", scale(1, -1, -1)),
    scalar("B_u1", "second field, part of $u_1$", r"B_{u_1}", scale(1, -1, 1)),
    scalar("B_v1", "second field, part of $v_1$", r"B_{v_1}", scale(1, -1, -1)),
    scalar("B_u2", "second field, part of $u_2$", r"B_{u_2}", scale(1, -1, 1)),
    scalar("B_v2", "second field, part of $v_2$", r"B_{v_2}", scale(1, -1, -1)),
    scalar("AB_u1", "bracket, part of $u_1$", r"{[A,B]}_{u_1}", scale(2, -3, 1)),
    scalar("AB_v1", "bracket, part of $v_1$", r"{[A,B]}_{v_1}", scale(2, -3, -1)),
    scalar("AB_u2", "bracket, part of $u_2$", r"{[A,B]}_{u_2}", scale(2, -3, 1)),
    scalar("AB_v2", "bracket, part of $v_2$", r"{[A,B]}_{v_2}", scale(2, -3, -1)),
    # whitened data
    scalar("b_star", "target of the coordinate", r"\beta_*", SIGNAL),
    scalar("E", "weighted size of the parameters", "E", RATE),
    scalar("rho", "length factor", r"\rho", {}, POSITIVE),
    scalar("rho2_dot", "velocity of the squared length factor", r"(\rho^2)^{\boldsymbol\cdot}", RATE),
    scalar("y_u", "direction, part of u", "y_u", UPPER),
    scalar("y_v", "direction, part of v", "y_v", LOWER),
    scalar("y_u_dot", "velocity of y_u", r"\dot y_u", moving(UPPER)),
    scalar("y_v_dot", "velocity of y_v", r"\dot y_v", moving(LOWER)),
    scalar("y_u_ddot", "acceleration of y_u", r"\ddot y_u", moving(UPPER, 2)),
    scalar("y_v_ddot", "acceleration of y_v", r"\ddot y_v", moving(LOWER, 2)),
    scalar("rate", "growth rate of the coordinate", r"\Lambda", RATE, POSITIVE),
    scalar("C", "hyperbolic cosine", "C", {}, POSITIVE),
    scalar("S", "hyperbolic sine over the rate", "S", TIME),
    scalar("T", "hyperbolic tangent over the rate", "T", TIME),
    scalar("K", "inverse square of the hyperbolic cosine", "K", {}, POSITIVE),
    scalar("R", "scaled squared length", "R", {}, POSITIVE),
    scalar("miss", "distance to interpolation times the squared length", r"\mathcal{N}", SIGNAL),
    scalar("miss_dot", "velocity of this product", r"\dot{\mathcal{N}}", moving(SIGNAL)),
)

i, j, k = sp.symbols("i j k", integer=True, positive=True)
X: Any = sp.IndexedBase("X", real=True)
"""The entries X[k, j] of the data."""


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)


def image(vector: Any) -> Any:
    """(X vector)_k = sum_j X_kj vector_j."""
    return sp.Sum(X[k, j] * vector[j], (j, 1, d.symbol))


def dot(left: Any, right: Any) -> Any:
    """sum_j left_j right_j."""
    return sp.Sum(left[j] * right[j], (j, 1, d.symbol))

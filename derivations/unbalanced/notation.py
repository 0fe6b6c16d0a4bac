"""The quantities of the model and their scalings.

Three scalings leave the equations unchanged: of time (t, rates), of amplitude (parameters and target) and of the
balance between the layers (a -> r a, w -> w/r, with the rates moved accordingly).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity


def scale(time: int = 0, size: int = 0, balance: int = 0) -> dict[str, int]:
    return {"time": time, "size": size, "balance": balance}


UPPER, LOWER = scale(0, 1, 1), scale(0, 1, -1)
"""Weights of quantities that scale like a and like w."""

RATE, TIME, SIGNAL = scale(time=1), scale(time=-1), scale(size=2)


def moving(weights: dict[str, int], times: int = 1) -> dict[str, int]:
    """The weights of a time derivative."""
    return {**weights, "time": weights["time"] + times}


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

NOTATION = Notation(
    scalar("eta_a", "learning rate of the output weight", r"\eta_a", scale(1, -2, 2), POSITIVE, "parameter"),
    scalar("eta_w", "learning rate of the input weights", r"\eta_w", scale(1, -2, -2), POSITIVE, "parameter"),
    scalar("kappa", "geometric mean of the rates", r"\kappa", scale(1, -2), POSITIVE),
    scalar("delta", "imbalance of the layers, conserved", r"\delta", RATE, role="result"),
    scalar("delta_abs", "size of the imbalance", "D", RATE, POSITIVE),
    scalar("Lambda", "growth rate of the plane", r"\Lambda", RATE, POSITIVE),
    scalar("m", "larger of the two rates", "m", RATE, POSITIVE),
    scalar("m_bar", "smaller of the two rates", r"\bar m", RATE, POSITIVE),
    scalar("s", "length of the target", "s", SIGNAL, POSITIVE),
    scalar("a0", "output weight at the start", "a_0", UPPER, role="parameter"),
    vector("w0", "input weights at the start", "w_0", LOWER, "parameter"),
    vector("beta_star", "target", r"\beta_*", SIGNAL, "parameter"),
    scalar("t", "time", "t", TIME, NONNEGATIVE, "parameter"),
    d,
    # the model
    scalar("a", "output weight", "a", UPPER, role="result"),
    vector("w", "input weights", "w", LOWER, "result"),
    vector("beta", "predictor", r"\beta", SIGNAL, "result"),
    scalar("loss", "square loss", r"\mathcal{L}", scale(size=4), role="result"),
    vector("G", "gradient of the loss with respect to the predictor", "G", SIGNAL),
    scalar("g_a", "slope of the loss in a", r"\partial_a\mathcal{L}", scale(0, 3, -1)),
    vector("g_w", "slope of the loss in w", r"(\nabla_w\mathcal{L})", scale(0, 3, 1)),
    scalar("a_dot", "velocity of a", r"\dot a", moving(UPPER)),
    vector("w_dot", "velocity of w", r"\dot w", moving(LOWER)),
    vector("beta_dot", "velocity of the predictor", r"\dot\beta", moving(SIGNAL)),
    # symmetry
    scalar("c", "parameter of the rescaling", "c"),
    scalar("a_c", "rescaled output weight", "a^{(c)}", UPPER),
    vector("w_c", "rescaled input weights", "w^{(c)}", LOWER),
    scalar("xi_a", "generator of the rescaling, part of a", r"\xi_a", UPPER),
    vector("xi_w", "generator of the rescaling, part of w", r"\xi^w", LOWER),
    scalar("loss_c", "change of the loss along the rescaling", r"\mathrm{d}\mathcal{L}/\mathrm{d}c", scale(size=4)),
    scalar("form_a", "one-form, part of a", r"\vartheta_a", scale(-1, 3, -1)),
    vector("form_w", "one-form, part of w", r"\vartheta^w", scale(-1, 3, 1)),
    scalar(
        "curl_aw", "curl in a plane of a and w", r"(\partial_{w_i}\vartheta_a-\partial_a\vartheta^w_i)", scale(-1, 2)
    ),
    scalar(
        "curl_ww",
        "curl in a plane of w",
        r"(\partial_{w_j}\vartheta^w_i-\partial_{w_i}\vartheta^w_j)",
        scale(-1, 2, 2),
    ),
    scalar("Q", "potential of the one-form", "Q", scale(-1, 4)),
    scalar("delta_dot", "velocity of the imbalance", r"\dot\delta", scale(2)),
    # finite steps
    scalar("step_size", "duration of a step", r"\epsilon", TIME, POSITIVE),
    scalar("a_next", "output weight after a step", "a^+", UPPER),
    vector("w_next", "input weights after a step", "w^+", LOWER),
    scalar("delta_next", "imbalance after a step", r"\delta^+", RATE),
    # the plane
    vector("u", "unit vector of the target", "u", {}),
    vector("v", "unit vector of the transverse part of w", "v", {}),
    scalar("p", "component of w along the target", "p", LOWER),
    scalar("q", "component of w across the target", "q", LOWER),
    scalar("p0", "component of w at the start along the target", "p_0", LOWER),
    scalar("q0", "component of w at the start across the target", "q_0", LOWER, NONNEGATIVE),
    scalar("q0_sq", "squared component of w at the start across the target", "q_0^2", scale(0, 2, -2), NONNEGATIVE),
    scalar("p_dot", "velocity of p", r"\dot p", moving(LOWER)),
    scalar("q_dot", "velocity of q", r"\dot q", moving(LOWER)),
    scalar("E", "weighted size of the parameters", "E", RATE),
    # direction and length
    scalar("rho", "length factor", r"\rho", {}, POSITIVE),
    scalar("rho2_dot", "velocity of the squared length factor", r"(\rho^2)^{\boldsymbol\cdot}", RATE),
    scalar("y_a", "direction, part of a", "y_a", UPPER),
    scalar("y_p", "direction, part along the target", "y_p", LOWER),
    scalar("y_q", "direction, part across the target", "y_q", LOWER),
    scalar("y_a_dot", "velocity of y_a", r"\dot y_a", moving(UPPER)),
    scalar("y_p_dot", "velocity of y_p", r"\dot y_p", moving(LOWER)),
    scalar("y_q_dot", "velocity of y_q", r"\dot y_q", moving(LOWER)),
    scalar("y_a_ddot", "acceleration of y_a", r"\ddot y_a", moving(UPPER, 2)),
    scalar("y_p_ddot", "acceleration of y_p", r"\ddot y_p", moving(LOWER, 2)),
    scalar("C", "hyperbolic cosine", "C"),
    scalar("S", "hyperbolic sine over the rate", "S", TIME),
    scalar("E1", "transverse exponential", r"\mathcal{E}"),
    scalar("F", "integral of the squared transverse exponential", "F", TIME),
    scalar("N", "distance to interpolation times the squared length", r"\mathcal{N}", SIGNAL),
    scalar("N_dot", "velocity of N", r"\dot{\mathcal{N}}", moving(SIGNAL)),
    scalar("miss", "miss along the target, a p - s", r"\varepsilon", SIGNAL),
    scalar("nu", "ratio of the components", r"\nu", scale(0, 2, -2), role="result"),
    scalar("nu_dot", "velocity of the ratio", r"\dot\nu", scale(1, 2, -2)),
    scalar("alignment", "cosine of the angle between predictor and target", r"\cos(\beta,\beta_*)", {}, role="result"),
    # stable form
    scalar("e", "decay of the fading mode against the growing one", "e", {}, POSITIVE),
    scalar("f", "one minus e", "f", {}, POSITIVE),
    scalar("T", "transverse time", "T", TIME, POSITIVE),
    scalar("T_q", "scaled transverse integral", r"\mathcal{T}", TIME, POSITIVE),
    scalar("Y_a", "scaled direction, part of a", "Y_a", UPPER),
    scalar("Y_p", "scaled direction, part along the target", "Y_p", LOWER),
    scalar("Y_q", "scaled direction, part across the target", "Y_q", LOWER),
    scalar("R", "scaled squared length", "R", {}, POSITIVE),
    scalar("c_plus", "amplitude of the growing mode upstream", "c_+", scale(-1, 1, 1)),
    scalar("c_minus", "amplitude of the fading mode upstream", "c_-", scale(-1, 1, -1)),
    scalar("d_plus", "amplitude of the growing mode downstream", "d_+", scale(-1, 1, -1)),
    scalar("d_minus", "amplitude of the fading mode downstream", "d_-", scale(-1, 1, 1)),
    # long times
    scalar("sigma", "sign of the limit of a", r"\sigma", {}, role="result"),
    scalar("X", "coefficient of the growing mode", "X", moving(UPPER)),
    scalar("X_bar", "its conjugate", r"\bar X", moving(UPPER)),
    scalar("P", "overlap of start and target", "P", scale(0, 3, -1)),
    scalar("a_inf", "limit of a", r"a_\infty", UPPER, role="result"),
    scalar("p_inf", "limit of p", r"p_\infty", LOWER),
    scalar("q_inf", "limit of q", r"q_\infty", LOWER, POSITIVE),
    scalar("t_zero", "time at which a vanishes", "t_0", TIME, role="result"),
    # saddle escape
    scalar("grow", "growing term of the squared length factor at the start", r"\Theta", {}, POSITIVE),
    scalar("excess", "excess of the growing term, times e", r"\chi", {}),
    scalar("t_escape", "time at which the growing term is 1", r"t_{1/2}", TIME, role="result"),
    scalar("progress", "predictor along the target", r"\beta_u", SIGNAL),
    # function space
    scalar("along", "eigenvalue along the predictor", r"\lambda_\beta", RATE, role="result"),
    scalar("across", "eigenvalue across the predictor", r"\lambda_\perp", RATE, role="result"),
    scalar("r", "length of the predictor", "r", SIGNAL, POSITIVE),
    scalar("r_w", "length of w", r"|w|", LOWER, POSITIVE),
    scalar("A", "share of a in the kernel", "A", RATE, POSITIVE),
    scalar("b", "share of w in the kernel", "b", RATE, POSITIVE),
    scalar("A0", "share of a at the start", "A_0", RATE, POSITIVE),
    scalar("b0", "share of w at the start", "b_0", RATE, POSITIVE),
    scalar("product", "product of the shares", "Ab", scale(2)),
    scalar("overlap", "overlap of w with its start", r"c_w", RATE),
    scalar("turn", "squared turn of w", r"\varsigma", scale(2)),
    scalar("area", "change of the shares", r"\alpha", scale(2)),
    scalar("gram", "Gram determinant of the kernels", r"\Gamma", scale(4)),
    scalar("inner", "product of the kernels", r"\langle M_0,M\rangle", scale(2), POSITIVE),
    scalar("norm0", "squared norm of the kernel at the start", r"|M_0|^2", scale(2), POSITIVE),
    scalar("norm", "squared norm of the kernel", r"|M|^2", scale(2), POSITIVE),
    scalar("kernel_distance", "distance of the kernel from its start", r"\mathcal{S}", {}, role="result"),
    vector("zeta", "deviation of the predictor from the target", r"\zeta", SIGNAL),
    scalar("rate_along", "decay rate along the target", r"\lambda_\beta^*", RATE, POSITIVE, "result"),
    scalar("rate_across", "decay rate across the target", r"\lambda_\perp^*", RATE, POSITIVE, "result"),
    Quantity("M", "preconditioner in function space", "M", kind="matrix", shape=(d.symbol, d.symbol), scale=RATE),
    Quantity("w_column", "input weights as a column", "w", kind="matrix", shape=(d.symbol, sp.Integer(1)), scale=LOWER),
    Quantity("beta_hat", "unit vector of the predictor", r"\hat\beta", kind="matrix", shape=(d.symbol, sp.Integer(1))),
)

i, j = sp.symbols("i j", integer=True, positive=True)


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)


def dot(left: Any, right: Any) -> Any:
    """sum_j left_j right_j."""
    return sp.Sum(left[j] * right[j], (j, 1, d.symbol))

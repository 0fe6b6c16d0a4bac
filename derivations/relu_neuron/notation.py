"""The quantities of one piecewise linear neuron; those it shares with the linear neuron are declared there."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity
from ..unbalanced.notation import LOWER, RATE, SIGNAL, UPPER, moving, scale
from ..unbalanced.notation import NOTATION as LINEAR

_SHARED = (
    "eta_a eta_w kappa delta delta_abs Lambda s a0 w0 t d a w beta loss G g_a g_w a_dot w_dot delta_dot r r_w A b "
    "p0 q0 y_a y_p y_q rho C S E1 F p q"
)
N = Quantity("N", "number of samples", "N", POSITIVE_INTEGER, "dimension")

NOTATION = Notation(
    *(LINEAR[name] for name in _SHARED.split()),
    N,
    Quantity("X", "data, one sample in a row", "X", kind="matrix", shape=(N.symbol, LINEAR["d"].symbol)),
    Quantity("y", "labels", "y", role="parameter", kind="list", scale=SIGNAL),
    Quantity("slope", "slope of the activation at the samples, 0 or 1 for ReLU", r"\varphi'", kind="list"),
    Quantity("f", "outputs on the samples", "f", role="result", kind="list", scale=SIGNAL),
    Quantity("residual", "residuals", "r", kind="list", scale=SIGNAL),
    # polar form
    Quantity("omega", "direction of the input weights", r"\omega", kind="list"),
    Quantity("omega_dot", "velocity of this direction", r"\dot\omega", kind="list", scale=scale(time=1)),
    Quantity("turning", "angular rate", r"\lambda_\omega", POSITIVE, scale=scale(time=1, size=-2)),
    Quantity("log_size", "logarithm of the size of the neuron", r"\ln|\beta|"),
    Quantity("log_size_dot", "velocity of this logarithm", r"(\ln|\beta|)^{\boldsymbol\cdot}", REAL, scale=RATE),
    Quantity("a_sign", "sign of a", r"\tau"),
    Quantity("share", "angular share", r"\chi", POSITIVE),
    Quantity("h", "inverse size of the imbalance", r"\varepsilon", POSITIVE, scale=scale(time=-1)),
    Quantity("upstream", "angular rate at the imbalance D", r"\lambda_\omega^{(D)}", POSITIVE,
             scale=scale(time=1, size=-2)),
    Quantity("downstream", "angular rate at the imbalance -D", r"\lambda_\omega^{(-D)}", POSITIVE,
             scale=scale(time=1, size=-2)),
    Quantity("ratio", "ratio of the angular rates", r"\varrho", POSITIVE),
    # small outputs
    Quantity("small", "squared size of the weights, sent to zero", r"\epsilon", POSITIVE),
    Quantity("beta_unit", "product of the layers in units of this size", r"\beta^{(1)}", kind="list", scale=SIGNAL),
    Quantity("pull", "length of the pull g of the active labels", "|g|", POSITIVE, scale=SIGNAL),
    Quantity("g_hat", "direction of this pull", r"\hat g", kind="list"),
    Quantity("w_hat", "direction of the part of w across the pull", r"\hat w_\perp", kind="list"),
    *(LINEAR[name] for name in ("p_dot", "q_dot")),
    Quantity("a_ddot", "acceleration of a", r"\ddot a", scale=moving(UPPER, 2)),
    Quantity("p_ddot", "acceleration of p", r"\ddot p", scale=moving(LOWER, 2)),
    Quantity("mu", "rate of the hyperbolic rotation", r"\mu", POSITIVE, scale=RATE),
    Quantity("C_small", "hyperbolic cosine of the rotation", r"C_\mu"),
    Quantity("S_small", "hyperbolic sine of the rotation over its rate", r"S_\mu", scale=scale(time=-1)),
    # orthonormal samples
    Quantity("u", "active labels over their length", "u", kind="list"),
    Quantity("v", "unit vector of the active input weights across the labels", "v", kind="list"),
    Quantity("w_now", "active input weights at time t", "w", kind="list", scale=LOWER),
    Quantity("a_now", "output weight at time t", "a", scale=UPPER, role="result"),
    Quantity("gate", "function whose first zero ends the piece", r"\gamma", kind="list", scale=LOWER),
    Quantity("G_one", "gradient in a coordinate", "G", scale=SIGNAL),
    Quantity("slope_one", "slope in a coordinate", r"\varphi'"),
    Quantity("w_rate", "velocity in a coordinate", r"\dot w", scale=moving(LOWER)),
    Quantity("event_time", "times at which samples are dropped", r"t", NONNEGATIVE, "result", "list",
             scale(time=-1)),
)  # fmt: skip

i, j, k = sp.symbols("i j k", integer=True, positive=True)
X: Any = sp.IndexedBase("X", real=True)


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)


def dot(left: Any, right: Any) -> Any:
    """sum_j left_j right_j."""
    return sp.Sum(left[j] * right[j], (j, 1, NOTATION["d"].symbol))

"""The quantities of the two derivations that are cited, as far as they occur, and those of the published formulas.

No scalings are declared: the published formulas hold at unit learning rates, which the scalings would move.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from ...symbolic.quantity import POSITIVE, REAL, Notation, Quantity
from ..implicit_bias.notation import NOTATION as LIMIT
from ..unbalanced.notation import NOTATION as FLOW

_FLOW = (
    "eta_a eta_w kappa delta delta_abs Lambda s a0 w0 beta_star t d a w A b A0 b0 overlap inner norm0 norm "
    "kernel_distance p0 q0 q0_sq y_a y_p y_q rho C S E1 F nu m_bar m r P X X_bar R Y_a Y_p Y_q d_plus d_minus e f T_q"
)
_LIMIT = "N y delta_row a_inf a_sq sigma beta_inf beta_plus n"


def _plain(notation: Notation, names: str) -> list[Quantity]:
    return [replace(notation[name], scale={}) for name in names.split()]


NOTATION = Notation(
    *_plain(FLOW, _FLOW),
    *_plain(LIMIT, _LIMIT),
    replace(LIMIT["X"], name="data", scale={}),
    # kernel distance
    Quantity("norm_pub", "squared norm of the kernel as published", r"|M|^2_{\mathrm{pub}}", POSITIVE),
    Quantity("distance_pub", "kernel distance as published", r"\mathcal{S}_{\mathrm{pub}}", role="result"),
    Quantity("defect", "error of the squared norm", r"\Delta_M"),
    Quantity("growth", "factor of the weights", "z", POSITIVE),
    # sign of a
    Quantity("nu0", "ratio w.beta_*/a at the start", r"\nu_0"),
    Quantity("phi0_sq", "squared output weight at the start over the imbalance", r"\varphi_0^2", POSITIVE),
    Quantity("sigma0", "phase at the start", r"\psi_0"),
    Quantity("phase", "phase", r"\psi"),
    Quantity("bracket", "term under the published square root", r"\mathcal{B}"),
    Quantity("square_pub", "square of the output weight as published", r"a^2_{\mathrm{pub}}", role="result"),
    Quantity("argument", "argument of the published inverse hyperbolic tangent", r"\chi"),
    # balanced
    Quantity("length", "length of the predictor", r"|\beta|", role="result"),
    Quantity("length_pub", "length of the predictor as published", r"|\beta|_{\mathrm{pub}}", role="result"),
    Quantity("n0", "number that stands for the length at the start", r"n_0"),
    Quantity("cosine", "alignment of the predictor at the start", r"\cos_0"),
    Quantity("cosine_pub", "alignment at the start as published", r"\cos_{0,\mathrm{pub}}"),
    Quantity("w_len", "length of the input weights at the start", r"|w_0|", POSITIVE),
    # coordinates
    Quantity("h", "inverse size of the imbalance", r"\varepsilon", POSITIVE),
    Quantity("scaled", "share times the size of the imbalance", "AD"),
    # implicit bias
    Quantity("a_pub", "limit of the output weight as published", r"a_{\infty,\mathrm{pub}}", role="result"),
    Quantity("beta_pub", "limit as published", r"\beta_{\infty,\mathrm{pub}}", REAL, "result", "list"),
    Quantity("error", "error of the published limit", r"\Delta", kind="list"),
)

i, j = sp.symbols("i j", integer=True, positive=True)


def symbols(names: str) -> list[Any]:
    return NOTATION.symbols(names)

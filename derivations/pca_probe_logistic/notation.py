"""Quantities of the logistic probe on principal components."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity, interval
from ...symbolic.replica.spectral_mean import SpectralMean
from ...symbolic.replica.spectral_rules import Levels
from ..pca_probe.notation import NOTATION as MODEL

SHARED = (
    "rho", "alpha", "theta", "a", "b", "sigma2", "lam", "q", "r", "N", "k", "c", "w_spike", "w_rest", "s_spike",
    "s_rest", "u_spike", "u_rest", "noise0", "noise",
)  # fmt: skip

NOTATION = Notation(
    # The sign of a label has no scale: only ratios of task and noise count.
    *(replace(MODEL[name], scale={}) for name in SHARED),
    Quantity("i", "index of a spike", "i", POSITIVE_INTEGER, "dimension"),
    Quantity("s", "eigenvalue of the covariance of the representation", "s", POSITIVE, "variable"),
    Quantity("p", "squared component of the target along its eigenvector", "p", NONNEGATIVE, "variable"),
    Quantity("ratio_k", "labelled samples per dimension of the representation, N/k", r"\alpha_k", POSITIVE),
    Quantity("lam_k", "penalty in the normalisation of the replica calculation", r"\lambda_k", POSITIVE),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("ra", "index of a replica", r"\mathsf{a}", POSITIVE_INTEGER),
    Quantity("rb", "index of a replica", r"\mathsf{b}", POSITIVE_INTEGER),
    Quantity("u", "argument of the loss", "u"),
    Quantity("energy", "energy of a probe", r"\mathcal{H}"),
    Quantity("x", "whitened representations, entries independent N(0, 1)", "x", kind="list"),
    Quantity("w", "whitened probe", "w", kind="list"),
    Quantity("t", "whitened target", "t", kind="list"),
    Quantity("y", "labels", "y", kind="list"),
    Quantity("e", "what the representation does not explain", r"\varepsilon", kind="list"),
    Quantity("g", "inverse eigenvalues of the covariance", "g", POSITIVE, kind="list"),
    Quantity("ell", "loss", r"\ell", kind="function"),
    Quantity("ell_prime", "its derivative", r"\ell'", kind="function"),
    Quantity("ell_second", "its second derivative", r"\ell''", kind="function"),
    Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    Quantity("m_", "overlaps of the replicas with the target", "m", kind="list"),
    Quantity("Qh_", "conjugates of the overlaps", r"\hat Q", kind="list"),
    Quantity("mh_", "conjugates of the overlaps with the target", r"\hat m", kind="list"),
    Quantity("power", "variance of the field of the target", r"\rho_t", POSITIVE),
    Quantity("X", "exponent of n replicas per dimension", r"\mathcal{X}_n"),
    Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    Quantity("Phi_x", "its part from the samples", r"\Phi_n^{x}"),
    Quantity("Phi_w", "its part from the weights", r"\Phi_n^{w}"),
    Quantity("phi_x", "the part from the samples, per replica", r"\varphi^{x}"),
    Quantity("phi_w", "the part from the weights, per replica", r"\varphi^{w}"),
    Quantity("o", "overlap of two probes", "o", POSITIVE, "unknown"),
    Quantity("m", "overlap of probe and target", "m", REAL, "unknown"),
    Quantity("v", "spread of the probes", "v", POSITIVE),
    Quantity("o0", "conjugate of o at finite temperature", r"\hat o_\beta", REAL),
    Quantity("m0", "conjugate of m at finite temperature", r"\hat m_\beta", REAL),
    Quantity("v0", "conjugate of v at finite temperature", r"\hat v_\beta", POSITIVE),
    Quantity("V", "spread of the probes times the inverse temperature", "V", POSITIVE, "unknown"),
    Quantity("oh", "conjugate of o", r"\hat o", REAL, "unknown"),
    Quantity("mh", "conjugate of m", r"\hat m", REAL, "unknown"),
    Quantity("Vh", "conjugate of V", r"\hat V", POSITIVE, "unknown"),
    Quantity("f", "minimal energy per dimension", "f"),
    Quantity("f_x", "its part from the samples", "f^{x}"),
    Quantity("f_w", "its part from the weights", "f^{w}"),
    Quantity("f_beta", "the part from the weights at finite temperature", r"f_\beta^{w}"),
    Quantity("slope_m", "twice the slope in the conjugate of m", r"2\,\partial_{\hat m} f^{w}"),
    Quantity("slope_o", "twice the slope in the conjugate of o", r"2\,\partial_{\hat o} f^{w}"),
    Quantity("slope_v", "twice the slope in the conjugate of V", r"2\,\partial_{\hat V} f^{w}"),
    Quantity("f_one", "the part from the samples, of one sample", "f^{x, (1)}"),
    Quantity("m_one", "overlap of the probe of one sample with the target", "m^{(1)}", REAL),
    Quantity("o_one", "squared length of the whitened probe of one sample", "o^{(1)}", POSITIVE),
    Quantity("e_spike", "eigenvalue of the representation's covariance along a spike", "e", POSITIVE, kind="list"),
    Quantity("e_rest", "its eigenvalue along the generic direction", r"e_\perp", POSITIVE),
    Quantity("p_spike", "squared component of the target along a projected spike", "p", NONNEGATIVE, kind="list"),
    Quantity("p_rest", "its squared component along the generic direction", r"p_\perp", NONNEGATIVE),
    Quantity("E_class", "probability of a wrong label", r"E_{\mathrm{class}}", interval(0, 1), "result"),
    Quantity("L_train", "mean loss of the labelled samples", r"L_{\mathrm{train}}", POSITIVE, "result"),
)


def symbols(names: str) -> list[Any]:
    """Shorthand for the modules of this folder."""
    return NOTATION.symbols(names)


i, r, s, p, e_rest, p_rest = symbols("i r s p e_rest p_rest")
e_spike, p_spike = symbols("e_spike p_spike")
LETTERS = (s, p)
ZERO, ONE = sp.Integer(0), sp.Integer(1)
TARGET = (
    Levels(ONE, ONE, ZERO),
    Levels(e_rest, ZERO, p_rest),
    Levels(e_spike[i], ZERO, p_spike[i], i, r),
)


def mean(body: Any) -> Any:
    """<body> over the law of the representation's covariance and of the target."""
    return SpectralMean(body, LETTERS)

"""Quantities of the replica route to the PCA-probe model; the model's own letters are those of `pca_probe`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity
from ...symbolic.replica.spectral_rules import Levels
from ..pca_probe.notation import NOTATION as MODEL
from ..pca_probe.notation import SQUARED

SHARED = (
    "rho", "alpha", "theta", "a", "b", "sigma2", "lam", "q", "r", "M", "d", "s", "m", "z", "F", "c", "w_spike",
    "w_rest", "s_spike", "s_rest", "u_spike", "u_rest", "noise0", "noise", "kappa", "E_gen", "E_train",
)  # fmt: skip

NOTATION = Notation(
    # The overlaps of the replicas exist for a positive aspect ratio only.
    replace(MODEL["gamma"], domain=POSITIVE),
    *(MODEL[name] for name in SHARED),
    Quantity("i", "index of a spike", "i", POSITIVE_INTEGER, "dimension"),
    Quantity("eta", "weight of a direction", r"\eta", NONNEGATIVE, "variable"),
    Quantity("p", "squared component of the target along an eigenvector", "p", NONNEGATIVE, "variable", scale=SQUARED),
    Quantity("omega", "distance of the spectral parameter below zero", r"\omega", POSITIVE, "parameter"),
    Quantity("chi", "source on the weights of the directions", r"\chi", NONNEGATIVE),
    Quantity("ratio", "unlabelled samples per dimension, M/d", r"\alpha_{\mathrm{u}}", POSITIVE),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("ra", "index of a replica", r"\mathsf{a}", POSITIVE_INTEGER),
    Quantity("rb", "index of a replica", r"\mathsf{b}", POSITIVE_INTEGER),
    Quantity("energy", "energy of an integration vector", r"\mathcal{H}"),
    Quantity("x_u", "unlabelled samples", "x", kind="list"),
    Quantity("y", "integration vector", "y", kind="list"),
    Quantity("weight", "weights of the directions", r"\eta", NONNEGATIVE, kind="list"),
    Quantity("Q_y", "overlaps of the replicas", "Q", kind="list"),
    Quantity("Qh_y", "conjugates of the overlaps", r"\hat Q", kind="list"),
    Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    Quantity("phi_n", "potential per dimension and replica", r"\varphi"),
    Quantity("phi_one", "logarithm of the integral of one sample, per dimension", r"\varphi^{(1)}"),
    # Real, of both signs: that different replicas do not overlap must be found, not put in.
    Quantity("o", "overlap of two replicas", "o", REAL, "unknown"),
    Quantity("v", "squared length of a replica minus the overlap", "v", POSITIVE, "unknown"),
    Quantity("oh", "conjugate of the overlap", r"\hat o", REAL, "unknown"),
    Quantity("vh", "conjugate of the squared length", r"\hat v", POSITIVE, "unknown"),
    *(Quantity(f"phi_{name}", f"twice the slope of the potential in {tex}, up to sign", look) for name, tex, look
      in (("o", "o", r"2\,\partial_o \varphi"), ("v", "v", r"2\,\partial_v \varphi"),
          ("oh", r"\hat o", r"2\,\partial_{\hat o} \varphi"), ("vh", r"\hat v", r"-2\,\partial_{\hat v} \varphi"))),
    Quantity("form", "quadratic form of the resolvent with the weights of the directions", r"T_\eta"),
    Quantity("F_e", "eigenvalue of the resolvent by the other route", "F'"),
    Quantity("ratio_k", "labelled samples per dimension of the representation, N/k", r"\alpha_k", POSITIVE),
    Quantity("lam_k", "penalty in the normalisation of ridge regression by replicas", r"\lambda_k", POSITIVE),
    Quantity("df1", "degrees of freedom per dimension", r"\mathrm{df}_1", NONNEGATIVE),
    Quantity("df2", "second degrees of freedom per dimension", r"\mathrm{df}_2", NONNEGATIVE),
    Quantity("bias", "signal that is not learned", "B", NONNEGATIVE, scale=SQUARED),
    Quantity("excess", "error without the effective noise", r"E_{\mathrm{ex}}", NONNEGATIVE, scale=SQUARED),
    Quantity("e_spike", "eigenvalue of the representation's covariance along a spike", "e", POSITIVE, kind="list"),
    Quantity("e_rest", "its eigenvalue along the generic direction", r"e_\perp", POSITIVE),
    Quantity("p_spike", "squared component of the target along a projected spike", "p", NONNEGATIVE, kind="list",
             scale=SQUARED),
    Quantity("p_rest", "its squared component along the generic direction", r"p_\perp", NONNEGATIVE, scale=SQUARED),
    Quantity("kappa_e", "effective ridge of the other route", r"\kappa'", POSITIVE),
    Quantity("lam_e", "penalty of the other route", r"\lambda'", POSITIVE),
    Quantity("E_test", "generalisation error of the other route", r"E'_{\mathrm{gen}}", NONNEGATIVE, scale=SQUARED),
    Quantity("E_fit", "training error of the other route", r"E'_{\mathrm{train}}", NONNEGATIVE, scale=SQUARED),
)  # fmt: skip


def symbols(names: str) -> list[Any]:
    """Shorthand for the modules of this folder."""
    return NOTATION.symbols(names)


i, r, s, eta, p, e_rest, p_rest = symbols("i r s eta p e_rest p_rest")
e_spike, p_spike = symbols("e_spike p_spike")
DIRECTIONS = (s, eta)
TASK = (s, p)
ZERO, ONE = sp.Integer(0), sp.Integer(1)
# Traces see the bulk of variance 1 only; the weights are on one direction, of any variance s.
ONE_DIRECTION = (Levels(ONE, ONE, ZERO), Levels(s, ZERO, ONE))
# Traces over the representation see its bulk; the target lies along the projected spikes and a generic direction.
TARGET = (
    Levels(ONE, ONE, ZERO),
    Levels(e_rest, ZERO, p_rest),
    Levels(e_spike[i], ZERO, p_spike[i], i, r),
)

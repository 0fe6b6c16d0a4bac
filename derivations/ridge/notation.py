"""Quantities of the ridge derivation, and the letters of the spectral law."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity
from ...symbolic.replica.spectral_mean import SpectralMean
from ...symbolic.replica.spectral_rules import Levels

NOTATION = Notation(
    Quantity("alpha", "samples per dimension, M/d", r"\alpha", POSITIVE, "parameter"),
    Quantity("lam", "ridge penalty", r"\lambda", POSITIVE, "parameter"),
    Quantity("rho", "unit of the squared components of the teacher", r"\rho", POSITIVE, "parameter"),
    Quantity("sigma2", "variance of the label noise", r"\sigma^2", NONNEGATIVE, "parameter"),
    Quantity("shares", "share of the directions of one kind", r"w", POSITIVE, "parameter", "list"),
    Quantity("variances", "variance of the inputs along them", r"\ell", POSITIVE, "parameter", "list"),
    Quantity("powers", "mean squared component of the teacher along them, in units of rho", r"\tau", NONNEGATIVE,
             "parameter", "list"),
    Quantity("j", "kind of direction", "j", POSITIVE_INTEGER, "dimension"),
    Quantity("J", "number of kinds", "J", POSITIVE_INTEGER, "dimension"),
    Quantity("s", "eigenvalue of the covariance", "s", POSITIVE, "variable"),
    Quantity("p", "squared component of the teacher along its eigenvector", "p", NONNEGATIVE, "variable"),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE),
    Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
    Quantity("d", "dimension of a sample", "d", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H", "regularised training loss of a student", "H"),
    Quantity("x", "samples", "x", kind="list"),
    Quantity("w", "student", "w", kind="list"),
    Quantity("t", "teacher", "t", kind="list"),
    Quantity("e", "label noise", r"\varepsilon", kind="list"),
    Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    Quantity("m_", "overlaps of the replicas with the teacher", "m", kind="list"),
    Quantity("Qh_", "conjugates of the overlaps of the replicas", r"\hat Q", kind="list"),
    Quantity("mh_", "conjugates of the overlaps with the teacher", r"\hat m", kind="list"),
    Quantity("r", "variance of the noiseless labels", "r", POSITIVE),
    Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    Quantity("phi", "potential per dimension and replica", r"\varphi"),
    # Real, of both signs: nothing about the saddle point is put in by an assumption.
    Quantity("q", "overlap of two students", "q", REAL, "unknown"),
    Quantity("m", "overlap of student and teacher", "m", REAL, "unknown"),
    Quantity("v", "spread of the students", "v", POSITIVE, "unknown"),
    Quantity("q0", "conjugate of q at finite temperature", r"\hat q_\beta", REAL, "unknown"),
    Quantity("m0", "conjugate of m at finite temperature", r"\hat m_\beta", REAL, "unknown"),
    Quantity("v0", "conjugate of v at finite temperature", r"\hat v_\beta", POSITIVE, "unknown"),
    Quantity("V", "spread of the students times the inverse temperature", "V", POSITIVE, "unknown"),
    Quantity("qh", "conjugate of q", r"\hat q", REAL, "unknown"),
    Quantity("mh", "conjugate of m", r"\hat m", REAL, "unknown"),
    Quantity("Vh", "conjugate of V", r"\hat V", POSITIVE, "unknown"),
    Quantity("loss", "free energy per dimension", r"f_\beta"),
    Quantity("f", "minimal regularised loss per dimension", "f"),
    *(Quantity(f"f_{name}", f"twice the slope in {tex}", rf"2\,\partial_{{{tex}}} f") for name, tex in (
        ("m", "m"), ("q", "q"), ("V", "V"), ("mh", r"\hat m"), ("qh", r"\hat q"), ("Vh", r"\hat V"),
    )),
    Quantity("kappa", "effective penalty", r"\kappa", POSITIVE, "result"),
    Quantity("df1", "degrees of freedom per dimension", r"\mathrm{df}_1", NONNEGATIVE),
    Quantity("df2", "second degrees of freedom per dimension", r"\mathrm{df}_2", NONNEGATIVE),
    Quantity("bias", "signal that is not learned", "B", NONNEGATIVE),
    Quantity("f_one", "minimal regularised loss of one sample", "f^{(1)}"),
    Quantity("m_one", "overlap of the student of one sample with the teacher", "m^{(1)}"),
    Quantity("q_one", "squared length of the student of one sample, weighted with the covariance", "q^{(1)}"),
    Quantity("norm", "squared length of the student per dimension", r"|w|^2/d", NONNEGATIVE, "result"),
    Quantity("E_gen", "generalisation error", r"E_{\mathrm{gen}}", NONNEGATIVE, "result"),
    Quantity("E_train", "mean squared residual of the training set", r"E_{\mathrm{train}}", NONNEGATIVE, "result"),
    Quantity("phi_e", "inputs per sample in the other route", r"\phi", POSITIVE),
    Quantity("lam_e", "penalty in the other route", r"\lambda'", POSITIVE),
    Quantity("theta_e", "mean squared task component in the other route", r"\theta", NONNEGATIVE, kind="list"),
    Quantity("df1_e", "degrees of freedom in the other route", r"\mathrm{df}_1'", NONNEGATIVE),
    Quantity("df2_e", "second degrees of freedom in the other route", r"\mathrm{df}_2'", NONNEGATIVE),
    Quantity("E_test", "test error in the other route, noise included", r"E_{\mathrm{test}}", NONNEGATIVE),
    Quantity("E_fit", "training error in the other route", r"E_{\mathrm{fit}}", NONNEGATIVE),
)  # fmt: skip
alpha, lam, rho, sigma2, shares, variances, powers, j, J, s, p, beta, M, d, n, a, b = NOTATION.symbols(
    "alpha lam rho sigma2 shares variances powers j J s p beta M d n a b"
)
H, x, w, t, e, Q, m_, Qh_, mh_, r, Phi, phi = NOTATION.symbols("H x w t e Q m_ Qh_ mh_ r Phi phi")
q, m, v, q0, m0, v0, V, qh, mh, Vh, loss, f = NOTATION.symbols("q m v q0 m0 v0 V qh mh Vh loss f")
kappa, df1, df2, bias, f_one, m_one, q_one, norm, E_gen, E_train = NOTATION.symbols(
    "kappa df1 df2 bias f_one m_one q_one norm E_gen E_train"
)
phi_e, lam_e, theta_e, df1_e, df2_e, E_test, E_fit = NOTATION.symbols("phi_e lam_e theta_e df1_e df2_e E_test E_fit")
i, mu = sp.symbols("i mu", integer=True, positive=True)
LETTERS = (s, p)
LEVELS = (Levels(variances[j], shares[j], shares[j] * rho * powers[j], j, J),)
ISOTROPIC = (Levels(sp.Integer(1), sp.Integer(1), rho),)


def mean(body: Any) -> Any:
    """<body>, the mean over the joint law of the eigenvalues and of the teacher's squared components."""
    return SpectralMean(body, LETTERS)

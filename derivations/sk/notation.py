"""The quantities of the Sherrington-Kirkpatrick model."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity, interval

NOTATION = Notation(
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE, "parameter"),
    Quantity("h", "external field", "h", REAL, "parameter"),
    Quantity("N", "number of spins", "N", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H", "energy of a configuration", "H"),
    Quantity("J", "couplings, independent N(0, 1/N)", "J", kind="list"),
    Quantity("s", "spins", "s", kind="list"),
    Quantity("sigma", "spins of one site in all replicas", r"\sigma", kind="list"),
    Quantity("R", "overlap of two replicas", "R", kind="list"),
    Quantity("Q", "order parameter of a pair of replicas", "Q", kind="list"),
    Quantity("Qhat", "conjugate order parameter of a pair", r"\hat Q", kind="list"),
    Quantity("X", "replicated exponent", r"\mathcal{X}"),
    Quantity("Phi", "potential of n replicas per spin", r"\Phi_n"),
    Quantity("phi", "potential per spin and replica", r"\varphi", role="result"),
    # Order parameters are real, of both signs: positivity would delete the symmetric saddle q = 0.
    Quantity("q", "overlap of two replicas at the saddle point", "q", interval(-1, 1), "unknown"),
    Quantity("r", "conjugate of the overlap", r"\hat q", REAL, "unknown"),
    Quantity("f", "free energy per spin", "f", role="result"),
    Quantity("u", "energy per spin", "u", role="result"),
    Quantity("entropy", "entropy per spin", "S", role="result"),
    Quantity("lam_n", "replicon eigenvalue of n replicas", r"\lambda_n"),
    Quantity("lam", "replicon eigenvalue", r"\lambda", role="result"),
    Quantity("chi", "linear response", r"\chi", POSITIVE, "unknown"),
    Quantity("u0", "energy per spin at zero temperature", "u_0", role="result"),
    Quantity("S0", "entropy per spin at zero temperature", "S_0", role="result"),
    Quantity("slope", "replicon eigenvalue per inverse temperature", r"\lambda'"),
    Quantity("slope0", "the same at zero temperature", r"\lambda'_0", role="result"),
)
beta, h, N, n, a, b, H, J, s, sigma, R, Q, Qhat, X, Phi, phi, q, r, f, u = NOTATION.symbols(
    "beta h N n a b H J s sigma R Q Qhat X Phi phi q r f u"
)
entropy, lam_n, lam, chi, u0, S0, slope, slope0 = NOTATION.symbols("entropy lam_n lam chi u0 S0 slope slope0")
i, j = sp.symbols("i j", integer=True, positive=True)
z = sp.Symbol("z", real=True)

"""The quantities of the Ising p-spin model."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity, interval

NOTATION = Notation(
    Quantity("p", "number of spins per interaction", "p", Domain(sp.Integer(3), None, "[)", integer=True), "parameter"),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE, "parameter"),
    Quantity("N", "number of spins", "N", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("C", "covariance of the energies of two configurations", "C"),
    Quantity("R", "overlap of two configurations", "R", interval(-1, 1)),
    Quantity("Rab", "overlaps of the replicas", "R", kind="list"),
    Quantity("s", "spins", "s", kind="list"),
    Quantity("sigma", "spins of one site in all replicas", r"\sigma", kind="list"),
    Quantity("Q", "order parameter of a pair of replicas", "Q", kind="list"),
    Quantity("Qhat", "conjugate order parameter of a pair", r"\hat Q", kind="list"),
    Quantity("X", "replicated exponent", r"\mathcal{X}"),
    Quantity("Phi", "potential of n replicas per spin", r"\Phi_n"),
    Quantity("phi", "potential per spin and replica", r"\varphi"),
    Quantity("q0", "overlap of replicas in different blocks", "q_0", interval(-1, 1), "unknown"),
    Quantity("q", "overlap of replicas in one block", "q", interval(0, 1, "()"), "unknown"),
    Quantity("r0", "conjugate of the overlap between blocks", r"\hat q_0", REAL, "unknown"),
    Quantity("r", "conjugate of the overlap inside a block", r"\hat q", POSITIVE, "unknown"),
    Quantity("m", "size of a block", "m", POSITIVE, "unknown"),
    Quantity("phi_m", "slope of the potential in the size of a block", r"\partial_m \varphi"),
    Quantity("f", "free energy per spin", "f"),
    Quantity("mu", "size of a block per temperature", r"\mu", POSITIVE, "unknown"),
    Quantity("chi", "response of one block", r"\chi", POSITIVE, "unknown"),
    Quantity("u0", "energy per spin at zero temperature", "u_0", role="result"),
    Quantity("u_mu", "slope of the energy in the size of a block", r"\partial_\mu u_0"),
)
p, beta, N, n, a, b, C, R, Rab, s, sigma, Q, Qhat, X, Phi, phi = NOTATION.symbols(
    "p beta N n a b C R Rab s sigma Q Qhat X Phi phi"
)
q0, q, r0, r, m, phi_m, f, mu, chi, u0, u_mu = NOTATION.symbols("q0 q r0 r m phi_m f mu chi u0 u_mu")

"""The quantities of the spherical p-spin model."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity, interval

NOTATION = Notation(
    Quantity(
        "p", "number of spins in an interaction", "p", Domain(sp.Integer(3), None, "[)", integer=True), "parameter"
    ),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE, "parameter"),
    Quantity("N", "number of spins", "N", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("C", "covariance of the energies of two configurations", "C"),
    Quantity("R", "overlap of two configurations", "R", interval(-1, 1)),
    Quantity("Rab", "overlaps of the replicas", "R", kind="list"),
    Quantity("Q", "order parameters of the pairs of replicas", "Q", kind="list"),
    Quantity("X", "replicated exponent", r"\mathcal{X}"),
    Quantity("Phi", "potential of n replicas per spin", r"\Phi_n"),
    Quantity("phi", "potential per spin and replica", r"\varphi"),
    Quantity("q0", "overlap of replicas in different blocks", "q_0", interval(-1, 1), "unknown"),
    Quantity("q", "overlap of replicas in one block", "q", interval(0, 1, "()"), "unknown"),
    Quantity("m", "size of a block", "m", POSITIVE, "unknown"),
    Quantity("phi_q", "slope of the potential in q", r"\partial_q \varphi", REAL),
    Quantity("phi_m", "slope of the potential in m", r"\partial_m \varphi", REAL),
    Quantity("rate", "slope in q per 1 - m", r"\psi", REAL),
    Quantity("beta2", "squared inverse temperature at the transition", r"\beta_{\mathrm{s}}^2", POSITIVE, "unknown"),
    Quantity("gap", "what vanishes at the transition", r"\Delta", REAL),
    Quantity("Sigma", "complexity: logarithm of the number of states per spin", r"\Sigma", role="result"),
    Quantity("slope", "slope of the squared inverse temperature in the overlap", r"\partial_q \beta^2", REAL),
    Quantity("balance", "its ratio to the squared inverse temperature", r"\rho", REAL),
    Quantity("Td", "temperature below which the states exist", r"T_{\mathrm{d}}", POSITIVE, "result"),
    Quantity("T", "temperature of the static transition", r"T_{\mathrm{s}}", POSITIVE, "result"),
)
p, beta, N, n, a, b, C, R, Rab, Q, X, Phi, phi, q0, q, m, phi_q, phi_m, rate, beta2, gap, T = NOTATION.symbols(
    "p beta N n a b C R Rab Q X Phi phi q0 q m phi_q phi_m rate beta2 gap T"
)
Sigma, slope, balance, Td = NOTATION.symbols("Sigma slope balance Td")

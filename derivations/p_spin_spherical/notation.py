"""The quantities of the spherical p-spin model."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import NEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Domain, Notation, Quantity, interval

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
    Quantity("f", "free energy per spin", "f"),
    Quantity("mu", "size of a block per temperature", r"\mu", POSITIVE, "unknown"),
    Quantity("chi", "response of a state: its susceptibility per spin", r"\chi", POSITIVE, "unknown"),
    Quantity("u", "free energy per spin at zero temperature", "u"),
    Quantity("u_chi", "slope of the zero-temperature free energy in the response", r"\partial_\chi u"),
    Quantity("u_mu", "slope of the zero-temperature free energy in the size of a block", r"\partial_\mu u"),
    Quantity("e", "energy per spin of a state at zero temperature", "e", NEGATIVE, "parameter"),
    Quantity("e_chi", "slope of the energy of a state in its response", r"\partial_\chi e"),
    Quantity("Sigma0", "logarithm of the number of states per spin at zero temperature", r"\Sigma_0", role="result"),
    Quantity("lam", "inverse square of the response where states cease to exist", r"\lambda", POSITIVE),
    Quantity("e_th", "energy per spin above which no state is stable", r"e_{\mathrm{th}}", role="result"),
    Quantity("Sigma_th", "logarithm of the number of states at that energy", r"\Sigma_{\mathrm{th}}", role="result"),
    Quantity("c0", "variance of the energy per spin", "c_0", POSITIVE),
    Quantity("c1", "variance of a component of the gradient", "c_1", POSITIVE),
    Quantity("c2", "N times the variance of an entry of the Hessian off its diagonal", "c_2", POSITIVE),
    Quantity("k", "shift of the Hessian per energy", "k", POSITIVE),
    Quantity("t", "angle in the semicircle", "t", interval(0, sp.pi)),
    Quantity("r_points", "rate of the volume times the density of a vanishing gradient", r"\sigma_{\nabla}"),
    Quantity("r_energy", "rate of the density of the energy", r"\sigma_{H}"),
    Quantity("r_det", "rate of the mean determinant of the Hessian", r"\sigma_{\det}"),
    Quantity("Sigma_c", "logarithm of the mean number of critical points", r"\Sigma_{\mathrm{c}}", role="result"),
)
p, beta, N, n, a, b, C, R, Rab, Q, X, Phi, phi, q0, q, m, phi_q, phi_m, rate, beta2, gap, T = NOTATION.symbols(
    "p beta N n a b C R Rab Q X Phi phi q0 q m phi_q phi_m rate beta2 gap T"
)
Sigma, slope, balance, Td = NOTATION.symbols("Sigma slope balance Td")
f, mu, chi, u, u_chi, u_mu, e, e_chi, Sigma0, lam, e_th, Sigma_th = NOTATION.symbols(
    "f mu chi u u_chi u_mu e e_chi Sigma0 lam e_th Sigma_th"
)
c0, c1, c2, k, t, r_points, r_energy, r_det, Sigma_c = NOTATION.symbols("c0 c1 c2 k t r_points r_energy r_det Sigma_c")

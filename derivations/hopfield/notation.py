"""The symbols of the Hopfield model."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity, interval

NOTATION = Notation(
    Quantity("alpha", "patterns per spin", r"\alpha", POSITIVE, "parameter"),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE, "parameter"),
    Quantity("M", "number of patterns besides the condensed one", "M", POSITIVE_INTEGER, "dimension"),
    Quantity("N", "number of spins", "N", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H", "energy of a configuration", "H"),
    Quantity("xi", "entries of the patterns, independent fair signs", r"\xi", kind="list"),
    Quantity("s", "spins, seen from the condensed pattern", "s", kind="list"),
    Quantity("sigma", "spins of one site in all replicas", r"\sigma", kind="list"),
    Quantity("R", "overlap of two replicas", "R", kind="list"),
    Quantity("mu_", "overlap of a replica with the condensed pattern", r"\mu", kind="list"),
    Quantity("Q", "order parameter of a pair of replicas", "Q", kind="list"),
    Quantity("Qhat", "conjugate order parameter of a pair", r"\hat Q", kind="list"),
    Quantity("ms", "order parameters of the condensed pattern", "m", kind="list"),
    Quantity("mhats", "conjugates of these", r"\hat m", kind="list"),
    Quantity("X", "replicated exponent", r"\mathcal{X}"),
    Quantity("Phi", "potential of n replicas per spin", r"\Phi_n"),
    Quantity("phi", "potential per spin and replica", r"\varphi"),
    # Order parameters are real, of both signs: positivity would delete the saddles m = 0 and q = 0.
    Quantity("m", "overlap with the condensed pattern", "m", interval(-1, 1), "unknown"),
    Quantity("mhat", "conjugate of this overlap", r"\hat m", REAL),
    Quantity("q", "overlap of two replicas", "q", interval(-1, 1), "unknown"),
    Quantity("qhat", "conjugate of the overlap of two replicas", r"\hat q", REAL),
    Quantity("r", "mean squared overlap with the other patterns, per pattern and noise", "r", NONNEGATIVE, "result"),
    Quantity("f", "free energy per spin", "f", role="result"),
    Quantity("u", "energy per spin", "u", role="result"),
    Quantity("entropy", "entropy per spin", "S", role="result"),
    Quantity("lam_n", "replicon eigenvalue of n replicas", r"\lambda_n"),
    Quantity("lam", "replicon eigenvalue", r"\lambda", role="result"),
    Quantity("growth", "overlap per conjugate, to first order", r"g"),
    Quantity("gain", "conjugate per overlap, to first order", r"\hat g"),
    Quantity("tau", "distance of the temperature from 1", r"\tau", POSITIVE),
    Quantity("T", "temperature below which the overlap of two replicas grows", r"T_{\mathrm{g}}", POSITIVE, "result"),
    Quantity("C", "linear response to a small field", "C", interval(0, 1, "()"), "unknown"),
    Quantity("u0", "energy per spin at zero temperature", "u_0", role="result"),
    Quantity("S0", "entropy per spin at zero temperature", "S_0", role="result"),
    Quantity("rate", "replicon eigenvalue less 1, per inverse temperature", r"\lambda'"),
    Quantity("rate0", "the same at zero temperature", r"\lambda'_0"),
    Quantity("x", "signal per noise", "x", POSITIVE, "unknown"),
    Quantity("c", "amplitude of the noise", "c", POSITIVE),
    Quantity("slope", "rate at which the load changes with the signal per noise", r"\alpha'"),
    Quantity("eta", "amplitude of the noise that the response leaves", r"\eta", POSITIVE, "unknown"),
    Quantity("u1", "energy per spin of the spin-glass state", r"u_{\mathrm{g}}", role="result"),
    Quantity("gap", "difference of the energies of the two states", r"\Delta"),
)
alpha, beta, M, N, n, a, b, H, xi, s, sigma, R, mu_, Q, Qhat, ms, mhats = NOTATION.symbols(
    "alpha beta M N n a b H xi s sigma R mu_ Q Qhat ms mhats"
)
X, Phi, phi, m, mhat, q, qhat, r, f, u, entropy, lam_n, lam = NOTATION.symbols(
    "X Phi phi m mhat q qhat r f u entropy lam_n lam"
)
growth, gain, tau, T, C, u0, S0, x, c, slope = NOTATION.symbols("growth gain tau T C u0 S0 x c slope")
eta, u1, gap, rate, rate0 = NOTATION.symbols("eta u1 gap rate rate0")
i, mu = sp.symbols("i mu", integer=True, positive=True)
z = sp.Symbol("z", real=True)

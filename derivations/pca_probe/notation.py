"""The notation table of the PCA-probe model."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import NEGATIVE, NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Notation, Quantity, interval

SIGNAL, SQUARED = {"signal": 1}, {"signal": 2}
UNIT = interval(0, 1)
HALF_TURN = interval(0, sp.pi)

M, N, d, k = (
    Quantity(name, meaning, name, POSITIVE_INTEGER, "dimension")
    for name, meaning in (
        ("M", "number of unlabelled samples"),
        ("N", "number of labelled samples"),
        ("d", "dimension of a sample"),
        ("k", "dimension of the representation"),
    )
)
SIZES = {q.name: q.symbol for q in (M, N, d, k)}


def _matrix(name: str, meaning: str, latex: str, rows: Quantity, columns: Quantity) -> Quantity:
    return Quantity(name, meaning, latex, kind="matrix", shape=(rows.symbol, columns.symbol))


NOTATION = Notation(
    Quantity("gamma", "unlabelled aspect ratio d/M", r"\gamma", NONNEGATIVE, "parameter"),
    Quantity("rho", "relative size k/d of the representation", r"\rho", UNIT, "parameter"),
    Quantity("alpha", "labelled samples per dimension, N/d", r"\alpha", POSITIVE, "parameter"),
    Quantity("theta", "strength of a spike", r"\theta", POSITIVE, "parameter", "list"),
    Quantity("a", "alignment of the task with a spike", "a", role="parameter", kind="list", scale=SIGNAL),
    Quantity("b", "alignment of the task with the noise directions", "b", role="parameter", scale=SIGNAL),
    Quantity("sigma2", "variance of the label noise", r"\sigma^2", NONNEGATIVE, "parameter", scale=SQUARED),
    Quantity("lam", "ridge penalty of the probe", r"\lambda", POSITIVE, "parameter"),
    Quantity("q", "aspect ratio k/N of the probe", "q", POSITIVE),
    Quantity("r", "number of spikes", "r", POSITIVE_INTEGER),
    M,
    N,
    d,
    k,
    _matrix("G", "Gaussian matrix, entries independent N(0, 1/M)", "G", M, d),
    _matrix("Sigma", "population covariance", r"\Sigma", d, d),
    _matrix("rootSigma", "symmetric root of the population covariance", r"\Sigma^{1/2}", d, d),
    _matrix("R", "resolvent of the unlabelled sample covariance", r"R(z)", d, d),
    Quantity("z", "spectral parameter, outside the spectrum", "z", NEGATIVE),
    Quantity("s", "eigenvalue of the population covariance", "s", POSITIVE),
    Quantity("eta", "coefficient of the covariance in the equivalent", r"\eta", POSITIVE, "unknown"),
    Quantity("h", "self-energy of the samples", "h", role="unknown"),
    Quantity("m", "companion transform", "m", role="unknown"),
    Quantity("F", "eigenvalue of the equivalent along a population eigenvector", "F"),
    Quantity("F_bulk", "the same on the bulk", r"F_{\mathrm{b}}"),
    Quantity("F_spike", "the same along a spike", "F", kind="list"),
    Quantity("x", "eigenvalue of the sample covariance", "x", POSITIVE),
    Quantity("f", "density of the sample eigenvalues", "f", NONNEGATIVE),
    Quantity("g", "density of the spectral measure of a spike", "g", NONNEGATIVE, kind="list"),
    Quantity("lower", "lower edge of the bulk", r"\lambda_-", NONNEGATIVE),
    Quantity("upper", "upper edge of the bulk", r"\lambda_+", POSITIVE),
    Quantity("x0", "location of the outlier of a spike", r"\hat x", POSITIVE, kind="list"),
    Quantity("c0", "weight of a spike on its outlier", r"\hat c", UNIT, kind="list"),
    Quantity("phi", "angle that parametrises the bulk, from the upper edge down", r"\varphi", HALF_TURN, "unknown"),
    Quantity("threshold", "k-th largest eigenvalue", r"x_{\varphi}", POSITIVE),
    Quantity("t", "bound variable of an integral", "t", HALF_TURN),
    Quantity("A", "constant coefficient of the elementary integral", "A", POSITIVE),
    Quantity("B", "cosine coefficient of the elementary integral", "B"),
    Quantity("J", "elementary integral", "J", kind="function"),
    Quantity("c", "overlap of the representation with a spike", "c", UNIT, "result", "list"),
    Quantity("slope", "rate dc/drho at which the overlap grows with the size", "c'", POSITIVE, kind="list"),
    Quantity("w_spike", "component of the task along a spike", "w", kind="list", scale=SIGNAL),
    Quantity("w_rest", "component of the task along the generic direction", r"w_\perp", scale=SIGNAL),
    Quantity("s_spike", "variance of the inputs along a spike", "s", POSITIVE, kind="list"),
    Quantity("s_rest", "variance of the inputs along the generic direction", r"s_\perp", POSITIVE),
    Quantity("u_spike", "squared length of a projected spike", r"\nu", UNIT, kind="list"),
    Quantity("u_rest", "squared length of the projected generic direction", r"\nu_\perp", UNIT),
    Quantity("noise0", "variance of the given label noise", r"\sigma_0^2", NONNEGATIVE, scale=SQUARED),
    Quantity("noise", "variance of the effective label noise", r"\sigma_U^2", POSITIVE, "result", scale=SQUARED),
    _matrix("H", "Gaussian matrix of the labelled samples, entries independent N(0, 1/N)", "H", N, k),
    _matrix("C", "covariance of the representation", "C", k, k),
    _matrix("rootC", "symmetric root of the covariance of the representation", r"C^{1/2}", k, k),
    _matrix("Q", "resolvent of the probe with a source", r"Q(\tau)", k, k),
    Quantity("tau", "source coupled to the covariance", r"\tau", POSITIVE),
    Quantity("zeta", "coefficient of the covariance in the equivalent", r"\zeta", POSITIVE, "unknown"),
    Quantity("l", "self-energy of the labelled samples", r"\ell", role="unknown"),
    Quantity("kappa", "effective ridge", r"\kappa", POSITIVE, "unknown"),
    Quantity("V_source", "eigenvalue of the equivalent of Q with its source", r"v_{\tau}"),
    Quantity("V_R", "eigenvalue of the equivalent of Q", r"v_{Q}"),
    Quantity("V_RR", "eigenvalue of the equivalent of Q Q", r"v_{QQ}"),
    Quantity("V_RCR", "eigenvalue of the equivalent of Q C Q", r"v_{QCQ}"),
    Quantity("B_R", "quadratic form of Q in the target", r"\beta_*^{\top} Q \beta_*", scale=SQUARED),
    Quantity("B_RR", "quadratic form of Q Q in the target", r"\beta_*^{\top} Q^2 \beta_*", scale=SQUARED),
    Quantity("B_RCR", "quadratic form of Q C Q in the target", r"\beta_*^{\top} Q C Q \beta_*", scale=SQUARED),
    Quantity("T_R", "normalised trace of Q", r"\operatorname{tr} Q"),
    Quantity("T_RR", "normalised trace of Q Q", r"\operatorname{tr} Q^2"),
    Quantity("T_CR", "normalised trace of C Q", r"\operatorname{tr} C Q"),
    Quantity("T_CRR", "normalised trace of C Q Q", r"\operatorname{tr} C Q^2"),
    Quantity("E_gen", "generalisation error", r"E_{\mathrm{gen}}", NONNEGATIVE, "result", scale=SQUARED),
    Quantity("E_train", "training error", r"E_{\mathrm{train}}", NONNEGATIVE, "result", scale=SQUARED),
    Quantity(
        "noise_slope",
        "growth of the effective noise with the size",
        r"\frac{\mathrm{d}\sigma_U^2}{\mathrm{d}\rho}",
        scale=SQUARED,
    ),
    Quantity("kappa_slope", "growth of the effective ridge", r"\frac{\mathrm{d}\kappa}{\mathrm{d}q}", NONNEGATIVE),
    Quantity(
        "E_rho",
        "growth of the error with the size",
        r"\frac{\mathrm{d}E_{\mathrm{gen}}}{\mathrm{d}\rho}",
        scale=SQUARED,
    ),
    Quantity(
        "E_alpha",
        "response of the error to labels, at fixed size",
        r"\frac{\partial E_{\mathrm{gen}}}{\partial\alpha}",
        scale=SQUARED,
    ),
    Quantity(
        "E_gamma",
        "response of the error to the unlabelled aspect ratio, at fixed size",
        r"\frac{\partial E_{\mathrm{gen}}}{\partial\gamma}",
        scale=SQUARED,
    ),
    Quantity("alpha_c", "label ratio below which maximal compression is a local optimum", r"\alpha_c", POSITIVE),
    Quantity("E_at", "generalisation error at a given size", r"E_{\mathrm{gen}}", kind="function", scale=SQUARED),
    Quantity("E_opt", "least generalisation error over all sizes", r"E_\star", NONNEGATIVE, "result", scale=SQUARED),
    Quantity("rho_below", "a stationary size with fewer dimensions than labels", r"\rho_{<}", UNIT, "unknown"),
    Quantity("rho_above", "a stationary size with more dimensions than labels", r"\rho_{>}", UNIT, "unknown"),
    Quantity(
        "response",
        "response dc/dgamma of the overlap to the unlabelled aspect ratio, at fixed size",
        r"\chi",
        kind="list",
    ),
    Quantity(
        "noise_response",
        "response of the effective noise to the unlabelled aspect ratio, at fixed size",
        r"\frac{\partial\sigma_U^2}{\partial\gamma}",
        scale=SQUARED,
    ),
    Quantity(
        "exchange", "unlabelled samples that replace one label", r"-\frac{\mathrm{d}M}{\mathrm{d}N}", role="result"
    ),
    Quantity(
        "exchange_opt",
        "unlabelled samples that replace one label, at the optimal size",
        r"\left(-\frac{\mathrm{d}M}{\mathrm{d}N}\right)_{\!\star}",
        role="result",
    ),
)


def symbols(names: str) -> list:
    """Shorthand for the modules of this folder."""
    return NOTATION.symbols(names)


i = sp.Symbol("i", integer=True, positive=True)
r = NOTATION["r"].symbol

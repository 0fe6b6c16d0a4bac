"""How large the representation should be: stationary sizes, the fate of maximal compression, the global optimum."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate
from ...symbolic.rules.least_value import LeastValue
from ...symbolic.rules.limits import At
from ...symbolic.rules.stationarity import Balance, ImplicitSlope, InsertEnd, Threshold, TotalDerivatives
from ...symbolic.rules.sums import InsertEntries
from .notation import SIZES, i, r, symbols

theta, a, b = symbols("theta a b")
gamma, rho, alpha, c, slope, q, phi, kappa, noise, noise_slope, kappa_slope = symbols(
    "gamma rho alpha c slope q phi kappa noise noise_slope kappa_slope"
)
E_rho, E_alpha, E_gamma, alpha_c, E_at, E_opt, rho_below, rho_above = symbols(
    "E_rho E_alpha E_gamma alpha_c E_at E_opt rho_below rho_above"
)
response, noise_response = symbols("response noise_response")
ONE, NONE = sp.Integer(1), sp.Integer(0)

# How everything moves with the size, with the labels at fixed size, and with gamma at fixed size.
OVERLAPS_WITH_SIZE = ((rho, ONE), (c[i], slope[i]))
OVERLAPS_WITH_GAMMA = ((c[i], response[i]),)


def _rates(ridge: bool) -> tuple:
    """The three directions, for a probe with or without a variable effective ridge."""
    with_size = (*OVERLAPS_WITH_SIZE, (noise, noise_slope), (q, 1 / alpha))
    with_labels = ((q, -rho / alpha**2),)
    if ridge:
        with_size += ((kappa, kappa_slope / alpha),)
        with_labels += ((kappa, -kappa_slope * rho / alpha**2),)
    with_gamma = (*OVERLAPS_WITH_GAMMA, (noise, noise_response))
    return ((E_rho, with_size), (E_alpha, with_labels), (E_gamma, with_gamma))


def stationarity(D: Derivation) -> None:
    """Derivatives of the error along the curve of overlaps, and the balance at a stationary size."""
    D.section("Optimal size of the representation")
    D.define(
        "ratios",
        Equation(gamma, SIZES["d"] / SIZES["M"], ":="),
        Equation(alpha, SIZES["N"] / SIZES["d"], ":="),
        prose="The data enter through the ratios",
    )
    D.define("aspect", Equation(q, rho / alpha, ":="), prose="so that the aspect ratio of the probe is")
    D.derive(
        TotalDerivatives(tables=((noise_slope, OVERLAPS_WITH_SIZE), (noise_response, OVERLAPS_WITH_GAMMA))),
        "effective-noise",
        label="noise-growth",
        prose=r"A larger representation explains more. Along the curve $(\rho, c_i(\rho))$ of {overlap-growth}, and "
        r"under a "
        r"change of $\gamma$ at fixed size, the effective noise changes at the rates",
    )
    D.derive(
        TotalDerivatives(tables=_rates(ridge=False)),
        "least-squares",
        label="least-squares-rates",
        prose=r"The error of least squares, {least-squares}, changes with the size, with the number of labels and "
        r"with the "
        "number of unlabelled samples at the rates",
    )
    D.derive(
        Balance(unknown=noise, only=E_rho),
        "least-squares-rates",
        "least-squares",
        label="balance",
        prose="It is stationary in the size where the noise that one more direction removes balances the variance that "
        "fitting it adds,",
    )
    D.derive(
        InsertEntries(),
        "balance",
        "aspect",
        "noise-growth",
        "overlap-growth",
        label="stationarity-raw",
        prose="that is, with the growth of the overlaps {overlap-growth},",
    )
    gain = (1 + theta[i]) ** 3 * a[i] ** 2 * gamma / (1 + theta[i] * c[i]) ** 2
    distance = gamma + theta[i] ** 2 - 2 * theta[i] * sp.sqrt(gamma) * sp.cos(phi)
    D.derive(
        Restate(form=(alpha - rho) * (b**2 + sp.Sum(gain / distance, (i, 1, r)))),
        "stationarity-raw",
        label="stationarity",
        prose=r"or, for $\rho < \alpha$,",
    )


def compression(D: Derivation) -> None:
    """Up to how many labels maximal compression is locally optimal."""
    D.derive(
        At(variable=phi, value=NONE, result=rho),
        "size-closed",
        label="size-compressed",
        prose=r"Maximal compression, $\varphi = 0$, is the end",
    )
    D.derive(
        At(variable=phi, value=NONE, result=c[i]),
        "overlap-closed",
        label="overlap-compressed",
        prose="of the curve, where only outliers are captured,",
    )
    D.derive(
        InsertEnd(angle=phi, value=NONE),
        "effective-noise",
        "size-compressed",
        "overlap-compressed",
        label="noise-compressed",
        prose="The effective noise there is",
    )
    D.derive(
        At(variable=phi, value=NONE, result=slope[i]),
        "overlap-growth",
        label="growth-compressed",
        prose="the overlap begins to grow at the rate",
    )
    D.derive(
        InsertEnd(angle=phi, value=NONE),
        "stationarity",
        "size-compressed",
        "overlap-compressed",
        label="stationarity-compressed",
        prose="and it is a stationary point if",
    )
    D.derive(
        Threshold(parameter=alpha, result=alpha_c, derivative=E_rho),
        "stationarity-compressed",
        "noise-compressed",
        "least-squares-rates",
        "size-compressed",
        "overlap-compressed",
        "growth-compressed",
        "noise-compressed",
        "noise-growth",
        "aspect",
        "least-squares",
        label="critical-label-ratio",
        prose=r"With fewer labels the error rises with the size there, with more it falls: maximal compression is a "
        r"local optimum "
        r"exactly for $\alpha < \alpha_c$,",
    )


def interpolation(D: Derivation) -> None:
    """The branch with more dimensions than labels, and the probe with a ridge."""
    D.derive(
        TotalDerivatives(tables=_rates(ridge=False)),
        "least-norm",
        label="least-norm-rates",
        prose="Beyond the interpolation threshold, $k > N$, the error {least-norm} has the rates",
    )
    D.derive(
        Balance(unknown=noise, only=E_rho, apart=(noise_slope, b)),
        "least-norm-rates",
        "least-norm",
        label="least-norm-balance",
        prose="and is stationary in the size where",
    )
    D.derive(
        ImplicitSlope(unknown=kappa, variable=q, result=kappa_slope),
        "ridge",
        label="ridge-growth",
        prose="With a penalty the effective ridge grows with the aspect ratio at the rate",
    )
    D.derive(
        TotalDerivatives(tables=_rates(ridge=True)),
        "generalisation",
        label="ridge-rates",
        prose="the error {generalisation} has the rates",
    )


def optimum(D: Derivation) -> None:
    """The least error over all sizes."""
    D.derive(
        At(variable=phi, value=sp.pi, result=rho),
        "size-closed",
        label="size-complete-raw",
        prose=r"The other end of the curve, $\varphi = \pi$, is the complete representation, of size",
    )
    D.derive(
        Restate(form=(1 + gamma - sp.Abs(gamma - 1)) / (2 * gamma)),
        "size-complete-raw",
        label="size-complete",
        prose=r"which is $\min(1, 1/\gamma)$:",
    )
    D.derive(
        LeastValue(
            result=E_opt,
            value=E_at,
            size=rho,
            parameter=phi,
            below=rho_below,
            above=rho_above,
            pole=alpha,
            end_ratio=gamma,
        ),
        "size-compressed",
        "size-complete",
        "balance",
        "least-norm-balance",
        "aspect",
        "noise-growth",
        "overlap-growth",
        "effective-noise",
        "least-squares",
        "least-norm",
        "size-closed",
        "overlap-closed",
        "outlier",
        label="optimal-error",
        prose=r"The error is differentiable on both sides of the interpolation threshold $\rho = \alpha$, where it "
        r"diverges. Its "
        r"least value is therefore taken at an end or at a stationary size: with $\rho_{<}$ any solution of "
        r"{stationarity} "
        r"below $\alpha$ and $\rho_{>}$ any solution of {least-norm-balance} above, where they exist,",
    )

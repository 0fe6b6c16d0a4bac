"""Section 6: the limit as a function of the imbalance at a fixed predictor beta_0, and its three extreme cases."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, Substitute
from ...symbolic.rules.limits import At
from .notation import dot, i, symbols

eta_a, eta_w, a, a0, w, n, s, kappa = symbols("eta_a eta_w a a0 w n s kappa")
delta, delta_row, beta_plus, b_null, a_inf, a_sq = symbols("delta delta_row beta_plus b_null a_inf a_sq")
x, h, rho, b, chi, w_len, w0_len, gain, bound = symbols("x h rho b chi w_len w0_len gain bound")


def extremes(D: Derivation) -> None:
    D.section("Extreme balance")
    D.define(
        "null-start",
        Equation(b_null[i], a0 * n[i], ":="),
        prose=r"Let now the imbalance vary at a fixed predictor $\beta_0 = a_0 w_0$ at the start. Its null part is",
    )
    D.derive(
        Restate(form=beta_plus[i] + a_inf / a0 * b_null[i]),
        "limit",
        "null-start",
        label="limit-growth",
        prose="The flow multiplies this part by a factor:",
    )
    _shares(D)
    _gain(D)
    _cases(D)


def _shares(D: Derivation) -> None:
    D.define("share", Equation(x, eta_w * a0**2, ":="), prose="The imbalance enters through the share of $a$,")
    D.define(
        "lengths",
        Equation(w0_len, rho / sp.Abs(a0), ":="),
        prose=r"The length of $\beta_0$ gives",
    )
    D.define("row-lengths-start", Equation(w_len, b / sp.Abs(a0), ":="), prose="and the length of its row part")
    D.define("norm", Equation(w0_len, sp.sqrt(dot(w, w)), ":="), prose="With the length of $w$ at the start")
    D.derive(
        Restate(form=eta_w * a**2 - eta_a * w0_len**2),
        "imbalance",
        "norm",
        label="level",
        prose="the imbalance {imbalance} reads",
    )
    D.derive(Substitute(), "level", "start", label="level-start", prose="At the start it is")
    D.derive(
        Restate(form=x - kappa**2 * rho**2 / x),
        "level-start",
        "lengths",
        "share",
        "mean-rate",
        label="imbalance-share",
        prose=r"Hence $x$ grows from 0 to $\infty$ as $\delta$ grows from $-\infty$ to $\infty$,",
    )
    D.derive(
        Restate(form=x - kappa**2 * b**2 / x),
        "start-level",
        "row-lengths-start",
        "share",
        "mean-rate",
        label="row-share",
        prose="In the row space it is, by {start-level},",
    )


def _gain(D: Derivation) -> None:
    D.define(
        "gain",
        Equation(a_sq, gain * x / eta_w, ":="),
        prose=r"Let $\gamma = |a_\infty/a_0|$ be the growth of the null part, so that",
    )
    D.derive(
        Substitute(both=True),
        "quadratic",
        "gain",
        "row-share",
        label="gain-level",
        prose="Then {quadratic} becomes",
    )
    D.derive(
        Restate(form=gain * x - kappa**2 * s**2 / (gain * x)),
        "gain-level",
        "mean-rate",
        label="gain-quadratic",
        prose="that is",
    )
    D.derive(PositiveRoot(unknown=gain), "gain-quadratic", label="gain-root", prose="Its positive root is")
    D.derive(
        Restate(form=_conjugate(D)),
        "gain-root",
        label="gain-conjugate",
        prose="The conjugate form is",
    )


def _conjugate(D: Derivation) -> object:
    """The root of g^2 + B g + C = 0 as 2 C/(-B - sqrt(..)), with the same radicand as in the computed root."""
    root = D.claim("gain-root").rhs
    (radical,) = [z for z in root.atoms(sp.Pow) if z.exp == sp.Rational(1, 2)]
    return 2 * kappa**2 * s**2 / (radical - x**2 + kappa**2 * b**2)


def _cases(D: Derivation) -> None:
    D.define("inverse", Equation(x, 1 / h, ":="), prose=r"For $\delta \to \infty$ we write")
    D.derive(
        Substitute(both=True), "gain-quadratic", "inverse", label="gain-inverse", prose="With {inverse} the equation is"
    )
    D.derive(PositiveRoot(unknown=gain), "gain-inverse", label="gain-upstream", prose="Its positive root is")
    D.derive(
        At(variable=h, value=0),
        "gain-upstream",
        label="far-upstream",
        prose=r"For $\delta \to \infty$ (lazy) the null part does not change, $\beta_\infty \to \beta_0 + X^+(y - X "
        r"\beta_0)$, since",
    )
    D.derive(
        At(variable=x, value=0),
        "gain-conjugate",
        label="far-downstream",
        prose=r"For $\delta \to -\infty$ it is scaled like the row part, $\beta_\infty \to X^+ y \pm "
        r"(s/|P_{\mathrm{row}}\beta_0|) P_{\mathrm{null}} \beta_0$ with the "
        r"sign $\sigma \operatorname{sgn} a_0$. One sample keeps the direction of $\beta_0$ up to that sign. Indeed,",
    )
    D.define("balanced", Equation(delta, sp.Integer(0), ":="), prose=r"For $\delta = 0$")
    D.derive(
        Substitute(both=True), "imbalance-share", "balanced", label="balanced-level", prose="{imbalance-share} reads"
    )
    D.derive(PositiveRoot(unknown=x), "balanced-level", label="balanced-share", prose="so that the share is")
    D.derive(Substitute(tidy=True), "gain-root", "balanced-share", label="balanced-gain", prose="and the growth is")
    D.define(
        "bound",
        Equation(bound, gain * rho**2, ":="),
        prose=r"The null part of the limit is no longer than $\gamma |\beta_0|$, whose square is",
    )
    D.define("angle", Equation(b, chi * rho, ":="), prose=r"For starts in a fixed direction,")
    D.derive(
        Substitute(tidy=True),
        "bound",
        "balanced-gain",
        "angle",
        label="balanced-bound",
        prose="the bound is",
    )
    D.derive(
        At(variable=rho, value=0),
        "balanced-bound",
        label="small-start",
        prose=r"It vanishes for $\beta_0 \to 0$: a small balanced start leads to the least-norm solution,",
    )

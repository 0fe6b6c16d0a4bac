"""The derivation from first to last step, without what is needed to evaluate it."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.cited import Cited
from ...symbolic.rules.flow import AlongFlow
from ...symbolic.rules.limits import At
from ...symbolic.rules.row_space import DataGradient
from ...symbolic.rules.sums import EntryGradient, InsertEntries
from ..unbalanced.text import built as linear
from .notation import NOTATION, N, X, dot, i, j, k, symbols
from .small_outputs import small_outputs
from .witnesses import checks

eta_a, eta_w, kappa, delta, D_abs, a, w, beta, loss, G = symbols("eta_a eta_w kappa delta delta_abs a w beta loss G")
a_dot, w_dot, r, r_w, A, b, y, slope, f, residual = symbols("a_dot w_dot r r_w A b y slope f residual")
omega, omega_dot, turning, log_size, log_size_dot, a_sign, share, h = symbols(
    "omega omega_dot turning log_size log_size_dot a_sign share h"
)
upstream, downstream, ratio, u, v, w_now, a_now, gate, rho, y_a, y_p, y_q = symbols(
    "upstream downstream ratio u v w_now a_now gate rho y_a y_p y_q"
)
s, Lambda, t, C, S, E1, F = symbols("s Lambda t C S E1 F")
d = NOTATION["d"].symbol
FLOW = ((a, a_dot), (w, w_dot))


def model(D: Derivation) -> None:
    D.section("Model")
    D.define(
        "predictor",
        Equation(beta[i], a * w[i], ":="),
        prose=r"A neuron $f(x) = a\, \varphi(w \cdot x)$ with an activation that is homogeneous, $\varphi(z) = "
        r"\varphi'(z) z$, as for ReLU. With",
    )
    D.define(
        "output",
        Equation(f[k], sp.Sum(slope[k] * X[k, j] * beta[j], (j, 1, d)), ":="),
        prose=r"its outputs on the samples, the rows of $X$, are linear in $\beta$ as long as the slopes $\varphi'_k = "
        r"\varphi'(w \cdot x_k)$, the activation pattern, do not change:",
    )
    D.define("residual", Equation(residual[k], sp.Sum(slope[k] * X[k, j] * beta[j], (j, 1, d)) - y[k], ":="),
             prose="The residuals are")  # fmt: skip
    D.define("loss", Equation(loss, sp.Sum(residual[k] ** 2, (k, 1, N.symbol)) / 2, ":="), prose="and the loss is")
    D.derive(
        DataGradient(gradient=G, residual=residual, variable=beta, index=i),
        "loss",
        "residual",
        label="gradient",
        prose="Only active samples enter its gradient,",
    )
    D.derive(
        Cited(linear, "flow"),
        label="flow",
        prose=r"Within a pattern the loss is a differentiable function of $\beta = a w$, and the gradient flow is that "
        "of the linear neuron,",
    )
    D.derive(
        Cited(linear, "imbalance"),
        label="imbalance",
        prose=r"whose rescaling symmetry $a \to e^c a$, $w \to e^{-c} w$ is one of every homogeneous activation. It "
        "conserves",
    )
    D.derive(
        AlongFlow(rate=symbols("delta_dot")[0], rates=FLOW),
        "imbalance",
        "flow",
        label="conservation",
        prose=r"in every pattern, and across their borders as $a$ and $w$ are continuous; a network of many neurons "
        "has one such constant for each, since the others enter through the residuals only:",
    )


def polar(D: Derivation) -> None:
    D.section("Direction and size")
    D.define("norm", Equation(r_w, sp.sqrt(dot(w, w)), ":="), prose=r"Let $\rho = |w|$ be")
    D.define("direction-of-w", Equation(omega[i], w[i] / sp.sqrt(dot(w, w)), ":="), prose="and the direction")
    D.derive(
        AlongFlow(rate=omega_dot, rates=FLOW), "direction-of-w", "flow", label="turn", prose="Along {flow} it turns as"
    )
    D.define("sign", Equation(a_sign, a / sp.Abs(a), ":="), prose="With the sign of $a$")
    D.define("angular-rate", Equation(turning, eta_w * sp.Abs(a) / r_w, ":="), prose="and the angular rate")
    D.derive(
        Restate(form=-a_sign * turning * (G[i] - w[i] * dot(G, w) / r_w**2)),
        "turn",
        "sign",
        "angular-rate",
        "norm",
        label="turn-rate",
        prose=r"this is, as $w/\rho = \omega$, $\dot\omega = -\tau \lambda_\omega (I - \omega\omega^\top) G$:",
    )
    D.define("shares", Equation(A, eta_w * a**2, ":="), Equation(b, eta_a * dot(w, w), ":="),
             prose="The shares of the two layers")  # fmt: skip
    D.define("size", Equation(r, sp.Abs(a) * r_w, ":="), prose=r"and the size $|\beta|$ of the neuron")
    D.derive(Restate(form=A / r), "angular-rate", "shares", "size", label="angular-share", prose="give the rate as")
    D.derive(
        Cited(linear, "share-a"), label="share-a", prose=r"By $A - b = \delta$ and $Ab = \kappa^2 r^2$ the first is"
    )
    D.derive(Cited(linear, "share-w-length"), label="share-w", prose="and the second")
    D.derive(
        Substitute(),
        "angular-share",
        "share-a",
        label="turning",
        prose="Hence the angular rate is a function of the imbalance and the size,",
    )
    D.define(
        "log-size",
        Equation(log_size, sp.log(a**2 * dot(w, w) / s**2) / 2, ":="),
        prose="The logarithm of the size, in any unit $s$,",
    )
    D.derive(AlongFlow(rate=log_size_dot, rates=FLOW), "log-size", "flow", label="growth", prose="grows as")
    D.derive(
        Restate(form=-(A + b) * dot(G, w) / (a * r_w**2)),
        "growth",
        "shares",
        "norm",
        label="growth-shares",
        prose=r"that is, $-\tau ((A + b)/|\beta|)\, \omega \cdot G$:",
    )
    D.derive(
        Substitute(),
        "growth-shares",
        "share-a",
        "share-w",
        label="growth-size",
        prose=r"With $\sqrt{\delta^2 + 4\kappa^2|\beta|^2}$ for the sum of the shares it is",
    )
    _angular_share(D)


def _angular_share(D: Derivation) -> None:
    D.define(
        "share",
        Equation(share, A / (A + b), ":="),
        prose=r"The two rates $\lambda_\omega = A/|\beta|$ and $(A + b)/|\beta|$ are compared by the angular share",
    )
    D.derive(Substitute(), "share", "share-a", "share-w", label="share-imbalance", prose="It is")
    root = sp.sqrt(delta**2 + 4 * kappa**2 * r**2)
    D.derive(Restate(form=(root + delta) / (2 * root)), "share-imbalance", label="share-size", prose="or")
    D.derive(
        At(variable=delta, value=0),
        "share-size",
        label="share-balanced",
        prose="A balanced neuron turns at half the rate at which it grows,",
    )
    for name, sign, words in (
        ("upstream", 1, "far upstream at the same rate,"),
        ("downstream", -1, "and far downstream it does not turn,"),
    ):
        D.define(f"far-{name}", Equation(delta, sign / h, ":="), prose="For" if sign > 0 else "and for")
        D.derive(Substitute(), "share-size", f"far-{name}", label=f"share-far-{name}", prose="the share is")
        D.derive(
            Restate(
                form=(sp.sqrt(1 + 4 * kappa**2 * r**2 * h**2) + sign) / (2 * sp.sqrt(1 + 4 * kappa**2 * r**2 * h**2))
            ),
            f"share-far-{name}",
            label=f"share-{name}-stable",
            prose="that is,",
        )
        D.derive(At(variable=h, value=0), f"share-{name}-stable", label=f"share-{name}", prose=words)
    _speed(D)


def _speed(D: Derivation) -> None:
    for name, sign in (("upstream", 1), ("downstream", -1)):
        D.define(f"side-{name}", Equation(delta, sign * D_abs, ":="), prose="At imbalances of one size, for" if sign > 0
                 else "and for")  # fmt: skip
        D.derive(
            Substitute(result=upstream if sign > 0 else downstream),
            "turning",
            f"side-{name}",
            label=f"turning-{name}",
            prose="the angular rate is",
        )
    D.define("ratio", Equation(ratio, upstream / downstream, ":="), prose="Their ratio")
    D.derive(Substitute(), "ratio", "turning-upstream", "turning-downstream", label="ratio-size", prose="is")
    D.derive(
        Restate(form=((sp.sqrt(D_abs**2 + 4 * kappa**2 * r**2) + D_abs) / (2 * kappa * r)) ** 2),
        "ratio-size",
        label="speed-ratio",
        prose=r"without cancellation, about $(D/\kappa|\beta|)^2$ for a small neuron: upstream starts turn much faster "
        "at the same size,",
    )


def orthonormal(D: Derivation) -> None:
    D.section("One ReLU neuron and orthonormal samples")
    D.define(
        "orthonormal-loss",
        Equation(loss, sp.Sum((slope[j] * beta[j] - y[j]) ** 2, (j, 1, d)) / 2, ":="),
        prose=r"For orthonormal samples, in the basis that they form, $w_k = w \cdot x_k$ and the loss is",
    )
    D.derive(
        EntryGradient(gradient=G, variable=beta, index=i),
        "orthonormal-loss",
        label="orthonormal-gradient",
        prose="Its gradient is",
    )
    for name, value, words in (
        ("inactive", 0, r"On an inactive sample, $w_k < 0$ and"),
        ("active", 1, r"On an active one, $w_k > 0$ and"),
    ):
        D.define(name, Equation(slope[i], sp.Integer(value), ":="), prose=words)
        D.derive(
            InsertEntries(),
            "orthonormal-gradient",
            name,
            label=f"gradient-{name}",
            prose="it vanishes, so that $w_k$ never moves again:" if value == 0
            else "it is that of whitened data:",
        )  # fmt: skip
    D.derive(
        Cited(linear, "direction"),
        label="direction",
        prose=r"Until the pattern changes, the active coordinates follow the solution of the linear neuron with the "
        r"labels of the active samples for its target, $s = |y_{\mathrm{act}}|$, and with the imbalance $\delta = "
        r"\eta_w a^2 - \eta_a |w_{\mathrm{act}}|^2$ of the active part. Its direction is",
    )
    D.derive(Cited(linear, "length"), label="length", prose="its length")
    D.define(
        "rate",
        Equation(Lambda, sp.sqrt(delta**2 + 4 * kappa**2 * s**2) / 2, ":="),
        prose="where, with the growth rate",
    )
    D.define(
        "functions",
        Equation(C, sp.cosh(Lambda * t), ":="),
        Equation(S, sp.sinh(Lambda * t) / Lambda, ":="),
        Equation(E1, sp.exp(-delta * t / 2), ":="),
        Equation(F, (1 - sp.exp(-delta * t)) / delta, ":="),
        prose=r"the functions of time are ($F = t$ for $\delta = 0$)",
    )
    D.define("output-weight", Equation(a_now, y_a / rho, ":="), prose="The output weight is")
    D.derive(InsertEntries(), "output-weight", "direction", label="output-time", prose="that is,")
    D.define(
        "frame",
        Equation(w_now[i], (y_p * u[i] + y_q * v[i]) / rho, ":="),
        prose=r"and with $u = y_{\mathrm{act}}/s$ and the unit vector $v$ of the part of $w_{\mathrm{act}}$ across it",
    )
    D.define(
        "gate",
        Equation(gate[i], rho * w_now[i], ":="),
        prose=r"A sample is dropped for good when its coordinate reaches zero, as $\varphi'(0) = 0$. Since $\rho > 0$, "
        "this is a zero of",
    )
    D.derive(InsertEntries(), "gate", "frame", label="gate-modes", prose="which is free of the length,")
    D.derive(
        InsertEntries(),
        "gate-modes",
        "direction",
        label="gate-time",
        prose="With {direction} it is explicit in time; its first zero begins the next piece, and with $n$ active "
        "samples at the start there are at most $n + 1$ pieces:",
    )


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule or cited from a derivation that computes it."""
    D = Derivation(
        id="relu_neuron",
        title="A piecewise linear neuron from an unbalanced start",
        abstract=r"The gradient flow of one neuron $f(x) = a\, \varphi(w \cdot x)$ with a homogeneous activation: its "
        "conserved imbalance, how fast it turns and how fast it grows, its motion while the outputs are small, and the "
        "exact solution of one ReLU neuron on orthonormal samples, piece by piece.",
        sources=(
            "D. Kunin, A. Raventos, C. Domine, F. Chen, D. Klindt, A. Saxe and S. Ganguli, Get rich quick: exact "
            "solutions reveal how unbalanced initializations promote rapid feature learning, 2024, arXiv:2406.06158",
            "H. Maennel, O. Bousquet and S. Gelly, Gradient descent quantizes ReLU network features, 2018, "
            "arXiv:1803.08367",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow that leaves the formulas by more than its own error.",
    )
    model(D)
    polar(D)
    small_outputs(D)
    orthonormal(D)
    checks(D)
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

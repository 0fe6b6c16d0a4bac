"""Sections 1 and 2: the model, its symmetry, and the conserved quantity the symmetry gives."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, Substitute
from ...symbolic.rules.flow import AlongFlow, ParameterGradient
from ...symbolic.rules.noether import Generator, Invariance, MixedPartials, Potential
from ...symbolic.rules.sums import EntryGradient, InsertEntries
from .notation import d, dot, i, j, symbols

eta_a, eta_w, a, w, beta, beta_star, loss, G, g_a, g_w = symbols("eta_a eta_w a w beta beta_star loss G g_a g_w")
a_dot, w_dot, c, a_c, w_c, xi_a, xi_w, loss_c = symbols("a_dot w_dot c a_c w_c xi_a xi_w loss_c")
form_a, form_w, curl_aw, curl_ww, Q = symbols("form_a form_w curl_aw curl_ww Q")
delta, delta_dot, delta_abs, r_w = symbols("delta delta_dot delta_abs r_w")

FLOW = ((a, a_dot), (w, w_dot))


def model(D: Derivation) -> None:
    D.section("Model")
    D.define(
        "predictor",
        Equation(beta[i], a * w[i], ":="),
        prose=r"A linear network with one hidden neuron, $f(x) = a\, w \cdot x$ with $w \in \mathbb{R}^d$, is the "
        r"linear predictor $\beta \cdot x$ with",
    )
    D.derive(
        ParameterGradient(outer=G, slopes=((a, g_a), (w, g_w)), sum_index=j, size=d.symbol),
        "predictor",
        label="slopes",
        prose=r"Let $\mathcal{L}$ be any differentiable loss of $\beta$ and $G = \nabla_\beta \mathcal{L}$. The chain "
        "rule gives its slopes in the parameters,",
    )
    D.define(
        "descent",
        Equation(a_dot, -eta_a * g_a, ":="),
        Equation(w_dot[i], -eta_w * g_w[i], ":="),
        prose=r"Both layers follow the gradient flow of $\mathcal{L}$, each with its own learning rate,",
    )
    D.derive(InsertEntries(), "descent", "slopes", label="flow", prose="With {slopes} this reads")
    D.define(
        "square-loss",
        Equation(loss, sp.Sum((beta[j] - beta_star[j]) ** 2, (j, 1, d.symbol)) * sp.Rational(1, 2), ":="),
        prose=r"For whitened inputs, $X^\top X = I$, the square loss is, up to a constant,",
    )
    D.derive(
        EntryGradient(gradient=G, variable=beta, index=i),
        "square-loss",
        label="residual",
        prose="Its gradient is the residual",
    )


def conserved(D: Derivation) -> None:
    D.section("Conserved quantity")
    _symmetry(D)
    D.define(
        "charge",
        Equation(delta, 2 * eta_a * eta_w * Q, ":="),
        prose=r"Every multiple of $Q$ is conserved; we use the one that is polynomial in the rates,",
    )
    D.derive(Substitute(), "charge", "potential", label="charge-parameters", prose="By {potential} it is")
    level = eta_w * a**2 - eta_a * sp.Sum(w[j] ** 2, (j, 1, d.symbol))
    D.derive(
        Restate(form=level),
        "charge-parameters",
        label="imbalance",
        prose="Simplified, it is the imbalance of the layers,",
    )
    D.derive(
        AlongFlow(rate=delta_dot, rates=FLOW),
        "imbalance",
        "flow",
        label="conservation",
        prose="Differentiating {imbalance} along {flow} confirms that it is constant, whatever the data and the loss:",
    )
    _geometry(D)


def _symmetry(D: Derivation) -> None:
    D.define(
        "rescaling",
        Equation(a_c, sp.exp(c) * a, ":="),
        Equation(w_c[i], sp.exp(-c) * w[i], ":="),
        prose=r"The predictor, and with it the loss, does not change when one layer is enlarged and the other reduced,",
    )
    D.derive(
        Generator(parameter=c, names=(xi_a, xi_w)),
        "rescaling",
        label="generator",
        prose="The generator of this symmetry is",
    )
    D.derive(
        Invariance(rate=loss_c, pairs=((xi_a, g_a), (xi_w, g_w)), sum_index=j, size=d.symbol),
        "generator",
        "slopes",
        label="invariance",
        prose=r"Indeed $\xi \cdot \nabla \mathcal{L}$ vanishes:",
    )
    D.define(
        "one-form",
        Equation(form_a, xi_a / eta_a, ":="),
        Equation(form_w[i], xi_w[i] / eta_w, ":="),
        prose=r"Along $\dot\theta = -\eta \nabla \mathcal{L}$ a function $Q$ changes at the rate "
        r"$-\nabla Q \cdot \eta \nabla \mathcal{L}$. It is conserved if $\nabla Q$ is the form "
        r"$\vartheta = \eta^{-1} \xi$,",
    )
    D.derive(InsertEntries(), "one-form", "generator", label="form", prose="By {generator} this form is")
    D.derive(
        MixedPartials(scalar=(a, form_a), entry=(w, form_w), names=(curl_aw, curl_ww), indices=(i, j)),
        "form",
        label="closed",
        prose="Such a $Q$ exists if and only if the form is closed, which it is:",
    )
    D.derive(
        Potential(result=Q, variables=((a, form_a), (w, form_w)), sum_index=j, size=d.symbol),
        "form",
        "closed",
        label="potential",
        prose="Integrating along rays from the origin gives its potential",
    )


def _geometry(D: Derivation) -> None:
    """The level sets, and the points where each of them comes closest to the origin."""
    D.define("norm", Equation(r_w, sp.sqrt(dot(w, w)), ":="), prose="Let the length of the input weights be")
    D.derive(
        Restate(form=eta_w * a**2 - eta_a * r_w**2),
        "imbalance",
        "norm",
        label="level",
        prose="In terms of {norm} the level sets are the quadrics",
    )
    D.define(
        "vertex",
        Equation(delta, delta_abs, ":="),
        Equation(r_w, sp.Integer(0), ":="),
        prose=r"We write $D = |\delta|$. For $\delta > 0$ (upstream) such a set has two sheets, one for each "
        "sign of $a$, and $a$ never changes sign. Their vertices are the points with",
    )
    D.derive(Substitute(both=True), "level", "vertex", label="vertex-level", prose="There {level} reads")
    D.derive(
        PositiveRoot(unknown=a),
        "vertex-level",
        label="sheets",
        prose="The sheets begin at this value of $a$ and at its opposite:",
    )
    D.define(
        "waist",
        Equation(delta, -delta_abs, ":="),
        Equation(a, sp.Integer(0), ":="),
        prose=r"For $\delta = 0$ (balanced) the sheets meet in a cone, whose tip $a = 0$, $w = 0$ is a saddle of the "
        r"loss. For $\delta < 0$ (downstream) the set is connected if $d \ge 2$, and consists of two pieces, "
        r"$w > 0$ and $w < 0$, if $d = 1$; now $a$ may change sign, through the waist",
    )
    D.derive(Substitute(both=True), "level", "waist", label="waist-level", prose="There {level} reads")
    D.derive(PositiveRoot(unknown=r_w), "waist-level", label="waist-radius", prose="The waist is the sphere of radius")

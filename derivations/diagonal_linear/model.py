"""Sections 1 and 2: the model, one coordinate of it, its symmetry and the imbalance this symmetry conserves."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.coordinates import OneCoordinate
from ...symbolic.rules.flow import AlongFlow, ParameterGradient
from ...symbolic.rules.noether import Generator, Invariance, PlaneCurl, Potential
from ...symbolic.rules.sums import InsertEntries
from .notation import d, i, j, symbols

eta_u, eta_v, u, v, beta, G, g_u, g_v, u_dot, v_dot = symbols("eta_u eta_v u v beta G g_u g_v u_dot v_dot")
u1, v1, b, g, s_u, s_v, u1_dot, v1_dot = symbols("u1 v1 b g s_u s_v u1_dot v1_dot")
c, u_c, v_c, xi_u, xi_v, loss_c, form_u, form_v, curl, Q = symbols("c u_c v_c xi_u xi_v loss_c form_u form_v curl Q")
delta, delta_dot = symbols("delta delta_dot")

FLOW = ((u1, u1_dot), (v1, v1_dot))
COORDINATE = OneCoordinate(
    ((u, u1), (v, v1), (beta, b), (G, g), (g_u, s_u), (g_v, s_v), (u_dot, u1_dot), (v_dot, v1_dot))
)


def model(D: Derivation) -> None:
    D.section("Model")
    D.define(
        "predictor",
        Equation(beta[i], u[i] * v[i], ":="),
        prose=r"A diagonal network, $f(x) = \sum_j u_j v_j x_j$ with $u, v \in \mathbb{R}^d$, is the linear predictor "
        r"$\beta \cdot x$ with",
    )
    D.derive(
        ParameterGradient(outer=G, slopes=((u, g_u), (v, g_v)), sum_index=j, size=d.symbol),
        "predictor",
        label="slopes",
        prose=r"Let $\mathcal{L}$ be any differentiable loss of $\beta$ and $G = \nabla_\beta \mathcal{L}$. The chain "
        "rule gives its slopes in the parameters,",
    )
    D.define(
        "descent",
        Equation(u_dot[i], -eta_u * g_u[i], ":="),
        Equation(v_dot[i], -eta_v * g_v[i], ":="),
        prose=r"Both layers follow the gradient flow of $\mathcal{L}$, each with its own learning rate,",
    )
    D.derive(InsertEntries(), "descent", "slopes", label="flow", prose="With {slopes} this reads")
    D.derive(
        COORDINATE,
        "flow",
        label="coordinate-flow",
        prose="The coordinates act on one another through $G$ alone. We fix one of them and omit its index: its flow "
        "is",
    )
    D.derive(COORDINATE, "predictor", label="coordinate", prose="and its predictor")
    D.derive(COORDINATE, "slopes", label="coordinate-slopes", prose="The slopes {slopes} are")


def conserved(D: Derivation) -> None:
    D.section("Conserved quantity")
    D.define(
        "rescaling",
        Equation(u_c, sp.exp(c) * u1, ":="),
        Equation(v_c, sp.exp(-c) * v1, ":="),
        prose=r"The predictor, and with it the loss, does not change when in this coordinate one layer is enlarged and "
        "the other reduced,",
    )
    D.derive(
        Generator(parameter=c, names=(xi_u, xi_v)),
        "rescaling",
        label="generator",
        prose="The generator of this symmetry is",
    )
    D.derive(
        Invariance(rate=loss_c, pairs=((xi_u, s_u), (xi_v, s_v))),
        "generator",
        "coordinate-slopes",
        label="invariance",
        prose=r"Indeed $\xi \cdot \nabla \mathcal{L}$ vanishes:",
    )
    D.define(
        "one-form",
        Equation(form_u, xi_u / eta_u, ":="),
        Equation(form_v, xi_v / eta_v, ":="),
        prose=r"Along $\dot\theta = -\eta \nabla \mathcal{L}$ a function $Q$ is conserved if $\nabla Q$ is the form "
        r"$\vartheta = \eta^{-1} \xi$,",
    )
    D.derive(Substitute(), "one-form", "generator", label="form", prose="By {generator} this form is")
    D.derive(
        PlaneCurl(plane=((u1, form_u), (v1, form_v)), result=curl),
        "form",
        label="closed",
        prose="Such a $Q$ exists if and only if the form is closed, which it is:",
    )
    D.derive(
        Potential(result=Q, variables=((u1, form_u), (v1, form_v))),
        "form",
        "closed",
        label="charge",
        prose="Integrating along rays from the origin gives its potential",
    )
    D.define(
        "scaled-charge",
        Equation(delta, 2 * eta_u * eta_v * Q, ":="),
        prose=r"Every multiple of $Q$ is conserved; we use the one that is polynomial in the rates,",
    )
    D.derive(Substitute(), "scaled-charge", "charge", label="charge-parameters", prose="By {charge} it is")
    D.derive(
        Restate(form=eta_v * u1**2 - eta_u * v1**2),
        "charge-parameters",
        label="imbalance",
        prose="Every coordinate thus has an imbalance of its own,",
    )
    D.derive(
        AlongFlow(rate=delta_dot, rates=FLOW),
        "imbalance",
        "coordinate-flow",
        label="conservation",
        prose="Differentiating {imbalance} along {coordinate-flow} confirms that it is constant, whatever the data "
        "and the loss:",
    )

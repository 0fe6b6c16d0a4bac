"""Section 3: small outputs within an activation pattern, where the neuron moves by a hyperbolic rotation."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.flow import Select
from ...symbolic.rules.limits import At
from ...symbolic.rules.linear_flow import LinearSolution, SquareOfField
from ...symbolic.rules.sums import FrameComponents, InsertEntries
from .notation import dot, i, symbols

eta_a, eta_w, kappa, t, a, w, beta, G, a0, p0 = symbols("eta_a eta_w kappa t a w beta G a0 p0")
small, beta_unit, pull, g_hat, w_hat, p, q = symbols("small beta_unit pull g_hat w_hat p q")
a_dot, w_dot, p_dot, q_dot, a_ddot, p_ddot = symbols("a_dot w_dot p_dot q_dot a_ddot p_ddot")
mu, C_small, S_small = symbols("mu C_small S_small")
PLANE = ((a, a_dot, a_ddot), (p, p_dot, p_ddot))


def small_outputs(D: Derivation) -> None:
    D.section("Small outputs within a pattern")
    _linear(D)
    _rotation(D)


def _linear(D: Derivation) -> None:
    D.define(
        "small",
        Equation(beta[i], small * beta_unit[i], ":="),
        prose=r"Early in training the weights are small, of a size $\sqrt{\epsilon}$, and",
    )
    D.derive(InsertEntries(), "residual", "small", label="small-residual", prose="The residuals {residual} are then")
    D.derive(
        At(variable=small, value=0),
        "small-residual",
        label="label-residual",
        prose=r"As $\epsilon \to 0$ they are the labels with the opposite sign,",
    )
    D.derive(
        InsertEntries(),
        "gradient",
        "label-residual",
        label="pull",
        prose="and {gradient} is constant as long as the pattern is; only active samples and their labels enter,",
    )
    D.define(
        "pull-frame",
        Equation(G[i], -pull * g_hat[i], ":="),
        Equation(w[i], p * g_hat[i] + q * w_hat[i], ":="),
        Equation(dot(g_hat, g_hat), sp.Integer(1), ":="),
        Equation(dot(g_hat, w_hat), sp.Integer(0), ":="),
        Equation(dot(w_hat, w_hat), sp.Integer(1), ":="),
        prose=r"Let $g = -G$ be this constant, $\hat g$ its direction and $p = w \cdot \hat g$. In an orthonormal "
        r"frame of the plane of $g$ and $w$,",
    )
    D.derive(
        FrameComponents(components=((w_dot, (p_dot, q_dot)),)),
        "flow",
        "pull-frame",
        label="small-flow",
        prose="The flow {flow} is linear to leading order, and the part of $w$ across $g$ is frozen:",
    )


def _rotation(D: Derivation) -> None:
    D.define("mean-rate", Equation(kappa, sp.sqrt(eta_a) * sp.sqrt(eta_w), ":="), prose="With the mean rate")
    D.define("rotation-rate", Equation(mu, kappa * pull, ":="), prose="and the rate")
    D.derive(
        SquareOfField(rates=PLANE),
        "small-flow",
        "rotation-rate",
        "mean-rate",
        label="small-square",
        prose="its matrix in the plane of $a$ and $p$ has a square that is a multiple of the identity,",
    )
    D.define(
        "rotation-functions",
        Equation(C_small, sp.cosh(mu * t), ":="),
        Equation(S_small, sp.sinh(mu * t) / mu, ":="),
        prose="With the functions",
    )
    D.define("small-start", Equation(a, a0, ":="), Equation(p, p0, ":="), prose="and the start")
    D.derive(
        LinearSolution(plane=PLANE, time=t),
        "small-flow",
        "small-square",
        "rotation-functions",
        "small-start",
        "rotation-rate",
        "mean-rate",
        label="small-solution",
        prose="the solution is",
    )
    angle = mu * t
    for name, label, form, words in (
        (
            a,
            "small-output-weight",
            a0 * sp.cosh(angle) + sp.sqrt(eta_a) * p0 * sp.sinh(angle) / sp.sqrt(eta_w),
            r"It is a hyperbolic rotation of $a/\sqrt{\eta_a}$ and $p/\sqrt{\eta_w}$ by the angle $\mu t$,",
        ),
        (
            p,
            "small-component",
            p0 * sp.cosh(angle) + sp.sqrt(eta_w) * a0 * sp.sinh(angle) / sp.sqrt(eta_a),
            "and",
        ),
    ):
        D.derive(Select(lhs=(name,)), "small-solution", label=f"{label}-rates", prose="The part of $a$ is" if name == a
                 else "The part of $p$ is")  # fmt: skip
        D.derive(
            Substitute(),
            f"{label}-rates",
            "rotation-functions",
            label=f"{label}-time",
            prose="In terms of time it is",
        )
        D.derive(
            Restate(form=form),
            f"{label}-time",
            "rotation-rate",
            "mean-rate",
            label=label,
            prose=words,
        )

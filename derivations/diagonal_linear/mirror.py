"""Sections 3 and 4: the flow in function space is a mirror flow; its potential, and the potential's two limits."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, SolveLinear, Substitute
from ...symbolic.rules.antiderivative import FromZero
from ...symbolic.rules.flow import AlongFlow
from ...symbolic.rules.inverse import InverseFunction
from ...symbolic.rules.limits import At
from ...symbolic.rules.mirror import LevelRoot
from .model import FLOW
from .notation import symbols

eta_u, eta_v, u1, v1, b, g, b_dot, delta, kappa, M, gap = symbols("eta_u eta_v u1 v1 b g b_dot delta kappa M gap")
D_abs, curvature, theta, phi, theta_dot, growth, amplitude, h, relative = symbols(
    "D curvature theta phi theta_dot growth amplitude h relative"
)


def function_space(D: Derivation) -> None:
    D.section("Function space")
    D.derive(
        AlongFlow(rate=b_dot, rates=FLOW),
        "coordinate",
        "coordinate-flow",
        label="predictor-flow",
        prose="By {coordinate} and {coordinate-flow} the predictor moves, for every loss, as",
    )
    D.define("preconditioned", Equation(b_dot, -M * g, ":="), prose="We write this with a preconditioner,")
    D.derive(Substitute(both=True), "preconditioned", "predictor-flow", label="balance", prose="that is")
    D.derive(SolveLinear(unknown=M), "balance", label="metric", prose="The matrix $M$ of all coordinates is diagonal,")
    D.define("mean-rate", Equation(kappa, sp.sqrt(eta_u) * sp.sqrt(eta_v), ":="), prose="With the mean rate")
    D.define("gap", Equation(gap, M**2 - delta**2, ":="), prose="the difference of squares")
    D.derive(
        Restate(form=4 * kappa**2 * b**2),
        "gap",
        "metric",
        "imbalance",
        "coordinate",
        "mean-rate",
        label="gap-predictor",
        prose="depends on the predictor only,",
    )
    D.derive(Substitute(both=True), "gap", "gap-predictor", label="metric-square", prose="Hence")
    D.derive(
        LevelRoot(unknown=M),
        "metric-square",
        label="metric-imbalance",
        prose="The preconditioner is a function of the predictor and the imbalance alone,",
    )


def mirror(D: Derivation) -> None:
    D.section("Mirror flow")
    _potential(D)
    _small(D)
    _large(D)


def _potential(D: Derivation) -> None:
    D.define("size", Equation(D_abs, sp.Abs(delta), ":="), prose=r"Let the imbalance not vanish, of size")
    D.derive(
        Restate(form=sp.sqrt(D_abs**2 + 4 * kappa**2 * b**2)),
        "metric-imbalance",
        "size",
        label="metric-size",
        prose="Only this size counts in {metric-imbalance},",
    )
    D.define("inverse-metric", Equation(curvature, 1 / M, ":="), prose=r"Let $\varphi$ be a potential with")
    D.derive(Substitute(), "inverse-metric", "metric-size", label="curvature", prose="By {metric-size} this is")
    D.derive(FromZero(variable=b, result=theta), "curvature", label="slope", prose="Its slope is the dual variable,")
    D.derive(
        FromZero(variable=b, result=phi),
        "slope",
        label="potential",
        prose="Integrated once more, it is the hyperbolic entropy,",
    )
    D.derive(
        Substitute(),
        "preconditioned",
        "metric-size",
        label="metric-flow",
        prose="With {metric-size} the flow is",
    )
    D.derive(
        AlongFlow(rate=theta_dot, rates=((b, b_dot),)),
        "slope",
        "metric-flow",
        label="dual-rate",
        prose=r"The dual variable $\theta = \varphi'(\beta)$ of {slope} therefore moves as",
    )
    D.derive(
        Restate(form=-g),
        "dual-rate",
        label="dual-flow",
        prose="This is a mirror flow, and its time is not warped:",
    )
    D.derive(
        InverseFunction(unknown=b), "slope", label="inverse-slope", prose="The dual variable determines the predictor,"
    )


def _small(D: Derivation) -> None:
    D.define(
        "exponential",
        Equation(theta, sp.log(growth) / (2 * kappa), ":="),
        prose=r"For a small imbalance let the dual variable be",
    )
    D.derive(
        Substitute(), "inverse-slope", "exponential", label="predictor-exponential", prose="Then {inverse-slope} is"
    )
    D.derive(
        Restate(form=D_abs * (growth - 1 / growth) / (4 * kappa)),
        "predictor-exponential",
        label="predictor-growth",
        prose=r"that is, with $\chi = e^{2\kappa\theta}$,",
    )
    D.derive(PositiveRoot(unknown=growth), "predictor-growth", label="growth", prose="Its positive root is")
    D.define("amplitude", Equation(amplitude, D_abs * growth, ":="), prose="Multiplied by the imbalance,")
    D.derive(Substitute(tidy=True), "amplitude", "growth", label="amplitude-predictor", prose="it is")
    D.derive(
        At(variable=D_abs, value=0),
        "amplitude-predictor",
        label="small-imbalance",
        prose=r"For $D \to 0$ and $\beta > 0$ this tends to $4\kappa\beta$, so that $2\kappa\varphi' = \ln(4\kappa "
        r"\beta/D) + o(1)$: the slope is $\operatorname{sgn}(\beta) \ln(1/D)$ up to a bounded term, and the "
        r"potential is the $\ell_1$ norm up to a factor,",
    )
    D.derive(
        At(variable=D_abs, value=0),
        "curvature",
        label="small-curvature",
        prose=r"Its curvature tends to that of the entropy $|\beta| \ln |\beta|/(2\kappa)$,",
    )


def _large(D: Derivation) -> None:
    D.define("inverse-size", Equation(D_abs, 1 / h, ":="), prose="For a large imbalance we write")
    D.define(
        "relative", Equation(relative, D_abs * curvature, ":="), prose="and compare the curvature with its value at 0,"
    )
    D.derive(
        Substitute(), "relative", "curvature", "inverse-size", label="relative-size", prose="With {curvature} this is"
    )
    D.derive(
        Restate(form=1 / sp.sqrt(1 + 4 * kappa**2 * b**2 * h**2)), "relative-size", label="relative-inverse", prose="or"
    )
    D.derive(
        At(variable=h, value=0),
        "relative-inverse",
        label="large-imbalance",
        prose=r"For $D \to \infty$ the potential is $\beta^2/(2D)$, a multiple of the squared $\ell_2$ norm:",
    )

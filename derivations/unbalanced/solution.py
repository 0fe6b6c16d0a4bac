"""Section 3: the branch-free solution for whitened inputs."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, Substitute
from ...symbolic.rules.flow import AlongFlow, RatioRate, ReduceModulo, Select
from ...symbolic.rules.linear_flow import DirectionFlow, IntegrateSquares, LinearSolution, SquareOfField
from ...symbolic.rules.sums import FrameComponents, InsertEntries
from .notation import dot, i, symbols

eta_a, eta_w, a0, t, a, w, beta, beta_star, w0 = symbols("eta_a eta_w a0 t a w beta beta_star w0")
delta, delta_abs, s, p, q, p0, q0, E, u, v = symbols("delta delta_abs s p q p0 q0 E u v")
a_dot, w_dot, p_dot, q_dot, rho, rho2_dot = symbols("a_dot w_dot p_dot q_dot rho rho2_dot")
y_a, y_p, y_q, y_a_dot, y_p_dot, y_q_dot, y_a_ddot, y_p_ddot = symbols(
    "y_a y_p y_q y_a_dot y_p_dot y_q_dot y_a_ddot y_p_ddot"
)
kappa, Lambda, C, S, E1, F, N, N_dot, miss, nu, nu_dot = symbols("kappa Lambda C S E1 F N N_dot miss nu nu_dot")
alignment, m, m_bar, e, f, T, T_q, Y_a, Y_p, Y_q, R = symbols("alignment m m_bar e f T T_q Y_a Y_p Y_q R")
c_plus, c_minus, d_plus, d_minus = symbols("c_plus c_minus d_plus d_minus")

PLANE_RATES = ((a, a_dot), (p, p_dot), (q, q_dot))
RATE = ("rate", "mean-rate")


def solution(D: Derivation) -> None:
    D.section("Whitened inputs: exact solution")
    _plane(D)
    _direction(D)
    _functions(D)
    _ratios(D)


def _plane(D: Derivation) -> None:
    D.derive(
        InsertEntries(),
        "flow",
        "residual",
        "predictor",
        label="whitened-flow",
        prose="For the square loss {square-loss} the flow {flow} is, with {residual},",
    )
    D.define(
        "frame",
        Equation(beta_star[i], s * u[i], ":="),
        Equation(w[i], p * u[i] + q * v[i], ":="),
        Equation(w0[i], p0 * u[i] + q0 * v[i], ":="),
        Equation(dot(u, u), sp.Integer(1), ":="),
        Equation(dot(u, v), sp.Integer(0), ":="),
        Equation(dot(v, v), sp.Integer(1), ":="),
        prose=r"The velocity of $w$ is a combination of $w$ and $\beta_*$, so $w$ stays in the plane of $\beta_*$ and "
        r"$w_0$. In an orthonormal frame of that plane, with $s = |\beta_*|$,",
    )
    components = FrameComponents(components=((w_dot, (p_dot, q_dot)),))
    D.derive(
        components,
        "whitened-flow",
        "frame",
        label="plane-flow",
        prose="In this frame the flow {whitened-flow} has three components,",
    )
    D.derive(FrameComponents(), "imbalance", "frame", label="plane-level", prose="The imbalance {imbalance} is")
    D.derive(
        InsertEntries(),
        "square-loss",
        "predictor",
        label="loss-entries",
        prose="The loss {square-loss} in the parameters is",
    )
    D.derive(FrameComponents(), "loss-entries", "frame", label="loss", prose="In the plane it has the form")


def _direction(D: Derivation) -> None:
    D.define(
        "energy",
        Equation(E, eta_w * a**2 + eta_a * (p**2 + q**2), ":="),
        prose="The cubic terms of {plane-flow} can be written with the imbalance and",
    )
    D.derive(
        ReduceModulo(eliminate=(q, a)),
        "plane-flow",
        "plane-level",
        "energy",
        label="quasi-linear",
        prose="Eliminating squares by {plane-level} and {energy} leaves a linear flow and a term along the state,",
    )
    D.define(
        "projective",
        Equation(a, y_a / rho, ":="),
        Equation(p, y_p / rho, ":="),
        Equation(q, y_q / rho, ":="),
        prose="The parallel term changes the length of the state and not its direction. We therefore write",
    )
    D.derive(
        DirectionFlow(
            energy=E,
            rates=((a, a_dot, y_a, y_a_dot), (p, p_dot, y_p, y_p_dot), (q, q_dot, y_q, y_q_dot)),
            length=(rho, rho2_dot),
        ),
        "quasi-linear",
        "projective",
        "energy",
        label="direction-flow",
        prose=r"Let $\rho$ absorb the parallel term. The direction obeys a linear equation, the length is an integral,",
    )
    D.define("mean-rate", Equation(kappa, sp.sqrt(eta_a * eta_w), ":="), prose="Let the mean rate be")
    D.define(
        "rate", Equation(Lambda, sp.sqrt(delta**2 + 4 * kappa**2 * s**2) / 2, ":="), prose="The growth rate will be"
    )
    D.derive(
        SquareOfField(rates=((y_a, y_a_dot, y_a_ddot), (y_p, y_p_dot, y_p_ddot))),
        "direction-flow",
        *RATE,
        label="square",
        prose=r"The matrix of {direction-flow} in the plane of $a$ and $p$ has the square $\Lambda^2 I$:",
    )


def _functions(D: Derivation) -> None:
    D.define(
        "functions",
        Equation(C, sp.cosh(Lambda * t), ":="),
        Equation(S, sp.sinh(Lambda * t) / Lambda, ":="),
        Equation(E1, sp.exp(-delta * t / 2), ":="),
        prose=r"Let, with $S = t$ for $\Lambda = 0$,",
    )
    D.define(
        "start",
        Equation(y_a, a0, ":="),
        Equation(y_p, p0, ":="),
        Equation(y_q, q0, ":="),
        Equation(rho, sp.Integer(1), ":="),
        prose=r"At $t = 0$ we take",
    )
    D.derive(
        LinearSolution(plane=((y_a, y_a_dot, y_a_ddot), (y_p, y_p_dot, y_p_ddot)), fading=(y_q, y_q_dot), time=t),
        "direction-flow",
        "square",
        "functions",
        "start",
        *RATE,
        label="direction",
        prose="The direction is then, for every sign of the imbalance,",
    )
    D.define(
        "transverse-integral",
        Equation(F, (1 - sp.exp(-delta * t)) / delta, ":="),
        prose=r"For the length we need, with $F = t$ for $\delta = 0$,",
    )
    D.derive(
        Select(lhs=(rho2_dot,)),
        "direction-flow",
        label="length-flow",
        prose="The last equation of {direction-flow} is to be integrated,",
    )
    D.derive(
        IntegrateSquares(result=rho**2, quantity=rho**2, time=t),
        "length-flow",
        "direction",
        "start",
        "functions",
        "transverse-integral",
        *RATE,
        label="length-sum",
        prose=r"It integrates by $(CS)' = C^2 + \Lambda^2 S^2$, $(S^2)' = 2CS$ and $F' = \mathcal{E}^2$ to",
    )
    tilt = delta * (eta_w * a0**2 - eta_a * p0**2) / 2 + 2 * eta_a * eta_w * s * a0 * p0
    D.derive(
        Restate(form=1 + (eta_w * a0**2 + eta_a * p0**2) * C * S + tilt * S**2 + eta_a * q0**2 * F),
        "length-sum",
        label="length",
        prose="Collected, this is",
    )


def _ratios(D: Derivation) -> None:
    D.define(
        "miss-form",
        Equation(N, y_a * y_p - s * rho**2, ":="),
        prose=r"Ratios and differences follow. The predictor misses the target along $\beta_*$ by $ap - s = "
        r"\mathcal{N}/\rho^2$ with",
    )
    rates = ((y_a, y_a_dot), (y_p, y_p_dot), (y_q, y_q_dot), (rho, rho2_dot))
    D.derive(
        AlongFlow(rate=N_dot, rates=rates, squares=(rho,)),
        "miss-form",
        "direction-flow",
        label="miss-flow",
        prose="In its derivative along {direction-flow} everything but the transverse part cancels,",
    )
    D.derive(
        IntegrateSquares(result=N, quantity=y_a * y_p - s * rho**2, time=t),
        "miss-flow",
        "direction",
        "start",
        "functions",
        "transverse-integral",
        *RATE,
        label="miss-integral",
        prose="There is no cancellation of two growing terms:",
    )
    D.define(
        "ratio",
        Equation(nu, s * p / a, ":="),
        prose=r"The ratio of the two components $a$ and $p$ of the state is $\nu = w \cdot \beta_*/a$,",
    )
    D.derive(Substitute(), "ratio", "projective", label="ratio-direction", prose="It is free of the length,")
    D.derive(
        RatioRate(rate=nu_dot, rates=rates[:2], solve_for=y_p, original=PLANE_RATES),
        "ratio-direction",
        "direction-flow",
        "ratio",
        "plane-flow",
        "plane-level",
        label="riccati",
        prose="By {direction-flow} it obeys a Riccati equation,",
    )
    D.define("stationary", Equation(nu_dot, sp.Integer(0), ":="), prose="At a fixed point")
    D.derive(
        Substitute(both=True),
        "riccati",
        "stationary",
        label="fixed-points",
        prose="By {riccati} the fixed points solve",
    )
    D.derive(
        PositiveRoot(unknown=nu), "fixed-points", label="fixed-point", prose="The positive one, which attracts, is"
    )
    D.derive(
        Restate(form=(Lambda - delta / 2) / eta_a), "fixed-point", *RATE, label="attractor", prose="By {rate} this is"
    )
    D.define(
        "cosine",
        Equation(alignment, dot(beta, beta_star) / sp.sqrt(dot(beta, beta) * dot(beta_star, beta_star)), ":="),
        prose="The alignment of the predictor with the target is",
    )
    D.derive(InsertEntries(), "cosine", "predictor", label="cosine-entries", prose="With {predictor} it is")
    D.derive(
        FrameComponents(),
        "cosine-entries",
        "frame",
        label="alignment",
        prose=r"In the plane, and like $\nu$ the same function of $y$ as of the state, it reads",
    )

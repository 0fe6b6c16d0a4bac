"""Section 7: whitened data, where every coordinate has a closed trajectory."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.coordinates import OneCoordinate
from ...symbolic.rules.flow import AlongFlow, ReduceModulo, Select
from ...symbolic.rules.linear_flow import DirectionFlow, IntegrateSquares, LinearSolution, SquareOfField
from ...symbolic.rules.sums import EntryGradient, InsertEntries
from .notation import d, i, j, symbols

eta_u, eta_v, u1, v1, b, g, u1_dot, v1_dot = symbols("eta_u eta_v u1 v1 b g u1_dot v1_dot")
beta, beta_star, G, loss, b_star, delta, kappa, t, E = symbols("beta beta_star G loss b_star delta kappa t E")
rho, rho2_dot, y_u, y_v, y_u_dot, y_v_dot, y_u_ddot, y_v_ddot = symbols(
    "rho rho2_dot y_u y_v y_u_dot y_v_dot y_u_ddot y_v_ddot"
)
u1_0, v1_0, b_0, E_0, rate, C, S, T, K, R = symbols("u1_0 v1_0 b_0 E_0 rate C S T K R")
miss, miss_dot = symbols("miss miss_dot")
RATE = ("rate", "mean-rate")


def whitened(D: Derivation) -> None:
    D.section("Whitened data")
    _flow(D)
    _direction(D)
    _closed(D)


def _flow(D: Derivation) -> None:
    D.define(
        "square-loss",
        Equation(loss, sp.Sum((beta[j] - beta_star[j]) ** 2, (j, 1, d.symbol)) / 2, ":="),
        prose=r"For whitened data, $X^\top X = I$, the loss is, up to a constant and with $\beta_* = X^\top y$,",
    )
    D.derive(
        EntryGradient(gradient=G, variable=beta, index=i),
        "square-loss",
        label="white-gradient",
        prose="Its gradient is",
    )
    D.derive(
        OneCoordinate(((beta, b), (beta_star, b_star), (G, g))),
        "white-gradient",
        label="white-residual",
        prose="so that the coordinates are independent of one another: in each of them",
    )
    D.derive(
        InsertEntries(),
        "coordinate-flow",
        "white-residual",
        "coordinate",
        label="white-flow",
        prose="The flow {coordinate-flow} is",
    )
    D.define("energy", Equation(E, eta_v * u1**2 + eta_u * v1**2, ":="), prose="With the weighted size")
    D.derive(
        ReduceModulo(eliminate=(v1, u1)),
        "white-flow",
        "imbalance",
        "energy",
        label="quasi-linear",
        prose="and the imbalance {imbalance} it consists of a linear flow and a term along the state,",
    )


def _direction(D: Derivation) -> None:
    D.define(
        "projective",
        Equation(u1, y_u / rho, ":="),
        Equation(v1, y_v / rho, ":="),
        prose="The second changes the length of the state and not its direction. We write",
    )
    D.derive(
        DirectionFlow(energy=E, rates=((u1, u1_dot, y_u, y_u_dot), (v1, v1_dot, y_v, y_v_dot)), length=(rho, rho2_dot)),
        "quasi-linear",
        "projective",
        "energy",
        label="direction-flow",
        prose="The direction obeys a linear equation, the length is an integral,",
    )
    D.define(
        "rate",
        Equation(rate, sp.sqrt(delta**2 + 4 * kappa**2 * b_star**2) / 2, ":="),
        prose="The growth rate will be",
    )
    D.derive(
        SquareOfField(rates=((y_u, y_u_dot, y_u_ddot), (y_v, y_v_dot, y_v_ddot))),
        "direction-flow",
        *RATE,
        label="square",
        prose=r"The matrix of {direction-flow} has the square $\Lambda^2 I$:",
    )
    D.define(
        "functions",
        Equation(C, sp.cosh(rate * t), ":="),
        Equation(S, sp.sinh(rate * t) / rate, ":="),
        prose=r"Let, with $S = t$ for $\Lambda = 0$,",
    )
    D.define(
        "start",
        Equation(y_u, u1_0, ":="),
        Equation(y_v, v1_0, ":="),
        Equation(rho, sp.Integer(1), ":="),
        prose="At $t = 0$ we take",
    )
    D.derive(
        LinearSolution(plane=((y_u, y_u_dot, y_u_ddot), (y_v, y_v_dot, y_v_ddot)), time=t),
        "direction-flow",
        "square",
        "functions",
        "start",
        *RATE,
        label="direction",
        prose="The direction is then, for every sign of the imbalance,",
    )
    D.derive(Select(lhs=(rho2_dot,)), "direction-flow", label="length-flow", prose="For the length the integrand is")
    D.derive(
        IntegrateSquares(result=rho**2, quantity=rho**2, time=t),
        "length-flow",
        "direction",
        "start",
        "functions",
        *RATE,
        label="length-sum",
        prose=r"It integrates by $(CS)' = C^2 + \Lambda^2 S^2$ and $(S^2)' = 2CS$ to",
    )
    D.define("imbalance-now", Equation(u1, u1_0, ":="), Equation(v1, v1_0, ":="), prose="At the start")
    D.derive(Substitute(), "imbalance", "imbalance-now", label="imbalance-start", prose="the imbalance is")
    D.derive(
        Restate(form=1 + E_0 * C * S + (delta**2 / 2 + 2 * kappa**2 * b_star * b_0) * S**2),
        "length-sum",
        "predictor-start",
        "size-start",
        "imbalance-start",
        "mean-rate",
        label="length",
        prose="In terms of {predictor-start}, {size-start} and {imbalance-start} the length depends on the imbalance "
        "and the predictor only,",
    )


def _closed(D: Derivation) -> None:
    D.define(
        "miss",
        Equation(miss, y_u * y_v - b_star * rho**2, ":="),
        prose=r"The predictor misses its target by $\beta - \beta_* = \mathcal{N}/\rho^2$ with",
    )
    rates = ((y_u, y_u_dot), (y_v, y_v_dot), (rho, rho2_dot))
    D.derive(
        AlongFlow(rate=miss_dot, rates=rates, squares=(rho,)),
        "miss",
        "direction-flow",
        label="miss-constant",
        prose="In its derivative along {direction-flow} everything cancels:",
    )
    D.derive(
        IntegrateSquares(result=miss, quantity=y_u * y_v - b_star * rho**2, time=t),
        "miss-constant",
        "direction",
        "start",
        "functions",
        *RATE,
        label="miss-entries",
        prose="It keeps its value at the start,",
    )
    D.derive(Restate(form=b_0 - b_star), "miss-entries", "predictor-start", label="miss-start", prose="which is")
    D.define("tangent", Equation(T, S / C, ":="), prose="So that nothing overflows for large $t$ we divide by $C$. Let")
    D.define("fading", Equation(K, 1 / C**2, ":="), prose="and")
    D.define("scaled", Equation(R, K * rho**2, ":="), prose="The scaled length is")
    for label, form, words in (
        ("tangent", sp.tanh(rate * t) / rate, r"Explicitly, with $T = t$ for $\Lambda = 0$,"),
        ("fading", 1 / sp.cosh(rate * t) ** 2, "and"),
    ):
        D.derive(Restate(form=form), label, "functions", label=f"{label}-time", prose=words)
    D.derive(Substitute(), "scaled", "length", label="scaled-sum", prose="By {length} it is")
    D.derive(
        Restate(form=K + E_0 * T + (delta**2 / 2 + 2 * kappa**2 * b_star * b_0) * T**2),
        "scaled-sum",
        "tangent",
        "fading",
        label="scaled-length",
        prose="that is,",
    )
    _predictor(D)
    _weights(D)


def _predictor(D: Derivation) -> None:
    D.derive(Substitute(), "coordinate", "projective", label="predictor-direction", prose="The predictor")
    D.derive(
        Restate(form=b_star + miss / rho**2),
        "predictor-direction",
        "miss",
        label="predictor-miss",
        prose="is, in terms of {miss},",
    )
    D.derive(Substitute(), "predictor-miss", "miss-start", label="predictor-length", prose="and by {miss-start}")
    D.derive(
        Restate(form=b_star + (b_0 - b_star) * K / R),
        "predictor-length",
        "scaled",
        label="trajectory",
        prose=r"The trajectory depends on the imbalance and the predictor at the start alone. It never crosses its "
        "target:",
    )


def _weights(D: Derivation) -> None:
    D.derive(Substitute(), "projective", "direction", label="weights-direction", prose="The weights are")
    forms = (
        ("u", u1, (u1_0 + (delta * u1_0 / 2 + eta_u * b_star * v1_0) * T) / sp.sqrt(R), "The first layer is"),
        ("v", v1, (v1_0 + (eta_v * b_star * u1_0 - delta * v1_0 / 2) * T) / sp.sqrt(R), "and the second"),
    )
    for name, weight, form, words in forms:
        D.derive(Select(lhs=(weight,)), "weights-direction", label=f"weight-{name}-direction", prose="One of these is")
        D.derive(
            Restate(form=form),
            f"weight-{name}-direction",
            "scaled",
            "tangent",
            "fading",
            label=f"weight-{name}",
            prose=words,
        )

"""Sections 5 and 6: the exact solution in the accumulated gradient, for any data; the limit; commuting fields."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Assumption, Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.coordinates import EveryCoordinate, FieldBracket
from ...symbolic.rules.linear_flow import LinearSolution, SquareOfField
from ...symbolic.rules.row_space import Accumulate, DataGradient, NullProducts
from ...symbolic.rules.slopes import Slope
from ...symbolic.rules.sums import InsertEntries
from .notation import N, X, dot, i, image, k, symbols

eta_u, eta_v, u, v, u1, v1, b, g, u1_dot, v1_dot, kappa = symbols("eta_u eta_v u v u1 v1 b g u1_dot v1_dot kappa")
s, s_dot, u_s, v_s, u_ss, v_ss, C_s, S_s = symbols("s s_dot u_s v_s u_ss v_ss C_s S_s")
u1_0, v1_0, b_0, E_0, b_s = symbols("u1_0 v1_0 b_0 E_0 b_s")
y, beta, G, r, loss, shift_dot, shift, multiplier = symbols("y beta G r loss shift_dot shift multiplier")
beta_inf, beta_0, size_0, direction, kkt = symbols("beta_inf beta_0 size_0 direction kkt")
COMPONENTS = ("u1", "v1", "u2", "v2")


def warped(D: Derivation) -> None:
    D.section("Exact solution in the accumulated gradient")
    D.define("accumulation", Equation(s_dot, -g, ":="), prose=r"Let $s(t) = -\int_0^t G\,dt$ in the fixed coordinate,")
    D.define(
        "in-s",
        Equation(u_s, u1_dot / s_dot, ":="),
        Equation(v_s, v1_dot / s_dot, ":="),
        prose="As functions of $s$ the weights have the derivatives",
    )
    D.derive(
        Substitute(tidy=True),
        "in-s",
        "coordinate-flow",
        "accumulation",
        label="linear",
        prose="Data and loss have disappeared and the flow is linear:",
    )
    D.derive(
        SquareOfField(rates=((u1, u_s, u_ss), (v1, v_s, v_ss))),
        "linear",
        "mean-rate",
        label="linear-square",
        prose="Its matrix has the square",
    )
    D.define(
        "functions-s",
        Equation(C_s, sp.cosh(kappa * s), ":="),
        Equation(S_s, sp.sinh(kappa * s) / kappa, ":="),
        prose="Let",
    )
    D.define("start-s", Equation(u1, u1_0, ":="), Equation(v1, v1_0, ":="), prose="At $s = 0$")
    D.derive(
        LinearSolution(plane=((u1, u_s, u_ss), (v1, v_s, v_ss)), time=s),
        "linear",
        "linear-square",
        "functions-s",
        "start-s",
        "mean-rate",
        label="rotation",
        prose="The weights move by a hyperbolic rotation,",
    )
    D.derive(Substitute(), "coordinate", "rotation", label="predictor-rotation", prose="The predictor is")
    D.define("predictor-start", Equation(b_0, u1_0 * v1_0, ":="), prose="With the predictor at the start")
    D.define("size-start", Equation(E_0, eta_v * u1_0**2 + eta_u * v1_0**2, ":="), prose="and the size at the start")
    D.derive(
        Restate(form=b_0 * sp.cosh(2 * kappa * s) + E_0 * sp.sinh(2 * kappa * s) / (2 * kappa)),
        "predictor-rotation",
        "functions-s",
        "predictor-start",
        "size-start",
        "mean-rate",
        label="predictor-accumulated",
        prose="it is a function of $s$ alone, for every sign of the imbalance and without a division by it,",
    )
    D.derive(
        Slope(variable=s, result=b_s),
        "predictor-accumulated",
        label="predictor-slope",
        prose=r"It increases, unless the coordinate is zero at the start, since $E_0 \ge 2\kappa|\beta_0|$:",
    )


def data(D: Derivation) -> None:
    D.section("Implicit bias")
    D.define(
        "residual",
        Equation(r[k], image(beta) - y[k], ":="),
        prose=r"Let now the loss be that of $N$ samples, the rows of $X$, with labels $y$. The residuals are",
    )
    D.define("loss", Equation(loss, sp.Sum(r[k] ** 2, (k, 1, N.symbol)) / 2, ":="), prose="and the loss is")
    D.derive(
        DataGradient(gradient=G, residual=r, variable=beta, index=i),
        "loss",
        "residual",
        label="gradient",
        prose="Its gradient lies in the row space of $X$,",
    )
    D.define("velocity", Equation(shift_dot[i], -G[i], ":="), prose="In every coordinate {accumulation} reads")
    D.derive(InsertEntries(), "velocity", "gradient", label="velocity-samples", prose="and with {gradient}")
    D.derive(
        Accumulate(total=shift, multiplier=multiplier, residual=r),
        "velocity-samples",
        label="shift",
        prose=r"With the multipliers $m_k = -\int_0^\infty r_k \, dt$ the gradient accumulates to",
    )
    D.derive(
        EveryCoordinate(names=((beta_inf, b), (beta_0, b_0), (size_0, E_0), (shift, s)), index=i),
        "predictor-accumulated",
        label="limit",
        prose="In the limit {predictor-accumulated} reads in every coordinate",
    )
    D.derive(
        EveryCoordinate(names=((beta_0, b_0), (u, u1_0), (v, v1_0)), index=i),
        "predictor-start",
        label="limit-start",
        prose="where, with the weights $u$ and $v$ of the start,",
    )
    D.derive(
        EveryCoordinate(names=((size_0, E_0), (u, u1_0), (v, v1_0)), index=i),
        "size-start",
        label="limit-size",
        prose="and",
    )
    D.assume(
        "interpolation",
        Equation(image(beta_inf), y[k]),
        assumption=Assumption(
            "interpolates",
            "The gradient flow converges to an interpolator.",
            "if no imbalance vanishes, M is bounded below by the smallest of them and the loss decays exponentially",
        ),
        prose="We assume that the flow converges to an interpolator,",
    )
    D.define("stationarity", Equation(kkt, dot(direction, shift), ":="), prose="These are $N$ equations for the $N$ "
             "multipliers. For a vector $z$ let")  # fmt: skip
    D.define("unseen", Equation(image(direction), sp.Integer(0), ":="), prose="If no sample sees it,")
    D.derive(
        NullProducts(data=X),
        "stationarity",
        "unseen",
        "shift",
        label="stationary",
        prose=r"it vanishes. Since $s = \theta_\infty - \theta_0$ by {dual-flow}, these are the conditions of Karush, "
        r"Kuhn and Tucker for the minimum of $\sum_j \varphi_j(\beta_j) - \varphi_j'(\beta_{0j}) \beta_j$ over all "
        "interpolators; it is unique as the sum is strictly convex:",
    )


def commuting(D: Derivation) -> None:
    D.section("Commuting fields")
    D.define(
        "first-field",
        *_field("A", (eta_u * v[1], eta_v * u[1], sp.Integer(0), sp.Integer(0))),
        prose=r"That the flow is a mirror flow without a warp of time has a reason. It is $-\sum_j G_j \eta \nabla "
        r"\beta_j$ with the fields $\eta \nabla \beta_j$; those of two coordinates are, in $(u_1, v_1, u_2, v_2)$,",
    )
    D.define("second-field", *_field("B", (sp.Integer(0), sp.Integer(0), eta_u * v[2], eta_v * u[2])), prose="and")
    variables = (u[1], v[1], u[2], v[2])
    names = tuple(symbols(" ".join(f"AB_{c}" for c in COMPONENTS)))
    D.derive(
        FieldBracket(variables=variables, names=names),
        "first-field",
        "second-field",
        label="commute",
        prose="They commute, so that the order in which gradients arrive does not matter:",
    )
    D.define(
        "first-shared",
        *_field("A", (eta_u * v[1], eta_v * u[1], sp.Integer(0)), ("u1", "v1", "v2")),
        prose=r"Two coordinates that share the weight $u_1$, as in a linear neuron, $\beta_j = u_1 v_j$, have in "
        "$(u_1, v_1, v_2)$ the fields",
    )
    D.define(
        "second-shared",
        *_field("B", (eta_u * v[2], sp.Integer(0), eta_v * u[1]), ("u1", "v1", "v2")),
        prose="and",
    )
    D.derive(
        FieldBracket(variables=(u[1], v[1], v[2]), names=(names[0], names[1], names[3])),
        "first-shared",
        "second-shared",
        label="shared-bracket",
        prose="These do not commute, and that flow is a mirror flow in warped time only:",
    )


def _field(letter: str, components: tuple[sp.Expr, ...], names: tuple[str, ...] = COMPONENTS) -> list[Equation]:
    return [Equation(name, x, ":=") for name, x in zip(symbols(" ".join(f"{letter}_{c}" for c in names)), components)]

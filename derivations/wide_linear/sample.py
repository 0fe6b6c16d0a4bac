"""Section 5: one sample, any width. The two layers turn by a hyperbolic angle, whose limit solves a quadratic."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Assumption, Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, Substitute
from ...symbolic.rules.flow import AlongFlow, Select
from ...symbolic.rules.word_flows import HyperbolicRotation
from ...symbolic.rules.word_traces import WordScalar
from ...symbolic.rules.words import WordIdentity, WordInsert, WordRate, WordRestate
from .draws import fitted, unit_vector
from .model import FLOW
from .notation import symbols

eta_a, eta_w, a, W, beta, G, a_dot = symbols("eta_a eta_w a W beta G a_dot")
kappa, rho, x_hat, r, U, U_dot, c, c_dot = symbols("kappa rho x_hat r U U_dot c c_dot")
a_0, c_0, C, S, v, u, overlap, f, f_dot = symbols("a_0 c_0 C S v u overlap f f_dot")
n_a, n_c, A_1, A_plus, A_minus, s = symbols("n_a n_c A_1 A_plus A_minus s")
theta_inf, a_inf, beta_inf, size_a, size_c = symbols("theta_inf a_inf beta_inf size_a size_c")
square_a, square_c, square_a_dot, square_c_dot = symbols("square_a square_c square_a_dot square_c_dot")
size_a_dot, size_c_dot, delta_sq, delta_sq_dot = symbols("size_a_dot size_c_dot delta_sq delta_sq_dot")
overlap_dot, metric, metric_sq = symbols("overlap_dot metric metric_sq")


def sample(D: Derivation) -> None:
    D.section("One sample")
    _rotation(D)
    _limit(D)
    _hypentropy(D)


def _rotation(D: Derivation) -> None:
    D.define(
        "one-sample",
        Equation(G, r * x_hat, ":="),
        prose=r"For one sample $x$ the gradient is parallel to the unit vector $\hat x = x/|x|$,",
    )
    D.define("direction", Equation(x_hat.T * x_hat, sp.Identity(1), ":="), prose="for which")
    D.define(
        "rates",
        Equation(eta_a, kappa * rho, ":="),
        Equation(eta_w, kappa / rho, ":="),
        prose=r"With $\kappa = \sqrt{\eta_a\eta_w}$ and $\varrho = \sqrt{\eta_a/\eta_w}$ the rates are",
    )
    D.define(
        "split", Equation(U, W - W * x_hat * x_hat.T, ":="), prose="The part of the input weights across the sample,"
    )
    D.derive(WordRate(rate=U_dot, rates=FLOW), "split", "flow", label="across-rate", prose="moves as")
    D.derive(
        WordInsert(draw=unit_vector),
        "across-rate",
        "one-sample",
        "direction",
        label="across-frozen",
        prose="By {one-sample} and {direction} it does not move:",
    )
    D.define("along-sample", Equation(c, W * x_hat, ":="), prose="The part along it,")
    D.derive(WordRate(rate=c_dot, rates=FLOW), "along-sample", "flow", label="along-rate", prose="moves as")
    known = ("one-sample", "direction", "rates")
    D.derive(
        WordInsert(draw=unit_vector),
        "along-rate",
        *known,
        label="along-flow",
        prose="By {one-sample} and {rates} this is",
    )
    D.derive(
        WordIdentity(word=a_dot, form=-kappa * rho * r * c, draw=unit_vector),
        "flow",
        "along-sample",
        *known,
        label="output-flow",
        prose="The output weights move as",
    )
    D.derive(
        HyperbolicRotation(pair=((a, a_0), (c, c_0)), functions=(C, S), speed=-kappa * r),
        "output-flow",
        "along-flow",
        label="rotation",
        prose=r"Both turn by one hyperbolic angle $\vartheta$ with $\dot\vartheta = -\kappa r$, $C = "
        r"\cosh\vartheta$ and "
        r"$S = \sinh\vartheta$,",
    )


def _limit(D: Derivation) -> None:
    D.define("along-predictor", Equation(overlap, c.T * a, ":="), prose="The predictor along the sample,")
    D.define(
        "start-scalars",
        Equation(n_a, sp.Trace(a_0.T * a_0), ":="),
        Equation(n_c, sp.Trace(c_0.T * c_0), ":="),
        Equation(A_1, sp.Trace(c_0.T * a_0), ":="),
        prose="is, with the scalars of the start",
    )
    D.derive(
        WordScalar(results=(f,)),
        "along-predictor",
        "rotation",
        "start-scalars",
        label="along-angle",
        prose="the function of the angle",
    )
    D.define(
        "shares",
        Equation(A_plus, (n_a / rho + rho * n_c) / 2 + A_1, ":="),
        Equation(A_minus, (n_a / rho + rho * n_c) / 2 - A_1, ":="),
        prose=r"By the inequality of the means the two combinations",
    )
    D.define(
        "exponential",
        Equation(C, (v + 1 / v) / 2, ":="),
        Equation(S, (v - 1 / v) / 2, ":="),
        prose=r"are positive, unless all neurons are at one saddle. With $v = e^{\vartheta}$, that is",
    )
    D.derive(
        Restate(form=A_plus * v**2 / 2 - A_minus / (2 * v**2)),
        "along-angle",
        "exponential",
        "shares",
        label="along-exponential",
        prose="the function is",
    )
    D.assume(
        "interpolation",
        Equation(f, s),
        assumption=Assumption(
            "interpolates",
            "The flow converges to a predictor that fits the sample.",
            "the predictor along the sample moves towards the label at a rate that is bounded below if both "
            "combinations are positive",
        ),
        prose=r"It grows from $-\infty$ to $\infty$ with the angle. In the limit it fits the label, $s = y/|x|$,",
    )
    D.define("square", Equation(v, sp.sqrt(u), ":="), prose="so that with the square of the exponential")
    D.derive(
        Substitute(both=True),
        "interpolation",
        "along-exponential",
        "square",
        label="angle-equation",
        prose="the limit of the angle solves",
    )
    D.derive(PositiveRoot(unknown=u), "angle-equation", label="angle-root", prose="This has one positive root,")
    D.derive(
        Restate(form=(s + sp.sqrt(s**2 + A_plus * A_minus)) / A_plus),
        "angle-root",
        label="angle-square",
        prose="which is",
    )
    D.define("angle", Equation(theta_inf, sp.log(u) / 2, ":="), prose="The angle itself is")
    D.derive(Substitute(), "angle", "angle-square", label="angle-limit", prose="that is")
    D.define(
        "limit-output",
        Equation(a_inf, C * a_0 + rho * S * c_0, ":="),
        prose="The output weights {rotation} at this angle are",
    )
    D.derive(WordInsert(), "limit-output", "exponential", label="output-limit", prose="By {exponential} this is")
    D.derive(
        WordRestate(form=U.T * a + x_hat * c.T * a),
        "predictor",
        "split",
        "along-sample",
        label="predictor-split",
        prose="The predictor is the sum of two parts,",
    )
    D.define("limit-predictor", Equation(beta_inf, beta, ":="), prose="In the limit of the predictor,")
    D.define(
        "limit-values",
        Equation(c.T * a, s * sp.Identity(1), ":="),
        Equation(a, a_inf, ":="),
        prose="the first part of the weights is still that of the start, and",
    )
    D.derive(
        WordInsert(draw=fitted),
        "limit-predictor",
        "predictor-split",
        "limit-values",
        label="predictor-limit",
        prose="so that",
    )


def _hypentropy(D: Derivation) -> None:
    """The flow of the predictor along the sample is closed."""
    D.define(
        "squares-a", Equation(square_a, a.T * a, ":="), prose="The flow along the sample is closed. The squared length"
    )
    D.define("squares-c", Equation(square_c, c.T * c, ":="), prose="together with")
    rates = ((a, a_dot), (c, c_dot))
    flows = ("output-flow", "along-flow")
    D.derive(WordRate(rate=square_a_dot, rates=rates), "squares-a", *flows, label="rate-a", prose="has the velocity")
    D.derive(WordRate(rate=square_c_dot, rates=rates), "squares-c", *flows, label="rate-c", prose="and the other one")
    D.derive(
        WordRate(rate=overlap_dot, rates=rates),
        "along-predictor",
        *flows,
        label="rate-along",
        prose="The predictor along the sample moves as",
    )
    D.define(
        "scalars",
        Equation(size_a, sp.Trace(a.T * a), ":="),
        Equation(size_c, sp.Trace(c.T * c), ":="),
        Equation(f, sp.Trace(c.T * a), ":="),
        prose="With the scalars",
    )
    D.derive(
        WordScalar(results=(size_a_dot, size_c_dot, f_dot)),
        "rate-a",
        "rate-c",
        "rate-along",
        "scalars",
        label="scalar-flow",
        prose="these are",
    )
    shares = (size_a / rho - rho * size_c) ** 2 + 4 * (size_a * size_c - f**2)
    D.define(
        "hypentropy",
        Equation(delta_sq, kappa**2 * shares, ":="),
        prose=r"The combination $\delta_*^2 = (\eta_w|a|^2 - \eta_a|c|^2)^2 + 4\kappa^2(|a|^2|c|^2 - (c^\top a)^2)$,",
    )
    D.derive(
        AlongFlow(rate=delta_sq_dot, rates=((size_a, size_a_dot), (size_c, size_c_dot), (f, f_dot))),
        "hypentropy",
        "scalar-flow",
        label="hypentropy-conserved",
        prose="is constant,",
    )
    D.derive(
        Select(lhs=(f_dot,)), "scalar-flow", label="along-velocity", prose="The predictor along the sample moves as"
    )
    D.define("metric-sum", Equation(metric, kappa * (size_a / rho + rho * size_c), ":="), prose="With the metric")
    D.derive(Restate(form=-metric * r), "along-velocity", "metric-sum", label="along-metric", prose="this is")
    D.define("metric-squared", Equation(metric_sq, metric**2, ":="), prose="Its square")
    D.derive(
        Restate(form=delta_sq + 4 * kappa**2 * f**2),
        "metric-squared",
        "metric-sum",
        "hypentropy",
        label="metric-value",
        prose="is a function of the predictor,",
    )
    D.derive(
        Substitute(both=True), "metric-value", "metric-squared", label="metric-equation", prose="By {metric-squared},"
    )
    D.derive(PositiveRoot(unknown=metric), "metric-equation", label="metric-root", prose="As it is positive,")
    D.derive(
        Substitute(),
        "along-metric",
        "metric-root",
        label="hypentropy-flow",
        prose="So the predictor follows the mirror flow of the hypentropy potential with this constant,",
    )

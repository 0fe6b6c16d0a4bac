"""Section 3: interpolation and the two conserved quantities fix the limit up to a sign."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Assumption, Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, Substitute
from ...symbolic.rules.interpolation import LeastNorm, RowInterpolator
from ...symbolic.rules.sums import InsertEntries
from .notation import X, combination, dot, i, image, k, symbols

eta_a, eta_w, a, w_row, n, y, a0 = symbols("eta_a eta_w a w_row n y a0")
a_inf, w_inf, w_row_inf, beta_inf, a_sq, s, kappa = symbols("a_inf w_inf w_row_inf beta_inf a_sq s kappa")
delta_row, Lambda, sigma, lam, beta_plus, w_len = symbols("delta_row Lambda sigma lam beta_plus w_len")
X_matrix, y_column, beta_plus_column, mu_inf = symbols("X y_column beta_plus_column mu_inf")
RATE = ("rate", "mean-rate")


def limit(D: Derivation) -> None:
    D.section("The limit")
    _interpolation(D)
    _quadratic(D)


def _interpolation(D: Derivation) -> None:
    D.define(
        "least-norm",
        Equation(image(beta_plus), y[k], ":="),
        Equation(beta_plus[i], combination(lam), ":="),
        prose=r"Suppose that $y$ lies in the range of $X$. The least-norm solution $\beta_+ = X^+ y$ solves the "
        "problem within the row space,",
    )
    D.derive(
        LeastNorm(matrices=(X_matrix, y_column, beta_plus_column)),
        "least-norm",
        label="pseudo-inverse",
        prose="If the rows of $X$ are independent (otherwise a maximal set of independent rows is kept), this is",
    )
    D.assume(
        "interpolation",
        Equation(image(beta_inf), y[k]),
        assumption=Assumption(
            "interpolates",
            "The gradient flow converges to an interpolator.",
            "the other limits are saddles with a = 0, which attract exceptional starts only",
        ),
        prose="We assume that the flow converges to an interpolator,",
    )
    D.define(
        "factors",
        Equation(beta_inf[i], a_inf * (w_row_inf[i] + n[i]), ":="),
        prose="In the limit {predictor} and {split} read, with the null part unchanged by {component-frozen},",
    )
    D.define("row-end", Equation(w_row_inf[i], combination(mu_inf), ":="), prose="The limit of the row part is again")
    D.derive(
        RowInterpolator(data=X, part=w_row_inf, solution=beta_plus),
        "interpolation",
        "factors",
        "row-end",
        "null-part",
        "least-norm",
        label="row-limit",
        prose="The solution within the row space is unique. Hence the row part of the weights is forced,",
    )
    D.derive(InsertEntries(), "factors", "row-limit", label="limit-factors", prose="Inserted in {factors},")
    D.derive(
        Restate(form=beta_plus[i] + a_inf * n[i]),
        "limit-factors",
        label="limit",
        prose="The limit is the least-norm solution plus a multiple of the frozen part,",
    )
    D.define("weights", Equation(w_inf[i], w_row_inf[i] + n[i], ":="), prose="The input weights tend to")
    D.derive(InsertEntries(), "weights", "row-limit", label="limit-weights", prose="By {row-limit} this is")


def _quadratic(D: Derivation) -> None:
    D.define(
        "end",
        Equation(a, a_inf, ":="),
        Equation(w_row[i], w_row_inf[i], ":="),
        prose=r"It remains to find $a_\infty$. In the limit",
    )
    D.derive(InsertEntries(), "row-level", "end", label="end-level", prose="As it is conserved, {row-level} gives")
    D.derive(
        InsertEntries(), "end-level", "row-limit", label="end-entries", prose="With the row part {row-limit} this is"
    )
    D.define("length", Equation(s, sp.sqrt(dot(beta_plus, beta_plus)), ":="), prose="Let the length of $X^+ y$ be")
    D.define("square", Equation(a_sq, a_inf**2, ":="), prose="For the square of the output weight,")
    D.derive(
        Restate(form=eta_w * a_sq - eta_a * s**2 / a_sq),
        "end-entries",
        "length",
        "square",
        label="quadratic",
        prose="we have a quadratic equation,",
    )
    D.derive(PositiveRoot(unknown=a_sq), "quadratic", label="root", prose="Its only positive root is")
    D.define("mean-rate", Equation(kappa, sp.sqrt(eta_a) * sp.sqrt(eta_w), ":="), prose="With the mean rate")
    D.define(
        "rate",
        Equation(Lambda, sp.sqrt(delta_row**2 + 4 * kappa**2 * s**2) / 2, ":="),
        prose="and the growth rate of the row space",
    )
    D.derive(Restate(form=(Lambda + delta_row / 2) / eta_w), "root", *RATE, label="square-upstream", prose="this reads")
    D.derive(
        Restate(form=eta_a * s**2 / (Lambda - delta_row / 2)),
        "root",
        *RATE,
        label="square-downstream",
        prose=r"For $\delta' < 0$ the same without cancellation is",
    )
    D.define(
        "signed",
        Equation(a_inf, sigma * sp.sqrt(a_sq), ":="),
        prose=r"So with a sign $\sigma = \pm 1$, to be found next,",
    )
    for side in ("upstream", "downstream"):
        D.derive(
            Substitute(),
            "signed",
            f"square-{side}",
            label=f"output-{side}",
            prose=rf"By {{square-{side}}} this is"
            if side == "upstream"
            else r"For $\delta' < 0$ it is better written as",
        )
    D.define(
        "row-length",
        Equation(w_len, sp.sqrt(dot(w_row, w_row)), ":="),
        prose=r"The imbalance $\delta'$ is known from the start. With the length of the row part",
    )
    D.derive(
        Restate(form=eta_w * a**2 - eta_a * w_len**2),
        "row-level",
        "row-length",
        label="row-lengths",
        prose="the law {row-level} reads",
    )
    D.define("start", Equation(a, a0, ":="), prose=r"At the start, where $w^{\mathrm{row}} = P_{\mathrm{row}} w_0$ and")
    D.derive(Substitute(), "row-lengths", "start", label="start-level", prose="it gives")

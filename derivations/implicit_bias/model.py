"""Sections 1 and 2: the flow for any data, what no sample sees, and the imbalance that the data see."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate
from ...symbolic.rules.flow import AlongFlow, ParameterGradient
from ...symbolic.rules.row_space import DataGradient, NullProducts
from ...symbolic.rules.sums import InsertEntries
from .notation import N, X, combination, d, dot, i, image, j, k, symbols

eta_a, eta_w, a, w, beta, y, loss, G, r, g_a, g_w = symbols("eta_a eta_w a w beta y loss G r g_a g_w")
a_dot, w_dot, delta, delta_dot, delta_row = symbols("a_dot w_dot delta delta_dot delta_row")
v, c_v, c_v_dot, w_row, n, mu = symbols("v c_v c_v_dot w_row n mu")

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
        prose=r"With $G = \nabla_\beta \mathcal{L}$ the chain rule gives the slopes of the loss in the parameters,",
    )
    D.define(
        "descent",
        Equation(a_dot, -eta_a * g_a, ":="),
        Equation(w_dot[i], -eta_w * g_w[i], ":="),
        prose="Both layers follow the gradient flow, each with its own learning rate,",
    )
    D.derive(InsertEntries(), "descent", "slopes", label="flow", prose="With {slopes} this reads")
    D.define(
        "residual",
        Equation(r[k], image(beta) - y[k], ":="),
        prose=r"The $N$ samples are the rows of a matrix $X$ of any rank, with labels $y$. The residuals are",
    )
    D.define(
        "loss",
        Equation(loss, sp.Sum(r[k] ** 2, (k, 1, N.symbol)) / 2, ":="),
        prose="The loss is half their squared length,",
    )
    D.derive(
        DataGradient(gradient=G, residual=r, variable=beta, index=i),
        "loss",
        "residual",
        label="gradient",
        prose="Hence the gradient lies in the row space of $X$,",
    )
    D.define(
        "imbalance",
        Equation(delta, eta_w * a**2 - eta_a * dot(w, w), ":="),
        prose="The imbalance of the layers is",
    )
    D.derive(
        AlongFlow(rate=delta_dot, rates=FLOW),
        "imbalance",
        "flow",
        label="conservation",
        prose="It is constant along {flow}, whatever the data:",
    )
    _null_part(D)


def _null_part(D: Derivation) -> None:
    D.section("What no sample sees")
    D.define(
        "unseen", Equation(image(v), sp.Integer(0), ":="), prose="Let $v$ be a vector to which no sample responds,"
    )
    D.define("component", Equation(c_v, dot(v, w), ":="), prose="The component of the weights along it is")
    D.derive(
        AlongFlow(rate=c_v_dot, rates=FLOW),
        "component",
        "flow",
        label="component-rate",
        prose="By {flow} it moves as",
    )
    D.derive(
        NullProducts(data=X),
        "component-rate",
        "unseen",
        "gradient",
        label="component-frozen",
        prose=r"As $v \cdot G = \sum_k r_k (Xv)_k$, it does not move at all:",
    )
    D.define(
        "split",
        Equation(w[i], w_row[i] + n[i], ":="),
        prose=r"Hence in the orthogonal decomposition into row space and null space",
    )
    D.define("row-part", Equation(w_row[i], combination(mu), ":="), prose="only the row part moves,")
    D.define(
        "null-part",
        Equation(image(n), sp.Integer(0), ":="),
        prose=r"and the null part $n = P_{\mathrm{null}} w_0$ is constant,",
    )
    D.derive(
        InsertEntries(),
        "imbalance",
        "split",
        label="imbalance-split",
        prose="With {split} the imbalance {imbalance} is",
    )
    D.derive(
        NullProducts(data=X),
        "imbalance-split",
        "null-part",
        "row-part",
        label="imbalance-parts",
        prose="The two parts are orthogonal, so",
    )
    D.define(
        "row-imbalance",
        Equation(delta_row, delta + eta_a * dot(n, n), ":="),
        prose="The constant $|n|^2$ is moved to the left: the data see the imbalance",
    )
    D.derive(
        Restate(form=eta_w * a**2 - eta_a * dot(w_row, w_row)),
        "row-imbalance",
        "imbalance-parts",
        label="row-level",
        prose=r"In the row space this is the same law with $\delta'$ in the place of $\delta$,",
    )

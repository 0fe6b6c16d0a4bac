"""Published formulas without time: weights from predictor and imbalance, and the limit of the flow."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.cited import Cited
from ...symbolic.rules.limits import At
from ...symbolic.rules.sums import InsertEntries
from ..implicit_bias.text import built as limit_of_the_flow
from ..unbalanced.text import built as flow
from .notation import i, symbols

kappa, delta, r, A, h, scaled = symbols("kappa delta r A h scaled")
a_inf, a_sq, sigma, beta_inf, beta_plus, n, a_pub, beta_pub, error = symbols(
    "a_inf a_sq sigma beta_inf beta_plus n a_pub beta_pub error"
)


def coordinates(D: Derivation) -> None:
    D.section("Weights from predictor and imbalance")
    D.derive(
        Cited(flow, "share-a"),
        label="share",
        prose=r"The share $A = \eta_w a^2$ of the output weight is, as published,",
    )
    D.derive(
        Restate(form=2 * kappa**2 * r**2 / (sp.sqrt(delta**2 + 4 * kappa**2 * r**2) - delta)),
        "share",
        label="share-stable",
        prose=r"For $\delta \ll 0$ this is a difference of two nearly equal numbers. The same without cancellation is",
    )
    D.define(
        "downstream",
        Equation(delta, -1 / h, ":="),
        prose=r"How much is lost is seen with $D = |\delta| = 1/\varepsilon$, in",
    )
    D.define("scaled", Equation(scaled, A / h, ":="), prose="the product")
    D.derive(
        Substitute(), "scaled", "share-stable", "downstream", label="scaled-share", prose="It is by {share-stable}"
    )
    D.derive(
        Restate(form=2 * kappa**2 * r**2 / (1 + sp.sqrt(1 + 4 * kappa**2 * r**2 * h**2))),
        "scaled-share",
        label="scaled-stable",
        prose="that is,",
    )
    D.derive(
        At(variable=h, value=0),
        "scaled-stable",
        label="scaled-limit",
        prose=r"For $\delta \to -\infty$ it is finite, so that $A$ is $2\kappa^2 r^2/\delta^2$ relative to the terms "
        r"that cancel: no digit of 16 is left for $|\delta| > 10^8 \kappa r$,",
    )


def implicit_bias(D: Derivation) -> None:
    D.section("Implicit bias")
    D.derive(
        Cited(limit_of_the_flow, "limit"),
        label="limit",
        prose=r"If the flow interpolates in the end, its limit is, with the null part $n = P_{\mathrm{null}} w_0$,",
    )
    D.derive(Cited(limit_of_the_flow, "square-upstream"), label="limit-square", prose=r"The square of $a_\infty$ is")
    D.define("signed", Equation(a_inf, sigma * sp.sqrt(a_sq), ":="), prose="and it has the sign")
    D.define(
        "published-output",
        Equation(a_pub, sp.sqrt(a_sq), ":="),
        prose="The published formula, for a start with $a_0 > 0$, has always the positive one,",
    )
    D.define("published-limit", Equation(beta_pub[i], beta_plus[i] + a_pub * n[i], ":="), prose="that is,")
    D.define("error", Equation(error[i], beta_inf[i] - beta_pub[i], ":="), prose="Its error is")
    D.derive(
        InsertEntries(),
        "error",
        "limit",
        "published-limit",
        "published-output",
        "signed",
        label="error-entries",
        prose="by {limit}",
    )
    D.derive(
        Restate(form=(sigma - 1) * sp.sqrt(a_sq) * n[i]),
        "error-entries",
        label="error-null",
        prose=r"or",
    )
    D.derive(
        Substitute(),
        "error-null",
        "limit-square",
        label="error-limit",
        prose=r"It vanishes for $\sigma = 1$ and is twice the null part of the limit for $\sigma = -1$, which occurs "
        r"for $\delta' < 0$ only:",
    )
    D.derive(
        Cited(limit_of_the_flow, "start-level", ()),
        label="row-imbalance",
        prose=r"where $\delta'$ is the imbalance seen by the data,",
    )

"""Section 5: equal singular values, where a functional that keeps its sign decides every start."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.interpolation import IsotropicGradient
from ...symbolic.rules.long_time import ConjugateProduct
from ...symbolic.rules.row_space import NullProducts
from ...symbolic.rules.sign_rules import KeepsSign
from ...symbolic.rules.sums import FrameComponents, InsertEntries
from .notation import X, dot, i, symbols

eta_a, eta_w, a, a0, w_row, beta_plus, s, c = symbols("eta_a eta_w a a0 w_row beta_plus s c")
X_matrix, P_row, u, e, p, q, p0, p_dot, q_dot = symbols("X P_row u e p q p0 p_dot q_dot")
a_dot, w_dot, delta_row, Lambda, kappa, E = symbols("a_dot w_dot delta_row Lambda kappa E")
Z, Z_dot, Z_bar, P, a_inf = symbols("Z Z_dot Z_bar P a_inf")
RATE = ("rate", "mean-rate")


def isotropic(D: Derivation) -> None:
    D.section("Equal singular values")
    D.define(
        "isotropy",
        Equation(X_matrix.T * X_matrix, c * P_row, ":="),
        prose="The rest is decided if all non-zero singular values of $X$ are equal, in particular for one sample:",
    )
    D.derive(InsertEntries(), "predictor", "split", label="predictor-split", prose="With {split} the predictor is")
    D.derive(
        IsotropicGradient(data=X, part=w_row, solution=beta_plus, factor=c),
        "isotropy",
        "gradient",
        "residual",
        "predictor-split",
        "row-part",
        "null-part",
        "least-norm",
        label="isotropic-gradient",
        prose=r"By {isotropy} and $y = X \beta_+$ the gradient is",
    )
    _plane(D)
    _keeps_sign(D)
    _decision(D)


def _plane(D: Derivation) -> None:
    D.derive(InsertEntries(), "flow", "split", label="flow-split", prose="With {split} the flow {flow} is")
    D.derive(
        NullProducts(data=X),
        "flow-split",
        "null-part",
        "gradient",
        label="row-flow",
        prose=r"The null part drops out, and with it $\dot w$ is the velocity of the row part,",
    )
    D.derive(InsertEntries(), "row-flow", "isotropic-gradient", label="isotropic-flow", prose="By {isotropic-gradient}")
    D.define(
        "frame",
        Equation(w_row[i], p * u[i] + q * e[i], ":="),
        Equation(beta_plus[i], s * u[i], ":="),
        Equation(dot(u, u), sp.Integer(1), ":="),
        Equation(dot(e, e), sp.Integer(1), ":="),
        Equation(dot(u, e), sp.Integer(0), ":="),
        prose=r"The plane of $\beta_+$ and the row part of $w$ does not change in time. In it,",
    )
    D.derive(
        FrameComponents(components=((w_dot, (p_dot, q_dot)),)),
        "isotropic-flow",
        "frame",
        label="plane-flow",
        prose="the flow has the components",
    )
    D.derive(FrameComponents(), "row-level", "frame", label="plane-level", prose="The imbalance {row-level} is")


def _keeps_sign(D: Derivation) -> None:
    D.define(
        "growth",
        Equation(Z, (Lambda + delta_row / 2) * a + eta_a * s * p, ":="),
        prose="Consider the amplitude of the growing direction,",
    )
    D.derive(
        KeepsSign(rate=Z_dot, rates=((a, a_dot), (p, p_dot), (q, q_dot)), solve=(q, eta_w, p)),
        "growth",
        "plane-flow",
        "plane-level",
        *RATE,
        label="growth-rate",
        prose="With {plane-level} and {rate} its velocity is a multiple of itself,",
    )
    D.define("energy", Equation(E, eta_w * a**2 + eta_a * (p**2 + q**2), ":="), prose="In terms of the weighted size")
    D.derive(
        Restate(form=c * (Lambda - E / 2) * Z),
        "growth-rate",
        "growth",
        "energy",
        *RATE,
        "plane-level",
        label="growth-energy",
        prose="it is",
    )
    D.define(
        "end-plane",
        Equation(a, a_inf, ":="),
        Equation(p, s / a_inf, ":="),
        prose="Hence $Z$ never changes sign. In the limit {row-limit}",
    )
    D.derive(Substitute(), "growth", "end-plane", label="growth-end", prose="it is")
    D.derive(
        Restate(form=a_inf * (Lambda + delta_row / 2 + eta_a * s**2 / a_inf**2)),
        "growth-end",
        label="growth-limit",
        prose=r"The bracket is positive, so $\sigma$ is the sign of $Z$:",
    )


def _decision(D: Derivation) -> None:
    D.define("start-plane", Equation(a, a0, ":="), Equation(p, p0, ":="), prose="It is known at the start, where")
    D.derive(Substitute(), "growth", "start-plane", label="growth-start", prose="and {growth} is")
    D.derive(
        ConjugateProduct(root=Lambda, conjugate=Z_bar),
        "growth-start",
        *RATE,
        label="conjugate-product",
        prose=r"Its sign is decided without a root: with the conjugate $\bar Z$, which has $-\Lambda$ for $\Lambda$,",
    )
    D.define("overlap-start", Equation(p0, P / s, ":="), prose=r"In terms of the overlap $P = w_0 \cdot \beta_+$,")
    D.derive(Substitute(), "conjugate-product", "overlap-start", label="conjugate-overlap", prose="The product becomes")
    D.derive(
        Restate(form=eta_a * (eta_a * P**2 + delta_row * a0 * P - eta_w * s**2 * a0**2)),
        "conjugate-overlap",
        label="sign-rule",
        prose=r"If $\eta_a P + \delta' a_0/2$ and $a_0$ have no opposite signs, $\sigma$ is their common sign; "
        r"otherwise it is the sign of the former times that of",
    )

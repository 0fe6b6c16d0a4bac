"""Section 4: the Riccati equation solved by a linear flow, its exponential and the integral of its square."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.word_flows import SameSolution
from ...symbolic.rules.word_traces import BlockEntry
from ...symbolic.rules.words import WordInsert, WordIsolate, WordRate, WordRestate
from .draws import block_products, commuting
from .notation import n_h, symbols

eta_1, eta_2, W1, W2, B, G, Sigma, W1_dot, W2_dot = symbols("eta_1 eta_2 W1 W2 B G Sigma W1_dot W2_dot")
Delta, level, T, Z, Z_dot, A, m = symbols("Delta D T Z Z_dot A m")
X, X_dot, Y, Y_dot, P, P_dot, Q, Q_dot = symbols("X X_dot Y Y_dot P P_dot Q Q_dot")
X_0, Q_0, Z_0, F, F_dot, H, H_dot = symbols("X_0 Q_0 Z_0 F F_dot H H_dot")
left, left_dot, right, right_dot, left_0, right_0 = symbols("left left_dot right right_dot left_0 right_0")
Q_11, Q_12, Q_22, E, E_dot, E_0, Y_0 = symbols("Q_11 Q_12 Q_22 E E_dot E_0 Y_0")
V, V_dot, V_0, P_0 = symbols("V V_dot V_0 P_0")

HALF = sp.Rational(1, 2)


def solution(D: Derivation) -> None:
    D.section("Solution")
    _riccati(D)
    _exponential(D)
    _blocks(D)


def _riccati(D: Derivation) -> None:
    D.define("products", Equation(X, Z * Z.T, ":="), prose="All products of the layers are blocks of")
    D.derive(
        WordRate(rate=X_dot, rates=((Z, Z_dot),), symmetric=(m,)),
        "products",
        "stacked-flow",
        label="products-rate",
        prose="By {stacked-flow} they move as",
    )
    D.derive(
        WordRestate(form=A * X + X * A.T - X * m * X, symmetric=(m, X)),
        "products-rate",
        "products",
        label="riccati",
        prose="which is a matrix Riccati equation,",
    )
    D.define("linear-direction", Equation(Y_dot, A * Y, ":="), prose="It is solved by the linear flow with $Y = Z_0$,")
    D.define(
        "linear-length", Equation(P_dot, Y.T * m * Y, ":="), prose="and its squared length with $P = I$ at the start,"
    )
    D.define("projected", Equation(Q, Y * P.I * Y.T, ":="), prose="in the combination")
    D.derive(
        WordRate(rate=Q_dot, rates=((Y, Y_dot), (P, P_dot)), symmetric=(m, P)),
        "projected",
        "linear-direction",
        "linear-length",
        label="projected-rate",
        prose="Indeed its rate is",
    )
    D.derive(
        WordRestate(form=A * Q + Q * A.T - Q * m * Q, symmetric=(m, P, Q)),
        "projected-rate",
        "projected",
        label="projected-flow",
        prose="that is",
    )
    D.define(
        "common-start",
        Equation(X_0, Z_0 * Z_0.T, ":="),
        Equation(Q_0, Z_0 * Z_0.T, ":="),
        prose="The two solutions have the same start,",
    )
    D.derive(
        SameSolution(solutions=(X, Y * P.I * Y.T), letter=Q, symmetric=(m, P)),
        "riccati",
        "projected-flow",
        "common-start",
        label="solution",
        prose="hence they agree at all times,",
    )


def _exponential(D: Derivation) -> None:
    D.define(
        "exponential", Equation(F_dot, A * F, ":="), prose=r"It remains to integrate. The exponential $F = e^{At}$ has"
    )
    D.define("commutes", Equation(A * F, F * A, ":="), prose="and commutes with the generator,")
    D.define(
        "right-weighted", Equation(right, m * F, ":="), prose="It is symmetric in the metric of the rates, because"
    )
    D.define("left-weighted", Equation(left, F.T * m, ":="), prose="and")
    for side, name, rate in (("right", right, right_dot), ("left", left, left_dot)):
        D.derive(
            WordRate(rate=rate, rates=((F, F_dot),), symmetric=(m,)),
            f"{side}-weighted",
            "exponential",
            label=f"{side}-rate",
            prose="which move as" if side == "right" else "and",
        )
        D.derive(
            WordRestate(form=name * A, symmetric=(m,), draw=commuting),
            f"{side}-rate",
            f"{side}-weighted",
            "commutes" if side == "right" else "symmetric",
            label=f"{side}-flow",
            prose="by {commutes} obey" if side == "right" else "by {symmetric} obey",
        )
    D.define(
        "weighted-start",
        Equation(right_0, m, ":="),
        Equation(left_0, m, ":="),
        prose="the same equation, with the same start,",
    )
    D.derive(
        SameSolution(solutions=(right, left), letter=left, symmetric=(m, left)),
        "right-flow",
        "left-flow",
        "weighted-start",
        label="weighted-equal",
        prose="so that",
    )
    D.derive(
        WordIsolate(word=m * F, symmetric=(m,)), "right-weighted", label="weighted-word", prose="As {right-weighted} is"
    )
    D.derive(
        WordInsert(symmetric=(m,), draw=commuting),
        "weighted-word",
        "weighted-equal",
        "left-weighted",
        label="weighted",
        prose="this means",
    )
    _direction(D)
    _length(D)


def _direction(D: Derivation) -> None:
    D.define("image", Equation(E, F * Z_0, ":="), prose="The image of the start under the exponential,")
    D.derive(WordRate(rate=E_dot, rates=((F, F_dot),)), "image", "exponential", label="image-rate", prose="moves as")
    D.derive(WordRestate(form=A * E), "image-rate", "image", label="image-flow", prose="that is")
    D.define(
        "image-start",
        Equation(Y_0, Z_0, ":="),
        Equation(E_0, Z_0, ":="),
        prose="and starts where the linear flow does,",
    )
    D.derive(
        SameSolution(solutions=(Y, F * Z_0), letter=E),
        "linear-direction",
        "image-flow",
        "image-start",
        label="direction",
        prose="Hence",
    )


def _length(D: Derivation) -> None:
    D.define("integral", Equation(H_dot, F * F, ":="), prose=r"With the integral $H = \int_0^t e^{2As} \mathrm{d}s$,")
    D.define(
        "length-form",
        Equation(V, sp.Identity(n_h) + Z_0.T * m * H * Z_0, ":="),
        prose="the combination",
    )
    D.derive(
        WordRate(rate=V_dot, rates=((H, H_dot),), symmetric=(m,)),
        "length-form",
        "integral",
        label="length-rate",
        prose="moves as",
    )
    D.derive(
        WordInsert(symmetric=(m,), draw=commuting),
        "length-rate",
        "weighted",
        label="length-flow",
        prose="By {weighted} this is",
    )
    D.derive(
        WordInsert(symmetric=(m,), draw=commuting),
        "linear-length",
        "direction",
        "weighted",
        label="squared-length",
        prose="The squared length moves, by {direction} and {weighted}, in the same way,",
    )
    D.define(
        "length-start",
        Equation(P_0, sp.Identity(n_h), ":="),
        Equation(V_0, sp.Identity(n_h), ":="),
        prose="and with the start",
    )
    D.derive(
        SameSolution(solutions=(P, sp.Identity(n_h) + Z_0.T * m * H * Z_0), letter=V, symmetric=(m,)),
        "squared-length",
        "length-flow",
        "length-start",
        label="length",
        prose="it is",
    )


def _blocks(D: Derivation) -> None:
    D.derive(
        WordIsolate(word=Y * P.I * Y.T, symmetric=(P, Q)),
        "projected",
        label="projected-word",
        prose="With {projected},",
    )
    D.derive(
        WordInsert(symmetric=(P, Q)), "solution", "projected-word", label="solution-projected", prose="the products are"
    )
    D.define(
        "blocks",
        Equation(Q, sp.BlockMatrix([[Q_11, Q_12], [Q_12.T, Q_22]]), ":="),
        prose="In the blocks of the solution,",
    )
    known = ("solution-projected", "products", "stacked", "blocks")
    for place, word, label, prose in (
        ((0, 1), W2 * W1, "predictor-block", "the predictor is the one off the diagonal,"),
        ((0, 0), W2 * W2.T, "upper-block", "and the kernels are given by those on the diagonal,"),
        ((1, 1), W1.T * W1, "lower-block", "and"),
    ):
        rule = BlockEntry(place=place, word=word, draw=block_products, symmetric=(Q_11, Q_22))
        D.derive(rule, *known, label=label, prose=prose)
    D.derive(
        WordInsert(draw=block_products),
        "predictor",
        "predictor-block",
        label="predictor-solution",
        prose="So the predictor at time $t$ is",
    )

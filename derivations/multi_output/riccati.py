"""Section 3: whitened inputs and an isotropic imbalance. The two layers obey one equation with a linear generator."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.words import WordIdentity, WordInsert, WordIsolate, WordRestate
from .draws import isotropic_layers
from .notation import n_c, n_d, n_h, symbols

eta_1, eta_2, W1, W2, B, G, Sigma, W1_dot, W2_dot = symbols("eta_1 eta_2 W1 W2 B G Sigma W1_dot W2_dot")
Delta, level, T, Z, Z_dot, A, m = symbols("Delta D T Z Z_dot A m")
X, X_dot, Y, Y_dot, P, P_dot, Q, Q_dot = symbols("X X_dot Y Y_dot P P_dot Q Q_dot")
X_0, Q_0, Z_0, F, F_dot, H, H_dot = symbols("X_0 Q_0 Z_0 F F_dot H H_dot")
left, left_dot, right, right_dot, left_0, right_0 = symbols("left left_dot right right_dot left_0 right_0")
Q_11, Q_12, Q_22, E, E_dot, E_0, Y_0 = symbols("Q_11 Q_12 Q_22 E E_dot E_0 Y_0")
V, V_dot, V_0, P_0 = symbols("V V_dot V_0 P_0")

HALF = sp.Rational(1, 2)


def isotropic(D: Derivation) -> None:
    D.section("Isotropic imbalance")
    D.define(
        "residual",
        Equation(G, B - Sigma, ":="),
        prose=r"For whitened inputs and the square loss $|B - \Sigma|^2/2$ the gradient is the residual",
    )
    D.derive(WordInsert(), "residual", "predictor", label="residual-layers", prose="that is")
    D.derive(WordInsert(), "flow", "residual-layers", label="whitened-flow", prose="The flow {flow} is then")
    D.define("isotropic", Equation(Delta, level * sp.Identity(n_h), ":="), prose="Let the imbalance be isotropic,")
    D.define("total", Equation(T, eta_1 * W2.T * W2 + eta_2 * W1 * W1.T, ":="), prose="With the total size")
    D.derive(
        WordIsolate(word=W2.T * W2, symmetric=(Delta,)),
        "imbalance",
        label="upper-isolated",
        prose="the imbalance {imbalance} gives",
    )
    D.derive(
        WordInsert(draw=isotropic_layers),
        "upper-isolated",
        "isotropic",
        label="upper-isotropic",
        prose="By {isotropic}",
    )
    D.derive(
        WordInsert(draw=isotropic_layers), "total", "upper-isotropic", label="total-lower", prose="so that the total is"
    )
    D.derive(
        WordIsolate(word=W1 * W1.T, symmetric=(T,)),
        "total-lower",
        label="lower-gram",
        prose="Hence the lower layer has",
    )
    D.derive(
        WordInsert(draw=isotropic_layers),
        "upper-isotropic",
        "total",
        "lower-gram",
        label="upper-gram",
        prose="and the upper one",
    )
    D.derive(
        WordInsert(draw=isotropic_layers),
        "whitened-flow",
        "total",
        "upper-gram",
        "lower-gram",
        label="layers-flow",
        prose="The cubic terms of {whitened-flow} become",
    )
    _stack(D)


def _stack(D: Derivation) -> None:
    D.define(
        "stacked",
        Equation(Z, sp.BlockMatrix([[W2], [W1.T]]), ":="),
        Equation(Z_dot, sp.BlockMatrix([[W2_dot], [W1_dot.T]]), ":="),
        prose="We stack the two layers,",
    )
    half, one_c, one_d = level / 2, sp.Identity(n_c), sp.Identity(n_d)
    D.define(
        "generator-matrix",
        Equation(A, sp.BlockMatrix([[half * one_c, eta_2 * Sigma], [eta_1 * Sigma.T, -half * one_d]]), ":="),
        prose="together with the generator",
    )
    zero = sp.ZeroMatrix(n_c, n_d)
    D.define(
        "weights",
        Equation(m, sp.BlockMatrix([[eta_1 * one_c, zero], [zero.T, eta_2 * one_d]]), ":="),
        prose="and the rates",
    )
    D.derive(
        WordRestate(form=Z.T * m * Z, symmetric=(m,)),
        "total",
        "stacked",
        "weights",
        label="total-stacked",
        prose="The total size is",
    )
    D.derive(
        WordIdentity(word=Z_dot, form=A * Z - HALF * Z * T, symmetric=(T,)),
        "stacked",
        "generator-matrix",
        "layers-flow",
        label="stacked-rate",
        prose="and {layers-flow} is one equation,",
    )
    D.derive(
        WordInsert(symmetric=(m,)),
        "stacked-rate",
        "total-stacked",
        label="stacked-flow",
        prose="in which the nonlinear term acts within the hidden layer only,",
    )
    D.derive(
        WordIdentity(word=A.T * m, form=m * A, symmetric=(m,)),
        "generator-matrix",
        "weights",
        label="symmetric",
        prose="The generator is symmetric in the metric of the rates,",
    )
    kernel = eta_1 * eta_2
    square = sp.BlockMatrix(
        [
            [level**2 / 4 * one_c + kernel * Sigma * Sigma.T, zero],
            [zero.T, level**2 / 4 * one_d + kernel * Sigma.T * Sigma],
        ]
    )
    D.derive(
        WordIdentity(word=A * A, form=square),
        "generator-matrix",
        label="generator-square",
        prose=r"and its square is diagonal: every singular value $\sigma_i$ of the target has the growth rates "
        r"$\pm\sqrt{D^2/4 + \eta_1\eta_2\sigma_i^2}$,",
    )

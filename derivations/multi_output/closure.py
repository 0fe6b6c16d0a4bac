"""Section 5: with an isotropic imbalance the kernels are functions of the predictor on its singular vectors."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot
from ...symbolic.rules.word_traces import OnSingularVectors
from ...symbolic.rules.words import WordInsert, WordIsolate, WordRestate
from .draws import block_products, isotropic_layers
from .notation import symbols

eta_1, eta_2, W1, W2, B, Delta, level, kappa = symbols("eta_1 eta_2 W1 W2 B Delta D kappa")
S_2, S_1, S_2_sq, S_1_sq, sigma, s_2, s_1 = symbols("S_2 S_1 S_2_sq S_1_sq sigma s_2 s_1")


def closure(D: Derivation) -> None:
    D.section("Closure")
    D.define("mean-rate", Equation(kappa, sp.sqrt(eta_1) * sp.sqrt(eta_2), ":="), prose="With the mean rate")
    D.derive(
        WordIsolate(word=W1 * W1.T, symmetric=(Delta,)),
        "imbalance",
        label="lower-isolated",
        prose="and the imbalance, which says that",
    )
    D.derive(
        WordInsert(draw=isotropic_layers),
        "lower-isolated",
        "isotropic",
        label="lower-isotropic",
        prose="and by {isotropic} that",
    )
    upper = (S_2, S_2_sq, eta_1 * W2 * W2.T, B * B.T, s_2, 1)
    lower = (S_1, S_1_sq, eta_2 * W1.T * W1, B.T * B, s_1, -1)
    for side, (kernel, square, product, outer, value, sign) in (("upper", upper), ("lower", lower)):
        D.define(f"{side}-kernel", Equation(kernel, product, ":="), prose=f"the kernel of the {side} layer,")
        D.define(f"{side}-square", Equation(square, kernel * kernel, ":="), prose="has the square")
        D.derive(
            WordInsert(draw=isotropic_layers),
            f"{side}-square",
            f"{side}-kernel",
            f"{side}-isotropic",
            label=f"{side}-reduced",
            prose=f"By {{{side}-isotropic}} this is",
        )
        D.derive(
            WordRestate(form=sign * level * kernel + kappa**2 * outer, draw=isotropic_layers, symmetric=(kernel,)),
            f"{side}-reduced",
            f"{side}-kernel",
            "predictor",
            "mean-rate",
            label=f"{side}-equation",
            prose="that is, a quadratic equation in which the predictor stands alone,",
        )
        D.derive(
            OnSingularVectors(values=((square, value**2), (kernel, value), (B, sigma))),
            f"{side}-equation",
            label=f"{side}-value",
            prose=r"On a singular vector of $B$ with $\sigma > 0$ it reads",
        )
        D.derive(
            PositiveRoot(unknown=value),
            f"{side}-value",
            label=f"{side}-root",
            prose=r"As the kernel is positive there, it is a function of the predictor, for every sign of $D$,",
        )
        D.derive(
            WordInsert(draw=block_products),
            f"{side}-kernel",
            f"{side}-block",
            label=f"{side}-solution",
            prose="At time $t$ it is",
        )

"""Sections 1 and 2: the flow, the conserved matrix of its symmetry, and the flow of the predictor."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.word_symmetry import WordCharge, WordCurl
from ...symbolic.rules.words import WordGradient, WordInsert, WordRate
from .notation import symbols

eta_1, eta_2, W1, W2, B, G, g_1, g_2, W1_dot, W2_dot = symbols("eta_1 eta_2 W1 W2 B G g_1 g_2 W1_dot W2_dot")
K, xi_1, xi_2, B_c, form_1, form_2, curl_1, curl_2 = symbols("K xi_1 xi_2 B_c form_1 form_2 curl_1 curl_2")
C_K, Delta, Delta_dot, B_dot = symbols("C_K Delta Delta_dot B_dot")

FLOW = ((W1, W1_dot), (W2, W2_dot))


def model(D: Derivation) -> None:
    D.section("Model")
    D.define(
        "predictor",
        Equation(B, W2 * W1, ":="),
        prose=r"A linear network with two layers, $f(x) = W_2 W_1 x$ with $W_1 \in \mathbb{R}^{h \times d}$ and "
        r"$W_2 \in \mathbb{R}^{c \times h}$, is the linear predictor $Bx$ with",
    )
    D.derive(
        WordGradient(outer=G, slopes=((W1, g_1), (W2, g_2))),
        "predictor",
        label="slopes",
        prose=r"Let $\mathcal{L}$ be any differentiable loss of $B$ and $G = \nabla_B \mathcal{L}$. The chain "
        r"rule gives "
        "its slopes in the parameters,",
    )
    D.define(
        "descent",
        Equation(W1_dot, -eta_1 * g_1, ":="),
        Equation(W2_dot, -eta_2 * g_2, ":="),
        prose="Both layers follow the gradient flow, each with its own learning rate,",
    )
    D.derive(WordInsert(), "descent", "slopes", label="flow", prose="With {slopes} this reads")


def conserved(D: Derivation) -> None:
    D.section("Conserved matrix")
    D.define(
        "generator",
        Equation(xi_1, K * W1, ":="),
        Equation(xi_2, -W2 * K, ":="),
        prose=r"A change of basis of the hidden layer, $W_1 \to e^{sK} W_1$ and $W_2 \to W_2 e^{-sK}$ with any matrix "
        r"$K \in \mathbb{R}^{h \times h}$, has the generator",
    )
    D.derive(
        WordRate(rate=B_c, rates=((W1, xi_1), (W2, xi_2))),
        "predictor",
        "generator",
        label="invariance",
        prose="The predictor, and with it every loss, does not change:",
    )
    D.define(
        "one-form",
        Equation(form_1, xi_1 / eta_1, ":="),
        Equation(form_2, xi_2 / eta_2, ":="),
        prose=r"Along $\dot\theta = -\eta\nabla\mathcal{L}$ a function is conserved if its gradient is the form "
        r"$\vartheta = \eta^{-1}\xi$,",
    )
    D.derive(WordInsert(), "one-form", "generator", label="form", prose="By {generator} this form is")
    layers = ((W1, form_1), (W2, form_2))
    D.derive(
        WordCurl(generator=K, layers=layers, names=(curl_1, curl_2)),
        "form",
        label="closed",
        prose=r"Its circulations are governed by the matrices below. Hence it is closed if and only if $K = K^\top$: "
        r"there are $h(h+1)/2$ conserved quantities,",
    )
    D.derive(
        WordCharge(generator=K, layers=layers, result=C_K),
        "form",
        label="charge",
        prose=r"For symmetric $K$ the potential is $\operatorname{tr}(KC)/2$ with",
    )
    D.define(
        "normalised",
        Equation(Delta, -eta_1 * eta_2 * C_K, ":="),
        prose="Every multiple of $C$ is conserved; we use the one that is polynomial in the rates,",
    )
    D.derive(WordInsert(), "normalised", "charge", label="imbalance", prose="By {charge} it is the imbalance matrix")
    D.derive(
        WordRate(rate=Delta_dot, rates=FLOW),
        "imbalance",
        "flow",
        label="conservation",
        prose="Its derivative along {flow} vanishes, whatever the data and the loss:",
    )
    D.derive(
        WordRate(rate=B_dot, rates=FLOW),
        "predictor",
        "flow",
        label="predictor-flow",
        prose=r"The predictor moves with the two kernels $\eta_1 W_2 W_2^\top$ and $\eta_2 W_1^\top W_1$,",
    )

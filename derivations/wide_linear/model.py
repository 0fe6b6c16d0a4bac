"""Sections 1 and 2: the flow, the conserved matrix of its symmetry, the state in function space and its spectrum."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.word_symmetry import WordCharge, WordCurl
from ...symbolic.rules.word_traces import CyclicTraces, LaxTraces, WordPreconditioner
from ...symbolic.rules.words import WordGradient, WordIdentity, WordInsert, WordRate, WordRestate
from .notation import n_d, n_h, symbols

eta_a, eta_w, a, W, beta, G, g_a, g_W, a_dot, W_dot = symbols("eta_a eta_w a W beta G g_a g_W a_dot W_dot")
K, xi_a, xi_W, beta_c, form_a, form_W, curl_a, curl_W = symbols("K xi_a xi_W beta_c form_a form_W curl_a curl_W")
C_K, Delta, Delta_dot, beta_dot, size_a, M = symbols("C_K Delta Delta_dot beta_dot size_a M")
Theta, Theta_dot, g, J, N, N_dot, X, X_dot = symbols("Theta Theta_dot g J N N_dot X X_dot")
p_X, p_dot, p_Delta = symbols("p_X p_dot p_Delta")

FLOW = ((a, a_dot), (W, W_dot))
BLOCKS = ("parameters", "metric", "algebra")


def model(D: Derivation) -> None:
    D.section("Model")
    D.define(
        "predictor",
        Equation(beta, W.T * a, ":="),
        prose=r"A linear network with $h$ hidden neurons and one output, $f(x) = a^\top W x$ with "
        r"$a \in \mathbb{R}^h$ and $W \in \mathbb{R}^{h \times d}$, is the linear predictor $\beta \cdot x$ with",
    )
    D.derive(
        WordGradient(outer=G, slopes=((a, g_a), (W, g_W))),
        "predictor",
        label="slopes",
        prose=r"Let $\mathcal{L}$ be any differentiable loss of $\beta$ and $G = \nabla_\beta \mathcal{L}$. The chain "
        "rule gives its slopes in the parameters,",
    )
    D.define(
        "descent",
        Equation(a_dot, -eta_a * g_a, ":="),
        Equation(W_dot, -eta_w * g_W, ":="),
        prose="Both layers follow the gradient flow, each with its own learning rate,",
    )
    D.derive(WordInsert(), "descent", "slopes", label="flow", prose="With {slopes} this reads")


def conserved(D: Derivation) -> None:
    D.section("Conserved matrix")
    D.define(
        "generator",
        Equation(xi_a, -K.T * a, ":="),
        Equation(xi_W, K * W, ":="),
        prose=r"A change of basis of the hidden layer, $W \to e^{cK} W$ and $a \to e^{-cK^\top} a$ with any matrix "
        r"$K \in \mathbb{R}^{h \times h}$, has the generator",
    )
    D.derive(
        WordRate(rate=beta_c, rates=((a, xi_a), (W, xi_W))),
        "predictor",
        "generator",
        label="invariance",
        prose="The predictor, and with it every loss, does not change:",
    )
    D.define(
        "one-form",
        Equation(form_a, xi_a / eta_a, ":="),
        Equation(form_W, xi_W / eta_w, ":="),
        prose=r"Along $\dot\theta = -\eta\nabla\mathcal{L}$ a function is conserved if its gradient is the form "
        r"$\vartheta = \eta^{-1}\xi$,",
    )
    D.derive(WordInsert(), "one-form", "generator", label="form", prose="By {generator} this form is")
    D.derive(
        WordCurl(generator=K, layers=((a, form_a), (W, form_W)), names=(curl_a, curl_W)),
        "form",
        label="closed",
        prose=r"Its circulations are governed by the matrices below. Hence it is closed if and only if $K = K^\top$: "
        r"there are $h(h+1)/2$ conserved quantities, and none belongs to a rotation,",
    )
    D.derive(
        WordCharge(generator=K, layers=((a, form_a), (W, form_W)), result=C_K),
        "form",
        label="charge",
        prose=r"For symmetric $K$ the potential is $\operatorname{tr}(KC)/2$ with",
    )
    D.define(
        "normalised",
        Equation(Delta, -eta_a * eta_w * C_K, ":="),
        prose="Every multiple of $C$ is conserved; we use the one that is polynomial in the rates,",
    )
    D.derive(WordInsert(), "normalised", "charge", label="imbalance", prose="By {charge} it is the imbalance matrix")
    D.derive(
        WordRate(rate=Delta_dot, rates=FLOW),
        "imbalance",
        "flow",
        label="conservation",
        prose="Its derivative along {flow} vanishes, whatever the data and the loss. The diagonal holds the imbalance "
        "of every neuron; the other entries are conserved in linear networks only:",
    )


def function_space(D: Derivation) -> None:
    D.section("Function space")
    D.derive(
        WordRate(rate=beta_dot, rates=FLOW),
        "predictor",
        "flow",
        label="predictor-flow",
        prose="The predictor moves as",
    )
    D.define("length", Equation(size_a, sp.Trace(a * a.T), ":="), prose="With the squared length of the output weights")
    D.derive(
        WordPreconditioner(result=M, gradient=G),
        "predictor-flow",
        "length",
        label="preconditioner",
        prose=r"this is $\dot\beta = -MG$ with the preconditioner",
    )
    D.define(
        "parameters",
        Equation(Theta, sp.BlockMatrix([[a, W]]), ":="),
        Equation(Theta_dot, sp.BlockMatrix([[a_dot, W_dot]]), ":="),
        prose="We collect the parameters, and their velocities, in one matrix each,",
    )
    one, rest, corner = sp.Identity(1), sp.Identity(n_d), sp.ZeroMatrix(n_d, n_d)
    D.define(
        "metric",
        Equation(
            J, sp.BlockMatrix([[eta_w * one, sp.ZeroMatrix(1, n_d)], [sp.ZeroMatrix(n_d, 1), -eta_a * rest]]), ":="
        ),
        prose="together with the metric of their imbalance,",
    )
    D.define(
        "algebra",
        Equation(g, sp.BlockMatrix([[sp.ZeroMatrix(1, 1), eta_w * G.T], [eta_a * G, corner]]), ":="),
        prose="and the matrix that moves them,",
    )
    D.derive(
        WordIdentity(word=Theta_dot, form=-Theta * g),
        "parameters",
        "algebra",
        "flow",
        label="right-action",
        prose="By {flow} they move by multiplication from the right,",
    )
    D.derive(
        WordIdentity(word=g * J, form=-J * g.T, symmetric=(J,)),
        "metric",
        "algebra",
        label="lie-algebra",
        prose="The matrix $g$ belongs to the Lie algebra of the group $O(1, d)$ of $J$,",
    )
    D.derive(
        WordRestate(form=Theta * J * Theta.T, symmetric=(J,)),
        "imbalance",
        "parameters",
        "metric",
        label="invariant",
        prose=r"and the imbalance is the invariant of this group,",
    )
    _lax(D)


def _lax(D: Derivation) -> None:
    D.define("state", Equation(N, Theta.T * Theta, ":="), prose="The invariant of the hidden basis is the state")
    D.derive(
        WordRate(rate=N_dot, rates=((Theta, Theta_dot),)),
        "state",
        "right-action",
        label="state-rate",
        prose=r"which holds $|a|^2$, $\beta$ and $W^\top W$. It moves as",
    )
    D.derive(
        WordRestate(form=-g.T * N - N * g, symmetric=(N,)),
        "state-rate",
        "state",
        label="state-flow",
        prose="This is closed: the network enters the evolution of the predictor through $N$ alone, for every width,",
    )
    D.define("lax-matrix", Equation(X, N * J, ":="), prose="Let")
    D.derive(WordRate(rate=X_dot, rates=((N, N_dot),)), "lax-matrix", "state-flow", label="lax-rate", prose="Then")
    D.derive(
        WordInsert(),
        "lax-rate",
        "lie-algebra",
        "metric",
        "algebra",
        label="lax-moved",
        prose="With {lie-algebra} this is",
    )
    D.derive(WordRestate(form=X * g.T - g.T * X), "lax-moved", "lax-matrix", label="lax", prose="a Lax equation,")
    D.derive(
        LaxTraces(rate=p_dot, letter=X),
        "lax",
        label="spectrum-conserved",
        prose="Hence the traces of all powers, and with them the eigenvalues, are constant,",
    )
    D.derive(
        CyclicTraces(names=(p_X, p_Delta)),
        "lax-matrix",
        "invariant",
        "state",
        label="spectrum",
        prose=r"They are the eigenvalues of $\Delta$, other than 0:",
    )


__all__ = ["BLOCKS", "FLOW", "conserved", "function_space", "model", "n_h"]

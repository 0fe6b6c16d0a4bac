"""Sections 1 and 2: two neighbouring layers of a network of any depth, and balanced networks with one output."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.flow import Select
from ...symbolic.rules.powers import PowerRoot, RestateByLogarithms
from ...symbolic.rules.word_symmetry import WordCharge, WordCurl
from ...symbolic.rules.words import WordGradient, WordIdentity, WordInsert, WordRate, WordRestate
from .draws import unit_vectors
from .notation import symbols

B, U, W_up, W, V, G, g_up, g_W = symbols("B U W_up W V G g_up g_W")
up_dot, W_dot, B_dot, eta_up, eta_l = symbols("up_dot W_dot B_dot eta_up eta_l")
K, xi_up, xi_W, B_c, form_up, form_W = symbols("K xi_up xi_W B_c form_up form_W")
curl_up, curl_W, C_K, Delta, Delta_dot = symbols("curl_up curl_W C_K Delta Delta_dot")
above, e_up, e, varsigma, u_up, u, u_low = symbols("above e_up e varsigma u_up u u_low")
beta_hat, nu, upsilon, VV, UU, UA, following = symbols("beta_hat nu upsilon VV UU UA next")
l, L, E_up, E_low, c_eta = symbols("l L E_up E_low c_eta")
share, across, along, length = symbols("share across along length")


def conserved(D: Derivation) -> None:
    D.section("Neighbouring layers")
    D.define(
        "predictor",
        Equation(B, U * W_up * W * V, ":="),
        prose=r"In a linear network of any depth, $f(x) = W_L \cdots W_1 x$, we look at two neighbouring "
        r"layers. With the "
        r"products $U$ of the layers above them and $V$ of those below, the predictor is",
    )
    D.derive(
        WordGradient(outer=G, slopes=((W_up, g_up), (W, g_W))),
        "predictor",
        label="slopes",
        prose=r"For any differentiable loss with $G = \nabla_B \mathcal{L}$ the chain rule gives the slopes",
    )
    D.define(
        "descent",
        Equation(up_dot, -eta_up * g_up, ":="),
        Equation(W_dot, -eta_l * g_W, ":="),
        prose="Every layer follows the gradient flow with its own learning rate,",
    )
    D.derive(WordInsert(), "descent", "slopes", label="flow", prose="With {slopes} this reads")
    D.define(
        "generator",
        Equation(xi_up, -W_up * K, ":="),
        Equation(xi_W, K * W, ":="),
        prose=r"A change of basis between the two layers, $W_{\ell+1} \to W_{\ell+1} e^{-sK}$ and $W_\ell \to "
        r"e^{sK} W_\ell$, "
        "has the generator",
    )
    D.derive(
        WordRate(rate=B_c, rates=((W_up, xi_up), (W, xi_W))),
        "predictor",
        "generator",
        label="invariance",
        prose="The predictor, and with it every loss, does not change:",
    )
    D.define(
        "one-form",
        Equation(form_up, xi_up / eta_up, ":="),
        Equation(form_W, xi_W / eta_l, ":="),
        prose=r"A function whose gradient is the form $\vartheta = \eta^{-1}\xi$ is conserved,",
    )
    D.derive(WordInsert(), "one-form", "generator", label="form", prose="By {generator} this form is")
    layers = ((W_up, form_up), (W, form_W))
    D.derive(
        WordCurl(generator=K, layers=layers, names=(curl_up, curl_W)),
        "form",
        label="closed",
        prose=r"Its circulations are governed by the matrices below: it is closed if and only if $K = K^\top$,",
    )
    D.derive(
        WordCharge(generator=K, layers=layers, result=C_K),
        "form",
        label="charge",
        prose=r"For symmetric $K$ its potential is $\operatorname{tr}(KC)/2$ with",
    )
    D.define("normalised", Equation(Delta, -C_K, ":="), prose="With the opposite sign,")
    D.derive(WordInsert(), "normalised", "charge", label="imbalance", prose="this is the imbalance of the two layers")
    D.derive(
        WordRate(rate=Delta_dot, rates=((W_up, up_dot), (W, W_dot))),
        "imbalance",
        "flow",
        label="conservation",
        prose=r"Its derivative along {flow} vanishes. The layers above and below move too, but the imbalance does not "
        r"contain them: it is conserved for each of the $L - 1$ pairs of neighbours, whatever the data and the loss,",
    )
    D.derive(
        WordRate(rate=B_dot, rates=((W, W_dot),)),
        "predictor",
        "flow",
        label="one-layer",
        prose=r"The predictor moves by the motion of every layer. One of them, with the rest at rest, contributes",
    )
    D.define("products", Equation(above, U * W_up, ":="), prose="With the product of all layers above it")
    D.derive(
        WordRestate(form=-eta_l * above * above.T * G * V.T * V),
        "one-layer",
        "products",
        label="layer-flow",
        prose=r"this is $-\eta_\ell (U_\ell U_\ell^\top) G (V_\ell^\top V_\ell)$, and $\dot B$ is the sum over "
        r"the layers,",
    )


def balanced(D: Derivation) -> None:
    D.section("Balanced layers, one output")
    D.define(
        "rank-one",
        Equation(W_up, e_up * varsigma * u_up * u.T, ":="),
        Equation(W, e * varsigma * u * u_low.T, ":="),
        prose=r"Let all imbalances vanish and $c = 1$. The top layer has rank one, so by {imbalance} the layer "
        r"below it "
        r"has, and so on: with unit vectors and the roots $e_\ell$ of the rates $\eta_\ell$,",
    )
    D.define(
        "rates-roots", Equation(eta_up, e_up**2, ":="), Equation(eta_l, e**2, ":="), prose="for the learning rates"
    )
    one = sp.Identity(1)
    D.define(
        "units",
        Equation(u_up.T * u_up, one, ":="),
        Equation(u.T * u, one, ":="),
        Equation(u_low.T * u_low, one, ":="),
        prose="where",
    )
    zero = sp.ZeroMatrix(*Delta.shape)
    D.derive(
        WordIdentity(word=Delta, form=zero, draw=unit_vectors),
        "imbalance",
        "rates-roots",
        "rank-one",
        "units",
        label="balanced",
        prose="Indeed such layers are balanced,",
    )
    D.define("below", Equation(V, nu * u_low * beta_hat.T, ":="), prose=r"The product of the layers below is then")
    D.define("next-product", Equation(following, W * V, ":="), prose="With one more layer,")
    D.derive(
        WordInsert(draw=unit_vectors),
        "next-product",
        "below",
        "rank-one",
        "units",
        label="next-value",
        prose=r"it has the same form, multiplied by $e_\ell\varsigma$,",
    )
    D.define("gram-below", Equation(VV, following.T * following, ":="), prose="Its square")
    D.derive(
        WordInsert(draw=unit_vectors),
        "gram-below",
        "next-value",
        "units",
        label="gram-value",
        prose=r"is, for every layer but the first, a multiple of the projector on the predictor (for the first "
        r"it is $I$),",
    )
    D.define(
        "above-form",
        Equation(UA, upsilon * u.T, ":="),
        prose="In the same way the product of the layers above is a row",
    )
    D.define("gram-above", Equation(UU, UA * UA.T, ":="), prose="with the square")
    D.derive(WordInsert(draw=unit_vectors), "gram-above", "above-form", "units", label="above-value", prose="which is")
    _eigenvalues(D)


def _eigenvalues(D: Derivation) -> None:
    D.define(
        "sizes",
        Equation(upsilon, sp.sqrt(E_up) * varsigma ** (L - l), ":="),
        Equation(nu, sp.sqrt(E_low) * varsigma ** (l - 1), ":="),
        prose=r"Every layer multiplies these sizes by $e\varsigma$. With the products $E_+$ and $E_-$ of the "
        "rates above and below layer number $\\ell$,",
    )
    D.define(
        "root-rates", Equation(c_eta, sp.sqrt(E_up * eta_l * E_low), ":="), prose="and with the product of all rates"
    )
    D.define("layer-share", Equation(share, eta_l * upsilon**2 * nu**2, ":="), prose="the share of one layer,")
    D.derive(Substitute(), "layer-share", "sizes", label="share-sizes", prose="that is,")
    D.derive(
        RestateByLogarithms(form=c_eta**2 * varsigma ** (2 * L - 2)),
        "share-sizes",
        "root-rates",
        label="share-value",
        prose="is the same for all layers,",
    )
    D.define(
        "eigenvalues",
        Equation(across, share, ":="),
        Equation(along, share + (L - 1) * share, ":="),
        prose="The first layer acts in all directions, the others along the predictor only. So the "
        "preconditioner has the "
        "eigenvalues",
    )
    D.define("size", Equation(length, c_eta * varsigma**L, ":="), prose="The predictor itself has the length")
    D.derive(PowerRoot(unknown=varsigma), "size", label="singular-value", prose="Solved for the singular value,")
    D.derive(Substitute(), "share-value", "singular-value", label="share-length", prose="By {share-value} the share is")
    power = c_eta ** (2 / L) * length ** (2 - 2 / L)
    D.derive(RestateByLogarithms(form=power), "share-length", label="share-predictor", prose="a power of the length,")
    D.derive(Substitute(), "eigenvalues", "share-predictor", label="eigenvalues-sum", prose="Together,")
    D.derive(Select(lhs=(across,)), "eigenvalues-sum", label="across", prose="Across the predictor,")
    D.derive(Select(lhs=(along,)), "eigenvalues-sum", label="along-sum", prose="and along it")
    D.derive(
        Restate(form=L * power),
        "along-sum",
        label="along",
        prose=r"so that the preconditioner is "
        r"$\bar c^{2/L} |\beta|^{2-2/L} (I + (L-1)\hat\beta\hat\beta^\top)$,",
    )

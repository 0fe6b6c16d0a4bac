"""What is published, what follows from the gradient flow, and the difference of the two."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation, Limit
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.cited import Cited
from ..unbalanced.text import built as flow
from .notation import NOTATION, symbols
from .timeless import coordinates, implicit_bias

eta_a, eta_w, delta, Lambda, s = symbols("eta_a eta_w delta Lambda s")
a0, t, A, b, A0, b0, overlap, inner, norm0, norm, d = symbols("a0 t A b A0 b0 overlap inner norm0 norm d")
kernel_distance, p0, q0, y_a, rho, C, S, F, nu, R = symbols("kernel_distance p0 q0 y_a rho C S F nu R")
norm_pub, distance_pub, defect, growth = symbols("norm_pub distance_pub defect growth")
nu0, phi0_sq, sigma0, phase, bracket, square_pub, argument = symbols(
    "nu0 phi0_sq sigma0 phase bracket square_pub argument"
)
length, length_pub, n0, cosine, cosine_pub, w_len = symbols("length length_pub n0 cosine cosine_pub w_len")
sigma = symbols("sigma")[0]


def kernel(D: Derivation) -> None:
    D.section("Kernel distance")
    D.derive(
        Cited(flow, "kernel-products"),
        label="kernel-products",
        prose=r"With the shares $A = \eta_w a^2$ and $b = \eta_a |w|^2$ of the two layers, $A_0$ and $b_0$ at the "
        r"start, and the overlap $c_w = \eta_a w_0 \cdot w$, the Frobenius products of the kernels are",
    )
    D.define(
        "distance",
        Equation(kernel_distance, 1 - inner / (sp.sqrt(norm0) * sp.sqrt(norm)), ":="),
        prose="The kernel distance is",
    )
    D.define(
        "published-norm",
        Equation(norm_pub, d * A**2 + 2 * A0 * b + b**2, ":="),
        prose="The published code has, in the norm of the later kernel, the output weight at the start in one place "
        "(and $d = 2$, unit rates),",
    )
    D.define(
        "published-distance",
        Equation(distance_pub, 1 - inner / (sp.sqrt(norm0) * sp.sqrt(norm_pub)), ":="),
        prose="so that it returns",
    )
    D.define("defect", Equation(defect, norm - norm_pub, ":="), prose="The error of the squared norm")
    D.derive(
        Substitute(), "defect", "published-norm", "kernel-products", label="defect-shares", prose="is, by definition,"
    )
    D.derive(Restate(form=2 * b * (A - A0)), "defect-shares", label="defect-growth", prose="that is,")
    D.define(
        "scaled-state",
        Equation(A, growth**2 * A0, ":="),
        Equation(b, growth**2 * b0, ":="),
        Equation(overlap, growth * b0, ":="),
        prose="A case that needs no computation: all weights grow by the factor $z$, which multiplies the kernel by "
        "$z^2$ and does not turn it,",
    )
    for name, target in (("true", "distance"), ("published", "published-distance")):
        D.derive(
            Substitute(),
            target,
            "published-norm",
            "kernel-products",
            "scaled-state",
            label=f"scaled-{name}",
            prose="Then the distance is" if name == "true" else "while the published expression is",
        )
    D.derive(Restate(form=sp.Integer(0)), "scaled-true", label="scaled-zero", prose="The former vanishes, as it must:")
    numbers = ((A0, 1), (b0, 1), (d, 2), (growth, 2))
    D.define(
        "example",
        *(Equation(name, sp.Integer(value), ":=") for name, value in numbers),
        prose="The latter does not. For instance, with",
    )
    D.derive(Substitute(), "scaled-published", "example", label="scaled-example", prose="it is negative,")


def sign(D: Derivation) -> None:
    D.section("Sign of the output weight")
    D.define("unit-rates", Equation(eta_a, sp.Integer(1), ":="), Equation(eta_w, sp.Integer(1), ":="),
             prose="The published solution is at unit rates,")  # fmt: skip
    D.derive(Cited(flow, "direction"), label="direction", prose=r"The direction of the state $z = y/\rho$ is")
    D.derive(Cited(flow, "length"), label="length", prose="and its length")
    D.define("size", Equation(R, rho**2, ":="), prose="We write for the squared length")
    D.derive(Substitute(), "size", "length", label="size-length", prose="that is,")
    D.define(
        "functions",
        Equation(C, sp.cosh(Lambda * t), ":="),
        Equation(S, sp.sinh(Lambda * t) / Lambda, ":="),
        prose="with",
    )
    D.define("transverse", Equation(F, (1 - sp.exp(-delta * t)) / delta, ":="), prose="and")
    D.define(
        "phase-start",
        Equation(nu0, Lambda * sp.tanh(sigma0) - delta / 2, ":="),
        prose=r"We write $\nu_0 = w_0 \cdot \beta_*/a_0$ as",
    )
    D.define("phase", Equation(phase, sigma0 + Lambda * t, ":="), prose="The published solution has the phase")
    x = delta + nu0
    inside = (
        4 * s**2 * (s**2 - nu0 * x) * phi0_sq
        - 4 * Lambda**2 * (s**2 + (s**2 - nu0**2) * phi0_sq) * sp.exp(-delta * t)
        + delta * (nu0 * x - s**2) * phi0_sq * (delta * sp.cosh(2 * phase) - 2 * Lambda * sp.sinh(2 * phase))
    )
    D.define(
        "published-bracket",
        Equation(bracket, inside / ((s**2 - nu0 * x) * phi0_sq * sp.cosh(phase) ** 2), ":="),
        prose=r"and, for $\delta < 0$ and with $\varphi_0^2 = a_0^2/|\delta|$, the expression",
    )
    D.define(
        "published-square",
        Equation(square_pub, 4 * delta * s**2 / bracket, ":="),
        prose=r"of which it takes $a = 2 \mathrm{i} s \sqrt{|\delta|}/\sqrt{\mathcal{B}}$, that is",
    )
    D.define(
        "start",
        Equation(p0, nu0 * a0 / s, ":="),
        Equation(q0, sp.sqrt(a0**2 - (nu0 * a0 / s) ** 2 - delta), ":="),
        Equation(phi0_sq, -(a0**2) / delta, ":="),
        prose="The start is",
    )
    D.define("target", Equation(s, sp.sqrt(Lambda**2 - delta**2 / 4), ":="), prose="and the length of the target")
    D.derive(Substitute(), "published-square", "published-bracket", label="published-entries", prose="The square is")
    D.derive(
        Restate(form=y_a**2 / R),
        "published-entries",
        "phase",
        "direction",
        "size-length",
        "functions",
        "transverse",
        "start",
        "phase-start",
        "target",
        "unit-rates",
        label="square-right",
        prose="It is right. But it is only a square: the sign of $a$ is that of $y_a$, which the published solution "
        r"leaves to the sign of a rounding error whenever $|\delta + 2\nu_0| > 2\Lambda$, where $\psi$ is complex:",
    )
    D.derive(
        Cited(flow, "attractor"),
        label="attractor",
        prose=r"The same inverse hyperbolic tangent is infinite at an equilibrium, where",
    )
    D.define("argument", Equation(argument, (delta + 2 * eta_a * nu) / (2 * Lambda), ":="), prose="and the argument is")
    D.derive(Substitute(tidy=True), "argument", "attractor", label="argument-attractor", prose="equal to")


def balanced(D: Derivation) -> None:
    D.section("Balanced start")
    D.define(
        "balance",
        Equation(F, t, ":="),
        Equation(p0, a0 * sp.tanh(sigma0), ":="),
        Equation(q0, sp.Abs(a0) / sp.cosh(sigma0), ":="),
        prose=r"For $\delta = 0$ and unit rates let $p_0/a_0 = \tanh \psi_0$, so that $|w_0| = |a_0|$ and",
    )
    D.define("no-imbalance", Equation(delta, sp.Integer(0), ":="), prose="In {direction} and {size-length}")
    D.define("balanced-functions", Equation(C, sp.cosh(s * t), ":="), Equation(S, sp.sinh(s * t) / s, ":="),
             prose="and")  # fmt: skip
    D.define("balanced-length", Equation(length, y_a**2 / R, ":="), prose=r"The length $|\beta| = a^2$ is")
    D.define(
        "published-length",
        Equation(length_pub, _published_length(n0), ":="),
        prose=r"The published solution is, with $\psi = \psi_0 + st$ and $n_0 = a_0 |w_0|$,",
    )
    D.derive(
        Restate(form=_published_length(a0**2)),
        "balanced-length",
        "direction",
        "size-length",
        "balance",
        "no-imbalance",
        "balanced-functions",
        "unit-rates",
        label="length-right",
        prose=r"It is right if $n_0$ is $|\beta_0| = a_0^2$, which is $-a_0 |w_0|$ for $a_0 < 0$:",
    )
    D.define(
        "alignment", Equation(cosine, a0 * p0 / (sp.Abs(a0) * w_len), ":="), prose=r"The alignment of $\beta_0$ is"
    )
    D.define(
        "published-alignment", Equation(cosine_pub, p0 / w_len, ":="), prose="but the published one that of $w_0$,"
    )
    D.derive(
        Restate(form=a0 / sp.Abs(a0) * cosine_pub),
        "alignment",
        "published-alignment",
        label="alignment-sign",
        prose="so that its sign is wrong too for $a_0 < 0$,",
    )


def _published_length(start: sp.Expr) -> sp.Expr:
    now = sigma0 + s * t
    offset = (s * (sp.cosh(2 * sigma0) + 1) - start * (2 * sigma0 + sp.sinh(2 * sigma0))) / (start * s)
    return s * (sp.cosh(2 * now) + 1) / (2 * now + sp.sinh(2 * now) + offset * s)


def build() -> Derivation:
    """Every equation after the definitions is computed by a rule or cited from a derivation that computes it."""
    D = Derivation(
        id="unbalanced_errata",
        title="Published formulas for the unbalanced neuron, corrected",
        abstract="Five formulas of the code published with the exact solution of the unbalanced linear neuron, each "
        "beside the one that follows from the gradient flow, with the difference of the two in closed form and in "
        "numbers: the kernel distance, the sign of the output weight, the balanced start, the weights from predictor "
        "and imbalance, and the implicit bias.",
        sources=(
            "D. Kunin, A. Raventos, C. Domine, F. Chen, D. Klindt, A. Saxe and S. Ganguli, Get rich quick: exact "
            "solutions reveal how unbalanced initializations promote rapid feature learning, 2024, arXiv:2406.06158, "
            "with the notebook Single_Neuron.ipynb at github.com/allanraventos/getrichquick",
        ),
        notation=NOTATION,
        falsifier="A direct integration of the gradient flow that agrees with a published formula where it differs "
        "from the corrected one.",
    )
    kernel(D)
    sign(D)
    balanced(D)
    coordinates(D)
    implicit_bias(D)
    D.limits += [
        Limit("no input weights: no error", "defect-growth", {b: 0}, sp.Integer(0)),
        Limit("positive limit: no error", "error-null", {sigma: 1}, sp.Integer(0)),
    ]
    return D


@cache
def built() -> Derivation:
    """The derivation, computed once per process."""
    return build()

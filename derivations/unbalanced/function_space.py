"""Section 7: the flow of the predictor, its preconditioner as a function of the imbalance, and the kernel distance."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, SolveLinear, Substitute
from ...symbolic.rules.flow import AlongFlow, Select
from ...symbolic.rules.preconditioner import KernelProducts, Preconditioner, RankOneMatrix, RankOneSpectrum
from ...symbolic.rules.sums import FrameComponents
from .conservation import FLOW
from .notation import d, dot, j, symbols

eta_a, eta_w, a, w, w0, G, beta_dot, delta = symbols("eta_a eta_w a w w0 G beta_dot delta")
M, w_column, beta_hat, along, across, r, r_w, kappa = symbols("M w_column beta_hat along across r r_w kappa")
A, b, A0, b0, product, overlap, turn, inner, norm0, norm = symbols("A b A0 b0 product overlap turn inner norm0 norm")
a0, p, q, p0, q0, kernel_distance, gram, area = symbols("a0 p q p0 q0 kernel_distance gram area")


def function_space(D: Derivation) -> None:
    D.section("Function space")
    _preconditioner(D)
    _kernel(D)


def _preconditioner(D: Derivation) -> None:
    D.derive(
        AlongFlow(rate=beta_dot, rates=FLOW),
        "predictor",
        "flow",
        label="predictor-flow",
        prose="By {predictor} and {flow} the predictor moves, for every loss, as",
    )
    D.derive(
        Preconditioner(result=M, gradient=G, direction=w, column=w_column),
        "predictor-flow",
        label="preconditioner",
        prose=r"This is $\dot\beta = -M G$ with the preconditioner",
    )
    D.derive(
        RankOneSpectrum(names=(along, across), direction=w, sum_index=j, size=d.symbol),
        "preconditioner",
        label="spectrum",
        prose=r"Its eigenvalues along and across $w$, which is parallel to $\beta$, are",
    )
    D.define(
        "shares",
        Equation(A, eta_w * a**2, ":="),
        Equation(b, eta_a * dot(w, w), ":="),
        prose="They are functions of the predictor and the imbalance. With the shares of the two layers",
    )
    D.derive(
        Restate(form=A - b),
        "imbalance",
        "shares",
        label="level-shares",
        prose="The imbalance {imbalance} is their difference,",
    )
    D.derive(SolveLinear(unknown=b), "level-shares", label="share-w", prose="Hence")
    D.define(
        "length-predictor", Equation(r, sp.Abs(a) * r_w, ":="), prose=r"The length $r = |\beta|$ of the predictor is"
    )
    D.define("product", Equation(product, A * b, ":="), prose="It enters through the product of the shares,")
    D.derive(
        Restate(form=kappa**2 * r**2),
        "product",
        "shares",
        "length-predictor",
        "norm",
        "mean-rate",
        label="product-length",
        prose="In its terms this is",
    )
    D.derive(
        Substitute(both=True),
        "product-length",
        "product",
        "share-w",
        label="share-quadratic",
        prose="Together this is a quadratic equation for the share of $a$,",
    )
    D.derive(PositiveRoot(unknown=A), "share-quadratic", label="share-a", prose="Its only positive root is")
    D.derive(Substitute(), "share-w", "share-a", label="share-w-length", prose="The share of $w$ follows,")
    D.derive(Select(lhs=(along,)), "spectrum", label="along-entries", prose="The eigenvalue along the predictor is")
    D.derive(Restate(form=A + b), "along-entries", "shares", label="along-shares", prose="It is the sum of the shares,")
    D.derive(
        Substitute(),
        "along-shares",
        "share-a",
        "share-w-length",
        label="along",
        prose="As a function of the predictor it is",
    )
    D.derive(Select(lhs=(across,)), "spectrum", label="across-entries", prose="The eigenvalue across it is")
    D.derive(Restate(form=A), "across-entries", "shares", label="across-shares", prose="It is the share of $a$,")
    D.derive(Substitute(), "across-shares", "share-a", label="across", prose="As a function of the predictor it is")
    D.derive(
        RankOneMatrix(result=M, column=beta_hat),
        "along",
        "across",
        label="preconditioner-imbalance",
        prose=r"Hence, with $\hat\beta = \beta/r$, the preconditioner is a function of $\beta$ and $\delta$ alone. It "
        r"approaches $\delta I$ for $\delta \to \infty$ (lazy) and $|\delta| \hat\beta\hat\beta^\top$ for "
        r"$\delta \to -\infty$:",
    )


def _kernel(D: Derivation) -> None:
    D.define(
        "shares-start",
        Equation(A0, eta_w * a0**2, ":="),
        Equation(b0, eta_a * dot(w0, w0), ":="),
        Equation(overlap, eta_a * dot(w0, w), ":="),
        prose=r"For whitened inputs $M$ is the neural tangent kernel. Its change is measured with the shares at the "
        "start and the overlap of $w$ with its start,",
    )
    D.derive(
        KernelProducts(names=(inner, norm0, norm), start=(A0, b0), later=(A, b), cosine=overlap, size=d.symbol),
        "along-shares",
        "across-shares",
        label="kernel-products",
        prose="The Frobenius products of the two kernels are",
    )
    D.define(
        "distance",
        Equation(kernel_distance, 1 - inner / (sp.sqrt(norm0) * sp.sqrt(norm)), ":="),
        prose="The kernel distance is",
    )
    D.define(
        "gram",
        Equation(gram, norm0 * norm - inner**2, ":="),
        prose="This form cancels when the kernel hardly moves. Let",
    )
    root = sp.sqrt(norm0) * sp.sqrt(norm)
    D.derive(
        Restate(form=gram / (root * (root + inner))),
        "distance",
        "gram",
        label="kernel-distance",
        prose="With {gram} it is",
    )
    D.define("growth-share", Equation(area, A0 * b - A * b0, ":="), prose="The change of the shares is measured by")
    D.define("turn", Equation(turn, b0 * b - overlap**2, ":="), prose="The turn of $w$ is measured by")
    D.derive(
        Substitute(),
        "gram",
        "kernel-products",
        label="gram-shares",
        prose="With {kernel-products} the Gram determinant is",
    )
    bracket = 2 * d.symbol * A0 * A + 2 * A0 * b + 2 * A * b0 + 2 * b0 * b - turn
    D.derive(
        Restate(form=(d.symbol - 1) * area**2 + turn * bracket),
        "gram-shares",
        "turn",
        "growth-share",
        label="gram-turn",
        prose="In these terms it is",
    )
    D.derive(SolveLinear(unknown=A), "level-shares", label="level-later", prose="By {level-shares}")
    D.define("at-start", Equation(A, A0, ":="), Equation(b, b0, ":="), prose="At the start")
    D.derive(Substitute(), "level-shares", "at-start", label="level-shares-start", prose="There {level-shares} reads")
    D.derive(SolveLinear(unknown=A0), "level-shares-start", label="level-first", prose="Hence")
    D.derive(
        Substitute(),
        "growth-share",
        "level-later",
        "level-first",
        label="area-level",
        prose="The change {growth-share} of the shares is",
    )
    D.derive(Restate(form=delta * (b - b0)), "area-level", label="area", prose="Simplified, this is")
    D.derive(Substitute(), "turn", "shares", "shares-start", label="turn-entries", prose="The turn {turn} is")
    D.derive(FrameComponents(), "turn-entries", "frame", label="turn-plane", prose="In the plane it reads")
    D.derive(
        Restate(form=eta_a**2 * (p0 * q - q0 * p) ** 2),
        "turn-plane",
        label="turn-stable",
        prose="It is a square, and no term of the Gram determinant is negative:",
    )

"""Section 3: predictor and spectrum do not fix the preconditioner, unless the negative eigenvalues coincide."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, SolveLinear, Substitute
from ...symbolic.rules.flow import Select
from ...symbolic.rules.small_matrices import TwoEigenvalues
from .notation import symbols

eta_a, eta_w, kappa, b, lam, mu, mu_bar = symbols("eta_a eta_w kappa b lam mu mu_bar")
s_1, s_2, X_b, A, size_a, m_across, m_swapped = symbols("s_1 s_2 X_b A size_a m_across m_swapped")
gap, gap_example = symbols("gap gap_example")


def closure(D: Derivation) -> None:
    D.section("Closure")
    D.define(
        "plane",
        Equation(X_b, sp.ImmutableMatrix([[eta_w * size_a, -eta_a * b], [eta_w * b, -eta_a * s_1]]), ":="),
        prose=r"Do the predictor and the eigenvalues fix the preconditioner {preconditioner}? Let $d = 2$, "
        r"$\beta = (b, 0)$ "
        r"and $W^\top W = \operatorname{diag}(s_1, s_2)$. By {lax-matrix}, $\mathcal{X}$ has the eigenvalue "
        r"$-\eta_a s_2$, which we call $-\bar\mu$, and a block in the plane of $\beta$,",
    )
    D.define("transverse", Equation(s_2, mu_bar / eta_a, ":="), prose="with")
    D.derive(
        TwoEigenvalues(values=(lam, -mu)),
        "plane",
        label="plane-spectrum",
        prose=r"Let the eigenvalues of the block be $\lambda$ and $-\mu$,",
    )
    D.define("share", Equation(size_a, A / eta_w, ":="), prose=r"In terms of the share $A = \eta_w|a|^2$,")
    D.derive(Substitute(both=True), "plane-spectrum", "share", label="share-spectrum", prose="they are")
    trace = D.claim("share-spectrum").equations[0].lhs
    D.derive(Select(lhs=(trace,)), "share-spectrum", label="share-trace", prose="The first equation,")
    D.derive(SolveLinear(unknown=s_1), "share-trace", label="share-inner", prose="gives")
    determinant = D.claim("share-spectrum").equations[1].lhs
    D.derive(Select(lhs=(determinant,)), "share-spectrum", label="share-determinant", prose="Inserted in the second,")
    D.derive(Substitute(both=True), "share-determinant", "share-inner", label="share-equation", prose="it gives")
    D.derive(
        PositiveRoot(unknown=A),
        "share-equation",
        label="share-root",
        prose="a quadratic equation whose positive root is",
    )
    D.define("mean-rate", Equation(kappa, sp.sqrt(eta_a) * sp.sqrt(eta_w), ":="), prose="With the mean rate")
    root = sp.sqrt((lam + mu) ** 2 + 4 * kappa**2 * b**2)
    D.derive(Restate(form=(lam - mu + root) / 2), "share-root", "mean-rate", label="share-value", prose="this is")
    D.define(
        "across",
        Equation(m_across, A + eta_a * s_2, ":="),
        prose=r"The eigenvalue of $M$ across $\beta$ is",
    )
    D.derive(Substitute(), "across", "share-value", "transverse", label="across-value", prose="that is")
    D.define(
        "exchange",
        Equation(m_swapped, D.claim("across-value").rhs.xreplace({mu: mu_bar, mu_bar: mu}), ":="),
        prose=r"Another state has the same predictor and the same three eigenvalues, with $\mu$ and $\bar\mu$ "
        r"exchanged,",
    )
    D.define("difference", Equation(gap, m_across - m_swapped, ":="), prose="The two differ by")
    D.derive(Substitute(), "difference", "across-value", "exchange", label="gap-roots", prose="which is")
    other = sp.sqrt((lam + mu_bar) ** 2 + 4 * kappa**2 * b**2)
    slope = (3 - (2 * lam + mu + mu_bar) / (root + other)) / 2
    D.derive(
        Restate(form=(mu_bar - mu) * slope),
        "gap-roots",
        label="gap",
        prose=r"The last fraction is less than 1/2, so the gap vanishes if and only if $\mu = \bar\mu$: only "
        r"then is $M$ a "
        "function of the predictor and the eigenvalues,",
    )
    values = {eta_a: 1, eta_w: 1, b: 1, lam: 1, mu: sp.Rational(1, 2), mu_bar: 2}
    D.define("example", Equation(gap_example, gap, ":="), prose=r"For the spectrum $\{1, -1/2, -2\}$ at unit rates,")
    D.define("numbers", *(Equation(x, sp.S(v), ":=") for x, v in values.items()), prose="that is for")
    D.derive(
        Substitute(),
        "example",
        "gap-roots",
        "mean-rate",
        "numbers",
        label="gap-example",
        prose=r"the two states $|a|^2 = 3/2$, $W^\top W = \operatorname{diag}(1, 2)$ and "
        r"$|a|^2 = (\sqrt{13} - 1)/2$, $W^\top W = \operatorname{diag}((\sqrt{13} + 1)/2, 1/2)$ differ by",
    )

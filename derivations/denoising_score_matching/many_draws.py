"""Infinitely many noise draws: both errors from one function of two parameters, its quintic and its physical root."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from ...symbolic.claim import Claim, Equation
from ...symbolic.derivation import Derivation, Witness
from ...symbolic.precision import compiled, context
from ...symbolic.quantity import Samples
from ...symbolic.rules.algebra import PositiveRoot, Substitute
from ...symbolic.rules.conditioning import AverageByTrace, RowCovariance
from ...symbolic.rules.denoising import ScoreErrors
from ...symbolic.rules.elimination import EliminateTraces, SlopeOnBranch
from ...symbolic.verdict import Verdict, consistent, refuted
from .notation import (
    DD,
    EQUIVALENCE,
    FEATURES,
    GIVEN,
    GRAM,
    LETTERS,
    N2,
    NN,
    PP,
    E_test,
    E_train,
    F,
    G,
    H,
    I,
    K,
    K_l,
    K_q,
    Q,
    Theta,
    W,
    X,
    a,
    c,
    g,
    h,
    l,
    lam,
    moment,
    mu2,
    psi_n,
    psi_p,
    q,
    rootS,
    s,
    shift,
    u,
    v,
    v0,
    x,
)


def errors(D: Derivation) -> None:
    D.section("Model and errors")
    D.define(
        "constants",
        Equation(u, (1 - h) * mu2, ":="),
        Equation(v, c - (1 - h) * mu2, ":="),
        Equation(q, h * mu2, ":="),
        Equation(l, N2 - c - h * mu2 + lam, ":="),
        Equation(v0, N2 - mu2, ":="),
        prose=r"Data $x \in \mathbb{R}^d$ with independent standard Gaussian entries are noised to $\sqrt{1-h}\,x + "
        r"\sqrt{h}\,z$, "
        r"and the score is $s(y) = A\,\rho(W y)/\sqrt p$ with a centred activation $\rho$ (our normalisation). The "
        r"readout $A$ "
        r"minimises $\frac{1}{dn}\sum_i E_z \lvert\sqrt h\, s + z\rvert^2 + \frac{h\lambda}{dp}\lvert A\rvert^2$. With "
        r"$\mu_1 = E\,g\rho(g)$, $N_2 = E\rho^2$ and $c = E\rho(g)\rho(g')$ at correlation $1 - h$ of $g$ and $g'$, "
        r"the features "
        "split into parts of the variances",
    )
    D.assume(
        "features",
        Equation(F, W * X + Theta),
        assumption=EQUIVALENCE,
        prose=r"The average of the features over the noise is, up to the factor $\sqrt n$, equivalent to",
    )
    D.define(
        "resolvent",
        Equation(Q, (F * F.T + q * W * W.T + l * I).inverse(), ":="),
        prose=r"and their fluctuations under the noise add $q\,W W^{\top}$ and a multiple of the identity. The "
        r"readout is "
        r"$A = -\sqrt{p}\,\mu_1 W^{\top} Q$ with",
    )
    D.define(
        "overlap",
        Equation(K, sp.Trace(W.T * Q * W) / DD, ":="),
        prose="All that matters is the overlap of it with the weights,",
    )
    D.define(
        "fresh",
        Equation(moment, mu2 * x + v0, ":="),
        prose=r"Where $W W^{\top}$ has the eigenvalue $x$, the features of fresh data have the second moment",
    )
    D.derive(
        ScoreErrors(
            training=E_train,
            test=E_test,
            lam=lam,
            share=h,
            signal=mu2,
            value=K,
            slopes=(K_q, K_l),
            eigenvalue=x,
        ),
        "fresh",
        label="errors",
        prose=r"and the training error $\frac{1}{dn}\sum_i E_z\lvert\sqrt h\,s + z\rvert^2$ and the error of the "
        r"score, "
        r"$\frac1d E\lvert s(y) + y\rvert^2$, are given by $K$ and its slopes in $q$ and $\ell$:",
    )


def quintic(D: Derivation) -> None:
    D.section("The overlap")
    behind = ("overlap", "resolvent", "features")
    D.derive(FEATURES, *behind, label="dyson", prose="A linear pencil and its Dyson equation give five traces,")
    D.derive(
        EliminateTraces(dyson=FEATURES, keep=K),
        "dyson",
        *behind,
        label="quintic",
        prose="and elimination on the physical branch an irreducible equation of degree five with all parameters "
        "symbolic:",
    )
    for symbol, slope, label, what in (
        (q, K_q, "slope-q", "Its implicit derivatives are the slopes, in the noise"),
        (l, K_l, "slope-l", "and in the shift"),
    ):
        D.derive(
            SlopeOnBranch(dyson=FEATURES, unknown=K, parameter=symbol, result=slope),
            "quintic",
            *behind,
            label=label,
            prose=what,
        )


def branch(D: Derivation) -> None:
    D.section("The physical root")
    D.derive(
        RowCovariance(held=W, gaussian=LETTERS, rows=NN, eigenvalue=x, result=s),
        "features",
        label="row-covariance",
        prose="The quintic has several roots. Given the weights, the columns of $F$ are independent Gaussian vectors, "
        "and where "
        "$W W^{\\top}$ has the eigenvalue $x$ their covariance, times $n$, has the eigenvalue",
    )
    D.define(
        "given-weights",
        Equation(K, sp.Trace((rootS * G.T * G * rootS + q * H + l * I).inverse() * H) / DD, ":="),
        prose="so that the overlap is, with a standardised matrix $G$ and $H = W W^{\\top}$,",
    )
    D.derive(
        GIVEN,
        "given-weights",
        label="conditional",
        prose="Covariance and $H$ are deterministic now, with common eigenvectors,",
    )
    D.derive(
        AverageByTrace(variable=x, trace=g, shift=shift),
        "conditional",
        "row-covariance",
        label="conditional-trace",
        prose=r"and partial fractions reduce the averages to $g = \operatorname{tr}(W W^{\top} + \delta)^{-1}$:",
    )
    D.derive(
        Substitute(only=a),
        "conditional-trace",
        "conditional-trace",
        label="self-energy",
        prose="The self-energy solves one equation, whose two sides cross once between 0 and 1,",
    )
    D.define(
        "gram-trace",
        Equation(g, sp.Trace((W * W.T + shift * I).inverse()) / PP, ":="),
        prose="with the resolvent of the weights,",
    )
    D.derive(GRAM, "gram-trace", label="gram-dyson", prose="which has the equations")
    D.derive(
        EliminateTraces(dyson=GRAM, keep=g),
        "gram-dyson",
        "gram-trace",
        label="gram-quadratic",
        prose="and the quadratic",
    )
    D.derive(PositiveRoot(unknown=g), "gram-quadratic", label="gram-closed", prose="with the positive root")
    D.witnesses.append(
        Witness("the root of the second derivation solves the quintic", ("quintic", "self-energy"), _two_routes)
    )


def _two_routes(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """At rational points the self-energy is found between 0 and 1; the overlap it gives annuls the quintic."""
    table = {g: claims["gram-closed"].rhs}
    found = {e.lhs: e.rhs for e in claims["conditional-trace"].equations}
    table_shift = {shift: found[shift]}
    energy, value = (e.xreplace(table).xreplace(table_shift) for e in (claims["self-energy"].rhs, found[K]))
    ctx = context(60)
    for point in samples.points([psi_n, psi_p, u, v, q, l]):
        f = compiled(ctx, [a], a - energy.xreplace(point))
        root = ctx.findroot(f, (ctx.mpf(10) ** -30, ctx.mpf(1)), solver="anderson", tol=1e-100, maxsteps=500)
        k = compiled(ctx, [a], value.xreplace(point))(root)
        difference = sp.expand(claims["quintic"].single.difference.xreplace(point))
        terms = [compiled(ctx, [K], e)(k) for e in sp.Add.make_args(difference)]
        if not abs(sum(terms)) < ctx.mpf(10) ** -35 * sum(abs(e) for e in terms):
            return refuted("second derivation", "the overlap does not solve the quintic")
    return consistent("second derivation", "conditioning on the weights; 3 points, 35 digits")

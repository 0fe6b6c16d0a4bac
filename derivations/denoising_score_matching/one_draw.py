"""One noise draw per data point: ridge regression of the noise on random features, by the kernel resolvent."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, SolveLinear, Substitute
from ...symbolic.rules.conditioning import AverageByTrace, RowCovariance
from ...symbolic.rules.elimination import EliminateTraces, ModuloPolynomial, SlopeOnBranch
from ...symbolic.rules.kernel_ridge import LeaveOneOut, TrainingResidual
from ...symbolic.rules.slopes import ChainSlope
from .notation import (
    C1,
    EQUIVALENCE,
    F1,
    G1,
    GIVEN_DATA,
    LETTERS1,
    LINEAR,
    NN,
    ONE_DRAW,
    R1,
    W1,
    X1,
    E_test1,
    E_train1,
    Theta1,
    U,
    a,
    g,
    h,
    lam,
    mu2,
    psi_n,
    psi_p,
    rootS1,
    s,
    shift,
    t1,
    t1_slope,
    t2,
    t2_slope,
    x,
)

ONE = sp.Identity(NN)


def one_draw(D: Derivation) -> None:
    """Both errors from two traces of the kernel resolvent."""
    D.section("One noise draw")
    D.assume(
        "one-features",
        Equation(F1, W1 * X1 + Theta1),
        assumption=EQUIVALENCE,
        prose=r"With a single noise draw per data point the noised data $Y$ are all that the features see, and these "
        r"are "
        "equivalent to",
    )
    D.define(
        "one-resolvent",
        Equation(R1, (F1.T * F1 + lam * ONE).inverse(), ":="),
        prose=r"The score is ridge regression with the kernel resolvent",
    )
    D.define(
        "one-traces",
        Equation(t1, sp.Trace(R1) / NN, ":="),
        Equation(t2, sp.Trace(R1 * X1.T * X1) / NN, ":="),
        prose="of which two traces matter,",
    )
    behind = ("one-traces", "one-resolvent", "one-features")
    D.derive(ONE_DRAW, *behind, label="one-dyson", prose="with the equations")
    D.derive(
        EliminateTraces(dyson=ONE_DRAW, keep=t1),
        "one-dyson",
        *behind,
        label="one-quartic",
        prose="Elimination leaves a quartic for the first,",
    )
    D.derive(
        EliminateTraces(dyson=ONE_DRAW, keep=U[1], also=(t1,)),
        "one-dyson",
        *behind,
        label="one-block-raw",
        prose="and for the second block",
    )
    D.derive(
        ModuloPolynomial(unknown=t1, relations=((U[1], 1 - psi_n * (1 - lam * t1) / psi_p),)),
        "one-quartic",
        "one-block-raw",
        label="one-block",
        prose="that is, modulo {one-quartic},",
    )
    D.derive(
        EliminateTraces(dyson=ONE_DRAW, keep=t2, also=(t1, U[1])),
        "one-dyson",
        *behind,
        label="one-second-implicit",
        prose="The second trace is",
    )
    D.derive(
        Substitute(tidy=True), "one-second-implicit", "one-block", label="one-second-raw", prose="or, with {one-block},"
    )
    D.derive(
        ModuloPolynomial(unknown=t1, relations=((t1 - t2, mu2 * t1 * t2 * (psi_p + psi_n * (lam * t1 - 1))),)),
        "one-quartic",
        "one-second-raw",
        label="one-relation",
        prose="which modulo {one-quartic} satisfies",
    )
    D.derive(SolveLinear(unknown=t2), "one-relation", label="one-second-trace", prose="so that")
    D.define(
        "one-targets",
        Equation(C1, h * X1.T * X1 + (1 - h) * ONE, ":="),
        prose=r"Given the noised data, the noise is $z = \sqrt h\, Y + \sqrt{1 - h}\, Y'$ with independent Gaussian "
        r"$Y'$; per "
        "dimension the covariance of the targets is",
    )
    D.derive(
        TrainingResidual(result=E_train1, lam=lam, slopes=((X1.T * X1, t2_slope), (ONE, t1_slope))),
        "one-targets",
        label="one-training",
        prose="The training error follows from the fitted residual,",
    )
    D.derive(
        SlopeOnBranch(dyson=ONE_DRAW, unknown=t1, parameter=lam, result=t1_slope),
        "one-quartic",
        *behind,
        label="one-first-slope",
        prose="with the derivative along the quartic,",
    )
    D.derive(
        ChainSlope(unknown=t1, slope=t1_slope, parameter=lam, result=t2_slope),
        "one-second-trace",
        label="one-second-slope",
        prose="and",
    )
    D.derive(
        LeaveOneOut(result=E_test1, lam=lam, trace=t1, noise=1 - h, scale=h),
        "one-training",
        label="one-test",
        prose=r"Leaving one sample out gives the error on fresh noise; of it $1 - h$ is not explained by any score, "
        r"and the rest "
        r"is $h$ times the error of the score, which is therefore",
    )


def one_draw_branch(D: Derivation) -> None:
    """The physical root by conditioning on the data."""
    D.derive(
        RowCovariance(held=X1, gaussian=LETTERS1, rows=NN, eigenvalue=x, result=s),
        "one-features",
        label="one-row-covariance",
        prose="The physical root is found as before, now given the data: the rows of $F_1$, times the root of $n$, "
        "have the covariance",
    )
    D.define(
        "one-given-data",
        Equation(t1, sp.Trace((rootS1 * G1.T * G1 * rootS1 + lam * ONE).inverse()) / NN, ":="),
        prose="and with a standardised matrix the first trace is",
    )
    D.derive(GIVEN_DATA, "one-given-data", label="one-conditional", prose="with the equations")
    D.derive(
        AverageByTrace(variable=x, trace=g, shift=shift),
        "one-conditional",
        "one-row-covariance",
        label="one-conditional-trace",
        prose=r"By partial fractions, with $g = \operatorname{tr}(Y^{\top} Y + \delta)^{-1}$ from here on,",
    )
    D.derive(
        Substitute(only=a),
        "one-conditional-trace",
        "one-conditional-trace",
        label="one-self-energy",
        prose="and the self-energy is the only crossing between 0 and 1 of the two sides of",
    )
    D.define(
        "one-linear",
        Equation(g, sp.Trace((X1.T * X1 + shift * ONE).inverse()) / NN, ":="),
        prose="where the linear kernel",
    )
    D.derive(LINEAR, "one-linear", label="one-linear-dyson", prose="has the equations")
    D.derive(
        EliminateTraces(dyson=LINEAR, keep=g),
        "one-linear-dyson",
        "one-linear",
        label="one-linear-quadratic",
        prose="the quadratic",
    )
    D.derive(PositiveRoot(unknown=g), "one-linear-quadratic", label="one-linear-closed", prose="and the trace")

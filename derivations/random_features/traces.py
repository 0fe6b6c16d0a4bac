"""Traces of the kernel resolvent: Dyson equations, the quartic, the published relations."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import SolveLinear, Substitute
from ...symbolic.rules.elimination import EliminateTraces, ModuloPolynomial
from .notation import FEATURES, TRACES, F, K, N, Theta, W, X, beta, eta, lam, phi, psi, tau1, tau2, zeta

T2 = TRACES[1]


def traces(D: Derivation) -> None:
    D.section("Traces of the kernel resolvent")
    D.define(
        "features",
        Equation(F, W * X + Theta, ":="),
        prose="The columns of $X$ are the inputs. A feature is a linear function of the input and, after the Gaussian "
        "equivalence of wide random features, an independent nonlinear part,",
    )
    D.define(
        "resolvent",
        Equation(K, (F.T * F + lam * sp.Identity(N)).inverse(), ":="),
        prose="Ridge regression on these features with the penalty $\\lambda$ is governed by",
    )
    D.define(
        "traces",
        Equation(tau1, sp.Trace(K) / N, ":="),
        Equation(tau2, sp.Trace(K * X.T * X) / N, ":="),
        prose="through two of its traces,",
    )
    D.derive(
        FEATURES,
        "traces",
        "resolvent",
        "features",
        label="dyson",
        prose="A linear pencil contains both as blocks of its inverse. Gaussian integration by parts closes the "
        "traces of the "
        "diagonal blocks that matter:",
    )
    behind = ("traces", "resolvent", "features")
    D.derive(
        EliminateTraces(dyson=FEATURES, keep=tau1),
        "dyson",
        *behind,
        label="quartic",
        prose="Elimination, in which of every resultant only the factor that vanishes on the physical branch is kept, "
        "leaves "
        "an irreducible equation of degree four for the first trace:",
    )
    D.derive(
        EliminateTraces(dyson=FEATURES, keep=T2, also=(tau1,)),
        "dyson",
        *behind,
        label="block-trace",
        prose="In the same way the trace of the second block is found as a function of the first trace,",
    )
    D.derive(
        ModuloPolynomial(unknown=tau1, relations=((T2, 1 - psi * (1 - lam * tau1) / phi),)),
        "quartic",
        "block-trace",
        label="block",
        prose="which modulo {quartic} is no more than",
    )
    D.derive(
        EliminateTraces(dyson=FEATURES, keep=tau2, also=(tau1, T2)),
        "dyson",
        *behind,
        label="second-implicit",
        prose="The second trace is",
    )
    D.derive(
        Substitute(tidy=True),
        "second-implicit",
        "block",
        label="second-raw",
        prose="or, with {block},",
    )
    D.define("total-variance", Equation(eta, beta + zeta, ":="), prose="With the variance of a whole feature,")
    D.derive(
        ModuloPolynomial(
            unknown=tau1,
            relations=((phi**2 * (tau1 - tau2), zeta * tau1 * tau2 * (phi + psi * (lam * tau1 - 1))),),
        ),
        "quartic",
        "second-raw",
        label="first-relation",
        prose="the two traces satisfy, modulo {quartic}, the relations of Adlam and Pennington (their equations S67 "
        "and S68),",
    )
    D.derive(
        ModuloPolynomial(
            unknown=tau1,
            relations=(
                (phi * (tau2 - tau1) * (zeta * (tau2 - tau1) + eta * tau1), zeta * tau1 * tau2 * (lam * tau1 - 1)),
            ),
        ),
        "quartic",
        "second-raw",
        "total-variance",
        label="second-relation",
        prose="and",
    )
    D.derive(
        SolveLinear(unknown=tau2),
        "first-relation",
        label="second-trace",
        prose="The first of them gives the second trace in its shortest form,",
    )

"""The states below the dynamical temperature: how many there are, and where they appear."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert, MeansAt
from ...symbolic.replica.stationarity import Gradient
from ...symbolic.rules.algebra import SolveLinear
from .notation import Sigma, Td, balance, beta2, m, phi_m, q, slope


def complexity(D: Derivation) -> None:
    D.section("Complexity")
    D.define(
        "complexity-definition",
        Equation(Sigma, -(m**2) * phi_m, ":="),
        prose=r"If $e^{N \Sigma}$ states have the free energy $f$, the potential of $m$ copies in one state is the "
        r"largest $\frac{1}{m}(\Sigma - m \beta f)$, so that their number is the Legendre transform",
    )
    D.derive(
        Insert(), "complexity-definition", "slope-size", label="complexity-blocks", prose="With {slope-size} it is"
    )
    D.derive(
        MeansAt(variable=m, value=sp.Integer(1)),
        "complexity-blocks",
        label="complexity",
        prose="The states that dominate at temperatures above the static transition are those of $m = 1$: with the "
        "largest overlap at which {rate-transition} vanishes, there are",
    )


def threshold(D: Derivation) -> None:
    D.section("The dynamical temperature")
    D.derive(
        Gradient(variable=q, result=slope),
        "inverse-temperature",
        label="slope-temperature",
        prose="The states appear at the highest temperature {inverse-temperature} allows, where its slope",
    )
    D.define("balance-definition", Equation(balance, slope / beta2, ":="), prose="vanishes. Relative to its value,")
    D.derive(
        Insert(tidy=True),
        "balance-definition",
        "slope-temperature",
        "inverse-temperature",
        label="balance",
        prose="the slope is",
    )
    D.define("balance-vanishes", Equation(balance, sp.Integer(0)), prose="It vanishes,")
    D.derive(
        Insert(both=True),
        "balance",
        "balance-vanishes",
        label="balance-condition",
        prose="that is,",
    )
    D.derive(SolveLinear(unknown=q), "balance-condition", label="threshold-overlap", prose="for the overlap")
    D.define("threshold-definition", Equation(Td, 1 / sp.sqrt(beta2), ":="), prose="The dynamical temperature,")
    D.derive(
        Insert(),
        "threshold-definition",
        "inverse-temperature",
        "threshold-overlap",
        label="dynamic-temperature",
        prose="is",
    )

"""The static transition, where blocks appear with m = 1, and the ground state, with blocks of size m = mu/beta."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.half_lines import HalfLines
from ...symbolic.replica.insertion import Insert, MeansAt
from ...symbolic.replica.stationarity import Gradient
from ...symbolic.replica.steep import SteepLimit
from .notation import beta, chi, f, m, mu, phi, q, u0, u_mu


def transition(D: Derivation) -> None:
    D.section("The static transition")
    for source, label, what in (
        ("overlap-conjugate", "overlap-transition-conjugate", "At the transition the blocks appear with $m = 1$, and"),
        ("slope-size", "slope-transition-conjugate", "while the slope in the size of a block, which vanishes too, is"),
    ):
        D.derive(MeansAt(variable=m, value=sp.Integer(1)), source, label=label, prose=what)
    D.derive(
        Insert(),
        "overlap-transition-conjugate",
        "conjugate",
        label="overlap-transition",
        prose="With the conjugate inserted the overlap solves",
    )
    D.derive(Insert(), "slope-transition-conjugate", "conjugate", label="slope-transition", prose="and the slope is")


def ground(D: Derivation) -> None:
    D.section("Zero temperature")
    D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin")
    D.derive(
        Insert(),
        "free-energy-definition",
        "potential",
        "conjugate",
        label="free-energy",
        prose="is, with the conjugate inserted,",
    )
    D.define(
        "scaling",
        Equation(m, mu / beta),
        Equation(q, 1 - chi / beta),
        prose="At low temperature the size of the blocks is proportional to the temperature, and the overlap in a "
        "block differs from one by a response that stays finite:",
    )
    D.derive(
        SteepLimit(beta=beta, result=u0),
        "free-energy",
        "scaling",
        label="ground-state-kinked",
        prose="The free energy tends to the energy",
    )
    D.derive(HalfLines(), "ground-state-kinked", label="ground-state-energy", prose="that is, by half-lines,")
    D.derive(
        Gradient(variable=mu, result=u_mu),
        "ground-state-energy",
        label="ground-slope",
        prose="It is largest, as a free energy of replicas is, where this slope vanishes:",
    )

"""Zero temperature: blocks of size m = mu/beta; the inner mean in error functions, one Gaussian variable left."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.half_lines import HalfLines
from ...symbolic.replica.steep import SteepLimit
from .notation import beta, chi, m, mu, q1, slope0, u0


def ground(D: Derivation) -> None:
    D.section("Zero temperature")
    D.define(
        "scaling",
        Equation(m, mu / beta),
        Equation(q1, 1 - chi / beta),
        prose="At low temperature the size of the blocks is proportional to the temperature, and the overlap "
        "inside a block "
        "differs from one by a response that stays finite:",
    )
    for source, label, result, factor, what in (
        ("free-energy", "ground-state-kinked", u0, sp.S.One, "The free energy tends to the energy"),
        ("outer-zero-field", "overlap-kinked", None, sp.S.One, "the overlap between blocks solves"),
        ("slope-zero-field", "slope-kinked", slope0, beta**-2, "and the slope in the size of a block, times $T^2$, to"),
    ):
        D.derive(SteepLimit(beta=beta, result=result, factor=factor), source, "scaling", label=label, prose=what)
    for source, label, what in (
        ("ground-state-kinked", "ground-state-energy", "The inner mean is a sum of two half-lines. The energy is"),
        ("overlap-kinked", "ground-overlap", "with the overlap"),
        ("slope-kinked", "ground-slope", "and the slope in the size of a block, which vanishes, is as follows."),
    ):
        D.derive(HalfLines(), source, label=label, prose=what)

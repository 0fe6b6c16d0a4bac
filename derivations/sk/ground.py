"""Zero temperature without a field: the energy, a negative entropy, an unstable saddle point."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert, MeansAt
from ...symbolic.replica.mean import Mean
from ...symbolic.replica.zero_temperature import FoldRestate, UndoDerivative, ZeroTemperature
from .notation import (
    S0,
    beta,
    chi,
    h,
    lam,
    q,
    slope,
    slope0,
    u0,
    z,
)


def zero_temperature(D: Derivation) -> None:
    D.section("Zero temperature without a field")
    for label, source, what in (
        ("overlap-zero-field", "overlap", "Without a field the overlap solves"),
        ("energy-zero-field", "mean-energy", "the energy is"),
        ("entropy-zero-field", "entropy", "the entropy"),
        ("replicon-zero-field", "replicon", "and the replicon eigenvalue"),
    ):
        D.derive(MeansAt(variable=h, value=sp.Integer(0)), source, label=label, prose=what)
    _response(D)
    D.derive(
        ZeroTemperature(beta=beta, result=u0),
        "energy-zero-field",
        "scaling",
        label="ground-state-response",
        prose="At zero temperature the energy becomes",
    )
    D.derive(Insert(), "ground-state-response", "response-zero", label="ground-state-energy", prose="which is")
    bounded = sp.log(2 * sp.cosh(beta * sp.sqrt(q) * z)) - beta * sp.sqrt(q) * z * sp.tanh(beta * sp.sqrt(q) * z)
    D.derive(
        FoldRestate(form=-(beta**2) * (1 - q) ** 2 / 4 + Mean(bounded, z)),
        "entropy-zero-field",
        "overlap-zero-field",
        label="entropy-bounded",
        prose="With {overlap-zero-field} the entropy takes a form in which every integrand is bounded,",
    )
    D.derive(
        ZeroTemperature(beta=beta, result=S0),
        "entropy-bounded",
        "scaling",
        label="entropy-response",
        prose="so that at zero temperature",
    )
    D.derive(
        Insert(),
        "entropy-response",
        "response-zero",
        label="zero-entropy",
        prose="that is, negative, which no system of discrete spins allows. Replica symmetry is not supported here:",
    )
    _instability(D)


def _response(D: Derivation) -> None:
    """chi = beta (1 - q): by parts to a bounded integrand before the limit is taken."""
    D.define("response-definition", Equation(chi, beta * (1 - q), ":="), prose="The response to a small field is")
    D.derive(
        Insert(),
        "response-definition",
        "overlap-zero-field",
        label="response-peaked",
        prose="With {overlap-zero-field},",
    )
    D.derive(
        UndoDerivative(),
        "response-peaked",
        label="response",
        prose="Its integrand becomes a narrow peak at low temperature; undoing an integration by parts "
        "removes the peak,",
    )
    D.define(
        "scaling",
        Equation(q, 1 - chi / beta),
        prose="so that the response stays finite, and low temperatures mean the scaling",
    )
    D.derive(
        ZeroTemperature(beta=beta),
        "response",
        "scaling",
        label="response-zero",
        prose="At zero temperature the response is",
    )


def _instability(D: Derivation) -> None:
    D.define(
        "slope-definition", Equation(slope, lam / beta, ":="), prose="The replicon eigenvalue, per inverse temperature"
    )
    D.derive(Insert(), "slope-definition", "replicon-zero-field", label="slope-peaked", prose="and without a field,")
    D.derive(UndoDerivative(), "slope-peaked", label="slope", prose="by parts again,")
    D.derive(
        ZeroTemperature(beta=beta, result=slope0),
        "slope",
        "scaling",
        label="instability",
        prose="tends to a negative number: at low temperature the saddle point is unstable against "
        "breaking the symmetry:",
    )

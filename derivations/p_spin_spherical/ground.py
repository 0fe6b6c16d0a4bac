"""Zero temperature: blocks of size m = mu/beta, the ground state, and the number of states at every energy."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.low_temperature import AlgebraicZeroTemperature
from ...symbolic.replica.stationarity import Gradient
from ...symbolic.rules.algebra import Restate, SolveLinear
from ...symbolic.rules.powers import RestateByLogarithms
from .notation import Sigma0, Sigma_th, beta, chi, e, e_chi, e_th, f, lam, m, mu, p, phi, q, u, u_chi, u_mu


def ground(D: Derivation) -> None:
    D.section("Zero temperature")
    D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin")
    D.derive(
        Insert(), "free-energy-definition", "potential-blocks", label="free-energy", prose="is, by {potential-blocks},"
    )
    D.define(
        "scaling",
        Equation(m, mu / beta),
        Equation(q, 1 - chi / beta),
        prose="At low temperature the size of the blocks is proportional to the temperature, and the overlap in a "
        "block differs from one by a response that stays finite:",
    )
    D.derive(
        AlgebraicZeroTemperature(beta=beta, result=u),
        "free-energy",
        "scaling",
        label="ground-limit",
        prose="The free energy tends to",
    )
    D.derive(
        RestateByLogarithms(form=-(mu + p * chi) / 4 - sp.log((mu + chi) / chi) / (2 * mu)),
        "ground-limit",
        label="ground-potential",
        prose="that is,",
    )
    D.derive(
        Gradient(variable=chi, result=u_chi), "ground-potential", label="slope-response", prose="Its slope in $\\chi$,"
    )
    D.define("slope-response-vanishes", Equation(u_chi, sp.Integer(0)), prose="vanishes,")
    D.derive(
        Insert(both=True),
        "slope-response",
        "slope-response-vanishes",
        label="response-condition",
        prose="that is,",
    )
    D.derive(
        SolveLinear(unknown=mu),
        "response-condition",
        label="ground-size",
        prose="when the size of the blocks belongs to the response as",
    )
    D.derive(
        Gradient(variable=mu, result=u_mu),
        "ground-potential",
        label="slope-ground-gradient",
        prose="The slope in the size of the blocks is",
    )
    D.derive(
        Restate(form=(sp.log(mu + chi) - sp.log(chi)) / (2 * mu**2) - 1 / (2 * mu * (mu + chi)) - sp.Rational(1, 4)),
        "slope-ground-gradient",
        label="slope-ground-size",
        prose="or",
    )


def states(D: Derivation) -> None:
    D.section("The states at zero temperature")
    D.define(
        "states-definition",
        Equation(e, u + mu * u_mu, ":="),
        Equation(Sigma0, mu**2 * u_mu, ":="),
        prose=r"If $e^{N \Sigma_0}$ states have the energy $e$ per spin, their sum with the weights $e^{-\mu N e}$ "
        r"grows at the rate $-\mu u$, the largest $\Sigma_0 - \mu e$; energy and number are the Legendre transform "
        r"of $\mu u$:",
    )
    D.derive(
        Insert(only=e, tidy=True),
        "states-definition",
        "ground-potential",
        "slope-ground-size",
        label="energy-blocks",
        prose="With {ground-potential} and {slope-ground-size} the energy is",
    )
    D.derive(
        Restate(form=-1 / (p * chi) - (p - 1) * chi / 2),
        "energy-blocks",
        "ground-size",
        label="energy-states",
        prose="or, with {ground-size}, as a function of the response of the states,",
    )
    D.derive(
        Insert(only=Sigma0),
        "states-definition",
        "slope-ground-size",
        label="complexity-ground",
        prose="Their number is given by",
    )
    D.derive(
        Restate(form=(sp.log(mu + chi) - sp.log(chi)) / 2 - mu / (2 * (mu + chi)) - mu**2 / 4),
        "complexity-ground",
        label="complexity-size",
        prose="or",
    )
    D.derive(
        RestateByLogarithms(
            form=sp.log(2 / (p * chi**2)) / 2 - 1 / (p * chi) ** 2 + (p - 1) * chi**2 / 4 + 1 / p - sp.Rational(1, 2)
        ),
        "complexity-size",
        "ground-size",
        label="complexity-states",
        prose="that is, with {ground-size}, by the following, whose zero is the ground state:",
    )


def stability(D: Derivation) -> None:
    D.section("The energy above which there are no states")
    D.derive(
        Gradient(variable=chi, result=e_chi),
        "energy-states",
        label="slope-energy",
        prose="The energy of the states grows with their response at the rate",
    )
    D.define("slope-energy-vanishes", Equation(e_chi, sp.Integer(0)), prose="until this rate vanishes,")
    D.define("stiffness", Equation(chi, 1 / sp.sqrt(lam)), prose=r"which with $\lambda$ for the inverse square,")
    D.derive(
        Insert(both=True, tidy=True),
        "slope-energy",
        "slope-energy-vanishes",
        "stiffness",
        label="threshold-condition",
        prose="is the condition",
    )
    D.derive(SolveLinear(unknown=lam), "threshold-condition", label="threshold-stiffness", prose="with the solution")
    D.define("threshold-energy-definition", Equation(e_th, e, ":="), prose="The energy")
    D.derive(
        Insert(),
        "threshold-energy-definition",
        "energy-states",
        "stiffness",
        "threshold-stiffness",
        label="threshold-energy",
        prose="is",
    )
    D.define("threshold-number-definition", Equation(Sigma_th, Sigma0, ":="), prose="and the number of states")
    D.derive(
        Insert(),
        "threshold-number-definition",
        "complexity-states",
        "stiffness",
        "threshold-stiffness",
        label="threshold-complexity-inserted",
        prose="is given by",
    )
    D.derive(
        Restate(form=sp.log(p - 1) / 2 - (p - 2) / p),
        "threshold-complexity-inserted",
        label="threshold-complexity",
        prose="or",
    )

"""How the model is evaluated: two unknowns at the transition, one at zero temperature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, beta, mu, p, q

PARAMETERS = (Parameter(NOTATION["p"]),)
RESULTS = (
    Result("static_temperature", "slope-transition", "temperature of the static transition"),
    Result("static_overlap", "overlap-transition", "overlap inside a block at the transition"),
    Result("ground_state_energy", "ground-state-energy", "energy per spin at zero temperature"),
    Result("ground_block_size", "ground-slope", "size of a block per temperature at zero temperature"),
)
EXAMPLE = {"p": "3"}


def model(D: Callable[[], Derivation]) -> Model:
    return Model(PARAMETERS, RESULTS, case, lambda _, lengths, wanted: system(D(), wanted), EXAMPLE)


def case(point: Mapping[str, Any]) -> str:
    """p = 2 has a continuous transition, `sk`."""
    if point["p"] < 3:
        raise OutsideDomain("p >= 3 is needed: for p = 2 the overlap grows from zero, see `sk` and `sk_one_step`")
    return "discontinuous"


def system(D: Derivation, wanted: tuple[str, ...]) -> System:
    return _transition(D, wanted) if wanted[0].startswith("static") else _ground(D, wanted)


def _transition(D: Derivation, wanted: tuple[str, ...]) -> System:
    found = {"static_temperature": 1 / beta, "static_overlap": q}
    return System(
        observables={name: found[name] for name in wanted},
        unknowns=(
            Unknown(q, sp.Integer(0), sp.Integer(1), sp.Rational(4, 5)),
            Unknown(beta, sp.Integer(0), None, sp.Rational(3, 2)),
        ),
        equations=(q - D.claim("overlap-transition").rhs, D.claim("slope-transition").rhs),
        branch="the positive overlap, continued in p from the one at p = 3",
        continuation=(p, sp.Integer(3)),
    )


def _ground(D: Derivation, wanted: tuple[str, ...]) -> System:
    found = {"ground_state_energy": D.claim("ground-state-energy").rhs, "ground_block_size": mu}
    return System(
        observables={name: found[name] for name in wanted},
        unknowns=(Unknown(mu, sp.Rational(1, 4), sp.Integer(4)),),
        equations=(D.claim("ground-slope").rhs,),
        branch="the size of the blocks at which the energy is largest",
    )

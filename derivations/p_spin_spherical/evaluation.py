"""How the model is evaluated: one unknown overlap, in a bracket that only its own branch enters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, p, q

PARAMETERS = (Parameter(NOTATION["p"]), Parameter(NOTATION["beta"]))
_P = ("p",)
RESULTS = (
    Result("static_temperature", "temperature", "temperature of the static transition", needs=_P),
    Result("static_overlap", "transition", "overlap inside a block at the transition", needs=_P),
    Result("dynamic_temperature", "dynamic-temperature", "temperature below which the states exist", needs=_P),
    Result("dynamic_overlap", "threshold-overlap", "overlap inside a state where the states appear", needs=_P),
    Result(
        "complexity",
        "complexity",
        "logarithm of the number of the dominating states, per spin",
        also=("rate-transition",),
    ),
    Result("state_overlap", "rate-transition", "overlap inside a dominating state"),
)
EXAMPLE = {"p": "3", "beta": "5/3"}


def model(D: Callable[[], Derivation]) -> Model:
    return Model(PARAMETERS, RESULTS, case, lambda name, lengths, wanted: system(D(), name, wanted), EXAMPLE)


def case(point: Mapping[str, Any]) -> str:
    """p = 2 has no transition of this kind, p = 1 is a field; above the dynamical temperature there are no states."""
    if point["p"] < 3:
        raise OutsideDomain("p >= 3 is needed: for p <= 2 the overlap grows from zero")
    if "beta" not in point:
        return "discontinuous"
    power = point["p"]
    if point["beta"] ** 2 * power * (power - 2) ** (power - 2) <= 2 * (power - 1) ** (power - 1):
        raise OutsideDomain("above the dynamical temperature there are no states: ask for a larger beta")
    return "states"


def system(D: Derivation, name: str, wanted: tuple[str, ...]) -> System:
    if name == "states":
        return System(
            observables={k: D.claim("complexity").rhs if k == "complexity" else q for k in wanted},
            unknowns=(Unknown(q, (p - 2) / (p - 1), sp.Integer(1)),),
            equations=(D.claim("rate-transition").rhs / q,),
            branch="the larger overlap, that of the state",
        )
    closed = {"dynamic_temperature": "dynamic-temperature", "dynamic_overlap": "threshold-overlap"}
    if wanted[0] in closed:
        return System(observables={k: D.claim(closed[k]).rhs for k in wanted})
    found = {"static_temperature": D.claim("temperature").rhs, "static_overlap": q}
    return System(
        observables={k: found[k] for k in wanted},
        unknowns=(Unknown(q, sp.Rational(1, 10), 1 - 1 / (2 * p**2)),),
        equations=(D.claim("transition").rhs,),
        branch="the positive overlap",
    )

"""How the model is evaluated: one unknown overlap or response, in a bracket that only its own branch enters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, chi, e, p, q

PARAMETERS = (Parameter(NOTATION["p"]), Parameter(NOTATION["beta"]), Parameter(NOTATION["e"]))
_P, _THERMAL, _ENERGY = ("p",), ("p", "beta"), ("p", "e")
RESULTS = (
    Result("static_temperature", "temperature", "temperature of the static transition", needs=_P),
    Result("static_overlap", "transition", "overlap inside a block at the transition", needs=_P),
    Result("dynamic_temperature", "dynamic-temperature", "temperature below which the states exist", needs=_P),
    Result("dynamic_overlap", "threshold-overlap", "overlap inside a state where the states appear", needs=_P),
    Result(
        "complexity",
        "complexity",
        "logarithm of the number of the dominating states, per spin",
        needs=_THERMAL,
        also=("rate-transition",),
    ),
    Result("state_overlap", "rate-transition", "overlap inside a dominating state", needs=_THERMAL),
    Result(
        "ground_state_energy",
        "energy-states",
        "energy per spin at zero temperature",
        needs=_P,
        also=("complexity-states",),
    ),
    Result(
        "ground_block_size",
        "ground-size",
        "size of a block per temperature at zero temperature",
        needs=_P,
        also=("complexity-states",),
    ),
    Result("threshold_energy", "threshold-energy", "energy per spin above which no state is stable", needs=_P),
    Result("threshold_complexity", "threshold-complexity", "logarithm of the number of states there", needs=_P),
    Result(
        "complexity_at_energy",
        "complexity-states",
        "logarithm of the number of states of energy e at zero temperature, per spin, by replicas (negative below "
        "the ground state)",
        needs=_ENERGY,
        also=("energy-states",),
    ),
    Result(
        "critical_points_at_energy",
        "count",
        "logarithm of the mean number of critical points of energy e, per spin, without replicas",
        needs=_ENERGY,
    ),
)
EXAMPLE = {"p": "3", "beta": "5/3", "e": "-29/25"}
_CLOSED = (
    "dynamic_temperature",
    "dynamic_overlap",
    "threshold_energy",
    "threshold_complexity",
    "critical_points_at_energy",
)


def model(D: Callable[[], Derivation]) -> Model:
    return Model(PARAMETERS, RESULTS, case, lambda name, lengths, wanted: system(D(), name, wanted), EXAMPLE)


def case(point: Mapping[str, Any]) -> str:
    """p = 2 has no transition of this kind, p = 1 is a field; states need a low temperature or a low energy."""
    if point["p"] < 3:
        raise OutsideDomain("p >= 3 is needed: for p <= 2 the overlap grows from zero")
    if "e" in point:
        if point["p"] * point["e"] ** 2 <= 2 * (point["p"] - 1):
            raise OutsideDomain("above the threshold energy -sqrt(2 (p - 1)/p) there are no states: ask for a lower e")
        return "energy"
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
    label = next(r.label for r in RESULTS if r.name == wanted[0])
    if wanted[0] in _CLOSED:
        return System(observables={wanted[0]: D.claim(label).rhs})
    if name == "energy" or label in ("energy-states", "ground-size"):
        return _zero_temperature(D, name, {wanted[0]: D.claim(label).rhs})
    found = {"static_temperature": D.claim("temperature").rhs, "static_overlap": q}
    return System(
        observables={k: found[k] for k in wanted},
        unknowns=(Unknown(q, sp.Rational(1, 10), 1 - 1 / (2 * p**2)),),
        equations=(D.claim("transition").rhs,),
        branch="the positive overlap",
    )


def _zero_temperature(D: Derivation, name: str, observables: Mapping[str, Any]) -> System:
    """The response at an energy or, without one, that at which the number of states vanishes.

    Energy and number grow with the response up to the threshold; the lower ends are on the other side.
    """
    given = name == "energy"
    edge = sp.sqrt(2) / sp.sqrt(p * (p - 1))
    return System(
        observables=observables,
        unknowns=(Unknown(chi, -1 / (p * e) if given else edge / p, edge),),
        equations=(D.claim("energy-states").rhs - e if given else D.claim("complexity-states").rhs,),
        branch="the smaller response, that of stable states",
    )

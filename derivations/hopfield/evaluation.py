"""How the results are evaluated: the retrieval state followed from zero load, the curve at zero temperature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, alpha, c, m, q, r, x

PARAMETERS = (Parameter(NOTATION["alpha"]), Parameter(NOTATION["beta"]))
_LOAD = ("alpha",)
RESULTS = (
    Result("retrieval_overlap", "signal", "overlap of the retrieval state with its pattern", also=("overlap", "noise")),
    Result("overlap", "overlap", "overlap of two replicas in the retrieval state", also=("signal", "noise")),
    Result("noise", "noise", "noise of the other patterns in the retrieval state", also=("signal", "overlap")),
    Result("free_energy", "free-energy", "free energy per spin of the retrieval state"),
    Result("energy", "mean-energy", "energy per spin of the retrieval state"),
    Result("entropy", "entropy", "entropy per spin; a negative value shows that replica symmetry fails"),
    Result("replicon", "replicon", "replicon eigenvalue of the retrieval state; unstable where it is negative"),
    Result(
        "ground_overlap", "overlap-ratio", "overlap with the pattern at zero temperature", needs=_LOAD, also=("load",)
    ),
    Result("ground_energy", "energy-amplitude", "energy of retrieval at zero temperature", needs=_LOAD, also=("load",)),
    Result("ground_entropy", "entropy-ratio", "entropy of retrieval at zero temperature", needs=_LOAD, also=("load",)),
    Result("glass_energy", "glass-energy", "energy of the spin-glass state at zero temperature", needs=_LOAD),
    Result("glass_temperature", "glass-temperature", "temperature of the onset of the spin-glass state", needs=_LOAD),
    Result(
        "critical_load", "load", "largest load with retrieval states at zero temperature", needs=None, also=("slope",)
    ),
    Result("critical_overlap", "overlap-ratio", "overlap with the pattern at this load", needs=None, also=("slope",)),
    Result("crossing_load", "load", "load below which retrieval has the lower energy", needs=None, also=("gap",)),
)
EXAMPLE = {"alpha": "1/20", "beta": "5"}
# Just below the signal per noise at which retrieval ends; states to its left have the smaller overlap of two.
_END = sp.Rational(1511218556, 10**9)
_THERMAL = {"free_energy": "free-energy", "energy": "mean-energy", "entropy": "entropy", "replicon": "replicon"}
_GROUND = {"ground_overlap": "overlap-ratio", "ground_energy": "energy-amplitude", "ground_entropy": "entropy-ratio"}
_CLOSED = {"glass_energy": "glass-energy", "glass_temperature": "glass-temperature"}
# result: (the claim read off, the claim that vanishes, the interval of x)
_THRESHOLDS = {
    "critical_load": ("load", "slope", (sp.Integer(1), sp.Integer(3))),
    "critical_overlap": ("overlap-ratio", "slope", (sp.Integer(1), sp.Integer(3))),
    "crossing_load": ("load", "gap", (sp.Rational(8, 5), sp.Integer(8))),
}


def case(point: Mapping[str, Any]) -> str:
    """Raises OutsideDomain above the temperature 1; without parameters the thresholds are meant."""
    if not point:
        return "threshold"
    if "beta" not in point:
        return "zero temperature"
    if point["beta"] <= 1:
        raise OutsideDomain("beta <= 1: there is no retrieval state, even at zero load")
    return "retrieval"


def model(D: Derivation) -> Model:
    """The retrieval state by continuation in the load, thresholds as roots along the curve of states at T = 0."""

    def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
        build = {"retrieval": _retrieval, "zero temperature": _zero, "threshold": _threshold}[name]
        return build(D, wanted)

    return Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)


def _retrieval(D: Derivation, wanted: tuple[str, ...]) -> System:
    noise = D.claim("noise").rhs
    found = {"retrieval_overlap": m, "overlap": q, "noise": noise}
    found |= {k: D.claim(label).rhs.xreplace({r: noise}) for k, label in _THERMAL.items() if k in wanted}
    return System(
        observables={k: found[k] for k in wanted},
        unknowns=(Unknown(m, start=sp.Integer(1)), Unknown(q, start=sp.Integer(1))),
        equations=(m - D.claim("signal").rhs.xreplace({r: noise}), q - D.claim("overlap").rhs.xreplace({r: noise})),
        branch="the retrieval state connected to the one without noise at zero load",
        continuation=(alpha, sp.Integer(0)),
    )


def _zero(D: Derivation, wanted: tuple[str, ...]) -> System:
    if all(k in _CLOSED for k in wanted):
        return System({k: D.claim(_CLOSED[k]).rhs for k in wanted})
    return System(
        observables={k: _along(D, _GROUND[k]) for k in wanted},
        unknowns=(Unknown(x, low=_END, high=1 / sp.sqrt(2 * alpha)),),
        equations=(D.claim("excess-ratio").rhs - D.claim("excess-load").rhs,),
        branch="the retrieval state with the larger overlap of two",
    )


def _threshold(D: Derivation, wanted: tuple[str, ...]) -> System:
    (name,) = wanted
    shown, vanishing, (low, high) = _THRESHOLDS[name]
    return System(
        observables={name: _along(D, shown)},
        unknowns=(Unknown(x, low=low, high=high),),
        equations=(_along(D, vanishing),),
        branch="the only root along the curve of retrieval states",
    )


def _along(D: Derivation, label: str) -> Any:
    """A claim along the curve of states at zero temperature, as a function of the signal per noise."""
    return D.claim(label).rhs.xreplace({c: D.claim("amplitude-ratio").rhs})

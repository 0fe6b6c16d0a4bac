"""How the model is evaluated: the overlap on its branch, then the observables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, beta, q

PARAMETERS = (Parameter(NOTATION["beta"]), Parameter(NOTATION["h"], default="0"))
RESULTS = (
    Result("overlap", "overlap", "overlap of two replicas"),
    Result("free_energy", "free-energy", "free energy per spin"),
    Result("energy", "mean-energy", "energy per spin"),
    Result("entropy", "entropy", "entropy per spin; a negative value shows that replica symmetry fails"),
    Result("replicon", "replicon", "replicon eigenvalue; replica symmetry is unstable where it is negative"),
)
EXAMPLE = {"beta": "1/2", "h": "1/5"}


def model(D: Callable[[], Derivation]) -> Model:
    return Model(PARAMETERS, RESULTS, case, lambda name, lengths, wanted: system(D(), name, wanted), EXAMPLE)


def case(point: Mapping[str, Any]) -> str:
    """With a field one overlap solves the equation; without one it vanishes above the critical temperature 1."""
    if point["h"] != 0:
        return "field"
    return "paramagnet" if point["beta"] <= 1 else "glass"


def system(D: Derivation, name: str, wanted: tuple[str, ...]) -> System:
    """The overlap on its branch, then the observables."""
    labels = {result.name: result.label for result in RESULTS}
    observables = {name: D.claim(labels[name]).rhs for name in wanted if name != "overlap"}
    observables |= {name: q for name in wanted if name == "overlap"}
    if name == "paramagnet":
        return System(observables={k: v.xreplace({q: sp.Integer(0)}) for k, v in observables.items()})
    # Without a field q = 0 solves the equation too: the positive root lies above 1 - 1/beta.
    low = sp.Integer(0) if name == "field" else 1 - 1 / beta
    return System(
        observables=observables,
        unknowns=(Unknown(q, low, sp.Integer(1)),),
        equations=(q - D.claim("overlap").rhs,),
        branch="the positive overlap, which minimises the free energy over positive temperatures",
    )

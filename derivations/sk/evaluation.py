"""How the model is evaluated: the overlap on its branch, then the observables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, beta, h, q

PARAMETERS = (Parameter(NOTATION["beta"]), Parameter(NOTATION["h"], default="0"))
RESULTS = (
    Result("overlap", "overlap", "overlap of two replicas"),
    Result("free_energy", "free-energy", "free energy per spin"),
    Result("energy", "mean-energy", "energy per spin"),
    Result("entropy", "entropy", "entropy per spin; a negative value shows that replica symmetry fails"),
    Result("replicon", "replicon", "replicon eigenvalue; replica symmetry is unstable where it is negative"),
    Result(
        "critical_temperature",
        "replicon",
        "temperature on the line of de Almeida and Thouless, below which replica symmetry is unstable",
        needs=("h",),
        also=("overlap",),
    ),
)
EXAMPLE = {"beta": "1/2", "h": "1/5"}


def model(D: Callable[[], Derivation]) -> Model:
    return Model(PARAMETERS, RESULTS, case, lambda name, lengths, wanted: system(D(), name, wanted), EXAMPLE)


def case(point: Mapping[str, Any]) -> str:
    """With a field one overlap solves the equation; without one it vanishes above the critical temperature 1."""
    if "beta" not in point:
        return f"line, {'no field' if point['h'] == 0 else 'field up' if point['h'] > 0 else 'field down'}"
    if point["h"] != 0:
        return "field"
    return "paramagnet" if point["beta"] <= 1 else "glass"


def system(D: Derivation, name: str, wanted: tuple[str, ...]) -> System:
    """The overlap on its branch, then the observables."""
    if name.startswith("line"):
        return _line(D, name)
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


def _line(D: Derivation, name: str) -> System:
    """The inverse temperature at which the replicon eigenvalue vanishes."""
    overlap, replicon = D.claim("overlap").rhs, D.claim("replicon").rhs
    observables = {"critical_temperature": 1 / beta}
    if name == "line, no field":
        free = {q: sp.Integer(0), h: sp.Integer(0)}
        return System(
            observables=observables,
            unknowns=(Unknown(beta, sp.Rational(1, 2), sp.Integer(2)),),
            equations=(replicon.xreplace(free),),
            branch="the temperature at which the overlap begins to grow",
        )
    return System(
        observables=observables,
        unknowns=(
            Unknown(q, sp.Integer(0), sp.Integer(1), sp.Rational(17, 20)),
            Unknown(beta, sp.Integer(0), None, sp.Rational(31, 10)),
        ),
        equations=(q - overlap, replicon),
        branch="the line, followed from a field of size 1",
        continuation=(h, sp.Integer(1 if name == "line, field up" else -1)),
    )

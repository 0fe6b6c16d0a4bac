"""How the results are evaluated: the resolvent along a direction, and the probe at given captured overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.quantity import POSITIVE
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, symbols

gamma, omega, s, m, vh, F, rho, alpha, q, noise, bias, kappa, E_gen, E_train, r = symbols(
    "gamma omega s m vh F rho alpha q noise bias kappa E_gen E_train r"
)
_RESOLVENT = ("gamma", "omega", "s")
_PROBE = ("rho", "alpha", "theta", "a", "b", "sigma2", "lam", "c")
PARAMETERS = (
    Parameter(NOTATION["gamma"]),
    Parameter(NOTATION["omega"]),
    Parameter(NOTATION["s"]),
    Parameter(replace(NOTATION["rho"], domain=POSITIVE)),
    Parameter(NOTATION["alpha"]),
    Parameter(NOTATION["theta"]),
    Parameter(NOTATION["a"], same_length_as="theta"),
    Parameter(NOTATION["b"]),
    Parameter(NOTATION["sigma2"]),
    Parameter(NOTATION["lam"]),
    Parameter(NOTATION["c"], same_length_as="theta"),
)
RESULTS = (
    Result("companion", "companion", "companion transform of the unlabelled spectrum at -omega", needs=_RESOLVENT[:2]),
    Result(
        "resolvent_eigenvalue",
        "eigenvalue",
        "eigenvalue of the resolvent at -omega along a direction of variance s",
        needs=_RESOLVENT,
        also=("companion",),
    ),
    Result("effective_penalty", "kappa", "effective penalty of the probe", needs=("rho", "alpha", "lam")),
    Result(
        "generalisation_error",
        "generalisation",
        "expected squared error on a fresh sample, at given captured overlaps",
        needs=_PROBE,
        also=("kappa", "bias", "recalled-effective-noise"),
    ),
    Result(
        "training_error",
        "training",
        "mean squared residual on the labelled samples, at given captured overlaps",
        needs=_PROBE,
        also=("kappa", "generalisation", "bias", "recalled-effective-noise"),
    ),
)
EXAMPLE = {
    "gamma": "1/2", "omega": "1/3", "s": "4", "rho": "1/5", "alpha": "3/5", "theta": "3,3/2", "a": "1,1/2",
    "b": "7/10", "sigma2": "1/5", "lam": "1/10", "c": "5/6,3/4",
}  # fmt: skip


def case(point: Mapping[str, Any]) -> str:
    """One case; raises OutsideDomain for a representation larger than the input."""
    if "rho" in point and point["rho"] > 1:
        raise OutsideDomain(f"rho = {point['rho']}: a representation has at most as many dimensions as the input")
    return "given overlaps"


def model(D: Derivation) -> Model:
    """The companion transform in its bracket, the probe in closed form: every formula is taken from the claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        if {"companion", "resolvent_eigenvalue"} & set(wanted):
            # omega m = vh lies between 0 and 1; omega as a function of m decreases from infinity.
            along: Any = ((vh, D.claim("companion-name").rhs), (F, D.claim("eigenvalue").rhs))
            return System(
                observables={k: {"companion": m, "resolvent_eigenvalue": F}[k] for k in wanted},
                unknowns=(Unknown(m, low=1 / (omega + gamma), high=1 / omega),),
                equations=(D.claim("companion").rhs - omega,),
                definitions=along if "resolvent_eigenvalue" in wanted else (),
                branch="the spectral parameter decreases in the positive companion transform",
            )

        def written(label: str) -> Any:
            expr = D.claim(label).rhs
            return expr.xreplace({r: sp.Integer(lengths["theta"])}).doit() if "theta" in lengths else expr

        definitions: list[tuple[Any, Any]] = [(q, rho / alpha), (kappa, D.claim("kappa").rhs)]
        if set(wanted) - {"effective_penalty"}:
            definitions += [(noise, written("recalled-effective-noise")), (bias, written("bias"))]
            definitions += [(E_gen, D.claim("generalisation").rhs), (E_train, D.claim("training").rhs)]
        found = {"effective_penalty": kappa, "generalisation_error": E_gen, "training_error": E_train}
        return System(
            observables={key: found[key] for key in wanted},
            definitions=tuple(definitions),
            branch="the positive root",
        )

    return Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)

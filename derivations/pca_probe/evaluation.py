"""How the PCA-probe results are evaluated: the angle of the threshold is solved for, the rest is closed form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.quantity import NONNEGATIVE
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, i, r, symbols

rho, alpha, lam, phi, c, c0, q, kappa, noise, E_gen, E_train = symbols(
    "rho alpha lam phi c c0 q kappa noise E_gen E_train"
)

_SPECTRUM = ("gamma", "rho", "theta")
_TASK = (*_SPECTRUM, "a", "b", "sigma2")
_PROBE = (*_TASK, "alpha", "lam")

PARAMETERS = (
    Parameter(NOTATION["gamma"]),
    Parameter(NOTATION["rho"]),
    Parameter(NOTATION["alpha"]),
    Parameter(NOTATION["theta"]),
    Parameter(NOTATION["a"], same_length_as="theta"),
    Parameter(NOTATION["b"]),
    Parameter(NOTATION["sigma2"]),
    # The derivation divides by the penalty; its results extend continuously to 0.
    Parameter(replace(NOTATION["lam"], domain=NONNEGATIVE), default="0"),
)
RESULTS = (
    Result("generalisation_error", "generalisation", "expected squared error on a fresh sample", needs=_PROBE, also=("kappa",)),
    Result("training_error", "training", "mean squared residual on the labelled samples", needs=_PROBE, also=("kappa",)),
    Result("overlap", "overlap-closed", "share of each spike captured", "list", needs=_SPECTRUM, also=("size-closed",)),
    Result("effective_noise", "effective-noise", "label variance the representation cannot explain", needs=_TASK),
)
EXAMPLE = {
    "gamma": "1/2",
    "rho": "1/5",
    "alpha": "3/5",
    "theta": "3,3/2",
    "a": "1,1/2",
    "b": "7/10",
    "sigma2": "1/5",
    "lam": "0",
}


def case(point: Mapping[str, Any]) -> str:
    """Which end of the spectrum the threshold lies at.

    Raises OutsideDomain for k > min(d, M), and for a probe without ridge at k = N, where both errors diverge.
    """
    gamma_, rho_ = point["gamma"], point["rho"]
    if gamma_ * rho_ > 1:
        raise OutsideDomain(
            f"rho = {rho_} exceeds 1/gamma = {1 / gamma_}: M samples have at most M principal components; lower rho"
        )
    if "alpha" in point and point["lam"] == 0 and rho_ == point["alpha"]:
        raise OutsideDomain(
            f"rho = alpha = {rho_} with lam = 0: both errors diverge at the interpolation threshold k = N; "
            "move rho, or give the probe a ridge lam > 0"
        )
    if gamma_ == 0:
        return "unlimited data"
    if rho_ == 0:
        return "maximally compressed"
    return "complete" if rho_ == 1 or gamma_ * rho_ == 1 else "partial"


def model(D: Derivation) -> Model:
    """The evaluation of the results of a derivation: every formula is taken from its claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        spikes = range(1, lengths["theta"] + 1)
        unknowns, equations = (), ()
        captured = D.claim("overlap-closed").rhs
        if name == "unlimited data":
            captured = D.claim("overlap-unlimited").rhs
        elif name == "maximally compressed":
            captured = captured.xreplace({phi: sp.Integer(0)})
        elif name == "complete":
            captured = D.claim("overlap-complete").rhs
        else:
            unknowns = (Unknown(phi, low=sp.Integer(0), high=sp.pi),)
            equations = (D.claim("size-closed").rhs - rho,)
        weight = D.claim("outlier").equations[1].rhs
        definitions = [(c0[n], weight.xreplace({i: sp.Integer(n)})) for n in spikes]
        definitions += [(c[n], captured.xreplace({i: sp.Integer(n)})) for n in spikes]
        definitions.append((noise, _written(D.claim("effective-noise").rhs, lengths)))
        if {"generalisation_error", "training_error"} & set(wanted):
            definitions += [
                (q, rho / alpha),
                (kappa, D.claim("kappa").rhs),
                (E_gen, _written(D.claim("generalisation").rhs, lengths)),
                (E_train, D.claim("training").rhs),
            ]
        observables = {
            "generalisation_error": E_gen,
            "training_error": E_train,
            "overlap": [c[n] for n in spikes],
            "effective_noise": noise,
        }
        return System(
            observables={key: observables[key] for key in wanted},
            unknowns=unknowns,
            equations=equations,
            definitions=_needed(definitions, [observables[key] for key in wanted]),
            branch="the share of eigenvalues above the threshold increases with the angle",
        )

    return Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)


def _written(expr: Any, lengths: Mapping[str, int]) -> Any:
    """Sums over the spikes written out for their number."""
    return expr.xreplace({r: sp.Integer(lengths["theta"])}).doit()


def _needed(definitions: list[tuple[Any, Any]], observables: list[Any]) -> tuple[tuple[Any, Any], ...]:
    """The definitions that the observables rest on, in order."""
    wanted = set().union(*(_atoms(o) for o in observables))
    kept = []
    for symbol, expr in reversed(definitions):
        if symbol in wanted:
            kept.append((symbol, expr))
            wanted |= _atoms(expr)
    return tuple(reversed(kept))


def _atoms(expr: Any) -> set[Any]:
    if isinstance(expr, list):
        return set().union(*(_atoms(e) for e in expr))
    return expr.atoms(sp.Symbol, sp.Indexed)

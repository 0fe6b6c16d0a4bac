"""How the PCA-probe results are evaluated: the angle of the threshold is solved for, the rest is closed form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.quantity import NONNEGATIVE
from ...symbolic.search import Search
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .best_size import search, search_case, threshold, threshold_case
from .formulas import exchange_definitions, needed, probe, written
from .notation import NOTATION, i, symbols

rho, phi, c, c0, noise, E_gen, E_train, exchange = symbols("rho phi c c0 noise E_gen E_train exchange")

# Where unlabelled data make no difference, no number of them replaces a label.
UNUSED = {
    "unlimited data": "infinite (the unlabelled data are unlimited)",
    "complete": "infinite (k = d: the unlabelled data are not used)",
}

_SPECTRUM = ("gamma", "rho", "theta")
_TASK = (*_SPECTRUM, "a", "b", "sigma2")
_PROBE = (*_TASK, "alpha", "lam")
# A result that speaks of the best size does not depend on one.
_OPTIMUM = tuple(name for name in _PROBE if name != "rho")
_THRESHOLD = tuple(name for name in _OPTIMUM if name not in ("alpha", "lam"))

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
    Result(
        "generalisation_error",
        "generalisation",
        "expected squared error on a fresh sample",
        needs=_PROBE,
        also=("kappa",),
    ),
    Result(
        "training_error", "training", "mean squared residual on the labelled samples", needs=_PROBE, also=("kappa",)
    ),
    Result("overlap", "overlap-closed", "share of each spike captured", "list", needs=_SPECTRUM, also=("size-closed",)),
    Result("effective_noise", "effective-noise", "label variance the representation cannot explain", needs=_TASK),
    Result("optimal_size", "optimal-error", "size with the least generalisation error", needs=_OPTIMUM),
    Result("optimal_error", "optimal-error", "least generalisation error over all sizes", needs=_OPTIMUM),
    Result(
        "critical_label_ratio",
        "critical-label-ratio",
        "N/d below which maximal compression is a local optimum (no ridge)",
        needs=_THRESHOLD,
        also=("outlier",),
    ),
    Result(
        "unlabelled_per_label",
        "level-set",
        "unlabelled samples that replace one label at fixed k/d",
        needs=_PROBE,
        also=("ridge-rates", "response"),
    ),
    Result(
        "optimal_unlabelled_per_label",
        "exchange-envelope",
        "unlabelled samples that replace one label at the optimal size",
        needs=_OPTIMUM,
        also=("ridge-rates", "response"),
    ),
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
    """Which end of the spectrum the threshold lies at; without a size, what is known of the best one.

    Raises OutsideDomain for k > min(d, M), and for a probe without ridge at k = N, where both errors diverge.
    """
    if "rho" not in point:
        return search_case(point) if "alpha" in point else threshold_case(point)
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
    if rho_ == 1:
        return "complete"
    return "all components" if gamma_ * rho_ == 1 else "partial"


def model(D: Derivation) -> Model:
    """The evaluation of the results of a derivation: every formula is taken from its claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System | Search:
        if name.startswith("optimum"):
            return search(D, name, lengths, wanted)
        if name.startswith("threshold"):
            return threshold(D, name, lengths, wanted)
        return _at_size(D, name, lengths, wanted)

    return Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)


def _at_size(D: Derivation, name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The system of the results at a given size."""
    spikes = range(1, lengths["theta"] + 1)
    unknowns, equations, place = (), (), phi
    captured = D.claim("overlap-closed").rhs
    if name == "unlimited data":
        captured = D.claim("overlap-unlimited").rhs
    elif name == "maximally compressed":
        captured, place = captured.xreplace({phi: sp.Integer(0)}), sp.Integer(0)
    elif name in ("complete", "all components"):
        captured, place = D.claim("overlap-complete").rhs, sp.pi
    else:
        unknowns = (Unknown(phi, low=sp.Integer(0), high=sp.pi),)
        equations = (D.claim("size-closed").rhs - rho,)
    weight = D.claim("outlier").equations[1].rhs
    definitions = [(c0[n], weight.xreplace({i: sp.Integer(n)})) for n in spikes]
    definitions += [(c[n], captured.xreplace({i: sp.Integer(n)})) for n in spikes]
    definitions.append((noise, written(D.claim("effective-noise").rhs, lengths)))
    if {"generalisation_error", "training_error", "unlabelled_per_label"} & set(wanted):
        definitions += probe(D, lengths)
        definitions.append((E_train, D.claim("training").rhs))
    if "unlabelled_per_label" in wanted and name not in UNUSED:
        definitions += exchange_definitions(D, lengths, place)
    observables = {
        "generalisation_error": E_gen,
        "training_error": E_train,
        "overlap": [c[n] for n in spikes],
        "effective_noise": noise,
        "unlabelled_per_label": UNUSED.get(name, exchange),
    }
    return System(
        observables={key: observables[key] for key in wanted},
        unknowns=unknowns,
        equations=equations,
        definitions=needed(definitions, [observables[key] for key in wanted]),
        branch="the share of eigenvalues above the threshold increases with the angle",
    )

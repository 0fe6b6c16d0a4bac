"""How the results are evaluated: three conditions for the conjugates, continued from a strong penalty."""

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

lam, q, rho, alpha, r, ratio_k, lam_k, noise, power = symbols("lam q rho alpha r ratio_k lam_k noise power")
V, m, o, Vh, mh, oh = symbols("V m o Vh mh oh")

PARAMETERS = (
    Parameter(replace(NOTATION["rho"], domain=POSITIVE)),
    *(Parameter(NOTATION[name]) for name in ("alpha", "theta")),
    Parameter(NOTATION["a"], same_length_as="theta"),
    *(Parameter(NOTATION[name]) for name in ("b", "sigma2", "lam")),
    Parameter(NOTATION["c"], same_length_as="theta"),
)
_CONDITIONS = ("mhat-channel", "vhat-channel", "ohat-channel")
_OVERLAPS = ((V, "spread-law"), (m, "teacher-overlap-task"), (o, "student-overlap-task"))
_ALSO = (*_CONDITIONS, *(label for _, label in _OVERLAPS), "signal-task", "recalled-effective-noise")
RESULTS = (
    Result("class_error", "class-error", "probability of a wrong label on a fresh sample", also=_ALSO),
    Result("training_loss", "training", "mean logistic loss of the labelled samples", also=_ALSO),
)
EXAMPLE = {
    "rho": "1/5", "alpha": "3/5", "theta": "3,3/2", "a": "1,1/2", "b": "7/10", "sigma2": "1/5", "lam": "1/10",
    "c": "5/6,3/4",
}  # fmt: skip
# Penalties from which the continuation starts; one of them is above every penalty that is asked for.
_STARTS = (8, 64, 512, 4096)


def case(point: Mapping[str, Any]) -> str:
    """Where the continuation starts; raises OutsideDomain for a task without noise and without components."""
    if point["rho"] > 1:
        raise OutsideDomain(f"rho = {point['rho']}: a representation has at most as many dimensions as the input")
    start = next((x for x in _STARTS if point["lam"] < x), None)
    if start is None:
        raise OutsideDomain(f"lam = {point['lam']}: penalties below {_STARTS[-1]} are evaluated; lower lam")
    return f"continued from the penalty {start}"


def model(D: Derivation) -> Model:
    """Every formula is taken from the claims; the start is that of a probe whose fields are small."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        def written(label: str) -> Any:
            return D.claim(label).rhs.xreplace({r: sp.Integer(lengths["theta"])}).doit()

        sizes = {e.lhs: e.rhs.xreplace({q: rho / alpha}) for e in D.claim("sizes").equations}
        given = {noise: written("recalled-effective-noise"), power: written("signal-task")}
        # l(u) = log 2 - u/2 + u^2/8 + ...: the slope 1/2 and the curvature 1/4 of the loss at 0.
        pull = sp.sqrt(2 / (sp.pi * (given[power] + given[noise]))) / 2
        return System(
            observables={key: written(result.label) for result in RESULTS if (key := result.name) in wanted},
            unknowns=(
                Unknown(mh, None, None, sizes[ratio_k] * pull),
                Unknown(Vh, sp.Integer(0), sp.oo, sizes[ratio_k] / 4),
                Unknown(oh, sp.Integer(0), sp.oo, sizes[ratio_k] / 4),
            ),
            equations=tuple(D.claim(label).single for label in _CONDITIONS),
            definitions=(*sizes.items(), *given.items(), *((symbol, written(label)) for symbol, label in _OVERLAPS)),
            branch="the one saddle point of a convex loss with a ridge penalty",
            continuation=(lam, sp.Integer(int(name.split()[-1]))),
            by_factors=True,
            # As for classifiers in general: the problem is strictly convex-concave.
            unique=True,
        )

    return Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)

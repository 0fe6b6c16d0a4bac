"""How the results are evaluated: a self-energy in its bracket, then closed forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, E_test, E_test1, E_train, E_train1, K, K_l, K_q, a, g, shift, t1, v0

PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("psi_n", "psi_p", "mu2", "N2", "c", "h", "lam"))
ONE = ("psi_n", "psi_p", "mu2", "N2", "h", "lam")
RESULTS = (
    Result("overlap", "conditional-trace", "overlap of the readout with the weights"),
    Result("slope_q", "slope-q", "slope of the overlap in the noise part"),
    Result("slope_l", "slope-l", "slope of the overlap in the shift"),
    Result("training_error", "errors", "denoising loss on the data"),
    Result("test_error", "errors", "mean squared error of the score per dimension"),
    Result("training_error_one_draw", "one-training", "denoising loss on the data, one noise draw each", needs=ONE),
    Result("test_error_one_draw", "one-test", "mean squared error of the score per dimension, one draw", needs=ONE),
)
EXAMPLE = {"psi_n": "3/2", "psi_p": "2", "mu2": "1/4", "N2": "2/5", "c": "19/80", "h": "1/4", "lam": "1/100"}


def case(point: Mapping[str, Any]) -> str:
    """Raises OutsideDomain when the moments are not those of a nonlinear activation."""
    if "c" not in point:
        if not point["N2"] > point["mu2"]:
            raise OutsideDomain(f"N2 = {point['N2']} must exceed mu2 = {point['mu2']}: the activation is not linear")
        return "one draw"
    linear = (1 - point["h"]) * point["mu2"]
    if not point["c"] > linear:
        raise OutsideDomain(f"c = {point['c']} must exceed (1 - h) mu2 = {linear}: the nonlinear part has a variance")
    if not point["N2"] > point["c"] + point["h"] * point["mu2"]:
        raise OutsideDomain(f"N2 = {point['N2']} must exceed c + h mu2 = {point['c'] + point['h'] * point['mu2']}")
    return "nonlinear activation"


def model(D: Derivation) -> Model:
    """Every formula is taken from the claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        one = name == "one draw"
        table = {e.lhs: e.rhs for e in D.claim("one-conditional-trace" if one else "conditional-trace").equations}
        constants = {e.lhs: e.rhs for e in D.claim("constants").equations}
        if one:
            kept = [(v0, constants[v0]), (shift, table[shift]), (g, D.claim("one-linear-closed").rhs), (t1, table[t1])]
            labels = ("one-second-trace", "one-first-slope", "one-second-slope", "one-training", "one-test")
            energy = "one-self-energy"
        else:
            kept = [*constants.items(), (shift, table[shift]), (g, D.claim("gram-closed").rhs), (K, table[K])]
            labels, energy = ("slope-q", "slope-l", "errors"), "self-energy"
        kept += [(e.lhs, e.rhs) for label in labels for e in D.claim(label).equations]
        found = {"overlap": K, "slope_q": K_q, "slope_l": K_l, "training_error": E_train, "test_error": E_test}
        found |= {"training_error_one_draw": E_train1, "test_error_one_draw": E_test1}
        return System(
            observables={key: found[key] for key in wanted},
            unknowns=(Unknown(a, low=sp.Integer(0), high=sp.Integer(1)),),
            equations=(a - D.claim(energy).rhs,),
            definitions=tuple(kept),
            branch="the self-energy is the only crossing in its bracket",
        )

    return Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)

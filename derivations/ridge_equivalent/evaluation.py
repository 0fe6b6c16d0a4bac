"""How the results are evaluated: the effective ridge in its bracket, the rest in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import (
    NOTATION,
    E_gen,
    J,
    df1,
    df2,
    kappa,
    lam,
    phi,
    s,
    sigma2,
    w,
)
from .witnesses import REFERENCE

LAW_NEEDS = ("phi", "lam", "w", "s")
PARAMETERS = (
    Parameter(NOTATION["phi"]),
    Parameter(NOTATION["lam"]),
    Parameter(NOTATION["sigma2"], default="0"),
    Parameter(NOTATION["w"]),
    Parameter(NOTATION["s"], same_length_as="w"),
    Parameter(NOTATION["theta"], same_length_as="w"),
)
RESULTS = (
    Result("kappa", "ridge", "effective ridge", needs=LAW_NEEDS),
    Result("trace", "trace-r", "normalised trace of the resolvent", needs=LAW_NEEDS),
    Result("covariance_trace", "trace-cr", "normalised trace of Sigma R", needs=LAW_NEEDS),
    Result("bias_trace", "form-rcr", "normalised trace of R Theta R Sigma", needs=(*LAW_NEEDS, "theta")),
    Result("variance_trace", "variance", "normalised trace of R S R Sigma, S the sample covariance", needs=LAW_NEEDS),
    Result("bias", "bias", "part of the test error that the noise does not cause", needs=(*LAW_NEEDS, "theta")),
    Result(
        "variance", "variance", "part of the test error that fitting the noise causes", needs=(*LAW_NEEDS, "sigma2")
    ),
    Result("test_error", "test", "expected squared error on a fresh noisy sample"),
    Result("training_error", "training", "mean squared residual on the samples"),
)


def case(point: Mapping[str, Any]) -> str:
    """Raises OutsideDomain when the shares of the directions sum to more than 1 (by more than rounding)."""
    total = sum(point["w"])
    if total - 1 > sp.Rational(1, 10**12):
        raise OutsideDomain(f"the shares w sum to {total}: they are shares of all directions, at most 1 together")
    return "any penalty"


def model(D: Derivation) -> Model:
    """The effective ridge in its bracket, then closed forms: every formula is taken from the claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        def written(label: str) -> Any:
            return D.claim(label).rhs.xreplace({J: sp.Integer(lengths["w"])}).doit()

        found = {"kappa": kappa, "trace": written("trace-r"), "covariance_trace": written("trace-cr")}
        found |= {"bias_trace": written("form-rcr"), "variance_trace": written("variance") / (sigma2 * phi)}
        found |= {"bias": written("bias"), "variance": written("variance")}
        found |= {
            "test_error": written("test"),
            "training_error": written("training").xreplace({E_gen: written("test")}),
        }
        high = lam + phi * sum((w[k] * s[k] for k in range(1, lengths["w"] + 1)), start=sp.Integer(0))
        return System(
            observables={key: found[key] for key in wanted},
            unknowns=(Unknown(kappa, low=lam, high=high),),
            equations=(D.claim("ridge").rhs - lam,),
            definitions=((df1, written("df-one")), (df2, written("df-two"))),
            branch="the effective ridge is the only root of an increasing function above the penalty",
        )

    return Model(PARAMETERS, RESULTS, case=case, system=system, example=REFERENCE)

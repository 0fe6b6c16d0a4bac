"""How the results are evaluated: the effective penalty in its bracket, the rest in closed form."""

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
    E_train,
    J,
    alpha,
    bias,
    df1,
    df2,
    kappa,
    lam,
    m,
    norm,
    shares,
    variances,
)

PARAMETERS = (
    Parameter(NOTATION["alpha"]),
    Parameter(NOTATION["lam"]),
    Parameter(NOTATION["rho"]),
    Parameter(NOTATION["sigma2"]),
    # One level of variance 1 is the isotropic case.
    Parameter(NOTATION["shares"], default="1"),
    Parameter(NOTATION["variances"], default="1", same_length_as="shares"),
    Parameter(NOTATION["powers"], default="1", same_length_as="shares"),
)
_LAW = ("alpha", "lam", "shares", "variances")
RESULTS = (
    Result(
        "generalisation_error",
        "generalisation",
        "error on a fresh input, label noise excluded",
        also=("penalty", "df-one-levels", "df-two-levels", "bias-levels"),
    ),
    Result(
        "training_error",
        "training",
        "mean squared residual of the training set",
        also=("penalty", "df-one-levels", "df-two-levels", "bias-levels", "generalisation"),
    ),
    Result(
        "teacher_overlap",
        "teacher-overlap-levels",
        "overlap of student and teacher per dimension, weighted with the covariance",
        needs=(*_LAW, "rho", "powers"),
        also=("penalty", "df-one-levels"),
    ),
    Result(
        "student_norm",
        "student-norm-levels",
        "squared length of the student per dimension",
        also=("penalty", "df-one-levels", "df-two-levels", "bias-levels", "generalisation"),
    ),
    Result("effective_penalty", "penalty", "effective penalty", needs=_LAW, also=("df-one-levels",)),
)
EXAMPLE = {
    "alpha": "3/2", "lam": "1/10", "rho": "1", "sigma2": "1/5",
    "shares": "2/5,3/5", "variances": "2,1/2", "powers": "1/2,4/3",
}  # fmt: skip


def case(point: Mapping[str, Any]) -> str:
    """One case; raises OutsideDomain when the shares of the levels sum to more than 1 (by more than rounding)."""
    total = sum(point["shares"])
    if total - 1 > sp.Rational(1, 10**12):
        raise OutsideDomain(f"the shares sum to {total}: they are shares of all directions, at most 1 together")
    return "ridge"


def model(D: Derivation) -> Model:
    """The effective penalty in its bracket, then closed forms: every formula is taken from the claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        def written(label: str) -> Any:
            return D.claim(label).rhs.xreplace({J: sp.Integer(lengths["shares"])}).doit()

        observables = {"generalisation_error": E_gen, "training_error": E_train, "teacher_overlap": m}
        observables |= {"student_norm": norm, "effective_penalty": kappa}
        definitions: list[tuple[Any, Any]] = [(df1, written("df-one-levels"))]
        if {"generalisation_error", "training_error", "student_norm"} & set(wanted):
            definitions += [(df2, written("df-two-levels")), (bias, written("bias-levels"))]
            definitions += [(E_gen, D.claim("generalisation").rhs)]
        for key, symbol, label in (
            ("training_error", E_train, "training"),
            ("teacher_overlap", m, "teacher-overlap-levels"),
            ("student_norm", norm, "student-norm-levels"),
        ):
            if key in wanted:
                definitions.append((symbol, written(label)))
        spread = sum((shares[k] * variances[k] for k in range(1, lengths["shares"] + 1)), start=sp.Integer(0))
        return System(
            observables={key: observables[key] for key in wanted},
            unknowns=(Unknown(kappa, low=lam / alpha, high=(lam + spread) / alpha),),
            equations=(D.claim("penalty").rhs - lam,),
            definitions=tuple(definitions),
            branch="the penalty is a convex function of the effective penalty that vanishes at 0: one positive root",
        )

    return Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)

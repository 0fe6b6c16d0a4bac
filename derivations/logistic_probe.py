"""Logistic regression with a ridge penalty and labels from the sign of a teacher, by replicas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.replica import classifier, glm
from ..symbolic.replica.declared_loss import DeclaredLoss, LossDerivatives, ProxVariable
from ..symbolic.system import Model, Parameter, System

NOTATION = glm.declare(*classifier.QUANTITIES)
u, ell, m = NOTATION.symbols("u ell m")


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="logistic_probe",
        title="Logistic regression by replicas",
        abstract="A linear classifier is trained with the logistic loss and a ridge penalty on isotropic Gaussian "
        "inputs whose labels are the signs of a teacher's field. Its overlaps solve three equations, in which the "
        "minimiser of the loss serves as the variable of integration.",
        sources=(
            "B. Aubin, F. Krzakala, Y. M. Lu and L. Zdeborova, Generalization error in high-dimensional perceptrons: "
            "approaching Bayes error with convex optimization, NeurIPS 2020",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose mean classification error over 50 draws lies five standard "
        "errors away.",
    )
    glm.derive(D, classifier.SIGN)
    classifier.ridge_weights(D)
    _channel(D)
    _errors(D)
    D.limits += [Limit("no overlap: labels are guessed", "class-error", {m: 0}, sp.Rational(1, 2))]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _channel(D: Derivation) -> None:
    D.section("The logistic loss")
    classifier.given_labels(D)
    for label, what in (
        (
            "mhat",
            r"For a smooth loss the minimiser itself can be the variable of integration, $z \to z + V \ell'(z)$:",
        ),
        ("vhat", "likewise"),
        ("qhat", "and"),
    ):
        D.derive(ProxVariable(), f"{label}-field", label=f"{label}-minimiser", prose=what)
    D.define("loss", Equation(ell(u), sp.log(1 + sp.exp(-u)), ":="), prose="For the logistic loss")
    D.derive(LossDerivatives(), "loss", label="loss-slopes", prose="with the derivatives")
    for label, what in (("mhat", "these are"), ("vhat", "and"), ("qhat", "and")):
        D.derive(DeclaredLoss(), f"{label}-minimiser", "loss-slopes", label=f"{label}-channel", prose=what)


def _errors(D: Derivation) -> None:
    classifier.errors(D)
    D.derive(ProxVariable(), "mean-loss-field", label="mean-loss-minimiser", prose="and in the minimiser")
    D.derive(DeclaredLoss(), "mean-loss-minimiser", "loss", "loss-slopes", label="training", prose="which is")


PARAMETERS = (Parameter(NOTATION["alpha"]), Parameter(NOTATION["lam"]), Parameter(NOTATION["rho"], default="1"))
RESULTS = classifier.results()
EXAMPLE = {"alpha": "2", "lam": "1/10", "rho": "1"}


def case(point: Mapping[str, Any]) -> str:
    """Where the continuation in the penalty starts."""
    return classifier.start_of(point)


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """Three equations for the overlaps and the spread."""
    return classifier.saddle_system(derivation(), name, wanted, slope=-sp.Rational(1, 2), curvature=sp.Rational(1, 4))


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

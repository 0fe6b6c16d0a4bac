"""A support vector machine: hinge loss, ridge penalty and labels from the sign of a teacher, by replicas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.replica import classifier, glm
from ..symbolic.replica.declared_loss import DeclaredLoss
from ..symbolic.replica.gaussian_pieces import PiecewiseMeans
from ..symbolic.system import Model, Parameter, System

NOTATION = glm.declare(*classifier.QUANTITIES)
u, ell, m = NOTATION.symbols("u ell m")


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="hinge_probe",
        title="The hinge loss by replicas",
        abstract="A linear classifier is trained with the hinge loss and a ridge penalty on isotropic Gaussian "
        "inputs whose labels are the signs of a teacher's field. Its overlaps solve three equations in closed form, "
        "with error functions and Owen's function.",
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
    D.section("The hinge loss")
    classifier.given_labels(D)
    D.define("loss", Equation(ell(u), sp.Max(0, 1 - u), ":="), prose="The minimiser of the hinge loss")
    for label, what in (
        ("mhat", "is known: fields below $1 - V$ are shifted by $V$, those up to 1 are moved to the margin. Hence"),
        ("vhat", "and"),
        ("qhat", "and"),
    ):
        D.derive(DeclaredLoss(), f"{label}-field", "loss", label=f"{label}-pieces", prose=what)
    for label, what in (
        (
            "mhat",
            r"In closed form, with Owen's function $T(h, a) = \frac{1}{2\pi} \int_0^a e^{-h^2 (1 + s^2)/2}/"
            r"(1 + s^2)\, ds$,",
        ),
        ("vhat", "and"),
        ("qhat", "and"),
    ):
        D.derive(PiecewiseMeans(), f"{label}-pieces", label=f"{label}-channel", prose=what)


def _errors(D: Derivation) -> None:
    classifier.errors(D)
    D.derive(DeclaredLoss(), "mean-loss-field", "loss", label="mean-loss-pieces", prose="with the loss inserted")
    D.derive(PiecewiseMeans(), "mean-loss-pieces", label="training", prose="and in closed form")


PARAMETERS = (Parameter(NOTATION["alpha"]), Parameter(NOTATION["lam"]), Parameter(NOTATION["rho"], default="1"))
RESULTS = classifier.results()
EXAMPLE = {"alpha": "2", "lam": "1/10", "rho": "1"}


def case(point: Mapping[str, Any]) -> str:
    """Where the continuation in the penalty starts."""
    return classifier.start_of(point)


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """Three equations for the overlaps and the spread."""
    return classifier.saddle_system(derivation(), name, wanted, slope=-sp.Integer(1), curvature=sp.Integer(0))


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

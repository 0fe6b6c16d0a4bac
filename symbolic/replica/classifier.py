"""What classifiers with a ridge penalty share: labels, weights, the class error, and the solution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ..claim import Equation
from ..derivation import Derivation
from ..quantity import POSITIVE, Quantity, interval
from ..system import Result, System, Unknown
from .channel_stationarity import MeanLoss
from .declared_loss import DeclaredLoss
from .glm import Labels
from .log_channel import TEACHER
from .mean import Mean
from .orthant import Orthant
from .sign_teacher import ConditionOnSign

SIGN = Labels(
    words=r"The labels are the signs of the fields $x_\mu \cdot t/\sqrt{d}$ of a teacher with weights that are "
    r"independent $N(0, \rho)$.",
    margin=True,
    laws=((sp.Integer(1), sp.Heaviside(TEACHER)), (sp.Integer(-1), sp.Heaviside(-TEACHER))),
)
QUANTITIES = (
    Quantity("lam", "ridge penalty", r"\lambda", POSITIVE, "parameter"),
    Quantity(
        "E_class", "probability of a wrong label on a fresh input", r"E_{\mathrm{class}}", interval(0, 1), "result"
    ),
    Quantity("T", "mean loss of the training samples", r"L_{\mathrm{train}}", POSITIVE, "result"),
)
_WEIGHTS = (("V", "spread-ridge"), ("m", "teacher-overlap-ridge"), ("q", "student-overlap-ridge"))


def ridge_weights(D: Derivation) -> None:
    """The weight channel with the penalty lam w^2/2.

    Labels: teacher-overlap-ridge, spread-ridge, student-overlap-ridge.
    """
    lam, u, r = D.notation.symbols("lam u r")
    D.section("The ridge penalty")
    D.define("penalty", Equation(r(u), lam * u**2 / 2, ":="), prose="With the penalty")
    for label, what in (
        ("teacher-overlap", "the weights are proportional to their fields, and"),
        ("spread", "and"),
        ("student-overlap", "and"),
    ):
        D.derive(DeclaredLoss(), label, "penalty", label=f"{label}-ridge", prose=what)


def given_labels(D: Derivation) -> None:
    """The three conditions of the label channel over one field: labels mhat-field, vhat-field, qhat-field."""
    for label, what in (
        ("mhat", r"Given that the teacher's field vanishes, the student's has the variance $q - m^2/\rho$; over it"),
        ("vhat", "while given the teacher's sign only, over a field of variance $q$,"),
        ("qhat", "and"),
    ):
        D.derive(ConditionOnSign(), label, label=f"{label}-field", prose=what)


def errors(D: Derivation) -> None:
    """The error on a fresh input, and the mean loss over one field: labels class-error, mean-loss-field."""
    alpha, ell, T = D.notation.symbols("alpha ell T")
    D.section("Errors")
    _class_error(D)
    D.derive(
        MeanLoss(loss=ell, ratio=alpha, result=T),
        "minimum",
        label="mean-loss",
        prose="The mean loss of the training samples is the slope of the minimal energy in the strength of the loss,",
    )
    D.derive(ConditionOnSign(), "mean-loss", label="mean-loss-field", prose="that is,")


def _class_error(D: Derivation) -> None:
    """The probability that student and teacher disagree."""
    rho, m, q, result = D.notation.symbols("rho m q E_class")
    teacher, student = sp.symbols("u_0 u_1", real=True)
    disagree = sp.Heaviside(teacher) * sp.Heaviside(-student)
    D.define(
        "class-error-definition",
        Equation(result, 2 * Mean(disagree, (teacher, student), ((rho, m), (m, q))), ":="),
        given=(sp.Gt(rho * q, m**2),),
        prose="A fresh input is given the wrong label where the fields of student and teacher differ in sign,",
    )
    D.derive(Orthant(), "class-error-definition", label="class-error", prose="which happens with the probability")


def results() -> tuple[Result, ...]:
    """The results of every classifier."""
    channel = ("mhat-channel", "vhat-channel", "qhat-channel")
    weights = tuple(label for _, label in _WEIGHTS)
    return (
        Result("class_error", "class-error", "probability of a wrong label on a fresh input", also=channel + weights),
        Result("training_loss", "training", "mean loss over the training set", also=channel + weights),
        Result(
            "teacher_overlap", "teacher-overlap-ridge", "overlap of student and teacher per dimension", also=channel
        ),
        Result("student_norm", "student-overlap-ridge", "squared length of the student per dimension", also=channel),
        Result("spread", "spread-ridge", "spread of the students times the inverse temperature", also=channel),
    )


def start_of(point: Mapping[str, Any]) -> str:
    """The case of a point: a penalty so strong for its number of samples that fields stay small, a power of 2."""
    strong = 4
    while strong < 4 * point["alpha"]:
        strong *= 2
    return f"continued from the penalty {strong}"


def saddle_system(D: Derivation, case: str, wanted: tuple[str, ...], slope: Any, curvature: Any) -> System:
    """The conjugates from the three conditions of the label channel, everything else from them.

    slope, curvature: l'(0) and l''(0): at a strong penalty the fields are small, and the conjugates are those of
    l(0) + slope u + curvature u^2/2. There the continuation starts; the conjugates vary little with the penalty.
    """
    N = D.notation
    alpha, rho, lam, qhat, mhat, Vhat = N.symbols("alpha rho lam qhat mhat Vhat")
    labels = {result.name: result.label for result in results()}
    return System(
        observables={name: D.claim(labels[name]).rhs for name in wanted},
        unknowns=(
            Unknown(mhat, None, None, -alpha * slope * sp.sqrt(2 / (sp.pi * rho))),
            Unknown(Vhat, sp.Integer(0), sp.oo, alpha * curvature),
            Unknown(qhat, sp.Integer(0), sp.oo, alpha * slope**2),
        ),
        equations=tuple(D.claim(f"{k}-channel").single for k in ("mhat", "vhat", "qhat")),
        definitions=tuple((N[name].symbol, D.claim(label).rhs) for name, label in _WEIGHTS),
        branch="the one saddle point of a convex loss with a ridge penalty",
        continuation=(lam, sp.Integer(case.split()[-1])),
        by_factors=True,
        # The loss is convex and the penalty strictly so (C. Thrampoulidis, E. Abbasi and B. Hassibi, IEEE Transactions
        # on Information Theory 64, 2018): the saddle point is that of a strictly convex-concave problem.
        unique=True,
    )

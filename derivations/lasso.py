"""Lasso by replicas: overlaps, sparsity, generalisation and training error in terms of one threshold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.quantity import NONNEGATIVE, POSITIVE, Quantity, interval
from ..symbolic.replica import glm
from ..symbolic.replica.channel_stationarity import MeanLoss
from ..symbolic.replica.declared_loss import DeclaredLoss
from ..symbolic.replica.gaussian_pieces import PiecewiseMeans
from ..symbolic.replica.insertion import Insert, SolveFor
from ..symbolic.rules.algebra import Restate
from ..symbolic.system import Model, Parameter, Result, System, Unknown

NOTATION = glm.declare(
    glm.NOISE,
    Quantity("lam", "penalty of a unit weight", r"\lambda", POSITIVE, "parameter"),
    Quantity("theta", "threshold in units of the standard deviation of the field", r"\theta", POSITIVE, "unknown"),
    Quantity("E_gen", "generalisation error", r"E_{\mathrm{gen}}", NONNEGATIVE, "result"),
    Quantity("T", "mean loss of the training samples", r"L_{\mathrm{train}}", NONNEGATIVE, "result"),
    Quantity("support", "fraction of weights that are not zero", "s", interval(0, 1), "result"),
)
alpha, rho, sigma2, lam, u, ell, r, f, q, m, V = NOTATION.symbols("alpha rho sigma2 lam u ell r f q m V")
qhat, mhat, Vhat, theta, E_gen, T, support = NOTATION.symbols("qhat mhat Vhat theta E_gen T support")


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="lasso",
        title="Lasso by replicas",
        abstract="A linear student learns a linear teacher with Gaussian weights from noisy labels of isotropic "
        "Gaussian inputs, with an absolute-value penalty. The overlaps, both errors and the sparsity follow from one "
        "equation for a threshold.",
        sources=(
            "M. Bayati and A. Montanari, The LASSO risk for Gaussian matrices, IEEE Transactions on Information "
            "Theory 58, 2012",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose mean generalisation error over 50 draws lies five standard "
        "errors away.",
    )
    glm.derive(
        D,
        glm.Labels(
            words=r"The labels are $x_\mu \cdot t/\sqrt{d} + \varepsilon_\mu$ with noise of variance $\sigma^2$ and "
            r"teacher weights that are independent $N(0, \rho)$.",
            margin=False,
            noise=sigma2,
        ),
    )
    _closed_forms(D)
    _threshold(D)
    _errors(D)
    D.limits += [
        Limit("strong threshold: nothing is learned", "overlap", {theta: sp.oo}, sp.Integer(0)),
        Limit("no threshold: every weight counts", "sparsity", {theta: 0}, sp.Integer(1)),
    ]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _closed_forms(D: Derivation) -> None:
    D.section("Square loss and absolute values")
    D.define("loss", Equation(ell(u), u**2 / 2, ":="), prose="For the square loss")
    D.define("penalty", Equation(r(u), lam * sp.Abs(u), ":="), prose="and the penalty")
    for label, what in (("mhat", "the minimisers are known. The conjugates are"), ("vhat", "and"), ("qhat", "and")):
        D.derive(DeclaredLoss(), label, "loss", label=f"{label}-square", prose=what)
    for label, what in (
        ("teacher-overlap", "The weights are soft thresholds of their fields, of which a fraction is not zero:"),
        ("spread", "and likewise"),
        ("student-overlap", "and"),
    ):
        D.derive(DeclaredLoss(), label, "penalty", label=f"{label}-soft", prose=what)
        D.derive(PiecewiseMeans(), f"{label}-soft", label=f"{label}-closed", prose="that is,")


def _threshold(D: Derivation) -> None:
    D.section("One equation")
    D.define(
        "threshold",
        Equation(qhat, lam**2 / theta**2 - rho * mhat**2),
        prose=r"Let $\theta$ be the threshold $\lambda$ in units of the standard deviation of the field,",
    )
    inserted = ("threshold", "mhat-square", "vhat-square")
    D.derive(
        Insert(tidy=True),
        "teacher-overlap-closed",
        *inserted,
        label="overlap",
        prose="Then, with the conjugates inserted, the overlap with the teacher is",
    )
    D.derive(Insert(tidy=True), "spread-closed", *inserted, label="spread-implicit", prose="the spread solves")
    D.derive(SolveFor(unknown=V), "spread-implicit", label="spread-threshold", prose="so that")
    D.derive(
        Insert(tidy=True), "student-overlap-closed", *inserted, label="norm-computed", prose="the squared length is"
    )
    gaussian = theta * sp.sqrt(2 / sp.pi) * sp.exp(-(theta**2) / 2)
    kept = (1 + theta**2) * sp.erfc(theta / sp.sqrt(2)) - gaussian
    D.derive(
        Restate(form=lam**2 * (1 + V) ** 2 / (alpha * theta) ** 2 * kept), "norm-computed", label="norm", prose="or"
    )
    D.derive(
        Insert(both=True),
        "qhat-square",
        *inserted,
        label="condition",
        prose=r"and the condition for $\hat q$ becomes the equation for $\theta$:",
    )


def _errors(D: Derivation) -> None:
    D.section("Errors")
    D.define(
        "generalisation",
        Equation(E_gen, rho - 2 * m + q, ":="),
        prose="The error on a fresh input, without its noise, is",
    )
    D.derive(
        MeanLoss(loss=ell, ratio=alpha, result=T),
        "minimum",
        label="mean-loss",
        prose="The mean loss of the training samples is the slope of the minimal energy in the strength of the loss,",
    )
    D.derive(
        DeclaredLoss(),
        "mean-loss",
        "loss",
        label="mean-loss-square",
        prose="which for the square loss is",
    )
    D.derive(
        Restate(form=(E_gen + sigma2) / (2 * (1 + V) ** 2)),
        "mean-loss-square",
        "generalisation",
        label="training",
        prose="or, in words of the generalisation error,",
    )
    D.define(
        "sparsity-definition",
        Equation(support, Vhat * V),
        prose="The mean slope of the soft threshold is the fraction of weights that are not zero,",
    )
    D.derive(
        Insert(tidy=True),
        "sparsity-definition",
        "spread-closed",
        "threshold",
        label="sparsity",
        prose="which is",
    )


PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("alpha", "lam", "rho", "sigma2"))
SADDLE = ("condition", "overlap", "norm", "spread-threshold")
RESULTS = (
    Result("generalisation_error", "generalisation", "error on a fresh input, label noise excluded", also=SADDLE),
    Result("training_loss", "training", "mean of half the squared residual over the training set", also=SADDLE),
    Result("teacher_overlap", "overlap", "overlap of student and teacher per dimension", also=SADDLE),
    Result("student_norm", "norm", "squared length of the student per dimension", also=SADDLE),
    Result("spread", "spread-threshold", "spread of the students times the inverse temperature", also=SADDLE),
    Result("sparsity", "sparsity", "fraction of weights that are not zero", also=SADDLE),
)
EXAMPLE = {"alpha": "2", "lam": "1/10", "rho": "1", "sigma2": "1/10"}


def case(point: Mapping[str, Any]) -> str:
    """With fewer samples than dimensions the threshold must leave fewer weights than samples."""
    return "many samples" if point["alpha"] >= 1 else "few samples"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The threshold from its equation, then everything else."""
    D = derivation()
    labels = {result.name: result.label for result in RESULTS}
    low = sp.Integer(0) if name == "many samples" else sp.sqrt(2) * sp.erfcinv(alpha)
    steps = ((V, "spread-threshold"), (m, "overlap"), (q, "norm"), (E_gen, "generalisation"))
    return System(
        observables={k: D.claim(labels[k]).rhs for k in wanted},
        unknowns=(Unknown(theta, low, sp.oo),),
        equations=(D.claim("condition").single,),
        definitions=tuple((symbol, D.claim(label).rhs) for symbol, label in steps),
        branch="the threshold that leaves fewer weights than samples",
    )


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

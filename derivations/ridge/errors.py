"""One sample: overlaps, generalisation and training error of its student, for any covariance."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.spectral_rules import SpectralRestate, SpectralSolve, UnderSpectrum
from ...symbolic.replica.stationarity import Slope
from .notation import (
    E_gen,
    E_train,
    alpha,
    bias,
    df2,
    f,
    f_one,
    kappa,
    lam,
    m,
    m_one,
    mean,
    norm,
    p,
    q,
    q_one,
    r,
    s,
    sigma2,
)


def overlaps(D: Derivation) -> None:
    """The overlaps at the saddle point, in words of the effective penalty."""
    D.section("Overlaps")
    D.derive(
        SpectralRestate(form=lam / kappa),
        "conjugate-teacher",
        "spread-freedom",
        "ratio",
        label="conjugate-teacher-value",
        prose=r"By {spread-freedom} and {ratio}, {conjugate-teacher} is",
    )
    D.derive(
        SpectralRestate(form=mean(s**2 * p / (s + kappa))),
        "teacher-overlap-conjugate",
        "conjugate-teacher-value",
        "effective-penalty",
        label="teacher-overlap",
        prose="so that the overlap with the teacher is",
    )


def one_sample(D: Derivation) -> None:
    """Where averages over the samples become statements about one sample."""
    D.section("One sample")
    supported = ledger.supported_by(
        ledger.A7,
        "The minimal loss is a Lipschitz function of the Gaussian samples; so are, at a positive penalty, the overlaps "
        "of its one minimiser.",
    )
    D.assume(
        "typical-loss",
        Equation(f_one, f),
        assumption=supported,
        about=("minimum",),
        prose="Up to here everything is a mean over samples. The minimal loss of one large sample tends to that mean,",
    )
    D.assume(
        "typical-overlaps",
        Equation(m_one, m),
        Equation(q_one, q),
        assumption=supported,
        about=("teacher-overlap-conjugate", "student-overlap-conjugate"),
        prose=r"and so do the overlaps $t \cdot \Sigma w/d$ and $w \cdot \Sigma w/d$ of its minimiser,",
    )
    D.define(
        "generalisation-definition",
        Equation(E_gen, r - 2 * m_one + q_one, ":="),
        prose="Its error on a fresh input, without the noise of the label, is",
    )
    D.derive(Insert(), "generalisation-definition", "typical-overlaps", label="generalisation-overlaps", prose="hence")
    D.derive(
        SpectralRestate(form=(E_gen + sigma2) * lam**2 / (alpha * kappa**2)),
        "conjugate-overlap",
        "generalisation-overlaps",
        "spread-freedom",
        "ratio",
        label="conjugate-overlap-value",
        prose="and {conjugate-overlap} is this error in disguise,",
    )
    D.derive(
        SpectralRestate(form=mean(s**3 * p / (s + kappa) ** 2) + (E_gen + sigma2) * df2 / alpha),
        "student-overlap-conjugate",
        "conjugate-teacher-value",
        "conjugate-overlap-value",
        "effective-penalty",
        "df-two",
        label="student-overlap",
        prose="The overlap of two students, {student-overlap-conjugate}, contains the error again:",
    )
    D.derive(
        Insert(),
        "generalisation-overlaps",
        "student-overlap",
        "teacher-overlap",
        "signal",
        label="generalisation-implicit",
        prose="Therefore",
    )


def errors(D: Derivation) -> None:
    """Generalisation and training error in closed form."""
    D.section("Errors")
    D.derive(
        SpectralSolve(unknown=E_gen),
        "generalisation-implicit",
        label="generalisation-solved",
        prose="which is linear in the error,",
    )
    D.define(
        "bias",
        Equation(bias, kappa**2 * mean(s * p / (s + kappa) ** 2), ":="),
        prose="In words of the signal that is not learned,",
    )
    D.derive(
        SpectralRestate(form=(bias + sigma2 * df2 / alpha) / (1 - df2 / alpha)),
        "generalisation-solved",
        "bias",
        "df-two",
        label="generalisation",
        prose="the generalisation error is",
    )
    D.derive(Insert(), "typical-loss", "minimum", label="sample-loss", prose="The minimal loss of one sample is")
    D.derive(
        UnderSpectrum(rule=Slope(result=norm, variable=lam, factor=sp.Integer(2))),
        "sample-loss",
        label="student-norm-conjugate",
        prose="and its slope in the penalty, by the envelope theorem, half the squared length of the student:",
    )
    D.derive(
        SpectralRestate(form=mean(s**2 * p / (s + kappa) ** 2) + (E_gen + sigma2) / alpha * mean(s / (s + kappa) ** 2)),
        "student-norm-conjugate",
        "conjugate-teacher-value",
        "conjugate-overlap-value",
        "effective-penalty",
        label="student-norm",
        prose="in words of the effective penalty,",
    )
    D.define(
        "training-definition",
        Equation(E_train, 2 * (f_one - lam * norm / 2) / alpha, ":="),
        prose="The mean squared residual is what the penalty leaves of the minimal loss,",
    )
    D.derive(
        Insert(), "training-definition", "sample-loss", "student-norm-conjugate", label="training-raw", prose="namely"
    )
    D.derive(
        SpectralRestate(form=(lam / (alpha * kappa)) ** 2 * (E_gen + sigma2)),
        "training-raw",
        "conjugate-overlap-value",
        "conjugate-teacher-value",
        "spread-freedom",
        "student-overlap",
        "teacher-overlap",
        "effective-penalty",
        "generalisation",
        "bias",
        "signal",
        "df-one",
        "df-two",
        "ratio",
        "df-one",
        label="training",
        prose="All of it but one multiple of the generalisation error, noise included, cancels:",
    )

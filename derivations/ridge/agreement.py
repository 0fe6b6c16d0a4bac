"""The same results by deterministic equivalents: recalled from there, and proved equal."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate
from ...symbolic.rules.cited import Cited
from ..ridge_equivalent import derivation as other_route
from .notation import (
    E_fit,
    E_gen,
    E_test,
    E_train,
    alpha,
    df1,
    df1_e,
    df2,
    df2_e,
    j,
    lam,
    lam_e,
    phi_e,
    powers,
    rho,
    shares,
    sigma2,
    theta_e,
    variances,
)

LETTERS = (
    ("phi", phi_e), ("lam", lam_e), ("theta", theta_e), ("df1", df1_e), ("df2", df2_e), ("w", shares),
    ("s", variances), ("E_gen", E_test), ("E_train", E_fit),
)  # fmt: skip


def agreement(D: Derivation) -> None:
    """Effective penalty and both errors of the two routes, claim by claim."""
    D.section("Agreement with deterministic equivalents")
    D.define(
        "dictionary",
        Equation(phi_e, 1 / alpha, ":="),
        Equation(lam_e, lam / alpha, ":="),
        Equation(theta_e[j], rho * powers[j], ":="),
        prose=r"The same regression was solved without replicas, by the resolvent of the sample covariance, with the "
        r"loss divided by the number of samples. In its letters, marked where they differ,",
    )
    for label, what in (
        ("df-one", "the degrees of freedom are there"),
        ("df-two", "and"),
        ("ridge", "the effective penalty is the root of"),
        ("test", "the test error, noise included, is"),
        ("training", "and the training error"),
    ):
        D.derive(Cited(other_route, label, letters=LETTERS), label=f"recalled-{label}", prose=what)
    D.derive(
        Restate(form=df1),
        "recalled-df-one",
        "df-one-levels",
        label="agreement-df-one",
        prose="Term by term these are the quantities found here:",
    )
    D.derive(Restate(form=df2), "recalled-df-two", "df-two-levels", label="agreement-df-two", prose="and")
    D.derive(
        Restate(form=lam / alpha),
        "recalled-ridge",
        "agreement-df-one",
        "dictionary",
        "penalty",
        label="agreement-penalty",
        prose=r"for the $\kappa$ of {penalty} the equation of the other route is satisfied with its own penalty,",
    )
    D.derive(
        Restate(form=E_gen + sigma2),
        "recalled-test",
        "agreement-df-two",
        "dictionary",
        "generalisation",
        "bias-levels",
        label="agreement-generalisation",
        prose="the test error is the generalisation error with the noise of the label added,",
    )
    D.derive(
        Restate(form=E_train),
        "recalled-training",
        "agreement-generalisation",
        "dictionary",
        "training",
        label="agreement-training",
        prose="and the training errors are the same:",
    )

"""The probe as student of a teacher in the representation: ridge regression by replicas, with the law of the task."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.spectral_rules import SpectralInstance
from ...symbolic.rules.algebra import ClearDenominators, PositiveRoot, Restate, SolveLinear, Substitute
from ...symbolic.rules.cited import Cited
from ...symbolic.rules.gaussian import TargetLaw
from ..pca_probe import derivation as other_route
from ..ridge import derivation as ridge_route
from .notation import TARGET, TASK, e_rest, e_spike, i, p_rest, p_spike, symbols

lam, q, kappa, noise, E_gen, E_train = symbols("lam q kappa noise E_gen E_train")
ratio_k, lam_k, bias, excess, lam_e, kappa_e, E_test, E_fit = symbols(
    "ratio_k lam_k bias excess lam_e kappa_e E_test E_fit"
)
RIDGE = (("alpha", ratio_k), ("lam", lam_k), ("sigma2", noise), ("E_gen", excess))
OTHER = (("lam", lam_e), ("E_gen", E_test), ("E_train", E_fit))


def student(D: Derivation) -> None:
    """Ridge regression with the covariance of the representation, its claims recalled from the replica calculation."""
    D.section("The probe as a student")
    for label, prose in (
        ("task", "The labels are linear in the inputs, with the components"),
        ("variances", "along directions of the variances"),
        ("projections", "whose projections on the representation have the squared lengths"),
        ("effective-noise", "What the representation does not explain acts as label noise of variance"),
    ):
        D.derive(Cited(other_route, label), label=f"recalled-{label}", prose=prose)
    D.derive(
        TargetLaw(names=((e_spike[i], p_spike[i]), (e_rest, p_rest)), index=i),
        "recalled-task",
        "recalled-variances",
        "recalled-projections",
        label="law",
        prose=r"The representation has the covariance $C = U^{\top} \Sigma U$; the probe is the student of a teacher "
        r"$C^{-1} U^{\top} \Sigma w$. Eigenvalues of $C$ and squared components of the teacher are",
    )
    D.define(
        "sizes",
        Equation(ratio_k, 1 / q, ":="),
        Equation(lam_k, lam / q, ":="),
        prose=r"In the normalisation of the replica calculation of ridge regression, with $q = k/N$,",
    )
    for label, prose in (
        ("penalty", "That calculation found, for any covariance and teacher, one equation for an effective penalty,"),
        ("df-one", "with the degrees of freedom"),
        ("df-two", "and"),
        ("bias", "the signal that is not learned"),
        ("generalisation", "the error without the noise of the label"),
        ("training", "and the mean squared residual"),
    ):
        D.derive(Cited(ridge_route, label, letters=RIDGE), label=f"ridge-{label}", prose=prose)


def errors(D: Derivation) -> None:
    """Effective penalty and errors of the probe."""
    D.section("Errors of the probe by replicas")
    instance = SpectralInstance(levels=TARGET, letters=TASK)
    D.derive(
        instance,
        "ridge-df-one",
        label="df-one",
        prose="All but finitely many eigenvalues of $C$ are 1, which is all that a trace sees,",
    )
    D.derive(instance, "ridge-df-two", label="df-two", prose="and")
    D.derive(instance, "ridge-bias", label="bias-law", prose="while the teacher lies along the other directions too,")
    D.derive(Substitute(), "bias-law", "law", label="bias", prose="that is,")
    D.derive(
        Insert(both=True), "ridge-penalty", "sizes", "df-one", label="penalty-implicit", prose="The penalty satisfies"
    )
    D.derive(SolveLinear(unknown=lam), "penalty-implicit", label="penalty", prose="hence")
    D.derive(ClearDenominators(unknown=kappa), "penalty", label="kappa-quadratic", prose="a quadratic equation,")
    D.derive(PositiveRoot(unknown=kappa), "kappa-quadratic", label="kappa", prose="with one positive root,")
    D.define(
        "generalisation-definition",
        Equation(E_gen, excess + noise, ":="),
        prose="A fresh label carries the effective noise too,",
    )
    D.derive(
        Insert(),
        "generalisation-definition",
        "ridge-generalisation",
        "df-two",
        "sizes",
        label="generalisation-raw",
        prose="so that",
    )
    D.derive(
        Restate(form=(bias + noise) / (1 - q / (1 + kappa) ** 2)),
        "generalisation-raw",
        label="generalisation",
        prose="or",
    )
    D.derive(
        Restate(form=(1 - q / (1 + kappa)) ** 2 * E_gen),
        "ridge-training",
        "generalisation-definition",
        "sizes",
        "penalty",
        label="training",
        prose="and the training error is",
    )


def agreement(D: Derivation) -> None:
    """The same three results as by the resolvent of the probe."""
    D.section("Agreement with the resolvent of the probe")
    for label, letters, prose in (
        ("ridge", OTHER, "The other route found the equation of its effective ridge,"),
        ("kappa", (*OTHER, ("kappa", kappa_e)), "its positive root,"),
        ("generalisation", OTHER, "the generalisation error"),
        ("training", OTHER, "and the training error"),
    ):
        D.derive(Cited(other_route, label, letters=letters), label=f"recalled-{label}", prose=prose)
    D.derive(
        Restate(form=lam),
        "recalled-ridge",
        "penalty",
        label="agreement-penalty",
        prose=r"At the $\kappa$ of {penalty} the penalty of the other route is",
    )
    D.derive(
        Restate(form=kappa),
        "recalled-kappa",
        "agreement-penalty",
        "kappa",
        label="agreement-kappa",
        prose="its root is this $\\kappa$,",
    )
    D.derive(
        Restate(form=E_gen),
        "recalled-generalisation",
        "generalisation",
        "bias",
        label="agreement-generalisation",
        prose="the generalisation errors are equal, spike by spike,",
    )
    D.derive(
        Restate(form=E_train),
        "recalled-training",
        "agreement-generalisation",
        "training",
        label="agreement-training",
        prose="and so are the training errors:",
    )

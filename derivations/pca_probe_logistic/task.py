"""The law of the task: what PCA captured of the spikes decides the covariance of the representation and the target."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.spectral_rules import SpectralInstance
from ...symbolic.rules.algebra import Substitute
from ...symbolic.rules.cited import Cited
from ...symbolic.rules.gaussian import TargetLaw
from ..pca_probe import derivation as pretraining
from .notation import LETTERS, TARGET, e_rest, e_spike, i, mean, p, p_rest, p_spike, s, symbols

lam, q, power, ratio_k, lam_k = symbols("lam q power ratio_k lam_k")


def task(D: Derivation) -> None:
    """Claims recalled from the pretraining, and the law they imply."""
    D.section("What the representation captured")
    for label, prose in (
        ("task", "The labels are the signs of a linear task with the components"),
        ("variances", "along directions of the variances"),
        ("projections", "whose projections on the representation have the squared lengths"),
        ("effective-noise", "What the representation does not explain acts as noise of variance"),
    ):
        D.derive(Cited(pretraining, label), label=f"recalled-{label}", prose=prose)
    D.derive(
        TargetLaw(names=((e_spike[i], p_spike[i]), (e_rest, p_rest)), index=i),
        "recalled-task",
        "recalled-variances",
        "recalled-projections",
        label="law",
        prose=r"The representation has the covariance $C = U^{\top} \Sigma U$ and the target is $\beta_* = C^{-1} "
        r"U^{\top} \Sigma w$. Eigenvalues of $C$ and squared components of $\beta_*$ are",
    )
    D.define(
        "sizes",
        Equation(ratio_k, 1 / q, ":="),
        Equation(lam_k, lam / q, ":="),
        prose=r"With $q = k/N$, a probe that minimises $\frac{1}{N} \sum_\mu \ell(y_\mu\, \beta \cdot z_\mu) + "
        r"\frac{\lambda}{2} |\beta|^2$ has",
    )
    D.define("signal", Equation(power, mean(s * p), ":="), prose="The field of the target has the variance")


def overlaps(D: Derivation) -> None:
    """The three overlaps for this law."""
    D.section("The overlaps of the probe")
    instance = SpectralInstance(levels=TARGET, letters=LETTERS)
    for target, label, prose in (
        ("signal", "signal", "Traces see the bulk of $C$ only, the target lies along the other directions too. Its "
         "field has the variance"),
        ("spread-conjugate", "spread", "the spread is"),
        ("teacher-overlap-conjugate", "teacher-overlap", "the overlap with the target"),
        ("student-overlap-conjugate", "student-overlap", "and the squared length"),
    ):  # fmt: skip
        D.derive(instance, target, label=f"{label}-law", prose=prose)
        if label != "spread":
            D.derive(Substitute(), f"{label}-law", "law", label=f"{label}-task", prose="that is,")

"""Laws with finitely many levels: the isotropic case in closed form, several levels with one equation to solve."""

from __future__ import annotations

from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.spectral_rules import SpectralInstance
from ...symbolic.rules.algebra import ClearDenominators, PositiveRoot
from .notation import ISOTROPIC, LETTERS, LEVELS, kappa


def isotropic(D: Derivation) -> None:
    """One level of variance 1: everything in closed form."""
    D.section("Isotropic inputs")
    instance = SpectralInstance(levels=ISOTROPIC, letters=LETTERS)
    D.derive(
        instance,
        "df-one",
        label="df-one-isotropic",
        prose=r"If all inputs have variance 1 and $|t|^2 = \rho d$, the degrees of freedom are",
    )
    D.derive(instance, "df-two", label="df-two-isotropic", prose="and")
    D.derive(Insert(), "penalty", "df-one-isotropic", label="penalty-isotropic", prose="{penalty} is")
    D.derive(
        ClearDenominators(unknown=kappa), "penalty-isotropic", label="penalty-quadratic", prose="a quadratic equation,"
    )
    D.derive(
        PositiveRoot(unknown=kappa),
        "penalty-quadratic",
        label="penalty-root",
        prose=r"whose roots have a negative product; the effective penalty is the positive one,",
    )
    D.derive(instance, "bias", label="bias-isotropic", prose="The signal that is not learned is")
    D.derive(
        Insert(tidy=True),
        "generalisation",
        "bias-isotropic",
        "df-two-isotropic",
        label="generalisation-isotropic",
        prose="the generalisation error",
    )
    D.derive(instance, "teacher-overlap", label="teacher-overlap-isotropic", prose="the overlap with the teacher")
    D.derive(
        instance,
        "student-norm",
        label="student-norm-isotropic",
        prose="and the squared length of the student",
    )


def levels(D: Derivation) -> None:
    """A share of the directions for every level."""
    D.section("Several levels")
    instance = SpectralInstance(levels=LEVELS, letters=LETTERS)
    for target, label, what in (
        ("df-one", "df-one-levels", r"If a share $w_j$ of the directions has the variance $\ell_j$ and the teacher's "
         r"mean squared component along them is $\rho \tau_j$, then"),
        ("df-two", "df-two-levels", "and"),
        ("bias", "bias-levels", "the signal that is not learned is"),
        ("teacher-overlap", "teacher-overlap-levels", "the overlap with the teacher"),
        ("student-norm", "student-norm-levels", "and the squared length of the student"),
    ):  # fmt: skip
        D.derive(instance, target, label=label, prose=what)

"""The logistic loss: the conditions of the samples as means over one normal variable, and what a test sees."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.channel_stationarity import MeanLoss
from ...symbolic.replica.declared_loss import DeclaredLoss, LossDerivatives, ProxVariable
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.mean import Mean
from ...symbolic.replica.orthant import Orthant
from ...symbolic.replica.sign_teacher import ConditionOnSign
from ...symbolic.replica.spectral_sites import Assemble
from .notation import symbols

u, ell, o, m, noise, power, ratio_k, f_x, f_one, m_one, o_one, E_class, L_train = symbols(
    "u ell o m noise power ratio_k f_x f_one m_one o_one E_class L_train"
)
CONDITIONS = ("mhat", "vhat", "ohat")


def logistic(D: Derivation) -> None:
    """The three conjugates for the logistic loss."""
    D.section("The logistic loss")
    for label, prose in zip(CONDITIONS, ("Given the sign of the target's field the conjugates are", "and", "and")):
        D.derive(ConditionOnSign(), label, label=f"{label}-field", prose=prose)
    for label, prose in zip(
        CONDITIONS,
        (r"The minimiser $x$ itself can be the variable of integration, $w = x + V \ell'(x)$:", "likewise", "and"),
    ):
        D.derive(ProxVariable(), f"{label}-field", label=f"{label}-minimiser", prose=prose)
    D.define("loss", Equation(ell(u), sp.log(1 + sp.exp(-u)), ":="), prose="For the logistic loss")
    D.derive(LossDerivatives(), "loss", label="loss-slopes", prose="with the derivatives")
    for label, prose in zip(CONDITIONS, ("these are", "and", "and")):
        D.derive(DeclaredLoss(), f"{label}-minimiser", "loss-slopes", label=f"{label}-channel", prose=prose)


def errors(D: Derivation) -> None:
    """One sample: class error and mean loss."""
    D.section("One sample")
    supported = ledger.supported_by(
        ledger.A7,
        "The minimal energy is a Lipschitz function of the Gaussian samples; so are, at a positive penalty, the "
        "overlaps of its one minimiser.",
    )
    D.assume(
        "typical-overlaps",
        Equation(m_one, m),
        Equation(o_one, o),
        assumption=supported,
        about=("teacher-overlap-conjugate", "student-overlap-conjugate"),
        prose="So far everything is a mean over samples. The overlaps of the probe of one large sample tend to it,",
    )
    D.assume(
        "typical-loss",
        Equation(f_one, f_x),
        assumption=supported,
        about=("samples-minimum",),
        prose="and so does its energy,",
    )
    teacher, student = sp.symbols("u_0 u_1", real=True)
    disagree = sp.Heaviside(teacher) * sp.Heaviside(-student)
    D.define(
        "class-error-definition",
        Equation(E_class, 2 * Mean(disagree, (teacher, student), ((power + noise, m_one), (m_one, o_one))), ":="),
        given=(sp.Gt((power + noise) * o_one, m_one**2),),
        prose="A fresh sample is given the wrong label where the fields of probe and noisy target differ in sign,",
    )
    D.derive(Orthant(), "class-error-definition", label="class-error-sample", prose="which happens with probability")
    D.derive(Insert(), "class-error-sample", "typical-overlaps", label="class-error", prose="that is,")
    D.derive(Assemble(), "typical-loss", "samples-minimum", label="sample-loss", prose="The energy of one sample is")
    D.derive(
        MeanLoss(loss=ell, ratio=ratio_k, result=L_train),
        "sample-loss",
        label="mean-loss",
        prose="and the mean loss of the labelled samples its slope in the strength of the loss,",
    )
    D.derive(ConditionOnSign(), "mean-loss", label="mean-loss-field", prose="that is,")
    D.derive(ProxVariable(), "mean-loss-field", label="mean-loss-minimiser", prose="and in the minimiser")
    D.derive(DeclaredLoss(), "mean-loss-minimiser", "loss", "loss-slopes", label="training", prose="which is")

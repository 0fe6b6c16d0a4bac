"""The probe: effective noise, deterministic equivalents of ridge regression on the representation, both errors."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Assumption, Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import ClearDenominators, PositiveRoot, Restate, SolveLinear, Substitute
from ...symbolic.rules.deterministic_equivalent import BulkTrace, DeterministicEquivalent, ImplicitDerivative
from ...symbolic.rules.gaussian import TargetForm, UnexplainedVariance
from ...symbolic.rules.limits import At
from ...symbolic.rules.ridge import RidgeErrors
from .notation import SIZES, i, r, symbols

gamma, rho, alpha, theta, a, b, sigma2, lam, q = symbols("gamma rho alpha theta a b sigma2 lam q")
c, s, noise, w_spike, w_rest, s_spike, s_rest, u_spike, u_rest = symbols(
    "c s noise w_spike w_rest s_spike s_rest u_spike u_rest"
)
H, C, rootC, Q, tau, zeta, l, kappa = symbols("H C rootC Q tau zeta l kappa")
V_source, V_R, V_RR, V_RCR = symbols("V_source V_R V_RR V_RCR")
B_R, B_RR, B_RCR, T_R, T_RR, T_CR, T_CRR = symbols("B_R B_RR B_RCR T_R T_RR T_CR T_CRR")
E_gen, E_train, noise0 = symbols("E_gen E_train noise0")

GENERIC = Assumption(
    "generic-projections",
    "The projections of different spikes and of the generic task direction are orthogonal, and the latter keeps the "
    "share k/d of its squared length.",
    "Off-diagonal bilinear forms of the resolvent vanish in the limit; a generic direction sees the bulk law.",
    "Benaych-Georges and Nadakuditi, The eigenvalues and eigenvectors of finite, low rank perturbations, 2011",
)
ONE = ((sp.Integer(1), sp.Integer(1)),)


def effective_problem(D: Derivation) -> None:
    """What the representation cannot explain acts as label noise."""
    D.section("The effective probe problem")
    D.define(
        "task",
        Equation(w_spike[i], a[i], ":="),
        Equation(w_rest, b, ":="),
        prose=r"The labels are $y = w \cdot x + \varepsilon$ with $w = \sum_i a_i v_i + b\, w_\perp$ and a "
        r"generic unit vector "
        r"$w_\perp$ orthogonal to the spikes. The components of the task are",
    )
    D.define(
        "variances",
        Equation(s_spike[i], 1 + theta[i], ":="),
        Equation(s_rest, sp.Integer(1), ":="),
        prose="the variances of the inputs along these directions",
    )
    D.assume(
        "projections",
        Equation(u_spike[i], c[i]),
        Equation(u_rest, rho),
        assumption=GENERIC,
        about=("overlap-closed", "size-closed"),
        prose=r"and the squared lengths of their projections $u_i = U^{\top} v_i$, $u_\perp = U^{\top} w_\perp$",
    )
    D.define(
        "label-noise",
        Equation(noise0, sigma2, ":="),
        prose=r"The label noise $\varepsilon$ has the variance",
    )
    D.derive(
        UnexplainedVariance(result=noise, index=i, count=r),
        "task",
        "variances",
        "projections",
        "label-noise",
        label="effective-noise",
        prose=r"Given $U$, the representation $z = U^{\top} x$ is Gaussian with covariance $C = U^{\top} \Sigma "
        r"U$. The part of "
        r"$y$ that $z$ does not explain is independent of $z$ and acts as label noise of variance",
    )


def equivalents(D: Derivation) -> None:
    """Deterministic equivalents of the probe's resolvent and of the products the errors need."""
    D.section("Deterministic equivalents for the probe")
    D.define(
        "probe-resolvent",
        Equation(
            Q,
            (rootC * H.T * H * rootC + lam * sp.Identity(SIZES["k"]) + tau * C).inverse(),
            ":=",
        ),
        prose=r"The representations of the labelled samples are the rows of $\sqrt{N}\, H\, C^{1/2}$. With a "
        r"source $\tau$ coupled "
        "to the covariance, the resolvent of the probe is",
    )
    D.derive(
        DeterministicEquivalent(
            gaussian=((H, 1 / SIZES["N"]),),
            root=rootC,
            covariance=C,
            eigenvalue=s,
            bulk=ONE,
            ratios=((SIZES["N"], sp.Integer(1)), (SIZES["k"], q)),
            unknowns=(zeta, l),
            value=V_source,
        ),
        "probe-resolvent",
        label="probe-equivalent",
        prose="and its deterministic equivalent is found as before,",
    )
    D.derive(
        Substitute(only=zeta),
        "probe-equivalent",
        "probe-equivalent",
        label="probe-self-consistent",
        prose="with the self-consistent equation",
    )
    D.derive(
        At(variable=tau, value=sp.Integer(0)),
        "probe-self-consistent",
        label="probe-without-source",
        prose="Without the source it is",
    )
    D.define(
        "effective-ridge", Equation(zeta, lam / kappa, ":="), prose=r"The effective ridge $\kappa$ is introduced by"
    )
    D.derive(
        Substitute(both=True),
        "probe-without-source",
        "effective-ridge",
        label="ridge-implicit",
        prose="Then {probe-without-source} reads",
    )
    D.derive(SolveLinear(unknown=lam), "ridge-implicit", label="ridge", prose="or, solved for the penalty,")
    D.derive(ClearDenominators(unknown=kappa), "ridge", label="kappa-quadratic", prose="a quadratic equation,")
    D.derive(
        PositiveRoot(unknown=kappa),
        "kappa-quadratic",
        label="kappa",
        prose=r"whose roots have the product $-\lambda < 0$, so that the effective ridge is the positive one:",
    )
    _eigenvalues(D)


def _eigenvalues(D: Derivation) -> None:
    """Eigenvalues of the equivalents of Q, Q^2 and Q C Q where the covariance has the eigenvalue s."""
    D.define("source-off", Equation(tau, sp.Integer(0), ":="), prose="From here on the source is switched off,")
    D.derive(
        Substitute(only=V_source, result=V_R, tidy=True),
        "probe-equivalent",
        "source-off",
        "effective-ridge",
        "ridge",
        label="value",
        prose="and where the covariance $C$ has the eigenvalue $s$ the equivalent of $Q$ has the eigenvalue",
    )
    for result, variable, label, what in (
        (V_RR, lam, "square", r"the penalty gives $Q^2 = -\partial Q/\partial\lambda$"),
        (V_RCR, tau, "sandwich", r"the source gives $Q C Q = -\partial Q/\partial\tau$"),
    ):
        D.derive(
            ImplicitDerivative(
                quantity=V_source, unknown=zeta, variable=variable, result=result, sign=-1, at=((tau, sp.Integer(0)),)
            ),
            "probe-equivalent",
            "probe-self-consistent",
            label=f"{label}-implicit",
            prose=f"Differentiating the equivalent and its self-consistent equation by {what}, with the eigenvalue",
        )
        D.derive(
            Substitute(tidy=True),
            f"{label}-implicit",
            "effective-ridge",
            "ridge",
            label=f"{label}-value",
            prose="In terms of the effective ridge,",
        )


def errors(D: Derivation) -> None:
    """Both errors in words of the resolvent, then in closed form."""
    D.section("Errors of the probe")
    R, C_, RR, RCR = ("R",), ("C",), ("R", "R"), ("R", "C", "R")
    D.derive(
        RidgeErrors(
            lam=lam,
            aspect=q,
            generalisation=E_gen,
            training=E_train,
            forms=((R, B_R), (RR, B_RR), (RCR, B_RCR)),
            traces=((R, T_R), (RR, T_RR), (C_ + R, T_CR), (C_ + RR, T_CRR)),
        ),
        "effective-noise",
        label="errors",
        prose=r"The probe is $\hat\beta = Q Z^{\top} y/N$ with $y = Z\beta_* + \text{noise}$ and "
        r"$\beta_* = C^{-1} U^{\top} \Sigma w$. Averaged over the effective noise, the error on a fresh sample "
        r"and the mean "
        "squared residual are",
    )
    for name, value, label, what in (
        (B_R, "value", "form-q", "The quadratic forms in the target follow from its components: for $Q$,"),
        (B_RR, "square-value", "form-qq", "for $Q^2$,"),
        (B_RCR, "sandwich-value", "form-qcq", "and for $Q C Q$,"),
    ):
        form = TargetForm(result=name, variable=s, index=i, count=r)
        D.derive(form, "task", "variances", "projections", value, label=label, prose=what)
    for name, value, power, label, what in (
        (T_R, "value", 0, "trace-q", "Normalised traces see the bulk only:"),
        (T_RR, "square-value", 0, "trace-qq", "likewise"),
        (T_CR, "value", 1, "trace-cq", "with the covariance"),
        (T_CRR, "square-value", 1, "trace-cqq", "and"),
    ):
        D.derive(BulkTrace(result=name, variable=s, power=power, bulk=ONE), value, label=label, prose=what)
    _assembled(D)


def _assembled(D: Derivation) -> None:
    D.derive(
        Substitute(only=E_gen),
        "errors",
        "form-qcq",
        "trace-cq",
        "trace-cqq",
        "ridge",
        label="generalisation-assembled",
        prose="Inserting these into {errors},",
    )
    bias = b**2 * rho / (1 + kappa) ** 2 + sp.Sum(
        a[i] ** 2 * (1 + theta[i]) ** 2 * c[i] / ((1 + theta[i] * c[i]) * (1 + theta[i] * c[i] + kappa) ** 2), (i, 1, r)
    )
    D.derive(
        Restate(form=(kappa**2 * bias + noise) / (1 - q / (1 + kappa) ** 2)),
        "generalisation-assembled",
        label="generalisation",
        prose="which is the same as",
    )
    D.derive(
        Substitute(only=E_train),
        "errors",
        "form-q",
        "form-qq",
        "trace-q",
        "trace-qq",
        "ridge",
        label="training-assembled",
        prose="For the training error one finds",
    )
    D.derive(
        Restate(form=(1 - q / (1 + kappa)) ** 2 * E_gen),
        "training-assembled",
        "generalisation",
        label="training",
        prose="that is,",
    )
    _ridgeless(D)


def _ridgeless(D: Derivation) -> None:
    D.section("Least squares and least norm")
    D.derive(
        At(variable=lam, value=sp.Integer(0)),
        "kappa",
        label="kappa-ridgeless",
        prose=r"As the penalty vanishes, {kappa} tends to $\max(0, q - 1)$:",
    )
    D.derive(
        At(variable=kappa, value=sp.Integer(0)),
        "generalisation",
        label="least-squares",
        prose="With more labels than dimensions, $q < 1$, it vanishes and the error of least squares is",
    )
    D.derive(
        At(variable=kappa, value=sp.Integer(0)),
        "training",
        label="least-squares-training",
        prose="with the residual",
    )
    D.define(
        "least-norm-ridge", Equation(kappa, q - 1, ":="), given=(q > 1,), prose="With fewer labels, $q > 1$, it is"
    )
    D.derive(
        Substitute(),
        "generalisation",
        "least-norm-ridge",
        label="least-norm",
        prose="and the interpolator of least norm has the error",
    )
    D.derive(
        Substitute(tidy=True),
        "training",
        "least-norm-ridge",
        label="least-norm-training",
        prose="while it fits the labels exactly:",
    )

"""Convex learning of one vector of weights, from the energy to six equations by rules, for any loss and any penalty.

sum_mu l(y_mu, x_mu.w/sqrt(d)) + sum_i r(w_i) with Gaussian x_mu and labels of a Gaussian teacher; l(y, u) is a function
of the residual y - u or of the margin y u. `declare` gives the quantities, `derive` the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..claim import Equation
from ..derivation import Derivation
from ..quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity
from . import ledger
from .channel import Patterns
from .channel_stationarity import ChannelStationary
from .laplace import LaplaceEnvelope
from .pattern_channel import PatternChannel
from .symmetric_channel import ChannelLimit, SymmetricChannels
from .weight_channel import SingleSites

QUANTITIES = (
    Quantity("alpha", "samples per dimension, M/d", r"\alpha", POSITIVE, "parameter"),
    Quantity("rho", "squared length of the teacher per dimension", r"\rho", POSITIVE, "parameter"),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE),
    Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
    Quantity("d", "dimension of a sample", "d", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("u", "argument of the loss or of the penalty", "u"),
    Quantity("H", "energy of a student", "H"),
    Quantity("x", "samples, entries independent N(0, 1)", "x", kind="list"),
    Quantity("w", "student", "w", kind="list"),
    Quantity("t", "teacher, entries independent N(0, rho)", "t", kind="list"),
    Quantity("y", "labels", "y", kind="list"),
    Quantity("e", "label noise", r"\varepsilon", kind="list"),
    Quantity("ell", "loss", r"\ell", kind="function"),
    Quantity("ell_prime", "its derivative", r"\ell'", kind="function"),
    Quantity("ell_second", "its second derivative", r"\ell''", kind="function"),
    Quantity("r", "penalty of a component", "r", kind="function"),
    Quantity("r_prime", "its derivative", "r'", kind="function"),
    Quantity("r_second", "its second derivative", "r''", kind="function"),
    Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    Quantity("m_", "overlaps of the replicas with the teacher", "m", kind="list"),
    Quantity("Qhat", "conjugates of the overlaps", r"\hat Q", kind="list"),
    Quantity("m_hat", "conjugates of the overlaps with the teacher", r"\hat m", kind="list"),
    Quantity("omega", "one component of the student in all replicas", r"\omega", kind="list"),
    Quantity("tau", "one component of the teacher", r"\tau"),
    Quantity("X", "exponent of n replicas per dimension", r"\mathcal{X}_n"),
    Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    Quantity("phi", "potential per dimension and replica", r"\varphi"),
    Quantity("q", "overlap of two students, per dimension", "q", POSITIVE, "unknown"),
    Quantity("m", "overlap of student and teacher, per dimension", "m", REAL, "unknown"),
    Quantity("v", "spread of the students", "v", POSITIVE),
    Quantity("q_beta", "conjugate of the overlap of students", r"\tilde q", POSITIVE),
    Quantity("m_beta", "conjugate of the overlap with the teacher", r"\tilde m", REAL),
    Quantity("c", "variance of a weight without penalty, given its field", "c", POSITIVE),
    Quantity("V", "spread of the students times the inverse temperature", "V", POSITIVE, "unknown"),
    Quantity("qhat", "scaled conjugate of the overlap of students", r"\hat q", POSITIVE, "unknown"),
    Quantity("mhat", "scaled conjugate of the overlap with the teacher", r"\hat m", REAL, "unknown"),
    Quantity("Vhat", "scaled conjugate of the spread", r"\hat V", POSITIVE, "unknown"),
    Quantity("f", "minimal energy per dimension", "f"),
)
NOISE = Quantity("sigma2", "variance of the label noise", r"\sigma^2", NONNEGATIVE, "parameter")
_I, _MU = sp.symbols("i mu", integer=True, positive=True)


@dataclass(frozen=True)
class Labels:
    """How labels arise: y = teacher's field + noise of variance `noise`, or values with probabilities `laws`.

    margin: the loss is a function of y u, else of y - u. words: how a text introduces the labels.
    """

    words: str
    margin: bool
    noise: Any = None
    laws: tuple[tuple[Any, Any], ...] = ()


def declare(*more: Quantity) -> Notation:
    """The quantities of a convex model and those of its own."""
    return Notation(*QUANTITIES, *more)


def derive(D: Derivation, labels: Labels) -> None:
    """All steps from the energy to the six stationarity conditions, labelled mhat, vhat, qhat, m, v, q."""
    _replicated(D, labels)
    _symmetric(D, labels)
    _zero_temperature(D)
    _stationary(D)


def _replicated(D: Derivation, labels: Labels) -> None:
    N = D.notation
    alpha, rho, beta, M, d, n, a, b, H, x, w, t, y, e = N.symbols("alpha rho beta M d n a b H x w t y e")
    ell, r, Q, m_, X, Phi = N.symbols("ell r Q m_ X Phi")
    field: Any = sp.Sum(x[_MU, _I] * w[_I], (_I, 1, d)) / sp.sqrt(d)
    argument = y[_MU] * field if labels.margin else y[_MU] - field
    patterns: Any = sp.Sum(ell(argument), (_MU, 1, M))
    D.section("The replicated system")
    D.define(
        "energy",
        Equation(H, patterns + sp.Sum(r(w[_I]), (_I, 1, d)), ":="),
        prose=f"{labels.words} The student minimises, with a convex loss and a convex penalty,",
    )
    inputs = ["energy"]
    if not labels.laws:
        teacher: Any = sp.Sum(x[_MU, _I] * t[_I], (_I, 1, d)) / sp.sqrt(d)
        D.define("labels", Equation(y[_MU], teacher + e[_MU]), prose="where the labels are")
        inputs.append("labels")
    noise = {"noise": e, "variance": labels.noise} if labels.noise is not None else {}
    D.derive(
        PatternChannel(
            result=X,
            patterns=Patterns(x=x, weights=w, counts=(M, d), ratio=alpha, frozen=t, power=rho, **noise),
            order=Q,
            overlap=m_,
            labels=y,
            laws=labels.laws,
            replicas=(a, b),
            n=n,
            scale=beta,
        ),
        *inputs,
        label="patterns",
        prose=r"At the inverse temperature $\beta$ the samples are independent and the fields $u_a = x \cdot w_a/"
        r"\sqrt{d}$ of one of them are jointly normal, with the overlaps $Q_{ab} = w_a \cdot w_b/d$ and $m_a = t \cdot "
        r"w_a/d$ as covariances. The mean of $Z^n$ over the samples is $\int e^{d\,\mathcal{X}_n}$ with",
    )
    Qhat, m_hat, omega, tau = N.symbols("Qhat m_hat omega tau")
    D.derive(
        SingleSites(
            weights=w,
            teacher=t,
            power=rho,
            order=Q,
            conjugate=Qhat,
            overlap=m_,
            overlap_conjugate=m_hat,
            site=omega,
            site_teacher=tau,
            replicas=(a, b),
            size=d,
            n=n,
            result=Phi,
        ),
        "patterns",
        label="potential-pairs",
        prose=r"Conjugate variables fix the overlaps, and the components of the weights become independent; "
        r"$\frac{1}{d} \log \mathbb{E}\, Z^n$ tends to the stationary value of",
    )


def _symmetric(D: Derivation, labels: Labels) -> None:
    N = D.notation
    variance = r"\rho" if labels.noise is None else r"\rho + \sigma^2"
    n, a, b, Q, m_, Qhat, m_hat, phi = N.symbols("n a b Q m_ Qhat m_hat phi")
    q, m, v, q_beta, m_beta, c = N.symbols("q m v q_beta m_beta c")
    D.section("The replica-symmetric saddle point")
    D.assume(
        "ansatz",
        Equation(Q[a, a], q + v),
        Equation(Q[a, b], q),
        Equation(m_[a], m),
        Equation(Qhat[a, a], q_beta - 1 / c),
        Equation(Qhat[a, b], q_beta),
        Equation(m_hat[a], m_beta),
        assumption=ledger.supported_by(
            ledger.A4_RS, "The energy is convex: two students in the same valley differ by thermal noise only."
        ),
        prose=r"With replica symmetry, $a \neq b$,",
    )
    D.derive(
        SymmetricChannels(n=n),
        "potential-pairs",
        "ansatz",
        label="potential-symmetric",
        prose="the replicas are independent given common fields: of teacher and student, $y_1$ and $y_2$, with the "
        rf"variances ${variance}$ and $q$ and the covariance $m$, and the field $y$ of one weight, of variance "
        r"$\tilde q + \rho\, \tilde m^2$,",
    )
    D.derive(
        ChannelLimit(n=n, result=phi), "potential-symmetric", label="potential", prose=r"and per replica, at $n \to 0$,"
    )


def _zero_temperature(D: Derivation) -> None:
    N = D.notation
    beta, v, q_beta, m_beta, c, V, qhat, mhat, Vhat, f = N.symbols("beta v q_beta m_beta c V qhat mhat Vhat f")
    D.section("The minimum of the energy")
    D.define(
        "scaling",
        Equation(v, V / beta),
        Equation(c, 1 / (beta * Vhat)),
        Equation(q_beta, beta**2 * qhat),
        Equation(m_beta, beta * mhat),
        prose=r"At low temperature students of one sample differ by an amount of order $1/\sqrt{\beta}$:",
    )
    D.derive(
        LaplaceEnvelope(beta=beta, result=f),
        "potential",
        "scaling",
        label="minimum",
        prose=r"The inner means become Moreau envelopes $\mathcal{M}_{V\,g}(w) = \min_u\, g(u) + (u - w)^2/(2 V)$, "
        r"with the minimiser $\mathcal{P}_{V\,g}(w)$ and its slope $\mathcal{P}'_{V\,g}(w)$. The fields, $z_1$ and "
        r"$z_2$ and, of variance $\hat q + \rho\, \hat m^2$, $z$, keep their laws, and $f = -\lim \varphi/\beta$ is",
    )


def _stationary(D: Derivation) -> None:
    q, m, V, qhat, mhat, Vhat = D.notation.symbols("q m V qhat mhat Vhat")
    D.section("The stationarity conditions")
    steps = (
        ("mhat", m, mhat, "It is stationary in $m$, by Price's theorem, when"),
        ("vhat", q, Vhat, "in $q$ when"),
        ("qhat", V, qhat, "in $V$ when"),
        ("teacher-overlap", mhat, m, r"in $\hat m$ when"),
        ("spread", qhat, V, r"in $\hat q$ when"),
        ("student-overlap", Vhat, q, r"and in $\hat V$ when"),
    )
    for label, parameter, unknown, prose in steps:
        D.derive(ChannelStationary(parameter=parameter, unknown=unknown), "minimum", label=label, prose=prose)

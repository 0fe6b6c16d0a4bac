"""From the loss of one sample to the potential of n replicas, and to the minimal loss at n = 0 and zero temperature."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.channel import Patterns
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.covariance import CovariancePatterns, SpectralAnsatz
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.spectral_rules import SpectralRestate, UnderSpectrum
from ...symbolic.replica.zero_temperature import ZeroTemperature
from .notation import (
    LETTERS,
    H,
    M,
    Phi,
    Q,
    Qh_,
    V,
    Vh,
    a,
    alpha,
    b,
    beta,
    d,
    e,
    f,
    i,
    lam,
    loss,
    m,
    m0,
    m_,
    mean,
    mh,
    mh_,
    mu,
    n,
    p,
    phi,
    q,
    q0,
    qh,
    r,
    s,
    sigma2,
    t,
    v,
    v0,
    w,
    x,
)


def replicated(D: Derivation) -> None:
    """The n-replica potential with conjugates, its symmetric form, its value at n = 0."""
    D.section("The replicated system")
    field: Any = sp.Sum(x[mu, i] * (w[i] - t[i]), (i, 1, d))
    residual = field / sp.sqrt(d) - e[mu]
    squares: Any = sp.Sum(residual**2, (mu, 1, M))
    D.define(
        "energy",
        Equation(H, squares / 2 + lam * sp.Sum(w[i] ** 2, (i, 1, d)) / 2, ":="),
        prose=r"The samples $x_\mu \sim N(0, \Sigma)$ carry the labels $x_\mu \cdot t/\sqrt{d} + \varepsilon_\mu$ with "
        r"noise of variance $\sigma^2$. The student minimises",
    )
    D.define(
        "signal",
        Equation(r, mean(s * p), ":="),
        prose=r"Let $s_i$ be the eigenvalues of $\Sigma$ and $p_i$ the squared components of the teacher along its "
        r"eigenvectors; $\langle g(s, p) \rangle$ is the limit of $\frac{1}{d} \sum_i g(s_i, p_i)$. The labels without "
        "noise have the variance",
    )
    D.derive(
        CovariancePatterns(
            result=Phi,
            patterns=Patterns(x=x, weights=w, counts=(M, d), ratio=alpha, frozen=t, power=r, noise=e, variance=sigma2),
            order=Q,
            overlap=m_,
            conjugate=Qh_,
            conjugate_overlap=mh_,
            letters=LETTERS,
            replicas=(a, b),
            n=n,
            scale=beta,
        ),
        "energy",
        label="potential-pairs",
        prose=r"At the inverse temperature $\beta$ the overlaps $Q_{ab} = w_a \cdot \Sigma w_b/d$ and $m_a = t \cdot "
        r"\Sigma w_a/d$ decouple the samples, and their conjugates decouple the eigenvectors of $\Sigma$; $\frac{1}{d} "
        r"\log \mathbb{E}\, Z^n$ is the stationary value of",
    )
    D.assume(
        "ansatz",
        Equation(Q[a, a], q + v),
        Equation(Q[a, b], q),
        Equation(m_[a], m),
        Equation(Qh_[a, a], v0 - q0),
        Equation(Qh_[a, b], -q0),
        Equation(mh_[a], m0),
        assumption=ledger.supported_by(
            ledger.A4_RS, "The loss is strictly convex: two students in the same valley differ by thermal noise only."
        ),
        prose=r"With replica symmetry, $a \neq b$,",
    )
    D.derive(SpectralAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is")
    D.derive(
        UnderSpectrum(rule=ReplicaLimit(n=n, result=phi)),
        "potential-symmetric",
        label="potential",
        prose=r"and per replica, at $n \to 0$,",
    )


def zero_temperature(D: Derivation) -> None:
    """The minimal loss as a function of six order parameters."""
    D.section("The minimum of the loss")
    D.define("free-energy-definition", Equation(loss, -phi / beta, ":="), prose="The free energy")
    D.derive(Insert(), "free-energy-definition", "potential", label="free-energy", prose="is")
    D.define(
        "scaling",
        Equation(v, V / beta),
        Equation(v0, beta * Vh),
        Equation(q0, beta**2 * qh),
        Equation(m0, beta * mh),
        prose=r"and tends, as $\beta \to \infty$ with a spread of order $1/\beta$ and conjugates to match,",
    )
    D.derive(
        UnderSpectrum(rule=ZeroTemperature(beta=beta, result=f)),
        "free-energy",
        "scaling",
        label="minimum-raw",
        prose="to the minimal loss",
    )
    pull = mh**2 * mean(s**2 * p / (lam + s * Vh)) + qh * mean(s / (lam + s * Vh))
    D.derive(
        SpectralRestate(
            form=(qh * V - q * Vh) / 2 + m * mh - pull / 2 + alpha * (r - 2 * m + q + sigma2) / (2 * (1 + V))
        ),
        "minimum-raw",
        label="minimum",
        prose="or, in order of its origin,",
    )

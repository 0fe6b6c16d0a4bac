"""Training and test error from the two traces, with a simulation of both as witness."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import sympy as sp

from ...symbolic.claim import Claim, Equation
from ...symbolic.derivation import Derivation, Witness
from ...symbolic.quantity import Samples
from ...symbolic.rules import finite_matrices
from ...symbolic.rules.elimination import SlopeOnBranch
from ...symbolic.rules.kernel_ridge import LeaveOneOut, TrainingResidual
from ...symbolic.rules.slopes import ChainSlope
from ...symbolic.verdict import Verdict, refuted, supported
from .notation import (
    FEATURES,
    LETTERS,
    RATIOS,
    C,
    E_test,
    E_train,
    M,
    N,
    Theta,
    W,
    X,
    beta,
    lam,
    phi,
    psi,
    sigma2,
    slope1,
    slope2,
    tau1,
    tau2,
    zeta,
)


def errors(D: Derivation) -> None:
    D.section("Training and test error")
    D.define(
        "labels",
        Equation(C, X.T * X + sigma2 * sp.Identity(N), ":="),
        prose=r"The labels $y = X^{\top}\beta_* + \varepsilon$ have a task $\beta_*$ with independent standard "
        r"Gaussian entries "
        r"and noise of variance $\sigma^2$; given the inputs their covariance is",
    )
    D.derive(
        TrainingResidual(result=E_train, lam=lam, slopes=((X.T * X, slope2), (sp.Identity(N), slope1))),
        "labels",
        label="training",
        prose=r"The fitted residual is $\lambda K y$, and $K^2 = -\partial K/\partial\lambda$; averaged over the "
        r"labels, the training "
        "error is",
    )
    D.derive(
        SlopeOnBranch(dyson=FEATURES, unknown=tau1, parameter=lam, result=slope1),
        "quartic",
        "traces",
        "resolvent",
        "features",
        label="first-slope",
        prose="with the derivative of the first trace along {quartic},",
    )
    D.derive(
        ChainSlope(unknown=tau1, slope=slope1, parameter=lam, result=slope2),
        "second-trace",
        label="second-slope",
        prose="and that of the second,",
    )
    D.derive(
        LeaveOneOut(result=E_test, lam=lam, trace=tau1, noise=sigma2),
        "training",
        label="test",
        prose=r"The residual on a sample is the error of the fit without that sample, shrunk by the factor $\lambda "
        r"K_{ii} "
        r"\to \lambda\tau_1$. Hence the error on a fresh sample, its label noise excluded, is",
    )

    D.witnesses.append(
        Witness("simulation of both errors", ("training", "test"), _simulated, level="full"),
    )


POINT = {phi: "5/4", psi: "5/8", zeta: "1/4", beta: "1/10", lam: "1/10", sigma2: "1/5"}
SIZE, DRAWS, WITHIN = 480, 5, 0.04


def _simulated(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """Finite features, task and noise averaged exactly: the test error from its definition, no sample left out."""
    point = {k: sp.Rational(v) for k, v in POINT.items()}
    rng = finite_matrices.generator(samples.seed)
    sizes = finite_matrices.sizes_for(dict(RATIOS), point, SIZE)
    values = {k: float(v) for k, v in point.items()}
    seen, known = [], []
    for _ in range(DRAWS):
        drawn = finite_matrices.gaussian(dict(LETTERS), point, sizes, rng)
        seen.append(_errors_of(drawn[X], drawn[W], drawn[Theta], values))
        features = drawn[W] @ drawn[X] + drawn[Theta]
        kernel = np.linalg.inv(features.T @ features + values[lam] * np.eye(sizes[N]))
        known.append((np.trace(kernel) / sizes[N], -np.trace(kernel @ kernel) / sizes[N]))
    first, slope = np.mean(known, axis=0)
    stated = dict(point)
    # Everything below the two traces is exact; only they are read off the draws.
    stated |= {tau1: sp.Rational(str(first)), slope1: sp.Rational(str(slope))}
    for label, name in (("second-trace", tau2), ("second-slope", slope2), ("training", E_train), ("test", E_test)):
        stated[name] = claims[label].rhs.xreplace(stated)
    for name, truth in zip((E_train, E_test), np.mean(seen, axis=0)):
        if abs(float(stated[name]) - truth) > WITHIN * truth:
            return refuted("simulation", f"{name} is {float(stated[name]):.5f}, simulated {truth:.5f}")
    return supported("simulation", f"{DRAWS} draws with {sizes[M]} features, within {WITHIN:.0%}")


def _errors_of(x: np.ndarray, w: np.ndarray, theta: np.ndarray, values: Mapping[object, float]) -> tuple[float, float]:
    """(training, test) error, averaged over task and noise: E |beta - W^T Q F y|^2/d + (beta/m) E |Q F y|^2."""
    features = w @ x + theta
    n, d, m = x.shape[1], x.shape[0], w.shape[0]
    fit = np.linalg.solve(features @ features.T + values[lam] * np.eye(m), features)
    residual = np.eye(n) - features.T @ fit
    train = (np.sum((residual @ x.T) ** 2) + values[sigma2] * np.sum(residual**2)) / n
    linear, signal = w.T @ fit, fit @ x.T
    test = np.sum((np.eye(d) - linear @ x.T) ** 2) + values[sigma2] * np.sum(linear**2)
    return train, test / d + values[beta] / m * (np.sum(signal**2) + values[sigma2] * np.sum(fit**2))

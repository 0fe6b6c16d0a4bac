"""Linear learners of a Gaussian teacher, one draw after another: lasso, logistic and hinge loss by descent on w.

x_mu ~ N(0, 1_d), t_i ~ N(0, rho), fields x.w/sqrt(d); the energy sum_mu l(y_mu, x_mu.w/sqrt(d)) + sum_i r(w_i) is
minimised to a duality or gradient accuracy of 1e-10 per sample, so that the draws are the only error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...symbolic.errors import BadInput, NotCertified
from ..context import exact
from .record import Simulation, generator, summary

ACCURACY = 1e-10
SWEEPS = 20_000


@dataclass(frozen=True)
class Draw:
    """One problem: inputs divided by sqrt(d), shape (M, d), teacher (d,), labels (M,), penalty."""

    inputs: np.ndarray
    teacher: np.ndarray
    labels: np.ndarray
    penalty: float


def lasso(draw: Draw) -> np.ndarray:
    """argmin |y - X w|^2/2 + lam |w|_1 by cyclic coordinate descent."""
    X, lam = draw.inputs, draw.penalty
    gram, target = X.T @ X, X.T @ draw.labels
    w, slope = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    diagonal = np.diag(gram).copy()
    for _ in range(SWEEPS):
        largest = 0.0
        for i in range(len(w)):
            pull = target[i] - slope[i] + diagonal[i] * w[i]
            new = np.sign(pull) * max(abs(pull) - lam, 0.0) / diagonal[i]
            if new != w[i]:
                slope += gram[i] * (new - w[i])
                largest = max(largest, abs(new - w[i]))
                w[i] = new
        if largest < ACCURACY:
            return w
    raise NotCertified(f"coordinate descent has not settled after {SWEEPS} sweeps: take a larger penalty")


def logistic(draw: Draw) -> np.ndarray:
    """argmin sum log(1 + exp(-y X w)) + lam |w|^2/2 by damped Newton steps."""
    X = draw.inputs * draw.labels[:, None]
    lam, w = draw.penalty, np.zeros(X.shape[1])

    def energy(v: np.ndarray) -> float:
        return float(np.sum(np.logaddexp(0, -X @ v)) + lam * v @ v / 2)

    for _ in range(200):
        p = 1 / (1 + np.exp(X @ w))
        gradient = -X.T @ p + lam * w
        if np.max(np.abs(gradient)) < ACCURACY:
            return w
        hessian = (X.T * (p * (1 - p))) @ X + lam * np.eye(X.shape[1])
        step, size = np.linalg.solve(hessian, gradient), 1.0
        # Half-steps until the energy falls; near the minimum rounding decides, and full steps are right.
        while energy(w - size * step) > energy(w) * (1 + 1e-12) and size > 1e-6:
            size /= 2
        w = w - size * step
    raise NotCertified("Newton's method has not settled after 200 steps: take a larger penalty")


def hinge(draw: Draw) -> np.ndarray:
    """argmin sum max(0, 1 - y X w) + lam |w|^2/2 by coordinate ascent of the dual, 0 <= a <= 1, w = X^T a/lam."""
    X, lam = draw.inputs * draw.labels[:, None], draw.penalty
    gram = X @ X.T / lam
    a, margins = np.zeros(len(X)), np.zeros(len(X))
    for _ in range(SWEEPS):
        largest = 0.0
        for k in range(len(a)):
            new = min(max(a[k] + (1 - margins[k]) / gram[k, k], 0.0), 1.0)
            if new != a[k]:
                margins += gram[k] * (new - a[k])
                largest = max(largest, abs(new - a[k]))
                a[k] = new
        if largest < 1e-8:
            return X.T @ a / lam
    raise NotCertified(f"dual ascent has not settled after {SWEEPS} sweeps: take a larger penalty")


@dataclass(frozen=True)
class Learner:
    """A minimiser, its loss as a function of labels and fields, and whether labels are signs."""

    minimise: Callable[[Draw], np.ndarray]
    loss: Callable[[np.ndarray, np.ndarray], np.ndarray]
    signs: bool


LEARNERS = {
    "lasso": Learner(lasso, lambda y, u: (y - u) ** 2 / 2, signs=False),
    "logistic_probe": Learner(logistic, lambda y, u: np.logaddexp(0, -y * u), signs=True),
    "hinge_probe": Learner(hinge, lambda y, u: np.maximum(0, 1 - y * u), signs=True),
}


def run(name: str, at: Mapping[str, Any], d: int = 400, draws: int = 20, seed: int = 0) -> Simulation:
    """Mean and standard error over draws of every result of the derivation `name`, at dimension d.

    The number of samples is rounded; theory is to be compared at the realised ratio alpha. Raises BadInput for sizes
    that leave nothing to learn.
    """
    learner = LEARNERS[name]
    values = {key: float(exact(value)) for key, value in at.items()}
    count = round(values["alpha"] * d)
    if d < 2 or count < 1:
        raise BadInput(f"d = {d} with {count} samples: take a larger dimension")
    samples = []
    for k in range(draws):
        rng = generator(name, seed, d, k)
        inputs, teacher = rng.normal(size=(count, d)) / np.sqrt(d), rng.normal(size=d) * np.sqrt(values["rho"])
        labels = inputs @ teacher
        if learner.signs:
            labels = np.sign(labels)
        else:
            labels = labels + rng.normal(size=count) * np.sqrt(values["sigma2"])
        draw = Draw(inputs, teacher, labels, values["lam"])
        samples.append(_observed(learner, draw, learner.minimise(draw)))
    options = {"d": d, "draws": draws, "seed": seed}
    return Simulation(
        name, summary(samples), options, {"alpha": f"{count}/{d}"}, "minimisation of the energy, draw by draw"
    )


def _observed(learner: Learner, draw: Draw, w: np.ndarray) -> dict[str, float]:
    d, teacher = len(w), draw.teacher
    found = {
        "training_loss": float(np.mean(learner.loss(draw.labels, draw.inputs @ w))),
        "teacher_overlap": float(teacher @ w / d),
        "student_norm": float(w @ w / d),
    }
    if learner.signs:
        cosine = teacher @ w / np.sqrt((teacher @ teacher) * (w @ w))
        return {**found, "class_error": float(np.arccos(cosine) / np.pi)}
    error = float(np.sum((w - teacher) ** 2) / d)
    return {**found, "generalisation_error": error, "sparsity": float(np.mean(w != 0))}

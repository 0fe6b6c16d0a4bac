"""Finite-size draws of the PCA-probe model: principal components of unlabelled data, then a linear probe.

x ~ N(0, Sigma),  Sigma = I + sum_i theta_i v_i v_i^T,  y = w.x + eps,  w = sum_i a_i v_i + b w_perp
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...symbolic.errors import BadInput, OutsideDomain
from ..context import exact
from ..point import entries
from .record import Simulation, generator, summary

NAMES = ("gamma", "rho", "alpha", "theta", "a", "b", "sigma2", "lam")


@dataclass(frozen=True)
class Sizes:
    """Integer sizes of one experiment; `ratios` are the exact aspect ratios they realise."""

    d: int
    unlabelled: int
    labelled: int
    k: int

    @property
    def ratios(self) -> dict[str, Fraction]:
        d = self.d
        return {"gamma": Fraction(d, self.unlabelled), "rho": Fraction(self.k, d), "alpha": Fraction(self.labelled, d)}


@dataclass(frozen=True)
class Task:
    """Spikes along the first axes (no loss of generality: the noise is isotropic), task weights, ridge strength."""

    theta: np.ndarray
    a: np.ndarray
    b: float
    sigma2: float
    lam: float

    def scales(self, d: int) -> np.ndarray:
        """Square roots of the eigenvalues of Sigma, shape (d,)."""
        scales = np.ones(d)
        scales[: len(self.theta)] = np.sqrt(1 + self.theta)
        return scales

    def weights(self, d: int, rng: np.random.Generator) -> np.ndarray:
        """w with w_perp uniform on the unit sphere orthogonal to the spikes, shape (d,)."""
        spikes = len(self.theta)
        direction = rng.standard_normal(d - spikes)
        return np.concatenate([self.a, self.b * direction / np.linalg.norm(direction)])


def simulate(at: Mapping[str, Any], *, d: int = 800, draws: int = 20, seed: int = 0) -> Simulation:
    """Errors, overlaps and effective noise averaged over independent draws of all data, with standard errors.

    at: gamma, rho, alpha, theta, a, b, sigma2, lam (exact or floating; lists for theta and a; lam defaults to 0).
    M = d/gamma, k = rho d and N = alpha d are rounded; the record's `ratios` hold the ratios actually used, which
    are what theory should be asked at. rho = 0 means one direction per visible spike (theta > sqrt(gamma)).
    The generalisation error of each draw is the exact population value, so no test sample adds noise.
    Raises OutsideDomain for k > min(d, M), for no labelled or no unlabelled sample, and for lam = 0 with k = N.

    >>> point = {"gamma": "1/2", "rho": "1/5", "alpha": "3/5", "theta": [3], "a": [1], "b": "7/10", "sigma2": "1/5"}
    >>> sorted(simulate(point, d=50, draws=3).results)
    ['effective_noise', 'generalisation_error', 'overlap', 'training_error']
    """
    values = _read(at)
    task = Task(values["theta"], values["a"], values["b"], values["sigma2"], values["lam"])
    sizes = _sizes(values, d, task)
    samples = [_draw(sizes, task, generator("pca_probe", seed, d, n)) for n in range(draws)]
    return Simulation(
        id="pca_probe",
        ratios={name: str(value) for name, value in sizes.ratios.items()},
        options={"d": d, "draws": draws, "seed": seed},
        results=summary(samples),
        method=f"{draws} draws at d = {d}, M = {sizes.unlabelled}, N = {sizes.labelled}, k = {sizes.k}",
    )


def _read(at: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(at) - set(NAMES))
    missing = [name for name in NAMES[:-1] if name not in at]
    if unknown or missing:
        raise BadInput(f"pca_probe: unknown parameters {unknown}, missing {missing}; needed: {', '.join(NAMES)}")
    values: dict[str, Any] = {"lam": 0.0}
    for name, value in at.items():
        if name in ("theta", "a"):
            values[name] = np.array([_float(entry) for entry in entries(value, ",")])
        else:
            values[name] = _float(value)
    if len(values["theta"]) != len(values["a"]):
        raise BadInput(f"theta has {len(values['theta'])} entries and a has {len(values['a'])}; they go in pairs")
    return values


def _float(value: Any) -> float:
    return value if isinstance(value, float) else float(exact(value))


def _sizes(values: Mapping[str, Any], d: int, task: Task) -> Sizes:
    gamma, rho, alpha = values["gamma"], values["rho"], values["alpha"]
    if gamma <= 0 or alpha <= 0 or rho < 0 or min(task.sigma2, task.lam) < 0 or np.any(task.theta <= 0):
        raise OutsideDomain(f"pca_probe: gamma, alpha, theta > 0 and rho, sigma2, lam >= 0 are needed, got {values}")
    visible = int(np.sum(task.theta > np.sqrt(gamma)))
    k = round(rho * d) if rho > 0 else visible
    sizes = Sizes(d, unlabelled=round(d / gamma), labelled=round(alpha * d), k=k)
    if not len(task.theta) < d or sizes.labelled < 1 or not 0 <= k <= min(d, sizes.unlabelled):
        raise OutsideDomain(f"pca_probe: k <= min(d, M), N >= 1 and fewer spikes than d are needed, got {sizes}")
    if task.lam == 0 and k == sizes.labelled:
        raise OutsideDomain(f"pca_probe: without ridge the errors diverge at k = N, got {sizes}")
    return sizes


def _draw(sizes: Sizes, task: Task, rng: np.random.Generator) -> dict[str, Any]:
    """The results of one draw of unlabelled data, task direction, labelled data and label noise."""
    scales, weights = task.scales(sizes.d), task.weights(sizes.d, rng)
    basis = principal_components(rng.standard_normal((sizes.unlabelled, sizes.d)) * scales, sizes.k)
    inputs = rng.standard_normal((sizes.labelled, sizes.d)) * scales
    labels = inputs @ weights + np.sqrt(task.sigma2) * rng.standard_normal(sizes.labelled)
    features = inputs @ basis
    probe = fit(features, labels, task.lam)

    # The best probe under the population law: what it leaves unexplained is the effective noise.
    projected = basis.T * scales
    best = np.linalg.solve(projected @ projected.T, projected @ (scales * weights))
    return {
        "generalisation_error": _population_error(scales * (weights - basis @ probe), task),
        "training_error": float(np.mean((labels - features @ probe) ** 2)),
        "effective_noise": _population_error(scales * (weights - basis @ best), task),
        "overlap": np.sum(basis[: len(task.theta)] ** 2, axis=1),
    }


def _population_error(residual: np.ndarray, task: Task) -> float:
    """(w - U beta)^T Sigma (w - U beta) + sigma2, from the residual times sqrt(Sigma)."""
    return float(residual @ residual) + task.sigma2


def principal_components(data: np.ndarray, k: int) -> np.ndarray:
    """Orthonormal eigenvectors of data^T data for the k largest eigenvalues, shape (d, k), from the smaller side."""
    samples, d = data.shape
    if samples >= d:
        _, vectors = np.linalg.eigh(data.T @ data)
        return vectors[:, d - k :]
    eigenvalues, left = np.linalg.eigh(data @ data.T)
    return data.T @ left[:, samples - k :] / np.sqrt(eigenvalues[samples - k :])


def fit(features: np.ndarray, labels: np.ndarray, lam: float) -> np.ndarray:
    """argmin |y - Z beta|^2/N + lam |beta|^2; at lam = 0 least squares (k < N) or the least norm (k > N)."""
    samples, k = features.shape
    if lam > 0:
        if k <= samples:
            return np.linalg.solve(features.T @ features + samples * lam * np.eye(k), features.T @ labels)
        return features.T @ np.linalg.solve(features @ features.T + samples * lam * np.eye(samples), labels)
    if k < samples:
        q, r = np.linalg.qr(features)
        return np.linalg.solve(r, q.T @ labels)
    q, r = np.linalg.qr(features.T)
    return q @ np.linalg.solve(r.T, labels)

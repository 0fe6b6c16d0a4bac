"""Finite-size draws of ridge regression: a teacher with a share of its power in every level of the covariance.

x ~ N(0, Sigma),  y = x.t/sqrt(d) + e,  w = argmin |y - X w/sqrt(d)|^2 + lam |w|^2
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from ...symbolic.errors import BadInput, OutsideDomain
from ..context import exact
from ..point import entries
from .record import Simulation, generator, summary

LISTS = ("shares", "variances", "powers")
NAMES = ("alpha", "lam", "rho", "sigma2", *LISTS)


def simulate(at: Mapping[str, Any], *, d: int = 1000, draws: int = 10, seed: int = 0) -> Simulation:
    """Errors and overlaps averaged over draws of samples, teacher and noise, with standard errors.

    at: alpha, lam, rho, sigma2 and the lists shares, variances, powers (one level of variance 1 when left out).
    N = alpha d is rounded, and so are the numbers of directions per level; the record's `ratios` hold the values used,
    which are what theory should be asked at. The components of the teacher are drawn along the eigenvectors with their
    mean square fixed in every level. The generalisation error of a draw is the exact population value without noise.
    Raises BadInput for missing parameters and OutsideDomain for a level without directions.

    >>> point = {"alpha": "3/2", "lam": "1/10", "rho": 1, "sigma2": "1/5"}
    >>> sorted(simulate(point, d=40, draws=3).results)
    ['generalisation_error', 'student_norm', 'teacher_overlap', 'training_error']
    """
    values = _read(at)
    counts = [round(share * d) for share in values["shares"]]
    samples = round(values["alpha"] * d)
    if min(counts) < 1 or sum(counts) > d or samples < 1:
        raise OutsideDomain(f"ridge: d = {d} has no room for the levels {counts} and {samples} samples; raise d")
    found = [_draw(values, counts, samples, d, generator("ridge", seed, d, n)) for n in range(draws)]
    ratios = {"alpha": str(Fraction(samples, d)), "shares": ",".join(str(Fraction(count, d)) for count in counts)}
    return Simulation(
        id="ridge",
        ratios=ratios,
        options={"d": d, "draws": draws, "seed": seed},
        results=summary(found),
        method=f"{draws} draws at d = {d}, {samples} samples",
    )


def _read(at: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(at) - set(NAMES))
    missing = [name for name in NAMES[:4] if name not in at]
    if unknown or missing:
        raise BadInput(f"ridge: unknown parameters {unknown}, missing {missing}; needed: {', '.join(NAMES)}")
    values: dict[str, Any] = {name: _float(at[name]) for name in NAMES[:4]}
    values |= {name: np.array([_float(x) for x in entries(at.get(name, "1"), ",")]) for name in LISTS}
    if len({len(values[name]) for name in LISTS}) != 1:
        raise BadInput(f"ridge: the lists {', '.join(LISTS)} have different lengths; they go together")
    if values["lam"] <= 0 or min(values["alpha"], values["rho"]) <= 0 or values["sigma2"] < 0:
        raise OutsideDomain("ridge: alpha, lam, rho > 0 and sigma2 >= 0 are needed")
    return values


def _float(value: Any) -> float:
    return value if isinstance(value, float) else float(exact(value))


def _draw(values: Mapping[str, Any], counts: list[int], samples: int, d: int, rng: np.random.Generator) -> Any:
    """One data set; the directions that are in no level carry no variance and are left out."""
    spectrum = np.repeat(values["variances"], counts)
    teacher = np.concatenate(
        [_fixed_length(rng.standard_normal(k), values["rho"] * power * k) for k, power in zip(counts, values["powers"])]
    )
    inputs = rng.standard_normal((samples, len(spectrum))) * np.sqrt(spectrum) / np.sqrt(d)
    labels = inputs @ teacher + np.sqrt(values["sigma2"]) * rng.standard_normal(samples)
    student = np.linalg.solve(inputs.T @ inputs + values["lam"] * np.eye(len(spectrum)), inputs.T @ labels)
    return {
        "generalisation_error": float(spectrum @ (student - teacher) ** 2 / d),
        "training_error": float(np.mean((labels - inputs @ student) ** 2)),
        "teacher_overlap": float((spectrum * teacher) @ student / d),
        "student_norm": float(student @ student / d),
    }


def _fixed_length(vector: np.ndarray, squared: float) -> np.ndarray:
    return vector * np.sqrt(squared / (vector @ vector))

"""What a simulation returns, and how its randomness is seeded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...symbolic.errors import BadInput


@dataclass(frozen=True)
class Estimate:
    """A mean with its standard error; for a deterministic witness the error is its own inaccuracy."""

    mean: float
    standard_error: float

    def z_score(self, theory: float) -> float:
        """(mean - theory)/standard_error: how many standard errors theory is away."""
        if self.standard_error == 0:
            raise BadInput("a single draw has no standard error; ask for at least two draws")
        return (self.mean - theory) / self.standard_error


@dataclass(frozen=True)
class Simulation:
    """Estimates by result name (a tuple of them for a list), and where theory has to be evaluated to compare.

    ratios: exact values, as text, of parameters that rounding to integer sizes has moved.
    """

    id: str
    results: Mapping[str, Estimate | tuple[Estimate, ...]]
    options: Mapping[str, Any] = field(default_factory=dict)
    ratios: Mapping[str, str] = field(default_factory=dict)
    method: str = ""

    def as_json(self) -> dict[str, Any]:
        def plain(estimate: Estimate | tuple[Estimate, ...]) -> Any:
            if isinstance(estimate, tuple):
                return [plain(e) for e in estimate]
            return {"mean": estimate.mean, "standard_error": estimate.standard_error}

        results = {name: plain(estimate) for name, estimate in self.results.items()}
        return {
            "id": self.id,
            "results": results,
            "options": dict(self.options),
            "ratios": dict(self.ratios),
            "method": self.method,
        }


def generator(name: str, *labels: int) -> np.random.Generator:
    """The generator of one draw, seeded by the experiment's name and labels: the same draw in any order of work."""
    digest = hashlib.sha256("/".join([name, *map(str, labels)]).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def summary(samples: Sequence[Mapping[str, Any]]) -> dict[str, Estimate | tuple[Estimate, ...]]:
    """Mean and standard error of every result over the draws.

    Raises BadInput for fewer than two draws: one draw has a mean and no error.
    """
    if len(samples) < 2:
        raise BadInput(f"{len(samples)} draw(s) give no standard error; ask for at least two")
    results: dict[str, Estimate | tuple[Estimate, ...]] = {}
    for name in samples[0]:
        table = np.array([sample[name] for sample in samples], dtype=float)
        means = table.mean(axis=0)
        errors = table.std(axis=0, ddof=1) / np.sqrt(len(samples))
        if means.ndim:
            results[name] = tuple(Estimate(float(m), float(e)) for m, e in zip(means, errors))
        else:
            results[name] = Estimate(float(means), float(errors))
    return results

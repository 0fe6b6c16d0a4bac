"""Draws of the model of the derivation hinge_probe: see `convex`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .convex import run
from .record import Simulation


def simulate(at: Mapping[str, Any], d: int = 400, draws: int = 20, seed: int = 0) -> Simulation:
    """Mean and standard error over draws of every result, by minimising the energy of each draw."""
    return run("hinge_probe", at, d, draws, seed)

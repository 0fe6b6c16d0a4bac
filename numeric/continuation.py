"""The branch followed from where its start holds to where it is wanted, by a parameter that moves in small steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..symbolic.errors import BadInput, NotCertified
from .compile import Compiled
from .floats import FloatArithmetic
from .newton import newton_floats

FIRST_STEP = 1 / 16
SMALLEST_STEP = 1e-7
PREDICTOR_POINTS = 4


def follow(compiled: Compiled, parameters: Sequence[Any]) -> tuple[np.ndarray, int]:
    """(x, steps): roots in float64 for P points at once, shape (n, P), on the branch named by the system.

    parameters: arrays (P,) in the order of compiled.parameters. The continuation parameter runs from the value at
    which `start` holds to its own value; a step is taken back when the corrector moves the prediction by more than a
    tenth of the step, so that neighbouring branches are not jumped to; where the solution is unique it need only lie
    within the ends of its unknowns. Without a continuation, Newton from `start`.
    Raises NotCertified when the steps become too small (the branch ends or turns).
    """
    count = max((np.size(p) for p in parameters), default=1)
    base = [np.broadcast_to(np.asarray(p, dtype=float), (count,)) for p in parameters]
    if compiled.system.continuation is None:
        x, converged = newton_floats(compiled, base, _start(compiled, base, count), FloatArithmetic())
        if not converged.all():
            raise NotCertified(f"Newton from the start of {_names(compiled)} does not converge{_first(converged)}")
        return x, 0
    return _walk(compiled, base, count)


def _walk(compiled: Compiled, base: list[np.ndarray], count: int) -> tuple[np.ndarray, int]:
    assert compiled.system.continuation is not None
    atom, origin = compiled.system.continuation
    moving = compiled.parameters.index(atom)
    target = base[moving]

    def at(s: float) -> list[np.ndarray]:
        # Written so that s = 1 gives the target itself, to the last bit.
        moved = list(base)
        if compiled.system.by_factors:
            moved[moving] = float(origin) ** (1 - s) * target**s
        else:
            moved[moving] = (1 - s) * float(origin) + s * target
        return moved

    x, converged = newton_floats(compiled, at(0.0), _start(compiled, at(0.0), count), FloatArithmetic())
    if not converged.all():
        raise NotCertified(f"the start of {_names(compiled)} does not hold at {atom} = {origin}{_first(converged)}")
    s, steps, path = 0.0, 0, [(0.0, x)]
    step = 1.0 if compiled.system.unique else FIRST_STEP
    while s < 1:
        step = min(step, 1 - s)
        predicted = _extrapolated(path[-PREDICTOR_POINTS:], s + step)
        corrected, converged = newton_floats(compiled, at(s + step), predicted, FloatArithmetic())
        moved = np.max(np.abs(corrected - x), axis=0)
        missed = np.max(np.abs(corrected - predicted), axis=0)
        size = np.max(np.abs(corrected), axis=0)
        # The first step has nothing to extrapolate: it must be short against the solution itself.
        near = missed <= np.maximum(0.1 * moved, 1e-3 * size) if steps else missed <= 0.05 * size
        if compiled.system.unique:
            near = _inside(compiled, at(s + step), corrected)
        if converged.all() and near.all():
            x, s, steps = corrected, s + step, steps + 1
            path.append((s, x))
            step *= 2
        elif step <= SMALLEST_STEP:
            raise NotCertified(f"the branch of {_names(compiled)} is lost near {atom} = {float(at(s)[moving][0]):.9g}")
        else:
            step /= 2
    return x, steps


def _inside(compiled: Compiled, parameters: Sequence[Any], x: np.ndarray) -> np.ndarray:
    """For every point, whether the unknowns lie between their ends."""
    low, high, _ = compiled.ends(FloatArithmetic(), parameters)
    within = np.ones(x.shape[1], dtype=bool)
    for value, least, most in zip(x, low, high, strict=True):
        if least is not None:
            within &= value > least
        if most is not None:
            within &= value < most
    return within


def _extrapolated(path: Sequence[tuple[float, np.ndarray]], s: float) -> np.ndarray:
    """The polynomial through the last points of the path, at s (Lagrange)."""
    total = np.zeros_like(path[-1][1])
    for here, x in path:
        weight = 1.0
        for there, _ in path:
            weight *= (s - there) / (here - there) if there != here else 1.0
        total = total + weight * x
    return total


def _start(compiled: Compiled, parameters: list[np.ndarray], count: int) -> np.ndarray:
    _, _, start = compiled.ends(FloatArithmetic(), parameters)
    if any(value is None for value in start):
        raise BadInput(f"{_names(compiled)}: every unknown needs a start (a bracket serves a single unknown only)")
    return np.array([np.broadcast_to(np.asarray(value, dtype=float), (count,)) for value in start])


def _names(compiled: Compiled) -> str:
    return ", ".join(map(str, compiled.unknowns))


def _first(converged: np.ndarray) -> str:
    return f" (first at point {int(np.argmin(converged))})" if converged.size > 1 else ""

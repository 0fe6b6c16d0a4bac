"""Continuation of a solution T(u), u from 0 to 1, in complex doubles: tangent predictor, Newton corrector."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import OutsideDomain
from .plan import Plan, float_step

# u -> (plan, t): the system with eta replaced by t eta.
Path = Callable[[float], tuple[Plan, float]]


def track(path: Path, start: np.ndarray) -> tuple[np.ndarray, int]:
    """(T(1), number of steps); a step is kept when the correction is below 10 % of the move.

    OutsideDomain when the step size collapses: a branch point or a pole lies on the path.
    """
    u, step, here, steps = 0.0, 0.05, start, 0
    tangent = _tangent(path, u, here)
    while u < 1.0:
        ahead = min(1.0, u + step)
        guess = here + (ahead - u) * tangent
        found = _newton(*path(ahead), guess)
        misfit = 4.0 if found is None else _misfit(here, guess, found)
        if found is not None and misfit <= 0.1:
            u, here = ahead, found
            tangent = _tangent(path, u, here) if u < 1.0 else tangent
        # The misfit of a tangent is proportional to the step: aim at 6 %.
        step *= min(4.0, max(0.2, 0.06 / max(misfit, 1e-3)))
        steps += 1
        if step < 1e-10 or steps > 400:
            raise OutsideDomain(
                f"the continuation of the physical branch stops at {u:.6g} of its way: a branch point or a pole; "
                "start from another point (via=), such as complex z"
            )
    return here, steps


def _tangent(path: Path, u: float, here: np.ndarray) -> np.ndarray:
    """dT/du from (1 - J) T' = dPhi/du; a finite difference serves, a predictor need not be exact."""
    delta = 1e-7
    try:
        value, slopes = float_step(*_at(path, u, here))
        moved, _ = float_step(*_at(path, u + delta, here))
        return np.linalg.solve(np.eye(len(here)) - slopes, (moved - value) / delta)
    except np.linalg.LinAlgError:
        return np.zeros_like(here)


def _at(path: Path, u: float, here: np.ndarray) -> tuple[Plan, np.ndarray, float]:
    plan, t = path(u)
    return plan, here, t


def _misfit(here: np.ndarray, guess: np.ndarray, found: np.ndarray) -> float:
    """|corrector| / |predictor|, zero when the corrector is at rounding level."""
    move, miss = np.abs(found - here).max(initial=0), np.abs(found - guess).max(initial=0)
    if miss <= 1e-9 * (1e-3 + np.abs(found).max(initial=0)):
        return 0.0
    return float(miss / max(move, np.abs(guess - here).max(initial=0)))


def _newton(plan: Plan, t: float, guess: np.ndarray) -> np.ndarray | None:
    here = guess
    for _ in range(10):
        try:
            value, slopes = float_step(plan, here, t)
            move = np.linalg.solve(np.eye(len(here)) - slopes, value - here)
        except np.linalg.LinAlgError:
            return None
        here = here + move
        if not np.all(np.isfinite(here)):
            return None
        if np.abs(move).max(initial=0) <= 1e-11 * (1e-300 + np.abs(here).max(initial=0)):
            return here
    return None

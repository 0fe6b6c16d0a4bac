"""Matrix expressions at finite size: one draw of every letter in floating point, the witness beside every limit."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

LIMIT = 400


def value(expr: Any, matrices: Mapping[Any, np.ndarray], point: Mapping[Any, Any], sizes: Mapping[Any, int]) -> Any:
    """A SymPy matrix expression, or a combination of traces of such, in floating point."""
    if expr in matrices:
        return matrices[expr]
    if isinstance(expr, sp.Identity):
        return np.eye(sizes[expr.shape[0]])
    if isinstance(expr, sp.Trace):
        return float(np.trace(value(expr.arg, matrices, point, sizes)))
    if isinstance(expr, sp.MatAdd | sp.Add):
        return sum(value(arg, matrices, point, sizes) for arg in expr.args)
    if isinstance(expr, sp.MatMul | sp.Mul):
        total: Any = 1.0
        for arg in expr.args:
            part = value(arg, matrices, point, sizes)
            total = total @ part if isinstance(total, np.ndarray) and isinstance(part, np.ndarray) else total * part
        return total
    if isinstance(expr, sp.Transpose):
        return value(expr.arg, matrices, point, sizes).T
    if isinstance(expr, sp.MatPow):
        base = value(expr.args[0], matrices, point, sizes)
        power: Any = expr.args[1]
        return np.linalg.matrix_power(base, int(power))
    return float(sp.S(expr).xreplace({**point, **{d: sp.Integer(n) for d, n in sizes.items()}}))


def generator(seed: str) -> np.random.Generator:
    """Random numbers that depend on the name of the check alone."""
    return np.random.default_rng(random.Random(seed).getrandbits(64))


def sizes_for(ratios: Mapping[Any, Any], point: Mapping[Any, Any], largest: int, smallest: int = 0) -> dict[Any, int]:
    """Dimensions in the declared ratios: the largest one as given, or the smallest one when it would be too small."""
    shares = {d: float(sp.S(ratio).xreplace(dict(point))) for d, ratio in ratios.items()}
    unit = max(largest / max(shares.values()), smallest / min(shares.values()))
    unit = min(unit, LIMIT / max(shares.values()))
    return {d: max(2, round(unit * share)) for d, share in shares.items()}


def gaussian(
    letters: Mapping[Any, Any], point: Mapping[Any, Any], sizes: Mapping[Any, int], rng: np.random.Generator
) -> dict[Any, np.ndarray]:
    """One draw of every Gaussian letter {X: entry variance}."""
    found = {}
    for letter, variance in letters.items():
        scale = float(sp.S(variance).xreplace({**point, **{d: sp.Integer(n) for d, n in sizes.items()}}))
        found[letter] = rng.standard_normal([sizes[d] for d in letter.shape]) * scale**0.5
    return found

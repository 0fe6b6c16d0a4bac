"""The error of the PCA-probe model over all sizes at once, in floats, compiled from the claims of the derivation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from ....numeric.floats import FloatArithmetic
from ....numeric.tape import Tape
from ....symbolic.derivation import Derivation
from ....symbolic.quantity import free_atoms


class Landscape:
    """Least-squares and least-norm errors along the curve of sizes, in floats, from the claims of the derivation."""

    def __init__(self, D: Derivation, task: Mapping[str, Any], angles: int = 500):
        self.D, self.task = D, task
        self.count = len(task["theta"])
        # Half of the angles near the start, where the size grows like the cube of the angle.
        self.phi = np.unique(np.concatenate([np.linspace(0, np.pi, angles), np.geomspace(1e-3, 1, angles // 3)]))
        self.size = self._tape("size-closed")
        self.noise, self.below, self.above = (self._tape(k) for k in ("effective-noise", "least-squares", "least-norm"))
        self.overlaps = [self._tape("overlap-closed", k) for k in range(1, self.count + 1)]
        self.outliers = [self._tape("outlier", k, 1) for k in range(1, self.count + 1)]
        self.ends = [self._tape("overlap-complete", k) for k in range(1, self.count + 1)]

    def _tape(self, label: str, entry: int = 1, equation: int = 0) -> tuple[list[Any], Tape]:
        expr = self.D.claim(label).equations[equation].rhs
        expr = expr.xreplace({self.D.notation["r"].symbol: sp.Integer(self.count)}).doit()
        index = {s: sp.Integer(entry) for s in expr.free_symbols if s.name == "i"}
        expr = expr.xreplace(index)
        atoms = free_atoms(expr)
        return atoms, Tape(atoms, [expr])

    def _run(self, compiled: tuple[list[Any], Tape], values: Mapping[str, Any]) -> Any:
        atoms, tape = compiled
        inputs = []
        for atom in atoms:
            name, index = (
                (str(atom.base.label), int(atom.indices[0]) - 1) if isinstance(atom, sp.Indexed) else (atom.name, None)
            )
            value = values[name] if name in values else self.task[name]
            inputs.append(np.asarray(value if index is None else value[index], dtype=float))
        with np.errstate(all="ignore"):
            return tape.run(FloatArithmetic(), inputs)[0]

    def of(self, label: str, values: Mapping[str, Any]) -> Any:
        """The right-hand side of a claim at given values."""
        return self._run(self._tape(label), values)

    def candidates(self, gamma: float, alpha: np.ndarray) -> np.ndarray:
        """The least error of each kind of size, infinite where there is none; shape (5, len(alpha))."""
        inner = {"gamma": gamma, "phi": self.phi[1:-1]}
        outer = [np.broadcast_to(self._run(t, {"gamma": gamma}), ()) for t in self.outliers]
        rho = np.concatenate([[0.0], self._run(self.size, inner), [min(1.0, 1 / gamma)]])
        c = [np.concatenate([[c0], self._run(t, {**inner, "c0": outer}), [self._run(e, {"gamma": gamma, "c0": outer})]])
             for c0, t, e in zip(outer, self.overlaps, self.ends)]  # fmt: skip
        noise = self._run(self.noise, {"rho": rho, "c": c})
        q = rho[None, :] / alpha[:, None]
        known = {"noise": noise, "rho": rho, "c": c, "q": np.where(q == 0, 1e-300, q)}
        below = np.where(q < 1, self._run(self.below, known), np.inf)
        above = np.where(q > 1, self._run(self.above, known), np.inf)
        return np.stack(
            [below[:, 0], np.min(below[:, 1:-1], axis=1), below[:, -1], np.min(above[:, 1:-1], axis=1), above[:, -1]]
        )

"""Spherical spins with a planted direction: the volume of vectors with given overlaps with each other and with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case
from ..verdict import Verdict, consistent, refuted, undecided
from .sampling import sample, shown
from .spherical import SphericalSaddle, _gram
from .terms import LogDet, written_out

_BITS = 160


@dataclass(frozen=True)
class PlantedSphere(SphericalSaddle):
    """int ds exp(N sum X(R_ab) - b N sum e(m_a)) -> Phi_n = sum X(Q_ab) - b sum e(m_a) + (1/2) log det(Q - m m^T).

    Inputs: the exponent and the mean energy N e(m) as a function of the overlap m = u.s/N with the direction u.
    """

    source: ClassVar[str] = "volume of vectors with given overlaps; Laplace's method at fixed n"
    planted: Any = None
    single: Any = None
    inverse_temperature: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        pairs = super().apply(inputs[0]).rhs
        (volume,) = pairs.atoms(LogDet)
        per_site: Any = sp.expand(inputs[1].rhs / self.size)
        if per_site.has(self.size):
            raise NotDerivable("the mean energy must be N times a function of the overlap with the direction")
        energy = sp.Sum(per_site.xreplace({self.single: self.planted[a]}), (a, 1, self.n))
        left = LogDet(self.order[a, b] - self.planted[a] * self.planted[b], (a, b), self.n)
        return Equation(self.result, pairs.xreplace({volume: left}) - self.inverse_temperature * energy)

    def check(self, case: Case) -> Verdict:
        """n = 1, 2: explicit unit vectors and a direction; heights above it, from the triangular factor, in balls."""
        sides = (case.inputs[0].rhs, case.inputs[1].rhs, case.output.rhs)
        bound = (self.n, self.size, self.single)
        atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in bound]
        for n in (1, 2):
            point = {**sample(case, atoms, case.given, n), self.size: sp.Integer(1)}
            # The first vector is the direction.
            gram = _gram(n + 1, f"{case.samples.seed}/{n}")
            places = [(i, j) for i in range(1, n + 1) for j in range(1, n + 1)]
            overlaps = {self.overlap[i, j]: gram[i][j] for i, j in places}
            orders = {self.order[i, j]: gram[i][j] for i, j in places}
            orders |= {self.planted[i]: gram[0][i] for i in range(1, n + 1)}
            heights = sp.Matrix(gram).LDLdecomposition()[1]
            truth = sum(sp.log(heights[k, k]) for k in range(1, n + 1)) / 2
            truth += written_out(sides[0], n, self.n).xreplace(overlaps).xreplace(point)
            beta = self.inverse_temperature.xreplace(point)
            truth -= beta * sum(sides[1].xreplace({self.single: gram[0][i]}).xreplace(point) for i in range(1, n + 1))
            gap = balls.enclose(truth - written_out(sides[2], n, self.n).xreplace(orders).xreplace(point), {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit vectors", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {gap.real.str(5)}", shown(point))
        return consistent("explicit vectors and a direction", "n = 1, 2: heights of unit vectors")

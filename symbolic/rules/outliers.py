"""Eigenvalues outside the bulk, for any spectral law: a spiked direction seen through the companion transform."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from flint import acb, arb

from .. import balls
from ..equality import BITS, explicit_sums
from ..quantity import free_atoms
from ..rule import Case
from ..verdict import Verdict, consistent, refuted
from . import finite_matrices
from .dyson import TERMS, SpectralLaw, named
from .stieltjes import OutlyingAtom

NODES, SPIKES, ROWS, DRAWS, WITHIN = 48, 4, 600, 3, 0.06


@dataclass(frozen=True)
class OutlierOfLaw(OutlyingAtom):
    """F = P/Q(m), z = zeta(m) with averages inside  ->  the outlier of a spike: Q(m0) = 0 at zeta(m0), with its weight.

    As OutlyingAtom, for a companion transform of any degree. `law` is the law of the bulk, `spike` the variance along
    the spiked direction, `ratio` the dimension over the number of samples (for the finite matrices of the check).
    """

    source: ClassVar[str] = OutlyingAtom.source
    law: SpectralLaw | None = None
    spike: Any = None
    ratio: Any = None

    def check(self, case: Case) -> Verdict:
        """The residue by a contour in the m-plane, both sides of the transition; then spiked matrices at one point."""
        transform, inverse = (explicit_sums(c.rhs, TERMS) for c in case.inputs)
        place, weight = (explicit_sums(e.rhs, TERMS) for e in case.output.equations)
        zeta = {self.variable: inverse}
        integrand = transform.xreplace(zeta) * sp.diff(inverse, self.unknown)
        atoms = {a for e in (transform, inverse) for a in free_atoms(e)} - {self.unknown, self.variable}
        for k in range(SPIKES):
            point = case.samples.point(atoms, case.given, k)
            pole, truth = _residue(self, integrand, inverse, tuple(point.items()))
            with balls.working(BITS):
                gaps = (
                    balls.enclose(place, point, BITS) - balls.enclose(inverse, {**point, self.unknown: pole}, BITS),
                    balls.enclose(weight, point, BITS) - truth,
                )
                if not all(abs(gap) < arb(10) ** -20 for gap in gaps):
                    return refuted("contour integral", f"the weight is {truth.str(8)}", named(point))
        return self._finite(case) or consistent("contour integral and spiked matrices", f"{SPIKES} points, 20 digits")

    def _finite(self, case: Case) -> Verdict | None:
        """Half of the variances 1, half 4, a spike of 10, twice as many samples as dimensions."""
        assert self.law is not None
        point: dict[Any, Any] = {self.ratio: sp.Rational(1, 2), self.spike: sp.Integer(10)}
        point |= dict.fromkeys(self.law.entries(self.law.weight), sp.Rational(1, 2))
        point |= dict(zip(self.law.entries(self.law.value), (sp.Integer(1), sp.Integer(4))))
        stated = [float(explicit_sums(e.rhs, TERMS).xreplace(point)) for e in case.output.equations]
        seen = _spiked(case.samples.seed)
        if any(abs(a - b) > WITHIN * b for a, b in zip(stated, seen)):
            return refuted(
                "spiked matrices", f"stated {stated[0]:.4f}, {stated[1]:.4f}; seen {seen[0]:.4f}, {seen[1]:.4f}"
            )
        return None


@lru_cache(maxsize=64)
def _residue(rule: OutlierOfLaw, integrand: Any, inverse: Any, items: tuple[tuple[Any, Any], ...]) -> tuple[Any, acb]:
    """(m0, -1/(2 pi i) times the contour integral of F zeta'), 0 off the physical sheet; error 4^-NODES."""
    assert rule.law is not None
    point = dict(items)
    pole = -1 / point[rule.spike]
    slope = sp.diff(inverse, rule.unknown).xreplace({**point, rule.unknown: pole})
    if not sp.Rational(slope).is_positive:
        return pole, acb(0)
    others = [sp.Integer(0), *(-1 / point[e] for e in rule.law.entries(rule.law.value))]
    radius = min(abs(pole - other) for other in others) / 4
    with balls.working(BITS):
        total = acb(0)
        for k in range(NODES):
            turn = acb.exp(acb(0, arb.pi() * (2 * k + 1) / NODES))
            step = turn * balls.exact_ball(radius)
            total -= balls.enclose(integrand, {**point, rule.unknown: balls.exact_ball(pole) + step}, BITS) * step
        return pole, acb((total / NODES).real)


@lru_cache(maxsize=8)
def _spiked(seed: str) -> tuple[float, float]:
    """(largest eigenvalue, squared component of its vector along the spike), means over a few draws."""
    rng = finite_matrices.generator(seed)
    size = ROWS // 2
    variances = np.concatenate([[10.0], np.ones(size // 2 - 1), np.full(size - size // 2, 4.0)])
    found = []
    for _ in range(DRAWS):
        x = rng.standard_normal((ROWS, size)) * np.sqrt(variances)
        values, vectors = np.linalg.eigh(x.T @ x / ROWS)
        found.append((values[-1], vectors[0, -1] ** 2))
    place, weight = np.mean(found, axis=0)
    return float(place), float(weight)

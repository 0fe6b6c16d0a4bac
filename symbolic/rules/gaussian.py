"""Gaussian regression on a subspace: what a projected Gaussian explains of a linear task, direction by direction."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, proved, refuted

# Pythagorean pairs: exact cosines and sines for rational test matrices.
_PAIRS = [(sp.Rational(3, 5), sp.Rational(4, 5)), (sp.Rational(5, 13), sp.Rational(12, 13)),
          (sp.Rational(8, 17), sp.Rational(15, 17)), (sp.Rational(20, 29), sp.Rational(21, 29))]  # fmt: skip


@dataclass(frozen=True)
class Direction:
    """One orthogonal direction: coefficient of the task, variance of x, squared length of its projection."""

    coefficient: Any
    variance: Any
    overlap: Any

    @property
    def eigenvalue(self) -> Any:
        """Of C = U^T Sigma U on the projected direction u: C u = u + (s - 1) u (u.u) = (1 + (s - 1) c) u."""
        return 1 + (self.variance - 1) * self.overlap


def directions(task: Claim, covariance: Claim, overlaps: Claim) -> list[Direction]:
    """The directions stated by three claims, equation by equation."""
    triples = [claim.equations for claim in (task, covariance, overlaps)]
    if len({len(t) for t in triples}) != 1:
        raise NotDerivable("task, covariance and overlaps state different numbers of directions")
    return [Direction(a.rhs, s.rhs, c.rhs) for a, s, c in zip(*triples)]


def over_spikes(expr: Any, index: Any, count: Any) -> Any:
    """Sum over the spike index when the expression depends on it, else the expression itself."""
    return sp.Sum(expr, (index, 1, count)) if expr.has(index) else expr


@dataclass(frozen=True)
class UnexplainedVariance(Rule):
    """y = w.x + e, z = U^T x  ->  Var(y - E[y|z]) = sigma^2 + sum_j a_j^2 (s_j - s_j^2 c_j/(1 + (s_j - 1) c_j)).

    Inputs: the task (coefficient a_j per direction), the covariance (variance s_j), the overlaps (c_j = |U^T v_j|^2,
    projections mutually orthogonal), the label noise. Gaussian conditioning: Var(w.x) - Cov(y, z) C^{-1} Cov(z, y).
    """

    source: ClassVar[str] = "conditioning of jointly Gaussian vectors"
    conditions: ClassVar[tuple[str, ...]] = ("x Gaussian", "the projected directions are orthogonal")
    result: Any = None
    index: Any = None
    count: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        noise = inputs[3].rhs
        total = noise
        for direction in directions(*inputs[:3]):
            a, s, c = direction.coefficient, direction.variance, direction.overlap
            covariance = a * s
            explained = covariance**2 * c / direction.eigenvalue
            total += over_spikes(factored(a**2 * s - explained), self.index, self.count)
        return Equation(self.result, total)

    def check(self, case: Case) -> Verdict:
        """Exact rational matrices: Sigma, U and w in dimension 2(r + 1), the Schur complement by linear algebra."""
        task, covariance, overlaps, noise = case.inputs
        for spikes in (1, 2, 3):
            model = _exact_model(task, covariance, overlaps, self.index, spikes, case)
            sigma, u, w, point = model
            c = u.T * sigma * u
            cross = u.T * sigma * w
            truth = noise.rhs.xreplace(point) + (w.T * sigma * w - cross.T * c.inv() * cross)[0]
            stated = evaluated(case.output.rhs, point, self.count, spikes)
            if sp.cancel(truth - stated) != 0:
                at = [(str(k), str(v)) for k, v in point.items()]
                return refuted("exact matrices", f"{stated} against {truth} with {spikes} spikes", at)
        return proved("exact matrices with 1, 2 and 3 spikes", "Schur complement over the rationals")


def evaluated(expr: Any, point: Any, count: Any, spikes: int) -> Any:
    """An expression with its sums over spikes written out, at exact values."""
    return expr.xreplace({count: sp.Integer(spikes)}).doit().xreplace(point)


def _exact_model(task: Claim, covariance: Claim, overlaps: Claim, index: Any, spikes: int, case: Case) -> Any:
    """Rational Sigma, orthonormal U and w whose projected directions are orthogonal with the sampled overlaps.

    Direction j lives in the plane (2j, 2j + 1): v_j = p e_2j + q e_2j+1 with p^2 + q^2 = 1, and U keeps e_2j only.
    """
    rng = random.Random(case.samples.seed)
    stated = directions(task, covariance, overlaps)
    listed = []
    for direction in stated:
        many = any(e.has(index) for e in (direction.coefficient, direction.variance, direction.overlap))
        listed += [(direction, k) for k in range(1, (spikes if many else 1) + 1)]
    size = 2 * len(listed)
    sigma, w = sp.eye(size), sp.zeros(size, 1)
    u = sp.zeros(size, len(listed))
    pairs = rng.sample(_PAIRS, len(listed))
    atoms = {a for d in stated for e in (d.coefficient, d.variance) for a in free_atoms(e)}
    atoms |= set(free_atoms(case.inputs[3].rhs)) if len(case.inputs) > 3 else set()
    named = {a.xreplace({index: sp.Integer(k)}) for a in atoms for k in range(1, spikes + 1)}
    point = case.samples.point(sorted(named, key=sp.default_sort_key))
    for j, (direction, k) in enumerate(listed):
        at = {index: sp.Integer(k)}
        p, q = pairs[j]
        v = sp.zeros(size, 1)
        v[2 * j], v[2 * j + 1] = p, q
        u[2 * j, j] = 1
        point[direction.overlap.xreplace(at)] = p**2
        sigma += (direction.variance.xreplace(at).xreplace(point) - 1) * v * v.T
        w += direction.coefficient.xreplace(at).xreplace(point) * v
    return sigma, u, w, point


@dataclass(frozen=True)
class TargetForm(Rule):
    """beta_* = C^{-1} U^T Sigma w  ->  beta_*^T F(C) beta_* = sum_j (a_j s_j/e_j)^2 c_j F(e_j).

    Here e_j = 1 + (s_j - 1) c_j. Inputs: task, covariance, overlaps, and the eigenvalue F(s) of a function of C (a
    claim in the variable s).
    """

    source: ClassVar[str] = "spectral calculus on the invariant directions of C"
    result: Any = None
    variable: Any = None
    index: Any = None
    count: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        function = inputs[3].rhs
        total = sp.Integer(0)
        for direction in directions(*inputs[:3]):
            e = direction.eigenvalue
            weight = (direction.coefficient * direction.variance / e) ** 2 * direction.overlap
            term = weight * function.xreplace({self.variable: e})
            total += over_spikes(factored(term), self.index, self.count)
        return Equation(self.result, total, inputs[3].single.relation)

    def check(self, case: Case) -> Verdict:
        """Exact rational matrices: F(C) through the eigenvectors of C, beta_* by solving C beta = U^T Sigma w."""
        task, covariance, overlaps, function = case.inputs
        for spikes in (1, 2, 3):
            sigma, u, w, point = _exact_model(task, covariance, overlaps, self.index, spikes, case)
            others = [a for a in free_atoms(function.rhs) if a != self.variable and a not in point]
            point = {**point, **case.samples.point(others, function.given)}
            c = u.T * sigma * u
            beta = c.LUsolve(u.T * sigma * w)
            # C is diagonal in this frame, so F(C) is F on its diagonal entries.
            values = [function.rhs.xreplace({self.variable: c[j, j]}).xreplace(point) for j in range(c.rows)]
            truth = (beta.T * sp.diag(*values) * beta)[0]
            stated = evaluated(case.output.rhs, point, self.count, spikes)
            if sp.cancel(truth - stated) != 0 or not c.is_diagonal():
                at = [(str(k), str(v)) for k, v in point.items()]
                return refuted("exact matrices", f"{stated} against {truth} with {spikes} spikes", at)
        return proved("exact matrices with 1, 2 and 3 spikes", "linear algebra over the rationals")


@dataclass(frozen=True)
class TargetLaw(Rule):
    """C = U^T Sigma U, beta_* = C^{-1} U^T Sigma w  ->  e_j = 1 + (s_j - 1) c_j, p_j = (a_j s_j/e_j)^2 c_j.

    Inputs: task, covariance, overlaps. e_j is the eigenvalue of C on the projected direction j, p_j the squared
    component of beta_* along it. `names` lists (name of e_j, name of p_j), direction by direction.
    """

    source: ClassVar[str] = "spectral calculus on the invariant directions of C"
    names: tuple[tuple[Any, Any], ...] = ()
    index: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for (value, power), direction in zip(self.names, directions(*inputs[:3]), strict=True):
            e = direction.eigenvalue
            weight = (direction.coefficient * direction.variance / e) ** 2 * direction.overlap
            found += [Equation(value, e), Equation(power, factored(weight))]
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """Exact rational matrices: C is diagonal in their frame, and beta_* solves C beta = U^T Sigma w."""
        task, covariance, overlaps = case.inputs
        for spikes in (1, 2, 3):
            sigma, u, w, point = _exact_model(task, covariance, overlaps, self.index, spikes, case)
            c = u.T * sigma * u
            beta, j = c.LUsolve(u.T * sigma * w), 0
            stated = {e.lhs: e.rhs for e in case.output.equations}
            for value, power in self.names:
                for k in range(1, (spikes if value.has(self.index) else 1) + 1):
                    at = {self.index: sp.Integer(k)}
                    for name, truth in ((value, c[j, j]), (power, beta[j] ** 2)):
                        told = stated[name].xreplace(at).xreplace(point)
                        if sp.cancel(told - truth) != 0:
                            return refuted("exact matrices", f"{told} against {truth} with {spikes} spikes")
                    j += 1
            if not c.is_diagonal():
                return refuted("exact matrices", "the projected directions are no eigenvectors")
        return proved("exact matrices with 1, 2 and 3 spikes", "linear algebra over the rationals")

"""Averages over the spectral law of a covariance: traces and quadratic forms from eigenvalues."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import POINTS, equal, explicit_sums
from ..exact import factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, proved, refuted
from .dyson import TERMS, SpectralLaw, named


@dataclass(frozen=True)
class OverSpectrum(Rule):
    """A <-> F(Sigma)  ->  tr s^k A = E s^k F(s); with squared components t_j per direction, E t s^k F(s).

    Input: the eigenvalue F(s). The normalised trace runs over the whole law, what is left over at s = 0 included; with
    `component` (a list entry t_j, zero on what is left over) it is the quadratic form of a vector, or tr A T.
    """

    source: ClassVar[str] = "spectral calculus of a symmetric matrix"
    result: Any = None
    law: SpectralLaw | None = None
    power: int = 0
    component: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        law = self.law
        assert law is not None
        terms = [factored(law.symbol**self.power * term) for term in sp.Add.make_args(inputs[0].rhs)]
        if self.component is None:
            return Equation(self.result, law.average(sp.Add(*terms)))
        return Equation(self.result, sp.Add(*(law.weighted(term, law.weight * self.component) for term in terms)))

    def check(self, case: Case) -> Verdict:
        """An explicit diagonal covariance: two eigenvalues with random multiplicities, and some zeros, exactly."""
        law, f = self.law, case.inputs[0].rhs
        assert law is not None
        rng = random.Random(case.samples.seed)
        entries = [*law.entries(law.value), *(law.entries(self.component) if self.component is not None else [])]
        atoms = [a for a in free_atoms(explicit_sums(f, TERMS)) if a != law.symbol]
        names = law.entries(law.weight)
        for point in case.samples.points([*atoms, *entries], case.given):
            counts = [rng.randint(2, 5) for _ in range(TERMS)]
            size = sum(counts) + rng.randint(2, 4)
            point |= {w: sp.Rational(c, size) for w, c in zip(names, counts)}
            diagonal = [(point[s], k) for k, (s, c) in enumerate(zip(law.entries(law.value), counts)) for _ in range(c)]
            diagonal += [(sp.Integer(0), None)] * (size - sum(counts))
            total = sp.Integer(0)
            for s, k in diagonal:
                value = (law.symbol**self.power * explicit_sums(f, TERMS)).xreplace({**point, law.symbol: s})
                if self.component is not None:
                    value = value * point[law.entries(self.component)[k]] if k is not None else sp.Integer(0)
                total += value
            stated = explicit_sums(case.output.rhs, TERMS).xreplace(point)
            if sp.cancel(total / size - stated) != 0:
                return refuted("explicit spectrum", f"{total / size} against {stated}", named(point))
        return proved("explicit spectrum", f"multiplicities and zeros, exactly, {POINTS} spectra")


@dataclass(frozen=True)
class Pick(Rule):
    """A and B  ->  A: one equation of a system, to be worked on by itself."""

    source: ClassVar[str] = "elementary logic"
    lhs: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        return next(e for e in inputs[0].equations if e.lhs == self.lhs)

    def check(self, case: Case) -> Verdict:
        """The equation is one of the system, in value."""
        known = {e.lhs: e.rhs for e in case.inputs[0].equations}
        stated = case.output.single
        if stated.lhs not in known:
            return refuted("the system", f"it states nothing about {stated.lhs}")
        return equal(known[stated.lhs], stated.rhs, case.samples, case.given)

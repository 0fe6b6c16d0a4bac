"""Explicit small matrices: what the eigenvalues say about the entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..rule import Case, Rule
from ..verdict import Verdict, refuted, weakest


@dataclass(frozen=True)
class TwoEigenvalues(Rule):
    """X of size 2 x 2 with eigenvalues p and q  ->  X_11 + X_22 = p + q, X_11 X_22 - X_12 X_21 = p q."""

    source: ClassVar[str] = "the characteristic polynomial of a matrix"
    values: tuple[Any, Any] = (None, None)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        x = inputs[0].rhs
        if x.shape != (2, 2):
            raise NotDerivable("the matrix is not of size 2 x 2")
        p, q = self.values
        return (Equation(x[0, 0] + x[1, 1] - p - q, sp.Integer(0)), Equation(sp.expand(x.det()) - p * q, sp.Integer(0)))

    def check(self, case: Case) -> Verdict:
        """det(X - t) = (t - p)(t - q) - (t times the first equation) + the second one, for a free t."""
        t = sp.Dummy("t")
        p, q = self.values
        x = case.inputs[0].rhs
        trace, determinant = (e.difference for e in case.output.equations)
        stated = sp.expand((t - p) * (t - q) - t * trace + determinant)
        found = sp.expand((x[0, 0] - t) * (x[1, 1] - t) - x[0, 1] * x[1, 0])
        difference = sp.Poly(found - stated, t)
        if difference.degree() > 1:
            return refuted("the characteristic polynomial", "the degree differs")
        return weakest(equal(c, sp.Integer(0), case.samples, case.given) for c in difference.all_coeffs())

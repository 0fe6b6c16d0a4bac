"""Conditioning on one Gaussian letter: the law of the rows, and averages over a spectrum by its resolvent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import POINTS
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..quantity import free_atoms
from ..random_matrix.spectral import Average
from ..rule import Case, Rule
from ..verdict import Verdict, proved, refuted
from .dyson import named


@dataclass(frozen=True)
class RowCovariance(Rule):
    """F = W X + T given X  ->  rows independent N(0, S/m), S = m (v_W X^T X + v_T I): eigenvalue s = m (v_W x + v_T).

    Input: the definition of F as a sum of products of Gaussian letters; `held` is the letter that is held fixed (on the
    left its columns are meant, and W W^T), x the eigenvalue of its Gram matrix, `gaussian` the entry variances, `rows`
    their number m.
    """

    source: ClassVar[str] = "linear maps of Gaussian vectors"
    held: Any = None
    gaussian: tuple[tuple[Any, Any], ...] = ()
    rows: Any = None
    eigenvalue: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        total = sp.Integer(0)
        for coefficient, letter, through in self._terms(inputs[0].rhs):
            square = self.eigenvalue if through else sp.Integer(1)
            total += coefficient**2 * dict(self.gaussian)[letter] * square
        return Equation(self.result, sp.expand(self.rows * total))

    def _terms(self, expr: Any) -> list[tuple[Any, Any, bool]]:
        found = []
        for term in expr.args if isinstance(expr, sp.MatAdd) else (expr,):
            coefficient, matrices = term.as_coeff_matrices() if isinstance(term, sp.MatMul) else (sp.Integer(1), [term])
            free = [m for m in matrices if m != self.held]
            if len(free) != 1 or len(matrices) > 2 or free[0] not in dict(self.gaussian):
                raise NotDerivable(f"{term} is not a Gaussian letter, alone or times {self.held}")
            found.append((coefficient, free[0], len(matrices) == 2))
        return found

    def check(self, case: Case) -> Verdict:
        """A rational 2 x 2 X: the covariance of a row from its slopes in the Gaussian entries, along an eigenvector."""
        variances, terms = dict(self.gaussian), self._terms(case.inputs[0].rhs)
        for k in range(POINTS):
            x = sp.Rational(3 + k, 2)
            rotation = sp.Matrix([[sp.Rational(3, 5), sp.Rational(4, 5)], [-sp.Rational(4, 5), sp.Rational(3, 5)]])
            held = rotation * sp.diag(x, 2 + k) * rotation.T
            entries = {letter: sp.Matrix(1, 2, sp.symbols(f"{letter}_1:3")) for _, letter, _ in terms}
            parts = [c * (entries[a] * held if through else entries[a]) for c, a, through in terms]
            row = sum(parts[1:], parts[0])
            atoms = {a for e in (*variances.values(), *(c for c, _, _ in terms)) for a in free_atoms(e)}
            point = case.samples.point({*atoms, self.rows}, case.given, k)
            covariance = sp.zeros(2, 2)
            for _, letter, _ in terms:
                slope = row.jacobian(entries[letter])
                covariance += variances[letter] * slope * slope.T
            vector: Any = rotation[:, 0]
            truth = (point[self.rows] * (vector.T * covariance * vector)[0]).xreplace(point)
            stated = case.output.rhs.xreplace({**point, self.eigenvalue: x**2})
            if sp.cancel(truth - stated) != 0:
                return refuted("covariance of one row", f"{truth} against {stated}", named(point))
        return proved("covariance of one row", "exact rational matrices")


@dataclass(frozen=True)
class AverageByTrace(Rule):
    """E_x (p x + q)/(r x + u)  ->  p/r + (q - p u/r)/r g, g = tr (X^T X + l)^{-1}, l = u/r: partial fractions in x.

    Inputs: equations with averages over the spectral variable, then its eigenvalue s = s(x). All averages must have the
    same pole; it is stated as the last equation.
    """

    source: ClassVar[str] = "partial fractions"
    variable: Any = None
    trace: Any = None
    shift: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        table = {k: v for claim in inputs[1:] for k, v in claim.defines().items()}
        shifts: list[Any] = []

        def through(average: Any) -> Any:
            value, pole = self._split(canonical(average.integrand.xreplace(table)))
            shifts.append(pole)
            return value

        found = []
        for e in inputs[0].equations:
            rhs = e.rhs.replace(lambda x: isinstance(x, Average), through)
            found.append(Equation(e.lhs, factored(rhs)))
        poles = list(dict.fromkeys(factored(s) for s in shifts))
        if len(poles) != 1:
            raise NotDerivable(f"the averages have {len(poles)} poles in {self.variable}: {poles}")
        return (*found, Equation(self.shift, poles[0]))

    def _split(self, expr: Any) -> tuple[Any, Any]:
        top, bottom = sp.fraction(sp.together(expr))
        r, u = sp.Poly(bottom, self.variable).all_coeffs()
        p, q = sp.Poly(top, self.variable).nth(1), sp.Poly(top, self.variable).nth(0)
        return p / r + (q - p * u / r) / r * self.trace, canonical(u / r)

    def check(self, case: Case) -> Verdict:
        """An explicit spectrum of three rational eigenvalues, exactly."""
        table = {k: v for claim in case.inputs[1:] for k, v in claim.defines().items()}
        spectrum = [
            (sp.Rational(1, 2), sp.Rational(2, 3)),
            (sp.Rational(1, 6), sp.Integer(2)),
            (sp.Rational(1, 3), sp.Integer(5)),
        ]
        stated = {e.lhs: e.rhs for e in case.output.equations}
        exprs = [e.rhs.xreplace(table) for e in case.inputs[0].equations]
        atoms = {a for x in (*exprs, *table.values()) for a in free_atoms(x)} - {self.variable}
        for point in case.samples.points(atoms, case.given):
            pole = stated[self.shift].xreplace(point)
            values = {**point, self.trace: sum((w / (x + pole) for w, x in spectrum), start=sp.Integer(0))}
            for e in case.inputs[0].equations:
                truth = e.rhs.replace(
                    lambda x: isinstance(x, Average),
                    lambda x: sp.Add(
                        *(w * x.integrand.xreplace(table).xreplace({self.variable: at}) for w, at in spectrum)
                    ),
                )
                if sp.cancel((truth - stated[e.lhs]).xreplace(values)) != 0:
                    return refuted("explicit spectrum", f"{e.lhs} differs", named(point))
        return proved("explicit spectrum", "three rational eigenvalues, exactly")

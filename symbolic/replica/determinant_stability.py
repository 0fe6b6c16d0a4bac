"""The replicon eigenvalue of potentials made of pair sums and determinants: spheres and quadratic energies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable, OutsideDomain
from ..exact import factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, proved, refuted
from .sampling import sample, shown
from .terms import LogDet, PairSum, written_out

# The replicon sector of four replicas: alternating signs around a square.
_SQUARE = {(1, 2): 1, (2, 3): -1, (3, 4): 1, (1, 4): -1}


@dataclass(frozen=True)
class DeterminantReplicon(Rule):
    """Phi_n(Q) = sum f(Q_ab) + sum_k c_k log det X_k(Q)  ->  lambda = 2 (d - q)^2 (sum_k c_k X_k'^2/e_k^2 - f''(q)).

    Inputs: the potential in all pair variables, the ansatz. e_k is the eigenvalue of X_k on vectors that sum to zero.
    Along eta in the replicon sector log det(X + t X' eta) has the curvature -X'^2 tr(eta^2)/e^2. The factor makes
    lambda = 1 for the volume (1/2) log det Q alone; lambda < 0 means that replica symmetry is unstable.
    """

    source: ClassVar[str] = "de Almeida and Thouless 1978; second derivative of a logarithm of a determinant"
    result: Any = None
    order: Any = None
    replicas: tuple[Any, ...] = ()
    n: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        potential, (same, off) = inputs[0].rhs, self._values(inputs[1])
        a, b = self.replicas
        pair, parts, gap = self.order[a, b], [], same - off
        flat = sp.expand(potential)
        for term in sorted(flat.atoms(PairSum), key=sp.default_sort_key):
            parts.append(-flat.coeff(term) * sp.diff(term.args[0], pair, 2).xreplace({pair: off}))
        for term in sorted(flat.atoms(LogDet), key=sp.default_sort_key):
            slope = sp.diff(term.args[0], pair)
            if slope.has(pair):
                raise NotDerivable("a determinant is not linear in the overlaps")
            eigenvalue = slope * gap + term.args[0].coeff(sp.KroneckerDelta(a, b))
            parts.append(flat.coeff(term) * slope**2 / eigenvalue**2)
        return Equation(self.result, sp.Add(*(factored(2 * gap**2 * part) for part in parts)))

    def _values(self, ansatz: Claim) -> tuple[Any, Any]:
        found = {len(set(e.lhs.indices)): e.rhs for e in ansatz.equations if e.lhs.base == self.order}
        return found[1], found[2]

    def check(self, case: Case) -> Verdict:
        """n = 4, 5: explicit matrices at rational points; the determinant is a polynomial along the sector, exact."""
        ansatz, t = case.inputs[1], sp.Dummy("t")
        same, off = self._values(ansatz)
        vectors = {e.lhs.base: e.rhs for e in ansatz.equations if len(e.lhs.indices) == 1}
        potential = case.inputs[0].rhs
        for n in (4, 5):
            entries = {vector[k]: value for vector, value in vectors.items() for k in range(1, n + 1)}
            for i in range(1, n + 1):
                for j in range(1, n + 1):
                    eta = _SQUARE.get((min(i, j), max(i, j)), 0)
                    entries[self.order[i, j]] = same if i == j else off + t * eta
            curvature = sp.Integer(0)
            sides = [potential, *entries.values(), case.output.rhs]
            atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in (self.n, t)]
            point = self._regular(case, atoms, potential, entries, t, n)
            names = {x: sp.Dummy() for x in sorted(potential.atoms(LogDet), key=sp.default_sort_key)}
            for term, name in names.items():
                det = term.matrix(n).xreplace(entries).xreplace(point).det(method="berkowitz")
                p = [sp.expand(det).coeff(t, k) for k in range(3)]
                second = 2 * p[2] / p[0] - (p[1] / p[0]) ** 2
                weight: Any = sp.diff(potential.xreplace(names), name)
                curvature += weight.xreplace({**point, self.n: sp.Integer(n)}) * second
            rest = written_out(potential.xreplace(dict.fromkeys(names, sp.Integer(0))), n, self.n)
            rest = sp.diff(rest.xreplace(entries), t, 2).xreplace({t: sp.Integer(0)}).xreplace(point)
            norm = 2 * len(_SQUARE)
            truth = -2 * ((same - off) ** 2).xreplace(point) * (curvature + rest) / norm
            if sp.expand(truth - case.output.rhs.xreplace({**point, self.n: sp.Integer(n)})) != 0:
                return refuted(f"explicit curvature at n = {n}", f"{truth}", shown(point))
        return proved("explicit curvature at n = 4, 5", "rational points, exact; the sector does not depend on n")

    def _regular(self, case: Case, atoms: Any, potential: Any, entries: Any, t: Any, n: int) -> dict[Any, Any]:
        """A point at which no determinant vanishes."""
        terms = sorted(potential.atoms(LogDet), key=sp.default_sort_key)
        for k in range(20):
            point = sample(case, atoms, [c for c in case.given if not c.has(self.n)], k)
            fixed = {**point, t: sp.Integer(0), self.n: sp.Integer(n)}
            if all(x.matrix(n).xreplace(entries).xreplace(fixed).det(method="berkowitz") != 0 for x in terms):
                return point
        raise OutsideDomain("no point was found at which the determinants do not vanish")

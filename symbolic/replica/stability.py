"""The replicon eigenvalue: stability of a replica-symmetric saddle point against breaking the symmetry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from .hessian import PairHessian
from .matrices import replica_matrix
from .mean import Mean
from .saddle import diagonal, entry_of
from .sampling import sample, shown
from .terms import LogDet, LogTrace, PairSum, written_out

_BITS = 160
# The replicon sector of four replicas: alternating signs around a square.
SQUARE = {(1, 2): 1, (2, 3): -1, (3, 4): 1, (1, 4): -1}


def _off_diagonal(ansatz: Claim) -> dict[Any, Any]:
    """Values by name: of the entries between different replicas, and of single replicas."""
    return {e.lhs.base: e.rhs for e in ansatz.equations if not diagonal(e.lhs)}


@dataclass(frozen=True)
class Replicon(Rule):
    """Phi_n(Q, Qhat)  ->  lambda_n = 1 - kappa (1 - 2 <s_b s_c> + <s_a s_b s_c s_d>), kappa the curvature per pair.

    Inputs: the potential in all pair variables, the ansatz, the decoupled potential. On the replicon sector the Hessian
    is [[kappa, -1], [-1, G]] with G = P - 2 Q + R the covariance of s_a s_b; lambda_n = -det. Moments over different
    replicas factorise at fixed z: <s_1 ... s_k> = E[c^n tanh^k]/E[c^n].
    """

    source: ClassVar[str] = "de Almeida and Thouless 1978; sectors by permutation symmetry"
    result: Any = None
    n: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        potential, ansatz, decoupled = inputs
        kappa = self._curvature(potential.rhs, ansatz)
        two, four = (self._moment(decoupled.rhs, k) for k in (2, 4))
        overlap = two**2
        form = PairHessian(P=1 - overlap, Q=two - overlap, R=four - overlap)
        return Equation(self.result, 1 - factored(kappa) * sp.expand(form.replicon()))

    def _curvature(self, potential: Any, ansatz: Claim) -> Any:
        """Second derivative in one unordered pair: both orders of (a, b) contribute."""
        values = _off_diagonal(ansatz)
        conjugates = {e.base for t in potential.atoms(LogTrace) for e in t.exponent.atoms(sp.Indexed)}
        total = sp.Integer(0)
        outside = sp.expand(potential.xreplace({t: sp.Integer(0) for t in potential.atoms(LogTrace)}))
        for pairs in sorted(outside.atoms(PairSum), key=sp.default_sort_key):
            entries = list(pairs.args[0].atoms(sp.Indexed))
            if any(e.base in conjugates for e in entries):
                continue
            (entry,) = entries
            second = sp.diff(pairs.args[0], entry, 2).xreplace({entry: values[entry.base]})
            total += 2 * outside.coeff(pairs) * second
        for det in sorted(outside.atoms(LogDet), key=sp.default_sort_key):
            total += outside.coeff(det) * self._determinant(det, ansatz)
        return total

    def _determinant(self, det: Any, ansatz: Claim) -> Any:
        """-tr(G V G V) for a direction V of the replicon sector, |V| = 1 per pair: V sees the standard block only."""
        (rate,) = {sp.diff(det.entry(1, 2), e) for e in det.entry(1, 2).atoms(sp.Indexed)}
        same, off = (entry_of(det.entry(1, k), ansatz) for k in (1, 2))
        (standard,) = replica_matrix(self.n, same, off).standard
        return -2 * rate**2 / standard**2

    def _moment(self, decoupled: Any, power: int) -> Any:
        weights = [m for m in decoupled.atoms(Mean) if m.body.is_Pow and m.body.exp == self.n]
        if len(weights) != 1:
            raise NotDerivable("no mean of an n-th power: decouple the replicas first")
        (z,) = weights[0].variables
        (site,) = weights[0].body.base.atoms(sp.cosh)
        # Powers of constants cancel in the quotient.
        return Mean(site**self.n * sp.tanh(site.args[0]) ** power, z) / Mean(site**self.n, z)

    def check(self, case: Case) -> Verdict:
        """n = 4, 5: all configurations, the replicon vector applied to the explicit Hessian, in balls."""
        potential, ansatz = case.inputs[0].rhs, case.inputs[1]
        for n in (4, 5):
            atoms = [a for e in ansatz.equations for a in free_atoms(e.rhs)]
            atoms += [a for a in (*free_atoms(potential), *free_atoms(case.output.rhs)) if isinstance(a, sp.Symbol)]
            point = sample(case, [a for a in atoms if a != self.n], case.given, n)
            truth = self._explicit(potential, ansatz, point, n)
            stated = balls.enclose(case.output.rhs, {**point, self.n: sp.Integer(n)}, _BITS).real
            with balls.working(_BITS):
                gap = truth - stated
                if not gap.is_finite():
                    return undecided("explicit Hessian", f"no finite enclosure at n = {n}")
                if not gap.contains(0):
                    return refuted(f"explicit Hessian at n = {n}", f"distance {gap.str(5)}", shown(point))
        return consistent("explicit Hessian at n = 4, 5", "all configurations, in balls")

    def _explicit(self, potential: Any, ansatz: Claim, point: Any, n: int) -> Any:
        """-det of [[kappa, c], [c, t^2 G]]/c^2 with kappa, c and G from the written-out potential."""
        (trace,) = potential.atoms(LogTrace)
        values = _off_diagonal(ansatz)
        dets = sorted(potential.atoms(LogDet), key=sp.default_sort_key)
        outside = written_out(potential.xreplace(dict.fromkeys([trace, *dets], sp.Integer(0))), n, self.n)
        order = {e.base for e in outside.atoms(sp.Indexed) if len(e.indices) == 2}
        conjugate = {e.base for e in trace.exponent.atoms(sp.Indexed)} & order
        (hat,), (plain,) = conjugate, order - conjugate
        q, r, t = sp.Dummy("q"), sp.Dummy("r"), sp.Dummy("t")
        tied = outside.xreplace({plain[1, 2]: q, plain[2, 1]: q, hat[1, 2]: r, hat[2, 1]: r})
        cross: Any = sp.diff(tied, q, r).xreplace(point)
        along = {}
        for (a, b), sign in SQUARE.items():
            along |= dict.fromkeys((plain[a, b], plain[b, a]), values[plain] + sign * t)
        bent = entry_of(outside.xreplace(along), ansatz).xreplace(point)
        kappa = sp.diff(bent, t, 2).xreplace({t: sp.Integer(0)})
        flat = sp.expand_mul(potential, deep=False).xreplace({self.n: sp.Integer(n)}).xreplace(point)
        for det in dets:
            # Numbers first: the determinant is then a polynomial in one variable.
            matrix = det.matrix(n).applyfunc(lambda x: entry_of(x.xreplace(along), ansatz).xreplace(point))
            c = [sp.expand(matrix.det(method="berkowitz")).coeff(t, k) for k in range(3)]
            kappa += flat.coeff(det.xreplace({self.n: sp.Integer(n)}).xreplace(point)) * (
                2 * c[2] / c[0] - (c[1] / c[0]) ** 2
            )
        kappa = kappa / len(SQUARE)
        entries = written_out(trace.exponent, n, self.n).atoms(sp.Indexed)
        fill = {e: entry_of(e, ansatz) for e in entries if e.base in values}
        with balls.working(_BITS):
            total, first, second = (balls.exact_ball(0).real for _ in range(3))
            for spins, exponent in trace.configurations(n):
                weight = balls.enclose(exponent.xreplace(fill).xreplace(point), {}, _BITS).real.exp()
                value = sum(sign * spins[trace.spins[a]] * spins[trace.spins[b]] for (a, b), sign in SQUARE.items())
                value = balls.exact_ball(value).real
                total, first, second = total + weight, first + weight * value, second + weight * value * value
            mean = first / total
            # A square as a product: the power of a ball around 0 is not finite.
            covariance = (second / total - mean * mean) / len(SQUARE)
            return 1 - balls.enclose(kappa / cross**2, {}, _BITS).real * covariance

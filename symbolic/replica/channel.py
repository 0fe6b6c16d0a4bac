"""Quadratic energies of Gaussian patterns: the mean over the patterns is a determinant in replica space."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from . import ledger
from .continuation import by_denominator
from .sampling import sample, shown
from .terms import LogDet, written_out

_BITS = 160


@dataclass(frozen=True)
class Patterns:
    """Gaussian patterns x_mu, mu = 1..M, in dimension d, with the overlaps their fields see.

    x: the pattern list x[mu, i]; weights: y[i]; counts: (M, d); ratio: the symbol of M/d; frozen: the list of a fixed
    vector u[i] with |u|^2 = rho d, or None; spike: theta when the covariance is 1 + theta u u^T/(rho d); noise: the
    list e[mu] of independent normals of variance `variance`.
    """

    x: Any
    weights: Any
    counts: tuple[Any, Any]
    ratio: Any
    frozen: Any = None
    power: Any = sp.S.One
    spike: Any = sp.S.Zero
    noise: Any = None
    variance: Any = sp.S.Zero


@dataclass(frozen=True)
class QuadraticPatterns(Rule):
    """k/2 |y|^2 + c/2 sum_mu f_mu^2 -> Phi_n = -k/2 sum Q_aa - (alpha/2) log det(1 + c C) + (1/2) log det V.

    f_mu is linear in the pattern x_mu (and the noise), C_ab = E f_a f_b in terms of the overlaps Q_ab = y_a.y_b/d and
    m_a = u.y_a/d; V_ab = Q_ab - m_a m_b/rho is the volume of vectors with these overlaps. `measure` is the constant of
    the weights' measure per replica: 0 on the sphere |y|^2 = d, 1/2 for dy/(2 pi)^(d/2).
    """

    source: ClassVar[str] = "Gaussian integral of a quadratic form; Laplace's method at fixed n"
    result: Any = None
    patterns: Any = None
    order: Any = None
    overlap: Any = None
    replicas: tuple[Any, ...] = ()
    n: Any = None
    measure: Any = sp.S.Zero
    scale: Any = sp.S.One

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def apply(self, *inputs: Claim) -> Equation:
        p, (a, b) = self.patterns, self.replicas
        energy: Any = sp.expand_mul(self.scale * inputs[0].rhs, deep=False)
        energy = energy.xreplace({p.counts[0]: p.ratio * p.counts[1]})
        total = self.n * self.measure
        for term in sp.Add.make_args(energy):
            factor, sums = coefficient(term)
            if any(e.base == p.x for e in sums.atoms(sp.Indexed)):
                strength, field = self._field(factor, sums)
                entry = sp.KroneckerDelta(a, b) + by_denominator(strength * self._covariance(field))
                total -= p.ratio / 2 * LogDet(entry, (a, b), self.n)
            else:
                (i, _, _) = sums.limits[0]
                if sums.function != p.weights[i] ** 2:
                    raise NotDerivable("the energy of the weights must be a multiple of |y|^2")
                total -= factor * sp.Sum(self.order[a, a], (a, 1, self.n))
        return Equation(self.result, total + LogDet(self._volume(), (a, b), self.n) / 2)

    def _field(self, factor: Any, sums: Any) -> tuple[Any, Any]:
        """c and f of c/2 sum_mu f_mu^2."""
        if not (sums.function.is_Pow and sums.function.exp == 2):
            raise NotDerivable("the patterns must enter through squares of fields")
        return 2 * factor, sums.function.base

    def _covariance(self, field: Any) -> Any:
        """E f_a f_b: the coefficient of x_i in replica a times that in replica b, summed over i."""
        p, (a, b) = self.patterns, self.replicas
        inner = sorted(field.atoms(sp.Sum), key=sp.default_sort_key)
        if len(inner) != 1:
            raise NotDerivable("a field is one sum over the components of its pattern")
        (i, _, _), prefactor = inner[0].limits[0], field.coeff(inner[0])
        (pattern,) = [e for e in inner[0].function.atoms(sp.Indexed) if e.base == p.x]
        vector = sp.expand(prefactor * sp.expand(inner[0].function).coeff(pattern))
        rest = sp.expand(field - prefactor * inner[0])
        along_y = vector.coeff(p.weights[i])
        along_u = vector.coeff(p.frozen[i]) if p.frozen is not None else sp.Integer(0)
        if sp.expand(vector - along_y * p.weights[i] - (along_u * p.frozen[i] if p.frozen is not None else 0)) != 0:
            raise NotDerivable("the field must be linear in the weights and the frozen vector")
        d, rho = p.counts[1], p.power
        m_a, m_b = (self.overlap[k] if self.overlap is not None else sp.Integer(0) for k in (a, b))
        square = along_y**2 * self.order[a, b] + along_y * along_u * (m_a + m_b) + along_u**2 * rho
        spike = p.spike * (along_y * m_a + along_u * rho) * (along_y * m_b + along_u * rho) / rho
        noise = sp.Integer(0) if p.noise is None else p.variance * sp.expand(rest).coeff(_noise_entry(rest, p)) ** 2
        return sp.expand(d * (square + spike)) + noise

    def _volume(self) -> Any:
        a, b = self.replicas
        if self.patterns.frozen is None:
            return self.order[a, b]
        return self.order[a, b] - self.overlap[a] * self.overlap[b] / self.patterns.power

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return ()

    def check(self, case: Case) -> Verdict:
        """Explicit vectors, n = 2, 3: determinants in the space of the patterns, volumes by orthogonalisation."""
        p, d = self.patterns, 5
        for n, count in ((2, 7), (3, 11), (1, 4)):
            rng = random.Random(f"{case.samples.seed}/{n}")
            vectors = [[sp.Rational(rng.randint(-9, 9), rng.choice((2, 3, 5))) for _ in range(d)] for _ in range(n)]
            # Small vectors keep 1 + c d C positive also where the energy is negative.
            vectors = [[x / 20 for x in v] for v in vectors]
            frozen = [sp.Rational(rng.randint(1, 9), 4) for _ in range(d)]
            sizes = {p.counts[0]: sp.Integer(count), p.counts[1]: sp.Integer(d), p.ratio: sp.Rational(count, d)}
            if isinstance(p.power, sp.Symbol):
                sizes[p.power] = _dot(frozen, frozen) / d
            else:
                # A direction: |u|^2 = d = 5.
                frozen = [sp.Integer(x) for x in (0, 0, 0, 1, 2)]
            sides = (case.inputs[0].rhs, case.output.rhs)
            atoms = [s for side in sides for s in free_atoms(side) if isinstance(s, sp.Symbol)]
            atoms += [s for s in (p.spike, p.variance) for s in free_atoms(sp.S(s))]
            point = sample(case, [s for s in atoms if s not in (*sizes, self.n)], [])
            point = {**{k: v / 8 for k, v in point.items()}, **sizes}
            truth = self._explicit(case.inputs[0].rhs, vectors, frozen, point)
            stated = (
                written_out(case.output.rhs, n, self.n).xreplace(self._overlaps(vectors, frozen, d)).xreplace(point)
            )
            gap = balls.enclose(truth - stated, {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit vectors", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {gap.real.str(5)}", shown(point))
        return consistent(
            "explicit vectors in dimension 5", "n = 1, 2, 3: determinants in pattern space, Gram-Schmidt volumes"
        )

    def _overlaps(self, vectors: Any, frozen: Any, d: int) -> dict[Any, Any]:
        table = {}
        for k, v in enumerate(vectors, start=1):
            if self.overlap is not None:
                table[self.overlap[k]] = _dot(v, frozen) / d
            table |= {self.order[k, l]: _dot(v, w) / d for l, w in enumerate(vectors, start=1)}
        return table

    def _explicit(self, energy: Any, vectors: Any, frozen: Any, point: Any) -> Any:
        """log of the mean over one explicit set of patterns: det over (x, noise), then per dimension d."""
        p, d = self.patterns, len(frozen)
        (mu, quadratic) = self._form(energy, vectors, frozen, point)
        norm = sp.sqrt(sum(x * x for x in frozen))
        covariance = sp.eye(d)
        if p.frozen is not None:
            covariance += sp.Matrix(d, d, lambda i, j: p.spike * frozen[i] * frozen[j] / norm**2).xreplace(point)
        full = (
            sp.diag(covariance, sp.Matrix([[sp.S(p.variance).xreplace(point)]])) if p.noise is not None else covariance
        )
        det = (sp.eye(full.rows) + full * quadratic).det(method="berkowitz")
        weights = sum(mu * _dot(v, v) for v in vectors)
        spanning = [frozen, *vectors] if p.frozen is not None else vectors
        heights = _heights(spanning)[1 if p.frozen is not None else 0 :]
        volume = sum(sp.log(h / d) for h in heights) / 2
        count = point[p.counts[0]]
        return len(vectors) * self.measure - count * sp.log(det) / (2 * d) - weights / d + volume

    def _form(self, energy: Any, vectors: Any, frozen: Any, point: Any) -> tuple[Any, Any]:
        """(k/2, the Hessian of sum_a E_mu in (x_mu, e_mu)) by second derivatives of the explicit energy."""
        p, d = self.patterns, len(frozen)
        x = [sp.Dummy() for _ in range(d)]
        e = sp.Dummy()
        weight, total = sp.Integer(0), sp.Integer(0)
        scaled: Any = sp.expand_mul(self.scale * energy, deep=False)
        for term in sp.Add.make_args(scaled):
            factor, sums = coefficient(term)
            if not any(i.base == p.x for i in sums.atoms(sp.Indexed)):
                weight += factor.xreplace(point)
                continue
            mu = sums.limits[0][0]
            for v in vectors:
                inner = sums.function.xreplace(written_fields(sums.function, mu, x, v, frozen, p))
                inner = inner.xreplace({p.noise[mu]: e}) if p.noise is not None else inner
                total += (factor * inner).xreplace(point)
        letters = [*x, e] if p.noise is not None else x
        return weight, sp.hessian(sp.expand(total), letters)


def written_fields(expr: Any, mu: Any, x: Any, v: Any, frozen: Any, p: Patterns) -> dict[Any, Any]:
    """The sums over components in a field, written out for explicit letters x, weights v and frozen vector."""
    return {s: _written(s, mu, x, v, frozen, p) for s in expr.atoms(sp.Sum)}


def _written(total: Any, mu: Any, x: Any, v: Any, frozen: Any, p: Patterns) -> Any:
    (i, _, _) = total.limits[0]
    terms = []
    for k in range(len(v)):
        table = {p.x[mu, i]: x[k], p.weights[i]: v[k]}
        if p.frozen is not None:
            table[p.frozen[i]] = frozen[k]
        terms.append(total.function.xreplace(table))
    return sp.Add(*terms)


def coefficient(term: Any) -> tuple[Any, Any]:
    """number * Sum: the outermost sum of a term and what multiplies it."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) != 1:
        raise NotDerivable(f"{sp.sstr(term)[:80]} is not a number times one sum")
    return term / sums[0], sums[0]


def _noise_entry(rest: Any, p: Patterns) -> Any:
    entries = [e for e in rest.atoms(sp.Indexed) if e.base == p.noise]
    if len(entries) != 1:
        raise NotDerivable("the noise must enter the field linearly")
    return entries[0]


def _dot(v: Any, w: Any) -> Any:
    return sum((x * y for x, y in zip(v, w)), sp.Integer(0))


def _heights(vectors: Any) -> list[Any]:
    """Squared lengths of the vectors after orthogonalisation against those before."""
    basis: list[Any] = []
    for v in vectors:
        rest = list(v)
        for u in basis:
            factor = _dot(v, u) / _dot(u, u)
            rest = [x - factor * y for x, y in zip(rest, u)]
        basis.append(rest)
    return [_dot(u, u) for u in basis]

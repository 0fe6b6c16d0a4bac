"""Quadratic energies of Gaussian patterns with any covariance: overlaps weighted by it, traces as spectral means."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case
from ..verdict import Verdict, consistent, refuted, undecided
from .channel import QuadraticPatterns, coefficient, written_fields
from .continuation import by_denominator
from .saddle import SymmetricAnsatz, entry_of
from .sampling import sample, shown
from .spectral_mean import SpectralMean, opened
from .terms import InverseForm, LogDet, PairSum, written_out

_BITS = 160


@dataclass(frozen=True)
class CovariancePatterns(QuadraticPatterns):
    """k/2 |y|^2 + c/2 sum_mu f_mu^2, x ~ N(0, S)  ->  Phi_n with Q_ab = y_a.S y_b/d, m_a = u.S y_a/d and conjugates.

    Phi_n = 1/2 sum Qh_ab Q_ab - sum mh_a m_a - 1/2 <log det(k + s Qh)> + 1/2 <s^2 p mh.(k + s Qh)^-1 mh>
    - (alpha/2) log det(1 + c C), C_ab = E f_a f_b. The law <.> is that of an eigenvalue s of S and of the squared
    component p of u along its eigenvector; the patterns' `power` names <s p>. The measure of the weights is
    dy/(2 pi)^(d/2). A source h/2 sum p_i y_i^2 on a list p enters through the same law, k -> k + h p.
    """

    source: ClassVar[str] = "Gaussian integral of a quadratic form; Fourier form of the constraints; Laplace's method"
    conjugate: Any = None
    conjugate_overlap: Any = None
    letters: tuple[Any, ...] = ()
    components: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        p, (a, b), (s, t) = self.patterns, self.replicas, self.letters
        energy: Any = sp.expand_mul(self.scale * inputs[0].rhs, deep=False)
        energy = energy.xreplace({p.counts[0]: p.ratio * p.counts[1]})
        stiffness, total = sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(energy):
            factor, sums = coefficient(term)
            if any(e.base == p.x for e in sums.atoms(sp.Indexed)):
                strength, field = self._field(factor, sums)
                entry = sp.KroneckerDelta(a, b) + by_denominator(strength * self._covariance(field))
                total -= p.ratio / 2 * LogDet(entry, (a, b), self.n)
            else:
                stiffness += 2 * factor * self._weight(sums)
        total += PairSum(self.conjugate[a, b] * self.order[a, b], (a, b), self.n) / 2
        total += sp.Sum(self.conjugate[a, a] * self.order[a, a], (a, 1, self.n)) / 2
        inner = stiffness * sp.KroneckerDelta(a, b) + s * self.conjugate[a, b]
        total -= SpectralMean(LogDet(inner, (a, b), self.n), self.letters) / 2
        if self.overlap is not None:
            total -= sp.Sum(self.conjugate_overlap[a] * self.overlap[a], (a, 1, self.n))
            form = s**2 * t * InverseForm(self.conjugate_overlap[a], inner, (a, b), self.n)
            total += SpectralMean(form, self.letters) / 2
        return Equation(self.result, total)

    def _weight(self, sums: Any) -> Any:
        """1 or the letter p, for the energies sum y_i^2 and sum p_i y_i^2."""
        i = sums.limits[0][0]
        rest = sums.function / self.patterns.weights[i] ** 2
        if rest == 1:
            return sp.Integer(1)
        if self.components is not None and rest == self.components[i]:
            return self.letters[1]
        raise NotDerivable("the energy of the weights must be a multiple of |y|^2 or of sum p_i y_i^2")

    def check(self, case: Case) -> Verdict:
        """Explicit vectors and conjugates, n = 1, 2, 3, dimension 4: both Gaussian integrals as determinants."""
        for n, count in ((2, 7), (3, 5), (1, 4)):
            rng = random.Random(f"{case.samples.seed}/{n}")
            world = _World(self, case, n, count, rng)
            gap = balls.enclose(world.truth() - world.stated(case.output.rhs), {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit vectors", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {gap.real.str(5)}", shown(world.at))
        return consistent(
            "explicit vectors in dimension 4",
            "n = 1, 2, 3: determinants in pattern space and in the space of all replicas",
        )


class _World:
    """Explicit spectrum, vectors and conjugates for one number of replicas; everything rational."""

    def __init__(self, rule: CovariancePatterns, case: Case, n: int, count: int, rng: random.Random):
        self.rule, self.energy, self.n, self.d = rule, case.inputs[0].rhs, n, 4

        def draw(low: int, high: int) -> Any:
            return sp.Rational(rng.randint(low, high), rng.choice((2, 3, 5)))

        p = rule.patterns
        self.spectrum = [draw(1, 9) for _ in range(self.d)]
        # Small vectors keep the logarithms' arguments short, not their sign: 1 + c C is positive anyway.
        self.vectors = [[draw(-9, 9) / 4 for _ in range(self.d)] for _ in range(n)]
        self.fixed = [draw(1, 9) / 2 for _ in range(self.d)]
        roots = [[draw(-5, 5) for _ in range(n)] for _ in range(n)]
        self.conjugates = [[_dot(v, w) + (3 if v is w else 0) for w in roots] for v in roots]
        self.pulls = [draw(-9, 9) for _ in range(n)]
        self.at = {p.counts[0]: sp.Integer(count), p.counts[1]: sp.Integer(self.d), p.ratio: sp.Rational(count, self.d)}
        if isinstance(p.power, sp.Symbol):
            self.at[p.power] = self._weighted(self.fixed, self.fixed)
        atoms = {x for side in (self.energy, case.output.rhs) for x in free_atoms(side) if isinstance(x, sp.Symbol)}
        atoms |= set(free_atoms(sp.S(rule.scale))) | set(free_atoms(sp.S(p.variance)))
        atoms -= {*self.at, rule.n, *rule.letters}
        self.at |= sample(case, sorted(atoms, key=sp.default_sort_key), [])

    def _weighted(self, v: Any, w: Any) -> Any:
        """v.S w/d."""
        return _dot([s * x for s, x in zip(self.spectrum, v)], w) / self.d

    def stated(self, phi: Any) -> Any:
        """The proposed potential at these overlaps and conjugates, its means taken over the explicit spectrum."""
        rule, places, table = self.rule, range(self.n), {}
        for j in places:
            if rule.overlap is not None:
                table[rule.overlap[j + 1]] = self._weighted(self.vectors[j], self.fixed)
                table[rule.conjugate_overlap[j + 1]] = self.pulls[j]
            for k in places:
                table[rule.order[j + 1, k + 1]] = self._weighted(self.vectors[j], self.vectors[k])
                table[rule.conjugate[j + 1, k + 1]] = self.conjugates[j][k]

        def over(mean: Any) -> Any:
            values = [dict(zip(rule.letters, (s, t**2))) for s, t in zip(self.spectrum, self.fixed)]
            return sp.Add(*(mean.body.xreplace(at) for at in values)) / self.d

        phi = phi.xreplace({m: over(m) for m in phi.atoms(SpectralMean)})
        return written_out(phi, self.n, rule.n).xreplace(table).xreplace(self.at)

    def truth(self) -> Any:
        """(1/d) log of both integrals, with the constraints' Fourier factors; (1/d) log E_x over the patterns."""
        rule, p = self.rule, self.rule.patterns
        stiffness, quadratic = self._forms()
        overlaps = [[self._weighted(v, w) for w in self.vectors] for v in self.vectors]
        total = sum(_dot(row, other) for row, other in zip(self.conjugates, overlaps)) / 2
        if rule.overlap is not None:
            total -= sum(h * self._weighted(v, self.fixed) for h, v in zip(self.pulls, self.vectors))
        # All replicas at once: exp(-1/2 Y.(k + S (x) Qh) Y + (S u (x) mh).Y), an explicit matrix of size n d.
        size, pull = self.n * self.d, []
        full = sp.zeros(size, size)
        for i in range(self.d):
            for a in range(self.n):
                pull.append(self.spectrum[i] * self.fixed[i] * self.pulls[a] if rule.overlap is not None else 0)
                full[i * self.n + a, i * self.n + a] += stiffness[i]
                for b in range(self.n):
                    full[i * self.n + a, i * self.n + b] += self.spectrum[i] * self.conjugates[a][b]
        column = sp.Matrix(pull)
        total += ((column.T * full.LUsolve(column))[0] - sp.log(full.det(method="berkowitz"))) / (2 * self.d)
        covariance = sp.diag(*self.spectrum, *([sp.S(p.variance).xreplace(self.at)] if p.noise is not None else []))
        det = (sp.eye(covariance.rows) + covariance * quadratic).det(method="berkowitz")
        return total - self.at[p.counts[0]] * sp.log(det) / (2 * self.d)

    def _forms(self) -> tuple[list[Any], Any]:
        """(k per direction, the Hessian of sum_a E_mu in (x_mu, e_mu)), from the explicit energy."""
        rule, p = self.rule, self.rule.patterns
        x, e = [sp.Dummy() for _ in range(self.d)], sp.Dummy()
        stiffness, total = [sp.Integer(0)] * self.d, sp.Integer(0)
        scaled: Any = sp.expand_mul(rule.scale * self.energy, deep=False)
        for term in sp.Add.make_args(scaled):
            factor, sums = coefficient(term)
            if not any(i.base == p.x for i in sums.atoms(sp.Indexed)):
                index, y = sums.limits[0][0], p.weights[sums.limits[0][0]]
                for i in range(self.d):
                    table = {rule.components[index]: self.fixed[i] ** 2} if rule.components is not None else {}
                    stiffness[i] += (factor * sp.diff(sums.function, y, 2)).xreplace(self.at).xreplace(table)
                continue
            mu = sums.limits[0][0]
            for v in self.vectors:
                inner = sums.function.xreplace(written_fields(sums.function, mu, x, v, self.fixed, p))
                inner = inner.xreplace({p.noise[mu]: e}) if p.noise is not None else inner
                total += (factor * inner).xreplace(self.at)
        return stiffness, sp.hessian(sp.expand(total), [*x, e] if p.noise is not None else x)


def _dot(v: Any, w: Any) -> Any:
    return sum((x * y for x, y in zip(v, w)), sp.Integer(0))


@dataclass(frozen=True)
class SpectralAnsatz(SymmetricAnsatz):
    """X_ab = x for a != b, u_a = u  ->  u.X^-1 u = n u^2/(X_aa + (n - 1) x), under <.> as well."""

    source: ClassVar[str] = "permutation symmetry"

    def apply(self, *inputs: Claim) -> Equation:
        target, table = inputs[0].single, {}
        for form in sorted(target.rhs.atoms(InverseForm), key=sp.default_sort_key):
            diagonal, off = (entry_of(form.entry(1, k), inputs[1]) for k in (1, 2))
            vector = entry_of(form.vector(1), inputs[1])
            table[form] = self.n * vector**2 / (diagonal + (self.n - 1) * off)
        before = inputs[0].with_equations([replace(target, rhs=target.rhs.xreplace(table))])
        return super().apply(before, *inputs[1:])

    def check(self, case: Case) -> Verdict:
        """The symmetric check on the integrands: explicit determinants and inverses for n = 2, 3, 4."""
        first, output = (
            c.with_equations([replace(e, rhs=opened(e.rhs)) for e in c.equations])
            for c in (case.inputs[0], case.output)
        )
        return super().check(replace(case, inputs=(first, *case.inputs[1:]), output=output))

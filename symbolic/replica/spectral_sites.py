"""Free weights whose components have different penalties: conjugates fix the overlaps, traces are spectral means."""

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
from ..rules.algebra import Substitute
from ..verdict import Verdict, consistent, refuted, undecided
from . import ledger
from .channel_stationarity import ordinary
from .hermite import gauss, trials, tried, value
from .log_channel import LogChannel
from .pattern_channel import PatternChannel
from .sampling import sample, shown
from .spectral_mean import GENERIC, SpectralMean, spectral_means
from .terms import InverseForm, LogDet, PairSum, written_out

_BITS, _DIMENSION = 160, 3


@dataclass(frozen=True)
class WeightedPatterns(PatternChannel):
    """sum_mu E(y_mu, x_mu.w/sqrt(d)) + sum g_i r(w_i)  ->  alpha log E prod e^(-beta E(y, u_a)) - beta sum g r(w_a)/d.

    As PatternChannel, with a list `factors` that multiplies the penalties of the components.
    """

    source: ClassVar[str] = "linear maps of Gaussian vectors; the patterns are independent"
    factors: Any = None

    def _vectors(self, case: Case, n: int) -> dict[Any, Any]:
        point = super()._vectors(case, n)
        rng = random.Random(f"{case.samples.seed}/factors/{n}")
        p, places = self.patterns, range(1, int(point[self.patterns.counts[1]]) + 1)
        point |= {self.factors[k]: sp.Rational(rng.randint(1, 9), 5) for k in places}
        # Laws of the label are stated for both signs of the teacher's field, so both are tried: + for n = 1, - for 2.
        field = sum((point[p.x[1, k]] * point[p.frozen[k]] for k in places), sp.Integer(0)) / 2
        field += point[p.noise[1]] if p.noise is not None else 0
        if (field > 0) != (n == 1):
            point |= {p.frozen[k]: -point[p.frozen[k]] for k in places}
            point |= {p.noise[1]: -point[p.noise[1]]} if p.noise is not None else {}
        return point


@dataclass(frozen=True)
class SpectralSites(Rule):
    """X(Q, m) - k/2 sum_i g_i |w_i|^2/d  ->  Phi = A + B, A the patterns, B the weights with conjugates.

    B = 1/2 sum Qh_ab Q_ab - sum mh_a m_a - 1/2 <log det(k g + Qh)> + 1/2 <tau mh.(k g + Qh)^-1 mh>, with the overlaps
    Q_ab = w_a.w_b/d and m_a = t.w_a/d; `stiffness` writes g_i and `power` the squared component tau = t_i^2 in the
    letters of the law. names: (Phi, A, B). The measure of the weights is dw/(2 pi)^(d/2).
    """

    source: ClassVar[str] = "Gaussian integral; Fourier representation of delta functions; Laplace's method at fixed n"
    names: tuple[Any, ...] = ()
    weights: Any = None
    factors: Any = None
    stiffness: Any = None
    power: Any = None
    order: Any = None
    overlap: Any = None
    conjugate: Any = None
    conjugate_overlap: Any = None
    letters: tuple[Any, ...] = ()
    replicas: tuple[Any, ...] = ()
    size: Any = None
    n: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        (a, b), patterns, strength = self.replicas, sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(inputs[0].rhs):
            if any(e.base == self.weights for e in term.atoms(sp.Indexed)):
                strength += self._strength(term)
            else:
                patterns += term
        inner = strength * self.stiffness * sp.KroneckerDelta(a, b) + self.conjugate[a, b]
        total = PairSum(self.conjugate[a, b] * self.order[a, b], (a, b), self.n) / 2
        total += sp.Sum(self.conjugate[a, a] * self.order[a, a], (a, 1, self.n)) / 2
        total -= sp.Sum(self.conjugate_overlap[a] * self.overlap[a], (a, 1, self.n))
        total -= SpectralMean(LogDet(inner, (a, b), self.n), self.letters) / 2
        form = self.power * InverseForm(self.conjugate_overlap[a], inner, (a, b), self.n)
        total += SpectralMean(form, self.letters) / 2
        whole, first, second = self.names
        return Equation(whole, first + second), Equation(first, patterns), Equation(second, total)

    def _strength(self, term: Any) -> Any:
        """k of -k/(2 d) sum_i g_i sum_a w_ia^2."""
        factor, total = term.as_independent(sp.Sum, as_Add=False)
        by_end = {limit[2]: limit[0] for limit in total.limits}
        if set(by_end) != {self.size, self.n}:
            raise NotDerivable("a term of the weights must be a sum over components and replicas")
        square = self.factors[by_end[self.size]] * self.weights[by_end[self.size], by_end[self.n]] ** 2
        ratio = sp.cancel(total.function / square)
        if ratio.atoms(sp.Indexed):
            raise NotDerivable("the penalty must be a multiple of sum_i g_i w_i^2")
        return -2 * factor * ratio * self.size

    def check(self, case: Case) -> Verdict:
        """Explicit vectors, d = 3, n = 1, 2, 3: the Gaussian integral over all weights as one determinant."""
        for n in (1, 2, 3):
            rng = random.Random(f"{case.samples.seed}/{n}")
            gap, point = self._gap(case, n, rng)
            ball = balls.enclose(gap, {}, _BITS)
            if not ball.is_finite():
                return undecided("explicit vectors", f"no finite enclosure at n = {n}")
            if not ball.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {ball.real.str(5)}", shown(point))
        return consistent("explicit vectors in dimension 3", "n = 1, 2, 3: one determinant over all replicas")

    def _gap(self, case: Case, n: int, rng: random.Random) -> tuple[Any, Any]:
        d, places = _DIMENSION, range(n)

        def draw(low: int, high: int) -> Any:
            return sp.Rational(rng.randint(low, high), rng.choice((2, 3, 5)))

        size = {self.size: sp.Integer(d)}
        channels = sorted(case.inputs[0].rhs.atoms(LogChannel), key=sp.default_sort_key)
        opaque = {c: sp.Rational(7 + k, 11) for k, c in enumerate(channels)}
        sides = [
            e.xreplace(opaque).xreplace(size) for e in (case.inputs[0].rhs, *(x.rhs for x in case.output.equations))
        ]
        skip = {self.n, self.size, *self.letters, *self.names}
        atoms = {x for side in sides for x in free_atoms(side) if isinstance(x, sp.Symbol)} - skip
        point = sample(case, sorted(atoms, key=sp.default_sort_key), [])
        law = [{letter: draw(1, 9) for letter in self.letters} for _ in range(d)]
        stiffness, teacher = ([f.xreplace(at) for at in law] for f in (self.stiffness, self.power))
        weights = [[draw(-9, 9) for _ in range(d)] for _ in places]
        roots = [[draw(-5, 5) for _ in places] for _ in places]
        conjugates = [[_dot(v, w) + (3 if v is w else 0) for w in roots] for v in roots]
        # The teacher enters through its squares only: any numbers stand for its overlaps.
        pulls, overlaps = [draw(1, 9) for _ in places], [draw(-9, 9) for _ in places]
        table = {self.factors[i + 1]: g for i, g in enumerate(stiffness)}
        for x in places:
            table |= {self.weights[i + 1, x + 1]: weights[x][i] for i in range(d)}
            table |= {self.overlap[x + 1]: overlaps[x], self.conjugate_overlap[x + 1]: pulls[x]}
            for y in places:
                table[self.order[x + 1, y + 1]] = _dot(weights[x], weights[y]) / d
                table[self.conjugate[x + 1, y + 1]] = conjugates[x][y]
        whole, first, second = sides[1:]
        second = second.xreplace(
            {m: sp.Add(*(m.body.xreplace(at) for at in law)) / d for m in second.atoms(SpectralMean)}
        )
        stated = written_out(whole.xreplace({self.names[1]: first, self.names[2]: second}), n, self.n)
        before = written_out(sides[0], n, self.n).xreplace({**table, **point})
        truth = before - self._energy(sides[0], n, table, point)
        truth += sum(_dot(c, o) for c, o in zip(conjugates, _gram(weights))) / (2 * d) - _dot(pulls, overlaps)
        scale = [-2 * d * self._energy(sides[0], 1, {**table, **_unit(self.weights, i, d)}, point) for i in range(d)]
        for i in range(d):
            full = sp.Matrix(n, n, lambda x, y, i=i: conjugates[x][y] + (scale[i] if x == y else 0))
            pull = sp.Matrix(pulls)
            truth += (teacher[i] * (pull.T * full.LUsolve(pull))[0] - sp.log(full.det(method="berkowitz"))) / (2 * d)
        return truth - stated.xreplace({**table, **point}), point

    def _energy(self, expr: Any, n: int, table: Any, point: Any) -> Any:
        """The terms of the weights at explicit vectors."""
        terms = [t for t in sp.Add.make_args(expr) if any(e.base == self.weights for e in t.atoms(sp.Indexed))]
        total = sp.Add(*terms).xreplace({self.n: sp.Integer(n)})
        total = total.xreplace({s: s.doit() for s in total.atoms(sp.Sum)})
        return total.xreplace(table).xreplace(point)


def _unit(weights: Any, i: int, d: int) -> dict[Any, Any]:
    """The weights of one replica: the i-th unit vector."""
    return {weights[k + 1, 1]: sp.Integer(int(k == i)) for k in range(d)}


def _dot(v: Any, w: Any) -> Any:
    return sum((x * y for x, y in zip(v, w)), sp.Integer(0))


def _gram(vectors: Any) -> list[list[Any]]:
    return [[_dot(v, w) for w in vectors] for v in vectors]


@dataclass(frozen=True)
class Assemble(Substitute):
    """x = F(y, z), y = f, z = g  ->  x = F(f, g), where f and g may contain envelopes of opaque losses."""

    source: ClassVar[str] = "elementary algebra"

    def check(self, case: Case) -> Verdict:
        """Trial functions: the parts are numbers first, on a generic spectral law, and the sum is compared."""
        target, parts = case.inputs[0].single, {}
        for claim in case.inputs[1:]:
            parts |= {e.lhs: _on_generic_law(e.rhs) for e in claim.equations if target.rhs.has(e.lhs)}
        stated = _on_generic_law(case.output.rhs)
        losses = trials(sp.Tuple(stated, *parts.values()))
        atoms = {a for e in (target.rhs, stated, *parts.values()) for a in free_atoms(e)} - set(parts)
        for point in ordinary(case, sorted(atoms, key=sp.default_sort_key), case.given, 2):
            numbers = {lhs: float(value(tried(rhs, losses), point, gauss(8))) for lhs, rhs in parts.items()}
            truth = float(value(target.rhs, {**point, **numbers}, gauss(8)))
            told = float(value(tried(stated, losses), point, gauss(8)))
            if not abs(truth - told) < 1e-9 * (1 + abs(truth)):
                return refuted("trial functions", f"{told:.6e} against {truth:.6e}", shown(point))
        return consistent("trial functions", "9 digits at 2 points, on a generic spectral law")


def _on_generic_law(expr: Any) -> Any:
    """Spectral means written out on the law of three levels on which identities are tried."""
    table = {}
    for mean in spectral_means(expr):
        levels = [(sp.Rational(share), dict(zip(mean.letters, map(sp.Rational, at)))) for share, *at in GENERIC]
        table[mean] = sp.Add(*(share * mean.body.xreplace(at) for share, at in levels))
    return expr.xreplace(table)

"""Independent Gaussian patterns: the mean over them is one mean over n jointly Gaussian fields, to the power alpha d.

The fields u_a = x.w_a/sqrt(d) of one pattern are jointly normal with E u_a u_b = Q_ab = w_a.w_b/d; the teacher's field
(with Gaussian noise of the label added) has E u_0^2 = rho + sigma^2 and E u_0 u_a = m_a = t.w_a/d. What the energy
does with its fields is left open: a loss, an indicator, declared or opaque.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import BadInput, NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from .log_channel import FIELD, TEACHER, LogChannel
from .sampling import sample, shown
from .terms import written_out

_BITS = 160
# sqrt(d) is rational for explicit vectors of this dimension.
_DIMENSION = 4


@dataclass(frozen=True)
class PatternChannel(Rule):
    """sum_mu E(y_mu, x_mu.w/sqrt(d)) -> alpha log E prod_a exp(-beta E(y, u_a)), fields normal with covariance Q.

    Inputs: the energy, a sum over patterns (and any sum over the weights w_i, which is carried along, per dimension),
    and, if there are labels, either the claim y_mu = F(x_mu.t/sqrt(d) + e_mu) or `laws`: pairs (value, probability)
    with the probability an expression in TEACHER. patterns: a `channel.Patterns`; order, overlap: the lists Q and m
    (overlap None without a teacher); scale: the inverse temperature. Weights of replica a are w[i, a] afterwards.
    An indicator is the energy -log Heaviside(...) at scale 1.
    """

    source: ClassVar[str] = "linear maps of Gaussian vectors; the patterns are independent"
    conditions: ClassVar[tuple[str, ...]] = ("Gaussian patterns", "the weights do not depend on the patterns")
    result: Any = None
    patterns: Any = None
    order: Any = None
    overlap: Any = None
    labels: Any = None
    laws: tuple[tuple[Any, Any], ...] = ()
    replicas: tuple[Any, ...] = ()
    n: Any = None
    scale: Any = sp.S.One

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return ()

    def apply(self, *inputs: Claim) -> Equation:
        p, (a, _) = self.patterns, self.replicas
        total = sp.Integer(0)
        for factor, sums in terms_of(inputs[0].rhs):
            if sums.limits[0][2] == p.counts[0]:
                energy = self._in_fields(factor * sums.function, sums.limits[0][0], inputs[1:])
                total += p.ratio * self._channel(self.scale * energy)
            else:
                (i, low, high) = sums.limits[0]
                replica = sums.function.xreplace({p.weights[i]: p.weights[i, a]})
                total -= self.scale * factor / p.counts[1] * sp.Sum(replica, (i, low, high), (a, 1, self.n))
        return Equation(self.result, total)

    def _in_fields(self, energy: Any, mu: Any, labels: tuple[Claim, ...]) -> Any:
        """The energy of one pattern in FIELD, TEACHER and the label."""
        p, root = self.patterns, sp.sqrt(self.patterns.counts[1])
        teacher, noise = sp.Dummy("teacher", real=True), sp.Dummy("noise", real=True)
        for claim in labels:
            (old,) = claim.lhs.indices
            energy = energy.xreplace({self.labels[mu]: claim.rhs.xreplace({old: mu})})
        table = {}
        for total in sorted(energy.atoms(sp.Sum), key=sp.default_sort_key):
            i = total.limits[0][0]
            vector = sp.expand(total.function / p.x[mu, i])
            if vector == p.weights[i]:
                table[total] = root * FIELD
            elif p.frozen is not None and vector == p.frozen[i]:
                table[total] = root * teacher
            else:
                raise NotDerivable(f"{sp.sstr(total)[:80]} is not the field of the student or of the teacher")
        if p.noise is not None:
            table[p.noise[mu]] = noise
        # Roots of d cancel in the arguments of opaque functions too.
        energy = energy.xreplace(table).replace(lambda e: e.is_Add, lambda e: sp.expand(e))
        energy = (
            energy.xreplace({teacher: TEACHER - noise}) if p.noise is not None else energy.xreplace({teacher: TEACHER})
        )
        energy = energy.replace(lambda e: e.is_Add, lambda e: sp.expand(e))
        if energy.has(noise) or any(e.base in (p.x, p.weights) for e in energy.atoms(sp.Indexed)):
            raise NotDerivable("patterns and noise must enter through x.w/sqrt(d) and x.t/sqrt(d) + e")
        return energy.xreplace({self.labels[mu]: LABEL}) if self.labels is not None else energy

    def _channel(self, energy: Any) -> LogChannel:
        p, (a, b) = self.patterns, self.replicas
        values = self.laws or ((None, sp.Integer(1)),)
        cases = [(law, sp.exp(-energy if v is None else -energy.xreplace({LABEL: sp.S(v)}))) for v, law in values]
        taught = any(part.has(TEACHER) for pair in cases for part in pair)
        if taught and p.frozen is None:
            raise BadInput("labels of a teacher need the list `frozen` of its weights in the patterns")
        variance = p.power + (p.variance if p.noise is not None else 0) if taught else 0
        return LogChannel(cases, variance, self.overlap[a] if taught else 0, self.order[a, b], (a, b), self.n)

    def check(self, case: Case) -> Verdict:
        """Explicit vectors in dimension 4, n = 1, 2: one pattern's energies, and second moments of its fields."""
        for n in (1, 2):
            verdict = self._explicit(case, n)
            if not verdict.positive:
                return verdict
        return consistent("explicit vectors in dimension 4", "n = 1, 2: energies, covariances and weights, exact")

    def _explicit(self, case: Case, n: int) -> Verdict:
        p, d = self.patterns, _DIMENSION
        point = self._vectors(case, n)
        channels = sorted(case.output.rhs.atoms(LogChannel), key=sp.default_sort_key)
        if len(channels) != 1:
            return refuted("form", f"{len(channels)} pattern terms where one is needed")
        name = sp.Dummy("channel")
        stated = written_out(case.output.rhs.xreplace({channels[0]: name}), n, self.n)
        truth = p.ratio * name
        place = {self.patterns.counts[1]: sp.Integer(d)}
        for factor, sums in terms_of(case.inputs[0].rhs):
            if sums.limits[0][2] == p.counts[0]:
                verdict = self._one_pattern(channels[0], factor * sums.function, sums.limits[0][0], case, n, point)
                if verdict is not None:
                    return verdict
                continue
            i = sums.limits[0][0]
            for replica in range(1, n + 1):
                for k in range(1, d + 1):
                    entry = {p.weights[i]: p.weights[k, replica], i: sp.Integer(k)}
                    truth -= self.scale * factor * sums.function.xreplace(entry) / d
        gap = _written(stated - truth, {**place, **point})
        refusal = _zero(gap, "weights", n, point)
        return consistent("explicit vectors") if refusal is None else refusal

    def _vectors(self, case: Case, n: int) -> dict[Any, Any]:
        """Rational entries for weights, teacher, one pattern and its noise; plain symbols sampled in their domains."""
        p = self.patterns
        rng = random.Random(f"{case.samples.seed}/{n}")

        def draw() -> Any:
            return sp.Rational(rng.choice((-1, 1)) * rng.randint(1, 9), rng.choice((2, 3, 5)))

        point: dict[Any, Any] = {}
        for k in range(1, _DIMENSION + 1):
            point |= {p.weights[k, replica]: draw() for replica in range(1, n + 1)}
            point[p.x[1, k]] = draw()
            if p.frozen is not None:
                point[p.frozen[k]] = draw()
        if p.noise is not None:
            point[p.noise[1]] = draw()
        claims = (*case.inputs, case.output)
        atoms = [s for c in claims for e in c.equations for s in free_atoms(e.rhs) if isinstance(s, sp.Symbol)]
        atoms += [s for s in (p.power, p.variance, p.ratio) if isinstance(s, sp.Symbol)]
        chosen = [s for s in atoms if s not in (self.n, *p.counts)]
        return {**point, **sample(case, chosen, []), p.counts[1]: sp.Integer(_DIMENSION)}

    def _one_pattern(self, channel: Any, energy: Any, mu: Any, case: Case, n: int, point: Any) -> Verdict | None:
        """Refuted, or None: the factor of every replica and every covariance at the explicit vectors."""
        p, d = self.patterns, _DIMENSION
        noise = point[p.noise[1]] if p.noise is not None else sp.Integer(0)
        teacher = _dot(point, p.x, 1, p.frozen, None) / 2 + noise if p.frozen is not None else sp.Integer(0)
        if len(channel.cases) != max(1, len(self.laws)):
            return refuted("form", f"{len(channel.cases)} cases of the label")
        for claim in case.inputs[1:]:
            energy = energy.xreplace({self.labels[mu]: claim.rhs.xreplace({claim.lhs.indices[0]: mu})})
        for k, (weight, factor) in enumerate(channel.cases):
            value, law = self.laws[k] if self.laws else (None, sp.Integer(1))
            fixed = energy if value is None else energy.xreplace({self.labels[mu]: sp.S(value)})
            here = {TEACHER: teacher, **point}
            gap = _written(_steps_kept(weight) - _steps_kept(law), here)
            found = _zero(gap, "probability of a label", n, point)
            for replica in range(1, n + 1):
                if found is not None:
                    return found
                field = _dot(point, p.x, 1, p.weights, replica) / 2
                explicit = sp.exp(-self.scale * _replica_energy(fixed, p, mu, replica))
                told = _steps_kept(factor).xreplace({FIELD: field, **here})
                gap = _written(_steps_kept(explicit), here) - told
                found = _zero(gap, "factor of a replica", n, point)
            if found is not None:
                return found
        vectors = [[point[p.weights[k, r]] for k in range(1, d + 1)] for r in range(1, n + 1)]
        overlaps: dict[Any, Any] = {
            self.order[i + 1, j + 1]: _product(v, w) / d for i, v in enumerate(vectors) for j, w in enumerate(vectors)
        }
        taught = any(part.has(TEACHER) for pair in channel.cases for part in pair)
        if channel.taught != taught or (not taught and channel.args[1] != 0):
            return refuted("covariance", "the teacher's field is declared and not used, or used and not declared")
        if taught:
            teaching: Any = p.frozen
            frozen = [point[teaching[k]] for k in range(1, d + 1)]
            cross: Any = self.overlap
            overlaps |= {cross[i + 1]: _product(frozen, v) / d for i, v in enumerate(vectors)}
            vectors = [frozen, *vectors]
            if isinstance(p.power, sp.Symbol):
                overlaps[p.power] = _product(frozen, frozen) / d
        here = {**point, **overlaps}
        for i, (row, v) in enumerate(zip(channel.covariance(n), vectors, strict=True)):
            for j, (entry, w) in enumerate(zip(row, vectors, strict=True)):
                noisy = taught and i == j == 0 and p.noise is not None
                truth = _product(v, w) / d + (p.variance if noisy else 0)
                found = _zero((entry - truth).xreplace(here), f"covariance ({i}, {j})", n, point)
                if found is not None:
                    return found
        return None


LABEL = sp.Dummy("label", real=True)


def terms_of(energy: Any) -> list[tuple[Any, Any]]:
    """An energy as [(number, outermost sum), ...]."""
    found = []
    for term in sp.Add.make_args(sp.expand_mul(energy, deep=False)):
        sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
        if len(sums) != 1:
            raise NotDerivable(f"{sp.sstr(term)[:80]} is not a number times one sum over patterns or weights")
        found.append((term / sums[0], sums[0]))
    return found


def _steps_kept(expr: Any) -> Any:
    """Steps as an opaque function: two of them may agree at a point and have different arguments."""
    return expr.replace(sp.Heaviside, sp.Function("_step"))


def _replica_energy(energy: Any, p: Any, mu: Any, replica: int) -> Any:
    """The energy of pattern 1 in one replica, its inner sums written out in dimension 4."""
    table = {}
    for total in energy.atoms(sp.Sum):
        i = total.limits[0][0]
        entry = total.function.xreplace({p.weights[i]: p.weights[i, replica]}).xreplace({mu: sp.Integer(1)})
        table[total] = sp.Add(*(entry.xreplace({i: sp.Integer(k)}) for k in range(1, _DIMENSION + 1)))
    return energy.xreplace(table).xreplace({mu: sp.Integer(1)})


def _dot(point: Any, x: Any, mu: int, vector: Any, replica: int | None) -> Any:
    places = range(1, _DIMENSION + 1)
    entries: list[Any] = [vector[k] if replica is None else vector[k, replica] for k in places]
    return sum((point[x[mu, k]] * point[e] for k, e in enumerate(entries, start=1)), sp.Integer(0))


def _product(v: Any, w: Any) -> Any:
    return sum((x * y for x, y in zip(v, w)), sp.Integer(0))


def _written(expr: Any, point: Any) -> Any:
    """An expression at the point, sums over explicit ranges written out."""
    expr = sp.S(expr).xreplace(point)
    return expr.xreplace({s: s.doit() for s in expr.atoms(sp.Sum)}).xreplace(point)


def _zero(gap: Any, what: str, n: int, point: Any) -> Verdict | None:
    """None when the difference vanishes, else a refutation (or doubt)."""
    gap = sp.expand(gap)
    if gap == 0:
        return None
    shown_point = shown({k: v for k, v in point.items() if isinstance(k, sp.Symbol)})
    if not gap.is_number:
        return refuted(f"explicit vectors, n = {n}", f"{what}: the sides differ by {sp.sstr(gap)[:100]}", shown_point)
    ball = balls.enclose(gap, {}, _BITS)
    if not ball.is_finite():
        return undecided("explicit vectors", f"{what}: no finite enclosure")
    if ball.contains(0):
        return None
    return refuted(f"explicit vectors, n = {n}", f"{what}: the sides differ by {ball.real.str(5)}", shown_point)

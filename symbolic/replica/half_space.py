"""Weights on a sphere and fields above a threshold: the volume of given overlaps, fields with replica symmetry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp
from flint import acb

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from . import ledger
from .continuation import ReplicaLimit
from .log_channel import FIELD, LogChannel
from .mean import Mean
from .mean_calculus import on_means
from .saddle import entry_of
from .sampling import sample, shown
from .spherical import _gram
from .tail import LogTail, Tail
from .terms import LogDet, written_out

_BITS = 160


@dataclass(frozen=True)
class SphericalVolume(Rule):
    """int prod_a dw_a exp(N X(Q)) over |w_a|^2 = N  ->  Phi_n = X(Q) + (1/2) log det Q, Q_aa = 1.

    The measure on the sphere is normalised. X is the exponent per weight as a function of the overlaps Q_ab.
    """

    source: ClassVar[str] = "volume of vectors with given overlaps; Laplace's method at fixed n"
    result: Any = None
    order: Any = None
    replicas: tuple[Any, ...] = ()
    n: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        return Equation(self.result, inputs[0].rhs + LogDet(self.order[a, b], (a, b), self.n) / 2)

    def check(self, case: Case) -> Verdict:
        """n = 2, 3: explicit unit vectors; their volume is the product of the heights, from the triangular factor."""
        before, after = case.inputs[0].rhs, case.output.rhs
        names = {x: sp.Dummy(real=True) for x in sorted(before.atoms(LogChannel), key=sp.default_sort_key)}
        if sorted(after.atoms(LogChannel), key=sp.default_sort_key) != list(names):
            return refuted("form", "the fields of the patterns have changed")
        before, after = before.xreplace(names), after.xreplace(names)
        atoms = [s for e in (before, after) for s in free_atoms(e) if isinstance(s, sp.Symbol)]
        atoms = [s for s in atoms if s not in (self.n, *names.values())]
        for n in (2, 3):
            point = {**sample(case, atoms, [], n), **{x: sp.Rational(k + 1, 7) for k, x in enumerate(names.values())}}
            gram = _gram(n, f"{case.samples.seed}/{n}")
            entries = {self.order[i + 1, j + 1]: gram[i][j] for i in range(n) for j in range(n)}
            heights = sp.Matrix(gram).LDLdecomposition()[1]
            volume = sum(sp.log(heights[k, k]) for k in range(n)) / 2
            truth = written_out(before, n, self.n) + volume
            gap = balls.enclose((truth - written_out(after, n, self.n)).xreplace(entries).xreplace(point), {}, _BITS)
            if not gap.contains(0):
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {gap.real.str(5)}", shown(point))
        return consistent("explicit vectors", "n = 2, 3: heights of unit vectors")


@dataclass(frozen=True)
class AboveThreshold(Rule):
    """log P(u_a > k, a = 1..n), E u_a u_b = q, E u_a^2 = d  ->  log E_z H((k - sqrt(q) z)/sqrt(d - q))^n.

    u_a = sqrt(q) z + sqrt(d - q) x_a with independent normals; given z the replicas are independent. Inputs: the
    potential, then the ansatz.
    """

    source: ClassVar[str] = "decomposition of exchangeable Gaussian vectors"
    conditions: ClassVar[tuple[str, ...]] = ("q >= 0", "d > q")
    n: Any = None

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        found = []
        for channel in inputs[0].rhs.atoms(LogChannel):
            _, same, off = threshold_of(channel, inputs[1])
            found += [sp.Gt(off, 0), sp.Gt(same - off, 0)]
        return tuple(dict.fromkeys([*super().given(*inputs), *(c for c in found if c is not sp.true)]))

    def apply(self, *inputs: Claim) -> Equation:
        target, table, z = inputs[0].single, {}, sp.Dummy("z", real=True)
        for channel in sorted(target.rhs.atoms(LogChannel), key=sp.default_sort_key):
            threshold, same, off = threshold_of(channel, inputs[1])
            u = (threshold - sp.sqrt(off) * z) / sp.sqrt(same - off)
            table[channel] = sp.log(Mean(Tail(u) ** self.n, z))
        if not table:
            raise NotDerivable("there is no pattern term")
        return Equation(target.lhs, target.rhs.xreplace(table), target.relation)

    def check(self, case: Case) -> Verdict:
        """Orthants: n = 1 by erfc, n = 2 by Plackett's identity, n = 3 at the threshold 0 by arcsines, in balls."""
        (channel,) = case.inputs[0].rhs.atoms(LogChannel)
        threshold, same, off = threshold_of(channel, case.inputs[1])
        orthant = sp.Dummy("orthant", real=True)
        # The volume stands on both sides as it is.
        volume = {x: sp.Rational(3, 7) for x in case.inputs[0].rhs.atoms(LogDet)}
        before, after = case.inputs[0].rhs.xreplace({channel: orthant, **volume}), case.output.rhs.xreplace(volume)
        for n in (1, 2, 3):
            sides = (before, after, threshold, same, off)
            atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in (self.n, orthant)]
            point = {**sample(case, atoms, case.given, n), self.n: sp.Integer(n)}
            if n == 3:
                point |= {s: sp.Integer(0) for s in free_atoms(threshold)}
            k, d, q = (balls.enclose(x, point, _BITS) for x in (threshold, same, off))
            with balls.working(_BITS):
                values = {**point, orthant: _orthant(n, k / d.sqrt(), q / d).log()}
                gap = balls.enclose(before, values, _BITS) - balls.enclose(after, values, _BITS)
            if not gap.is_finite():
                return undecided("orthants", f"no finite enclosure at n = {n}")
            if not gap.contains(0) or not abs(gap) < 1e-20:
                return refuted(f"orthants at n = {n}", f"the sides differ by {gap.real.str(5)}", shown(point))
        return consistent("orthants at n = 1, 2, 3", "erfc, Plackett's identity and arcsines, in balls, 20 digits")


def threshold_of(channel: LogChannel, ansatz: Claim) -> tuple[Any, Any, Any]:
    """(threshold, variance, covariance) of fields that must all exceed one threshold."""
    if channel.taught or len(channel.cases) != 1:
        raise NotDerivable("the patterns carry labels of a teacher")
    weight, factor = channel.cases[0]
    steps = list(factor.atoms(sp.Heaviside))
    if weight != 1 or len(steps) != 1 or factor != steps[0] or sp.diff(steps[0].args[0], FIELD) != 1:
        raise NotDerivable(f"{sp.sstr(factor)[:80]} is not the indicator of a field above a threshold")
    same, off = (entry_of(channel.order(1, k), ansatz) for k in (1, 2))
    return sp.expand(FIELD - steps[0].args[0]), same, off


@dataclass(frozen=True)
class TailLimit(ReplicaLimit):
    """lim_{n -> 0} Phi_n/n, log E_z H(u)^n contributes E_z log H(u)."""

    source: ClassVar[str] = "derivative at n = 0"

    def apply(self, *inputs: Claim) -> Equation:
        found = super().apply(*inputs)
        return Equation(found.lhs, _as_functions(found.rhs), found.relation)


def _as_functions(expr: Any) -> Any:
    """log H(u) as the function LogTail(u), within means too."""

    def rewritten(mean: Any) -> Any:
        body, fresh = mean.opened()
        table = {x: LogTail(x.args[0].args[0]) for x in body.atoms(sp.log) if isinstance(x.args[0], Tail)}
        return mean.rebuilt(body.xreplace(table), fresh)

    return on_means(expr, rewritten)


def _orthant(n: int, k: acb, r: acb) -> acb:
    """P(u_1 > k, ..., u_n > k), unit variances and correlation r; for n = 3 at k = 0."""
    one = balls.enclose(Tail(sp.Symbol("k")), {sp.Symbol("k"): k}, _BITS)
    if n == 1:
        return one
    if n == 3:
        return acb(1) / 8 + 3 * r.asin() / (4 * acb.pi())
    s, t = sp.Dummy(real=True), sp.Dummy(real=True)
    # dP/dr is the density at (k, k).
    density = sp.exp(-(t**2) / (1 + s)) / (2 * sp.pi * sp.sqrt(1 - s**2))
    return one * one + balls.integral(density, s, acb(0), r, {t: k})

"""Mixed p-spin landscapes: energies with covariance N xi(R), in a field; Ising spins at fixed overlaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..precision import compiled, context
from ..quantity import free_atoms
from ..rule import Case
from ..verdict import Verdict, consistent, refuted, undecided, weakest
from .saddle import SaddlePoint, richardson
from .sampling import sample, shown
from .spherical import GaussianLandscape, _gram
from .terms import LogTrace, written_out

_BITS = 160
_SITES = 2
# Sizes at which the overlaps 3/10 and -2/5 are possible.
_SIZES = (100, 200, 400, 800)
_OVERLAPS = (sp.Rational(3, 10), sp.Rational(-2, 5))


@dataclass(frozen=True)
class MixedLandscape(GaussianLandscape):
    """E exp(-b sum_a H(s^a)) = exp(b^2/2 sum_{a,b} N xi(R_ab) - b sum_a E H(s^a)), one sum per power of the overlap.

    Inputs: the covariance N xi(R) of the energies of two configurations, and the mean energy if it is not zero (a
    number times a sum over sites).
    """

    source: ClassVar[str] = "moment generating function of a Gaussian vector"
    spins: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        pair, beta, total = self.overlaps[a, b], self.inverse_temperature, sp.Integer(0)
        covariance: Any = sp.expand(inputs[0].rhs.xreplace({self.overlap: pair}))
        for term in sp.Add.make_args(covariance):
            number_, power = term.as_independent(pair, as_Add=False)
            total += beta**2 / 2 * number_ * sp.Sum(power, (b, 1, self.n), (a, 1, self.n))
        for claim in inputs[1:]:
            factor, sites = claim.rhs.as_independent(sp.Sum, as_Add=False)
            if not isinstance(sites, sp.Sum):
                raise NotDerivable("the mean energy must be a number times one sum over sites")
            total -= beta * factor * sp.Sum(self._replica(sites.function, a), *sites.limits, (a, 1, self.n))
        return Equation(self.result, total)

    def _replica(self, expr: Any, replica: Any) -> Any:
        entries = [e for e in expr.atoms(sp.Indexed) if e.base == self.spins]
        return expr.xreplace({e: self.spins[(*e.indices, replica)] for e in entries})

    def check(self, case: Case) -> Verdict:
        """n = 2, 3: independent normals behind an explicit covariance, and explicit spins, in balls."""
        for n in (2, 3):
            gram = _gram(n, f"{case.samples.seed}/{n}")
            overlaps = {self.overlaps[i + 1, j + 1]: gram[i][j] for i in range(n) for j in range(n)}
            point = self._point(case, n)
            covariance = case.inputs[0].rhs
            matrix = sp.Matrix([[covariance.xreplace({self.overlap: r}).xreplace(point) for r in row] for row in gram])
            # H = E H + L g with independent g: E exp(-b sum H) is a product of one-dimensional generating functions.
            lower, diagonal = matrix.LDLdecomposition()
            column, beta = sp.ones(1, n) * lower, self.inverse_temperature.xreplace(point)
            truth = sum(beta**2 * column[k] ** 2 * diagonal[k, k] / 2 for k in range(n))
            for claim in case.inputs[1:]:
                for a in range(1, n + 1):
                    energy = self._replica(claim.rhs.xreplace({self.size: sp.Integer(_SITES)}).doit(), sp.Integer(a))
                    truth -= beta * energy.xreplace(point)
            stated = written_out(case.output.rhs.xreplace({self.size: sp.Integer(_SITES)}), n, self.n)
            gap = balls.enclose(truth - stated.xreplace(overlaps).xreplace(point), {}, _BITS)
            if not gap.is_finite():
                return undecided("explicit covariance", f"no finite enclosure at n = {n}")
            if not gap.contains(0):
                return refuted(f"explicit covariance, n = {n}", f"the sides differ by {gap.str(5)}", shown(point))
        return consistent("explicit covariances and spins", "n = 2, 3, by triangular factors")

    def _point(self, case: Case, n: int) -> dict[Any, Any]:
        sides = [c.rhs for c in (*case.inputs, case.output)]
        bound = (self.overlap, self.n, self.size)
        atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s not in bound]
        if len(case.inputs) > 1:
            atoms += [self.spins[i, a] for i in range(1, _SITES + 1) for a in range(1, n + 1)]
        return {**sample(case, atoms, case.given, n), self.size: sp.Integer(_SITES)}


@dataclass(frozen=True)
class OverlapSaddle(SaddlePoint):
    """sum_s exp(N X(R)) -> Phi_n = X(Q) - 1/2 sum_{a!=b} Qhat_ab Q_ab + log Tr exp(1/2 sum_{a!=b} Qhat_ab s_a s_b).

    As `SaddlePoint`; the check looks at every overlap and not at the dominating one only, which vanishes without
    a field whatever the energy is.
    """

    source: ClassVar[str] = "Laplace's method at fixed n"

    def check(self, case: Case) -> Verdict:
        """n = 1: exact. n = 2: the exact sum over all pairs of configurations with the overlap r, N = 100 to 800."""
        values = sample(case, self._parameters(case), case.given)
        values = {k: v / 4 if k.is_positive and not k.is_integer else v for k, v in values.items()}
        # Powers of an overlap hide its sign at every other integer.
        odd = {k: v + 1 for k, v in values.items() if k.is_integer}
        return weakest([self._check_at(case, point) for point in ([values, values | odd] if odd else [values])])

    def _check_at(self, case: Case, values: Any) -> Verdict:
        ctx = context(40)
        exponent, functional = case.inputs[0].rhs, case.output.rhs
        field, pairs = self._split(exponent)
        field = _value(ctx, sp.S(field).xreplace(values))
        for r in _OVERLAPS:
            exact = [self._at_overlap(ctx, pairs.xreplace(values), field, r, size) for size in _SIZES]
            told, overlap = self._told(ctx, functional, values, r)
            if told is None:
                return refuted(f"all pairs with overlap {r}", "no conjugate belongs to this overlap", shown(values))
            for what, gap in (
                ("value", richardson(ctx, exact) - told),
                ("overlap of the trace", overlap - _value(ctx, r)),
            ):
                if not abs(gap) < ctx.mpf(10) ** -7:
                    return refuted(f"all pairs with overlap {r}", f"the {what} is off by {ctx.nstr(gap, 5)}")
        one = written_out(functional, 1, self.n).xreplace(values)
        single = pairs.xreplace({self.n: sp.Integer(1), self.size: sp.Integer(1)}).doit()
        single = _value(ctx, single.xreplace({self.overlap[1, 1]: sp.Integer(1)}).xreplace(values))
        gap = _value(ctx, one) - single - ctx.log(2 * ctx.cosh(field))
        if not abs(gap) < ctx.mpf(10) ** -25:
            return refuted("one replica", f"the value is off by {ctx.nstr(gap, 5)}", shown(values))
        return consistent("all pairs of configurations", "overlaps 3/10 and -2/5, N to 800 extrapolated, 7 digits")

    def _split(self, exponent: Any) -> tuple[Any, Any]:
        """(the coefficient of the sum of all spins, the rest)."""
        field, rest = sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(exponent):
            if any(e.base == self.spins for e in term.atoms(sp.Indexed)):
                field += term.as_independent(sp.Sum, as_Add=False)[0]
            else:
                rest += term
        return field, rest

    def _at_overlap(self, ctx: Any, pairs: Any, field: Any, r: Any, size: int) -> Any:
        """(1/N) log of the sum over all pairs of configurations with overlap r, its log N corrected for."""
        entries = {self.overlap[i, j]: r if i != j else sp.Integer(1) for i in (1, 2) for j in (1, 2)}
        weight = pairs.xreplace({self.n: sp.Integer(2), self.size: sp.Integer(size)}).doit().xreplace(entries)
        agree = int((1 + r) * size / 2)
        total = ctx.log(ctx.binomial(size, agree)) + _value(ctx, weight)
        total += agree * ctx.log(2 * ctx.cosh(2 * field)) + (size - agree) * ctx.log(2)
        return (total + ctx.log(size) / 2) / size

    def _told(self, ctx: Any, functional: Any, values: Any, r: Any) -> tuple[Any, Any]:
        """The functional at Q_12 = r, stationary in the conjugate, and the mean of s_1 s_2 in its trace."""
        p = sp.Dummy("p")
        table = {self.order[1, 2]: r, self.order[2, 1]: r, self.conjugate[1, 2]: p, self.conjugate[2, 1]: p}
        phi = written_out(functional, 2, self.n).xreplace(table).xreplace(values)
        traces = sorted(functional.atoms(LogTrace), key=sp.default_sort_key)
        if phi.free_symbols - {p} or len(traces) != 1:
            return None, None
        slope = compiled(ctx, [p], sp.diff(phi, p))
        try:
            root = ctx.findroot(slope, (ctx.mpf(0), ctx.mpf("0.1")), tol=1e-60)
        except (ValueError, ZeroDivisionError):
            return None, None
        weight, product = ctx.mpf(0), ctx.mpf(0)
        for spins, exponent in traces[0].configurations(2):
            size = ctx.exp(compiled(ctx, [p], exponent.xreplace(table).xreplace(values))(root))
            weight += size
            product += size * int(spins[traces[0].spins[1]] * spins[traces[0].spins[2]])
        return compiled(ctx, [p], phi)(root), product / weight


def _value(ctx: Any, expr: Any) -> Any:
    """A number of an expression without symbols."""
    return compiled(ctx, [], expr)()

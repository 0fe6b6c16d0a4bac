"""Free weights: overlaps are fixed by conjugate variables, and the components of the weights become independent."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from . import ledger
from .log_channel import LogChannel
from .sampling import sample, shown
from .terms import written_out

_DIMENSION = 3


class LogSites(sp.Expr):
    """log E_t int prod_{a=1..n} dw_a exp(X(t, w_1, ..., w_n)), t ~ N(0, variance): one component of all vectors.

    LogSites(exponent, variance, weights, teacher, n): the exponent is written in the entries weights[a] and the symbol
    of the teacher's component; both are bound here.
    """

    is_commutative = True

    def __new__(cls, exponent: Any, variance: Any, weights: Any, teacher: Any, n: Any) -> Any:
        return sp.Expr.__new__(cls, sp.S(exponent), sp.S(variance), sp.Tuple(weights), sp.Tuple(teacher), sp.S(n))

    @property
    def exponent(self) -> Any:
        return self.args[0]

    @property
    def variance(self) -> Any:
        return self.args[1]

    @property
    def weights(self) -> Any:
        return self.args[2].args[0]

    @property
    def teacher(self) -> Any:
        return self.args[3].args[0]

    @property
    def func(self) -> Any:
        return lambda *args: sp.Expr.__new__(LogSites, *args)

    @property
    def free_symbols(self) -> set[Any]:
        bound = {*self.weights.free_symbols, self.teacher}
        bound |= {e for e in self.exponent.atoms(sp.Indexed) if e.base == self.weights}
        return (self.exponent.free_symbols - bound) | self.variance.free_symbols | self.args[4].free_symbols

    def at_site(self, values: Any, teacher: Any, n: int) -> Any:
        """The exponent with explicit components of the n replicas and of the teacher."""
        exponent = written_out(self.exponent, n, self.args[4])
        table = {self.weights[a]: v for a, v in enumerate(values, start=1)}
        return exponent.xreplace({**table, self.teacher: teacher})

    def _eval_is_extended_real(self) -> Any:
        return True

    def _latex(self, printer: Any, exp: Any = None) -> str:
        w, t = printer._print(self.weights), printer._print(self.teacher)
        body = rf"\exp\left({printer._print(self.exponent)}\right)"
        text = rf"\log \mathbb{{E}}_{{{t}}} \int \prod_{{a}} d{w}_{{a}}\, {body}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"log E_t int dw exp({printer._print(self.exponent)})"


@dataclass(frozen=True)
class SingleSites(Rule):
    """X(Q, m) + sum_i g(w_i) -> X - 1/2 sum Qhat Q - sum mhat m + log E_t int dw e^(sum Qhat w w/2 + sum mhat t w + g).

    The overlaps Q_ab = w_a.w_b/d and m_a = t.w_a/d are fixed by conjugates; then the components i are independent and
    alike. At large d the exponent takes its stationary value. teacher: the list t of the energy, with components
    N(0, power), or None; site, site_teacher: the list and the symbol that stand for one component.
    """

    source: ClassVar[str] = "Fourier representation of delta functions; Laplace's method at fixed n"
    weights: Any = None
    teacher: Any = None
    power: Any = sp.S.One
    order: Any = None
    conjugate: Any = None
    overlap: Any = None
    overlap_conjugate: Any = None
    site: Any = None
    site_teacher: Any = None
    replicas: tuple[Any, ...] = ()
    size: Any = None
    n: Any = None
    result: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (ledger.A5,)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return ()

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        energy, exponent = sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(inputs[0].rhs):
            if any(e.base == self.weights for e in term.atoms(sp.Indexed)):
                exponent += self._one_site(term)
            else:
                energy += term
        site, both = self.site, ((b, 1, self.n), (a, 1, self.n))
        pairs: Any = sp.Sum(self.conjugate[a, b] * self.order[a, b], *both)
        exponent += sp.Sum(self.conjugate[a, b] * site[a] * site[b], *both) / 2
        if self.teacher is not None:
            exponent += sp.Sum(self.overlap_conjugate[a] * self.site_teacher * site[a], (a, 1, self.n))
            energy -= sp.Sum(self.overlap_conjugate[a] * self.overlap[a], (a, 1, self.n))
        variance = self.power if self.teacher is not None else sp.Integer(0)
        sites = LogSites(exponent, variance, site, self.site_teacher or sp.Dummy(), self.n)
        return Equation(inputs[0].lhs if self.result is None else self.result, energy - pairs / 2 + sites)

    def _one_site(self, term: Any) -> Any:
        factor, total = term.as_independent(sp.Sum, as_Add=False)
        by_end = {limit[2]: limit for limit in total.limits}
        if set(by_end) != {self.size, self.n}:
            raise NotDerivable("a term of the weights must be a sum over components and replicas")
        i, a = by_end[self.size][0], by_end[self.n][0]
        function = total.function.xreplace({self.weights[i, a]: self.site[a]})
        if function.has(i):
            raise NotDerivable("the components of the weights must enter alike")
        return factor * self.size * sp.Sum(function, by_end[self.n])

    def check(self, case: Case) -> Verdict:
        """Explicit vectors, d = 3, n = 1, 2: at their overlaps the conjugates cancel and leave the input's terms."""
        d = _DIMENSION
        for n in (1, 2):
            rng = random.Random(f"{case.samples.seed}/{n}")
            vectors = [[_draw(rng) for _ in range(d)] for _ in range(n)]
            teacher = [_draw(rng) for _ in range(d)]
            point = self._point(case, vectors, teacher, n, rng)
            name = {c: sp.Dummy() for c in case.inputs[0].rhs.atoms(LogChannel)}
            sites = sorted(case.output.rhs.atoms(LogSites), key=sp.default_sort_key)
            if len(sites) != 1 or case.output.rhs.coeff(sites[0]) != 1:
                return refuted("form", "the single-site term must stand once, with the factor 1")
            if sites[0].variance != (self.power if self.teacher is not None else 0):
                return refuted("form", f"the variance of the teacher's component is {sites[0].variance}")
            before = written_out(case.inputs[0].rhs.xreplace(name), n, self.n)
            rest = written_out((case.output.rhs - sites[0]).xreplace(name), n, self.n)
            explicit = sp.Add(*(sites[0].at_site(v, t, n) for *v, t in zip(*vectors, teacher))) / d
            gap = (before - rest - explicit).xreplace(point)
            gap = sp.expand(gap.xreplace({s: s.doit() for s in gap.atoms(sp.Sum)}).xreplace(point))
            if gap != 0:
                plain = {k: v for k, v in point.items() if isinstance(k, sp.Symbol)}
                return refuted(f"explicit vectors, n = {n}", f"the sides differ by {sp.sstr(gap)[:100]}", shown(plain))
        return consistent("explicit vectors in dimension 3", "n = 1, 2: the exponents agree exactly")

    def _point(self, case: Case, vectors: Any, teacher: Any, n: int, rng: Any) -> dict[Any, Any]:
        d, places = _DIMENSION, range(1, n + 1)
        point: dict[Any, Any] = {self.size: sp.Integer(d), self.n: sp.Integer(n)}
        for a in places:
            point |= {self.weights[k + 1, a]: x for k, x in enumerate(vectors[a - 1])}
            if self.teacher is not None:
                point[self.overlap[a]] = _dot(teacher, vectors[a - 1]) / d
                point[self.overlap_conjugate[a]] = _draw(rng)
            for b in places:
                point[self.order[a, b]] = _dot(vectors[a - 1], vectors[b - 1]) / d
                point[self.conjugate[a, b]] = _draw(rng)
        sides = (case.inputs[0].rhs, case.output.rhs)
        atoms = [s for side in sides for s in free_atoms(side) if isinstance(s, sp.Symbol) and s not in point]
        return {**sample(case, atoms, []), **point}


def _draw(rng: Any) -> Any:
    return sp.Rational(rng.choice((-1, 1)) * rng.randint(1, 9), rng.choice((2, 3, 5)))


def _dot(v: Any, w: Any) -> Any:
    return sum((x * y for x, y in zip(v, w)), sp.Integer(0))

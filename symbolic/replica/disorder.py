"""From the energy of one sample to the mean of Z^n: Gaussian couplings averaged, site sums turned into overlaps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .sampling import sample, shown

SIZES = ((3, 2), (2, 3))


def _with_replica(expr: Any, spins: Any, replica: Any) -> Any:
    """s_i -> s_{i,a}: the same expression for one replica."""
    table = {e: spins[(*e.indices, replica)] for e in expr.atoms(sp.Indexed) if e.base == spins}
    return expr.xreplace(table)


@dataclass(frozen=True)
class GaussianDisorder(Rule):
    """E exp(-b sum_a H(s^a)) = exp(b^2/2 sum_{a,b} Cov(H(s^a), H(s^b)) - b sum_a E H(s^a)), H linear in the couplings.

    The couplings are independent N(0, variance), one per term of their sum. Input: the energy; output: the exponent.
    """

    source: ClassVar[str] = "moment generating function of a Gaussian variable"
    conditions: ClassVar[tuple[str, ...]] = ("the couplings are independent centred normals", "H is linear in them")
    result: Any = None
    couplings: Any = None
    variance: Any = None
    spins: Any = None
    inverse_temperature: Any = None
    replicas: tuple[Any, ...] = ()
    n: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        a, b = self.replicas
        energy, beta = inputs[0].rhs, self.inverse_temperature
        total = sp.Integer(0)
        for term in sp.Add.make_args(energy):
            if not any(e.base == self.couplings for e in term.atoms(sp.Indexed)):
                factor, sites = self._summed(term)
                replica = _with_replica(sites.function, self.spins, a)
                total -= beta * factor * sp.Sum(replica, *sites.limits, (a, 1, self.n))
                continue
            factor, sites = self._summed(term)
            (coupling,) = [e for e in sites.function.atoms(sp.Indexed) if e.base == self.couplings]
            weight = factor * sites.function.coeff(coupling)
            if sites.function != sites.function.coeff(coupling) * coupling:
                raise NotDerivable("the energy is not linear in the couplings")
            pair = _with_replica(weight, self.spins, a) * _with_replica(weight, self.spins, b)
            number, inner = pair.as_independent(*(e for e in pair.atoms(sp.Indexed)), as_Add=False)
            inner_sum = sp.Sum(inner, *sites.limits, (b, 1, self.n), (a, 1, self.n))
            total += beta**2 * self.variance * number / 2 * inner_sum
        return Equation(self.result, total)

    @staticmethod
    def _summed(term: Any) -> tuple[Any, Any]:
        """A term of the energy as (number, sum over sites)."""
        sums = list(term.atoms(sp.Sum))
        if len(sums) != 1 or term.as_independent(sums[0], as_Add=False)[1] != sums[0]:
            raise NotDerivable("each term of the energy must be a number times one sum over sites")
        return term.as_independent(sums[0], as_Add=False)[0], sums[0]

    def check(self, case: Case) -> Verdict:
        """Explicit couplings for N = 3, n = 2 and N = 2, n = 3: Isserlis on the expanded exponent, generic spins."""
        for size, n in SIZES:
            values = self._values(case, size, n)
            explicit = self._explicit(case.inputs[0].rhs, size, n, values)
            couplings = sorted((e for e in explicit.atoms(sp.Indexed) if e.base == self.couplings), key=str)
            poly = sp.Poly(explicit, *couplings)
            truth = poly.coeff_monomial(1)
            variance: Any = sp.S(self.variance).xreplace({self.size: sp.Integer(size)})
            truth += variance / 2 * sum(poly.coeff_monomial(c) ** 2 for c in couplings)
            stated = _explicit_sums(case.output.rhs, {self.n: n, self.size: size}).xreplace(values)
            if poly.total_degree() > 1 or sp.expand(truth - stated) != 0:
                return refuted(f"explicit average at N = {size}, n = {n}", f"{stated} against {truth}", shown(values))
        return consistent("explicit averages", "N = 3, n = 2 and N = 2, n = 3, exact at generic rational spins")

    def _values(self, case: Case, size: int, n: int) -> dict[Any, Any]:
        entries = [self.spins[i, a] for i in range(1, size + 1) for a in range(1, n + 1)]
        others = [s for s in _scalars(case) if s not in (self.n, self.size)]
        values = sample(case, [*entries, *others], case.given)
        return {**values, self.size: sp.Integer(size), self.n: sp.Integer(n)}

    def _explicit(self, energy: Any, size: int, n: int, values: dict[Any, Any]) -> Any:
        total = sp.Integer(0)
        for a in range(1, n + 1):
            replica = _explicit_sums(_with_replica(energy, self.spins, sp.Integer(a)), {self.size: size})
            total -= self.inverse_temperature * replica
        return sp.expand(total.xreplace(values))


def _scalars(case: Case) -> list[Any]:
    """Plain symbols of the claims: parameters, sizes."""
    sides = [e.rhs for claim in (*case.inputs, case.output) for e in claim.equations]
    return [a for side in sides for a in free_atoms(side) if isinstance(a, sp.Symbol)]


def _explicit_sums(expr: Any, sizes: dict[Any, int]) -> Any:
    """Sums written out at explicit sizes; the ends of inner sums may contain outer indices."""
    expr = sp.S(expr).xreplace({k: sp.Integer(v) for k, v in sizes.items()})
    sums = sorted(expr.atoms(sp.Sum), key=sp.default_sort_key)
    return expr.xreplace({total: _terms(total.function, list(total.limits)) for total in sums})


def _terms(function: Any, limits: list[Any]) -> Any:
    if not limits:
        return function
    index, low, high = limits[-1]
    total = sp.Integer(0)
    for k in range(int(low), int(high) + 1):
        at = {index: sp.Integer(k)}
        inner = [sp.Tuple(limit[0], limit[1].xreplace(at), limit[2].xreplace(at)) for limit in limits[:-1]]
        total += _terms(function.xreplace(at), inner)
    return total


@dataclass(frozen=True)
class SitesToOverlaps(Rule):
    """sum_{i<j} x_i x_j = (N R)^2/2 - N/2 for x_i = s_ia s_ib, s = +-1, R_ab = (1/N) sum_i s_ia s_ib.

    The elementary symmetric polynomial of second degree through power sums (Newton), for Ising spins.
    """

    source: ClassVar[str] = "Newton's identities"
    conditions: ClassVar[tuple[str, ...]] = ("s_i = +-1",)
    overlap: Any = None
    spins: Any = None
    size: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        table = {}
        for total in sorted(target.rhs.atoms(sp.Sum), key=sp.default_sort_key):
            if len(total.limits) == 4:
                table[total] = self._in_overlaps(total)
        if not table:
            raise NotDerivable("there is no double sum over sites")
        return Equation(target.lhs, sp.expand(target.rhs.xreplace(table)))

    def _in_overlaps(self, total: Any) -> Any:
        (j, low, _), (i, first, _), second, third = total.limits
        b, a = second[0], third[0]
        wanted = self.spins[i, a] * self.spins[i, b] * self.spins[j, a] * self.spins[j, b]
        if sp.expand(total.function - wanted) != 0 or low != i + 1 or first != 1:
            raise NotDerivable("the sum over sites is not sum_{i<j} s_ia s_ib s_ja s_jb")
        n = third[2]
        squares = sp.Sum(self.overlap[a, b] ** 2, (b, 1, n), (a, 1, n))
        return self.size**2 * squares / 2 - self.size * n**2 / 2

    def check(self, case: Case) -> Verdict:
        """All spin configurations for N = 2, 3, 4 with n = 2 and N = 2 with n = 3, exact."""
        n = case.inputs[0].rhs.atoms(sp.Sum)
        n = sorted(n, key=sp.default_sort_key)[0].limits[-1][2]
        values = sample(case, [s for s in _scalars(case) if s not in (n, self.size)], case.given)
        for size, replicas in ((2, 2), (3, 2), (4, 2), (2, 3)):
            sizes = {n: replicas, self.size: size}
            before = _explicit_sums(case.inputs[0].rhs, sizes).xreplace(values)
            after = _explicit_sums(case.output.rhs, sizes).xreplace(values)
            for spins in _configurations(self.spins, size, replicas):
                told = after.xreplace(_overlaps(self.overlap, spins, self.spins, size, replicas)).xreplace(spins)
                if sp.expand(before.xreplace(spins) - told) != 0:
                    return refuted(f"all configurations at N = {size}, n = {replicas}", str(told), shown(values))
        return consistent("all spin configurations", "N = 2, 3, 4 with n = 2 and N = 2 with n = 3, exact")


def _configurations(spins: Any, size: int, replicas: int) -> Any:
    places = [spins[i, a] for i in range(1, size + 1) for a in range(1, replicas + 1)]
    for signs in product((1, -1), repeat=len(places)):
        yield {place: sp.Integer(sign) for place, sign in zip(places, signs)}


def _overlaps(overlap: Any, values: dict[Any, Any], spins: Any, size: int, replicas: int) -> dict[Any, Any]:
    table = {}
    for a in range(1, replicas + 1):
        for b in range(1, replicas + 1):
            total = sum(values[spins[i, a]] * values[spins[i, b]] for i in range(1, size + 1))
            table[overlap[a, b]] = sp.Rational(total, size)
    return table

"""Laws beyond polynomials, from Darboux polynomials: h = sum_j c_j log|p_j| + R.

p is a Darboux polynomial when F_i p = K_i p for every field, with polynomial cofactors K_i. Then h is conserved iff
sum_j c_j K_ij + F_i R = 0 for all i, a polynomial identity; each c_j is a combination of 1 and polynomial laws.
With R = 0 and integers c_j, exp h is a rational law: prod_j p_j^(c_j).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .exact_fields import ExactFields, Terms
from .laws import Law
from .polynomial import Monomial

ONE = -1


@dataclass(frozen=True)
class Factor:
    """c log|p|: p as integer terms; c = sum of integer * (law of that number, or 1 for ONE)."""

    polynomial: Terms
    weights: tuple[tuple[int, int], ...]

    @property
    def power(self) -> int | None:
        """c when it is a number."""
        return self.weights[0][1] if len(self.weights) == 1 and self.weights[0][0] == ONE else None


@dataclass(frozen=True)
class DarbouxLaw:
    """h = sum over `factors` of c log|p|, plus the polynomial `rest`; constant on every orbit where no p vanishes."""

    factors: tuple[Factor, ...]
    rest: Terms = ()

    @property
    def rational(self) -> bool:
        """exp h is a quotient of polynomials."""
        return not self.rest and all(factor.power is not None for factor in self.factors)

    @property
    def homogeneity(self) -> int | None:
        """k with exp h(s theta) = s^k exp h(theta), for rational laws of homogeneous factors."""
        degrees = [{len(m) for m, _ in factor.polynomial} for factor in self.factors]
        if not self.rational or any(len(found) > 1 for found in degrees):
            return None
        return sum((factor.power or 0) * found.pop() for factor, found in zip(self.factors, degrees))


def holds(law: DarbouxLaw, laws: Sequence[Law], fields: ExactFields) -> bool:
    """sum_j c_j K_ij + F_i R = 0 for every field, over Z."""
    totals = [fields.along(i, fields.polynomial(law.rest)) for i in range(len(fields.fields))]
    for factor in law.factors:
        cofactors = fields.cofactors(fields.polynomial(factor.polynomial))
        if cofactors is None:
            return False
        weight = fields.constant(0)
        for number, c in factor.weights:
            weight += c * (fields.constant(1) if number == ONE else fields.polynomial(laws[number].terms))
        totals = [total + weight * cofactor for total, cofactor in zip(totals, cofactors)]
    return all(total == 0 for total in totals)


def differential(law: DarbouxLaw, laws: Sequence[Law], point: Sequence[int], prime: int) -> np.ndarray | None:
    """sum_j c_j dp_j/p_j + dR at a point mod p; None when some p_j vanishes there.

    The differentials of the c_j are left out: they lie in the span of those of the polynomial laws.
    """
    row = np.zeros(len(point), dtype=object)
    _add_gradient(row, law.rest, 1, point)
    for factor in law.factors:
        value = evaluate(factor.polynomial, point, prime)
        if value == 0:
            return None
        weight = sum(c * (1 if n == ONE else evaluate(laws[n].terms, point, prime)) for n, c in factor.weights)
        _add_gradient(row, factor.polynomial, weight * pow(value, -1, prime) % prime, point)
    return (row % prime).astype(np.int64)


def evaluate(terms: Terms, point: Sequence[int], prime: int) -> int:
    return sum(c * _value(monomial, point) for monomial, c in terms) % prime


def _value(monomial: Monomial, point: Sequence[int]) -> int:
    value = 1
    for a in monomial:
        value *= int(point[a])
    return value


def _add_gradient(row: np.ndarray, terms: Terms, weight: int, point: Sequence[int]) -> None:
    for monomial, c in terms:
        for place, a in enumerate(monomial):
            row[a] += weight * c * _value(monomial[:place] + monomial[place + 1 :], point)

"""Re-checking laws beyond polynomials: h = sum_j c_j log|p_j| + R, by exact division in plain Python.

Polynomials are dictionaries from exponent tuples to rationals. p divides F_i p, with quotient K_i; then
sum_j c_j K_ij + F_i R = 0 for every i makes h a law wherever no p_j vanishes.
"""

from __future__ import annotations

from fractions import Fraction

from ..errors import Refuted
from .recheck_metric import metric
from .recheck_reading import Claim, Terms

Exponents = tuple[int, ...]
Dense = dict[Exponents, Fraction]


def check_further(claim: Claim) -> None:
    """Raise Refuted unless every further law of the file is one."""
    fields = exact_fields(claim) if claim.further else []
    size = len(claim.rates)
    laws = [dense(law.terms, size) for law in claim.laws]
    for number, law in enumerate(claim.further):
        totals = [_along(field, dense(law.rest, size)) for field in fields]
        for factor in law.factors:
            p = dense(factor.polynomial, size)
            weight: Dense = {}
            for n, c in factor.weights:
                if n != -1 and n not in claim.independent:
                    raise Refuted(f"{claim.network}: further law {number} is weighted by a law not called independent")
                part = laws[n] if n != -1 else {(0,) * size: Fraction(1)}
                weight = _sum(weight, part, Fraction(c))
            for i, field in enumerate(fields):
                cofactor = _quotient(_along(field, p), p)
                if cofactor is None:
                    raise Refuted(f"{claim.network}: further law {number} has a factor that is no Darboux polynomial")
                totals[i] = _sum(totals[i], _product(weight, cofactor), Fraction(1))
        if any(totals):
            raise Refuted(f"{claim.network}: further law {number} is not conserved, its cofactors do not cancel")


def further_rows(claim: Claim) -> list[list[int]]:
    """sum_j c_j dp_j/p_j + dR at the point; the dc_j lie in the span of the independent polynomial laws."""
    p, point = claim.prime, claim.point
    rows = []
    for number, law in enumerate(claim.further):
        row = _gradient(law.rest, point, p)
        for factor in law.factors:
            value = _at(factor.polynomial, point, p)
            if value == 0:
                raise Refuted(f"{claim.network}: a factor of further law {number} vanishes at the point")
            weight = sum(c * (1 if n == -1 else _at(claim.laws[n].terms, point, p)) for n, c in factor.weights)
            weight = weight * pow(value, -1, p) % p
            row = [(x + weight * y) % p for x, y in zip(row, _gradient(factor.polynomial, point, p))]
        rows.append(row)
    return rows


def fields_are_parallel(claim: Claim) -> bool:
    """F_i wedge F_1 = 0 for all i, as polynomials."""
    fields = exact_fields(claim)
    first = fields[0]
    lead = next(a for a, part in enumerate(first) if part)
    for field in fields[1:]:
        for a in range(len(first)):
            left, right = _product(field[a], first[lead]), _product(first[a], field[lead])
            if _sum(left, right, Fraction(-1)):
                return False
    return True


def exact_fields(claim: Claim) -> list[list[Dense]]:
    """F_i = M grad phi_i, coordinate by coordinate."""
    size = len(claim.rates)
    entries = [(a, b, dense([(1, letters)], size), weight) for a, b, weight, letters in metric(claim)]
    found = []
    for component in claim.phi:
        p = dense(component, size)
        slopes = [_derivative(p, b) for b in range(size)]
        field: list[Dense] = [{} for _ in range(size)]
        for a, b, letters, weight in entries:
            field[a] = _sum(field[a], _product(letters, slopes[b]), weight)
        found.append(field)
    return found


def dense(terms: Terms, size: int) -> Dense:
    found: Dense = {}
    for c, letters in terms:
        powers = [0] * size
        for a in letters:
            powers[a] += 1
        found[tuple(powers)] = found.get(tuple(powers), Fraction(0)) + c
    return {m: c for m, c in found.items() if c}


def _derivative(p: Dense, a: int) -> Dense:
    return {(*m[:a], m[a] - 1, *m[a + 1 :]): c * m[a] for m, c in p.items() if m[a]}


def _sum(left: Dense, right: Dense, factor: Fraction) -> Dense:
    found = dict(left)
    for m, c in right.items():
        found[m] = found.get(m, Fraction(0)) + factor * c
    return {m: c for m, c in found.items() if c}


def _product(left: Dense, right: Dense) -> Dense:
    found: Dense = {}
    for m, c in left.items():
        for n, d in right.items():
            key = tuple(map(sum, zip(m, n)))
            found[key] = found.get(key, Fraction(0)) + c * d
    return {m: c for m, c in found.items() if c}


def _along(field: list[Dense], p: Dense) -> Dense:
    found: Dense = {}
    for a, part in enumerate(field):
        slope = _derivative(p, a)
        if part and slope:
            found = _sum(found, _product(part, slope), Fraction(1))
    return found


def _quotient(dividend: Dense, divisor: Dense) -> Dense | None:
    """dividend / divisor when exact, else None; the lexicographically first terms divide each other when it is."""
    lead = max(divisor)
    found: Dense = {}
    while dividend:
        top = max(dividend)
        if any(x < y for x, y in zip(top, lead)):
            return None
        term = {tuple(x - y for x, y in zip(top, lead)): dividend[top] / divisor[lead]}
        found = _sum(found, term, Fraction(1))
        dividend = _sum(dividend, _product(term, divisor), Fraction(-1))
    return found


def _at(terms: Terms, point: list[int], p: int) -> int:
    total = 0
    for c, letters in terms:
        for a in letters:
            c = c * point[a] % p
        total += c
    return total % p


def _gradient(terms: Terms, point: list[int], p: int) -> list[int]:
    row = [0] * len(point)
    for c, letters in terms:
        for place, a in enumerate(letters):
            value = c
            for b in letters[:place] + letters[place + 1 :]:
                value = value * point[b] % p
            row[a] = (row[a] + value) % p
    return row

"""Logarithmic laws: cofactors of Darboux polynomials against derivatives of polynomials, one linear system mod p.

Every irreducible factor of a polynomial law is a Darboux polynomial (a law is constant, so its factors divide their own
derivatives); so is any coordinate, sum or difference of two coordinates whose zero set the fields keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement
from typing import NamedTuple

import numpy as np
from flint import fmpz_mpoly

from .darboux import ONE, DarbouxLaw, Factor, differential, holds
from .exact_fields import ExactFields, Terms
from .finder import SPARE, combined_gradients
from .laws import Law, Point
from .metric import metric_of
from .modular import Draws, integer_basis, nullspace, pivot_columns, rank
from .parametrisation import Parametrisation
from .polynomial import Monomial

MAX_FACTORS = 40
MAX_UNKNOWNS = 1_500
REST_DEGREE = 2


class Atom(NamedTuple):
    """log|p| or log|p/q|: the factors with their signs, and the derivatives `speeds` along every field."""

    factors: tuple[tuple[fmpz_mpoly, int], ...]
    speeds: list[fmpz_mpoly]


def find_logarithmic_laws(
    phi: Parametrisation,
    dynamics: str,
    fields: ExactFields,
    laws: Sequence[Law],
    known: np.ndarray,
    chosen: Sequence[int],
    missing: int,
    point: Point,
    prime: int,
) -> list[DarbouxLaw]:
    """At most `missing` laws sum_j c_j log|p_j| + R, independent at the point of the rows `known`, each exactly true.

    Simplest first: factors of laws and coordinates with numbers c_j, then also sums and differences of coordinates,
    then c_j in the span of 1 and the `chosen` laws.
    """
    draws = Draws(f"darboux/{dynamics}/{phi.name}", prime)
    found: list[DarbouxLaw] = []
    rows = known
    for atoms, weights in _stages(fields, laws, invariant_lines(phi, dynamics, draws), chosen):
        if not atoms or len(found) == missing:
            break
        for law in _solutions(phi, dynamics, fields, laws, atoms, weights, draws):
            row = differential(law, laws, list(point), prime)
            if row is None or rank(np.vstack([rows, row]), prime) == len(rows):
                continue
            if holds(law, laws, fields):
                found.append(law)
                rows = np.vstack([rows, row])
            if len(found) == missing:
                break
    return found


def _stages(
    fields: ExactFields, laws: Sequence[Law], lines: Sequence[Terms], chosen: Sequence[int]
) -> Iterator[tuple[list[Atom], list[int]]]:
    few = darboux_polynomials(fields, laws, [line for line in lines if len(line) == 1])
    if few:
        yield few, [ONE]
    many = darboux_polynomials(fields, laws, lines)
    if len(many) > len(few):
        yield many, [ONE]
    yield many, [ONE, *chosen]


def invariant_lines(phi: Parametrisation, dynamics: str, draws: Draws) -> list[Terms]:
    """theta_a, theta_a + theta_b, theta_a - theta_b whose zero set the fields seem to keep: one random point each."""
    singles: list[Terms] = [(((a,), 1),) for a in range(phi.D)]
    pairs: list[Terms] = [(((a,), 1), ((b,), sign)) for a, b in combinations(range(phi.D), 2) for sign in (1, -1)]
    lines = [*singles, *pairs]
    points = draws(len(lines), phi.D)
    for row, line in zip(points, lines):
        (a,), _ = line[0]
        row[a] = -line[1][1] * row[line[1][0][0]] % draws.prime if len(line) == 2 else 0
    speeds = metric_of(phi, dynamics).speeds(combined_gradients(phi, points, draws), points, draws.prime)
    return [line for line, speed in zip(lines, speeds) if sum(c * int(speed[m[0]]) for m, c in line) % draws.prime == 0]


def darboux_polynomials(fields: ExactFields, laws: Sequence[Law], lines: Sequence[Terms]) -> list[Atom]:
    """log|p| for irreducible factors p of the polynomial laws and for lines, with F_i log|p|; none that is a law.

    When a law is p q, log|p| and -log|q| differ by a law: log|p/q| stands for both.
    """
    atoms: list[Atom] = []
    seen: set[str] = set()
    for law in laws:
        _, powers = fields.polynomial(law.terms).factor()
        parts = [(p, cofactors) for p, _ in powers if str(p) not in seen and (cofactors := fields.cofactors(p))]
        seen |= {str(p) for p, _ in parts}
        if len(parts) == 2:
            (p, k), (q, m) = parts
            parts = []
            atoms.append(Atom(((p, 1), (q, -1)), [a - b for a, b in zip(k, m)]))
        atoms += [Atom(((p, 1),), k) for p, k in parts]
    for line in lines:
        p = fields.polynomial(line)
        if str(p) not in seen and (cofactors := fields.cofactors(p)):
            atoms.append(Atom(((p, 1),), cofactors))
    return [atom for atom in atoms if any(k != 0 for k in atom.speeds)][:MAX_FACTORS]


def _solutions(
    phi: Parametrisation,
    dynamics: str,
    fields: ExactFields,
    laws: Sequence[Law],
    atoms: list[Atom],
    weights: list[int],
    draws: Draws,
) -> list[DarbouxLaw]:
    """Candidates: the kernel of one equation per random point and random combination of the fields, lifted to Z."""
    prime = draws.prime
    unknowns = [(j, n) for n in weights for j in range(len(atoms))]
    letters = _rest_letters(phi, laws, prime)
    count = len(unknowns) + len(letters)
    if count > MAX_UNKNOWNS:
        return []
    points = draws(count + SPARE, phi.D)
    speeds = metric_of(phi, dynamics).speeds(combined_gradients(phi, points, draws), points, prime)
    rates = np.stack([_logarithmic_rate(atom, fields, points, speeds, prime) for atom in atoms])
    scales = {n: _values((((), 1),) if n == ONE else laws[n].terms, points, prime) for n in weights}
    columns = [scales[n] * rates[j] % prime for j, n in unknowns]
    columns += [_slope(((m, 1),), points, speeds, prime) for m in letters]
    kernel = nullspace(np.stack(columns, axis=1), prime)
    lifted = integer_basis(kernel, prime) if kernel.shape[1] else []
    found = []
    for vector in lifted or []:
        parts: dict[int, list[tuple[int, int]]] = {}
        for (j, n), c in zip(unknowns, vector):
            if c:
                parts.setdefault(j, []).append((n, c))
        rest = tuple((m, c) for m, c in zip(letters, vector[len(unknowns) :]) if c)
        factors = [
            Factor(fields.terms(p), tuple((n, sign * c) for n, c in sorted(weight)))
            for j, weight in sorted(parts.items())
            for p, sign in atoms[j].factors
        ]
        if factors:
            found.append(DarbouxLaw(tuple(factors), tuple(sorted(rest))))
    return found


def _rest_letters(phi: Parametrisation, laws: Sequence[Law], prime: int) -> list[Monomial]:
    """Monomials of low degree, without one leading monomial per known law: R matters up to laws only."""
    letters = [m for k in range(1, REST_DEGREE + 1) for m in combinations_with_replacement(range(phi.D), k)]
    known = [law.terms for law in laws if law.degree <= REST_DEGREE]
    if not known:
        return letters
    place = {m: i for i, m in enumerate(letters)}
    table = np.zeros((len(known), len(letters)), dtype=np.int64)
    for row, terms in zip(table, known):
        for m, c in terms:
            row[place[m]] = c % prime
    leading = set(pivot_columns(table, prime))
    return [m for i, m in enumerate(letters) if i not in leading]


def _values(terms: Terms, points: np.ndarray, prime: int) -> np.ndarray:
    """The polynomial at every point."""
    found = np.zeros(len(points), dtype=np.int64)
    for monomial, c in terms:
        part = np.full(len(points), c % prime, dtype=np.int64)
        for a in monomial:
            part = part * points[:, a] % prime
        found += part
    return found % prime


def _slope(terms: Terms, points: np.ndarray, speeds: np.ndarray, prime: int) -> np.ndarray:
    """Derivative of the polynomial along the speeds."""
    found = np.zeros(len(points), dtype=np.int64)
    for monomial, c in terms:
        for place, a in enumerate(monomial):
            rest = monomial[:place] + monomial[place + 1 :]
            found += _values(((rest, c),), points, prime) * speeds[:, a] % prime
    return found % prime


def _logarithmic_rate(
    atom: Atom, fields: ExactFields, points: np.ndarray, speeds: np.ndarray, prime: int
) -> np.ndarray:
    found = np.zeros(len(points), dtype=np.int64)
    for p, sign in atom.factors:
        terms = fields.terms(p)
        inverse = np.array([pow(int(x), -1, prime) for x in _values(terms, points, prime)], dtype=np.int64)
        found += sign * (_slope(terms, points, speeds, prime) * inverse % prime)
    return found % prime

"""Rational laws from the linear relations that hold along an orbit.

The polynomials of degree <= 1 that vanish on the orbit of theta form a space that is the same for every point of the
orbit, so each entry of its reduced echelon basis is a law: a rational function of theta. Its degrees are read off along
lines, then p - c q = 0 at random points mod p, in the monomials of one torus weight, gives it as a quotient p/q.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement
from math import comb

import numpy as np
from flint import fmpz_mpoly

from .darboux import ONE, DarbouxLaw, Factor, differential, holds
from .exact_fields import ExactFields, Terms
from .fields import fields_of
from .finder import SPARE, torus_weights
from .laws import Point
from .lie_rank import trajectory
from .modular import Draws, flint_matrix, integer_basis, nullspace, rank
from .parametrisation import Parametrisation
from .polynomial import Monomial

ORDERS = (4, 8, 16, 32)
MAX_DEGREE = 4
MAX_MONOMIALS = 20_000
MAX_UNKNOWNS = 400
MAX_ENTRIES = 60

Entry = tuple[int, int]


def find_rational_laws(
    phi: Parametrisation, dynamics: str, exact: ExactFields, known: np.ndarray, missing: int, point: Point, prime: int
) -> list[DarbouxLaw]:
    """At most `missing` laws p/q, independent at the point of the rows `known`, each verified over Z.

    Finds the coordinates of linear spaces that the flow preserves, such as the row space of U for phi = U U^T.
    """
    orbits = _Orbits(phi, dynamics, prime)
    found: list[DarbouxLaw] = []
    rows = known
    for entry in orbits.moving_entries()[:MAX_ENTRIES]:
        if len(found) == missing:
            break
        law = _quotient(orbits, entry, exact, prime)
        row = law and differential(law, (), list(point), prime)
        if law is None or row is None or rank(np.vstack([rows, row]), prime) == len(rows):
            continue
        if holds(law, (), exact):
            found.append(law)
            rows = np.vstack([rows, row])
    return found


class _Orbits:
    """Echelon bases of the linear relations at random points and along lines."""

    def __init__(self, phi: Parametrisation, dynamics: str, prime: int):
        self.prime, self.size = prime, phi.D
        self.fields = fields_of(phi, dynamics, prime)
        self.draws = Draws(f"orbits/{dynamics}/{phi.name}", prime)
        self.weights = torus_weights(phi, self.draws)
        self.orders = ORDERS
        self.points: list[np.ndarray] = []
        self.bases: list[np.ndarray] = []
        self.lines: dict[tuple[int, ...], list[np.ndarray]] = {}

    def sample(self, count: int) -> None:
        while len(self.points) < count:
            point = self.draws(self.size)
            self.points.append(point)
            self.bases.append(self._relations(point))

    def line(self, moving: tuple[int, ...]) -> list[np.ndarray]:
        """Bases along a line on which only the parameters `moving` change."""
        if moving not in self.lines:
            start, direction = self.draws(self.size), np.zeros(self.size, dtype=np.int64)
            direction[list(moving)] = self.draws(len(moving))
            steps = range(1, 2 * MAX_DEGREE + 4)
            self.lines[moving] = [self._relations((start + s * direction) % self.prime) for s in steps]
        return self.lines[moving]

    def _relations(self, point: np.ndarray) -> np.ndarray:
        """Reduced echelon basis of {l : l . (theta, 1) = 0 along the orbit}, shape (relations, D + 1)."""
        none = np.zeros((0, self.size + 1), dtype=np.int64)
        table = np.append(point, 1)[None]
        known = 1
        for number, order in enumerate(self.orders):
            for _ in range(2):
                x, _, _ = trajectory(self.fields, point, self.draws(order, self.fields.count), order)
                x[1:, -1] = 0
                table = np.vstack([table, x[1:]])
            found = rank(table, self.prime)
            if found > self.size:
                return none
            if found == known:
                # Only an order that adds nothing shows that all relations have been seen; later points need not ask.
                self.orders = ORDERS[: max(number, 1)]
                break
            known = found
        else:
            if self.orders is ORDERS:
                return none
        columns = nullspace(table, self.prime)
        reduced, _ = flint_matrix(np.ascontiguousarray(columns.T), self.prime).rref()
        return np.array([[int(x) for x in row] for row in reduced.table()], dtype=np.int64)

    def moving_entries(self) -> list[Entry]:
        """(row, column) of the echelon entries that differ between two points."""
        self.sample(2)
        first, second = self.bases[:2]
        if first.shape != second.shape or not first.size:
            return []
        return [(int(i), int(j)) for i, j in np.argwhere(first != second)]

    def degree(self, entry: Entry, moving: tuple[int, ...]) -> int | None:
        """The smallest d such that the entry is a quotient of degree d along the line, up to MAX_DEGREE."""
        bases = self.line(moving)
        if any(basis.shape != self.bases[0].shape for basis in bases):
            return None
        values = np.array([basis[entry] for basis in bases], dtype=np.int64)
        steps = np.arange(1, len(values) + 1)
        powers = np.ones((len(values), 1), dtype=np.int64)
        for degree in range(MAX_DEGREE + 1):
            table = np.hstack([powers, -values[:, None] * powers % self.prime])
            if nullspace(table % self.prime, self.prime).shape[1]:
                return degree
            powers = np.hstack([powers, powers[:, -1:] * steps[:, None] % self.prime])
        return None

    def groups(self) -> list[tuple[int, ...]]:
        """Parameters of equal torus weight."""
        found: dict[tuple[int, ...], list[int]] = {}
        for a, weight in enumerate(self.weights.T.tolist()):
            found.setdefault(tuple(weight), []).append(a)
        return [tuple(members) for members in found.values()]

    def weight(self, monomial: Monomial) -> tuple[int, ...]:
        return tuple((self.weights[:, list(monomial)].sum(axis=1) % self.prime).tolist())

    def shift(self, entry: Entry) -> tuple[int, ...]:
        """Torus weight of an entry: that of its pivot's coordinate minus that of its own."""
        row, column = entry
        pivot = int(np.flatnonzero(self.bases[0][row])[0])
        weights = np.hstack([self.weights, np.zeros((2, 1), dtype=np.int64)])
        return tuple(((weights[:, pivot] - weights[:, column]) % self.prime).tolist())


def _quotient(orbits: _Orbits, entry: Entry, exact: ExactFields, prime: int) -> DarbouxLaw | None:
    """The entry as p/q, or None: p and q homogeneous, of one torus weight each and of the degrees seen along lines."""
    degree = orbits.degree(entry, tuple(range(orbits.size)))
    if not degree or comb(orbits.size + degree - 1, degree) > MAX_MONOMIALS:
        return None
    most: dict[int, tuple[int, int]] = {}
    for number, group in enumerate(orbits.groups()):
        bound = orbits.degree(entry, group)
        if bound is None:
            return None
        most |= dict.fromkeys(group, (number, bound))
    classes: dict[tuple[int, ...], list[Monomial]] = {}
    for monomial in combinations_with_replacement(range(orbits.size), degree):
        used = [most[a][0] for a in monomial]
        if all(used.count(most[a][0]) <= most[a][1] for a in monomial):
            classes.setdefault(orbits.weight(monomial), []).append(monomial)
    shift = orbits.shift(entry)
    pairs = [
        (above, below)
        for weight, below in classes.items()
        if (above := classes.get(tuple((a + b) % prime for a, b in zip(weight, shift))))
    ]
    # The torus moves orbits to orbits only where the metric allows; the whole degree is the fallback.
    whole = [monomial for members in classes.values() for monomial in members]
    for above, below in [*sorted(pairs, key=lambda pair: len(pair[0]) + len(pair[1])), (whole, whole)]:
        if len(above) + len(below) <= MAX_UNKNOWNS:
            law = _fit(orbits, entry, above, below, exact, prime)
            if law is not None:
                return law
    return None


def _fit(
    orbits: _Orbits, entry: Entry, above: Sequence[Monomial], below: Sequence[Monomial], exact: ExactFields, prime: int
) -> DarbouxLaw | None:
    """Solve p(theta) = c(theta) q(theta) at random points, p in the span of `above`, q of `below`."""
    count = len(above) + len(below) + SPARE
    orbits.sample(count)
    if any(basis.shape != orbits.bases[0].shape for basis in orbits.bases[:count]):
        return None
    points = np.stack(orbits.points[:count])
    values = np.array([basis[entry] for basis in orbits.bases[:count]], dtype=np.int64)
    left = _monomials(points, above, prime)
    right = _monomials(points, below, prime) * (-values[:, None] % prime) % prime
    kernel = nullspace(np.hstack([left, right]), prime)
    if not kernel.shape[1]:
        return None
    for vector in integer_basis(kernel, prime) or []:
        p = exact.polynomial([(m, c) for m, c in zip(above, vector) if c])
        q = exact.polynomial([(m, c) for m, c in zip(below, vector[len(above) :]) if c])
        common = p.gcd(q)
        p, q = divmod(p, common)[0], divmod(q, common)[0]
        if not (p.is_constant() or q.is_constant()):
            return DarbouxLaw((Factor(_monic(exact, p), ((ONE, 1),)), Factor(_monic(exact, q), ((ONE, -1),))))
    return None


def _monomials(points: np.ndarray, monomials: Sequence[Monomial], prime: int) -> np.ndarray:
    found = np.ones((len(points), len(monomials)), dtype=np.int64)
    for slot in range(len(monomials[0])):
        found = found * points[:, [m[slot] for m in monomials]] % prime
    return found


def _monic(exact: ExactFields, polynomial: fmpz_mpoly) -> Terms:
    """Terms with a positive first coefficient: a sign does not change log|p|."""
    terms = exact.terms(polynomial)
    return terms if terms[0][1] > 0 else tuple((m, -c) for m, c in terms)

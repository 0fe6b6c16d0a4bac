"""Laws as integer polynomials, and the one exact test that makes a candidate a law.

h is conserved for every loss and every data set iff <grad h, M grad phi_i> = 0 for all i, as polynomials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from .metric import ENTROPIC_MIRROR, GRADIENT_FLOW, HEAVY_BALL, metric_of
from .modular import pivot_columns, rank
from .parametrisation import Parametrisation
from .polynomial import Monomial

Point = Sequence[int] | np.ndarray


@dataclass(frozen=True)
class Law:
    """A conserved quantity.

    gradient flow / entropic mirror: h = sum of `terms` (monomial in theta, integer).
    heavy ball: terms (a, b) -> S_ab, a < b, stand for exp(t/tau) v^T S theta with S skew; terms (a,) -> b_a for
    exp(t/tau) <v, b>, or for <theta + tau v, b> when `plain`.
    """

    terms: tuple[tuple[Monomial, int], ...]
    dynamics: str = GRADIENT_FLOW
    plain: bool = False

    @property
    def degree(self) -> int:
        return max(len(m) for m, _ in self.terms)

    @property
    def quadratic(self) -> bool:
        """Of degree 2 without linear part: h = theta^T S theta / 2."""
        return all(len(m) == 2 for m, _ in self.terms)


def law_from(terms: dict[Monomial, Fraction] | dict[Monomial, int], dynamics: str = GRADIENT_FLOW) -> Law:
    """Primitive integer form with a positive first coefficient: one law, one way to write it."""
    kept = sorted((m, Fraction(c)) for m, c in terms.items() if c)
    clear = lcm(*(c.denominator for _, c in kept))
    common = gcd(*(int(c * clear) for _, c in kept))
    sign = 1 if kept[0][1] > 0 else -1
    return Law(tuple((m, sign * int(c * clear) // common) for m, c in kept), dynamics)


def generator_entries(law: Law, phi: Parametrisation) -> list[tuple[int, int, Fraction]]:
    """The terms (a, x, s) of the vector field s * theta_x along e_a that the law generates, for laws of degree <= 2.

    Gradient flow: E grad h. Heavy ball: E S theta. Entropic mirror, degree 1: E diag(theta) grad h, a rescaling.
    x = D stands for the constant 1 (a translation).
    """
    found = []
    if law.dynamics == ENTROPIC_MIRROR:
        return [(a, a, c * phi.rates[a]) for (a,), c in law.terms]
    skew = law.dynamics == HEAVY_BALL
    for monomial, c in law.terms:
        if len(monomial) == 1:
            found.append((monomial[0], phi.D, c * phi.rates[monomial[0]]))
        else:
            a, b = monomial
            found.append((a, b, c * phi.rates[a]))
            found.append((b, a, (-c if skew else c) * phi.rates[b]))
    return found


def verified(phi: Parametrisation, laws: Sequence[Law]) -> list[bool]:
    """For each law: is the defining identity true over Z? Exact, no sampling.

    Each field is a list of (a, monomial, coefficient); the product rule replaces one letter a of each term of phi.
    """
    fields = [_direction(phi, law) for law in laws]
    entries = [(number, a, m, c) for number, field in enumerate(fields) for a, m, c in field]
    if not entries:
        return [True] * len(laws)
    term, slot = np.nonzero(phi.var < phi.D)
    letter = phi.var[term, slot]
    order = np.argsort(letter, kind="stable")
    term, slot, letter = term[order], slot[order], letter[order]
    starts = np.searchsorted(letter, np.arange(phi.D + 1))
    axis = np.array([a for _, a, _, _ in entries])
    counts = starts[axis + 1] - starts[axis]
    entry = np.repeat(np.arange(len(entries)), counts)
    within = np.arange(len(entry)) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.repeat(starts[axis], counts) + within
    extra = max(1, *(len(m) for _, _, m, _ in entries))
    letters = np.full((len(entry), phi.degree + extra - 1), phi.D, dtype=np.int64)
    letters[:, : phi.degree] = phi.var[term[at]]
    # The replaced letter takes the first letter of the direction, or the padding when the direction is a constant.
    padded = np.array([m + (phi.D,) * (extra - len(m)) for _, _, m, _ in entries], dtype=np.int64)
    letters[np.arange(len(entry)), slot[at]] = padded[entry, 0]
    letters[:, phi.degree :] = padded[entry, 1:]
    number = np.array([n for n, _, _, _ in entries])[entry]
    weights = _exact_weights([c for _, _, _, c in entries], phi.coef, entry, term[at])
    broken = _nonzero_groups(number * phi.components + phi.comp[term[at]], np.sort(letters, axis=1), weights, phi.D)
    bad = set((broken // phi.components).tolist())
    return [n not in bad for n in range(len(laws))]


def _direction(phi: Parametrisation, law: Law) -> list[tuple[int, Monomial, int]]:
    """The field whose action on phi must vanish, cleared of denominators: M^T grad h, or E (S theta + b)."""
    found: list[tuple[int, Monomial, Fraction]] = []
    if law.dynamics == HEAVY_BALL:
        found = [(a, () if x == phi.D else (x,), c) for a, x, c in generator_entries(law, phi)]
    else:
        columns: dict[int, list[tuple[int, Monomial, Fraction]]] = {}
        for a, b, w, letters in metric_of(phi, law.dynamics).entries():
            columns.setdefault(a, []).append((b, letters, w))
        for monomial, c in law.terms:
            for position, a in enumerate(monomial):
                rest = monomial[:position] + monomial[position + 1 :]
                found += [(b, rest + letters, c * w) for b, letters, w in columns[a]]
    clear = lcm(*(c.denominator for _, _, c in found))
    return [(a, m, int(c * clear)) for a, m, c in found]


def _exact_weights(entry_weights: list[int], coef: np.ndarray, entry: np.ndarray, term: np.ndarray) -> np.ndarray:
    """Products of coefficients as 64-bit integers when no sum can overflow, as Python integers otherwise."""
    largest = max(map(abs, entry_weights)) * int(np.abs(coef).max(initial=1)) * max(len(entry), 1)
    kind = np.int64 if largest < 1 << 62 else object
    return np.array(entry_weights, dtype=kind)[entry] * coef.astype(kind)[term]


def _nonzero_groups(major: np.ndarray, letters: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray:
    """The values of `major` for which some monomial keeps a non-zero total coefficient."""
    if len(major) == 0:
        return major
    per_key = max(1, 62 // max(size, 1).bit_length())
    base = size + 1
    keys = []
    for start in range(0, letters.shape[1], per_key):
        packed = np.zeros(len(major), dtype=np.int64)
        for column in letters[:, start : start + per_key].T:
            packed = packed * base + column
        keys.append(packed)
    order = np.lexsort([*keys, major])
    change = np.zeros(len(major), dtype=bool)
    change[0] = True
    for key in [major, *keys]:
        change[1:] |= key[order][1:] != key[order][:-1]
    heads = np.flatnonzero(change)
    sums = np.add.reduceat(weights[order], heads)
    return major[order][heads[sums != 0]]


def gradient_rows(phi: Parametrisation, laws: Sequence[Law], point: Point, prime: int) -> np.ndarray:
    """Differentials of the laws at a point mod p: (laws, dimension of the state space).

    Heavy ball, state (t, theta, v), each row divided by its exponential: (v^T S theta, S^T v, S theta) and
    (<v, b>, 0, b) and, for the plain form <theta + v, b>, (0, b, b).
    """
    size = phi.D
    rows = np.zeros((len(laws), len(point)), dtype=object)
    for row, law in zip(rows, laws):
        if law.dynamics == HEAVY_BALL:
            _momentum_row(row, law, point, size)
            continue
        for monomial, c in law.terms:
            for position, a in enumerate(monomial):
                value = c
                for b in monomial[:position] + monomial[position + 1 :]:
                    value = value * int(point[b]) % prime
                row[a] += value
    return (rows % prime).astype(np.int64)


def _momentum_row(row: np.ndarray, law: Law, point: Point, size: int) -> None:
    theta, v = [int(x) for x in point[1 : size + 1]], [int(x) for x in point[size + 1 :]]
    for monomial, c in law.terms:
        if len(monomial) == 1:
            (a,) = monomial
            row[1 + size + a] += c
            if law.plain:
                row[1 + a] += c
            else:
                row[0] += c * v[a]
            continue
        a, b = monomial
        row[0] += c * (v[a] * theta[b] - v[b] * theta[a])
        row[1 + b] += c * v[a]
        row[1 + a] -= c * v[b]
        row[1 + size + a] += c * theta[b]
        row[1 + size + b] -= c * theta[a]


def independent(phi: Parametrisation, laws: Sequence[Law], point: Point, prime: int) -> list[int]:
    """Numbers of the first laws whose differentials at the point are independent of those before.

    Linear independence of laws is not functional independence: 2-2-5-2-4 has 21 laws, 20 independent.
    """
    if not laws:
        return []
    rows = gradient_rows(phi, laws, point, prime)
    if rank(rows, prime) == len(laws):
        return list(range(len(laws)))
    return pivot_columns(np.ascontiguousarray(rows.T), prime)

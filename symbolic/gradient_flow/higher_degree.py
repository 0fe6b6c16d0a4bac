"""All polynomial laws up to a degree, for every first-order flow, by graded linear algebra mod p.

Unknown: one coefficient per monomial. Row of a sample theta_r: d/ds prod(theta_r + s M grad phi) over the factors.
Grading (gradient flow): signs s in {+-1}^D with phi_i(s theta) = +-phi_i(theta); laws split by their
character under these signs.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import comb

import numpy as np

from ..errors import BadInput, Undecided
from .finder import SPARE, combined_gradients
from .laws import Law, law_from, verified
from .metric import GRADIENT_FLOW, metric_of
from .modular import PRIMES, Draws, integer_basis, nullspace
from .parametrisation import Parametrisation

MAX_UNKNOWNS = 60_000
MAX_GROUP = 3_000


def find_laws_of_degree(
    phi: Parametrisation, degree: int, dynamics: str = GRADIENT_FLOW, *, attempt: int = 0
) -> list[Law]:
    """A basis of all polynomial laws of degree <= `degree` without constant term, verified over Z.

    Powers and products of laws are laws too and are included. Raises BadInput when the search would be too large,
    Undecided when a candidate mod p does not lift (another `attempt` uses another prime).

    >>> from .formulas import read_formulas
    >>> len(find_laws_of_degree(read_formulas("a*w1, a*w2"), 4))
    2
    """
    size = phi.D
    if comb(size + degree, degree) > MAX_UNKNOWNS:
        raise BadInput(f"{phi.name}: degree {degree} in {size} parameters has {comb(size + degree, degree)} unknowns")
    monomials = [m for k in range(1, degree + 1) for m in combinations_with_replacement(range(size), k)]
    prime = PRIMES[attempt % len(PRIMES)]
    # The mirror's metric is odd under sign flips, so its laws do not split by character.
    groups = _sign_groups(phi, monomials, _homogeneous(phi), signs=dynamics == GRADIENT_FLOW)
    largest = max(map(len, groups))
    if largest > MAX_GROUP:
        raise BadInput(f"{phi.name}: degree {degree} leaves a system of {largest} unknowns; at most {MAX_GROUP}")
    draws = Draws(f"degree/{degree}/{dynamics}/{phi.name}/{attempt}", prime)
    points = draws(largest + SPARE, size)
    speeds = metric_of(phi, dynamics).speeds(combined_gradients(phi, points, draws), points, prime)
    found: list[Law] = []
    for group in groups:
        table = _rows([monomials[u] for u in group], points, speeds, len(group) + SPARE, prime)
        columns = nullspace(table, prime)
        if not columns.shape[1]:
            continue
        lifted = integer_basis(columns, prime)
        if lifted is None:
            raise Undecided(f"{phi.name}: a kernel vector mod {prime} is no small rational vector")
        found += [law_from({monomials[u]: c for u, c in zip(group, row)}, dynamics) for row in lifted]
    if not all(verified(phi, found)):
        raise Undecided(f"{phi.name}: a candidate law mod {prime} is no law over Z")
    return sorted(found, key=lambda law: (law.degree, law.terms))


def _homogeneous(phi: Parametrisation) -> bool:
    """Every component has one degree, so the homogeneous parts of a law are laws."""
    degrees = (phi.var < phi.D).sum(axis=1)
    least = np.full(phi.components, phi.degree + 1)
    most = np.zeros(phi.components, dtype=int)
    np.minimum.at(least, phi.comp, degrees)
    np.maximum.at(most, phi.comp, degrees)
    return bool((least == most).all())


def _sign_groups(phi: Parametrisation, monomials, split_degrees: bool, signs: bool) -> list[list[int]]:
    masks = sign_masks(phi) if signs else [0] * phi.D
    groups: dict[tuple[int, int], list[int]] = {}
    for number, monomial in enumerate(monomials):
        character = 0
        for v in monomial:
            character ^= masks[v]
        groups.setdefault((len(monomial) if split_degrees else 0, character), []).append(number)
    return [groups[key] for key in sorted(groups)]


def sign_masks(phi: Parametrisation) -> list[int]:
    """Per parameter, its bits over a basis of the group of sign flips that send every phi_i to +-phi_i.

    Kernel over F_2 of exponent differences inside components, by elimination on integers as bit vectors.
    """
    first: dict[int, int] = {}
    pivots: dict[int, int] = {}
    for t in range(len(phi.comp)):
        parity = 0
        for v in phi.monomial_of(t):
            parity ^= 1 << v
        row = parity ^ first.setdefault(int(phi.comp[t]), parity)
        while row:
            top = row.bit_length() - 1
            if top not in pivots:
                pivots[top] = row
                break
            row ^= pivots[top]
    for top in sorted(pivots):
        for other in pivots:
            if other > top and pivots[other] >> top & 1:
                pivots[other] ^= pivots[top]
    free = [v for v in range(phi.D) if v not in pivots]
    return [
        sum(1 << i for i, f in enumerate(free) if (f == v if v not in pivots else pivots[v] >> f & 1))
        for v in range(phi.D)
    ]


def _rows(monomials, points: np.ndarray, speeds: np.ndarray, rows: int, prime: int) -> np.ndarray:
    """Dual numbers: value and derivative of every monomial along its speed, at `rows` points."""
    size = points.shape[1]
    width = max(map(len, monomials))
    letters = np.array([m + (size,) * (width - len(m)) for m in monomials], dtype=np.int64)
    values = np.hstack([points[:rows], np.ones((rows, 1), dtype=np.int64)])
    slopes = np.hstack([speeds[:rows], np.zeros((rows, 1), dtype=np.int64)])
    value = np.ones((rows, len(monomials)), dtype=np.int64)
    slope = np.zeros((rows, len(monomials)), dtype=np.int64)
    for column in letters.T:
        x, dx = values[:, column], slopes[:, column]
        slope = (slope * x + value * dx) % prime
        value = value * x % prime
    return slope

"""All laws of degree <= 2 from phi alone: graded linear algebra mod p, a lift to Q, an exact check over Z.

theta^T S theta / 2 + <b, theta> is conserved iff A = E S and the translation E b are a symmetry of phi:
Dphi(theta)(A theta + E b) = 0 (Noether, with exact converse in degree 2). E^-1 A symmetric: gradient flow;
E^-1 A skew: heavy ball. Torus weights of phi split the unknowns into small independent systems.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from ..errors import Undecided
from .laws import Law, law_from, verified
from .metric import GRADIENT_FLOW, HEAVY_BALL
from .modular import PRIMES, Draws, integer_basis, nullspace, product
from .parametrisation import Parametrisation
from .polynomial import Monomial

SPARE = 6
GRADING_ATTEMPTS = 8
LARGEST_BATCHED = 40


def find_quadratic_laws(phi: Parametrisation, dynamics: str = GRADIENT_FLOW, *, attempt: int = 0) -> list[Law]:
    """Every law of degree <= 2 of phi, verified over Z, block by block of the grading.

    Completeness in this degree: the kernel mod p of sampled equations contains the reduction of all laws, so as many
    independent verified lifts as its dimension are all of them; a lift that fails raises Undecided (another
    prime decides: `attempt`).

    >>> from .formulas import read_formulas
    >>> [law.terms for law in find_quadratic_laws(read_formulas("a*w1, a*w2"))]
    [(((0, 0), 1), ((1, 1), -1), ((2, 2), -1))]
    """
    prime = PRIMES[attempt % len(PRIMES)]
    draws = Draws(f"finder/{dynamics}/{phi.name}/{attempt}", prime)
    skew = dynamics == HEAVY_BALL
    first, second = _unknowns(phi.D, skew)
    groups = _groups(phi, first, second, draws)
    equations = _Equations(phi, first, second, skew, max(map(len, groups), default=0) + SPARE, draws)
    found: list[Law] = []
    for group in _singular(groups, equations):
        columns = nullspace(equations.table(group, len(group) + SPARE), prime)
        lifted = integer_basis(columns, prime) if columns.shape[1] else []
        if lifted is None:
            raise Undecided(f"{phi.name}: a law mod {prime} has no small rational coefficients")
        for vector in lifted:
            terms = {}
            for unknown, c in zip(group, vector):
                terms |= _term(phi, int(first[unknown]), int(second[unknown]), c, skew)
            found.append(law_from(terms, dynamics))
    for law, good in zip(found, verified(phi, found)):
        if not good:
            raise Undecided(f"{phi.name}: a candidate law mod {prime} is no law over Z ({len(law.terms)} terms)")
    if skew:
        found += [replace(law, plain=True) for law in found if law.degree == 1]
    return sorted(found, key=_reading_order)


def _term(phi: Parametrisation, a: int, b: int, c: int, skew: bool) -> dict[Monomial, Fraction]:
    """Twice the part of theta^T S theta / 2 + <b, theta> (once that of v^T S theta) with generator entry A_ab = c."""
    s = c / phi.rates[a]
    if b == phi.D:
        return {(a,): s if skew else 2 * s}
    return {(a, b): s if skew or a == b else 2 * s}


def _reading_order(law: Law):
    return (law.degree, law.plain, [m for m, _ in law.terms], [c for _, c in law.terms])


def _unknowns(size: int, skew: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (a, b) of unknowns s_ab, and (a, D) for the translation b_a."""
    first, second = np.triu_indices(size + 1, 1 if skew else 0)
    keep = first < size
    return first[keep], second[keep]


def torus_weights(phi: Parametrisation, draws: Draws) -> np.ndarray:
    """Two random w in F_p^D with w.a constant over the monomials a of each component, checked on all terms: (2, D).

    The kernel of the weighted covariance of exponents; a sum of random weights may lose rank, hence the check.
    """
    prime, size = draws.prime, phi.D
    for _ in range(GRADING_ATTEMPTS):
        weights = draws(len(phi.comp))
        gram = np.zeros((size + 1, size + 1), dtype=np.int64)
        for k in range(phi.degree):
            for j in range(phi.degree):
                np.add.at(gram, (phi.var[:, k], phi.var[:, j]), weights)
        mean = np.zeros((phi.components, size + 1), dtype=np.int64)
        for k in range(phi.degree):
            np.add.at(mean, (phi.comp, phi.var[:, k]), weights)
        mass = np.zeros(phi.components, dtype=np.int64)
        np.add.at(mass, phi.comp, weights)
        mass %= prime
        if not mass.all():
            continue
        inverse = np.array([pow(int(m), -1, prime) for m in mass], dtype=np.int64)
        mean %= prime
        outer = product(np.ascontiguousarray(mean.T) * inverse % prime, mean, prime)
        kernel = nullspace(((gram - outer) % prime)[:-1, :-1], prime)
        w = product(draws(2, kernel.shape[1]), np.ascontiguousarray(kernel.T), prime)
        if _constant_on_components(phi, w, prime):
            return w
    return np.zeros((2, size), dtype=np.int64)


def _constant_on_components(phi: Parametrisation, w: np.ndarray, prime: int) -> bool:
    extended = np.hstack([w, np.zeros((2, 1), dtype=np.int64)])
    values = extended[:, phi.var].sum(axis=2) % prime
    first = np.zeros(phi.components, dtype=np.int64)
    first[phi.comp[::-1]] = np.arange(len(phi.comp))[::-1]
    return bool((values == values[:, first[phi.comp]]).all())


def _groups(phi: Parametrisation, first: np.ndarray, second: np.ndarray, draws: Draws) -> list[np.ndarray]:
    """Unknowns with equal weight up to sign: different groups satisfy separate equations."""
    prime = draws.prime
    w = np.hstack([torus_weights(phi, draws), np.zeros((2, 1), dtype=np.int64)])
    weight = (w[:, second] - w[:, first]) % prime
    flip = (weight[0] > prime // 2) | ((weight[0] == 0) & (weight[1] > prime // 2))
    weight = np.where(flip, -weight % prime, weight)
    key = weight[0] << 28 | weight[1]
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    return np.split(order, cuts) if len(order) else []


class _Equations:
    """One equation per random point: a fresh combination of the phi_i at a fresh point; columns are made when asked.

    All components at few points would be rank-deficient. The unknown of (a, b) is the generator entry
    A_ab = eta_a S_ab: a small integer in all known laws, whatever the rates.
    """

    def __init__(
        self, phi: Parametrisation, first: np.ndarray, second: np.ndarray, skew: bool, rows: int, draws: Draws
    ):
        self.prime, self.first, self.second, self.skew = draws.prime, first, second, skew
        points = draws(rows, phi.D)
        self.letters = np.hstack([points, np.ones((rows, 1), dtype=np.int64)])
        self.forces = np.zeros((rows, phi.D + 1), dtype=np.int64)
        self.forces[:, :-1] = combined_gradients(phi, points, draws)
        rates = phi.rates_mod(self.prime)
        self.rates = np.append(rates, 0)
        self.inverse = np.array([pow(int(r), -1, self.prime) for r in rates], dtype=np.int64)

    def table(self, group: np.ndarray, rows: int) -> np.ndarray:
        """The first equations in the unknowns of `group` (any shape): (rows, *group.shape)."""
        a, b = self.first[group], self.second[group]
        forces, letters = self.forces[:rows], self.letters[:rows]
        direct = forces[:, a] * letters[:, b] % self.prime
        ratio = self.rates[b] * self.inverse[a] % self.prime
        mirrored = forces[:, b] * letters[:, a] % self.prime * ratio % self.prime
        if self.skew:
            return (direct - mirrored) % self.prime
        return (direct + np.where(a == b, 0, mirrored)) % self.prime


def combined_gradients(phi: Parametrisation, points: np.ndarray, draws: Draws) -> np.ndarray:
    """grad (sum_i r_i phi_i) at each point, with a fresh random r per point: (points, D)."""
    prime, rows = draws.prime, len(points)
    extended = np.hstack([points, np.ones((rows, 1), dtype=np.int64)])
    found = np.zeros((rows, phi.D + 1), dtype=np.int64)
    slab = max(1, 2_000_000 // max(len(phi.comp), 1))
    for start in range(0, rows, slab):
        piece = slice(start, min(rows, start + slab))
        weights = draws(piece.stop - piece.start, phi.components)[:, phi.comp] * (phi.coef % prime) % prime
        letters = extended[piece][:, phi.var]
        before = [weights]
        for k in range(phi.degree):
            before.append(before[-1] * letters[:, :, k] % prime)
        after = np.ones_like(weights)
        offset = np.arange(len(weights))[:, None] * (phi.D + 1)
        flat = np.zeros(len(weights) * (phi.D + 1), dtype=np.int64)
        for k in reversed(range(phi.degree)):
            np.add.at(flat, (offset + phi.var[:, k]).ravel(), (before[k] * after % prime).ravel())
            after = after * letters[:, :, k] % prime
        found[piece] = flat.reshape(len(weights), -1) % prime
    return found[:, :-1]


def _singular(groups: list[np.ndarray], equations: _Equations) -> list[np.ndarray]:
    """The groups that may have a kernel: elimination of all groups of one size at once, without pivoting.

    A vanishing leading pivot only flags a group for an honest nullspace.
    """
    prime = equations.prime
    sizes: dict[int, list[np.ndarray]] = {}
    for group in groups:
        sizes.setdefault(len(group), []).append(group)
    flagged = []
    for size, members in sorted(sizes.items()):
        if size > LARGEST_BATCHED or len(members) == 1:
            flagged += members
            continue
        systems = np.ascontiguousarray(equations.table(np.stack(members), size).transpose(1, 0, 2))
        bad = np.zeros(len(members), dtype=bool)
        for k in range(size):
            pivot = systems[:, k, k]
            bad |= pivot == 0
            tail = systems[:, k + 1 :, k + 1 :]
            column, row = systems[:, k + 1 :, k, None], systems[:, None, k, k + 1 :]
            systems[:, k + 1 :, k + 1 :] = (tail * pivot[:, None, None] - column * row % prime) % prime
        flagged += [members[i] for i in np.flatnonzero(bad)]
    return flagged

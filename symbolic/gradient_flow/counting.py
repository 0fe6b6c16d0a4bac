"""The count: N, the laws, and a sentence for each thing that is proved, probable or open.

(U) N <= upper: a rank mod p is at most the rank over Q, which is at most the generic rank.
(L) N >= lower: so many laws verified over Z whose differentials are independent at one point mod p.
(E) lower = upper: near every point of a non-empty Zariski-open set all laws are functions of these (Frobenius;
    Marcotte, Gribonval, Peyre 2023, Theorem 3.3). Then no randomness is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import BadInput, Undecided, UnknownName
from ..verdict import Verdict, proved, undecided
from .closure import matrix_algebra_dimension
from .fields import DYNAMICS, ENTROPIC_MIRROR, GRADIENT_FLOW, HEAVY_BALL
from .finder import find_quadratic_laws
from .higher_degree import find_laws_of_degree
from .laws import Law, gradient_rows, independent
from .lie_rank import LieRank, lie_rank, starting_point
from .modular import PRIMES, rank
from .monomial import monomial_laws
from .parametrisation import Parametrisation
from .segments import scalar_segments, segment_rows

MONOMIAL, TRAJECTORY, SINGLE = "monomial", "trajectory", "single gradient"
ALGEBRA, SEGMENTS = "matrix algebra", "scalar segments"
MAX_PARAMETERS, MAX_MONOMIAL = 600, 2500


@dataclass(frozen=True)
class LawCount:
    """What is known about the laws of phi under one dynamics.

    dimension: of the state space (D; heavy ball: 2D + 1). laws: all laws found, verified over Z; chosen: numbers of a
    functionally independent subset. lower <= N <= upper, with the route that closed the gap, if it is closed.
    """

    phi: Parametrisation
    dynamics: str
    dimension: int
    laws: tuple[Law, ...]
    chosen: tuple[int, ...]
    lower: int
    upper: int
    route: str
    lie: LieRank | None
    status: Verdict
    statements: tuple[str, ...]

    @property
    def D(self) -> int:
        return self.phi.D

    @property
    def N(self) -> int | None:
        """The number of independent laws when it is proved, else None."""
        return self.lower if self.lower == self.upper else None

    @property
    def lie_rank(self) -> int:
        """dimension - upper: the generic dimension of the Lie algebra when the count is proved."""
        return self.dimension - self.upper

    @property
    def complete(self) -> bool:
        """All laws are functions of the listed ones."""
        return len(self.chosen) == self.upper


def count_laws(phi: Parametrisation, dynamics: str = GRADIENT_FLOW, *, degree: int = 2) -> LawCount:
    """Find the laws, count them, and prove the count complete where a proof exists.

    dynamics: "gradient flow", "heavy ball" (theta'' + theta'/tau = -E grad L) or "entropic mirror". degree: highest
    degree searched when theorem M does not apply. Raises UnknownName for other dynamics.

    >>> from .formulas import read_formulas
    >>> count_laws(read_formulas("a*w1, a*w2")).N
    1
    """
    if dynamics not in DYNAMICS:
        raise UnknownName("dynamics", dynamics, DYNAMICS)
    if type(degree) is not int or not 1 <= degree <= 8:
        raise BadInput(f"degree {degree!r}: an integer from 1 to 8 is needed")
    by_theorem = phi.monomial and dynamics != HEAVY_BALL
    most = MAX_MONOMIAL if by_theorem else MAX_PARAMETERS
    if most < phi.D:
        raise BadInput(f"{phi.name}: {phi.D} parameters; laws are searched for up to {most} (count_paths has no limit)")
    if by_theorem:
        return _by_theorem_m(phi, dynamics)
    for attempt in range(len(PRIMES)):
        try:
            found = tuple(_search(phi, dynamics, degree, attempt))
        except Undecided:
            # A prime may be unlucky; only the last one speaks.
            if attempt == len(PRIMES) - 1:
                raise
            continue
        point, prime = starting_point(phi, dynamics, attempt)
        chosen = independent(phi, found, point, prime)
        bound = lie_rank(phi, len(chosen), dynamics=dynamics, attempt=attempt)
        count = _close(phi, dynamics, found, chosen, bound)
        if count.N is not None:
            break
    return count


def _search(phi: Parametrisation, dynamics: str, degree: int, attempt: int) -> list[Law]:
    if degree <= 2 and dynamics != ENTROPIC_MIRROR:
        return [law for law in find_quadratic_laws(phi, dynamics, attempt=attempt) if law.degree <= degree]
    if dynamics == HEAVY_BALL:
        raise BadInput("heavy-ball laws are linear in the velocity: only degree 2 is searched")
    return find_laws_of_degree(phi, degree, dynamics, attempt=attempt)


def _by_theorem_m(phi: Parametrisation, dynamics: str) -> LawCount:
    laws = monomial_laws(phi, dynamics).laws
    count = len(laws)
    statements = (
        f"N = {count} exactly, at every theta without zero entries: phi is monomial and N = D - rank A = "
        f"{phi.D} - {phi.D - count} (theorem M).",
        f"The {count} laws are complete: every law, of any kind, is locally a function of them.",
    )
    status = proved("theorem M", f"{count} kernel vectors of the exponent matrix, checked on all monomials")
    return LawCount(phi, dynamics, phi.D, laws, tuple(range(count)), count, count, MONOMIAL, None, status, statements)


def _close(phi: Parametrisation, dynamics: str, laws: tuple[Law, ...], chosen: list[int], bound: LieRank) -> LawCount:
    """Match the two bounds, by the laws or, failing that, by an exact Lie rank."""
    lower, upper, route = len(chosen), bound.upper, TRAJECTORY
    if lower < upper and dynamics != HEAVY_BALL and phi.components == 1:
        lower, route = bound.dimension - 1, SINGLE
    elif lower < upper and dynamics == GRADIENT_FLOW:
        algebra = matrix_algebra_dimension(phi, bound.dimension - upper)
        if algebra is not None:
            lower, route = bound.dimension - algebra, ALGEBRA
        else:
            lower, route = _with_segments(phi, laws, bound)
    statements = tuple(_statements(phi, laws, chosen, lower, bound, route))
    if lower == upper:
        evidence = {
            TRAJECTORY: f"{lower} verified independent laws, and a formal trajectory leaves no more",
            SINGLE: "one field only: its brackets vanish and the Lie rank is 1",
            ALGEBRA: f"the fields close to a matrix Lie algebra of dimension {bound.dimension - lower} over Q",
            SEGMENTS: "tensors seen through one scalar move along its gradient only; with the laws this leaves no more",
        }[route]
        status = proved("laws and Lie rank" if route == TRAJECTORY else route, evidence)
    else:
        status = undecided("laws and Lie rank", f"{lower} <= N <= {upper}")
    return LawCount(phi, dynamics, bound.dimension, laws, tuple(chosen), lower, upper, route, bound, status, statements)


def _with_segments(phi: Parametrisation, laws: tuple[Law, ...], bound: LieRank) -> tuple[int, str]:
    """Laws together with the first integrals of segments that phi sees through one scalar."""
    segments = scalar_segments(phi)
    rows = gradient_rows(phi, laws, bound.point, bound.prime)
    if not segments:
        return rank(rows, bound.prime), TRAJECTORY
    more = segment_rows(phi, segments, np.array(bound.point, dtype=np.int64), bound.prime)
    return rank(np.vstack([rows, more]), bound.prime), SEGMENTS


def _statements(phi, laws, chosen, lower: int, bound: LieRank, route: str) -> list[str]:
    upper, known = bound.upper, len(chosen)
    found = [f"N >= {known}: {len(laws)} laws verified as polynomial identities over Z, {known} of them independent."]
    orders = ", ".join(str(r.order) for r in bound.rounds) or "none needed"
    found.append(
        f"N <= {upper}: the Lie algebra has rank at least {bound.dimension - upper} at a point modulo {bound.prime} "
        f"(orders of the trajectories: {orders})."
    )
    if known == upper:
        found.append(
            f"N = {upper} exactly: near every point of a non-empty Zariski-open set every law, of any kind, is a "
            f"function of the {known} laws listed."
        )
    elif lower == upper:
        why = {
            SINGLE: "phi has one component, so the Lie rank is 1",
            ALGEBRA: f"the fields generate a matrix Lie algebra of dimension {bound.dimension - lower}, closed over Q",
            SEGMENTS: "some tensors enter phi through one scalar and move along its gradient only",
        }[route]
        found.append(f"N = {upper} exactly: {why}.")
        found.append(
            f"Not listed: {upper - known} further independent laws; they exist, no polynomial searched is one."
        )
    else:
        found.append(
            f"Open: {lower} <= N <= {upper}. N = {upper} is likely but not proved: it rests on two trajectories of "
            "growing order that moved nothing more, which is no proof that none will."
        )
    return found

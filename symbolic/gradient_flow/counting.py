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
from ..verdict import Verdict, consistent, proved, undecided
from .bracket_closure import Closure, bracket_closure
from .closure import matrix_algebra_dimension
from .darboux import DarbouxLaw
from .exact_fields import ExactFields
from .finder import find_quadratic_laws
from .further_laws import all_rows, exact_fields, further_laws
from .higher_degree import find_laws_of_degree
from .laws import Law, independent
from .lie_rank import LieRank, lie_rank, starting_point
from .metric import DYNAMICS, ENTROPIC_MIRROR, GRADIENT_FLOW, HEAVY_BALL
from .modular import PRIMES, rank
from .monomial import monomial_laws
from .parametrisation import Parametrisation
from .routes import ALGEBRA, MONOMIAL, SEGMENTS, SINGLE, TRAJECTORY
from .segments import scalar_segments, segment_rows
from .statements import search_statements, theorem_m_statements

MAX_PARAMETERS, MAX_MONOMIAL = 600, 2500


@dataclass(frozen=True)
class LawCount:
    """What is known about the laws of phi under one dynamics.

    dimension: of the state space (D; heavy ball: 2D + 1). laws: all laws found, verified over Z; chosen: numbers of a
    functionally independent subset; further: laws beyond polynomials, independent of these and of each other.
    lower <= N <= upper, with the route that closed the gap, if it is closed; closure: evidence that N = upper, if not.
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
    further: tuple[DarbouxLaw, ...] = ()
    closure: Closure | None = None

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
        return len(self.chosen) + len(self.further) == self.upper


def count_laws(phi: Parametrisation, dynamics: str = GRADIENT_FLOW, *, degree: int = 2) -> LawCount:
    """Find the laws, count them, and prove the count complete where a proof exists.

    dynamics: "gradient flow", "heavy ball" (theta'' + theta'/tau = -E grad L), "entropic mirror" or "weight
    normalisation". degree: highest degree searched when theorem M does not apply. Raises UnknownName for others.

    >>> from .formulas import read_formulas
    >>> count_laws(read_formulas("a*w1, a*w2")).N
    1
    """
    if dynamics not in DYNAMICS:
        raise UnknownName("dynamics", dynamics, DYNAMICS)
    if type(degree) is not int or not 1 <= degree <= 8:
        raise BadInput(f"degree {degree!r}: an integer from 1 to 8 is needed")
    by_theorem = phi.monomial and dynamics in (GRADIENT_FLOW, ENTROPIC_MIRROR)
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
        count = _close(phi, dynamics, degree, found, chosen, bound)
        if count.N is not None:
            break
    return count


def _search(phi: Parametrisation, dynamics: str, degree: int, attempt: int) -> list[Law]:
    if degree <= 2 and dynamics in (GRADIENT_FLOW, HEAVY_BALL):
        return [law for law in find_quadratic_laws(phi, dynamics, attempt=attempt) if law.degree <= degree]
    if dynamics == HEAVY_BALL:
        raise BadInput("heavy-ball laws are linear in the velocity: only degree 2 is searched")
    return find_laws_of_degree(phi, degree, dynamics, attempt=attempt)


def _by_theorem_m(phi: Parametrisation, dynamics: str) -> LawCount:
    laws = monomial_laws(phi, dynamics).laws
    count = len(laws)
    statements = theorem_m_statements(phi, count)
    status = proved("theorem M", f"{count} kernel vectors of the exponent matrix, checked on all monomials")
    return LawCount(phi, dynamics, phi.D, laws, tuple(range(count)), count, count, MONOMIAL, None, status, statements)


def _close(
    phi: Parametrisation, dynamics: str, degree: int, laws: tuple[Law, ...], chosen: list[int], bound: LieRank
) -> LawCount:
    """Match the two bounds, by the laws or, failing that, by an exact Lie rank."""
    lower, upper, route = len(chosen), bound.upper, TRAJECTORY
    further: tuple[DarbouxLaw, ...] = ()
    exact = exact_fields(phi, dynamics) if lower < upper and dynamics != HEAVY_BALL else None
    if exact is not None:
        further = further_laws(phi, dynamics, exact, laws, chosen, bound)
        lower += len(further)
    if lower < upper and dynamics != HEAVY_BALL:
        lower, route = _exact_rank(phi, dynamics, exact, laws, further, bound, lower)
    closure = bracket_closure(exact, bound.point, bound.prime) if exact is not None and lower < upper else None
    statements = tuple(search_statements(phi, dynamics, laws, chosen, further, lower, bound, route, closure, degree))
    return LawCount(
        phi,
        dynamics,
        bound.dimension,
        laws,
        tuple(chosen),
        lower,
        upper,
        route,
        bound,
        _status(lower, bound, route, closure),
        statements,
        further,
        closure,
    )


def _status(lower: int, bound: LieRank, route: str, closure: Closure | None) -> Verdict:
    rank_found = bound.dimension - bound.upper
    if lower == bound.upper:
        evidence = {
            TRAJECTORY: f"{lower} verified independent laws, and a formal trajectory leaves no more",
            SINGLE: "all fields are parallel: their brackets add nothing and the Lie rank is 1",
            ALGEBRA: f"the fields close to a matrix Lie algebra of dimension {rank_found} over Q",
            SEGMENTS: "tensors seen through one scalar move along its gradient only; with the laws this leaves no more",
        }[route]
        return proved("laws and Lie rank" if route == TRAJECTORY else route, evidence)
    if closure is not None and closure.dimension == rank_found:
        evidence = f"{lower} <= N <= {bound.upper} proved; {closure.brackets} brackets say N = {bound.upper}"
        return consistent("brackets closed at a random point", evidence)
    return undecided("laws and Lie rank", f"{lower} <= N <= {bound.upper}")


def _exact_rank(
    phi: Parametrisation,
    dynamics: str,
    exact: ExactFields | None,
    laws: tuple[Law, ...],
    further: tuple[DarbouxLaw, ...],
    bound: LieRank,
    lower: int,
) -> tuple[int, str]:
    """A lower bound of N that does not come from listed laws, and its route."""
    rank_found = bound.dimension - bound.upper
    if phi.components == 1 or (rank_found == 1 and exact is not None and exact.parallel()):
        return bound.dimension - 1, SINGLE
    if dynamics != GRADIENT_FLOW:
        return lower, TRAJECTORY
    algebra = matrix_algebra_dimension(phi, rank_found)
    if algebra is not None:
        return bound.dimension - algebra, ALGEBRA
    segments = scalar_segments(phi)
    if not segments:
        return lower, TRAJECTORY
    rows = all_rows(phi, laws, range(len(laws)), further, bound)
    more = segment_rows(phi, segments, np.array(bound.point, dtype=np.int64), bound.prime)
    return rank(np.vstack([rows, more]), bound.prime), SEGMENTS

"""Laws beyond polynomials, when the polynomial ones do not reach the bound: logarithmic first, then rational."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .darboux import DarbouxLaw, differential
from .darboux_finder import find_logarithmic_laws
from .exact_fields import ExactFields
from .laws import Law, gradient_rows
from .lie_rank import LieRank
from .orbit_laws import find_rational_laws
from .parametrisation import Parametrisation

MAX_PARAMETERS = 40
MAX_TERMS = 5_000


def exact_fields(phi: Parametrisation, dynamics: str) -> ExactFields | None:
    """The fields over Z, or None when phi is too large for identities between polynomials."""
    if phi.D > MAX_PARAMETERS or len(phi.comp) > MAX_TERMS:
        return None
    return ExactFields(phi, dynamics)


def further_laws(
    phi: Parametrisation, dynamics: str, exact: ExactFields, laws: Sequence[Law], chosen: Sequence[int], bound: LieRank
) -> tuple[DarbouxLaw, ...]:
    """Laws independent of the chosen ones and of each other, verified over Z, at most as many as the bound allows."""
    known = gradient_rows(phi, [laws[i] for i in chosen], bound.point, bound.prime)
    missing = bound.upper - len(chosen)
    # The linear system of the logarithmic laws is cheap; relations along orbits need many trajectories.
    found = find_logarithmic_laws(phi, dynamics, exact, laws, known, chosen, missing, bound.point, bound.prime)
    if len(found) < missing:
        known = all_rows(phi, laws, chosen, found, bound)
        found += find_rational_laws(phi, dynamics, exact, known, missing - len(found), bound.point, bound.prime)
    return tuple(found)


def all_rows(
    phi: Parametrisation,
    laws: Sequence[Law],
    chosen: Sequence[int],
    further: Sequence[DarbouxLaw],
    bound: LieRank,
) -> np.ndarray:
    """Differentials at the point of the bound: chosen polynomial laws, then the further ones."""
    rows = [gradient_rows(phi, [laws[i] for i in chosen], bound.point, bound.prime)]
    rows += [row[None] for law in further if (row := differential(law, laws, bound.point, bound.prime)) is not None]
    return np.vstack(rows)

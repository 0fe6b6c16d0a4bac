"""What a count says in sentences: each thing that is proved, probable or open, and which laws have no formula."""

from __future__ import annotations

from .bracket_closure import Closure
from .darboux import DarbouxLaw
from .last_multiplier import keeps_volume
from .laws import Law, gradient_rows
from .lie_rank import LieRank
from .metric import GRADIENT_FLOW, HEAVY_BALL
from .modular import rank
from .parametrisation import Parametrisation
from .routes import ALGEBRA, SEGMENTS, SINGLE
from .segments import scalar_segments


def theorem_m_statements(phi: Parametrisation, count: int) -> tuple[str, ...]:
    return (
        f"N = {count} exactly for phi, at every theta without zero entries: phi is monomial and N = D - rank A = "
        f"{phi.D} - {phi.D - count} (theorem M).",
        "phi has no law of any kind."
        if count == 0
        else f"Complete: every law of phi, of any kind, is locally a function of the {count} {_laws(count)} listed.",
    )


def search_statements(
    phi: Parametrisation,
    dynamics: str,
    laws: tuple[Law, ...],
    chosen: list[int],
    further: tuple[DarbouxLaw, ...],
    lower: int,
    bound: LieRank,
    route: str,
    closure: Closure | None,
    degree: int,
) -> list[str]:
    """Lower bound, upper bound, what their meeting proves, what is missing from the list."""
    upper, known = bound.upper, len(chosen) + len(further)
    orders = ", ".join(str(r.order) for r in bound.rounds) or "none needed"
    found = [
        f"N >= {known}: {_listed(laws, chosen, further)}; {_searched(dynamics, degree, bool(laws))}.",
        f"N <= {upper}: the Lie algebra has rank at least {bound.dimension - upper} at a point modulo {bound.prime} "
        f"(orders of the trajectories: {orders}).",
    ]
    if known == upper:
        found.append(
            f"N = {upper} exactly: near every point of a non-empty Zariski-open set every law of phi, of any kind, is "
            f"a function of the {known} {_laws(known)} listed."
            if known
            else "N = 0 exactly: near every point of a non-empty Zariski-open set phi has no law of any kind."
        )
        return found
    if lower == upper:
        why = {
            SINGLE: "all fields are parallel, so the Lie rank is 1",
            ALGEBRA: f"the fields generate a matrix Lie algebra of dimension {bound.dimension - lower}, closed over Q",
            SEGMENTS: "some tensors enter phi through one scalar and move along its gradient only",
        }[route]
        found.append(f"N = {upper} exactly: {why}.")
        found.append(
            f"Not listed: {upper - known} further independent {_laws(upper - known)}, proved to exist; no polynomial, "
            "rational or logarithmic formula was found."
        )
        found += _quadratures(phi, dynamics, laws, bound, route)
        return found
    found.append(f"Open: {lower} <= N <= {upper}. Proved is the interval only.")
    if closure is not None and closure.dimension == bound.dimension - upper:
        found.append(
            f"Probable: N = {upper}. {closure.dimension} iterated brackets close under brackets with every field at "
            f"the point modulo {bound.prime} ({closure.brackets} brackets tested; an accident has probability below "
            f"{_power_of_ten(closure.error)} over the points)."
        )
    else:
        found.append(
            f"N = {upper} is likely but not proved: it rests on two trajectories of growing order that moved nothing "
            "more, which is no proof that none will."
        )
    return found


def _listed(laws: tuple[Law, ...], chosen: list[int], further: tuple[DarbouxLaw, ...]) -> str:
    parts = []
    if laws or not further:
        count = len(laws)
        parts.append(f"{count} {_laws(count)} verified as polynomial identities over Z, {len(chosen)} independent")
    if further:
        kind = "rational" if all(law.rational for law in further) else "logarithmic"
        parts.append(f"{len(further)} {kind} {_laws(len(further))} with Darboux cofactors verified over Z")
    return ", and ".join(parts)


def _searched(dynamics: str, degree: int, some: bool) -> str:
    """The sampled equations mod p leave no more than the laws listed, so no law of that form is missing."""
    form = "law from an affine symmetry of phi" if dynamics == HEAVY_BALL else f"polynomial law of degree <= {degree}"
    return f"every {form} is a combination of these" if some else f"no {form} exists"


def _laws(count: int) -> str:
    return "law" if count == 1 else "laws"


def _power_of_ten(error: float) -> str:
    exponent = 0
    while error * 10 ** (exponent + 1) < 1:
        exponent += 1
    return f"10^-{exponent}"


def _quadratures(phi: Parametrisation, dynamics: str, laws: tuple[Law, ...], bound: LieRank, route: str) -> list[str]:
    """Which missing laws Jacobi's last multiplier gives as the integral of a closed 1-form."""
    if dynamics != GRADIENT_FLOW or route not in (SINGLE, SEGMENTS):
        return []
    if route == SINGLE:
        groups = [tuple(range(phi.D))] if phi.components == 1 else []
    else:
        groups = scalar_segments(phi)
    found = []
    for group in groups:
        inside = [law for law in laws if all(a in group for m, _ in law.terms for a in m)]
        known = rank(gradient_rows(phi, inside, bound.point, bound.prime), bound.prime) if inside else 0
        if known == len(group) - 2 and keeps_volume(phi, group):
            names = ", ".join(dict.fromkeys(phi.block_of(a).name for a in group))
            found.append(
                f"The missing law of ({names}) is a quadrature: the flow keeps volume (sum_a eta_a d_a^2 phi = 0), so "
                f"with {known} laws of these {len(group)} parameters Jacobi's last multiplier makes it the integral "
                "of a closed 1-form on the surfaces where they are constant."
            )
    return found

"""Writing a count down so that a stranger can check it: phi, laws, prime, point, controls; plain JSON, stable bytes."""

from __future__ import annotations

import json
from typing import Any

from .counting import LawCount
from .darboux import DarbouxLaw
from .laws import Law
from .metric import WEIGHT_NORMALISATION, normalised_columns
from .monomial import independent_monomials
from .parametrisation import Parametrisation
from .routes import MONOMIAL, SEGMENTS
from .segments import scalar_segments

FORMAT = "quenched/conserved/1"


def write_certificate(count: LawCount) -> str:
    """The certificate of a count, one entry per line; the same count gives the same bytes.

    `recheck.recheck` reads it without any code of this package's finder.
    """
    phi = count.phi
    content: dict[str, Any] = {
        "format": FORMAT,
        "network": phi.name,
        "dynamics": count.dynamics,
        "parameters": [phi.label(j) for j in range(phi.D)],
        "rates": [str(rate) for rate in phi.rates],
        "normalised": normalised_columns(phi) if count.dynamics == WEIGHT_NORMALISATION else [],
        "phi": phi_terms(phi),
        "laws": [_law(law) for law in count.laws],
        "independent": list(count.chosen),
        "further": [_further(law) for law in count.further],
        "lower": count.lower,
        "upper": count.upper,
        "route": count.route,
    }
    if count.route == MONOMIAL:
        content["components"] = independent_monomials(phi, phi.D - count.upper)
    else:
        assert count.lie is not None
        content["prime"] = count.lie.prime
        content["point"] = list(count.lie.point)
        content["rounds"] = [{"order": r.order, "controls": [list(c) for c in r.controls]} for r in count.lie.rounds]
    if count.route == SEGMENTS:
        content["segments"] = [list(s) for s in scalar_segments(phi)]
    lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in content.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def phi_terms(phi: Parametrisation) -> list[list[list[Any]]]:
    """[[coefficient, [parameters]], ...] per component."""
    found: list[list[list[Any]]] = [[] for _ in range(phi.components)]
    for t in range(len(phi.comp)):
        found[int(phi.comp[t])].append([int(phi.coef[t]), list(phi.monomial_of(t))])
    return found


def _law(law: Law) -> dict[str, Any]:
    return {"terms": [[c, list(m)] for m, c in law.terms], "plain": law.plain}


def _further(law: DarbouxLaw) -> dict[str, Any]:
    """log|p| with its coefficient, [[law or -1 for the constant 1, integer], ...], and the polynomial rest."""
    factors = [
        {"polynomial": [[c, list(m)] for m, c in factor.polynomial], "weights": [list(w) for w in factor.weights]}
        for factor in law.factors
    ]
    return {"factors": factors, "rest": [[c, list(m)] for m, c in law.rest]}

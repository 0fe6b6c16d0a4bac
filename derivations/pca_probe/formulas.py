"""The claims as definitions of a system: sums written out, lists entry by entry, in the order of use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from .notation import i, r, symbols

rho, alpha, phi, c, q, kappa, slope, response, noise_slope, noise_response, kappa_slope = symbols(
    "rho alpha phi c q kappa slope response noise_slope noise_response kappa_slope"
)
E_gen, E_rho, E_alpha, E_gamma, exchange = symbols("E_gen E_rho E_alpha E_gamma exchange")

Definitions = list[tuple[Any, Any]]


def written(expr: Any, lengths: Mapping[str, int]) -> Any:
    """Sums over the spikes written out for their number."""
    return expr.xreplace({r: sp.Integer(lengths["theta"])}).doit()


def entries(symbol: Any, formula: Any, lengths: Mapping[str, int]) -> Definitions:
    """A definition for every entry of a list."""
    return [(symbol[n], formula.xreplace({i: sp.Integer(n)})) for n in range(1, lengths["theta"] + 1)]


def stated(D: Derivation, label: str, lengths: Mapping[str, int]) -> Definitions:
    """The equations of a claim as definitions."""
    return [(e.lhs, written(e.rhs, lengths)) for e in D.claim(label).equations]


def probe(D: Derivation, lengths: Mapping[str, int]) -> Definitions:
    """Aspect ratio, effective ridge and error of the probe, for any penalty; needs size, overlaps and noise."""
    return [
        (q, D.claim("aspect").rhs),
        (kappa, D.claim("kappa").rhs),
        (E_gen, written(D.claim("generalisation").rhs, lengths)),
    ]


def exchange_definitions(D: Derivation, lengths: Mapping[str, int], angle: Any) -> Definitions:
    """Rates of the error and the exchange rate, for any penalty; needs the definitions of the probe."""
    at = {phi: angle}
    return [
        *entries(slope, D.claim("overlap-growth").rhs.xreplace(at), lengths),
        *entries(response, D.claim("response").rhs.xreplace(at), lengths),
        *stated(D, "noise-growth", lengths),
        (kappa_slope, D.claim("ridge-growth").rhs),
        *stated(D, "ridge-rates", lengths),
        (exchange, D.claim("level-set").rhs),
    ]


def needed(definitions: Iterable[tuple[Any, Any]], observables: Iterable[Any]) -> tuple[tuple[Any, Any], ...]:
    """The definitions that the observables rest on, in order."""
    wanted = set().union(*(_atoms(o) for o in observables))
    kept = []
    for symbol, expr in reversed(list(definitions)):
        if symbol in wanted:
            kept.append((symbol, expr))
            wanted |= _atoms(expr)
    return tuple(reversed(kept))


def _atoms(expr: Any) -> set[Any]:
    if isinstance(expr, str):
        return set()
    if isinstance(expr, list):
        return set().union(*(_atoms(e) for e in expr))
    return expr.atoms(sp.Symbol, sp.Indexed)

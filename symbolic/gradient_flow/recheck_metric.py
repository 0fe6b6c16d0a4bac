"""The re-checker's own metrics: the entries of M in theta' = -M(theta) grad L, named by the dynamics in the file."""

from __future__ import annotations

from fractions import Fraction

from .recheck_reading import Claim

Entry = tuple[int, int, Fraction, tuple[int, ...]]


def metric(claim: Claim) -> list[Entry]:
    """(row, column, coefficient, letters) per term: M[row, column] = sum of coefficient * prod theta_letter.

    Weight normalisation, per column v with gain g: |v|^2 - v v^T on v, |v|^2 on g.
    """
    numbers = range(len(claim.rates))
    if claim.dynamics == "entropic mirror":
        return [(a, a, claim.rates[a], (a,)) for a in numbers]
    if claim.dynamics != "weight normalisation":
        return [(a, a, claim.rates[a], ()) for a in numbers]
    found: list[Entry] = []
    covered: set[int] = set()
    for group in claim.normalised:
        *column, gain = group
        covered |= set(group)
        for k in column:
            found.append((gain, gain, claim.rates[gain], (k, k)))
            found += [(i, i, claim.rates[i], (k, k)) for i in column if i != k]
            found += [(i, k, -claim.rates[i], tuple(sorted((i, k)))) for i in column if i != k]
    return found + [(a, a, claim.rates[a], ()) for a in numbers if a not in covered]

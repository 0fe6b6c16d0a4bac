"""Sample points for the checks of replica rules: conditions such as q > 0 on variables that are declared real."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import OutsideDomain
from ..quantity import Samples
from ..rule import Case

# Streams are tried in turn: in some of them the signs of real variables are fixed beforehand.
_STREAMS = 4


def sample(source: Case | Samples, atoms: Iterable[Any], given: Iterable[Any] = (), index: int = 0) -> dict[Any, Any]:
    """Exact values for the atoms that satisfy every condition; nothing is 0 or 1."""
    samples = source.samples if isinstance(source, Case) else source
    atoms, given = list(atoms), list(given)
    for attempt in range(_STREAMS):
        try:
            return samples.point(atoms, given, index + 2 * attempt)
        except OutsideDomain:
            if attempt == _STREAMS - 1:
                raise
    raise AssertionError("unreachable")


def shown(point: dict[Any, Any]) -> list[tuple[str, str]]:
    """A point as ordered text pairs, for a verdict."""
    return [(str(k), str(v)) for k, v in point.items()]

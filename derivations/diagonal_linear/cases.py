"""Which formulas hold where: decided by rational numbers alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ...symbolic.errors import BadInput, OutsideDomain
from ..implicit_bias.cases import exact, orthogonal, product

Vector = Sequence[Fraction]


def case(point: Mapping[str, Any]) -> str:
    """The facts that select the formulas, separated by "; ": lists of coordinates (or rows), "none" if empty."""
    values = {name: exact(value) for name, value in point.items()}
    facts = _of_start(values)
    if "beta_star" in values:
        facts |= _of_target(values)
    if "X" in values:
        facts |= _of_data(values)
    return "; ".join(f"{name} {text}" for name, text in facts.items())


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers)) or "none"


def _places(conditions: Iterable[bool]) -> str:
    return _listed(n for n, holds in enumerate(conditions, start=1) if holds)


def _imbalances(values: Mapping[str, Any]) -> list[Fraction]:
    return [values["eta_v"] * x * x - values["eta_u"] * z * z for x, z in zip(values["u0"], values["v0"])]


def _of_start(values: Mapping[str, Any]) -> dict[str, str]:
    return {"balanced": _places(d == 0 for d in _imbalances(values))}


def _of_target(values: Mapping[str, Any]) -> dict[str, str]:
    """still: no growth rate; fixed: the coordinate does not move; met: it is at its target; origin: it is 0."""
    start = [x * z for x, z in zip(values["u0"], values["v0"])]
    target, delta = values["beta_star"], _imbalances(values)
    dead = [x == z == 0 for x, z in zip(values["u0"], values["v0"])]
    met = [x == z for x, z in zip(start, target)]
    fixed = [values["t"] == 0 or gone or there for gone, there in zip(dead, met)]
    return {
        "still": _places(x == 0 and z == 0 for x, z in zip(delta, target)),
        "fixed": _places(fixed),
        "met": _places(met),
        "origin": _places(still and x == 0 for still, x in zip(fixed, start)),
    }


def _of_data(values: Mapping[str, Any]) -> dict[str, str]:
    X, y, u0, v0 = (values[name] for name in ("X", "y", "u0", "v0"))
    if len(X[0]) != len(u0):
        raise BadInput(f"X has {len(X[0])} columns and u0 has {len(u0)} entries; they go together")
    if len(X) != len(y):
        raise BadInput(f"X has {len(X)} rows and y has {len(y)} entries; they go together")
    rows, clash = orthogonal(X, y)
    if clash is not None:
        raise OutsideDomain(
            f"no predictor fits every sample: row {clash} of X is a combination of the rows before it, its label is not"
        )
    alive = [n for n, (x, z) in enumerate(zip(u0, v0)) if x or z]
    kept = [tuple(X[k - 1][n] for n in alive) for k in rows.kept]
    if kept and (not alive or len(orthogonal(kept, (Fraction(0),) * len(kept))[0].kept) < len(kept)):
        raise OutsideDomain(
            "no interpolator can be reached: a coordinate with u0 = v0 = 0 never moves, and the others cannot fit the "
            "labels; start these coordinates elsewhere"
        )
    start = [x * z for x, z in zip(u0, v0)]
    gaps = [values["share"] * (label - product(row, start)) for row, label in zip(X, y)]
    return {"rows": _listed(rows.kept)} | ({} if any(gaps) else {"fits": "already"})

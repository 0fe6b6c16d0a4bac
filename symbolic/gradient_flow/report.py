"""A count as plain data and as text, for command lines and templates; strings only, the same count the same bytes."""

from __future__ import annotations

from typing import Any

from .counting import LawCount
from .explanation import explain, families


def as_record(count: LawCount) -> dict[str, Any]:
    """Everything a reader needs: numbers, status, statements, and per law its formula, LaTeX, symmetry and words."""
    phi = count.phi
    chosen = set(count.chosen)
    laws = []
    for number, law in enumerate(count.laws):
        told = explain(law, phi)
        laws.append(
            {
                "formula": told.formula,
                "latex": told.latex,
                "kind": told.kind,
                "words": told.words,
                "family": told.family,
                "independent": number in chosen,
            }
        )
    return {
        "network": phi.name,
        "dynamics": count.dynamics,
        "D": phi.D,
        "N": count.N,
        "lower": count.lower,
        "upper": count.upper,
        "lie_rank": count.lie_rank,
        "complete": count.complete,
        "route": count.route,
        "status": count.status.level.value,
        "statements": list(count.statements),
        "families": [{"family": name, "laws": size} for name, size in families(count.laws, phi)],
        "laws": laws,
    }


def as_text(count: LawCount, most: int = 40) -> str:
    """The record for reading: the matrix laws, then each independent law with its symmetry; at most `most` laws."""
    record = as_record(count)
    known = f"N = {count.N}" if count.N is not None else f"{count.lower} <= N <= {count.upper}"
    lines = [f"{count.phi.name}, {count.dynamics}: D = {count.D}, {known} ({count.status.level.value})"]
    lines += [f"  {entry['family']}  ({entry['laws']})" for entry in record["families"] if entry["laws"] > 1]
    shown = [law for law in record["laws"] if law["independent"]]
    for law in shown[:most]:
        lines.append(f"  {law['formula']}   [{law['kind']}: {law['words']}]")
    if len(shown) > most:
        lines.append(f"  ... and {len(shown) - most} more")
    return "\n".join([*lines, *count.statements]) + "\n"

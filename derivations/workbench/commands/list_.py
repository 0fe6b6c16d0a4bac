"""quenched list"""

from __future__ import annotations

from typing import Any

import click

from ..catalogue import identifiers, load
from ..console import console, emit, json_option, table


@click.command("list")
@json_option
def command(as_json: bool) -> None:
    """The derivations and the results that can be evaluated; with --json also steps, assumptions and sources."""
    pieces = [load(name) for name in identifiers()]
    if as_json:
        emit([_record(piece) for piece in pieces])
        return
    shown = table("Derivations", "id", "title", "results")
    for piece in pieces:
        shown.add_row(piece.id, piece.derivation.title, ", ".join(piece.results))
    console().print(shown)


def _record(piece: Any) -> dict[str, Any]:
    D = piece.derivation
    return {
        "id": piece.id,
        "title": D.title,
        "steps": len(D.steps),
        "derived": sum(1 for step in D if step.kind == "derived"),
        "assumptions": list(dict.fromkeys(a.id for a in D.assumptions())),
        "results": list(piece.results),
        "sources": list(D.sources),
    }

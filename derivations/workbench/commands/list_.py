"""quenched list"""

from __future__ import annotations

import click

from ..catalogue import identifiers, load
from ..console import console, emit, json_option, table


@click.command("list")
@json_option
def command(as_json: bool) -> None:
    """The derivations, with their steps, assumptions, results and sources."""
    rows = []
    for name in identifiers():
        piece = load(name)
        D = piece.derivation
        rows.append(
            {
                "id": name,
                "title": D.title,
                "steps": len(D.steps),
                "derived": sum(1 for step in D if step.kind == "derived"),
                "assumptions": [a.id for a in D.assumptions()],
                "results": list(piece.results),
                "sources": list(D.sources),
            }
        )
    if as_json:
        emit(rows)
        return
    shown = table("Derivations", "id", "title", "steps", "assumptions", "results")
    for row in rows:
        steps = f"{row['derived']} derived of {row['steps']}"
        shown.add_row(row["id"], row["title"], steps, "\n".join(row["assumptions"]), "\n".join(row["results"]))
    console().print(shown)

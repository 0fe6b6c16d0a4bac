"""quenched evaluate"""

from __future__ import annotations

import time
from typing import Any

import click

from ....symbolic.errors import BadInput
from ....symbolic.values import Certified
from ..catalogue import load
from ..console import emit, json_option


@click.command("evaluate")
@click.argument("id")
@click.argument("result")
@click.option("--at", "at", multiple=True, metavar="NAME=VALUE ...", help="Exact values: 3, 1/2, 0.25, 1,2 or 1,2;3,4.")
@click.option("--digits", type=click.IntRange(1, 1_000_000), default=15, show_default=True)
@json_option
@click.argument("more", nargs=-1, metavar="")
def command(id: str, result: str, at: tuple[str, ...], digits: int, as_json: bool, more: tuple[str, ...]) -> None:
    """Certified digits of a RESULT at an exact point.

    quenched evaluate pca_probe overlap --at gamma=1/2 rho=1/5 theta=3,3/2 --digits 30
    """
    point = assignments((*at, *more))
    started = time.perf_counter()
    piece = load(id)
    value = piece.evaluate(result, point, digits)
    seconds = time.perf_counter() - started
    if as_json:
        emit(_record(piece.id, result, point, value, digits, seconds))
        return
    rows = value if isinstance(value, list) else [value]
    for k, row in enumerate(rows, start=1):
        name = f"{result}[{k}]" if isinstance(value, list) else result
        radius = f"  +- {row.radius}" if row.radius not in (None, "0") else "  exact" if row.radius == "0" else ""
        click.echo(f"{name} = {row}{radius}")
    click.echo(f"{rows[0].level}; {rows[0].branch}" if rows else "", err=True)


def assignments(texts: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE texts as a dictionary; a name given twice is refused."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or not value:
            raise BadInput(f"{text!r} is not NAME=VALUE; write for example gamma=1/2 or theta=3,3/2")
        if name in found:
            raise BadInput(f"{name} is given twice")
        found[name] = value
    return found


def _record(id: str, result: str, at: dict[str, str], value: Any, digits: int, seconds: float) -> dict[str, Any]:
    many = isinstance(value, list)
    rows: list[Certified] = value if many else [value]

    def field(name: str) -> Any:
        entries = [getattr(row, name) for row in rows]
        return entries if many else entries[0]

    words = [row.word for row in rows if row.word]
    return {
        "id": id,
        "result": result,
        "at": at,
        "value": field("value"),
        "radius": field("radius"),
        "digits": digits,
        "level": rows[0].level if rows else "arb",
        **({"word": words if many else words[0]} if words else {}),
        "seconds": round(seconds, 3),
    }

"""quenched simulate"""

from __future__ import annotations

import click

from ....symbolic.errors import BadInput
from ..catalogue import load
from ..console import console, emit, json_option, progress, table
from ..evidence import comparison
from .evaluate_ import assignments


@click.command("simulate")
@click.argument("id")
@click.option(
    "--at", "at", multiple=True, metavar="NAME=VALUE ...", help="The point; the derivation's example by default."
)
@click.option("--dimension", "-d", type=click.IntRange(2, 20000), help="Dimension of a draw (pca_probe, ridge).")
@click.option("--draws", type=click.IntRange(2, 100000), help="Independent draws (pca_probe, ridge).")
@click.option("--seed", type=click.IntRange(0), help="Seed of the draws (pca_probe, ridge).")
@click.option("--digits", type=click.IntRange(5, 200), help="Digits of the integration (unbalanced).")
@json_option
@click.argument("more", nargs=-1, metavar="")
def command(
    id: str,
    at: tuple[str, ...],
    dimension: int | None,
    draws: int | None,
    seed: int | None,
    digits: int | None,
    as_json: bool,
    more: tuple[str, ...],
) -> None:
    """Theory against a finite-size simulation: both values, the standard error and the z-score."""
    piece = load(id)
    point = {**piece.model.example, **assignments((*at, *more))}
    chosen = {"d": dimension, "draws": draws, "seed": seed, "digits": digits}
    options = {name: value for name, value in chosen.items() if value is not None}
    with progress(f"simulating {piece.id}"):
        try:
            rows = list(comparison(piece.derivation, point, **options))
        except TypeError as error:
            raise BadInput(f"{piece.id}: this simulation does not take that option ({error})") from None
    if as_json:
        emit({"id": piece.id, "at": point, "options": options, "rows": rows})
        return
    shown = table(f"{piece.id}: {rows[0]['method'] if rows else ''}", "result", "theory", "simulation", "s.e.", "z")
    for row in rows:
        name = row["result"] + (f"[{row['index']}]" if row["index"] else "")
        score = f"{row['z']:+.2f}" if row["z"] is not None else "-"
        values = (f"{row['theory']:.8f}", f"{row['simulation']:.8f}", f"{row['standard_error']:.1e}")
        shown.add_row(name, *values, score)
    console().print(shown)

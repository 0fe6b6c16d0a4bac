"""quenched plot"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ....symbolic.errors import BadInput
from ..catalogue import load
from ..console import emit, json_option, progress
from .evaluate_ import assignments


@click.command("plot")
@click.argument("id")
@click.option("--figure", "-f", "names", multiple=True, metavar="NAME", help="Which figures; all by default.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="A file for one figure, else a folder.")
@click.option("--format", "suffix", type=click.Choice(["pdf", "svg", "png"]), default="pdf", show_default=True)
@click.option("--at", "at", multiple=True, metavar="NAME=VALUE ...", help="Parameters other than those of the figures.")
@click.option("--dimension", "-d", type=click.IntRange(20, 20000), help="Dimension of simulated draws.")
@click.option("--draws", type=click.IntRange(2, 100000), help="Independent draws per point.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the draws.")
@json_option
@click.argument("more", nargs=-1, metavar="")
def command(
    id: str,
    names: tuple[str, ...],
    output: Path | None,
    suffix: str,
    at: tuple[str, ...],
    dimension: int | None,
    draws: int | None,
    seed: int | None,
    as_json: bool,
    more: tuple[str, ...],
) -> None:
    """Figures of a derivation, one column wide, ready for a paper.

    \b
    pca_probe   error, phases, trade-off
    unbalanced  surfaces, learning, kernel, bias

    quenched plot pca_probe -f phases -o phases.pdf

    quenched plot unbalanced -f bias --at x=1,1/2 y=1 beta0=1/20,1/4 -o bias.svg
    """
    from ..plots import FORMATS, draw, figures

    piece = load(id)
    chosen = names or tuple(figures(piece.id))
    single = output is not None and output.suffix.lstrip(".").lower() in FORMATS
    if single and len(chosen) != 1:
        raise BadInput(f"{output} holds one figure and {len(chosen)} are to be drawn: choose one with --figure")
    simulation = {"d": dimension, "draws": draws, "seed": seed}
    paths = []
    with progress(f"drawing {piece.id}") as say:
        for name in chosen:
            say(name)
            path = output if single else (output or Path()) / f"{piece.id}_{name}.{suffix}"
            assert path is not None
            options: dict[str, Any] = {"at": assignments((*at, *more))}
            if name == "error":
                options |= {key: value for key, value in simulation.items() if value is not None}
            paths.append(draw(piece, name, path, **options))
    if as_json:
        emit({"id": piece.id, "figures": [{"name": n, "path": str(p)} for n, p in zip(chosen, paths)]})
        return
    for path in paths:
        click.echo(str(path))

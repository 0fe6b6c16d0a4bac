"""quenched render"""

from __future__ import annotations

from pathlib import Path

import click

from ....symbolic.errors import BadInput
from ....templates import pdf
from ....templates.files import write
from ....templates.record import Figure
from ..catalogue import load
from ..console import emit, json_option, progress
from ..workpiece import Workpiece

ALL = ("tex", "html", "md", "json", "pdf")


@click.command("render")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("-o", "--output", type=click.Path(), metavar="PATH", help="A file for one text, a folder for several.")
@click.option("--to", multiple=True, type=click.Choice([*ALL, "all"]), help="Format; may be repeated; tex by default.")
@click.option("--as", "style", type=click.Choice(["appendix", "article"]), default="article", show_default=True)
@click.option("--columns", type=click.Choice(["1", "2"]), default="1", show_default=True)
@click.option("--notation", type=click.Path(dir_okay=False), metavar="FILE", help="TOML file that renames symbols.")
@click.option("--digits", type=click.IntRange(1, 60), help="Of the certified numbers; what fits the column by default.")
@click.option("--figures", is_flag=True, help="Draw the figures of the derivation into PDF, HTML and beside the TeX.")
@json_option
def command(
    ids: tuple[str, ...],
    output: str | None,
    to: tuple[str, ...],
    style: str,
    columns: str,
    notation: str | None,
    digits: int | None,
    figures: bool,
    as_json: bool,
) -> None:
    """Write derivations as TeX, PDF, HTML, Markdown or JSON.

    `--to all` makes every format, the PDF where latexmk is installed. Without -o a single text goes to the output.
    """
    wanted = list(dict.fromkeys(f for name in to or ("tex",) for f in (ALL if name == "all" else (name,))))
    several = len(ids) > 1 or len(wanted) > 1
    if output is None and (several or wanted == ["pdf"]):
        raise BadInput("several texts, or a PDF, need a place: add -o PATH")
    made: list[str] = []
    left_out: list[str] = []
    for name in ids:
        piece = load(name)
        drawn = _drawn(piece) if figures else []
        for form in wanted:
            if form == "pdf" and "all" in to and not pdf.available():
                left_out.append(f"{piece.id}.pdf: {pdf.HOW_TO_GET}")
                continue
            with progress(f"rendering {piece.id} as {form}"):
                content = piece.render(
                    form,
                    style=style if form == "tex" else "article",
                    columns=int(columns),
                    notation=notation,
                    digits=digits,
                    figures=drawn,
                )
            if output is None:
                click.echo(content, nl=False)
                return
            place = _place(Path(output), piece.id, form, several)
            made.append(str(write(place, content)))
            made += [str(write(place.parent / f.file, f.pdf)) for f in drawn if form == "tex"]
    if as_json:
        emit({"made": made, "left_out": left_out})
        return
    for path in made:
        click.echo(f"made {path}", err=True)
    for reason in left_out:
        click.echo(f"not made: {reason}", err=True)


def _drawn(piece: Workpiece) -> list[Figure]:
    from ..plots import available, for_document

    if not available(piece.id):
        return []
    with progress(f"drawing {piece.id}"):
        return for_document(piece)


def _place(output: Path, name: str, form: str, several: bool) -> Path:
    if not several and not output.is_dir():
        return output
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"the folder {output} cannot be made: {error.strerror}") from None
    return output / f"{name}.{form}"

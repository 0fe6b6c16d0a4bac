"""Output of the commands: JSON with a fixed form, tables, and progress on the error stream."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

COLOURS = {
    "proved": "green",
    "certified": "green",
    "consistent": "cyan",
    "supported": "cyan",
    "assumed": "yellow",
    "undecided": "magenta",
    "refuted": "bold red",
    "definition": "dim",
}

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def console() -> Console:
    """Standard output; a pipe gets plain text of a fixed width."""
    return Console(width=None if sys.stdout.isatty() else 140, highlight=False, emoji=False, markup=False)


def emit(record: Any) -> None:
    """One JSON document with sorted keys left in the order given, ASCII kept readable."""
    click.echo(json.dumps(record, ensure_ascii=False, indent=None))


def table(title: str, *columns: str) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def coloured(level: str) -> Any:
    from rich.text import Text

    return Text(level, style=COLOURS.get(level.split()[0], ""))


@contextmanager
def progress(title: str) -> Iterator[Any]:
    """A callable to report what is under way; silent unless the error stream is a terminal."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(title)
        yield lambda text: bar.update(task, description=f"{title}  {text}")

"""From a derivation to text: LaTeX, PDF, HTML, Markdown, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..symbolic.derivation import Derivation
from ..symbolic.errors import BadInput
from . import latex, markdown, page, pdf, steps_json
from .notation_file import Renaming, read_notation
from .record import Evidence, Figure, NumbersAt, document

FORMATS = ("tex", "pdf", "html", "md", "json")
STYLES = ("article", "appendix")


def render(
    derivation: Derivation,
    to: str = "tex",
    *,
    style: str = "article",
    columns: int = 1,
    notation: str | Path | None = None,
    evidence: Evidence | None = None,
    numbers: Iterable[NumbersAt] = (),
    figures: Sequence[Figure] = (),
) -> str | bytes:
    """The derivation as "tex", "html", "md", "json" (text) or "pdf" (bytes); the same input gives the same bytes.

    style: "article" (standalone) or "appendix" (a fragment to \\input, tex only); columns: 1 (345 pt) or 2 (240 pt);
    notation: a TOML file that renames symbols; evidence: what the checks found; numbers: certified values to show.
    Raises BadInput for an unknown option, RenderError naming the step for what cannot be set.
    """
    if to not in FORMATS:
        raise BadInput(f"format {to!r}: choose one of {', '.join(FORMATS)}")
    if style not in STYLES:
        raise BadInput(f"style {style!r}: choose article or appendix")
    if columns not in (1, 2):
        raise BadInput(f"{columns} columns: choose 1 or 2")
    renaming = read_notation(notation, derivation.notation) if notation is not None else Renaming()
    doc = document(derivation, evidence or Evidence(), numbers, renaming, columns, figures)
    if to == "tex":
        return latex.fragment(doc) if style == "appendix" else latex.article(doc)
    if to == "pdf":
        return pdf.compile_tex(latex.article(doc), derivation.id, {f.file: f.pdf for f in figures if f.file})
    return {"html": page.html, "md": markdown.text, "json": steps_json.text}[to](doc)

"""How it reads: derivations as LaTeX, PDF, HTML, Markdown and JSON.

render(derivation, to="tex" | "pdf" | "html" | "md" | "json", style=..., columns=..., notation=...) -> str | bytes
write(path, content)                      whole or not at all
Evidence, Figure                          what the checks found; pictures to show
RenderError                               what cannot be set, naming the step
"""

from __future__ import annotations

if __name__ != "quenched.templates":
    raise ImportError(
        "this folder is the package quenched.templates: install the project and import it under that name"
    )

from .errors import RenderError as RenderError
from .files import write as write
from .record import Evidence as Evidence
from .record import Figure as Figure
from .render import render as render

__all__ = ["Evidence", "Figure", "RenderError", "render", "write"]

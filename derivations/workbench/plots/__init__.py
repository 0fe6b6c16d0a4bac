"""Figures of a derivation, one module per derivation id, in one style; Matplotlib is imported late."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ....symbolic.errors import BadInput, UnknownName
from ....templates.record import Figure

# A figure: (workpiece, options) -> matplotlib Figure.
Draw = Callable[..., Any]

_MODULES = {"pca_probe": "pca_probe", "unbalanced": "unbalanced"}
FORMATS = ("pdf", "svg", "png")


def figures(id: str) -> Mapping[str, Draw]:
    """The figures of a derivation by name, in order. Raises UnknownName for a derivation that has none."""
    if id not in _MODULES:
        raise UnknownName("derivation with figures", id, _MODULES)
    return import_module(f".{_MODULES[id]}", __name__).FIGURES


def available(id: str) -> bool:
    """Whether a derivation has figures and Matplotlib can draw them."""
    return id in _MODULES and find_spec("matplotlib") is not None


def for_document(piece: Any) -> list[Figure]:
    """Every figure of a derivation, drawn once, as PDF and as SVG; captions are the first lines of the docstrings."""
    from .style import saved, styled

    made = []
    with tempfile.TemporaryDirectory(prefix="quenched-") as folder, styled():
        for name, function in figures(piece.id).items():
            picture = function(piece, at={})
            paths = [Path(folder) / f"{piece.id}_{name}.{suffix}" for suffix in ("pdf", "svg")]
            for path in paths:
                saved(picture, path)
            svg = paths[1].read_text(encoding="utf-8")
            caption = (function.__doc__ or name).strip().splitlines()[0]
            made.append(Figure(name, caption, paths[0].name, svg[svg.index("<svg") :], paths[0].read_bytes()))
    return made


def draw(piece: Any, name: str, path: Path, **options: Any) -> Path:
    """Draw one figure into a file; the suffix chooses PDF, SVG or PNG. The same input gives the same bytes.

    Raises BadInput for an unknown format or where Matplotlib is missing, UnknownName for an unknown figure.
    """
    known = figures(piece.id)
    if name not in known:
        raise UnknownName(f"figure of {piece.id}", name, known)
    suffix = path.suffix.lstrip(".").lower()
    if suffix not in FORMATS:
        raise BadInput(f"{path}: a figure is written as {', '.join(FORMATS)}; give the file one of these endings")
    try:
        from .style import saved, styled
    except ImportError:
        raise BadInput("figures need Matplotlib: pip install 'quenched[plot]'") from None
    with styled():
        saved(known[name](piece, **options), path)
    return path

"""LaTeX to MathML; without the converter, the LaTeX source in a box that says so."""

from __future__ import annotations

import html
from functools import cache
from typing import Any

from .errors import RenderError

# Fractions in fractions keep their size: pages have room, and small print is hard on screens.
_FALLBACK = "MathML needs the package math-core (pip install quenched[html]); formulas are shown as LaTeX source"


@cache
def _converter() -> Any:
    try:
        from math_core import LatexToMathML
    except ImportError:
        return None
    return LatexToMathML()


def available() -> bool:
    """Whether formulas become MathML."""
    return _converter() is not None


def notice() -> str:
    """What the page says when formulas stay LaTeX; empty otherwise."""
    return "" if available() else _FALLBACK


def mathml(latex: str, display: bool) -> str:
    """A formula of the dialect as MathML Core. Raises RenderError with the place if the converter refuses it."""
    converter = _converter()
    if converter is None:
        tag = "pre" if display else "code"
        return f"<{tag}>{html.escape(latex)}</{tag}>"
    try:
        return converter.convert_with_local_state(latex, displaystyle=display)
    except Exception as error:
        raise RenderError(f"the formula {latex[:120]!r} cannot be shown on a page: {error}") from None

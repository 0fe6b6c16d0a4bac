"""Prose: plain text with `$...$` formulas and `{label}` references, made safe for TeX, HTML and Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .dialect import parse
from .errors import RenderError
from .linebreak import normal

_LABEL = re.compile(r"\{([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\}")
# TeX hyphenates words of letters itself; a long string of other characters may be broken anywhere.
_LONGEST_WORD = 12
_PLAIN_WORD = re.compile(r"\(?[A-Za-z'\u2019-]+[.,;:)]*")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
}
_ACCENTS = {
    "\u2013": "--",
    "\u2014": "---",
    "\u2019": "'",
    "\u2018": "`",
    "\u201c": "``",
    "\u201d": "''",
    "\u00a0": "~",
}


@dataclass(frozen=True)
class Part:
    """A stretch of prose: "text", "formula" (LaTeX) or "reference" (a label)."""

    kind: str
    content: str


def parts(prose: str, where: str, labels: Mapping[str, int]) -> list[Part]:
    """The stretches of a text, formulas and references checked.

    Raises RenderError naming `where` for an odd number of dollar signs, a formula outside the dialect, a label that
    does not exist.
    """
    pieces = prose.split("$")
    if len(pieces) % 2 == 0:
        raise RenderError(f"{where}: a $ without its partner in {prose[:80]!r}")
    found: list[Part] = []
    for index, piece in enumerate(pieces):
        if index % 2:
            try:
                parse(piece)
            except RenderError as error:
                raise RenderError(f"{where}: {error}") from None
            found.append(Part("formula", normal(piece)))
            continue
        at = 0
        for match in _LABEL.finditer(piece):
            label = match.group(1)
            if label not in labels:
                raise RenderError(f"{where}: the reference {{{label}}} points to no step")
            found += [Part("text", piece[at : match.start()]), Part("reference", label)]
            at = match.end()
        found.append(Part("text", piece[at:]))
    return [part for part in found if part.content]


def tex(text: str) -> str:
    """Any text as TeX that prints it: no character acts as a command, and no word is too long to be broken."""
    return " ".join(_word(word) for word in re.split(r"[ \t\r\n]+", text))


def _word(word: str) -> str:
    pieces = [_TEX.get(character, _ACCENTS.get(character, character)) for character in word]
    breakable = len(word) > _LONGEST_WORD and not _PLAIN_WORD.fullmatch(word)
    return (r"\allowbreak{}" if breakable else "").join(pieces)


def page(text: str) -> str:
    """Any text as HTML that shows it."""
    return html.escape(text, quote=True)


def markdown(text: str) -> str:
    """Any text as Markdown that shows it."""
    return re.sub(r"([\\`*_{}\[\]<>#|$])", r"\\\1", text)


def joined(
    found: list[Part], text: Callable[[str], str], formula: Callable[[str], str], link: Callable[[str], str]
) -> str:
    """The parts put together by three writers."""
    writers = {"text": text, "formula": formula, "reference": link}
    return "".join(writers[part.kind](part.content) for part in found)

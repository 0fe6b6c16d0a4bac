"""A user's notation: a TOML file that renames symbols for their paper.

[symbols]
gamma = "\\\\psi"
[macros]
"\\\\noise" = "\\\\sigma_{\\\\varepsilon}"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..symbolic.errors import BadInput, UnknownName
from ..symbolic.quantity import Notation
from .dialect import expand, parse
from .errors import RenderError

_MACRO = re.compile(r"\\[A-Za-z]{1,30}")
_LONGEST = 200


@dataclass(frozen=True)
class Renaming:
    """LaTeX by quantity name, and argument-free macros that these may use."""

    symbols: Mapping[str, str] = field(default_factory=dict)
    macros: Mapping[str, str] = field(default_factory=dict)


def read_notation(path: str | Path, notation: Notation) -> Renaming:
    """The renaming a TOML file describes, checked: every name is declared, every formula is inside the dialect.

    Raises BadInput (unreadable file, wrong shape, a command outside the dialect such as \\\\input or \\\\write) or
    UnknownName with suggestions.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the notation file {path} cannot be read: {error}") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f"the notation file {path} is not TOML: {error}; write for example [symbols] gamma = '\\psi'"
        ) from None
    for section in table:
        if section not in ("symbols", "macros"):
            raise UnknownName(f"section of {path}", section, ("symbols", "macros"))
    macros = _strings(table.get("macros", {}), f"{path} [macros]")
    for name, body in macros.items():
        if not _MACRO.fullmatch(name):
            raise BadInput(f"{path}: {name!r} is no macro name; write a backslash and letters, in quotes")
        _inside(body, {k: v for k, v in macros.items() if k != name}, f"{path}: the macro {name}")
    symbols = _strings(table.get("symbols", {}), f"{path} [symbols]")
    for name, latex in symbols.items():
        if name not in notation:
            raise UnknownName("quantity", name, [q.name for q in notation])
        _inside(latex, macros, f"{path}: {name}")
    _distinct(symbols, notation, str(path))
    return Renaming({name: expand(latex, macros) for name, latex in symbols.items()}, macros)


def _distinct(symbols: Mapping[str, str], notation: Notation, path: str) -> None:
    """No renamed quantity may look like another one."""
    shown = {quantity.name: symbols.get(quantity.name, quantity.tex()) for quantity in notation}
    for name in symbols:
        twins = [other for other, latex in shown.items() if other != name and latex == shown[name]]
        if twins:
            raise BadInput(f"{path}: {name} and {twins[0]} would both be written {shown[name]}; rename one of them")


def _strings(table: Any, where: str) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
        raise BadInput(f"{where}: every entry must be text, as in gamma = '\\psi'")
    return dict(table)


def _inside(latex: str, macros: Mapping[str, str], where: str) -> None:
    if not latex.strip() or len(latex) > _LONGEST:
        raise BadInput(f"{where}: give between 1 and {_LONGEST} characters of LaTeX")
    try:
        parse(latex, macros)
    except RenderError as error:
        raise BadInput(f"{where}: {error}") from None

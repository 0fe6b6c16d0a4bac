"""The LaTeX dialect: which mathematics may appear in our text, and its parse tree.

Everything we emit or accept from an author is amsmath-only and is also understood by the MathML converter.
`parse` turns a formula into nodes whose classes (ordinary, operator, binary, relation, ...) are TeX's own; the
width table and the line breaker work on these nodes. What is not listed here is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .errors import RenderError
from .vocabulary import (
    ACCENTS,
    CLASS,
    CLOSING,
    FONTS,
    FRACTIONS,
    NEUTRAL,
    OPENING,
    SIZES,
    SPACES,
    STACKS,
    STYLES,
    TABLES,
)

_TOKEN = re.compile(r"\s*(\\[A-Za-z]+\*?|\\.|[A-Za-z]|[0-9]|.)", re.DOTALL)
_ONLY_TEXT = re.compile(r"[A-Za-z0-9 .,;:'()\-/+=]*")


@dataclass(frozen=True)
class Node:
    """One atom of a formula.

    kind: TeX's class ("ord", "op", "bin", "rel", "open", "close", "punct", "inner") or "space";
    form: "symbol", "group", "frac", "root", "wrap", "text", "fence" (growing brackets),
    "pair" (plain brackets, made by the line breaker), "script", "table", "sized", "space", "style";
    head: the command or character; parts: the contents, each a formula; rows: for tables.
    """

    kind: str
    form: str
    head: str
    parts: tuple[tuple[Node, ...], ...] = ()
    rows: tuple[tuple[tuple[Node, ...], ...], ...] = ()


Formula = tuple[Node, ...]


def parse(latex: str, macros: Mapping[str, str] | None = None) -> Formula:
    """The nodes of a formula; `macros` maps argument-free commands to what they stand for.

    Raises RenderError, naming the command or the place, for anything outside the dialect.
    """
    return _parse(expand(latex, macros or {}))


@lru_cache(maxsize=4096)
def _parse(latex: str) -> Formula:
    reader = _Reader(latex)
    nodes = reader.formula(stop=())
    if reader.peek() is not None:
        raise RenderError(f"unbalanced {reader.peek()!r} in the formula {latex!r}")
    return nodes


def expand(latex: str, macros: Mapping[str, str]) -> str:
    """The formula with the user's argument-free macros replaced, five levels deep at most."""
    if not macros:
        return latex
    pattern = re.compile("(" + "|".join(re.escape(name) for name in sorted(macros, reverse=True)) + r")(?![A-Za-z])")
    for _ in range(5):
        replaced = pattern.sub(lambda match: "{" + macros[match.group(1)] + "}", latex)
        if replaced == latex:
            return latex
        latex = replaced
    raise RenderError(f"the macros {', '.join(sorted(macros))} call each other without end")


def latex_of(formula: Formula) -> str:
    """The formula as LaTeX again: same meaning, canonical spacing."""
    text, before = "", None
    for node in formula:
        piece = _node_latex(node)
        unary = node.kind == "bin" and (before is None or before.kind in ("bin", "rel", "open", "punct", "op"))
        operator = node.kind in ("bin", "rel") and not unary
        if text and (operator or (re.search(r"[A-Za-z}]$", text) and re.match(r"\\?[A-Za-z{]", piece))):
            text = text.rstrip() + " "
        text += piece + (" " if operator or node.kind == "punct" else "")
        before = node
    return text.strip()


def _node_latex(node: Node) -> str:
    inside = [latex_of(part) for part in node.parts]
    match node.form:
        case "group":
            return "{" + inside[0] + "}"
        case "frac":
            return f"{node.head}{{{inside[0]}}}{{{inside[1]}}}"
        case "root":
            return rf"\sqrt[{inside[0]}]{{{inside[1]}}}" if inside[0] else rf"\sqrt{{{inside[1]}}}"
        case "wrap":
            if all(n.form == "symbol" for n in node.parts[0]) and len(inside) == 1:
                inside = (
                    ["".join(n.head for n in node.parts[0])]
                    if node.parts[0][0:1] and node.head[1:] in FONTS
                    else inside
                )
            return node.head + "".join(f"{{{part}}}" for part in inside)
        case "text":
            return rf"\text{{{node.head}}}"
        case "fence":
            left, right = node.head.split(" ")
            return rf"\left{left}{' ' if left[-1].isalpha() or inside[0][:1] in '([' else ''}{inside[0]}\right{right}"
        case "pair":
            left, right = node.head.split(" ")
            return left + (" " if left[-1].isalpha() and inside[0][:1].isalpha() else "") + inside[0] + right
        case "sized":
            return _sized_name(node) + inside[0]
        case "script":
            primes, low = node.head, f"_{{{inside[1]}}}" if inside[1] else ""
            above = latex_of(node.parts[2][len(primes) :])
            return inside[0] + primes + low + (f"^{{{above}}}" if above else "")
        case "table":
            rows = r" \\ ".join(" & ".join(latex_of(cell) for cell in row) for row in node.rows)
            return rf"\begin{{{node.head}}} {rows} \end{{{node.head}}}"
    return node.head


def _sized_name(node: Node) -> str:
    side = {"open": "l", "close": "r", "rel": "m"}.get(node.kind, "")
    return rf"\{node.head}{side}"


class _Reader:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, latex: str):
        self.latex = latex
        self.tokens = [
            match.group(1) for match in _TOKEN.finditer(latex) if match.group(1).strip() or match.group(1) == "\\ "
        ]
        self.starts = [
            match.start(1) for match in _TOKEN.finditer(latex) if match.group(1).strip() or match.group(1) == "\\ "
        ]
        self.at = 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise RenderError(f"the formula {self.latex!r} ends too early")
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        found = self.peek()
        if found != token:
            raise RenderError(f"expected {token!r}, found {found!r} in the formula {self.latex!r}")
        self.at += 1

    def formula(self, stop: tuple[str, ...]) -> Formula:
        nodes: list[Node] = []
        while (token := self.peek()) is not None and token not in ("}", *stop):
            if token in ("^", "_"):
                base = nodes.pop() if nodes else Node("ord", "group", "", ((),))
                nodes.append(self.scripts(base))
            elif token == "'":
                self.take()
                base = nodes.pop() if nodes else Node("ord", "group", "", ((),))
                nodes.append(self.scripts(base, primes=1))
            else:
                nodes.append(self.atom())
        return tuple(nodes)

    def scripts(self, base: Node, primes: int = 0) -> Node:
        parts: dict[str, Formula] = {}
        while (token := self.peek()) in ("^", "_", "'"):
            self.take()
            if token == "'":
                primes += 1
                continue
            if token in parts:
                raise RenderError(f"double {token!r} in the formula {self.latex!r}: use braces or brackets")
            parts[str(token)] = self.argument()
        mark = tuple(Node("ord", "symbol", r"\prime") for _ in range(primes))
        return Node(base.kind, "script", "'" * primes, ((base,), parts.get("_", ()), mark + parts.get("^", ())))

    def argument(self) -> Formula:
        if self.peek() == "{":
            self.take()
            inside = self.formula(stop=())
            self.expect("}")
            return inside
        return (self.atom(),)

    def raw(self) -> str:
        """The text of a braced argument, taken literally."""
        self.expect("{")
        begin = self.starts[self.at - 1] + 1
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
        return self.latex[begin : self.starts[self.at - 1]]

    def atom(self) -> Node:
        token = self.take()
        name = token[1:]
        if token == "{":
            inside = self.formula(stop=())
            self.expect("}")
            return Node("ord", "group", "", (inside,))
        if token in CLASS:
            return Node(CLASS[token], "symbol", token)
        if token.isascii() and token.isalnum():
            return Node("ord", "symbol", token)
        if token in SPACES:
            return Node("space", "space", token)
        if token in STYLES:
            return Node("space", "style", token)
        if token.startswith("\\") and len(token) > 1:
            return self.command(token, name)
        raise RenderError(f"{token!r} is not in the dialect of formulas (in {self.latex!r})")

    def command(self, token: str, name: str) -> Node:
        if name in FRACTIONS:
            return Node("ord", "frac", token, (self.argument(), self.argument()))
        if name == "sqrt":
            index: Formula = ()
            if self.peek() == "[":
                self.take()
                index = self.formula(stop=("]",))
                self.expect("]")
            return Node("ord", "root", token, (index, self.argument()))
        if name in ACCENTS:
            return Node("ord", "wrap", token, (self.argument(),))
        if name.removesuffix("*") in FONTS:
            kind = "op" if name.startswith("operatorname") else "ord"
            return Node(kind, "wrap", token, (self.argument(),))
        if name in STACKS:
            return Node("rel", "wrap", token, (self.argument(), self.argument()))
        if name == "text":
            return Node("ord", "text", self.plain(self.raw()))
        if name == "left":
            return self.fence()
        if name == "begin":
            return self.table()
        return self.sized(token, name)

    def plain(self, text: str) -> str:
        if not _ONLY_TEXT.fullmatch(text):
            raise RenderError(f"\\text{{{text}}}: only letters, digits and plain punctuation may stand there")
        return text

    def sized(self, token: str, name: str) -> Node:
        for size in reversed(SIZES):
            if name in (size, f"{size}l", f"{size}r", f"{size}m"):
                delimiter = self.delimiter()
                kind = {"l": "open", "r": "close", "m": "rel"}.get(name.removeprefix(size), "ord")
                return Node(kind, "sized", size, ((Node("ord", "symbol", delimiter),),))
        raise RenderError(f"the command {token} is not in the dialect of formulas (in {self.latex!r})")

    def delimiter(self) -> str:
        token = self.take()
        if token not in OPENING and token not in CLOSING and token not in NEUTRAL:
            raise RenderError(f"{token!r} is not a delimiter (in {self.latex!r})")
        return token

    def fence(self) -> Node:
        left = self.delimiter()
        inside = self.formula(stop=(r"\right",))
        self.expect(r"\right")
        return Node("inner", "fence", left + " " + self.delimiter(), (inside,))

    def table(self) -> Node:
        name = self.raw()
        if name not in TABLES:
            raise RenderError(f"the environment {name!r} is not in the dialect of formulas")
        rows: list[tuple[Formula, ...]] = []
        cells: list[Formula] = []
        while True:
            cells.append(self.formula(stop=("&", r"\\", r"\end")))
            token = self.take()
            if token == "&":
                continue
            rows.append(tuple(cells))
            cells = []
            if token == r"\end":
                break
            if token != r"\\":
                raise RenderError(f"unbalanced {token!r} in the formula {self.latex!r}")
        if self.raw() != name:
            raise RenderError(f"\\begin{{{name}}} is closed by another environment in {self.latex!r}")
        return Node("inner" if name == "cases" else "ord", "table", name, (), tuple(rows))

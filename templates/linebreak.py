"""Breaks displayed equations into lines that fit a column, by TeX's own sizes and a shortest-path search.

Two layouts compete: continuation lines that hang from the relation sign, and continuation lines that hang from the
left edge (for long left sides and narrow columns). The cheaper one wins; the price of a break is set in `pieces.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from .dialect import expand, latex_of, parse
from .errors import RenderError
from .pieces import Piece, pieces_of
from .widths import measure

QUAD = 10.0
NUMBER = 30.0  # room for the equation number and the least space before it
LINE_PRICE = 100.0
HANGING_LEFT_PRICE = 40.0
# a short left side alone on its line looks lost: the break before the relation is for long ones
SHORT_LEFT, SHORT_LEFT_PRICE = 0.3, 150.0
DEEPEST_INDENT = 4.0  # quads; narrow columns have no more to spare
_SLACK = 0.985
# Fractions and roots wider than this part of a line are opened up; smaller parts are tried when larger ones fail.
LOOSENING = (1.0, 0.75, 0.5, 0.3)


class TooWide(RenderError):
    """A part that cannot be broken is wider than the line."""

    def __init__(self, latex: str, width: float, line: float):
        shown = latex if len(latex) < 120 else latex[:117] + "..."
        super().__init__(f"{shown} is {width:.0f} pt wide and cannot be broken; the line has {line:.0f} pt")
        self.latex = latex


@dataclass(frozen=True)
class Layout:
    """The lines of a display; `&` marks the alignment point when there are several."""

    lines: tuple[str, ...]
    cost: float

    @property
    def latex(self) -> str:
        if len(self.lines) == 1:
            # The first mark is the alignment point; others belong to matrices.
            return self.lines[0].replace("&", "", 1)
        return "\\begin{aligned}\n" + " \\\\\n".join(self.lines) + "\n\\end{aligned}"


def break_display(
    equations: Sequence[tuple[str, str, str]],
    column: float,
    ends: Sequence[str] = (),
    macros: Mapping[str, str] | None = None,
) -> Layout:
    """Set (lhs, relation, rhs) triples of LaTeX one below the other in a column, room for the number left free.

    `ends`: the punctuation after each; `macros`: the user's argument-free commands. Raises TooWide when a part that
    cannot be broken exceeds the line.
    """
    line = _SLACK * (column - NUMBER)
    closed = [
        (expand(lhs, macros or {}), relation, expand(rhs, macros or {}) + end)
        for (lhs, relation, rhs), end in zip(equations, ends or [""] * len(equations))
    ]
    failure: TooWide | None = None
    for part in LOOSENING:
        choices: list[Layout] = []
        for layout in (_hanging_from_relation, _hanging_from_left):
            try:
                choices.append(layout(closed, line, part))
            except TooWide as error:
                failure = failure or error
        if choices:
            return min(choices, key=lambda layout: layout.cost)
    raise failure or RenderError("nothing to set")


def _hanging_from_relation(equations: Sequence[tuple[str, str, str]], line: float, part: float) -> Layout:
    left = max(measure(parse(lhs)).width for lhs, _, _ in equations) + 3.0
    lines: list[str] = []
    cost = 0.0
    for lhs, relation, rhs in equations:
        row = _Row(tuple(pieces_of(parse(f"{relation} {rhs}"), part * (line - left))), line - left, hang=2.0)
        lines.extend(f"{lhs if index == 0 else ''}&{text}" for index, text in enumerate(row.lines))
        cost += row.cost
    return Layout(tuple(lines), cost)


def _hanging_from_left(equations: Sequence[tuple[str, str, str]], line: float, part: float) -> Layout:
    lines: list[str] = []
    cost = HANGING_LEFT_PRICE
    for lhs, relation, rhs in equations:
        pieces = pieces_of(parse(f"{lhs} {relation} {rhs}"), part * line)
        if measure(parse(lhs)).width < SHORT_LEFT * line:
            first = next(k for k, piece in enumerate(pieces) if piece.kind == "rel")
            pieces[first] = replace(pieces[first], price=SHORT_LEFT_PRICE)
        row = _Row(tuple(pieces), line, hang=1.0)
        lines.extend(f"&{text}" for text in row.lines)
        cost += row.cost
    return Layout(tuple(lines), cost)


@dataclass(frozen=True)
class _Row:
    """The best way to cut one row of pieces into lines; `hang`: indentation of continuation lines, in quads."""

    pieces: tuple[Piece, ...]
    line: float
    hang: float

    @cached_property
    def ends(self) -> list[float]:
        """Width of the row up to and including each piece."""
        total, found = 0.0, [0.0]
        for piece in self.pieces:
            total += piece.lead + piece.width
            found.append(total)
        return found

    def indent(self, first: int) -> float:
        if first == 0 or (self.pieces[first].kind == "rel" and self.hang > 1.0):
            return 0.0
        return QUAD * min(self.hang + self.pieces[first].depth, DEEPEST_INDENT)

    def width(self, first: int, last: int) -> float:
        """The width of pieces first..last-1 set on one line, without the indentation."""
        head = self.pieces[first]
        joint = 12.3 if head.joint and first else 0.0
        return self.ends[last] - self.ends[first] - head.lead + joint

    def line_cost(self, first: int, last: int) -> float | None:
        room = self.line - self.indent(first)
        width = self.width(first, last)
        if width > room:
            return None
        cost = LINE_PRICE + (self.pieces[first].price or 0.0 if first else 0.0)
        empty = 1 - width / room
        if last < len(self.pieces):
            return cost + 25 * empty**2
        return cost + (25.0 if first and empty > 0.85 else 0.0)

    @cached_property
    def cuts(self) -> tuple[list[int], float]:
        """Where the lines begin, and what the whole row costs: a shortest path over the allowed breaks."""
        count = len(self.pieces)
        starts = [0] + [k for k in range(1, count) if self.pieces[k].price is not None]
        best: dict[int, tuple[float, int]] = {0: (0.0, -1)}
        for last in [*starts[1:], count]:
            options = []
            for first in starts:
                if first >= last or first not in best:
                    continue
                cost = self.line_cost(first, last)
                if cost is not None:
                    options.append((best[first][0] + cost, first))
            if options:
                best[last] = min(options)
        if count not in best:
            raise self.obstacle(starts)
        cuts, at = [], count
        while at > 0:
            at = best[at][1]
            cuts.append(at)
        return cuts[::-1], best[count][0]

    def obstacle(self, starts: list[int]) -> TooWide:
        """The widest stretch between two neighbouring breaks: what has to be named or rewritten."""
        stops = [*starts[1:], len(self.pieces)]
        spans = [(self.width(a, b) + self.indent(a) - self.line, a, b) for a, b in zip(starts, stops)]
        _, first, last = max(spans)
        latex = _joined([p.latex for p in self.pieces[first:last]])
        return TooWide(latex, self.width(first, last), self.line - self.indent(first))

    @property
    def cost(self) -> float:
        return self.cuts[1]

    @property
    def lines(self) -> list[str]:
        cuts = self.cuts[0]
        stops = [*cuts[1:], len(self.pieces)]
        line_of = {
            piece.fence: n for n, (a, b) in enumerate(zip(cuts, stops)) for piece in self.pieces[a:b] if piece.fence
        }
        done = []
        for first, last in zip(cuts, stops):
            words = [self.text(piece, line_of) for piece in self.pieces[first:last]]
            head = self.pieces[first]
            if first:
                sign = "{} " if head.kind == "bin" else f"{{}} {head.joint}" if head.joint else ""
                indent = self.indent(first) / QUAD
                words.insert(0, _skip(indent) + sign)
            done.append(_joined(words))
        return done

    def text(self, piece: Piece, line_of: dict[int, int]) -> str:
        """A delimiter whose partner is on the same line grows by itself; one that is cut off has a fixed size."""
        if piece.fence and line_of[piece.fence] == line_of[-piece.fence]:
            return piece.whole
        return piece.latex


def _skip(quads: float) -> str:
    """An indentation of so many quads."""
    double, single = divmod(round(quads), 2)
    return r"\qquad " * double + r"\quad " * single


def _joined(words: Sequence[str]) -> str:
    text = ""
    for word in words:
        glue = " " if re.search(r"\\[A-Za-z]+$", text) or (text and not text.endswith((" ", "{", "("))) else ""
        text += glue + word
    return re.sub(r" {2,}", " ", text).strip()


def normal(latex: str) -> str:
    """A formula in the canonical spacing of the dialect; raises RenderError when it is outside the dialect."""
    return latex_of(parse(latex))

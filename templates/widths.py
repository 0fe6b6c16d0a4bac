r"""Sizes of formulas as TeX will set them: width, height above and depth below the baseline, in points at 10 pt.

Widths of symbols come from `widths.json` (measured once, see `calibrate.py`); how they add up - spaces between
classes, scripts, fractions, roots, growing brackets - follows Appendix G of The TeXbook, with heights rounded up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .dialect import Formula, Node, parse
from .vocabulary import INTEGRAL, SIZES, SPACES, STACKED, STYLES

DISPLAY, TEXT = 0, 1
_EM = (10.0, 10.0, 7.0, 5.0)
_AXIS = 2.5
_NULL = 1.2  # \nulldelimiterspace, on either side of a fraction
_FENCE_HEIGHTS = (10.0, 12.0, 18.0, 24.0, 30.0)
_CLASSES = ("ord", "op", "bin", "rel", "open", "close", "punct", "inner")
# spaces between neighbours in units of 0, thin, medium, thick; negative: in display and text style only
_BETWEEN = {
    "ord": (0, 1, -2, -3, 0, 0, 0, -1),
    "op": (1, 1, 0, -3, 0, 0, 0, -1),
    "bin": (-2, -2, 0, 0, -2, 0, 0, -2),
    "rel": (-3, -3, 0, 0, -3, 0, 0, -3),
    "open": (0, 0, 0, 0, 0, 0, 0, 0),
    "close": (0, 1, -2, -3, 0, 0, 0, -1),
    "punct": (-1, -1, 0, -1, -1, -1, -1, -1),
    "inner": (-1, 1, -2, -3, -1, 0, -1, -1),
}
_MU = (0.0, 3.0, 4.0, 5.0)


@dataclass(frozen=True)
class Size:
    """width; up: height above the baseline; down: depth below it."""

    width: float
    up: float = 7.0
    down: float = 2.0

    @property
    def half(self) -> float:
        """Half the height of a bracket that covers it, centred on the axis."""
        return max(self.up - _AXIS, self.down + _AXIS)


@cache
def _table() -> Mapping[str, list[float]]:
    return json.loads(Path(__file__).with_name("widths.json").read_text(encoding="utf-8"))


def symbol_width(key: str, style: int) -> float:
    """The measured width of a symbol; a key that was never measured counts as a wide letter."""
    found = _table().get(key)
    return found[style] if found else 0.9 * _EM[style]


def space(left: str, right: str, style: int) -> float:
    """The space TeX puts between two classes."""
    units = _BETWEEN[left][_CLASSES.index(right)]
    if units < 0 and style > TEXT:
        return 0.0
    return _MU[abs(units)] * _EM[style] / 18


def settled(kinds: list[str]) -> list[str]:
    """The classes after TeX's rule that a binary sign without two operands is an ordinary symbol."""
    done: list[str] = []
    for kind in kinds:
        if kind == "bin" and (not done or done[-1] in ("bin", "op", "rel", "open", "punct")):
            kind = "ord"
        if kind in ("rel", "close", "punct") and done and done[-1] == "bin":
            done[-1] = "ord"
        done.append(kind)
    if done and done[-1] == "bin":
        done[-1] = "ord"
    return done


def fence_name(half: float) -> str:
    """The sized command ("" for plain) whose bracket covers `half` above and below the axis, as \\left would choose."""
    wanted = max(2 * half * 0.901, 2 * half - 5.0)
    for name, height in zip(("", *SIZES), _FENCE_HEIGHTS):
        if height >= wanted:
            return name
    return SIZES[-1]


def fence_width(delimiter: str, half: float, style: int) -> float:
    if delimiter == ".":
        return _NULL
    name = fence_name(half)
    # the extensible brackets beyond the largest size are about a point wider
    extra = 1.0 if 2 * half > _FENCE_HEIGHTS[-1] else 0.0
    return symbol_width(rf"\{name} {delimiter}" if name else delimiter, style) + extra


def measure(formula: Formula, style: int = DISPLAY) -> Size:
    """The size of a formula in one of TeX's four styles."""
    nodes: list[tuple[Node, Size]] = []
    width = up = down = 0.0
    kinds: list[str] = []
    for node in formula:
        if node.form == "style":
            style = STYLES[node.head]
        elif node.form == "space":
            width += SPACES[node.head] * _EM[style] / 18
        else:
            nodes.append((node, measure_node(node, style)))
            kinds.append(node.kind)
    kinds = settled(kinds)
    for index, (_, size) in enumerate(nodes):
        width += size.width + (space(kinds[index - 1], kinds[index], style) if index else 0.0)
        up, down = max(up, size.up), max(down, size.down)
    return Size(width, up, down)


def measure_node(node: Node, style: int) -> Size:
    scale = _EM[style] / 10
    match node.form:
        case "symbol":
            tall = node.head.removeprefix("\\") in INTEGRAL or node.head in (r"\sum", r"\prod")
            reach = (9.5, 4.5) if tall and style == DISPLAY else (7.5, 2.5)
            slack = 1.5 * scale if node.head.removeprefix("\\") in INTEGRAL else 0.0
            return Size(symbol_width(node.head, style) + slack, reach[0] * scale, reach[1] * scale)
        case "text":
            return Size(sum(symbol_width(rf"\text {c}", style) for c in node.head), 7 * scale, 2 * scale)
        case "group":
            return measure(node.parts[0], style)
        case "sized":
            half = _FENCE_HEIGHTS[1 + SIZES.index(node.head)] / 2
            return Size(symbol_width(rf"\{node.head} {node.parts[0][0].head}", style), half + _AXIS, half - _AXIS)
        case "frac":
            return _fraction(node, style)
        case "root":
            return _root(node, style)
        case "wrap":
            return _wrap(node, style)
        case "fence":
            return _fence(node, style)
        case "script":
            return _script(node, style)
        case "pair":
            inside = measure(node.parts[0], style)
            ends = [measure(parse(part), style) for part in node.head.split(" ")]
            width = inside.width + ends[0].width + ends[1].width
            return Size(width, max(inside.up, ends[0].up), max(inside.down, ends[0].down))
    return _grid(node, style)


def _fraction(node: Node, style: int) -> Size:
    style = {r"\tfrac": TEXT, r"\dfrac": DISPLAY}.get(node.head, style)
    inner = min(style + 1, 3)
    above, below = measure(node.parts[0], inner), measure(node.parts[1], inner)
    scale = _EM[style] / 10
    shift = (6.8, 6.9) if style == DISPLAY else (4.0, 3.5)
    clearance = 1.4 if style == DISPLAY else 0.6
    up = max(shift[0] * scale, _AXIS * scale + clearance + above.down) + above.up
    down = max(shift[1] * scale, clearance - _AXIS * scale + below.up) + below.down
    return Size(max(above.width, below.width) + 2 * _NULL, up, down)


def _root(node: Node, style: int) -> Size:
    inside = measure(node.parts[1], style)
    scale = _EM[style] / 10
    sign = 8.4 if inside.up + inside.down < 11 * scale else 10.1
    index = max(0.0, measure(node.parts[0], 3).width - 2.5) if node.parts[0] else 0.0
    return Size(inside.width + sign * scale + index, inside.up + 2 * scale, inside.down + 0.5)


def _wrap(node: Node, style: int) -> Size:
    if len(node.parts) == 2:
        above, base = measure(node.parts[0], min(style + 2, 3)), measure(node.parts[1], style)
        return Size(max(above.width, base.width), base.up + above.up + 2, base.down)
    name = r"\mathrm" if node.head.startswith(r"\operatorname") else node.head
    if name in (r"\boldsymbol", r"\mathbf", r"\mathrm", r"\mathsf", r"\mathit", r"\mathtt", r"\mathcal", r"\mathbb",
                r"\mathfrak"):  # fmt: skip
        inside = measure(node.parts[0], style)
        letters = [n for n in node.parts[0] if n.form == "symbol"]
        change = sum(_restyled(name, n.head, style) - symbol_width(n.head, style) for n in letters)
        return Size(inside.width + change, inside.up, inside.down)
    inside = measure(node.parts[0], style)
    return Size(inside.width, inside.up + 2.5 * _EM[style] / 10, inside.down)


def _restyled(font: str, letter: str, style: int) -> float:
    if font == r"\boldsymbol":
        return 1.2 * symbol_width(letter, style)
    key = f"{font} {letter}"
    return symbol_width(key, style) if key in _table() else symbol_width(letter, style)


def _fence(node: Node, style: int) -> Size:
    inside = measure(node.parts[0], style)
    left, right = node.head.split(" ")
    width = fence_width(left, inside.half, style) + inside.width + fence_width(right, inside.half, style)
    return Size(width, max(inside.up, 7.5), max(inside.down, 2.5))


def _script(node: Node, style: int) -> Size:
    base = measure(node.parts[0], style)
    inner = min(style + 2, 3) if style == DISPLAY else min(style + 1, 3)
    low, high = measure(node.parts[1], inner), measure(node.parts[2], inner)
    scale = _EM[style] / 10
    name = node.parts[0][0].head.removeprefix("\\") if len(node.parts[0]) == 1 else ""
    if style == DISPLAY and name in STACKED:
        up = base.up + (high.up + high.down + 2 if node.parts[2] else 0)
        down = base.down + (low.up + low.down + 2 if node.parts[1] else 0)
        return Size(max(base.width, low.width, high.width), up, down)
    up = max(base.up, (max(4.2 * scale, base.up - 3.9 * scale) + high.up) if node.parts[2] else 0)
    down = max(base.down, (max(2.5 * scale, base.down + 0.5 * scale) + low.down) if node.parts[1] else 0)
    return Size(base.width + max(low.width, high.width) + 0.5, up, down)


def _grid(node: Node, style: int) -> Size:
    style = max(style, TEXT)
    columns = max(len(row) for row in node.rows)
    sizes = [[measure(cell, style) for cell in row] for row in node.rows]
    widths = [max((row[k].width for row in sizes if k < len(row)), default=0.0) for k in range(columns)]
    heights = [max(12.0, max(s.up + s.down for s in row) + 2) for row in sizes]
    border = {"cases": 12.0, "matrix": 0.0, "aligned": 0.0}.get(node.head, 17.0)
    half = sum(heights) / 2
    return Size(sum(widths) + 10.0 * (columns - 1) + border, half + _AXIS, half - _AXIS)

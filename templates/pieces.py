"""A formula as a row of unbreakable pieces, with the price of a line break before each.

Breaks are offered at relations, sums and products of the top level and inside brackets, down to a depth. A bracket that
may be broken is opened into its two delimiters, which then carry a fixed size. A fraction wider than a line becomes
`1/D [N]` or `N [D]^{-1}`, a root becomes `[...]^{1/2}`: the same value in a form that can be broken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .dialect import Formula, Node, latex_of
from .vocabulary import LARGE, OPENING
from .widths import DISPLAY, fence_name, fence_width, measure, measure_node, settled, space

RELATION_PRICE = 5.0
SUM_PRICE = (20.0, 60.0, 160.0, 300.0, 450.0, 700.0, 900.0)
PRODUCT_PRICE = (90.0, 150.0, 320.0, 450.0, 600.0, 800.0, 1000.0)
DEEPEST = 9  # levels of brackets inside which a line may be broken
_ONE = (Node("ord", "symbol", "1"),)


@dataclass(frozen=True)
class Piece:
    """latex, its class and width; lead: the space before it when it stands inside a line.

    price: what a line break before it costs (None: forbidden); joint: a sign to print when the line begins here
    (a product broken between two factors shows a times sign); depth: brackets around it; fence: number of the opened
    bracket this piece opens (positive) or closes (negative), else 0; whole: the delimiter as it reads unbroken.
    """

    latex: str
    kind: str
    width: float
    lead: float = 0.0
    price: float | None = None
    joint: str = ""
    depth: int = 0
    fence: int = 0
    whole: str = ""


def pieces_of(formula: Formula, line: float) -> list[Piece]:
    """The pieces of a formula for lines of the given width."""
    builder = _Builder(line)
    builder.level(formula, 0)
    kinds = settled([p.kind for p in builder.pieces])
    done: list[Piece] = []
    for index, piece in enumerate(builder.pieces):
        lead = space(kinds[index - 1], kinds[index], DISPLAY) if index else 0.0
        signed = piece.kind == "bin" and kinds[index] == "ord"
        # a sign without a left operand belongs to what follows: no break before it
        done.append(replace(piece, lead=lead + piece.lead, price=None if signed else piece.price))
    return done


def _bracket(inside: Formula, power: Formula) -> Node:
    fence = Node("inner", "fence", "[ ]", (inside,))
    return Node("inner", "script", "", ((fence,), (), power)) if power else fence


def _negative_power() -> Formula:
    return (Node("bin", "symbol", "-"), *_ONE)


def loosened(node: Node, line: float) -> Formula:
    """The node itself when it fits in a line, else an equal form that can be broken."""
    if node.form in ("space", "style") or measure_node(node, DISPLAY).width <= line:
        return (node,)
    if node.form == "frac" and node.head != r"\binom":
        above, below = node.parts
        if measure(below, DISPLAY).width + 4 <= 0.6 * line:
            return (Node("ord", "frac", r"\frac", (_ONE, below)), _bracket(above, ()))
        if measure(above, DISPLAY).width <= 0.6 * line:
            return (*_factor(above), _bracket(below, _negative_power()))
        return (_bracket(above, ()), _bracket(below, _negative_power()))
    if node.form == "root":
        index = node.parts[0] or (Node("ord", "symbol", "2"),)
        return (_bracket(node.parts[1], (*_ONE, Node("ord", "symbol", "/"), *index)),)
    if node.form == "group":
        return node.parts[0]
    return (node,)


def _factor(formula: Formula) -> Formula:
    """The formula, bracketed when it is a sum."""
    is_sum = any(n.kind in ("bin", "rel") and n.head in "+-" for n in formula)
    return (_bracket(formula, ()),) if is_sum else formula


class _Builder:
    def __init__(self, line: float):
        self.line = line
        self.pieces: list[Piece] = []
        self.opened = 0

    def level(self, formula: Formula, depth: int) -> None:
        nodes = [part for node in _with_fences(formula) for part in loosened(node, self.line)]
        gap, before = 0.0, None
        spaces = ""
        for index, node in enumerate(nodes):
            if node.form in ("space", "style"):
                gap += measure((node,), DISPLAY).width
                spaces += node.head + " "
                continue
            price, joint = self.price(nodes, index, before, depth)
            first = len(self.pieces)
            self.node(node, depth, price, joint)
            if gap or spaces:
                head = self.pieces[first]
                self.pieces[first] = replace(head, latex=spaces + head.latex, width=head.width + gap)
                gap, spaces = 0.0, ""
            before = node

    def price(self, nodes: list[Node], index: int, before: Node | None, depth: int) -> tuple[float | None, str]:
        """What a break before this node costs, and the sign to print there."""
        node = nodes[index]
        if before is None or depth > DEEPEST:
            return None, ""
        if node.kind == "rel" and depth == 0 and node.form in ("symbol", "wrap"):
            return RELATION_PRICE, ""
        if node.kind == "bin":
            sums = node.head in ("+", "-", r"\pm", r"\mp")
            return _at(SUM_PRICE if sums else PRODUCT_PRICE, depth), ""
        if before.kind == "punct" and depth:
            return _at(SUM_PRICE, depth), ""
        wide = any(_bracket_of(n) or n.form == "frac" for n in (node, before)) or _is_large(node)
        operands = before.kind in ("ord", "inner", "close") and node.kind in ("ord", "inner", "op")
        ends_sentence = node.form == "symbol" and node.head in (".", ",", ";")
        if wide and operands and not ends_sentence and not _is_call(before, node):
            return _at(PRODUCT_PRICE, depth), r"\times "
        return None, ""

    def node(self, node: Node, depth: int, price: float | None, joint: str) -> None:
        base = _bracket_of(node)
        tail = latex_of((replace(node, parts=((), *node.parts[1:])),)) if base is not node and base else ""
        size = measure_node(node, DISPLAY)
        if base is None or depth >= DEEPEST or size.width < 0.22 * self.line:
            text = latex_of((node,))
            self.pieces.append(Piece(text, node.kind, size.width, 0.0, price, joint, depth))
            return
        left, right = base.head.split(" ")
        # a pair that the author sized keeps its sizes
        half = measure(base.parts[0], DISPLAY).half
        name = "" if base.form == "pair" and "\\" in left else fence_name(half)
        self.opened += 1
        number = self.opened
        opening = rf"\{name}l{left}" if name else left
        closing = (rf"\{name}r{right}" if name else right) + tail
        width = fence_width(left, half, DISPLAY)
        whole = rf"\left{left} " if base.form == "fence" else left
        # an unbroken \left...\right pair has thin spaces around it, which sized delimiters lack: count them
        self.pieces.append(Piece(opening, "open", width + 1.7, 0.0, price, joint, depth, number, whole))
        self.level(base.parts[0], depth + 1)
        width = size.width - measure(base.parts[0], DISPLAY).width - width
        whole = (rf" \right{right}" if base.form == "fence" else right) + tail
        self.pieces.append(Piece(closing, "close", width + 1.7, 0.0, None, "", depth, -number, whole))


def _at(prices: tuple[float, ...], depth: int) -> float:
    return prices[min(depth, len(prices) - 1)]


def _bracket_of(node: Node) -> Node | None:
    """The bracket that a node is, or that carries its scripts."""
    base = node.parts[0][0] if node.form == "script" and len(node.parts[0]) == 1 else node
    return base if base.form in ("fence", "pair") else None


def _is_large(node: Node) -> bool:
    base = node.parts[0][0] if node.form == "script" and node.parts[0] else node
    return base.head.removeprefix("\\") in LARGE


def _is_call(before: Node, node: Node) -> bool:
    """Whether `node` is the argument list of `before`: a letter followed by round brackets."""
    named = before.form in ("symbol", "script", "wrap") and before.kind == "ord" and not before.head.isdigit()
    bracket = _bracket_of(node)
    return named and bracket is not None and bracket.head.startswith("(")


def _with_fences(formula: Formula) -> Formula:
    """Plain brackets that match at this level, gathered into fences; unmatched ones stay symbols."""
    stack: list[list[Node]] = [[]]
    openers: list[Node] = []
    for node in formula:
        base = node.parts[0][0] if node.form == "script" and len(node.parts[0]) == 1 else node
        if node.kind == "open" and node.form in ("symbol", "sized"):
            openers.append(node)
            stack.append([])
        elif base.kind == "close" and base.form in ("symbol", "sized") and openers and base.head != "!":
            left, inside = openers.pop(), tuple(stack.pop())
            if OPENING.get(_delimiter(left)) != _delimiter(base):
                stack[-1].extend([left, *inside, node])
                continue
            fence = Node("ord", "pair", f"{latex_of((left,))} {latex_of((base,))}", (inside,))
            if node is not base:
                fence = replace(node, kind="ord", parts=((fence,), *node.parts[1:]))
            stack[-1].append(fence)
        else:
            stack[-1].append(node)
    while openers:
        rest = stack.pop()
        stack[-1].extend([openers.pop(), *rest])
    return tuple(stack[0])


def _delimiter(node: Node) -> str:
    return node.parts[0][0].head if node.form == "sized" else node.head

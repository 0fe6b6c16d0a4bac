"""The graph of steps as inline SVG: one row per rank, edges as curves, a link on every node."""

from __future__ import annotations

import html
from collections.abc import Mapping

from .record import Document, Shown

ROW, COLUMN, RADIUS, MARGIN = 30, 34, 11, 16
_CLASS = {"definition": "definition", "assumed": "assumed"}


def svg(doc: Document) -> str:
    """The steps by number, each below all its inputs; colours tell the standing, arrows what rests on what."""
    steps = [step for section in doc.sections for step in section.steps]
    place = _layout(steps)
    width = MARGIN * 2 + COLUMN * (1 + max(x for x, _ in place.values()))
    height = MARGIN * 2 + ROW * (1 + max(y for _, y in place.values()))
    edges = [_edge(place[name], place[step.label]) for step in steps for name in step.input_labels]
    nodes = [_node(step, place[step.label]) for step in steps]
    return (
        f'<svg class="graph" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="graph of the steps">{"".join(edges)}{"".join(nodes)}</svg>'
    )


def _layout(steps: list[Shown]) -> Mapping[str, tuple[int, int]]:
    """Rows by the longest chain of inputs; within a row, near the mean column of the inputs, in order of the text."""
    rank: dict[str, int] = {}
    for step in steps:
        rank[step.label] = 1 + max((rank[name] for name in step.input_labels), default=-1)
    # A definition stands just above its first use, not at the top of the page.
    for step in reversed(steps):
        users = [rank[other.label] for other in steps if step.label in other.input_labels]
        if not step.input_labels and users:
            rank[step.label] = min(users) - 1
    rows: dict[int, list[Shown]] = {}
    for step in steps:
        rows.setdefault(rank[step.label], []).append(step)
    place: dict[str, tuple[int, int]] = {}
    for y in sorted(rows):
        taken: set[int] = set()
        for step in rows[y]:
            above = [place[name][0] for name in step.input_labels if name in place]
            x = round(sum(above) / len(above)) if above else 0
            while x in taken:
                x += 1
            taken.add(x)
            place[step.label] = (x, y)
    return place


def _centre(point: tuple[int, int]) -> tuple[int, int]:
    return MARGIN + RADIUS + point[0] * COLUMN, MARGIN + RADIUS + point[1] * ROW


def _edge(source: tuple[int, int], target: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = _centre(source), _centre(target)
    y1, y2 = y1 + RADIUS, y2 - RADIUS
    middle = (y1 + y2) // 2
    return f'<path d="M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"/>'


def _node(step: Shown, point: tuple[int, int]) -> str:
    x, y = _centre(point)
    kind = _CLASS.get(step.kind, step.level)
    title = html.escape(f"({step.number}) {step.label}: {step.mark}")
    return (
        f'<a href="#{step.label}"><g class="node {kind}"><title>{title}</title>'
        f'<circle cx="{x}" cy="{y}" r="{RADIUS}"/><text x="{x}" y="{y + 3}">{step.number}</text></g></a>'
    )

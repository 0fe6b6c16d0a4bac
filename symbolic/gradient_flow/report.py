"""A count as plain data, as text and as LaTeX, for command lines and templates; strings only, same count same bytes."""

from __future__ import annotations

from typing import Any

from .blocks import LawBlock, law_blocks
from .counting import LawCount
from .explanation import explain
from .law_text import further_text
from .remarks import remarks


def as_record(count: LawCount) -> dict[str, Any]:
    """Everything a reader needs: numbers, status, statements, and per law its formula, LaTeX, symmetry and words."""
    phi = count.phi
    chosen = set(count.chosen)
    laws = []
    for number, law in enumerate(count.laws):
        told = explain(law, phi)
        laws.append(
            {
                "formula": told.formula,
                "latex": told.latex,
                "kind": told.kind,
                "words": told.words,
                "independent": number in chosen,
            }
        )
    for law in count.further:
        laws.append(
            {
                "formula": further_text(law, count.laws, phi, tex=False),
                "latex": further_text(law, count.laws, phi, tex=True),
                "kind": "rational" if law.rational else "logarithmic",
                "words": _cofactors(law.rational),
                "independent": True,
            }
        )
    return {
        "network": phi.name,
        "dynamics": count.dynamics,
        "D": phi.D,
        "N": count.N,
        "lower": count.lower,
        "upper": count.upper,
        "lie_rank": count.lie_rank,
        "complete": count.complete,
        "route": count.route,
        "status": count.status.level.value,
        "statements": list(count.statements),
        "remarks": list(remarks(count)),
        "blocks": [
            {
                "formula": block.formula,
                "latex": block.latex,
                "words": block.words,
                "symmetry": block.symmetry,
                "laws": len(block.laws),
            }
            for block in _blocks(count)
        ],
        "laws": laws,
    }


def _cofactors(rational: bool) -> str:
    if rational:
        return "no linear symmetry: numerator and denominator grow at one relative rate along every gradient"
    return "no linear symmetry: the relative rates of the Darboux polynomials cancel against the polynomial part"


def _blocks(count: LawCount) -> list[LawBlock]:
    """Matrix laws whole, if some entry is independent; of the other laws those that are."""
    chosen = set(count.chosen)
    found = [block for block in law_blocks(count.laws, count.phi) if chosen.intersection(block.laws)]
    for number, law in enumerate(count.further, len(count.laws)):
        text, latex = (further_text(law, count.laws, count.phi, tex) for tex in (False, True))
        found.append(LawBlock(text, latex, _cofactors(law.rational), "", (number,)))
    return found


def as_text(count: LawCount, most: int = 40) -> str:
    """Block by block: a matrix law with its symmetry, then its independent entries; at most `most` entries in all."""
    known = f"N = {count.N}" if count.N is not None else f"{count.lower} <= N <= {count.upper}"
    lines = [f"{count.phi.name}, {count.dynamics}: D = {count.D}, {known} ({count.status.level.value})"]
    chosen, shown, hidden = set(count.chosen), 0, 0
    for block in _blocks(count):
        if len(block.laws) == 1:
            if shown >= most:
                hidden += 1
                continue
            shown += 1
            kind = explain(count.laws[block.laws[0]], count.phi).kind if block.laws[0] < len(count.laws) else ""
            lines.append(f"  {block.formula}   [{f'{kind}: ' if kind else ''}{block.words}]")
            continue
        lines += [f"  {block.formula}   ({len(block.laws)} laws)", f"    {block.words}"]
        for number in block.laws:
            if number in chosen and shown < most:
                shown += 1
                lines.append(f"    {explain(count.laws[number], count.phi).formula}")
            elif number in chosen:
                hidden += 1
    if hidden:
        lines.append(f"  ... and {hidden} more")
    return "\n".join([*lines, *count.statements, *remarks(count)]) + "\n"


def as_latex(count: LawCount) -> str:
    """An align* of the blocks: each matrix law whole, its symmetry beside it and, in words, as a comment."""
    known = f"N = {count.N}" if count.N is not None else f"{count.lower} <= N <= {count.upper}"
    lines = [f"% {count.phi.name}, {count.dynamics}: D = {count.D}, {known} ({count.status.level.value})"]
    blocks = _blocks(count)
    rows = []
    for number, block in enumerate(blocks):
        end = r" \\" if number < len(blocks) - 1 else ""
        symmetry = f" && {block.symmetry}" if block.symmetry else ""
        size = f"{len(block.laws)} laws: " if len(block.laws) > 1 else ""
        rows.append(f"  % {size}{block.words}\n  {block.latex} &= \\mathrm{{const}}{symmetry}{end}")
    if rows:
        lines += [r"\begin{align*}", *rows, r"\end{align*}"]
    return "\n".join([*lines, *(f"% {sentence}" for sentence in count.statements)]) + "\n"

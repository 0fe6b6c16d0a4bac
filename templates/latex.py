"""A document as LaTeX: a fragment to \\input, or a standalone article in one or two columns."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from . import prose
from .dialect import parse
from .environment import fill
from .record import LEGEND, Document, Shown
from .widths import measure

# In one column the standing of a step is set in the left margin; two columns have no margin to spare.
_IN_MARGIN = (
    r"\leavevmode\llap{\smash{\parbox[t]{9em}{\raggedleft\normalfont\scriptsize\itshape #1}}\hspace{1.2em}}"
    r"\ignorespaces"
)
TALL = 250.0  # points; taller displays may be continued on the next page
CHUNK = 6  # rows of a table of numbers that stay together: a page may end between chunks
_OPENING, _CLOSING = "\\begin{aligned}\n", "\n\\end{aligned}"
_IN_TEXT = r"{\normalfont\scriptsize\itshape [#1]\enspace}\ignorespaces"


def fragment(doc: Document) -> str:
    """The steps, assumptions, conclusions, numbers, notation and record, with \\subsection headings.

    Assumes amsmath and nothing else (figures: graphicx); \\quenchedmark can be redefined before the \\input.
    """
    mark = _IN_MARGIN if doc.columns == 1 else _IN_TEXT
    pictures = any(figure.file for figure in doc.figures)
    body = _body(doc, r"\subsection*")
    return fill("appendix.tex.j2", prose.tex, doc=doc, has_pictures=pictures, mark_body=mark, body=body)


def article(doc: Document) -> str:
    """A complete LaTeX article: title, abstract, body, bibliography."""
    two = doc.columns == 2
    return fill(
        "article.tex.j2",
        prose.tex,
        id=doc.id,
        class_options=",twocolumn" if two else "",
        # 495 pt hold two columns of 240 pt; one column of 345 pt leaves a margin for the standing of each step.
        geometry="textwidth=495pt,textheight=640pt,columnsep=15pt" if two else "textwidth=345pt,textheight=600pt",
        mark_body=_IN_TEXT if two else _IN_MARGIN,
        title=prose.tex(doc.title),
        abstract=_prose(doc, doc.abstract),
        body=_body(doc, r"\section*"),
        sources=[prose.tex(source) for source in doc.sources],
    )


def _body(doc: Document, heading: str) -> str:
    return fill(
        "body.tex.j2",
        prose.tex,
        id=doc.id,
        heading=heading,
        sections=[
            SimpleNamespace(title=prose.tex(section.title), steps=[_step(doc, step) for step in section.steps])
            for section in doc.sections
        ],
        figures=[
            SimpleNamespace(file=figure.file, caption=prose.tex(figure.caption), label=figure.label)
            for figure in doc.figures
            if figure.file
        ],
        assumptions=[SimpleNamespace(mark=a.mark, id=prose.tex(a.id), text=_assumption(a)) for a in doc.assumptions],
        conclusions=[_conclusion(doc, *row) for row in doc.conclusions],
        legend=prose.tex(LEGEND),
        falsifier=prose.tex(f"What would refute it: {doc.falsifier}") if doc.falsifier else "",
        numbers=[
            SimpleNamespace(
                point=", ".join(f"${entry}$" for entry in table.point),
                chunks=[
                    [
                        SimpleNamespace(
                            result=prose.tex(r.result),
                            equation=_reference(doc, _label(doc, r.equation)),
                            value=_number(r.value),
                            radius=_number(r.radius),
                        )
                        for r in table.rows[first : first + CHUNK]
                    ]
                    for first in range(0, len(table.rows), CHUNK)
                ],
            )
            for table in doc.numbers
        ],
        widths=SimpleNamespace(result="96pt", equation="22pt", value="134pt", radius="52pt")
        if doc.columns == 1
        else SimpleNamespace(result="72pt", equation="19pt", value="68pt", radius="36pt"),
        table_size=r"\small" if doc.columns == 1 else r"\scriptsize",
        glossary=[
            SimpleNamespace(latex=latex, meaning=prose.tex(meaning) + (f", ${domain}$" if domain else ""))
            for latex, meaning, domain in doc.glossary
        ],
        record=[_provenance(doc, step) for section in doc.sections for step in section.steps if step.rule],
        rules=_rules(doc),
    )


def _reference(doc: Document, label: str) -> str:
    return rf"\eqref{{quenched:{doc.id}:{label}}}"


def _prose(doc: Document, found: Any) -> str:
    return prose.joined(found, prose.tex, lambda latex: f"${latex}$", lambda label: _reference(doc, label))


def _rows(display: str) -> list[str]:
    """The rows of a display too tall to stand on a part of a page, so that a page may end between them; else nothing.

    `aligned` is one box; a journal's column may be shorter than that box.
    """
    size = measure(parse(display))
    if size.up + size.down < TALL or not display.startswith(_OPENING):
        return []
    return display.removeprefix(_OPENING).removesuffix(_CLOSING).split(" \\\\\n")


def _step(doc: Document, step: Shown) -> Any:
    given = " and ".join(f"${c}$" for c in step.conditions)
    return SimpleNamespace(
        label=step.label,
        mark=prose.tex(step.mark),
        prose=_prose(doc, step.prose),
        display=step.display,
        rows=_rows(step.display),
        definitions=step.definitions,
        definition_rows=_rows(step.definitions) if step.definitions else [],
        conditions=f"It holds where {given}." if given else "",
    )


def _assumption(a: Any) -> str:
    text = prose.tex(f"{a.statement} {a.reason}".strip())
    return text + (f" ({prose.tex(a.source)}.)" if a.source else "")


def _conclusion(doc: Document, name: str, meaning: str, numbers: Any, level: str, marks: Any) -> str:
    equations = ", ".join(_reference(doc, _label(doc, n)) for n in numbers)
    under = f" under {', '.join(marks)}" if marks else ""
    return prose.tex(f"The {meaning}, ") + equations + prose.tex(f", is {level}{under}.")


def _label(doc: Document, number: int) -> str:
    return next(label for label, n in doc.labels.items() if n == number)


def _number(text: str) -> str:
    """A decimal string with its exponent as a power of ten; anything else as text."""
    match = re.fullmatch(r"(-?[0-9.]+)e([+-]?[0-9]+)", text)
    return rf"${match.group(1)}\cdot 10^{{{int(match.group(2))}}}$" if match else prose.tex(text)


def _provenance(doc: Document, step: Shown) -> str:
    inputs = ", ".join(_reference(doc, label) for label in step.input_labels)
    told = "; ".join(
        f"{level}, {evidence}" if check == step.rule else f"{check}: {level}, {evidence}"
        for check, level, evidence in step.evidence
    )
    return (
        f"{_reference(doc, step.label)} "
        + prose.tex(step.rule)
        + (f" from {inputs}" if inputs else "")
        + prose.tex(f". {told or 'Not checked'}.")
    )


def _rules(doc: Document) -> list[str]:
    seen = {step.rule: (step.statement, step.source) for section in doc.sections for step in section.steps if step.rule}
    return [
        rf"\textit{{{prose.tex(name)}}}: {prose.tex(statement)} ({prose.tex(source)}.)"
        for name, (statement, source) in sorted(seen.items())
    ]

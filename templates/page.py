"""A document as one self-contained HTML page: MathML, foldable provenance, the graph of steps, no scripts."""

from __future__ import annotations

from importlib.resources import files
from types import SimpleNamespace

from . import graph, prose
from .environment import fill
from .mathml import mathml, notice
from .record import LEGEND, Document, Shown


def html(doc: Document) -> str:
    """The page; anchors are the labels of the steps."""
    return fill(
        "page.html.j2",
        prose.page,
        doc=SimpleNamespace(id=doc.id, title=prose.page(doc.title)),
        style=files("quenched.templates").joinpath("page.css").read_text(encoding="utf-8"),
        notice=prose.page(notice()),
        abstract=_prose(doc, doc.abstract),
        sections=[
            SimpleNamespace(
                anchor=f"section-{n}", title=prose.page(s.title), steps=[_step(doc, step) for step in s.steps]
            )
            for n, s in enumerate(doc.sections, start=1)
        ],
        figures=[
            SimpleNamespace(svg=f.svg, caption=prose.page(f.caption), label=f.label) for f in doc.figures if f.svg
        ],
        assumptions=doc.assumptions,
        conclusions=[
            SimpleNamespace(
                result=result,
                meaning=meaning,
                equation=numbers[0],
                label=_label(doc, numbers[0]),
                level=level,
                under=", ".join(marks),
            )
            for result, meaning, numbers, level, marks in doc.conclusions
        ],
        legend=prose.page(LEGEND),
        falsifier=doc.falsifier,
        numbers=[
            SimpleNamespace(
                point=", ".join(mathml(entry, False) for entry in table.point),
                rows=[
                    SimpleNamespace(
                        result=row.result,
                        label=_label(doc, row.equation),
                        equation=row.equation,
                        value=row.value,
                        radius=row.radius,
                    )
                    for row in table.rows
                ],
            )
            for table in doc.numbers
        ],
        glossary=[
            SimpleNamespace(
                symbol=mathml(latex, False), meaning=meaning, domain=mathml(domain, False) if domain else ""
            )
            for latex, meaning, domain in doc.glossary
        ],
        sources=doc.sources,
        graph=graph.svg(doc),
    )


def _label(doc: Document, number: int) -> str:
    return next(label for label, n in doc.labels.items() if n == number)


def _prose(doc: Document, found: list[prose.Part]) -> str:
    return prose.joined(
        found,
        prose.page,
        lambda latex: mathml(latex, False),
        lambda label: f'<a href="#{label}">({doc.labels[label]})</a>',
    )


def _step(doc: Document, step: Shown) -> SimpleNamespace:
    return SimpleNamespace(
        number=step.number,
        label=step.label,
        mark=step.mark,
        kind=step.level,
        prose=_prose(doc, step.prose),
        display=mathml(step.display, True),
        definitions=mathml(step.definitions, True) if step.definitions else "",
        conditions=" and ".join(mathml(c, False) for c in step.conditions),
        rule=step.rule,
        statement=step.statement,
        source=step.source,
        inputs=[SimpleNamespace(label=label, number=doc.labels[label]) for label in step.input_labels],
        evidence=[SimpleNamespace(check=c, level=level, told=told) for c, level, told in step.evidence],
        latex=step.display,
    )

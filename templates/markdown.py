"""A document as Markdown with `$...$` mathematics."""

from __future__ import annotations

from types import SimpleNamespace

from . import prose
from .environment import fill
from .record import Document, Shown


def text(doc: Document) -> str:
    """Markdown for readers that set TeX mathematics between dollars."""
    return fill(
        "document.md.j2",
        prose.markdown,
        title=prose.markdown(doc.title),
        abstract=_prose(doc, doc.abstract),
        sections=[
            SimpleNamespace(title=prose.markdown(s.title), steps=[_step(doc, step) for step in s.steps])
            for s in doc.sections
        ],
        assumptions=doc.assumptions,
        conclusions=[
            SimpleNamespace(meaning=meaning, equation=numbers[0], level=level, under=", ".join(marks))
            for _, meaning, numbers, level, marks in doc.conclusions
        ],
        falsifier=doc.falsifier,
        numbers=doc.numbers,
        glossary=[
            SimpleNamespace(latex=latex, meaning=prose.markdown(meaning) + (f", ${domain}$" if domain else ""))
            for latex, meaning, domain in doc.glossary
        ],
        sources=doc.sources,
    )


def _prose(doc: Document, found: list[prose.Part]) -> str:
    return prose.joined(found, prose.markdown, lambda latex: f"${latex}$", lambda label: f"({doc.labels[label]})")


def _step(doc: Document, step: Shown) -> SimpleNamespace:
    inputs = ", ".join(f"({n})" for n in step.inputs)
    return SimpleNamespace(
        number=step.number,
        label=step.label,
        prose=_prose(doc, step.prose),
        display=step.display,
        definitions=step.definitions,
        conditions=" and ".join(f"${c}$" for c in step.conditions),
        mark=step.mark,
        origin=f"{step.rule}{' from ' + inputs if inputs else ''}" if step.rule else "",
    )

"""The steps as JSON, for machines: formulas as LaTeX and as text, rule, inputs, verdict, evidence, assumptions."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from .prose import Part
from .record import Document, Shown


def text(doc: Document) -> str:
    """One JSON document with stable order."""
    record = {
        "id": doc.id,
        "title": doc.title,
        "abstract": plain(doc.abstract),
        "sources": doc.sources,
        "falsifier": doc.falsifier,
        "steps": [_step(section.title, step) for section in doc.sections for step in section.steps],
        "assumptions": [asdict(a) for a in doc.assumptions],
        "results": [
            {"result": name, "meaning": meaning, "equations": numbers, "status": level, "assumptions": marks}
            for name, meaning, numbers, level, marks in doc.conclusions
        ],
        "notation": [{"latex": latex, "meaning": meaning, "domain": domain} for latex, meaning, domain in doc.glossary],
        "numbers": [{"at": table.plain_point, "values": [asdict(row) for row in table.rows]} for table in doc.numbers],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def plain(found: list[Part]) -> str:
    """Prose as one string, formulas between dollars and references in braces."""
    marks = {"text": "{}", "formula": "${}$", "reference": "{{{}}}"}
    return "".join(marks[part.kind].format(part.content) for part in found)


def _step(section: str, step: Shown) -> dict[str, Any]:
    return {
        "number": step.number,
        "label": step.label,
        "section": section,
        "kind": step.kind,
        "prose": plain(step.prose),
        "equations": [
            {"lhs": lhs, "relation": relation, "rhs": rhs, "text": told}
            for (lhs, relation, rhs), told in zip(step.equations, step.plain)
        ],
        "conditions": step.conditions,
        "rule": step.rule or None,
        "statement": step.statement or None,
        "source": step.source or None,
        "inputs": step.input_labels,
        "verdict": step.level,
        "evidence": [{"check": check, "verdict": level, "seen": told} for check, level, told in step.evidence],
        "assumptions": step.assumptions,
    }

"""A derivation rendered with what the checks found and with certified numbers at its example point."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...numeric.evaluate import evaluate
from ...numeric.point import needed
from ...symbolic.checking import Report
from ...symbolic.derivation import Derivation
from ...symbolic.system import Model
from ...symbolic.values import Certified
from ...templates.record import Evidence, Figure, NumbersAt
from ...templates.render import render

# As many digits as fit beside their radius in a column of 345 pt, and of 240 pt.
DIGITS = {1: 25, 2: 12}


def rendered(
    derivation: Derivation,
    report: Report,
    to: str = "tex",
    *,
    style: str = "article",
    columns: int = 1,
    notation: str | Path | None = None,
    digits: int | None = None,
    figures: Sequence[Figure] = (),
) -> str | bytes:
    """The derivation in a format, its steps marked with what a report found.

    Arguments as in templates.render; digits: of the certified numbers shown at the example point.
    """
    evidence = Evidence(report.verdicts(), [(f.label, f.check, f.verdict) for f in report.findings])
    model = derivation.model
    shown = digits if digits is not None else DIGITS.get(columns, DIGITS[1])
    numbers = [example_numbers(model, shown)] if model is not None and model.example else []
    return render(
        derivation,
        to,
        style=style,
        columns=columns,
        notation=notation,
        evidence=evidence,
        numbers=numbers,
        figures=figures,
    )


def example_numbers(model: Model, digits: int) -> NumbersAt:
    """(point, [(result, label, certified values)]) at the example point of a model."""
    rows: list[tuple[str, str, list[Certified]]] = []
    for result in model.results:
        point = {p.name: model.example[p.name] for p in needed(model, result.name) if p.name in model.example}
        value = evaluate(model, result.name, point, digits)
        rows.append((result.name, result.label, value if isinstance(value, list) else [value]))
    return dict(model.example), rows

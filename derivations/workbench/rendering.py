"""A derivation rendered with what the checks found and with certified numbers at its example point."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...numeric.evaluate import evaluate
from ...numeric.point import needed
from ...symbolic.system import Model
from ...symbolic.values import Certified
from ...templates.record import Evidence, Figure, NumbersAt
from ...templates.render import render

if TYPE_CHECKING:
    from .workpiece import Workpiece

DIGITS = 25


def rendered(
    piece: Workpiece,
    to: str = "tex",
    *,
    style: str = "article",
    columns: int = 1,
    notation: str | Path | None = None,
    digits: int = DIGITS,
    figures: Sequence[Figure] = (),
) -> str | bytes:
    """The derivation in a format, its steps marked with the verdicts of the fast checks.

    Arguments as in templates.render; digits: of the certified numbers shown at the example point.
    """
    report = piece.report
    evidence = Evidence(report.verdicts(), [(f.label, f.check, f.verdict) for f in report.findings])
    model = piece.derivation.model
    numbers = [example_numbers(model, digits)] if model is not None and model.example else []
    return render(
        piece.derivation,
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

"""quenched show"""

from __future__ import annotations

from typing import Any

import click

from ....symbolic.derivation import Step
from ....symbolic.errors import BadInput
from ..catalogue import load
from ..console import coloured, console, emit, json_option, progress, table
from ..workpiece import Workpiece


@click.command("show")
@click.argument("id")
@click.option("--step", "wanted", metavar="K", help="One step only, by its number or its label.")
@json_option
def command(id: str, wanted: str | None, as_json: bool) -> None:
    """The steps of one derivation: claim, rule, inputs, verdict, evidence and seconds.

    ID is a derivation of the catalogue or a Python file that defines derive().
    """
    piece = load(id)
    labels = [_label(piece, wanted)] if wanted else list(piece.derivation.steps)
    with progress(f"checking {piece.id}") as say:
        report = piece.check("fast", say)
    verdicts = report.verdicts()
    seconds = {label: sum(f.seconds for f in report.findings if f.label == label) for label in labels}
    if as_json:
        emit([_record(piece, label, report) for label in labels])
        return
    out = console()
    out.print(f"{piece.id}: {piece.derivation.title}\n", style="bold")
    if wanted:
        _print_step(out, piece, labels[0], report)
        return
    shown = table("", "n", "label", "claim", "rule and inputs", "verdict", "evidence", "s")
    for label in labels:
        step = piece.derivation.step(label)
        verdict = verdicts.get(label) if step.kind == "derived" else None
        shown.add_row(
            str(_number(piece, label)),
            label,
            str(step.claim),
            f"{step.rule.name}({', '.join(step.inputs)})" if step.rule else "",
            coloured(step.kind if verdict is None else verdict.level.value),
            ", ".join(a.id for a in step.assumptions) if verdict is None else f"{verdict.method}: {verdict.evidence}",
            "" if verdict is None else f"{seconds[label]:.2f}",
        )
    out.print(shown)
    for result in piece.results:
        label = piece.model.result(result).label
        out.print(f"{result} ({label}): {piece.derivation.standing(result, verdicts)}")


def _label(piece: Workpiece, wanted: str) -> str:
    labels = list(piece.derivation.steps)
    if wanted.isdigit():
        if not 1 <= int(wanted) <= len(labels):
            raise BadInput(f"{piece.id} has steps 1 to {len(labels)}, not {wanted}")
        return labels[int(wanted) - 1]
    return piece.derivation.step(wanted).label


def _number(piece: Workpiece, label: str) -> int:
    return list(piece.derivation.steps).index(label) + 1


def _record(piece: Workpiece, label: str, report: Any) -> dict[str, Any]:
    step: Step = piece.derivation.step(label)
    verdicts = report.verdicts()
    status = piece.derivation.status(label, verdicts)
    return {
        "n": _number(piece, label),
        "label": label,
        "kind": step.kind,
        "claim": [str(e) for e in step.claim.equations],
        "given": [str(c) for c in step.claim.given],
        "rule": step.rule.name if step.rule else None,
        "statement": step.rule.statement if step.rule else None,
        "source": step.rule.source if step.rule else None,
        "inputs": list(step.inputs),
        "verdict": verdicts[label].level.value if label in verdicts and step.kind == "derived" else None,
        "checks": [
            {
                "check": f.check,
                "verdict": f.verdict.level.value,
                "method": f.verdict.method,
                "evidence": f.verdict.evidence,
            }
            for f in report.findings
            if f.label == label
        ],
        "assumptions": [a.id for a in step.assumptions],
        "status": status.level.value,
        "rests_on": [a.id for a in status.assumptions],
    }


def _print_step(out: Any, piece: Workpiece, label: str, report: Any) -> None:
    record = _record(piece, label, report)
    step = piece.derivation.step(label)
    out.print(f"({record['n']}) {label}  [{record['kind']}]", style="bold")
    out.print(step.prose)
    for line in record["claim"]:
        out.print(f"    {line}")
    if record["given"]:
        out.print(f"    where {', '.join(record['given'])}")
    if step.rule:
        out.print(f"rule    {record['rule']}: {record['statement']}")
        out.print(f"source  {record['source']}")
    for name in record["inputs"]:
        out.print(f"input   ({_number(piece, name)}) {name}: {piece.derivation.claim(name)}")
    for finding in report.findings:
        if finding.label == label:
            out.print(f"check   {finding.check}: {finding.verdict}  [{finding.seconds:.2f} s]")
    for assumption in step.assumptions:
        out.print(f"assumes {assumption.id}: {assumption.statement} {assumption.reason} ({assumption.source})")
    out.print(f"status  {piece.derivation.status(label, report.verdicts())}")

"""quenched check"""

from __future__ import annotations

import time
from typing import Any

import click

from ..catalogue import identifiers, load
from ..console import coloured, console, emit, json_option, progress, table


@click.command("check")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--level", type=click.Choice(["fast", "full"]), default="fast", show_default=True)
@json_option
@click.pass_context
def command(ctx: click.Context, ids: tuple[str, ...], level: str, as_json: bool) -> None:
    """Run every check of the derivations (all of them by default).

    "full" adds the slow witnesses, simulation, and the mutation of every derived claim: each single edit (a sign, an
    exponent, a coefficient, a swapped symbol, a dropped term) must be refused by some check.
    """
    reports = []
    for name in ids or identifiers():
        started = time.perf_counter()
        piece = load(name)
        with progress(f"checking {piece.id}") as say:
            report = piece.check(level, say)
        reports.append((piece, report, time.perf_counter() - started))
    if as_json:
        emit([_record(piece, report) for piece, report, _ in reports])
    else:
        _print(reports, level)
    codes = {report.exit_code for _, report, _ in reports}
    ctx.exit(1 if 1 in codes else max(codes, default=0))


def _counts(piece: Any, report: Any) -> dict[str, int]:
    verdicts = report.verdicts()
    derived = [verdicts[s.label].level.value for s in piece.derivation if s.label in verdicts and s.kind == "derived"]
    return {level: derived.count(level) for level in dict.fromkeys(sorted(derived))}


def _problems(report: Any) -> list[Any]:
    return [f for f in report.findings if not f.verdict.positive and f.verdict.level.value != "assumed"]


def _record(piece: Any, report: Any) -> dict[str, Any]:
    killed, mutants = report.kill_rate
    return {
        "id": piece.id,
        "exit_code": report.exit_code,
        "verdicts": _counts(piece, report),
        "assumptions": [a.id for a in piece.derivation.assumptions()],
        "mutants": {
            "killed": killed,
            "of": mutants,
            "survivors": [[k.label, k.edit] for k in report.kills if not k.by],
        },
        "checks": [
            {
                "label": f.label,
                "check": f.check,
                "verdict": f.verdict.level.value,
                "method": f.verdict.method,
                "evidence": f.verdict.evidence,
                "counterexample": dict(f.verdict.counterexample),
            }
            for f in report.findings
        ],
    }


def _print(reports: list[Any], level: str) -> None:
    out = console()
    shown = table(
        f"Checks ({level})", "id", "verdicts of the derived steps", "modulo", "mutants refused", "s", "result"
    )
    for piece, report, seconds in reports:
        killed, mutants = report.kill_rate
        counts = ", ".join(f"{n} {name}" for name, n in _counts(piece, report).items())
        rate = f"{killed} of {mutants} ({100 * killed / mutants:.1f} %)" if mutants else "not run"
        outcome = {0: "passed", 1: "refuted", 3: "undecided"}[report.exit_code]
        modulo = "\n".join(a.id for a in piece.derivation.assumptions())
        shown.add_row(piece.id, counts, modulo, rate, f"{seconds:.1f}", coloured(outcome))
    out.print(shown)
    for piece, report, _ in reports:
        for finding in _problems(report):
            out.print(f"{piece.id}, {finding.label}, {finding.check}: {finding.verdict}", style="red")
        for kill in report.kills:
            if not kill.by:
                out.print(f"{piece.id}, {kill.label}: no check refuses the edit {kill.edit!r}", style="red")

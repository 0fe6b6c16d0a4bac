"""quenched check"""

from __future__ import annotations

import os
from typing import Any

import click

from ....symbolic.verdict import Level, Verdict
from ..catalogue import identifiers
from ..console import coloured, console, emit, json_option, progress, table
from ..records import checked


@click.command("check")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--level", type=click.Choice(["fast", "full"]), default="fast", show_default=True)
@click.option("--jobs", type=int, default=os.cpu_count() or 1, help="Processes to use.  [default: one per core]")
@json_option
@click.pass_context
def command(ctx: click.Context, ids: tuple[str, ...], level: str, jobs: int, as_json: bool) -> None:
    """Run every check of the derivations (all of them by default).

    "full" adds the slow witnesses, simulation, and the mutation of every derived claim: each single edit (a sign, an
    exponent, a coefficient, a swapped symbol, a dropped term) must be refused by some check.
    """
    with progress("checking") as say:
        records = list(checked(ids or identifiers(), level, jobs, say))
    if as_json:
        emit([{name: value for name, value in record.items() if name != "seconds"} for record in records])
    else:
        _print(records, level)
    codes = {record["exit_code"] for record in records}
    ctx.exit(1 if 1 in codes else max(codes, default=0))


def _print(records: list[dict[str, Any]], level: str) -> None:
    out = console()
    shown = table(
        f"Checks ({level})", "id", "verdicts of the derived steps", "modulo", "mutants refused", "s", "result"
    )
    for record in records:
        killed, mutants = record["mutants"]["killed"], record["mutants"]["of"]
        counts = ", ".join(f"{n} {name}" for name, n in record["verdicts"].items())
        rate = f"{killed} of {mutants} ({100 * killed / mutants:.1f} %)" if mutants else "not run"
        outcome = {0: "passed", 1: "refuted", 3: "undecided"}[record["exit_code"]]
        modulo = "\n".join(record["assumptions"])
        shown.add_row(record["id"], counts, modulo, rate, f"{record['seconds']:.1f}", coloured(outcome))
    out.print(shown)
    for record in records:
        for found in record["checks"]:
            if found["verdict"] in ("undecided", "refuted"):
                where = tuple(found["counterexample"].items())
                verdict = Verdict(Level(found["verdict"]), found["method"], found["evidence"], where)
                out.print(f"{record['id']}, {found['label']}, {found['check']}: {verdict}", style="red")
        for label, edit in record["mutants"]["survivors"]:
            out.print(f"{record['id']}, {label}: no check refuses the edit {edit!r}", style="red")

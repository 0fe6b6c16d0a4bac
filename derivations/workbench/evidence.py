"""The checks of a derivation with everything that may bear witness: its rules, and finite-size simulation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...numeric.evaluate import evaluate
from ...numeric.simulate import simulate, simulations
from ...symbolic import checking
from ...symbolic.checking import Finding, Report
from ...symbolic.derivation import Derivation
from ...symbolic.errors import BadInput
from ...symbolic.verdict import Verdict, refuted, supported, undecided

LEVELS = ("fast", "full")
# Standard errors beyond which a simulation refutes; finite-size bias stays well below at these sizes.
LIMIT = 4.0
# Simulations report floats: agreement beyond 13 digits means nothing.
FLOAT = 1e-13


def check(derivation: Derivation, level: str = "fast", progress: Callable[[str], None] | None = None) -> Report:
    """All checks of a derivation; "full" adds slow witnesses, mutation, and simulation where one exists."""
    if level not in LEVELS:
        raise BadInput(f"level {level!r}: choose fast or full")
    report = checking.check(derivation, level, progress)
    if level == "full" and derivation.model is not None and derivation.id in simulations():
        report.findings.extend(simulated(derivation, dict(derivation.model.example)))
    return report


def simulated(derivation: Derivation, at: Mapping[str, Any], **options: Any) -> Iterator[Finding]:
    """One finding per simulated result: supported within 4 standard errors, refuted beyond."""
    started = time.perf_counter()
    rows = list(comparison(derivation, at, **options))
    seconds = (time.perf_counter() - started) / max(len(rows), 1)
    assert derivation.model is not None
    for row in rows:
        yield Finding(derivation.model.result(row["result"]).label, "simulation", verdict(row), seconds)


def verdict(row: Mapping[str, Any]) -> Verdict:
    """What one compared number says."""
    text = f"theory {row['theory']:.6g}, simulation {row['simulation']:.6g} +- {row['standard_error']:.2g}"
    if row["z"] is None:
        return undecided("simulation", text)
    text += f", z = {row['z']:.2f}"
    return supported("simulation", text) if abs(row["z"]) < LIMIT else refuted("simulation", text)


def comparison(derivation: Derivation, at: Mapping[str, Any], **options: Any) -> Iterator[dict[str, Any]]:
    """Rows of theory against simulation; theory is evaluated at the ratios the simulation really had."""
    if derivation.model is None or derivation.id not in simulations():
        raise BadInput(f"{derivation.id} has no simulation; simulations exist for {', '.join(simulations())}")
    run = simulate(derivation.id, at, **options)
    point = {**at, **run.ratios}
    scale = max(
        abs(e.mean) for found in run.results.values() for e in (found if isinstance(found, tuple) else (found,))
    )
    for name, estimates in run.results.items():
        theory = evaluate(derivation.model, name, point, 15)
        values = theory if isinstance(theory, list) else [theory]
        found = estimates if isinstance(estimates, tuple) else (estimates,)
        for index, (value, estimate) in enumerate(zip(values, found, strict=True), start=1):
            number = float(value.value) if value.value is not None else float("nan")
            # Rounding limits a witness, too: a residual of 1e-30 beside errors of order 1 is a zero.
            error = max(estimate.standard_error, FLOAT * scale)
            yield {
                "result": name,
                "index": index if isinstance(estimates, tuple) else None,
                "theory": number,
                "simulation": estimate.mean,
                "standard_error": error,
                "z": (estimate.mean - number) / error if error > 0 else None,
                "method": run.method,
            }

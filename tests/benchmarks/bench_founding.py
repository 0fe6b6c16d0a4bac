"""Time and memory of the founding derivations, digits against time. Run: python bench_founding.py"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from quenched.derivations import load

FOUNDING = {"marchenko_pastur": "trace", "pca_probe": "generalisation_error", "unbalanced": "a"}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """A value and the seconds it took."""
    started = time.perf_counter()
    value = work()
    return value, time.perf_counter() - started


def main() -> None:
    print(f"{'derivation':18} {'derive':>8} {'check':>8}   seconds by digits 15, 50, 200, 1000")
    for name, result in FOUNDING.items():
        piece = load(name)
        _, derive = timed(lambda piece=piece: [step.claim for step in piece.derivation])
        report, check = timed(piece.check)
        assert report.exit_code == 0
        at = {p: piece.model.example[p] for p in piece.model.result(result).needs or piece.model.example}
        spent = [timed(partial(piece.evaluate, result, at, digits))[1] for digits in (15, 50, 200, 1000)]
        print(f"{name:18} {derive:8.2f} {check:8.2f}   {'  '.join(f'{s:.3f}' for s in spent)}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()

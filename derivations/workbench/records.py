"""The checks of many derivations as plain records, on several cores: what `quenched check` prints and writes."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from ...symbolic.errors import BadInput, QuenchedError
from .catalogue import load


def checked(names: Sequence[str], level: str, jobs: int, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """One record per name, in the order of the names; the order in which they were worked on does not show.

    Raises BadInput for jobs < 1, and the first name's error in that order.
    """
    if jobs < 1:
        raise BadInput(f"--jobs {jobs}: at least one process is needed")
    if jobs == 1 or len(names) == 1:
        for name in names:
            yield _record(name, level, lambda text, name=name: say(f"{name}  {text}"))
        return
    # A fresh interpreter per worker: forking one that holds threads and caches may hang.
    with ProcessPoolExecutor(min(jobs, len(names)), multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(_told, name, level) for name in names]
        for done, (name, future) in enumerate(zip(names, futures, strict=True)):
            say(f"{name}  ({done} of {len(names)} done)")
            found = future.result()
            if isinstance(found, _Failure):
                pool.shutdown(cancel_futures=True)
                raise found.error()
            yield found


class _Failure:
    """An error of a worker: the classes of the family are rebuilt from message and exit code."""

    def __init__(self, error: QuenchedError):
        self.message, self.exit_code = str(error), error.exit_code

    def error(self) -> QuenchedError:
        raised = QuenchedError(self.message)
        raised.exit_code = self.exit_code
        return raised


def _told(name: str, level: str) -> dict[str, Any] | _Failure:
    try:
        return _record(name, level, lambda text: None)
    except QuenchedError as error:
        return _Failure(error)


def _record(name: str, level: str, say: Callable[[str], None]) -> dict[str, Any]:
    started = time.perf_counter()
    piece = load(name)
    report = piece.check(level, say)
    killed, mutants = report.kill_rate
    verdicts = report.verdicts()
    derived = [verdicts[s.label].level.value for s in piece.derivation if s.label in verdicts and s.kind == "derived"]
    return {
        "id": piece.id,
        "exit_code": report.exit_code,
        "verdicts": {level: derived.count(level) for level in sorted(set(derived))},
        "assumptions": list(dict.fromkeys(a.id for a in piece.derivation.assumptions())),
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
        "seconds": time.perf_counter() - started,
    }

"""A task over many points, in any executor, resumable: one JSON line per finished point."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any

from ..symbolic.errors import BadInput, QuenchedError

Task = Callable[[Mapping[str, Any]], Any]


def sweep(
    task: Task, points: Iterable[Mapping[str, Any]], path: str | Path, executor: Executor | None = None
) -> list[dict[str, Any]]:
    """[{"at": point, "result": task(point)} for every point], in the order of the points.

    points: mappings of JSON values (exact numbers as text).  task: returns JSON values; with a process pool it must
    be importable. Each record is appended to `path` as soon as it is there; points already in the file are not
    computed again, so an interrupted sweep is simply started once more. An error of this package becomes
    {"at": point, "error": text}; any other error stops the sweep. A last line cut off by a crash is computed again.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep(lambda at: int(at["x"]) ** 2, [{"x": "3"}, {"x": "4"}], Path(folder) / "squares.jsonl")
    [{'at': {'x': '3'}, 'result': 9}, {'at': {'x': '4'}, 'result': 16}]
    """
    ordered = [dict(point) for point in points]
    done = _finished(Path(path))
    todo = list({_key(point): point for point in ordered if _key(point) not in done}.items())
    with Path(path).open("a", encoding="utf-8") as out:
        for key, record in _records(task, todo, executor):
            out.write(json.dumps(record, sort_keys=True) + "\n")
            out.flush()
            done[key] = record
    return [done[_key(point)] for point in ordered]


def _records(task: Task, todo: list[tuple[str, dict[str, Any]]], executor: Executor | None) -> Iterable[Any]:
    if executor is None:
        for key, point in todo:
            yield key, _record(task, point)
        return
    futures = {executor.submit(_record, task, point): key for key, point in todo}
    for future in as_completed(futures):
        yield futures[future], future.result()


def _record(task: Task, point: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"at": point, "result": task(point)}
    except QuenchedError as error:
        return {"at": point, "error": str(error)}


def _key(point: Mapping[str, Any]) -> str:
    try:
        return json.dumps(point, sort_keys=True)
    except TypeError as error:
        raise BadInput(f"sweep: {dict(point)!r} is not plain JSON ({error}); write exact numbers as text") from None


def _finished(path: Path) -> dict[str, dict[str, Any]]:
    """Records of an earlier run. An incomplete last line is cut from the file; any other bad line is an error."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    whole, newline, rest = text.rpartition("\n")
    if rest:
        path.write_text(whole + newline, encoding="utf-8")
    found = {}
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            record = json.loads(line)
            found[_key(record["at"])] = record
        except (json.JSONDecodeError, KeyError, TypeError):
            raise BadInput(f"{path}, line {number}: not a record of a sweep; move the file away") from None
    return found

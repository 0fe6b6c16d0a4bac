import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from quenched.numeric import sweep
from quenched.symbolic.errors import BadInput, OutsideDomain

POINTS = [{"x": str(n)} for n in range(6)]


def test_a_sweep_resumes_where_it_stopped(tmp_path):
    path, calls = tmp_path / "sweep.jsonl", []

    def task(at):
        calls.append(at["x"])
        if at["x"] == "3" and len(calls) == 4:
            raise KeyboardInterrupt
        return int(at["x"]) ** 2

    with pytest.raises(KeyboardInterrupt):
        sweep(task, POINTS, path)
    path.write_text(path.read_text() + '{"at": {"x": "9"')  # a line cut off by a crash
    records = sweep(task, POINTS, path)
    assert [record["result"] for record in records] == [0, 1, 4, 9, 16, 25]
    assert calls == ["0", "1", "2", "3", "3", "4", "5"]
    assert [json.loads(line)["at"] for line in path.read_text().splitlines()] == POINTS


def test_a_pool_keeps_the_order_and_computes_each_point_once(tmp_path):
    calls = []

    def task(at):
        calls.append(at["x"])
        return at["x"]

    with ThreadPoolExecutor(3) as pool:
        records = sweep(task, POINTS + POINTS, tmp_path / "s.jsonl", pool)
    assert [record["at"] for record in records] == POINTS + POINTS and len(calls) == len(POINTS)


def test_domain_errors_are_recorded_and_others_stop(tmp_path):
    def outside(at):
        raise OutsideDomain("no such point")

    assert sweep(outside, POINTS[:1], tmp_path / "a.jsonl") == [{"at": {"x": "0"}, "error": "no such point"}]
    with pytest.raises(ZeroDivisionError):
        sweep(lambda at: 1 / int(at["x"]), POINTS, tmp_path / "b.jsonl")
    with pytest.raises(BadInput, match="JSON"):
        sweep(lambda at: 0, [{"x": 1j}], tmp_path / "c.jsonl")
    (tmp_path / "d.jsonl").write_text("not a record\n")
    with pytest.raises(BadInput, match="line 1"):
        sweep(lambda at: 0, POINTS, tmp_path / "d.jsonl")

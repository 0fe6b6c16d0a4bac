"""The command line as a user meets it: output, exit codes, errors that name the fix."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from quenched.derivations.workbench.cli import main

POINT = ["gamma=1/2", "rho=1/5", "alpha=3/5", "theta=3,3/2", "a=1,1/2", "b=7/10", "sigma2=1/5"]
USER_FILE = '''
"""A user's own derivation."""
import sympy as sp
from quenched.symbolic.claim import Equation
from quenched.symbolic.derivation import Derivation
from quenched.symbolic.quantity import POSITIVE, Notation, Quantity
from quenched.symbolic.rules.algebra import PositiveRoot

def derive():
    N = Notation(Quantity("x", "side", domain=POSITIVE), Quantity("c", "area", domain=POSITIVE))
    x, c = N.symbols("x c")
    D = Derivation("mine", "Mine", "A square.", (), N, falsifier="a square of another side")
    D.define("square", Equation(x**2, c), prose="Given")
    D.derive(PositiveRoot(unknown=x), "square", label="side", prose="hence")
    return D
'''


HIDDEN_ZERO = USER_FILE.replace(
    "def derive():",
    """from quenched.symbolic import Model, Parameter, Result, System

def derive():""",
).replace(
    "    return D",
    """    zero = sp.atan(c) + sp.atan(1 / c) - sp.pi / 2
    D.model = Model(
        (Parameter(N["c"]),),
        (Result("zero", "side", "a zero that no ball can show"),),
        lambda point: "only",
        lambda case, lengths, wanted: System({"zero": zero}),
    )
    return D""",
)


@dataclass
class Output:
    """What a command printed."""

    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Output]:
    """Call the command line in this process: its output, after its exit code has been checked."""

    def call(*args: str, code: int = 0) -> Output:
        monkeypatch.setattr(sys, "argv", ["quenched", *args])
        found = 0
        try:
            main()
        except SystemExit as stop:
            found = int(stop.code or 0)
        captured = capsys.readouterr()
        assert found == code, captured.err
        return Output(captured.out, captured.err)

    return call


def test_evaluate_prints_the_certified_record(run: Callable[..., Output]) -> None:
    done = run("evaluate", "pca_probe", "generalisation_error", "--at", *POINT, "lam=0", "--digits", "25", "--json")
    record = json.loads(done.stdout)
    assert record["value"] == "1.233671251301343691026890"
    assert float(record["radius"]) < 1e-24
    assert list(record) == ["id", "result", "at", "value", "radius", "digits", "level", "seconds"]
    assert record["level"] == "arb"


def test_vectors_are_lists(run: Callable[..., Output]) -> None:
    record = json.loads(run("evaluate", "pca_probe", "overlap", "--at", *POINT, "--json").stdout)
    assert record["value"] == ["0.863221316253149", "0.737101454543622"]


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (["evaluate", "pca_prob", "overlap"], "did you mean pca_probe"),
        (["evaluate", "pca_probe", "overlapp", "--at", *POINT], "did you mean overlap"),
        (["evaluate", "pca_probe", "overlap", "--at", *POINT, "gama=1"], "did you mean gamma"),
        (["evaluate", "pca_probe", "overlap", "--at", "gamma=-1", *POINT[1:]], "gamma = -1"),
        (["evaluate", "pca_probe", "overlap", "--at", "gamma=2", "rho=3/4", *POINT[2:]], "1/gamma"),
        (["evaluate", "pca_probe", "generalisation_error", "--at", *POINT[:2], "alpha=1/5", *POINT[3:]], "rho = alpha"),
        (["evaluate", "pca_probe", "overlap", "--at", "gamma=nan", *POINT[1:]], "nan"),
        (["evaluate", "pca_probe", "overlap", "--at", "gamma=1e999999999", *POINT[1:]], "at most 2000 digits"),
        (["evaluate", "pca_probe", "overlap", "--at", "gamma=__import__('os')", *POINT[1:]], "__import__"),
        (["evaluate", "pca_probe", "overlap", "--at", "gamma"], "NAME=VALUE"),
        (["evaluate", "pca_probe", "overlap", "--at", *POINT, "rho=1/3"], "given twice"),
        (["evaluate", "pca_probe", "generalisation_error", "--at", *POINT[:3], "theta=3", *POINT[4:]], "theta"),
        (["show", "pca_probe", "--step", "kapa"], "did you mean kappa"),
        (["show", "pca_probe", "--step", "999"], "steps 1 to"),
        (["shw"], "did you mean show"),
        (["check", "nothing.py"], "no such file"),
        (["check", "marchenko_pastur", "nothing.py", "--jobs", "2"], "no such file"),
        (["check", "--jobs", "0"], "at least one process"),
        (["graph", "\\input{x}"], "no derivation"),
        (["conserved"], "--phi"),
        (["conserved", "linear 5-x-3"], "5-x-3"),
        (["conserved", "--phi", "sin(a)"], "sin"),
        (["simulate", "marchenko_pastur"], "has no simulation"),
    ],
)
def test_bad_input_is_refused_with_the_fix(run: Callable[..., Output], args: list[str], text: str) -> None:
    done = run(*args, code=2)
    assert text in done.stderr


def test_a_users_file_is_checked_and_shown(run: Callable[..., Output], tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(USER_FILE)
    assert "passed" in run("check", str(file), "--level", "full").stdout
    whole = run("show", str(file)).stdout
    assert "PositiveRoot(square)" in whole
    assert "definition" in whole
    shown = run("show", str(file), "--step", "side").stdout
    assert "sqrt(c)" in shown
    assert "PositiveRoot" in shown
    records = json.loads(run("show", str(file), "--json").stdout)
    assert [r["label"] for r in records] == ["square", "side"]
    assert records[1]["verdict"] == "proved"


def test_several_processes_give_the_same_bytes(run: Callable[..., Output], tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(USER_FILE)
    outputs = [run("check", str(file), "wishart_replica", "--json", "--jobs", jobs).stdout for jobs in ("1", "2")]
    assert outputs[0] == outputs[1]
    assert [record["id"] for record in json.loads(outputs[0])] == ["mine", "wishart_replica"]


def test_a_refuted_derivation_exits_with_1(run: Callable[..., Output], tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    limit = "    D.limits.append(Limit('unit', 'side', {c: 1}, 2))\n    return D\n"
    text = USER_FILE.replace("import Derivation", "import Derivation, Limit").replace("    return D\n", limit)
    file.write_text(text)
    assert "refuted" in run("check", str(file), code=1).stdout


def test_digits_that_cannot_be_certified_exit_with_4(run: Callable[..., Output], tmp_path: Path) -> None:
    file = tmp_path / "hidden.py"
    file.write_text(HIDDEN_ZERO)
    assert "try fewer digits" in run("evaluate", str(file), "zero", "--at", "c=2", code=4).stderr


def test_the_same_input_gives_the_same_bytes() -> None:
    code = "from quenched.derivations.workbench.cli import main; main()"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code, "graph", "pca_probe"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].startswith("digraph")


def test_conserved_laws_and_their_certificate(run: Callable[..., Output], tmp_path: Path) -> None:
    file = tmp_path / "laws.json"
    record = json.loads(run("conserved", "linear 3-2-2", "--rates", "1,2", "--json", "--certificate", str(file)).stdout)
    assert (record["D"], record["N"], record["lie_rank"]) == (10, 3, 7)
    assert json.loads(run("conserved", "verify", str(file), "--json").stdout)["N"] == 3
    tampered = json.loads(file.read_text())
    tampered["laws"][0]["terms"][0][0] += 1
    file.write_text(json.dumps(tampered))
    assert "verify" not in run("conserved", "verify", str(file), code=1).stdout

"""quenched conserved: every text path, every family, options, formats, refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from quenched.derivations.workbench.cli import main
from quenched.symbolic.gradient_flow import FAMILIES

Run = Callable[..., tuple[str, str]]


@pytest.fixture
def conserved(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Output and errors of `quenched conserved ...`, after its exit code has been checked."""

    def call(*args: str, code: int = 0) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["quenched", "conserved", *args])
        found = 0
        try:
            main()
        except SystemExit as stop:
            found = int(stop.code or 0)
        captured = capsys.readouterr()
        assert found == code, captured.err
        return captured.out, captured.err

    return call


def record(conserved: Run, *args: str) -> dict:
    return json.loads(conserved(*args, "--json")[0])


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_answers(conserved: Run, name: str) -> None:
    usage = FAMILIES[name].usage.split("(")[0].replace("[", "").replace("]", "").split()
    out, _ = conserved(*usage)
    assert f"{' '.join(usage[:1])}" in out.splitlines()[0] or name in ("leaky-relu", "product", "lora")
    assert "(proved)" in out.splitlines()[0]
    assert out.splitlines()[-1].startswith("Network: ")


def test_the_list_of_networks(conserved: Run) -> None:
    out, _ = conserved("networks")
    assert len(out.splitlines()) == len(FAMILIES) and "linear 5-4-3" in out
    assert set(record(conserved, "networks")) == set(FAMILIES)


def test_json_holds_the_numbers_the_laws_and_their_latex(conserved: Run) -> None:
    found = record(conserved, "linear 5-4-3", "--rates", "1,2")
    assert (found["D"], found["N"], found["lie_rank"], found["status"]) == (32, 10, 22, "proved")
    assert found["blocks"][0]["formula"] == "2 W1^T W1 - W2 W2^T"
    assert found["blocks"][0]["latex"] == r"2 W_{1}^{\top} W_{1} - W_{2} W_{2}^{\top}"
    assert found["blocks"][0]["words"].startswith("W1 -> W1 g, W2 -> g^-1 W2, g in GL(4)")
    assert found["laws"][0]["formula"] == "2 |W1[:,1]|^2 - |W2[1,:]|^2"
    assert all(set(law) == {"formula", "latex", "kind", "words", "independent"} for law in found["laws"])
    assert "polynomial in its input" in found["network_level"]


def test_text_goes_block_by_block(conserved: Run) -> None:
    lines = conserved("relu", "4-2-3", "bias")[0].splitlines()
    assert lines[0] == "relu 4-2-3 bias, gradient flow: D = 16, N = 2 (proved)"
    assert lines[1] == "  diag(W1^T W1 - W2 W2^T + b1 b1^T)   (2 laws)"
    assert "scale W1[:,j] by e^(s), W2[j,:] by e^(-s), b1[j] by e^(s)" in lines[2]
    assert lines[3] == "    |W1[:,1]|^2 - |W2[1,:]|^2 + b1[1]^2"
    assert "the count for phi is the count for the network" in lines[-1]


def test_latex(conserved: Run) -> None:
    out, _ = conserved("linear 3-2-2", "--latex")
    assert r"W_{1}^{\top} W_{1} - W_{2} W_{2}^{\top} &= \mathrm{const}" in out
    assert out.count(r"\begin{align*}") == out.count(r"\end{align*}") == 1
    assert r"\operatorname{diag}\bigl(" in conserved("relu 3-2-2", "--latex")[0]
    assert r"\begin{align*}" not in conserved("tied 3 2", "--latex")[0]
    assert r"\tfrac" not in out
    assert r"\dot{" in conserved("linear 2-2-2", "--dynamics", "heavy ball", "--latex")[0]


def test_rates_per_unit(conserved: Run) -> None:
    """Laws survive inside groups of units with equal products of rates."""
    for rates, number in (("1;2;3", 3), ("1;1;2", 4)):
        text = f"W1[:,j]={rates}, W2[j,:]={rates}"
        assert record(conserved, "linear 3-3-3", "--rates", text)["N"] == number
    assert record(conserved, "linear 3-3-3", "--rates", "W1[:,j]=6;12;18, W2[j,:]=6;3;2")["N"] == 6
    out, _ = conserved("linear 3-3-3", "--rates", "W1[:,j]=1;1;2, W2[j,:]=1;1;2")
    assert "g mixing units only inside {1, 2}, {3}" in out


def test_cross_entropy_by_option_and_by_word(conserved: Run) -> None:
    by_option = record(conserved, "linear 3-2-3", "--loss", "cross-entropy")
    by_word = record(conserved, "linear 3-2-3 cross-entropy", "--loss", "cross-entropy")
    assert by_option["N"] == by_word["N"] == 5
    assert record(conserved, "--phi", "a*b, a*c", "--loss", "cross-entropy")["D"] == 3


@pytest.mark.parametrize(
    ("args", "number"),
    [
        (["linear 2-2-2", "--dynamics", "heavy ball"], 1),
        (["linear 3-2-4", "--dynamics", "entropic mirror", "--degree", "1"], 2),
        (["scaling 3 2", "--dynamics", "weight normalisation"], 2),
        (["--phi", "a*w1, a*w2"], 1),
        (["linear 1-2-2-1"], 7),
        (["residual 1 1 2"], 3),
        (["gram 2 3"], 2),
    ],
)
def test_dynamics_and_gap_cases(conserved: Run, args: list[str], number: int) -> None:
    assert record(conserved, *args)["N"] == number


def test_an_open_count_is_an_interval_and_exits_with_3(conserved: Run) -> None:
    phi = "(u*v + s*t + s*t*u*v)*w, (u*v + s*t + s*t*u*v)**2*w"
    out, _ = conserved("--phi", phi, "--rates", "u=2", code=3)
    assert "2 <= N <= 3 (consistent)" in out
    found = json.loads(conserved("--phi", phi, "--rates", "u=2", "--json", code=3)[0])
    assert (found["N"], found["lower"], found["upper"], found["complete"]) == (None, 2, 3, False)


@pytest.mark.parametrize("network", ["linear 3-2-2", "residual 1 1 2", "gram 2 3", "relu 3-2-2 bias", "linear 1-2-2-1"])
def test_certificates_are_verified_and_tampering_is_refused(conserved: Run, tmp_path: Path, network: str) -> None:
    file = tmp_path / "laws.json"
    _, err = conserved(network, "--certificate", str(file))
    assert f"wrote {file}" in err
    assert conserved("verify", str(file))[0].startswith("N = ")
    assert conserved("verify", str(file), *network.split())[0].startswith("N = ")
    assert "not the phi" in conserved("verify", str(file), "linear 2-2-2", code=1)[1]
    assert "not the phi" in conserved("verify", str(file), "--phi", "a*b", code=1)[1]
    content = json.loads(file.read_text())
    content["lower"] += 1
    file.write_text(json.dumps(content))
    assert "the file shows N >=" in conserved("verify", str(file), code=1)[1]
    file.write_text("{}")
    assert "no certificate" in conserved("verify", str(file), code=2)[1]


def test_rates_of_a_certificate_are_compared(conserved: Run, tmp_path: Path) -> None:
    file = tmp_path / "laws.json"
    conserved("linear 3-2-2", "--rates", "1,2", "--certificate", str(file))
    assert "N = 3" in conserved("verify", str(file), "linear 3-2-2", "--rates", "1,2")[0]
    assert "learning rates" in conserved("verify", str(file), "linear 3-2-2", code=1)[1]


@pytest.mark.parametrize(
    ("args", "piece"),
    [
        ([], "--phi"),
        (["linear 3-2-2", "--phi", "a*b"], "one of them"),
        (["lineer 3-2"], "did you mean linear"),
        (["linear 5-x-3"], "5-x-3"),
        (["gelu 2-3-1"], "error function"),
        (["--phi", "sin(a)"], "polynomial"),
        (["--phi", "a/b"], "divides"),
        (["linear 3-2-2", "--rates", "1,0"], "positive"),
        (["linear 3-2-2", "--rates", "1,2,3"], "3 rates"),
        (["linear 3-2-2", "--rates", "W1[:,j]=1;2;3"], "3 rates for the 2"),
        (["linear 3-2-2", "--rates", "W9=1"], "no tensor named 'W9'"),
        (["linear 3-2-2", "--dynamics", "weight normalisation"], "vector of gains"),
        (["linear 3-2-2", "--dynamics", "heavy ball", "--degree", "4"], "linear in the velocity"),
        (["attention 1 2 2", "--loss", "cross-entropy"], "logits"),
        (["linear 3-2-2", "--latex", "--json"], "exclude"),
        (["verify"], "certificate file"),
        (["verify", "no-such-file.json"], "cannot be read"),
    ],
)
def test_refusals_name_the_reason(conserved: Run, args: list[str], piece: str) -> None:
    assert piece in conserved(*args, code=2)[1]

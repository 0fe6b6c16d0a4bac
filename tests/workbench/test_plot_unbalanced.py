"""Figures of the unbalanced neuron: drawn, repeatable, fed by the derived functions, and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("matplotlib")

from quenched.derivations import load
from quenched.derivations.workbench.cli import quenched
from quenched.derivations.workbench.plots import draw, figures
from quenched.derivations.workbench.plots.level_sets import STARTS, _Depth, _mesh
from quenched.derivations.workbench.plots.starts import of_claim, start
from quenched.derivations.workbench.plots.style import styled
from quenched.derivations.workbench.plots.unbalanced import FIGURES, setting
from quenched.symbolic.errors import BadInput, UnknownName


@pytest.fixture(scope="module")
def piece():
    return load("unbalanced")


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
def test_drawn_and_repeatable(piece, tmp_path: Path, suffix: str) -> None:
    files = [draw(piece, "kernel", tmp_path / f"{k}.{suffix}", at={}, points=31) for k in "ab"]
    first, second = (file.read_bytes() for file in files)
    assert first == second and len(first) > 5000


@pytest.mark.parametrize("name", ["surfaces", "learning", "bias"])
def test_every_figure_is_drawn(piece, tmp_path: Path, name: str) -> None:
    options = {} if name == "surfaces" else {"points": 41}
    assert draw(piece, name, tmp_path / "figure.pdf", at={}, **options).read_bytes().startswith(b"%PDF")


def test_starts_have_the_predictor_and_the_imbalance(piece) -> None:
    values = setting({"eta_a": "2", "eta_w": "1/3"})
    deltas, beta0 = np.array([-1e6, -2.0, 0.0, 3.0, 1e6]), np.array([0.3, -0.4])
    a0, w0 = start(piece, values, deltas, beta0)
    assert np.allclose(a0[:, None] * w0, beta0, rtol=1e-14)
    assert np.allclose(a0**2 / 3 - 2 * np.sum(w0**2, axis=1), deltas, rtol=1e-12, atol=1e-15)


def test_balanced_starts_are_exactly_balanced(piece) -> None:
    a0, w0 = start(piece, setting({}), 0.0, STARTS)
    assert np.all(a0**2 - w0[:, 0] ** 2 - w0[:, 1] ** 2 == 0)


@pytest.mark.parametrize("delta", [-1.0, 0.0, 1.0])
def test_surface_lies_on_the_level_set(piece, delta: float) -> None:
    for sheet in _mesh(piece, setting({}), delta, 12, 13):
        level = of_claim(piece.derivation, "level", {"eta_a": 1, "eta_w": 1, "a": sheet[..., 2],
                                                      "r_w": np.linalg.norm(sheet[..., :2], axis=-1)})  # fmt: skip
        assert np.allclose(level, delta, atol=1e-12)


def test_what_is_behind_the_surface_is_hidden(piece) -> None:
    depth = _Depth(_mesh(piece, setting({}), -1.0, 300, 300))
    c, s, e, f = np.cos(-62 / 57.29578), np.sin(-62 / 57.29578), np.cos(17 / 57.29578), np.sin(17 / 57.29578)
    eye = np.array([c * e, s * e, f])
    assert list(depth.visible(np.array([3 * eye, -3 * eye]))) == [True, False]


def test_curves_are_the_derived_functions(piece) -> None:
    """The loss curves of the figure against certified values at points of the curve."""
    with styled():
        figure = FIGURES["learning"](piece, {}, points=21)
    lines = {line.get_label(): line for line in figure.axes[0].get_lines()}
    times, losses = lines["$+4$"].get_data()
    a0, w0 = start(piece, setting({}), np.array([4.0]), 0.3 * np.array([np.cos(2.2), np.sin(2.2)]))
    exact = {name: float(x).as_integer_ratio() for name, x in (("a0", a0[0]), ("u", w0[0, 0]), ("v", w0[0, 1]),
                                                              ("t", times[9]))}  # fmt: skip
    text = {name: f"{p}/{q}" for name, (p, q) in exact.items()}
    at = {"eta_a": "1", "eta_w": "1", "a0": text["a0"], "w0": f"{text['u']},{text['v']}", "beta_star": "1,0",
          "t": text["t"]}  # fmt: skip
    assert losses[9] == pytest.approx(float(piece.evaluate("loss", at, 15).value), rel=1e-9)


def test_limits_lie_on_the_line_of_solutions(piece) -> None:
    with styled():
        figure = FIGURES["bias"](piece, {"x": "2,1", "y": "3", "beta0": "1/10,-1/5"}, points=21)
    plane = figure.axes[0]
    thick = np.vstack([line.get_xydata() for line in plane.get_lines() if line.get_linewidth() == 2.4])
    assert len(thick) == 40
    assert np.allclose(thick @ [2, 1], 3, atol=1e-12)
    ends = np.array([line.get_xydata()[-1] for line in plane.get_lines() if line.get_linewidth() == 0.8][1:])
    assert np.allclose(ends @ [2, 1], 3, atol=1e-8)


def test_command(tmp_path: Path) -> None:
    run = CliRunner().invoke(quenched, ["plot", "unbalanced", "-f", "kernel", "-o", str(tmp_path / "kernel.svg")])
    assert run.exit_code == 0, run.output
    assert re.search(r"<svg", (tmp_path / "kernel.svg").read_text())
    assert "surfaces, learning, kernel, bias" in CliRunner().invoke(quenched, ["plot", "--help"]).output


def test_refusals(piece, tmp_path: Path) -> None:
    assert list(figures("unbalanced")) == ["surfaces", "learning", "kernel", "bias"]
    with pytest.raises(UnknownName, match="surfaces"):
        draw(piece, "surface", tmp_path / "a.pdf", at={})
    with pytest.raises(BadInput, match="varied or chosen"):
        draw(piece, "kernel", tmp_path / "a.pdf", at={"a0": "1"})
    with pytest.raises(BadInput, match="two entries"):
        draw(piece, "kernel", tmp_path / "a.pdf", at={"beta_star": "1,0,0"})

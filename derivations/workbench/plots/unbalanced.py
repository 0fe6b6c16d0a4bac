"""Figures of the unbalanced neuron: level sets with trajectories, learning curves, kernel distance, implicit bias.

Every value comes from the derived functions; only starts, times and the projection of space on paper are set here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from ....symbolic.errors import BadInput
from .bias import imbalance_axis, implicit_bias
from .level_sets import level_sets
from .starts import start
from .style import between, canvas, panels, plain_log

# The setting of the figures where the caller says nothing else.
SETTING = {"eta_a": "1", "eta_w": "1", "beta_star": "1,0"}
DELTAS = (-4.0, -1.0, 0.0, 1.0, 4.0)
SIZE, ANGLE = 0.3, 2.2


def setting(at: Mapping[str, str], **allowed: str) -> dict[str, Any]:
    """The default setting of a figure with the caller's values, as floats (lists as lists).

    Raises BadInput for a parameter the figure varies itself.
    """
    known = {**SETTING, **allowed}
    for name in at:
        if name not in known:
            raise BadInput(f"{name} is varied or chosen by the figure; parameters it takes: {', '.join(known)}")
    values = {}
    for name, text in {**known, **at}.items():
        entries = [float(sp.Rational(part)) for part in text.split(",")]
        values[name] = entries if name in ("beta_star", "x", "beta0") else entries[0]
    if len(values["beta_star"]) != 2:
        raise BadInput("the figures are drawn in two dimensions: give beta_star two entries")
    return values


# -- 1. level sets ---------------------------------------------------------------------------------------------------


def surfaces(piece: Any, at: Mapping[str, str]) -> Any:
    """Level sets of the imbalance; trajectories whose a ends positive (blue) or negative (red); minima (black)."""
    return level_sets(piece, setting(at))


# -- 2. learning curves ----------------------------------------------------------------------------------------------


def learning(piece: Any, at: Mapping[str, str], *, points: int = 241) -> Any:
    """Loss, alignment and kernel distance over time from the same predictor, for imbalances of both signs."""
    values = setting(at)
    figure, axes = panels(3, 1, 1.12, sharex=True)
    times = np.concatenate([[0.0], np.geomspace(0.01, 20, points - 1)])
    a0, w0 = start(piece, values, np.array(DELTAS), SIZE * _direction(values, ANGLE))
    here = {**values, "a0": a0[:, None], "w0": [w0[:, :1], w0[:, 1:]], "t": times}
    crossings = piece.function("zero_crossing_time")(**{**here, "t": np.zeros(1)})[:, 0]
    for panel, result in zip(axes, ("loss", "alignment", "kernel_distance")):
        for delta, curve, crossing in zip(DELTAS, piece.function(result)(**here), crossings):
            # The alignment changes its sign with a: the curve is interrupted there.
            broken = np.searchsorted(times, crossing) if result == "alignment" and crossing > 0 else len(times)
            x, y = (np.insert(part, broken, np.nan) for part in (times, curve))
            colour = between(DELTAS[0], DELTAS[-1], delta)
            panel.plot(x, y, color=colour, label=_signed(delta))
            if broken < len(times):
                panel.vlines(
                    crossing, y[broken - 1], y[broken + 1], color=colour, linewidth=0.6, linestyle=(0, (1, 1.5))
                )
    _dress_learning(axes, piece.derivation)
    figure.align_ylabels(list(axes))
    return figure


def _dress_learning(axes: Any, D: Any) -> None:
    axes[0].set_yscale("log")
    axes[0].set_ylim(1e-6, 2)
    axes[1].set_ylim(-0.8, 1.1)
    axes[2].set_ylim(0, None)
    axes[2].set_xscale("symlog", linthresh=0.1, linscale=0.4)
    axes[2].set_xlim(0, 20)
    plain_log(axes[2].xaxis, (0, 0.1, 1, 10))
    for panel, name, words in zip(axes, ("loss", "alignment", "kernel_distance"), ("loss, ", "", "kernel distance, ")):
        panel.set_ylabel(f"{words}${D.notation[name].tex()}$")
    axes[2].set_xlabel(f"time, ${D.notation['t'].tex()}$")
    axes[0].legend(title=f"imbalance, ${D.notation['delta'].tex()}$", loc="lower left", title_fontsize=7.5, ncol=2,
                   columnspacing=1.0)  # fmt: skip


def _signed(value: float) -> str:
    return "$0$" if value == 0 else f"${value:+g}$"


def _direction(values: Mapping[str, Any], angle: float) -> np.ndarray:
    """A unit vector at an angle to the target."""
    x, y = values["beta_star"] / np.linalg.norm(values["beta_star"])
    return np.array([x * np.cos(angle) - y * np.sin(angle), y * np.cos(angle) + x * np.sin(angle)])


# -- 3. kernel distance ----------------------------------------------------------------------------------------------


def kernel(piece: Any, at: Mapping[str, str], *, points: int = 121) -> Any:
    """Kernel distance against the imbalance at several times: lazy upstream at every time, downstream only at first."""
    values = setting(at)
    figure, axes = canvas()
    deltas = 30 * np.sinh(np.linspace(-4, 4, points)) / np.sinh(4)
    a0, w0 = start(piece, values, deltas, SIZE * _direction(values, np.pi / 2))
    times = np.array([1.0, 2.0, 4.0, 10.0, 40.0])
    found = piece.function("kernel_distance")(**values, a0=a0, w0=[w0[:, 0], w0[:, 1]], t=times[:, None])
    for k, (t, curve) in enumerate(zip(times, found)):
        axes.plot(deltas, curve, color=str(0.78 - 0.78 * k / (len(times) - 1)), label=f"${t:g}$")
    axes.axvline(0, color="0.8", linewidth=0.6, zorder=0)
    imbalance_axis(axes, 30, (10, 3, 1))
    axes.set_ylim(0, 1.08)
    D = piece.derivation
    for place, height, words, side in ((-27, 0.86, "rich,\nbut late", "left"), (27, 0.9, "lazy", "right")):
        axes.annotate(words, (place, height), ha=side, va="center", fontsize=7.5, color="0.3", style="italic")
    axes.set_xlabel(f"imbalance, ${D.notation['delta'].tex()}$")
    axes.set_ylabel(f"kernel distance, ${D.notation['kernel_distance'].tex()}$")
    axes.legend(title=f"${D.notation['t'].tex()}$", loc="center right", title_fontsize=7.5)
    return figure


# -- 4. implicit bias ------------------------------------------------------------------------------------------------


def bias(piece: Any, at: Mapping[str, str], *, points: int = 161) -> Any:
    """Limits from one start for all imbalances, on the line of solutions of one sample; thin: trajectories."""
    return implicit_bias(piece, setting(at, x="1,1/2", y="1", beta0="1/20,1/4"), points)


FIGURES = {"surfaces": surfaces, "learning": learning, "kernel": kernel, "bias": bias}

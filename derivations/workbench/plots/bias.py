"""Where the flow of one sample ends, for every imbalance of one start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..catalogue import load
from .starts import start
from .style import BLACK, between, panels

TALL = 1.17  # height of the plane by its width
SHOWN = np.array([-12.0, -3.0, -1.0, 0.0, 1.0, 12.0])
FAR = np.array([1e7, -1e7])


def implicit_bias(piece: Any, values: Mapping[str, Any], points: int) -> Any:
    """Left: the plane of predictors. Right: the place of the limit on the line of solutions against the imbalance."""
    x, beta0 = np.array(values["x"]), np.array(values["beta0"])
    along = np.array([-x[1], x[0]]) / np.linalg.norm(x)
    ends_of = load("implicit_bias").function("beta")
    figure, (plane, place) = panels(1, 2, 0.6, width_ratios=[1.25, 1])
    figure.get_layout_engine().set(wspace=0.1)

    def limits(deltas: np.ndarray) -> np.ndarray:
        a0, w0 = start(piece, values, deltas, beta0)
        return ends_of(**_rates(values), a0=a0, w0=[w0[:, 0], w0[:, 1]], X=[list(x)], y=[values["y"]])

    deltas = 60 * np.sinh(np.linspace(-4.6, 4.6, points)) / np.sinh(4.6)
    ends, far = limits(deltas), limits(FAR)
    middle = far.mean(axis=0)
    plane.plot(*np.array([middle - 9 * along, middle + 9 * along]).T, color="0.75", linewidth=0.8, zorder=1)
    for k in range(len(deltas) - 1):
        colour = _colour((deltas[k] + deltas[k + 1]) / 2)
        plane.plot(*ends[k : k + 2].T, color=colour, linewidth=2.4, solid_capstyle="butt", zorder=3)
        place.plot(deltas[k : k + 2], ends[k : k + 2] @ along, color=colour, linewidth=1.5, solid_capstyle="butt")
    for delta, path in zip(SHOWN, _trajectories(piece, values, beta0, x)):
        plane.plot(*path.T, color=_colour(delta), linewidth=0.8, zorder=4)
    for end, sign, side in zip(far, (1, -1), ("+", "-")):
        style: dict[str, Any] = {"color": between(-1, 1, sign), "linewidth": 0.7, "dashes": (3, 2), "zorder": 2}
        plane.plot(*np.array([beta0, end]).T, **style)
        place.axhline(end @ along, **style)
        place.annotate(rf"$\delta \to {side}\infty$", (-55 * sign, end @ along), (0, 3 * sign),
                       textcoords="offset points", fontsize=7, color=style["color"], ha="left" if sign > 0 else "right",
                       va="bottom" if sign > 0 else "top")  # fmt: skip
    _dress(plane, place, piece.derivation, np.vstack([ends, far]), beta0)
    return figure


def _rates(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("eta_a", "eta_w")}


def _colour(delta: float) -> Any:
    return between(-1, 1, float(np.tanh(delta / 3)))


def _trajectories(piece: Any, values: Mapping[str, Any], beta0: np.ndarray, x: np.ndarray) -> np.ndarray:
    """beta(t), one row for each imbalance: in the row space the model in one dimension with time |x|^2 t, and across it
    the weights do not move."""
    a0, w0 = start(piece, values, SHOWN, beta0)
    size = float(np.linalg.norm(x))
    unit = x / size
    times = np.concatenate([np.linspace(0, 4, 160), np.geomspace(4, 400, 40)[1:]])
    inside = w0 @ unit
    row = {"a0": a0[:, None], "w0": [inside[:, None]], "beta_star": [values["y"] / size], "t": times * size**2}
    a = piece.function("a")(**_rates(values), **row)
    w = piece.function("w")(**_rates(values), **row)
    null = w0 - inside[:, None] * unit
    return a[..., None] * (w * unit + null[:, None, :])


def _dress(plane: Any, place: Any, D: Any, points: np.ndarray, beta0: np.ndarray) -> None:
    plane.plot(*beta0, marker="o", markersize=3.4, color=BLACK, zorder=7)
    plane.plot(0, 0, marker="+", markersize=5, color="0.4", markeredgewidth=0.7, zorder=2)
    everything = np.vstack([points, beta0[None, :], np.zeros((1, 2))])
    low, high = everything.min(axis=0), everything.max(axis=0)
    # A window of the shape of the panel around everything: no axis is stretched afterwards.
    half = 0.6 * np.max((high - low) / (1, TALL)) * np.array([1, TALL])
    plane.set_xlim(*((low + high)[0] / 2 + half[0] * np.array([-1, 1])))
    plane.set_ylim(*((low + high)[1] / 2 + half[1] * np.array([-1, 1])))
    plane.set_box_aspect(TALL)
    plane.locator_params(nbins=5)
    beta = D.notation["beta"].tex()
    plane.set_xlabel(rf"${beta}_1$")
    plane.set_ylabel(rf"${beta}_2$", labelpad=1)
    plane.annotate(rf"${beta}_0$", beta0, (-4, 1), textcoords="offset points", ha="right", va="bottom", fontsize=8)
    imbalance_axis(place, 60, (10, 1))
    place.set_xlabel(f"imbalance, ${D.notation['delta'].tex()}$")
    place.set_ylabel(rf"${beta}_\infty$ along the line", labelpad=1)
    place.margins(y=0.12)


def imbalance_axis(axes: Any, end: float, ticks: tuple[int, ...]) -> None:
    """An axis for imbalances of both signs, linear near 0 and logarithmic far from it, without a corner between."""
    axes.set_xscale("asinh", linear_width=1)
    axes.set_xlim(-end, end)
    signed = [*(-x for x in ticks), *([0] if len(ticks) > 2 else []), *reversed(ticks)]
    axes.set_xticks(signed, [f"${x}$" for x in signed])
    axes.minorticks_off()

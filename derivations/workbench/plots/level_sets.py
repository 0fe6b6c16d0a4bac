"""Level sets of the imbalance in the space of weights (w_1, w_2, a), projected on paper, with trajectories on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection

from .starts import of_claim, start
from .style import BLACK, BLUE, VERMILION, panels

DELTAS = (-1.0, 0.0, 1.0)
NAMES = ("downstream", "balanced", "upstream")
HEIGHT = 2.1
# Predictors of length 169/256 whose balanced weights (13/16, 12/16, 5/16), ... are floats: delta is 0, not a rounding.
STARTS = np.array([(x, y) for p, q in ((12, 5), (5, 12)) for x in (p, -p) for y in (q, -q)]) * 13 / 256
AZIMUTH, ELEVATION = np.deg2rad(-62), np.deg2rad(17)
LIGHT = np.array([-0.3, -0.5, 0.8])


def level_sets(piece: Any, values: Mapping[str, Any]) -> Any:
    """One panel for each sign of the imbalance."""
    figure, axes = panels(1, 3, 0.435)
    D = piece.derivation
    state = piece.function("a"), piece.function("w"), piece.function("basin")
    for axis, delta, name in zip(axes, DELTAS, NAMES):
        depth = _sheets(axis, piece, values, delta)
        _minima(axis, depth, values)
        _trajectories(axis, depth, values, start(piece, values, delta, STARTS), state)
        axis.set_aspect("equal")
        axis.set_xlim(-2.45, 2.45)
        axis.set_ylim(-2.72, 2.72)
        axis.axis("off")
        sign = "<=>"[int(np.sign(delta)) + 1]
        axis.set_title(f"{name}, ${D.notation['delta'].tex()} {sign} 0$", fontsize=7.5, pad=1)
    _directions(axes[0], D)
    return figure


def _projected(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(position on paper, depth towards the eye) of points (..., 3), seen from far away."""
    c, s, e, f = np.cos(AZIMUTH), np.sin(AZIMUTH), np.cos(ELEVATION), np.sin(ELEVATION)
    right, eye = np.array([-s, c, 0]), np.array([c * e, s * e, f])
    up = np.cross(eye, right)
    return np.stack([points @ right, points @ up], axis=-1), points @ eye


def _weights(piece: Any, values: Mapping[str, Any]) -> tuple[float, float]:
    """(A, B) of the level set delta = A a^2 - B |w|^2, read off the claim."""
    rates = {name: values[name] for name in ("eta_a", "eta_w")}
    return (
        float(of_claim(piece.derivation, "level", {**rates, "a": 1, "r_w": 0})),
        -float(of_claim(piece.derivation, "level", {**rates, "a": 0, "r_w": 1})),
    )


def _mesh(piece: Any, values: Mapping[str, Any], delta: float, rows: int, columns: int) -> list[np.ndarray]:
    """Points (rows, columns, 3) of each sheet: one of |a| <= HEIGHT for delta < 0, two from the vertex upwards else."""
    A, B = _weights(piece, values)
    turn = np.linspace(0, 2 * np.pi, columns)
    if delta < 0:
        heights = [np.linspace(-HEIGHT, HEIGHT, rows)]
    else:
        # Dense near the vertex, where the sheet is a paraboloid in |w|.
        rise = np.sqrt(delta / A) + (HEIGHT - np.sqrt(delta / A)) * np.linspace(0, 1, rows) ** 2
        heights = [rise, -rise]
    sheets = []
    for a in heights:
        r = np.sqrt(np.maximum(A * a**2 - delta, 0) / B)
        w = r[:, None, None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1)[None]
        sheets.append(np.concatenate([w, np.broadcast_to(a[:, None, None], (*w.shape[:2], 1))], axis=-1))
    return sheets


class _Depth:
    """What lies in front: the largest depth of the surface over each cell of the paper."""

    def __init__(self, sheets: list[np.ndarray], cell: float = 0.04, extent: float = 4.0):
        self.cell, self.extent = cell, extent
        count = int(2 * extent / cell)
        self.front = np.full((count, count), -np.inf)
        for sheet in sheets:
            place, depth = _projected(sheet.reshape(-1, 3))
            np.maximum.at(self.front, self._index(place), depth)

    def _index(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cells = ((place + self.extent) / self.cell).astype(int).clip(0, len(self.front) - 1)
        return cells[:, 0], cells[:, 1]

    def visible(self, points: np.ndarray, margin: float = 0.16) -> np.ndarray:
        place, depth = _projected(points)
        return depth > self.front[self._index(place)] - margin


def _sheets(axis: Any, piece: Any, values: Mapping[str, Any], delta: float) -> _Depth:
    """The surface as small quadrangles, the far ones first, shaded by the angle to the light."""
    faces, depths, shades = [], [], []
    for sheet in _mesh(piece, values, delta, 30, 73):
        place, depth = _projected(sheet)
        corners = [(slice(None, -1), slice(None, -1)), (slice(1, None), slice(None, -1)),
                   (slice(1, None), slice(1, None)), (slice(None, -1), slice(1, None))]  # fmt: skip
        faces.append(np.stack([place[c] for c in corners], axis=-2).reshape(-1, 4, 2))
        depths.append(np.mean([depth[c] for c in corners], axis=0).ravel())
        normal = np.cross(sheet[1:, :-1] - sheet[:-1, 1:], sheet[1:, 1:] - sheet[:-1, :-1]).reshape(-1, 3)
        size = np.linalg.norm(normal, axis=1)
        shades.append(np.abs(normal @ LIGHT) / np.linalg.norm(LIGHT) / np.where(size > 0, size, 1))
    order = np.argsort(np.concatenate(depths))
    grey = 0.72 + 0.25 * np.concatenate(shades)[order]
    colours = np.stack([grey, grey, grey, np.full_like(grey, 1.0)], axis=-1)
    axis.add_collection(
        PolyCollection(
            list(np.concatenate(faces)[order]),
            facecolors=colours,
            edgecolors=colours,
            linewidths=0.3,
            rasterized=True,
            zorder=1,
        )
    )
    return _Depth(_mesh(piece, values, delta, 400, 500))


def _curve(axis: Any, depth: _Depth, points: np.ndarray, **style: Any) -> None:
    """A curve: full where it is in front, pale where the surface hides it."""
    place, _ = _projected(points)
    # A curve along the outline flickers from point to point; the majority of neighbours decides.
    seen = np.convolve(depth.visible(points), np.ones(9), "same") > 4
    axis.plot(*np.where(seen[:, None], place, np.nan).T, zorder=4, solid_capstyle="round", **style)
    axis.plot(*place.T, zorder=3, alpha=0.4, **{**style, "linewidth": 0.6 * style["linewidth"]})


def _minima(axis: Any, depth: _Depth, values: Mapping[str, Any]) -> None:
    """a w = beta_*, both branches."""
    target = np.array(values["beta_star"])
    a = np.geomspace(np.linalg.norm(target) / 2.3, HEIGHT, 80)
    for side in (1, -1):
        points = np.concatenate([target[None] / a[:, None], a[:, None]], axis=1) * side
        _curve(axis, depth, points, color=BLACK, linewidth=0.9)


def _trajectories(axis: Any, depth: _Depth, values: Mapping[str, Any], starts: tuple[np.ndarray, np.ndarray],
                  state: tuple[Any, Any, Any]) -> None:  # fmt: skip
    """From every start and from its mirror image with both signs reversed, which has the same predictor."""
    a0, w0 = (np.concatenate([part, -part]) for part in starts)
    here = {**values, "a0": a0[:, None], "w0": [w0[:, :1], w0[:, 1:]]}
    times = np.concatenate([np.linspace(0, 5, 80), np.linspace(5, 12, 12)[1:]])
    a, w, basin = (function(**here, t=t) for function, t in zip(state, (times, times, np.zeros(1))))
    for points, sign in zip(np.concatenate([w, a[..., None]], axis=-1), basin[:, 0]):
        colour = BLUE if sign > 0 else VERMILION
        _curve(axis, depth, points, color=colour, linewidth=0.7)
        place, _ = _projected(points)
        if depth.visible(points[:1])[0]:
            axis.plot(*place[0], marker="o", markersize=1.4, color=colour, zorder=5)
        axis.plot(*place[-1], marker="o", markersize=2.4, color=BLACK, zorder=6)


def _directions(axis: Any, D: Any) -> None:
    """The three axes of the space, in a corner."""
    origin = np.array([-2.3, -2.45])
    for vector, name in (((1, 0, 0), "w_1"), ((0, 1, 0), "w_2"), ((0, 0, 1), D.notation["a"].tex())):
        place, _ = _projected(0.62 * np.array(vector, dtype=float))
        axis.annotate("", origin + place, origin, arrowprops={"arrowstyle": "-|>,head_width=0.1,head_length=0.2",
                      "linewidth": 0.5, "color": "0.2", "shrinkA": 0, "shrinkB": 0})  # fmt: skip
        axis.annotate(f"${name}$", origin + 1.38 * place, fontsize=6, ha="center", va="center", color="0.2")

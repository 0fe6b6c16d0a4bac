"""Figures of the PCA-probe model: error against size, phases of the optimal size, labels against unlabelled data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp

from ....numeric.simulate import simulate
from ....symbolic.derivation import Derivation
from .landscape import Landscape
from .style import BLACK, BLUE, CYCLE, GREEN, VERMILION, canvas, plain_log

# The setting of the figures where the caller says nothing else.
TASK = {"theta": "3", "a": "1", "b": "3/10", "sigma2": "1/5"}
SIZE_ALPHAS = ("1/4", "3/5", "3")
# A weak spike and little noise: every kind of optimum has its place in the plane.
PHASE_TASK = {"theta": "3/2", "a": "1", "b": "1/5", "sigma2": "1/50"}


def _tex(D: Derivation, name: str, rest: str = "") -> str:
    """A quantity as the notation table writes it, with more mathematics behind it."""
    return f"${D.notation[name].tex()}{rest}$"


# -- 1. error against size -------------------------------------------------------------------------------------------


def error_against_size(piece: Any, at: Mapping[str, str], *, d: int = 400, draws: int = 10, seed: int = 0) -> Any:
    """Generalisation error against k/d: theory as lines, simulation as points, the certified optimum as a star."""
    point = {**TASK, "gamma": "1", "lam": "0", **{k: v for k, v in at.items() if k != "rho"}}
    alphas = (point["alpha"],) if "alpha" in at else SIZE_ALPHAS
    figure, axes = canvas()
    theory = piece.function("generalisation_error")
    top = 0.0
    for colour, alpha in zip(CYCLE, alphas):
        setting = {**point, "alpha": alpha}
        rho = _sizes(setting)
        error = theory(**_floats(setting), rho=rho)
        axes.plot(rho, np.where(error < 1e3, error, np.nan), color=colour, label=f"${float(sp.Rational(alpha)):g}$")
        _simulated(axes, setting, colour, d, draws, seed)
        best, least = _optimum(piece, setting)
        axes.plot([best], [least], marker="*", markersize=8, color=colour, markeredgecolor="white", markeredgewidth=0.5,
                  clip_on=False, zorder=5)  # fmt: skip
        top = max(top, float(np.nanmedian(error)))
    axes.set_yscale("log")
    axes.set_xlim(0, min(1.0, 1 / float(sp.Rational(point["gamma"]))))
    low = axes.dataLim.y0
    axes.set_ylim(0.8 * low, 12 * top)
    axes.set_xlabel(f"size of the representation, {_tex(piece.derivation, 'rho', '= k/d')}")
    axes.set_ylabel(f"generalisation error, {_tex(piece.derivation, 'E_gen')}")
    plain_log(axes.yaxis, _ticks(0.8 * low, 12 * top))
    axes.legend(title=_tex(piece.derivation, "alpha", "= N/d"), loc="upper right", title_fontsize=7.5)
    return figure


def _sizes(setting: Mapping[str, str]) -> np.ndarray:
    """Sizes from 0 to the largest, denser towards the interpolation threshold and away from the threshold itself."""
    gamma, alpha = (float(sp.Rational(setting[name])) for name in ("gamma", "alpha"))
    full = min(1.0, 1 / gamma)
    near = alpha + np.concatenate([-np.geomspace(1e-3, 0.3, 60), np.geomspace(1e-3, 0.3, 60)])
    rho = np.unique(np.concatenate([np.linspace(0, full, 160), near]))
    rho = rho[(rho >= 0) & (rho <= full)]
    gap = 2e-4 if sp.Rational(setting["lam"]) == 0 else 0
    return np.where(np.abs(rho - alpha) < gap, alpha + 1.5e-3, rho) if gap else rho


def _floats(setting: Mapping[str, str]) -> dict[str, Any]:
    """Exact text as floats, lists as lists."""
    numbers = {}
    for name, text in setting.items():
        entries = [float(sp.Rational(part)) for part in text.split(",")]
        numbers[name] = entries if name in ("theta", "a") else entries[0]
    return {name: value for name, value in numbers.items() if name != "rho"}


def _simulated(axes: Any, setting: Mapping[str, str], colour: str, d: int, draws: int, seed: int) -> None:
    """Means over draws with standard errors, at sizes away from the divergence."""
    alpha = float(sp.Rational(setting["alpha"]))
    for rho in ("1/20", "1/10", "1/5", "2/5", "1/2", "7/10", "17/20", "49/50"):
        size = float(sp.Rational(rho))
        if abs(size - alpha) < 0.06 or size > 1 / float(sp.Rational(setting["gamma"])):
            continue
        run = simulate("pca_probe", {**setting, "rho": rho}, d=d, draws=draws, seed=seed)
        estimate: Any = run.results["generalisation_error"]
        axes.errorbar([float(sp.Rational(run.ratios["rho"]))], [estimate.mean], yerr=[estimate.standard_error],
                      fmt="o", color=colour, markerfacecolor="white", markeredgewidth=0.8, elinewidth=0.8,
                      capsize=1.5, capthick=0.8, zorder=4)  # fmt: skip


def _optimum(piece: Any, setting: Mapping[str, str]) -> tuple[float, float]:
    """(size, error) of the certified optimum; an end is at its place on the axis."""
    point = {name: value for name, value in setting.items() if name != "rho"}
    size = piece.evaluate("optimal_size", point, 8)
    error = float(piece.evaluate("optimal_error", point, 8).value)
    if size.value is not None:
        return float(size.value), error
    full = min(1.0, 1 / float(sp.Rational(point["gamma"])))
    return (0.0 if size.word.startswith("0") else full), error


def _ticks(low: float, high: float) -> tuple[float, ...]:
    values = [m * 10.0**k for k in range(-4, 5) for m in (1, 2, 5)]
    return tuple(v for v in values if low <= v <= high)


# -- 2. phase diagram ------------------------------------------------------------------------------------------------

COMPRESSED, BELOW, COMPLETE_BELOW, ABOVE, COMPLETE_ABOVE = range(5)
_FILL = {
    COMPRESSED: "#CFE3F1",
    BELOW: "#FBE3C8",
    COMPLETE_BELOW: "#CDEBDD",
    ABOVE: "#F6D9E6",
    COMPLETE_ABOVE: "#E4E4E4",
}
_NAMES = {
    COMPRESSED: "maximally\ncompressed",
    BELOW: "interior\n$0<k<N$",
    COMPLETE_BELOW: "complete\n$k=\\min(d,M)<N$",
    ABOVE: "interior\n$k>N$",
    COMPLETE_ABOVE: "complete\n$k=\\min(d,M)>N$",
}


def phase_diagram(
    piece: Any, at: Mapping[str, str], *, points: int = 280, low: float = 0.03, high: float = 30.0
) -> Any:
    """Which size is optimal in the plane of unlabelled and labelled data, without ridge; dashed: alpha_c."""
    D, task = piece.derivation, {**PHASE_TASK, **{k: v for k, v in at.items() if k in PHASE_TASK}}
    landscape = Landscape(D, _floats(task))
    # A little beyond the frame, so that no boundary ends inside it.
    gamma = alpha = np.geomspace(low / 1.1, high * 1.1, points)
    values = np.stack([landscape.candidates(g, alpha) for g in gamma], axis=-1)
    winner = np.argmin(values, axis=0)
    figure, axes = canvas(0.86)
    from matplotlib.colors import BoundaryNorm, ListedColormap

    axes.pcolormesh(gamma, alpha, winner, cmap=ListedColormap([_FILL[k] for k in range(5)]),
                    norm=BoundaryNorm(np.arange(-0.5, 5), 5), shading="nearest", rasterized=True)  # fmt: skip
    _boundaries(axes, landscape, gamma, alpha, winner)
    critical = piece.function("critical_label_ratio")(gamma=gamma, **_floats(task))
    axes.plot(gamma, critical, color=VERMILION, dashes=(4, 2), linewidth=1.1)
    shown = int(np.argmin(np.abs(critical - np.sqrt(low))))
    axes.annotate(_tex(D, "alpha_c"), (gamma[shown], critical[shown]), (-9, -6), textcoords="offset points", fontsize=8,
                  color=VERMILION, ha="center", va="center")  # fmt: skip
    axes.set_axisbelow(False)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    _named(axes, gamma, alpha, winner)
    _transition_marks(axes, _floats(task)["theta"], low, high, D)
    ticks = (0.1, 1, 10)
    plain_log(axes.xaxis, ticks)
    plain_log(axes.yaxis, ticks)
    axes.set_xlabel(f"scarcity of unlabelled data, {_tex(D, 'gamma', '= d/M')}")
    axes.set_ylabel(f"labels per dimension, {_tex(D, 'alpha', '= N/d')}")
    return figure


def _boundaries(axes: Any, landscape: Landscape, gamma: np.ndarray, alpha: np.ndarray, winner: np.ndarray) -> None:
    """Where one phase gives way to another along alpha, by bisection in every column; one line per pair of phases."""
    lines: dict[tuple[int, int, int], list[tuple[int, float]]] = {}
    for column, g in enumerate(gamma):
        phases = winner[:, column]
        met: dict[tuple[int, int], int] = {}
        for row in np.nonzero(np.diff(phases))[0]:
            pair = (int(phases[row]), int(phases[row + 1]))
            met[pair] = met.get(pair, 0) + 1
            place = _changed(landscape, g, float(alpha[row]), float(alpha[row + 1]), pair[0])
            lines.setdefault((*pair, met[pair]), []).append((column, place))
    for line in lines.values():
        columns, places = (np.array(part) for part in zip(*line))
        for piece in np.split(np.arange(len(columns)), np.nonzero(np.diff(columns) > 1)[0] + 1):
            axes.plot(gamma[columns[piece]], places[piece], color=BLACK, linewidth=0.8)


def _changed(landscape: Landscape, gamma: float, low: float, high: float, phase: int) -> float:
    """The alpha between two values at which the phase that wins at the lower one stops winning."""
    for _ in range(12):
        middle = np.sqrt(low * high)
        wins = int(np.argmin(landscape.candidates(gamma, np.array([middle]))[:, 0])) == phase
        low, high = (middle, high) if wins else (low, middle)
    return np.sqrt(low * high)


def _named(axes: Any, gamma: np.ndarray, alpha: np.ndarray, winner: np.ndarray) -> None:
    """The name of each phase inside it where there is room, else beside the plane's middle with a line to its place."""
    narrow = []
    for k, name in _NAMES.items():
        mask = winner == k
        if np.mean(mask) < 0.004:
            continue
        row, column, room = _inmost(mask)
        place = (gamma[column], alpha[row])
        if room > 0.06 * len(gamma):
            box = {"facecolor": _FILL[k], "edgecolor": "none", "pad": 1}
            axes.text(*place, name, ha="center", va="center", fontsize=7.5, linespacing=1.25, bbox=box)
        else:
            narrow.append((place, name.replace("\n", ", ")))
    # From the highest place down, so that no line crosses a name.
    for count, (place, name) in enumerate(sorted(narrow, key=lambda item: -item[0][1])):
        axes.annotate(name, place, (0.05, 0.66 - 0.07 * count), textcoords="axes fraction", fontsize=7, ha="left",
                      va="center", arrowprops={"arrowstyle": "-", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0,
                                               "relpos": (1, 0.4)})  # fmt: skip
        axes.plot(*place, marker="o", markersize=1.8, color=BLACK)


def _inmost(mask: np.ndarray) -> tuple[int, int, int]:
    """(row, column, distance) of the point of a region that survives the longest erosion; text is wider than high."""
    current, steps = mask.copy(), 0
    while True:
        inner = np.pad(current, ((1, 1), (2, 2)))
        eroded = current.copy()
        for dy, dx in ((0, 2), (2, 2), (1, 0), (1, 4), (1, 1), (1, 3)):
            eroded &= inner[dy : dy + mask.shape[0], dx : dx + mask.shape[1]]
        if not eroded.any():
            rows, columns = np.nonzero(current)
            middle = np.argsort(columns)[len(columns) // 2]
            return int(rows[middle]), int(columns[middle]), steps
        current, steps = eroded, steps + 1


def _transition_marks(axes: Any, theta: Sequence[float], low: float, high: float, D: Derivation) -> None:
    """Where a spike passes the transition, gamma = theta^2, as a mark at the upper edge."""
    for entry in theta:
        if low < entry**2 < high:
            axes.axvline(entry**2, ymin=0, ymax=1, color="0.45", linewidth=0.6, linestyle=":")
            label = _tex(D, "gamma", "=" + D.notation["theta"].tex() + "^2")
            axes.text(entry**2 * 1.06, high * 0.85, label, fontsize=6.5, color="0.3", ha="left", va="top", rotation=90)


# -- 3. labels against unlabelled data -------------------------------------------------------------------------------


def trade_off(piece: Any, at: Mapping[str, str], *, low: float = 0.002, high: float = 100.0) -> Any:
    """Unlabelled samples that replace one label against M/d: at fixed k/d, at fixed k/M, at the optimal size."""
    D = piece.derivation
    task = {**TASK, "alpha": "1", "lam": "0", **{k: v for k, v in at.items() if k not in ("rho", "gamma")}}
    exchange, numbers = piece.function("unlabelled_per_label"), _floats(task)
    figure, axes = canvas(0.8)
    amount = np.geomspace(low, high, 160)
    for colour, rho in ((BLUE, 0.05), (GREEN, 0.3)):
        inside = amount[amount > rho * 1.0001]
        label = f"$k/d={rho:g}$"
        axes.plot(inside, exchange(**numbers, gamma=1 / inside, rho=rho), color=colour, label=label)
        far = amount[amount > 3]
        axes.plot(
            far,
            _limit(D, "exchange-abundant", numbers, gamma=1 / far, rho=rho),
            color=colour,
            dashes=(3, 2),
            linewidth=0.8,
        )
    share = 0.5
    inside = amount[amount < min(1.0, float(numbers["alpha"]))]
    axes.plot(
        inside, exchange(**numbers, gamma=1 / inside, rho=share * inside), color=VERMILION, label=f"$k/M={share:g}$"
    )
    near = amount[amount < 0.1]
    angle = _angle_of(D, share)
    axes.plot(
        near,
        _limit(D, "exchange-scarce", numbers, gamma=1 / near, phi=angle),
        color=VERMILION,
        dashes=(3, 2),
        linewidth=0.8,
    )
    _along_optimum(axes, piece, task, np.geomspace(low, 3, 60))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_xlabel(r"unlabelled samples per dimension, $M/d=1/\gamma$")
    axes.set_ylabel(r"unlabelled samples per label, $-\mathrm{d}M/\mathrm{d}N$")
    plain_log(axes.xaxis, (0.01, 0.1, 1, 10, 100))
    axes.set_ylim(bottom=1e-4)
    _power(axes, 14.0, float(_limit(D, "exchange-abundant", numbers, gamma=1 / 14, rho=0.05)), "2")
    _power(axes, 0.015, float(_limit(D, "exchange-scarce", numbers, gamma=1 / 0.015, phi=angle)), "1/2")
    axes.legend(loc="upper left")
    return figure


def _power(axes: Any, x: float, y: float, power: str) -> None:
    """The exponent of an asymptote, below it."""
    axes.annotate(
        rf"$\propto (M/d)^{{{power}}}$", (x, y), (8, -11), textcoords="offset points", fontsize=7, color="0.25"
    )


def _limit(D: Derivation, label: str, numbers: Mapping[str, Any], **values: Any) -> Any:
    """An asymptotic claim in floats."""
    values = {**{k: v for k, v in numbers.items() if k not in ("lam",)}, **values}
    return Landscape(D, values, angles=10).of(label, values)


def _angle_of(D: Derivation, share: float) -> float:
    """The angle at which scarce data keep this share of the M components, by bisection."""
    low, high = 0.0, np.pi
    for _ in range(60):
        middle = (low + high) / 2
        kept = _limit(D, "size-scarce", {"theta": [1.0], "gamma": 1.0}, phi=middle)
        low, high = (middle, high) if kept < share else (low, middle)
    return low


def _along_optimum(axes: Any, piece: Any, task: Mapping[str, str], amount: np.ndarray) -> None:
    """The certified rate at the optimal size, up to the amount of data at which it ends in words."""

    def rate(value: float) -> float:
        gamma = sp.Rational(round(10**6 / value), 10**6)
        answer = piece.evaluate("optimal_unlabelled_per_label", {**task, "gamma": str(gamma)}, 8)
        return float(answer.value) if answer.value is not None else np.nan

    found = {value: rate(value) for value in amount}
    for low, high in pairwise(amount):
        if np.isnan(found[low]) != np.isnan(found[high]):
            for _ in range(10):
                middle = np.sqrt(low * high)
                found[middle] = rate(middle)
                low, high = (middle, high) if np.isnan(found[middle]) == np.isnan(found[low]) else (low, middle)
    places = sorted(found)
    axes.plot(places, [found[x] for x in places], color=BLACK, label="optimal $k/d$")


FIGURES = {"error": error_against_size, "phases": phase_diagram, "trade-off": trade_off}

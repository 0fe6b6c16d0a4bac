"""Figures of the PCA-probe model: error against size, phase diagram of the optimal size, labels against unlabelled data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from ....numeric.floats import FloatArithmetic
from ....numeric.simulate import simulate
from ....numeric.tape import Tape
from ....symbolic.derivation import Derivation
from ....symbolic.quantity import free_atoms
from .style import BLACK, BLUE, CYCLE, GREEN, VERMILION, canvas, plain_log

# The setting of the figures where the caller says nothing else.
TASK = {"theta": "3", "a": "1", "b": "3/10", "sigma2": "1/5"}
SIZE_ALPHAS = ("3/10", "3/5", "3/2")


def _tex(D: Derivation, name: str) -> str:
    """A quantity as the notation table writes it."""
    return f"${D.notation[name].tex()}$"


# -- 1. error against size ---------------------------------------------------------------------------------------------


def error_against_size(piece: Any, at: Mapping[str, str], *, d: int = 400, draws: int = 10, seed: int = 0) -> Any:
    """Generalisation error against k/d: theory as lines, simulation as points, the certified optimum as a star."""
    point = {**TASK, "gamma": "1/2", "lam": "0", **{k: v for k, v in at.items() if k != "rho"}}
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
    axes.set_xlabel(f"size of the representation, {_tex(piece.derivation, 'rho')} $= k/d$")
    axes.set_ylabel(f"generalisation error, {_tex(piece.derivation, 'E_gen')}")
    plain_log(axes.yaxis, _ticks(0.8 * low, 12 * top))
    axes.legend(title=f"{_tex(piece.derivation, 'alpha')} $= N/d$", loc="upper right", title_fontsize=7.5)
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
    for rho in ("1/50", "1/10", "1/5", "2/5", "1/2", "7/10", "17/20", "49/50"):
        size = float(sp.Rational(rho))
        if abs(size - alpha) < 0.06 or size > 1 / float(sp.Rational(setting["gamma"])):
            continue
        run = simulate("pca_probe", {**setting, "rho": rho}, d=d, draws=draws, seed=seed)
        estimate = run.results["generalisation_error"]
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


# -- 2. phase diagram ----------------------------------------------------------------------------------------------------

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
    piece: Any, at: Mapping[str, str], *, points: int = 240, low: float = 0.05, high: float = 50.0
) -> Any:
    """Which size is optimal in the plane of unlabelled and labelled data, without ridge; dashed: alpha_c."""
    D, task = piece.derivation, {**TASK, **{k: v for k, v in at.items() if k in TASK}}
    landscape = Landscape(D, _floats(task))
    gamma, alpha = np.geomspace(low, high, points), np.geomspace(low, high, points)
    values = np.stack([landscape.candidates(g, alpha) for g in gamma], axis=-1)
    winner = np.argmin(values, axis=0)
    figure, axes = canvas(0.86)
    from matplotlib.colors import BoundaryNorm, ListedColormap

    axes.pcolormesh(gamma, alpha, winner, cmap=ListedColormap([_FILL[k] for k in range(5)]),
                    norm=BoundaryNorm(np.arange(-0.5, 5), 5), shading="nearest", rasterized=True)  # fmt: skip
    _boundaries(axes, gamma, alpha, values, winner)
    critical = piece.function("critical_label_ratio")(gamma=gamma, **{k: v for k, v in _floats(task).items()})
    axes.plot(gamma, critical, color=VERMILION, dashes=(4, 2), linewidth=1.1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    _named(axes, gamma, alpha, winner)
    _transition_marks(axes, _floats(task)["theta"], low, high, D)
    ticks = (0.1, 1, 10)
    plain_log(axes.xaxis, ticks)
    plain_log(axes.yaxis, ticks)
    axes.set_xlabel(f"{_tex(D, 'gamma')} $= d/M$ (scarcity of unlabelled data)")
    axes.set_ylabel(f"{_tex(D, 'alpha')} $= N/d$ (labels per dimension)")
    return figure


def _boundaries(axes: Any, gamma: np.ndarray, alpha: np.ndarray, values: np.ndarray, winner: np.ndarray) -> None:
    """The curve where a phase begins to lose, interpolated between the grid points."""
    for k in range(5):
        if not np.any(winner == k):
            continue
        others = np.min(np.delete(values, k, axis=0), axis=0)
        gap = np.where(np.isfinite(values[k]), np.log(np.minimum(values[k], 1e6) / others), 10.0)
        axes.contour(gamma, alpha, np.clip(gap, -0.02, 0.02), levels=[0], colors=[BLACK], linewidths=0.7)


def _named(axes: Any, gamma: np.ndarray, alpha: np.ndarray, winner: np.ndarray) -> None:
    """The name of each phase, at the place inside it that is farthest from its border."""
    for k, name in _NAMES.items():
        mask = winner == k
        if np.mean(mask) < 0.02:
            continue
        row, column, room = _inmost(mask)
        size = 7.5 if room > 0.1 * len(gamma) else 6
        axes.text(gamma[column], alpha[row], name, ha="center", va="center", fontsize=size, linespacing=1.25)


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
            label = f"{_tex(D, 'gamma')} $=$ {_tex(D, 'theta')}$^2$"
            axes.text(entry**2 * 1.06, low * 1.15, label, fontsize=6.5, color="0.3", ha="left", va="bottom", rotation=90)


class Landscape:
    """Least-squares and least-norm errors along the curve of sizes, in floats, from the claims of the derivation."""

    def __init__(self, D: Derivation, task: Mapping[str, Any], angles: int = 500):
        self.D, self.task = D, task
        self.count = len(task["theta"])
        # Half of the angles near the start, where the size grows like the cube of the angle.
        self.phi = np.unique(np.concatenate([np.linspace(0, np.pi, angles), np.geomspace(1e-3, 1, angles // 3)]))
        self.size = self._tape("size-closed")
        self.noise, self.below, self.above = (self._tape(k) for k in ("effective-noise", "least-squares", "least-norm"))
        self.overlaps = [self._tape("overlap-closed", k) for k in range(1, self.count + 1)]
        self.outliers = [self._tape("outlier", k, 1) for k in range(1, self.count + 1)]
        self.ends = [self._tape("overlap-complete", k) for k in range(1, self.count + 1)]

    def _tape(self, label: str, entry: int = 1, equation: int = 0) -> tuple[list[Any], Tape]:
        expr = self.D.claim(label).equations[equation].rhs
        expr = expr.xreplace({self.D.notation["r"].symbol: sp.Integer(self.count)}).doit()
        index = {s: sp.Integer(entry) for s in expr.free_symbols if s.name == "i"}
        expr = expr.xreplace(index)
        atoms = free_atoms(expr)
        return atoms, Tape(atoms, [expr])

    def _run(self, compiled: tuple[list[Any], Tape], values: Mapping[str, Any]) -> Any:
        atoms, tape = compiled
        inputs = []
        for atom in atoms:
            name, index = (str(atom.base.label), int(atom.indices[0]) - 1) if isinstance(atom, sp.Indexed) else (atom.name, None)
            value = values[name] if name in values else self.task[name]
            inputs.append(np.asarray(value if index is None else value[index], dtype=float))
        with np.errstate(all="ignore"):
            return tape.run(FloatArithmetic(), inputs)[0]

    def of(self, label: str, values: Mapping[str, Any]) -> Any:
        """The right-hand side of a claim at given values."""
        return self._run(self._tape(label), values)

    def candidates(self, gamma: float, alpha: np.ndarray) -> np.ndarray:
        """The least error of each kind of size, infinite where there is none; shape (5, len(alpha))."""
        inner = {"gamma": gamma, "phi": self.phi[1:-1]}
        outer = [np.broadcast_to(self._run(t, {"gamma": gamma}), ()) for t in self.outliers]
        rho = np.concatenate([[0.0], self._run(self.size, inner), [min(1.0, 1 / gamma)]])
        c = [np.concatenate([[c0], self._run(t, {**inner, "c0": outer}), [self._run(e, {"gamma": gamma, "c0": outer})]])
             for c0, t, e in zip(outer, self.overlaps, self.ends)]  # fmt: skip
        noise = self._run(self.noise, {"rho": rho, "c": c})
        q = rho[None, :] / alpha[:, None]
        known = {"noise": noise, "rho": rho, "c": c, "q": np.where(q == 0, 1e-300, q)}
        below = np.where(q < 1, self._run(self.below, known), np.inf)
        above = np.where(q > 1, self._run(self.above, known), np.inf)
        return np.stack([below[:, 0], np.min(below[:, 1:-1], axis=1), below[:, -1], np.min(above[:, 1:-1], axis=1), above[:, -1]])


# -- 3. labels against unlabelled data --------------------------------------------------------------------------------------


def trade_off(piece: Any, at: Mapping[str, str], *, low: float = 0.03, high: float = 100.0) -> Any:
    """Unlabelled samples that replace one label against M/d: at fixed size, at fixed share of components, at the optimum."""
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
        axes.plot(far, _limit(D, "exchange-abundant", numbers, gamma=1 / far, rho=rho), color=colour, dashes=(3, 2), linewidth=0.8)
    share = 0.5
    inside = amount[amount * share < min(1.0, float(numbers["alpha"])) * 0.97]
    axes.plot(inside, exchange(**numbers, gamma=1 / inside, rho=share * inside), color=VERMILION, label=f"$k/M={share:g}$")
    near = amount[amount < 0.6]
    angle = _angle_of(share)
    axes.plot(near, _limit(D, "exchange-scarce", numbers, gamma=1 / near, phi=angle), color=VERMILION, dashes=(3, 2), linewidth=0.8)
    _along_optimum(axes, piece, task, amount[::4])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_xlabel(r"unlabelled samples per dimension, $M/d=1/\gamma$")
    axes.set_ylabel(r"unlabelled samples per label, $-\mathrm{d}M/\mathrm{d}N$")
    plain_log(axes.xaxis, (0.1, 1, 10, 100))
    axes.legend(loc="upper left")
    return figure


def _limit(D: Derivation, label: str, numbers: Mapping[str, Any], **values: Any) -> Any:
    """An asymptotic claim in floats."""
    values = {**{k: v for k, v in numbers.items() if k not in ("lam",)}, **values}
    return Landscape(D, values, angles=10).of(label, values)


def _angle_of(share: float) -> float:
    """The angle whose share of the components is (phi - sin phi cos phi)/pi, by bisection."""
    low, high = 0.0, np.pi
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (middle - np.sin(middle) * np.cos(middle)) / np.pi < share else (low, middle)
    return low


def _along_optimum(axes: Any, piece: Any, task: Mapping[str, str], amount: np.ndarray) -> None:
    """The certified rate at the optimal size, where the optimum has one."""
    found = []
    for value in amount:
        gamma = sp.Rational(round(1000 / value), 1000)
        answer = piece.evaluate("optimal_unlabelled_per_label", {**task, "gamma": str(gamma)}, 8)
        found.append(float(answer.value) if answer.value is not None else np.nan)
    axes.plot(amount, found, color=BLACK, marker="o", markersize=2.2, linewidth=0.9, label="optimal $k/d$")


FIGURES = {"error": error_against_size, "phases": phase_diagram, "trade-off": trade_off}

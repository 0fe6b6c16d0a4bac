"""What is evaluated where: parameters, results, and the closed forms of each case.

The formulas are the claims of the derivation; only the row space is put together here, by orthogonalising a maximal
set of independent rows (which the name of the case lists), in rational operations on the entries of X.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from ...symbolic.errors import OutsideDomain, Undecided
from ...symbolic.quantity import NONNEGATIVE
from ...symbolic.system import Parameter, Result, System
from .cases import SIGNS, case
from .notation import NOTATION, X, i, symbols
from .text import built

eta_w, a0, w0, y, a_inf, sigma, s, kappa = symbols("eta_w a0 w0 y a_inf sigma s kappa")
delta_row, Lambda, n, beta_plus, w_len = symbols("delta_row Lambda n beta_plus w_len")

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

PARAMETERS = (
    Parameter(replace(NOTATION["eta_a"], domain=NONNEGATIVE)),
    Parameter(NOTATION["eta_w"]),
    Parameter(NOTATION["a0"]),
    Parameter(NOTATION["w0"]),
    Parameter(NOTATION["X"]),
    Parameter(NOTATION["y"]),
)
SIGN_RULES = ("sign-rule", "growth-limit", "growth-energy", "dissipation", "crossing-loss", "crossing-speed")
ROOTS = ("output-upstream", "output-downstream", "pseudo-inverse", "start-level")
RESULTS = (
    Result("beta", "limit", "limit of the predictor for t to infinity", kind="list", also=(*ROOTS, *SIGN_RULES)),
    Result("a", "output-upstream", "limit of the output weight", also=(*ROOTS[1:], *SIGN_RULES)),
    Result("w", "limit-weights", "limit of the input weights", kind="list", also=(*ROOTS, *SIGN_RULES)),
    Result("delta_row", "start-level", "imbalance seen by the data, conserved"),
)
EXAMPLE = {"eta_a": "1", "eta_w": "1", "a0": "1/2", "w0": "1,-1/3", "X": "1/2,1", "y": "11/10"}


def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
    """The closed forms of a case, every one of them a claim of the derivation."""
    rows, side, verdict, *flags = name.split("; ")
    kept = [] if rows == "rows none" else [int(k) for k in rows.removeprefix("rows ").split(",")]
    space = RowSpace(kept, lengths["w0"])
    level = _claim("start-level").xreplace({w_len: sp.sqrt(_dot(space.w_row, space.w_row))})
    definitions = [*space.definitions, (delta_row, sp.Integer(0) if side == "balanced" else level)]
    found: dict[str, Any] = {"delta_row": delta_row}
    if verdict == "at rest":
        start = [w0[k] for k in space.places]
        found |= {"a": a0, "w": start, "beta": [a0 * x for x in start]}
    elif verdict == "a_inf = 0":
        found |= {"a": sp.Integer(0), "beta": [sp.Integer(0)] * lengths["w0"], "w": space.null}
        _refuse_direction(side, wanted)
    elif verdict == "sign open":
        found["beta"] = space.solution
        _refuse_sign("w0 in row(X)" in flags, wanted)
    else:
        definitions += _output(side, SIGNS.index(verdict[6]) - 1, space, "no labels" in flags)
        found |= {"a": a_inf, "beta": space.entries("limit"), "w": space.entries("limit-weights")}
        if "w0 in row(X)" in flags:
            found["beta"] = space.solution
    return System(
        observables={k: found[k] for k in wanted if k in found},
        definitions=tuple(definitions),
        branch=f"closed form, {side}, {verdict}",
    )


def _claim(label: str) -> Any:
    return built().claim(label).rhs


def _dot(left: Sequence[Any], right: Sequence[Any]) -> Any:
    return sp.Add(*(x * z for x, z in zip(left, right, strict=True)))


def _output(side: str, basin: int, space: RowSpace, no_labels: bool) -> list[tuple[Any, Any]]:
    """a_inf, from the form that does not cancel on this side."""
    length = sp.Integer(0) if no_labels else sp.sqrt(_dot(space.solution, space.solution))
    label = "output-downstream" if side == "downstream" else "output-upstream"
    rate = delta_row / 2 if no_labels else _claim("rate")
    output = _claim(label).xreplace({sigma: sp.Integer(basin)})
    return [(kappa, _claim("mean-rate")), (s, length), (Lambda, rate), (a_inf, output)]


def _refuse_direction(side: str, wanted: tuple[str, ...]) -> None:
    if side == "downstream" and "w" in wanted:
        raise OutsideDomain(
            "with X^T y = 0 and delta' < 0 the limit is a = 0 and w on the sphere |P_row w|^2 = |delta'|/eta_a; its "
            "direction is not given by the conserved quantities (beta = 0 and a = 0 are)"
        )


def _refuse_sign(in_row_space: bool, wanted: tuple[str, ...]) -> None:
    """The sign of a_inf enters w and a; it enters beta only if w0 has a null part."""
    if {"a", "w"} & {*wanted} or ("beta" in wanted and not in_row_space):
        raise Undecided(
            "the sign of a_inf is open: delta' < 0, L(beta_0) >= L(0) and the non-zero singular values of X differ, "
            "where no rule for the sign is known; integrate the flow until L < L(0) and start from there"
        )


@dataclass
class RowSpace:
    """g_k = x_k - sum_(l<k) (x_k.g_l/|g_l|^2) g_l for the kept rows x_k: row parts and X^+ y as definitions."""

    kept: list[int]
    size: int
    definitions: list[tuple[Any, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = range(1, self.size + 1)
        basis: list[tuple[list[Any], Any]] = []
        self.solution: list[Any] = [sp.Integer(0)] * self.size
        for k in self.kept:
            row = [X[k, j] for j in self.places]
            rest = self._named(f"g{k}", [x - z for x, z in zip(row, self._projection(row, basis))])
            (square,) = self._named(f"square{k}", [_dot(rest, rest)])
            missing = (y[k] - _dot(row, self.solution)) / square
            self.solution = self._named(f"solution{k}", [x + missing * g for x, g in zip(self.solution, rest)])
            basis.append((rest, square))
        start = [w0[j] for j in self.places]
        self.w_row = self._named("row", self._projection(start, basis))
        self.null = self._named("null", [x - z for x, z in zip(start, self.w_row)])

    def _projection(self, vector: list[Any], basis: list[tuple[list[Any], Any]]) -> list[Any]:
        parts = [(_dot(vector, g) / square, g) for g, square in basis]
        return [sp.Add(*(c * g[j - 1] for c, g in parts)) for j in self.places]

    def _named(self, name: str, entries: list[Any]) -> list[Any]:
        """Symbols defined as the entries, so that nothing is written out twice."""
        names = [sp.Symbol(f"{name}_{j}", real=True) for j in range(1, len(entries) + 1)]
        self.definitions.extend(zip(names, entries))
        return names

    def entries(self, label: str) -> list[Any]:
        """The claim under a label, for every coordinate."""
        rhs = _claim(label)
        return [rhs.xreplace({n[i]: self.null[j - 1], beta_plus[i]: self.solution[j - 1]}) for j in self.places]

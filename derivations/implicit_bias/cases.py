"""Which formulas hold where: ranks, row space, X^+ y and the sign of a_inf, decided by rational numbers alone.

The sign rules are the claims of the derivation, evaluated on the exact values of a point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import sympy as sp

from ...symbolic.errors import BadInput, OutsideDomain
from .notation import symbols
from .text import built

eta_a, eta_w, a0, s, delta_row, Lambda, P, p0, w_len = symbols("eta_a eta_w a0 s delta_row Lambda P p0 w_len")

Vector = tuple[Fraction, ...]
SIGNS = "<=>"


def exact(value: Any) -> Any:
    """Numbers, lists and rows as Fractions; floats as the rationals they are."""
    if hasattr(value, "__len__"):
        return tuple(exact(entry) for entry in value)
    if isinstance(value, sp.Rational):
        return Fraction(int(value.p), int(value.q))
    return Fraction(*value.as_integer_ratio())


def product(left: Sequence[Any], right: Sequence[Any]) -> Any:
    return sum((x * y for x, y in zip(left, right, strict=True)), start=Fraction(0))


def sign(value: Any) -> int:
    return (value > 0) - (value < 0)


@dataclass(frozen=True)
class Orthogonal:
    """An orthogonal basis of row(X), made of the rows of X one by one; `kept` are the rows that added a direction."""

    basis: tuple[Vector, ...]
    kept: tuple[int, ...]
    solution: Vector

    def row_part(self, vector: Vector) -> Vector:
        """P_row v = sum_g (v.g/|g|^2) g."""
        parts = [(product(vector, g) / product(g, g), g) for g in self.basis]
        return tuple(sum((c * g[i] for c, g in parts), start=Fraction(0)) for i in range(len(vector)))


def orthogonal(rows: Sequence[Vector], labels: Vector) -> tuple[Orthogonal, int | None]:
    """The orthogonal basis with X^+ y, and the first row whose label contradicts the rows before it, if any."""
    found = Orthogonal((), (), (Fraction(0),) * len(rows[0]))
    clash = None
    for k, (row, label) in enumerate(zip(rows, labels)):
        inside = found.row_part(row)
        rest = tuple(x - y for x, y in zip(row, inside))
        missing = label - product(row, found.solution)
        if any(rest):
            factor = missing / product(rest, rest)
            solution = tuple(x + factor * g for x, g in zip(found.solution, rest))
            found = Orthogonal((*found.basis, rest), (*found.kept, k + 1), solution)
        elif missing and clash is None:
            clash = k + 1
    return found, clash


class Facts:
    """The exact values of a point that decide, each computed once."""

    def __init__(self, point: Mapping[str, Any]):
        values = {name: exact(value) for name, value in point.items()}
        self.eta_a, self.eta_w, self.a0 = values["eta_a"], values["eta_w"], values["a0"]
        self.w0, self.X, self.y = values["w0"], values["X"], values["y"]
        self._shapes()
        self.rows, clash = orthogonal(self.X, self.y)
        if clash is not None:
            raise OutsideDomain(self._inconsistent(clash))

    def _shapes(self) -> None:
        if len(self.X[0]) != len(self.w0):
            raise BadInput(f"X has {len(self.X[0])} columns and w0 has {len(self.w0)} entries; they go together")
        if len(self.X) != len(self.y):
            raise BadInput(f"X has {len(self.X)} rows and y has {len(self.y)} entries; they go together")

    def _inconsistent(self, clash: int) -> str:
        """The flow depends on y through X^T y only, hence is the same for the projection of y on the range of X."""
        columns = list(zip(*self.X))
        seen, _ = orthogonal(columns, (Fraction(0),) * len(columns))
        reachable = ",".join(map(str, seen.row_part(self.y)))
        return (
            f"no predictor fits every sample: row {clash} of X is a combination of the rows before it, its label is "
            f"not; X^T y and so the flow are the same with y={reachable}, the projection of y on the range of X"
        )

    @cached_property
    def w_row(self) -> Vector:
        return self.rows.row_part(self.w0)

    @cached_property
    def delta_row(self) -> Fraction:
        """The claim {start-level}."""
        values = {eta_a: self.eta_a, eta_w: self.eta_w, a0: self.a0, w_len**2: product(self.w_row, self.w_row)}
        return number(_decisive()[0], values)

    @cached_property
    def pull(self) -> Vector:
        """X^T y."""
        return tuple(product(column, self.y) for column in zip(*self.X))

    @cached_property
    def images(self) -> Vector:
        """X beta_0."""
        return tuple(self.a0 * product(row, self.w0) for row in self.X)

    @property
    def below_origin(self) -> bool:
        """L(beta_0) < L(0)."""
        gaps = [x - y for x, y in zip(self.images, self.y)]
        return product(gaps, gaps) < product(self.y, self.y)

    @property
    def at_rest(self) -> bool:
        """Whether the velocity at the start is zero."""
        gaps = [x - y for x, y in zip(self.images, self.y)]
        gradient = [product(column, gaps) for column in zip(*self.X)]
        return self.eta_a * product(self.w0, gradient) == 0 and not any(self.a0 * g for g in gradient)

    @property
    def equal_singular_values(self) -> bool:
        """X X^T X = c X, that is X^T X = c P_row."""
        gram = [[product(x, z) for z in self.X] for x in self.X]
        cube = [[product(line, column) for column in zip(*self.X)] for line in gram]
        pairs = [(x, z) for row, image in zip(self.X, cube) for x, z in zip(row, image)]
        ratio = next((z / x for x, z in pairs if x), Fraction(0))
        return all(z == ratio * x for x, z in pairs)

    @cached_property
    def basin(self) -> int | None:
        """The sign of a_inf; 0 on the separatrix, None where no rule decides."""
        if self.a0 == 0:
            return sign(product(self.w0, self.pull))
        if self.delta_row > 0 or self.below_origin:
            return sign(self.a0)
        if self.equal_singular_values:
            return self._by_growth()
        # Balanced: a vanishes only at the saddle w_row = 0, which is not reached in finite time.
        return sign(self.a0) if self.delta_row == 0 else None

    def _by_growth(self) -> int:
        """The sign of Z at the start by {growth-start} and {sign-rule}, in which s and p_0 occur as s p_0 = P."""
        _, growth, rule = _decisive()
        values = {eta_a: self.eta_a, eta_w: self.eta_w, a0: self.a0, delta_row: self.delta_row}
        values |= {P: product(self.w0, self.rows.solution), s**2: product(self.rows.solution, self.rows.solution)}
        side = sign(number(growth, {**values, s: Fraction(1), p0: values[P]}))
        ahead = sign(self.a0)
        return ahead if side == 0 else side if side * ahead >= 0 else side * sign(number(rule, values))


def number(expr: Any, values: Mapping[Any, Any]) -> Any:
    """A polynomial with rational coefficients in known quantities."""
    if expr in values:
        return values[expr]
    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q))
    parts = [number(arg, values) for arg in (expr.args[:1] if expr.is_Pow else expr.args)]
    if expr.is_Pow:
        return parts[0] ** int(expr.exp)
    total = parts[0]
    for part in parts[1:]:
        total = total + part if expr.is_Add else total * part
    return total


@cache
def _decisive() -> tuple[Any, Any, Any]:
    """The claims that decide: the imbalance, the rational part of the growth, the sign rule."""
    D = built()
    growth = D.claim("growth-start").rhs.xreplace({Lambda: sp.Integer(0)})
    return D.claim("start-level").rhs, growth, D.claim("sign-rule").rhs


def case(point: Mapping[str, Any]) -> str:
    """The facts that select the formulas, separated by "; ": independent rows, side of the balance, sign, flags."""
    facts = Facts(point)
    rows = ",".join(map(str, facts.rows.kept)) or "none"
    side = ("downstream", "balanced", "upstream")[sign(facts.delta_row) + 1]
    flags = {"no labels": not any(facts.rows.solution), "w0 in row(X)": facts.w_row == facts.w0}
    if facts.at_rest:
        verdict = "at rest"
    elif flags["no labels"]:
        # beta -> 0: a keeps its sign, and it vanishes in the limit unless the imbalance forbids it.
        verdict = f"a_inf {SIGNS[sign(facts.a0) + 1]} 0" if side == "upstream" else "a_inf = 0"
    elif facts.basin is None:
        verdict = "sign open"
    elif facts.basin == 0:
        raise OutsideDomain(
            "the start lies on the separatrix: the flow runs into a saddle with a = 0 and reaches no interpolator; "
            "change a0 or w0 by any amount"
        )
    else:
        verdict = f"a_inf {SIGNS[facts.basin + 1]} 0"
    return "; ".join([f"rows {rows}", side, verdict, *(flag for flag, holds in flags.items() if holds)])

"""Which formulas hold where: the row space, the charges and the sign of the product, decided by rational numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

from ...symbolic.errors import BadInput, OutsideDomain
from ..implicit_bias.cases import SIGNS, exact, orthogonal, product, sign


class Chain:
    """The exact values of a chain with one neuron per layer, and of its data."""

    def __init__(self, point: Mapping[str, Any]):
        values = {name: exact(value) for name, value in point.items()}
        self.rates, self.a, self.w = values["eta"], values["a0"], values["w0"]
        self.X, self.y = values["X"], values["y"]
        self._shapes()
        self.rows, clash = orthogonal(self.X, self.y)
        if clash is not None:
            raise OutsideDomain(
                f"no predictor fits every sample: row {clash} of X is a combination of the rows before it, its "
                "label is "
                "not; replace y by its projection on the range of X, which leaves the flow unchanged"
            )
        self.w_row = self.rows.row_part(self.w)
        level = product(self.w_row, self.w_row) / self.rates[0]
        self.charges = [a**2 / rate - level for a, rate in zip(self.a, self.rates[1:])]
        self.pull = product(self.w, [product(column, self.y) for column in zip(*self.X)])
        self.output = prod(self.a, start=Fraction(1))

    def _shapes(self) -> None:
        if len(self.rates) != len(self.a) + 1:
            raise BadInput(
                f"eta has {len(self.rates)} entries and a0 has {len(self.a)}; a chain of L layers has L rates "
                "(the first "
                "for the input weights) and L - 1 upper weights"
            )
        if len(self.X[0]) != len(self.w):
            raise BadInput(f"X has {len(self.X[0])} columns and w0 has {len(self.w)} entries; they go together")
        if len(self.X) != len(self.y):
            raise BadInput(f"X has {len(self.X)} rows and y has {len(self.y)} entries; they go together")

    @property
    def images(self) -> list[Fraction]:
        """X beta_0."""
        return [self.output * product(row, self.w) for row in self.X]

    @property
    def at_rest(self) -> bool:
        """Whether every velocity is zero at the start."""
        gaps = [x - y for x, y in zip(self.images, self.y)]
        gradient = [product(column, gaps) for column in zip(*self.X)]
        others = [prod((x for k, x in enumerate(self.a) if k != i), start=Fraction(1)) for i in range(len(self.a))]
        slope = product(self.w, gradient)
        return not any(self.output * g for g in gradient) and not any(b * slope for b in others)

    @property
    def below_origin(self) -> bool:
        """L(beta_0) < L(0)."""
        gaps = [x - y for x, y in zip(self.images, self.y)]
        return product(gaps, gaps) < product(self.y, self.y)

    def basin(self) -> int | None:
        """The sign of the limit of the product; None where no rule decides.

        A single zero among the weights: the product starts with the sign of w.X^T y.
        """
        if self.output == 0:
            return sign(self.pull)
        if self.below_origin or min(self.charges) >= 0:
            return sign(self.output)
        return None


def case(point: Mapping[str, Any]) -> str:
    """The facts that select the formulas: layers, independent rows, s^2 and |w_row|^2, sign, flags."""
    if "length" in point:
        return f"balanced; layers {len(point['eta'])}"
    chain = Chain(point)
    kept = ",".join(map(str, chain.rows.kept)) or "none"
    # The two lengths are known exactly here; in the equation they would be long expressions in the entries of X.
    lengths = [product(v, v) for v in (chain.rows.solution, chain.w_row)]
    flags = {"w0 in row(X)": chain.w_row == chain.w}
    if chain.at_rest:
        verdict = "at rest"
    elif not any(chain.rows.solution):
        # beta -> 0 in the row space: the product vanishes unless every charge forbids it.
        verdict = f"no labels, pi_inf {SIGNS[sign(chain.output) + 1]} 0" if min(chain.charges) > 0 else "pi_inf = 0"
    else:
        basin = chain.basin()
        verdict = "sign open" if basin is None else f"pi_inf {SIGNS[basin + 1]} 0"
    facts = [f"layers {len(chain.rates)}", f"rows {kept}", f"lengths {lengths[0]},{lengths[1]}", verdict]
    return "; ".join([*facts, *(flag for flag, holds in flags.items() if holds)])

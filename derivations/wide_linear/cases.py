"""Which formulas hold where, by rational numbers: is there an effective neuron, on which side, is it at rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from ...symbolic.errors import BadInput, OutsideDomain
from ..implicit_bias.cases import exact, product

Vector = Sequence[Fraction]


class Start:
    """The exact start: N = Theta^T Theta and what the traces of N J say about an effective neuron."""

    def __init__(self, point: Mapping[str, Any]):
        values = {name: exact(value) for name, value in point.items()}
        self.eta_a, self.eta_w = values["eta_a"], values["eta_w"]
        self.a, self.W = values["a0"], values["W0"]
        if len(self.a) != len(self.W):
            raise BadInput(f"a0 has {len(self.a)} entries and W0 has {len(self.W)} rows; there is one for each neuron")
        self.d = len(self.W[0])
        columns = list(zip(*self.W))
        for name in ("beta_star", "x"):
            if name in values and len(values[name]) != self.d:
                raise BadInput(f"{name} has {len(values[name])} entries and W0 has {self.d} columns; they go together")
        self.size = product(self.a, self.a)
        self.beta = [product(column, self.a) for column in columns]
        self.gram = [[product(u, v) for v in columns] for u in columns]
        self.target = values.get("beta_star")
        self.sample = values.get("x")
        self.label = values.get("y")
        self.time = values.get("t")

    def traces(self) -> tuple[Fraction, Fraction]:
        """tr N J and tr N J N J."""
        square = sum(product(row, row) for row in self.gram)
        first = self.eta_w * self.size - self.eta_a * sum(self.gram[i][i] for i in range(self.d))
        cross = self.eta_a * self.eta_w * product(self.beta, self.beta)
        return first, self.eta_w**2 * self.size**2 - 2 * cross + self.eta_a**2 * square

    def spread(self) -> Fraction:
        first, second = self.traces()
        return (self.d + 1) * second - first**2

    def effective(self) -> str | None:
        """ "upstream" or "balanced" if N + gamma J^-1 has rank one for some gamma >= 0, else None."""
        first, _ = self.traces()
        if self.d == 1:
            return "upstream" if self.spread() else "balanced"
        level = _root(self.spread() / self.d)
        if level is None:
            return None
        gamma = (level - first) / (self.d + 1)
        top = self.size + gamma / self.eta_w
        shifted = [[x - gamma / self.eta_a * (i == k) for k, x in enumerate(row)] for i, row in enumerate(self.gram)]
        outer = [[top * shifted[i][k] == x * y for k, y in enumerate(self.beta)] for i, x in enumerate(self.beta)]
        if gamma < 0 or not all(map(all, outer)) or (top == 0 and any(map(any, shifted))):
            return None
        return "upstream" if level else "balanced"

    def facts(self, regime: str) -> list[str]:
        """The case of the effective neuron in the derivation of one neuron; its output weight is positive."""
        assert self.target is not None
        if regime == "balanced" and not self.size:
            return ["all weights are zero"]
        still = self.beta == list(self.target)
        opposite = _parallel(self.beta, self.target) and product(self.beta, self.target) < 0
        if not any(self.target):
            regime, side = ("upstream", ">") if regime == "upstream" else ("no growth rate", "=")
        elif regime == "balanced" and opposite:
            regime, side = "balanced separatrix", "="
        else:
            side = ">"
        flags = {"equilibrium": still, "start": self.time == 0, "no target": not any(self.target)}
        return [regime, f"a_inf {side} 0", *(flag for flag, holds in flags.items() if holds)]

    def one_sample(self) -> str:
        """Refuses the starts on the stable manifold of the saddle."""
        assert self.sample is not None and self.label is not None
        length = product(self.sample, self.sample)
        if not length:
            raise OutsideDomain("the sample is zero: no predictor responds to it; give x a non-zero entry")
        along = [product(row, self.sample) for row in self.W]
        meet = all(self.eta_w * length * u**2 == self.eta_a * c**2 for u, c in zip(self.a, along))
        overlaps = [u * c for u, c in zip(self.a, along)]
        if meet and all(x <= 0 for x in overlaps):
            raise OutsideDomain(
                "every neuron lies on sqrt(eta_w) a |x| = -sqrt(eta_a) W x: the predictor can only decrease along x; "
                "change the sign of a0 and of y, or any weight"
            )
        if meet and all(x >= 0 for x in overlaps) and self.label <= 0:
            raise OutsideDomain(
                "every neuron lies on sqrt(eta_w) a |x| = sqrt(eta_a) W x: the predictor cannot reach a label <= 0; "
                "change y, or any weight"
            )
        return "one sample"


def _parallel(u: Sequence[Fraction], v: Sequence[Fraction]) -> bool:
    return all(u[i] * v[k] == u[k] * v[i] for i in range(len(u)) for k in range(i))


def _root(value: Fraction) -> Fraction | None:
    """The square root of a rational, if it is rational."""
    if value < 0:
        return None
    p, q = isqrt(value.numerator), isqrt(value.denominator)
    return Fraction(p, q) if p * p == value.numerator and q * q == value.denominator else None


def case(point: Mapping[str, Any]) -> str:
    """ "one sample", or the regime of the effective neuron with the facts of its flow, or "no effective neuron"."""
    start = Start(point)
    if start.sample is not None:
        return start.one_sample()
    regime = start.effective()
    if regime is None:
        return "no effective neuron"
    if start.target is None:
        return f"effective neuron; {regime}"
    return "; ".join(start.facts(regime))

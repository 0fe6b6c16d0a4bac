"""Truncated power series of the solution of z' = field(z), one coefficient at a time.

The field runs once on symbolic jets and leaves a list of sums and products behind; every further coefficient is a
convolution over that list, so p coefficients of a field with m products cost O(m p^2) multiplications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath

from ..symbolic.errors import BadInput
from .context import to_context


class Jet:
    """A node of the recorded computation: an input, a constant, a sum, or a product of two earlier nodes."""

    __slots__ = ("factor", "index", "kind", "left", "right", "tape")

    def __init__(self, tape: Jets, kind: str, left: int = -1, right: int = -1, factor: Any = None):
        self.tape, self.kind, self.left, self.right, self.factor = tape, kind, left, right, factor
        self.index = len(tape.nodes)
        tape.nodes.append(self)

    def _lift(self, other: Any) -> Jet:
        return other if isinstance(other, Jet) else Jet(self.tape, "constant", factor=to_context(self.tape.ctx, other))

    def __add__(self, other: Any) -> Jet:
        return Jet(self.tape, "sum", self.index, self._lift(other).index)

    def __mul__(self, other: Any) -> Jet:
        if isinstance(other, Jet):
            return Jet(self.tape, "product", self.index, other.index)
        return Jet(self.tape, "scaled", self.index, factor=to_context(self.tape.ctx, other))

    def __neg__(self) -> Jet:
        return self * -1

    def __sub__(self, other: Any) -> Jet:
        return self + (-self._lift(other))

    def __rsub__(self, other: Any) -> Jet:
        return -self + other

    def __pow__(self, exponent: int) -> Jet:
        if not isinstance(exponent, int) or exponent < 1:
            raise BadInput(f"a polynomial field has no power {exponent!r}")
        result = self
        for _ in range(exponent - 1):
            result = result * self
        return result

    __radd__ = __add__
    __rmul__ = __mul__


class Jets:
    """The recorded field of `size` components in the context `ctx`."""

    def __init__(self, ctx: mpmath.MPContext, field: Callable[[Sequence[Any]], Sequence[Any]], size: int):
        self.ctx = ctx
        self.nodes: list[Jet] = []
        self.inputs = [Jet(self, "input") for _ in range(size)]
        outputs = list(field(self.inputs))
        if len(outputs) != size:
            raise BadInput(f"the field returns {len(outputs)} components for {size}")
        self.outputs = [self.inputs[0]._lift(out).index for out in outputs]

    def series(self, state: Sequence[Any], order: int) -> list[list[Any]]:
        """Taylor coefficients 0..order of each component of z(t0 + h) in h, where z(t0) = state."""
        rows: list[list[Any]] = [[] for _ in self.nodes]
        for jet, value in zip(self.inputs, state, strict=True):
            rows[jet.index].append(value)
        for n in range(order):
            for jet in self.nodes:
                if jet.kind != "input":
                    rows[jet.index].append(self._coefficient(jet, rows, n))
            # z' = field(z): (n + 1) z_{n+1} = field_n.
            for jet, out in zip(self.inputs, self.outputs):
                rows[jet.index].append(rows[out][n] / (n + 1))
        return [rows[jet.index] for jet in self.inputs]

    def _coefficient(self, jet: Jet, rows: list[list[Any]], n: int) -> Any:
        if jet.kind == "constant":
            return jet.factor if n == 0 else self.ctx.zero
        if jet.kind == "scaled":
            return jet.factor * rows[jet.left][n]
        left, right = rows[jet.left], rows[jet.right]
        if jet.kind == "sum":
            return left[n] + right[n]
        return self.ctx.fdot((left[k], right[n - k]) for k in range(n + 1))

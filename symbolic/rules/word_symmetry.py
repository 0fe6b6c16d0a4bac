"""Matrix symmetries of a product of layers: which of them give conserved quantities, and which ones.

A layer X moves under the symmetry with generator K as X' = K X or X' = -X K; the flow is X' = -eta grad L. As in
symbolic/rules/noether.py the form eta^-1 xi must be closed, and its potential is conserved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp
from flint import fmpq

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..rule import Case
from ..verdict import Verdict, consistent, refuted
from ..word_numbers import drawn
from ..words import combined, expression, product, transposed, words
from .noether import NOETHER
from .word_rule import NUMBERS, POINTS, WordRule


@dataclass(frozen=True)
class _FormRule(WordRule):
    """Base: a form F_X = sum c K X or c X K, linear in its own layer; `layers` lists (X, F_X)."""

    abstract: ClassVar[bool] = True
    source: ClassVar[str] = NOETHER
    generator: Any = None
    layers: tuple[tuple[Any, Any], ...] = ()

    def _terms(self, form: Claim, layer: Any, name: Any) -> list[tuple[Any, bool, bool]]:
        """(coefficient, K stands left of the layer, K is transposed) of every word."""
        found = []
        for word, c in words(form.defines()[name]).items():
            if len(word) != 2 or {x for x, _, _ in word} != {self.generator, layer}:
                raise NotDerivable(f"the form in {layer} is not a multiple of the generator times {layer}")
            left = word[0][0] == self.generator
            found.append((c, left, word[0][1] if left else word[1][1]))
            if word[1 if left else 0][1]:
                raise NotDerivable(f"{layer} occurs transposed in its own form")
        return found


@dataclass(frozen=True)
class WordCurl(_FormRule):
    """F_X = c K X  ->  <dF_X(U), V> - <dF_X(V), U> = tr V^T c (K - K^T) U: closed if and only if K = K^T.

    For c X K it is tr V^T U c (K - K^T). `names` are those of the matrices c (K - K^T).
    """

    names: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for (layer, form), name in zip(self.layers, self.names):
            parts = []
            for c, _, turned in self._terms(inputs[0], layer, form):
                k = ((self.generator, turned, False),)
                # tr V^T U K - tr U^T V K = tr V^T U (K - K^T), as for K on the left.
                parts += [(c, {k: sp.Integer(1)}), (-c, {transposed(k): sp.Integer(1)})]
            found.append(Equation(name, expression(combined(*parts), self.generator.shape)))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """For random displacements U and V of the layer, exact matrices."""
        for index in range(POINTS):
            here = self.environment(case, index)
            for (layer, form), equation in zip(self.layers, case.output.equations):
                rhs, at = case.inputs[0].defines()[form], here.values[layer]
                shape = at.nrows(), at.ncols()
                u, v = (drawn(case.samples, name, *shape, index) for name in ("U", "V"))
                images = []
                for step in (u, v):
                    here.values[layer] = step
                    images.append(here.matrix(rhs))
                here.values[layer] = at
                skew = here.matrix(equation.rhs)
                left = self._terms(case.inputs[0], layer, form)[0][1]
                bilinear = v.transpose() * skew * u if left else v.transpose() * u * skew
                circulation = _trace(v.transpose() * images[0]) - _trace(u.transpose() * images[1])
                # A matrix tested against one pair only: the symmetric part must vanish on its own.
                if circulation != _trace(bilinear) or skew != -skew.transpose():
                    return refuted(NUMBERS, f"the circulation of {form} differs")
        return consistent(NUMBERS, f"random displacements at {POINTS} points")


@dataclass(frozen=True)
class WordCharge(_FormRule):
    """F_X = c K X, K = K^T  ->  F = grad tr(K C)/2 with C = sum c X X^T; c X K gives c X^T X: C is conserved.

    `result` names C. tr(K C) is conserved for every symmetric K, hence every entry of the symmetric matrix C is.
    """

    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        parts = []
        for layer, form in self.layers:
            x = {((layer, False, False),): sp.Integer(1)}
            turned = {((layer, True, False),): sp.Integer(1)}
            for c, left, _ in self._terms(inputs[0], layer, form):
                parts.append((c, product(x, turned) if left else product(turned, x)))
        return Equation(self.result, expression(combined(*parts), self.generator.shape))

    def check(self, case: Case) -> Verdict:
        """tr(K C)/2 is quadratic: its exact differences in every layer against the form, K symmetric."""
        for index in range(POINTS):
            here = self.environment(case, index)
            k = here.values[self.generator]
            here.values[self.generator] = k = k + k.transpose()
            for layer, form in self.layers:
                stated, start = here.matrix(case.inputs[0].defines()[form]), here.values[layer]
                step = drawn(case.samples, "V", start.nrows(), start.ncols(), index)
                ends = []
                for sign in (1, -1):
                    here.values[layer] = start + step * sign
                    ends.append(_trace(k * here.matrix(case.output.rhs)) / 2)
                here.values[layer] = start
                if (ends[0] - ends[1]) / 2 != _trace(step.transpose() * stated):
                    return refuted(NUMBERS, f"the potential has another slope in {layer}")
            c = here.matrix(case.output.rhs)
            if c != c.transpose():
                return refuted(NUMBERS, "the charge is not symmetric")
        return consistent(NUMBERS, f"exact differences at {POINTS} points")


def _trace(m: Any) -> fmpq:
    return sum((m[k, k] for k in range(m.nrows())), fmpq(0))

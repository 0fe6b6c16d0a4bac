"""Rules for matrices of any size: gradients, rates along a flow, insertion, restating, isolating, block by block.

Formulas are sums of words (symbolic/words.py); the checks compare exact rational matrices (word_rule.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp
from flint import fmpq, fmpq_mat

from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..rule import Case
from ..verdict import Verdict, consistent, proved, refuted
from ..word_numbers import Explicit
from ..words import Words, combined, diagonal, expression, flipped, product, words
from .word_rule import ALGEBRA, NUMBERS, POINTS, WordRule, value


@dataclass(frozen=True)
class WordGradient(WordRule):
    """B = sum u X v, L = L(B)  ->  dL/dX = sum u^T G v^T with G = dL/dB; a word with X^T gives v G^T u.

    `slopes` lists (parameter, name of its slope).
    """

    source: ClassVar[str] = "the chain rule, <G, u dX v> = <u^T G v^T, dX>"
    outer: Any = None
    slopes: tuple[tuple[Any, Any], ...] = ()

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        reason = "the flow is defined by the gradient of the loss"
        return (Assumption("differentiable-loss", "The loss is a differentiable function of the predictor.", reason),)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        f = words(inputs[0].rhs, self.symmetric)
        outer = words(self.outer)
        found = []
        for x, name in self.slopes:
            parts = []
            for word, c in f.items():
                for k, (y, turned, inverted) in enumerate(word):
                    if y == x and not inverted:
                        u, v = {word[:k]: c}, {word[k + 1 :]: sp.Integer(1)}
                        g = product(flipped(u), outer, flipped(v))
                        parts.append((sp.Integer(1), flipped(g) if turned else g))
            found.append(Equation(name, expression(combined(*parts), x.shape)))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """For the loss tr(P^T B) + tr(B^T B)/2, whose gradient is P + B, entry by entry in exact differences."""
        predictor = case.inputs[0].single
        for index in range(POINTS):
            here = self.environment(case, index)
            bias = here.values[self.outer]
            here.values[self.outer] = bias + here.matrix(predictor.rhs)
            for (x, _), equation in zip(self.slopes, case.output.equations):
                stated, start = here.matrix(equation.rhs), here.values[x]
                for i in range(start.nrows()):
                    for k in range(start.ncols()):
                        ends = []
                        for step in (1, -1):
                            here.values[x] = _nudged(start, i, k, step)
                            b = here.matrix(predictor.rhs)
                            ends.append(_dot(bias, b) + _dot(b, b) / 2)
                        here.values[x] = start
                        # The loss is quadratic in every parameter of a product, so the difference is exact.
                        if (ends[0] - ends[1]) / 2 != stated[i, k]:
                            return refuted(NUMBERS, f"the slope in entry ({i}, {k}) of {x} differs")
        return consistent(NUMBERS, f"exact differences at {POINTS} points")


def _nudged(m: fmpq_mat, i: int, k: int, step: int) -> fmpq_mat:
    entries = [x + step * ((r, c) == (i, k)) for r, row in enumerate(m.tolist()) for c, x in enumerate(row)]
    return fmpq_mat(m.nrows(), m.ncols(), entries)


def _dot(a: fmpq_mat, b: fmpq_mat) -> fmpq:
    return sum((x * y for x, y in zip(a.entries(), b.entries())), fmpq(0))


@dataclass(frozen=True)
class WordRate(WordRule):
    """F = f(X), X' = V  ->  F' = the sum over the letters of every word, each replaced by its velocity (Leibniz).

    `rates` lists (letter, its velocity as named in the flow claims); other letters are constant. The velocity of an
    inverse is -X^-1 X' X^-1. `rate` names F'.
    """

    source: ClassVar[str] = "the product rule"
    rate: Any = None
    rates: tuple[tuple[Any, Any], ...] = ()

    def velocities(self, flows: Iterable[Claim]) -> dict[Any, Any]:
        known = {e.lhs: e.rhs for flow in flows for e in flow.equations}
        return {x: known[rate] for x, rate in self.rates if rate in known}

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        velocity = {x: words(v, self.symmetric) for x, v in self.velocities(inputs[1:]).items()}
        parts = []
        for word, c in words(target.rhs, self.symmetric).items():
            for k, (x, turned, inverted) in enumerate(word):
                if x in velocity:
                    inner = velocity[x]
                    if inverted:
                        here = {((x, False, True),): sp.Integer(1)}
                        inner = combined((sp.Integer(-1), product(here, inner, here)))
                    inner = flipped(inner, self.symmetric) if turned else inner
                    parts.append((c, product({word[:k]: sp.Integer(1)}, inner, {word[k + 1 :]: sp.Integer(1)})))
        return Equation(self.rate, expression(combined(*parts), target.rhs.shape))

    def check(self, case: Case) -> Verdict:
        """Exact matrices X + e V to first order in e, by the polynomial of differences; then in the free algebra."""
        target, velocity = case.inputs[0].single, self.velocities(case.inputs[1:])
        verdict = self.same(case, lambda here: [_slope(here, target.rhs, velocity)])
        if verdict.refuted:
            return verdict
        first = self._first_order(target.rhs, velocity)
        if combined((sp.Integer(1), first), (sp.Integer(-1), words(case.output.rhs, self.symmetric))):
            return refuted(ALGEBRA, "the first order differs")
        return proved(ALGEBRA, "first order in a displacement")

    def _first_order(self, expr: Any, velocity: Mapping[Any, Any]) -> Words:
        """The terms of first order in e, with X + e V for X and X^-1 - e X^-1 V X^-1 for its inverse."""
        e, one = sp.Dummy("e"), sp.Integer(1)
        moved: dict[Any, Words] = {}
        for x, v in velocity.items():
            here = words(x, self.symmetric)
            moved[x, False] = combined((one, here), (e, words(v, self.symmetric)))
            if x.shape[0] == x.shape[1]:
                inverse = {((x, False, True),): one}
                moved[x, True] = combined((one, inverse), (-e, product(inverse, words(v, self.symmetric), inverse)))
        total: list[tuple[Any, Words]] = []
        for word, c in words(expr, self.symmetric).items():
            factors = []
            for x, turned, inverted in word:
                factor = moved.get((x, inverted), {((x, False, inverted),): one})
                factors.append(flipped(factor, self.symmetric) if turned else factor)
            total.append((c, product(*factors)))
        expanded = combined(*total)
        return combined(*((sp.expand(c).coeff(e, 1), {w: one}) for w, c in expanded.items()))


def _slope(here: Explicit, expr: Any, velocity: Mapping[Any, Any]) -> Any:
    """d/de of expr at X + e V, e = 0: exact for polynomials up to degree 8, by central differences of order 8.

    With an inverse the remainder is of order e^8; it is then compared by its size, e = 10^-12.
    """
    start = dict(here.values)
    directions = {x: here.matrix(v) for x, v in velocity.items()}
    weights = {1: fmpq(4, 5), 2: fmpq(-1, 5), 3: fmpq(4, 105), 4: fmpq(-1, 280)}
    inverse = expr.has(sp.Inverse)
    step = fmpq(1, 10**12) if inverse else fmpq(1)
    total = None
    for k, c in weights.items():
        for sign in (1, -1):
            here.values.update({x: start[x] + v * (k * sign * step) for x, v in directions.items()})
            term = here.matrix(expr) * (c * sign / step)
            total = term if total is None else total + term
    here.values = start
    return _Near(total) if inverse else total


class _Near:
    """A matrix that another one equals up to 10^-40 in every entry."""

    def __init__(self, matrix: Any):
        self.matrix = matrix

    def __eq__(self, other: Any) -> bool:
        return all(abs(x - y) < fmpq(1, 10**40) for x, y in zip(self.matrix.entries(), other.entries()))

    def __str__(self) -> str:
        return str(self.matrix.tolist()[0][:1])


@dataclass(frozen=True)
class WordInsert(WordRule):
    """f(X) = 0, X = g  ->  f(g) = 0: letters, or words such as Y^T Y, are replaced one claim after another."""

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for e in inputs[0].equations:
            # Block matrices are needed by the check only: they fix what the letters are.
            found.append(Equation(e.lhs, expression(self.plain(e.rhs, inputs[1:]), e.rhs.shape)))
        if all(words(new.rhs) == words(old.rhs) for new, old in zip(found, inputs[0].equations)):
            raise NotDerivable("nothing in the target is defined by the claims to insert")
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """The target at matrices for which the definitions hold; then in the free algebra."""
        target, known = case.inputs[0], case.inputs[1:]
        verdict = self.same(case, lambda here: [value(here, e.rhs) for e in target.equations], known)
        if verdict.refuted:
            return verdict
        pairs = zip(target.equations, case.output.equations)
        if all(self.plain(old.rhs, known) == words(new.rhs, self.symmetric) for old, new in pairs):
            return proved(ALGEBRA, "the normal forms agree, and exact matrices too")
        return refuted(ALGEBRA, "the normal forms differ")


@dataclass(frozen=True)
class WordRestate(WordRule):
    """f = g, proved, hence  X = f  ->  X = g: another form, accepted only with a proof of equality.

    The first input is the claim to restate; further inputs are inserted on both sides before comparing. Definitions
    by block matrices are multiplied out block by block.
    """

    form: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        if not self._equal(target.rhs, self.form, inputs[1:]):
            raise NotDerivable(f"the form {sp.sstr(self.form)[:160]} was not proved equal to the computed claim")
        return Equation(target.lhs, self.form)

    def _equal(self, left: Any, right: Any, definitions: tuple[Claim, ...]) -> bool:
        if not any(side.has(sp.BlockMatrix) for side in (left, right)):
            if self.plain(left, definitions) == self.plain(right, definitions):
                return True
            if not any(isinstance(e.rhs, sp.BlockMatrix) for c in definitions for e in c.equations):
                return False
        a, b = (self.reduced(x, definitions) for x in (left, right))
        one, size = sp.Integer(1), max(len(a), len(b))
        # A multiple of the identity, and zero, have no blocks of their own.
        a, b = (diagonal(g[0][0], size) if len(g) == len(g[0]) == 1 < size else g for g in (a, b))
        if len(a) != len(b) or len(a[0]) != len(b[0]):
            return not any(f for g in (a, b) for row in g for f in row)
        return not any(combined((one, f), (-one, g)) for x, y in zip(a, b) for f, g in zip(x, y))

    def check(self, case: Case) -> Verdict:
        verdict = self.same(case, lambda here: [value(here, case.inputs[0].rhs)], case.inputs[1:])
        if verdict.refuted:
            return verdict
        if self._equal(case.inputs[0].rhs, case.output.rhs, case.inputs[1:]):
            return proved(ALGEBRA, "the normal forms agree, and exact matrices too")
        return refuted(ALGEBRA, "the normal forms differ")


@dataclass(frozen=True)
class WordIdentity(WordRestate):
    """f = g by the definitions of the letters, for a product f of letters: `word` and `form` are the two sides."""

    word: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        if not self._equal(self.word, self.form, inputs):
            raise NotDerivable(f"{sp.sstr(self.word)} = {sp.sstr(self.form)[:160]} does not follow")
        return Equation(self.word, self.form)

    def check(self, case: Case) -> Verdict:
        verdict = self.same(case, lambda here: [value(here, self.word)], case.inputs)
        if verdict.refuted:
            return verdict
        if self._equal(self.word, case.output.rhs, case.inputs):
            return proved(ALGEBRA, "the normal forms agree, and exact matrices too")
        return refuted(ALGEBRA, "the normal forms differ")


@dataclass(frozen=True)
class WordIsolate(WordRule):
    """X = c u + f  ->  u = (X - f)/c: an equation solved for one of its words."""

    word: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        ((wanted, _),) = words(self.word, self.symmetric).items()
        f = words(target.rhs, self.symmetric)
        c = f.pop(wanted, None)
        if c is None:
            raise NotDerivable(f"{self.word} does not occur in {target}")
        rest = combined((1 / c, words(target.lhs, self.symmetric)), (-1 / c, f))
        return Equation(self.word, expression(rest, self.word.shape))

    def check(self, case: Case) -> Verdict:
        """The word itself at matrices for which the equation holds; then inserted back in the free algebra."""
        verdict = self.same(case, lambda here: [value(here, self.word)], case.inputs[:1])
        if verdict.refuted:
            return verdict
        target = case.inputs[0].single
        if self.plain(target.rhs, (case.output,)) == words(target.lhs, self.symmetric):
            return proved(ALGEBRA, "inserted back, and exact matrices too")
        return refuted(ALGEBRA, "inserted back, the equation does not hold")

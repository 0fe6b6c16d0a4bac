"""Scalars in matrix formulas: traces, words of size 1 x 1, single blocks, preconditioners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..rule import Case
from ..verdict import Verdict, consistent, refuted
from ..words import Letter, Words, combined, expression, transposed, words
from .word_rule import NUMBERS, POINTS, WordRule, value

POWERS = (1, 2, 3, 4)


def traces(claims: Iterable[Claim], symmetric: Iterable[Any] = ()) -> dict[tuple[Letter, ...], Any]:
    """word -> scalar, from `scalar = tr(word)` or `tr(word) = scalar`; cyclic and transposed words included."""
    table: dict[tuple[Letter, ...], Any] = {}
    for e in (e for claim in claims for e in claim.equations):
        for trace, scalar in ((e.rhs, e.lhs), (e.lhs, e.rhs)):
            if isinstance(trace, sp.Trace):
                ((word, c),) = words(trace.arg, symmetric).items()
                for w in (word, transposed(word, symmetric)):
                    table |= {w[k:] + w[:k]: scalar / c for k in range(len(w))}
    return table


@dataclass(frozen=True)
class WordScalar(WordRule):
    """y = tr f, s = tr(word)  ->  y = the sum of the scalars s of the words of f; a 1 x 1 matrix is its own trace.

    `results` names the scalars, one for each target: the first inputs. The others are inserted and supply the traces.
    `cyclic` is the form of f, up to a cyclic permutation, into which they are inserted.
    """

    source: ClassVar[str] = "tr(UV) = tr(VU), tr(U^T) = tr(U)"
    results: tuple[Any, ...] = ()
    cyclic: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        count = len(self.results)
        table = traces(inputs[count:], self.symmetric)
        found = []
        for name, claim in zip(self.results, inputs[:count]):
            target = _matrix(claim.single.rhs)
            target = target if self.cyclic is None else self._turned(target)
            f = self.plain(target, inputs[count:])
            total = sp.Integer(0)
            for word, c in f.items():
                if word and word not in table:
                    raise NotDerivable(f"no scalar is the trace of {expression({word: sp.Integer(1)}, target.shape)}")
                total += c * (table[word] if word else target.shape[0])
            found.append(Equation(name, total))
        return tuple(found)

    def _turned(self, target: Any) -> Any:
        (one, c), (other, e) = (next(iter(words(x, self.symmetric).items())) for x in (target, self.cyclic))
        if c != e or not any(one[k:] + one[:k] == other for k in range(len(one))):
            raise NotDerivable(f"{sp.sstr(self.cyclic)} is no cyclic permutation of {sp.sstr(target)}")
        return self.cyclic

    def check(self, case: Case) -> Verdict:
        """The traces of the targets, with exact matrices."""
        count = len(self.results)
        targets = [sp.Trace(_matrix(c.single.rhs)) for c in case.inputs[:count]]
        return self.same(case, lambda here: [value(here, x) for x in targets], case.inputs[count:])


def _matrix(expr: Any) -> Any:
    return expr.arg if isinstance(expr, sp.Trace) else expr


@dataclass(frozen=True)
class WordPreconditioner(WordRule):
    """b' = -(M G): the matrix M, from words that end in G; a word G (u^T u) gives the scalar tr(u^T u) times I.

    Inputs: the flow and the definitions of the scalars.
    """

    source: ClassVar[str] = "collecting a linear map"
    result: Any = None
    gradient: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target, table = inputs[0].single, traces(inputs[1:], self.symmetric)
        g: Letter = (self.gradient, False, False)
        parts: list[tuple[Any, Words]] = []
        for word, c in words(target.rhs, self.symmetric).items():
            if word[-1] == g:
                parts.append((-c, {word[:-1]: sp.Integer(1)}))
            elif word[0] == g and word[1:] in table:
                parts.append((-c * table[word[1:]], {(): sp.Integer(1)}))
            else:
                raise NotDerivable(f"a term of the flow is not a matrix times {self.gradient}")
        size = target.rhs.shape[0]
        return Equation(self.result, expression(combined(*parts), (size, size)))

    def check(self, case: Case) -> Verdict:
        """-M G against the flow, for two different gradients at the same exact matrices."""
        for index in range(POINTS):
            here = self.environment(case, index, case.inputs[1:])
            m, g = here.matrix(case.output.rhs), here.values[self.gradient]
            for k in range(g.nrows()):
                # Unit vectors test every column of M.
                here.values[self.gradient] = type(g)(g.nrows(), 1, [int(i == k) for i in range(g.nrows())])
                if here.matrix(case.inputs[0].single.rhs) != -(m * here.values[self.gradient]):
                    return refuted(NUMBERS, f"column {k + 1} differs")
        return consistent(NUMBERS, f"every column at {POINTS} points")


@dataclass(frozen=True)
class LaxTraces(WordRule):
    """X' = X Y - Y X  ->  (tr X^k)' = 0 for every k: the spectrum of X is constant."""

    source: ClassVar[str] = "P. D. Lax, Integrals of nonlinear equations of evolution and solitary waves, 1968"
    rate: Any = None
    letter: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        f = words(inputs[0].single.rhs, self.symmetric)
        pairs = sorted(f.items(), key=lambda item: item[0][0][0] != self.letter)
        x = (self.letter, False, False)
        if len(pairs) != 2 or pairs[0][0][0] != x or pairs[1][0][-1] != x or pairs[0][0][1:] != pairs[1][0][:-1]:
            raise NotDerivable(f"the velocity is not the commutator of {self.letter} with another matrix")
        if sp.expand(pairs[0][1] + pairs[1][1]) != 0:
            raise NotDerivable("the two terms do not cancel under the trace")
        return Equation(self.rate, sp.Integer(0))

    def check(self, case: Case) -> Verdict:
        """k tr(X^(k-1) X') for k = 1, ..., 4, exact matrices."""
        for index in range(POINTS):
            here = self.environment(case, index)
            velocity, x = here.matrix(case.inputs[0].single.rhs), here.values[self.letter]
            power = here.matrix(sp.Identity(self.letter.shape[0]))
            for k in POWERS:
                moved = power * velocity * k
                if sum(moved[i, i] for i in range(moved.nrows())) != here.scalar(case.output.rhs):
                    return refuted(NUMBERS, f"the trace of the power {k} moves")
                power = power * x
        return consistent(NUMBERS, f"the first {len(POWERS)} powers at {POINTS} points")


@dataclass(frozen=True)
class CyclicTraces(WordRule):
    """X = U V, Y = V U  ->  tr X^k = tr Y^k for every k: X and Y have the same eigenvalues other than 0.

    Inputs: X and Y, further definitions. `names` are those of tr X^k and tr Y^k, `letters` are X and Y.
    """

    source: ClassVar[str] = "tr(UV) = tr(VU)"
    names: tuple[Any, Any] = (None, None)

    def apply(self, *inputs: Claim) -> Equation:
        one, other = (words(c.single.rhs, self.symmetric) for c in self._written(inputs))
        if len(one) != 1 or len(other) != 1 or list(one.values()) != list(other.values()):
            raise NotDerivable("the two matrices are not products of the same letters")
        (u,), (v,) = one, other
        if not any(u[k:] + u[:k] == v for k in range(len(u))):
            raise NotDerivable("the two products are not cyclic permutations of each other")
        return Equation(self.names[0], self.names[1])

    def _written(self, inputs: tuple[Claim, ...]) -> list[Claim]:
        found = []
        for claim in inputs[:2]:
            f = self.plain(claim.single.rhs, inputs[2:])
            found.append(Claim(claim.label, (Equation(claim.lhs, expression(f, claim.rhs.shape)),)))
        return found

    def check(self, case: Case) -> Verdict:
        """Traces of the first four powers, exact matrices."""
        for index in range(POINTS):
            here = self.environment(case, index, case.inputs[2:])
            one, other = (here.matrix(c.single.rhs) for c in case.inputs[:2])
            for k in POWERS:
                for name, m in zip(self.names, (one, other)):
                    here.values[name] = _trace_of_power(m, k)
                if here.values[self.names[0]] != here.scalar(case.output.rhs):
                    return refuted(NUMBERS, f"the traces of the power {k} differ")
        return consistent(NUMBERS, f"the first {len(POWERS)} powers at {POINTS} points")


def _trace_of_power(m: Any, k: int) -> Any:
    power = m**k
    return sum((power[i, i] for i in range(1, power.nrows())), power[0, 0])


@dataclass(frozen=True)
class BlockEntry(WordRule):
    """X = Y between block matrices  ->  X_ij = Y_ij, solved for `word`; a 1 x 1 block becomes a scalar equation.

    Inputs: the equation, the block definitions and, for scalars, the traces. `word` is the word, or the scalar
    expression, that is isolated.
    """

    source: ClassVar[str] = "equal block matrices have equal blocks"
    place: tuple[int, int] = (0, 0)
    word: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        i, k = self.place
        left, right = (self.reduced(side, inputs[1:])[i][k] for side in (target.lhs, target.rhs))
        rest = combined((sp.Integer(1), left), (sp.Integer(-1), right))
        if getattr(self.word, "is_Matrix", False):
            ((wanted, _),) = words(self.word, self.symmetric).items()
            c = rest.pop(wanted)
            return Equation(self.word, expression(combined((-1 / c, rest)), self.word.shape))
        table = traces(inputs[1:], self.symmetric)
        total = sp.Add(*(c * (table[word] if word else 1) for word, c in rest.items()))
        c = sp.expand(total).coeff(self.word)
        return Equation(self.word, sp.expand(self.word - total / c))

    def check(self, case: Case) -> Verdict:
        """The isolated word, or scalar, at exact matrices for which the block equation holds."""
        return self.same(case, lambda here: [value(here, self.word)], case.inputs)


@dataclass(frozen=True)
class OnSingularVectors(WordRule):
    """f(X, Y, ...) = 0 on a pair of vectors that X, Y, ... and their transposes map to multiples of each other
    ->  f(x, y, ...) = 0 with these multiples; `values` lists (letter, multiple).
    """

    source: ClassVar[str] = "the singular value decomposition"
    values: tuple[tuple[Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        left, right = (self._value(side) for side in (inputs[0].lhs, inputs[0].rhs))
        return Equation(left, right)

    def _value(self, side: Any) -> Any:
        table, total = dict(self.values), sp.Integer(0)
        for word, c in words(side, self.symmetric).items():
            if any(x not in table for x, _, _ in word):
                raise NotDerivable(f"a letter of {sp.sstr(side)} has no value")
            total += c * sp.Mul(*(table[x] for x, _, _ in word))
        return total

    def check(self, case: Case) -> Verdict:
        """Diagonal matrices of size 2 with the multiples at two random points on their diagonals."""
        before, after = case.inputs[0].single, case.output.single
        for index in range(POINTS):
            points = [self.environment(case, index + k) for k in (0, 10)]
            here = points[0]
            known = {x: [p.scalar(v) for p in points] for x, v in self.values}
            here.values |= {x: type(here.values[x])(2, 2, [u, 0, 0, v]) for x, (u, v) in known.items()}
            scalars = [a for a in here.values if not isinstance(a, sp.MatrixSymbol)]
            shared = {a for e in (before.lhs, before.rhs) for a in scalars if e.has(a)}
            for a in shared:
                points[1].values[a] = here.values[a]
            here.sizes = dict.fromkeys(here.sizes, sp.Integer(2))
            difference = here.matrix(before.rhs) - here.matrix(before.lhs)
            for k, point in enumerate(points):
                if difference[k, k] != point.scalar(after.rhs) - point.scalar(after.lhs):
                    return refuted(NUMBERS, "the equations for the multiples differ")
        return consistent(NUMBERS, f"diagonal matrices at {POINTS} points")

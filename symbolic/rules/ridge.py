"""Ridge regression as words in its resolvent: training and generalisation error for any design matrix."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..rule import Case, Rule
from ..verdict import Verdict, proved, refuted

Word = tuple[str, ...]
Words = dict[Word, Any]

# S = Z^T Z/N and R = (S + lam)^{-1}, so S R = R S = 1 - lam R; C is the population covariance.


def reduced(words: Words, lam: Any) -> Words:
    """Replace S R and R S by 1 - lam R until no S stands beside an R."""
    result: Words = {}
    todo = list(words.items())
    while todo:
        word, coefficient = todo.pop()
        place = next((k for k in range(len(word) - 1) if set(word[k : k + 2]) == {"S", "R"}), None)
        if place is None:
            result[word] = sp.expand(result.get(word, sp.Integer(0)) + coefficient)
        else:
            head, tail = word[:place], word[place + 2 :]
            todo.append((head + tail, coefficient))
            todo.append(((*head, "R", *tail), -lam * coefficient))
    return {w: c for w, c in result.items() if c != 0}


def product(*factors: Words) -> Words:
    """The product of non-commutative polynomials."""
    total: Words = {(): sp.Integer(1)}
    for factor in factors:
        total = _gather((u + v, a * b) for u, a in total.items() for v, b in factor.items())
    return total


def _gather(pairs: Any) -> Words:
    found: Words = {}
    for word, coefficient in pairs:
        found[word] = found.get(word, sp.Integer(0)) + coefficient
    return found


def cyclic(word: Word) -> Word:
    """The representative of a word under rotation and reversal, for traces of symmetric letters."""
    turns = [word[k:] + word[:k] for k in range(len(word))] or [()]
    return min([*turns, *(tuple(reversed(t)) for t in turns)])


@dataclass(frozen=True)
class RidgeErrors(Rule):
    """b = (Z^T Z/N + lam)^{-1} Z^T y/N, y = Z beta_* + e  ->  E_e of both errors in words of R = (Z^T Z/N + lam)^{-1}.

    Input: the noise level (variance of e). `forms` names beta_*^T W beta_*, `traces` names tr W = Tr W/k, by word over
    the letters R, C (population covariance). aspect q = k/N. With b - beta_* = -lam R beta_* + R Z^T e/N and
    y - Z b = Z(beta_* - b) + e, averages over e follow from E e e^T = variance * I.
    """

    source: ClassVar[str] = "definition of ridge regression; E_e e e^T = s I"
    lam: Any = None
    aspect: Any = None
    generalisation: Any = None
    training: Any = None
    forms: tuple[tuple[Word, Any], ...] = ()
    traces: tuple[tuple[Word, Any], ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        noise = inputs[0].lhs
        one, letter = sp.Integer(1), {name: {(name,): sp.Integer(1)} for name in "RCS"}
        r, c, s = letter["R"], letter["C"], letter["S"]
        bias = {("R",): -self.lam}
        # Generalisation: (b - beta)^T C (b - beta) + s; the noise part R Z^T e/N of b - beta has covariance s R S R/N.
        general = self._form(product(bias, c, bias)) + noise * self.aspect * self._trace(product(r, s, r, c)) + noise
        # Training: Z(beta - b) contributes beta^T bias S bias beta, and e - Z R Z^T e/N has mean square
        # s (1 - 2 q tr(R S) + q tr(R S R S)).
        fit = one - 2 * self.aspect * self._trace(product(r, s)) + self.aspect * self._trace(product(r, s, r, s))
        train = self._form(product(bias, s, bias)) + noise * fit
        return (
            Equation(self.generalisation, sp.collect(sp.expand(general), noise)),
            Equation(self.training, sp.collect(sp.expand(train), noise)),
        )

    def _named(self, words: Words, names: Mapping[Word, Any], key: Any) -> Any:
        total = sp.Integer(0)
        for word, coefficient in reduced(words, self.lam).items():
            label = key(word)
            if label not in names:
                raise NotDerivable(f"no name was given for the word {' '.join(label) or '1'}")
            total += coefficient * names[label]
        return total

    def _form(self, words: Words) -> Any:
        return self._named(words, {min(w, tuple(reversed(w))): n for w, n in self.forms}, lambda w: min(w, w[::-1]))

    def _trace(self, words: Words) -> Any:
        return self._named(words, {(): sp.Integer(1)} | {cyclic(w): n for w, n in self.traces}, cyclic)

    def check(self, case: Case) -> Verdict:
        """Explicit rational matrices (N, k) = (4, 2), (3, 3), (3, 4): the estimator, noise averaged exactly."""
        for rows, columns in ((4, 2), (3, 3), (3, 4)):
            verdict = self._explicit(case, rows, columns)
            if verdict.refuted:
                return verdict
        return proved("explicit rational matrices", "N x k = 4 x 2, 3 x 3, 3 x 4, noise averaged exactly")

    def _explicit(self, case: Case, n: int, k: int) -> Verdict:
        rng = random.Random(f"{case.samples.seed}/{n}x{k}")

        def entry(*_: Any) -> Any:
            return sp.Rational(rng.randint(-9, 9), rng.choice((1, 2, 3, 5)))

        z, half, beta = sp.Matrix(n, k, entry), sp.Matrix(k, k, entry), sp.Matrix(k, 1, entry)
        noise_name, lam, noise = case.inputs[0].lhs, sp.Rational(3, 7), sp.Rational(5, 11)
        letters = {"C": half.T * half + sp.eye(k)}
        letters["R"] = (z.T * z / n + lam * sp.eye(k)).inv()
        point = {self.lam: lam, self.aspect: sp.Rational(k, n), noise_name: noise}
        for word, name in self.forms:
            point[name] = (beta.T * _matrix(word, letters, k) * beta)[0]
        for word, name in self.traces:
            point[name] = _matrix(word, letters, k).trace() / k
        signal = letters["R"] * z.T * z * beta / n - beta
        gain = letters["R"] * z.T / n
        general = (signal.T * letters["C"] * signal)[0] + noise * (gain.T * letters["C"] * gain).trace() + noise
        residual = z * signal
        hat = sp.eye(n) - z * gain
        train = ((residual.T * residual)[0] + noise * (hat.T * hat).trace()) / n
        for equation, truth in zip(case.output.equations, (general, train)):
            if sp.cancel(equation.rhs.xreplace(point) - truth) != 0:
                return refuted("explicit rational matrices", f"{equation.lhs} differs for N = {n}, k = {k}")
        return proved("explicit rational matrices")


def _matrix(word: Word, letters: Mapping[str, Any], size: int) -> Any:
    result = sp.eye(size)
    for name in word:
        result = result * letters[name]
    return result

"""Denoising score matching with linear readout: both errors in words of one function of the features."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import factored
from ..rule import Case, Rule
from ..verdict import Verdict, proved, refuted
from .kernel_ridge import rational


@dataclass(frozen=True)
class ScoreErrors(Rule):
    """min_A E|sqrt(h) A f + z|^2/d + ...  ->  train = 1 - h m (K - lam K_l),  test = 1 - 2 m K - m (m K_q + v K_l).

    Input: the quadratic losses as claims in the letters below. With the features' second moment C = G + lam, G their
    second moment over data and noise, and E z f^T = sqrt(h m) W^T, the readout is A = -sqrt(m) W^T C^{-1}; with Q =
    C^{-1}, G Q = 1 - lam Q, K = tr W^T Q W, K_l = -tr W^T Q^2 W and K_q = -tr W^T Q W W^T Q W (per input dimension).
    The input states the test moment M = m W W^T + v of the features of fresh data as its eigenvalue `moment` at x.
    """

    source: ClassVar[str] = "normal equations of a linear readout"
    training: Any = None
    test: Any = None
    lam: Any = None
    share: Any = None
    signal: Any = None
    value: Any = None
    slopes: tuple[Any, Any] = (None, None)
    eigenvalue: Any = None

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        by_q, by_l = self.slopes
        moment = sp.Poly(inputs[0].rhs, self.eigenvalue)
        if moment.degree() != 1:
            raise NotDerivable("the moment of fresh features must be a multiple of W W^T plus a multiple of 1")
        lead, rest = moment.all_coeffs()
        # W^T Q G Q W = W^T (Q - lam Q^2) W, and W^T Q M Q W from the two derivatives.
        fitted = self.value + self.lam * by_l
        fresh = -lead * by_q - rest * by_l
        m, h, one = self.signal, self.share, sp.Integer(1)
        return (
            Equation(self.training, one + h * m * (fitted - 2 * self.value)),
            Equation(self.test, one + m * (fresh - 2 * self.value)),
        )

    def check(self, case: Case) -> Verdict:
        """Explicit rational W and G: the loss minimised over the entries of A, then both errors, exactly."""
        q, shift = sp.symbols("q shift")
        for k in range(2):
            rng = random.Random(f"{case.samples.seed}/{k}")
            p, d = 2, 1 + k
            w, f = (_matrix(rng, p, columns) for columns in (d, 2))
            wanted = {self.lam, self.share, self.signal, *case.inputs[0].rhs.free_symbols} - {self.eigenvalue}
            point = case.samples.point(wanted, case.given, k)
            lam = point[self.lam]
            noise, own = sp.Rational(rng.randint(1, 9), 7), sp.Rational(rng.randint(1, 9), 5)
            second = f * f.T + noise * w * w.T + own * sp.eye(p)
            resolvent = (f * f.T + q * w * w.T + shift * sp.eye(p)).inv()
            trace = sp.cancel((w.T * resolvent * w).trace() / d)
            at = {q: noise, shift: own + lam}
            point[self.value] = trace.xreplace(at)
            for name, symbol in zip(self.slopes, (q, shift)):
                point[name] = sp.diff(trace, symbol).xreplace(at)
            truth = self._errors(w, second, point, case.inputs[0].rhs)
            for equation, value in zip(case.output.equations, truth):
                if sp.cancel(equation.rhs.xreplace(point) - value) != 0:
                    return refuted("explicit rational matrices", f"{equation.lhs} is {value}")
        return proved("explicit rational matrices", "the loss minimised entry by entry, exactly")

    def _errors(self, w: Any, second: Any, point: Any, moment: Any) -> tuple[Any, Any]:
        """(training, test) error of the minimiser of the penalised loss; b = A/sqrt(m) keeps everything rational."""
        lam, h, m = (point[s] for s in (self.lam, self.share, self.signal))
        p, d = w.shape
        names = sp.symbols(f"b:{p * d}")
        b = sp.Matrix(d, p, names)
        loss = 1 + h * m * ((b * second * b.T).trace() + 2 * (b * w).trace()) / d
        penalised = loss + h * m * lam * (b * b.T).trace() / d
        solved = sp.linsolve([sp.diff(penalised, x) for x in names], names)
        at = dict(zip(names, next(iter(solved))))
        lead, rest = sp.Poly(moment.xreplace(point), self.eigenvalue).all_coeffs()
        fresh = lead * w * w.T + rest * sp.eye(p)
        test = 1 + m * ((b * fresh * b.T).trace() + 2 * (b * w).trace()) / d
        return loss.xreplace(at), factored(test.xreplace(at))


def _matrix(rng: random.Random, rows: int, columns: int) -> Any:
    return sp.Matrix(rows, columns, lambda *_: rational(rng))

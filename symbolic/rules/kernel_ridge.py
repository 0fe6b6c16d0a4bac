"""Ridge regression in words of its n x n resolvent: the training error, and the test error by leaving one out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..rule import Case, Rule
from ..verdict import Verdict, proved, refuted

LEAVE_ONE_OUT = Assumption(
    "leave-one-out",
    "The diagonal entries of the resolvent concentrate on their mean, and one sample more or less does not change the "
    "test error in the limit.",
    "The samples are independent and alike; both hold for resolvents of Gaussian matrices away from the spectrum.",
    "Golub, Heath and Wahba, Generalized cross-validation, 1979; Hastie, Montanari, Rosset and Tibshirani, 2022",
)


def circulant(entries: list[Any]) -> sp.Matrix:
    """The circulant matrix of a first row."""
    n = len(entries)
    return sp.Matrix(n, n, lambda i, j: entries[(j - i) % n])


def rational(rng: random.Random) -> Any:
    """A small random rational."""
    return sp.Rational(rng.randint(-9, 9), rng.choice((1, 2, 3, 5)))


@dataclass(frozen=True)
class TrainingResidual(Rule):
    """y - F^T a = lam K y, K = (F^T F + lam)^{-1}  ->  E_train = lam^2 tr K^2 E y y^T = -lam^2 sum_i c_i d(t_i)/d(lam).

    Input: the label covariance as `C := sum_i c_i A_i`; `slopes` names d/d(lam) of t_i = tr K A_i for each matrix A_i.
    """

    source: ClassVar[str] = "normal equations of ridge regression; dK/d(lam) = -K^2"
    result: Any = None
    lam: Any = None
    slopes: tuple[tuple[Any, Any], ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        names = dict(self.slopes)
        total = sp.Integer(0)
        for coefficient, matrix in _terms(inputs[0].rhs):
            if matrix not in names:
                raise NotDerivable(f"no slope was named for tr K {matrix}")
            total += coefficient * names[matrix]
        return Equation(self.result, -(self.lam**2) * total)

    def check(self, case: Case) -> Verdict:
        """Rational features 2 x 3 and 3 x 2: the fitted residual averaged over the labels, exactly."""
        rng = random.Random(case.samples.seed)
        for m, n in ((2, 3), (3, 2)):
            f = sp.Matrix(m, n, lambda *_: rational(rng))
            parts = [(a, sp.Matrix(n, n, lambda *_: rational(rng))) for a, _ in self.slopes]
            parts = [(a, b * b.T + sp.eye(n)) for a, b in parts]
            point = case.samples.point(_scalars(case.inputs[0].rhs), (), m)
            lam = sp.Rational(rng.randint(1, 9), 7)
            resolvent = (f.T * f + lam * sp.eye(n)).inv()
            covariance = _combined(case.inputs[0].rhs, dict(parts), point, n)
            hat = f.T * (f * f.T + lam * sp.eye(m)).inv() * f
            truth = ((sp.eye(n) - hat) * covariance * (sp.eye(n) - hat).T).trace() / n
            slopes = {name: -(resolvent * dict(parts)[a] * resolvent).trace() / n for a, name in self.slopes}
            if sp.cancel(case.output.rhs.xreplace({**point, **slopes, self.lam: lam}) - truth) != 0:
                return refuted("explicit rational matrices", f"{m} features, {n} samples: {truth}")
        return proved("explicit rational matrices", "the fitted residual, averaged over the labels")


def _terms(expr: Any) -> list[tuple[Any, Any]]:
    """(coefficient, matrix) of every term of a sum of matrices."""
    found = []
    for term in expr.args if isinstance(expr, sp.MatAdd) else (expr,):
        coefficient, matrices = term.as_coeff_matrices() if isinstance(term, sp.MatMul) else (sp.Integer(1), [term])
        found.append((coefficient, matrices[0] if len(matrices) == 1 else sp.MatMul(*matrices)))
    return found


def _scalars(expr: Any) -> set[Any]:
    """Scalar coefficients of a matrix expression: its symbols that are not dimensions."""
    sizes = {d for a in expr.atoms(sp.MatrixSymbol, sp.Identity) for d in a.shape}
    return {s for s in expr.free_symbols if isinstance(s, sp.Symbol)} - sizes


def _combined(expr: Any, parts: dict[Any, Any], point: Any, n: int) -> Any:
    total = sp.zeros(n, n)
    for coefficient, matrix in _terms(expr):
        total += sp.S(coefficient).xreplace(point) * parts[matrix]
    return total


@dataclass(frozen=True)
class LeaveOneOut(Rule):
    """r_i = lam K_ii r_(-i), K_ii -> tau  ->  scale E_test = E_train/(lam tau)^2 - noise.

    Input: the training error. r_(-i) is the residual on sample i of the fit without it, so its mean square is the test
    error on a fresh noisy label. The labels are sqrt(scale) times the target, plus noise of variance `noise`.
    """

    source: ClassVar[str] = "block inverse of the resolvent (leave-one-out identity)"
    result: Any = None
    lam: Any = None
    trace: Any = None
    noise: Any = None
    scale: Any = sp.S.One

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (LEAVE_ONE_OUT,)

    def apply(self, *inputs: Claim) -> Equation:
        return Equation(self.result, (inputs[0].lhs / (self.lam * self.trace) ** 2 - self.noise) / self.scale)

    def check(self, case: Case) -> Verdict:
        """Circulant rational features, where all K_ii are equal: the fit repeated without each sample, exactly."""
        rng = random.Random(case.samples.seed)
        for n in (2, 3, 4):
            f = circulant([rational(rng) + k for k in range(n)])
            y = sp.Matrix(n, 1, lambda *_: rational(rng))
            lam = sp.Rational(rng.randint(1, 9), 7)
            point = case.samples.point([a for x in (self.noise, self.scale) for a in sp.S(x).free_symbols], (), n)
            resolvent = (f.T * f + lam * sp.eye(n)).inv()
            residual = lam * resolvent * y
            point |= {case.inputs[0].lhs: (residual.T * residual)[0] / n, self.trace: resolvent[0, 0], self.lam: lam}
            left_out = [self._without(f, y, lam, i) for i in range(n)]
            truth = sum((r**2 for r in left_out), start=sp.Integer(0)) / n
            noise, scale = (sp.S(x).xreplace(point) for x in (self.noise, self.scale))
            if sp.cancel(scale * case.output.rhs.xreplace(point) + noise - truth) != 0:
                return refuted("fits without each sample", f"{n} samples: {truth}")
        return proved("fits without each sample", "circulant rational features, 2 to 4 samples")

    @staticmethod
    def _without(f: Any, y: Any, lam: Any, i: int) -> Any:
        kept = [j for j in range(f.cols) if j != i]
        g, labels = f[:, kept], y[kept, :]
        weights = (g * g.T + lam * sp.eye(f.rows)).inv() * g * labels
        return y[i] - (f[:, i].T * weights)[0]

"""Slopes: of an average, of a root given by its inverse function, and along a chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import POINTS, explicit_sums
from ..exact import factored
from ..precision import compiled, context, number
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .dyson import TERMS, named

STEP = sp.Rational(1, 10**25)


@dataclass(frozen=True)
class Slope(Rule):
    """q = f(k)  ->  dq/dk = f'(k), inside sums term by term."""

    source: ClassVar[str] = "differentiation"
    variable: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        return Equation(self.result, sp.diff(inputs[0].rhs, self.variable))

    def check(self, case: Case) -> Verdict:
        """Central difference at k +- 10^-25, sums written out."""
        f, stated = (explicit_sums(x, TERMS) for x in (case.inputs[0].rhs, case.output.rhs))
        ctx = context(90)
        for point in case.samples.points({*free_atoms(f), self.variable}, case.given):
            ends = [
                compiled(ctx, [], f.xreplace({**point, self.variable: point[self.variable] + e}))()
                for e in (-STEP, STEP)
            ]
            truth, found = (ends[1] - ends[0]) / (2 * number(ctx, STEP)), compiled(ctx, [], stated.xreplace(point))()
            if not abs(truth - found) < (1 + abs(truth)) * ctx.mpf(10) ** -40:
                return refuted("central difference", f"{ctx.nstr(truth, 9)} against {ctx.nstr(found, 9)}", named(point))
        return consistent("central difference", f"{POINTS} points, 40 digits")


@dataclass(frozen=True)
class InverseSlope(Rule):
    """p = T(k, q), q' = dq/dk  ->  dk/dp = 1/(T_k + T_q q').

    Input: the claim p = T. `inner` lists pairs (q, name of q') for quantities that move with k.
    """

    source: ClassVar[str] = "derivative of the inverse function"
    unknown: Any = None
    inner: tuple[tuple[Any, Any], ...] = ()
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        t = inputs[0].rhs
        total = sp.diff(t, self.unknown) + sum((sp.diff(t, q) * slope for q, slope in self.inner), start=sp.Integer(0))
        return Equation(self.result, factored(1 / total))

    def check(self, case: Case) -> Verdict:
        """Central difference of T along k + e, q + q' e with e = 10^-25."""
        t, ctx = case.inputs[0].rhs, context(90)
        names = {self.unknown, *(x for pair in self.inner for x in pair)}
        for point in case.samples.points({*free_atoms(t), *names}, case.given):
            ends = []
            for e in (-STEP, STEP):
                moved = {self.unknown: point[self.unknown] + e} | {q: point[q] + point[r] * e for q, r in self.inner}
                ends.append(compiled(ctx, [], t.xreplace({**point, **moved}))())
            truth = 2 * number(ctx, STEP) / (ends[1] - ends[0])
            found = compiled(ctx, [], case.output.rhs.xreplace(point))()
            if not abs(truth - found) < (1 + abs(truth)) * ctx.mpf(10) ** -40:
                return refuted("central difference", f"{ctx.nstr(truth, 9)} against {ctx.nstr(found, 9)}", named(point))
        return consistent("central difference", f"{POINTS} points, 40 digits")


@dataclass(frozen=True)
class ChainSlope(Rule):
    """q = h(t, p), t' = dt/dp  ->  dq/dp = h_p + h_t t', times `sign`.

    Input: the claim for q; `slope` names t'.
    """

    source: ClassVar[str] = "chain rule"
    unknown: Any = None
    slope: Any = None
    parameter: Any = None
    result: Any = None
    sign: int = 1

    def apply(self, *inputs: Claim) -> Equation:
        h = inputs[0].rhs
        along, across = (self.sign * factored(sp.diff(h, x)) for x in (self.parameter, self.unknown))
        return Equation(self.result, along + across * self.slope)

    def check(self, case: Case) -> Verdict:
        """Central difference of h along t + t' e, p + e with e = 10^-25, at rational points."""
        h, ctx = case.inputs[0].rhs, context(90)
        step = sp.Rational(1, 10**25)
        for point in case.samples.points({*free_atoms(h), self.unknown, self.slope, self.parameter}, case.given):
            ends = []
            for e in (-step, step):
                moved = {
                    self.unknown: point[self.unknown] + point[self.slope] * e,
                    self.parameter: point[self.parameter] + e,
                }
                ends.append(compiled(ctx, [], h.xreplace({**point, **moved}))())
            truth = self.sign * (ends[1] - ends[0]) / (2 * number(ctx, step))
            stated = compiled(ctx, [], case.output.rhs.xreplace(point))()
            if not abs(truth - stated) < (1 + abs(truth)) * ctx.mpf(10) ** -40:
                return refuted(
                    "central difference", f"{ctx.nstr(truth, 9)} against {ctx.nstr(stated, 9)}", named(point)
                )
        return consistent("central difference", f"{POINTS} points, 40 digits")

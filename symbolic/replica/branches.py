"""Stationary points with several branches: a branch is excluded by proof, or named and recorded as a choice."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import factors, numerator_denominator, resultant
from ..precision import compiled, context
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from .sampling import sample, shown

_STARTS = 12


@dataclass(frozen=True)
class OnlyBranch(Rule):
    """F = 0, G = 0, F - G = (x - x0) R, Res_u(R, F) > 0 on the domain  ->  x = x0: the other branch has no solution.

    Inputs: the slopes F and G. `unknown` is eliminated between R and F; the resultant is a polynomial in parameters of
    known sign whose coefficients have one sign, which proves that it does not vanish.
    """

    source: ClassVar[str] = "resultant; a polynomial with coefficients of one sign in positive variables has no zero"
    variable: Any = None
    value: Any = sp.S.Zero
    unknown: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        first, second = (claim.rhs for claim in inputs)
        bottom, _ = numerator_denominator(first)
        top, _ = numerator_denominator(first - second)
        wanted, others = [], []
        for factor, _ in factors(top):
            if not factor.is_nonzero:
                (wanted if sp.degree(factor, self.variable) > 0 else others).append(factor)
        if [sp.expand(w - (self.variable - self.value)) for w in wanted] != [0]:
            raise NotDerivable(f"{self.variable} - {self.value} is not the only factor with {self.variable}")
        for factor in others:
            # The slope may contain the variable; on the other branch it is free, so it is eliminated as well.
            rest = sp.Poly(bottom, self.variable)
            if rest.degree() > 0:
                raise NotDerivable(f"the first slope must not contain {self.variable}")
            if not positive(resultant(factor, bottom, self.unknown)):
                raise NotDerivable(f"the branch {sp.sstr(factor)[:80]} = 0 is not excluded")
        return Equation(self.variable, sp.S(self.value))

    def check(self, case: Case) -> Verdict:
        """Newton from many starts at rational parameters: every real solution in the domain has the stated value."""
        ctx = context(40)
        system = [claim.rhs for claim in case.inputs[:2]]
        unknowns = [self.variable, self.unknown]
        atoms = [a for e in system for a in free_atoms(e) if a not in unknowns]
        found = 0
        for k in range(2):
            point = sample(case, atoms, case.given, k)
            residual = compiled(ctx, unknowns, [e.xreplace(point) for e in system])
            rng = random.Random(f"{case.samples.seed}/{k}")
            stated = (
                compiled(ctx, [], case.output.rhs.xreplace(point))()
                if case.output.rhs.free_symbols
                else case.output.rhs
            )
            for _ in range(_STARTS):
                start = [ctx.mpf(rng.randint(-200, 200)) / 100, ctx.mpf(rng.randint(1, 400)) / 100]
                try:
                    root = ctx.findroot(lambda *u, f=residual: list(f(*u)), start, tol=1e-60)
                except (ValueError, ZeroDivisionError):
                    continue
                if self.unknown.is_positive and not root[1] > 0:
                    continue
                found += 1
                if abs(root[0] - ctx.mpf(int(stated))) > ctx.mpf(10) ** -25:
                    return refuted(
                        "Newton from many starts", f"a solution has {self.variable} = {root[0]}", shown(point)
                    )
        if not found:
            return undecided("Newton from many starts", "no solution was found")
        return consistent("Newton from many starts", f"{found} solutions, all on the stated branch")


def positive(expr: Any) -> bool:
    """Whether a polynomial in positive symbols has coefficients of one sign, squares of differences included."""
    expr = sp.expand(expr)
    symbols = [s for s in free_atoms(expr) if s.is_positive]
    for s in symbols:
        signs = [sp.factor(c) for c in sp.Poly(expr, s).coeffs()]
        for sign in (1, -1):
            known = [(sign * c).is_nonnegative or (sign * c).is_positive for c in signs]
            strict = any((sign * c).is_positive or _sum_positive(sign * c) for c in signs)
            if all(known) and strict:
                return True
    return bool(expr.is_positive)


def _sum_positive(expr: Any) -> bool:
    return all(term.is_positive for term in sp.Add.make_args(sp.expand(expr)))

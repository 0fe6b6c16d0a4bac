"""n -> 0: the derivative at zero replicas of a function of n, with log E F^n -> n E log F."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical, factored, vanishes
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided
from . import ledger
from .floating import STEP, floating
from .mean import Mean, level_of, means_in
from .sampling import sample, shown

_BITS = 320
_SMALL = sp.Rational(1, 2**80)


@dataclass(frozen=True)
class ReplicaLimit(Rule):
    """phi = lim_{n -> 0} Phi_n/n = d Phi_n/dn at n = 0; log E_z F^n contributes E_z log F.

    The expression must vanish at n = 0. Other terms (polynomials, log det with multiplicities) are differentiated.
    """

    source: ClassVar[str] = "derivative at n = 0"
    n: Any = None
    result: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return ledger.A1, ledger.A2, ledger.A3

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        at_zero = {self.n: sp.Integer(0)}
        if vanishes(target.rhs.xreplace(at_zero)) is not True:
            raise NotDerivable("the potential of zero replicas must vanish")
        slope = sp.diff(target.rhs, self.n).xreplace(at_zero)
        if slope.has(sp.nan, sp.zoo, sp.oo):
            raise NotDerivable("the potential has no derivative at zero replicas")
        return Equation(self.result, tidied(slope), target.relation)

    def check(self, case: Case) -> Verdict:
        """Phi_n/n at the real number n = 2^-80 in balls: the distance to the output must be of the order of n."""
        before, after = case.inputs[0].rhs, case.output.rhs
        atoms = [a for side in (before, after) for a in free_atoms(side) if a != self.n]
        if level_of(after) > 1:
            return self._nested(case, before, after, atoms)
        for k in range(2):
            point = sample(case, atoms, [c for c in case.given if not c.has(self.n)], k)
            left = balls.enclose(before / self.n, {**point, self.n: _SMALL}, _BITS)
            right = balls.enclose(after, point, _BITS)
            with balls.working(_BITS):
                gap = abs(left - right)
                if not gap.is_finite():
                    return undecided("real n = 2^-80", "no finite enclosure")
                if not gap < 1e-18:
                    return refuted("real n = 2^-80", f"distance {gap.str(4, radius=False)}", shown(point))
        return consistent("real n = 2^-80", "the distance is below 10^-18 at 2 points")

    def _nested(self, case: Case, before: Any, after: Any, atoms: list[Any]) -> Verdict:
        """Means inside means: the derivative at n = 0 by one complex step in n, in double precision."""
        for k in range(2):
            point = sample(case, atoms, [c for c in case.given if not c.has(self.n)], k)
            rate = floating(before, {**point, self.n: 1j * STEP}).imag / STEP
            gap = abs(rate - floating(after, point))
            if not gap < 1e-9 * (1 + abs(rate)):
                return refuted("complex step at n = 0", f"distance {gap:.3e}", shown(point))
        return consistent("complex step at n = 0", "9 digits at 2 points, double precision")


def tidied(expr: Any) -> Any:
    """A sum over products of means and logarithms, each coefficient in lowest terms, the rest expanded."""
    names: dict[Any, Any] = {m: sp.Dummy() for m in means_in(expr)}
    logs = sorted(sp.S(expr).xreplace(names).atoms(sp.log), key=sp.default_sort_key)
    names |= {x: sp.Dummy() for x in logs}
    flat = sp.S(expr).xreplace({m: d for m, d in names.items() if isinstance(m, Mean)})
    flat = flat.xreplace({x: names[x] for x in logs})
    groups: dict[Any, Any] = {}
    for term in _shallow_terms(flat):
        coefficient, product = term.as_independent(*names.values(), as_Add=False) if names else (term, sp.Integer(1))
        groups[product] = groups.get(product, sp.Integer(0)) + coefficient
    total = sp.Integer(0)
    for product, coefficient in groups.items():
        total += by_denominator(coefficient) if product == 1 else factored(coefficient) * product
    # The logarithms may hold names of means: they go back first.
    total = total.xreplace({names[x]: x for x in logs})
    return total.xreplace({d: m for m, d in names.items()})


def _shallow_terms(expr: Any) -> tuple[Any, ...]:
    """The terms of a sum, factors in front of brackets multiplied in; nothing inside the terms is touched."""
    before, after = None, sp.S(expr)
    while after != before:
        before, after = after, sp.Add(*(sp.expand_mul(t, deep=False) for t in sp.Add.make_args(after)))
    return sp.Add.make_args(after)


def by_denominator(expr: Any) -> Any:
    """A sum of fractions with one term per denominator, polynomials expanded.

    >>> x, y = sp.symbols("x y"); by_denominator(x + y / (1 + y) + 1 / (1 + y))
    x + 1
    """
    groups: dict[Any, Any] = {}
    for term in _shallow_terms(expr):
        top, bottom = sp.fraction(sp.together(term))
        factor, bottom = sp.factor(bottom).as_coeff_Mul()
        if bottom.could_extract_minus_sign():
            # Which sign a denominator comes with depends on the order of its letters; only one is kept.
            factor, bottom = -factor, sp.expand(-bottom) if bottom.is_Add else -bottom
        groups[bottom] = groups.get(bottom, sp.Integer(0)) + top / factor
    total = sp.Integer(0)
    for bottom, top in groups.items():
        reduced = canonical(top / bottom)
        total += sp.expand(reduced) if reduced.is_polynomial(*reduced.free_symbols) else factored(reduced)
    return total

"""Products of positive quantities: logarithms make powers linear, also with symbolic exponents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .algebra import sequential
from .sums import entries

LOGARITHM = "log(x^p y^q) = p log x + q log y for positive x and y"


def logarithm(expr: Any) -> Any:
    """log of a product of powers of positive quantities, as a sum."""
    return sp.expand(sp.expand_log(sp.log(expr)))


def linear(expr: Any) -> Any:
    """A sum of logarithms of products, each expanded."""
    return sp.expand(sp.expand_log(expr))


@dataclass(frozen=True)
class RestateByLogarithms(Rule):
    """log f = log g, proved, hence  x = f  ->  x = g for products f and g of powers of positive quantities.

    Sums of logarithms are compared likewise. The first input is the claim; further inputs are inserted first.
    """

    source: ClassVar[str] = LOGARITHM
    form: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        old, new = (sequential(inputs[1:], sp.S(x)) for x in (target.rhs, self.form))
        same = linear(old - new) == 0 if old.has(sp.log) else sp.expand(logarithm(old) - logarithm(new)) == 0
        if not same:
            raise NotDerivable(f"the form {sp.sstr(self.form)[:160]} was not proved equal to the computed claim")
        return Equation(target.lhs, self.form)

    def check(self, case: Case) -> Verdict:
        """Balls at rational points, with every definition inserted."""
        old, new = (sequential(case.inputs[1:], sp.S(x)) for x in (case.inputs[0].rhs, case.output.rhs))
        return equal(old, new, case.samples, case.given)


@dataclass(frozen=True)
class PowerRoot(Rule):
    """y = c x^p  ->  x = (y/c)^(1/p) for positive quantities."""

    source: ClassVar[str] = LOGARITHM
    unknown: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        gap = logarithm(target.lhs) - logarithm(target.rhs)
        rate = -sp.expand(gap).coeff(sp.log(self.unknown))
        rest = sp.expand(gap + rate * sp.log(self.unknown))
        if rate == 0 or rest.has(self.unknown):
            raise NotDerivable(f"the equation is not a power of {self.unknown} times other quantities")
        factors = [term.as_independent(sp.log) for term in sp.Add.make_args(rest)]
        base = sp.Mul(*(log.args[0] ** power for power, log in factors))
        return Equation(self.unknown, base ** (1 / rate))

    def check(self, case: Case) -> Verdict:
        """Inserted in the equation, balls at rational points."""
        target = case.inputs[0].single
        solved = target.rhs.xreplace({self.unknown: case.output.rhs})
        return equal(target.lhs, solved, case.samples, case.given)


@dataclass(frozen=True)
class ForEveryEntry(Rule):
    """f(x, y, ...) = 0 for every one of several like objects  ->  f(x_l, y_l, ...) = 0 for every l.

    `lists` pairs the scalars with the lists of their values; `index` is l.
    """

    source: ClassVar[str] = "a statement about any object of a list"
    lists: tuple[tuple[Any, Any], ...] = ()
    index: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        equation = inputs[0].single
        table = {x: base[self.index] for x, base in self.lists}
        return Equation(equation.lhs.xreplace(table), equation.rhs.xreplace(table))

    def check(self, case: Case) -> Verdict:
        """The entries 1, 2 and 3, renamed back."""
        before = case.inputs[0].single
        verdicts = []
        for k, entry in enumerate(entries(case.output.single), start=1):
            back = {base[k]: x for x, base in self.lists}
            known = {a for a in free_atoms(entry.rhs) if isinstance(a, sp.Indexed)} <= set(back)
            if not known or entry.lhs.xreplace(back) != before.lhs:
                raise NotDerivable(f"entry {k} speaks of other quantities")
            verdicts.append(equal(before.rhs, entry.rhs.xreplace(back), case.samples, case.given))
        return weakest(verdicts)

"""Claims of another derivation, brought in with their letters renamed: two routes to one result can be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

import sympy as sp

from ..checking import step_findings
from ..claim import Assumption, Claim, Equation
from ..derivation import Derivation
from ..equality import equal
from ..errors import NotDerivable
from ..quantity import atom_name
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, proved, refuted, weakest


@dataclass(frozen=True)
class Recall(Rule):
    """A claim x = f that another derivation has derived, its letters renamed; its assumptions come along.

    `route` returns that derivation, `label` is the claim there, `only` picks the equation about the quantity of that
    name, `letters` lists (name there, symbol here); other letters keep their names. Nothing is typed: the claim is
    read from the derivation.
    """

    source: ClassVar[str] = "another derivation of this collection"
    route: Callable[[], Derivation] = field(default=None, repr=False)  # type: ignore[assignment]
    label: str = ""
    only: str = ""
    letters: tuple[tuple[str, Any], ...] = ()

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return self.route().assumptions([self.label])

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return tuple(self._renamed(c) for c in self.route().claim(self.label).given)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        claim = self.route().claim(self.label)
        chosen = [e for e in claim.equations if not self.only or atom_name(e.lhs) == self.only]
        if not chosen:
            raise NotDerivable(f"{self.label} of {self.route().id} states nothing about {self.only}")
        return tuple(Equation(self._renamed(e.lhs), self._renamed(e.rhs), e.relation) for e in chosen)

    def _renamed(self, expr: Any) -> Any:
        table, there = dict(self.letters), self.route().notation
        entries = [e for e in expr.atoms(sp.Indexed) if atom_name(e) in table]
        names = {e: table[atom_name(e)][e.indices] for e in entries}
        return expr.xreplace({there[k].symbol: v for k, v in table.items() if isinstance(v, sp.Symbol)} | names)

    def check(self, case: Case) -> Verdict:
        """The claim is the one that stands there, in value; at level full its ancestors are checked there as well."""
        other = self.route()
        for stated, meant in zip(case.output.equations, self.apply(), strict=True):
            if stated.lhs != meant.lhs:
                return refuted(f"the claim of {other.id}", f"it speaks of {meant.lhs}, not of {stated.lhs}")
            verdict = equal(stated.rhs, meant.rhs, case.samples, case.given)
            if not verdict.positive:
                return verdict
        told = f"{other.id}, {self.label}"
        if case.level != "full":
            return consistent("the same claim where it was derived", f"{told}: its own steps are checked there")
        found = [_standing(self.route, name) for name in other.ancestors(self.label)]
        return weakest([consistent("the same claim where it was derived", told), *found])


@cache
def _standing(route: Callable[[], Derivation], label: str) -> Verdict:
    """What the checks of one step of another derivation say; claims that share ancestors ask once."""
    found = [f.verdict for f in step_findings(route(), label, "fast")]
    # A definition is not checked and weakens nothing.
    return weakest(found) if found else proved("definition", "nothing to check")

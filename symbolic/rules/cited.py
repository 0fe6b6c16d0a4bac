"""Claims of another derivation, with their letters renamed: chains that go on, and two routes that can be compared."""

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
from ..verdict import Verdict, consistent, proved, refuted, strongest, weakest


@dataclass(frozen=True)
class Cited(Rule):
    """x = f, derived elsewhere  ->  x = f here, its letters renamed; the assumptions it rests on come along.

    `derivation` returns the other derivation, `label` is the claim there, `only` picks the equations about the
    quantities of these names (all when empty), `letters` lists (name there, symbol here); other letters keep their
    names. Nothing is typed: the claim is read from the derivation.
    """

    source: ClassVar[str] = "another derivation of this collection"
    derivation: Callable[[], Derivation] = field(repr=False, default=lambda: _none())
    label: str = ""
    only: tuple[str, ...] = ()
    letters: tuple[tuple[str, Any], ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        there = self.derivation()
        chosen = [e for e in there.claim(self.label).equations if not self.only or atom_name(e.lhs) in self.only]
        if not chosen:
            raise NotDerivable(f"{self.label} of {there.id} states nothing about {', '.join(self.only)}")
        return tuple(Equation(self._renamed(e.lhs), self._renamed(e.rhs), e.relation) for e in chosen)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return tuple(self._renamed(c) for c in self.derivation().claim(self.label).given)

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return self.derivation().assumptions([self.label])

    def _renamed(self, expr: Any) -> Any:
        table, notation = dict(self.letters), self.derivation().notation
        entries = [e for e in expr.atoms(sp.Indexed) if atom_name(e) in table]
        names = {e: table[atom_name(e)][e.indices] for e in entries}
        return expr.xreplace({notation[k].symbol: v for k, v in table.items() if isinstance(v, sp.Symbol)} | names)

    def check(self, case: Case) -> Verdict:
        """The claim equals the one that stands there; at level full, that one and all it rests on are checked too."""
        there = self.derivation()
        told = f"{there.id}, {self.label}"
        for stated, meant in zip(case.output.equations, self.apply(), strict=True):
            if stated.lhs != meant.lhs:
                return refuted(f"the claim of {there.id}", f"it speaks of {meant.lhs}, not of {stated.lhs}")
            verdict = equal(stated.rhs, meant.rhs, case.samples, case.given)
            if not verdict.positive:
                return verdict
        same = consistent("the same claim where it was derived", told)
        if case.level != "full":
            return same
        return weakest([same, *(_standing(self.derivation, name) for name in there.ancestors(self.label))])


def _none() -> Derivation:
    raise NotDerivable("Cited needs the derivation that states the claim")


@cache
def _standing(derivation: Callable[[], Derivation], label: str) -> Verdict:
    """What the checks of one step elsewhere say; claims that share ancestors ask once."""
    found = [f.verdict for f in step_findings(derivation(), label, "fast") if f.check != "scaling" or f.verdict.refuted]
    # A definition is not checked and weakens nothing.
    return strongest(found) if found else proved("definition", "nothing to check")

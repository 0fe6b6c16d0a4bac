"""A claim taken over from another derivation, with its standing there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from ..checking import step_findings
from ..claim import Assumption, Claim, Equation
from ..derivation import Derivation
from ..errors import NotDerivable
from ..rule import Case, Rule
from ..verdict import Verdict, proved, strongest, weakest


@dataclass(frozen=True)
class Cited(Rule):
    """a claim derived elsewhere  ->  the same claim here; it is judged by its own rule and by all it rests on.

    `derivation` returns the other derivation; `label` is the claim's label there, `lhs` selects equations of it.
    """

    source: ClassVar[str] = "another derivation of this collection"
    derivation: Callable[[], Derivation] = field(repr=False, default=lambda: _none())
    label: str = ""
    lhs: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        step = self.derivation().step(self.label)
        if step.rule is None:
            raise NotDerivable(f"{self.label} is a definition there: define it here too")
        return tuple(e for e in step.claim.equations if not self.lhs or e.lhs in self.lhs)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return self.derivation().claim(self.label).given

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return self.derivation().assumptions([self.label])

    def check(self, case: Case) -> Verdict:
        """The rule that computed the claim judges it again, and every claim it rests on stands."""
        D = self.derivation()
        step = D.step(self.label)
        if step.rule is None:
            raise NotDerivable(f"{self.label} is a definition")
        stated = {e.lhs: e for e in case.output.equations}
        whole = step.claim.with_equations([stated.get(e.lhs, e) for e in step.claim.equations])
        there = Case(tuple(D.claim(name) for name in step.inputs), whole, D.samples(self.label), case.level)
        return weakest([step.rule.check(there), _below(self.derivation, self.label)])


def _none() -> Derivation:
    raise NotDerivable("Cited needs the derivation that states the claim")


def _below(derivation: Callable[[], Derivation], label: str) -> Verdict:
    """The weakest standing among the derived claims that a claim rests on."""
    D = derivation()
    names = [n for n in D.ancestors(label) if n != label and D.step(n).kind == "derived"]
    found = [_standing(derivation, name) for name in names]
    return weakest(found) if found else proved("ancestors", "definitions only")


@cache
def _standing(derivation: Callable[[], Derivation], label: str) -> Verdict:
    findings = step_findings(derivation(), label, "fast")
    return strongest(f.verdict for f in findings if f.check != "scaling" or f.verdict.refuted)

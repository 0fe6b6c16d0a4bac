"""Small combinators: rules made of rules. A combination is a rule like any other, and its check checks every part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .claim import Assumption, Claim, Equation
from .errors import NotDerivable
from .rule import Case, Rule
from .verdict import Verdict, weakest

_ROUNDS = 50


def _claim(rule: Rule, inputs: tuple[Claim, ...], label: str) -> Claim:
    """What a rule makes of its inputs, as a claim."""
    computed = rule.apply(*inputs)
    return Claim(label, computed if isinstance(computed, tuple) else (computed,), rule.given(*inputs))


@dataclass(frozen=True)
class Then(Rule):
    """r1, r2, ...  ->  r2 after r1, and so on: the first rule takes the inputs, each later one the claim before it."""

    source: ClassVar[str] = "composition"
    rules: tuple[Rule, ...] = ()

    def chain(self, inputs: tuple[Claim, ...]) -> list[tuple[tuple[Claim, ...], Rule, Claim]]:
        """(inputs, rule, output) of every link."""
        links = []
        for number, rule in enumerate(self.rules):
            made = _claim(rule, inputs, f"link-{number}")
            links.append((inputs, rule, made))
            inputs = (made,)
        return links

    def apply(self, *inputs: Claim) -> Equation | tuple[Equation, ...]:
        return self.chain(inputs)[-1][2].equations

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return tuple(dict.fromkeys(a for before, rule, _ in self.chain(inputs) for a in rule.assumptions(*before)))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return self.chain(inputs)[-1][2].given

    def check(self, case: Case) -> Verdict:
        """Every link by its own rule, the last one against the proposed output."""
        links = self.chain(case.inputs)
        verdicts = []
        for number, (before, rule, made) in enumerate(links):
            output = case.output if number == len(links) - 1 else made
            verdicts.append(rule.check(Case(before, output, case.samples.child(f"link-{number}"), case.level)))
        return weakest(verdicts)


@dataclass(frozen=True)
class First(Rule):
    """r1 | r2 | ...  ->  the first rule whose conditions hold for the inputs."""

    source: ClassVar[str] = "choice"
    rules: tuple[Rule, ...] = ()

    def chosen(self, inputs: tuple[Claim, ...]) -> Rule:
        reasons = []
        for rule in self.rules:
            try:
                rule.apply(*inputs)
            except NotDerivable as error:
                reasons.append(f"{rule.name}: {error}")
                continue
            return rule
        raise NotDerivable(f"no rule applies; {'; '.join(reasons)}")

    def apply(self, *inputs: Claim) -> Equation | tuple[Equation, ...]:
        return self.chosen(inputs).apply(*inputs)

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return self.chosen(inputs).assumptions(*inputs)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return self.chosen(inputs).given(*inputs)

    def check(self, case: Case) -> Verdict:
        """By the rule that was chosen."""
        return self.chosen(case.inputs).check(case)


@dataclass(frozen=True)
class UntilStable(Rule):
    """r  ->  r applied to its own result until nothing changes or it no longer applies; at least once."""

    source: ClassVar[str] = "iteration"
    rule: Rule | None = None

    def unrolled(self, inputs: tuple[Claim, ...]) -> Then:
        """The iteration written out."""
        assert self.rule is not None
        current = _claim(self.rule, inputs, "round-0")
        for count in range(1, _ROUNDS):
            try:
                following = _claim(self.rule, (current,), f"round-{count}")
            except NotDerivable:
                return Then((self.rule,) * count)
            if following.equations == current.equations:
                return Then((self.rule,) * count)
            current = following
        raise NotDerivable(f"{self.rule.name} is not stable after {_ROUNDS} rounds")

    def apply(self, *inputs: Claim) -> Equation | tuple[Equation, ...]:
        return self.unrolled(inputs).apply(*inputs)

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return self.unrolled(inputs).assumptions(*inputs)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return self.unrolled(inputs).given(*inputs)

    def check(self, case: Case) -> Verdict:
        """Every round by the rule itself."""
        return self.unrolled(case.inputs).check(case)


def then(*rules: Rule) -> Then:
    """One rule after another."""
    return Then(rules)


def first(*rules: Rule) -> First:
    """The first rule that applies."""
    return First(rules)


def until_stable(rule: Rule) -> UntilStable:
    """A rule again and again, until nothing changes."""
    return UntilStable(rule)

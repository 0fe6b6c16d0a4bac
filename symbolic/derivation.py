"""Derivations: DAGs of steps. A step is a definition, an assumption or a rule applied to earlier steps.

Nothing here stores a status: `status(label)` walks the ancestors each time it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .claim import Assumption, Claim, Equation
from .errors import BadInput, NotDerivable, UnknownName
from .quantity import Notation, Samples
from .rule import Rule
from .system import Model
from .verdict import Level, Verdict

_LABEL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Step:
    """One node: a claim, where it comes from and the prose that introduces it.

    rule is None for a definition (part of the model) and for a plain assumption. `prose` is LaTeX-free text with
    `$...$` formulas and `{label}` references. A derived claim is computed when it is first asked for, so that one
    result costs no more than what it rests on.
    """

    label: str
    prose: str
    _compute: Callable[[], tuple[Claim, tuple[Assumption, ...]]] = field(repr=False, compare=False)
    rule: Rule | None = None
    inputs: tuple[str, ...] = ()
    section: str = ""

    @cached_property
    def _computed(self) -> tuple[Claim, tuple[Assumption, ...]]:
        return self._compute()

    @property
    def claim(self) -> Claim:
        return self._computed[0]

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        return self._computed[1]

    @property
    def kind(self) -> str:
        if self.rule is not None:
            return "derived"
        return "assumed" if self.assumptions else "definition"


@dataclass(frozen=True)
class Limit:
    """A known limit the claim must obey: as the atoms in `at` tend to their values, rhs -> expected.

    `at` maps an atom to its limit; oo is allowed. The expectation is knowledge from outside the derivation.
    """

    name: str
    label: str
    at: Mapping[Any, Any]
    expected: Any
    given: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Witness:
    """An independent check that spans several claims, at level "fast" or "full".

    judge(claims, samples) receives the claims by label (possibly mutated ones) and returns a Verdict.
    """

    name: str
    labels: tuple[str, ...]
    judge: Callable[[Mapping[str, Claim], Samples], Verdict]
    level: str = "fast"


@dataclass(frozen=True)
class Status:
    """The standing of a conclusion: its weakest ancestor, and every assumption it rests on."""

    level: Level
    assumptions: tuple[Assumption, ...]
    unchecked: tuple[str, ...] = ()

    def __str__(self) -> str:
        modulo = f" modulo {', '.join(a.id for a in self.assumptions)}" if self.assumptions else ""
        return f"{self.level.value}{modulo}"


@dataclass
class Derivation:
    """A DAG of steps with id, title, sources, notation, falsifier, known limits, witnesses and results."""

    id: str
    title: str
    abstract: str
    sources: tuple[str, ...]
    notation: Notation
    falsifier: str
    steps: dict[str, Step] = field(default_factory=dict)
    limits: list[Limit] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    model: Model | None = None
    _section: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.id):
            raise BadInput(f"derivation id {self.id!r}: use lower case letters, digits and _, starting with a letter")

    def section(self, title: str) -> None:
        """Begin a section of the text; the following steps belong to it."""
        self._section = title

    def define(self, label: str, *equations: Equation, given: Sequence[Any] = (), prose: str) -> Claim:
        """State a part of the model. Definitions carry no verdict: they are what is being studied."""
        return self._state(Claim(label, equations, tuple(given)), prose)

    def assume(
        self,
        label: str,
        *equations: Equation,
        assumption: Assumption,
        given: Sequence[Any] = (),
        about: Sequence[str] = (),
        prose: str,
    ) -> Claim:
        """State something that is taken for granted; all that follows from it inherits the assumption.

        about: labels of earlier claims it speaks of, whose standing it inherits.
        """
        for name in about:
            self.step(name)
        return self._state(Claim(label, equations, tuple(given)), prose, tuple(about), (assumption,))

    def derive(self, rule: Rule, *inputs: Claim | Step | str, label: str, prose: str) -> Step:
        """Apply a rule to earlier claims; the rule computes the new claim when it is first asked for.

        Asking for it raises NotDerivable with the derivation, the step and the rule's reason when its conditions fail,
        and BadInput when it holds a quantity that is not declared.
        """
        labels = tuple(item if isinstance(item, str) else item.label for item in inputs)
        for name in labels:
            self.step(name)
        return self._add(Step(label, prose, lambda: self._apply(rule, labels, label), rule, labels, self._section))

    def _apply(self, rule: Rule, labels: tuple[str, ...], label: str) -> tuple[Claim, tuple[Assumption, ...]]:
        claims = tuple(self.claim(name) for name in labels)
        try:
            computed = rule.apply(*claims)
        except NotDerivable as error:
            raise NotDerivable(f"{self.id}, step {label!r} ({rule.name}): {error}") from None
        equations = computed if isinstance(computed, tuple) else (computed,)
        # What is computed is a statement, also when it was computed from a definition.
        stated = tuple(replace(e, relation="=") if e.relation == ":=" else e for e in equations)
        return self._declared(Claim(label, stated, rule.given(*claims))), rule.assumptions(*claims)

    def _state(
        self, claim: Claim, prose: str, about: tuple[str, ...] = (), assumptions: tuple[Assumption, ...] = ()
    ) -> Claim:
        self._declared(claim)
        self._add(Step(claim.label, prose, lambda: (claim, assumptions), None, about, self._section))
        return claim

    def _declared(self, claim: Claim) -> Claim:
        for equation in claim.equations:
            for side in (equation.lhs, equation.rhs):
                missing = self.notation.undeclared(side)
                if missing:
                    raise BadInput(f"{self.id}, step {claim.label!r}: undeclared quantities {', '.join(missing)}")
        return claim

    def _add(self, step: Step) -> Step:
        label = step.label
        if not _LABEL.fullmatch(label):
            raise BadInput(f"{self.id}: label {label!r}: use lower case words joined by single hyphens")
        if label in self.steps:
            raise BadInput(f"{self.id}: label {label!r} is used twice")
        self.steps[label] = step
        return step

    def step(self, label: str) -> Step:
        if label not in self.steps:
            raise UnknownName(f"step of {self.id}", label, self.steps)
        return self.steps[label]

    def claim(self, label: str) -> Claim:
        return self.step(label).claim

    def samples(self, name: str) -> Samples:
        return Samples(self.notation, f"{self.id}/{name}")

    def ancestors(self, label: str) -> list[str]:
        """The label and all it rests on, in the order of the derivation."""
        seen: set[str] = set()
        todo = [label]
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo.extend(self.step(current).inputs)
        return [name for name in self.steps if name in seen]

    def assumptions(self, labels: Iterable[str] | None = None) -> tuple[Assumption, ...]:
        """Every assumption below the labels (all steps when None), once each, in order of appearance."""
        chosen = set(self.steps) if labels is None else {n for lab in labels for n in self.ancestors(lab)}
        found = [a for name, step in self.steps.items() if name in chosen for a in step.assumptions]
        return tuple(dict.fromkeys(found))

    def standing(self, result: str, verdicts: Mapping[str, Verdict]) -> Status:
        """The status of a result: of the claim that states it and of those its evaluation inserts."""
        assert self.model is not None
        found = self.model.result(result)
        return self.status((found.label, *found.also), verdicts)

    def status(self, label: str | Sequence[str], verdicts: Mapping[str, Verdict]) -> Status:
        """The weakest verdict among the derived ancestors of a claim (or several), with the assumptions it inherits."""
        labels = [label] if isinstance(label, str) else list(label)
        below = {name for one in labels for name in self.ancestors(one)}
        names = [n for n in self.steps if n in below and self.step(n).kind == "derived"]
        unchecked = tuple(n for n in names if n not in verdicts)
        levels = [verdicts[n].level for n in names if n in verdicts]
        if unchecked:
            levels.append(Level.UNDECIDED)
        worst = max(levels, key=lambda level: level.rank) if levels else Level.PROVED
        return Status(worst, self.assumptions(labels), unchecked)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps.values())

"""What a rule is: a small frozen record that computes a claim, with a checker that takes another route."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from .claim import Assumption, Claim, Equation
from .errors import BadInput
from .quantity import Notation, Samples
from .verdict import Verdict


@dataclass(frozen=True)
class Case:
    """What a checker is given: the inputs, the output to be judged, exact sample points, and the level."""

    inputs: tuple[Claim, ...]
    output: Claim
    samples: Samples
    level: str = "fast"

    @property
    def notation(self) -> Notation:
        return self.samples.notation

    @property
    def given(self) -> tuple[Any, ...]:
        """Every condition in force: of the inputs and of the output."""
        found = [c for claim in (*self.inputs, self.output) for c in claim.given]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Rule(ABC):
    """Base of all rules.

    The first line of a rule's docstring is its mathematics. A rule defines `source`, `apply` (computes the new
    equations from the input claims and nothing else) and `check` (judges ANY proposed output by another route;
    it must be able to refute). A class that lacks one of these cannot be defined.
    """

    source: ClassVar[str]
    conditions: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract", False):
            return
        missing = [name for name in ("apply", "check") if getattr(cls, name) is getattr(Rule, name)]
        if not getattr(cls, "source", ""):
            missing.append("source")
        if not (cls.__dict__.get("__doc__") or "").strip():
            missing.append("a docstring whose first line is the mathematics")
        if missing:
            raise BadInput(f"rule {cls.__name__} cannot be registered: it lacks {', '.join(missing)}")

    @property
    def name(self) -> str:
        return type(self).__name__

    @property
    def statement(self) -> str:
        return (type(self).__doc__ or "").strip().splitlines()[0]

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        """What this application takes for granted; nothing unless overridden."""
        return ()

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        """Conditions under which the output holds: those of the inputs unless overridden."""
        return tuple(dict.fromkeys(c for claim in inputs for c in claim.given))

    @abstractmethod
    def apply(self, *inputs: Claim) -> Equation | tuple[Equation, ...]:
        """The new equations, computed from the inputs."""

    @abstractmethod
    def check(self, case: Case) -> Verdict:
        """Judge `case.output` as a consequence of `case.inputs`, by a route independent of `apply`."""


@dataclass(frozen=True)
class WordsRule(Rule):
    """Base of rules that state sums of words in matrices; `symmetric` letters equal their transposes."""

    abstract: ClassVar[bool] = True
    symmetric: tuple[Any, ...] = ()

"""Claims: labelled equations, systems and asymptotic equivalences; nothing here computes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from .errors import BadInput

RELATIONS = {"=": "equals", "<->": "is asymptotically equivalent to", ":=": "is defined as", "~": "is distributed as"}


@dataclass(frozen=True)
class Equation:
    """`lhs relation rhs`; unlike SymPy's Eq it never evaluates itself away."""

    lhs: Any
    rhs: Any
    relation: str = "="

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise BadInput(f"relation {self.relation!r}: choose one of {', '.join(RELATIONS)}")
        for side in (self.lhs, self.rhs):
            if getattr(side, "has", None) and side.has(sp.Float):
                raise BadInput(f"a float in an exact equation: {side}; write integers or p/q")

    @property
    def difference(self) -> Any:
        return self.lhs - self.rhs

    def __str__(self) -> str:
        return f"{self.lhs} {self.relation} {self.rhs}"


@dataclass(frozen=True)
class Claim:
    """One or more equations under a stable label, valid where every condition in `given` holds."""

    label: str
    equations: tuple[Equation, ...]
    given: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if not self.equations:
            raise BadInput(f"claim {self.label!r} states nothing")

    @property
    def single(self) -> Equation:
        if len(self.equations) != 1:
            raise BadInput(f"claim {self.label!r} has {len(self.equations)} equations where one is needed")
        return self.equations[0]

    @property
    def lhs(self) -> Any:
        return self.single.lhs

    @property
    def rhs(self) -> Any:
        return self.single.rhs

    def with_equations(self, equations: Sequence[Equation]) -> Claim:
        return replace(self, equations=tuple(equations))

    def defines(self) -> dict[Any, Any]:
        """lhs -> rhs of every equation, for substitution."""
        return {e.lhs: e.rhs for e in self.equations}

    def __str__(self) -> str:
        text = "; ".join(map(str, self.equations))
        return f"{text}  given {', '.join(map(str, self.given))}" if self.given else text


@dataclass(frozen=True)
class Assumption:
    """Something a derivation takes for granted: id, statement (a sentence), reason, source.

    It is a node of its own; everything computed from it inherits it and the conclusion lists it.
    """

    id: str
    statement: str
    reason: str
    source: str = ""

"""What is to be solved and evaluated, as data: parameters, unknowns, definitions, observables, branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import UnknownName
from .quantity import Quantity


@dataclass(frozen=True)
class Unknown:
    """A real unknown, the root of the system inside [low, high]; both may depend on the parameters.

    `start`: where continuation or Newton may begin, when the interval is not known.
    """

    symbol: Any
    low: Any = None
    high: Any = None
    start: Any = None


@dataclass(frozen=True)
class System:
    """F(unknowns; parameters) = 0 on one branch, then definitions in order, then observables.

    unknowns and equations: as many of one as of the other (none for closed forms).
    definitions: (symbol, expression) evaluated in order; they may use unknowns and earlier definitions.
    observables: result name -> expression, list of expressions, or text (an answer in words).
    branch: the property that singles out the root, in words.
    continuation: for systems without a bracket, (parameter symbol, value where `start` holds); `by_factors` lets the
    parameter, which is positive then, move by equal factors instead of equal steps.
    unique: within the ends of its unknowns the system has one solution (a convex problem): the way to it is free.
    """

    observables: Mapping[str, Any]
    unknowns: tuple[Unknown, ...] = ()
    equations: tuple[Any, ...] = ()
    definitions: tuple[tuple[Any, Any], ...] = ()
    branch: str = "closed form"
    continuation: tuple[Any, Any] | None = None
    by_factors: bool = False
    unique: bool = False


@dataclass(frozen=True)
class Parameter:
    """An input of `evaluate`: the quantity, and for lists which other lists share its length."""

    quantity: Quantity
    default: str | None = None
    same_length_as: str | None = None

    @property
    def name(self) -> str:
        return self.quantity.name


@dataclass(frozen=True)
class Result:
    """An output of `evaluate`: its name, the claim that states it, and what it means.

    kind: "scalar" or "list"; needs: the parameters it depends on (all when empty, none when None);
    also: further claims that its evaluation inserts, whose standing it inherits.
    """

    name: str
    label: str
    meaning: str
    kind: str = "scalar"
    needs: tuple[str, ...] | None = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """How a derivation is evaluated.

    case(point) -> the name of the case a point belongs to; it works on exact values and on floats alike, and
    raises OutsideDomain where no result exists.
    system(case, lengths, wanted) -> the System of that case, for given list lengths ({"theta": 2}) and the result
    names wanted, or the Search (symbolic/search.py) when the result is a minimum; free symbols are the parameters,
    list entries being `IndexedBase(name)[1..n]`.
    """

    parameters: tuple[Parameter, ...]
    results: tuple[Result, ...]
    case: Callable[[Mapping[str, Any]], str]
    system: Callable[[str, Mapping[str, Any], tuple[str, ...]], Any]
    example: Mapping[str, str] = field(default_factory=dict)

    def result(self, name: str) -> Result:
        for result in self.results:
            if result.name == name:
                return result
        raise UnknownName("result", name, [r.name for r in self.results])

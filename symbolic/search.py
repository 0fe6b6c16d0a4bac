"""A minimum as data: the candidates among which the least value of one function of one variable is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .system import System


@dataclass(frozen=True)
class Curve:
    """A quantity that increases along the variable: its symbol, its value, and its derivative, free of cancellation."""

    symbol: Any
    value: Any
    rate: Any


@dataclass(frozen=True)
class Stationary:
    """Every root of `equation` in [low, high] at which `inside` is positive is a candidate.

    equation, inside and objective are expressions in the variable, the curves and the parameters; `system` says what
    is read off at a root (its definitions may use the variable and the curves; it has no unknowns).
    """

    variable: Any
    low: Any
    high: Any
    equation: Any
    objective: Any
    system: System
    curves: tuple[Curve, ...] = ()
    inside: Any = None


@dataclass(frozen=True)
class Search:
    """The candidate with the least objective answers: single points (closed forms), and stationary points.

    Every system among the candidates has the value to compare as its observable "objective".
    """

    points: tuple[System, ...]
    stationary: tuple[Stationary, ...]

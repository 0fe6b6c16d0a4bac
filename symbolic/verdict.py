"""Verdicts: what a check found, with its evidence. Never a bare bool; "not checked" is not "true"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum


class Level(Enum):
    """How a statement stands, strongest first; the order is the order of declaration."""

    PROVED = "proved"
    CERTIFIED = "certified"
    CONSISTENT = "consistent"
    SUPPORTED = "supported"
    ASSUMED = "assumed"
    UNDECIDED = "undecided"
    REFUTED = "refuted"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


@dataclass(frozen=True)
class Verdict:
    """A level, the method that reached it, and what it saw.

    `method` names the route ("exact normal form", "balls at 3 points", ...); `evidence` says what was seen;
    `counterexample` is the point that refutes, as ordered (name, value) text pairs.
    """

    level: Level
    method: str
    evidence: str = ""
    counterexample: tuple[tuple[str, str], ...] = field(default=())

    @property
    def refuted(self) -> bool:
        return self.level is Level.REFUTED

    @property
    def positive(self) -> bool:
        """Some check was made and passed."""
        return self.level.rank <= Level.SUPPORTED.rank

    def __bool__(self) -> bool:
        raise TypeError("a Verdict is not a truth value; read .level, .positive or .refuted")

    def __str__(self) -> str:
        text = f"{self.level.value} ({self.method})"
        if self.counterexample:
            text += " at " + ", ".join(f"{k}={v}" for k, v in self.counterexample)
        return f"{text}: {self.evidence}" if self.evidence else text


def proved(method: str, evidence: str = "") -> Verdict:
    return Verdict(Level.PROVED, method, evidence)


def certified(method: str, evidence: str = "") -> Verdict:
    return Verdict(Level.CERTIFIED, method, evidence)


def consistent(method: str, evidence: str = "") -> Verdict:
    return Verdict(Level.CONSISTENT, method, evidence)


def supported(method: str, evidence: str = "") -> Verdict:
    return Verdict(Level.SUPPORTED, method, evidence)


def assumed(method: str, evidence: str = "") -> Verdict:
    return Verdict(Level.ASSUMED, method, evidence)


def undecided(method: str, evidence: str = "") -> Verdict:
    return Verdict(Level.UNDECIDED, method, evidence)


def refuted(method: str, evidence: str = "", at: Iterable[tuple[str, str]] = ()) -> Verdict:
    return Verdict(Level.REFUTED, method, evidence, tuple(at))


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a conjunction: the one of lowest standing; an empty conjunction is undecided."""
    found = list(verdicts)
    if not found:
        return undecided("no check", "nothing was checked")
    return max(found, key=lambda v: v.level.rank)


def strongest(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of several independent checks of ONE statement: a refutation wins, else the best evidence."""
    found = list(verdicts)
    for verdict in found:
        if verdict.refuted:
            return verdict
    if not found:
        return undecided("no check", "nothing was checked")
    return min(found, key=lambda v: v.level.rank)

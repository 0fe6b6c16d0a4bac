"""Certified numbers as plain data: decimal strings, so that templates need no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Certified:
    """The true value lies within `radius` of `value`; both are decimal strings.

    level: "arb" (ball arithmetic, rigorous), "mpmath" (two precisions agree) or "float64".
    digits: significant digits that were asked for and reached.  branch: the evidence that it is the right root.
    word: an answer in words where no number exists ("none"); then value and radius are None.
    """

    value: str | None
    radius: str | None
    digits: int
    level: str
    branch: str = ""
    word: str = ""

    def __str__(self) -> str:
        return self.word if self.value is None else self.value

    def as_json(self) -> dict[str, Any]:
        record: dict[str, Any] = {"value": self.value, "radius": self.radius, "level": self.level}
        if self.word:
            record["word"] = self.word
        return record

"""One family of errors; each knows the exit code of the command line.

0 fine, 1 refuted, 2 bad input, 3 unchecked or undecided, 4 not certified to the digits asked.
This module imports nothing, so the command line can show an error without loading SymPy.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class QuenchedError(Exception):
    """Base of the family; the message says what was met, what was needed and what to try next."""

    exit_code = 2


class BadInput(QuenchedError):
    """The caller's text or value cannot be used."""


class UnknownName(BadInput):
    """A name that nothing answers to, with the nearest names that exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str]):
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names) or 'none'}"
        super().__init__(f"no {kind} named {name!r}; {hint}")


class OutsideDomain(BadInput):
    """A point at which the quantity asked for does not exist or the model is not defined."""


class NotDerivable(QuenchedError):
    """A rule's conditions do not hold for the claims it was given."""


class Refuted(QuenchedError):
    """A check found a counterexample."""

    exit_code = 1


class Undecided(QuenchedError):
    """Nothing was refuted, and not everything could be decided."""

    exit_code = 3


class NotCertified(QuenchedError):
    """The digits asked for could not be certified within the limits."""

    exit_code = 4

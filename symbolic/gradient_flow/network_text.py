"""One line of text to a network: "linear 5-4-3", "relu 4-8-3 bias", "attention 2 3 4"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..errors import BadInput, UnknownName
from .network_families import FAMILIES, LIFTING, Family
from .parametrisation import Parametrisation

MAX_NUMBER = 4096
MAX_TESTED = 400
CROSS_ENTROPY = "cross-entropy"
NOT_COVERED = {"gelu": "GELU needs the error function, for which no exact rank is known; silu, tanh and sigmoid are"}


@dataclass(frozen=True)
class Described:
    """A line of text, understood."""

    family: Family
    arguments: tuple[Any, ...]
    options: dict[str, bool]
    cross_entropy: bool


def read_network(text: str) -> Parametrisation:
    """phi of a network described in one line. Modifiers: bias, causal (where they make sense), cross-entropy.

    Raises UnknownName (with the nearest families) and BadInput naming the word that cannot be used.

    >>> read_network("relu 4-8-3 bias").D
    64
    """
    found = _describe(text)
    phi = found.family.build(*found.arguments, **found.options)
    return phi.cross_entropy() if found.cross_entropy else phi


def network_statement(text: str) -> str:
    """What is proved about the network itself, beyond phi: an exact test where there is one (up to MAX_TESTED
    parameters), else what phi is.

    >>> network_statement("relu 2-3-2").split(":")[0]
    'Network'
    """
    found = _describe(text)
    if found.family.test is None:
        return found.family.sees
    if found.cross_entropy:
        return f"{LIFTING} (The exact test is for losses whose gradients span all outputs.)"
    if found.family.build(*found.arguments, **found.options).D > MAX_TESTED:
        return f"{LIFTING} (The exact test is made up to {MAX_TESTED} parameters.)"
    return found.family.test(*found.arguments, **found.options).statement


def _describe(text: str) -> Described:
    words = text.lower().split()
    if not words:
        raise BadInput(f"no network given; write for example {FAMILIES['linear'].usage!r}")
    name, rest = words[0], words[1:]
    if name in NOT_COVERED:
        raise BadInput(f"{text!r}: {NOT_COVERED[name]}")
    if name not in FAMILIES:
        raise UnknownName("network family", words[0], FAMILIES)
    family = FAMILIES[name]
    modifiers = [word for word in rest if not word[0].isdigit()]
    everywhere = sorted({m for entry in FAMILIES.values() for m in entry.modifiers} | {CROSS_ENTROPY})
    for word in modifiers:
        if word not in everywhere:
            raise UnknownName(f"word after {name!r}", word, everywhere)
        if word != CROSS_ENTROPY and word not in family.modifiers:
            having = ", ".join(other for other, entry in FAMILIES.items() if word in entry.modifiers)
            raise BadInput(f"{text!r}: {word} is available for {having} networks only")
    values = [word for word in rest if word[0].isdigit()]
    if len(values) != len(family.arguments):
        raise BadInput(
            f"{text!r}: {len(values)} size arguments where {len(family.arguments)} are needed: {family.usage}"
        )
    arguments = tuple(_read(word, kind, family.usage) for word, kind in zip(values, family.arguments))
    options = {word: True for word in modifiers if word != CROSS_ENTROPY}
    return Described(family, arguments, options, CROSS_ENTROPY in modifiers)


def _read(word: str, kind: str, usage: str) -> Any:
    parts = re.split(r"[-x,]", word)
    if not all(re.fullmatch(r"[0-9]{1,5}", part) for part in parts):
        raise BadInput(f"{word!r} is no list of sizes; write for example {usage!r}")
    sizes = tuple(map(int, parts))
    if max(sizes) > MAX_NUMBER or min(sizes) < 1:
        raise BadInput(f"{word!r}: sizes run from 1 to {MAX_NUMBER}")
    if kind == "s":
        return sizes
    if len(sizes) != 1:
        raise BadInput(f"{word!r}: one number is needed here: {usage}")
    return sizes[0]

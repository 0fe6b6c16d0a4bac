"""One line of text to a network: "linear 5-4-3", "relu 4-8-3 bias", "attention 2 3 4"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import BadInput, UnknownName
from . import architectures as nets
from . import chains
from .parametrisation import Parametrisation

MAX_NUMBER = 4096
MODIFIERS = ("bias", "cross-entropy")


@dataclass(frozen=True)
class Family:
    """A first word, what follows it, and the constructor; each argument is a size list (s) or one integer (n)."""

    usage: str
    arguments: str
    build: Callable[..., Parametrisation]


FAMILIES: dict[str, Family] = {
    "linear": Family("linear 5-4-3", "s", chains.linear),
    "relu": Family("relu 4-8-3 [bias]", "s", chains.relu),
    "power": Family("power 2-3-2 2 (activation max(z,0)^2)", "sn", chains.homogeneous),
    "polynomial": Family("polynomial 1-4-2 2 (activation z^2)", "sn", lambda s, n: chains.homogeneous(s, n, False)),
    "diagonal": Family("diagonal 3 2 (width, depth)", "nn", chains.diagonal),
    "difference": Family("difference 3 (u^2 - v^2)", "n", chains.diagonal_difference),
    "residual": Family("residual 3 2 2 (width, inner width, blocks)", "nnn", chains.residual),
    "recurrent": Family("recurrent 2-3-2 6 (inputs-states-outputs, steps)", "sn", lambda s, n: _recurrent(s, n)),
    "attention": Family("attention 2 3 4 (heads, head width, width)", "nnn", nets.attention),
    "attention-linear": Family("attention-linear 2 3 (head width, width)", "nn", nets.linear_attention),
    "rotary": Family("rotary 2 3 (planes, width)", "nn", nets.rotary),
    "swiglu": Family("swiglu 2-3-2 (inputs-gates-outputs)", "s", lambda s: _gated(s, False)),
    "bilinear": Family("bilinear 2-3-2 (inputs-gates-outputs)", "s", lambda s: _gated(s, True)),
    "softmax": Family("softmax 3 4 (inputs, classes)", "nn", nets.softmax_regression),
    "convolution": Family("convolution 3-2 1-2-1 (filter lengths, channels)", "ss", nets.convolution),
    "relu-convolution": Family("relu-convolution 3-2 1-2-1", "ss", lambda n, c: nets.convolution(n, c, relu=True)),
    "circular": Family("circular 5 (length)", "n", nets.circular_convolution),
    "cp": Family("cp 3-3-3 2 (sizes, rank)", "sn", nets.canonical_polyadic),
    "tucker": Family("tucker 3-3-3 2-2-2 (sizes, core)", "ss", nets.tucker),
    "gram": Family("gram 2 3 (U U^T: rows, columns)", "nn", nets.gram),
    "symmetric": Family("symmetric 3 2 (U V^T + V U^T)", "nn", nets.symmetric_product),
    "tied": Family("tied 3 2 (inputs, hidden)", "nn", nets.tied),
    "scaling": Family("scaling 3 2 (W diag(g): rows, columns)", "nn", nets.column_scaling),
}


def read_network(text: str) -> Parametrisation:
    """phi of a network described in one line; sizes in either direction. Modifiers: bias, cross-entropy.

    Raises UnknownName (with the nearest families) and BadInput naming the word that cannot be used.

    >>> read_network("relu 4-8-3 bias").D
    64
    """
    words = text.lower().split()
    if not words:
        raise BadInput(f"no network given; write for example {FAMILIES['linear'].usage!r}")
    family, rest = words[0], words[1:]
    if family not in FAMILIES:
        raise UnknownName("network family", words[0], FAMILIES)
    modifiers = [word for word in rest if not word[0].isdigit()]
    for word in modifiers:
        if word not in MODIFIERS:
            raise UnknownName(f"word after {family!r}", word, MODIFIERS)
    entry = FAMILIES[family]
    values = [word for word in rest if word[0].isdigit()]
    if len(values) != len(entry.arguments):
        raise BadInput(f"{text!r}: {len(values)} size arguments where {len(entry.arguments)} are needed: {entry.usage}")
    arguments = [_read(word, kind, entry.usage) for word, kind in zip(values, entry.arguments)]
    if "bias" in modifiers:
        if family != "relu":
            raise BadInput(f"{text!r}: bias is available for relu networks only")
        phi = chains.relu(*arguments, bias=True)
    else:
        phi = entry.build(*arguments)
    return phi.cross_entropy() if "cross-entropy" in modifiers else phi


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


def _gated(sizes: tuple[int, ...], bilinear: bool) -> Parametrisation:
    if len(sizes) != 3:
        raise BadInput(f"{'-'.join(map(str, sizes))!r}: three sizes are needed, inputs-gates-outputs")
    return nets.gated(sizes[0], sizes[1], sizes[2], bilinear)


def _recurrent(sizes: tuple[int, ...], steps: int) -> Parametrisation:
    if len(sizes) != 3:
        raise BadInput(f"{'-'.join(map(str, sizes))!r}: three sizes are needed, inputs-states-outputs")
    return chains.recurrent(*sizes, steps)

"""Learning rates from one line: "1,2", "W1=1/2, W2=3", and per unit "W1[:,j]=6;12;18, W2[j,:]=6;3;2"."""

from __future__ import annotations

import re
from typing import Any

from ..errors import BadInput, UnknownName
from .parametrisation import Block, Parametrisation

UNIT = "j"


def read_rates(text: str, phi: Parametrisation) -> Parametrisation:
    """phi with the rates of `text`: numbers only, one per tensor or one per parameter, or NAME=RATE entries.

    NAME[:,j]=a;b;c gives one rate to each index j of that axis; tensors not named keep rate 1.
    Raises UnknownName for a tensor that does not exist, BadInput for text that fits no tensor.

    >>> from .chains import linear
    >>> read_rates("W1[:,j]=6;12, W2=1/2", linear((2, 2, 1))).rates[:4] == (6, 12, 6, 12)
    True
    """
    entries = [entry.strip() for entry in re.split(r",(?![^\[]*\])", text)]
    if any("=" in entry for entry in entries):
        return phi.with_rates(dict(_assignment(entry, phi) for entry in entries))
    if len(entries) == len(phi.blocks):
        return phi.with_rates({block.name: rate for block, rate in zip(phi.blocks, entries)})
    if len(entries) == phi.D:
        return phi.with_rates(entries)
    names = ", ".join(block.name for block in phi.blocks)
    raise BadInput(
        f"{len(entries)} rates: give {len(phi.blocks)} (one per tensor: {names}) or {phi.D} (one per parameter), "
        "or name tensors: W1=2, W2[j,:]=1;3"
    )


def _assignment(entry: str, phi: Parametrisation) -> tuple[str, Any]:
    left, sign, right = entry.partition("=")
    names = {block.name: block for block in phi.blocks}
    name, bracket, axes = left.strip().partition("[")
    if left.strip() in names:
        name, bracket = left.strip(), ""
    if not sign or name not in names:
        raise UnknownName("tensor", name, names)
    if not bracket:
        return name, right.strip()
    return name, _per_unit(names[name], [axis.strip() for axis in axes.rstrip("] ").split(",")], right.split(";"))


def _per_unit(block: Block, axes: list[str], rates: list[str]) -> Any:
    good = len(axes) == len(block.shape) and axes.count(UNIT) == 1 and set(axes) <= {UNIT, ":"}
    if not good:
        usage = ",".join([UNIT, *[":"] * (len(block.shape) - 1)]) if block.shape else ""
        raise BadInput(f"{block.name}[{','.join(axes)}]: mark one axis by {UNIT}, as in {block.name}[{usage}]")
    axis = axes.index(UNIT)
    if len(rates) != block.shape[axis]:
        raise BadInput(f"{block.name}: {len(rates)} rates for the {block.shape[axis]} indices of axis {axis + 1}")

    def spread(depth: int) -> Any:
        if depth == axis:
            return [rate.strip() for rate in rates]
        return [spread(depth + 1) for _ in range(block.shape[depth])]

    return spread(0)

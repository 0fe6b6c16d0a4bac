"""Points of evaluation: parameter values by name, checked against their declared domains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..symbolic.errors import BadInput, OutsideDomain, UnknownName
from ..symbolic.quantity import atom_name
from ..symbolic.system import Model, Parameter
from .context import exact


@dataclass(frozen=True)
class Point:
    """Values by parameter name: a number, a tuple for a list, a tuple of rows for a matrix.

    lengths: entries of every list, (rows, columns) of every matrix.
    """

    values: Mapping[str, Any]
    lengths: Mapping[str, Any]

    def at(self, atom: Any) -> Any:
        """The value of a parameter atom: a Symbol, or an entry `x[i]`, `X[i, j]` counted from 1."""
        name, indices = place_of(atom)
        if name not in self.values:
            raise UnknownName("parameter", name, self.values)
        value = self.values[name]
        for index in indices:
            if not 1 <= index <= len(value):
                raise BadInput(f"{atom}: {name} has {len(value)} entries")
            value = value[index - 1]
        return value

    def pick(self, place: tuple[str, tuple[int, ...]]) -> Any:
        """As `at`, from a place that `place_of` found once for many points."""
        value = self.values[place[0]]
        for index in place[1]:
            value = value[index - 1]
        return value

    def __str__(self) -> str:
        return ", ".join(f"{name}={_text(value)}" for name, value in self.values.items())


def place_of(atom: Any) -> tuple[str, tuple[int, ...]]:
    """The parameter name of an atom and its indices (counted from 1; none for a scalar)."""
    indices: Any = atom.indices if isinstance(atom, sp.Indexed) else ()
    return atom_name(atom), tuple(int(index) for index in indices)


def _text(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(value)
    return (";" if value and isinstance(value[0], tuple) else ",").join(map(_text, value))


def read_point(model: Model, at: Mapping[str, Any], result: str | None = None) -> Point:
    """The point given by exact values or their text (`1/2`, `3,3/2`, `1,2;3,4`), defaults filled in.

    With `result` only the parameters it needs are kept, and only these must be given.
    Raises UnknownName, BadInput (missing, unreadable, inexact, unequal lengths) or OutsideDomain.
    """
    names = [parameter.name for parameter in model.parameters]
    for name in at:
        if name not in names:
            raise UnknownName("parameter", name, names)
    values = {}
    for parameter in needed(model, result):
        given = at.get(parameter.name, parameter.default)
        if given is None:
            raise BadInput(f"no value for {parameter.name} ({parameter.quantity.meaning}); it has no default")
        values[parameter.name] = _read(parameter, given)
    return checked_point(model, values)


def needed(model: Model, result: str | None) -> list[Parameter]:
    """The parameters a result depends on; all of them when it does not say, or when no result is named."""
    names = model.result(result).needs if result is not None else ()
    if names is None:
        return []
    return [p for p in model.parameters if not names or p.name in names]


def checked_point(model: Model, values: Mapping[str, Any]) -> Point:
    """A point from values of the right shapes (exact or floating), with lengths and domains checked."""
    lengths: dict[str, Any] = {}
    present = [p for p in model.parameters if p.name in values]
    for parameter in present:
        value, kind = values[parameter.name], parameter.quantity.kind
        if kind == "matrix":
            lengths[parameter.name] = (len(value), len(value[0]))
        elif kind == "list":
            lengths[parameter.name] = len(value)
        for number in _numbers(value):
            if not parameter.quantity.domain.contains(number):
                raise OutsideDomain(f"{parameter.name} = {number}: it must be {parameter.quantity.domain}")
    for parameter in present:
        other = parameter.same_length_as
        if other is not None and other in values and len(values[parameter.name]) != len(values[other]):
            mine, theirs = len(values[parameter.name]), len(values[other])
            raise BadInput(f"{parameter.name} has {mine} entries and {other} has {theirs}; they go together")
    return Point(dict(values), lengths)


def _numbers(value: Any) -> list[Any]:
    return [n for entry in value for n in _numbers(entry)] if isinstance(value, tuple) else [value]


def _read(parameter: Parameter, given: Any) -> Any:
    kind = parameter.quantity.kind
    try:
        if kind == "scalar":
            return exact(given)
        if kind == "list":
            return tuple(exact(entry) for entry in entries(given, ","))
        rows = tuple(tuple(exact(entry) for entry in entries(row, ",")) for row in entries(given, ";"))
    except BadInput as error:
        raise BadInput(f"{parameter.name}: {error}") from None
    if kind != "matrix" or not rows or len({len(row) for row in rows}) != 1:
        raise BadInput(f"{parameter.name}: a matrix is rows of equal length, separated by ';'")
    return rows


def entries(given: Any, separator: str) -> Sequence[Any]:
    """The entries of a list given as a sequence, as text with separators, or as a single number."""
    if isinstance(given, str):
        return given.split(separator) if given.strip() else ()
    if isinstance(given, Sequence):
        return given
    return (given,)

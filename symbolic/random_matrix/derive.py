"""Expression -> typed tree -> minimal pencil -> Dyson system: the exact half of the chain, as one plain record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import BadInput
from .dyson import DysonSystem, dyson_system
from .equations import merged
from .expression import Node, Reader, symbols_of, whole
from .field import Field
from .letters import Declarations
from .minimal import Realisation, realise
from .pencil import Pencil, check
from .spectral import Law, read_law

EPS = sp.Symbol("eps")
SOURCE = sp.Symbol("source")


@dataclass(frozen=True)
class Derived:
    """expression: the matrix whose trace is meant;  tree: its typed form;  realisation: the minimal pencil;

    system: the merged Dyson system;  law: atoms of the deterministic letters, empty when their law stays a name.
    """

    expression: sp.Expr
    declarations: Declarations
    field: Field
    tree: Node
    realisation: Realisation
    system: DysonSystem
    law: Law

    @property
    def pencil(self) -> Pencil:
        """The minimal pencil."""
        return self.realisation.pencil

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """What `at` must give: every symbol of the field but eps."""
        return self.field.symbols[:-1]


def derive(
    expr: Any,
    declarations: Declarations,
    *,
    law: Mapping[Any, Sequence[tuple[Any, Mapping[Any, Any]]]] | None = None,
    merge: bool = True,
) -> Derived:
    """Matrix expression (or a combination of Trace(...)) -> Derived; the pencil is checked on random matrices.

    law: {dimension: [(weight, {S: value or block}), ...]}.  Raises BadInput (the node is named) and NotDerivable.
    """
    expr = whole(expr)
    atoms = read_law(declarations, law)
    symbols = symbols_of(expr, declarations)
    free = {s for atoms_of in atoms.values() for atom in atoms_of for s in _symbols_in(atom)} - set(symbols)
    symbols = [*symbols, *sorted(free, key=sp.default_sort_key)]
    if EPS in symbols:
        raise BadInput("the name eps is kept for the regularisation: rename this parameter")
    field = Field([*symbols, EPS])
    tree = Reader(declarations, field).read(expr)
    source = field.index(SOURCE) if SOURCE in symbols else None
    realisation = realise(tree, field, len(symbols), source)
    check(realisation.pencil, realisation.tree, field)
    system = dyson_system(realisation, declarations, field)
    return Derived(expr, declarations, field, tree, realisation, merged(system) if merge else system, atoms)


def _symbols_in(atom: Any) -> set[sp.Symbol]:
    found = set(atom.weight.free_symbols)
    for value in atom.values.values():
        found |= value.free_symbols
    return found

"""Declared symbols: role, domain, scaling weights, LaTeX and meaning; one notation table per derivation.

The table feeds the printer, the readers of formulas, the help of the command line and the glossary of the
appendix. Nothing is ever decided by a symbol's name: only by what was declared for it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from .errors import BadInput, OutsideDomain, UnknownName

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31)


@dataclass(frozen=True)
class Domain:
    """The reals (or integers) from `low` to `high`; an end that is None is infinite.

    `closed` tells which finite ends belong to the domain, as one of "[]", "[)", "(]", "()".
    """

    low: sp.Rational | None = None
    high: sp.Rational | None = None
    closed: str = "()"
    integer: bool = False

    def contains(self, value: Any) -> bool:
        """Whether an exact or floating value lies in the domain."""
        if self.integer and value != int(value):
            return False
        if self.low is not None and (value < self.low or (value == self.low and self.closed[0] == "(")):
            return False
        return self.high is None or not (value > self.high or (value == self.high and self.closed[1] == ")"))

    def assumptions(self) -> dict[str, bool]:
        """The SymPy assumptions the domain justifies, and no stronger ones."""
        facts = {"real": True}
        if self.integer:
            facts["integer"] = True
        if self.low is not None and self.low >= 0:
            facts["nonnegative"] = True
            if self.low > 0 or self.closed[0] == "(":
                facts["positive"] = True
        elif self.high is not None and self.high <= 0:
            facts["nonpositive"] = True
            if self.high < 0 or self.closed[1] == ")":
                facts["negative"] = True
        return facts

    def sample(self, rng: random.Random, sign: int = 1) -> sp.Rational:
        """A random rational inside the domain, never 0 or 1, with small numerator and denominator.

        sign chooses the half-line where the domain is the whole line.
        """
        if self.integer:
            low = int(self.low) if self.low is not None else -9
            return sp.Integer(rng.randint(low, low + 9 if self.high is None else int(self.high)))
        while True:
            unit = sp.Rational(rng.randint(1, 40), rng.choice(_PRIMES[4:]))
            if self.low is None and self.high is None:
                value = unit * sign
            elif self.high is None:
                value = self.low + unit
            elif self.low is None:
                value = self.high - unit
            else:
                # An irrational end, such as pi, is approached from inside by a rational.
                high = self.high if self.high.is_Rational else sp.floor(self.high * 20) / 20
                value = self.low + (high - self.low) * sp.Rational(rng.randint(1, 60), 61)
            if value not in (0, 1) and self.contains(value):
                return sp.Rational(value)

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return "an integer" if self.integer else "real"
        low = "-oo" if self.low is None else str(self.low)
        high = "oo" if self.high is None else str(self.high)
        left = "(" if self.low is None else self.closed[0]
        right = ")" if self.high is None else self.closed[1]
        return f"{'an integer ' if self.integer else ''}in {left}{low}, {high}{right}"


REAL = Domain()
POSITIVE = Domain(low=sp.Integer(0))
NONNEGATIVE = Domain(low=sp.Integer(0), closed="[)")
NEGATIVE = Domain(high=sp.Integer(0))
POSITIVE_INTEGER = Domain(low=sp.Integer(1), closed="[)", integer=True)


def interval(low: Any, high: Any, closed: str = "[]") -> Domain:
    """The interval from `low` to `high` (exact: integers, Rational, pi); `closed` as in Domain."""
    return Domain(sp.S(low), sp.S(high), closed)


@dataclass(frozen=True)
class Quantity:
    """One declared symbol.

    name: ASCII; latex: how a paper writes it; meaning: a phrase for the glossary; domain: where it lives;
    kind: "scalar", "list" (indexed by i = 1, 2, ...), "matrix" (shown only) or "function" (applied, opaque);
    scale: weight under each declared scaling group, e.g. {"signal": 2} for a variance of the signal;
    role: "parameter", "variable", "unknown", "result", "auxiliary" or "dimension".
    """

    name: str
    meaning: str
    latex: str = ""
    domain: Domain = REAL
    role: str = "auxiliary"
    kind: str = "scalar"
    scale: Mapping[str, int | sp.Rational] = field(default_factory=dict)
    shape: tuple[Any, Any] = (0, 0)

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not self.name.isascii():
            raise BadInput(f"quantity {self.name!r}: a name is letters, digits and _, not starting with a digit")
        if self.kind not in ("scalar", "list", "matrix", "function"):
            raise BadInput(f"quantity {self.name}: kind {self.kind!r} is not scalar, list, matrix or function")

    @property
    def symbol(self) -> Any:
        """The SymPy object: Symbol, IndexedBase, MatrixSymbol or Function, with the domain's assumptions."""
        facts = self.domain.assumptions()
        if self.kind == "list":
            return sp.IndexedBase(self.name, **facts)
        if self.kind == "matrix":
            return sp.MatrixSymbol(self.name, *self.shape)
        if self.kind == "function":
            return sp.Function(self.name, **facts)
        return sp.Symbol(self.name, **facts)

    def tex(self) -> str:
        return self.latex or self.name


class Notation:
    """The quantities of one derivation, in order; the same name with two declarations is an error."""

    def __init__(self, *quantities: Quantity):
        self._table: dict[str, Quantity] = {}
        for quantity in quantities:
            self.declare(quantity)

    def declare(self, quantity: Quantity) -> Any:
        """Add one quantity and return its symbol."""
        known = self._table.get(quantity.name)
        if known is not None and known != quantity:
            raise BadInput(f"{quantity.name} is declared twice, with different domains or meanings")
        self._table[quantity.name] = quantity
        return quantity.symbol

    def __getitem__(self, name: str) -> Quantity:
        if name not in self._table:
            raise UnknownName("quantity", name, self._table)
        return self._table[name]

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __iter__(self) -> Iterator[Quantity]:
        return iter(self._table.values())

    def symbols(self, names: str) -> list[Any]:
        """The symbols of several names, separated by spaces."""
        return [self[name].symbol for name in names.split()]

    def of(self, atom: Any) -> Quantity:
        """The quantity behind a Symbol, an Indexed, an applied function or a MatrixSymbol."""
        return self[atom_name(atom)]

    def undeclared(self, expr: Any) -> list[str]:
        """Names in an expression that are not declared, or declared with other assumptions, sorted."""
        missing = []
        for atom in sorted(free_atoms(expr), key=sp.default_sort_key):
            name = atom_name(atom)
            if name not in self._table:
                missing.append(name)
            elif isinstance(atom, sp.Symbol) and self._table[name].symbol != atom:
                missing.append(f"{name} (declared with other assumptions)")
        return missing


def atom_name(atom: Any) -> str:
    """The declared name behind an atom."""
    if isinstance(atom, sp.Indexed):
        return str(atom.base.label)
    if isinstance(atom, sp.Symbol | sp.MatrixSymbol | sp.Idx):
        return str(atom.name)
    return str(atom.func)


def free_atoms(expr: Any) -> list[Any]:
    """Symbols and list entries an expression depends on, sorted; indices and bound variables are left out."""
    expr = sp.S(expr)
    indexed = expr.atoms(sp.Indexed)
    inside = {s for entry in indexed for s in entry.free_symbols}
    scalars = {s for s in expr.free_symbols if s not in inside and isinstance(s, sp.Symbol)}
    return sorted(scalars | indexed, key=sp.default_sort_key)


class Samples:
    """Random exact points inside the declared domains, seeded by a text (the name of the check)."""

    def __init__(self, notation: Notation, seed: str):
        self.notation = notation
        self.seed = seed

    def point(self, atoms: Iterable[Any], given: Iterable[Any] = (), index: int = 0) -> dict[Any, sp.Rational]:
        """Values for the atoms that satisfy every condition in `given`; nothing is 0 or 1.

        Raises OutsideDomain when 2000 draws meet no such point.
        """
        rng = random.Random(f"{self.seed}/{index}")
        conditions = [sp.S(c) for c in given]
        wanted = {atom for c in conditions for atom in free_atoms(c)} | set(atoms)
        ordered = sorted(wanted, key=sp.default_sort_key)
        for attempt in range(2000):
            # Of the first two points one has each real variable positive, the other negative: |x| is not x.
            # Conditions may forbid that; after some failures the signs are drawn freely.
            free = index > 1 or attempt >= 200
            signs = {atom: rng.choice((-1, 1)) if free else self._sign(atom, index) for atom in ordered}
            point = {atom: self.notation.of(atom).domain.sample(rng, signs[atom]) for atom in ordered}
            if all(c.xreplace(point) == sp.true for c in conditions):
                return point
        raise OutsideDomain(f"{self.seed}: no point found that satisfies {', '.join(map(str, conditions))}")

    def _sign(self, atom: Any, index: int) -> int:
        first = random.Random(f"{self.seed}/{atom}").choice((-1, 1))
        return first if index == 0 else -first

    def points(self, atoms: Iterable[Any], given: Iterable[Any] = (), count: int = 3) -> list[dict[Any, sp.Rational]]:
        atoms, given = list(atoms), list(given)
        return [self.point(atoms, given, k) for k in range(count)]

    def child(self, name: str) -> Samples:
        return Samples(self.notation, f"{self.seed}/{name}")

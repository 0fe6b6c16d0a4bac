"""The Dyson system as formulas: T_kl = int [ (D(s) - eta(T))^-1 ]_kl dmu_t(s), entries in lowest terms over K.

Blocks are inverted by minors over the integers (no fraction-field elimination), and unknowns that the exact formulas
show to be equal are merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from flint import fmpz_mpoly

from ..errors import NotDerivable
from .dyson import DysonSystem, Pair
from .field import Field, Ratio
from .spectral import Average

Matrix = list[list[Ratio]]


@dataclass(frozen=True)
class Formulas:
    """field: K extended by letter symbols and unknowns;  entries: pair -> [(D - eta)^-1]_pair in it.

    letter_symbols: letter name -> symbol;  unknown_symbols: unknown -> symbol.
    """

    field: Field
    entries: dict[Pair, Ratio]
    letter_symbols: dict[str, sp.Symbol]
    unknown_symbols: dict[Pair, sp.Symbol]


class Minors:
    """Minors of a matrix over K by cofactors with memory, after clearing each row of denominators."""

    def __init__(self, matrix: Matrix, one: fmpz_mpoly):
        self.one = one
        self.rows: list[list[fmpz_mpoly]] = []
        self.scales: list[fmpz_mpoly] = []
        for line in matrix:
            scale = one
            for a in line:
                scale = scale * (a.den / scale.gcd(a.den))
            self.scales.append(scale)
            self.rows.append([a.num * (scale / a.den) for a in line])
        self.everything = tuple(range(len(matrix)))
        self._known: dict[tuple[tuple[int, ...], tuple[int, ...]], fmpz_mpoly] = {}

    def minor(self, rows: tuple[int, ...], cols: tuple[int, ...]) -> fmpz_mpoly:
        """det of the cleared submatrix."""
        if not rows:
            return self.one
        if (rows, cols) not in self._known:
            total = self.one * 0
            for position, j in enumerate(cols):
                entry = self.rows[rows[0]][j]
                if entry:
                    part = entry * self.minor(rows[1:], cols[:position] + cols[position + 1 :])
                    total = total - part if position % 2 else total + part
            self._known[rows, cols] = total
        return self._known[rows, cols]

    def determinant(self) -> fmpz_mpoly:
        """det of the cleared matrix: the numerator of det M up to factors of the denominators."""
        return self.minor(self.everything, self.everything)


def inverse_entries(matrix: Matrix, places: list[Pair], one: fmpz_mpoly) -> dict[Pair, Ratio]:
    """[M^-1]_ij at the given places: cofactors over the determinant; ZeroDivisionError when det M = 0."""
    minors = Minors(matrix, one)
    whole, determinant = minors.everything, minors.determinant()
    found = {}
    for i, j in places:
        cofactor = minors.minor(whole[:j] + whole[j + 1 :], whole[:i] + whole[i + 1 :])
        sign = -1 if (i + j) % 2 else 1
        found[i, j] = Ratio.reduced(cofactor * minors.scales[j] * sign, determinant)
    return found


def block(system: DysonSystem, t: str, formulas: Formulas, *, energy: bool = True) -> Matrix:
    """D^t - eta^t over the extended field, rows and columns in the order of system.states(t)."""
    field = formulas.field
    states = system.states(t)
    local = {i: m for m, i in enumerate(states)}
    matrix = [[field.zero for _ in states] for _ in states]
    for (i, j), a in system.constant.items():
        if i in local:
            matrix[local[i]][local[j]] += field.embed(a)
    for x in system.letters_of(t):
        s = field.generator(formulas.letter_symbols[x.name])
        for (i, j), a in system.det[x].items():
            matrix[local[i]][local[j]] -= field.embed(a) * s
    for (i, j), terms in system.eta.items() if energy else ():
        if i in local:
            for term in terms:
                unknown = formulas.unknown_symbols[system.representative[term.pair]]
                matrix[local[i]][local[j]] -= field.embed(term.coefficient) * field.generator(unknown)
    return matrix


def formulas_of(system: DysonSystem, places: list[Pair] | None = None, *, energy: bool = True) -> Formulas:
    """The entries of G at `places` (default: unknowns and target entries)."""
    letters = {x.name: sp.Symbol(f"value_{x.name}") for x in sorted(system.det)}
    unknowns = {pair: sp.Symbol(f"tau_{m}") for m, pair in enumerate(system.unknowns)}
    taken = set(system.field.symbols)
    for name in (*letters.values(), *unknowns.values()):
        if name in taken:
            raise NotDerivable(f"the parameter name {name} is used for an unknown: rename the parameter")
    field = system.field.extend([*letters.values(), *unknowns.values()])
    bare = Formulas(field, {}, letters, unknowns)
    wanted = list(dict.fromkeys([*system.unknowns, *system.target])) if places is None else places
    entries: dict[Pair, Ratio] = {}
    for t in dict.fromkeys(system.types):
        states = system.states(t)
        own = [pair for pair in wanted if pair[0] in states]
        if own:
            local = [(states.index(i), states.index(j)) for i, j in own]
            found = inverse_entries(block(system, t, bare, energy=energy), local, field.one.num)
            entries |= {pair: found[place] for pair, place in zip(own, local, strict=True)}
    return replace(bare, entries=entries)


def merged(system: DysonSystem) -> DysonSystem:
    """Identify unknowns that are equal: the coarsest partition that the formulas respect exactly.

    Start from equal values at eta = 0, put one representative per class, split classes whose members differ as rational
    functions, repeat.  In a stable partition T_m = T_rep solves the full system, and the power series in the variances
    is unique, so this is a proof.  Types with several non-commuting letters are left alone: equality of their
    commutative images proves nothing.
    """
    if not system.unknowns:
        return system
    partition = {pair: (system.type_of(pair), str(pair) if _opaque(system, pair) else "") for pair in system.unknowns}
    representative = {pair: pair for pair in system.unknowns}
    energy = False
    while True:
        trial = replace(system, representative=representative, unknowns=tuple(sorted(set(representative.values()))))
        try:
            entries = formulas_of(trial, list(system.unknowns), energy=energy).entries
        except ZeroDivisionError:
            return system
        split: dict = {pair: (partition[pair], entries[pair]) for pair in system.unknowns}
        classes: dict = {}
        for pair in system.unknowns:
            classes.setdefault(split[pair], []).append(pair)
        new = {pair: members[0] for members in classes.values() for pair in members}
        if energy and new == representative:
            return trial
        partition, representative, energy = {p: (partition[p][0], str(new[p])) for p in new}, new, True


def _opaque(system: DysonSystem, pair: Pair) -> bool:
    letters = system.letters_of(system.type_of(pair))
    return len(letters) > 1 and not system.declarations.commuting


def equations(system: DysonSystem, names: Mapping[Pair, sp.Symbol] | None = None) -> list[Any]:
    """[T = int (...) dmu] for every unknown, letters written by their spectral symbols.

    names: unknown -> symbol (default tau_0, tau_1, ...).  NotDerivable when two letters of one type need a joint law
    and were not declared commuting: give atoms (matrix blocks) instead and use the numerical or polynomial route.
    """
    formulas = formulas_of(system)
    return [sp.Eq(_name(formulas, pair, names), _written(system, formulas, pair, names)) for pair in system.unknowns]


def target_expression(system: DysonSystem, names: Mapping[Pair, sp.Symbol] | None = None) -> sp.Expr:
    """tr r = sum_ij c_i b_j int G_ij dmu in the unknowns."""
    formulas = formulas_of(system)
    parts = [system.field.write(a) * _reused(system, formulas, pair, names) for pair, a in system.target.items()]
    return sp.Add(*parts)


def integrand(system: DysonSystem, names: Mapping[Pair, sp.Symbol] | None = None) -> sp.Expr:
    """y(s) = sum_ij c_i b_j G_ij(s): average it over other weights for u^T r u, evaluate it at a value for a spike."""
    formulas = formulas_of(system)
    total = formulas.field.zero
    for pair, a in system.target.items():
        total = total + formulas.field.embed(a) * formulas.entries[pair]
    return _plain(system, formulas, total, system.outer, names)


def _name(formulas: Formulas, pair: Pair, names: Mapping[Pair, sp.Symbol] | None) -> sp.Symbol:
    return (names or {}).get(pair, formulas.unknown_symbols[pair])


def _reused(system: DysonSystem, formulas: Formulas, pair: Pair, names: Mapping[Pair, sp.Symbol] | None) -> sp.Expr:
    if pair in system.representative:
        return _name(formulas, system.representative[pair], names)
    return _written(system, formulas, pair, names)


def _written(system: DysonSystem, formulas: Formulas, pair: Pair, names: Mapping[Pair, sp.Symbol] | None) -> sp.Expr:
    t = system.type_of(pair)
    plain = _plain(system, formulas, formulas.entries[pair], t, names)
    bound = {s for x in system.letters_of(t) for s in x.value.free_symbols}  # type: ignore[union-attr]
    return Average(plain, bound) if bound else plain


def _plain(
    system: DysonSystem, formulas: Formulas, entry: Ratio, t: str, names: Mapping[Pair, sp.Symbol] | None
) -> sp.Expr:
    letters = system.letters_of(t)
    if len(letters) > 1 and not system.declarations.commuting:
        raise NotDerivable(
            f"the letters {', '.join(map(str, letters))} of dimension {t} need not commute: declare "
            "commuting=True, or give their matrix blocks as atoms"
        )
    values = {formulas.letter_symbols[x.name]: x.value for x in letters}
    shown = {formulas.unknown_symbols[pair]: _name(formulas, pair, names) for pair in system.unknowns}
    return formulas.field.write(entry, values | shown)  # type: ignore[operator]

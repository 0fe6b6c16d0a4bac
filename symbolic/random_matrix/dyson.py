"""Dyson system: G = (D - eta(G))^-1, block diagonal by type, with only the traces T_kl = tr G_kl that matter.

eta_ij = sum over Gaussian x, (i,k) in A_x with coefficient a, (l,j) in A_{x^T} with coefficient b, of
a b v_x nu_{t_k} T_kl; D is affine in the deterministic letters.  Pairings x..x of a non-symmetric letter are O(1/N).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import BadInput
from .field import Field, Ratio
from .letters import Declarations, Letter
from .minimal import Realisation, at_zero, finite_at_zero, invert
from .pencil import Entries, Pencil

Pair = tuple[int, int]


@dataclass(frozen=True)
class Term:
    """coefficient * T_pair, one contribution to an entry of eta."""

    coefficient: Ratio
    pair: Pair


@dataclass(frozen=True)
class DysonSystem:
    """types: of the states;  constant, det: D = constant - sum_x det[x] x;  eta: entry -> terms;

    unknowns: the pairs (k, l) that are solved for;  representative: needed pair -> unknown;  target: entry -> c_i b_j,
    all inside `outer`;  eps: index of the regularising parameter in the field, or None.
    """

    field: Field
    declarations: Declarations
    types: tuple[str, ...]
    constant: Entries
    det: dict[Letter, Entries]
    eta: dict[Pair, tuple[Term, ...]]
    unknowns: tuple[Pair, ...]
    representative: dict[Pair, Pair]
    target: dict[Pair, Ratio]
    outer: str
    eps: int | None

    def states(self, t: str) -> list[int]:
        """The states of one type, ascending."""
        return [i for i, own in enumerate(self.types) if own == t]

    def type_of(self, pair: Pair) -> str:
        """The type of an entry."""
        return self.types[pair[0]]

    def letters_of(self, t: str) -> list[Letter]:
        """The deterministic letters that act on type t."""
        return [x for x in sorted(self.det) if x.row_type == t]

    def needed_types(self) -> list[str]:
        """Types of the unknowns and of the target, in order of first state."""
        wanted = {self.type_of(pair) for pair in (*self.unknowns, *self.target)}
        return [t for t in dict.fromkeys(self.types) if t in wanted]

    def without_eps(self) -> DysonSystem:
        """The system at eps = 0, for exact elimination."""
        if self.eps is None:
            return self
        index, field = self.eps, self.field

        def limit(entries: Entries) -> Entries:
            return {k: v for k, a in entries.items() if (v := at_zero(a, index, field))}

        eta = {
            k: tuple(replace(t, coefficient=at_zero(t.coefficient, index, field)) for t in terms)
            for k, terms in self.eta.items()
        }
        return replace(
            self,
            constant=limit(self.constant),
            det={x: limit(e) for x, e in self.det.items()},
            eta=eta,
            target=limit(self.target),
            eps=None,
        )


def dyson_system(realisation: Realisation, declarations: Declarations, field: Field) -> DysonSystem:
    """Minimal pencil -> Dyson system with sound sparsity; BadInput when the expression has no trace."""
    pencil = realisation.pencil
    if pencil.outer[0] != pencil.outer[1]:
        raise BadInput(
            f"the expression is {pencil.outer[0]} x {pencil.outer[1]}: a trace needs one dimension name twice"
        )
    if realisation.eps is not None:
        pencil = finite_at_zero(pencil, field, realisation.eps)
    eta = _self_energy(pencil, declarations, field)
    target = {(i, j): c * b for i, c in sorted(pencil.row.items()) for j, b in sorted(pencil.col.items())}
    free = _pattern(pencil, realisation, field)
    allowed = _least_fixed_point(free, pencil, eta)
    target = {pair: a for pair, a in target.items() if pair in allowed}
    needed, kept = _needed(allowed, eta, list(target))
    det = {x: e for x, e in pencil.linear.items() if x.kind == "det"}
    return DysonSystem(
        field,
        declarations,
        pencil.types,
        pencil.constant,
        det,
        kept,
        needed,
        {pair: pair for pair in needed},
        target,
        pencil.outer[0],
        realisation.eps,
    )


def _self_energy(pencil: Pencil, declarations: Declarations, field: Field) -> dict[Pair, list[Term]]:
    """All terms, from integration by parts E[x f] = v E[df/dx] in each row of L G = 1."""
    nu = {str(d): field.read(declarations.ratio(d)) for d in declarations.dimensions()}
    eta: dict[Pair, list[Term]] = {}
    for x in pencil.letters():
        if x.kind != "gauss" or x.T not in pencil.linear or x.variance is None:
            continue
        weight = field.read(x.variance) * nu[x.col_type]
        for (i, k), a in sorted(pencil.linear[x].items()):
            for (l, j), b in sorted(pencil.linear[x.T].items()):
                eta.setdefault((i, j), []).append(Term(a * b * weight, (k, l)))
    return eta


def _pattern(pencil: Pencil, realisation: Realisation, field: Field) -> set[Pair]:
    """Possible nonzeros of the inverse of the constant part, deterministic letters measured from their centre."""
    constant = dict(pencil.constant)
    for x, entries in pencil.linear.items():
        if x.name in realisation.base:
            for place, a in entries.items():
                constant[place] = constant.get(place, field.zero) - realisation.base[x.name] * a
    return set(invert({k: a for k, a in constant.items() if a}, pencil.size, field))


def _least_fixed_point(free: set[Pair], pencil: Pencil, eta: dict[Pair, list[Term]]) -> set[Pair]:
    """Entries of G that can be nonzero: G = P + P E P + ... with E the letters and the live part of eta.

    The series in the variances starts at the free resolvent, so zeros are those of the LEAST fixed point; a greatest
    one (or a commutative image) would keep or kill entries that the series decides otherwise.
    """
    edges = {place for x, entries in pencil.linear.items() if x.kind == "det" for place in entries}
    allowed = _closure(free, edges)
    while True:
        live = {place for place, terms in eta.items() if any(term.pair in allowed for term in terms)}
        if live <= edges:
            return allowed
        edges |= live
        allowed = _closure(free, edges)


def _closure(free: set[Pair], edges: set[Pair]) -> set[Pair]:
    found = set(free)
    while True:
        steps = {(i, b) for i, a in free for a2, b in edges if a == a2}
        new = {(i, j) for i, b in steps for b2, j in found if b == b2} - found
        if not new:
            return found
        found |= new


def _needed(
    allowed: set[Pair], eta: dict[Pair, list[Term]], start: list[Pair]
) -> tuple[tuple[Pair, ...], dict[Pair, tuple[Term, ...]]]:
    """Walk back from the target: eta_ab matters to G_ij when i -> a and b -> j; its traces matter in turn."""
    needed: set[Pair] = set()
    kept: dict[Pair, tuple[Term, ...]] = {}
    queue = list(start)
    seen = set(queue)
    while queue:
        i, j = queue.pop()
        for a, b in sorted(eta):
            if (i, a) not in allowed or (b, j) not in allowed:
                continue
            live = tuple(term for term in eta[a, b] if term.pair in allowed)
            if live:
                kept[a, b] = live
            for term in live:
                needed.add(term.pair)
                if term.pair not in seen:
                    seen.add(term.pair)
                    queue.append(term.pair)
    return tuple(sorted(needed)), dict(sorted(kept.items()))

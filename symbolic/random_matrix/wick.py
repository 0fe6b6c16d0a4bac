"""An independent check: tr r to a given order in the variances by Wick's theorem, exactly, against the Dyson system.

The expression is expanded in words g_0 x_1 g_1 x_2 ... x_m g_m (g deterministic, x Gaussian letters); planar pairings
E[x g x^T] = v nu tr(g) give the leading order in N.  Neither the pencil nor the sparsity rules enter this side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flint import fmpq, fmpq_mat

from ..errors import NotDerivable
from .derive import Derived
from .dyson import DysonSystem, Pair
from .expression import Constant, Inverted, Node, Product, Sum, Word
from .field import Ratio, generic
from .letters import Letter

# One matrix per atom of its type: the value of a deterministic factor in the algebra of the letters.
Element = tuple[fmpq_mat, ...]
Words = dict[tuple[Letter, ...], list[tuple[Element, ...]]]


@dataclass(frozen=True)
class Point:
    """Rational parameters, weights and blocks of every type, the same for both sides of the check.

    pairs: x -> v nu, with E[x g x^T] = v nu tr(g).
    """

    values: list[fmpq]
    weights: Mapping[str, list[fmpq]]
    blocks: Mapping[str, list[int]]
    letters: Mapping[str, Element]
    pairs: Mapping[Letter, fmpq]

    def scalar(self, a: Ratio) -> fmpq:
        """An element of K at the point."""
        return a.at(self.values, fmpq(1))

    def trace(self, element: Element, t: str) -> fmpq:
        """The normalised trace over the law of type t."""
        total = fmpq(0)
        for weight, matrix in zip(self.weights[t], element, strict=True):
            total += weight * sum((matrix[i, i] for i in range(matrix.nrows())), fmpq(0)) / matrix.nrows()
        return total

    def constant(self, t: str, value: fmpq) -> Element:
        """value * identity of type t."""
        return tuple(_scalar_matrix(r, value) for r in self.blocks[t])


def _scalar_matrix(r: int, value: fmpq) -> fmpq_mat:
    return fmpq_mat(r, r, [value if i == j else fmpq(0) for i in range(r) for j in range(r)])


def check_wick(derived: Derived, order: int = 6) -> None:
    """Raise NotDerivable unless both expansions agree exactly up to `order` at a generic rational point.

    Order 6 sees every single edit of the self-energies of the classical resolvents; order 2 does not.

    Types with deterministic letters get two atoms: generic scalars for one letter, generic symmetric 2 x 2 blocks for
    several, so that a commutative shortcut would be seen.
    """
    point, here = wick_series(derived, order)
    there = dyson_series(derived.system, point, order)
    if here != there:
        raise NotDerivable(f"the Dyson system of {derived.expression} has orders {there}, Wick pairings give {here}")


def wick_series(derived: Derived, order: int) -> tuple[Point, list[fmpq]]:
    """(the generic point, coefficients of tr r at it by planar pairings)."""
    point = _point(derived)
    return point, _planar_average(_expand(derived.realisation.tree, point, 2 * order), derived, point, order)


def _point(derived: Derived) -> Point:
    values = [fmpq(int(g.numerator), int(g.denominator)) for g in map(generic, range(len(derived.field.symbols)))]
    types = sorted({str(d) for d in derived.declarations.dimensions()})
    weights: dict[str, list[fmpq]] = {}
    blocks: dict[str, list[int]] = {}
    letters: dict[str, Element] = {}
    count = 0
    for t in types:
        own = [x for x in derived.declarations.letters.values() if x.kind == "det" and x.row_type == t]
        r = 1 if len(own) < 2 or derived.declarations.commuting else 2
        weights[t], blocks[t] = ([fmpq(2, 7), fmpq(5, 7)], [r, r]) if own else ([fmpq(1)], [1])
        for x in own:
            matrices = []
            for _ in range(2):
                count += 3
                a, b, c = (
                    fmpq(g.numerator, g.denominator) for g in (generic(count), generic(count + 1), generic(count + 2))
                )
                matrices.append(fmpq_mat([[a]]) if r == 1 else fmpq_mat([[a, b], [b, c]]))
            letters[x.name] = tuple(matrices)
    return Point(values, weights, blocks, letters, _pairs(derived, values))


def _pairs(derived: Derived, values: list[fmpq]) -> dict[Letter, fmpq]:
    declarations, field = derived.declarations, derived.field
    sizes = {str(d): field.read(declarations.ratio(d)).at(values, fmpq(1)) for d in declarations.dimensions()}
    found = {}
    for letter in declarations.letters.values():
        if letter.variance is not None:
            variance = field.read(letter.variance).at(values, fmpq(1))
            for x in (letter, letter.T):
                found[x] = variance * sizes[x.col_type]
    return found


def _expand(node: Node, point: Point, length: int) -> Words:
    if isinstance(node, Constant):
        return {(): [(point.constant(node.row, point.scalar(node.value)),)]}
    if isinstance(node, Word):
        if node.letter.kind == "det":
            return {(): [(point.letters[node.letter.name],)]}
        one = fmpq(1)
        return {(node.letter,): [(point.constant(node.row, one), point.constant(node.col, one))]}
    if isinstance(node, Inverted):
        return _inverse(_expand(node.body, point, length), length)
    assert isinstance(node, Sum | Product)
    total = _expand(node.parts[0], point, length)
    for part in node.parts[1:]:
        words = _expand(part, point, length)
        total = _sum(total, words) if isinstance(node, Sum) else _product(total, words, length)
    return total


def _sum(left: Words, right: Words) -> Words:
    return {key: left.get(key, []) + right.get(key, []) for key in (left | right)}


def _product(left: Words, right: Words, length: int) -> Words:
    found: Words = {}
    for a, many in left.items():
        for b, others in right.items():
            if len(a) + len(b) <= length:
                found.setdefault(a + b, []).extend((*u[:-1], _times(u[-1], v[0]), *v[1:]) for u in many for v in others)
    return found


def _times(left: Element, right: Element) -> Element:
    return tuple(a * b for a, b in zip(left, right, strict=True))


def _inverse(words: Words, length: int) -> Words:
    """(m_0 + m)^-1 = sum_j (-m_0^-1 m)^j m_0^-1, truncated."""
    parts = [u[0] for u in words[()]]
    centre = parts[0]
    for part in parts[1:]:
        centre = tuple(a + b for a, b in zip(centre, part, strict=True))
    start: Element = tuple(a.inv() for a in centre)
    negative: Element = tuple(-a for a in start)
    step = _product({(): [(negative,)]}, {key: many for key, many in words.items() if key}, length)
    total: Words = {(): [(start,)]}
    term = total
    for _ in range(length):
        term = _product(step, term, length)
        total = _sum(total, term)
    return total


def _planar_average(words: Words, derived: Derived, point: Point, order: int) -> list[fmpq]:
    """[order 0, 1, ...] of the trace."""
    totals = [fmpq(0)] * (order + 1)
    for key, many in words.items():
        for u in many if len(key) % 2 == 0 else ():
            average = _average(key, u, point)
            if average is not None:
                totals[len(key) // 2] += point.trace(average, derived.tree.row)
    return totals


def _average(key: tuple[Letter, ...], u: tuple[Element, ...], point: Point) -> Element | None:
    """Sum over planar pairings: the partner of the first letter cuts the word in two; None when nothing pairs."""

    @cache
    def part(start: int, stop: int) -> Element | None:
        if start == stop:
            return u[start]
        total: Element | None = None
        for j in range(start + 1, stop, 2):
            if key[j] != key[start].T:
                continue
            inner, rest = part(start + 1, j), part(j + 1, stop)
            if inner is None or rest is None:
                continue
            scale = point.pairs[key[start]] * point.trace(inner, key[start].col_type)
            term = tuple(a * b * scale for a, b in zip(u[start], rest, strict=True))
            total = term if total is None else tuple(a + b for a, b in zip(total, term, strict=True))
        return total

    return part(0, len(key))


def dyson_series(system: DysonSystem, point: Point, order: int) -> list[fmpq]:
    """Coefficients of the target in t: G_0 = D^-1, G_k = sum_j D^-1 eta(T_j) G_{k-1-j} for eta -> t eta."""
    types = list(dict.fromkeys(system.types))
    series = [{t: _free(system, t, point) for t in types}]
    energies = []
    for k in range(1, order + 1):
        last = series[-1]
        energies.append(
            _energy(system, {p: _traced(system, last[system.type_of(p)], p, point) for p in system.unknowns}, point)
        )
        level = {}
        for t in types:
            parts = [_sandwich(system, t, series[0][t], energies[j], series[k - 1 - j][t], point) for j in range(k)]
            level[t] = [sum(blocks[1:], blocks[0]) for blocks in zip(*parts, strict=True)]
        series.append(level)
    totals = []
    for level in series:
        terms = (point.scalar(a) * _traced(system, level[system.outer], p, point) for p, a in system.target.items())
        totals.append(sum(terms, fmpq(0)))
    return totals


def _energy(system: DysonSystem, traces: Mapping[Pair, fmpq], point: Point) -> dict[Pair, fmpq]:
    found = {}
    for place, terms in system.eta.items():
        parts = (point.scalar(term.coefficient) * traces[system.representative[term.pair]] for term in terms)
        found[place] = sum(parts, fmpq(0))
    return found


def _free(system: DysonSystem, t: str, point: Point) -> list[fmpq_mat]:
    found = []
    states = system.states(t)
    for index, r in enumerate(point.blocks[t]):
        rows = [[fmpq(0)] * (r * len(states)) for _ in range(r * len(states))]
        for m, i in enumerate(states):
            for l, j in enumerate(states):
                entry = _scalar_matrix(r, point.scalar(system.constant[i, j])) if (i, j) in system.constant else None
                for x in system.letters_of(t):
                    if (i, j) in system.det[x]:
                        part = point.letters[x.name][index] * -point.scalar(system.det[x][i, j])
                        entry = part if entry is None else entry + part
                if entry is not None:
                    for p in range(r):
                        for q in range(r):
                            rows[m * r + p][l * r + q] = entry[p, q]
        found.append(fmpq_mat(rows).inv())
    return found


def _sandwich(
    system: DysonSystem, t: str, left: list[fmpq_mat], eta: Mapping[Pair, fmpq], right: list[fmpq_mat], point: Point
):
    states = system.states(t)
    found = []
    for index, r in enumerate(point.blocks[t]):
        size = r * len(states)
        rows = [[fmpq(0)] * size for _ in range(size)]
        for (i, j), value in eta.items():
            if i in states:
                for p in range(r):
                    rows[states.index(i) * r + p][states.index(j) * r + p] = value
        found.append(left[index] * fmpq_mat(rows) * right[index])
    return found


def _traced(system: DysonSystem, blocks: list[fmpq_mat], pair: Pair, point: Point) -> fmpq:
    t = system.type_of(pair)
    states = system.states(t)
    m, l = states.index(pair[0]), states.index(pair[1])
    total = fmpq(0)
    for weight, r, matrix in zip(point.weights[t], point.blocks[t], blocks, strict=True):
        total += weight * sum((matrix[m * r + p, l * r + p] for p in range(r)), fmpq(0)) / r
    return total

"""r = c (A0 - sum_k A_k x_k)^-1 b: a matrix expression as one affine matrix of its letters (Schur complements).

State i has type t_i for its row and its column; (A_k)_ij is nonzero only for t_i = row_type(x_k), t_j = col_type(x_k),
and A0 only inside a type.  Sizes are small and sparse, so everything is a dictionary of nonzero entries.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from flint import fmpq, fmpq_mat

from ..errors import BadInput, NotDerivable
from .expression import Constant, Inverted, Node, Product, Sum, Word, letters_of
from .field import Field, Ratio, generic
from .letters import Letter

Entries = dict[tuple[int, int], Ratio]
Vector = dict[int, Ratio]


@dataclass(frozen=True)
class Pencil:
    """types: t_i;  constant: A0;  linear: letter -> A_k;  row: c;  col: b;  outer: (row type, col type) of r."""

    types: tuple[str, ...]
    constant: Entries
    linear: dict[Letter, Entries]
    row: Vector
    col: Vector
    outer: tuple[str, str]

    @property
    def size(self) -> int:
        """The number of states."""
        return len(self.types)

    def letters(self) -> list[Letter]:
        """The letters, sorted; transposes apart."""
        return sorted(self.linear)


def linearise(node: Node, field: Field) -> Pencil:
    """Tree -> pencil, one rule per kind of node; nothing is simplified here.

    letter: [[1, -x], [0, 1]];  a*1: one state;  sum: direct sum;  product: direct sum with -b1 c2 in the corner;
    inverse: border by b and c, corner 0, then c = e, b = -e at the new state.
    """
    outer = (node.row, node.col)
    if isinstance(node, Constant):
        return Pencil((node.row,), {(0, 0): field.one}, {}, {0: field.one}, {0: node.value}, outer)
    if isinstance(node, Word):
        identity = {(0, 0): field.one, (1, 1): field.one}
        return Pencil(outer, identity, {node.letter: {(0, 1): field.one}}, {0: field.one}, {1: field.one}, outer)
    if isinstance(node, Inverted):
        return _inverse(linearise(node.body, field), field)
    assert isinstance(node, Sum | Product)
    total = linearise(node.parts[0], field)
    for part in node.parts[1:]:
        total = _joined(total, linearise(part, field), isinstance(node, Product))
    return total


def _joined(left: Pencil, right: Pencil, product: bool) -> Pencil:
    shift = left.size
    moved = {(i + shift, j + shift): a for (i, j), a in right.constant.items()}
    constant = left.constant | moved
    linear = {letter: dict(entries) for letter, entries in left.linear.items()}
    for letter, entries in right.linear.items():
        linear.setdefault(letter, {}).update({(i + shift, j + shift): a for (i, j), a in entries.items()})
    row = {i + shift: a for i, a in right.row.items()}
    col = {i + shift: a for i, a in right.col.items()}
    if product:
        for i, b in left.col.items():
            for j, c in row.items():
                constant[i, j] = -(b * c)
        row, outer = left.row, (left.outer[0], right.outer[1])
    else:
        row, col, outer = left.row | row, left.col | col, left.outer
    return Pencil(left.types + right.types, constant, linear, row, col, outer)


def _inverse(body: Pencil, field: Field) -> Pencil:
    new = body.size
    border = {(i, new): b for i, b in body.col.items()} | {(new, j): c for j, c in body.row.items()}
    types = (*body.types, body.outer[0])
    return Pencil(types, body.constant | border, body.linear, {new: field.one}, {new: -field.one}, body.outer)


def check(pencil: Pencil, node: Node, field: Field, *, trials: int = 2, label: str = "pencil") -> int:
    """r evaluated node by node = c L^-1 b, exactly, for random rational matrices; returns the number of trials.

    Each trial draws sizes 2..4 per type, matrices and parameters from a generator seeded by `label`; a draw at which
    some inverse does not exist is drawn again.  NotDerivable names the trial that failed.
    """
    rng = random.Random(f"random_matrix/{label}")
    values = [fmpq(g.numerator, g.denominator) for g in map(generic, range(len(field.symbols)))]
    done = 0
    for attempt in range(40 * trials):
        types = sorted(
            {t for letter in letters_of(node) for t in (letter.row_type, letter.col_type)} | {node.row, node.col}
        )
        sizes = {t: rng.randint(2, 4) for t in types}
        matrices = _draw(letters_of(node), sizes, rng)
        try:
            direct = _direct(node, matrices, sizes, values)
            linear = _through(pencil, matrices, sizes, values)
        except ZeroDivisionError:
            continue
        if direct != linear:
            raise NotDerivable(f"{label}: the pencil differs from the expression at draw {attempt} with sizes {sizes}")
        done += 1
        if done == trials:
            return done
    raise BadInput(
        f"{label}: an inverse in the expression is singular for every matrix tried; check ranks and dimensions"
    )


def _draw(letters: list[Letter], sizes: Mapping[str, int], rng: random.Random) -> dict[Letter, fmpq_mat]:
    found: dict[Letter, fmpq_mat] = {}
    for letter in letters:
        if letter.T in found:
            found[letter] = found[letter.T].transpose()
            continue
        rows, cols = sizes[letter.row_type], sizes[letter.col_type]
        matrix = fmpq_mat(rows, cols, [fmpq(rng.randint(-9, 9), rng.randint(1, 5)) for _ in range(rows * cols)])
        found[letter] = matrix + matrix.transpose() if letter.symmetric else matrix
    return found


def _identity(n: int, value: fmpq) -> fmpq_mat:
    return fmpq_mat(n, n, [value if i == j else fmpq(0) for i in range(n) for j in range(n)])


def _direct(node: Node, matrices: Mapping[Letter, fmpq_mat], sizes: Mapping[str, int], values: list[fmpq]) -> fmpq_mat:
    if isinstance(node, Constant):
        return _identity(sizes[node.row], node.value.at(values, fmpq(1)))
    if isinstance(node, Word):
        return matrices[node.letter]
    if isinstance(node, Inverted):
        return _direct(node.body, matrices, sizes, values).inv()
    assert isinstance(node, Sum | Product)
    total = _direct(node.parts[0], matrices, sizes, values)
    for part in node.parts[1:]:
        value = _direct(part, matrices, sizes, values)
        total = total + value if isinstance(node, Sum) else total * value
    return total


def _through(
    pencil: Pencil, matrices: Mapping[Letter, fmpq_mat], sizes: Mapping[str, int], values: list[fmpq]
) -> fmpq_mat:
    starts = [0]
    for t in pencil.types:
        starts.append(starts[-1] + sizes[t])
    whole = [[fmpq(0)] * starts[-1] for _ in range(starts[-1])]
    for (i, j), a in pencil.constant.items():
        _add(whole, starts[i], starts[j], _identity(sizes[pencil.types[i]], a.at(values, fmpq(1))))
    for letter, entries in pencil.linear.items():
        for (i, j), a in entries.items():
            _add(whole, starts[i], starts[j], matrices[letter] * -a.at(values, fmpq(1)))
    rows, cols = sizes[pencil.outer[0]], sizes[pencil.outer[1]]
    left = [[fmpq(0)] * starts[-1] for _ in range(rows)]
    right = [[fmpq(0)] * cols for _ in range(starts[-1])]
    for i, a in pencil.row.items():
        _add(left, 0, starts[i], _identity(rows, a.at(values, fmpq(1))))
    for i, a in pencil.col.items():
        _add(right, starts[i], 0, _identity(cols, a.at(values, fmpq(1))))
    return fmpq_mat(left) * fmpq_mat(whole).solve(fmpq_mat(right))


def _add(target: list[list[fmpq]], top: int, left: int, block: fmpq_mat) -> None:
    for i, line in enumerate(block.tolist()):
        for j, value in enumerate(line):
            target[top + i][left + j] += value

"""The smallest pencil of the same function: r = c (1 - sum_k A_k y_k)^-1 b, reach from b, then observe by c.

y_k = x_k - base_k.  Minimality over the skew field of free rational functions is unique up to a change of basis, so
the size is a fact about the expression; exact linear algebra over K decides it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..errors import NotDerivable
from .expression import Node, constant_part, letters_of, regularised
from .field import Field, Ratio, generic
from .letters import Letter
from .pencil import Entries, Pencil, Vector, linearise


@dataclass(frozen=True)
class Realisation:
    """pencil: the minimal one, in the letters themselves;  base: point where its constant part is the identity;

    eps: index of the regularising parameter in the field, or None.  tree: the expression, eps included.
    """

    pencil: Pencil
    base: Mapping[str, Ratio]
    eps: int | None
    tree: Node
    raw_size: int


def realise(node: Node, field: Field, eps_index: int, source: int | None = None) -> Realisation:
    """Tree -> minimal pencil; eps (parameter number eps_index) enters only when an inverse is singular at its centre.

    Inverses of deterministic matrices are first centred at generic scalars (no eps is needed there); only inverses
    that vanish for structural reasons, such as (X X^T)^-1, get eps*1 inside.  source: index of a parameter at whose
    zero the pencil must stay finite (it is differentiated there).
    """
    eps = None
    base: dict[str, Ratio] = {}
    try:
        constant_part(node, base, field)
    except ZeroDivisionError:
        names = sorted({x.name for x in letters_of(node) if x.symmetric})
        base = {name: field.fraction(generic(i)) for i, name in enumerate(names)}
        try:
            constant_part(node, base, field)
        except ZeroDivisionError:
            eps, base = eps_index, {}
            node = regularised(node, base, field, field.generator(field.symbols[eps_index]))
    raw = linearise(node, field)
    return Realisation(minimise(raw, field, base, source), base, eps, node, raw.size)


def minimise(pencil: Pencil, field: Field, base: Mapping[str, Ratio], source: int | None = None) -> Pencil:
    """Cut a pencil down to its reachable and observable part, centred at `base`; A0 = 1 + sum base_k A_k afterwards."""
    normal = _normalised(_moved(pencil, base, -field.one), field)
    reached = _reach(normal, field, source)
    observed = _flip(_reach(_flip(reached), field, source))
    return _moved(observed, base, field.one)


def _moved(pencil: Pencil, base: Mapping[str, Ratio], sign: Ratio) -> Pencil:
    """Rewrite the constant part for letters measured from another point: A0 + sign * sum base_k A_k."""
    constant = dict(pencil.constant)
    for letter in pencil.letters():
        if letter.name in base:
            for place, a in pencil.linear[letter].items():
                _accumulate(constant, place, sign * base[letter.name] * a)
    return replace(pencil, constant=constant)


def _accumulate(entries: Entries, place: tuple[int, int], value: Ratio) -> None:
    total = entries[place] + value if place in entries else value
    if total:
        entries[place] = total
    else:
        entries.pop(place, None)


def _normalised(pencil: Pencil, field: Field) -> Pencil:
    """Multiply by A0^-1 from the left."""
    inverse = invert(pencil.constant, pencil.size, field)
    columns: dict[int, list[tuple[int, Ratio]]] = {}
    for (i, j), a in inverse.items():
        columns.setdefault(j, []).append((i, a))
    linear = {}
    for letter in pencil.letters():
        entries: Entries = {}
        for (k, j), a in pencil.linear[letter].items():
            for i, b in columns.get(k, ()):
                _accumulate(entries, (i, j), b * a)
        linear[letter] = entries
    col: Entries = {}
    for k, a in pencil.col.items():
        for i, b in columns.get(k, ()):
            _accumulate(col, (i, 0), b * a)
    identity = {(i, i): field.one for i in range(pencil.size)}
    return replace(pencil, constant=identity, linear=linear, col={i: a for (i, _), a in col.items()})


def invert(entries: Entries, size: int, field: Field) -> Entries:
    """Sparse Gauss-Jordan over K, pivots with the fewest terms first; ZeroDivisionError when singular."""
    rows = [{j: a for (i, j), a in entries.items() if i == k} for k in range(size)]
    right: list[Vector] = [{k: field.one} for k in range(size)]
    free = list(range(size))
    place: dict[int, int] = {}
    for j in range(size):
        candidates = [i for i in free if j in rows[i]]
        if not candidates:
            raise ZeroDivisionError("singular constant part")
        p = min(candidates, key=lambda i: (_weight(rows[i][j]), len(rows[i]), i))
        free.remove(p)
        place[j] = p
        scale = field.one / rows[p][j]
        rows[p] = {k: scale * a for k, a in rows[p].items()}
        right[p] = {k: scale * a for k, a in right[p].items()}
        for i in range(size):
            if i != p and j in rows[i]:
                factor = -rows[i][j]
                _axpy(rows[i], factor, rows[p])
                _axpy(right[i], factor, right[p])
    return {(j, k): a for j, p in place.items() for k, a in right[p].items()}


def _order(a: Ratio, source: int | None) -> int:
    return 0 if source is None else _valuation(a, source)


def _weight(a: Ratio) -> int:
    return len(a.num) + len(a.den)


def _axpy(target: Vector, factor: Ratio, source: Vector) -> None:
    for k, a in source.items():
        value = target[k] + factor * a if k in target else factor * a
        if value:
            target[k] = value
        else:
            target.pop(k, None)


def _flip(pencil: Pencil) -> Pencil:
    """The pencil of the transposed function, letters kept (only their shapes are read crosswise)."""
    linear = {x: {(j, i): a for (i, j), a in e.items()} for x, e in pencil.linear.items()}
    constant = {(j, i): a for (i, j), a in pencil.constant.items()}
    return Pencil(pencil.types, constant, linear, pencil.col, pencil.row, (pencil.outer[1], pencil.outer[0]))


def _reach(pencil: Pencil, field: Field, source: int | None) -> Pencil:
    """Restrict A_k to the smallest space that contains b and is stable under every A_k (A0 = 1)."""
    basis: list[Vector] = []
    pivots: list[int] = []
    columns = {x: _columns(pencil.linear[x]) for x in pencil.letters()}
    col = _coordinates(dict(pencil.col), basis, pivots, source)
    linear: dict[Letter, Entries] = {x: {} for x in columns}
    done = 0
    while done < len(basis):
        for letter, table in columns.items():
            image: Vector = {}
            for j, v in basis[done].items():
                if j in table:
                    _axpy(image, v, table[j])
            for i, a in _coordinates(image, basis, pivots, source).items():
                linear[letter][i, done] = a
        done += 1
    row: Vector = {}
    for m, vector in enumerate(basis):
        total = field.zero
        for j, v in vector.items():
            if j in pencil.row:
                total = total + pencil.row[j] * v
        if total:
            row[m] = total
    # A letter maps types to types, so every basis vector lives in one type: that of any of its entries.
    types = tuple(pencil.types[p] for p in pivots)
    identity = {(i, i): field.one for i in range(len(basis))}
    return Pencil(types, identity, {x: e for x, e in linear.items() if e}, row, col, pencil.outer)


def _columns(entries: Entries) -> dict[int, Vector]:
    table: dict[int, Vector] = {}
    for (i, j), a in entries.items():
        table.setdefault(j, {})[i] = a
    return table


def _coordinates(vector: Vector, basis: list[Vector], pivots: list[int], source: int | None) -> Vector:
    """Coordinates in the basis, which grows by the remainder (scaled to pivot 1) when the vector is new.

    A pivot of least order in the source keeps the basis independent, and all coordinates finite, at source = 0.
    """
    found: Vector = {}
    for l, (element, p) in enumerate(zip(basis, pivots, strict=True)):
        if p in vector:
            found[l] = vector[p]
            _axpy(vector, -vector[p], element)
    if vector:
        p = min(vector, key=lambda i: (_order(vector[i], source), _weight(vector[i]), i))
        scale = vector[p]
        found[len(basis)] = scale
        basis.append({i: a / scale for i, a in vector.items()})
        pivots.append(p)
    return found


def finite_at_zero(pencil: Pencil, field: Field, index: int) -> Pencil:
    """An equivalent pencil whose entries are finite at eps = 0 and whose rows stay independent there.

    Each row (and its b) is multiplied by the power of eps that makes it finite and nonzero; a row that depends on
    others of its type at eps = 0 is replaced by the vanishing combination and rescaled, until none does.
    """
    rows = [_row(pencil, i) for i in range(pencil.size)]
    rows = [_rescaled(row, index, field) for row in rows]
    for _ in range(4 * pencil.size):
        relation = _dependence(rows, pencil.types, index, field)
        if relation is None:
            return _from_rows(pencil, rows, index)
        target = max(relation)
        mixed: dict = {}
        for i, a in relation.items():
            for key, value in rows[i].items():
                _accumulate(mixed, key, a * value)
        rows[target] = _rescaled(mixed, index, field)
    raise NotDerivable("the pencil stays singular at eps = 0: the expression has an inverse that does not exist there")


def _row(pencil: Pencil, i: int) -> dict:
    found: dict = {(None, j): a for (k, j), a in pencil.constant.items() if k == i}
    for letter in pencil.letters():
        found |= {(letter, j): a for (k, j), a in pencil.linear[letter].items() if k == i}
    if i in pencil.col:
        found["b", 0] = pencil.col[i]
    return found


def _valuation(a: Ratio, index: int) -> int:
    low = [min(int(m[index]) for m in part.monoms()) for part in (a.num, a.den)]
    return low[0] - low[1]


def _rescaled(row: dict, index: int, field: Field) -> dict:
    order = min(_valuation(a, index) for key, a in row.items() if key[0] != "b")
    eps = field.generator(field.symbols[index])
    power = Ratio(eps.num ** abs(order), field.one.num)
    return {key: a / power if order > 0 else a * power for key, a in row.items()}


def at_zero(a: Ratio, index: int, field: Field) -> Ratio:
    """The value at eps = 0 of an element that is finite there."""
    values = [field.ctx.gen(i) if i != index else field.ctx.constant(0) for i in range(len(field.symbols))]
    return Ratio.reduced(a.num.compose(*values, ctx=field.ctx), a.den.compose(*values, ctx=field.ctx))


def _dependence(rows: list[dict], types: tuple[str, ...], index: int, field: Field) -> Vector | None:
    """A vanishing combination at eps = 0 among the rows of one type, or None."""
    for t in sorted(set(types)):
        kept: list[tuple[object, dict, Vector]] = []
        for i in (i for i in range(len(rows)) if types[i] == t):
            value = {k: at_zero(a, index, field) for k, a in rows[i].items() if k[0] != "b"}
            value = {k: a for k, a in value.items() if a}
            combination: Vector = {i: field.one}
            for pivot, vector, made_of in kept:
                if pivot in value:
                    factor = -(value[pivot] / vector[pivot])
                    _axpy(value, factor, vector)
                    _axpy(combination, factor, made_of)
            if not value:
                return combination
            kept.append((min(value, key=str), value, combination))
    return None


def _from_rows(pencil: Pencil, rows: list[dict], index: int) -> Pencil:
    constant: Entries = {}
    linear: dict[Letter, Entries] = {}
    col: Vector = {}
    for i, row in enumerate(rows):
        for (head, j), a in row.items():
            if head is None:
                constant[i, j] = a
            elif head == "b":
                col[i] = a
            else:
                linear.setdefault(head, {})[i, j] = a
    for a in [*pencil.row.values(), *col.values()]:
        if _valuation(a, index) < 0:
            raise NotDerivable("the target itself diverges as the regularisation is removed (eps -> 0)")
    return Pencil(pencil.types, constant, linear, pencil.row, col, pencil.outer)

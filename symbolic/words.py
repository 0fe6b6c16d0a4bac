"""Words in matrix letters: the free algebra with transposes and inverses, its normal form, blocks, single edits.

An expression is a sum of scalar coefficients times words; a letter is (symbol, transposed, inverted). Two expressions
are equal for matrices of every size if their words and coefficients agree. Block matrices multiply block by block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sympy as sp

from .errors import BadInput
from .exact import canonical
from .quantity import free_atoms

Letter = tuple[Any, bool, bool]
Words = dict[tuple[Letter, ...], Any]
ONE: Words = {(): sp.Integer(1)}


def words(expr: Any, symmetric: Iterable[Any] = ()) -> Words:
    """The normal form of a matrix expression: word -> coefficient, without zero coefficients.

    >>> X, Y = (sp.MatrixSymbol(name, 2, 2) for name in "XY")
    >>> words((X * Y).T - Y.T * X.T)
    {}
    """
    return _collected(_words(expr, frozenset(symmetric)))


def _words(expr: Any, symmetric: frozenset[Any]) -> list[tuple[tuple[Letter, ...], Any]]:
    if isinstance(expr, sp.MatrixSymbol):
        return [(((expr, False, False),), sp.Integer(1))]
    if isinstance(expr, sp.Identity):
        return [((), sp.Integer(1))]
    if isinstance(expr, sp.ZeroMatrix):
        return []
    if isinstance(expr, sp.MatAdd):
        return [pair for arg in expr.args for pair in _words(arg, symmetric)]
    if isinstance(expr, sp.MatMul):
        total = [((), sp.Integer(1))]
        for arg in expr.args:
            factor = _words(arg, symmetric) if getattr(arg, "is_Matrix", False) else [((), arg)]
            total = [(joined(u, v), c * e) for u, c in total for v, e in factor]
        return total
    if isinstance(expr, sp.Transpose):
        return [(transposed(word, symmetric), c) for word, c in _words(expr.arg, symmetric)]
    if isinstance(expr, sp.Inverse):
        ((word, c),) = _words(expr.arg, symmetric)
        return [(tuple((x, t, not i) for x, t, i in reversed(word)), 1 / c)]
    if isinstance(expr, sp.MatPow) and expr.exp.is_Integer and expr.exp > 0:
        return _words(sp.MatMul(*[expr.base] * int(expr.exp), evaluate=False), symmetric)
    raise BadInput(f"{sp.sstr(expr)[:120]} is no combination of products of matrices")


def joined(left: tuple[Letter, ...], right: tuple[Letter, ...]) -> tuple[Letter, ...]:
    """The product of two words; a letter cancels against its inverse."""
    while left and right and left[-1][:2] == right[0][:2] and left[-1][2] != right[0][2]:
        left, right = left[:-1], right[1:]
    return left + right


def transposed(word: tuple[Letter, ...], symmetric: Iterable[Any] = ()) -> tuple[Letter, ...]:
    return tuple((x, t if x in symmetric else not t, i) for x, t, i in reversed(word))


def _collected(pairs: Iterable[tuple[tuple[Letter, ...], Any]]) -> Words:
    total: dict[Any, list[Any]] = {}
    for word, c in pairs:
        total.setdefault(word, []).append(c)
    found = {word: _scalar(sp.Add(*parts)) for word, parts in total.items()}
    return {word: found[word] for word in sorted(found, key=_key) if found[word] != 0}


def _scalar(c: Any) -> Any:
    """The coefficient as it is, or 0 where it vanishes identically."""
    if c.is_Add and canonical(c) == 0:
        return sp.Integer(0)
    return sp.factor_terms(c) if c.is_Add else c


def _key(word: tuple[Letter, ...]) -> Any:
    return (-len(word), tuple((x.name, t, i) for x, t, i in word))


def combined(*parts: tuple[Any, Words]) -> Words:
    """sum_k c_k f_k."""
    return _collected((word, c * e) for c, f in parts for word, e in f.items())


def product(*factors: Words) -> Words:
    total = ONE
    for f in factors:
        total = _collected((joined(u, v), c * e) for u, c in total.items() for v, e in f.items())
    return total


def flipped(f: Words, symmetric: Iterable[Any] = ()) -> Words:
    """The transpose."""
    return _collected((transposed(word, symmetric), c) for word, c in f.items())


def replaced(f: Words, word: tuple[Letter, ...], value: Words, symmetric: Iterable[Any] = ()) -> Words:
    """Every occurrence of a word, and of its transpose, replaced by a value, until none is left."""
    back = transposed(word, symmetric)
    # Where word = its own transpose, the transposed rule would undo the rule.
    own = back == word or value == {back: sp.Integer(1)}
    table = [(word, value)] if own else [(word, value), (back, flipped(value, symmetric))]
    for _ in range(100):
        pairs, changed = [], False
        for w, c in f.items():
            place = next(((k, u, v) for u, v in table for k in range(len(w)) if w[k : k + len(u)] == u), None)
            if place is None:
                pairs.append((w, c))
                continue
            k, u, v = place
            changed = True
            pairs += [(joined(joined(w[:k], x), w[k + len(u) :]), c * e) for x, e in v.items()]
        f = _collected(pairs)
        if not changed:
            return f
    raise BadInput(f"replacing {matrix_word(word)} does not come to an end")


def matrix_word(word: tuple[Letter, ...]) -> Any:
    """A word that is not empty, as a SymPy product."""
    factors = [_written(letter) for letter in word]
    return sp.MatMul(*factors) if len(factors) > 1 else factors[0]


def _written(letter: Letter) -> Any:
    symbol, flipped_, inverted = letter
    found = sp.Inverse(symbol) if inverted else symbol
    return sp.Transpose(found) if flipped_ else found


def expression(f: Words, shape: tuple[Any, Any]) -> Any:
    """The SymPy expression of a normal form."""
    terms = [c * (matrix_word(word) if word else sp.Identity(shape[0])) for word, c in f.items()]
    return sp.MatAdd(*terms) if len(terms) > 1 else terms[0] if terms else sp.ZeroMatrix(*shape)


# -- blocks ------------------------------------------------------------------------------------------------------

Grid = list[list[Words]]


def grid(expr: Any, blocks: Mapping[Any, Any], symmetric: Iterable[Any] = ()) -> Grid:
    """An expression block by block, where `blocks` tells what the blocks of some letters are."""
    if isinstance(expr, sp.BlockMatrix):
        rows, columns = expr.blockshape
        return [[words(expr.blocks[i, k], symmetric) for k in range(columns)] for i in range(rows)]
    if not any(expr.has(letter) for letter in blocks) and not expr.has(sp.BlockMatrix):
        return [[words(expr, symmetric)]]
    if isinstance(expr, sp.MatrixSymbol):
        return grid(blocks[expr], blocks, symmetric)
    if isinstance(expr, sp.Transpose):
        inner = grid(expr.arg, blocks, symmetric)
        return [[flipped(row[k], symmetric) for row in inner] for k in range(len(inner[0]))]
    if isinstance(expr, sp.MatPow):
        expr = sp.MatMul(*[expr.base] * int(expr.exp), evaluate=False)
    if isinstance(expr, sp.MatMul):
        scalars = [arg for arg in expr.args if not getattr(arg, "is_Matrix", False)]
        total: Grid | None = None
        for arg in expr.args:
            if getattr(arg, "is_Matrix", False):
                factor = grid(arg, blocks, symmetric)
                total = factor if total is None else _block_product(total, factor)
        assert total is not None
        return [[combined((sp.Mul(*scalars), f)) for f in row] for row in total]
    if isinstance(expr, sp.MatAdd):
        parts = [grid(arg, blocks, symmetric) for arg in expr.args if not isinstance(arg, sp.Identity)]
        size = max(len(part) for part in parts)
        # A multiple of the identity has no block letters of its own.
        parts = [diagonal(p[0][0], size) if len(p) == len(p[0]) == 1 < size else p for p in parts]
        parts += [diagonal(ONE, size) for arg in expr.args if isinstance(arg, sp.Identity)]
        shape = (range(len(parts[0])), range(len(parts[0][0])))
        one = sp.Integer(1)
        return [[combined(*((one, part[i][k]) for part in parts)) for k in shape[1]] for i in shape[0]]
    raise BadInput(f"{sp.sstr(expr)[:120]} cannot be multiplied out block by block")


def diagonal(f: Words, size: int) -> Grid:
    if any(f):
        raise BadInput("a term without blocks is added to one with blocks")
    return [[f if i == k else {} for k in range(size)] for i in range(size)]


def _block_product(left: Grid, right: Grid) -> Grid:
    one = sp.Integer(1)
    if len(left[0]) != len(right):
        raise BadInput("the blocks of two factors do not fit")
    return [
        [combined(*((one, product(row[j], right[j][k])) for j in range(len(right)))) for k in range(len(right[0]))]
        for row in left
    ]


def entries(expr: Any, matrices: Mapping[Any, Any]) -> Any:
    """The explicit SymPy matrix of an expression whose letters stand for the given explicit matrices."""
    total = None
    for word, c in words(expr).items():
        factors = [matrices[x].T if turned else matrices[x] for x, turned, _ in word]
        term = factors[0] if factors else sp.eye(int(expr.shape[0]))
        for factor in factors[1:]:
            term = term * factor
        total = c * term if total is None else total + c * term
    return total


# -- edits -------------------------------------------------------------------------------------------------------


def edits(expr: Any, symmetric: Iterable[Any] = ()) -> Iterator[tuple[str, Any]]:
    """Single edits of a sum of words: sign, factor 2, a term dropped, a letter dropped, turned or replaced."""
    if isinstance(expr, sp.BlockMatrix):
        yield from _block_edits(expr, symmetric)
        return
    f = words(expr, symmetric)
    if not f:
        yield "0 -> I" if expr.shape[0] == expr.shape[1] else "0 -> 1", _nonzero(expr.shape)
    letters = sorted({x for word in f for x, _, _ in word}, key=lambda x: x.name)
    for word, c in f.items():
        rest = {w: e for w, e in f.items() if w != word}
        name = sp.sstr(matrix_word(word)) if word else "I"
        changes: list[tuple[str, Words]] = [(f"drop {name}", {}), (f"flip {name}", {word: -c})]
        changes.append((f"double {name}", {word: 2 * c}))
        changes += [(f"{edit} in {name}", {w: c}) for edit, w in _word_edits(word, letters, symmetric)]
        changes += [(f"{edit} in the coefficient of {name}", {word: e}) for edit, e in _scalar_edits(c)]
        for edit, change in changes:
            changed = combined((sp.Integer(1), rest), (sp.Integer(1), change))
            if changed != f:
                yield edit, expression(changed, expr.shape)


def _block_edits(expr: Any, symmetric: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    rows, columns = expr.blockshape
    for place in ((i, k) for i in range(rows) for k in range(columns)):
        for edit, block in edits(expr.blocks[place], symmetric):
            table = [[block if (i, k) == place else expr.blocks[i, k] for k in range(columns)] for i in range(rows)]
            yield f"block {place}: {edit}", sp.BlockMatrix(table)


def _nonzero(shape: tuple[Any, Any]) -> Any:
    return sp.Identity(shape[0]) if shape[0] == shape[1] else sp.MatrixSymbol("nonzero", *shape)


def _word_edits(
    word: tuple[Letter, ...], letters: list[Any], symmetric: Iterable[Any]
) -> Iterator[tuple[str, tuple[Letter, ...]]]:
    for k, (x, t, i) in enumerate(word):
        if x.shape[0] == x.shape[1]:
            yield f"drop {x}", joined(word[:k], word[k + 1 :])
            if x not in symmetric:
                yield f"turn {x}", (*word[:k], (x, not t, i), *word[k + 1 :])
        for other in letters:
            if other != x and other.shape == x.shape:
                yield f"{x} -> {other}", (*word[:k], (other, t, i), *word[k + 1 :])


def _scalar_edits(c: Any) -> Iterator[tuple[str, Any]]:
    for atom in free_atoms(c):
        yield f"drop {atom}", c.xreplace({atom: sp.Integer(1)})
        yield f"square {atom}", c.xreplace({atom: atom**2})

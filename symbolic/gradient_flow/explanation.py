"""What a law says: its formula in text and LaTeX, and the symmetry that makes it (Noether), in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from .labels import latex_entry, latex_name
from .law_text import law_text, signed_sum
from .laws import Law, generator_entries
from .metric import ENTROPIC_MIRROR, GRADIENT_FLOW, HEAVY_BALL, WEIGHT_NORMALISATION
from .parametrisation import Block, Parametrisation

Pairs = dict[tuple[int, int], Fraction]


@dataclass(frozen=True)
class Slice:
    """coefficient * <T[.. j ..], T[.. k ..]>: two slices of a tensor along one axis; axis None is the whole tensor."""

    block: Block
    axis: int | None
    j: int
    k: int
    coefficient: Fraction


@dataclass(frozen=True)
class Explanation:
    """kind: "rescaling", "mixing", "translation", "hyperbolic rotation", "rotation", "linear map" or "no linear
    symmetry"; formula and latex: the law; words: the generator; slices: of which matrix law it is which entry."""

    kind: str
    formula: str
    latex: str
    words: str
    slices: tuple[Slice, ...] = ()

    @property
    def matrix_law(self) -> bool:
        """One entry (j, k) of a sum of Gram matrices of tensors, one axis each."""
        places = {(s.block.name, s.axis) for s in self.slices}
        entries = {(s.j, s.k) for s in self.slices}
        whole = any(s.axis is None for s in self.slices)
        return bool(self.slices) and not whole and len(places) == len(self.slices) and len(entries) == 1


def explain(law: Law, phi: Parametrisation) -> Explanation:
    """Formula and symmetry of one law.

    >>> from .chains import linear
    >>> from .finder import find_quadratic_laws
    >>> phi = linear((2, 1, 2))
    >>> explain(find_quadratic_laws(phi)[0], phi).formula
    '|W1[:,1]|^2 - |W2[1,:]|^2'
    """
    slices = None
    if law.quadratic and law.dynamics in (GRADIENT_FLOW, WEIGHT_NORMALISATION):
        slices = slices_of({(m[0], m[1]): Fraction(c) for m, c in law.terms}, phi)
    formula, latex = law_text(law, phi, tex=False), law_text(law, phi, tex=True)
    if slices:
        formula, latex = _inner_products(slices), _inner_products_latex(slices)
    kind, words = _generator(law, phi)
    return Explanation(kind, formula, latex, words, tuple(slices or ()))


def slices_of(pairs: Pairs, phi: Parametrisation) -> list[Slice] | None:
    """Write sum c_ab theta_a theta_b (a <= b) as inner products of slices of tensors, or None."""
    per_block: dict[str, Pairs] = {}
    for (a, b), c in pairs.items():
        block = phi.block_of(a)
        if phi.block_of(b) != block:
            return None
        per_block.setdefault(block.name, {})[a, b] = c
    found: list[Slice] = []
    for block in phi.blocks:
        if block.name in per_block:
            part = _block_slices(block, per_block[block.name])
            if part is None:
                return None
            found += part
    return found


def _block_slices(block: Block, pairs: Pairs) -> list[Slice] | None:
    by_coefficient: dict[Fraction, set[tuple[int, int]]] = {}
    for pair, c in pairs.items():
        by_coefficient.setdefault(c, set()).add(pair)
    found = []
    for c, members in sorted(by_coefficient.items()):
        whole = len(members) == block.size and all(a == b for a, b in members)
        # A matrix with one row or column is that slice: its law then reads like those of wider layers.
        if whole and not (len(block.shape) == 2 and 1 in block.shape):
            found.append(Slice(block, None, 0, 0, c))
            continue
        candidates = [(block.shape.index(1), 0, 0)] if whole else _slice_candidates(block, members)
        if candidates is None:
            return None
        found += [Slice(block, axis, j, k, c) for axis, j, k in candidates]
    return found


def _slice_candidates(block: Block, members: set[tuple[int, int]]) -> list[tuple[int, int, int]] | None:
    """Slices along one axis that cover the pairs exactly, or None."""
    for axis, length in enumerate(block.shape):
        chosen: dict[tuple[int, int], int] = {}
        for a, b in members:
            p, q = block.index(a), block.index(b)
            if any(x != y for i, (x, y) in enumerate(zip(p, q)) if i != axis):
                break
            chosen[p[axis], q[axis]] = chosen.get((p[axis], q[axis]), 0) + 1
        else:
            if all(count == block.size // length for count in chosen.values()):
                return [(axis, j, k) for j, k in sorted(chosen)]
    return None


def _generator(law: Law, phi: Parametrisation) -> tuple[str, str]:
    if law.dynamics == WEIGHT_NORMALISATION:
        return "scale invariance", "w = g v / |v| does not see the length of v"
    if law.degree > (1 if law.dynamics == ENTROPIC_MIRROR else 2):
        return "no linear symmetry", "found and verified as a polynomial identity"
    merged: Pairs = {}
    for a, x, c in generator_entries(law, phi):
        merged[a, x] = merged.get((a, x), Fraction(0)) + c
    entries = [(a, x, c) for (a, x), c in merged.items()]
    common = lcm(*(c.denominator for _, _, c in entries))
    shared = gcd(*(int(c * common) for _, _, c in entries))
    entries = [(a, x, c * common / shared) for a, x, c in entries]
    if all(x == phi.D for _, x, _ in entries):
        moves = ", ".join(f"{phi.label(a)} by {signed_power(c)}" for a, _, c in entries)
        return "translation", f"shift {moves}"
    if all(a == x for a, x, _ in entries):
        return "rescaling", _rescaling(entries, phi)
    if any(x == phi.D for _, x, _ in entries):
        return "linear map", "an affine symmetry: " + _arrows(entries, phi)
    own = all(a != x and phi.block_of(a) == phi.block_of(x) for a, x, _ in entries)
    pairs = {(min(a, x), max(a, x)): c for a, x, c in entries if a < x}
    slices = slices_of(pairs, phi) if own else None
    if slices:
        mixed = "; ".join(f"{slice_name(s, s.j)} with {slice_name(s, s.k)}" for s in slices if s.axis is not None)
        verb = "rotate" if law.dynamics == HEAVY_BALL else "mix"
        return "rotation" if law.dynamics == HEAVY_BALL else "mixing", f"{verb} {mixed}, one undoing the other"
    if law.dynamics == HEAVY_BALL:
        return "rotation", "rotate " + _arrows(entries, phi)
    if all(a != x for a, x, _ in entries):
        return "hyperbolic rotation", "hyperbolic rotation of " + _arrows(entries, phi)
    return "linear map", "linear symmetry " + _arrows(entries, phi)


def _rescaling(entries, phi: Parametrisation) -> str:
    totals: Pairs = {(a, a): c for a, _, c in entries}
    slices = slices_of(totals, phi)
    if slices is None:
        return "scale " + ", ".join(f"{phi.label(a)} by e^({signed_power(c)})" for (a, _), c in sorted(totals.items()))
    return "scale " + ", ".join(f"{slice_name(s, s.j)} by e^({signed_power(s.coefficient)})" for s in slices)


def signed_power(c: Fraction) -> str:
    return {Fraction(1): "s", Fraction(-1): "-s"}.get(c, f"{c} s")


def _arrows(entries, phi: Parametrisation) -> str:
    moves = []
    for a, x, c in entries:
        source = "1" if x == phi.D else phi.label(x)
        size = {1: "", -1: "-"}.get(c, f"{c} ") if x != phi.D else f"{c} * "
        moves.append(f"d{phi.label(a)} = {size}{source}")
    return ", ".join(moves)


def slice_name(piece: Slice, index: int) -> str:
    block = piece.block
    if piece.axis is None or not block.shape:
        return block.name
    places = [str(index + 1) if axis == piece.axis else ":" for axis in range(len(block.shape))]
    return f"{block.name}[{','.join(places)}]"


def _inner_products(slices: list[Slice]) -> str:
    parts = []
    for s in slices:
        left, right = slice_name(s, s.j), slice_name(s, s.k)
        if s.block.size == 1:
            left = right = s.block.label(s.block.start)
        scalar = s.block.size == 1 or (len(s.block.shape) == 1 and s.axis is not None)
        if s.j == s.k:
            parts.append((s.coefficient, f"{left}^2" if scalar else f"|{left}|^2"))
        else:
            parts.append((s.coefficient, f"{left} {right}" if scalar else f"<{left}, {right}>"))
    return signed_sum(parts)


def _inner_products_latex(slices: list[Slice]) -> str:
    parts = []
    for s in slices:
        name, shape = latex_name(s.block.name), s.block.shape
        if s.axis is None or not shape:
            parts.append((s.coefficient, rf"\lVert {name} \rVert^2" if shape else f"{name}^{{2}}"))
        elif len(shape) == 1:
            left, right = latex_entry(name, (s.j,)), latex_entry(name, (s.k,))
            parts.append((s.coefficient, f"{left}^{{2}}" if s.j == s.k else f"{left} {right}"))
        else:
            parts.append((s.coefficient, rf"\bigl({gram_latex(s)}\bigr)_{{{s.j + 1},{s.k + 1}}}"))
    return signed_sum(parts, tex=True)


def gram_latex(s: Slice) -> str:
    name = latex_name(s.block.name)
    if len(s.block.shape) > 2:
        name = rf"{{{name}}}_{{({(s.axis or 0) + 1})}}"
        return rf"{name} {name}^{{\top}}"
    return rf"{name}^{{\top}} {name}" if s.axis == 1 else rf"{name} {name}^{{\top}}"

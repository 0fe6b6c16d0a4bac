"""What a law says: its formula in text and LaTeX, and the symmetry that makes it (Noether), in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from .fields import GRADIENT_FLOW, HEAVY_BALL
from .labels import latex_entry, latex_label, latex_name
from .laws import Law, generator_entries
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
    symmetry"; formula and latex: the law; words: the generator; family: name of the matrix law it is an entry of."""

    kind: str
    formula: str
    latex: str
    words: str
    family: str


def explain(law: Law, phi: Parametrisation) -> Explanation:
    """Formula and symmetry of one law.

    >>> from .chains import linear
    >>> from .finder import find_quadratic_laws
    >>> phi = linear((2, 1, 2))
    >>> explain(find_quadratic_laws(phi)[0], phi).formula
    '|W1[:,1]|^2 - |W2[1,:]|^2'
    """
    slices = None
    if law.quadratic and law.dynamics == GRADIENT_FLOW:
        slices = slices_of({(m[0], m[1]): Fraction(c) for m, c in law.terms}, phi)
    formula, latex = _terms(law, phi, tex=False), _terms(law, phi, tex=True)
    family = ""
    if slices:
        formula, latex, family = _inner_products(slices), _inner_products_latex(slices), _family(slices)
    kind, words = _generator(law, phi)
    return Explanation(kind, formula, latex, words, family)


def families(laws: Iterable[Law], phi: Parametrisation) -> list[tuple[str, int]]:
    """The matrix laws and how many of the given laws are entries of each, in order of appearance.

    >>> from .chains import linear
    >>> from .finder import find_quadratic_laws
    >>> families(find_quadratic_laws(linear((3, 2, 3))), linear((3, 2, 3)))
    [('W1^T W1 - W2 W2^T', 3)]
    """
    found: dict[str, int] = {}
    for law in laws:
        told = explain(law, phi)
        key = told.family or told.formula
        found[key] = found.get(key, 0) + 1
    return list(found.items())


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
    if law.degree > 2 or law.dynamics not in (GRADIENT_FLOW, HEAVY_BALL):
        return "no linear symmetry", "no linear symmetry: the law was found as a polynomial identity"
    merged: Pairs = {}
    for a, x, c in generator_entries(law, phi):
        merged[a, x] = merged.get((a, x), Fraction(0)) + c
    entries = [(a, x, c) for (a, x), c in merged.items()]
    common = lcm(*(c.denominator for _, _, c in entries))
    shared = gcd(*(int(c * common) for _, _, c in entries))
    entries = [(a, x, c * common / shared) for a, x, c in entries]
    if all(x == phi.D for _, x, _ in entries):
        moves = ", ".join(f"{phi.label(a)} by {_signed_power(c)}" for a, _, c in entries)
        return "translation", f"shift {moves}"
    if all(a == x for a, x, _ in entries):
        return "rescaling", _rescaling(entries, phi)
    if any(x == phi.D for _, x, _ in entries):
        return "linear map", "an affine symmetry: " + _arrows(entries, phi)
    own = all(a != x and phi.block_of(a) == phi.block_of(x) for a, x, _ in entries)
    pairs = {(min(a, x), max(a, x)): c for a, x, c in entries if a < x}
    slices = slices_of(pairs, phi) if own else None
    if slices:
        mixed = "; ".join(f"{_name(s, s.j)} with {_name(s, s.k)}" for s in slices if s.axis is not None)
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
        return "scale " + ", ".join(f"{phi.label(a)} by e^({_signed_power(c)})" for (a, _), c in sorted(totals.items()))
    return "scale " + ", ".join(f"{_name(s, s.j)} by e^({_signed_power(s.coefficient)})" for s in slices)


def _signed_power(c: Fraction) -> str:
    return {Fraction(1): "s", Fraction(-1): "-s"}.get(c, f"{c} s")


def _arrows(entries, phi: Parametrisation) -> str:
    moves = []
    for a, x, c in entries:
        source = "1" if x == phi.D else phi.label(x)
        size = {1: "", -1: "-"}.get(c, f"{c} ") if x != phi.D else f"{c} * "
        moves.append(f"d{phi.label(a)} = {size}{source}")
    return ", ".join(moves)


def _name(piece: Slice, index: int) -> str:
    block = piece.block
    if piece.axis is None or not block.shape:
        return block.name
    places = [str(index + 1) if axis == piece.axis else ":" for axis in range(len(block.shape))]
    return f"{block.name}[{','.join(places)}]"


def _inner_products(slices: list[Slice]) -> str:
    parts = []
    for s in slices:
        left, right = _name(s, s.j), _name(s, s.k)
        scalar = not s.block.shape or (len(s.block.shape) == 1 and s.axis is not None)
        if s.j == s.k:
            parts.append((s.coefficient, f"{left}^2" if scalar else f"|{left}|^2"))
        else:
            parts.append((s.coefficient, f"{left} {right}" if scalar else f"<{left}, {right}>"))
    return _sum(parts)


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
            parts.append((s.coefficient, rf"\bigl({_gram_latex(s)}\bigr)_{{{s.j + 1},{s.k + 1}}}"))
    return _sum(parts)


def _gram_latex(s: Slice) -> str:
    name = latex_name(s.block.name)
    if len(s.block.shape) > 2:
        name = rf"{{{name}}}_{{({(s.axis or 0) + 1})}}"
        return rf"{name} {name}^{{\top}}"
    return rf"{name}^{{\top}} {name}" if s.axis == 1 else rf"{name} {name}^{{\top}}"


def _family(slices: list[Slice]) -> str:
    if any(s.axis is None for s in slices) or len({(s.block.name, s.axis) for s in slices}) < len(slices):
        return ""
    parts = []
    for s in slices:
        name = s.block.name
        if len(s.block.shape) == 1:
            text = f"{name} {name}^T"
        elif len(s.block.shape) == 2:
            text = f"{name}^T {name}" if s.axis == 1 else f"{name} {name}^T"
        else:
            text = f"{name}_({(s.axis or 0) + 1}) {name}_({(s.axis or 0) + 1})^T"
        parts.append((s.coefficient, text))
    return _sum(parts)


def _terms(law: Law, phi: Parametrisation, tex: bool) -> str:
    label = (lambda a: latex_label(phi, a)) if tex else phi.label
    skew = law.dynamics == HEAVY_BALL
    parts = []
    for monomial, c in law.terms:
        if skew and len(monomial) == 2:
            a, b = monomial
            wedge = (
                rf"\bigl(\dot{{{label(a)}}} {label(b)} - \dot{{{label(b)}}} {label(a)}\bigr)"
                if tex
                else f"({label(a)}' {label(b)} - {label(b)}' {label(a)})"
            )
            parts.append((Fraction(c), wedge))
        elif skew:
            (a,) = monomial
            moved = rf"\dot{{{label(a)}}}" if tex else f"{label(a)}'"
            tau = rf"\tau {moved}" if tex else f"tau {moved}"
            parts.append((Fraction(c), f"({label(a)} + {tau})" if law.plain else moved))
        else:
            parts.append((Fraction(c), _power_product(monomial, label, tex)))
    body = _sum(parts)
    if skew and not law.plain:
        return rf"e^{{t/\tau}} \bigl[{body}\bigr]" if tex else f"exp(t/tau) [{body}]"
    return body


def _power_product(monomial, label, tex: bool) -> str:
    factors = []
    for a in dict.fromkeys(monomial):
        power = monomial.count(a)
        name = label(a)
        factors.append(name if power == 1 else f"{name}^{{{power}}}" if tex else f"{name}^{power}")
    return " ".join(factors)


def _sum(parts: list[tuple[Fraction, str]]) -> str:
    found = ""
    for c, text in parts:
        size = abs(c)
        body = text if size == 1 else f"{size} {text}"
        if not found:
            found = body if c > 0 else f"-{body}"
        else:
            found += f" {'+' if c > 0 else '-'} {body}"
    return found

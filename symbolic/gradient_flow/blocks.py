"""Laws block by block: entries of one matrix law together, with the group of changes of the network behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .explanation import Explanation, Slice, explain, gram_latex, signed_power
from .labels import latex_name
from .law_text import signed_sum
from .laws import Law
from .parametrisation import Parametrisation
from .symmetry_latex import generator_latex, mixing_latex, scaling_latex


@dataclass(frozen=True)
class LawBlock:
    """A matrix law, or one law by itself: formula, LaTeX, symmetry in words and in LaTeX, numbers of its laws."""

    formula: str
    latex: str
    words: str
    symmetry: str
    laws: tuple[int, ...]


def law_blocks(laws: Sequence[Law], phi: Parametrisation) -> list[LawBlock]:
    """The laws gathered into matrix laws, in order of appearance.

    >>> from .chains import linear
    >>> from .finder import find_quadratic_laws
    >>> phi = linear((3, 2, 3))
    >>> [(block.formula, len(block.laws)) for block in law_blocks(find_quadratic_laws(phi), phi)]
    [('W1^T W1 - W2 W2^T', 3)]
    """
    told = [explain(law, phi) for law in laws]
    gathered: dict[object, list[int]] = {}
    for number, one in enumerate(told):
        key: object = number
        if one.matrix_law:
            key = tuple((s.block.name, s.axis, s.coefficient) for s in one.slices)
        gathered.setdefault(key, []).append(number)
    return [_block(laws, [told[n] for n in numbers], tuple(numbers), phi) for numbers in gathered.values()]


def _block(laws: Sequence[Law], told: list[Explanation], numbers: tuple[int, ...], phi: Parametrisation) -> LawBlock:
    first = told[0]
    if len(told) == 1:
        return LawBlock(first.formula, first.latex, first.words, generator_latex(laws[numbers[0]], phi), numbers)
    entries = sorted((min(s.j, s.k), max(s.j, s.k)) for s in (one.slices[0] for one in told))
    formula = signed_sum([(s.coefficient, _gram(s)) for s in first.slices])
    latex = signed_sum([(s.coefficient, _gram_latex(s)) for s in first.slices], tex=True)
    units = len({j for entry in entries for j in entry})
    if all(j == k for j, k in entries):
        invariant = first.kind == "scale invariance"
        words = first.words if invariant else _scales(first, units, phi)
        symmetry = "" if invariant else scaling_latex(_powers(first, phi))
        return LawBlock(f"diag({formula})", rf"\operatorname{{diag}}\bigl({latex}\bigr)", words, symmetry, numbers)
    symmetry = mixing_latex(_powers(first, phi), units)
    if len(entries) < units * (units + 1) // 2:
        listed = ", ".join(f"({j + 1},{k + 1})" for j, k in entries)
        return LawBlock(f"entries {listed} of {formula}", latex, _partly_mixing(first, entries, phi), symmetry, numbers)
    return LawBlock(formula, latex, _mixing(first, units, phi), symmetry, numbers)


def _gram(s: Slice) -> str:
    name = s.block.name
    if len(s.block.shape) == 1:
        return f"{name} {name}^T"
    if len(s.block.shape) == 2:
        return f"{name}^T {name}" if s.axis == 1 else f"{name} {name}^T"
    return f"{name}_({(s.axis or 0) + 1}) {name}_({(s.axis or 0) + 1})^T"


def _gram_latex(s: Slice) -> str:
    if len(s.block.shape) == 1:
        return rf"{latex_name(s.block.name)} {latex_name(s.block.name)}^{{\top}}"
    return gram_latex(s)


def _powers(first: Explanation, phi: Parametrisation) -> list[tuple[Slice, Fraction]]:
    """How each tensor moves: the generator is E S, so a coefficient of the law is multiplied by the learning rate."""
    found = [(s, s.coefficient * phi.rates[s.block.start]) for s in first.slices]
    unit = abs(found[0][1])
    return [(s, power / unit) for s, power in found]


def _scales(first: Explanation, units: int, phi: Parametrisation) -> str:
    moves = ", ".join(f"{_place(s)} by e^({signed_power(power)})" for s, power in _powers(first, phi))
    names = " and ".join(s.block.name for s in first.slices)
    return f"for each of {units} units j, scale {moves}: {names} share the scale of every unit"


def _place(s: Slice) -> str:
    return f"{s.block.name}[{','.join('j' if axis == s.axis else ':' for axis in range(len(s.block.shape)))}]"


def _mixing(first: Explanation, units: int, phi: Parametrisation) -> str:
    names = " and ".join(s.block.name for s in first.slices)
    return f"{_moves(first, phi)}, g in GL({units}): the {units} units that {names} share can be mixed and rescaled"


def _partly_mixing(first: Explanation, entries: list[tuple[int, int]], phi: Parametrisation) -> str:
    """Which units an entry (j, k) joins: g is any matrix that leaves the groups apart."""
    group = {j: j for entry in entries for j in entry}
    for j, k in entries:
        old, new = max(group[j], group[k]), min(group[j], group[k])
        group = {unit: new if found == old else found for unit, found in group.items()}
    members = [[unit + 1 for unit in sorted(group) if group[unit] == first] for first in sorted(set(group.values()))]
    listed = ", ".join("{" + ", ".join(map(str, units)) + "}" for units in members)
    return f"{_moves(first, phi)}, g mixing units only inside {listed}"


def _moves(first: Explanation, phi: Parametrisation) -> str:
    moves = []
    for s, power in _powers(first, phi):
        name, letter = s.block.name, _group_element(power)
        if len(s.block.shape) > 2:
            moves.append(f"{letter} on axis {(s.axis or 0) + 1} of {name}")
        elif len(s.block.shape) == 1 or s.axis == 1:
            moves.append(f"{name} -> {name} {letter}")
        else:
            moves.append(f"{name} -> {letter} {name}")
    return ", ".join(moves)


def _group_element(power: Fraction) -> str:
    return {Fraction(1): "g", Fraction(-1): "g^-1"}.get(power, f"g^({power})")

"""Symmetries in LaTeX: the change of the tensors behind a matrix law, or the generator of a single law."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from .explanation import Slice
from .labels import latex_label, latex_name
from .law_text import signed_sum
from .laws import Law, generator_entries
from .metric import ENTROPIC_MIRROR, GRADIENT_FLOW, HEAVY_BALL
from .parametrisation import Parametrisation

LONGEST = 4


def mixing_latex(moves: Sequence[tuple[Slice, Fraction]], units: int) -> str:
    r"""W_1 \mapsto W_1 g, W_2 \mapsto g^{-1} W_2 for g in GL(units)."""
    parts = []
    for s, power in moves:
        name, letter = latex_name(s.block.name), "g" if power == 1 else f"g^{{{power}}}"
        if len(s.block.shape) > 2:
            parts.append(rf"{name} \mapsto {name} \times_{{{(s.axis or 0) + 1}}} {letter}")
        elif len(s.block.shape) == 1 or s.axis == 1:
            parts.append(rf"{name} \mapsto {name} {letter}")
        else:
            parts.append(rf"{name} \mapsto {letter} {name}")
    return r",\; ".join([*parts, rf"g \in \mathrm{{GL}}({units})"])


def scaling_latex(moves: Sequence[tuple[Slice, Fraction]]) -> str:
    r"""The mixing law for diagonal g: W_1 \mapsto W_1 g, W_2 \mapsto g^{-1} W_2, g diagonal and positive."""
    return mixing_latex(moves, 1).rsplit(r",\; ", 1)[0] + r",\; g = \operatorname{diag}(e^{s_{j}})"


def generator_latex(law: Law, phi: Parametrisation) -> str:
    r"""\partial_s \theta_a = ... along the symmetry, for laws with few terms; empty for others."""
    linear = law.degree <= (1 if law.dynamics == ENTROPIC_MIRROR else 2)
    if not linear or law.dynamics not in (GRADIENT_FLOW, HEAVY_BALL, ENTROPIC_MIRROR):
        return ""
    entries: dict[tuple[int, int], Fraction] = {}
    for a, x, c in generator_entries(law, phi):
        entries[a, x] = entries.get((a, x), Fraction(0)) + c
    if len(entries) > LONGEST:
        return ""
    clear = lcm(*(c.denominator for c in entries.values()))
    scale = Fraction(clear, gcd(*(int(c * clear) for c in entries.values())))
    moves: dict[int, list[tuple[Fraction, str]]] = {}
    for (a, x), c in entries.items():
        c *= scale
        if x == phi.D:
            moves.setdefault(a, []).append((Fraction(1 if c > 0 else -1), str(abs(c))))
        else:
            moves.setdefault(a, []).append((c, latex_label(phi, x)))
    return r",\; ".join(
        rf"\partial_{{s}} {latex_label(phi, a)} = {signed_sum(parts, tex=True)}" for a, parts in moves.items()
    )

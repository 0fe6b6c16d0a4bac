"""Ising spins on a tree of replicas: pair sums level by level, and one Gaussian field per level."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .floating import floating
from .mean import Mean
from .sampling import sample, shown
from .terms import LogTrace, PairSum, written_out
from .trees import TreeMatrix

# An odd number of replicas tells (-F)^n from F^n.
_SIZES = ((3, 3), (4, 2), (6, 2), (6, 3))
_BITS = 120


def _explicit_entries(
    base: Any, values: tuple[Any, ...], sizes: tuple[Any, ...], n: int, blocks: Any
) -> dict[Any, Any]:
    """Q[i, j] for i != j on an explicit tree."""
    full = TreeMatrix(sp.Symbol("n"), sizes, values, sp.Integer(0)).explicit(n, blocks)
    return {base[i + 1, j + 1]: full[i, j] for i in range(n) for j in range(n) if i != j}


def _outside(expr: Any) -> tuple[Any, dict[Any, Any]]:
    """The expression with its traces named, and the way back."""
    names = {t: sp.Dummy() for t in sorted(expr.atoms(LogTrace), key=sp.default_sort_key)}
    return expr.xreplace(names), {name: trace for trace, name in names.items()}


@dataclass(frozen=True)
class TreePairs(Rule):
    """Q_ab = q_i, Qhat_ab = r_i at level i  ->  sum_{a != b} f(Q, Qhat) = n sum_i (m_i - m_{i+1}) f(q_i, r_i).

    `orders` lists (base, values from the outermost level inwards); traces are left as they are.
    """

    source: ClassVar[str] = "counting on a tree"
    n: Any = None
    sizes: tuple[Any, ...] = ()
    orders: tuple[tuple[Any, tuple[Any, ...]], ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        expr, back = _outside(target.rhs)
        levels = tuple(sp.Integer(k) for k in range(len(self.sizes) + 1))
        tree, values = TreeMatrix(self.n, self.sizes, levels, sp.Integer(0)), dict(self.orders)
        table = {}
        for term in sorted(expr.atoms(PairSum), key=sp.default_sort_key):
            entries = sorted(term.args[0].atoms(sp.Indexed), key=sp.default_sort_key)
            if any(e.base not in values for e in entries):
                raise NotDerivable("a pair sum contains something that the tree does not state")

            def at(level: Any, term: Any = term, entries: Any = entries) -> Any:
                return term.args[0].xreplace({e: values[e.base][int(level)] for e in entries})

            table[term] = tree.pair_sum(at)
        return Equation(target.lhs, expr.xreplace(table).xreplace(back), target.relation)

    def check(self, case: Case) -> Verdict:
        """Explicit trees (n, m) = (3, 3), (4, 2), (6, 2), (6, 3): every pair written out, traces untouched."""
        (before, traces), (after, told) = (_outside(c.rhs) for c in (case.inputs[0], case.output))
        if sorted(map(str, traces.values())) != sorted(map(str, told.values())):
            return refuted("traces", "the rule leaves traces as they are")
        before = before.xreplace(dict.fromkeys(traces, sp.Integer(1)))
        after = after.xreplace(dict.fromkeys(told, sp.Integer(1)))
        for n, m in _SIZES:
            fixed = {self.n: sp.Integer(n), self.sizes[0]: sp.Integer(m)}
            entries: dict[Any, Any] = {}
            for base, values in self.orders:
                entries |= _explicit_entries(base, values, self.sizes, n, (m,))
            truth = written_out(before, n, self.n).xreplace(entries)
            free = [s for e in (truth, after) for s in free_atoms(e) if s not in fixed]
            point = sample(case, free, case.given, n + m)
            gap = balls.enclose((truth - after).xreplace(fixed).xreplace(point), {}, _BITS)
            if not gap.contains(0):
                return refuted(f"explicit tree, n = {n}, m = {m}", f"the sides differ by {gap.str(5)}", shown(point))
        return consistent("explicit trees", "(n, m) = (3, 3), (4, 2), (6, 2), (6, 3)")


@dataclass(frozen=True)
class DecoupleTree(Rule):
    """log Tr exp(1/2 sum_{a!=b} r_ab s_a s_b + h sum s) -> -n r_1/2 + log E_x (E_z (2 cosh u)^m)^(n/m), one step.

    u = h + sqrt(r_0) x + sqrt(r_1 - r_0) z: one Gaussian field for all replicas, one for each block.
    """

    source: ClassVar[str] = "Gaussian linearisation, level by level"
    conditions: ClassVar[tuple[str, ...]] = ("0 <= r_0 <= r_1",)
    n: Any = None
    size: Any = None
    conjugate: Any = None
    values: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        (trace,) = target.rhs.atoms(LogTrace)
        field, strength = self._parts(trace)
        outer, inner = (strength * r for r in self.values)
        x, z = sp.Dummy("x", real=True), sp.Dummy("z", real=True)
        site = 2 * sp.cosh(field + sp.sqrt(outer) * x + sp.sqrt(inner - outer) * z)
        decoupled = -self.n * inner / 2 + sp.log(Mean(Mean(site**self.size, z) ** (self.n / self.size), x))
        return Equation(target.lhs, target.rhs.xreplace({trace: decoupled}), target.relation)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        outer, inner = self.values
        return tuple(dict.fromkeys([*super().given(*inputs), sp.Gt(outer, 0), sp.Gt(inner, outer)]))

    def _parts(self, trace: LogTrace) -> tuple[Any, Any]:
        """(field, strength) of field sum_a s_a + (strength/2) sum_{a != b} Qhat_ab s_a s_b."""
        field, strength = sp.Integer(0), sp.Integer(0)
        for term in sp.Add.make_args(trace.exponent):
            pairs, sums = sorted(term.atoms(PairSum), key=str), sorted(term.atoms(sp.Sum), key=str)
            if len(pairs) == 1 and not sums:
                strength += 2 * term.coeff(pairs[0])
            elif len(sums) == 1 and isinstance(sums[0].function, sp.Indexed):
                field += term.coeff(sums[0])
            else:
                raise NotDerivable(f"{sp.sstr(term)[:80]} is neither a field nor a coupling of pairs")
        return field, strength

    def check(self, case: Case) -> Verdict:
        """All 2^n configurations on explicit trees, four sizes, against the nested mean in double precision."""
        before, after = case.inputs[0].rhs, case.output.rhs
        traces = sorted(before.atoms(LogTrace), key=sp.default_sort_key)
        for n, m in _SIZES:
            fixed = {self.n: sp.Integer(n), self.size: sp.Integer(m)}
            free = [s for e in (before, after, *self.values) for s in free_atoms(e) if isinstance(s, sp.Symbol)]
            point = sample(case, [s for s in free if s not in fixed], case.given, n + m)
            # Small fields keep (2 cosh)^n within the range of doubles.
            point = {**{k: v / 4 for k, v in point.items()}, **fixed}
            entries = _explicit_entries(self.conjugate, self.values, (self.size,), n, (m,))
            names = {trace: sp.Dummy() for trace in traces}
            logs = {names[t]: _log_trace(t, n, entries, point) for t in traces}
            truth = floating(before.xreplace(names), {**point, **logs})
            gap = abs(truth - floating(after, point))
            if not gap < 1e-9 * (1 + abs(truth)):
                return refuted(f"enumeration at n = {n}, m = {m}", f"the sides differ by {gap:.3e}", shown(point))
        return consistent("enumeration at (n, m) = (3, 3), (4, 2), (6, 2), (6, 3)", "against the nested mean, 9 digits")


def _log_trace(trace: LogTrace, n: int, entries: Any, point: Any) -> float:
    exponents = [float(e.xreplace(entries).xreplace(point)) for _, e in trace.configurations(n)]
    top = max(exponents)
    return top + math.log(sum(math.exp(e - top) for e in exponents))

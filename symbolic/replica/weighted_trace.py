"""log sum_s p(s) exp(X) over sites with finitely many values, and the symmetric form of its exponent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from .saddle import SymmetricAnsatz, diagonal
from .terms import LogTrace, PairSum, written_out


class WeightedTrace(LogTrace):
    """log of the sum over s_1, ..., s_n, each with the values v_k and weights p_k, of p(s_1)...p(s_n) exp(X).

    >>> a, n = sp.symbols("a n", integer=True); s, h = sp.IndexedBase("s"), sp.Symbol("h")
    >>> WeightedTrace(h * sp.Sum(s[a], (a, 1, n)), s, n, (0, 1), (sp.Rational(1, 3), sp.Rational(2, 3))).written_out(1)
    log(2*exp(h)/3 + 1/3)
    """

    def __new__(cls, exponent: Any, spins: Any, n: Any, values: Any, probs: Any) -> Any:
        wrapped = spins if isinstance(spins, sp.Tuple) else sp.Tuple(spins)
        return sp.Expr.__new__(cls, sp.S(exponent), wrapped, sp.S(n), sp.Tuple(*values), sp.Tuple(*probs))

    @property
    def alphabet(self) -> list[tuple[Any, Any]]:
        """((value, probability), ...)."""
        return list(zip(self.args[3].args, self.args[4].args))

    def with_exponent(self, exponent: Any) -> Any:
        return WeightedTrace(exponent, self.spins, self.args[2], self.args[3], self.args[4])

    def configurations(self, n: int) -> list[tuple[dict[Any, Any], Any]]:
        """(values by entry, exponent + log of the weight) for all configurations."""
        exponent, found = written_out(self.exponent, n, self.args[2]), []
        for letters in product(self.alphabet, repeat=n):
            table = {self.spins[k + 1]: value for k, (value, _) in enumerate(letters)}
            weight = sp.log(sp.Mul(*(p for _, p in letters)))
            found.append((table, sp.expand(exponent.xreplace(table)) + weight))
        return found

    def written_out(self, n: int) -> Any:
        return sp.log(sp.Add(*(sp.exp(exponent) for _, exponent in self.configurations(n))))

    @property
    def free_symbols(self) -> set[Any]:
        return super().free_symbols | self.args[4].free_symbols

    def _latex(self, printer: Any, exp: Any = None) -> str:
        spins, exponent = printer._print(self.spins), printer._print(self.exponent)
        text = rf"\log \sum_{{\{{{spins}_a\}}}} \prod_a p({spins}_a) \exp\left({exponent}\right)"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"log Tr_p exp({printer._print(self.exponent)})"


@dataclass(frozen=True)
class DiscreteAnsatz(SymmetricAnsatz):
    """Q_ab = q, Q_aa = d, Qhat alike  ->  sums counted; within the trace sum_{a != b} s_a s_b = (sum s)^2 - sum s^2."""

    source: ClassVar[str] = "permutation symmetry"

    def apply(self, *inputs: Claim) -> Equation:
        target, ansatz = inputs[0].single, inputs[1]
        (trace,) = target.rhs.atoms(WeightedTrace)
        off = {e.lhs.base: e.rhs for e in ansatz.equations if not diagonal(e.lhs)}
        same = {e.lhs.base: e.rhs for e in ansatz.equations if diagonal(e.lhs)}
        (a,) = {e.indices[0] for e in same_entries(trace.exponent)}
        total = sp.Sum(trace.spins[a], (a, 1, self.n))
        squares = sp.Sum(trace.spins[a] ** 2, (a, 1, self.n))
        exponent = sp.Integer(0)
        for term in sp.Add.make_args(sp.expand(trace.exponent)):
            pairs, sums = sorted(term.atoms(PairSum), key=str), sorted(term.atoms(sp.Sum), key=str)
            if pairs:
                (entry,) = [e for e in pairs[0].args[0].atoms(sp.Indexed) if e.base in off]
                exponent += term.coeff(pairs[0]) * off[entry.base] * (total**2 - squares)
            else:
                entries = [e for e in sums[0].function.atoms(sp.Indexed) if e.base in same]
                exponent += term.coeff(sums[0]) * (same[entries[0].base] * squares if entries else sums[0])
        name = sp.Dummy()
        outside = super().apply(_as_claim(target, name, trace), ansatz).rhs
        return Equation(target.lhs, outside.xreplace({name: trace.with_exponent(exponent)}), target.relation)


def same_entries(expr: Any) -> set[Any]:
    """The entries X_aa of an expression."""
    return {e for e in expr.atoms(sp.Indexed) if len(e.indices) == 2 and e.indices[0] == e.indices[1]}


def _as_claim(target: Equation, name: Any, trace: Any) -> Claim:
    return Claim("outside", (Equation(target.lhs, target.rhs.xreplace({trace: name}), target.relation),))

"""log E[prod_a g(u_a)] over n jointly Gaussian fields: the term that independent Gaussian patterns leave behind."""

from __future__ import annotations

from typing import Any

import sympy as sp

from .mean import Mean


class Field(sp.Symbol):
    """A reserved symbol for a field that is bound by a channel: u_0 of the teacher, u_a of a replica."""

    __slots__ = ()

    def _latex(self, printer: Any) -> str:
        return "u_{0}" if self == TEACHER else "u_{a}"

    def _sympystr(self, printer: Any) -> str:
        return "u0" if self == TEACHER else "u_a"


TEACHER = Field("_field_teacher", real=True)
FIELD = Field("_field_replica", real=True)


class LogChannel(sp.Expr):
    """log E[sum_k p_k(u_0) prod_{a=1..n} g_k(u_0, u_a)], (u_0, u_1, ..., u_n) centred normal.

    LogChannel(cases, variance, cross, order, (a, b), n): cases is a list of pairs (p_k, g_k) in TEACHER and FIELD (one
    pair per value of the label; (1, g) without labels); E u_0^2 = variance, E u_0 u_a = cross (an expression in the
    index a, 0 without a teacher), E u_a u_b = order (an expression in a and b, also for a = b).

    >>> a, b, n = sp.symbols("a b n", integer=True); Q = sp.IndexedBase("Q")
    >>> term = LogChannel([(1, sp.exp(FIELD))], 0, 0, Q[a, b], (a, b), n)
    >>> term.covariance(2)
    ((Q[1, 1], Q[1, 2]), (Q[1, 2], Q[2, 2]))
    """

    is_commutative = True

    def __new__(cls, cases: Any, variance: Any, cross: Any, order: Any, indices: Any, n: Any) -> Any:
        # Flat: a single edit of any part of the term is then an edit of one argument.
        flat = [sp.S(part) for pair in cases for part in pair]
        rest = (sp.S(variance), sp.S(cross), sp.S(order), sp.Tuple(*indices), sp.S(n))
        return cls.func_of(*rest, *flat)

    @staticmethod
    def func_of(*args: Any) -> Any:
        return sp.Expr.__new__(LogChannel, *args)

    @property
    def func(self) -> Any:
        return LogChannel.func_of

    @property
    def cases(self) -> tuple[tuple[Any, Any], ...]:
        """((p_k(u_0), g_k(u_0, u_a)), ...)."""
        return tuple(zip(self.args[5::2], self.args[6::2]))

    @property
    def variance(self) -> Any:
        return self.args[0]

    @property
    def taught(self) -> bool:
        """Whether the field of a teacher takes part."""
        return self.variance != 0

    @property
    def free_symbols(self) -> set[Any]:
        bound = {TEACHER, FIELD, *self.args[3].args}
        return {s for arg in self.args for s in arg.free_symbols} - bound

    def cross(self, k: int) -> Any:
        """E u_0 u_k at an integer index."""
        return self.args[1].xreplace({self.args[3].args[0]: sp.Integer(k)})

    def order(self, k: int, j: int) -> Any:
        """E u_k u_j at integer indices, which are put in order: a covariance is symmetric."""
        a, b = self.args[3].args
        return self.args[2].xreplace({a: sp.Integer(min(k, j)), b: sp.Integer(max(k, j))})

    def covariance(self, n: int) -> tuple[tuple[Any, ...], ...]:
        """The covariance of (u_0,) u_1, ..., u_n at an integer n; u_0 is left out without a teacher."""
        places = range(1, n + 1)
        rows = [[self.order(i, j) for j in places] for i in places]
        if self.taught:
            side = [self.cross(k) for k in places]
            rows = [[self.variance, *side], *([s, *row] for s, row in zip(side, rows))]
        return tuple(tuple(row) for row in rows)

    def written_out(self, n: int) -> Any:
        fields = [sp.Dummy(real=True) for _ in range(n)]
        total = sp.Integer(0)
        for weight, factor in self.cases:
            total += weight * sp.Mul(*(factor.xreplace({FIELD: u}) for u in fields))
        teacher = [sp.Dummy(real=True)] if self.taught else []
        body = total.xreplace({TEACHER: teacher[0]}) if teacher else total
        return sp.log(Mean(body, (*teacher, *fields), self.covariance(n)))

    def _eval_is_extended_real(self) -> Any:
        return True

    def _latex(self, printer: Any, exp: Any = None) -> str:
        a = printer._print(self.args[3].args[0])
        parts = []
        for weight, factor in self.cases:
            product = rf"\prod_{{{a}}} {printer.parenthesize(factor, 40)}"
            parts.append(product if weight == 1 else f"{printer.parenthesize(weight, 40)} {product}")
        text = rf"\log \mathbb{{E}}\left[{' + '.join(parts)}\right]"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        cases = " + ".join(f"{printer._print(p)} prod_a {printer._print(g)}" for p, g in self.cases)
        return f"log E[{cases}]"

"""SymPy expressions as straight-line programs that run in any arithmetic.

Nothing is turned into source text, so no name of a symbol can ever reach an interpreter; a subexpression that
occurs twice is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sympy as sp

from ..symbolic.errors import BadInput
from ..symbolic.quantity import free_atoms
from ..symbolic.replica.mean import Mean, means_in
from ..symbolic.replica.owen import OwenT

_UNARY = {
    sp.exp: "exp",
    sp.log: "log",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.tan: "tan",
    sp.asin: "asin",
    sp.acos: "acos",
    sp.atan: "atan",
    sp.sinh: "sinh",
    sp.cosh: "cosh",
    sp.tanh: "tanh",
    sp.asinh: "asinh",
    sp.acosh: "acosh",
    sp.atanh: "atanh",
    sp.Abs: "abs",
    sp.sign: "sign",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.erfcinv: "erfcinv",
    sp.gamma: "gamma",
    sp.loggamma: "lgamma",
}
_BINARY = {sp.atan2: "atan2", sp.Max: "max", sp.Min: "min", OwenT: "owen"}
_RECIPROCAL = {sp.cot: "tan", sp.coth: "tanh", sp.sec: "cos", sp.csc: "sin", sp.sech: "cosh", sp.csch: "sinh"}
_CONSTANTS = {sp.pi: "pi", sp.E: "e", sp.EulerGamma: "euler"}
_RELATIONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}


class Arithmetic(Protocol):
    """What a tape needs: exact numbers, named constants, and the operations named in this module."""

    def number(self, value: sp.Rational) -> Any: ...
    def constant(self, name: str) -> Any: ...
    def apply(self, name: str, *args: Any) -> Any: ...


@dataclass(frozen=True)
class Instruction:
    """One step: "number", "constant", "power" (an integer), "mean" (the tape of its integrands) or "pick" (the place of
    one of these) with a payload, else a named operation."""

    name: str
    args: tuple[int, ...] = ()
    payload: Any = None


class Tape:
    """Outputs as functions of inputs (atoms); `definitions` name intermediate values, in order.

    >>> x, y = sp.symbols("x y")
    >>> tape = Tape([x], [y + 1, x * y], definitions=[(y, x**2)])
    >>> from .floats import FloatArithmetic
    >>> [float(v) for v in tape.run(FloatArithmetic(), [3.0])]
    [10.0, 27.0]
    """

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any], definitions: Sequence[tuple[Any, Any]] = ()):
        self._code: list[Instruction] = []
        self._seen: dict[Any, int] = {}
        for atom in inputs:
            self._seen[atom] = self._emit("input")
        for symbol, expr in definitions:
            self._seen[symbol] = self._slot(sp.S(expr))
        expressions = [sp.S(expr) for expr in outputs]
        self._join([mean for expr in expressions for mean in means_in(expr)])
        self._outputs = [self._slot(expr) for expr in expressions]
        self._inputs = len(inputs)

    def __len__(self) -> int:
        return len(self._code)

    @property
    def operations(self) -> set[str]:
        """The names of all operations that occur."""
        return {step.name for step in self._code}

    def run(self, arithmetic: Arithmetic, values: Sequence[Any]) -> list[Any]:
        """The outputs at the given input values (as many as inputs)."""
        slots: list[Any] = list(values)
        if len(slots) != self._inputs:
            raise BadInput(f"{len(slots)} values for {self._inputs} inputs")
        apply = arithmetic.apply
        for step in self._code[self._inputs :]:
            if len(step.args) == 2 and step.payload is None:
                # nearly all of the code: kept short
                slots.append(apply(step.name, slots[step.args[0]], slots[step.args[1]]))
            elif step.name == "number":
                slots.append(arithmetic.number(step.payload))
            elif step.name == "constant":
                slots.append(arithmetic.constant(step.payload))
            elif step.name == "power":
                slots.append(apply("power", slots[step.args[0]], step.payload))
            elif step.name == "mean":
                slots.append(apply("mean", step.payload, *(slots[i] for i in step.args)))
            elif step.name == "pick":
                slots.append(slots[step.args[0]][step.payload])
            else:
                slots.append(apply(step.name, *(slots[i] for i in step.args)))
        return [slots[i] for i in self._outputs]

    def _emit(self, name: str, *args: int, payload: Any = None) -> int:
        self._code.append(Instruction(name, args, payload))
        return len(self._code) - 1

    def _slot(self, expr: Any) -> int:
        if expr not in self._seen:
            self._seen[expr] = self._compile(expr)
        return self._seen[expr]

    def _compile(self, expr: Any) -> int:
        if expr.is_Rational:
            return self._emit("number", payload=expr)
        if expr in _CONSTANTS:
            return self._emit("constant", payload=_CONSTANTS[expr])
        if expr.is_Add:
            return self._fold("add", expr.args)
        if expr.is_Mul:
            return self._product(expr)
        if expr.is_Pow:
            return self._power(expr)
        if expr.func in _UNARY:
            return self._emit(_UNARY[expr.func], self._slot(expr.args[0]))
        if expr.func in _BINARY:
            return self._fold(_BINARY[expr.func], expr.args)
        if expr.func in _RECIPROCAL:
            return self._emit("div", self._slot(sp.S.One), self._emit(_RECIPROCAL[expr.func], self._slot(expr.args[0])))
        if isinstance(expr, sp.Piecewise):
            return self._piecewise(expr)
        if isinstance(expr, Mean):
            return self._mean(expr)
        if isinstance(expr, sp.Sum):
            written_out = expr.doit()
            if not isinstance(written_out, sp.Sum):
                return self._slot(written_out)
        return self._logic(expr)

    def _fold(self, name: str, args: Sequence[Any]) -> int:
        total = self._slot(args[0])
        for arg in args[1:]:
            total = self._emit(name, total, self._slot(arg))
        return total

    def _product(self, expr: Any) -> int:
        """One division at the end instead of a reciprocal per factor: fewer roundings."""
        above = [arg for arg in expr.args if not _is_reciprocal(arg)]
        below = [1 / arg for arg in expr.args if _is_reciprocal(arg)]
        top = self._fold("mul", above) if above else self._slot(sp.S.One)
        return self._emit("div", top, self._fold("mul", below)) if below else top

    def _power(self, expr: Any) -> int:
        base, exponent = expr.args
        if _is_reciprocal(expr):
            return self._emit("div", self._slot(sp.S.One), self._slot(1 / expr))
        if exponent.is_Integer:
            return self._emit("power", self._slot(base), payload=int(exponent))
        if exponent.is_Rational and exponent.q == 2:
            root = self._emit("sqrt", self._slot(base))
            return root if exponent.p == 1 else self._emit("power", root, payload=int(exponent.p))
        return self._emit("pow", self._slot(base), self._slot(exponent))

    def _piecewise(self, expr: Any) -> int:
        """Nested choices from the last case back; no case at all is "undefined"."""
        result = self._emit("undefined")
        for value, condition in reversed(expr.args):
            chosen = self._slot(value)
            result = chosen if condition == sp.true else self._emit("choose", self._slot(condition), chosen, result)
        return result

    def _mean(self, expr: Mean) -> int:
        self._join([expr])
        return self._seen[expr]

    def _join(self, means: Sequence[Mean]) -> None:
        """One tape for the integrands of all means: the free atoms first, the normal variable they share last.

        Integrands of one system have most of their parts in common, and those are computed once.
        """
        groups: dict[Any, list[tuple[Mean, Any]]] = {}
        for mean in dict.fromkeys(means):
            simple = mean.independent()
            if not isinstance(simple, Mean):
                self._seen[mean] = self._slot(simple)
                continue
            body, (first, *rest) = simple.opened(avoid=(*self._seen,))
            groups.setdefault(first, []).append((mean, Mean(body, tuple(rest)) if rest else body))
        for first, members in groups.items():
            atoms = [atom for atom in free_atoms(sp.Tuple(*(body for _, body in members))) if atom != first]
            integrands = Tape([*atoms, first], [body for _, body in members])
            values = self._emit("mean", *(self._slot(atom) for atom in atoms), payload=integrands)
            for index, (mean, _) in enumerate(members):
                self._seen[mean] = self._emit("pick", values, payload=index)

    def _logic(self, expr: Any) -> int:
        if expr.is_Relational:
            left, right = self._slot(expr.args[0]), self._slot(expr.args[1])
            return self._emit(_RELATIONS[expr.rel_op], left, right)
        if isinstance(expr, sp.And | sp.Or):
            return self._fold("and" if isinstance(expr, sp.And) else "or", expr.args)
        if isinstance(expr, sp.Not):
            return self._emit("not", self._slot(expr.args[0]))
        kind = "value given for" if expr.is_Symbol or isinstance(expr, sp.Indexed) else "numeric form of"
        raise BadInput(f"no {kind} {sp.sstr(expr)[:120]}")


def _is_reciprocal(expr: Any) -> bool:
    return expr.is_Pow and expr.exp.is_Rational and expr.exp.is_negative and not expr.base.is_Rational

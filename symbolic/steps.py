"""Expressions as straight-line steps on complex balls: for integrands, which are evaluated at thousands of points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from flint import acb

from . import balls


class Steps:
    """Outputs as functions of inputs (symbols), in balls of the working precision at the time of the call.

    A node without a step of its own (a mean, an integral, a case distinction) makes `Steps.of` answer None.

    >>> x = sp.Symbol("x"); steps = Steps.of([x], [x**2 + sp.exp(x)])
    >>> steps.run([acb(1)])[0].str(8)
    '[3.7182818 +/- 2.85e-8]'
    """

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any]):
        self._slots: dict[Any, int] = {atom: k for k, atom in enumerate(inputs)}
        self._steps: list[tuple[Callable[..., acb], tuple[int, ...]]] = []
        self._count = len(inputs)
        self._outputs = [self._slot(sp.S(expr)) for expr in outputs]

    @classmethod
    def of(cls, inputs: Sequence[Any], outputs: Sequence[Any]) -> Steps | None:
        try:
            return cls(inputs, outputs)
        except _Unknown:
            return None

    def run(self, values: Sequence[acb], analytic: bool = False) -> list[acb]:
        """The outputs; with `analytic`, not finite wherever they are not analytic in the inputs."""
        slots = list(values)
        for step, args in self._steps:
            slots.append(step(analytic, *(slots[k] for k in args)))
        return [slots[k] for k in self._outputs]

    def _slot(self, expr: Any) -> int:
        if expr not in self._slots:
            step, args = self._step(expr)
            places = tuple(self._slot(arg) for arg in args)
            self._slots[expr] = self._count + len(self._steps)
            self._steps.append((step, places))
        return self._slots[expr]

    def _step(self, expr: Any) -> tuple[Callable[..., acb], tuple[Any, ...]]:
        if expr.is_Rational:
            number = balls.exact_ball(expr) if expr.is_Integer else None
            # Only integers are the same ball at every precision.
            return (lambda _: number) if number is not None else (lambda _: balls.exact_ball(expr)), ()
        if expr in (sp.pi, sp.E, sp.I, sp.EulerGamma):
            return (lambda _: balls.enclose_here(expr)), ()
        if expr.is_Add:
            return _sum, expr.args
        if expr.is_Mul:
            return _product, expr.args
        if expr.is_Pow:
            return self._power(expr)
        function = balls.FUNCTIONS.get(expr.func)
        if function is None:
            raise _Unknown
        kind = expr.func
        if len(expr.args) > 1:
            return (lambda _, *args: function(*args)), expr.args
        return (lambda analytic, x: balls.analytically(kind, function, x) if analytic else function(x)), expr.args

    def _power(self, expr: Any) -> tuple[Callable[..., acb], tuple[Any, ...]]:
        base, exponent = expr.args
        if exponent.is_Integer:
            n = int(exponent)
            return (lambda _, x: x**n) if n >= 0 else (lambda _, x: 1 / x ** (-n)), (base,)
        if exponent.is_Rational and exponent.q == 2:
            p = int(exponent.p)
            if p > 0:
                return (lambda analytic, x: x.sqrt(analytic=analytic) ** p), (base,)
            return (lambda analytic, x: 1 / x.sqrt(analytic=analytic) ** (-p)), (base,)
        return (lambda analytic, x, y: x.pow(y, analytic=analytic)), (base, exponent)


class _Unknown(Exception):
    """A node without a step."""


def _sum(_: Any, *args: acb) -> acb:
    total = args[0]
    for arg in args[1:]:
        total = total + arg
    return total


def _product(_: bool, *args: acb) -> acb:
    total = args[0]
    for arg in args[1:]:
        total = total * arg
    return total

"""Formulas as functions over a local mpmath context: the working precision is an argument, never a global."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from mpmath import MPContext
from sympy.printing.pycode import MpmathPrinter

from .quantity import free_atoms

_NAMES = ("mpf", "mpc", "pi", "e", "sqrt", "exp", "log", "sin", "cos", "tan", "cot", "asin", "acos", "atan", "sinh") + (
    ("cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "gamma", "re", "im", "arg")
)


def context(digits: int) -> Any:
    """A private mpmath context with the given number of decimal digits."""
    ctx = MPContext()
    ctx.dps = digits
    return ctx


def compiled(ctx: Any, arguments: Sequence[Any], expr: Any) -> Callable[..., Any]:
    """expr (or a list of expressions) as a function of `arguments`, evaluated entirely in ctx.

    Arguments are renamed before any code is generated, so no symbol name reaches the interpreter.
    """
    exprs = [sp.S(e) for e in expr] if isinstance(expr, list | tuple) else sp.S(expr)
    safe = {a: sp.Symbol(f"x{k}") for k, a in enumerate(arguments)}
    many = exprs if isinstance(exprs, list) else [exprs]
    renamed = [e.xreplace(safe) for e in many]
    stray = [a for e in renamed for a in free_atoms(e) if a not in safe.values()]
    if stray:
        raise ValueError(f"no argument supplies {', '.join(map(str, stray))}")
    namespace = {name: getattr(ctx, name) for name in _NAMES} | {"Abs": abs, "abs": abs}
    printer = MpmathPrinter({"fully_qualified_modules": False, "inline": True})
    body = renamed if isinstance(exprs, list) else renamed[0]
    return sp.lambdify(list(safe.values()), body, modules=[namespace], printer=printer)


def number(ctx: Any, value: Any) -> Any:
    """An exact rational in the context."""
    exact = sp.Rational(value)
    return ctx.mpf(int(exact.p)) / int(exact.q)

"""Values in a declaration: exact, of known sign, convex where needed; a refusal names the node and the field."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from ..errors import BadInput, NotDerivable


def exact(node: Any, name: str, value: Any) -> Any:
    """An exact SymPy expression from an int, a Fraction or an expression without floats."""
    where = f"{type(node).__name__}.{name}"
    if isinstance(value, bool | float | str) or not isinstance(value, int | Fraction | sp.Expr):
        raise BadInput(f"{where}: {value!r} is not exact; write an integer, a Fraction or a SymPy expression")
    value = sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else sp.S(value)
    if value.has(sp.Float):
        raise BadInput(f"{where}: {value} contains a float; write Rational(1, 10) for 0.1")
    return value


def positive(node: Any, name: str, value: Any) -> Any:
    """As `exact`, and positive for all declared values of its symbols."""
    found = exact(node, name, value)
    if found.is_positive is not True:
        raise BadInput(f"{type(node).__name__}.{name}: {found} must be positive; declare its symbols positive=True")
    return found


def real(node: Any, name: str, value: Any) -> Any:
    found = exact(node, name, value)
    if found.is_real is not True:
        raise BadInput(f"{type(node).__name__}.{name}: {found} must be real; declare its symbols real=True")
    return found


def refuse_unless_convex(node: Any, name: str, expr: Any, x: Any, fixed: Any = None) -> None:
    """Refuse a function that lies above a chord somewhere, with the place."""
    shown = expr
    expr = expr.xreplace(fixed or {})
    expr = expr.xreplace({s: sp.Rational(7, 5) for s in expr.free_symbols if s != x})
    places = [sp.Rational(k, 4) for k in range(-21, 22)]
    values = [expr.xreplace({x: place}) for place in places]
    for k in range(1, len(places) - 1):
        if (values[k - 1] + values[k + 1] - 2 * values[k]).is_negative:
            raise NotDerivable(
                f"{type(node).__name__}.{name}: {shown} is not convex (at {x} = {places[k]} it lies above a chord); "
                "replica symmetry has no support there: use a convex function"
            )

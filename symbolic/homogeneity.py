"""Homogeneity under the declared scalings: every term of an equation carries the same weight.

With weights w (Quantity.scale) a claim must survive x -> s^w x for every declared group; a misplaced square or a
missing variance is caught without any computation.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from .claim import Claim
from .errors import QuenchedError
from .quantity import Notation
from .verdict import Verdict, proved, refuted


class Inhomogeneous(QuenchedError):
    """Terms of different weight are added or compared; the message names them."""

    exit_code = 1


def check_homogeneous(claim: Claim, notation: Notation) -> Verdict | None:
    """Judge a claim under every declared scaling group; None when no quantity in it carries a weight."""
    groups = sorted({g for quantity in notation for g in quantity.scale})
    relevant = [g for g in groups if any(_touches(e, g, notation) for e in claim.equations)]
    if not relevant:
        return None
    for group in relevant:
        for equation in claim.equations:
            try:
                left, right = (weight(side, group, notation) for side in (equation.lhs, equation.rhs))
            except Inhomogeneous as error:
                return refuted(f"scaling {group}", str(error))
            if left is not None and right is not None and left != right:
                return refuted(f"scaling {group}", f"the left side has weight {left}, the right side {right}")
    return proved("homogeneity", f"under the declared scaling {', '.join(relevant)}")


def _touches(equation: Any, group: str, notation: Notation) -> bool:
    return any(_declared(atom, group, notation) for side in (equation.lhs, equation.rhs) for atom in _leaves(side))


def _leaves(expr: Any) -> list[Any]:
    kinds = (sp.Symbol, sp.Indexed, sp.MatrixSymbol)
    return sorted(expr.atoms(*kinds), key=sp.default_sort_key)


def _declared(atom: Any, group: str, notation: Notation) -> Any:
    name = str(atom.base.label) if isinstance(atom, sp.Indexed) else str(getattr(atom, "name", atom))
    return notation[name].scale.get(group, 0) if name in notation else 0


def weight(expr: Any, group: str, notation: Notation) -> Any:
    """The weight of an expression under one scaling group; None for 0, which has every weight.

    Raises Inhomogeneous naming the terms whose weights differ.
    """
    if expr == 0:
        return None
    if expr.is_number:
        return sp.Integer(0)
    if expr.is_Symbol or isinstance(expr, sp.Indexed | sp.MatrixSymbol):
        return sp.S(_declared(expr, group, notation))
    if isinstance(expr, sp.Add | sp.MatAdd | sp.Max | sp.Min):
        return _common(expr.args, group, notation)
    if isinstance(expr, sp.Mul | sp.MatMul):
        found = [weight(arg, group, notation) for arg in expr.args]
        return None if None in found else sp.Add(*found)
    if expr.is_Pow or isinstance(expr, sp.MatPow | sp.Inverse):
        return _power(expr, group, notation)
    if isinstance(expr, sp.Sum | sp.Trace | sp.Abs | sp.Transpose) or getattr(expr, "is_linear_functional", False):
        return weight(expr.args[0], group, notation)
    if isinstance(expr, sp.Integral):
        inner = weight(expr.function, group, notation)
        variable = weight(expr.limits[0][0], group, notation)
        return None if inner is None else inner + variable
    if isinstance(expr, sp.Derivative):
        inner = weight(expr.expr, group, notation)
        return inner - sum(n * weight(v, group, notation) for v, n in expr.variable_count)
    if isinstance(expr, sp.Piecewise):
        return _common([value for value, _ in expr.args], group, notation)
    if isinstance(expr, sp.Identity | sp.ZeroMatrix):
        return sp.Integer(0)
    return _dimensionless(expr, group, notation)


def _common(terms: Any, group: str, notation: Notation) -> Any:
    weights = [(term, weight(term, group, notation)) for term in terms]
    weights = [(term, w) for term, w in weights if w is not None]
    for term, w in weights[1:]:
        if w != weights[0][1]:
            raise Inhomogeneous(
                f"{sp.sstr(weights[0][0])[:80]} has weight {weights[0][1]} but {sp.sstr(term)[:80]} has weight {w}"
            )
    return weights[0][1] if weights else None


def _power(expr: Any, group: str, notation: Notation) -> Any:
    base, exponent = weight(expr.args[0], group, notation), expr.exp
    if base is None or base == 0:
        _dimensionless_argument(exponent, group, notation)
        return base
    if not exponent.is_number:
        raise Inhomogeneous(f"{sp.sstr(expr)[:80]} raises a quantity of weight {base} to a symbolic power")
    return base * exponent


def _dimensionless(expr: Any, group: str, notation: Notation) -> Any:
    name = str(expr.func)
    for arg in expr.args:
        if name not in notation:
            _dimensionless_argument(arg, group, notation)
    return sp.S(notation[name].scale.get(group, 0)) if name in notation else sp.Integer(0)


def _dimensionless_argument(arg: Any, group: str, notation: Notation) -> None:
    found = weight(arg, group, notation) if isinstance(arg, sp.Expr) else None
    if found not in (None, 0):
        raise Inhomogeneous(f"{sp.sstr(arg)[:80]} of weight {found} stands where a pure number is needed")

"""Which formulas hold where: decided by rational numbers alone.

The sign of the imbalance, the exact sign rule of the basin, equilibria and a vanishing growth rate are read off the
claims of the derivation, evaluated on the exact values of a point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from .notation import symbols
from .text import built

eta_a, eta_w, a, a0, s, p0, P, delta, r_w, Lambda = symbols("eta_a eta_w a a0 s p0 P delta r_w Lambda")
kappa, X = symbols("kappa X")


def number(expr: Any, values: Mapping[Any, Any]) -> Any:
    """A polynomial in known quantities, in whatever arithmetic the values have."""
    if expr in values:
        return values[expr]
    if expr.is_Rational:
        return int(expr) if expr.is_Integer else Fraction(int(expr.p), int(expr.q))
    parts = [number(arg, values) for arg in (expr.args[:1] if expr.is_Pow else expr.args)]
    if expr.is_Pow:
        return parts[0] ** int(expr.exp)
    total = parts[0]
    for part in parts[1:]:
        total = total + part if expr.is_Add else total * part
    return total


def _exact(value: Any) -> Fraction:
    return (
        Fraction(int(value.p), int(value.q)) if isinstance(value, sp.Rational) else Fraction(*value.as_integer_ratio())
    )


def sign(value: Any) -> int:
    return 1 if value > 0 else -1 if value < 0 else 0


def product(left: Sequence[Any], right: Sequence[Any]) -> Any:
    return sum(x * y for x, y in zip(left, right))


@cache
def _decisive() -> tuple[Any, Any, Any]:
    """The claims that decide: the imbalance, the rational part of the growth, the sign rule."""
    D = built()
    return D.claim("level").rhs, D.claim("growth").rhs.xreplace({Lambda: sp.Integer(0)}), D.claim("sign-rule").rhs


@cache
def _escape() -> tuple[Any, tuple[Any, ...]]:
    """Lambda^2, and the coefficients in Lambda of a polynomial with the sign of Theta - 1, lowest first."""
    D = built()
    square = sp.expand((D.claim("rate").rhs ** 2).xreplace(D.claim("mean-rate").defines()))
    top, bottom = sp.fraction(D.claim("threshold-upstream").rhs.xreplace({X: D.claim("growth").rhs}))
    return square, tuple(reversed(sp.Poly(top - bottom, Lambda).all_coeffs()))


def _beyond_the_saddle(values: Mapping[Any, Any]) -> bool:
    """Whether Theta >= 1, decided by rational numbers: the sign of u + v Lambda with u, v and Lambda^2 rational."""
    square, coefficients = _escape()
    level = number(square, values)
    # In the growth, s and p0 occur as their product P only.
    parts = [number(c, {**values, s: 1, p0: values[P]}) * level ** (k // 2) for k, c in enumerate(coefficients)]
    u, v = sum(parts[::2]), sum(parts[1::2])
    if sign(u) * sign(v) >= 0:
        return u >= 0 and v >= 0
    return sign(u) * sign(u**2 - v**2 * level) >= 0


def case(point: Mapping[str, Any]) -> str:
    """The facts that select the formulas, separated by "; "; decided exactly, for floats as the rationals they are."""
    point = {key: tuple(map(_exact, x)) if hasattr(x, "__len__") else _exact(x) for key, x in point.items()}
    start, target = point["w0"], point["beta_star"]
    values = {eta_a: point["eta_a"], eta_w: point["eta_w"], a: point["a0"], a0: point["a0"]}
    values |= {r_w**2: product(start, start), s**2: product(target, target), P: product(start, target)}
    level, growth, rule = _decisive()
    values[delta] = number(level, values)
    # In the growth, s and p0 occur as their product P only.
    linear = number(growth, {**values, s: 1, p0: values[P]})
    side, ahead = sign(linear), sign(values[a])
    basin = ahead if side == 0 else side if side * ahead >= 0 else side * sign(number(rule, values))
    return "; ".join(_facts(point, values, basin))


def _facts(point: Mapping[str, Any], values: Mapping[Any, Any], basin: int) -> list[str]:
    start, target = point["w0"], point["beta_star"]
    gap = [point["a0"] * x - y for x, y in zip(start, target)]
    turning = values[eta_a] * values[eta_w] * values[s**2]
    still = values[eta_a] * product(start, gap) == 0 and all(values[eta_w] * point["a0"] * g == 0 for g in gap)
    side = sign(values[delta])
    regime = ("downstream", "balanced", "upstream")[side + 1]
    if still:
        basin = sign(point["a0"])
    elif side == 0 and turning == 0:
        regime, basin = "no growth rate", 0
    elif basin == 0:
        regime = "separatrix" if side else "balanced separatrix"
    facts = [regime, f"a_inf {'<=>'[basin + 1]} 0"]
    frozen = still or point["t"] == 0
    leaves = basin != 0 and not still and (side > 0 or turning != 0)
    flags = {
        "a changes sign": regime == "downstream" and basin * sign(point["a0"]) < 0,
        "equilibrium": still,
        "beyond the saddle": leaves and _beyond_the_saddle(values),
        "start": point["t"] == 0,
        "no target": values[s**2] == 0,
        "w does not move": values[eta_w] == 0,
        "a vanishes": frozen and point["a0"] == 0,
        "w vanishes": frozen and values[r_w**2] == 0,
        "no kernel": values[eta_w] * point["a0"] ** 2 == 0 and values[eta_a] * values[r_w**2] == 0,
    }
    return facts + [flag for flag, holds in flags.items() if holds]

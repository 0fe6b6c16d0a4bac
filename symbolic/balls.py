"""The Arb adapter: rigorous enclosures of SymPy expressions. Nothing else in the project touches Arb's precision.

An enclosure is a complex ball that provably contains the value; a ball that is not finite means "not decided at
this precision", and the caller asks again with more bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import flint
import sympy as sp
from flint import acb, arb, fmpq

from .errors import BadInput, OutsideDomain

DIGITS_TO_BITS = 3.3219280948873626

# Functions of balls; other modules add theirs. One of several arguments has no cuts.
FUNCTIONS: dict[Any, Callable[..., acb]] = {
    sp.exp: acb.exp,
    sp.log: acb.log,
    sp.sin: acb.sin,
    sp.cos: acb.cos,
    sp.tan: acb.tan,
    sp.cot: acb.cot,
    sp.asin: acb.asin,
    sp.acos: acb.acos,
    sp.atan: acb.atan,
    sp.sinh: acb.sinh,
    sp.cosh: acb.cosh,
    sp.tanh: acb.tanh,
    sp.coth: acb.coth,
    sp.asinh: acb.asinh,
    sp.acosh: acb.acosh,
    sp.atanh: acb.atanh,
    sp.erf: acb.erf,
    sp.erfc: acb.erfc,
    sp.gamma: acb.gamma,
    sp.loggamma: acb.lgamma,
}


@contextmanager
def working(prec: int) -> Iterator[None]:
    """Arb's working precision in bits, restored on exit."""
    with flint.ctx.workprec(prec):
        yield


def bits(digits: int, guard: int = 32) -> int:
    """Working bits for a number of decimal digits."""
    return int(digits * DIGITS_TO_BITS) + guard


def exact_ball(value: Any) -> acb:
    """The ball of an exact number (int, Fraction, SymPy Integer or Rational); refuses floats."""
    if isinstance(value, acb):
        return value
    if isinstance(value, arb):
        return acb(value)
    if isinstance(value, bool | float | sp.Float):
        raise BadInput(f"{value!r} is not an exact number; write an integer or p/q")
    number = sp.Rational(value)
    return acb(arb(fmpq(int(number.p), int(number.q))))


@dataclass(frozen=True)
class _Mode:
    """The variable of integration while analyticity is asked for, else None.

    Arb's quadrature is rigorous only if the integrand answers "not finite" wherever it is not analytic.
    """

    variable: Any = None


def enclose(expr: Any, values: Mapping[Any, Any], prec: int) -> acb:
    """A ball containing expr at the given values of its free atoms (exact numbers or balls).

    Raises BadInput for a free symbol without a value or an unknown function, OutsideDomain for a division by an
    exact zero. The result may be non-finite when the precision is too low to decide.
    """
    return enclose_all([expr], values, prec)[0]


def enclose_all(exprs: Sequence[Any], values: Mapping[Any, Any], prec: int) -> list[acb]:
    """As enclose, for several expressions at once: what they share is computed once."""
    terms = tuple(sp.S(expr) for expr in exprs)
    with working(prec):
        seen = {atom: exact_ball(value) for atom, value in values.items()}
        for kind, together in _TOGETHER.items():
            nodes = tuple(node for node in _outermost(terms, kind) if node not in seen)
            if nodes:
                seen |= together(nodes, seen)
        return [_ball(expr, seen, _Mode()) for expr in terms]


def real_enclosure(expr: Any, values: Mapping[Any, Any], prec: int) -> arb:
    """As enclose, for an expression known to be real; a value that is certainly not real raises OutsideDomain."""
    return real_enclosures([expr], values, prec)[0]


def real_enclosures(exprs: Sequence[Any], values: Mapping[Any, Any], prec: int) -> list[arb]:
    """As enclose_all, for expressions known to be real."""
    balls = enclose_all(exprs, values, prec)
    with working(prec):
        for expr, ball in zip(exprs, balls):
            if ball.is_finite() and not ball.imag.contains(0):
                raise OutsideDomain(f"{sp.sstr(expr)[:120]} is not real there: its value is near {ball.str(8)}")
        return [ball.real for ball in balls]


def register(kind: Any, together: Callable[[tuple[Any, ...], Mapping[Any, acb]], dict[Any, acb]]) -> None:
    """Teach the evaluator a node type that binds variables of its own.

    together(nodes, seen) encloses all nodes of the type that a list of expressions contains, given the balls of the
    atoms, at the working precision; inside an integrand such a node counts as not analytic.
    """
    _TOGETHER[kind] = together


_TOGETHER: dict[Any, Callable[[tuple[Any, ...], Mapping[Any, acb]], dict[Any, acb]]] = {}


@lru_cache(maxsize=1024)
def _outermost(terms: tuple[Any, ...], kind: Any) -> tuple[Any, ...]:
    """The nodes of one type that stand inside no other of it, in order of appearance."""
    found: dict[Any, None] = {}

    def walk(expr: Any) -> None:
        if isinstance(expr, kind):
            found[expr] = None
            return
        for arg in expr.args:
            walk(arg)

    for term in terms:
        walk(term)
    return tuple(found)


def _ball(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    known = seen.get(expr)
    if known is None:
        # What does not depend on the variable of integration is a constant: no cut can be crossed in it.
        constant = mode.variable is not None and not expr.has(mode.variable)
        known = _compute(expr, seen, _Mode() if constant else mode)
        seen[expr] = known
    return known


def _compute(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    if expr.is_Rational:
        return exact_ball(expr)
    if expr is sp.pi:
        return acb(arb.pi())
    if expr is sp.E:
        return acb(arb.const_e())
    if expr is sp.I:
        return acb(0, 1)
    if expr is sp.EulerGamma:
        return acb(arb.const_euler())
    if expr.is_Add:
        total = acb(0)
        for arg in expr.args:
            total += _ball(arg, seen, mode)
        return total
    if expr.is_Mul:
        product = acb(1)
        for arg in expr.args:
            product *= _ball(arg, seen, mode)
        return product
    if expr.is_Pow:
        return _power(expr, seen, mode)
    function = FUNCTIONS.get(expr.func)
    if function is not None:
        arguments = [_ball(arg, seen, mode) for arg in expr.args]
        if mode.variable is None or len(arguments) > 1:
            return function(*arguments)
        return analytically(expr.func, function, *arguments)
    special = _SPECIAL.get(expr.func)
    if special is not None:
        if mode.variable is not None and expr.func in _NOT_ANALYTIC:
            return _nan()
        return special(expr, seen, mode)
    together = _TOGETHER.get(expr.func)
    if together is not None:
        return _nan() if mode.variable is not None else together((expr,), seen)[expr]
    kind = "value for" if expr.is_Symbol or isinstance(expr, sp.Indexed) else "enclosure known for"
    raise BadInput(f"no {kind} {sp.sstr(expr)[:120]}")


def _power(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    base, exponent = _ball(expr.base, seen, mode), expr.exp
    if exponent.is_Integer:
        n = int(exponent)
        if n < 0 and base.is_zero():
            raise OutsideDomain(f"division by zero: {sp.sstr(expr.base)[:120]} vanishes there")
        return base**n if n >= 0 else 1 / base ** (-n)
    if exponent.is_Rational and exponent.q == 2:
        root = base.sqrt(analytic=mode.variable is not None)
        if exponent.p < 0 and root.is_zero():
            raise OutsideDomain(f"division by zero: {sp.sstr(expr.base)[:120]} vanishes there")
        return root ** int(exponent.p) if exponent.p > 0 else 1 / root ** int(-exponent.p)
    return base.pow(_ball(exponent, seen, mode), analytic=mode.variable is not None)


def enclose_here(expr: Any) -> acb:
    """A constant at the working precision."""
    return _compute(expr, {}, _Mode())


def analytically(kind: Any, function: Callable[[acb], acb], argument: acb) -> acb:
    """A function on a ball, or nan where the ball may meet one of its cuts: then it is not analytic there."""
    if kind is sp.log:
        return argument.log(analytic=True)
    if kind in (sp.atan, sp.asinh):
        # The cuts lie on the imaginary axis, beyond +-i.
        return function(argument) if abs(argument.imag) < 1 or not argument.real.contains(0) else _nan()
    if kind in (sp.asin, sp.acos, sp.atanh):
        # The cuts lie on the real axis, beyond +-1.
        return function(argument) if abs(argument.real) < 1 or not argument.imag.contains(0) else _nan()
    if kind in (sp.acosh, sp.loggamma):
        return function(argument) if argument.real > 1 else _nan()
    return function(argument)


def _nan() -> acb:
    return acb(arb.nan())


def _abs(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    ball = _ball(expr.args[0], seen, mode)
    return acb(abs(ball))


def _sign(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    return acb(_ball(expr.args[0], seen, mode).real.sgn())


def _extreme(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    balls = [_ball(arg, seen, mode).real for arg in expr.args]
    best = balls[0]
    for ball in balls[1:]:
        best = best.max(ball) if expr.func is sp.Max else best.min(ball)
    return acb(best)


def _part(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    ball = _ball(expr.args[0], seen, mode)
    return acb(ball.real if expr.func is sp.re else ball.imag)


def _conjugate(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    return _ball(expr.args[0], seen, mode).conjugate()


def _arctan2(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    y, x = (_ball(arg, seen, mode).real for arg in expr.args)
    return acb(arb.atan2(y, x))


def _piecewise(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    for value, condition in expr.args:
        truth = _decide(condition, seen)
        if truth is None:
            return _nan()
        if truth:
            return _ball(value, seen, mode)
    raise OutsideDomain(f"no case of {sp.sstr(expr)[:120]} applies")


def _sum(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    written_out = expr.doit()
    if isinstance(written_out, sp.Sum):
        raise BadInput(f"the sum {sp.sstr(expr)[:120]} has no explicit range")
    return _ball(written_out, seen, mode)


def _integral(expr: Any, seen: dict[Any, acb], mode: _Mode) -> acb:
    if len(expr.limits) != 1 or len(expr.limits[0]) != 3:
        raise BadInput(f"only single definite integrals have enclosures: {sp.sstr(expr)[:120]}")
    variable, low, high = expr.limits[0]
    return integral(expr.function, variable, _ball(low, seen, mode), _ball(high, seen, mode), seen)


def integral(body: Any, variable: Any, low: acb, high: acb, seen: Mapping[Any, acb]) -> acb:
    """int_low^high body d(variable) by Arb's adaptive integrator, at the working precision."""
    outer = {k: v for k, v in seen.items() if not k.has(variable)}

    def integrand(x: acb, analytic: bool) -> acb:
        return _ball(body, {**outer, variable: x}, _Mode(variable if analytic else None))

    return acb.integral(integrand, low, high)


_SPECIAL: dict[Any, Callable[[Any, dict[Any, acb], _Mode], acb]] = {
    sp.Abs: _abs,
    sp.sign: _sign,
    sp.Max: _extreme,
    sp.Min: _extreme,
    sp.re: _part,
    sp.im: _part,
    sp.conjugate: _conjugate,
    sp.atan2: _arctan2,
    sp.Piecewise: _piecewise,
    sp.Sum: _sum,
    sp.Integral: _integral,
}


# No function of these kinds is analytic in the variable of integration.
_NOT_ANALYTIC = (sp.Abs, sp.sign, sp.Max, sp.Min, sp.re, sp.im, sp.conjugate, sp.atan2, sp.Piecewise)


def decide(condition: Any, values: Mapping[Any, Any], prec: int) -> bool | None:
    """Truth of a relation or Boolean combination at the given balls; None when the precision does not decide."""
    with working(prec):
        return _decide(condition, {atom: exact_ball(value) for atom, value in values.items()})


def _decide(condition: Any, seen: dict[Any, acb]) -> bool | None:
    if condition in (sp.true, sp.false):
        return condition == sp.true
    if isinstance(condition, sp.And | sp.Or):
        truths = [_decide(arg, seen) for arg in condition.args]
        decisive = isinstance(condition, sp.Or)
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive
    if isinstance(condition, sp.Not):
        truth = _decide(condition.args[0], seen)
        return None if truth is None else not truth
    gap = (_ball(condition.lhs, seen, _Mode()) - _ball(condition.rhs, seen, _Mode())).real
    return _compare(condition.rel_op, gap)


def _compare(op: str, gap: arb) -> bool | None:
    if op in ("==", "!="):
        if gap.is_zero():
            return op == "=="
        return None if gap.contains(0) else op == "!="
    if op in ("<", "<="):
        op, gap = {"<": ">", "<=": ">="}[op], -gap
    if gap > 0 or (op == ">=" and gap >= 0):
        return True
    if gap < 0 or (op == ">" and gap <= 0):
        return False
    return None

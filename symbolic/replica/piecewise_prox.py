"""Convex piecewise-quadratic functions: their pieces, and Env, Prox and dProx/dw in closed form, derived mechanically.

On a piece a x^2/2 + b x + c the optimality condition x + V (a x + b) = w is linear; the piece from k to k' serves
w in [k + V l'(k+), k' + V l'(k'-)], and a jump of l' at a knot leaves a plateau, where the minimiser is the knot.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import NotDerivable
from .prox import ARGUMENT

_X = ARGUMENT


@dataclass(frozen=True)
class Piece:
    """curvature x^2/2 + slope x + constant for low <= x <= high (None: no end)."""

    low: Any
    high: Any
    curvature: Any
    slope: Any
    constant: Any

    def derivative(self, x: Any) -> Any:
        return self.curvature * x + self.slope

    def value(self, x: Any) -> Any:
        return self.curvature * x**2 / 2 + self.slope * x + self.constant


def pieces(loss: Any) -> tuple[Piece, ...]:
    """The pieces of a convex loss in ARGUMENT made of polynomials, Abs, Max and Piecewise, from left to right.

    Knots may contain parameters whose order the declared signs decide. Raises NotDerivable with the reason for a loss
    that is not piecewise quadratic, not continuous or not convex.

    >>> [(p.low, p.slope) for p in pieces(sp.Max(0, 1 - ARGUMENT))]
    [(None, -1), (1, 0)]
    """
    loss = sp.S(loss)
    knots = _sorted(_knots(loss))
    ends = [None, *knots, None]
    found: list[Piece] = []
    for low, high in itertools.pairwise(ends):
        poly = sp.Poly(sp.expand(_branch(loss, _inside(low, high))), _X)
        if poly.degree() > 2:
            raise NotDerivable(f"the loss has degree {poly.degree()} on a piece; it must be piecewise quadratic")
        c, b, a = (poly.coeff_monomial(_X**k) for k in range(3))
        if found and (found[-1].curvature, found[-1].slope, found[-1].constant) == (2 * a, b, c):
            found[-1] = Piece(found[-1].low, high, 2 * a, b, c)
        else:
            found.append(Piece(low, high, 2 * a, b, c))
    _refuse_unless_convex(found)
    return tuple(found)


def is_piecewise_quadratic(loss: Any) -> bool:
    """Whether a loss is made of polynomials, Abs, Max and Piecewise only."""
    smooth = loss.replace(lambda e: isinstance(e, sp.Abs | sp.Max | sp.Min | sp.Piecewise), lambda e: _X)
    return smooth.is_polynomial(_X)


def closed_prox(loss: Any, spread: Any, at: Any) -> Any:
    """Prox(l; V, w) as a Piecewise in w, left to right.

    >>> V, w = sp.symbols("V w", positive=True); closed_prox(ARGUMENT**2 / 2, V, w)
    w/(V + 1)
    """
    return _assembled(loss, spread, at, lambda piece, x: x)


def closed_env(loss: Any, spread: Any, at: Any) -> Any:
    """Env(l; V, w) as a Piecewise in w."""
    return _assembled(loss, spread, at, lambda piece, x: piece.value(x) + (x - at) ** 2 / (2 * spread))


def closed_loss(loss: Any, spread: Any, at: Any) -> Any:
    """l(Prox(l; V, w)) as a Piecewise in w."""
    return _assembled(loss, spread, at, lambda piece, x: piece.value(x))


def closed_slope(loss: Any, spread: Any, at: Any) -> Any:
    """dProx/dw as a Piecewise in w: 1/(1 + V a) on a piece, 0 on a plateau."""
    w = sp.Dummy(real=True)
    found = _assembled(loss, spread, w, lambda piece, x: sp.diff(x, w))
    return found.xreplace({w: at})


def _assembled(loss: Any, spread: Any, at: Any, read: Any) -> Any:
    parts = pieces(loss)
    cases: list[tuple[Any, Any]] = []
    for k, piece in enumerate(parts):
        x = (at - spread * piece.slope) / (1 + spread * piece.curvature)
        value = sp.factor(read(piece, x))
        if piece.high is None:
            cases.append((value, sp.true))
            break
        knot, following = piece.high, parts[k + 1]
        first, second = (sp.expand(knot + spread * p.derivative(knot)) for p in (piece, following))
        cases.append((value, at < first))
        if first != second:
            cases.append((sp.factor(read(piece, knot)), at < second))
    return cases[0][0] if len(cases) == 1 else sp.Piecewise(*cases, evaluate=False)


def _knots(loss: Any) -> list[Any]:
    """Where the branches of Abs, Max, Min and Piecewise change: roots of affine functions of the argument."""
    switches: list[Any] = []
    for node in sp.preorder_traversal(loss):
        if isinstance(node, sp.Abs):
            switches.append(node.args[0])
        elif isinstance(node, sp.Max | sp.Min):
            pairs = [(a, b) for i, a in enumerate(node.args) for b in node.args[i + 1 :]]
            switches += [switch for a, b in pairs for switch in _both_signs(a - b)]
        elif isinstance(node, sp.Piecewise):
            for _, condition in node.args:
                for relation in condition.atoms(sp.core.relational.Relational):
                    switches += _both_signs(relation.lhs - relation.rhs)
    found = []
    for switch in switches:
        poly = sp.Poly(sp.expand(switch), _X) if switch.is_polynomial(_X) else None
        if poly is None or poly.degree() > 1:
            raise NotDerivable(f"the branches of the loss change where {sp.sstr(switch)[:60]} = 0, which is not affine")
        if poly.degree() == 1:
            found.append(sp.expand(-poly.coeff_monomial(1) / poly.coeff_monomial(_X)))
    return list(dict.fromkeys(found))


def _both_signs(expr: Any) -> list[Any]:
    """|u| - t changes sign where u - t or -u - t does."""
    inner = sorted(expr.atoms(sp.Abs), key=sp.default_sort_key)
    if not inner:
        return [expr]
    first = inner[0]
    return [e for s in (1, -1) for e in _both_signs(expr.xreplace({first: s * first.args[0]}))]


def _sorted(knots: list[Any]) -> list[Any]:
    """The knots in increasing order, decided by the declared signs of the parameters."""
    done: list[Any] = []
    for knot in knots:
        place = 0
        while place < len(done) and _positive(knot - done[place]):
            place += 1
        if place < len(done) and not _positive(done[place] - knot):
            raise NotDerivable(f"the order of the knots {knot} and {done[place]} is not decided by declared signs")
        done.insert(place, knot)
    return done


def _positive(expr: Any) -> bool:
    return sp.expand(expr).is_positive is True


def _inside(low: Any, high: Any) -> Any:
    if low is None:
        return sp.Integer(0) if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


def _branch(loss: Any, place: Any) -> Any:
    """The polynomial that the loss equals around a place between its knots."""

    def sign(expr: Any) -> int:
        value = sp.expand(choose(expr).xreplace({_X: place}))
        if value.is_positive:
            return 1
        if value.is_negative:
            return -1
        raise NotDerivable(f"the sign of {sp.sstr(value)[:60]} is not decided by declared signs")

    def choose(node: Any) -> Any:
        if not node.args or not node.has(_X):
            return node
        if isinstance(node, sp.Piecewise):
            for value, condition in node.args:
                if condition == sp.true or _holds(condition, sign):
                    return choose(value)
            raise NotDerivable("no case of the loss applies on a piece")
        args = [choose(arg) for arg in node.args]
        if isinstance(node, sp.Abs):
            return sign(args[0]) * args[0]
        if isinstance(node, sp.Max | sp.Min):
            best = args[0]
            for other in args[1:]:
                if (sign(other - best) > 0) == isinstance(node, sp.Max):
                    best = other
            return best
        return node.func(*args)

    return choose(loss)


def _holds(condition: Any, sign: Any) -> bool:
    if isinstance(condition, sp.And | sp.Or):
        truths = [_holds(arg, sign) for arg in condition.args]
        return all(truths) if isinstance(condition, sp.And) else any(truths)
    above = sign(condition.lhs - condition.rhs) > 0
    return above == (condition.rel_op in (">", ">="))


def _refuse_unless_convex(found: list[Piece]) -> None:
    for piece in found:
        if sp.expand(piece.curvature).is_nonnegative is not True:
            raise NotDerivable(f"the loss is not convex: its second derivative is {piece.curvature} on a piece")
    for left, right in itertools.pairwise(found):
        knot = left.high
        if sp.expand(left.value(knot) - right.value(knot)) != 0:
            raise NotDerivable(f"the loss is not continuous at {knot}")
        jump = sp.expand(right.derivative(knot) - left.derivative(knot))
        if jump.is_nonnegative is not True:
            raise NotDerivable(f"the loss is not convex: its slope falls by {-jump} at {knot}")

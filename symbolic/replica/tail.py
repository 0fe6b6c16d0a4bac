"""H(u) = P(Z > u), log H and the hazard h = phi/H of the standard normal, with values and bounds of their own.

h is the reciprocal of Mills' ratio. Derivatives stay within the three: H' = -phi, (log H)' = -h, h' = h (h - u).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb

from .. import balls
from ..errors import NotCertified


class Tail(sp.Function):
    """H(u) = erfc(u/sqrt 2)/2, the probability that a standard normal exceeds u."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> Any:
        return -sp.exp(-(self.args[0] ** 2) / 2) / sp.sqrt(2 * sp.pi)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"H{power}\left({printer._print(self.args[0])}\right)"


class LogTail(sp.Function):
    """log H(u); its derivative is -h(u)."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Any:
        return -Hazard(self.args[0])

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\log{power} H\left({printer._print(self.args[0])}\right)"


class Hazard(sp.Function):
    """h(u) = phi(u)/H(u); h' = h (h - u)."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> Any:
        u = self.args[0]
        return Hazard(u) * (Hazard(u) - u)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"h{power}\left({printer._print(self.args[0])}\right)"


def _tail(u: acb) -> acb:
    return (u / acb(2).sqrt()).erfc() / 2


def _log_tail(u: acb) -> acb:
    return _tail(u).log()


def _hazard(u: acb) -> acb:
    return (-u * u / 2).exp() / ((2 * acb.pi()).sqrt() * _tail(u))


balls.FUNCTIONS.update({Tail: _tail, LogTail: _log_tail, Hazard: _hazard})

# Below, u = x + i y. For x <= 0, |H(u)| >= 1 - exp(y^2/2)/2, since |H(-u)| <= exp(y^2/2) H(-x). For x >= 0 Mills' ratio
# is the mean of exp(-i y t) under a density on t >= 0 with mean h(x) - x <= h(0) < 4/5, so |h(u)| <= h(x)/(1 - 4 |y|/5)
# with h(x) <= x + 4/5. Hence H has no zero for |y| <= 1.
_WIDEST = 1


def _checked(y: arb) -> arb:
    if not y <= _WIDEST:
        raise NotCertified("zeros of H may lie in the strip")
    return y


def hazard_bound(x: arb, y: arb) -> arb:
    """An upper bound of |h(u)| for |Re u| <= x, |Im u| <= y <= 1."""
    _checked(y)
    half = (y * y / 2).exp()
    left = half / ((2 * arb.pi()).sqrt() * (1 - half / 2))
    return left.max((x + arb(4) / 5) / (1 - 4 * y / 5))


def log_tail_bound(x: arb, y: arb) -> arb:
    """|log H(u)| <= log 2 + 4 |x|/5 + x^2/2 on the real line, plus |y| times a bound of |h|."""
    return arb(2).log() + 4 * x / 5 + x * x / 2 + y * hazard_bound(x, y)


def tail_bound(x: arb, y: arb) -> arb:
    """|H(u)| <= exp(y^2/2)."""
    return (y * y / 2).exp()


BOUNDS: dict[Any, tuple[Callable[[arb, arb], arb], int]] = {
    # The bound of |f(u)|, and its degree in |Re u|.
    Tail: (tail_bound, 0),
    LogTail: (log_tail_bound, 2),
    Hazard: (hazard_bound, 1),
}

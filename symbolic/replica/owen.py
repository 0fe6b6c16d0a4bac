"""Owen's T function: what a wedge of the plane holds of two standard normals beyond a line."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import acb

from .. import balls


class OwenT(sp.Function):
    """T(h, a) = 1/(2 pi) int_0^a exp(-h^2 (1 + t^2)/2)/(1 + t^2) dt = P(X > h, 0 < Y < a X) for h >= 0.

    Even in h, odd in a; X, Y are independent standard normals. Source: D. B. Owen, 1956.

    >>> h, a = sp.symbols("h a"); OwenT(h, -a) == -OwenT(h, a), OwenT(h, 0)
    (True, 0)
    """

    is_real = True

    @classmethod
    def eval(cls, h: Any, a: Any) -> Any:
        if a == 0:
            return sp.S.Zero
        if a.could_extract_minus_sign():
            return -cls(h, -a)
        if h.could_extract_minus_sign():
            return cls(-h, a)
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        h, a = self.args
        if argindex == 1:
            return -sp.exp(-(h**2) / 2) * sp.erf(a * h / sp.sqrt(2)) / (2 * sp.sqrt(2 * sp.pi))
        return sp.exp(-(h**2) * (1 + a**2) / 2) / (2 * sp.pi * (1 + a**2))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"T{power}\left({printer._print(self.args[0])}, {printer._print(self.args[1])}\right)"


def _owen(h: acb, a: acb) -> acb:
    """The defining integral; its integrand is analytic but for poles at +-i, which give balls that are not finite."""
    square = h * h / 2

    def integrand(t: acb, analytic: bool) -> acb:
        denominator = 1 + t * t
        return (-square * denominator).exp() / denominator

    return acb.integral(integrand, acb(0), a) / (2 * acb.pi())


balls.FUNCTIONS[OwenT] = _owen

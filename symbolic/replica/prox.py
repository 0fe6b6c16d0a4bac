"""Env(l; V, w) = min_x l(x) + (x - w)^2/(2 V) and its minimiser Prox(l; V, w), for a convex l of one argument.

Opaque objects: their derivatives are algebra, whatever the loss. With x = Prox(l; V, w),

    dEnv/dw = (w - x)/V,   dEnv/dV = -(w - x)^2/(2 V^2),   dx/dw = 1/(1 + V l''(x)),   dx/dV = -l'(x)/(1 + V l''(x)),

and l'(x) = (w - x)/V. A loss l(y, .) of a residual or a margin becomes one of one argument by an affine substitution.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..errors import BadInput, NotDerivable


class Argument(sp.Symbol):
    """The reserved argument of a loss inside Env and Prox; it is bound there."""

    __slots__ = ()

    def _latex(self, printer: Any) -> str:
        return r"\,\cdot\,"


ARGUMENT = Argument("_loss_argument", real=True)


class _Proximal(sp.Expr):
    """Base of the three objects; args: the loss in ARGUMENT, V, w."""

    is_commutative = True
    letters = ""

    def __new__(cls, loss: Any, spread: Any, at: Any) -> Any:
        loss = sp.S(loss)
        if loss.has(sp.Float):
            raise BadInput("floats have no place in a loss: write integers or Rational")
        if not loss.has(ARGUMENT):
            raise BadInput(f"the loss {sp.sstr(loss)[:80]} must be an expression in ARGUMENT")
        if sp.S(at).has(ARGUMENT) or sp.S(spread).has(ARGUMENT):
            raise BadInput("the argument of the loss is bound: it may not occur in V or w")
        return sp.Expr.__new__(cls, loss, sp.S(spread), sp.S(at))

    @property
    def loss(self) -> Any:
        return self.args[0]

    @property
    def spread(self) -> Any:
        return self.args[1]

    @property
    def at(self) -> Any:
        return self.args[2]

    @property
    def free_symbols(self) -> set[Any]:
        return {s for arg in self.args for s in arg.free_symbols} - {ARGUMENT}

    def _eval_is_extended_real(self) -> Any:
        return True

    def _others(self, s: Any) -> bool:
        """Whether a parameter of the loss itself is differentiated."""
        return s in self.loss.free_symbols and s != ARGUMENT

    def _latex(self, printer: Any, exp: Any = None) -> str:
        loss = _name(self.loss, printer)
        text = rf"{self.letters}_{{{printer._print(self.spread)}\,{loss}}}\left({printer._print(self.at)}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        inside = ", ".join(printer._print(arg) for arg in (self.spread, self.at))
        return f"{type(self).__name__}({printer._print(self.loss)}; {inside})"


class Env(_Proximal):
    """Env(l, V, w) = min_x l(x) + (x - w)^2/(2 V), V > 0, l convex, written in ARGUMENT.

    >>> V, w = sp.symbols("V w", positive=True); loss = sp.Function("l")(ARGUMENT)
    >>> sp.diff(Env(loss, V, w), w) == (w - Prox(loss, V, w)) / V
    True
    """

    letters = r"\mathcal{M}"

    def _eval_derivative(self, s: Any) -> Any:
        point, gap = Prox(*self.args), self.at - Prox(*self.args)
        total = sp.diff(self.at, s) * gap / self.spread - sp.diff(self.spread, s) * gap**2 / (2 * self.spread**2)
        if self._others(s):
            # Envelope theorem: the minimiser moves, and to first order the minimum does not notice.
            total += sp.diff(self.loss, s).xreplace({ARGUMENT: point})
        return total


class Prox(_Proximal):
    """Prox(l, V, w): the x with x + V l'(x) = w, unique for a convex l."""

    letters = r"\mathcal{P}"

    def _eval_derivative(self, s: Any) -> Any:
        if self._others(s):
            raise NotDerivable(f"the minimiser's dependence on {s} in the loss itself is not needed and not known")
        slope = ProxSlope(*self.args)
        gap = (self.at - self) / self.spread
        return slope * (sp.diff(self.at, s) - gap * sp.diff(self.spread, s))


class ProxSlope(_Proximal):
    """dProx/dw = 1/(1 + V l''(x)) at x = Prox(l, V, w); between 0 and 1."""

    letters = r"\mathcal{P}'"

    def _eval_derivative(self, s: Any) -> Any:
        if s not in self.free_symbols:
            return sp.S.Zero
        raise NotDerivable("second derivatives of a minimiser need the third derivative of its loss: insert the loss")

    def by_curvature(self) -> Any:
        """1/(1 + V l''(Prox)), for a loss with a second derivative everywhere."""
        second = derivative(self.loss, 2).xreplace({ARGUMENT: Prox(*self.args)})
        return 1 / (1 + self.spread * second)


def derivative(loss: Any, order: int) -> Any:
    """The derivative of a loss in its argument; of a declared function l the functions l_prime and l_second."""
    if isinstance(loss, sp.core.function.AppliedUndef):
        name = str(loss.func) + {1: "_prime", 2: "_second"}[order]
        return sp.Function(name, real=True)(*loss.args)
    return sp.diff(loss, ARGUMENT, order)


def prox_condition(x: Any, loss: Any, spread: Any, at: Any) -> Any:
    """x + V l'(x) - w: increasing in x, and zero at the minimiser."""
    return x + spread * derivative(loss, 1).xreplace({ARGUMENT: x}) - at


def _name(loss: Any, printer: Any) -> str:
    """A declared function by its letter, anything else as a formula in a dot."""
    if isinstance(loss, sp.core.function.AppliedUndef):
        return printer._print(loss.func) if not hasattr(printer, "name") else printer.name(str(loss.func))
    return rf"\left[{printer._print(loss)}\right]"

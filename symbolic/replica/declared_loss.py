"""A declared loss takes the place of the opaque one: closed forms where it is piecewise quadratic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .channel_stationarity import ordinary, together_in_means
from .hermite import equal_steps, trials, tried, value
from .mean import Mean
from .moments import moments
from .piecewise_prox import closed_env, closed_loss, closed_prox, closed_slope, is_piecewise_quadratic
from .prox import ARGUMENT, Env, Prox, ProxSlope, derivative
from .sampling import shown

_GRID = equal_steps(7, 0.23)


@dataclass(frozen=True)
class DeclaredLoss(Rule):
    """l := given  ->  Prox(l; V, w) in closed form for a convex piecewise-quadratic l, else dProx/dw = 1/(1 + V l'').

    Inputs: the claim, then the definitions l(x) := expression. Means whose bodies become polynomials are evaluated.
    Raises NotDerivable with the reason for a loss that is not convex.
    """

    source: ClassVar[str] = "J.-J. Moreau, Proximite et dualite dans un espace hilbertien, 1965"

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        declared = _declared(inputs[1:])
        found = []
        for equation in inputs[0].equations:
            rhs = _inserted(equation.rhs, declared)
            if rhs == equation.rhs:
                raise NotDerivable("the claim contains none of the declared losses")
            rhs = _closed(rhs)
            short = moments(rhs)
            rhs = short if _no_longer(short, rhs) else rhs
            found.append(
                Equation(equation.lhs, together_in_means(rhs) if rhs.has(Mean) else factored(rhs), equation.relation)
            )
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """Minimisers by bisection, their slopes as difference quotients, at every node of a grid: 5 digits."""
        declared = _declared(case.inputs[1:])
        for before, after in zip(case.inputs[0].equations, case.output.equations, strict=True):
            plain = _inserted(before.rhs, declared)
            atoms = [*free_atoms(plain), *free_atoms(after.rhs)]
            for point in ordinary(case, atoms, case.given, 2):
                left, right = (float(value(side, point, _GRID)) for side in (plain, after.rhs))
                if not abs(left - right) < 1e-5 * (1 + abs(left)):
                    return refuted("numerical minimisers", f"the sides differ by {left - right:.3e}", shown(point))
        return consistent("numerical minimisers", "bisection on a grid, 5 digits at 2 points")


def _declared(claims: tuple[Claim, ...]) -> dict[Any, Any]:
    return {e.lhs.func: sp.Lambda(e.lhs.args, e.rhs) for claim in claims for e in claim.equations}


def _inserted(expr: Any, declared: dict[Any, Any]) -> Any:
    """Opaque losses replaced, inside the proximal objects too."""
    expr = sp.S(expr)
    for head, function in declared.items():
        expr = expr.replace(head, lambda x, f=function: f(x))
    return expr


def _closed(expr: Any) -> Any:
    """Every proximal object in its closed form, or with the curvature of its loss."""
    # Inside a mean the bound variable has a name of its own: replace, not xreplace.
    expr = expr.replace(lambda e: _loss_at_prox(e) is not None, lambda e: closed_loss(*_loss_at_prox(e).args))
    forms = {Env: closed_env, Prox: closed_prox, ProxSlope: closed_slope}
    for kind, form in forms.items():
        expr = expr.replace(
            lambda e, k=kind: isinstance(e, k) and is_piecewise_quadratic(e.loss), lambda e, f=form: f(*e.args)
        )
    for node in sorted(expr.atoms(Env, Prox, ProxSlope), key=sp.default_sort_key):
        _refuse_unless_convex(node.loss)
    return expr.replace(lambda e: isinstance(e, ProxSlope), lambda e: e.by_curvature())


def _loss_at_prox(expr: Any) -> Any:
    """The minimiser P of an expression l(P), for a piecewise quadratic l; else None."""
    if isinstance(expr, Mean | Prox) or not expr.has(Prox):
        return None
    for node in sorted(expr.atoms(Prox), key=sp.default_sort_key):
        if is_piecewise_quadratic(node.loss) and expr == node.loss.xreplace({ARGUMENT: node}):
            return node
    return None


def _refuse_unless_convex(loss: Any) -> None:
    """A smooth loss is accepted when its second derivative is positive by its structure."""
    curvature = sp.factor(sp.diff(loss, ARGUMENT, 2))
    if curvature.is_nonnegative is not True:
        raise NotDerivable(f"the loss {sp.sstr(loss)[:60]} is not known to be convex: l'' = {sp.sstr(curvature)[:80]}")


def _no_longer(short: Any, long: Any) -> bool:
    """Evaluated moments are preferred when they leave fewer means."""
    return len(short.atoms(Mean)) < len(long.atoms(Mean))


@dataclass(frozen=True)
class ProxVariable(Rule):
    """E[g(w, Prox(w))] -> E[g(x + V l', x) (1 + V l'') exp(-V l' (2 x + V l')/(2 q))] for w, x ~ N(0, q).

    The minimiser x is taken as the variable of integration: w = x + V l'(x) increases in x, dw = (1 + V l''(x)) dx.
    For smooth losses, whose minimiser has no closed form.
    """

    source: ClassVar[str] = "change of variables"

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for equation in inputs[0].equations:
            table = {m: _in_minimiser(m) for m in equation.rhs.atoms(Mean) if m.has(Prox, ProxSlope)}
            if not table:
                raise NotDerivable("no mean in the claim contains a minimiser")
            found.append(Equation(equation.lhs, together_in_means(equation.rhs.xreplace(table)), equation.relation))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """Minimisers found numerically against the formula without any: two quadratures, 6 digits."""
        grid = equal_steps(11, 0.03)
        for before, after in zip(case.inputs[0].equations, case.output.equations, strict=True):
            losses = trials(before.rhs)
            sides = [tried(side, losses) for side in (before.rhs, after.rhs)]
            for point in ordinary(case, [*free_atoms(sides[0]), *free_atoms(sides[1])], case.given, 2):
                left, right = (float(value(side, point, grid)) for side in sides)
                if not abs(left - right) < 1e-6 * (1 + abs(left)):
                    return refuted("two quadratures", f"the sides differ by {left - right:.3e}", shown(point))
        return consistent("two quadratures", "6 digits at 2 points")


def _in_minimiser(mean: Mean) -> Any:
    body, fresh = mean.opened()
    body = body.replace(lambda e: isinstance(e, ProxSlope), lambda e: e.by_curvature())
    if len(fresh) != 1 or mean.covariance is None:
        raise NotDerivable("the mean must be over one field")
    (w,) = fresh
    if all(node.at == -w for node in body.atoms(Prox)):
        body = body.xreplace({w: -w})
    nodes = sorted(body.atoms(Prox), key=sp.default_sort_key)
    if len(nodes) != 1 or nodes[0].at != w:
        raise NotDerivable("the mean must contain one minimiser, that of its field")
    (node,) = nodes
    x, variance = sp.Dummy(real=True), mean.covariance[0][0]
    slope, curvature = (derivative(node.loss, k).xreplace({ARGUMENT: x}) for k in (1, 2))
    shift = node.spread * slope
    density = sp.exp(-shift * (2 * x + shift) / (2 * variance))
    moved = body.xreplace({node: x}).xreplace({w: x + shift}) * (1 + node.spread * curvature)
    return Mean(factored(moved) * density, (x,), mean.covariance)


@dataclass(frozen=True)
class LossDerivatives(Rule):
    """l := expression  ->  l' and l'' of the declared loss, as functions of their own."""

    source: ClassVar[str] = "differentiation"

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        head, (u,) = inputs[0].lhs.func, inputs[0].lhs.args
        applied = head(ARGUMENT)
        return tuple(
            Equation(derivative(applied, k).xreplace({ARGUMENT: u}), factored(sp.diff(inputs[0].rhs, u, k)))
            for k in (1, 2)
        )

    def check(self, case: Case) -> Verdict:
        """Difference quotients of the loss at 5 places: 6 digits."""
        (u,) = case.inputs[0].lhs.args
        f = case.inputs[0].rhs
        atoms = [a for a in free_atoms(f) if a != u]
        (point,) = ordinary(case, atoms, [], 1)
        x, h = np.linspace(-2.1, 1.9, 5), 2.0**-10
        before, here, after = (value(f, {**point, u: x + k * h}) for k in (-1, 0, 1))
        for told, truth in zip(case.output.equations, ((after - before) / (2 * h), (after - 2 * here + before) / h**2)):
            gap = float(np.max(np.abs(value(told.rhs, {**point, u: x}) - truth)))
            if not gap < 1e-5:
                return refuted("difference quotients", f"distance {gap:.2e}", shown(point))
        return consistent("difference quotients", "5 digits at 5 places")

"""Labels that are the sign of the teacher's field: means with a step or a delta of it become means over one field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .channel_stationarity import ordinary
from .hermite import Grid, equal_steps, trials, tried, value
from .mean import Mean, means_in
from .mean_calculus import linear
from .sampling import shown

_HALF_LINE = np.polynomial.legendre.leggauss(80)
_STEP = 1 / 64


@dataclass(frozen=True)
class ConditionOnSign(Rule):
    """E[theta(u) g(w)] -> 1/2 E[erfc(-m w/sqrt(2 q (rho q - m^2))) g(w)],  E[delta(u) g(w)] -> E[g(w')]/sqrt(2 pi rho).

    (u, w) ~ N(0, ((rho, m), (m, q))); given u = 0 the field w' has the variance q - m^2/rho.
    """

    source: ClassVar[str] = "conditional normal laws"

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        found = []
        for equation in inputs[0].equations:
            target = linear(equation.rhs) if _mixed(equation.rhs) else equation.rhs
            table = {m: _conditioned(m) for m in means_in(target) if m.has(sp.Heaviside, sp.DiracDelta)}
            if not table:
                raise NotDerivable("no mean in the claim contains a step or a delta")
            found.append(Equation(equation.lhs, target.xreplace(table), equation.relation))
        return tuple(found)

    def check(self, case: Case) -> Verdict:
        """The half plane u > c by quadrature, deltas as its difference quotient in c; trial functions, 6 digits."""
        for before, after in zip(case.inputs[0].equations, case.output.equations, strict=True):
            losses = trials(before.rhs)
            plain, told = tried_keeping_steps(before.rhs, losses), tried_keeping_steps(after.rhs, losses)
            for point in ordinary(case, [*free_atoms(plain), *free_atoms(told)], case.given, 2):
                numbers = {m: _half_plane(m, point) for m in means_in(plain) if m.has(sp.Heaviside, sp.DiracDelta)}
                names = {m: sp.Dummy(real=True) for m in numbers}
                at = {**point, **{names[m]: number for m, number in numbers.items()}}
                truth = float(value(plain.xreplace(names), at, equal_steps(8, 0.1)))
                gap = abs(truth - float(value(told, point, equal_steps(8, 0.1))))
                if not gap < 1e-6 * (1 + abs(truth)):
                    return refuted("half planes", f"distance {gap:.3e}", shown(point))
        return consistent("half planes by quadrature", "trial functions, 6 digits at 2 points")


def tried_keeping_steps(expr: Any, losses: Any) -> Any:
    """Opaque losses replaced by trial functions; steps stay steps."""
    names = {kind: sp.Function(f"_kept_{kind.__name__}") for kind in (sp.Heaviside, sp.DiracDelta)}
    for kind, name in names.items():
        expr = expr.replace(kind, lambda x, *_, f=name: f(x))
    expr = tried(expr, losses)
    for kind, name in names.items():
        expr = expr.replace(name, kind)
    return expr


def _mixed(expr: Any) -> bool:
    """Whether some mean holds steps of both signs, or a sum of terms with and without a step."""
    return any(isinstance(m.body, sp.Add) for m in means_in(expr) if m.has(sp.Heaviside, sp.DiracDelta))


def _conditioned(mean: Mean) -> Any:
    body, (u, w) = mean.opened()
    (rho, m), (_, q) = mean.covariance
    steps = sorted(body.atoms(sp.Heaviside, sp.DiracDelta), key=sp.default_sort_key)
    if len(steps) != 1 or body.coeff(steps[0]) == 0:
        raise NotDerivable("a mean must be linear in one step or delta of the teacher's field")
    (step,), sign = steps, sp.diff(steps[0].args[0], u)
    rest = sp.expand(body.coeff(step)) if isinstance(body, sp.Add) else body / step
    if sign not in (1, -1) or step.args[0] != sign * u:
        raise NotDerivable("the step must be one of the teacher's field itself")
    if isinstance(step, sp.DiracDelta):
        at_zero = rest.xreplace({u: sp.Integer(0)})
        return Mean(at_zero, (w,), ((q - m**2 / rho,),)) / sp.sqrt(2 * sp.pi * rho)
    if rest.has(u):
        raise NotDerivable("beside the step only the student's field may occur")
    weight = sp.erfc(-sign * m * w / sp.sqrt(2 * q * (rho * q - m**2)))
    return Mean(weight * rest, (w,), ((q,),)) / 2


def _half_plane(mean: Mean, point: Any) -> float:
    """The mean with its step integrated as a half line, its delta as minus the derivative in the threshold."""
    body, (u, w) = mean.opened()
    steps = sorted(body.atoms(sp.Heaviside, sp.DiracDelta), key=sp.default_sort_key)
    step = steps[0]
    sign = int(sp.diff(step.args[0], u))
    rest = body.xreplace({step: sp.Integer(1)})
    table = np.array([[float(value(e, point)) for e in row] for row in mean.covariance])
    if np.linalg.det(table) <= 0 or table[0, 0] <= 0:
        return float("nan")

    def beyond(c: float) -> float:
        return _beyond(rest, u, w, sign, c, table, point)

    if isinstance(step, sp.Heaviside):
        return beyond(0.0)
    weights = {-2: 1.0, -1: -8.0, 1: 8.0, 2: -1.0}
    return -sum(weight * beyond(k * _STEP) for k, weight in weights.items()) / (12 * _STEP)


def _beyond(rest: Any, u: Any, w: Any, sign: int, c: float, table: Any, point: Any) -> float:
    """E[f(u, w); sign u > c]."""
    nodes, weights = _HALF_LINE
    reach = 10 * np.sqrt(table[0, 0])
    x = c + (reach - c) / 2 * (nodes + 1)
    grid: Grid = equal_steps(8, 0.1)
    fields = sign * x[:, None]
    spread = np.sqrt(table[1, 1] - table[0, 1] ** 2 / table[0, 0])
    student = table[0, 1] / table[0, 0] * fields + spread * grid.nodes[None, :]
    f = np.broadcast_to(value(rest, {**point, u: fields, w: student}), student.shape)
    inner = np.sum(f * grid.weights, axis=1)
    density = np.exp(-x * x / (2 * table[0, 0])) / np.sqrt(2 * np.pi * table[0, 0])
    return float(np.sum(inner * density * weights) * (reach - c) / 2)

"""The unbalanced two-layer neuron by direct integration: gradient flow (Taylor series) and gradient descent.

a' = -eta_a w.G,   w' = -eta_w a G,   G = X^T (X beta - y),   beta = a w,   delta = eta_w a^2 - eta_a |w|^2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath

from ...symbolic.errors import BadInput
from ..context import exact, local_context, to_context
from ..point import entries
from ..taylor import FlowState, integrate
from .record import Estimate, Simulation

NAMES = ("eta_a", "eta_w", "a0", "w0", "beta_star", "t")


def dot(left: Sequence[Any], right: Sequence[Any]) -> Any:
    """sum_i left_i right_i in whatever arithmetic the entries have."""
    total = left[0] * right[0]
    for x, y in zip(left[1:], right[1:], strict=True):
        total = total + x * y
    return total


@dataclass(frozen=True)
class Problem:
    """Learning rates and data: X as rows, y; entries exact (or floats, for `descend` only)."""

    eta_a: Any
    eta_w: Any
    X: tuple[tuple[Any, ...], ...]
    y: tuple[Any, ...]

    def gradient(self, beta: Sequence[Any]) -> list[Any]:
        """G = X^T (X beta - y), the gradient of L = |X beta - y|^2/2 with respect to beta."""
        residual = [dot(row, beta) - target for row, target in zip(self.X, self.y, strict=True)]
        return [dot(column, residual) for column in zip(*self.X, strict=True)]

    def field(self, z: Sequence[Any]) -> list[Any]:
        """The gradient flow of z = (a, w)."""
        a, w = z[0], z[1:]
        G = self.gradient([a * wi for wi in w])
        return [dot(w, G) * -self.eta_a] + [a * Gi * -self.eta_w for Gi in G]

    def delta(self, a: Any, w: Sequence[Any]) -> Any:
        return self.eta_w * a**2 - self.eta_a * dot(w, w)

    def drift(self, a: Any, w: Sequence[Any]) -> Any:
        """delta after one unit step of gradient descent minus delta before it, exactly:

        -delta kappa^2 |G|^2 - eta_a^2 eta_w (|w|^2 |G|^2 - (w.G)^2),  kappa^2 = eta_a eta_w.
        """
        G = self.gradient([a * wi for wi in w])
        size = dot(G, G)
        turning = dot(w, w) * size - dot(w, G) ** 2
        return -self.delta(a, w) * self.eta_a * self.eta_w * size - self.eta_a**2 * self.eta_w * turning


def whitened(eta_a: Any, eta_w: Any, beta_star: Sequence[Any]) -> Problem:
    """The problem with X = I, y = beta_star."""
    d = len(beta_star)
    identity = tuple(tuple(int(i == j) for j in range(d)) for i in range(d))
    return Problem(exact(eta_a), exact(eta_w), identity, tuple(exact(b) for b in beta_star))


def flow(problem: Problem, a0: Any, w0: Sequence[Any], t: Any, digits: int = 30) -> FlowState:
    """(a, w) at time t by Taylor integration of the gradient flow, for any X; nothing of the closed form is used.

    >>> state = flow(whitened(1, 1, ["4/5", "3/5"]), "1/2", [1, 0], 2, digits=20)
    >>> mpmath.nstr(state.values[0], 15)
    '0.801860724260555'
    """
    return integrate(problem.field, [exact(a0), *map(exact, w0)], exact(t), digits)


def descend(problem: Problem, a: Any, w: Sequence[Any], steps: int) -> list[tuple[Any, tuple[Any, ...]]]:
    """States of `steps` steps of gradient descent with step size 1 (the rates are eta_a and eta_w themselves)."""
    path = [(a, tuple(w))]
    for _ in range(steps):
        move = problem.field((a, *w))
        a, w = a + move[0], tuple(wi + mi for wi, mi in zip(w, move[1:], strict=True))
        path.append((a, tuple(w)))
    return path


def simulate(at: Mapping[str, Any], *, digits: int = 20) -> Simulation:
    """a, w, beta, delta, loss and kernel distance at time t of the whitened problem, from the flow itself.

    at: eta_a, eta_w, a0, w0 (list), beta_star (list), t; exact values, lists as sequences or comma-separated text.
    The `standard_error` of every estimate is its change from `digits` to `digits + 10` digits: evidence, not spread.
    """
    missing = [name for name in NAMES if name not in at]
    unknown = sorted(set(at) - set(NAMES))
    if missing or unknown:
        raise BadInput(f"unbalanced: unknown parameters {unknown}, missing {missing}; needed: {', '.join(NAMES)}")
    w0, beta_star = (list(entries(at[name], ",")) for name in ("w0", "beta_star"))
    if len(w0) != len(beta_star):
        raise BadInput(f"unbalanced: w0 has {len(w0)} entries and beta_star has {len(beta_star)}")
    problem = whitened(at["eta_a"], at["eta_w"], beta_star)
    fine = flow(problem, at["a0"], w0, at["t"], digits + 10)
    coarse = flow(problem, at["a0"], w0, at["t"], digits)
    ctx = local_context(digits + 30)
    tables = [_results(ctx, problem, (at["a0"], *w0), state) for state in (fine, coarse)]
    return Simulation(
        id="unbalanced",
        results={name: _estimate(tables[0][name], tables[1][name]) for name in tables[0]},
        options={"digits": digits},
        method=f"Taylor series of order {fine.order}, {fine.steps} steps",
    )


def _estimate(fine: Any, coarse: Any) -> Estimate | tuple[Estimate, ...]:
    if isinstance(fine, list):
        return tuple(Estimate(float(x), float(abs(x - y))) for x, y in zip(fine, coarse, strict=True))
    return Estimate(float(fine), float(abs(fine - coarse)))


def _results(ctx: mpmath.MPContext, problem: Problem, z0: Sequence[Any], state: FlowState) -> dict[str, Any]:
    number: Callable[[Any], Any] = lambda value: to_context(ctx, value)  # noqa: E731
    local = Problem(
        number(problem.eta_a),
        number(problem.eta_w),
        tuple(tuple(map(number, row)) for row in problem.X),
        tuple(map(number, problem.y)),
    )
    a, *w = map(number, state.values)
    beta = [a * wi for wi in w]
    miss = [b - target for b, target in zip(beta, local.y)]
    start = [number(z if hasattr(z, "_mpf_") else exact(z)) for z in z0]
    return {
        "a": a,
        "w": w,
        "beta": beta,
        "delta": local.delta(a, w),
        "loss": dot(miss, miss) / 2,
        "kernel_distance": 1 - _kernel_cosine(ctx, local, start, [a, *w]),
    }


def _kernel_cosine(ctx: mpmath.MPContext, problem: Problem, z: Sequence[Any], z2: Sequence[Any]) -> Any:
    """<K, K2>/(|K| |K2|) of K = X M X^T, M = eta_w a^2 I + eta_a w w^T, formed entry by entry."""
    first, second = _kernel(ctx, problem, z), _kernel(ctx, problem, z2)
    return dot(first, second) / ctx.sqrt(dot(first, first) * dot(second, second))


def _kernel(ctx: mpmath.MPContext, problem: Problem, z: Sequence[Any]) -> list[Any]:
    a, w = z[0], z[1:]
    slope = [dot(row, w) for row in problem.X]
    entries = []
    for i, row in enumerate(problem.X):
        for j, other in enumerate(problem.X):
            entries.append(problem.eta_w * a**2 * dot(row, other) + problem.eta_a * slope[i] * slope[j])
    return entries

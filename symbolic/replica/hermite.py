"""Formulas with means and minimisers in double precision: for checks that replace an opaque loss by trial functions.

A mean becomes a sum over a product grid: Gauss-Hermite nodes for smooth integrands, equal steps for the others. Rules
that hold for every measure (linearity, n -> 0) are judged on the grid itself, without any error of quadrature.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from ..errors import BadInput
from .mean import Mean
from .owen import OwenT
from .prox import ARGUMENT, Env, Prox, ProxSlope, derivative

_ERF = np.vectorize(math.erf, otypes=[float])
_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sp.exp: np.exp,
    sp.log: np.log,
    sp.cosh: np.cosh,
    sp.sinh: np.sinh,
    sp.tanh: np.tanh,
    sp.Abs: np.abs,
    sp.sign: np.sign,
    sp.acos: np.arccos,
    sp.erf: _ERF,
    sp.erfc: lambda x: 1 - _ERF(x),
    OwenT: lambda h, a: _owen(h, a),
    sp.Heaviside: lambda x, *_: np.heaviside(x, 0.5),
    sp.Max: lambda *x: np.maximum.reduce(np.broadcast_arrays(*x)),
    sp.Min: lambda *x: np.minimum.reduce(np.broadcast_arrays(*x)),
}


def _owen(h: Any, a: Any) -> Any:
    """1/(2 pi) int_0^a exp(-h^2 (1 + t^2)/2)/(1 + t^2) dt, by 80 Gauss-Legendre nodes in the angle."""
    nodes, weights = np.polynomial.legendre.leggauss(80)
    angle = np.arctan(a) / 2
    inside = np.exp(-(h**2) / (2 * np.cos(angle * (1 + nodes)) ** 2))
    return angle * np.sum(weights * inside) / (2 * np.pi)


_RELATIONS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
_HALVINGS = 70
_STEPS = 40
_NUDGE = 2.0**-20


@dataclass(frozen=True)
class Grid:
    """Nodes and the logarithms of the weights (which may be too small for a float) that stand for one normal."""

    nodes: Any
    logs: Any

    @property
    def weights(self) -> Any:
        return np.exp(self.logs)


def gauss(count: int = 24) -> Grid:
    """Gauss-Hermite: exact for polynomials of degree 2 count - 1."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return Grid(nodes, np.log(weights / weights.sum()))


def equal_steps(reach: float, step: float) -> Grid:
    """The trapezoidal rule with its nodes at k step, |k step| <= reach, normalised; symmetric about 0."""
    count = int(reach / step)
    nodes = step * np.arange(-count, count + 1)
    logs = -nodes * nodes / 2
    return Grid(nodes, logs - np.log(np.sum(np.exp(logs))))


def value(expr: Any, point: Mapping[Any, Any], outer: Grid | None = None, inner: Grid | None = None) -> Any:
    """The value at a point (numbers or arrays by atom); inner: the grid of means that contain no other mean.

    Raises BadInput for an atom without a value, an unknown function or an opaque loss that was not replaced.
    """
    grid = outer or gauss()
    env = {k: v if np.ndim(v) or isinstance(v, complex) else np.float64(v) for k, v in point.items()}
    with np.errstate(all="ignore"):
        found = _Evaluation(grid, inner or grid).of(sp.S(expr), env)
    if np.iscomplexobj(found) and not any(isinstance(v, complex) for v in env.values()):
        # A root of a negative number: no real value.
        return np.where(np.imag(found) == 0, np.real(found), np.nan)[()]
    return found


class _Evaluation:
    def __init__(self, outer: Grid, inner: Grid):
        self.outer, self.inner = outer, inner

    def of(self, expr: Any, env: dict[Any, Any]) -> Any:
        if expr not in env:
            env[expr] = self._computed(expr, env)
        return env[expr]

    def _computed(self, expr: Any, env: dict[Any, Any]) -> Any:
        if expr.is_number and not expr.has(Mean, Env, Prox):
            return np.float64(float(expr)) if expr.is_real else complex(expr)
        if isinstance(expr, Mean):
            return self._mean(expr, env)
        if expr.func is sp.log and isinstance(expr.args[0], Mean) and isinstance(expr.args[0].body, sp.exp):
            return self._mean(expr.args[0], env, logarithm=True)
        if isinstance(expr, Env | Prox | ProxSlope):
            return self._proximal(expr, env)
        if isinstance(expr, sp.Piecewise):
            return self._piecewise(expr, env)
        if expr.is_Relational:
            return _RELATIONS[expr.rel_op](*(self.of(side, env) for side in expr.args))
        if isinstance(expr, sp.And):
            return np.logical_and.reduce(np.broadcast_arrays(*(self.of(side, env) for side in expr.args)))
        if expr.is_Add:
            return sum(self.of(arg, env) for arg in expr.args)
        if expr.is_Mul:
            total: Any = 1.0
            for arg in expr.args:
                total = total * self.of(arg, env)
            return total
        if expr.is_Pow:
            base: Any = self.of(expr.base, env)
            return base ** int(expr.exp) if expr.exp.is_Integer else base ** self.of(expr.exp, env)
        if isinstance(expr, Trial):
            return expr.numeric(self.of(expr.args[0], env))
        if expr.func in _FUNCTIONS:
            return _FUNCTIONS[expr.func](*(self.of(arg, env) for arg in expr.args))
        raise BadInput(f"no value in double precision for {sp.sstr(expr)[:100]}")

    def _mean(self, mean: Mean, env: dict[Any, Any], logarithm: bool = False) -> Any:
        """E[f], or log E[exp(X)] with the largest exponent taken out, for any size of X."""
        grid = self.outer if mean.body.has(Mean) else self.inner
        body, fresh = mean.opened()
        body = body.args[0] if logarithm else body
        count = len(fresh)
        lifted = {k: _lift(v, count) for k, v in env.items() if k.is_Symbol or isinstance(k, sp.Indexed)}
        axes = [grid.nodes.reshape((-1,) + (1,) * (count - 1 - k)) for k in range(count)]
        logs: Any = 0.0
        for k in range(count):
            logs = logs + grid.logs.reshape((-1,) + (1,) * (count - 1 - k))
        if mean.covariance is not None:
            axes = self._correlated(mean.covariance, axes, env)
        inside = _Evaluation(self.outer, self.inner).of(body, {**lifted, **dict(zip(fresh, axes))})
        axes_of_mean = tuple(range(-count, 0))
        if not logarithm:
            return np.sum(inside * np.exp(logs), axis=axes_of_mean)
        inside = inside + logs
        top = np.max(np.real(inside), axis=axes_of_mean, keepdims=True)
        total = np.sum(np.exp(inside - top), axis=axes_of_mean)
        return np.log(total) + np.squeeze(top, axis=axes_of_mean)

    def _correlated(self, rows: Any, axes: list[Any], env: dict[Any, Any]) -> list[Any]:
        table = np.array([[float(np.real(self.of(entry, env))) for entry in row] for row in rows])
        try:
            root = np.linalg.cholesky(table)
        except np.linalg.LinAlgError:  # no such normal variables exist: no value either
            return [np.nan * axis for axis in axes]
        return [sum(root[i, k] * axes[k] for k in range(i + 1)) for i in range(len(axes))]

    def _piecewise(self, expr: Any, env: dict[Any, Any]) -> Any:
        total: Any = np.nan
        for piece, condition in reversed(expr.args):
            chosen = self.of(piece, env)
            total = chosen if condition == sp.true else np.where(self.of(condition, env), chosen, total)
        return total

    def _proximal(self, expr: Any, env: dict[Any, Any]) -> Any:
        spread, at = np.broadcast_arrays(self.of(expr.spread, env), self.of(expr.at, env))
        x = self._minimiser(expr.loss, spread, at, env)
        if isinstance(expr, Prox):
            return x
        if isinstance(expr, ProxSlope) and _is_smooth(expr.loss):
            return 1 / (1 + spread * self._loss(derivative(expr.loss, 2), x, env))
        if isinstance(expr, ProxSlope):
            return (self._minimiser(expr.loss, spread, at + _NUDGE, env) - x) / _NUDGE
        return self._loss(expr.loss, x, env) + (x - at) ** 2 / (2 * spread)

    def _loss(self, loss: Any, x: Any, env: dict[Any, Any]) -> Any:
        plain = {k: v for k, v in env.items() if k.is_Symbol and not np.ndim(v)}
        return _Evaluation(self.outer, self.inner).of(loss, {**plain, ARGUMENT: x})

    def _minimiser(self, loss: Any, spread: Any, at: Any, env: dict[Any, Any]) -> Any:
        """The root of x + V l'(x) - w, which increases: Newton where it settles, else bisection."""
        if not np.all(np.asarray(spread) > 0):
            return np.full(np.shape(at), np.nan)
        slope, curvature = derivative(loss, 1), derivative(loss, 2)
        if not _is_smooth(loss):
            return self._bisected(slope, spread, at, env)
        x = np.array(at, dtype=float)
        for _ in range(_STEPS):
            step = (x + spread * self._loss(slope, x, env) - at) / (1 + spread * self._loss(curvature, x, env))
            x = x - step
            if np.all(np.abs(step) <= 1e-15 * (1 + np.abs(x))):
                return x
        return self._bisected(slope, spread, at, env)

    def _bisected(self, slope: Any, spread: Any, at: Any, env: dict[Any, Any]) -> Any:
        def above(x: Any) -> Any:
            return x + spread * self._loss(slope, x, env) > at

        reach = 1.0 + np.abs(at)
        for _ in range(_STEPS):
            if not np.any(above(at - reach)) and np.all(above(at + reach)):
                break
            reach = 2 * reach
        low, high = at - reach, at + reach
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            over = above(middle)
            low, high = np.where(over, low, middle), np.where(over, middle, high)
        return (low + high) / 2


def _is_smooth(loss: Any) -> bool:
    return not loss.has(sp.Abs, sp.Max, sp.Min, sp.Piecewise)


def _lift(v: Any, count: int) -> Any:
    return v[(...,) + (None,) * count] if np.ndim(v) else v


class Trial(sp.Function):
    """Smooth, strictly convex, asymmetric: c log cosh((x - s)/2) + k x^2/2 + j x, to stand for an opaque loss.

    Each of the two sets of constants, and each derivative up to the second, is a function class of its own: formulas
    that contain it stay small, and only `value` knows what it is.
    """

    constants: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    order = 0
    is_real = True

    @classmethod
    def numeric(cls, x: Any) -> Any:
        c, s, k, j = cls.constants
        tanh = np.tanh((x - s) / 2)
        if cls.order == 0:
            return c * np.log(np.cosh((x - s) / 2)) + k * x * x / 2 + j * x
        return c * tanh / 2 + k * x + j if cls.order == 1 else c * (1 - tanh * tanh) / 4 + k

    def fdiff(self, argindex: int = 1) -> Any:
        return _trial(_CONSTANTS.index(self.constants), self.order + 1)(self.args[0])


_CONSTANTS = ((0.8, 0.4, 0.2, 1 / 7), (2 / 3, -1 / 3, 1 / 3, -1 / 9))


@cache
def _trial(which: int, order: int) -> Any:
    if order > 2:
        raise BadInput("trial functions have two derivatives")
    return type(f"trial{which}_{order}", (Trial,), {"constants": _CONSTANTS[which], "order": order})


def tried(expr: Any, losses: Mapping[str, int]) -> Any:
    """An expression with every opaque loss (by name, with its derivatives) replaced by a trial function."""
    expr = sp.S(expr)
    for name, which in losses.items():
        for suffix, order in (("", 0), ("_prime", 1), ("_second", 2)):
            heads = {f.func for f in expr.atoms(sp.core.function.AppliedUndef) if str(f.func) == name + suffix}
            for head in heads:
                expr = expr.replace(head, _trial(which, order))
    # A step is smoothed: identities that hold for every function are judged on a smooth one.
    expr = expr.replace(sp.Heaviside, lambda x, *_: 1 / (1 + sp.exp(-x)))
    return expr.replace(sp.DiracDelta, lambda x, *_: sp.exp(-x) / (1 + sp.exp(-x)) ** 2)


def trials(expr: Any) -> dict[str, int]:
    """The number of a trial function for every opaque loss of an expression, by name, always the same one."""
    names = sorted({str(f.func) for f in sp.S(expr).atoms(sp.core.function.AppliedUndef)})
    bases = sorted({name.removesuffix("_prime").removesuffix("_second") for name in names})
    return {name: sum(map(ord, name)) % len(_CONSTANTS) for name in bases}

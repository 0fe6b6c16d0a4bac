"""What is evaluated where: parameters, results, and the closed forms of each case.

The formulas are the claims of this derivation and, for the trajectory of the effective neuron, those of `unbalanced`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Parameter, Result, System
from ...symbolic.words import entries
from ..unbalanced.evaluation import system as one_neuron
from ..unbalanced.notation import symbols as neuron_symbols
from .cases import case
from .notation import NOTATION, n_d, symbols
from .text import built

eta_a, eta_w, a0, x, y, kappa, rho, s = symbols("eta_a eta_w a0 x y kappa rho s")
a, W, U, a_0, c_0, a_inf, x_hat = symbols("a W U a_0 c_0 a_inf x_hat")
u, v, n_a, n_c, A_1, A_plus, A_minus = symbols("u v n_a n_c A_1 A_plus A_minus")
size_a, p_1, p_2, spread, gamma = symbols("size_a p_1 p_2 spread gamma")
delta_eff, a_e = symbols("delta_eff a_e")
W0: Any = sp.IndexedBase("W0", real=True)

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("eta_a", "eta_w", "a0", "W0", "beta_star", "t", "x", "y"))
START = ("eta_a", "eta_w", "a0", "W0")
TRACES = ("delta-root", "two-traces", "shift-value", "output-effective")
RESULTS = (
    Result("delta_matrix", "imbalance", "imbalance of the layers, conserved, row by row", "list", START),
    Result("delta_eff", "delta-root", "imbalance of the effective neuron", needs=START, also=TRACES),
    Result("a_effective", "output-effective", "output weight of the effective neuron", needs=START, also=TRACES),
    Result(
        "beta",
        "effective",
        "predictor at time t, for whitened inputs",
        "list",
        (*START, "beta_star", "t"),
        (*TRACES, "predictor-effective"),
    ),
    Result(
        "beta_infinity",
        "predictor-limit",
        "limit of the predictor for one sample",
        "list",
        (*START, "x", "y"),
        ("output-limit", "angle-square"),
    ),
    Result("theta_infinity", "angle-limit", "limit of the angle for one sample", needs=(*START, "x", "y")),
)
EXAMPLE = {
    "eta_a": "1",
    "eta_w": "1",
    "a0": "5/4,9/10,6/5",
    "W0": "9/20,3/5;109/50,6/25;6/25,58/25",
    "beta_star": "1,-1/2",
    "t": "1/2",
    "x": "1,2",
    "y": "3/2",
}
NO_NEURON = (
    "Delta does not have the form {alpha; -gamma, d times; 0}: predictor and eigenvalues do not close, and no closed "
    "trajectory is known; delta_matrix and beta_infinity (one sample) hold for every start"
)


def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
    """The closed forms of a case, every one of them a claim."""
    h, d = lengths["W0"]
    start = _Start(h, d)
    observables: dict[str, Any] = {}
    definitions: list[tuple[Any, Any]] = []
    if "delta_matrix" in wanted:
        observables["delta_matrix"] = list(entries(_claim("imbalance"), {a: start.a, W: start.W}))
    elif name == "one sample":
        definitions, observables = _one_sample(start)
    elif name == "no effective neuron":
        raise OutsideDomain(NO_NEURON)
    elif name == "all weights are zero":
        observables = {"beta": [sp.Integer(0)] * d}
    else:
        definitions = _effective(start, "balanced" in name or "no growth" in name)
        observables = {"delta_eff": delta_eff, "a_effective": a_e}
        if "beta" in wanted:
            inner = one_neuron(name, {"w0": d, "beta_star": d}, ("beta",))
            neuron_a0, neuron_w0 = neuron_symbols("a0 w0")
            definitions += [(neuron_a0, a_e), *((neuron_w0[k], start.beta[k - 1] / a_e) for k in range(1, d + 1))]
            definitions += list(inner.definitions)
            observables["beta"] = inner.observables["beta"]
    return System(
        observables={k: observables[k] for k in wanted if k in observables},
        definitions=tuple(definitions),
        branch=f"closed form, {name}",
    )


class _Start:
    """The start in entries."""

    def __init__(self, h: int, d: int):
        self.h, self.d = h, d
        self.a = sp.Matrix([a0[i] for i in range(1, h + 1)])
        self.W = sp.Matrix(h, d, lambda i, k: W0[i + 1, k + 1])
        self.beta = entries(built().claim("predictor").rhs, {a: self.a, W: self.W})


def _claim(label: str, lhs: Any = None) -> Any:
    return next(e.rhs for e in built().claim(label).equations if lhs is None or e.lhs == lhs)


def _effective(start: _Start, balanced: bool) -> list[tuple[Any, Any]]:
    """delta_eff, gamma and a_e from the traces of N J at the start."""
    gram = start.W.T * start.W
    cross = eta_a * eta_w * sum(x**2 for x in start.beta)
    size = sum(x**2 for x in start.a)
    square = eta_w**2 * size_a**2 - 2 * cross + eta_a**2 * sum(x**2 for x in gram)
    found = [(size_a, size), (p_1, eta_w * size_a - eta_a * gram.trace()), (p_2, square)]
    found += [(spread, _claim("variance")), (delta_eff, sp.Integer(0) if balanced else _claim("delta-root"))]
    shifted = (gamma, _claim("shift"))
    found += [shifted, (a_e, _claim("output-effective"))]
    return [(lhs, sp.S(rhs).xreplace({n_d: sp.Integer(start.d)})) for lhs, rhs in found]


def _one_sample(start: _Start) -> tuple[list[tuple[Any, Any]], dict[str, Any]]:
    place = range(1, start.d + 1)
    length = sp.Symbol("length_x", positive=True)
    direction = [sp.Symbol(f"x_hat_{k}", real=True) for k in place]
    along = [sp.Symbol(f"c_0_{i}", real=True) for i in range(1, start.h + 1)]
    definitions = [(length, sp.sqrt(sum(x[k] ** 2 for k in place))), (s, y / length)]
    definitions += [(z, x[k] / length) for z, k in zip(direction, place)]
    unit = sp.Matrix(direction)
    definitions += list(zip(along, start.W * unit))
    inner = sp.Matrix(along)
    definitions += [(kappa, sp.sqrt(eta_a) * sp.sqrt(eta_w)), (rho, sp.sqrt(eta_a) / sp.sqrt(eta_w))]
    scalars = {n_a: start.a.dot(start.a), n_c: inner.dot(inner), A_1: inner.dot(start.a)}
    definitions += [*scalars.items(), *((z, _claim("shares", z)) for z in (A_plus, A_minus))]
    definitions += [(u, _claim("angle-square")), (v, _claim("square"))]
    output = [sp.Symbol(f"a_inf_{i}", real=True) for i in range(1, start.h + 1)]
    definitions += list(zip(output, entries(_claim("output-limit"), {a_0: start.a, c_0: inner})))
    across = entries(_claim("split"), {W: start.W, x_hat: unit})
    limit = entries(_claim("predictor-limit"), {U: across, a_inf: sp.Matrix(output), x_hat: unit})
    return definitions, {"beta_infinity": list(limit), "theta_infinity": _claim("angle")}

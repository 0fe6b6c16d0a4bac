"""What is evaluated where: parameters, results, and the solution in entries.

The formulas are the claims of the derivation; the exponential and its integral are enclosed by Arb, and the inverse of
the squared length, a positive definite matrix, is applied by elimination.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.matrix_exponential import exponential, integral_of_exponential
from ...symbolic.system import Parameter, Result, System
from ...symbolic.words import entries
from .cases import GENERAL, case
from .notation import NOTATION, symbols
from .text import built

eta_1, eta_2, t, D = symbols("eta_1 eta_2 t D")
W1, W2, Sigma, m, H, F, Z_0, Q_11, Q_22 = symbols("W1 W2 Sigma m H F Z_0 Q_11 Q_22")
W1_0, W2_0, target = (sp.IndexedBase(name, real=True) for name in ("W1_0", "W2_0", "Sigma"))

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("eta_1", "eta_2", "W1_0", "W2_0", "Sigma", "t"))
CHAIN = ("solution", "direction", "length", "weighted")
RESULTS = (
    Result(
        "delta_matrix",
        "imbalance",
        "imbalance of the layers, conserved, row by row",
        "list",
        ("eta_1", "eta_2", "W1_0", "W2_0"),
    ),
    Result("B", "predictor-solution", "predictor at time t, row by row", "list", also=CHAIN),
    Result("upper_kernel", "upper-solution", "eta_1 W2 W2^T at time t, row by row", "list", also=CHAIN),
    Result("lower_kernel", "lower-solution", "eta_2 W1^T W1 at time t, row by row", "list", also=CHAIN),
    Result("loss", "predictor-solution", "half the squared distance of the predictor to the target", also=CHAIN),
)
EXAMPLE = {
    "eta_1": "1",
    "eta_2": "1",
    "W1_0": "1/2,0,0;0,1/2,0",
    "W2_0": "3/10,-2/5;2/5,3/10",
    "Sigma": "3/2,1/2,-1;0,1,2/3",
    "t": "1",
}


def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
    """The closed forms of a case, every one of them a claim of the derivation."""
    (h, d), (c, _) = lengths["W1_0"], lengths["W2_0"]
    lower = sp.Matrix(h, d, lambda i, k: W1_0[i + 1, k + 1])
    upper = sp.Matrix(c, h, lambda i, k: W2_0[i + 1, k + 1])
    imbalance = entries(_claim("imbalance"), {W1: lower, W2: upper})
    if name == GENERAL or wanted == ("delta_matrix",):
        return System(observables={"delta_matrix": list(imbalance)}, branch=f"closed form, {name}")
    goal = sp.Matrix(c, d, lambda i, k: target[i + 1, k + 1])
    definitions: list[tuple[Any, Any]] = [(D, imbalance[0, 0])]
    products = _products(definitions, sp.Matrix.vstack(upper, lower.T), goal, h)
    predictor, blocks = products[:c, c:], {Q_11: products[:c, :c], Q_22: products[c:, c:]}
    gap = list(predictor - goal)
    observables = {
        "delta_matrix": list(imbalance),
        "B": list(predictor),
        "upper_kernel": list(entries(_claim("upper-solution"), blocks)),
        "lower_kernel": list(entries(_claim("lower-solution"), blocks)),
        "loss": sp.Add(*(x**2 for x in gap)) / 2,
    }
    return System(
        observables={k: observables[k] for k in wanted},
        definitions=tuple(definitions),
        branch=f"closed form, {name}",
    )


def _claim(label: str) -> Any:
    return built().claim(label).rhs


def _products(definitions: list[tuple[Any, Any]], start: Any, goal: Any, h: int) -> Any:
    """Q = Y P^-1 Y^T in entries."""
    generator = _named(definitions, "A", _blocks("generator-matrix", goal))
    weights = _blocks("weights", goal)
    flow = _named(definitions, "F", exponential(t * generator))
    integral = _named(definitions, "H", integral_of_exponential(2 * generator, t))
    image = _named(definitions, "Y", entries(_claim("direction"), {F: flow, Z_0: start}))
    length = _named(definitions, "P", _length(weights, integral, start, h))
    return _eliminated(definitions, image, length, h)


def _length(weights: Any, integral: Any, start: Any, h: int) -> Any:
    """The claim {length}, whose identity has the size h."""
    claim = built().claim("length").rhs
    (identity,) = (x for x in sp.MatAdd.make_args(claim) if isinstance(x, sp.Identity))
    return sp.eye(h) + entries(claim - identity, {m: weights, H: integral, Z_0: start})


def _blocks(label: str, goal: Any) -> Any:
    """A definition by blocks, in entries."""
    blocks = built().claim(label).rhs.blocks
    c, d = goal.shape
    rows = []
    for i, height in enumerate((c, d)):
        row = []
        for k, width in enumerate((c, d)):
            block = blocks[i, k]
            zero = isinstance(block, sp.ZeroMatrix)
            row.append(sp.zeros(height, width) if zero else _block(block, goal, height))
        rows.append(sp.Matrix.hstack(*row))
    return sp.Matrix.vstack(*rows)


def _block(block: Any, goal: Any, size: int) -> Any:
    if block.has(sp.Identity):
        scalar, _ = block.as_coeff_mmul() if isinstance(block, sp.MatMul) else (sp.Integer(1), block)
        return scalar * sp.eye(size)
    return entries(block, {Sigma: goal})


def _named(definitions: list[tuple[Any, Any]], name: str, matrix: Any) -> Any:
    """Symbols defined as the entries, so that nothing is written out twice."""
    names = sp.Matrix(*matrix.shape, lambda i, k: sp.Symbol(f"{name}_{i}_{k}", real=True))
    definitions.extend(zip(names, matrix))
    return names


def _eliminated(definitions: list[tuple[Any, Any]], image: Any, length: Any, h: int) -> Any:
    """Y P^-1 Y^T = sum_k u_k u_k^T/p_k, column by column; the pivots of a matrix I + (positive) are >= 1."""
    total = sp.zeros(image.rows, image.rows)
    for k in range(h):
        pivot, column = length[0, 0], image[:, 0]
        total += column * column.T / pivot
        if k + 1 < h:
            row = length[0, 1:]
            image = _named(definitions, f"Y{k}", image[:, 1:] - column * row / pivot)
            length = _named(definitions, f"P{k}", length[1:, 1:] - row.T * row / pivot)
    return _named(definitions, "Q", total)

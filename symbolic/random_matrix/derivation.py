"""A user's own matrix expression as a derivation: pencil, Dyson equations, minimal polynomial, each step checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ..claim import Equation
from ..derivation import Derivation
from ..errors import BadInput
from ..quantity import POSITIVE, POSITIVE_INTEGER, Notation, Quantity
from ..rules.dyson import DysonEquations
from ..rules.elimination import EliminateTraces
from .derive import derive
from .letters import declare


def derive_expression(
    expr: Any, gaussian: Mapping[Any, Any], dimensions: Mapping[Any, Any], *, id: str = "own_expression"
) -> Derivation:
    """t := tr r(X) -> Dyson equations -> P(t) = 0, as a Derivation with claims `dyson` and `polynomial`.

    expr: a square matrix expression in Gaussian letters and positive scalar parameters; gaussian: {X: entry variance,
    scaling like 1/dimension}; dimensions: {n: ratio} with one dimension of ratio 1. The result can be checked, shown
    and rendered like any other; certified values come from `deterministic_equivalent(...).value`.
    Raises BadInput, UnknownName or NotDerivable, naming the node, for expressions outside the language.
    >>> n, d = sp.symbols("n d", integer=True, positive=True); g, lam = sp.symbols("g lam", positive=True)
    >>> X = sp.MatrixSymbol("X", n, d)
    >>> D = derive_expression((X.T * X + lam * sp.Identity(d)).inv(), {X: 1 / n}, {d: 1, n: 1 / g})
    >>> print(D.claim("polynomial"))
    1 = t*(-g + lam + 1) + t**2*g*lam
    """
    system = derive(expr, declare(dict(gaussian), dimensions=dict(dimensions))).system
    size = expr.shape[0]
    unknowns = tuple(sp.Symbol(f"T{k}", real=True) for k in range(1, len(system.unknowns) + 1))
    t = sp.Symbol("t", real=True)
    rule = DysonEquations(gaussian=tuple(gaussian.items()), ratios=tuple(dimensions.items()), unknowns=unknowns)
    D = Derivation(
        id=id,
        title="A deterministic equivalent",
        abstract="The normalised trace of a matrix expression in Gaussian matrices, as all dimensions grow together.",
        sources=("J. W. Helton, T. Mai and R. Speicher, Applications of realizations to free probability, 2018",),
        notation=_notation(expr, gaussian, dimensions, unknowns, t),
        falsifier="One draw at large dimension whose trace leaves the value.",
    )
    D.define("definition", Equation(t, sp.Trace(expr) / size, ":="), prose="The quantity of interest is")
    D.derive(
        rule,
        "definition",
        label="dyson",
        prose="Linearisation by Schur complements, minimal realisation and Gaussian integration by parts give",
    )
    D.derive(
        EliminateTraces(dyson=rule, keep=t),
        "dyson",
        "definition",
        label="polynomial",
        prose="Elimination on the physical branch leaves the irreducible equation",
    )
    return D


def _notation(expr: Any, gaussian: Mapping[Any, Any], dimensions: Mapping[Any, Any], unknowns: Any, t: Any) -> Notation:
    """Dimensions, letters and parameters as they occur, then the traces."""
    sizes = sorted({s for x in gaussian for s in x.shape} | set(dimensions), key=sp.default_sort_key)
    inside = {s for e in (expr, *gaussian.values(), *dimensions.values()) for s in sp.S(e).free_symbols}
    scalars = [s for s in inside if isinstance(s, sp.Symbol) and s not in sizes]
    found = [Quantity(s.name, "dimension", "", POSITIVE_INTEGER, "dimension") for s in sizes]
    for s in sorted(scalars, key=sp.default_sort_key):
        if not s.is_positive:
            raise BadInput(f"the parameter {s} must be declared positive: Symbol({s.name!r}, positive=True)")
        found.append(Quantity(s.name, "parameter", sp.latex(sp.Symbol(s.name)), POSITIVE, "parameter"))
    for x, variance in gaussian.items():
        meaning = f"Gaussian matrix, entries independent with variance {variance}"
        found.append(Quantity(str(x), meaning, kind="matrix", shape=x.shape))
    found += [Quantity(u.name, "trace of a diagonal block of the pencil", f"T_{{{u.name[1:]}}}") for u in unknowns]
    return Notation(*found, Quantity(t.name, "the normalised trace", "t", role="result"))

"""How much: certified values, vectorised functions, integrals and independent witnesses.

    evaluate(model, name, at, digits) -> Certified | list[Certified]      exact input, certified decimals
    function(model, name) -> callable(**parameters)                       float64 over broadcast NumPy arrays
    integral(expr, x, low, high, values, digits) -> Certified             certified quadrature
    gaussian_mean(expr, z, growth, values, digits) -> Certified           E f(Z), Z ~ N(0, 1)
    integrate(field, z0, t, digits) -> FlowState                          Taylor series for polynomial flows
    sweep(task, points, path, executor) -> list of records                resumable, one JSON line a point

`quenched.numeric.simulate` holds the finite-size simulations.
"""

from __future__ import annotations

if __name__ != "quenched.numeric":
    raise ImportError("this folder is the package quenched.numeric: install the project and import it under that name")

from .evaluate import evaluate as evaluate
from .function import function as function
from .quadrature import gaussian_mean as gaussian_mean
from .quadrature import integral as integral
from .sweep import sweep as sweep
from .taylor import FlowState as FlowState
from .taylor import integrate as integrate

__all__ = ["FlowState", "evaluate", "function", "gaussian_mean", "integral", "integrate", "sweep"]

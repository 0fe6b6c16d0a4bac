"""Simulations by derivation id: witnesses that share no formula with the derivations they test.

simulate("pca_probe", at={...}, d=800, draws=20, seed=0) -> Simulation
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

if __name__ != "quenched.numeric.simulate":
    raise ImportError("this folder is the package quenched.numeric.simulate: install the project to import it")

from ...symbolic.errors import UnknownName
from .record import Estimate, Simulation

__all__ = ["Estimate", "Simulation", "simulate", "simulations"]

# Module by derivation id; a module offers simulate(at, **options) -> Simulation.
_MODULES = {name: name for name in ("hinge_probe", "lasso", "logistic_probe", "pca_probe", "ridge", "unbalanced")}


def simulations() -> tuple[str, ...]:
    """The derivation ids that have a simulation."""
    return tuple(sorted(_MODULES))


def simulate(id: str, at: Mapping[str, Any], **options: Any) -> Simulation:
    """Run the simulation of a derivation at a point; options are those of its module (d, draws, seed, digits).

    >>> point = {"eta_a": 1, "eta_w": 1, "a0": "1/2", "w0": "1,0", "beta_star": "4/5,3/5", "t": 2}
    >>> round(simulate("unbalanced", point).results["a"].mean, 5)
    0.80186
    """
    if id not in _MODULES:
        raise UnknownName("simulation", id, _MODULES)
    run: Callable[..., Simulation] = import_module(f".{_MODULES[id]}", __name__).simulate
    return run(at, **options)

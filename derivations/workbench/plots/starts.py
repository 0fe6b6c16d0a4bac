"""Weights of a given predictor and imbalance, from the claims of the derivation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....numeric.floats import FloatArithmetic
from ....numeric.tape import Tape
from ....symbolic.derivation import Derivation
from ....symbolic.quantity import atom_name, free_atoms


def of_claim(D: Derivation, label: str, values: Mapping[str, Any], lhs: str = "") -> Any:
    """The right-hand side of a claim (of its equation for `lhs`) at given values, in floats."""
    equations = D.claim(label).equations
    expr = next(e.rhs for e in equations if not lhs or e.lhs == D.notation[lhs].symbol)
    atoms = free_atoms(expr)
    inputs = [np.asarray(values[atom_name(atom)], dtype=float) for atom in atoms]
    return Tape(atoms, [expr]).run(FloatArithmetic(), inputs)[0]


def start(piece: Any, values: Mapping[str, Any], delta: Any, beta0: Any) -> tuple[np.ndarray, np.ndarray]:
    """(a0 > 0, w0) with a0 w0 = beta0 and the imbalance delta; delta (...) and beta0 (..., 2) broadcast.

    The share of w at -delta is the share of a at delta: the one that does not cancel is taken.
    """
    D, delta, beta0 = piece.derivation, np.asarray(delta, dtype=float), np.asarray(beta0, dtype=float)
    kappa = of_claim(D, "mean-rate", values)
    r = np.linalg.norm(beta0, axis=-1)
    larger = of_claim(D, "share-a", {"delta": np.abs(delta), "kappa": kappa, "r": r})
    product = of_claim(D, "product-length", {"kappa": kappa, "r": r})
    a0 = np.sqrt(np.where(delta < 0, product / larger, larger) / values["eta_w"])
    return a0, beta0 / a0[..., None]

"""How the one-step solution is evaluated: three unknowns at positive temperature, two at zero temperature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, beta, m, mu, q0, q1

PARAMETERS = (Parameter(NOTATION["beta"]),)
RESULTS = (
    Result("free_energy", "free-energy", "free energy per spin without a field"),
    Result("energy", "mean-energy", "energy per spin without a field"),
    Result("entropy", "entropy", "entropy per spin without a field"),
    Result("outer_overlap", "outer-zero-field", "overlap of replicas in different blocks"),
    Result("inner_overlap", "inner-zero-field", "overlap of replicas in one block"),
    Result("block_size", "slope-zero-field", "size of a block"),
    Result("ground_state_energy", "ground-state-energy", "energy per spin at zero temperature", needs=None),
    Result("ground_outer_overlap", "ground-overlap", "overlap between blocks at zero temperature", needs=None),
    Result("ground_block_size", "ground-slope", "size of a block per temperature at zero temperature", needs=None),
)
EXAMPLE = {"beta": "2"}
_BRANCH = "q0 > 0: of the two saddle points with blocks the one of larger free energy"


def model(D: Callable[[], Derivation]) -> Model:
    return Model(PARAMETERS, RESULTS, case, lambda name, lengths, wanted: system(D(), name, wanted), EXAMPLE)


def case(point: Mapping[str, Any]) -> str:
    """Zero temperature, or a temperature at which the blocks exist."""
    if "beta" not in point:
        return "ground state"
    if point["beta"] <= 1:
        raise OutsideDomain("beta > 1 is needed: above the critical temperature there are no blocks, `sk` holds")
    return "blocks"


def system(D: Derivation, name: str, wanted: tuple[str, ...]) -> System:
    return _ground(D, wanted) if name == "ground state" else _blocks(D, wanted)


def _blocks(D: Derivation, wanted: tuple[str, ...]) -> System:
    labels = {result.name: result.label for result in RESULTS}
    order = {"outer_overlap": q0, "inner_overlap": q1, "block_size": m}
    starts = ((q0, "43/200"), (q1, "31/50"), (m, "7/25"))
    return System(
        observables={name: order.get(name, D.claim(labels[name]).rhs) for name in wanted},
        unknowns=tuple(Unknown(x, sp.Integer(0), sp.Integer(1), sp.Rational(v)) for x, v in starts),
        equations=(
            q0 - D.claim("outer-zero-field").rhs,
            q1 - D.claim("inner-zero-field").rhs,
            D.claim("slope-zero-field").rhs,
        ),
        branch=_BRANCH,
        continuation=(beta, sp.Integer(2)),
    )


def _ground(D: Derivation, wanted: tuple[str, ...]) -> System:
    found = {
        "ground_state_energy": D.claim("ground-state-energy").rhs,
        "ground_outer_overlap": q0,
        "ground_block_size": mu,
    }
    return System(
        observables={name: found[name] for name in wanted},
        unknowns=(
            Unknown(q0, sp.Integer(0), sp.Integer(1), sp.Rational(12, 25)),
            Unknown(mu, sp.Integer(0), None, sp.Rational(34, 25)),
        ),
        equations=(q0 - D.claim("ground-overlap").rhs, D.claim("ground-slope").rhs),
        branch=_BRANCH,
    )

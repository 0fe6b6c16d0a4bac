"""What is evaluated where: parameters, results, the bracketed root of the chain, and the closed forms around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.errors import Undecided
from ...symbolic.system import Parameter, Result, System, Unknown
from ..implicit_bias.cases import SIGNS
from ..implicit_bias.evaluation import RowSpace
from .cases import case
from .notation import NOTATION, i, symbols
from .text import built

eta, a0, w0, s, z, sigma, pi_inf = symbols("eta a0 w0 s z sigma pi_inf")
n, beta_plus, eta_l, eta_1, charge_row, a, L = symbols("n beta_plus eta_l eta_1 charge_row a L")
c_eta = symbols("c_eta")[0]

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("eta", "a0", "w0", "X", "y", "length"))
CHAIN = ("eta", "a0", "w0", "X", "y")
ROOT = ("equation", "left-slope", "charge-level", "dissipation", "crossing-loss")
RESULTS = (
    Result("beta", "limit", "limit of the predictor of a chain", "list", CHAIN, (*ROOT, "output")),
    Result("output", "output", "limit of the product of the upper weights", needs=CHAIN, also=ROOT),
    Result("charges", "charge-level", "imbalances of the upper layers that the data see", "list", CHAIN),
    Result("across", "across", "eigenvalue of the balanced preconditioner across", needs=("eta", "length")),
    Result("along", "along", "eigenvalue of the balanced preconditioner along", needs=("eta", "length")),
)
EXAMPLE = {"eta": "1,1,1", "a0": "1,-1/2", "w0": "1,-1/3", "X": "1/2,1", "y": "-11/10", "length": "3/2"}


def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
    """The equation and the closed forms of a case, every one of them a claim of the derivation."""
    facts = name.split("; ")
    if facts[0] == "balanced":
        return _balanced(name, lengths["eta"], wanted)
    _, rows, exact_lengths, verdict, *flags = facts
    target, start = (sp.Rational(x) for x in exact_lengths.removeprefix("lengths ").split(","))
    kept = [] if rows == "rows none" else [int(x) for x in rows.removeprefix("rows ").split(",")]
    space = RowSpace(kept, lengths["w0"])
    definitions = list(space.definitions)
    charges = _charges(start, lengths["a0"])
    found: dict[str, Any] = {"charges": charges}
    unknowns, equations = (), ()
    if verdict == "at rest":
        product = sp.Mul(*(a0[k] for k in range(1, lengths["a0"] + 1)))
        found |= {"output": product, "beta": [product * w0[k] for k in space.places]}
    elif verdict == "pi_inf = 0":
        found |= {"output": sp.Integer(0), "beta": [sp.Integer(0)] * lengths["w0"]}
    elif verdict == "sign open":
        _refuse_sign("w0 in row(X)" in flags, wanted)
        found["beta"] = space.solution
    elif verdict.startswith("no labels"):
        squares = [_square(charge, k).xreplace({z: sp.Integer(0)}) for k, charge in enumerate(charges, start=2)]
        definitions.append((pi_inf, (SIGNS.index(verdict[18]) - 1) * sp.sqrt(sp.Mul(*squares))))
        found |= {"output": pi_inf, "beta": _limit(space)}
    elif wanted != ("charges",):
        definitions.append((s, sp.sqrt(target)))
        definitions.append((pi_inf, _claim("output").xreplace({sigma: sp.Integer(SIGNS.index(verdict[7]) - 1)})))
        lowest = sp.Max(sp.Integer(0), *(-eta[1] * charge for charge in charges))
        squares = [_square(charge, k) for k, charge in enumerate(charges, start=2)]
        # The claim {equation}, exponentiated: polynomial, hence defined at the end of the bracket too.
        unknowns, equations = (Unknown(z, lowest, sp.oo),), (z * sp.Mul(*squares) - target,)
        found |= {"output": pi_inf, "beta": _limit(space)}
    return System(
        observables={k: found[k] for k in wanted if k in found},
        unknowns=unknowns,
        equations=equations,
        definitions=tuple(definitions),
        branch=f"the one root above max(0, -eta_1 d_l), {verdict}" if unknowns else f"closed form, {verdict}",
    )


def _claim(label: str) -> Any:
    return built().claim(label).rhs


def _charges(square: Any, count: int) -> list[Any]:
    """The claim {charge-level} at the start, for every upper layer."""
    claim = _claim("charge-level")
    (total,) = claim.atoms(sp.Sum)
    at_start = claim.xreplace({total: square, eta_1: eta[1]})
    return [at_start.xreplace({a: a0[k], eta_l: eta[k + 1]}) for k in range(1, count + 1)]


def _square(charge: Any, k: int) -> Any:
    """The claim {weight-form} for the layer number k."""
    return _claim("weight-form").xreplace({charge_row: charge, eta_l: eta[k], eta_1: eta[1]})


def _limit(space: RowSpace) -> list[Any]:
    rhs = _claim("limit")
    return [rhs.xreplace({n[i]: space.null[k - 1], beta_plus[i]: space.solution[k - 1]}) for k in space.places]


def _refuse_sign(in_row_space: bool, wanted: tuple[str, ...]) -> None:
    """The sign enters the product; it enters beta only if w0 has a null part."""
    if "output" in wanted or ("beta" in wanted and not in_row_space):
        raise Undecided(
            "the sign of the limit is open: some d_l < 0 and L(beta_0) >= L(0), where no rule for the sign is known; "
            "integrate the flow until L < L(0) and start from there"
        )


def _balanced(name: str, layers: int, wanted: tuple[str, ...]) -> System:
    root = sp.sqrt(sp.Mul(*(eta[k] for k in range(1, layers + 1))))
    values = {label: _claim(label).xreplace({L: sp.Integer(layers)}) for label in wanted}
    return System(observables=values, definitions=((c_eta, root),), branch=f"closed form, {name}")

"""How the traces are evaluated: each is the only root of a monotone function in its bracket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.derivation import Derivation
from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from .notation import NOTATION, J, g1, g2, g3, h, lam, q, t

PARAMETERS = (
    *(Parameter(NOTATION[name]) for name in ("g1", "g2", "g3", "a", "lam", "c1", "c2", "z", "c", "w")),
    Parameter(NOTATION["s"], same_length_as="w"),
)
RESULTS = (
    Result("sum", "sum-by-r", "trace of (W1 + a W2 + lam)^-1", needs=("g1", "g2", "a", "lam")),
    Result("product", "product-by-s", "trace of (W1 W2 + lam)^-1", needs=("g1", "g2", "lam")),
    Result("triple", "triple-by-s", "trace of (M M^T + lam)^-1, M = M1 M2 M3", needs=("g1", "g2", "g3", "lam")),
    Result("projections", "projections-trace", "trace of (P + Q - z)^-1", needs=("c1", "c2", "z")),
    Result("compression", "compression", "trace of the resolvent of a compression", needs=("c", "lam", "w", "s")),
)
EXAMPLE = {
    "g1": "1/2", "g2": "2", "g3": "3/4", "a": "3/2", "lam": "1/4", "c1": "1/3", "c2": "1/4", "z": "-1", "c": "2/5",
    "w": "1/2,1/2", "s": "1,4",
}  # fmt: skip


def case(point: Mapping[str, Any]) -> str:
    """Raises OutsideDomain when the shares of the eigenvalues sum to more than 1 (by more than rounding)."""
    total = sum(point.get("w", ()))
    if total - 1 > sp.Rational(1, 10**12):
        raise OutsideDomain(f"the shares w sum to {total}: they are shares of all eigenvalues, at most 1 together")
    return "below the spectrum"


def model(D: Derivation) -> Model:
    """Every formula is taken from the claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        result = wanted[0]
        if result == "projections":
            return System(observables={result: D.claim("projections-trace").rhs})
        if result == "compression":
            claim = D.claim("compression").single
            written = claim.rhs.xreplace({J: sp.Integer(lengths["w"])}).doit()
            return System(
                observables={result: q},
                unknowns=(Unknown(q, low=sp.Integer(0), high=1 / lam),),
                equations=(claim.lhs - written,),
                branch="the average decreases in the trace",
            )
        if result == "sum":
            # lam t is 1 minus increasing functions of t.
            return System(
                observables={result: t},
                unknowns=(Unknown(t, low=sp.Integer(0), high=1 / lam),),
                equations=(sp.expand(t * D.claim("sum-by-r").rhs) - lam * t,),
                branch="lam t + t r_1 + t r_2 increases in t",
            )
        # Between 0 and the rank of the product lam h/(1 - h) increases and the other side decreases.
        ranks = {"product": (g1, g2), "triple": (g1, g2, g3)}[result]
        return System(
            observables={result: (1 - h) / lam},
            unknowns=(Unknown(h, low=sp.Integer(0), high=sp.Min(1, *(1 / g for g in ranks))),),
            equations=(h * D.claim(f"{result}-by-s").rhs - lam * h,),
            branch="the share h lies between 0 and the rank, where the two sides are monotone",
        )

    return Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)

"""Whether the imbalance is isotropic, decided by rational numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...symbolic.errors import BadInput, OutsideDomain
from ..implicit_bias.cases import exact, product

ISOTROPIC = "isotropic imbalance"
GENERAL = "general imbalance"


class Start:
    """The exact layers at the start and their imbalance."""

    def __init__(self, point: Mapping[str, Any]):
        values = {name: exact(value) for name, value in point.items()}
        self.lower, self.upper = values["W1_0"], values["W2_0"]
        h, d, c = len(self.lower), len(self.lower[0]), len(self.upper)
        if len(self.upper[0]) != h:
            raise BadInput(f"W2_0 has {len(self.upper[0])} columns and W1_0 has {h} rows; there is one for each neuron")
        target = values.get("Sigma")
        if target is not None and (len(target), len(target[0])) != (c, d):
            raise BadInput(f"Sigma has the shape {len(target)} x {len(target[0])}; the predictor W2 W1 is {c} x {d}")
        columns = list(zip(*self.upper))
        self.imbalance = [
            [
                values["eta_1"] * product(columns[i], columns[k])
                - values["eta_2"] * product(self.lower[i], self.lower[k])
                for k in range(h)
            ]
            for i in range(h)
        ]

    def isotropic(self) -> bool:
        """Delta = D I."""
        level = self.imbalance[0][0]
        rows = enumerate(self.imbalance)
        return all(x == (level if i == k else Fraction(0)) for i, row in rows for k, x in enumerate(row))

    def refusal(self) -> str:
        rows = "; ".join(", ".join(map(str, row)) for row in self.imbalance)
        return (
            f"the imbalance eta_1 W2^T W2 - eta_2 W1 W1^T = [{rows}] is not a multiple of the identity: no closed "
            "trajectory is known then; choose layers with Delta = D I, or ask for delta_matrix"
        )


def case(point: Mapping[str, Any]) -> str:
    """ "isotropic imbalance", or "general imbalance" where the conserved matrix alone is asked for."""
    start = Start(point)
    if start.isotropic():
        return ISOTROPIC
    if "t" in point:
        raise OutsideDomain(start.refusal())
    return GENERAL

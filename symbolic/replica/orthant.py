"""Two jointly normal fields of opposite signs: Sheppard's formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .channel_stationarity import ordinary
from .hermite import value
from .mean import Mean, means_in
from .sampling import shown


@dataclass(frozen=True)
class Orthant(Rule):
    """E[theta(u) theta(-w)] -> arccos(m/sqrt(rho q))/(2 pi), (u, w) ~ N(0, ((rho, m), (m, q)))."""

    source: ClassVar[str] = (
        "W. F. Sheppard, On the application of the theory of error to cases of normal distribution, 1899"
    )

    def apply(self, *inputs: Claim) -> Equation:
        target = inputs[0].single
        table = {mean: self._angle(mean) for mean in means_in(target.rhs)}
        if not table:
            raise NotDerivable("the claim contains no mean")
        return Equation(target.lhs, target.rhs.xreplace(table), target.relation)

    def _angle(self, mean: Mean) -> Any:
        body, (u, w) = mean.opened()
        signs = [s for s in (1, -1) for r in (1, -1) if body == sp.Heaviside(r * u) * sp.Heaviside(r * s * w)]
        if len(signs) != 1 or mean.covariance is None:
            raise NotDerivable("the body must be a product of the steps of two correlated fields")
        (rho, m), (_, q) = mean.covariance
        return sp.acos(-signs[0] * m / sp.sqrt(rho * q)) / (2 * sp.pi)

    def check(self, case: Case) -> Verdict:
        """The area of the cone in the plane of two independent normals, by 720 000 directions: 5 digits."""
        before, after = case.inputs[0].rhs, case.output.rhs
        angles = (np.arange(720_000) + 0.5) * (2 * np.pi / 720_000)
        for point in ordinary(case, [*free_atoms(before), *free_atoms(after)], case.given, 2):
            names, at = {}, dict(point)
            for mean in means_in(before):
                body, fresh = mean.opened()
                table = np.array([[float(value(e, point)) for e in row] for row in mean.covariance])
                fields = np.linalg.cholesky(table) @ np.stack([np.cos(angles), np.sin(angles)])
                names[mean] = sp.Dummy(real=True)
                at[names[mean]] = float(np.mean(value(body, {**point, **dict(zip(fresh, fields))})))
            truth, told = float(value(before.xreplace(names), at)), float(value(after, point))
            if not abs(truth - told) < 1e-5:
                return refuted("directions in the plane", f"{truth:.6f} against {told:.6f}", shown(point))
        return consistent("directions in the plane", "5 digits at 2 points")

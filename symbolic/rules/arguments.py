"""The mass above an angle as a sum of arguments of complex numbers, by the residues of a uniformised transform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..equality import BITS, POINTS
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent
from .algebra import same_ball


@dataclass(frozen=True)
class MassByArguments(Rule):
    """g(m), z(m)  ->  mass above x(phi) = -(1/pi) Im [ sum_j res_j log(w - w_j) + ... ] at w = sqrt(gamma) e^{i phi}.

    With m = -1/(1 + w) the map z(w) = (1 + w)(1 + gamma/w) is rational, the cut is the circle |w|^2 = gamma and g dz
    a rational differential with real poles: its primitive is a sum of logarithms, whose imaginary parts are arguments.
    Atoms above the cut are poles beyond the circle and are counted by arguments that start at pi. Inputs: the
    transform g(m, z), the companion equation z(m), and, for the check, the mass as an integral with what it defines.
    """

    source: ClassVar[str] = "residues; the uniformisation m = -1/(1 + w) of the companion equation"
    unknown: Any = None
    variable: Any = None
    angle: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        w = sp.Dummy("w")
        at = {self.unknown: -1 / (1 + w)}
        z = canonical(inputs[1].rhs.xreplace(at))
        form = canonical(inputs[0].rhs.xreplace({self.variable: z, **at}) * sp.diff(z, w))
        radius = self._radius(z, w)
        total = sp.Integer(0)
        for term in sp.Add.make_args(sp.apart(sp.factor(form), w)):
            total += self._imaginary(term, w, radius)
        return Equation(self.result, sp.Add(*(-t / sp.pi for t in sp.Add.make_args(total))))

    @staticmethod
    def _radius(z: Any, w: Any) -> Any:
        """The critical points of z(w) are +-radius: there the sheets meet."""
        stationary = sp.Poly(sp.numer(sp.together(sp.diff(z, w))), w)
        if stationary.degree() != 2 or stationary.nth(1) != 0:
            raise NotDerivable("the sheets do not meet on a circle about 0")
        return sp.sqrt(canonical(-stationary.nth(0) / stationary.nth(2)))

    def _imaginary(self, term: Any, w: Any, radius: Any) -> Any:
        """Im of the primitive of c/(w - p)^k at w = radius e^{i angle}."""
        num, den = sp.fraction(sp.together(term))
        poly = sp.Poly(den, w)
        if num.has(w) or poly.is_ground:
            raise NotDerivable(f"the term {sp.sstr(term)} is not a simple fraction")
        # den = lead (w - p)^k: its derivative of order k - 1 has the one root p.
        k = poly.degree()
        lead, last = sp.diff(poly.as_expr(), w, k - 1), poly.LC()
        pole = canonical(-lead.xreplace({w: sp.Integer(0)}) / (sp.factorial(k) * last))
        if canonical(poly.as_expr() - last * (w - pole) ** k) != 0:
            raise NotDerivable(f"{sp.sstr(den)} has more than one root")
        weight = factored(num / last)
        x, y = radius * sp.cos(self.angle) - pole, radius * sp.sin(self.angle)
        if k == 1:
            return weight * (self.angle if pole == 0 else sp.atan2(y, x))
        if k == 2:
            # Im(-1/(w - p)) = y/|w - p|^2
            return weight * (sp.sin(self.angle) / radius if pole == 0 else y / (x**2 + y**2))
        raise NotDerivable(f"a pole of order {k}")

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return tuple(c for c in super().given(*inputs) if not c.has(self.variable))

    def check(self, case: Case) -> Verdict:
        """Rigorous quadrature of the mass integral, with its atom, at random points."""
        integral = case.inputs[2].rhs
        for claim in case.inputs[3:]:
            integral = integral.xreplace(claim.defines())
        for point in case.samples.points({*free_atoms(integral), *free_atoms(case.output.rhs)}, case.given):
            with balls.working(BITS):
                verdict = same_ball(integral, case.output.rhs, point, point)
            if not verdict.positive:
                return verdict
        return consistent("rigorous quadrature", f"{POINTS} points, 50 digits")

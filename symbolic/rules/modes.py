"""The growing and the fading mode of y' = B y: amplitudes, a form that never overflows, long times, zeros.

Upstream (delta > 0) and downstream (delta < 0) use the eigenvectors whose entries are free of cancellation; they
contain m = rate + |delta|/2, and so do the amplitudes: y = c+ v+ e^(rate t) + c- v- e^(-rate t).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ..claim import Claim, Equation
from ..equality import equal
from ..errors import NotDerivable
from ..exact import vanishes
from ..rule import Case, Rule
from ..verdict import Verdict, weakest
from .algebra import sequential
from .linear_flow import LINEAR, chart, matrix


@dataclass(frozen=True)
class Plane:
    """Names shared by the rules of this file: the plane's variables, the transverse one, the constants.

    plane: ((y, y', Y, v), ...) twice; transverse: (y, y', Y); modulus: m; size: |delta|; rate: Lambda.
    """

    plane: tuple[tuple[Any, Any, Any], ...]
    transverse: tuple[Any, Any, Any]
    modulus: Any
    size: Any
    rate: Any
    time: Any

    def matrix(self, flow: Claim, regime: Claim) -> sp.Matrix:
        names = [y for y, _, _ in self.plane], [r for _, r, _ in self.plane]
        table = {e.lhs: e.rhs for e in flow.equations}
        parts = Claim("plane", tuple(Equation(r, table[r]) for r in names[1]))
        return matrix(parts, *names).xreplace(regime.defines())

    def eigenvectors(self, flow: Claim, regime: Claim) -> tuple[sp.Matrix, sp.Matrix]:
        """(growing, fading), each from the row of B -+ rate that contains m."""
        b = self.matrix(flow, regime)
        upstream = self.upstream(regime)
        rate = self.modulus - self.size / 2
        growing = (rate - b[1, 1], b[1, 0]) if upstream else (b[0, 1], rate - b[0, 0])
        fading = (-b[0, 1], b[0, 0] + rate) if upstream else (b[1, 1] + rate, -b[1, 0])
        return tuple(sp.Matrix([sp.expand(e) for e in v]) for v in (growing, fading))  # type: ignore[return-value]

    def upstream(self, regime: Claim) -> bool:
        return regime.rhs == self.size


@dataclass(frozen=True)
class ModeAmplitude(Rule):
    """z(0) = c+ v+ + c- v-  ->  c+ = (z(0) x v-)/(2 rate m), c- = (v+ x z(0))/(2 rate m).

    Inputs: the linear flow, the start, the regime (delta = +-|delta|), m, the rate and the definitions in it.
    """

    source: ClassVar[str] = LINEAR
    names: Plane
    growing: bool = True
    amplitude: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        flow, start, regime, modulus = inputs[:4]
        n = self.names
        up, down = n.eigenvectors(flow, regime)
        norm = 2 * n.rate * n.modulus
        determinant = sequential((modulus,), up[0] * down[1] - up[1] * down[0])
        stated = sequential((modulus,), norm)
        where = _chart(regime, inputs[4:])
        signs = [k for k in (1, -1) if vanishes((determinant - k * stated).xreplace(where)) is True]
        if not signs:
            raise NotDerivable("the eigenvectors do not have the determinant +-2 rate m")
        x, y = (start.defines()[name] for name, _, _ in n.plane)
        cross = x * down[1] - y * down[0] if self.growing else up[0] * y - up[1] * x
        return Equation(self.amplitude, sp.expand(signs[0] * cross) / norm)

    def check(self, case: Case) -> Verdict:
        """By the projector (rate +- B)/(2 rate): its component along the entry m of the eigenvector, divided by m."""
        flow, start, regime, modulus = case.inputs[:4]
        n = self.names
        b = n.matrix(flow, regime)
        initial = sp.Matrix([start.defines()[name] for name, _, _ in n.plane])
        sign = 1 if self.growing else -1
        part = (n.rate * initial + sign * b * initial) / (2 * n.rate)
        entry = part[0] if self.growing == n.upstream(regime) else part[1]
        stated = sequential((modulus,), case.output.rhs)
        where = _chart(regime, case.inputs[4:])
        return equal(stated, sequential((modulus,), entry / n.modulus), case.samples, case.given, where)


def _chart(regime: Claim, rate: Iterable[Claim]) -> dict[Any, Any]:
    """The chart of the rate, with delta = +-|delta| inserted."""
    claims = tuple(rate)
    return {key: value.xreplace(regime.defines()) for key, value in chart(claims[0], *claims[1:]).items()}


@dataclass(frozen=True)
class ScaledState(Rule):
    """Y = e^(-rate t) y  ->  Y = c+ v+ + c- v- e^(-2 rate t) in the plane; e^(-(rate + k) t) times y(0) across it.

    Inputs: flow, start, regime, m, the conjugate m' = rate - |delta|/2, the decay e = exp(-2 rate t), the two
    amplitudes, then solution and functions of time (for the check), the rate and the definitions in it.
    """

    source: ClassVar[str] = LINEAR
    names: Plane

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        flow, start, regime, modulus, conjugate, decay, growing, fading = inputs[:8]
        n = self.names
        up, down = n.eigenvectors(flow, regime)
        found = [
            Equation(scaled, growing.lhs * up[k] + fading.lhs * down[k] * decay.lhs)
            for k, (_, _, scaled) in enumerate(n.plane)
        ]
        y, rate, scaled = n.transverse
        slope = sp.diff({e.lhs: e.rhs for e in flow.equations}[rate], y).xreplace(regime.defines())
        exponent = _by_either(slope - n.rate, n.rate, (modulus, conjugate))
        return (*found, Equation(scaled, start.defines()[y] * sp.exp(exponent * n.time)))

    def check(self, case: Case) -> Verdict:
        """e^(-rate t) times the solution in C and S, with every definition inserted: exact normal forms."""
        regime, modulus, conjugate, decay, growing, fading, solution, functions = case.inputs[2:10]
        n = self.names
        order = (growing, fading, decay, modulus, conjugate)
        where = _chart(regime, case.inputs[10:])
        explicit = solution.defines()
        verdicts = []
        for (y, _, _), stated in zip((*n.plane, n.transverse), case.output.equations):
            original = explicit[y].xreplace(functions.defines()).xreplace(regime.defines()) * sp.exp(-n.rate * n.time)
            verdicts.append(equal(sequential(order, stated.rhs), original, case.samples, case.given, where))
        return weakest(verdicts)


def _by_either(expr: Any, rate: Any, claims: Iterable[Claim]) -> Any:
    """An expression in the rate through the claim that makes it a multiple of one symbol."""
    for claim in claims:
        solved = rate + claim.lhs - claim.rhs
        candidate = sp.expand(expr.xreplace({rate: solved}))
        if len(sp.Add.make_args(candidate)) == 1:
            return candidate
    raise NotDerivable(f"{expr} is not a multiple of one of the named rates")


@dataclass(frozen=True)
class ScaledLength(Rule):
    """R = e rho^2  ->  R = e + m (1 - e)(g c+^2 + k c-^2 e) + gamma T, a sum of terms >= 0.

    With (rho^2)' = sum of weights times squares, orthogonal modes and T = e F. Inputs: (rho^2)', flow, start, regime,
    m, conjugate, decay e, f = 1 - e, T = e F, the amplitudes, then rho^2 in C and S, functions, F, the rate, ...
    """

    source: ClassVar[str] = LINEAR
    names: Plane
    length: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        growth, flow, start, regime, modulus, _, decay, rise, weighted, growing, fading = inputs[:11]
        n = self.names
        up, down = n.eigenvectors(flow, regime)
        squares = sp.expand(growth.rhs)
        weights = [squares.coeff(y**2) for y, _, _ in n.plane]
        where = _chart(regime, inputs[14:])
        products = [
            sum(w * a * b for w, a, b in zip(weights, u.flat(), v.flat()))
            for u, v in ((up, down), (up, up), (down, down))
        ]
        cross, *norms = (sequential((modulus,), p).xreplace(where) for p in products)
        if vanishes(cross) is not True:
            raise NotDerivable("the two modes are not orthogonal in the metric of the length")
        sizes = []
        for norm in norms:
            unit = sequential((modulus,), 2 * n.rate * n.modulus)
            found = [w for w in weights if vanishes(norm - (unit * w).xreplace(where)) is True]
            if len(found) != 1:
                raise NotDerivable("the norm of a mode is not 2 rate m times one of the weights")
            sizes.append(found[0])
        y = n.transverse[0]
        bracket = sizes[0] * growing.lhs**2 + sizes[1] * fading.lhs**2 * decay.lhs
        across = squares.coeff(y**2) * start.defines()[y] ** 2 * weighted.lhs
        return Equation(self.length, decay.lhs + n.modulus * rise.lhs * bracket + across)

    def check(self, case: Case) -> Verdict:
        """e rho^2 from the form in C and S, with every definition inserted: exact normal forms."""
        regime, modulus, conjugate, decay, rise, weighted, growing, fading, length, functions, integral = case.inputs[
            3:14
        ]
        known = {**functions.defines(), **integral.defines()}
        where = _chart(regime, case.inputs[14:])
        original = (decay.rhs * length.rhs).xreplace(known).xreplace(regime.defines())
        order = (weighted, integral, rise, growing, fading, decay, modulus, conjugate, regime)
        return equal(sequential(order, case.output.rhs), original, case.samples, case.given, where)

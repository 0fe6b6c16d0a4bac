"""Level sets: responses at a fixed quantity, the exchange rate of two resources, and the envelope theorem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .algebra import sequential
from .stationarity import Rates, along, rate_atoms, shown

_BITS = 900


@dataclass(frozen=True)
class ResponseAtFixed(Rule):
    """c = F(p, g), r = G(p, g), dc/dr = s along p  ->  dc/dg at fixed r = F_g - s G_g.

    Inputs: the claims for c, r and s. The result is collected by arctangents and the angle p.
    """

    source: ClassVar[str] = "implicit function theorem"
    parameter: Any = None
    angle: Any = None
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        c, r, slope = (claim.rhs for claim in inputs)
        total = sp.diff(c, self.parameter) - slope * sp.diff(r, self.parameter)
        return Equation(self.result, collected(total, self.angle))

    def check(self, case: Case) -> Verdict:
        """Move g by 10^-60, restore r by Newton steps in the angle, and take the quotient of differences of c."""
        c, r, _ = (claim.rhs for claim in case.inputs)
        step = sp.Rational(1, 10**60)
        atoms = {a for e in (c, r, case.output.rhs) for a in free_atoms(e)}
        for point in case.samples.points(atoms, case.given):
            with balls.working(_BITS):
                moved = {**point, self.parameter: point[self.parameter] + step}
                moved[self.angle] = self._restored(r, point, moved)
                rise = balls.enclose(c, moved, _BITS) - balls.enclose(c, point, _BITS)
                stated = balls.enclose(case.output.rhs, point, _BITS)
                gap = abs(rise / balls.exact_ball(step) - stated) / (1 + abs(stated))
            if not gap < 1e-30:
                return refuted("difference quotient", f"distance {gap.str(3, radius=False)}", shown(point))
        return consistent("difference quotient at fixed size", "3 points, step 10^-60, 30 digits")

    def _restored(self, r: Any, point: Mapping[Any, Any], moved: Mapping[Any, Any]) -> Any:
        """The angle at which r is what it was, to 10^-150: secant steps from the old angle."""
        near = sp.Rational(1, 10**40)
        values = dict(moved)
        aim = balls.enclose(r, point, _BITS)
        speed = balls.enclose(r, {**values, self.angle: point[self.angle] + near}, _BITS)
        speed = (speed - balls.enclose(r, values, _BITS)) / balls.exact_ball(near)
        angle = balls.exact_ball(point[self.angle])
        for _ in range(4):
            values[self.angle] = angle
            angle = angle + (aim - balls.enclose(r, values, _BITS)) / speed
            angle = balls.exact_ball(angle.real.mid())
        return angle


def collected(expr: Any, angle: Any) -> Any:
    """Coefficients of the angle and of each arctangent, and the trigonometric rest, each in lowest terms."""
    opaque = {t: sp.Dummy() for t in sorted(expr.atoms(sp.atan2), key=sp.default_sort_key)}
    # The angle inside sines and cosines is not the bare angle.
    waves = {f: sp.Dummy() for f in (sp.sin(angle), sp.cos(angle))}
    bare = sp.Dummy()
    plain = expr.xreplace(opaque).xreplace(waves).xreplace({angle: bare})
    linear = [*opaque.values(), bare]
    sine, cosine = waves.values()
    terms = []
    for name in linear:
        part = sp.diff(plain, name)
        if part.has(*linear):
            raise NotDerivable("an arctangent enters nonlinearly")
        terms.append(lowest(part, sine, cosine) * name)
    rest = plain.xreplace(dict.fromkeys(linear, sp.Integer(0)))
    terms.append(lowest(rest, sine, cosine))
    back = {name: t for t, name in {**opaque, **waves, angle: bare}.items()}
    return sp.Add(*terms).xreplace(back).xreplace(back)


def lowest(expr: Any, sine: Any, cosine: Any) -> Any:
    """A rational function of sine and cosine in lowest terms modulo sine^2 + cosine^2 = 1."""
    num, den = sp.fraction(sp.together(expr))
    parts = []
    for side in (num, den):
        poly = sp.Poly(sp.expand(side), sine)
        even_odd = [sp.Integer(0), sp.Integer(0)]
        for (power,), coefficient in poly.terms():
            even_odd[power % 2] += coefficient * (1 - cosine**2) ** (power // 2)
        parts.append(sp.expand(even_odd[0]) + sine * sp.expand(even_odd[1]))
    return factored(canonical(parts[0] / parts[1]))


@dataclass(frozen=True)
class ExchangeRate(Rule):
    """E(p, g) = const, p = p(N), g = g(M)  ->  -dM/dN = (E_p dp/dN)/(E_g dg/dM).

    Inputs: the derivatives E_p and E_g (a claim that names them), and the definitions of p and g by N and M.
    """

    source: ClassVar[str] = "implicit function theorem on a level set"
    gain: tuple[Any, Any, Any] = (None, None, None)  # E_p, p, N
    price: tuple[Any, Any, Any] = (None, None, None)  # E_g, g, M
    result: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        definitions = inputs[1].defines()
        names = {e.lhs for e in inputs[0].equations}
        rates = []
        for slope, ratio, size in (self.gain, self.price):
            if slope not in names or ratio not in definitions:
                raise NotDerivable(f"the inputs do not state {slope} and {ratio}")
            speed = sp.diff(definitions[ratio], size)
            rates.append(slope * self._in_ratios(speed, definitions[ratio], ratio, size))
        return Equation(self.result, canonical(rates[0] / rates[1]))

    @staticmethod
    def _in_ratios(speed: Any, formula: Any, ratio: Any, size: Any) -> Any:
        """dp/dN with N eliminated in favour of the ratio."""
        name = sp.Dummy()
        (solution,) = sp.solve(formula - name, size)
        return canonical(speed.xreplace({size: solution})).xreplace({name: ratio})

    def check(self, case: Case) -> Verdict:
        """Take one label away and add the stated number of unlabelled samples: to first order E must not move."""
        definitions = case.inputs[1].defines()
        (e_p, p, labels), (e_g, g, samples) = self.gain, self.price
        sizes = {a for e in definitions.values() for a in free_atoms(e)}
        atoms = (sizes | set(free_atoms(case.output.rhs)) | {e_p, e_g}) - {p, g}
        for point in case.samples.points(atoms, [c for c in case.given if not c.has(p, g)]):
            ratios = {r: definitions[r].xreplace(point) for r in (p, g)}
            stated = case.output.rhs.xreplace({**point, **ratios})
            gaps = []
            for step in (sp.Rational(1, 10**20), sp.Rational(1, 10**40)):
                after = {**point, labels: point[labels] - step, samples: point[samples] + step * stated}
                rise = point[e_p] * (definitions[p].xreplace(after) - ratios[p])
                rise += point[e_g] * (definitions[g].xreplace(after) - ratios[g])
                gaps.append(abs(rise / step))
            if not gaps[1] < sp.Rational(1, 10**25):
                return refuted("motion along the level set", f"E moves at {sp.N(gaps[1], 3)}", shown(point))
        return consistent("motion along the level set", "3 points, steps 10^-20 and 10^-40")


@dataclass(frozen=True)
class Envelope(Rule):
    """t = (E_p/E_g)(x), E_x = 0 at x = x_*  ->  along the optima the exchange rate is t(x_*): dx_* does not enter.

    Inputs: the exchange rate at fixed x, the balance that holds at the optimum, and for the check E itself, the
    definitions in it, and p(N), g(M). The quantity that the balance gives is eliminated. `at_fixed` and `along_size`:
    how the quantities in E move with g at fixed x, and with x; `sizes`: (p, N, g, M).
    """

    source: ClassVar[str] = "envelope theorem"
    result: Any = None
    sizes: tuple[Any, Any, Any, Any] = (None, None, None, None)
    at_fixed: Rates = ()
    along_size: Rates = ()

    def apply(self, *inputs: Claim) -> Equation:
        rate, balance = inputs[0].single, inputs[1].single
        if not rate.rhs.has(balance.lhs):
            raise NotDerivable(f"{balance.lhs} does not enter the exchange rate")
        eliminated = rate.rhs.xreplace({balance.lhs: balance.rhs})
        return Equation(self.result, factored(sequential(inputs[3:-1], eliminated)))

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(c for claim in inputs[:2] for c in claim.given))

    def check(self, case: Case) -> Verdict:
        """At an optimum: one label away, the stated samples added, the size moved at will; E must not move."""
        balance, ratios = case.inputs[1].single, case.inputs[-1].defines()
        definitions = case.inputs[3:-1]
        error, held = (sequential(definitions, e) for e in (case.inputs[2].rhs, balance.rhs))
        p, labels, g, samples = self.sizes
        step = sp.Rational(1, 10**40)
        atoms = {a for e in (error, held, case.output.rhs, *ratios.values()) for a in free_atoms(e)}
        atoms |= rate_atoms((*self.at_fixed, *self.along_size))
        for point in case.samples.points(atoms - {p, g, balance.lhs}, case.given):
            point |= {ratio: ratios[ratio].xreplace(point) for ratio in (p, g)}
            point[balance.lhs] = held.xreplace(point)
            trade = sequential(definitions, case.output.rhs).xreplace(point)
            for shift in (0, 1, -2):
                after = {**point, labels: point[labels] - step, samples: point[samples] + trade * step}
                moved = along(self.along_size, point, shift * step)
                moved[g] = ratios[g].xreplace(after)
                moved[p] = ratios[p].xreplace(after)
                fixed = along(self.at_fixed, point, moved[g] - point[g])
                moved |= {k: moved[k] + fixed[k] - point[k] for k, _ in self.at_fixed}
                gap = abs((error.xreplace(moved) - error.xreplace(point)) / step)
                if not gap < sp.Rational(1, 10**20):
                    why = f"E moves at {sp.N(gap, 3)} when the size moves at {shift}"
                    return refuted("motion along the optima", why, shown(point))
        return consistent("motion along the optima", "3 points, the size moved at 0, 1 and -2")

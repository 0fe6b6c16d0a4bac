"""Counting critical points of a Gaussian landscape on the sphere |s|^2 = N by the Kac-Rice formula; no replicas.

In normal coordinates t at a point of the sphere, s(t) = s + sum_i t_i e_i - |t|^2 s/(2 N) + O(t^3).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from .. import balls
from ..claim import Assumption, Claim, Equation
from ..errors import NotDerivable
from ..exact import canonical, factored
from ..precision import context, number
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted, undecided

DETERMINANT = Assumption(
    "mean-determinant",
    "The mean of |det| of the Hessian grows as exp(N v), where v is the logarithmic potential of its spectrum.",
    "The spectral law deviates with probability exp(-c N^2) only, single eigenvalues outside do not change the rate.",
    "A. Auffinger, G. Ben Arous and J. Cerny, Random matrices and complexity of spin glasses, 2013",
)
_BITS = 160
_POWERS = (3, 4)
# Dimension 4 has an orthogonal matrix with entries +-1/2: a point of |s|^2 = 4 and its tangent frame.
_FRAME = ((1, 1, 1, 1), (1, 1, -1, -1), (1, -1, 1, -1), (1, -1, -1, 1))
_SIZES = (50, 100, 200, 400, 800, 1600)


@dataclass(frozen=True)
class LandscapeLaw(Rule):
    """Cov(H, H') = N c(R)  ->  Var H = N c(1), Var dH = c'(1), Var d_ij H = c''(1)/N, E[d^2 H | H = N e] = -k e.

    k = c'(1)/c(1). Given H and dH = 0 the Hessian is a Gaussian orthogonal matrix plus a multiple of the identity,
    which needs c''(1) + c'(1) = c'(1)^2/c(1); other landscapes have a random multiple and are refused.
    """

    source: ClassVar[str] = "derivatives of a Gaussian field are Gaussian; Y. V. Fyodorov, 2004"
    overlap: Any = None
    size: Any = None
    results: tuple[Any, ...] = ()

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        density = canonical(inputs[0].rhs / self.size)
        one = {self.overlap: sp.Integer(1)}
        value, slope, curvature = (sp.powsimp(sp.diff(density, self.overlap, k)).xreplace(one) for k in range(3))
        if density.has(self.size) or canonical(curvature + slope - slope**2 / value) != 0:
            raise NotDerivable("the covariance must be N times a power of the overlap: else the trace is random")
        found = (value, slope, curvature, slope / value)
        return tuple(Equation(lhs, factored(rhs)) for lhs, rhs in zip(self.results, found, strict=True))

    def check(self, case: Case) -> Verdict:
        """Explicit tensors of order 3 and 4 in dimension 4: exact moments of the energy, gradient and Hessian."""
        scale, power = case.inputs[0].rhs.as_independent(self.overlap, as_Add=False)
        exponent = sp.powsimp(power).as_base_exp()[1]
        point = case.samples.point([s for s in free_atoms(scale) if s != self.size], case.given)
        scale = scale.xreplace({**point, self.size: sp.Integer(1)})
        for order in (int(exponent),) if exponent.is_Integer else _POWERS:
            truth = _tensor_law(order, scale)
            stated = [e.rhs.xreplace({**point, exponent: sp.Integer(order)}) for e in case.output.equations]
            for name, value, told in zip(self.results, truth, stated, strict=True):
                if value != told:
                    return refuted(f"explicit tensor of order {order}", f"{name} is {value}, not {told}")
        return consistent("explicit tensors", "orders 3 and 4 in dimension 4, exact moments")


def _tensor_law(power: int, scale: Any) -> tuple[Any, ...]:
    """(Var H/N, Var dH, N Var d_ij H, k) of H = a sum J s...s, from the coefficients of J; the rest is verified."""
    size = 4
    names, forms = zip(*_forms(power).items())
    products = [[int(np.vdot(x, y)) for y in forms] for x in forms]
    # The components below are 8 s(t): every coefficient is an integer.
    gram = sp.Matrix(products) * scale * sp.Rational(1, size) ** (power - 1) / sp.Integer(8) ** (2 * power)
    base = [names.index(key) for key in ((), (1,), (2,), (3,))]
    rest = [k for k in range(len(names)) if k not in base]
    inner, cross = gram.extract(base, base), gram.extract(rest, base)
    weights = cross * inner.inv()
    conditional = gram.extract(rest, rest) - weights * cross.T
    diagonal = [names[k][0] == names[k][1] for k in rest]
    variance = conditional[diagonal.index(False), diagonal.index(False)]
    mean = weights[diagonal.index(True), 0] * size
    expected = sp.diag(*(2 * variance if d else variance for d in diagonal))
    shift = sp.Matrix([[mean / size if d else 0, 0, 0, 0] for d in diagonal])
    slope = inner[1, 1]
    if conditional != expected or weights != shift or inner != sp.diag(inner[0, 0], slope, slope, slope):
        raise NotDerivable("the explicit Hessian is not a shifted Gaussian orthogonal matrix")
    return inner[0, 0] / size, slope, size * variance, -mean


def _forms(power: int) -> dict[tuple[int, ...], Any]:
    """Derivatives of s(t)^(x power) at t = 0 up to the second order, with s(t) = 8 times normal coordinates."""
    point = {(): 8 * np.array(_FRAME[0])}
    point |= {(i,): 4 * np.array(_FRAME[i]) for i in (1, 2, 3)}
    point |= {(i, i): -np.array(_FRAME[0]) for i in (1, 2, 3)}
    total = point
    for _ in range(power - 1):
        product: dict[tuple[int, ...], Any] = {}
        for left, x in total.items():
            for right, y in point.items():
                key = tuple(sorted(left + right))
                if len(key) <= 2:
                    product[key] = product.get(key, 0) + np.multiply.outer(x, y)
        total = product
    return {key: value * (2 if len(key) == 2 and key[0] == key[1] else 1) for key, value in total.items()}


@dataclass(frozen=True)
class KacRiceRates(Rule):
    """Per N, the logarithms of vol(S) p(dH = 0), of p(H = N e) and of E|det d^2 H| given H = N e.

    Input: the law of the landscape (c(1), c'(1), c''(1), k). Output: 1/2 - log(c'(1))/2; -e^2/(2 c(1)); and
    (2/pi) int_0^pi sin^2 t log(-k e - 2 sqrt(c''(1)) cos t) dt, valid below the lower edge: -k e > 2 sqrt(c''(1)).
    """

    source: ClassVar[str] = "Kac-Rice formula; semicircle law"
    results: tuple[Any, ...] = ()
    energy: Any = None
    angle: Any = None

    def assumptions(self, *inputs: Claim) -> tuple[Assumption, ...]:
        return (DETERMINANT,)

    def given(self, *inputs: Claim) -> tuple[Any, ...]:
        _, _, curvature, shift = (e.rhs for e in inputs[0].equations)
        below = sp.StrictGreaterThan(shift**2 * self.energy**2, 4 * curvature)
        return (*super().given(*inputs), below)

    def apply(self, *inputs: Claim) -> tuple[Equation, ...]:
        value, slope, curvature, shift = (e.rhs for e in inputs[0].equations)
        # vol = 2 pi^(N/2) N^((N - 1)/2)/Gamma(N/2) grows as (2 pi e)^(N/2), and the density of N - 1 components at
        # zero is (2 pi c')^(-(N - 1)/2).
        points = sp.Rational(1, 2) - sp.log(slope) / 2
        radius, t = 2 * sp.sqrt(curvature), self.angle
        inside = -shift * self.energy - radius * sp.cos(t)
        potential = 2 / sp.pi * sp.Integral(sp.sin(t) ** 2 * sp.log(inside), (t, 0, sp.pi))
        rates = (points, -(self.energy**2) / (2 * value), potential)
        return tuple(Equation(lhs, rhs) for lhs, rhs in zip(self.results, rates, strict=True))

    def check(self, case: Case) -> Verdict:
        """N = 50 to 1600 extrapolated: the volume by Gamma functions, E det by its recursion in the dimension."""
        law = [e.rhs for e in case.inputs[0].equations]
        atoms = [a for e in case.output.equations for a in free_atoms(e.rhs)]
        # Well below the edge, where the corrections in 1/N are small.
        far = [sp.StrictGreaterThan(law[3] ** 2 * self.energy**2, 8 * law[2])]
        ctx = context(40)
        for k in range(2):
            point = case.samples.point([*atoms, self.energy], [*case.given, *far], k)
            numbers = [number(ctx, x.xreplace(point)) for x in law]
            e = number(ctx, point[self.energy])
            exact = zip(*(_finite_rates(ctx, size, e, *numbers) for size in _SIZES))
            for name, values, equation in zip(self.results, exact, case.output.equations, strict=True):
                told = balls.enclose(equation.rhs, point, _BITS)
                if not told.is_finite():
                    return undecided("finite size", f"no finite enclosure of {name}")
                told = ctx.mpc(*(x.str(35, radius=False) for x in (told.real, told.imag)))
                gap = abs(_rate(list(values)) - told)
                if not gap < 1e-8:
                    return refuted("finite size", f"{name} is off by {ctx.nstr(gap, 4)}")
        return consistent("finite sizes", "N = 50 to 1600 extrapolated, 8 digits, 2 points")


def _finite_rates(ctx: Any, size: int, e: Any, value: Any, slope: Any, curvature: Any, shift: Any) -> tuple[Any, ...]:
    """The three logarithms at finite N.

    The mean determinant of x + W for independent centred entries above the diagonal with variance v counts pairings:
    d_n = x d_(n-1) - (n - 1) v d_(n-2), so that the ratios are r_n = x - (n - 1) v/r_(n-1).
    """
    n = ctx.mpf(size)
    volume = ctx.log(2) + n / 2 * ctx.log(ctx.pi) + (n - 1) / 2 * ctx.log(n) - ctx.loggamma(n / 2)
    points = volume - (n - 1) / 2 * ctx.log(2 * ctx.pi * slope)
    energies = -((n * e) ** 2) / (2 * n * value) - ctx.log(2 * ctx.pi * n * value) / 2
    x, ratio, determinant = -shift * e, -shift * e, ctx.log(-shift * e)
    for k in range(1, size - 1):
        ratio = x - k * curvature / n / ratio
        determinant += ctx.log(ratio)
    return points, energies, determinant


def _rate(values: list[Any]) -> Any:
    """lim L(N)/N from L(N) = N a + b log N + c + d/N + ... at N, 2 N, 4 N, ...: both b and c cancel."""
    first = [v - u for u, v in itertools.pairwise(values)]
    found = [(v - u) / size for u, v, size in zip(first, first[1:], _SIZES)]
    for order in range(2, len(found) + 1):
        found = [(2**order * v - u) / (2**order - 1) for u, v in itertools.pairwise(found)]
    return found[-1]

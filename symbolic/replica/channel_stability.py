"""The replicon eigenvalue of spherical weights under a pattern channel, from the factor of one replica."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, ClassVar

import sympy as sp

from .. import balls
from ..claim import Claim, Equation
from ..errors import NotDerivable
from ..exact import factored
from ..quantity import free_atoms
from ..rule import Case, Rule
from ..verdict import Verdict, consistent, refuted
from .half_space import threshold_of
from .hessian import PairHessian
from .log_channel import LogChannel
from .matrices import replica_matrix
from .mean import Mean, means_in
from .saddle import entry_of
from .sampling import sample, shown
from .stability import SQUARE
from .tail import LogTail, Tail
from .terms import LogDet

_BITS = 100
# Products of up to this many overlaps; with overlaps below 1/8 the rest is beyond double precision's reach.
_ORDER = 11


@dataclass(frozen=True)
class ChannelReplicon(Rule):
    """c log det Q + alpha log E prod g(u_a)  ->  lambda_n = 1 - (s^2/2c) alpha (P - 2 Q + R), s = Q_aa - q.

    Price: d/dQ_ab brings d_a d_b under the mean, so that P, Q and R are E_z[G^n x]/E_z[G^n] with x = (G''/G)^2,
    (G''/G) (G'/G)^2 and (G'/G)^4, G(w) the factor of one replica given the common field w. Inputs: the potential in all
    pair variables, the ansatz, the decoupled potential. lambda_n = 1 without patterns.
    """

    source: ClassVar[str] = "Gardner and Derrida 1988; derivatives of a Gaussian mean in its covariance (Price)"
    result: Any = None
    n: Any = None

    def apply(self, *inputs: Claim) -> Equation:
        potential, ansatz, decoupled = inputs
        (volume,) = potential.rhs.atoms(LogDet)
        (channel,) = potential.rhs.atoms(LogChannel)
        flat = sp.expand_mul(potential.rhs, deep=False)
        same, off = (entry_of(volume.entry(1, k), ansatz) for k in (1, 2))
        (standard,) = replica_matrix(self.n, same, off).standard
        curvature = 2 * flat.coeff(volume) / standard**2
        mean, z = self._site(decoupled), sp.Dummy("z", real=True)
        site = mean.opened((z,))[0]
        (u,) = site.base.args
        # w = sqrt(q) z: a derivative in the common field is one in u times du/dz over sqrt(q).
        x, rate = sp.Dummy("u", real=True), sp.diff(u, z) / sp.sqrt(off)
        first, second = (sp.diff(log_of(site.base.func(x)), x, k) for k in (1, 2))
        names = sp.symbols("P Q R")
        ratio = second + first**2
        moments = dict(zip(names, (ratio**2, ratio * first**2, first**4)))
        # The form is the square of the second derivative of log G; it comes out of the three moments.
        outside, inside = sp.factor(sp.expand(PairHessian(*names).replicon().xreplace(moments))).as_independent(
            x, as_Add=False
        )
        factor, inside = factored(flat.coeff(channel) * outside * rate**4 / curvature), inside.xreplace({x: u})
        return Equation(self.result, 1 - factor * Mean(site * inside, z) / Mean(site, z))

    def _site(self, decoupled: Claim) -> Any:
        """E_z G^n."""
        found = [m for m in means_in(decoupled.rhs) if m.body.is_Pow and m.body.exp == self.n]
        if len(found) != 1:
            raise NotDerivable("no mean of an n-th power: decouple the replicas first")
        return found[0]

    def check(self, case: Case) -> Verdict:
        """n = 4: the probability of four fields above the threshold as a series in all overlaps, second derivative."""
        potential, ansatz = case.inputs[0].rhs, case.inputs[1]
        (channel,) = potential.atoms(LogChannel)
        threshold, same, off = threshold_of(channel, ansatz)
        sides = (potential, case.output.rhs, threshold, same, off)
        atoms = [s for e in sides for s in free_atoms(e) if isinstance(s, sp.Symbol) and s != self.n]
        for k in range(2):
            point = sample(case, atoms, case.given, k)
            point = {s: v / 16 if s in free_atoms(off) else v for s, v in point.items()}
            if same.xreplace(point) != 1:
                raise NotDerivable("the check is for weights on the unit sphere")
            q = off.xreplace(point)
            volume = _volume(q)
            fields = _second_derivative(float(threshold.xreplace(point)), float(q))
            names = {potential.atoms(LogDet).pop(): sp.Dummy(), channel: sp.Dummy()}
            weights = sp.Poly(potential.xreplace(names).xreplace(point), *names.values())
            v, w = (float(weights.coeff_monomial(x)) for x in names.values())
            truth = (v * volume + w * fields) / (v * volume)
            gap = abs(truth - balls.enclose(case.output.rhs, {**point, self.n: sp.Integer(4)}, _BITS).real)
            if not gap < 1e-7:
                return refuted("series in the overlaps, n = 4", f"distance {gap.str(4, radius=False)}", shown(point))
        return consistent("series in the overlaps, n = 4", f"to order {_ORDER}, 7 digits at 2 points")


def log_of(base: Any) -> Any:
    """log H as a function of its own; any other logarithm as it is."""
    return LogTail(base.args[0]) if isinstance(base, Tail) else sp.log(base)


def _volume(q: Any) -> float:
    """d^2/dt^2 log det Q at Q_ab = q + t v_ab, Q_aa = 1, n = 4, v the square."""
    t = sp.Dummy("t")
    matrix = sp.eye(4)
    for a, b in combinations(range(4), 2):
        matrix[a, b] = matrix[b, a] = q + t * SQUARE.get((a + 1, b + 1), 0)
    c = [sp.expand(matrix.det(method="berkowitz")).coeff(t, k) for k in range(3)]
    return float(2 * c[2] / c[0] - (c[1] / c[0]) ** 2)


def _second_derivative(k: float, q: float) -> float:
    """d^2/dt^2 log P(u_1, ..., u_4 > k) at E u_a u_b = q + t v_ab, v the square: P = sum prod Q^m/m! prod c_degree."""
    hermite = [1.0, k]
    for j in range(1, 3 * _ORDER):
        hermite.append(k * hermite[j] - j * hermite[j - 1])
    density = math.exp(-k * k / 2) / math.sqrt(2 * math.pi)
    c = [math.erfc(k / math.sqrt(2)) / 2, *(density * x for x in hermite)]
    pairs = list(combinations(range(4), 2))
    value, first, second = 0.0, 0.0, 0.0
    for powers in product(range(_ORDER + 1), repeat=6):
        if sum(powers) > _ORDER:
            continue
        term, rate, bend = 1.0, 0.0, 0.0
        degrees = [0, 0, 0, 0]
        for (i, j), m in zip(pairs, powers):
            sign = SQUARE.get((i + 1, j + 1), 0)
            degrees[i], degrees[j] = degrees[i] + m, degrees[j] + m
            f = q**m / math.factorial(m)
            f1 = sign * q ** (m - 1) / math.factorial(m - 1) if m > 0 else 0.0
            f2 = sign * sign * q ** (m - 2) / math.factorial(m - 2) if m > 1 else 0.0
            term, rate, bend = term * f, rate * f + term * f1, bend * f + 2 * rate * f1 + term * f2
        weight = math.prod(c[d] for d in degrees)
        value, first, second = value + term * weight, first + rate * weight, second + bend * weight
    return second / value - (first / value) ** 2

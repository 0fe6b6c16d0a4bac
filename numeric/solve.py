"""The root of a System on its branch, as balls that can be sharpened, with the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from ..symbolic.balls import DIGITS_TO_BITS, real_enclosure, working
from ..symbolic.errors import NotCertified
from .bracket import NoSignChange, isolate, sharpen
from .compile import Compiled
from .continuation import follow
from .krawczyk import certify
from .newton import newton_balls, newton_digits

FIRST_PRECISION = 96
# Bits spent on finding the root of a bracket before it is given up: enough for rho = 1e-300 and its like.
SEARCH_LIMIT = 4096
# The floating start is good to half of its digits at least; the root may differ by this much, relatively.
STAY = 1e-6


# Roots of systems with means inside means are dear, and every result of a model asks for the same one.
_DEAR: dict[Any, Solver] = {}
_KEPT = 8


def solver_at(compiled: Compiled, at: Mapping[Any, sp.Rational]) -> Solver:
    """The solver of a system at a point; one that solves the same dear equations at the same point is used again."""
    if not compiled.nested:
        return Solver(compiled, at)
    ends = (tuple(e) for e in (compiled.low, compiled.high, compiled.start))
    key = (tuple(compiled.unknowns), tuple(compiled.residual), *ends, compiled.system.continuation, tuple(at.items()))
    if key not in _DEAR:
        while len(_DEAR) >= _KEPT:
            del _DEAR[next(iter(_DEAR))]
        _DEAR[key] = Solver(compiled, at)
    return _DEAR[key]


@dataclass(frozen=True)
class Root:
    """Balls of the unknowns, each holding exactly one solution of the system; `residual` bounds |F| on them."""

    balls: Mapping[Any, arb]
    residual: str
    evidence: str


class Solver:
    """Solves one compiled system at exact parameter values; asked again with more bits it continues where it was.

    >>> from ..symbolic.system import System, Unknown
    >>> x = sp.Symbol("x")
    >>> system = System({"x": x}, (Unknown(x, sp.Integer(0), sp.Integer(2)),), (x**2 - 2,))
    >>> Solver(Compiled(system), {}).root(100).balls[x].str(20, radius=False)
    '1.4142135623730950488'
    """

    def __init__(self, compiled: Compiled, at: Mapping[Any, sp.Rational]):
        """Finds the branch. Raises NotCertified when there is no root or no single one; more bits would not help."""
        self.compiled, self.at = compiled, dict(at)
        self._end: Any = None
        self._ball: arb | None = None
        self._path: tuple[list[float], int] | None = None
        self._found: dict[int, Root] = {}
        if not compiled.unknowns:
            return
        if len(compiled.unknowns) == 1 and compiled.low[0] is not None and compiled.high[0] is not None:
            self._end = self._exact_end()
            if self._end is None:
                self._ball = isolate(self._f, self._df, self._low, self._high, FIRST_PRECISION, SEARCH_LIMIT)
        else:
            # Only the starting value is floating; all that is claimed comes from balls.
            path, steps = follow(compiled, [float(self.at[atom]) for atom in compiled.parameters])
            self._path = [float(x) for x in path[:, 0]], steps

    def root(self, prec: int) -> Root:
        """The unknowns to about `prec` bits. Raises NotCertified when the proof needs a higher precision."""
        if not self.compiled.unknowns:
            return Root({}, "0", "closed form")
        if prec not in self._found:
            self._found[prec] = self._solved(prec)
        return self._found[prec]

    def _solved(self, prec: int) -> Root:
        balls, evidence = self._certified(prec) if self._path is not None else self._bracketed(prec)
        residuals = self.compiled.residual_balls({**self.at, **balls}, prec)
        with working(prec):
            residual = arb(0)
            for f in residuals:
                residual = residual.max(abs(f).upper())
        return Root(balls, residual.str(2, radius=False), evidence)

    # -- one unknown in a bracket --------------------------------------------------------------------------------

    def _bracketed(self, prec: int) -> tuple[dict[Any, arb], str]:
        x = self.compiled.unknowns[0]
        if self._ball is None:
            return {x: real_enclosure(self._end, self.at, prec)}, f"{x} = {self._end} solves the equation exactly"
        ball = sharpen(self._f, self._df, self._ball, prec)
        evidence = f"one sign change over the bracket; unique in {self._ball.str(6)} by interval Newton"
        return {x: ball}, evidence

    def _exact_end(self) -> Any:
        """An end of the bracket that solves the equation identically, if no root lies inside."""
        x, f = self.compiled.unknowns[0], self.compiled.residual[0].xreplace(self.at)
        for end in (self.compiled.low[0], self.compiled.high[0]):
            if end.is_infinite:
                continue
            place = end.xreplace(self.at)
            if f.xreplace({x: place}) is not sp.S.Zero:
                continue
            try:
                isolate(self._f, self._df, self._low, self._high, FIRST_PRECISION, FIRST_PRECISION)
            except NoSignChange:
                return place
            raise NotCertified(f"{x} = {place} and a point inside both solve the equation: no single branch")
        return None

    def _f(self, ball: arb, prec: int) -> arb:
        return real_enclosure(self.compiled.residual[0], {**self.at, self.compiled.unknowns[0]: ball}, prec)

    def _df(self, ball: arb, prec: int) -> arb:
        return real_enclosure(self.compiled.jacobian[0][0], {**self.at, self.compiled.unknowns[0]: ball}, prec)

    def _low(self, prec: int) -> arb:
        low = self.compiled.low[0]
        return arb.neg_inf() if low is sp.S.NegativeInfinity else real_enclosure(low, self.at, prec)

    def _high(self, prec: int) -> arb:
        high = self.compiled.high[0]
        return arb.pos_inf() if high is sp.S.Infinity else real_enclosure(high, self.at, prec)

    # -- several unknowns ----------------------------------------------------------------------------------------

    def _certified(self, prec: int) -> tuple[dict[Any, arb], str]:
        compiled = self.compiled
        parameters = [self.at[atom] for atom in compiled.parameters]
        start, steps = self._path or ([], 0)
        # The approximation must be good to the precision of the test, also where the system is ill-conditioned.
        if "mean" in compiled.operations:
            middle = newton_balls(compiled, self.at, start, prec)
        else:
            near = newton_digits(compiled, parameters, start, int(prec / DIGITS_TO_BITS) + 5)
            middle = [_exact(v) for v in near]
        # Every root passes the test below; only staying near the start makes it the root of this branch.
        size = max(abs(float(v)) for v in middle)
        if any(abs(float(v) - s) > STAY * size for v, s in zip(middle, start, strict=True)):
            raise NotCertified(f"Newton leaves its start {start}: the branch is not sure")
        balls = certify(self._residual, self._jacobian, middle, prec)
        if balls is None:
            raise NotCertified(f"the Krawczyk test fails at {prec} bits near {[float(v) for v in middle]}")
        self._inside(balls, prec)
        found = dict(zip(compiled.unknowns, balls, strict=True))
        atom = compiled.system.continuation[0] if compiled.system.continuation else None
        way = f"continuation in {atom}, {steps} steps" if atom is not None else "Newton from the start"
        return found, f"{way}; exists and is unique in its box by the Krawczyk test"

    def _inside(self, balls: list[arb], prec: int) -> None:
        for unknown, ball, low, high in zip(self.compiled.unknowns, balls, self.compiled.low, self.compiled.high):
            for end, side in ((low, 1), (high, -1)):
                if end is None or end.is_infinite:
                    continue
                with working(prec):
                    if not (ball - real_enclosure(end, self.at, prec)) * side >= 0:
                        raise NotCertified(f"{unknown} = {ball.str(6)} is not certainly inside its bracket ({end})")

    def _residual(self, balls: Any, prec: int) -> list[arb]:
        return self.compiled.residual_balls({**self.at, **dict(zip(self.compiled.unknowns, balls))}, prec)

    def _jacobian(self, balls: Any, prec: int) -> list[list[arb]]:
        return self.compiled.jacobian_balls({**self.at, **dict(zip(self.compiled.unknowns, balls))}, prec)


def _exact(number: Any) -> arb:
    """An mpf as a ball of radius 0 (its own `man_exp` has no sign)."""
    sign, mantissa, exponent, _ = number._mpf_
    return arb((-int(mantissa) if sign else int(mantissa), int(exponent)))


def parameter_values(compiled: Compiled, point: Any) -> dict[Any, sp.Rational]:
    """Exact values of every parameter atom of a compiled system at a Point."""
    return {atom: point.at(atom) for atom in compiled.parameters}

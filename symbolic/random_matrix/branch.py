"""The physical branch: T(t) with eta -> t eta, from T(0) = tr D^-1 (exact) to T(1), then Newton and a Krawczyk ball.

E (D - random)^-1 is analytic in t while it stays invertible with bounded inverse, so continuation selects the branch;
positivity does not (several roots can be positive).  The continuation is in floats and is not a proof; the ball is:
it contains exactly one solution of the system.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from flint import acb

from ..balls import working
from ..errors import BadInput, NotCertified, OutsideDomain
from .balls import Value, certified, is_real, to_ball
from .certificate import krawczyk, narrow, refine
from .continuation import Path, track
from .derive import EPS, Derived
from .field import Ratio, exact
from .plan import Plan, ball_target, float_step, plan_of
from .spectral import Atom

EVIDENCE = "variance continuation in floats; Krawczyk ball with a unique solution"


@dataclass(frozen=True)
class Branch:
    """unknowns: balls in the order of derived.system.unknowns;  bits: their precision;  steps: of the continuation.

    plan: the compiled system in balls at this point;  at: the parameters.
    """

    derived: Derived
    at: Mapping[sp.Symbol, sp.Expr]
    unknowns: tuple[acb, ...]
    plan: Plan
    bits: int
    steps: int

    def target(self, atoms: tuple[Atom, ...] | None = None) -> acb:
        """tr r, or the same with other weights (bilinear form, spike) for the deterministic letters."""
        with working(self.bits):
            plan = self.plan if atoms is None else ball_plan_at(self.derived, self.at, atoms)
            value = ball_target(plan, list(self.unknowns))
            return acb(value.real) if all(map(is_real, self.unknowns)) and _real_point(self.at) else value

    def value(self, digits: int, atoms: tuple[Atom, ...] | None = None) -> Value:
        """The target to `digits` digits; NotCertified when the ball is wider."""
        with working(self.bits):
            return certified(self.target(atoms), digits, EVIDENCE)


def read_point(derived: Derived, at: Mapping[Any, Any]) -> dict[sp.Symbol, sp.Expr]:
    """{symbol or name: exact value} -> {symbol: value}; every parameter exactly once, nothing else."""
    names = {str(s): s for s in derived.parameters}
    point: dict[sp.Symbol, sp.Expr] = {}
    for key, value in at.items():
        if str(key) not in names:
            raise BadInput(f"{key} is not a parameter; the parameters are {sorted(names)}")
        point[names[str(key)]] = exact(value)
    missing = [s for s in derived.parameters if s not in point]
    if missing:
        raise BadInput(f"no value for {', '.join(map(str, missing))}")
    return point


def _real_point(at: Mapping[sp.Symbol, sp.Expr]) -> bool:
    return all(value.is_real for value in at.values())


def _float_plan(derived: Derived, at: Mapping[Any, complex], eps: float) -> Plan:
    values = [complex(at[s]) for s in derived.parameters] + [complex(eps)]

    def constant(expr: sp.Expr) -> complex:
        return complex(_number(expr, at))

    return plan_of(derived.system, derived.law, lambda a: a.at(values, 1.0 + 0j), constant)


def _number(expr: sp.Expr, at: Mapping[sp.Symbol, Any]) -> complex:
    if expr.is_number:
        with working(64):
            return complex(to_ball(expr))
    return complex(expr.subs({s: v for s, v in at.items() if s in expr.free_symbols}))


def ball_plan_at(derived: Derived, at: Mapping[sp.Symbol, sp.Expr], atoms: tuple[Atom, ...] | None = None) -> Plan:
    """The plan in balls at the current precision; atoms: other weights or spikes for the target."""
    values = [to_ball(at[s]) for s in derived.parameters] + [acb(0)]

    def number(a: Ratio) -> acb:
        return a.at(values, acb(1))

    def constant(expr: sp.Expr) -> acb:
        return to_ball(expr.subs([(s, at[s]) for s in _symbols(expr)]))

    return plan_of(derived.system, derived.law, number, constant, atoms)


def solve_branch(
    derived: Derived, at: Mapping[Any, Any], *, digits: int = 50, via: list[Mapping[Any, Any]] | None = None
) -> Branch:
    """The physical solution at exact parameters, certified to about `digits` digits.

    via: parameter points to pass through first (z = x + i before a real x inside the bulk): the branch is found at
    the first one and continued along straight lines.  Raises OutsideDomain when the continuation stops (a pole or a
    branch point on the way), NotCertified when no ball contracts.
    """
    point = read_point(derived, at)
    stops = [read_point(derived, p) for p in via or []] + [point]
    start, steps = _start(derived, stops[0])
    for here, there in itertools.pairwise(stops):
        start, more = track(_line(derived, here, there), start)
        steps += more
    return certify(derived, point, start, digits, steps)


def _floats(at: Mapping[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, complex]:
    with working(64):
        return {s: complex(to_ball(v)) for s, v in at.items()}


def _start(derived: Derived, at: Mapping[sp.Symbol, sp.Expr]) -> tuple[np.ndarray, int]:
    """Variance continuation; with a regularised inverse at eps = 1 first, then eps = (1-u)^2 -> 0."""
    values = _floats(at)
    regular = derived.system.eps is None
    plan = _float_plan(derived, values, 0.0 if regular else 1.0)
    zero = np.zeros(len(plan.unknowns), complex)
    try:
        start, _ = float_step(plan, zero, 0.0)
    except (np.linalg.LinAlgError, ZeroDivisionError):
        raise OutsideDomain(f"the expression has a pole at zero variance at {_shown(at)}") from None
    start, steps = track(lambda u: (plan, u), start)
    if not regular:
        start, more = track(lambda u: (_float_plan(derived, values, (1 - u) ** 2), 1.0), start)
        steps += more
    return start, steps


def _line(derived: Derived, here: Mapping[sp.Symbol, sp.Expr], there: Mapping[sp.Symbol, sp.Expr]) -> Path:
    a, b = _floats(here), _floats(there)

    def path(u: float) -> tuple[Plan, float]:
        return _float_plan(derived, {s: (1 - u) * a[s] + u * b[s] for s in a}, 0.0), 1.0

    return path


def _shown(at: Mapping[Any, Any]) -> str:
    return ", ".join(f"{s} = {v}" for s, v in at.items()) + f" ({EPS} only if regularised)"


def certify(derived: Derived, at: Mapping[sp.Symbol, sp.Expr], start: np.ndarray, digits: int, steps: int) -> Branch:
    """Newton in balls from the float point, then the Krawczyk test; the precision grows until a box contracts.

    With real parameters and a real centre the box is its own conjugate, so its unique solution is real.
    """
    real = _real_point(at) and float(np.abs(np.imag(start)).max(initial=0)) <= 1e-8 * float(
        np.abs(start).max(initial=1)
    )
    for bits in (int(digits * 3.33) + 80, int(digits * 5) + 200, int(digits * 8) + 600):
        with working(bits):
            plan = ball_plan_at(derived, at)
            centre = refine(plan, [acb(x.real) if real else acb(complex(x)) for x in start], bits)
            box = None if centre is None else krawczyk(plan, centre, bits, real)
            if box is not None:
                branch = Branch(derived, at, tuple(box), plan, bits, steps)
                if all(narrow(x, digits) for x in box):
                    return branch
    raise NotCertified(
        f"no contracting box around the float solution at {_shown(at)}: a double root or an edge of the "
        "spectrum; move the point or continue from a complex one"
    )


def _symbols(expr: sp.Expr) -> list[Any]:
    return sorted(expr.free_symbols, key=sp.default_sort_key)

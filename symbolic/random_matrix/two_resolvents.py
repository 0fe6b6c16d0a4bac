"""Quantities with two resolvents, by differentiation of the one-resolvent system.

R(q) = (M + q A)^-1:  R A R = -R'(0).  The derivative of the solved system is one linear solve,
(1 - J) T' = dPhi/dq, on balls, so the certificate carries over.  The other route is the bigger pencil of R A R itself,
the front door applied to that product; both must give the same digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import acb, acb_mat

from ..balls import working
from ..errors import BadInput
from .balls import is_real, to_ball
from .branch import Branch, read_point, solve_branch
from .certificate import system_matrix
from .derive import SOURCE, Derived, derive
from .field import Ratio
from .letters import Declarations
from .plan import Plan, ball_inverses, ball_step, ball_trace, plan_of
from .spectral import Atom


def derivative(branch: Branch, parameter: Any) -> acb:
    """d(tr r)/dp at the branch, an enclosure: explicit part plus (1 - J)^-1 times the explicit part of Phi."""
    symbol = _parameter(branch.derived, parameter)
    with working(branch.bits):
        tangent, motion = unknown_derivatives(branch, symbol)
        value = _moved_target(branch.plan, tangent, list(branch.unknowns), motion)
        real = all(map(is_real, branch.unknowns)) and all(v.is_real for v in branch.at.values())
        return acb(value.real) if real else value


def unknown_derivatives(
    branch: Branch, symbol: sp.Symbol, atoms: tuple[Atom, ...] | None = None
) -> tuple[Plan, list[acb]]:
    """(the plan of derivatives, dT/dp): (1 - J) T' = explicit part of dPhi/dp, at the current precision."""
    unknown = list(branch.unknowns)
    if not unknown:
        return _tangent(branch, symbol, atoms), []
    _, slopes = ball_step(branch.plan, unknown)
    explicit = _moved_unknowns(branch.plan, _tangent(branch, symbol, None), unknown, [acb(0)] * len(unknown))
    solved = system_matrix(slopes).solve(acb_mat([[x] for x in explicit]))
    return _tangent(branch, symbol, atoms), [solved[i, 0] for i in range(len(unknown))]


def _parameter(derived: Derived, parameter: Any) -> sp.Symbol:
    for symbol in derived.field.symbols[:-1]:
        if str(symbol) == str(parameter):
            break
    else:
        raise BadInput(f"{parameter} is not a parameter; the parameters are {list(derived.parameters)}")
    if any(
        symbol in v.free_symbols
        for atoms in derived.law.values()
        for a in atoms
        for v in (a.weight, *a.values.values())
    ):
        raise BadInput(
            f"{symbol} enters the law of a deterministic letter: differentiate the minimal polynomial instead"
        )
    return symbol


def _tangent(branch: Branch, symbol: sp.Symbol, atoms: tuple[Atom, ...] | None) -> Plan:
    """The plan whose every coefficient is the derivative of that of the branch's plan."""
    derived = branch.derived
    index = derived.field.index(symbol)
    values = [to_ball(branch.at.get(s, sp.Integer(0))) for s in derived.field.symbols]

    def number(a: Ratio) -> acb:
        return a.derivative(index).at(values, acb(1))

    def constant(expr: sp.Expr) -> acb:
        return to_ball(expr.subs(list(branch.at.items())))

    return plan_of(derived.system, derived.law, number, constant, atoms)


def _moved(
    plan: Plan, tangent: Plan, b: int, unknown: list[acb], motion: list[acb]
) -> list[tuple[int, acb, acb_mat, acb_mat]]:
    """(r, weight, G, dG) per atom, dG = -G (dD - d eta) G."""
    found = []
    shifts: dict[tuple[int, int], acb] = {}
    pairs = zip(plan.energy, tangent.energy, strict=True)
    for (c, i, j, u, a), (*_, da) in pairs:
        if c == b:
            shifts[i, j] = shifts.get((i, j), acb(0)) + da * unknown[u] + a * motion[u]
    for (r, weight, g), rows in zip(ball_inverses(plan, b, unknown), tangent.blocks[b].matrices, strict=True):
        change = [list(row) for row in rows]
        for (i, j), shift in shifts.items():
            for p in range(r):
                change[i * r + p][j * r + p] -= shift
        found.append((r, weight, g, -(g * acb_mat(change) * g)))
    return found


def _moved_unknowns(plan: Plan, tangent: Plan, unknown: list[acb], motion: list[acb]) -> list[acb]:
    total = [acb(0)] * len(unknown)
    for b in range(len(plan.blocks)):
        own = [(m, k, l) for m, (c, k, l) in enumerate(plan.unknowns) if c == b]
        for r, weight, _, dg in _moved(plan, tangent, b, unknown, motion) if own else ():
            for m, k, l in own:
                total[m] += weight * ball_trace(dg, r, k, l)
    return total


def _moved_target(plan: Plan, tangent: Plan, unknown: list[acb], motion: list[acb]) -> acb:
    total = acb(0)
    for r, weight, g, dg in _moved(plan, tangent, plan.outer, unknown, motion) if plan.target else ():
        for (k, l, a), (_, _, da) in zip(plan.target, tangent.target, strict=True):
            total += weight * (da * ball_trace(g, r, k, l) + a * ball_trace(dg, r, k, l))
    return total


def with_source(resolvent: Any, middle: Any, after: Any, declarations: Declarations, law: Any = None) -> Derived:
    """(M + q A)^-1 B as a derived system that stays regular at q = 0; q is the reserved source parameter."""
    if not isinstance(resolvent, sp.MatPow) or resolvent.exp != -1:
        raise BadInput(f"{resolvent} is not an inverse: the source route needs (M)^-1 on both sides")
    body = resolvent.base + SOURCE * middle
    expr = body.inv() if after is None else body.inv() * after
    return derive(expr, declarations, law=law)


def sandwich(
    resolvent: Any,
    middle: Any,
    declarations: Declarations,
    at: Mapping[Any, Any],
    *,
    after: Any = None,
    law: Any = None,
    digits: int = 50,
) -> acb:
    """tr R A R B = -d/dq tr (M + q A)^-1 B at q = 0, an enclosure; A = middle, B = after (default: identity)."""
    derived = with_source(resolvent, middle, after, declarations, law)
    point = read_point(derived, {**{str(k): v for k, v in at.items()}, str(SOURCE): 0})
    branch = solve_branch(derived, point, digits=digits)
    with working(branch.bits):
        return -derivative(branch, SOURCE)


def bigger_pencil(
    resolvent: Any, middle: Any, other: Any, declarations: Declarations, *, after: Any = None, law: Any = None
) -> Derived:
    """R A R' B as one expression: always valid, also for two different resolvents and for a random A."""
    expr = resolvent * middle * other if after is None else resolvent * middle * other * after
    return derive(expr, declarations, law=law)

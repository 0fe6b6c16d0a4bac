"""The trace of a resolvent from the saddle point: a quadratic equation, or one unknown for all levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...claim import Equation
from ...errors import OutsideDomain
from ...quantity import POSITIVE, Quantity
from ...rules.algebra import ClearDenominators, PositiveRoot, SolveLinear
from ...system import Unknown
from ..insertion import Insert
from ..stationarity import Slope
from .work import Work, at_point


def one_trace(work: Work) -> None:
    """g = v: the trace of the resolvent and its quadratic equation."""
    _trace(work)
    phi_q, v = work.symbols("phi_q1 v1")
    g = work.symbols("g")[0]
    work.D.define("trace-inverse", Equation(v, g, ":="), prose="We write it in place of $v$,")
    work.D.define(
        "stationary", Equation(phi_q, sp.Integer(0)), prose="and the first slope vanishes at the saddle point,"
    )
    work.derive(
        Insert(both=True),
        "slope-q1",
        "trace-inverse",
        "stationary",
        label="self-consistent",
        prose="which gives the self-consistent equation",
    )
    work.derive(ClearDenominators(unknown=g), "self-consistent", label="quadratic", prose="or")


def _trace(work: Work) -> None:
    (g,) = work.declare(Quantity("g", "normalised trace of the resolvent", "g", POSITIVE, "result"))
    work.derive(
        Slope(result=g, variable=work.named["kappa"], factor=sp.Integer(-2)),
        "potential",
        label="trace-overlaps",
        prose=r"The trace of the resolvent is $-2\, \partial \varphi/\partial k$,",
    )
    work.derive(Insert(), "trace-overlaps", "no-overlap", label="trace", prose="that is,")


def wigner_values(work: Work) -> None:
    """The smaller root, which decays far from the spectrum; outside the spectrum only."""
    g, sigma, k = *work.symbols("g"), work.named["sigma"], work.named["kappa"]
    work.result("trace", "quadratic", "normalised trace of (k - W)^-1", g)
    symbols = {p.name: p.quantity.symbol for p in work.parameters}
    edge = (k - 2 * sigma).xreplace(dict(work.letters))

    def case(point: Mapping[str, Any]) -> str:
        if not at_point(edge, symbols, point) > 0:
            raise OutsideDomain(
                "1/cov must exceed twice the root of the variance: inside the spectrum Z does not exist"
            )
        return "outside"

    def solve(name: str) -> dict[str, Any]:
        return {
            "unknowns": (Unknown(g, sp.Integer(0), 1 / sigma),),
            "equations": (work.D.claim("quadratic").single.difference,),
            "branch": "the root that vanishes far from the spectrum",
        }

    work.case, work.solve = case, solve


def wishart_values(work: Work) -> None:
    """One level: the positive root. Several: the traces of the levels through one unknown."""
    if len(work.levels) == 1:
        one_trace(work)
        g = work.symbols("g")[0]
        work.derive(PositiveRoot(unknown=g), "quadratic", label="resolvent", prose="with the positive solution")
        work.result("trace", "resolvent", "normalised trace of (k + W)^-1")
        work.solve = lambda name: {"branch": "the positive root"}
        return
    _trace(work)
    _by_levels(work)


def _by_levels(work: Work) -> None:
    """The slope on a level contains the others through V = sum p c v only; each v is then a function of V."""
    count = len(work.levels)
    spreads = [work.symbols(f"v{l}")[0] for l in range(1, count + 1)]
    (V,) = work.declare(Quantity("V", "spread of the fields of a sample", "V", POSITIVE, "unknown"))
    total = sp.Add(*(p * c * v for (c, p, _), v in zip(work.levels, spreads)))
    work.D.define("field-spread", Equation(V, total, ":="), prose="The levels see each other through")
    slopes = [work.symbols(f"phi_q{l}")[0] for l in range(1, count + 1)]
    work.D.define("stationary", *(Equation(s, sp.Integer(0)) for s in slopes), prose="alone. The slopes vanish,")
    for l, v in enumerate(spreads, start=1):
        other = l % count + 1
        work.derive(
            SolveLinear(unknown=spreads[other - 1]),
            "field-spread",
            label=f"other-{l}",
            prose=f"and with the spread on level {other} expressed by $V$,",
        )
        work.derive(
            Insert(both=True),
            f"slope-q{l}",
            "stationary",
            f"other-{l}",
            label=f"condition-{l}",
            prose=f"the condition on level {l}",
        )
        work.derive(SolveLinear(unknown=v), f"condition-{l}", label=f"level-{l}", prose="gives")
    done = [f"level-{l}" for l in range(1, count + 1)]
    work.derive(Insert(), "field-spread", *done, label="self-consistent", prose="Together, $V$ solves the equation")
    work.result("trace", "trace", "normalised trace of (k + W)^-1")
    for l, v in enumerate(spreads, start=1):
        work.result(f"trace_level_{l}", f"level-{l}", f"the same on level {l} of the covariance", v)
    mean = sp.Add(*(p * c for c, p, _ in work.levels)) / work.named["kappa"]

    def solve(name: str) -> dict[str, Any]:
        return {
            "unknowns": (Unknown(V, sp.Integer(0), mean),),
            "equations": (V - work.D.claim("self-consistent").rhs,),
            "definitions": tuple((v, work.D.claim(label).rhs) for v, label in zip(spreads, done)),
            "branch": "the positive spread, between 0 and its value without samples",
        }

    work.solve = solve

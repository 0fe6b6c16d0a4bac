"""Free sums: two Wishart matrices, by their joint pencil and by R-transforms; two projections."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from ...symbolic.claim import Claim, Equation
from ...symbolic.derivation import Derivation, Witness
from ...symbolic.exact import vanishes
from ...symbolic.quantity import Samples
from ...symbolic.rules.bulk import PositiveRootWhere
from ...symbolic.rules.elimination import EliminateTraces
from ...symbolic.rules.free_probability import FreeSum, RTransform
from ...symbolic.verdict import Verdict, proved, refuted
from .notation import (
    FIRST,
    PROJECTIONS,
    SECOND,
    SUM,
    A,
    B,
    X,
    Y,
    a,
    d,
    lam,
    r1,
    r2,
    t,
    t1,
    t2,
    y,
    z,
)  # fmt: skip

ONE = sp.Identity(d)


def sums(D: Derivation) -> None:
    """W_1 + a W_2 two ways."""
    D.section("Free sum of two Wishart matrices")
    D.define(
        "sum-definition",
        Equation(t, sp.Trace((A.T * A + a * B.T * B + lam * ONE).inverse()) / d, ":="),
        prose="Independent Wishart matrices are asymptotically free. The resolvent of a weighted sum,",
    )
    D.derive(SUM, "sum-definition", label="sum-dyson", prose="has a pencil with three traces,")
    D.derive(
        EliminateTraces(dyson=SUM, keep=t),
        "sum-dyson",
        "sum-definition",
        label="sum",
        prose="and elimination on the physical branch leaves a cubic equation:",
    )
    for trace, body, rule, result, label, what in (
        (t1, A.T * A, FIRST, r1, "first", "For a second derivation, the summands one by one: the first,"),
        (t2, a * B.T * B, SECOND, r2, "second", "and the second,"),
    ):
        D.define(f"{label}-definition", Equation(trace, sp.Trace((body + lam * ONE).inverse()) / d, ":="), prose=what)
        D.derive(rule, f"{label}-definition", label=f"{label}-dyson", prose="has the equations")
        D.derive(
            EliminateTraces(dyson=rule, keep=trace),
            f"{label}-dyson",
            f"{label}-definition",
            label=label,
            prose="and the quadratic of Marchenko and Pastur,",
        )
        D.derive(
            RTransform(dyson=rule, trace=trace, lam=lam, result=result),
            label,
            f"{label}-definition",
            label=f"{label}-r",
            prose=r"which is solved for $\lambda$; its R-transform, $r(t) = 1/t - \lambda$, is",
        )
    D.derive(
        FreeSum(dyson=SUM, traces=(t1, t2), trace=t, lam=lam),
        "first-r",
        "second-r",
        "sum-definition",
        label="sum-by-r",
        prose="R-transforms of free summands add, so that the trace of the sum is given by",
    )
    D.witnesses.append(Witness("R-transforms solve the cubic", ("sum", "sum-by-r"), _same_curve))


def _same_curve(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """The cubic of the pencil at lam = lam(t) of the R-transforms, exactly."""
    if vanishes(claims["sum"].single.difference.xreplace({lam: claims["sum-by-r"].rhs})) is True:
        return proved("exact normal form", "both routes give one curve")
    return refuted("exact normal form", "the R-transforms give another curve")


def projections(D: Derivation) -> None:
    """The sum of two free projections."""
    D.section("Free sum of two projections")
    parts = [m.T * (m * m.T).inverse() * m for m in (X, Y)]
    D.define(
        "projections-definition",
        Equation(y, sp.Trace((parts[0] + parts[1] - z * ONE).inverse()) / d, ":="),
        prose="Projections onto the row spaces of independent Gaussian matrices are free as well. Of their sum,",
    )
    D.derive(
        PROJECTIONS,
        "projections-definition",
        label="projections-dyson",
        prose="the pencil is regularised, minimised and closed as before,",
    )
    D.derive(
        EliminateTraces(dyson=PROJECTIONS, keep=y),
        "projections-dyson",
        "projections-definition",
        label="projections",
        prose="and the nine traces are eliminated: a quadratic,",
    )
    D.derive(
        PositiveRootWhere(unknown=y),
        "projections",
        label="projections-trace",
        prose="whose positive root is the trace below the spectrum,",
    )

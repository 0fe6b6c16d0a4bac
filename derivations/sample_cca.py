"""Sample canonical correlations of independent data: Wachter's law, its density, edges, atoms and moments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Claim, Equation
from ..symbolic.derivation import Derivation, Limit, Witness
from ..symbolic.exact import canonical, vanishes
from ..symbolic.quantity import NEGATIVE, NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Notation, Quantity, Samples, interval
from ..symbolic.rules.bulk import DensityWhere, EndAtom, MomentsOfRoot, PositiveRootWhere
from ..symbolic.rules.dyson import DysonEquations
from ..symbolic.rules.elimination import EliminateTraces
from ..symbolic.rules.stieltjes import BulkEdges
from ..symbolic.system import Model, Parameter, Result, System
from ..symbolic.verdict import Verdict, proved, refuted

OPEN = interval(0, 1, "()")
n = Quantity("n", "number of samples", "n", POSITIVE_INTEGER, "dimension")
p = Quantity("p", "dimension of the first view", "p", POSITIVE_INTEGER, "dimension")
q = Quantity("q", "dimension of the second view", "q", POSITIVE_INTEGER, "dimension")
SQUARE = (p.symbol, p.symbol)

NOTATION = Notation(
    n,
    p,
    q,
    Quantity("c1", "first ratio p/n", "c_1", OPEN, "parameter"),
    Quantity("c2", "second ratio q/n", "c_2", OPEN, "parameter"),
    Quantity("z", "spectral parameter below the spectrum", "z", NEGATIVE, "parameter"),
    Quantity("x", "squared canonical correlation", "x", OPEN, "parameter"),
    Quantity("X", "first view, entries independent N(0, 1/n)", "X", kind="matrix", shape=(p.symbol, n.symbol)),
    Quantity("Y", "second view, entries independent N(0, 1/n)", "Y", kind="matrix", shape=(q.symbol, n.symbol)),
    Quantity("A", "matrix whose eigenvalues are the squared correlations", "A", kind="matrix", shape=SQUARE),
    Quantity("g", "normalised trace of the resolvent", "g", POSITIVE, "result"),
    *(Quantity(f"T{k}", f"trace of diagonal block {k} of the pencil", f"T_{k}", role="unknown") for k in range(1, 6)),
    Quantity("f", "density of the squared correlations", "f", NONNEGATIVE, "result"),
    Quantity("lower", "lower edge of the bulk", r"x_-", NONNEGATIVE, "result"),
    Quantity("upper", "upper edge of the bulk", r"x_+", POSITIVE, "result"),
    Quantity("mass0", "share of correlations that vanish", "m_0^{*}", NONNEGATIVE, "result"),
    Quantity("mass1", "share of perfect correlations", "m_1^{*}", NONNEGATIVE, "result"),
    *(Quantity(f"m{k}", f"moment of order {k}", f"m_{k}", role="result") for k in range(1, 4)),
)
c1, c2, z, x, X, Y, A, g, f, lower, upper, mass0, mass1 = NOTATION.symbols(
    "c1 c2 z x X Y A g f lower upper mass0 mass1"
)
MOMENTS = tuple(NOTATION.symbols("m1 m2 m3"))
DYSON = DysonEquations(
    gaussian=((X, 1 / n.symbol), (Y, 1 / n.symbol)),
    ratios=((n.symbol, sp.Integer(1)), (p.symbol, c1), (q.symbol, c2)),
    unknowns=tuple(NOTATION.symbols("T1 T2 T3 T4 T5")),
)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="sample_cca",
        title="Sample canonical correlations of independent data",
        abstract="Canonical correlation analysis of two independent Gaussian views finds correlations that are not "
        "there. "
        "We derive the law of the squared sample correlations, with its atoms, from the matrix itself.",
        sources=(
            "K. W. Wachter, The limiting empirical measure of multiple discriminant ratios, Annals of Statistics 8, "
            "1980",
            "Z. Bao, J. Hu, G. Pan and W. Zhou, Canonical correlation coefficients of high-dimensional Gaussian "
            "vectors: "
            "finite rank case, Annals of Statistics 47, 2019",
        ),
        notation=NOTATION,
        falsifier="A histogram of the squared correlations of one pair of views with n = 4000 that leaves the density.",
    )
    _transform(D)
    _law(D)
    D.limits += [
        Limit("one view of few dimensions: all squared correlations are q/n", "trace", {c1: 0}, 1 / (c2 - z)),
    ]
    D.witnesses.append(Witness("free product of two projections", ("quadratic",), _projections))
    D.model = Model(PARAMETERS, RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _transform(D: Derivation) -> None:
    D.section("The self-consistent equation")
    inner = (X * X.T).inverse() * X * Y.T * (Y * Y.T).inverse() * Y * X.T
    D.define(
        "correlations",
        Equation(A, inner, ":="),
        prose="The columns of $X$ and $Y$ are $n$ samples of two independent views. The squared sample canonical "
        "correlations "
        "are the eigenvalues of",
    )
    D.define(
        "trace-definition",
        Equation(g, sp.Trace((A - z * sp.Identity(p.symbol)).inverse()) / p.symbol, ":="),
        prose="and their law is encoded in",
    )
    D.derive(
        DYSON,
        "trace-definition",
        "correlations",
        label="dyson",
        prose="The two inner inverses are singular at the centre of the pencil; with a small multiple of the identity "
        "inside "
        "them the pencil is regular, and in the limit Gaussian integration by parts leaves",
    )
    D.derive(
        EliminateTraces(dyson=DYSON, keep=g),
        "dyson",
        "trace-definition",
        "correlations",
        label="quadratic",
        prose="Elimination on the physical branch leaves one quadratic equation, that of Wachter:",
    )
    D.derive(
        PositiveRootWhere(unknown=g, where=(c1 < 1,)),
        "quadratic",
        label="trace",
        prose="Below the spectrum the resolvent is positive, and the product of the two roots is negative:",
    )


def _law(D: Derivation) -> None:
    D.section("The law of the correlations")
    D.define("transform", Equation(g, g, ":="), prose="The transform of the law is $g$ itself:")
    D.derive(
        DensityWhere(density=f, unknown=g, variable=z, real=x, size=c1 * x * (1 - x), where=(x < 1,)),
        "transform",
        "quadratic",
        label="density",
        prose="On the cut the imaginary part of the root gives the density",
    )
    D.derive(
        BulkEdges(unknown=g, variable=z, lower=lower, upper=upper),
        "quadratic",
        label="edges",
        prose="between the edges, at which the two roots of {quadratic} meet,",
    )
    for name, place, label, what in (
        (
            mass0,
            0,
            "atom-zero",
            "When the first view has more dimensions than the second some correlations vanish, a share of",
        ),
        (mass1, 1, "atom-one", "and when the two views together have more dimensions than samples some are perfect,"),
    ):
        D.derive(
            EndAtom(unknown=g, variable=z, place=sp.Integer(place), result=name), "quadratic", label=label, prose=what
        )
    D.derive(
        MomentsOfRoot(unknown=g, variable=z, moments=MOMENTS),
        "quadratic",
        label="moments",
        prose="Expanding {quadratic} at infinity gives the moments; the mean squared correlation of data without any "
        "is $q/n$:",
    )


def _projections(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """S-transforms of free projections multiply: z t (1 + t) = (c1 + t)(c2 + t) at t = -c1 (1 + z g)."""
    t = -c1 * (1 + z * g)
    other = z * t * (1 + t) - (c1 + t) * (c2 + t)
    ratio = canonical(other / claims["quadratic"].single.difference)
    if ratio.has(g) or vanishes(other - ratio * claims["quadratic"].single.difference) is not True:
        return refuted("S-transforms", "the free product of projections has another equation")
    return proved("S-transforms", "the free product of two projections of ranks p and q has the same equation")


PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("c1", "c2", "x", "z"))
RATIOS = ("c1", "c2")
RESULTS = (
    Result("trace", "trace", "normalised trace of the resolvent at z", needs=(*RATIOS, "z")),
    Result("density", "density", "density of the squared correlations at x", needs=(*RATIOS, "x")),
    Result("edges", "edges", "edges of the bulk", kind="list", needs=RATIOS),
    Result("mass_zero", "atom-zero", "share of correlations that vanish", needs=RATIOS),
    Result("mass_one", "atom-one", "share of perfect correlations", needs=RATIOS),
    Result("moments", "moments", "the first three moments", kind="list", needs=RATIOS),
)
EXAMPLE = {"c1": "1/5", "c2": "2/5", "x": "3/10", "z": "-1/2"}


def case(point: Mapping[str, Any]) -> str:
    """Inside the bulk or outside: (x - middle)^2 against 4 c1 c2 (1 - c1)(1 - c2) decides without a root."""
    if "x" not in point:
        return "no x"
    a, b = point["c1"], point["c2"]
    gap = point["x"] - a - b + 2 * a * b
    return "inside" if gap * gap < 4 * a * b * (1 - a) * (1 - b) else "outside"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The closed forms; outside the bulk the density is 0."""
    D = derivation()
    observables: dict[str, Any] = {
        "trace": D.claim("trace").rhs,
        "density": D.claim("density").rhs if name == "inside" else sp.Integer(0),
        "edges": [e.rhs for e in D.claim("edges").equations],
        "mass_zero": D.claim("atom-zero").rhs,
        "mass_one": D.claim("atom-one").rhs,
        "moments": [e.rhs for e in D.claim("moments").equations],
    }
    return System(observables={key: observables[key] for key in wanted})


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

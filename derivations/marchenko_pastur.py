"""The Marchenko-Pastur law: from a Gaussian matrix to its density, edges, distribution function and moments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.quantity import NEGATIVE, NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Notation, Quantity, interval
from ..symbolic.rules.algebra import Eliminate, PositiveRoot, Restate, Substitute
from ..symbolic.rules.deterministic_equivalent import DeterministicEquivalent
from ..symbolic.rules.integrals import CosineIntegral, MassAboveAngle, ThroughElementary, Unfold
from ..symbolic.rules.stieltjes import BulkEdges, MomentsFromEquation, StieltjesInversion
from ..symbolic.system import Model, Parameter, Result, System

M = Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension")
d = Quantity("d", "dimension of a sample", "d", POSITIVE_INTEGER, "dimension")
HALF_TURN = interval(0, sp.pi)

NOTATION = Notation(
    M,
    d,
    Quantity("gamma", "aspect ratio d/M", r"\gamma", POSITIVE, "parameter"),
    Quantity("lam", "distance of the spectral parameter below zero", r"\lambda", POSITIVE, "parameter"),
    Quantity("x", "eigenvalue", "x", POSITIVE, "parameter"),
    Quantity("phi", "angle that parametrises the bulk, from the upper edge down", r"\varphi", HALF_TURN, "parameter"),
    Quantity("z", "spectral parameter, outside the spectrum", "z", NEGATIVE),
    Quantity("X", "data matrix, entries independent N(0, 1/M)", "X", kind="matrix", shape=(M.symbol, d.symbol)),
    Quantity("R", "resolvent of the sample covariance", "R", kind="matrix", shape=(d.symbol, d.symbol)),
    Quantity("g", "normalised trace of the resolvent", "g", role="unknown"),
    Quantity("transform", "Stieltjes transform of the eigenvalues", "s(z)"),
    Quantity("u", "trace of the first diagonal block of the pencil", "u", role="unknown"),
    Quantity("v", "trace of the second diagonal block of the pencil", "v", role="unknown"),
    Quantity("f", "density of eigenvalues", "f", NONNEGATIVE, "result"),
    Quantity("lower", "lower edge of the bulk", r"\lambda_-", NONNEGATIVE, "result"),
    Quantity("upper", "upper edge of the bulk", r"\lambda_+", POSITIVE, "result"),
    Quantity("F", "share of eigenvalues above the angle", "F", NONNEGATIVE, "result"),
    Quantity("threshold", "eigenvalue at the angle phi", r"x_{\varphi}", POSITIVE),
    Quantity("t", "bound variable of an integral", "t", HALF_TURN),
    Quantity("A", "constant coefficient of the elementary integral", "A", POSITIVE),
    Quantity("B", "cosine coefficient of the elementary integral", "B"),
    Quantity("J", "elementary integral", "J", kind="function"),
    *(Quantity(f"m{k}", f"moment of order {k}", f"m_{k}", role="result") for k in range(1, 5)),
)
gamma, lam, x, phi, z, g, transform, u, v, f, lower, upper, threshold, F, t, A, B, J, X, R = NOTATION.symbols(
    "gamma lam x phi z g transform u v f lower upper threshold F t A B J X R"
)
MOMENTS = tuple(NOTATION.symbols("m1 m2 m3 m4"))


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="marchenko_pastur",
        title="The Marchenko-Pastur law",
        abstract="The spectrum of the sample covariance of $M$ Gaussian vectors in dimension $d$, when $M$ and "
        "$d$ grow "
        r"at the fixed ratio $\gamma = d/M$.",
        sources=(
            "V. A. Marchenko and L. A. Pastur, Distribution of eigenvalues for some sets of random matrices, 1967",
        ),
        notation=NOTATION,
        falsifier="A histogram of the eigenvalues of one matrix with d = 4000 that leaves the density.",
    )
    _fixed_point(D)
    _law(D)
    _distribution(D)
    D.limits += [
        Limit("many samples: g -> 1/(1 + lam)", "ridge-trace", {gamma: 0}, 1 / (1 + lam)),
        Limit("far below the spectrum: lam g -> 1", "ridge-trace", {lam: sp.oo}, 0),
    ]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _fixed_point(D: Derivation) -> None:
    D.section("The self-consistent equation")
    D.define(
        "resolvent",
        Equation(R, (X.T * X - z * sp.Identity(d.symbol)).inverse(), ":="),
        prose="The rows of $X$ are the samples, scaled so that $X^\\top X$ is the sample covariance; its resolvent is",
    )
    equivalent = DeterministicEquivalent(
        gaussian=((X, 1 / M.symbol),), ratios=((M.symbol, sp.Integer(1)), (d.symbol, gamma)), unknowns=(u, v), value=g
    )
    D.derive(
        equivalent,
        "resolvent",
        label="dyson",
        prose="A linear pencil contains the resolvent as one block. Gaussian integration by parts closes the "
        "traces of its "
        "diagonal blocks, and the block of the resolvent follows:",
    )
    D.derive(
        Eliminate(unknowns=(u, v), keep=g),
        "dyson",
        label="quadratic",
        prose="Eliminating the two auxiliary traces leaves one quadratic equation for $g = \\operatorname{tr} R$:",
    )
    D.derive(
        Substitute(both=True),
        "quadratic",
        D.define("below", Equation(z, -lam, ":="), prose="Below the spectrum we write"),
        label="quadratic-below",
        prose="With it {quadratic} becomes",
    )
    D.derive(
        PositiveRoot(unknown=g),
        "quadratic-below",
        label="ridge-trace",
        prose=r"There the resolvent is positive, and the product of the two roots is negative: $g$ is the "
        r"positive one,",
    )


def _law(D: Derivation) -> None:
    D.section("Density, edges and moments")
    D.define(
        "transform",
        Equation(transform, g, ":="),
        prose="The trace of the resolvent is the Stieltjes transform of the distribution of eigenvalues,",
    )
    D.derive(
        StieltjesInversion(density=f, unknown=g, variable=z, real=x),
        "transform",
        "quadratic",
        label="density",
        prose="On the cut the quadratic has two complex roots; the one in the upper half plane gives the density",
    )
    D.derive(
        BulkEdges(unknown=g, variable=z, lower=lower, upper=upper),
        "quadratic",
        label="edges",
        prose="The density ends where the two roots of {quadratic} meet:",
    )
    D.derive(
        Restate(form=sp.sqrt((upper - x) * (x - lower)) / (2 * sp.pi * gamma * x)),
        "density",
        "edges",
        label="density-edges",
        prose="In terms of the edges the density {density} reads",
    )
    D.derive(
        MomentsFromEquation(unknown=g, variable=z, moments=MOMENTS),
        "quadratic",
        label="moments",
        prose="Expanding {quadratic} at infinity gives the moments of the eigenvalues one after another:",
    )


def _distribution(D: Derivation) -> None:
    D.section("Distribution function")
    D.define(
        "mass-definition",
        Equation(F, sp.Integral(f, (x, threshold, upper)), ":="),
        prose=r"The share of eigenvalues above a threshold $x_{\varphi}$ is",
    )
    D.derive(
        MassAboveAngle(real=x, angle=phi, dummy=t),
        "mass-definition",
        "density-edges",
        "edges",
        label="mass-integral",
        prose=r"In the angle defined by $x_{\varphi} = 1 + \gamma + 2\sqrt{\gamma}\cos\varphi$ the square roots "
        r"disappear:",
    )
    D.define(
        "elementary",
        Equation(J(A, B, phi), sp.Integral(sp.sin(t) ** 2 / (A + B * sp.cos(t)), (t, 0, phi)), ":="),
        given=(A > B, A > -B),
        prose="All integrals of this kind reduce to one:",
    )
    D.derive(
        ThroughElementary(function=J, dummy=t, angle=phi),
        "mass-integral",
        "elementary",
        label="mass",
        prose="Partial fractions in the cosine give",
    )
    D.derive(
        CosineIntegral(dummy=t),
        "elementary",
        label="elementary-closed",
        prose="The elementary integral itself is, without a change of branch up to $\\varphi = \\pi$,",
    )
    D.derive(
        Unfold(function=J),
        "mass",
        "elementary-closed",
        "elementary",
        label="mass-closed",
        prose="Hence, in closed form,",
    )


PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("gamma", "x", "lam"))
RESULTS = (
    Result("trace", "ridge-trace", "normalised trace of the resolvent below the spectrum", needs=("gamma", "lam")),
    Result("density", "density", "density of eigenvalues at x", needs=("gamma", "x")),
    Result("mass_above", "mass-closed", "share of eigenvalues above x", needs=("gamma", "x")),
    Result("edges", "edges", "edges of the bulk", kind="list", needs=("gamma",)),
    Result("moments", "moments", "first four moments", kind="list", needs=("gamma",)),
)
EXAMPLE = {"gamma": "1/2", "x": "6/5", "lam": "1/10"}


def case(point: Mapping[str, Any]) -> str:
    """Inside the bulk, above it or below it: (x - 1 - gamma)^2 against 4 gamma decides without a root."""
    if "x" not in point:
        return "no x"
    gap = point["x"] - 1 - point["gamma"]
    if gap * gap < 4 * point["gamma"]:
        return "inside"
    return "above" if gap > 0 else "below"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The closed forms; mass_above finds the angle of x first."""
    D = derivation()
    low, high = (e.rhs for e in D.claim("edges").equations)
    observables: dict[str, Any] = {
        "trace": D.claim("ridge-trace").rhs,
        "edges": [low, high],
        "moments": [e.rhs for e in D.claim("moments").equations],
    }
    if name == "inside":
        angle = sp.acos((x - (high + low) / 2) / ((high - low) / 2))
        observables["density"] = D.claim("density").rhs
        observables["mass_above"] = D.claim("mass-closed").rhs.xreplace({phi: angle})
    elif name != "no x":
        total = sp.Min(1, 1 / gamma)
        observables["density"] = sp.Integer(0)
        observables["mass_above"] = sp.Integer(0) if name == "above" else total
    return System(observables={k: observables[k] for k in wanted if k in observables})


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

"""The Marchenko-Pastur equation by replicas: a Gaussian integral whose off-diagonal overlap vanishes by derivation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity
from ..symbolic.replica import ledger
from ..symbolic.replica.branches import OnlyBranch
from ..symbolic.replica.channel import Patterns, QuadraticPatterns
from ..symbolic.replica.continuation import ReplicaLimit
from ..symbolic.replica.insertion import Insert
from ..symbolic.replica.saddle import SymmetricAnsatz
from ..symbolic.replica.stationarity import Gradient, Slope
from ..symbolic.rules.algebra import ClearDenominators, PositiveRoot
from ..symbolic.system import Model, Parameter, Result, System

NOTATION = Notation(
    Quantity("alpha", "samples per dimension, M/d", r"\alpha", POSITIVE, "parameter"),
    Quantity("lam", "distance of the spectral parameter below zero", r"\lambda", POSITIVE, "parameter"),
    Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
    Quantity("d", "dimension of a sample", "d", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H", "energy of an integration vector", "H"),
    Quantity("x", "samples, entries independent N(0, 1)", "x", kind="list"),
    Quantity("y", "integration vector", "y", kind="list"),
    Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    Quantity("phi", "potential per dimension and replica", r"\varphi"),
    # Real, of both signs: q = 0 must be found, not excluded or put in.
    Quantity("q", "overlap of two replicas", "q", REAL, "unknown"),
    Quantity("v", "squared length of a replica minus the overlap", "v", POSITIVE, "unknown"),
    Quantity("phi_q", "twice the slope of the potential in q", r"2\,\partial_q \varphi"),
    Quantity("phi_v", "twice the slope of the potential in v", r"2\,\partial_v \varphi"),
    Quantity("phi_one", "logarithm of the integral of one matrix, per dimension", r"\varphi^{(1)}"),
    Quantity("g", "normalised trace of the resolvent", "g", POSITIVE, "result"),
)
alpha, lam, M, d, n, a, b, H, x, y, Q, Phi, phi, q, v, phi_q, phi_v, phi_one, g = NOTATION.symbols(
    "alpha lam M d n a b H x y Q Phi phi q v phi_q phi_v phi_one g"
)
i, mu = sp.symbols("i mu", integer=True, positive=True)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="wishart_replica",
        title="The Marchenko-Pastur equation by replicas",
        abstract=r"The resolvent of a sample covariance is the derivative of the logarithm of a Gaussian "
        r"integral. Replicas of "
        "the integral decouple in the overlaps; that different replicas do not overlap follows from the saddle point.",
        sources=(
            "S. F. Edwards and R. C. Jones, The eigenvalue spectrum of a large symmetric random "
            "matrix, Journal of Physics "
            "A 9, 1976",
            "V. A. Marchenko and L. A. Pastur, Distribution of eigenvalues for some sets of random matrices, 1967",
        ),
        notation=NOTATION,
        falsifier="The normalised trace of the resolvent of one matrix with d = 4000 that leaves the curve.",
    )
    _replicated(D)
    _saddle(D)
    D.limits += [
        Limit("many samples: g -> 1/(1 + lam)", "resolvent", {alpha: sp.oo}, 1 / (1 + lam)),
        Limit("far below the spectrum: g -> 0", "resolvent", {lam: sp.oo}, sp.Integer(0)),
    ]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _replicated(D: Derivation) -> None:
    D.section("The replicated integral")
    field: Any = sp.Sum(x[mu, i] * y[i], (i, 1, d))
    squares: Any = sp.Sum(field**2, (mu, 1, M))
    D.define(
        "energy",
        Equation(H, lam * sp.Sum(y[i] ** 2, (i, 1, d)) / 2 + squares / (2 * M), ":="),
        prose=r"Let $W = \frac{1}{M} \sum_\mu x_\mu x_\mu^{\top}$ and $Z = \int e^{-H} \prod_i "
        r"\mathrm{d}y_i/\sqrt{2\pi} = "
        r"\det(W + \lambda)^{-1/2}$ with",
    )
    D.derive(
        QuadraticPatterns(
            result=Phi,
            patterns=Patterns(x=x, weights=y, counts=(M, d), ratio=alpha),
            order=Q,
            replicas=(a, b),
            n=n,
            measure=sp.Rational(1, 2),
        ),
        "energy",
        label="potential-pairs",
        prose=r"Given the replicas the fields $x_\mu \cdot y_a$ are Gaussian with covariance $d\, Q_{ab}$, so that "
        r"$\frac{1}{d} \log \mathbb{E}\, Z^n$ is the stationary value of",
    )
    D.assume(
        "ansatz",
        Equation(Q[a, a], q + v),
        Equation(Q[a, b], q),
        assumption=ledger.A4_RS,
        prose=r"With replica symmetry, $a \neq b$,",
    )
    D.derive(SymmetricAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is")
    D.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-symmetric",
        label="potential",
        prose=r"and per replica, at $n \to 0$,",
    )


def _saddle(D: Derivation) -> None:
    D.section("The saddle point")
    D.derive(
        Gradient(variable=q, result=phi_q, factor=sp.Integer(2)),
        "potential",
        label="slope-q",
        prose="Twice its slopes are",
    )
    D.derive(Gradient(variable=v, result=phi_v, factor=sp.Integer(2)), "potential", label="slope-v", prose="and")
    D.derive(
        OnlyBranch(variable=q, value=sp.Integer(0), unknown=v),
        "slope-q",
        "slope-v",
        label="no-overlap",
        prose="The difference of the two vanishes on two branches; the one with $q \\neq 0$ has no "
        "solution with $v > 0$ and "
        r"$\lambda > 0$. Hence",
    )
    D.assume(
        "typical",
        Equation(phi_one, phi),
        assumption=ledger.A7,
        about=("potential",),
        prose=r"For one large matrix $\frac{1}{d} \log Z$ is close to its mean,",
    )
    D.derive(Insert(), "typical", "potential", label="one-matrix", prose="that is,")
    D.derive(
        Slope(result=g, variable=lam, factor=sp.Integer(-2)),
        "one-matrix",
        label="trace-overlaps",
        prose=r"The trace of its resolvent is $-2$ times the slope in $\lambda$,",
    )
    D.derive(Insert(), "trace-overlaps", "no-overlap", label="trace", prose="that is,")
    D.define("trace-inverse", Equation(v, g, ":="), prose="We write it in place of $v$,")
    D.define("stationary", Equation(phi_q, sp.Integer(0)), prose="and the first slope vanishes at the saddle point,")
    D.derive(
        Insert(both=True),
        "slope-q",
        "trace-inverse",
        "stationary",
        label="self-consistent",
        prose="which gives the self-consistent equation",
    )
    D.derive(
        ClearDenominators(unknown=g),
        "self-consistent",
        label="quadratic",
        prose="or the equation of Marchenko and Pastur,",
    )
    D.derive(
        PositiveRoot(unknown=g),
        "quadratic",
        label="resolvent",
        prose="with the positive solution",
    )


PARAMETERS = (Parameter(NOTATION["alpha"]), Parameter(NOTATION["lam"]))
RESULTS = (Result("trace", "resolvent", "normalised trace of the resolvent at -lam"),)
EXAMPLE = {"alpha": "2", "lam": "1/10"}


def case(point: Mapping[str, Any]) -> str:
    """One case: below the spectrum everything is analytic."""
    return "below"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The closed form."""
    return System(observables={"trace": derivation().claim("resolvent").rhs}, branch="the positive root")


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

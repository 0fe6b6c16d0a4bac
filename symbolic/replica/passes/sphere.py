"""Spherical spins with replica symmetry: determinants instead of traces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...claim import Equation
from ...derivation import Limit
from ...quantity import Quantity, interval
from ...rules.algebra import ClearDenominators
from ...system import Unknown
from .. import ledger
from ..continuation import ReplicaLimit
from ..determinant_stability import DeterminantReplicon
from ..insertion import Insert
from ..saddle import SymmetricAnsatz
from ..spherical import SphericalSaddle
from ..stationarity import Gradient, Slope
from .ising import REPLICON, UNSTABLE
from .work import Work, at_point


def saddle(work: Work) -> None:
    """Phi_n = X(Q) + (1/2) log det Q."""
    N, n, a, b, pairs, Phi = work.symbols("N n a b Rab Phi")
    (Q,) = work.declare(Quantity("Q", "order parameter of a pair of replicas", "Q", kind="list"))
    work.derive(
        SphericalSaddle(result=Phi, overlap=pairs, order=Q, replicas=(a, b), size=N, n=n),
        "disorder-average",
        label="potential-pairs",
        prose=r"The volume of vectors on the sphere $|s|^2 = N$ with given overlaps is a determinant; "
        r"$\frac{1}{N} \log \mathbb{E}\, Z^n$ tends to the stationary value of",
    )


def symmetric(work: Work) -> None:
    """Q_aa = 1, Q_ab = q; n -> 0; the equation of the overlap."""
    n, a, b, Q, phi, beta = work.symbols("n a b Q phi beta")
    q, slope = work.declare(
        Quantity("q", "overlap of two replicas at the saddle point", "q", interval(-1, 1), "unknown"),
        Quantity("phi_q", "twice the slope of the potential in q", r"2\,\partial_q \varphi"),
    )
    work.D.section("The replica-symmetric saddle point")
    work.D.assume(
        "ansatz",
        Equation(Q[a, a], sp.Integer(1)),
        Equation(Q[a, b], q),
        assumption=ledger.A4_RS,
        prose=r"All pairs of different replicas are taken to be alike, $a \neq b$:",
    )
    work.derive(
        SymmetricAnsatz(n=n),
        "potential-pairs",
        "ansatz",
        label="potential-symmetric",
        prose="Then {potential-pairs} reads",
    )
    work.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-symmetric",
        label="potential",
        prose=r"At $n \to 0$ the potential per replica $\varphi = \lim \Phi_n/n$, the mean of $\frac{1}{N} \log Z$, is",
    )
    work.derive(
        Gradient(variable=q, result=slope, factor=sp.Integer(2)), "potential", label="slope", prose="Twice its slope is"
    )
    work.D.define("stationary", Equation(slope, sp.Integer(0)), prose="It vanishes at the saddle point,")
    work.derive(Insert(both=True), "slope", "stationary", label="condition", prose="which gives the condition")
    work.derive(ClearDenominators(unknown=q), "condition", label="overlap", prose="or, as a polynomial in the overlap,")
    work.D.limits.append(Limit("infinite temperature", "potential", {beta: 0, q: 0}, sp.Integer(0)))


def thermodynamics(work: Work) -> None:
    """Free energy and energy; the entropy of continuous spins has no lower bound and is left out."""
    beta, q, phi = work.symbols("beta q phi")
    f, u = work.declare(
        Quantity("f", "free energy per spin", "f", role="result"),
        Quantity("u", "energy per spin", "u", role="result"),
    )
    work.D.section("Free energy and energy")
    work.D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin,")
    work.derive(Insert(), "free-energy-definition", "potential", label="free-energy", prose="is therefore")
    work.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="mean-energy",
        prose=r"The energy is $-\partial \varphi/\partial \beta$; by stationarity only the explicit $\beta$ counts:",
    )
    work.result("overlap", "overlap", "overlap of two replicas", q)
    work.result("free_energy", "free-energy", "free energy per spin")
    work.result("energy", "mean-energy", "energy per spin")


def stability(work: Work) -> None:
    """The replicon eigenvalue from the second derivative of the determinant."""
    n, a, b, Q = work.symbols("n a b Q")
    (lam,) = work.declare(Quantity("replicon", "replicon eigenvalue", r"\Lambda", role="result"))
    work.D.section("Stability")
    work.derive(
        DeterminantReplicon(result=lam, order=Q, replicas=(a, b), n=n),
        "potential-pairs",
        "ansatz",
        label="replicon",
        prose=UNSTABLE,
    )
    work.result("replicon", "replicon", REPLICON)


def evaluation(work: Work) -> None:
    """With a random field the overlap in (0, 1); without, q = 0 above the transition and the positive root below."""
    xi: Any = work.model.disorder
    beta, q = work.symbols("beta q")
    curvature = beta**2 * xi.slope(0, 2)
    symbols = {p.name: p.quantity.symbol for p in work.parameters}

    def case(point: Mapping[str, Any]) -> str:
        if xi.slope(0) != 0:
            return "field"
        return "paramagnet" if at_point(curvature, symbols, point) <= 1 else "glass"

    def solve(name: str) -> dict[str, Any]:
        if name == "paramagnet":
            return {"fixed": {q: sp.Integer(0)}, "branch": "q = 0, connected to high temperature"}
        # Below this bound (1 - q)^2 beta^2 xi''(0) > 1: no root is lost.
        low = sp.Integer(0) if name == "field" else (1 - 1 / curvature) / 2
        return {
            "unknowns": (Unknown(q, low, sp.Integer(1)),),
            "equations": (work.D.claim("overlap").single.difference,),
            "branch": "the positive overlap; other saddle points, if any, are refused and not chosen from",
        }

    work.case, work.solve = case, solve

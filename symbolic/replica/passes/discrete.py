"""Weights with finitely many values, replica symmetric: lengths are order parameters too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...claim import Equation
from ...errors import NotDerivable
from ...quantity import POSITIVE, REAL, Quantity
from ...system import Unknown
from .. import ledger
from ..continuation import ReplicaLimit
from ..discrete_sites import DecoupleSites, DiscreteReplicon, SiteStationary
from ..insertion import Insert, MeansAt
from ..site_saddle import SiteSaddle
from ..stationarity import Slope, Stationary
from ..weighted_trace import DiscreteAnsatz
from .ising import REPLICON, UNSTABLE
from .work import Work, at_point


def saddle(work: Work) -> None:
    """Overlaps and lengths with their conjugates; the weighted trace over one site."""
    prior: Any = work.model.weights
    if sp.Integer(0) not in prior.values:
        raise NotDerivable("Discrete.values: there are rules only if 0 is one of the values; use Ising for two signs")
    N, n, a, b, pairs, s, Phi = work.symbols("N n a b Rab s Phi")
    Q, Qhat, sigma = work.declare(
        Quantity("Q", "order parameter of a pair of replicas", "Q", kind="list"),
        Quantity("Qhat", "conjugate order parameter of a pair", r"\hat Q", kind="list"),
        Quantity("sigma", "values of one site in all replicas", r"\sigma", kind="list"),
    )
    work.derive(
        SiteSaddle(
            result=Phi,
            overlap=pairs,
            order=Q,
            conjugate=Qhat,
            spins=s,
            site_spins=sigma,
            replicas=(a, b),
            size=N,
            n=n,
            values=prior.values,
            probs=prior.probs,
        ),
        "disorder-average",
        label="potential-pairs",
        prose=r"Overlaps and lengths are fixed by conjugate variables and the sites decouple, each with the "
        r"probabilities $p(\sigma)$ of its values; $\frac{1}{N} \log \mathbb{E}\, Z^n$, normalised by the law of the "
        "weights, tends to the stationary value of",
    )


def symmetric(work: Work) -> None:
    """Q_aa = d, Q_ab = q and conjugates; n -> 0; the equations."""
    n, a, b, Q, Qhat, phi = work.symbols("n a b Q Qhat phi")
    q, d, r, k = work.declare(
        # Real, of both signs: positivity would delete the symmetric saddle q = 0.
        Quantity("q", "overlap of two replicas at the saddle point", "q", REAL, "unknown"),
        Quantity("d", "mean square of a weight", "d", POSITIVE, "unknown"),
        Quantity("r", "conjugate of the overlap", r"\hat q", REAL, "unknown"),
        Quantity("k", "conjugate of the mean square", r"\hat d", REAL, "unknown"),
    )
    work.D.section("The replica-symmetric saddle point")
    work.D.assume(
        "ansatz",
        Equation(Q[a, a], d),
        Equation(Q[a, b], q),
        Equation(Qhat[a, a], k),
        Equation(Qhat[a, b], r),
        assumption=ledger.A4_RS,
        prose=r"All replicas, and all pairs of different ones, are taken to be alike, $a \neq b$:",
    )
    steps = (
        (DiscreteAnsatz(n=n), ("potential-pairs", "ansatz"), "potential-symmetric", "Then {potential-pairs} reads"),
        (
            DecoupleSites(n=n),
            ("potential-symmetric",),
            "potential-decoupled",
            "A Gaussian variable linearises the square, and the replicas are independent given it:",
        ),
        (
            ReplicaLimit(n=n, result=phi),
            ("potential-decoupled",),
            "potential",
            r"At $n \to 0$ the potential per replica $\varphi = \lim \Phi_n/n$, the mean of $\frac{1}{N} \log Z$, is",
        ),
    )
    for rule, inputs, label, prose in steps:
        work.derive(rule, *inputs, label=label, prose=prose)
    work.derive(
        Stationary(parameters=(q, d), solve=(r, k)),
        "potential",
        label="conjugates",
        prose="It is stationary in the overlap and in the mean square when",
    )
    for name, symbol, hat, start in (
        ("overlap", q, r, "and in the first conjugate, by parts, when"),
        ("mean-square", d, k, "In the second conjugate it is stationary when"),
    ):
        rule = SiteStationary(parameters=(hat,), solve=(symbol,), root=sp.sqrt(r))
        work.derive(rule, "potential", label=name, prose=start)


def thermodynamics(work: Work) -> None:
    """Free energy and energy at the saddle point, relative to the law of the weights."""
    beta, q, d, phi = work.symbols("beta q d phi")
    f, u = work.declare(
        Quantity("f", "free energy per weight", "f", role="result"),
        Quantity("u", "energy per weight", "u", role="result"),
    )
    work.D.section("Free energy and energy")
    work.D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per weight,")
    work.derive(Insert(), "free-energy-definition", "potential", label="free-energy", prose="is therefore")
    work.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="mean-energy",
        prose=r"The energy is $-\partial \varphi/\partial \beta$; by stationarity only the explicit $\beta$ counts:",
    )
    also = ("conjugates",)
    work.result("overlap", "overlap", "overlap of two replicas", q, also=also)
    work.result("mean_square", "mean-square", "mean square of a weight", d, also=also)
    work.result("free_energy", "free-energy", "free energy per weight, relative to the law of the weights", also=also)
    work.result("energy", "mean-energy", "energy per weight", also=also)


def stability(work: Work) -> None:
    """The replicon eigenvalue, for n replicas and at n -> 0."""
    (n,) = work.symbols("n")
    lam_n, lam = work.declare(
        Quantity("replicon_n", "replicon eigenvalue of n replicas", r"\Lambda_n"),
        Quantity("replicon", "replicon eigenvalue", r"\Lambda", role="result"),
    )
    work.D.section("Stability")
    work.derive(
        DiscreteReplicon(result=lam_n, n=n),
        "potential-pairs",
        "ansatz",
        "potential-decoupled",
        label="replicon-replicas",
        prose="Fluctuations that break the permutation symmetry see the replicon eigenvalue, for $n$ replicas",
    )
    at_zero = MeansAt(variable=n, value=sp.Integer(0), result=lam)
    work.derive(at_zero, "replicon-replicas", label="replicon", prose=UNSTABLE)
    work.result("replicon", "replicon", REPLICON, also=("conjugates",))


def evaluation(work: Work) -> None:
    """A symmetric law without a field: q = 0, the replicon tells when it fails; else q and d from high temperature."""
    xi: Any = work.model.disorder
    prior: Any = work.model.weights
    beta, q, d = work.symbols("beta q d")
    symbols = {p.name: p.quantity.symbol for p in work.parameters}
    law = dict(zip(prior.values, prior.probs))
    even = all(sp.expand(law.get(-v, sp.Integer(0)) - p) == 0 for v, p in law.items()) and xi.slope(0) == 0
    top = max(v**2 for v in prior.values)
    mean, square = (sp.Add(*(p * v**k for v, p in law.items())) for k in (1, 2))
    warm = sp.Rational(1, 64)

    def case(point: Mapping[str, Any]) -> str:
        return "paramagnet" if even and at_point(prior.field, symbols, point) == 0 else "field"

    def solve(name: str) -> dict[str, Any]:
        inserted = work.D.claim("conjugates").defines()
        if name == "paramagnet":
            return {
                "inserted": inserted,
                "fixed": {q: sp.Integer(0)},
                "unknowns": (Unknown(d, sp.Integer(0), top),),
                "equations": (d - work.D.claim("mean-square").rhs,),
                "branch": "q = 0, unstable where the replicon eigenvalue is negative",
            }
        overlap = mean**2 + warm**2 * square**2 * (prior.field**2 + xi.slope(0))
        return {
            "inserted": inserted,
            "unknowns": (Unknown(q, sp.Integer(0), top, start=overlap), Unknown(d, sp.Integer(0), top, start=square)),
            "equations": (q - work.D.claim("overlap").rhs, d - work.D.claim("mean-square").rhs),
            "branch": "connected to high temperature",
            "continuation": (beta, warm),
        }

    work.case, work.solve = case, solve

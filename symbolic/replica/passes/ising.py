"""Ising spins with replica symmetry: the decoupled trace, the overlap, free energy, and the replicon eigenvalue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...claim import Equation
from ...derivation import Limit
from ...quantity import REAL, Quantity, interval
from ...system import Unknown
from .. import ledger
from ..continuation import ReplicaLimit
from ..insertion import Insert, MeansAt
from ..landscape import OverlapSaddle
from ..mean import Mean, means_in
from ..saddle import DecoupleSpins, SymmetricAnsatz
from ..stability import Replicon
from ..stationarity import MeansRestate, Slope, Stationary
from .work import Work, at_point

UNSTABLE = (
    "Where the replicon eigenvalue is negative the symmetric saddle point is unstable, and the equations above are not "
    "supported: replica symmetry is broken there. The eigenvalue is"
)
REPLICON = "replicon eigenvalue; replica symmetry is unstable where it is negative"


def saddle(work: Work) -> None:
    """Overlaps and conjugates; the trace over one site."""
    N, n, a, b, pairs, s, Phi = work.symbols("N n a b Rab s Phi")
    Q, Qhat, sigma = work.declare(
        Quantity("Q", "order parameter of a pair of replicas", "Q", kind="list"),
        Quantity("Qhat", "conjugate order parameter of a pair", r"\hat Q", kind="list"),
        Quantity("sigma", "spins of one site in all replicas", r"\sigma", kind="list"),
    )
    work.derive(
        OverlapSaddle(
            result=Phi, overlap=pairs, order=Q, conjugate=Qhat, spins=s, site_spins=sigma, replicas=(a, b), size=N, n=n
        ),
        "disorder-average",
        label="potential-pairs",
        prose=r"Overlaps are fixed by conjugate variables and the sites decouple; $\frac{1}{N} \log "
        r"\mathbb{E}\, Z^n$ tends to the stationary value of",
    )


def symmetric(work: Work) -> None:
    """Q_ab = q, Qhat_ab = r; one Gaussian field; n -> 0; the two saddle-point equations."""
    n, a, b, Q, Qhat, phi = work.symbols("n a b Q Qhat phi")
    q, r = work.declare(
        # Real, of both signs: positivity would delete the symmetric saddle q = 0.
        Quantity("q", "overlap of two replicas at the saddle point", "q", interval(-1, 1), "unknown"),
        Quantity("r", "conjugate of the overlap", r"\hat q", REAL, "unknown"),
    )
    work.D.section("The replica-symmetric saddle point")
    work.D.assume(
        "ansatz",
        Equation(Q[a, b], q),
        Equation(Qhat[a, b], r),
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
        DecoupleSpins(n=n),
        "potential-symmetric",
        label="potential-decoupled",
        prose="A Gaussian variable linearises the square, and the replicas are independent given it:",
    )
    work.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential",
        prose=r"At $n \to 0$ the potential per replica $\varphi = \lim \Phi_n/n$, the mean of $\frac{1}{N} \log Z$, is",
    )
    work.derive(
        Stationary(parameters=(q,), solve=(r,)),
        "potential",
        label="conjugate",
        prose="It is stationary in the overlap when",
    )
    work.derive(
        Stationary(parameters=(r,), solve=(q,)),
        "potential",
        label="overlap-conjugate",
        prose="and in the conjugate, after integration by parts, when",
    )
    work.derive(
        Insert(), "overlap-conjugate", "conjugate", label="overlap", prose="that is, the overlap solves the equation"
    )
    beta = work.symbols("beta")[0]
    work.D.limits.append(Limit("high temperature: free spins", "potential", {beta: 0, q: 0, r: 0}, sp.log(2)))


def argument(work: Work) -> Any:
    """u and z of tanh(u), the local field in the equation of the overlap."""
    (mean,) = means_in(work.D.claim("overlap").rhs)
    body, (z,) = mean.opened((sp.Dummy("z", real=True),))
    (tanh,) = body.atoms(sp.tanh)
    return tanh.args[0], z


def thermodynamics(work: Work) -> None:
    """Free energy, energy and entropy at the saddle point."""
    xi: Any = work.model.disorder
    beta, q, phi = work.symbols("beta q phi")
    f, u, entropy = work.declare(
        Quantity("f", "free energy per spin", "f", role="result"),
        Quantity("u", "energy per spin", "u", role="result"),
        Quantity("entropy", "entropy per spin", "S", role="result"),
    )
    work.D.section("Free energy, energy and entropy")
    work.derive(
        Insert(), "potential", "conjugate", label="potential-overlap", prose="At the saddle point the potential is"
    )
    field, z = argument(work)
    gap = xi.at(1) - xi.at(q) - (1 - q) * xi.slope(q)
    form = beta**2 * sp.factor(gap) / 2 + Mean(sp.log(2 * sp.cosh(field)), z)
    work.derive(MeansRestate(form=form), "potential-overlap", label="log-partition", prose="or")
    work.D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin,")
    work.derive(Insert(), "free-energy-definition", "log-partition", label="free-energy", prose="is therefore")
    work.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="energy-conjugate",
        prose=r"The energy is $-\partial \varphi/\partial \beta$; by stationarity only the explicit $\beta$ counts:",
    )
    label = "energy-conjugate"
    if work.D.claim(label).rhs.has(work.symbols("r")[0]):
        label = "mean-energy"
        work.derive(Insert(), "energy-conjugate", "conjugate", label=label, prose="At the saddle point it is")
    work.D.define("entropy-definition", Equation(entropy, phi + beta * u, ":="), prose="and the entropy")
    work.derive(Insert(), "entropy-definition", "log-partition", label, label="entropy", prose="follows from both:")
    work.result("overlap", "overlap", "overlap of two replicas", q)
    work.result("free_energy", "free-energy", "free energy per spin")
    work.result("energy", label, "energy per spin")
    work.result("entropy", "entropy", "entropy per spin; a negative value shows that replica symmetry fails")


def stability(work: Work) -> None:
    """The replicon eigenvalue, for n replicas and at n -> 0."""
    xi: Any = work.model.disorder
    n, beta, q = work.symbols("n beta q")
    lam_n, lam = work.declare(
        Quantity("replicon_n", "replicon eigenvalue of n replicas", r"\Lambda_n"),
        Quantity("replicon", "replicon eigenvalue", r"\Lambda", role="result"),
    )
    work.D.section("Stability")
    work.derive(
        Replicon(result=lam_n, n=n),
        "potential-pairs",
        "ansatz",
        "potential-decoupled",
        label="replicon-replicas",
        prose="Fluctuations that break the permutation symmetry see the replicon eigenvalue, for $n$ replicas",
    )
    at_zero = MeansAt(variable=n, value=sp.Integer(0), result=lam)
    if xi.slope(q, 2) == 0:
        # A covariance that is linear in the overlap does not couple the fluctuations of different pairs.
        work.derive(at_zero, "replicon-replicas", label="replicon", prose=UNSTABLE)
        work.result("replicon", "replicon", REPLICON)
        return
    work.derive(at_zero, "replicon-replicas", label="replicon-conjugate", prose=r"and at $n \to 0$")
    work.derive(Insert(), "replicon-conjugate", "conjugate", label="replicon-overlap", prose="With {conjugate},")
    field, z = argument(work)
    form = 1 - beta**2 * sp.factor(xi.slope(q, 2)) * Mean((1 - sp.tanh(field) ** 2) ** 2, z)
    work.derive(MeansRestate(form=form), "replicon-overlap", label="replicon", prose=UNSTABLE)
    work.result("replicon", "replicon", REPLICON)


def evaluation(work: Work) -> None:
    """With a field the overlap in (0, 1); without one, q = 0 above the transition, and the positive root below."""
    xi: Any = work.model.disorder
    weights: Any = work.model.weights
    field = weights.field
    beta, q = work.symbols("beta q")
    curvature = beta**2 * xi.slope(0, 2)
    symbols = {p.name: p.quantity.symbol for p in work.parameters}

    def case(point: Mapping[str, Any]) -> str:
        if xi.slope(0) != 0 or at_point(field, symbols, point) != 0:
            return "field"
        return "paramagnet" if at_point(curvature, symbols, point) <= 1 else "glass"

    def solve(name: str) -> dict[str, Any]:
        equation = (q - work.D.claim("overlap").rhs,)
        if name == "paramagnet":
            return {"fixed": {q: sp.Integer(0)}, "branch": "q = 0, connected to high temperature"}
        # Below this bound tanh^2 x >= x^2 - 2 x^4/3 shows that the mean exceeds the overlap: no root is lost.
        low = sp.Integer(0) if name == "field" else (1 - 1 / curvature) / (4 * beta**2 * xi.slope(1))
        return {
            "unknowns": (Unknown(q, low, sp.Integer(1)),),
            "equations": equation,
            "branch": "the positive overlap; other saddle points, if any, are refused and not chosen from",
        }

    work.case, work.solve = case, solve

"""Spherical weights that hold random patterns above a threshold: volume, load, stability and capacity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ... import balls
from ...claim import Equation
from ...errors import NotDerivable, OutsideDomain
from ...quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Quantity, interval
from ...system import Unknown
from .. import ledger
from ..channel import Patterns
from ..channel_stability import ChannelReplicon
from ..half_space import AboveThreshold, SphericalVolume, TailLimit
from ..hazard import HazardGradient, Saturation
from ..insertion import Insert, MeansAt, SolveFor
from ..mean import Mean
from ..pattern_channel import PatternChannel
from ..saddle import SymmetricAnsatz
from ..stationarity import MeansRestate
from ..tail import Hazard
from .ising import REPLICON, UNSTABLE
from .work import Work, indices

i, mu = sp.symbols("i mu", integer=True, positive=True)
_BITS = 128


def volume(work: Work) -> None:
    """E V^n of the weights with every field above kappa, and its saddle point with q alike for all pairs."""
    disorder: Any = work.model.disorder
    if disorder.cov != 1:
        raise NotDerivable(
            "Patterns.cov: with Indicator write cov=1; a variance c asks for the threshold kappa/sqrt(c)"
        )
    if disorder.channel.kappa.is_nonnegative is not True:
        raise NotDerivable(
            f"Indicator.kappa: {disorder.channel.kappa} must be nonnegative (declare its symbols so); for "
            "negative thresholds replica symmetry fails before the capacity is reached"
        )
    N, n, a, b = work.declare(*indices())
    alpha = work.letter(Quantity("load", "patterns per weight", r"\alpha", POSITIVE), disorder.ratio, always=True)
    kappa = work.letter(Quantity("kappa", "threshold of the fields", r"\kappa", NONNEGATIVE), disorder.channel.kappa)
    M, H, x, w, Q, X, Phi, phi, q, slope = work.declare(
        Quantity("M", "number of patterns", "M", POSITIVE_INTEGER, "dimension"),
        Quantity("H", "energy, infinite where a pattern is not stored", "E"),
        Quantity("x", "patterns, multiplied by their labels", "x", kind="list"),
        Quantity("w", "weights, of squared length N", "w", kind="list"),
        Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
        Quantity("X", "replicated exponent per weight", r"\mathcal{X}"),
        Quantity("Phi", "potential of n replicas per weight", r"\Phi_n"),
        Quantity("phi", "mean logarithm of the volume per weight", r"\varphi", role="result"),
        # Real, of both signs: positivity would delete the saddle q = 0.
        Quantity("q", "overlap of two replicas", "q", interval(-1, 1), "unknown"),
        Quantity("phi_q", "slope of the potential in the overlap", r"\partial_q \varphi"),
    )
    field: Any = sp.Sum(x[mu, i] * w[i], (i, 1, N)) / sp.sqrt(N)
    work.D.section("The replicated volume")
    work.D.define(
        "energy",
        Equation(H, -sp.Sum(sp.log(sp.Heaviside(field - kappa)), (mu, 1, M)), ":="),
        prose=r"The volume of the weights on the sphere $|w|^2 = N$ that give every pattern a field above the "
        r"threshold is $\int \mathrm{d}w\, e^{-E}$ with",
    )
    patterns = Patterns(x=x, weights=w, counts=(M, N), ratio=alpha)
    work.derive(
        PatternChannel(result=X, patterns=patterns, order=Q, replicas=(a, b), n=n),
        "energy",
        label="disorder-average",
        prose=r"For $n$ replicas the fields of one pattern are jointly normal, with the overlaps $Q_{ab} = w_a \cdot "
        r"w_b/N$ as covariance, and the mean $n$-th power is $\int \prod_a \mathrm{d}w_a\, e^{N \mathcal{X}}$ with",
    )
    work.derive(
        SphericalVolume(result=Phi, order=Q, replicas=(a, b), n=n),
        "disorder-average",
        label="potential-pairs",
        prose="With the volume of weights of given overlaps, its logarithm per weight tends to the stationary value of",
    )
    work.D.section("The replica-symmetric saddle point")
    work.D.assume(
        "ansatz",
        Equation(Q[a, a], sp.Integer(1)),
        Equation(Q[a, b], q),
        assumption=ledger.A4_RS,
        prose=r"All pairs of different replicas are taken to be alike, $a \neq b$:",
    )
    tail = r"Let $H(u)$ be the probability that a standard normal variable exceeds $u$. Given a common normal "
    work.derive(
        AboveThreshold(n=n),
        "potential-pairs",
        "ansatz",
        label="potential-fields",
        prose=tail + "variable the fields of the replicas are independent,",
    )
    work.derive(
        SymmetricAnsatz(n=n),
        "potential-fields",
        "ansatz",
        label="potential-decoupled",
        prose="and the determinant is explicit:",
    )
    work.derive(
        TailLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential",
        prose=r"At $n \to 0$ the mean logarithm of the volume, per weight, is",
    )
    work.derive(
        HazardGradient(variable=q, result=slope),
        "potential",
        label="slope",
        prose=r"Let $h(u) = -(\log H)'(u)$. By parts its slope is",
    )
    work.D.define("stationary", Equation(slope, sp.Integer(0)), prose="It vanishes at the saddle point,")
    work.derive(Insert(both=True), "slope", "stationary", label="condition", prose="hence")
    work.derive(SolveFor(unknown=alpha), "condition", label="load-computed", prose="or, solved for the load,")
    z = sp.Symbol("z", real=True)
    square = Mean(Hazard((kappa + sp.sqrt(q) * z) / sp.sqrt(1 - q)) ** 2, z)
    work.derive(MeansRestate(form=q / ((1 - q) * square)), "load-computed", label="load", prose="that is,")


def stability(work: Work) -> None:
    """The replicon eigenvalue, the capacity where q -> 1, and how both are evaluated."""
    n, q = work.symbols("n q")
    alpha = work.named["load"]
    lam_n, lam, capacity, t = work.declare(
        Quantity("replicon_n", "replicon eigenvalue of n replicas", r"\Lambda_n"),
        Quantity("replicon", "replicon eigenvalue", r"\Lambda", role="result"),
        Quantity("capacity", "load at which the volume vanishes", r"\alpha_{\mathrm{c}}", POSITIVE, "result"),
        Quantity("t", "ratio q/(1 - q)", "t", POSITIVE, "unknown"),
    )
    work.D.section("Stability and capacity")
    work.derive(
        ChannelReplicon(result=lam_n, n=n),
        "potential-pairs",
        "ansatz",
        "potential-decoupled",
        label="replicon-replicas",
        prose="Fluctuations that break the permutation symmetry see the replicon eigenvalue, for $n$ replicas",
    )
    at_zero = MeansAt(variable=n, value=sp.Integer(0), result=lam)
    work.derive(at_zero, "replicon-replicas", label="replicon", prose=UNSTABLE)
    work.derive(
        Saturation(variable=q, result=capacity),
        "load",
        label="capacity",
        prose=r"As the load grows the volume shrinks to a point, $q \to 1$, at the capacity",
    )
    work.result("overlap", "load", "overlap of two weight vectors that store the patterns", q)
    work.result("entropy", "potential", "mean logarithm of the volume per weight", also=("load",))
    work.result("replicon", "replicon", REPLICON, also=("load",))
    work.result("capacity", "capacity", "load at which the volume vanishes")
    symbols = {p.name: p.quantity.symbol for p in work.parameters}
    limit = work.D.claim("capacity").rhs

    def case(point: Mapping[str, Any]) -> str:
        ends = {symbols[name]: sp.Rational(v) for name, v in point.items() if name in symbols}
        wanted, found = (sp.S(e).xreplace(dict(work.letters)) for e in (alpha, limit))
        if balls.decide(sp.Gt(found, wanted), ends, _BITS) is not True:
            raise OutsideDomain("the ratio must lie below the capacity: beyond it no weights store the patterns")
        return "volume"

    def solve(name: str) -> dict[str, Any]:
        # sqrt(t) = |h|/sqrt(alpha) in the mean square, and h(u) < u_+ + 1 with E u_+^2 <= (1 + t)/alpha_c.
        share = sp.sqrt(alpha / limit)
        return {
            "unknowns": (Unknown(t, sp.Integer(0), ((share + sp.sqrt(alpha)) / (1 - share)) ** 2),),
            "equations": (alpha - work.D.claim("load").rhs.xreplace({q: t / (1 + t)}),),
            "definitions": ((q, t / (1 + t)),),
            "branch": "the only overlap at this load",
        }

    work.case, work.solve = case, solve

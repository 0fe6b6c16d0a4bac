"""Storage in a perceptron: the volume of spherical weights that hold random patterns, capacity and stability."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic import balls
from ..symbolic.claim import Claim, Equation
from ..symbolic.derivation import Derivation, Limit, Witness
from ..symbolic.errors import OutsideDomain
from ..symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity, Samples, interval
from ..symbolic.replica import ledger
from ..symbolic.replica.channel import Patterns
from ..symbolic.replica.channel_stability import ChannelReplicon
from ..symbolic.replica.half_space import AboveThreshold, SphericalVolume, TailLimit
from ..symbolic.replica.hazard import HazardGradient, Saturation
from ..symbolic.replica.insertion import Insert, MeansAt, SolveFor
from ..symbolic.replica.mean import Mean
from ..symbolic.replica.pattern_channel import PatternChannel
from ..symbolic.replica.saddle import SymmetricAnsatz
from ..symbolic.replica.stationarity import MeansRestate
from ..symbolic.replica.tail import Hazard, LogTail
from ..symbolic.rules.algebra import Restate
from ..symbolic.system import Model, Parameter, Result, System, Unknown
from ..symbolic.verdict import Verdict, proved, refuted

NOTATION = Notation(
    Quantity("alpha", "patterns per weight", r"\alpha", POSITIVE, "parameter"),
    Quantity("kappa", "stability that is asked for", r"\kappa", REAL, "parameter"),
    Quantity("M", "number of patterns", "M", POSITIVE_INTEGER, "dimension"),
    Quantity("N", "number of weights", "N", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H0", "energy, infinite where a pattern is not stored", "E"),
    Quantity("xi", "patterns, multiplied by their labels", r"\xi", kind="list"),
    Quantity("w", "weights, of squared length N", "w", kind="list"),
    Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    Quantity("X", "replicated exponent per weight", r"\mathcal{X}"),
    Quantity("Phi", "potential of n replicas per weight", r"\Phi_n"),
    Quantity("phi", "mean logarithm of the volume per weight", r"\varphi", role="result"),
    # Real, of both signs: positivity would delete the saddle q = 0.
    Quantity("q", "overlap of two replicas", "q", interval(-1, 1), "unknown"),
    Quantity("slope", "slope of the potential in the overlap", r"\partial_q \varphi"),
    Quantity("lam_n", "replicon eigenvalue of n replicas", r"\lambda_n"),
    Quantity("lam", "replicon eigenvalue", r"\lambda", role="result"),
    Quantity("alpha_c", "critical capacity", r"\alpha_{\mathrm{c}}", POSITIVE, "result"),
    Quantity("alpha_0", "critical capacity without a margin", r"\alpha_{\mathrm{c}}(0)", POSITIVE, "result"),
    Quantity("lam_c", "replicon eigenvalue at the capacity", r"\lambda_{\mathrm{c}}", role="result"),
)
alpha, kappa, M, N, n, a, b, H0, xi, w, Q, X, Phi, phi, q, slope, lam_n, lam = NOTATION.symbols(
    "alpha kappa M N n a b H0 xi w Q X Phi phi q slope lam_n lam"
)
alpha_c, alpha_0, lam_c = NOTATION.symbols("alpha_c alpha_0 lam_c")
i, mu = sp.symbols("i mu", integer=True, positive=True)
z = sp.Symbol("z", real=True)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="perceptron_storage",
        title="Storage capacity of the perceptron with replica symmetry",
        abstract="How many random patterns a perceptron with spherical weights can store with a given stability: the "
        "volume of the weights that do so, the capacity at which it vanishes, and the stability of the replica-"
        "symmetric saddle point.",
        sources=(
            "E. Gardner, The space of interactions in neural network models, Journal of Physics A 21, 1988",
            "E. Gardner and B. Derrida, Optimal storage properties of neural network models, Journal of Physics A 21, "
            "1988",
            "T. M. Cover, Geometrical and statistical properties of systems of linear inequalities with applications "
            "in pattern recognition, IEEE Transactions on Electronic Computers 14, 1965",
        ),
        notation=NOTATION,
        falsifier="An algorithm that stores more patterns per weight, at a size N where fluctuations are small.",
    )
    _replicated(D)
    _saddle(D)
    _stability(D)
    _capacity(D)
    D.limits += [
        Limit("uncorrelated weights: patterns exclude independently", "potential", {q: 0}, alpha * LogTail(kappa)),
        Limit("large margin: every pattern costs its square", "capacity", {kappa: sp.oo}, 1 / kappa**2),
    ]
    D.witnesses.append(Witness("Cover's function counting", ("capacity-zero",), cover))
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _replicated(D: Derivation) -> None:
    D.section("The replicated volume")
    field: Any = sp.Sum(xi[mu, i] * w[i], (i, 1, N)) / sp.sqrt(N)
    D.define(
        "energy",
        Equation(H0, -sp.Sum(sp.log(sp.Heaviside(field - kappa)), (mu, 1, M)), ":="),
        prose=r"The patterns have independent normal entries; a label $\pm 1$ multiplies a pattern and changes "
        r"nothing. The volume of the weights on the sphere $|w|^2 = N$ that give every pattern a field of at least "
        r"$\kappa$ is $V = \int \mathrm{d}w\, e^{-E}$ with",
    )
    D.derive(
        PatternChannel(
            result=X,
            patterns=Patterns(x=xi, weights=w, counts=(M, N), ratio=alpha),
            order=Q,
            replicas=(a, b),
            n=n,
        ),
        "energy",
        label="disorder-average",
        prose=r"For $n$ replicas the fields of one pattern are jointly normal, with the overlaps $Q_{ab} = w_a \cdot "
        r"w_b/N$ as covariance, and $\mathbb{E}\, V^n = \int \prod_a \mathrm{d}w_a\, e^{N \mathcal{X}}$ with",
    )
    D.derive(
        SphericalVolume(result=Phi, order=Q, replicas=(a, b), n=n),
        "disorder-average",
        label="potential-pairs",
        prose=r"With the volume of weights of given overlaps, $\frac{1}{N} \log \mathbb{E}\, V^n$ tends to the "
        "stationary value of",
    )


def _saddle(D: Derivation) -> None:
    D.section("The replica-symmetric saddle point")
    D.assume(
        "ansatz",
        Equation(Q[a, a], sp.Integer(1)),
        Equation(Q[a, b], q),
        assumption=ledger.A4_RS,
        prose=r"Replica symmetry means that all pairs are alike, $a \neq b$:",
    )
    D.derive(
        AboveThreshold(n=n),
        "potential-pairs",
        "ansatz",
        label="potential-fields",
        prose=r"Let $H(u)$ be the probability that a standard normal variable exceeds $u$. Given a common normal "
        "variable $z$ the fields of the replicas are independent,",
    )
    D.derive(
        SymmetricAnsatz(n=n),
        "potential-fields",
        "ansatz",
        label="potential-decoupled",
        prose="and the determinant is explicit:",
    )
    D.derive(
        TailLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential",
        prose=r"At $n \to 0$ the mean logarithm of the volume, per weight, is",
    )
    D.derive(
        HazardGradient(variable=q, result=slope),
        "potential",
        label="slope",
        prose=r"Let $h(u) = -(\log H)'(u)$. Integration by parts, solved for the highest power of $z$, gives the slope",
    )
    D.define("stationary", Equation(slope, sp.Integer(0)), prose="It vanishes at the saddle point,")
    D.derive(Insert(both=True), "slope", "stationary", label="condition", prose="hence")
    D.derive(SolveFor(unknown=alpha), "condition", label="load-computed", prose="or, solved for the load,")
    D.derive(
        MeansRestate(form=q / ((1 - q) * Mean(Hazard((kappa + sp.sqrt(q) * z) / sp.sqrt(1 - q)) ** 2, z))),
        "load-computed",
        label="load",
        prose="that is,",
    )


def _stability(D: Derivation) -> None:
    D.section("Stability")
    D.derive(
        ChannelReplicon(result=lam_n, n=n),
        "potential-pairs",
        "ansatz",
        "potential-decoupled",
        label="replicon-replicas",
        prose="Fluctuations that break the permutation symmetry see the replicon eigenvalue, for $n$ replicas",
    )
    D.derive(
        MeansAt(variable=n, value=sp.Integer(0), result=lam),
        "replicon-replicas",
        label="replicon",
        prose=r"and at $n \to 0$",
    )


def _capacity(D: Derivation) -> None:
    D.section("The capacity")
    D.derive(
        Saturation(variable=q, result=alpha_c),
        "load",
        label="capacity-computed",
        prose=r"As the load grows the volume shrinks to a point, $q \to 1$. There $\sqrt{1 - q}\, h$ tends to the "
        r"positive part of $\kappa + z$, whose mean square is $1/\alpha_{\mathrm{c}}$:",
    )
    both = 1 + sp.erf(kappa / sp.sqrt(2))
    edge = sp.sqrt(2 / sp.pi) * sp.exp(-(kappa**2) / 2)
    D.derive(
        Restate(form=2 / ((1 + kappa**2) * both + kappa * edge)),
        "capacity-computed",
        label="capacity",
        prose="that is,",
    )
    D.derive(
        MeansAt(variable=kappa, value=sp.Integer(0), result=alpha_0),
        "capacity",
        label="capacity-zero",
        prose="which without a margin is the capacity that Cover counted,",
    )
    D.derive(
        Saturation(variable=q),
        "replicon",
        label="replicon-load",
        prose=r"In the same limit $h (h - u)$ tends to 1 where $\kappa + z$ is positive and to 0 elsewhere, so that "
        "the replicon eigenvalue becomes",
    )
    D.define("at-capacity", Equation(alpha, alpha_c), prose="At the capacity,")
    D.derive(
        Insert(result=lam_c),
        "replicon-load",
        "at-capacity",
        "capacity",
        label="replicon-computed",
        prose="it is",
    )
    D.derive(
        Restate(form=kappa * (kappa * both + edge) / ((1 + kappa**2) * both + kappa * edge)),
        "replicon-computed",
        label="replicon-capacity",
        prose=r"which has the sign of $\kappa$, since the bracket in the numerator is twice the integral of the normal "
        r"distribution function up to $\kappa$. At the capacity the saddle point is stable for $\kappa > 0$ and "
        r"marginal for $\kappa = 0$. For $\kappa < 0$ it becomes unstable before the capacity is reached, and "
        "{capacity} is not supported:",
    )


def cover(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """2^(1-p) sum_{k<N} C(p - 1, k) of the dichotomies of p points in N dimensions are linear: one half at p = 2 N."""
    load = claims["capacity-zero"].rhs
    for size in (20, 60, 120):
        count = load * size
        if not (count.is_Integer and count > 0):
            return refuted("Cover's function counting", f"the load {load} is not that of one half of all dichotomies")
        share = sp.Rational(sum(math.comb(int(count) - 1, k) for k in range(size)), 2 ** (int(count) - 1))
        if share != sp.Rational(1, 2):
            return refuted("Cover's function counting", f"at N = {size} a share {float(share):.4f} is linear")
    return proved("Cover's function counting", "N = 20, 60, 120: exactly one half of all dichotomies is linear")


PARAMETERS = (Parameter(NOTATION["alpha"]), Parameter(NOTATION["kappa"], default="0"))
RESULTS = (
    Result("overlap", "load", "overlap of two weight vectors that store the patterns"),
    Result("entropy", "potential", "mean logarithm of the volume per weight", also=("load",)),
    Result("replicon", "replicon", "replicon eigenvalue; unstable where it is negative", also=("load",)),
    Result("critical_capacity", "capacity", "load at which the volume vanishes", needs=("kappa",)),
    Result("critical_replicon", "replicon-capacity", "replicon eigenvalue at this load", needs=("kappa",)),
)
EXAMPLE = {"alpha": "1", "kappa": "0"}
_BITS = 128


def case(point: Mapping[str, Any]) -> str:
    """Raises OutsideDomain at and above the capacity."""
    if "alpha" not in point:
        return "capacity"
    ends = {kappa: sp.Rational(point["kappa"]), alpha: sp.Rational(point["alpha"])}
    if balls.decide(sp.Gt(derivation().claim("capacity").rhs, alpha), ends, _BITS) is not True:
        raise OutsideDomain("alpha must lie below critical_capacity: beyond it no weights store the patterns")
    return "volume"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The overlap in its bracket, then the observables."""
    D = derivation()
    if name == "capacity":
        labels = {"critical_capacity": "capacity", "critical_replicon": "replicon-capacity"}
        return System({k: D.claim(labels[k]).rhs for k in wanted})
    found = {"overlap": q, "entropy": D.claim("potential").rhs, "replicon": D.claim("replicon").rhs}
    # t = q/(1 - q) is alpha E h^2, and h(u) < u_+ + 1 with E u_+^2 <= (1 + t)/alpha_c, so that t has a bound.
    share = sp.sqrt(alpha / D.claim("capacity").rhs)
    bound = (share + sp.sqrt(alpha)) ** 2
    return System(
        observables={k: found[k] for k in wanted},
        unknowns=(Unknown(q, sp.Integer(0), bound / (bound + (1 - share) ** 2)),),
        equations=(alpha - D.claim("load").rhs,),
        branch="the only overlap at this load",
    )


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

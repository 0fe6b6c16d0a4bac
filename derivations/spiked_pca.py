"""PCA of spiked data by replicas: the outlier of the sample covariance and the overlap of its eigenvector."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.errors import OutsideDomain
from ..symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity, interval
from ..symbolic.replica import ledger
from ..symbolic.replica.channel import Patterns, QuadraticPatterns
from ..symbolic.replica.continuation import ReplicaLimit
from ..symbolic.replica.insertion import Insert
from ..symbolic.replica.saddle import SymmetricAnsatz
from ..symbolic.replica.stationarity import Gradient
from ..symbolic.replica.zero_temperature import ZeroTemperature
from ..symbolic.rules.algebra import Restate, SolveLinear
from ..symbolic.system import Model, Parameter, Result, System

NOTATION = Notation(
    Quantity("gamma", "aspect ratio d/M", r"\gamma", POSITIVE, "parameter"),
    Quantity("theta", "strength of the spike", r"\theta", POSITIVE, "parameter"),
    Quantity("alpha", "samples per dimension, M/d", r"\alpha", POSITIVE),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE),
    Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
    Quantity("d", "dimension of a sample", "d", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H", "energy of a direction", "H"),
    Quantity("x", "samples", "x", kind="list"),
    Quantity("y", "vector of squared length d", "y", kind="list"),
    Quantity("u", "direction of the spike, of squared length d", "u", kind="list"),
    Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    Quantity("m_", "overlaps of the replicas with the spike", "m", kind="list"),
    Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    Quantity("phi", "potential per dimension and replica", r"\varphi"),
    Quantity("phi_one", "logarithm of the partition sum of one sample, per dimension", r"\varphi^{(1)}"),
    # Real, of both signs: m = 0 is a saddle point too.
    Quantity("q", "overlap of two replicas", "q", interval(-1, 1), "unknown"),
    Quantity("m", "overlap with the spike", "m", interval(-1, 1), "unknown"),
    Quantity("chi", "linear response", r"\chi", POSITIVE, "unknown"),
    Quantity("value", "variance along the typical direction, per degree of freedom", r"\Lambda_\beta"),
    Quantity("top", "largest eigenvalue as a function of the order parameters", r"\Lambda"),
    Quantity("top_m", "slope in the overlap with the spike", r"\partial_m \Lambda", REAL),
    Quantity("top_chi", "slope in the response", r"\partial_\chi \Lambda", REAL),
    Quantity("omega", "squared overlap of the leading eigenvector with the spike", r"\omega", REAL, "result"),
    Quantity("outlier", "largest eigenvalue of the sample covariance", r"\lambda_1", POSITIVE, "result"),
)
gamma, theta, alpha, beta, M, d, n, a, b, H, x, y, u, Q, m_, Phi, phi, q, m, chi = NOTATION.symbols(
    "gamma theta alpha beta M d n a b H x y u Q m_ Phi phi q m chi"
)
phi_one, value, top, top_m, top_chi, omega, outlier = NOTATION.symbols("phi_one value top top_m top_chi omega outlier")
i, mu = sp.symbols("i mu", integer=True, positive=True)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="spiked_pca",
        title="PCA of spiked data by replicas",
        abstract=r"The largest eigenvalue of the sample covariance of $M$ Gaussian vectors in dimension $d = "
        r"\gamma M$ with one "
        "direction of larger variance, and the squared overlap of its eigenvector with that direction.",
        sources=(
            "J. Baik, G. Ben Arous and S. P\u00e9ch\u00e9, Phase transition of the largest "
            "eigenvalue for nonnull complex "
            "sample covariance matrices, Annals of Probability 33, 2005",
            "M. Biehl and A. Mietzner, Statistical mechanics of unsupervised structure recognition, "
            "Journal of Physics A 27, 1994",
        ),
        notation=NOTATION,
        falsifier="The largest eigenvalue of one matrix with d = 4000 that leaves the curve by more than its "
        "fluctuations.",
    )
    _replicated(D)
    _ground_state(D)
    D.limits += [
        Limit("infinitely many samples: the population value", "outlier", {gamma: 0}, 1 + theta),
        Limit("infinitely many samples: the true direction", "overlap", {gamma: 0}, sp.Integer(1)),
    ]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _replicated(D: Derivation) -> None:
    D.section("The replicated system")
    field: Any = sp.Sum(x[mu, i] * y[i], (i, 1, d))
    squares: Any = sp.Sum(field**2, (mu, 1, M))
    D.define(
        "energy",
        Equation(H, -squares / (2 * M), ":="),
        prose=r"The samples have the covariance $1 + \theta\, u u^{\top}/d$ with $|u|^2 = d$. The leading "
        r"eigenvector minimises, on "
        "the sphere $|y|^2 = d$, the energy",
    )
    D.derive(
        QuadraticPatterns(
            result=Phi,
            patterns=Patterns(x=x, weights=y, counts=(M, d), ratio=alpha, frozen=u, spike=theta),
            order=Q,
            overlap=m_,
            replicas=(a, b),
            n=n,
            scale=beta,
        ),
        "energy",
        label="potential-pairs",
        prose=r"At the inverse temperature $\beta$, the overlaps $Q_{ab} = y_a \cdot y_b/d$ and $m_a = u "
        r"\cdot y_a/d$ decouple the "
        r"replicas; $\frac{1}{d} \log \mathbb{E}\, Z^n$ is the stationary value of",
    )
    D.assume(
        "ansatz",
        Equation(Q[a, a], sp.Integer(1)),
        Equation(Q[a, b], q),
        Equation(m_[a], m),
        assumption=ledger.supported_by(
            ledger.A4_RS, "The energy has two minima, y and -y, and no others: the problem is an eigenvalue problem."
        ),
        prose=r"With replica symmetry, $a \neq b$,",
    )
    D.derive(SymmetricAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is")
    D.derive(
        ReplicaLimit(n=n, result=phi), "potential-symmetric", label="potential", prose=r"and per replica, at $n \to 0$,"
    )


def _ground_state(D: Derivation) -> None:
    D.section("The leading eigenvector")
    D.assume(
        "typical",
        Equation(phi_one, phi),
        assumption=ledger.A7,
        about=("potential",),
        prose=r"For one large sample $\frac{1}{d} \log Z$ is close to its mean,",
    )
    D.define(
        "value-definition", Equation(value, 2 * phi_one / beta, ":="), prose="The quadratic form of the typical vector,"
    )
    D.define("aspect-ratio", Equation(alpha, 1 / gamma, ":="), prose=r"with $\gamma = d/M$,")
    D.derive(Insert(), "value-definition", "typical", "potential", "aspect-ratio", label="value", prose="reads")
    D.define(
        "scaling", Equation(q, 1 - chi / beta), prose=r"and tends, as $\beta \to \infty$ at a finite response $\chi$,"
    )
    D.derive(ZeroTemperature(beta=beta, result=top), "value", "scaling", label="largest-eigenvalue", prose="to")
    D.derive(Gradient(variable=m, result=top_m), "largest-eigenvalue", label="slope-overlap", prose="Its slopes are")
    D.derive(Gradient(variable=chi, result=top_chi), "largest-eigenvalue", label="slope-response", prose="and")
    D.define("stationary-overlap", Equation(top_m, sp.Integer(0)), prose="Both vanish,")
    D.define("stationary-response", Equation(top_chi, sp.Integer(0)), prose="and")
    D.derive(
        Insert(both=True),
        "slope-overlap",
        "stationary-overlap",
        label="overlap-condition",
        prose="so that either $m = 0$ or",
    )
    D.derive(SolveLinear(unknown=chi), "overlap-condition", label="response", prose="the other factor vanishes,")
    D.define("squared-overlap", Equation(m**2, omega), prose=r"With $\omega = m^2$,")
    D.derive(
        Insert(both=True),
        "slope-response",
        "stationary-response",
        "squared-overlap",
        "response",
        label="response-condition",
        prose="the second condition is",
    )
    D.derive(SolveLinear(unknown=omega), "response-condition", label="overlap-computed", prose="hence")
    D.derive(
        Restate(form=(1 - gamma / theta**2) / (1 + gamma / theta)),
        "overlap-computed",
        label="overlap",
        prose=r"which is positive only above the threshold $\theta^2 > \gamma$:",
    )
    D.derive(
        Insert(tidy=True, result=outlier),
        "largest-eigenvalue",
        "squared-overlap",
        "response",
        "overlap",
        label="outlier-computed",
        prose="The eigenvalue itself is",
    )
    D.derive(Restate(form=(1 + theta) * (1 + gamma / theta)), "outlier-computed", label="outlier", prose="that is,")


PARAMETERS = (Parameter(NOTATION["gamma"]), Parameter(NOTATION["theta"]))
RESULTS = (
    Result("eigenvalue", "outlier", "largest eigenvalue of the sample covariance, above the threshold"),
    Result("overlap", "overlap", "squared overlap of its eigenvector with the spike"),
)
EXAMPLE = {"gamma": "1/2", "theta": "2"}


def case(point: Mapping[str, Any]) -> str:
    """Above the threshold theta^2 > gamma; below it the leading eigenvector does not see the spike."""
    if point["theta"] ** 2 <= point["gamma"]:
        raise OutsideDomain("theta^2 <= gamma: below the threshold the spike has no outlier and no overlap")
    return "outlier"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The closed forms."""
    D = derivation()
    found = {"eigenvalue": D.claim("outlier").rhs, "overlap": D.claim("overlap").rhs}
    return System(observables={k: found[k] for k in wanted}, branch="the saddle point with m != 0")


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

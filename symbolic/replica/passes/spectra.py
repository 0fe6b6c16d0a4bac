"""The leading eigenvector of a Gaussian matrix: spherical weights at zero temperature, with or without a spike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...claim import Equation
from ...errors import OutsideDomain
from ...quantity import POSITIVE, POSITIVE_INTEGER, REAL, Quantity, interval
from ...rules.algebra import SolveLinear
from .. import ledger
from ..channel import Patterns, QuadraticPatterns
from ..continuation import ReplicaLimit
from ..declaration import Spike
from ..determinant_stability import DeterminantReplicon
from ..insertion import Insert
from ..landscape import MixedLandscape
from ..planted import PlantedSphere
from ..saddle import SymmetricAnsatz
from ..spherical import SphericalSaddle
from ..stationarity import Gradient
from ..zero_temperature import ZeroTemperature
from .ising import REPLICON, UNSTABLE
from .work import Work, at_point, indices

i, mu = sp.symbols("i mu", integer=True, positive=True)
EIGENVALUE_PROBLEM = ledger.supported_by(
    ledger.A4_RS, "The energy has two minima, y and -y, and no others: the problem is an eigenvalue problem."
)


def _common(work: Work) -> None:
    work.declare(
        Quantity("beta", "inverse temperature", r"\beta", POSITIVE),
        *indices(),
        Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
        Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
        Quantity("phi", "potential per dimension and replica", r"\varphi"),
    )
    if isinstance(work.model.disorder, Spike):
        work.declare(Quantity("m_", "overlaps of the replicas with the spike", "m", kind="list"))
        work.letter(Quantity("theta", "strength of the spike", r"\theta", POSITIVE), work.model.disorder.strength)


def wigner(work: Work) -> None:
    """H = -(1/2) y W y on the sphere: a landscape with covariance N sigma^2 R^2/2, and the energy of the spike."""
    disorder: Any = work.model.disorder
    matrix: Any = disorder.matrix if isinstance(disorder, Spike) else disorder
    _common(work)
    sigma = work.letter(
        Quantity("sigma", "root of the variance of the matrix entries times N", r"\sigma", POSITIVE),
        sp.sqrt(matrix.variance),
    )
    beta, N, n, a, b, Q, Phi = work.symbols("beta N n a b Q Phi")
    C, R, pairs, X, y = work.declare(
        Quantity("C", "covariance of the energies of two vectors", "C"),
        Quantity("R", "overlap of two vectors", "R", interval(-1, 1)),
        Quantity("Rab", "overlaps of the replicas", "R", kind="list"),
        Quantity("X", "replicated exponent", r"\mathcal{X}"),
        Quantity("y", "vector of squared length N", "y", kind="list"),
    )
    work.D.section("The replicated system")
    work.D.define(
        "covariance",
        Equation(C, N * sigma**2 * R**2 / 2, ":="),
        prose=r"The leading eigenvector of a symmetric matrix $W$ with independent entries of variance $\sigma^2/N$ "
        r"minimises $-\frac12 y^{\top} W y$ on the sphere $|y|^2 = N$; these energies have the covariance",
    )
    work.derive(
        MixedLandscape(
            result=X, overlap=R, overlaps=pairs, inverse_temperature=beta, replicas=(a, b), n=n, spins=y, size=N
        ),
        "covariance",
        label="disorder-average",
        prose=r"At the inverse temperature $\beta$ the mean over the matrix is "
        r"$\mathbb{E}\, Z^n = \int \mathrm{d}y\, e^{\mathcal{X}}$ with",
    )
    known: Any = {"result": Phi, "overlap": pairs, "order": Q, "replicas": (a, b), "size": N, "n": n}
    prose = r"and $\frac{1}{N} \log \mathbb{E}\, Z^n$ tends to the stationary value of"
    if not isinstance(disorder, Spike):
        work.derive(SphericalSaddle(**known), "disorder-average", label="potential-pairs", prose=prose)
        return
    theta, m_ = work.named["theta"], work.symbols("m_")[0]
    M, single = work.declare(
        Quantity("M", "energy of the spike", "M"),
        Quantity("mu_u", "overlap of one vector with the spike", "m", interval(-1, 1)),
    )
    work.D.define(
        "spike-energy",
        Equation(M, -N * theta * single**2 / 2, ":="),
        prose=r"The spike adds $\theta\, u u^{\top}/N$ to the matrix, and with $m = u \cdot y/N$ the energy",
    )
    work.derive(
        PlantedSphere(**known, planted=m_, single=single, inverse_temperature=beta),
        "disorder-average",
        "spike-energy",
        label="potential-pairs",
        prose=prose,
    )


def wishart(work: Work) -> None:
    """H = -(1/2M) sum (x.y)^2 on the sphere, samples with one direction of larger variance."""
    disorder: Any = work.model.disorder
    _common(work)
    alpha = work.letter(Quantity("ratio", "samples per dimension, M/N", r"\alpha", POSITIVE), disorder.matrix.ratio)
    scale = work.letter(Quantity("eig", "variance of the samples", "c", POSITIVE), disorder.matrix.cov)
    theta = work.named["theta"]
    beta, N, n, a, b, Q, Phi, m_ = work.symbols("beta N n a b Q Phi m_")
    M, H, x, y, u = work.declare(
        Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
        Quantity("H", "energy of a direction", "H"),
        Quantity("x", "samples divided by the root of their variance", "x", kind="list"),
        Quantity("y", "vector of squared length N", "y", kind="list"),
        Quantity("u", "direction of the spike, of squared length N", "u", kind="list"),
    )
    field: Any = sp.Sum(x[mu, i] * y[i], (i, 1, N))
    squares: Any = sp.Sum(field**2, (mu, 1, M))
    work.D.section("The replicated system")
    work.D.define(
        "energy",
        Equation(H, -scale * squares / (2 * M), ":="),
        prose=r"The samples have the covariance $1 + \theta\, u u^{\top}/N$ with $|u|^2 = N$, up to their common "
        r"variance. The leading eigenvector minimises, on the sphere $|y|^2 = N$, the energy",
    )
    work.derive(
        QuadraticPatterns(
            result=Phi,
            patterns=Patterns(x=x, weights=y, counts=(M, N), ratio=alpha, frozen=u, spike=theta),
            order=Q,
            overlap=m_,
            replicas=(a, b),
            n=n,
            scale=beta,
        ),
        "energy",
        label="potential-pairs",
        prose=r"At the inverse temperature $\beta$, the overlaps $Q_{ab} = y_a \cdot y_b/N$ and $m_a = u \cdot y_a/N$ "
        r"decouple the replicas; $\frac{1}{N} \log \mathbb{E}\, Z^n$ is the stationary value of",
    )


def ground_state(work: Work) -> None:
    """Q_aa = 1, Q_ab = q = 1 - chi/beta, m_a = m; beta -> oo; the largest eigenvalue as a function of chi and m."""
    spiked = isinstance(work.model.disorder, Spike)
    n, a, b, Q, phi, beta = work.symbols("n a b Q phi beta")
    q, chi, value, top = work.declare(
        Quantity("q", "overlap of two replicas", "q", interval(-1, 1), "unknown"),
        Quantity("chi", "linear response", r"\chi", POSITIVE, "unknown"),
        Quantity("value", "variance along the typical direction", r"\Lambda_\beta"),
        Quantity("top", "largest eigenvalue as a function of the order parameters", r"\Lambda"),
    )
    equations = [Equation(Q[a, a], sp.Integer(1)), Equation(Q[a, b], q)]
    if spiked:
        (m,) = work.declare(Quantity("m", "overlap with the spike", "m", interval(-1, 1), "unknown"))
        equations.append(Equation(work.symbols("m_")[0][a], m))
    work.D.assume("ansatz", *equations, assumption=EIGENVALUE_PROBLEM, prose=r"With replica symmetry, $a \neq b$,")
    work.derive(
        SymmetricAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is"
    )
    work.derive(
        ReplicaLimit(n=n, result=phi), "potential-symmetric", label="potential", prose=r"and per replica, at $n \to 0$,"
    )
    work.D.section("The leading eigenvector")
    work.D.define("value-definition", Equation(value, 2 * phi / beta, ":="), prose="The form at the typical vector,")
    work.derive(Insert(), "value-definition", "potential", label="value", prose="reads")
    work.D.define(
        "scaling", Equation(q, 1 - chi / beta), prose=r"and tends, as $\beta \to \infty$ at a finite response $\chi$,"
    )
    work.derive(ZeroTemperature(beta=beta, result=top), "value", "scaling", label="largest-eigenvalue", prose="to")


def spike_values(work: Work) -> None:
    """m != 0: chi from the slope in m, m^2 from the slope in chi, then the eigenvalue."""
    m, chi = work.symbols("m chi")
    top_m, top_chi, omega, outlier = work.declare(
        Quantity("top_m", "slope in the overlap with the spike", r"\partial_m \Lambda", REAL),
        Quantity("top_chi", "slope in the response", r"\partial_\chi \Lambda", REAL),
        Quantity("omega", "squared overlap of the leading eigenvector with the spike", r"\omega", REAL, "result"),
        Quantity("outlier", "largest eigenvalue", r"\lambda_1", POSITIVE, "result"),
    )
    work.derive(Gradient(variable=m, result=top_m), "largest-eigenvalue", label="slope-overlap", prose="Its slopes are")
    work.derive(Gradient(variable=chi, result=top_chi), "largest-eigenvalue", label="slope-response", prose="and")
    work.D.define("stationary-overlap", Equation(top_m, sp.Integer(0)), prose="Both vanish,")
    work.D.define("stationary-response", Equation(top_chi, sp.Integer(0)), prose="and")
    work.derive(
        Insert(both=True),
        "slope-overlap",
        "stationary-overlap",
        label="overlap-condition",
        prose="so that either $m = 0$ or",
    )
    work.derive(SolveLinear(unknown=chi), "overlap-condition", label="response", prose="the other factor vanishes,")
    work.D.define("squared-overlap", Equation(m**2, omega), prose=r"With $\omega = m^2$,")
    work.derive(
        Insert(both=True),
        "slope-response",
        "stationary-response",
        "squared-overlap",
        "response",
        label="response-condition",
        prose="the second condition is",
    )
    work.derive(SolveLinear(unknown=omega), "response-condition", label="overlap", prose="hence")
    work.derive(
        Insert(tidy=True, result=outlier),
        "largest-eigenvalue",
        "squared-overlap",
        "response",
        "overlap",
        label="outlier",
        prose="The eigenvalue is",
    )
    _replicon(work)
    work.derive(
        Insert(tidy=True), "replicon-response", "response", label="replicon", prose="which is, at the saddle point,"
    )
    work.result("eigenvalue", "outlier", "largest eigenvalue, above the threshold")
    work.result("overlap", "overlap", "squared overlap of its eigenvector with the spike")
    work.result("replicon", "replicon", REPLICON)
    symbols = {p.name: p.quantity.symbol for p in work.parameters}
    share = work.D.claim("overlap").rhs.xreplace(dict(work.letters))

    def case(point: Mapping[str, Any]) -> str:
        if not at_point(share, symbols, point) > 0:
            raise OutsideDomain("the spike is too weak: below the threshold it has no outlier and no overlap")
        return "outlier"

    work.case = case
    work.solve = lambda name: {"branch": "the saddle point with m != 0"}


def edge_values(work: Work) -> None:
    """Without a spike: the response from its slope, the edge of the spectrum."""
    (chi,) = work.symbols("chi")
    top_chi, square, edge = work.declare(
        Quantity("top_chi", "slope in the response", r"\partial_\chi \Lambda", REAL),
        Quantity("square", "squared response", r"\chi^2", POSITIVE, "unknown"),
        Quantity("edge", "largest eigenvalue", r"\lambda_1", POSITIVE, "result"),
    )
    work.derive(Gradient(variable=chi, result=top_chi), "largest-eigenvalue", label="slope", prose="Its slope is")
    work.D.define("stationary", Equation(top_chi, sp.Integer(0)), prose="It vanishes,")
    work.D.define("square-definition", Equation(chi, sp.sqrt(square)), prose="and with the square of the response")
    work.derive(Insert(both=True), "slope", "stationary", "square-definition", label="condition", prose="the condition")
    work.derive(SolveLinear(unknown=square), "condition", label="response", prose="is linear, with the solution")
    work.derive(
        Insert(result=edge),
        "largest-eigenvalue",
        "square-definition",
        "response",
        label="eigenvalue",
        prose="The edge is",
    )
    _replicon(work)
    work.result("eigenvalue", "eigenvalue", "largest eigenvalue: the edge of the spectrum")
    work.solve = lambda name: {"branch": "the positive response"}
    work.derive(
        Insert(),
        "replicon-response",
        "square-definition",
        "response",
        label="replicon",
        prose="At the saddle point it is",
    )
    work.result("replicon", "replicon", "replicon eigenvalue; 0 is marginal: the spectrum has no gap at its edge")


def _replicon(work: Work) -> None:
    n, a, b, Q, beta = work.symbols("n a b Q beta")
    warm, cold = work.declare(
        Quantity("replicon_b", "replicon eigenvalue at finite temperature", r"\Lambda_{\mathrm{r}}(\beta)"),
        Quantity("replicon", "replicon eigenvalue", r"\Lambda_{\mathrm{r}}", role="result"),
    )
    work.D.section("Stability")
    work.derive(
        DeterminantReplicon(result=warm, order=Q, replicas=(a, b), n=n),
        "potential-pairs",
        "ansatz",
        label="replicon-warm",
        prose=UNSTABLE,
    )
    work.derive(
        ZeroTemperature(beta=beta, result=cold),
        "replicon-warm",
        "scaling",
        label="replicon-response",
        prose="and at zero temperature",
    )

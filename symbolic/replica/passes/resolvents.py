"""Gaussian integrals with a random matrix in the exponent: the trace of the resolvent (Edwards and Jones)."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...claim import Equation
from ...quantity import POSITIVE, POSITIVE_INTEGER, REAL, Quantity, interval
from .. import ledger
from ..branches import OnlyBranch
from ..continuation import ReplicaLimit
from ..declaration import levels
from ..free_weights import FreeSaddle, LevelPatterns
from ..insertion import Insert
from ..landscape import MixedLandscape
from ..saddle import SymmetricAnsatz
from ..stationarity import Gradient
from .work import Work, indices

i, mu = sp.symbols("i mu", integer=True, positive=True)
ORTHOGONAL = ledger.supported_by(
    ledger.A8,
    "The integral is even in every replica on its own, and the branch is the one connected to small matrices, where "
    "replicas are independent.",
)


def wigner(work: Work) -> None:
    """E over W of exp(-k/2 |y|^2 + 1/2 y W y), replicated."""
    matrix: Any = work.model.disorder
    N, n, a, b = work.declare(*indices())
    k = _precision(work)
    sigma = work.letter(
        Quantity("sigma", "root of the variance of the matrix entries times N", r"\sigma", POSITIVE),
        sp.sqrt(matrix.variance),
    )
    y, M, C, R, pairs, X, Phi, Q = work.declare(
        Quantity("y", "integration vector", "y", kind="list"),
        Quantity("M", "mean energy of a vector", "M"),
        Quantity("C", "covariance of the energies of two vectors", "C"),
        Quantity("R", "overlap of two vectors", "R", interval(-1, 1)),
        Quantity("Rab", "overlaps of the replicas", "R", kind="list"),
        Quantity("X", "replicated exponent", r"\mathcal{X}"),
        Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
        Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    )
    work.D.section("The replicated integral")
    work.D.define(
        "mean-energy-definition",
        Equation(M, k * sp.Sum(y[i] ** 2, (i, 1, N)) / 2, ":="),
        prose=r"Let $W$ be symmetric with independent entries of variance $\sigma^2/N$, and $Z = \int e^{-H} \prod_i "
        r"\mathrm{d}y_i/\sqrt{2\pi}$ with $H = \frac{k}{2} |y|^2 - \frac12 y^{\top} W y$, so that "
        r"$Z = \det(k - W)^{-1/2}$; here $k$ is the coefficient of the mean energy",
    )
    work.D.define(
        "covariance", Equation(C, N * sigma**2 * R**2 / 2, ":="), prose="and the energies have the covariance"
    )
    work.derive(
        MixedLandscape(
            result=X,
            overlap=R,
            overlaps=pairs,
            inverse_temperature=sp.Integer(1),
            replicas=(a, b),
            n=n,
            spins=y,
            size=N,
        ),
        "covariance",
        "mean-energy-definition",
        label="disorder-average",
        prose=r"The mean over the matrix is $\mathbb{E}\, Z^n = \int \mathrm{d}y\, e^{\mathcal{X}}$ with",
    )
    work.derive(
        FreeSaddle(result=Phi, overlap=pairs, order=Q, weights=y, replicas=(a, b), size=N, n=n),
        "disorder-average",
        label="potential-pairs",
        prose=r"and $\frac{1}{N} \log \mathbb{E}\, Z^n$ tends to the stationary value of",
    )


def wishart(work: Work) -> None:
    """E over the samples of exp(-k/2 |y|^2 - 1/(2M) sum (x.y)^2), replicated; one overlap per level."""
    matrix: Any = work.model.disorder
    N, n, a, b = work.declare(*indices())
    k = _precision(work)
    alpha = work.letter(Quantity("ratio", "samples per dimension, M/N", r"\alpha", POSITIVE), matrix.ratio)
    M, y, x, H, Phi = work.declare(
        Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
        Quantity("y", "integration vector", "y", kind="list"),
        Quantity("x", "samples", "x", kind="list"),
        Quantity("H", "energy of an integration vector", "H"),
        Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    )
    table, found = levels(matrix.cov), []
    for l, (c, p) in enumerate(zip(table.values, table.fractions), start=1):
        (Q,) = work.declare(Quantity(f"Q{l}", f"overlaps of the replicas on level {l}", f"Q^{{({l})}}", kind="list"))
        eigenvalue = work.letter(Quantity(f"eig{l}", f"eigenvalue {l} of the covariance", f"c_{{{l}}}", POSITIVE), c)
        # A number is no letter here: the checker fits the fraction to its explicit matrices.
        part = Quantity(f"frac{l}", f"fraction of level {l}", f"p_{{{l}}}", POSITIVE)
        fraction = p if p == 1 else work.letter(part, p, always=True)
        found.append((eigenvalue, fraction, Q))
    work.levels = tuple(found)
    work.D.section("The replicated integral")
    field: Any = sp.Sum(x[mu, i] * y[i], (i, 1, N))
    squares: Any = sp.Sum(field**2, (mu, 1, M))
    work.D.define(
        "energy",
        Equation(H, k * sp.Sum(y[i] ** 2, (i, 1, N)) / 2 + squares / (2 * M), ":="),
        prose=r"Let $W = \frac{1}{M} \sum_\mu x_\mu x_\mu^{\top}$ and $Z = \int e^{-H} \prod_i "
        r"\mathrm{d}y_i/\sqrt{2\pi} = \det(W + k)^{-1/2}$, where $k$ multiplies the first term of",
    )
    work.derive(
        LevelPatterns(
            result=Phi,
            patterns=x,
            weights=y,
            counts=(M, N),
            ratio=alpha,
            levels=work.levels,
            replicas=(a, b),
            n=n,
        ),
        "energy",
        label="potential-pairs",
        prose="Given the replicas the fields of a sample are Gaussian, with a covariance that the overlaps on each "
        r"level of the covariance decide; $\frac{1}{N} \log \mathbb{E}\, Z^n$ is the stationary value of",
    )


def _precision(work: Work) -> Any:
    weights: Any = work.model.weights
    return work.letter(
        Quantity("kappa", "inverse variance of the weights", "k", POSITIVE), 1 / weights.cov, always=True
    )


def symmetric(work: Work) -> None:
    """Q_aa = q + v, Q_ab = q on every level; n -> 0; the slopes."""
    n, a, b = work.symbols("n a b")
    orders = [Q for _, _, Q in work.levels] or work.symbols("Q")
    (phi,) = work.declare(Quantity("phi", "potential per dimension and replica", r"\varphi"))
    work.D.section("The saddle point")
    equations = []
    for l, Q in enumerate(orders, start=1):
        mark = f"_{{{l}}}" if len(orders) > 1 else ""
        # Real, of both signs: q = 0 must be found, not excluded.
        q, v = work.declare(
            Quantity(
                f"q{l}", f"overlap of two replicas{' on level ' + str(l) if mark else ''}", f"q{mark}", REAL, "unknown"
            ),
            Quantity(f"v{l}", "squared length of a replica minus the overlap", f"v{mark}", POSITIVE, "unknown"),
        )
        equations += [Equation(Q[a, a], q + v), Equation(Q[a, b], q)]
    work.D.assume("ansatz", *equations, assumption=ledger.A4_RS, prose=r"With replica symmetry, $a \neq b$,")
    work.derive(
        SymmetricAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is"
    )
    work.derive(
        ReplicaLimit(n=n, result=phi), "potential-symmetric", label="potential", prose=r"and per replica, at $n \to 0$,"
    )
    for l in range(1, len(orders) + 1):
        q, v = work.symbols(f"q{l} v{l}")
        mark = f"_{{{l}}}" if len(orders) > 1 else ""
        phi_q, phi_v = work.declare(
            Quantity(f"phi_q{l}", "twice the slope of the potential in q", rf"2\,\partial_{{q{mark}}} \varphi"),
            Quantity(f"phi_v{l}", "twice the slope of the potential in v", rf"2\,\partial_{{v{mark}}} \varphi"),
        )
        two = sp.Integer(2)
        start = "Twice its slopes are" if l == 1 else "and"
        work.derive(Gradient(variable=q, result=phi_q, factor=two), "potential", label=f"slope-q{l}", prose=start)
        work.derive(Gradient(variable=v, result=phi_v, factor=two), "potential", label=f"slope-v{l}", prose="and")


def orthogonal_by_proof(work: Work) -> None:
    """One level of samples: q = 0 is the only branch."""
    q, v = work.symbols("q1 v1")
    work.derive(
        OnlyBranch(variable=q, value=sp.Integer(0), unknown=v),
        "slope-q1",
        "slope-v1",
        label="no-overlap",
        prose="The difference of the two vanishes on two branches; the one with $q \\neq 0$ has no solution with "
        "$v > 0$. Hence",
    )


def orthogonal_outside(work: Work) -> None:
    """Wigner: outside the spectrum, k > 2 sigma, the branch with q != 0 has no solution."""
    q, v, sigma = *work.symbols("q1 v1"), work.named["sigma"]
    k = work.named["kappa"]
    delta, far_q, far_v = work.declare(
        Quantity("delta", "distance above the upper edge", r"\delta", POSITIVE),
        Quantity("far_q", "the first slope there", r"2\,\partial_q \varphi"),
        Quantity("far_v", "the second slope there", r"2\,\partial_v \varphi"),
    )
    work.D.define("outside", Equation(k, 2 * sigma + delta), prose="Outside the spectrum, at a distance from its edge,")
    work.derive(Insert(result=far_q), "slope-q1", "outside", label="far-q", prose="the slopes are")
    work.derive(Insert(result=far_v), "slope-v1", "outside", label="far-v", prose="and")
    work.derive(
        OnlyBranch(variable=q, value=sp.Integer(0), unknown=v),
        "far-q",
        "far-v",
        label="no-overlap",
        prose="Their difference vanishes on two branches; the one with $q \\neq 0$ has no solution there. Hence",
    )


def orthogonal_levels(work: Work) -> None:
    """q = 0 on every level: proved where there is one level, a choice of branch where there are several."""
    if len(work.levels) == 1:
        orthogonal_by_proof(work)
        return
    overlaps = [work.symbols(f"q{l}")[0] for l in range(1, len(work.levels) + 1)]
    work.D.assume(
        "no-overlap",
        *(Equation(q, sp.Integer(0)) for q in overlaps),
        assumption=ORTHOGONAL,
        prose="The slopes in the overlaps do not contain them, and the other slopes agree with these when they vanish:",
    )

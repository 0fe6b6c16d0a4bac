"""Linear students: squares of Gaussian fields, a quadratic penalty, and a teacher that gave the labels."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...claim import Equation
from ...errors import NotDerivable
from ...quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Quantity
from ...rules.algebra import ClearDenominators, PositiveRoot, SolveLinear
from .. import ledger
from ..channel import Patterns, QuadraticPatterns
from ..continuation import ReplicaLimit
from ..declaration import Gaussian, Levels
from ..determinant_stability import DeterminantReplicon
from ..insertion import Insert
from ..saddle import SymmetricAnsatz
from ..stationarity import Gradient
from ..zero_temperature import ZeroTemperature
from .ising import REPLICON, UNSTABLE
from .work import Work, indices

i, mu = sp.symbols("i mu", integer=True, positive=True)


def energy(work: Work) -> None:
    """H = 1/2 sum (x.(w - t)/sqrt(N) - e)^2 + |w|^2/(2 cov), averaged over the patterns."""
    disorder: Any = work.model.disorder
    weights: Any = work.model.weights
    if isinstance(disorder.cov, Levels):
        raise NotDerivable("Patterns.cov: Levels have no rules with Linear; write one positive variance")
    if not isinstance(work.model.teacher, Gaussian):
        raise NotDerivable("teacher: with Linear only its length counts; write teacher=Gaussian(cov)")
    beta, N, n, a, b = work.declare(Quantity("beta", "inverse temperature", r"\beta", POSITIVE), *indices())
    alpha = work.letter(Quantity("ratio", "samples per dimension, M/N", r"\alpha", POSITIVE), disorder.ratio)
    lam = work.letter(Quantity("penalty", "ridge penalty", r"\lambda", POSITIVE), 1 / weights.cov)
    rho = work.letter(
        Quantity("power", "squared length of the teacher per dimension", r"\rho", POSITIVE),
        work.model.teacher.cov,
        always=True,
    )
    scale = work.letter(Quantity("eig", "variance of the inputs", "c", POSITIVE), disorder.cov)
    noise = work.letter(
        Quantity("noise", "variance of the label noise", r"\sigma^2", NONNEGATIVE), disorder.channel.noise
    )
    M, H, x, w, t, Q, m_, Phi, phi = work.declare(
        Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
        Quantity("H", "regularised training loss of a student", "H"),
        Quantity("x", "inputs divided by the root of their variance", "x", kind="list"),
        Quantity("w", "student", "w", kind="list"),
        Quantity("t", "teacher", "t", kind="list"),
        Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
        Quantity("m_", "overlaps of the replicas with the teacher", "m", kind="list"),
        Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
        Quantity("phi", "potential per dimension and replica", r"\varphi"),
    )
    (e,) = work.declare(Quantity("e", "label noise, of the variance given", r"\varepsilon", kind="list"))
    field: Any = sp.Sum(x[mu, i] * (w[i] - t[i]), (i, 1, N))
    residual = sp.sqrt(scale) * field / sp.sqrt(N) - e[mu]
    squares: Any = sp.Sum(residual**2, (mu, 1, M))
    work.D.section("The replicated system")
    work.D.define(
        "energy",
        Equation(H, squares / 2 + lam * sp.Sum(w[i] ** 2, (i, 1, N)) / 2, ":="),
        prose=r"The labels are the fields of a teacher $t$, of a fixed squared length per dimension, plus independent "
        r"noise $\varepsilon_\mu$. The student minimises",
    )
    work.derive(
        QuadraticPatterns(
            result=Phi,
            patterns=Patterns(x=x, weights=w, counts=(M, N), ratio=alpha, frozen=t, power=rho, noise=e, variance=noise),
            order=Q,
            overlap=m_,
            replicas=(a, b),
            n=n,
            measure=sp.Rational(1, 2),
            scale=beta,
        ),
        "energy",
        label="potential-pairs",
        prose=r"At the inverse temperature $\beta$ the overlaps $Q_{ab} = w_a \cdot w_b/N$ and $m_a = t \cdot w_a/N$ "
        r"decouple the replicas; $\frac{1}{N} \log \mathbb{E}\, Z^n$ is the stationary value of",
    )
    q, m, v = work.declare(
        # Real, of both signs: nothing about the saddle point is put in by an assumption.
        Quantity("q", "overlap of two students, per dimension", "q", REAL, "unknown"),
        Quantity("m", "overlap of student and teacher, per dimension", "m", REAL, "unknown"),
        Quantity("v", "spread of the students", "v", POSITIVE, "unknown"),
    )
    work.D.assume(
        "ansatz",
        Equation(Q[a, a], q + v),
        Equation(Q[a, b], q),
        Equation(m_[a], m),
        assumption=ledger.supported_by(
            ledger.A4_RS, "The loss is strictly convex: two students in the same valley differ by thermal noise only."
        ),
        prose=r"With replica symmetry, $a \neq b$,",
    )
    work.derive(
        SymmetricAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is"
    )
    work.derive(
        ReplicaLimit(n=n, result=phi), "potential-symmetric", label="potential", prose=r"and per replica, at $n \to 0$,"
    )


def minimum(work: Work) -> None:
    """beta -> oo: the minimal loss, stationary in m, q and V."""
    beta, phi, q, m, v = work.symbols("beta phi q m v")
    V, loss, f, f_m, f_q, f_V = work.declare(
        Quantity("V", "spread of the students times the inverse temperature", "V", POSITIVE, "unknown"),
        Quantity("loss", "free energy per dimension", r"f_\beta"),
        Quantity("f", "minimal regularised loss per dimension", "f", role="result"),
        Quantity("f_m", "slope in the overlap with the teacher", r"\partial_m f"),
        Quantity("f_q", "twice the slope in the overlap of students", r"2\,\partial_q f"),
        Quantity("f_V", "twice the slope in the spread", r"2\,\partial_V f"),
    )
    work.D.section("The minimum of the loss")
    work.D.define("free-energy-definition", Equation(loss, -phi / beta, ":="), prose="The free energy")
    work.derive(Insert(), "free-energy-definition", "potential", label="free-energy", prose="is")
    work.D.define(
        "scaling", Equation(v, V / beta), prose=r"and tends, as $\beta \to \infty$ with a spread of order $1/\beta$,"
    )
    work.derive(
        ZeroTemperature(beta=beta, result=f), "free-energy", "scaling", label="minimum", prose="to the minimal loss"
    )
    two = sp.Integer(2)
    for variable, name, factor, label, start in (
        (m, f_m, sp.Integer(1), "teacher", "It is stationary where its slopes"),
        (q, f_q, two, "overlap", "and"),
        (V, f_V, two, "spread", "and"),
    ):
        work.derive(
            Gradient(variable=variable, result=name, factor=factor), "minimum", label=f"slope-{label}", prose=start
        )
    work.D.define("stationary", *(Equation(s, sp.Integer(0)) for s in (f_m, f_q, f_V)), prose="vanish:")
    for label, start in (("teacher", "These are the conditions"), ("overlap", "and"), ("spread", "and")):
        work.derive(Insert(both=True), f"slope-{label}", "stationary", label=f"condition-{label}", prose=start)
    work.derive(
        SolveLinear(unknown=m),
        "condition-teacher",
        label="teacher-overlap",
        prose="The first gives the overlap with the teacher,",
    )
    work.derive(
        ClearDenominators(unknown=V),
        "condition-overlap",
        label="spread-quadratic",
        prose="the second a quadratic equation",
    )
    work.derive(PositiveRoot(unknown=V), "spread-quadratic", label="spread", prose="with one positive root,")
    work.derive(
        SolveLinear(unknown=q),
        "condition-spread",
        label="student-overlap",
        prose="and the third the squared length of the student:",
    )


def errors(work: Work) -> None:
    """Generalisation and training errors, the replicon eigenvalue."""
    beta, n, a, b, Q, q, m, V, f = work.symbols("beta n a b Q q m V f")
    alpha, lam, rho, scale = (work.named[k] for k in ("ratio", "penalty", "power", "eig"))
    E_gen, E_train, warm, cold = work.declare(
        Quantity("E_gen", "generalisation error", r"E_{\mathrm{gen}}", NONNEGATIVE, "result"),
        Quantity("E_train", "mean squared residual of the training set", r"E_{\mathrm{train}}", NONNEGATIVE, "result"),
        Quantity("replicon_b", "replicon eigenvalue at finite temperature", r"\Lambda(\beta)"),
        Quantity("replicon", "replicon eigenvalue", r"\Lambda", role="result"),
    )
    work.D.section("Errors and stability")
    work.D.define(
        "generalisation-definition",
        Equation(E_gen, scale * (rho - 2 * m + q), ":="),
        prose="The error on a fresh input, without its noise, is",
    )
    work.D.define(
        "training-definition",
        Equation(E_train, 2 * (f - lam * q / 2) / alpha, ":="),
        prose="and the mean squared residual is what the penalty leaves of the minimal loss,",
    )
    work.derive(
        Insert(tidy=True),
        "generalisation-definition",
        "student-overlap",
        "teacher-overlap",
        label="generalisation",
        prose="At the saddle point they are",
    )
    work.derive(
        Insert(tidy=True),
        "training-definition",
        "minimum",
        "student-overlap",
        "teacher-overlap",
        label="training",
        prose="and",
    )
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
        label="replicon",
        prose="and at zero temperature",
    )
    work.result("generalisation_error", "generalisation", "error on a fresh input, label noise excluded")
    work.result("training_error", "training", "mean squared residual of the training set")
    work.result("teacher_overlap", "teacher-overlap", "overlap of student and teacher per dimension")
    work.result("student_norm", "student-overlap", "squared length of the student per dimension", q)
    work.result("replicon", "replicon", REPLICON)

    def solve(name: str) -> dict[str, Any]:
        known = [(V, "spread"), (m, "teacher-overlap"), (q, "student-overlap")]
        found = tuple((symbol, work.D.claim(label).rhs) for symbol, label in known)
        return {"definitions": found, "branch": "the positive spread"}

    work.solve = solve

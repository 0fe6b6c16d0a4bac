"""Ridge regression by replicas: order parameters, generalisation and training errors in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.quantity import NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity
from ..symbolic.replica import ledger
from ..symbolic.replica.channel import Patterns, QuadraticPatterns
from ..symbolic.replica.continuation import ReplicaLimit
from ..symbolic.replica.insertion import Insert
from ..symbolic.replica.saddle import SymmetricAnsatz
from ..symbolic.replica.stationarity import Gradient
from ..symbolic.replica.zero_temperature import ZeroTemperature
from ..symbolic.rules.algebra import ClearDenominators, PositiveRoot, Restate, SolveLinear
from ..symbolic.system import Model, Parameter, Result, System

NOTATION = Notation(
    Quantity("alpha", "samples per dimension, M/d", r"\alpha", POSITIVE, "parameter"),
    Quantity("lam", "ridge penalty", r"\lambda", POSITIVE, "parameter"),
    Quantity("rho", "squared length of the teacher per dimension", r"\rho", POSITIVE, "parameter"),
    Quantity("sigma2", "variance of the label noise", r"\sigma^2", NONNEGATIVE, "parameter"),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE),
    Quantity("M", "number of samples", "M", POSITIVE_INTEGER, "dimension"),
    Quantity("d", "dimension of a sample", "d", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H", "regularised training loss of a student", "H"),
    Quantity("x", "samples, entries independent N(0, 1)", "x", kind="list"),
    Quantity("w", "student", "w", kind="list"),
    Quantity("t", "teacher", "t", kind="list"),
    Quantity("e", "label noise", r"\varepsilon", kind="list"),
    Quantity("Q", "overlaps of the replicas", "Q", kind="list"),
    Quantity("m_", "overlaps of the replicas with the teacher", "m", kind="list"),
    Quantity("Phi", "potential of n replicas per dimension", r"\Phi_n"),
    Quantity("phi", "potential per dimension and replica", r"\varphi"),
    # Real, of both signs: nothing about the saddle point is put in by an assumption.
    Quantity("q", "overlap of two students, per dimension", "q", REAL, "unknown"),
    Quantity("m", "overlap of student and teacher, per dimension", "m", REAL, "unknown"),
    Quantity("v", "spread of the students", "v", POSITIVE, "unknown"),
    Quantity("V", "spread of the students times the inverse temperature", "V", POSITIVE, "unknown"),
    Quantity("loss", "free energy per dimension", r"f_\beta"),
    Quantity("f", "minimal regularised loss per dimension", "f"),
    Quantity("f_m", "slope in the overlap with the teacher", r"\partial_m f"),
    Quantity("f_q", "twice the slope in the overlap of students", r"2\,\partial_q f"),
    Quantity("f_V", "twice the slope in the spread", r"2\,\partial_V f"),
    Quantity("E_gen", "generalisation error", r"E_{\mathrm{gen}}", NONNEGATIVE, "result"),
    Quantity("E_train", "mean squared residual of the training set", r"E_{\mathrm{train}}", NONNEGATIVE, "result"),
)
alpha, lam, rho, sigma2, beta, M, d, n, a, b, H, x, w, t, e, Q, m_, Phi, phi = NOTATION.symbols(
    "alpha lam rho sigma2 beta M d n a b H x w t e Q m_ Phi phi"
)
q, m, v, V, loss, f, f_m, f_q, f_V, E_gen, E_train = NOTATION.symbols("q m v V loss f f_m f_q f_V E_gen E_train")
i, mu = sp.symbols("i mu", integer=True, positive=True)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="ridge",
        title="Ridge regression by replicas",
        abstract="A linear student learns a linear teacher from noisy labels of isotropic Gaussian inputs, "
        "with a ridge penalty. "
        "The overlaps of student and teacher and both errors follow in closed form.",
        sources=(
            "A. Krogh and J. A. Hertz, Generalization in a linear perceptron in the presence of "
            "noise, Journal of Physics A 25, "
            "1992",
        ),
        notation=NOTATION,
        falsifier="A simulation at d = 4000 whose mean generalisation error over 50 draws lies five standard "
        "errors away.",
    )
    _replicated(D)
    _zero_temperature(D)
    _errors(D)
    D.limits += [
        Limit("no data: nothing is learned", "generalisation", {alpha: 0}, rho),
        Limit("strong penalty: nothing is learned", "generalisation", {V: 0}, rho),
    ]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _replicated(D: Derivation) -> None:
    D.section("The replicated system")
    field: Any = sp.Sum(x[mu, i] * (w[i] - t[i]), (i, 1, d))
    residual = field / sp.sqrt(d) - e[mu]
    squares: Any = sp.Sum(residual**2, (mu, 1, M))
    D.define(
        "energy",
        Equation(H, squares / 2 + lam * sp.Sum(w[i] ** 2, (i, 1, d)) / 2, ":="),
        prose=r"The labels are $x_\mu \cdot t/\sqrt{d} + \varepsilon_\mu$ with $|t|^2 = \rho d$ and noise "
        r"of variance $\sigma^2$. The "
        "student minimises",
    )
    D.derive(
        QuadraticPatterns(
            result=Phi,
            patterns=Patterns(
                x=x, weights=w, counts=(M, d), ratio=alpha, frozen=t, power=rho, noise=e, variance=sigma2
            ),
            order=Q,
            overlap=m_,
            replicas=(a, b),
            n=n,
            measure=sp.Rational(1, 2),
            scale=beta,
        ),
        "energy",
        label="potential-pairs",
        prose=r"At the inverse temperature $\beta$ the overlaps $Q_{ab} = w_a \cdot w_b/d$ and $m_a = t "
        r"\cdot w_a/d$ decouple the "
        r"replicas; $\frac{1}{d} \log \mathbb{E}\, Z^n$ is the stationary value of",
    )
    D.assume(
        "ansatz",
        Equation(Q[a, a], q + v),
        Equation(Q[a, b], q),
        Equation(m_[a], m),
        assumption=ledger.supported_by(
            ledger.A4_RS, "The loss is strictly convex: two students in the same valley differ by thermal noise only."
        ),
        prose=r"With replica symmetry, $a \neq b$,",
    )
    D.derive(SymmetricAnsatz(n=n), "potential-pairs", "ansatz", label="potential-symmetric", prose="the potential is")
    D.derive(
        ReplicaLimit(n=n, result=phi), "potential-symmetric", label="potential", prose=r"and per replica, at $n \to 0$,"
    )


def _zero_temperature(D: Derivation) -> None:
    D.section("The minimum of the loss")
    D.define("free-energy-definition", Equation(loss, -phi / beta, ":="), prose="The free energy")
    D.derive(Insert(), "free-energy-definition", "potential", label="free-energy", prose="is")
    D.define(
        "scaling", Equation(v, V / beta), prose=r"and tends, as $\beta \to \infty$ with a spread of order $1/\beta$,"
    )
    D.derive(
        ZeroTemperature(beta=beta, result=f), "free-energy", "scaling", label="minimum", prose="to the minimal loss"
    )
    two = sp.Integer(2)
    D.derive(
        Gradient(variable=m, result=f_m), "minimum", label="slope-teacher", prose="It is stationary where its slopes"
    )
    D.derive(Gradient(variable=q, result=f_q, factor=two), "minimum", label="slope-overlap", prose="and")
    D.derive(Gradient(variable=V, result=f_V, factor=two), "minimum", label="slope-spread", prose="and")
    D.define(
        "stationary",
        Equation(f_m, sp.Integer(0)),
        Equation(f_q, sp.Integer(0)),
        Equation(f_V, sp.Integer(0)),
        prose="vanish:",
    )
    for slope, label, what in (
        ("slope-teacher", "condition-teacher", "These are the conditions"),
        ("slope-overlap", "condition-overlap", "and"),
        ("slope-spread", "condition-spread", "and"),
    ):
        D.derive(Insert(both=True), slope, "stationary", label=label, prose=what)
    D.derive(
        SolveLinear(unknown=m),
        "condition-teacher",
        label="teacher-overlap",
        prose="The first gives the overlap with the teacher,",
    )
    D.derive(
        ClearDenominators(unknown=V),
        "condition-overlap",
        label="spread-quadratic",
        prose="the second a quadratic equation",
    )
    D.derive(PositiveRoot(unknown=V), "spread-quadratic", label="spread", prose="with one positive root,")
    D.derive(
        SolveLinear(unknown=q),
        "condition-spread",
        label="student-overlap",
        prose="and the third the squared length of the student:",
    )


def _errors(D: Derivation) -> None:
    D.section("Errors")
    D.define(
        "generalisation-definition",
        Equation(E_gen, rho - 2 * m + q, ":="),
        prose="The error on a fresh input, without its noise, is",
    )
    D.derive(
        Insert(tidy=True),
        "generalisation-definition",
        "student-overlap",
        "teacher-overlap",
        label="generalisation-computed",
        prose="At the saddle point it is",
    )
    signal = rho * (1 + V - alpha * V) ** 2
    D.derive(
        Restate(form=(signal + alpha * sigma2 * V**2) / ((1 + V) ** 2 - alpha * V**2)),
        "generalisation-computed",
        label="generalisation",
        prose="that is,",
    )
    D.define(
        "training-definition",
        Equation(E_train, 2 * (f - lam * q / 2) / alpha, ":="),
        prose="The mean squared residual is what the penalty leaves of the minimal loss,",
    )
    D.derive(
        Insert(tidy=True),
        "training-definition",
        "minimum",
        "student-overlap",
        "teacher-overlap",
        label="training-computed",
        prose="At the saddle point it is",
    )
    D.derive(
        Restate(form=(E_gen + sigma2) / (1 + V) ** 2),
        "training-computed",
        "generalisation",
        label="training",
        prose="or, in words of the generalisation error,",
    )


PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("alpha", "lam", "rho", "sigma2"))
RESULTS = (
    Result("generalisation_error", "generalisation", "error on a fresh input, label noise excluded"),
    Result("training_error", "training", "mean squared residual of the training set"),
    Result("teacher_overlap", "teacher-overlap", "overlap of student and teacher per dimension"),
    Result("student_norm", "student-overlap", "squared length of the student per dimension"),
)
EXAMPLE = {"alpha": "2", "lam": "1/10", "rho": "1", "sigma2": "1/10"}


def case(point: Mapping[str, Any]) -> str:
    """One case: a positive penalty keeps everything analytic."""
    return "ridge"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The spread in closed form, then everything else."""
    D = derivation()
    labels = {"m": "teacher-overlap", "q": "student-overlap", "E_gen": "generalisation", "E_train": "training"}
    names = {"generalisation_error": "E_gen", "training_error": "E_train", "teacher_overlap": "m", "student_norm": "q"}
    definitions = [(V, D.claim("spread").rhs)]
    definitions += [(NOTATION[k].symbol, D.claim(label).rhs) for k, label in labels.items()]
    return System(
        observables={k: NOTATION[names[k]].symbol for k in wanted},
        definitions=tuple(definitions),
        branch="the positive spread",
    )


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

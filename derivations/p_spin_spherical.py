"""The spherical p-spin model: one step of replica symmetry breaking and the static transition, for any p."""

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
from ..symbolic.replica.continuation import ReplicaLimit
from ..symbolic.replica.insertion import Insert, MeansAt, SolveFor
from ..symbolic.replica.spherical import GaussianLandscape, SphericalSaddle, TreeAnsatz
from ..symbolic.replica.stationarity import Gradient
from ..symbolic.rules.algebra import Restate
from ..symbolic.system import Model, Parameter, Result, System, Unknown

NOTATION = Notation(
    Quantity("p", "number of spins in an interaction", "p", POSITIVE_INTEGER, "parameter"),
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE),
    Quantity("N", "number of spins", "N", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("C", "covariance of the energies of two configurations", "C"),
    Quantity("R", "overlap of two configurations", "R", interval(-1, 1)),
    Quantity("Rab", "overlaps of the replicas", "R", kind="list"),
    Quantity("Q", "order parameters of the pairs of replicas", "Q", kind="list"),
    Quantity("X", "replicated exponent", r"\mathcal{X}"),
    Quantity("Phi", "potential of n replicas per spin", r"\Phi_n"),
    Quantity("phi", "potential per spin and replica", r"\varphi"),
    Quantity("q0", "overlap of replicas in different blocks", "q_0", interval(-1, 1), "unknown"),
    Quantity("q", "overlap of replicas in one block", "q", interval(0, 1, "()"), "unknown"),
    Quantity("m", "size of a block", "m", POSITIVE, "unknown"),
    Quantity("phi_q", "slope of the potential in q", r"\partial_q \varphi", REAL),
    Quantity("phi_m", "slope of the potential in m", r"\partial_m \varphi", REAL),
    Quantity("rate", "slope in q per 1 - m", r"\psi", REAL),
    Quantity("beta2", "squared inverse temperature at the transition", r"\beta_{\mathrm{s}}^2", POSITIVE, "unknown"),
    Quantity("gap", "what vanishes at the transition", r"\Delta", REAL),
    Quantity("T", "temperature of the static transition", r"T_{\mathrm{s}}", POSITIVE, "result"),
)
p, beta, N, n, a, b, C, R, Rab, Q, X, Phi, phi, q0, q, m, phi_q, phi_m, rate, beta2, gap, T = NOTATION.symbols(
    "p beta N n a b C R Rab Q X Phi phi q0 q m phi_q phi_m rate beta2 gap T"
)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="p_spin_spherical",
        title="The spherical p-spin model with one step of replica symmetry breaking",
        abstract="A Gaussian energy landscape on the sphere whose covariance is a power of the overlap. One "
        "step of replica "
        "symmetry breaking gives the potential in closed form, and the static transition for every "
        "number of spins per interaction.",
        sources=(
            "A. Crisanti and H.-J. Sommers, The spherical p-spin interaction spin glass model: the "
            "statics, Zeitschrift "
            "f\u00fcr Physik B 87, 1992",
        ),
        notation=NOTATION,
        falsifier="A parallel-tempering simulation whose overlap distribution splits at another temperature.",
    )
    _replicated(D)
    _tree(D)
    _transition(D)
    D.limits += [
        Limit("one replica per block: no breaking", "potential-blocks", {m: 1}, beta**2 / 4),
        Limit("infinite temperature: the volume of the sphere", "potential-blocks", {beta: 0, q: 0}, sp.Integer(0)),
    ]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def _replicated(D: Derivation) -> None:
    D.section("The replicated system")
    D.define(
        "covariance",
        Equation(C, N * R**p / 2, ":="),
        prose="The energies of two points of the sphere $|s|^2 = N$ with the overlap $R$ are Gaussian with covariance",
    )
    D.derive(
        GaussianLandscape(result=X, overlap=R, overlaps=Rab, inverse_temperature=beta, replicas=(a, b), n=n),
        "covariance",
        label="disorder-average",
        prose=r"The mean over the landscape is $\mathbb{E}\, Z^n = \int \mathrm{d}s\, e^{\mathcal{X}}$ with",
    )
    D.derive(
        SphericalSaddle(result=Phi, overlap=Rab, order=Q, replicas=(a, b), size=N, n=n),
        "disorder-average",
        label="potential-pairs",
        prose=r"and $\frac{1}{N} \log \mathbb{E}\, Z^n$ tends to the stationary value of",
    )


def _tree(D: Derivation) -> None:
    D.section("One step of replica symmetry breaking")
    D.assume(
        "tree",
        Equation(Q[a, b], q),
        assumption=ledger.A4_1RSB,
        prose="The replicas fall into blocks of size $m$; inside a block, $a \\neq b$, and $q_0$ takes its "
        "place between blocks:",
    )
    D.derive(
        TreeAnsatz(n=n, sizes=(m,), values=(q0, q)),
        "potential-pairs",
        "tree",
        label="potential-tree",
        prose="On this tree the potential is",
    )
    D.derive(
        ReplicaLimit(n=n, result=phi), "potential-tree", label="potential", prose=r"and per replica, at $n \to 0$,"
    )
    D.assume(
        "far",
        Equation(q0, sp.Integer(0)),
        assumption=ledger.supported_by(
            ledger.A8,
            "Without a field the energy has no preferred direction; q_0 = 0 is stationary, and other "
            "branches have a field.",
        ),
        prose="Without a field different blocks are taken to be orthogonal,",
    )
    D.derive(Insert(), "potential", "far", label="potential-blocks", prose="so that")
    D.derive(Gradient(variable=q, result=phi_q), "potential-blocks", label="slope-overlap", prose="Its slopes are")
    D.derive(Gradient(variable=m, result=phi_m), "potential-blocks", label="slope-size", prose="and")


def _transition(D: Derivation) -> None:
    D.section("The static transition")
    D.define(
        "rate-definition",
        Equation(rate, phi_q / (1 - m), ":="),
        prose="At the transition the blocks appear with $m = 1$, where the slope in $q$ vanishes "
        "identically; per $1 - m$",
    )
    D.derive(Insert(tidy=True), "rate-definition", "slope-overlap", label="rate", prose="it is")
    D.derive(MeansAt(variable=m, value=sp.Integer(1)), "rate", label="rate-transition", prose="and at $m = 1$")
    D.derive(
        MeansAt(variable=m, value=sp.Integer(1)),
        "slope-size",
        label="slope-transition",
        prose="where the other slope is",
    )
    D.define("rate-vanishes", Equation(rate, sp.Integer(0)), prose="Both vanish,")
    D.define("square", Equation(beta**2, beta2), prose=r"and with $\beta_{\mathrm{s}}^2$ for $\beta^2$")
    D.derive(
        Insert(both=True),
        "rate-transition",
        "rate-vanishes",
        "square",
        label="rate-condition",
        prose="the first condition",
    )
    D.derive(SolveFor(unknown=beta2), "rate-condition", label="inverse-temperature", prose="gives the temperature,")
    D.define("gap-definition", Equation(gap, 2 * phi_m, ":="), prose="while twice the other slope,")
    D.derive(
        Insert(),
        "gap-definition",
        "slope-transition",
        "square",
        "inverse-temperature",
        label="gap-computed",
        prose="with this temperature",
    )
    D.derive(
        Restate(form=sp.log(1 - q) + q + q**2 / (p * (1 - q))),
        "gap-computed",
        label="transition",
        prose="must vanish too: the overlap at the transition is the root of",
    )
    D.define("temperature-definition", Equation(T, 1 / sp.sqrt(beta2), ":="), prose="The temperature")
    D.derive(
        Insert(), "temperature-definition", "inverse-temperature", label="temperature", prose="of the transition is"
    )


PARAMETERS = (Parameter(NOTATION["p"]),)
RESULTS = (
    Result("static_temperature", "temperature", "temperature of the static transition"),
    Result("static_overlap", "transition", "overlap inside a block at the transition"),
)
EXAMPLE = {"p": "3"}


def case(point: Mapping[str, Any]) -> str:
    """p = 2 has no transition of this kind, p = 1 is a field."""
    if point["p"] < 3:
        raise OutsideDomain("p >= 3 is needed: for p <= 2 the overlap grows from zero")
    return "discontinuous"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The overlap between the trivial root 0 and 1."""
    D = derivation()
    found = {"static_temperature": D.claim("temperature").rhs, "static_overlap": q}
    return System(
        observables={k: found[k] for k in wanted},
        unknowns=(Unknown(q, sp.Rational(1, 10), 1 - 1 / (2 * p**2)),),
        equations=(D.claim("transition").rhs,),
        branch="the positive overlap",
    )


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

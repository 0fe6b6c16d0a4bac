"""One step of replica symmetry breaking: blocks of m replicas, on the sphere and for Ising spins."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...claim import Equation
from ...derivation import Limit
from ...quantity import POSITIVE, REAL, Quantity, interval
from ...system import Unknown
from .. import ledger
from ..continuation import ReplicaLimit
from ..insertion import Insert, MeansAt, SolveFor
from ..spherical import TreeAnsatz
from ..stationarity import Gradient, Slope, Stationary
from ..tree_spins import DecoupleTree, TreePairs
from .work import Work

BLOCKS = (
    "The replicas fall into blocks of size $m$; inside a block, $a \\neq b$, the order parameters are as follows, and "
    "between blocks those with the index 0 take their places:"
)


def _declare(work: Work) -> list[Any]:
    return work.declare(
        # Real, of both signs: q0 = 0 is a saddle point without a field.
        Quantity("q0", "overlap of replicas in different blocks", "q_0", interval(-1, 1), "unknown"),
        Quantity("q1", "overlap of replicas in one block", "q_1", interval(0, 1, "()"), "unknown"),
        Quantity("m", "size of a block", "m", POSITIVE, "unknown"),
        Quantity("phi_m", "slope of the potential in m", r"\partial_m \varphi", REAL),
        Quantity("u", "energy per spin", "u", role="result"),
    )


def sphere_tree(work: Work) -> None:
    """The potential on a tree of two levels, its three slopes, and the energy."""
    n, a, b, Q, phi, beta = work.symbols("n a b Q phi beta")
    q0, q1, m, phi_m, u = _declare(work)
    phi_0, phi_1 = work.declare(
        Quantity("phi_0", "slope of the potential in q_0", r"\partial_{q_0} \varphi", REAL),
        Quantity("phi_1", "slope of the potential in q_1", r"\partial_{q_1} \varphi", REAL),
    )
    work.D.section("One step of replica symmetry breaking")
    work.D.assume("tree", Equation(Q[a, b], q1), assumption=ledger.A4_1RSB, prose=BLOCKS)
    work.derive(
        TreeAnsatz(n=n, sizes=(m,), values=(q0, q1)),
        "potential-pairs",
        "tree",
        label="potential-tree",
        prose="On this tree the potential is",
    )
    work.derive(
        ReplicaLimit(n=n, result=phi), "potential-tree", label="potential", prose=r"and per replica, at $n \to 0$,"
    )
    for variable, name, label, start in (
        (q0, phi_0, "slope-outer", "It is stationary where its slopes vanish,"),
        (q1, phi_1, "slope-inner", "and"),
        (m, phi_m, "slope-size", "and"),
    ):
        work.derive(Gradient(variable=variable, result=name), "potential", label=label, prose=start)
    work.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="mean-energy",
        prose=r"The energy is $-\partial \varphi/\partial \beta$ at fixed order parameters,",
    )
    work.D.limits.append(Limit("infinite temperature", "potential", {beta: 0, q0: 0, q1: 0}, sp.Integer(0)))


def sphere_transition(work: Work) -> None:
    """xi without linear and quadratic terms: q_0 = 0, and the temperature at which blocks appear with m = 1."""
    xi: Any = work.model.disorder
    work.parameters = [p for p in work.parameters if p.name != "beta"]
    if xi.slope(0) != 0 or xi.slope(0, 2) != 0:
        # Then blocks appear continuously or in a field: the equations stand, no transition at m = 1 is computed.
        return
    beta, q0, q1, m, phi_m = work.symbols("beta q0 q1 m phi_m")
    phi_1 = work.symbols("phi_1")[0]
    rate, square, gap, T = work.declare(
        Quantity("rate", "slope in q_1 per 1 - m", r"\psi", REAL),
        Quantity(
            "square", "squared inverse temperature at the transition", r"\beta_{\mathrm{s}}^2", POSITIVE, "unknown"
        ),
        Quantity("gap", "what vanishes at the transition", r"\Delta", REAL),
        Quantity("T", "temperature of the static transition", r"T_{\mathrm{s}}", POSITIVE, "result"),
    )
    work.D.section("The static transition")
    work.D.assume(
        "far",
        Equation(q0, sp.Integer(0)),
        assumption=ledger.supported_by(
            ledger.A8, "Without a field the energy has no preferred direction, and q_0 = 0 is stationary."
        ),
        prose="Without a field different blocks are taken to be orthogonal,",
    )
    work.derive(Insert(tidy=True), "slope-inner", "far", label="inner-zero", prose="and the slopes become")
    work.derive(Insert(), "slope-size", "far", label="size-zero", prose="and")
    work.D.define(
        "rate-definition",
        Equation(rate, phi_1 / (1 - m), ":="),
        prose="At the transition the blocks appear with $m = 1$, where the first vanishes identically; per $1 - m$",
    )
    work.derive(Insert(tidy=True), "rate-definition", "inner-zero", label="rate", prose="it is")
    one = sp.Integer(1)
    work.derive(MeansAt(variable=m, value=one), "rate", label="rate-transition", prose="and at $m = 1$")
    work.derive(MeansAt(variable=m, value=one), "size-zero", label="size-transition", prose="where the other slope is")
    work.D.define("rate-vanishes", Equation(rate, sp.Integer(0)), prose="Both vanish,")
    work.D.define(
        "square-definition", Equation(beta**2, square), prose=r"and with the square of $\beta$ at the transition"
    )
    work.derive(
        Insert(both=True),
        "rate-transition",
        "rate-vanishes",
        "square-definition",
        label="rate-condition",
        prose="the first condition",
    )
    work.derive(SolveFor(unknown=square), "rate-condition", label="inverse-temperature", prose="gives the temperature,")
    work.D.define("gap-definition", Equation(gap, 2 * phi_m, ":="), prose="while twice the other slope,")
    work.derive(
        Insert(),
        "gap-definition",
        "size-transition",
        "square-definition",
        "inverse-temperature",
        label="transition",
        prose="with this temperature, must vanish too: the overlap at the transition is a root of",
    )
    work.D.define("temperature-definition", Equation(T, 1 / sp.sqrt(square), ":="), prose="The temperature")
    work.derive(
        Insert(), "temperature-definition", "inverse-temperature", label="temperature", prose="of the transition is"
    )
    work.result("static_temperature", "temperature", "temperature of the static transition")
    work.result("static_overlap", "transition", "overlap inside a block at the transition", q1)
    work.solve = lambda name: {
        "unknowns": (Unknown(q1, sp.Rational(1, 50), sp.Rational(99, 100)),),
        "equations": (work.D.claim("transition").rhs,),
        "branch": "the overlap between 1/50 and 99/100; several roots are refused and not chosen from",
    }


def ising_tree(work: Work) -> None:
    """One Gaussian field per level, the equations of the overlaps and of the size of a block."""
    n, a, b, Q, Qhat, phi, beta = work.symbols("n a b Q Qhat phi beta")
    q0, q1, m, phi_m, u = _declare(work)
    r0, r1 = work.declare(
        Quantity("r0", "conjugate of the overlap between blocks", r"\hat q_0", REAL, "unknown"),
        Quantity("r1", "conjugate of the overlap inside a block", r"\hat q_1", REAL, "unknown"),
    )
    work.parameters = [p for p in work.parameters if p.name != "beta"]
    work.D.section("One step of replica symmetry breaking")
    work.D.assume("ansatz", Equation(Q[a, b], q1), Equation(Qhat[a, b], r1), assumption=ledger.A4_1RSB, prose=BLOCKS)
    work.derive(
        TreePairs(n=n, sizes=(m,), orders=((Q, (q0, q1)), (Qhat, (r0, r1)))),
        "potential-pairs",
        "ansatz",
        label="potential-tree",
        prose="On this tree {potential-pairs} reads",
    )
    work.derive(
        DecoupleTree(n=n, size=m, conjugate=Qhat, values=(r0, r1)),
        "potential-tree",
        label="potential-decoupled",
        prose="One Gaussian field for all replicas and one for each block decouple the spins:",
    )
    work.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential",
        prose=r"At $n \to 0$ the potential per replica is",
    )
    work.D.section("The saddle-point equations")
    work.derive(
        Stationary(parameters=(q0, q1), solve=(r0, r1)),
        "potential",
        label="conjugates",
        prose="It is stationary in the overlaps when",
    )
    for parameter, unknown, label, start in (
        (r0, q0, "outer-overlap", "and in the conjugates, after integration by parts in both fields, when"),
        (r1, q1, "inner-overlap", "and"),
    ):
        rule = Stationary(parameters=(parameter,), solve=(unknown,))
        work.derive(rule, "potential", label=f"{label}-conjugate", prose=start)
    work.derive(
        Gradient(variable=m, result=phi_m),
        "potential",
        label="slope-size",
        prose="The size of the blocks is the one at which the slope of the potential vanishes:",
    )
    work.derive(
        Gradient(variable=beta, result=u, factor=sp.Integer(-1)),
        "potential",
        label="energy-conjugates",
        prose=r"The energy is $-\partial \varphi/\partial \beta$ at fixed order parameters,",
    )

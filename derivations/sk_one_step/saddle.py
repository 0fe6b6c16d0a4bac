"""From the tree of replicas to the equations of its five order parameters."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.insertion import Insert, MeansAt
from ...symbolic.replica.stationarity import Gradient, Slope, Stationary
from ...symbolic.replica.tree_spins import DecoupleTree, TreePairs
from .notation import Q, Qhat, a, b, beta, entropy, f, h, m, n, phi, phi_m, q0, q1, r0, r1, u


def tree(D: Derivation) -> None:
    D.section("One step of replica symmetry breaking")
    D.assume(
        "ansatz",
        Equation(Q[a, b], q1),
        Equation(Qhat[a, b], r1),
        assumption=ledger.A4_1RSB,
        prose="Replicas fall into $n/m$ blocks of size $m$. Inside a block, $a \\neq b$, the order parameters are as "
        "follows; between blocks $q_0$ and $\\hat q_0$ take their places:",
    )
    D.derive(
        TreePairs(n=n, sizes=(m,), orders=((Q, (q0, q1)), (Qhat, (r0, r1)))),
        "potential-pairs",
        "ansatz",
        label="potential-tree",
        prose="On this tree {potential-pairs} reads",
    )
    D.derive(
        DecoupleTree(n=n, size=m, conjugate=Qhat, values=(r0, r1)),
        "potential-tree",
        label="potential-decoupled",
        prose="One Gaussian field for all replicas and one for each block decouple the spins:",
    )
    D.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential",
        prose=r"At $n \to 0$ the potential per replica is",
    )


def saddle(D: Derivation) -> None:
    D.section("The saddle-point equations")
    D.derive(
        Stationary(parameters=(q0, q1), solve=(r0, r1)),
        "potential",
        label="conjugates",
        prose="It is stationary in the overlaps when",
    )
    for parameter, unknown, label, what in (
        (r0, q0, "outer-overlap-conjugate", "and in the conjugates, after integration by parts in both fields, when"),
        (r1, q1, "inner-overlap-conjugate", "and"),
    ):
        D.derive(Stationary(parameters=(parameter,), solve=(unknown,)), "potential", label=label, prose=what)
    D.derive(
        Insert(),
        "outer-overlap-conjugate",
        "conjugates",
        label="outer-overlap",
        prose="With the conjugates inserted these are",
    )
    D.derive(Insert(), "inner-overlap-conjugate", "conjugates", label="inner-overlap", prose="and")
    D.derive(Insert(), "potential", "conjugates", label="potential-overlaps", prose="while the potential becomes")
    D.derive(
        Gradient(variable=m, result=phi_m),
        "potential-overlaps",
        label="slope-size",
        prose="The size of the blocks is the one at which its slope vanishes:",
    )


def thermodynamics(D: Derivation) -> None:
    D.section("Free energy, energy and entropy without a field")
    for source, label, what in (
        ("outer-overlap", "outer-zero-field", "Without a field the overlaps solve"),
        ("inner-overlap", "inner-zero-field", "and"),
        ("slope-size", "slope-zero-field", "the slope in the size of a block, which vanishes, is"),
        ("potential-overlaps", "potential-zero-field", "and the potential is"),
    ):
        D.derive(MeansAt(variable=h, value=sp.Integer(0)), source, label=label, prose=what)
    D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin,")
    D.derive(
        Insert(),
        "free-energy-definition",
        "potential-zero-field",
        label="free-energy",
        prose="is, at the saddle point, at which it is largest and not smallest,",
    )
    D.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="energy-conjugates",
        prose=r"The energy is $-\partial \varphi/\partial \beta$ at fixed order parameters,",
    )
    D.derive(
        MeansAt(variable=h, value=sp.Integer(0)),
        "energy-conjugates",
        label="mean-energy",
        prose="that is, without a field,",
    )
    D.define("entropy-definition", Equation(entropy, phi + beta * u, ":="), prose="and the entropy,")
    D.derive(
        Insert(),
        "entropy-definition",
        "potential-zero-field",
        "mean-energy",
        label="entropy",
        prose="is",
    )

"""One step of replica symmetry breaking in the SK model: equations only; `quenched check` takes this file."""

from __future__ import annotations

from functools import cache

import sympy as sp

from quenched.derivations import sk
from quenched.symbolic.claim import Equation
from quenched.symbolic.derivation import Derivation
from quenched.symbolic.quantity import POSITIVE, REAL, Notation, Quantity, interval
from quenched.symbolic.replica import ledger
from quenched.symbolic.replica.continuation import ReplicaLimit
from quenched.symbolic.replica.insertion import Insert
from quenched.symbolic.replica.stationarity import Gradient, Stationary
from quenched.symbolic.replica.tree_spins import DecoupleTree, TreePairs

SHARED = ("beta", "h", "N", "n", "a", "b", "H", "J", "s", "sigma", "R", "Q", "Qhat", "X", "Phi", "phi")
NOTATION = Notation(
    *(sk.NOTATION[name] for name in SHARED),
    # Real, of both signs: q0 = 0 is a saddle point without a field.
    Quantity("q0", "overlap of replicas in different blocks", "q_0", interval(-1, 1), "unknown"),
    Quantity("q1", "overlap of replicas in one block", "q_1", interval(-1, 1), "unknown"),
    Quantity("r0", "conjugate of the overlap between blocks", r"\hat q_0", REAL, "unknown"),
    Quantity("r1", "conjugate of the overlap inside a block", r"\hat q_1", REAL, "unknown"),
    Quantity("m", "size of a block", "m", POSITIVE, "unknown"),
    Quantity("phi_m", "slope of the potential in the size of a block", r"\partial_m \varphi"),
    Quantity("u", "energy per spin", "u", role="result"),
)
beta, n, a, b, Q, Qhat, phi = NOTATION.symbols("beta n a b Q Qhat phi")
q0, q1, r0, r1, m, phi_m, u = NOTATION.symbols("q0 q1 r0 r1 m phi_m u")


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="sk_1rsb",
        title="The Sherrington-Kirkpatrick model with one step of replica symmetry breaking",
        abstract="Below the line of de Almeida and Thouless replicas fall into blocks. One step of replica "
        "symmetry breaking "
        "gives a potential with a Gaussian field for each level, and the equations of its five order parameters.",
        sources=(
            "G. Parisi, A sequence of approximated solutions to the S-K model for spin glasses, "
            "Journal of Physics A 13, 1980",
        ),
        notation=NOTATION,
        falsifier="A ground-state energy below the one of this ansatz by more than the error of a simulation.",
    )
    sk.replicated(D)
    _tree(D)
    _saddle(D)
    return D


def _tree(D: Derivation) -> None:
    D.section("One step of replica symmetry breaking")
    D.assume(
        "ansatz",
        Equation(Q[a, b], q1),
        Equation(Qhat[a, b], r1),
        assumption=ledger.A4_1RSB,
        prose="Replicas fall into $n/m$ blocks of size $m$. Inside a block, $a \\neq b$, the order "
        "parameters are as follows; "
        "between blocks $q_0$ and $\\hat q_0$ take their places:",
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


def _saddle(D: Derivation) -> None:
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
    D.derive(
        Gradient(variable=beta, result=u, factor=sp.Integer(-1)),
        "potential",
        label="energy-conjugates",
        prose=r"The energy is $-\partial \varphi/\partial \beta$ at fixed order parameters,",
    )


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

"""Gradient descent with finite steps: how much of the imbalance one step destroys, exactly."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate
from ...symbolic.rules.sums import InsertEntries
from .notation import dot, i, symbols

eta_a, eta_w, a, w, G, delta = symbols("eta_a eta_w a w G delta")
step_size, a_next, w_next, delta_next = symbols("step_size a_next w_next delta_next")


def discrete(D: Derivation) -> None:
    D.section("Finite steps")
    D.define(
        "step",
        Equation(a_next, a - step_size * eta_a * dot(w, G), ":="),
        Equation(w_next[i], w[i] - step_size * eta_w * a * G[i], ":="),
        prose="Gradient descent replaces the flow {flow} by steps of a finite duration,",
    )
    D.define(
        "imbalance-next",
        Equation(delta_next, eta_w * a_next**2 - eta_a * dot(w_next, w_next), ":="),
        prose="after which the imbalance is",
    )
    D.derive(
        InsertEntries(), "imbalance-next", "step", label="imbalance-step", prose="In terms of the state before it is"
    )
    turning = dot(w, w) * dot(G, G) - dot(w, G) ** 2
    D.derive(
        Restate(
            form=delta * (1 - step_size**2 * eta_a * eta_w * dot(G, G)) - step_size**2 * eta_a**2 * eta_w * turning
        ),
        "imbalance-step",
        "imbalance",
        label="drift",
        prose="It drifts by terms of second order: one shrinks it, the other, which vanishes if $w$ and $G$ are "
        "parallel, always lowers it,",
    )

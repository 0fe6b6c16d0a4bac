"""Section 4: when the negative eigenvalues coincide, the network is one neuron."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import PositiveRoot, Restate, SolveLinear, Substitute
from ...symbolic.rules.word_flows import SameSolution
from ...symbolic.rules.word_traces import BlockEntry, WordScalar
from ...symbolic.rules.words import WordIdentity, WordInsert, WordIsolate, WordRate, WordRestate
from .draws import neuron_weights, two_values
from .notation import n_d, n_s, symbols

eta_a, eta_w, a, W, beta, size_a = symbols("eta_a eta_w a W beta size_a")
g, J, J_bar, N, N_dot, alpha, gamma, E, P, P_dot = symbols("g J J_bar N N_dot alpha gamma E P P_dot")
z, z_dot, Q, Q_dot, P_0, Q_0, z_0, a_e, w_e, delta_eff = symbols("z z_dot Q Q_dot P_0 Q_0 z_0 a_e w_e delta_eff")
p_1, p_2, spread, shift = symbols("p_1 p_2 spread shift")


def _row_blocks(top: Any, bottom: Any) -> Any:
    return sp.BlockMatrix([[top], [bottom]])


def neuron(D: Derivation) -> None:
    D.section("The effective neuron")
    _rank_one(D)
    _traces(D)
    _evolution(D)
    _components(D)


def _rank_one(D: Derivation) -> None:
    D.define(
        "two-values",
        Equation(N * J, alpha * E - gamma * (sp.Identity(n_s) - E), ":="),
        Equation(E * E, E, ":="),
        Equation(sp.Trace(E), sp.Integer(1), ":="),
        prose=r"Let $\Delta$ have the eigenvalues $\alpha \ge 0$ (once), $-\gamma \le 0$ ($d$ times) and 0. For an "
        r"eigenvector $v$ of $\Delta$ with an eigenvalue other than 0, $\Theta^\top v$ is an eigenvector of $NJ$ with "
        "the same eigenvalue, so that, with a projector $E$ of rank one,",
    )
    one, rest = sp.Identity(1), sp.Identity(n_d)
    D.define(
        "inverse-metric",
        Equation(
            J_bar, sp.BlockMatrix([[one / eta_w, sp.ZeroMatrix(1, n_d)], [sp.ZeroMatrix(n_d, 1), -rest / eta_a]]), ":="
        ),
        prose="With the inverse of the metric,",
    )
    D.derive(
        WordIdentity(word=J_bar * J, form=sp.Identity(n_s)),
        "inverse-metric",
        "metric",
        label="inverse",
        prose="for which",
    )
    D.define(
        "shifted",
        Equation(P, N + gamma * J_bar, ":="),
        prose="we shift the state by",
    )
    D.derive(
        WordIdentity(word=P * J, form=(alpha + gamma) * E, draw=two_values),
        "shifted",
        "inverse",
        "two-values",
        label="shifted-projector",
        prose="The shift makes it a multiple of the projector,",
    )
    D.define(
        "rank-one",
        Equation(P, z * z.T, ":="),
        prose=r"So the symmetric matrix $P$ has rank one. Its first entry $|a|^2 + \gamma/\eta_w$ is positive, hence "
        r"there is a vector $z \in \mathbb{R}^{1+d}$ with",
    )
    D.define(
        "effective-imbalance",
        Equation(delta_eff, sp.Trace(z.T * J * z), ":="),
        prose=r"Read as the parameters of one neuron, $z$ has the imbalance",
    )
    D.derive(
        WordIsolate(word=z * z.T, symmetric=(P,)),
        "rank-one",
        label="rank-one-inverse",
        prose="Read backwards, {rank-one} says",
    )
    D.derive(
        WordScalar(results=(delta_eff,), cyclic=z * z.T * J, draw=two_values),
        "effective-imbalance",
        "rank-one-inverse",
        "shifted-projector",
        "two-values",
        label="delta-effective",
        prose=r"so that this is the trace of {shifted-projector}. The scales of the two layers add:",
    )


def _traces(D: Derivation) -> None:
    """gamma and delta_eff from the first two traces of N J."""
    D.define("first-trace", Equation(p_1, sp.Trace(N * J), ":="), prose="The two values follow from the traces")
    D.define("second-trace", Equation(p_2, sp.Trace(N * J * N * J), ":="), prose="and")
    D.derive(
        WordScalar(results=(p_1, p_2), draw=two_values),
        "first-trace",
        "second-trace",
        "two-values",
        label="two-traces",
        prose="of the start. By {two-values} they are",
    )
    D.define(
        "variance",
        Equation(spread, (n_d + 1) * p_2 - p_1**2, ":="),
        prose="The spread of the eigenvalues,",
    )
    D.derive(Substitute(), "variance", "two-traces", label="variance-values", prose="is, with {two-traces},")
    D.derive(
        Restate(form=n_d * delta_eff**2),
        "variance-values",
        "delta-effective",
        label="variance-effective",
        prose="that is",
    )
    D.derive(
        PositiveRoot(unknown=delta_eff), "variance-effective", label="delta-root", prose="so that the imbalance is"
    )
    D.define("shift", Equation(shift, (delta_eff - p_1) / (n_d + 1), ":="), prose="The combination")
    D.derive(
        Restate(form=gamma),
        "shift",
        "delta-effective",
        "two-traces",
        label="shift-value",
        prose=r"is the other value,",
    )


def _evolution(D: Derivation) -> None:
    D.derive(
        WordIdentity(word=J_bar * g, form=-g.T * J_bar, symmetric=(J_bar,)),
        "inverse-metric",
        "algebra",
        label="inverse-algebra",
        prose="As {lie-algebra} holds for the inverse metric too,",
    )
    D.derive(
        WordRate(rate=P_dot, rates=((N, N_dot),)),
        "shifted",
        "state-flow",
        label="shifted-rate",
        prose="the shifted state, which moves as",
    )
    D.derive(
        WordRestate(form=-g.T * P - P * g),
        "shifted-rate",
        "shifted",
        "inverse-algebra",
        "inverse-metric",
        "algebra",
        label="shifted-flow",
        prose="obeys the same linear equation as the state,",
    )
    D.define("neuron-flow", Equation(z_dot, -g.T * z, ":="), prose="One neuron with the same gradient moves as")
    D.define("neuron-state", Equation(Q, z * z.T, ":="), prose="For its state")
    D.derive(
        WordRate(rate=Q_dot, rates=((z, z_dot),)),
        "neuron-state",
        "neuron-flow",
        label="neuron-rate",
        prose="this gives",
    )
    D.derive(
        WordIsolate(word=z * z.T, symmetric=(Q,)),
        "neuron-state",
        label="neuron-square",
        prose="Read backwards, {neuron-state} says",
    )
    D.derive(
        WordInsert(),
        "neuron-rate",
        "neuron-square",
        label="neuron-state-flow",
        prose="so that it is again the same equation,",
    )
    D.define(
        "common-start",
        Equation(P_0, z_0 * z_0.T, ":="),
        Equation(Q_0, z_0 * z_0.T, ":="),
        prose="The two solutions have the same start,",
    )
    D.derive(
        SameSolution(solutions=(P, z * z.T), letter=Q),
        "shifted-flow",
        "neuron-state-flow",
        "common-start",
        label="effective",
        prose="hence they agree at all times, for any data and any loss: the wide network moves as one neuron,",
    )


def _components(D: Derivation) -> None:
    D.define(
        "neuron-parameters",
        Equation(z, _row_blocks(a_e * sp.Identity(1), w_e), ":="),
        prose="With the weights of this neuron",
    )
    blocks = ("shifted", "state", "parameters", "inverse-metric", "neuron-parameters")
    D.derive(
        BlockEntry(place=(0, 0), word=a_e**2, draw=neuron_weights),
        "effective",
        *blocks,
        "length",
        label="output-square",
        prose="the first entry of {effective} reads",
    )
    D.derive(PositiveRoot(unknown=a_e), "output-square", label="output-root", prose="As $a_e > 0$,")
    D.derive(
        Restate(form=sp.sqrt(size_a + gamma / eta_w)),
        "output-root",
        label="output-effective",
        prose="The output weight of the effective neuron is",
    )
    D.derive(
        BlockEntry(place=(1, 0), word=W.T * a, draw=neuron_weights),
        "effective",
        *blocks,
        label="predictor-effective",
        prose="The entries below it are the predictor,",
    )
    D.derive(
        WordIsolate(word=w_e, draw=neuron_weights),
        "predictor-effective",
        label="input-effective",
        prose="The input weights of the effective neuron are",
    )
    D.derive(
        WordRestate(form=beta / a_e),
        "input-effective",
        "predictor",
        label="input-predictor",
        prose="They are parallel to the predictor,",
    )
    D.derive(
        BlockEntry(place=(1, 1), word=W.T * W, draw=neuron_weights),
        "effective",
        *blocks,
        label="gram-effective",
        prose="The other entries are",
    )
    D.derive(
        SolveLinear(unknown=size_a), "output-square", label="length-effective", prose="With {output-square} solved,"
    )
    D.derive(
        WordRestate(form=eta_w * a_e**2 * sp.Identity(n_d) + eta_a * w_e * w_e.T, draw=neuron_weights),
        "preconditioner",
        "gram-effective",
        "length-effective",
        label="preconditioner-effective",
        prose=r"the preconditioner {preconditioner} is that of the effective neuron, a function of $\beta$ and "
        r"$\delta_{\mathrm{eff}}$ alone. It is a lazy one if $\delta_{\mathrm{eff}}$ is large, whichever layer "
        r"is larger:",
    )

"""Section 5: limits, the basin and its exact sign rule, the separatrix, the zero of a."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, SolveLinear, Substitute
from ...symbolic.rules.flow import Bernoulli, Companion, ReduceModulo, Select
from ...symbolic.rules.long_time import ConjugateProduct, LongTime, ZeroOfState
from .notation import symbols

eta_a, eta_w, a0, t, a, p, q, p0, q0, s = symbols("eta_a eta_w a0 t a p q p0 q0 s")
a_dot, q_dot, delta, Lambda, m, m_bar, sigma, delta_abs, q0_sq = symbols(
    "a_dot q_dot delta Lambda m m_bar sigma delta_abs q0_sq"
)
X, X_bar, P, a_inf, p_inf, q_inf, t_zero = symbols("X X_bar P a_inf p_inf q_inf t_zero")
Y_a, Y_p, Y_q, c_plus, d_plus = symbols("Y_a Y_p Y_q c_plus d_plus")
RATE = ("rate", "mean-rate")


def long_time(D: Derivation) -> None:
    D.section("Long times, basin and separatrix")
    _limits(D)
    _basin(D)
    _separatrix(D)
    _zero(D)


def _limits(D: Derivation) -> None:
    for name, growing, root in (("upstream", c_plus, m), ("downstream", d_plus, m_bar)):
        D.derive(
            LongTime(names=(a_inf, p_inf, q_inf), time=t),
            "state",
            f"state-{name}",
            f"length-{name}",
            f"weighted-{name}",
            "rise",
            "decay",
            "transverse-time",
            label=f"limit-{name}",
            prose=rf"As $t \to \infty$ the exponentials in {{state-{name}}} and {{length-{name}}} vanish. If the "
            rf"growing mode is present, the {name} flow tends to",
        )
        D.define(
            f"sign-{name}", Equation(sigma, growing / sp.Abs(growing), ":="), prose="With the sign of its amplitude"
        )
        D.derive(
            Select(lhs=(a_inf,)), f"limit-{name}", label=f"limit-a-{name}", prose="The limit of the output weight is"
        )
        D.derive(
            Restate(form=sigma * sp.sqrt(root) / sp.sqrt(eta_w)),
            f"limit-a-{name}",
            f"sign-{name}",
            "conjugate-stable",
            "mean-rate",
            label=f"interpolator-{name}",
            prose="By {conjugate-stable} and {mean-rate} this is",
        )
        D.derive(
            Select(lhs=(p_inf,)),
            f"limit-{name}",
            label=f"limit-p-{name}",
            prose="The limit of the component along the target is",
        )
        D.derive(
            Restate(form=s / a_inf),
            f"limit-p-{name}",
            f"interpolator-{name}",
            f"sign-{name}",
            "conjugate-stable",
            "mean-rate",
            label=f"weights-{name}",
            prose=r"The limit interpolates, $w_\infty = \beta_*/a_\infty$:",
        )


def _basin(D: Derivation) -> None:
    D.define(
        "growth",
        Equation(X, (Lambda + delta / 2) * a0 + eta_a * s * p0, ":="),
        prose=r"The sign of $a_\infty$ is the same on both sides of $\delta = 0$. With",
    )
    for name, form in (("upstream", X / (2 * Lambda * m)), ("downstream", X / (2 * Lambda * eta_a * s))):
        D.derive(
            Restate(form=form),
            f"growing-{name}",
            "growth",
            "moduli",
            *RATE,
            name,
            label=f"basin-{name}",
            prose=rf"The amplitude of the growing mode is {name}",
        )
    D.derive(
        ConjugateProduct(root=Lambda, conjugate=X_bar),
        "growth",
        *RATE,
        label="conjugate-product",
        prose=r"Hence $\sigma = \operatorname{sgn} X$. This sign is decided without a root: with the "
        r"conjugate $\bar X$, in which $\Lambda$ has the opposite sign,",
    )
    D.define("overlap-start", Equation(p0, P / s, ":="), prose=r"In terms of the overlap $P = w_0 \cdot \beta_*$,")
    D.derive(Substitute(), "conjugate-product", "overlap-start", label="conjugate-overlap", prose="The product becomes")
    D.derive(
        Restate(form=eta_a * (eta_a * P**2 + delta * a0 * P - eta_w * s**2 * a0**2)),
        "conjugate-overlap",
        label="sign-rule",
        prose=r"It is rational for rational data. If $\eta_a P + \delta a_0/2$ and $a_0$ have no opposite signs, "
        r"$\sigma$ is their common sign; otherwise it is the sign of the former times that of",
    )


def _separatrix(D: Derivation) -> None:
    D.define(
        "no-growth",
        Equation(d_plus, sp.Integer(0), ":="),
        prose=r"On the separatrix of the two basins, which exists for $\delta \le 0$, the growing mode is absent,",
    )
    D.derive(
        Substitute(both=True),
        "growing-downstream",
        "no-growth",
        label="balance",
        prose="By {growing-downstream} this means",
    )
    D.derive(SolveLinear(unknown=p0), "balance", label="separatrix-start", prose="The flow starts on the line")
    D.derive(
        Substitute(),
        "state-downstream",
        "no-growth",
        label="separatrix-direction",
        prose="Then {state-downstream} reads",
    )
    D.define(
        "line",
        Equation(p, a * Y_p / Y_a, ":="),
        prose="The state remains on the line, as $p/a = Y_p/Y_a$:",
    )
    D.derive(
        Substitute(),
        "line",
        "separatrix-direction",
        label="separatrix-line",
        prose="With {separatrix-direction} this is",
    )
    D.derive(
        Select(lhs=(a_dot,)),
        "plane-flow",
        label="flow-a",
        prose="On the line the first equation of {plane-flow} is to be solved,",
    )
    D.derive(
        ReduceModulo(eliminate=(q,)),
        "flow-a",
        "plane-level",
        label="flow-level",
        prose="On a level set {plane-level} it reads",
    )
    D.derive(
        Substitute(),
        "flow-level",
        "separatrix-line",
        "downstream",
        label="flow-line",
        prose="With {separatrix-line} it becomes",
    )
    D.derive(
        Restate(form=-m * a - eta_w * a**3),
        "flow-line",
        "moduli",
        *RATE,
        "downstream",
        label="separatrix-flow",
        prose="This is a Bernoulli equation,",
    )
    D.derive(
        Bernoulli(variable=a, initial=a0, time=t), "separatrix-flow", label="separatrix-a", prose="Its solution is"
    )
    D.derive(Select(lhs=(q_dot,)), "plane-flow", label="flow-q", prose="The transverse part solves, by {plane-flow},")
    D.derive(
        Companion(known=a, variable=q, starts=(a0, q0), time=t),
        "separatrix-flow",
        "flow-q",
        "separatrix-a",
        label="separatrix-q",
        prose="As the logarithmic derivatives of $a$ and $q$ differ by a constant,",
    )
    D.derive(
        LongTime(names=(q_inf,), time=t),
        "separatrix-q",
        label="saddle",
        prose="The limit is no interpolator but a saddle: $a$ and $p$ vanish, and",
    )
    _transverse_start(D)


def _transverse_start(D: Derivation) -> None:
    """On the separatrix the transverse part at the start is not free."""
    D.define(
        "state-start",
        Equation(a, a0, ":="),
        Equation(p, p0, ":="),
        Equation(q, sp.sqrt(q0_sq), ":="),
        prose="This is the waist {waist-radius}. Indeed, at $t = 0$",
    )
    D.derive(
        Substitute(), "plane-level", "state-start", label="level-start", prose="There the imbalance {plane-level} is"
    )
    D.derive(
        Substitute(both=True),
        "level-start",
        "separatrix-start",
        "downstream",
        label="level-separatrix",
        prose="On the line {separatrix-start} this reads",
    )
    D.derive(
        SolveLinear(unknown=q0_sq),
        "level-separatrix",
        label="transverse-start",
        prose="Hence the transverse part at the start is not free,",
    )
    D.derive(
        Restate(form=delta_abs * (1 + eta_w * a0**2 / m) / eta_a),
        "transverse-start",
        "moduli",
        *RATE,
        "downstream",
        label="transverse-forced",
        prose="With {moduli} and {rate} it is",
    )


def _zero(D: Derivation) -> None:
    D.derive(
        ZeroOfState(state=Y_a, result=t_zero, time=t),
        "state-downstream",
        "decay",
        label="zero",
        prose=r"Finally, $a$ vanishes at most once, since {state-downstream} is linear in the decreasing function $e$. "
        r"It does so if and only if $\sigma = -\operatorname{sgn} a_0 \ne 0$, at the time",
    )

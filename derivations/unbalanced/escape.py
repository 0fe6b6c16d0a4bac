"""Section 6: the time at which a start near the saddle leaves it, and what is learnt by then."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.limits import At
from ...symbolic.rules.long_time import LongTime, ZeroOfState
from .notation import symbols

eta_w, t, a, p, q, q0, s, e = symbols("eta_w t a p q q0 s e")
delta, Lambda, X, c_minus, d_minus = symbols("delta Lambda X c_minus d_minus")
grow, excess, t_escape, progress = symbols("grow excess t_escape progress")
RATE = ("rate", "mean-rate")


def escape(D: Derivation) -> None:
    D.section("Saddle escape")
    for name in ("upstream", "downstream"):
        D.derive(
            LongTime(names=(grow,), time=t),
            f"length-{name}",
            f"weighted-{name}",
            "rise",
            "decay",
            "transverse-time",
            label=f"growing-term-{name}",
            prose=r"The fastest growing term of $\rho^2 = e^{2 \Lambda t} R$ is $\Theta e^{2 \Lambda t}$ with the "
            r"limit $\Theta$ of $R$ at long times. By {length-upstream} it is upstream"
            if name == "upstream"
            else "By {length-downstream} it is downstream",
        )
    _time(D)
    _threshold(D)
    _learnt(D)


def _time(D: Derivation) -> None:
    D.define(
        "excess",
        Equation(excess, grow - e, ":="),
        prose=r"A start of small weights is near the saddle, $\Theta < 1$. It stays there until this term overtakes "
        r"the initial value $1$ of $\rho^2$, that is, until the sign of",
    )
    D.derive(
        ZeroOfState(state=excess, result=t_escape, time=t),
        "excess",
        "decay",
        label="escape-moment",
        prose="changes. This happens at the time",
    )
    for name in ("upstream", "downstream"):
        D.derive(
            Substitute(),
            "escape-moment",
            f"growing-term-{name}",
            label=f"escape-{name}",
            prose="In terms of the amplitude of the growing mode this is upstream"
            if name == "upstream"
            else "and downstream",
        )


def _threshold(D: Derivation) -> None:
    """Theta in terms of X, a rational function of the rate whose comparison with 1 is exact."""
    for name in ("upstream", "downstream"):
        D.derive(
            Restate(form=eta_w * X**2 / (4 * Lambda**2 * (Lambda + delta / 2))),
            f"growing-term-{name}",
            f"growing-{name}",
            "growth",
            "moduli",
            *RATE,
            name,
            label=f"threshold-{name}",
            prose=r"The condition $\Theta < 1$ compares two numbers $u + v \Lambda$ with rational $u$ and $v$, if the "
            r"data are rational, and is decided without a root. With {growth}, upstream"
            if name == "upstream"
            else "and downstream as well",
        )


def _learnt(D: Derivation) -> None:
    """A start on the growing mode: how far the predictor and the loss are at the escape."""
    D.define(
        "growing-only",
        Equation(c_minus, sp.Integer(0), ":="),
        Equation(d_minus, sp.Integer(0), ":="),
        Equation(q0, sp.Integer(0), ":="),
        Equation(q, sp.Integer(0), ":="),
        prose="What is learnt by then is seen best for a start that consists of the growing mode alone; any other "
        "small start adds terms that are still small then,",
    )
    D.define("moment", Equation(e, grow, ":="), given=(grow < 1,), prose="At the escape, by {excess},")
    D.define("progress", Equation(progress, a * p, ":="), prose="The predictor along the target,")
    D.derive(Substitute(), "progress", "state", label="progress-direction", prose="is by {state}")
    for name in ("upstream", "downstream"):
        D.derive(
            Substitute(),
            "progress-direction",
            f"state-{name}",
            f"length-{name}",
            "rise",
            "growing-only",
            "moment",
            label=f"progress-{name}-modes",
            prose=f"{name.capitalize()} it is at that moment",
        )
        D.derive(
            Restate(form=s / (2 - grow)),
            f"progress-{name}-modes",
            f"growing-term-{name}",
            label=f"progress-{name}",
            prose="that is,",
        )
    D.derive(
        At(variable=grow, value=0),
        "progress-upstream",
        label="progress-small",
        prose=r"For a small start, $\Theta \to 0$, the predictor is half of the target,",
    )
    D.derive(
        Restate(form=((progress - s) ** 2 + a**2 * q**2) / 2),
        "loss-stable",
        "miss",
        "progress",
        label="loss-progress",
        prose="The loss {loss-stable} is",
    )
    D.derive(
        Substitute(),
        "loss-progress",
        "progress-upstream",
        "growing-only",
        label="loss-moment",
        prose="At the escape it is",
    )
    D.derive(
        Restate(form=s**2 * ((1 - grow) / (2 - grow)) ** 2 / 2),
        "loss-moment",
        label="loss-escape",
        prose="that is,",
    )
    D.derive(
        At(variable=grow, value=0),
        "loss-escape",
        label="loss-small",
        prose=r"For a small start it has fallen not to a half but to a quarter of its value $s^2/2$ at the saddle:",
    )

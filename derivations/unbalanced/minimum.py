"""Section 8: the rates at which the predictor reaches the target, as eigenvalues of the preconditioner there."""

from __future__ import annotations

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.sums import InsertEntries
from .notation import i, symbols

beta, beta_star, zeta, r, s, kappa, delta = symbols("beta beta_star zeta r s kappa delta")
rate_along, rate_across, Lambda, m, m_bar = symbols("rate_along rate_across Lambda m m_bar")
RATE = ("rate", "mean-rate")


def minimum(D: Derivation) -> None:
    D.section("Rates at the minimum")
    D.define(
        "deviation",
        Equation(beta[i], beta_star[i] + zeta[i], ":="),
        prose=r"For whitened inputs, let the predictor deviate from the target by $\zeta$,",
    )
    D.derive(
        InsertEntries(),
        "residual",
        "deviation",
        label="residual-deviation",
        prose="The gradient {residual} of the loss is this deviation,",
    )
    D.derive(
        InsertEntries(),
        "predictor-flow",
        "residual-deviation",
        label="deviation-flow",
        prose=r"As the target is constant, {predictor-flow} is the velocity of the deviation, $\dot\zeta = -M\zeta$:",
    )
    D.define(
        "minimum",
        Equation(r, s, ":="),
        prose=r"The velocity contains $\zeta$ as a factor, so to first order $M$ is taken at $\beta = \beta_*$, where",
    )
    D.derive(
        Substitute(result=rate_along),
        "along",
        "minimum",
        label="rate-along-target",
        prose="There the eigenvalue {along} is",
    )
    D.derive(
        Restate(form=2 * Lambda),
        "rate-along-target",
        "rate",
        label="rate-along",
        prose=r"By {rate}, the deviation along $\beta_*$ decays at the rate",
    )
    D.derive(
        Substitute(result=rate_across),
        "across",
        "minimum",
        label="rate-across-target",
        prose="The eigenvalue {across} is there",
    )
    D.derive(
        Restate(form=Lambda + delta / 2),
        "rate-across-target",
        "rate",
        label="rate-across",
        prose=r"The deviations across $\beta_*$ decay, never faster, at the rate",
    )
    for name, form, words in (
        ("upstream", m, r"Without cancellation it is, for $\delta \ge 0$,"),
        ("downstream", m_bar, r"For $\delta \le 0$ it is the smaller rate, which {conjugate-stable} evaluates,"),
    ):
        known = ("moduli",) if name == "upstream" else ("conjugate",)
        D.derive(
            Restate(form=form),
            "rate-across",
            *known,
            name,
            label=f"rate-across-{name}",
            prose=words,
        )

"""Section 4: the sign of the limit of a, wherever it can be read off the start."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate
from ...symbolic.rules.flow import Select
from ...symbolic.rules.row_space import InsertZeros
from ...symbolic.rules.sign_rules import Dissipation
from ...symbolic.rules.sums import InsertEntries
from .notation import combination, d, dot, i, j, symbols

eta_a, a, w, y, loss_dot, G, g_a, g_w, a_dot, w_dot, pull = symbols("eta_a a w y loss_dot G g_a g_w a_dot w_dot pull")


def signs(D: Derivation) -> None:
    D.section("The sign")
    D.derive(
        Dissipation(rate=loss_dot, pairs=((a, a_dot, g_a), (w, w_dot, g_w)), outer=G, sum_index=j, size=d.symbol),
        "descent",
        "slopes",
        "predictor",
        label="dissipation",
        prose=r"If $\delta' > 0$, {row-level} shows that $a$ never vanishes, and $\sigma = \operatorname{sgn} a_0$. "
        r"For $\delta' = 0$ it vanishes only at the saddle $a = 0$, $w^{\mathrm{row}} = 0$, which is not reached in "
        r"finite time. In general, the loss decreases strictly until the flow rests,",
    )
    D.define("crossing", Equation(a, sp.Integer(0), ":="), prose="Where $a$ vanishes,")
    D.derive(InsertZeros(), "predictor", "crossing", label="crossing-predictor", prose="the predictor is the origin,")
    D.derive(
        InsertZeros(),
        "residual",
        "crossing-predictor",
        label="crossing-residual",
        prose="the residuals are",
    )
    D.derive(
        InsertZeros(),
        "loss",
        "crossing-residual",
        label="crossing-loss",
        prose="and the loss always has the same value,",
    )
    D.derive(
        InsertZeros(),
        "gradient",
        "crossing-residual",
        label="crossing-gradient",
        prose=r"By {dissipation} this happens at most once, and never if $\mathcal{L}(\beta_0) < \mathcal{L}(0)$; then "
        r"$\sigma = \operatorname{sgn} a_0$ too. The gradient there is",
    )
    D.define("pull", Equation(pull[i], combination(y), ":="), prose="With the correlation of data and labels")
    D.derive(
        Restate(form=-pull[i]), "crossing-gradient", "pull", label="crossing-pull", prose="it is opposite to the pull,"
    )
    D.derive(Select(lhs=(a_dot,)), "flow", label="flow-a", prose="The first equation of {flow} is")
    D.derive(
        InsertEntries(),
        "flow-a",
        "crossing-pull",
        label="crossing-entries",
        prose="Where $a = 0$, it reads",
    )
    D.derive(
        Restate(form=eta_a * dot(w, pull)),
        "crossing-entries",
        label="crossing-speed",
        prose=r"If $a_0 = 0$, this is the one zero of $a$, and $\sigma = \operatorname{sgn}(w_0 \cdot X^\top y)$ by",
    )

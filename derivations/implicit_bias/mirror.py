"""Section 7: the flow as a mirror flow in warped time: dual and primal potential, Hessian, stationarity."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.flow import AlongFlow, Select
from ...symbolic.rules.mirror import DualPotential, LevelRoot, RadialHessian, RadialSlope
from ...symbolic.rules.preconditioner import Preconditioner, RankOneSpectrum
from ...symbolic.rules.row_space import Accumulate, NullProducts
from ...symbolic.rules.sums import InsertEntries
from .model import FLOW
from .notation import X, d, dot, i, j, symbols

eta_a, eta_w, a, w, w_dot, beta, G, r, delta, kappa, v = symbols("eta_a eta_w a w w_dot beta G r delta kappa v")
tau, alpha, W, theta, theta_dot, beta_dot = symbols("tau alpha W theta theta_dot beta_dot")
potential_dual, potential, slope, hess_along, hess_across = symbols(
    "potential_dual potential slope hess_along hess_across"
)
along, across, S, length, gap, shift, multiplier, kkt = symbols("along across S length gap shift multiplier kkt")
M, w_column = symbols("M w_column")
COORDINATES = (alpha, W)


def mirror(D: Derivation) -> None:
    D.section("Mirror structure")
    _dual(D)
    _primal(D)
    _hessian(D)
    _stationarity(D)


def _dual(D: Derivation) -> None:
    D.define(
        "sign-and-size",
        Equation(tau, a / sp.Abs(a), ":="),
        Equation(alpha, sp.Abs(a), ":="),
        prose="While $a$ keeps its sign, we separate it from its size,",
    )
    D.define("dual", Equation(theta[i], tau * w[i], ":="), prose="The dual variable is")
    D.derive(AlongFlow(rate=theta_dot, rates=((w, w_dot),)), "dual", "flow", label="dual-rate", prose="It moves as")
    D.derive(
        Restate(form=-eta_w * alpha * G[i]),
        "dual-rate",
        "sign-and-size",
        label="dual-flow",
        prose="So $|a|$ is nothing but a warp of time:",
    )
    D.derive(
        Restate(form=alpha * theta[i]),
        "predictor",
        "dual",
        "sign-and-size",
        label="predictor-dual",
        prose="The predictor {predictor} is",
    )
    D.define("dual-length", Equation(W, sp.sqrt(dot(w, w)), ":="), prose=r"With the length $|w| = |\theta|$,")
    D.derive(
        Restate(form=eta_w * alpha**2 - eta_a * W**2),
        "imbalance",
        "dual-length",
        "sign-and-size",
        label="dual-level",
        prose="the imbalance is",
    )
    D.derive(
        DualPotential(result=potential_dual, coordinates=COORDINATES),
        "dual-level",
        label="dual-potential",
        prose=r"On this level set $|a|\theta$ is a gradient in $\theta$, $\nabla \Phi^* = |a| \theta = \beta$, of the "
        "dual potential",
    )
    D.derive(LevelRoot(unknown=alpha), "dual-level", label="size", prose="Explicitly, with {dual-level}")
    D.derive(
        Substitute(), "dual-potential", "size", label="dual-potential-explicit", prose="as a function of the weights"
    )


def _primal(D: Derivation) -> None:
    D.define(
        "legendre",
        Equation(potential, dot(theta, beta) - potential_dual, ":="),
        prose=r"The primal potential is its Legendre transform,",
    )
    D.derive(InsertEntries(), "legendre", "dual", "predictor", label="legendre-entries", prose="In the weights")
    D.derive(
        Restate(form=alpha * W**2 - potential_dual),
        "legendre-entries",
        "dual-length",
        "sign-and-size",
        label="legendre-lengths",
        prose="that is",
    )
    D.derive(Substitute(), "legendre-lengths", "dual-potential", label="primal", prose="With {dual-potential} it is")
    D.define("sum", Equation(S, eta_w * alpha**2 + eta_a * W**2, ":="), prose="In terms of the sum of the shares,")
    D.derive(
        Restate(form=alpha * (S - 2 * delta) / (3 * eta_a)),
        "primal",
        "sum",
        "dual-level",
        label="primal-sum",
        prose="it reads",
    )
    D.derive(Restate(form=2 * eta_w * alpha**2 - S), "dual-level", "sum", label="level-sum", prose="As {dual-level} is")
    D.derive(LevelRoot(unknown=alpha), "level-sum", label="size-sum", prose="the size of $a$ is")
    D.derive(Substitute(), "primal-sum", "size-sum", label="primal-explicit", prose="Hence")
    D.define("predictor-length", Equation(length, alpha * W, ":="), prose=r"with $S$ a function of the predictor: by")
    D.define("gap", Equation(gap, S**2 - delta**2, ":="), prose="the difference of squares")
    D.derive(
        Restate(form=4 * kappa**2 * length**2),
        "gap",
        "sum",
        "dual-level",
        "predictor-length",
        "mean-rate",
        label="gap-length",
        prose=r"is known, $S = \sqrt{\delta^2 + 4\kappa^2|\beta|^2}$:",
    )
    D.derive(
        RadialSlope(result=slope, coordinates=COORDINATES),
        "primal",
        "dual-level",
        label="slope",
        prose=r"Its slope in $|\beta| = |a||w|$ along the level set is the length of $w$, so $\nabla\Phi(\beta) = "
        r"|w| \hat\beta = \theta$. It is positive and increasing, and $\Phi$ is convex:",
    )


def _hessian(D: Derivation) -> None:
    D.derive(
        RadialHessian(names=(hess_along, hess_across), coordinates=COORDINATES),
        "slope",
        "dual-level",
        label="hessian",
        prose=r"The Hessian of $\Phi$ has along and across $\beta$ the eigenvalues",
    )
    D.derive(
        AlongFlow(rate=beta_dot, rates=FLOW),
        "predictor",
        "flow",
        label="predictor-flow",
        prose="The predictor moves as",
    )
    D.derive(
        Preconditioner(result=M, gradient=G, direction=w, column=w_column),
        "predictor-flow",
        label="preconditioner",
        prose=r"This is $\dot\beta = -MG$ with",
    )
    D.derive(
        RankOneSpectrum(names=(along, across), direction=w, sum_index=j, size=d.symbol),
        "preconditioner",
        label="spectrum",
        prose=r"whose eigenvalues along and across $w$, which is parallel to $\beta$, are",
    )
    known = ("spectrum", "dual-length", "sign-and-size")
    for name, eigenvalue, of_M in (("along", hess_along, along), ("across", hess_across, across)):
        D.derive(
            Select(lhs=(eigenvalue,)), "hessian", label=f"hessian-{name}", prose=f"The Hessian has {name} the predictor"
        )
        D.derive(
            Restate(form=eta_w * alpha / of_M),
            f"hessian-{name}",
            *known,
            label=f"metric-{name}",
            prose="By {spectrum} this is"
            if name == "along"
            else r"Together, $\nabla^2\Phi = \eta_w |a| M^{-1}$: the flow is a mirror flow in warped time,",
        )


def _stationarity(D: Derivation) -> None:
    D.derive(InsertEntries(), "dual-flow", "gradient", label="dual-samples", prose="By {gradient} the dual moves as")
    D.derive(
        Accumulate(total=shift, multiplier=multiplier, residual=r),
        "dual-samples",
        label="shift",
        prose=r"With the multipliers $m_k = -\eta_w \int_0^\infty |a| r_k \, dt$, it moves in total by",
    )
    D.define("stationarity", Equation(kkt, dot(v, shift), ":="), prose="For a vector $v$ as in {unseen} let")
    D.derive(
        NullProducts(data=X),
        "stationarity",
        "unseen",
        "shift",
        label="stationary",
        prose=r"This vanishes. As $\Delta\theta = \nabla\Phi(\beta_\infty) - \sigma w_0$, the limit is the minimum of "
        r"the convex function $\Phi(\beta) - \sigma w_0 \cdot \beta$ over all interpolators. After a change of sign of "
        r"$a$ the same holds for $\Delta\theta = \sigma (w_\infty - w_0)$, by {component-frozen}:",
    )

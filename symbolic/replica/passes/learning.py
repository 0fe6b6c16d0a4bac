"""Convex learning with a declared loss and penalty: the six equations of any such model, minimisers in closed form."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...claim import Equation
from ...errors import BadInput, NotDerivable
from .. import glm
from ..declaration import Gaussian
from ..declared_loss import DeclaredLoss
from ..gaussian_pieces import PiecewiseMeans
from .work import Work

# Places at which a loss is compared with its values at x = 0.
_PAIRS = 24
LOSS_STEPS = (("mhat", "Its minimisers are known. The conjugates are"), ("vhat", "and"), ("qhat", "and"))
PENALTY_STEPS = (
    ("teacher-overlap", "Each weight minimises the penalty around its field, so that"),
    ("spread", "and"),
    ("student-overlap", "and"),
)


def equations(work: Work) -> None:
    """From the energy to mhat, vhat, qhat, m, V, q for an opaque loss and penalty."""
    disorder: Any = work.model.disorder
    if disorder.cov != 1:
        raise NotDerivable("Patterns.cov: with Loss write cov=1; a variance c can go into the loss")
    if not isinstance(work.model.teacher, Gaussian):
        raise NotDerivable("teacher: with Loss there are rules for Gaussian weights only; write teacher=Gaussian(cov)")
    noise = disorder.channel.labels
    noise = sp.Integer(0) if noise is None else noise
    stands = {"alpha": disorder.ratio, "rho": work.model.teacher.cov, "sigma2": noise}
    for quantity in (*glm.QUANTITIES, glm.NOISE):
        if quantity.name in work.D.notation:
            if stands.get(quantity.name) != work.D.notation[quantity.name].symbol:
                taken = f"the name {quantity.name} is used by the derivation ({quantity.meaning})"
                raise BadInput(f"{taken}; choose another")
            continue
        symbol = work.D.notation.declare(quantity)
        if quantity.name in stands:
            work.letters.append((symbol, stands[quantity.name]))
    glm.derive(
        work.D,
        glm.Labels(
            words="The labels are the fields of a teacher with independent normal weights, plus independent noise.",
            margin=False,
            noise=work.symbols("sigma2")[0],
        ),
    )


def closed_forms(work: Work) -> None:
    """The declared loss and penalty inserted: closed forms where they are piecewise quadratic."""
    channel: Any = work.model.disorder.channel  # type: ignore[attr-defined]
    penalty: Any = work.model.weights
    ell, r, u = work.symbols("ell r u")
    work.D.section("The declared loss and penalty")
    loss = residual_loss(channel, u)
    work.D.define("loss", Equation(ell(u), loss, ":="), prose="The loss of a residual is")
    for label, prose in LOSS_STEPS:
        work.derive(DeclaredLoss(), label, "loss", label=f"{label}-declared", prose=prose)
    form = penalty.lam * penalty.g.xreplace({penalty.w: u})
    work.D.define("penalty", Equation(r(u), form, ":="), prose="The penalty of a weight is")
    for label, prose in PENALTY_STEPS:
        work.derive(DeclaredLoss(), label, "penalty", label=f"{label}-declared", prose=prose)
        if work.D.claim(f"{label}-declared").rhs.has(sp.Abs, sp.Heaviside, sp.Piecewise, sp.Max, sp.sign):
            work.derive(PiecewiseMeans(), f"{label}-declared", label=f"{label}-closed", prose="that is,")
    work.parameters = []


def residual_loss(channel: Any, u: Any) -> Any:
    """l(y, x) as a function of y - x: what the rules for real labels cover."""
    x, y = channel.x, channel.y
    form = channel.loss.xreplace({x: sp.Integer(0), y: u})
    for k in range(_PAIRS):
        at = {x: sp.Rational(7 * k - 60, 11), y: sp.Rational(90 - 13 * k, 7)}
        if sp.expand(channel.loss.xreplace(at) - form.xreplace({u: at[y] - at[x]})) != 0:
            raise NotDerivable(
                f"Loss.loss: {channel.loss} is not a function of {y} - {x}; there are no rules for it here"
            )
    return form

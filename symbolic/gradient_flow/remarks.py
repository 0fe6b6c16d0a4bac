"""What the laws become outside plain gradient flow: weight decay, finite steps, momentum, other losses."""

from __future__ import annotations

from .counting import LawCount
from .metric import ENTROPIC_MIRROR, GRADIENT_FLOW, HEAVY_BALL


def remarks(count: LawCount) -> list[str]:
    """One sentence per setting, each a theorem about the laws of this count."""
    if not count.laws and not count.further:
        return []
    if count.dynamics == HEAVY_BALL:
        return [
            "Momentum: each law exp(t/tau) v^T S theta belongs to a rotation symmetry of phi (S skew); with damping "
            "k(t), as for Nesterov, write exp(integral of k) for exp(t/tau)."
        ]
    found = [
        "Each law holds for every loss, data set, minibatch sequence and time-dependent weighting, and under "
        "preconditioners J^T -> J^T C, C invertible in output space (natural gradient, Gauss-Newton); a loss whose "
        "gradients span less, such as cross-entropy, can only add laws."
    ]
    if count.dynamics == ENTROPIC_MIRROR:
        return found
    decay = _decay(count)
    if decay:
        found.append(f"Weight decay, theta' = -E grad L - lambda theta: {decay}.")
    if any(law.degree == 2 and law.quadratic for law in count.laws):
        found.append(
            "Finite step theta - s g, g = E grad L of any minibatch: h(theta - s g) = h(theta) + s^2 h(g) exactly for "
            "each quadratic h; with decay, h((1 - s lambda) theta - s g) = (1 - s lambda)^2 h(theta) + s^2 h(g)."
        )
    if count.dynamics == GRADIENT_FLOW:
        found.append("Momentum has its own laws: --dynamics 'heavy ball'.")
    return found


def _decay(count: LawCount) -> str:
    """h(s theta) = s^k h(theta) gives h' = -k lambda h."""
    degrees = sorted({_homogeneity(law.terms) for law in count.laws}, key=lambda k: (k is None, k or 0))
    parts = []
    for k in degrees:
        if k is None:
            parts.append("h(theta exp(lambda t)) is constant for the laws of mixed degree")
        else:
            parts.append(f"h' = -{'' if k == 1 else f'{k} '}lambda h for the laws of degree {k}")
    scaling = {law.homogeneity for law in count.further}
    if 0 in scaling:
        parts.append("the rational laws of degree 0 stay laws")
    if scaling - {0}:
        parts.append("h(theta exp(lambda t)) is constant for the other further laws")
    return "; ".join(parts)


def _homogeneity(terms) -> int | None:
    degrees = {len(monomial) for monomial, _ in terms}
    return degrees.pop() if len(degrees) == 1 else None

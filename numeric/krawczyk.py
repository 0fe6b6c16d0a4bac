"""The Krawczyk test: existence and uniqueness of a root of n equations in a box, in ball arithmetic.

K(X) = m - Y F(m) + (I - Y J(X)) (X - m); if K(X) lies in the interior of X, then X holds exactly one root, in K(X).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import arb, arb_mat

from ..symbolic.balls import working
from ..symbolic.errors import OutsideDomain

SLOPE_GUARD = 32

Residual = Callable[[Sequence[arb], int], list[arb]]
Jacobian = Callable[[Sequence[arb], int], list[list[arb]]]


def certify(residual: Residual, jacobian: Jacobian, near: Sequence[arb], prec: int) -> list[arb] | None:
    """Balls with exactly one root of the system, or None when the test does not succeed at this precision.

    near: exact midpoints, correct to about `prec` bits. The box tried has radius 2^(-prec/2) relative to the largest
    component: its image is then of the size of the rounding errors, unless the
    system is so ill-conditioned that the test fails.
    """
    n = len(near)
    with working(prec):
        middle = [x.mid() for x in near]
        size = arb(0)
        for x in middle:
            size = size.max(abs(x))
        radius = (size if size > 0 else arb(1)) * arb(2) ** (-(prec // 2))
        box = [arb(x, radius) for x in middle]
        try:
            # The slopes vary over the box by half the bits, so no more of them are asked for.
            slopes = arb_mat(jacobian(box, prec // 2 + SLOPE_GUARD))
            inverse = slopes.mid().inv().mid()
            value = arb_mat([[f] for f in residual(middle, prec)])
        except (ZeroDivisionError, OutsideDomain):
            return None
        identity = arb_mat([[arb(int(i == j)) for j in range(n)] for i in range(n)])
        spread = arb_mat([[x - m] for x, m in zip(box, middle, strict=True)])
        image = arb_mat([[m] for m in middle]) - inverse * value + (identity - inverse * slopes) * spread
        balls = [image[i, 0] for i in range(n)]
        inside = all(k.is_finite() and x.contains_interior(k) for x, k in zip(box, balls, strict=True))
        return balls if inside else None

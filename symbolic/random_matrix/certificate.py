"""From a float point to a ball with exactly one solution: Newton on midpoints, then the Krawczyk test.

Both work at the precision the caller has entered; the coefficients of the plan must be balls of that precision.
"""

from __future__ import annotations

from flint import acb, acb_mat, arb

from .balls import is_real
from .plan import Plan, ball_step


def narrow(x: acb, digits: int) -> bool:
    """The radius is below 10^-digits times max(1, |x|)."""
    size = abs(x.mid())
    return bool(arb(x.rad()) <= (size if size > 1 else arb(1)) * arb(10) ** (-digits))


def system_matrix(slopes: list[list[acb]]) -> acb_mat:
    """1 - J, the derivative of T - Phi(T)."""
    n = len(slopes)
    return acb_mat([[acb(int(i == j)) - slopes[i][j] for j in range(n)] for i in range(n)])


def refine(plan: Plan, point: list[acb], bits: int) -> list[acb] | None:
    """Newton on midpoints until a step is below half the precision (the next one would be at rounding level)."""
    small = arb(2) ** (-(bits // 2) - 8)
    for _ in range(14 + bits.bit_length()):
        if not point:
            return point
        try:
            value, slopes = ball_step(plan, point)
            move = system_matrix(slopes).solve(acb_mat([[v - x] for v, x in zip(value, point, strict=True)]))
        except ZeroDivisionError:
            return None
        point = [(x + move[i, 0]).mid() for i, x in enumerate(point)]
        if all(abs(move[i, 0]).mid() <= small * _size(x) for i, x in enumerate(point)):
            return point
    return None


def krawczyk(plan: Plan, centre: list[acb], bits: int, real: bool) -> list[acb] | None:
    """K(X) = m - Y F(m) + (1 - Y F'(X)) (X - m) inside X: exactly one solution of F = T - Phi in X, and it is in K."""
    n = len(centre)
    if not n:
        return []
    try:
        value, slopes = ball_step(plan, centre)
        approximate = system_matrix(slopes).mid().inv().mid()
    except ZeroDivisionError:
        return None
    newton = approximate * acb_mat([[x - v] for v, x in zip(value, centre, strict=True)])
    for spare in (24, 40, 60, bits // 3, bits // 2):
        radius = [_size(x) * arb(2) ** (spare - bits) for x in centre]
        box = [x + _square(r, real) for x, r in zip(centre, radius, strict=True)]
        try:
            _, wide = ball_step(plan, box)
        except ZeroDivisionError:
            continue
        product = approximate * system_matrix(wide)
        image = []
        for i in range(n):
            total = centre[i] - newton[i, 0]
            for j in range(n):
                total += (acb(int(i == j)) - product[i, j]) * _square(radius[j], real)
            image.append(acb(total.real) if real else total)
        if all(_inside(y, x) for y, x in zip(image, box, strict=True)):
            return image
    return None


def _size(x: acb) -> arb:
    size = abs(x).mid()
    return size if size > arb(2) ** -20 else arb(2) ** -20


def _square(radius: arb, real: bool) -> acb:
    side = arb(0, radius)
    return acb(side) if real else acb(side, side)


def _inside(inner: acb, outer: acb) -> bool:
    if is_real(outer):
        return bool(outer.real.contains_interior(inner.real))
    return bool(outer.real.contains_interior(inner.real)) and bool(outer.imag.contains_interior(inner.imag))

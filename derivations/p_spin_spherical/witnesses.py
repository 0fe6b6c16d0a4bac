"""Two other ways to the number of states: a reference configuration with copies near it, and counting saddles."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from ...symbolic.claim import Claim
from ...symbolic.derivation import Witness
from ...symbolic.precision import compiled, context
from ...symbolic.quantity import Samples
from ...symbolic.replica.matrices import replica_matrix
from ...symbolic.verdict import Verdict, consistent, refuted
from .notation import beta, p, q


def witnesses() -> list[Witness]:
    return [Witness("copies near a reference configuration", ("rate-transition", "complexity"), near_reference)]


def near_reference(claims: Mapping[str, Claim], _: Samples) -> Verdict:
    """Franz and Parisi 1995: the free energy of copies at overlap c with an equilibrium configuration.

    V(c) = -lim_n (1/n) of the exponent of one reference and n copies with mutual overlaps d; its stationary point is
    where the complexity is read off. No blocks of size m occur. 25 digits, p = 3 and 4.
    """
    ctx = context(40)
    n, c, d = sp.symbols("n c d", positive=True)
    volume = replica_matrix(n, 1, d, [[1]], [[c]]).log_det() / 2
    energy = beta**2 / 4 * (n + n * (n - 1) * d**p + 2 * n * c**p)
    potential = beta**2 / 4 - sp.diff(volume + energy, n).xreplace({n: sp.Integer(0)})
    for power, inverse, start in ((3, sp.Rational(5, 3), "0.6"), (4, sp.Integer(2), "0.81")):
        at = {p: sp.Integer(power), beta: inverse}
        slopes = compiled(ctx, [c, d], [sp.diff(potential.xreplace(at), x) for x in (c, d)])
        near = ctx.findroot(lambda *x, f=slopes: list(f(*x)), (ctx.mpf(start), ctx.mpf(start)), tol=1e-70)
        value = compiled(ctx, [c, d], potential.xreplace(at))(*near)
        rate, told = (compiled(ctx, [q], claims[k].rhs.xreplace(at)) for k in ("rate-transition", "complexity"))
        if not (abs(rate(near[0])) < 1e-25 and abs(told(near[0]) - value) < 1e-25):
            return refuted("copies near a reference configuration", f"p = {power}: {ctx.nstr(value, 12)}")
    return consistent("copies near a reference configuration", "overlap and complexity to 25 digits, p = 3 and 4")

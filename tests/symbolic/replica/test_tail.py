"""H, log H and the hazard: values, derivatives, the bounds behind certified means, and their limits."""

import flint
import pytest
import sympy as sp
from flint import acb, arb

from quenched.symbolic import balls
from quenched.symbolic.errors import NotCertified
from quenched.symbolic.precision import context
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.replica.strip import Strip
from quenched.symbolic.replica.tail import BOUNDS, Hazard, LogTail, Tail

u, z, q, n = sp.symbols("u z q n", real=True)


@pytest.mark.parametrize("kind", [Tail, LogTail, Hazard])
def test_derivative_against_a_difference_quotient(kind):
    step, at = sp.Rational(1, 2**60), sp.Rational(3, 7)
    ends = [balls.enclose(kind(at + s * step), {}, 300).real for s in (1, -1)]
    with balls.working(300):
        quotient = (ends[0] - ends[1]) / (2 * balls.exact_ball(step).real)
        gap = abs(quotient - balls.enclose(sp.diff(kind(u), u), {u: at}, 300).real)
        assert gap < 1e-30


@pytest.mark.parametrize("kind", [Tail, LogTail, Hazard])
def test_bounds_in_the_strip_hold(kind):
    bound, _ = BOUNDS[kind]
    with flint.ctx.workprec(120):
        for k in range(-40, 41):
            for height in (0, 3, 7, 10):
                x, y = arb(k) / 4, arb(height) / 10
                if kind is LogTail:
                    # Its branch is continued from the real line, where it is real.
                    value = acb(x, 0)
                    value = balls.enclose(LogTail(u), {u: value}, 120)
                    y = arb(0)
                else:
                    value = balls.enclose(kind(u), {u: acb(x, y)}, 120)
                assert abs(value) <= bound(abs(x), y) * (1 + arb(2) ** -100)


def test_a_strip_with_zeros_of_the_tail_is_refused():
    """H vanishes near u = -1.9 + 2.8 i: a power of H that is not an integer is not analytic beyond."""
    with pytest.raises(NotCertified):
        Strip(z, {n: acb(arb(1) / 3)}, 3.0, 100).bound(Tail(z) ** n)
    assert Strip(z, {n: acb(arb(1) / 3)}, 0.9, 100).bound(Tail(z) ** n).c > 0
    # H itself is entire.
    assert Strip(z, {}, 3.0, 100).bound(Tail(z)).c > 0


def test_means_of_powers_agree_at_two_precisions_and_with_quadrature():
    mean = Mean(Tail((sp.Rational(1, 2) + sp.sqrt(q) * z) / sp.sqrt(1 - q)) ** n, z)
    at = {q: sp.Rational(9, 10), n: sp.Rational(1, 2**40)}
    coarse, fine = (balls.enclose(mean, at, prec).real for prec in (160, 320))
    assert coarse.overlaps(fine)
    ctx = context(30)
    for body, kind in ((lambda v: ctx.log(v), LogTail(z)), (lambda v: v, Tail(z))):
        found = balls.enclose(Mean(kind.func((1 + 3 * z) / 2), z), {}, 110).real
        truth = ctx.quad(lambda v, f=body: f(ctx.erfc((1 + 3 * v) / ctx.sqrt(8)) / 2) * ctx.npdf(v), range(-14, 15))
        assert abs(ctx.mpf(found.str(22, radius=False)) - truth) < 1e-18

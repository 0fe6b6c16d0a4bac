"""Balls of means against 40-digit quadrature, closed forms and each other."""

import flint
import mpmath
import pytest
import sympy as sp

from quenched.symbolic import balls
from quenched.symbolic.precision import compiled, context
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.steps import Steps

x, z = sp.symbols("x z", real=True)
q, h, m = sp.Symbol("q", real=True), sp.Symbol("h", real=True), sp.Symbol("m", positive=True)
POINT = {q: sp.Rational(7, 5), h: sp.Rational(3, 11), m: sp.Rational(2, 7)}


@pytest.fixture(autouse=True)
def global_precision_is_untouched():
    before = mpmath.mp.prec, flint.ctx.prec
    yield
    assert (mpmath.mp.prec, flint.ctx.prec) == before


BODIES = [
    sp.tanh(sp.sqrt(q) * z + h) ** 2,
    sp.log(2 * sp.cosh(q * z + h)),
    z**4 * sp.tanh(z) + z**2,
    sp.exp(h * z + q) * sp.tanh(z),
    sp.erf(q * z + h) ** 2,
    (2 * sp.cosh(q * z + h)) ** m,
    z * sp.sinh(h * z) / sp.cosh(q * z),
]


@pytest.mark.parametrize("body", BODIES)
def test_enclosures_hold_the_quadrature(body):
    ctx = context(40)
    f = compiled(ctx, [z], body.xreplace(POINT))
    truth = ctx.quad(lambda u: f(u) * ctx.npdf(u), range(-16, 17))
    with balls.working(160):
        value = balls.real_enclosure(Mean(body, z), POINT, 140)
        assert value.rad() < flint.arb("1e-30")
        assert abs(value - flint.arb(ctx.nstr(truth, 38))) < flint.arb("1e-28")


def test_two_precisions_overlap_and_sharpen():
    mean = Mean(BODIES[0], z)
    coarse, fine = (balls.real_enclosure(mean, POINT, prec) for prec in (64, 300))
    assert coarse.overlaps(fine) and fine.rad() < coarse.rad() * flint.arb("1e-50")


def test_moments_are_exact_numbers():
    assert balls.real_enclosure(Mean(z**6, z), {}, 128).contains(15)
    closed = balls.real_enclosure(sp.exp(sp.Rational(1, 8)), {}, 200)
    assert balls.real_enclosure(Mean(sp.exp(z / 2), z), {}, 128).overlaps(closed)


def test_nested_means():
    """E_x log E_z cosh(z + x)^1 with E_z cosh(z + x) = e^(1/2) cosh x."""
    nested = balls.real_enclosure(Mean(sp.log(Mean(sp.cosh(x + z), z)), x), {}, 64)
    direct = balls.real_enclosure(sp.Rational(1, 2) + Mean(sp.log(sp.cosh(x)), x), {}, 128)
    assert nested.overlaps(direct) and nested.rad() < flint.arb("1e-14")


def test_correlated_means_agree_with_independent_ones():
    rows = ((2, sp.Rational(1, 2)), (sp.Rational(1, 2), 1))
    value = balls.real_enclosure(Mean(sp.tanh(x) * z, (x, z), rows), {}, 50)
    # E[tanh(x) z] = Cov(x, z) E[tanh'(x)] with x ~ N(0, 2).
    stein = balls.real_enclosure(sp.Rational(1, 2) * Mean(1 - sp.tanh(sp.sqrt(2) * z) ** 2, z), {}, 128)
    assert value.overlaps(stein)


@pytest.mark.parametrize("body", [abs(z), sp.sign(z), sp.exp(z**2), 1 / z, sp.log(z**2 + q)])
def test_no_bound_means_no_number(body):
    """Where no bound in a strip is known the answer is a ball that is not finite, never a guess."""
    assert not balls.enclose(Mean(body, z), POINT, 64).is_finite()


def test_complex_values_are_not_taken_for_real():
    assert not balls.enclose(Mean(sp.tanh(sp.sqrt(q) * z), z), {q: sp.Integer(-1)}, 64).is_finite()


def test_sums_of_half_lines_by_the_adaptive_integrator():
    """log(e^u erfc(-u) + e^-u erfc(u)) has no known strip: its tails are bounded on the real line."""
    u = q * z + h
    body = sp.log(sp.exp(u) * sp.erfc(-u) + sp.exp(-u) * sp.erfc(u))
    ctx = context(40)
    for f in (body, 1 / (sp.exp(u) * sp.erfc(-u) + sp.exp(-u) * sp.erfc(u)) ** 2):
        told = compiled(ctx, [z], f.xreplace(POINT))
        truth = ctx.quad(lambda v, told=told: told(v) * ctx.npdf(v), range(-16, 17))
        with balls.working(160):
            value = balls.real_enclosure(Mean(f, z), POINT, 140)
            assert value.rad() < flint.arb("1e-30")
            assert abs(value - flint.arb(ctx.nstr(truth, 38))) < flint.arb("1e-28")


@pytest.mark.parametrize("body", [sp.log(sp.erfc(z) - 1), 1 / (sp.erfc(z) - sp.erfc(2 * z)), sp.exp(z**2 / 3)])
def test_no_lower_bound_means_no_number_on_the_real_line_either(body):
    assert not balls.enclose(Mean(body, z), POINT, 64).is_finite()


def test_means_enclosed_together_are_those_enclosed_alone():
    means = [Mean(body, z) for body in BODIES] + [Mean(sp.log(Mean(sp.cosh(x + q * z), z)), x)]
    together = balls.enclose_all(means, POINT, 70)
    for mean, ball in zip(means, together):
        assert ball.overlaps(balls.enclose(mean, POINT, 70)) and ball.real.rad() < flint.arb("1e-12")


def test_steps_are_the_evaluator():
    """Straight-line steps and the recursive evaluator agree, and both refuse a cut when asked for analyticity."""
    for body in BODIES:
        steps = Steps.of([z, q, h, m], [body])
        point = [sp.Rational(1, 3), *(POINT[a] for a in (q, h, m))]
        with balls.working(100):
            (value,) = steps.run([balls.exact_ball(v) for v in point])
        assert value.overlaps(balls.enclose(body, {**POINT, z: point[0]}, 100))
    assert Steps.of([z], [Mean(sp.tanh(z + x), x)]) is None
    assert not Steps.of([z], [sp.log(z)]).run([flint.acb(flint.arb(0, 1))], analytic=True)[0].is_finite()

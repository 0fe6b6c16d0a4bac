"""Proximal objects, their closed forms against brute-force minimisation, and the functions behind closed means."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import acb, arb

from quenched.symbolic import balls
from quenched.symbolic.errors import BadInput, NotDerivable
from quenched.symbolic.replica.gaussian_pieces import half_line_erfc, half_line_moment
from quenched.symbolic.replica.hermite import equal_steps, gauss, trials, tried, value
from quenched.symbolic.replica.inverse_erfc import inverse_erfc
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.replica.moments import moments
from quenched.symbolic.replica.owen import OwenT
from quenched.symbolic.replica.piecewise_prox import closed_env, closed_loss, closed_prox, closed_slope, pieces
from quenched.symbolic.replica.prox import ARGUMENT, Env, Prox, ProxSlope

X = ARGUMENT
V, q, m, rho = sp.symbols("V q m rho", positive=True)
w = sp.Symbol("w", real=True)
lam, delta = sp.symbols("lam delta", positive=True)
ELL = sp.Function("ell", real=True)(X)
LOSSES = {
    "hinge": sp.Max(0, 1 - X),
    "squared hinge": sp.Max(0, 1 - X) ** 2 / 2,
    "absolute value": lam * sp.Abs(X),
    "Huber": sp.Piecewise((X**2 / 2, sp.Abs(X) <= delta), (delta * sp.Abs(X) - delta**2 / 2, True)),
    "quantile": sp.Rational(1, 3) * X + sp.Max(0, -X),
    "ridge": lam * X**2 / 2,
    "elastic net": lam * sp.Abs(X) + delta * X**2 / 2,
    "insensitive": sp.Max(0, sp.Abs(X) - delta),
}
AT = {lam: sp.Rational(3, 7), delta: sp.Rational(5, 9)}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("spread", [sp.Rational(2, 5), sp.Rational(7, 4)])
def test_closed_prox_minimises(name, spread):
    """No rational point at distance 10^-1 ... 10^-20 is lower: the objective is convex, so this is the minimum."""
    loss = LOSSES[name].xreplace(AT)
    for place in (-4, -1, -sp.Rational(1, 3), sp.Rational(1, 5), sp.Rational(9, 10), 3):
        at = {V: spread, w: sp.Rational(place)}
        point = closed_prox(LOSSES[name], V, w).xreplace({**AT, **at})

        def objective(x, at=at):
            return loss.xreplace({X: x}) + (x - at[w]) ** 2 / (2 * at[V])

        least = objective(point)
        steps = [side * sp.Rational(1, 10**k) for k in (1, 3, 20) for side in (1, -1)]
        assert all(objective(point + step) >= least for step in steps)
        assert closed_env(LOSSES[name], V, w).xreplace({**AT, **at}) == least
        assert closed_loss(LOSSES[name], V, w).xreplace({**AT, **at}) == loss.xreplace({X: point})
        moved = closed_prox(LOSSES[name], V, w).xreplace({**AT, **at, w: at[w] + sp.Rational(1, 10**12)})
        assert (moved - point) * 10**12 == closed_slope(LOSSES[name], V, w).xreplace({**AT, **at})


@pytest.mark.parametrize(
    ("loss", "reason"),
    [
        (-sp.Abs(X), "not convex"),
        (-(X**2), "not convex"),
        (sp.Piecewise((X, X < 0), (X + 1, True)), "not continuous"),
        (X**4, "piecewise quadratic"),
        (lam * sp.Abs(X - w) + sp.Abs(X - V), "not decided"),
    ],
)
def test_losses_without_closed_form_are_refused(loss, reason):
    with pytest.raises(NotDerivable, match=reason):
        pieces(loss)


def test_a_loss_is_an_expression_in_its_argument():
    with pytest.raises(BadInput, match="ARGUMENT"):
        Env(w**2, V, w)
    with pytest.raises(BadInput, match="bound"):
        Prox(X**2, V, X)


def test_derivatives_are_those_of_the_minimum():
    point = {V: 0.7, w: 0.4}
    for expr, variables in ((Env(ELL, V, w), (V, w)), (Prox(ELL, V, w), (V, w)), (Env(ELL, 1 / V, w / V), (V, w))):
        for variable in variables:
            slope = value(tried(sp.diff(expr, variable), trials(expr)), point)
            ends = [value(tried(expr, trials(expr)), {**point, variable: point[variable] + h}) for h in (1e-5, -1e-5)]
            assert abs((ends[0] - ends[1]) / 2e-5 - slope) < 1e-8
    assert sp.diff(Env(ELL, V, w), w) == (w - Prox(ELL, V, w)) / V
    smooth = ProxSlope(X**2 / 2, V, w).by_curvature()
    assert smooth == 1 / (1 + V)


def test_price_through_an_envelope():
    u, s = sp.symbols("u s")
    mean = Mean(Env(ELL, V, s - u), (u, s), ((rho, m), (m, q)))
    point = {V: 0.7, q: 0.8, m: 0.5, rho: 1.3}
    for variable in (m, q, V):
        told = value(tried(sp.diff(mean, variable), trials(mean)), point, gauss(40))
        ends = [
            value(tried(mean, trials(mean)), {**point, variable: point[variable] + h}, gauss(40)) for h in (1e-4, -1e-4)
        ]
        assert abs((ends[0] - ends[1]) / 2e-4 - told) < 1e-7


def test_moments_by_pairing():
    x, y = sp.symbols("x y")
    law = ((rho, m), (m, q))
    assert moments(Mean(x**2 * y**2 + x * y + y, (x, y), law)) == sp.expand(rho * q + 2 * m**2 + m)
    assert moments(Mean(sp.sin(x + y) + 1, (x, y), law)) == 1


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_half_line_moments(k):
    t, s, c = 0.4, 1.7, -0.9
    density = lambda z: mpmath.exp(-z * z / (2 * s)) / mpmath.sqrt(2 * mpmath.pi * s)  # noqa: E731
    plain = mpmath.quad(lambda z: z**k * density(z), [t, 3, 15])
    weighted = mpmath.quad(lambda z: z**k * mpmath.erfc(c * z) * density(z), [t, 3, 15])
    T, S, C = sp.symbols("T S C", real=True)
    at = {T: t, S: s, C: c}
    assert abs(value(half_line_moment(k, T, S), at) - plain) < 1e-12
    assert abs(value(half_line_erfc(k, C, T, S), at) - weighted) < 1e-12


def test_owen_function():
    h, a = sp.symbols("h a", real=True)
    assert OwenT(-h, a) == OwenT(h, a) == -OwenT(h, -a)
    at = {h: sp.Rational(3, 4), a: sp.Rational(5, 3)}
    ball = balls.enclose(OwenT(h, a), at, 120).real
    wedge = mpmath.quad(lambda t: mpmath.exp(-(0.75**2) * (1 + t * t) / 2) / (1 + t * t), [0, mpmath.mpf(5) / 3])
    assert abs(float(ball.mid()) - wedge / (2 * mpmath.pi)) < 1e-14
    step = sp.Rational(1, 10**10)
    for variable in (h, a):
        ends = [balls.enclose(OwenT(h, a), {**at, variable: at[variable] + s * step}, 160).real for s in (1, -1)]
        slope = balls.enclose(sp.diff(OwenT(h, a), variable), at, 160).real
        assert abs(float(((ends[0] - ends[1]) / (2 * balls.exact_ball(step).real) - slope).mid())) < 1e-15


@pytest.mark.parametrize("x", ["0.001", "0.5", "1", "1.7"])
def test_inverse_of_erfc(x):
    with balls.working(200):
        ball = inverse_erfc(acb(arb(x)))
        assert ball.real.erfc().overlaps(arb(x)) and ball.real.rad() < arb("1e-50")
        assert not inverse_erfc(acb(3)).is_finite()


def test_grids_are_symmetric():
    for grid in (gauss(9), equal_steps(7, 0.23)):
        assert np.allclose(grid.nodes, -grid.nodes[::-1]) and abs(grid.weights.sum() - 1) < 1e-14

"""Rules of gradient flows on problems other than the one they were written for, and their refusals."""

from __future__ import annotations

import pytest
import sympy as sp

from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import NotDerivable
from quenched.symbolic.quantity import POSITIVE, POSITIVE_INTEGER, Notation, Quantity, Samples
from quenched.symbolic.rule import Case
from quenched.symbolic.rules.flow import AlongFlow, Bernoulli, Companion, ParameterGradient, RatioRate, ReduceModulo
from quenched.symbolic.rules.linear_flow import DirectionFlow, LinearSolution, SquareOfField, chart
from quenched.symbolic.rules.long_time import ConjugateProduct, LongTime, ZeroOfState
from quenched.symbolic.rules.noether import Generator, Invariance, MixedPartials, Potential
from quenched.symbolic.rules.preconditioner import Preconditioner, RankOneMatrix
from quenched.symbolic.rules.sums import EntryGradient, FrameComponents, InsertEntries

REALS = """
    x y z x_dot y_dot z_dot n n_dot c x_c xi_x xi_y form_x g_x Q X X_bar rate_of_loss curl curls L
"""
LISTS = ["v", "w", "g", "g_w", "w_dot", "G", "xi_w", "form_w"]
NOTATION = Notation(
    *(Quantity(name, name) for name in REALS.split()),
    *(Quantity(name, name, kind="list") for name in LISTS),
    *(
        Quantity(name, name, domain=POSITIVE)
        for name in ("k", "m", "t", "x0", "y0", "Lambda", "e", "x_inf", "when", "E")
    ),
    Quantity("d", "dimension", domain=POSITIVE_INTEGER),
    Quantity("rho", "rho", domain=POSITIVE),
    Quantity("rho2_dot", "rho2_dot"),
)
x, y, z, x_dot, y_dot, c = NOTATION.symbols("x y z x_dot y_dot c")
k, m, t, x0, y0, Lambda, e, d = NOTATION.symbols("k m t x0 y0 Lambda e d")
v, w, g, g_w, w_dot, G = NOTATION.symbols("v w g g_w w_dot G")
i, j = sp.symbols("i j", integer=True, positive=True)


def claim(label, *pairs):
    return Claim(label, tuple(Equation(lhs, rhs) for lhs, rhs in pairs))


def apply(rule, *inputs):
    out = rule.apply(*inputs)
    return Claim("out", out if isinstance(out, tuple) else (out,))


def judge(rule, output, *inputs):
    return rule.check(Case(inputs, output, Samples(NOTATION, "test")))


def accepts_and_refuses(rule, *inputs):
    """The rule accepts its own output, and refuses it when any one right-hand side is doubled and shifted."""
    output = apply(rule, *inputs)
    assert judge(rule, output, *inputs).positive
    for place, equation in enumerate(output.equations):
        wrong = list(output.equations)
        wrong[place] = Equation(equation.lhs, 2 * equation.rhs + sp.Rational(1, 7))
        assert judge(rule, output.with_equations(wrong), *inputs).refuted
    return output


def total(f):
    return sp.Sum(f(j), (j, 1, d))


def test_rate_of_angular_momentum():
    flow = claim("flow", (x_dot, -m * y), (y_dot, m * x))
    square = claim("square", (z, x**2 + y**2))
    rule = AlongFlow(rate=NOTATION["z_dot"].symbol, rates=((x, x_dot), (y, y_dot)))
    assert apply(rule, square, flow).rhs == 0
    product = claim("product", (z, x * y))
    assert sp.expand(accepts_and_refuses(rule, product, flow).rhs - m * (x**2 - y**2)) == 0


def test_gradient_of_a_cubic_parametrisation():
    cubic = claim("cubic", (v[i], x**2 * w[i] ** 3))
    rule = ParameterGradient(outer=g, slopes=((x, NOTATION["g_x"].symbol), (w, g_w)), sum_index=j, size=d)
    output = accepts_and_refuses(rule, cubic)
    assert output.equations[1].rhs == 3 * x**2 * w[i] ** 2 * g[i]
    assert [a.id for a in rule.assumptions(cubic)] == ["differentiable-loss"]


def test_entry_gradient_goes_through_outer_functions():
    loss = claim("loss", (NOTATION["L"].symbol, total(lambda a: v[a] ** 2) ** 2))
    output = accepts_and_refuses(EntryGradient(gradient=g, variable=v, index=i), loss)
    assert sp.expand(output.rhs - 4 * v[i] * total(lambda a: v[a] ** 2)) == 0


def test_entries_are_inserted_under_sums():
    target = claim("target", (x, total(lambda a: w[a] * g[a])))
    output = accepts_and_refuses(InsertEntries(), target, claim("entries", (w[i], y * v[i])))
    assert output.rhs == total(lambda a: y * v[a] * g[a])
    with pytest.raises(NotDerivable, match="nothing in the target"):
        InsertEntries().apply(target, claim("entries", (G[i], v[i])))


def frame():
    pairs = [(total(lambda a: v[a] ** 2), 1), (total(lambda a: v[a] * g[a]), 0), (total(lambda a: g[a] ** 2), 1)]
    return claim("frame", (w[i], x * v[i] + y * g[i]), *((lhs, sp.Integer(rhs)) for lhs, rhs in pairs))


def test_frame_components():
    rule = FrameComponents(components=((w_dot, (x_dot, y_dot)),))
    rotation = claim("flow", (w_dot[i], (1 - total(lambda a: w[a] ** 2)) * w[i] + m * v[i]))
    output = accepts_and_refuses(rule, rotation, frame())
    assert sp.expand(output.equations[0].rhs - ((1 - x**2 - y**2) * x + m)) == 0
    with pytest.raises(NotDerivable, match="leaves the plane"):
        rule.apply(claim("flow", (w_dot[i], w[i] + G[i])), frame())
    with pytest.raises(NotDerivable, match="does not say"):
        rule.apply(claim("cubic", (z, total(lambda a: w[a] ** 3))), frame())


def test_reduction_by_a_conserved_quantity():
    target = claim("target", (x_dot, x * (x**2 + y**2)))
    output = accepts_and_refuses(ReduceModulo(eliminate=(y,)), target, claim("energy", (z, x**2 + y**2)))
    assert sp.expand(output.rhs - x * z) == 0


def test_bernoulli_and_companion():
    first = claim("flow", (x_dot, -m * x - k * x**3))
    solution = accepts_and_refuses(Bernoulli(variable=x, initial=x0, time=t), first)
    second = claim("second", (y_dot, -k * x**2 * y))
    accepts_and_refuses(Companion(known=x, variable=y, starts=(x0, y0), time=t), first, second, solution)
    with pytest.raises(NotDerivable, match="not of the form"):
        Bernoulli(variable=x, initial=x0, time=t).apply(claim("flow", (x_dot, -m * x - k * x**2)))
    with pytest.raises(NotDerivable, match="which moves"):
        other = claim("second", (y_dot, -y * x))
        Companion(known=x, variable=y, starts=(x0, y0), time=t).apply(first, other, solution)


def test_riccati():
    n, n_dot = NOTATION.symbols("n n_dot")
    ratio, flow = claim("ratio", (n, k * y / x)), claim("flow", (x_dot, m * x + y), (y_dot, x - m * y))
    rates = ((x, x_dot), (y, y_dot))
    rule = RatioRate(rate=n_dot, rates=rates, solve_for=y, original=rates)
    output = accepts_and_refuses(rule, ratio, flow, ratio, flow, claim("conserved", (z, sp.Integer(0))))
    assert sp.expand(output.rhs - (k - 2 * m * n - n**2 / k)) == 0
    with pytest.raises(NotDerivable, match="alone"):
        rule.apply(ratio, claim("flow", (x_dot, m * x + y**2), (y_dot, x)))


def test_direction_of_a_flow_with_a_radial_term():
    E, rho, rho2_dot = NOTATION.symbols("E rho rho2_dot")
    flow = claim("flow", (x_dot, m * y - E * x / 2), (y_dot, m * x - E * y / 2))
    split = claim("split", (x, x0 / rho), (y, y0 / rho))
    energy = claim("energy", (E, x**2 + 3 * y**2))
    rates = ((x, x_dot, x0, NOTATION["xi_x"].symbol), (y, y_dot, y0, NOTATION["xi_y"].symbol))
    rule = DirectionFlow(energy=E, rates=rates, length=(rho, rho2_dot))
    output = accepts_and_refuses(rule, flow, split, energy)
    assert output.equations[2].rhs == x0**2 + 3 * y0**2
    with pytest.raises(NotDerivable, match="nonlinear part"):
        rule.apply(claim("flow", (x_dot, m * y - E * x), (y_dot, m * x - E * y / 2)), split, energy)


def test_linear_solution_needs_a_square():
    rate = claim("rate", (Lambda, sp.sqrt(m * k)))
    flow = claim("flow", (x_dot, m * y), (y_dot, k * x), (NOTATION["z_dot"].symbol, -2 * z))
    second = tuple(NOTATION.symbols("xi_x xi_y"))
    rule = SquareOfField(rates=((x, x_dot, second[0]), (y, y_dot, second[1])))
    squares = accepts_and_refuses(rule, flow, rate)
    C, S, F = NOTATION.symbols("X X_bar Q")
    grow = (C, sp.cosh(Lambda * t)), (S, sp.sinh(Lambda * t) / Lambda), (F, sp.exp(-2 * t))
    solve = LinearSolution(
        plane=((x, x_dot, second[0]), (y, y_dot, second[1])), fading=(z, NOTATION["z_dot"].symbol), time=t
    )
    start = claim("start", (x, x0), (y, y0), (z, c))
    output = accepts_and_refuses(solve, flow, squares, claim("functions", *grow), start, rate)
    assert output.equations[0].rhs == x0 * C + m * y0 * S
    wrong = (C, sp.cosh(2 * Lambda * t)), *grow[1:]
    with pytest.raises(NotDerivable, match="functions of time"):
        solve.apply(flow, squares, claim("functions", *wrong), start, rate)
    with pytest.raises(NotDerivable, match="not Lambda"):
        rule.apply(claim("flow", (x_dot, m * y + x), (y_dot, k * x)), rate)
    assert chart(rate) == {k: Lambda**2 / m}


def test_noether_for_a_rotation_gives_no_charge():
    """The generator of a rotation, (w_i, -x): its form is not closed, and the rules say so."""
    form_x, form_w, curl, curls, Q = NOTATION.symbols("form_x form_w curl curls Q")
    form = claim("form", (form_x, total(lambda a: w[a])), (form_w[i], -x))
    flat = claim("flat", (form_x, y), (form_w[i], -x))
    rule = MixedPartials(scalar=(x, form_x), entry=(w, form_w), names=(curl, curls), indices=(i, j))
    found = accepts_and_refuses(rule, flat)
    assert [equation.rhs for equation in found.equations] == [1, 0]
    potential = Potential(result=Q, variables=((x, form_x), (w, form_w)), sum_index=j, size=d)
    with pytest.raises(NotDerivable, match="not closed"):
        potential.apply(form, found)


def test_noether_for_a_rescaling():
    x_c, w_c, xi_x, xi_w, g_x, rate, form_x, form_w, curl, curls, Q = NOTATION.symbols(
        "x_c v xi_x xi_w g_x rate_of_loss form_x form_w curl curls Q"
    )
    family = claim("family", (x_c, sp.exp(2 * c) * x), (w_c[i], sp.exp(-c) * w[i]))
    generator = accepts_and_refuses(Generator(parameter=c, names=(xi_x, xi_w)), family)
    assert [eq.rhs for eq in generator.equations] == [2 * x, -w[i]]
    slopes = claim("slopes", (g_x, total(lambda a: G[a] * w[a] ** 2)), (g_w[i], 2 * x * G[i] * w[i]))
    rule = Invariance(rate=rate, pairs=((xi_x, g_x), (xi_w, g_w)), sum_index=j, size=d)
    accepts_and_refuses(rule, generator, slopes)
    with pytest.raises(NotDerivable, match="changes along"):
        rule.apply(claim("generator", (xi_x, x), (xi_w[i], -w[i])), slopes)
    form = claim("form", (form_x, 2 * x / m), (form_w[i], -w[i] / k))
    rule = MixedPartials(scalar=(x, form_x), entry=(w, form_w), names=(curl, curls), indices=(i, j))
    closed = accepts_and_refuses(rule, form)
    potential = Potential(result=Q, variables=((x, form_x), (w, form_w)), sum_index=j, size=d)
    output = accepts_and_refuses(potential, form, closed)
    assert sp.expand(output.rhs - (x**2 / m - total(lambda a: w[a] ** 2) / (2 * k))) == 0


def test_long_time_and_zero():
    decay = claim("decay", (e, sp.exp(-2 * Lambda * t)))
    state = claim("state", (x, (3 * k + m * e) / sp.sqrt(k**2 + e)))
    x_inf, when = NOTATION.symbols("x_inf when")
    output = accepts_and_refuses(LongTime(names=(x_inf,), time=t), state, decay)
    assert output.rhs == 3
    with pytest.raises(NotDerivable, match="does not fade"):
        LongTime(names=(x_inf,), time=t).apply(state, claim("growth", (e, sp.exp(2 * Lambda * t))))
    rule = ZeroOfState(state=x, result=when, time=t)
    line = claim("line", (x, k - (k + m) * e))
    zero = Claim("zero", (rule.apply(line, decay),), rule.given(line, decay))
    assert judge(rule, zero, line, decay).positive
    wrong = zero.with_equations([Equation(when, zero.rhs / 2)])
    assert judge(rule, wrong, line, decay).refuted


def test_conjugate_product():
    X, X_bar = NOTATION.symbols("X X_bar")
    growth, rate = claim("growth", (X, x + y * Lambda)), claim("rate", (Lambda, sp.sqrt(m**2 + k)))
    output = accepts_and_refuses(ConjugateProduct(root=Lambda, conjugate=X_bar), growth, rate)
    assert sp.expand(output.rhs - (x**2 - y**2 * (m**2 + k))) == 0


def test_preconditioner_reads_off_the_matrix():
    M, column = sp.MatrixSymbol("M", d, d), sp.MatrixSymbol("W", d, 1)
    flow = claim("flow", (w_dot[i], -(m * g[i] + 3 * k * w[i] * total(lambda a: g[a] * w[a]))))
    rule = Preconditioner(result=M, gradient=g, direction=w, column=column)
    output = apply(rule, flow)
    assert judge(rule, output, flow).positive
    wrong = output.with_equations([Equation(M, m * sp.Identity(d) + 2 * k * column * column.T)])
    assert judge(rule, wrong, flow).refuted
    with pytest.raises(NotDerivable):
        rule.apply(claim("flow", (w_dot[i], -(m * g[i] + v[i] * total(lambda a: g[a] * w[a])))))
    unit = RankOneMatrix(result=M, column=column)
    spectrum = claim("along", (x, 3 * m)), claim("across", (y, m))
    matrix = apply(unit, *spectrum)
    assert judge(unit, matrix, *spectrum).positive
    assert judge(unit, Claim("out", (Equation(M, m * sp.Identity(d) + 3 * m * column * column.T),)), *spectrum).refuted

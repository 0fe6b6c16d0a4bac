"""Systems with Gaussian means: floats find the branch, balls give the digits."""

import numpy as np
import pytest
import sympy as sp

from quenched.numeric.compile import Compiled
from quenched.numeric.floats import ContextArithmetic, FloatArithmetic
from quenched.numeric.solve import Solver, solver_at
from quenched.numeric.tape import Tape
from quenched.symbolic.errors import BadInput, NotCertified
from quenched.symbolic.precision import context
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.system import System, Unknown

a, b, q, r = sp.symbols("a b q r", real=True)
x, z = sp.symbols("x z", real=True)


def run(expr, *values):
    return Tape([a, b], [expr]).run(FloatArithmetic(), [np.asarray(v, dtype=float) for v in values])[0]


def test_means_in_floats():
    """E e^(a z) = e^(a^2/2), E z^2 = 1, correlated normals, means inside means; over arrays of points."""
    points = np.array([0.2, 0.7, 0.9])
    assert run(Mean(sp.exp(a * z), z), points, 0) == pytest.approx(np.exp(points**2 / 2), rel=1e-14)
    assert run(Mean(x * z + z**2, (x, z), ((1, a), (a, 1))), points, 0) == pytest.approx(points + 1, rel=1e-13)
    nested = Mean(sp.log(Mean(sp.exp(a * z + b * x), z)), x)
    assert run(nested + Mean(x**2 * z**2, (x, z)), points, 0.4) == pytest.approx(points**2 / 2 + 1, rel=1e-13)


def test_what_a_grid_leaves_out_shows_as_a_disagreement():
    """tanh^2(40 z) is too steep for equal steps: the two grids differ, so no value of a plot rests on them."""
    tape = Tape([a], [Mean(sp.tanh(a * z) ** 2, z)])
    values = [tape.run(FloatArithmetic(np.float64, shake), [np.float64(40)])[0] for shake in (False, True)]
    assert abs(values[0] - values[1]) > 1e-6


def test_mpmath_refuses_a_mean():
    with pytest.raises(BadInput, match="mean"):
        Tape([a], [Mean(sp.tanh(a * z), z)]).run(ContextArithmetic(context(20)), [1])


def two_unknowns(start):
    """q = E tanh^2(sqrt(r) z + 1/2), r = 2 q: one root, found with two unknowns or with one."""
    equations = (q - Mean(sp.tanh(sp.sqrt(r) * z + sp.Rational(1, 2)) ** 2, z), r - 2 * q)
    unknowns = (Unknown(q, sp.Integer(0), sp.Integer(1), start), Unknown(r, sp.Integer(0), None, 2 * start))
    return Compiled(System({"q": q}, unknowns, equations))


@pytest.mark.parametrize("bits", [100, 400])
def test_several_unknowns_against_one(bits):
    one = q - Mean(sp.tanh(sp.sqrt(2 * q) * z + sp.Rational(1, 2)) ** 2, z)
    bracket = Compiled(System({"q": q}, (Unknown(q, sp.Rational(1, 100), sp.Integer(1)),), (one,)))
    truth = Solver(bracket, {}).root(bits).balls[q]
    found = solver_at(two_unknowns(sp.Rational(1, 2)), {}).root(bits).balls[q]
    assert found.overlaps(truth) and found.rad() < 2.0 ** (12 - bits)


def test_a_start_that_leads_nowhere_is_refused():
    with pytest.raises(NotCertified):
        Solver(two_unknowns(sp.Integer(-3)), {}).root(100)

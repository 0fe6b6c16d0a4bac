"""The traps of a replica calculation, one test each: a naive tool falls into them, the engine refuses or detects them.

Binding, pointwise limits under a mean and unbounded logarithms have their tests in test_mean.py and test_rules.py.
"""

import pytest
import sympy as sp

from quenched.derivations import sk, sk_one_step
from quenched.numeric.compile import Compiled
from quenched.numeric.solve import Solver
from quenched.symbolic import balls
from quenched.symbolic.claim import Claim, Equation
from quenched.symbolic.errors import BadInput, NotDerivable
from quenched.symbolic.quantity import POSITIVE, REAL, Notation, Quantity, Samples
from quenched.symbolic.replica.continuation import ReplicaLimit
from quenched.symbolic.replica.floating import floating
from quenched.symbolic.replica.half_lines import HalfLines
from quenched.symbolic.replica.mean import Mean
from quenched.symbolic.replica.steep import SteepLimit
from quenched.symbolic.replica.trees import TreeMatrix
from quenched.symbolic.replica.zero_temperature import _at_zero
from quenched.symbolic.rule import Case
from quenched.symbolic.system import System, Unknown

NOTATION = Notation(
    *(Quantity(name, name, domain=POSITIVE) for name in ("beta", "n", "m", "mu", "chi", "c")),
    *(Quantity(name, name, domain=REAL) for name in ("f", "q")),
)
beta, n, m, mu, chi, c, f, q = NOTATION.symbols("beta n m mu chi c f q")
z = sp.Symbol("z", real=True)


def claim(rhs, label="given", given=()):
    return Claim(label, (Equation(f, rhs),), given)


def judged(rule, inputs, rhs):
    return rule.check(Case(tuple(inputs), claim(rhs, "output"), Samples(NOTATION, "traps")))


# -- numbers ---------------------------------------------------------------------------------------------------------


def test_a_float_is_refused_in_every_exact_place():
    """1/2 in Python is a float, and SymPy's Float(6.0) is not Integer(6)."""
    assert sp.Float(6.0) != sp.Integer(6)
    for build in (
        lambda: Equation(f, q / 2 * 0.5),
        lambda: Mean(0.5 * z, z),
        lambda: balls.enclose(q, {q: 0.5}, 64),
    ):
        with pytest.raises(BadInput, match=r"float|exact"):
            build()


def test_a_root_is_certified_by_its_residual_and_not_by_a_step():
    """A search stops where the squared residual is small, with half of the digits; here |F| is bounded on the ball."""
    equation = q - Mean(sp.tanh(2 * sp.sqrt(q) * z + 1) ** 2, z)
    system = System({"q": q}, (Unknown(q, sp.Rational(1, 10), sp.Integer(1)),), (equation,))
    root = Solver(Compiled(system), {}).root(160)
    assert float(root.residual) < 1e-40 and root.balls[q].rad() < 1e-40


# -- n -> 0 ----------------------------------------------------------------------------------------------------------


def test_the_continuation_is_judged_at_real_n_and_not_at_integers():
    """sin(pi n) vanishes at every integer: a check by integers would accept it, this one does not."""
    site = sp.log(Mean((2 * sp.cosh(c * z)) ** n, z))
    truth = ReplicaLimit(n=n, result=f).apply(claim(site)).rhs
    assert judged(ReplicaLimit(n=n), [claim(site)], truth).positive
    hidden = claim(site + sp.sin(sp.pi * n))
    for integer in (1, 2, 3):
        assert (hidden.rhs - site).xreplace({n: sp.Integer(integer)}) == 0
    assert judged(ReplicaLimit(n=n), [hidden], truth).refuted


def test_checks_at_two_replicas_alone_miss_wrong_formulas():
    """n and n^2/2 agree at n = 2: the rules of ansatz and tree look at several sizes."""
    tree = TreeMatrix(n, (), (q,), sp.Integer(0))
    wrong = tree.pair_sum(lambda v: v).xreplace({n - 1: n / 2})
    sums = [sum(tree.explicit(k)) for k in (2, 3)]
    assert wrong.xreplace({n: sp.Integer(2)}) == sums[0] and wrong.xreplace({n: sp.Integer(3)}) != sums[1]


# -- signs and branches ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", [sk.q, sk_one_step.notation.q0, sk_one_step.notation.q1])
def test_order_parameters_keep_their_symmetric_values(symbol):
    """A symbol declared positive makes solve() lose the root 0."""
    p = sp.Symbol("q", positive=True)
    assert sp.solve(p * (p**2 + 1), p) == [] and symbol.is_positive is None and symbol.is_real


def test_the_branch_with_outer_overlap_is_named():
    """Without a field both q0 = 0 and q0 > 0 solve the equations; the system states which is meant."""
    system = sk_one_step.derivation().model.system("ground state", {}, ("ground_state_energy",))
    assert "q0 > 0" in system.branch and system.unknowns[0].low == 0 and system.unknowns[0].start > 0


def test_results_of_an_unstable_saddle_say_so():
    """The negative entropy and the replicon are results beside the energy, not footnotes."""
    assert {"entropy", "replicon"} <= {r.name for r in sk.derivation().model.results}
    assert sk.derivation().claim("zero-entropy").rhs.is_negative


# -- zero temperature on trees ---------------------------------------------------------------------------------------

SCALING = Claim("scaling", (Equation(m, mu / beta), Equation(q, 1 - chi / beta)))


def test_powers_keep_their_exponent():
    """(2 cosh(beta u))^(mu/beta) -> exp(mu |u|); with a power that does not vanish it grows, and is refused."""
    body = claim(Mean((2 * sp.cosh(beta * c * z)) ** m, z))
    limit = SteepLimit(beta=beta).apply(body, SCALING).rhs
    assert limit == Mean(sp.exp(mu * c * sp.Abs(z)), z)
    assert judged(SteepLimit(beta=beta), [body, SCALING], limit).positive
    assert judged(SteepLimit(beta=beta), [body, SCALING], Mean(sp.exp(-mu * c * sp.Abs(z)), z)).refuted
    with pytest.raises(NotDerivable, match="vanish"):
        SteepLimit(beta=beta).apply(claim(Mean((2 * sp.cosh(beta * c * z)) ** mu, z)), SCALING)


def test_a_peak_is_refused_on_trees_too():
    """beta (1 - tanh^2(beta z)) tends to 0 pointwise; its coefficient grows, so no limit is taken."""
    with pytest.raises(NotDerivable):
        SteepLimit(beta=beta).apply(claim(beta * (1 - Mean(sp.tanh(beta * c * z) ** 2, z))), SCALING)
    with pytest.raises(NotDerivable):
        SteepLimit(beta=beta).apply(claim(beta * Mean(1 - sp.tanh(beta * c * z) ** 2, z)), SCALING)


def test_a_difference_of_large_terms_needs_more_orders():
    """beta^4 (1 - q^p) with q = 1 - chi/beta: the remainder of the power counts, and the rule says so."""
    with pytest.raises(NotDerivable):
        SteepLimit(beta=beta).apply(claim(beta**4 * (1 - q**mu - mu * (1 - q))), SCALING)


def test_half_lines_are_cut_at_the_kink():
    """E exp(c |z|) = 2 Phi(c) exp(c^2/2), not the moment exp(c^2/2) of a line without a kink."""
    given = claim(Mean(sp.exp(c * sp.Abs(z)), z))
    found = HalfLines().apply(given).rhs
    assert sp.expand(found - (2 - sp.erfc(c / sp.sqrt(2))) * sp.exp(c**2 / 2)) == 0
    assert judged(HalfLines(), [given], found).positive
    assert judged(HalfLines(), [given], sp.exp(c**2 / 2)).refuted
    with pytest.raises(NotDerivable, match="kink"):
        HalfLines().apply(claim(Mean(sp.exp(c * z), z)))


def test_quadrature_sees_a_kink_that_a_grid_misses():
    """E |z - 1/3| to 12 digits; equal steps of 0.06 give three."""
    third = sp.Rational(1, 3)
    exact = 2 * (sp.exp(-(third**2) / 2) / sp.sqrt(2 * sp.pi)) + third * sp.erf(third / sp.sqrt(2))
    assert abs(floating(Mean(sp.Abs(z - third), z), {}) - float(exact)) < 1e-12


def test_a_pole_under_a_vanishing_factor_counts():
    a, b, eps = sp.symbols("a b eps", real=True)
    assert _at_zero(eps * (a + b / eps), eps) == b
    with pytest.raises(NotDerivable, match="diverges"):
        _at_zero(a + b / eps, eps)

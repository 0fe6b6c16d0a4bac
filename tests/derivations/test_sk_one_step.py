"""One step of breaking in the SK model: checks, mutants, certified values at zero and positive temperature."""

import pytest
import sympy as sp

from quenched.derivations.sk_one_step import derivation
from quenched.derivations.sk_one_step.notation import beta, m, mu, q0, q1
from quenched.numeric.compile import Compiled
from quenched.numeric.continuation import follow
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.precision import context
from quenched.symbolic.replica.floating import floating

D = derivation()
ENERGY = "-0.76525943467368251416"
OVERLAP = "0.47678437153450413328"
SIZE = "1.3608208034690913444"


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize("label", ["ground-state-energy"])
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_zero_temperature_to_twenty_digits():
    """e = -0.7652594 (Parisi 1980); overlap and size of the blocks are judged in the next test."""
    assert evaluate(D.model, "ground_state_energy", {}, 20).value == ENERGY


def test_zero_temperature_against_quadrature_of_the_definition():
    """Independent code: e(mu, q0) by mpmath at the certified point, inner line cut at the kink; its slopes vanish."""
    ctx = context(30)
    c, normal = ctx.mpf(OVERLAP), lambda x: (1 + ctx.erf(x / ctx.sqrt(2))) / 2

    def energy(size, overlap):
        width = ctx.sqrt(1 - overlap)

        def inside(y):
            a = ctx.sqrt(overlap) * y
            sides = (ctx.exp(s * size * a) * normal(s * a / width + size * width) for s in (1, -1))
            return ctx.log(sum(sides)) + size**2 * (1 - overlap) / 2

        mean = ctx.quad(lambda y: inside(y) * ctx.npdf(y), range(-12, 13))
        return size * (1 - overlap**2) / 4 - mean / size

    assert abs(energy(ctx.mpf(SIZE), c) - ctx.mpf(ENERGY)) < 1e-18
    step = ctx.mpf(10) ** -9
    for shift in ((step, 0), (0, step)):
        ends = [energy(ctx.mpf(SIZE) + s * shift[0], c + s * shift[1]) for s in (1, -1)]
        assert abs((ends[0] - ends[1]) / (2 * step)) < 1e-14


def test_the_saddle_point_without_outer_overlap_has_the_smaller_energy():
    """q0 = 0: the largest value over mu is -0.768828, below the one that is meant."""
    phi = D.claim("ground-state-energy").rhs
    values = [floating(phi, {mu: sp.Rational(k, 100), q0: sp.Rational(1, 10**12)}).real for k in range(60, 160)]
    assert max(values) == pytest.approx(-0.768828, abs=2e-6) and max(values) < float(ENERGY)


def test_positive_temperature():
    """beta = 3/2, on the continued branch: the equations hold where the free energy, another claim, is stationary."""
    compiled = Compiled(D.model.system("blocks", {}, ("free_energy",)))
    (start, _) = follow(compiled, [1.5])
    point = {beta: 1.5, **dict(zip((q0, q1, m), start[:, 0]))}
    assert point[m] == pytest.approx(0.253128465832901, abs=1e-10) and point[q0] > 0.13
    for symbol in (q0, q1, m):
        ends = [floating(D.claim("free-energy").rhs, {**point, symbol: point[symbol] + s * 1e-4}).real for s in (1, -1)]
        assert abs(ends[0] - ends[1]) < 1e-9


def test_above_the_critical_temperature_there_are_no_blocks():
    with pytest.raises(OutsideDomain, match="beta > 1"):
        evaluate(D.model, "free_energy", {"beta": "1"})


def test_what_the_conclusion_rests_on():
    ids = [a.id for a in D.assumptions(["ground-state-energy"])]
    assert ids == [
        "saddle-point",
        "one-step-breaking",
        "replica-trick",
        "limit-exchange",
        "continuation",
        "zero-temperature-last",
    ]

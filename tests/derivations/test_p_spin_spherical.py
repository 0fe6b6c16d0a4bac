"""The spherical p-spin model: checks, mutants, the published transition temperatures."""

import itertools

import pytest
import sympy as sp

from quenched.derivations.p_spin_spherical import derivation, m, p, phi_m, phi_q, q
from quenched.derivations.p_spin_spherical.notation import beta
from quenched.numeric.evaluate import evaluate
from quenched.symbolic.checking import mutate, step_findings
from quenched.symbolic.claim import Equation
from quenched.symbolic.errors import OutsideDomain
from quenched.symbolic.exact import vanishes
from quenched.symbolic.precision import compiled, context

D = derivation()


@pytest.mark.parametrize("label", [s.label for s in D if s.kind == "derived"])
def test_every_step_is_checked_and_holds(label):
    found = list(step_findings(D, label, "fast"))
    assert found and all(f.verdict.positive for f in found), [str(f.verdict) for f in found]


@pytest.mark.parametrize(
    "label",
    ["potential-blocks", "transition", "temperature", "ground-potential", "energy-states", "complexity-states"]
    + ["threshold-energy", "threshold-complexity", "landscape-law", "count-agrees"],
)
def test_every_edit_of_a_result_is_refused(label):
    assert [kill.edit for kill in mutate(D, label) if not kill.by] == []


def test_static_transition():
    """T_s(3) = 0.586054 (Crisanti and Sommers)."""
    assert float(evaluate(D.model, "static_temperature", {"p": "3"}).value) == pytest.approx(0.586054, abs=1e-6)
    found = [float(evaluate(D.model, "static_temperature", {"p": k}).value) for k in (3, 4, 5, 10)]
    assert found == sorted(found, reverse=True)


def test_no_transition_of_this_kind_for_two_spins():
    with pytest.raises(OutsideDomain, match="p = 2"):
        evaluate(D.model, "static_temperature", {"p": "2"})


def test_dynamic_transition():
    """T_d = sqrt(p (p - 2)^(p - 2)/(2 (p - 1)^(p - 1))): 0.612372... at p = 3."""
    assert evaluate(D.model, "dynamic_temperature", {"p": "3"}, 20).value == "0.61237243569579452455"
    for k in (4, 7):
        closed = sp.sqrt(sp.Rational(k * (k - 2) ** (k - 2), 2 * (k - 1) ** (k - 1)))
        told = sp.Rational(evaluate(D.model, "dynamic_temperature", {"p": k}, 20).value)
        assert abs(sp.N(told - closed, 30)) < 1e-19
    assert D.claim("threshold-overlap").rhs == (p - 2) / (p - 1)


def test_complexity_vanishes_at_the_static_transition():
    inverse = 1 / sp.Rational(evaluate(D.model, "static_temperature", {"p": "3"}, 25).value)
    value = evaluate(D.model, "complexity", {"p": "3", "beta": inverse}, 3)
    assert abs(float(value.value)) < 1e-20
    found = [float(evaluate(D.model, "complexity", {"p": "3", "beta": b}).value) for b in ("33/20", "5/3", "17/10")]
    assert found == sorted(found, reverse=True) and found[-1] > 0


def test_no_states_above_the_dynamical_temperature():
    with pytest.raises(OutsideDomain, match="no states"):
        evaluate(D.model, "complexity", {"p": "3", "beta": "8/5"})


def test_slopes_are_those_of_the_potential():
    phi = D.claim("potential-blocks").rhs
    for symbol, label in ((q, "slope-overlap"), (m, "slope-size")):
        point = {p: 3, q: sp.Rational(2, 3), m: sp.Rational(3, 5), sp.Symbol("beta", positive=True, real=True): 2}
        gap = (sp.diff(phi, symbol) - D.claim(label).rhs).subs(point)
        assert abs(sp.N(gap, 30)) < 1e-25
    assert D.claim("slope-overlap").lhs == phi_q and D.claim("slope-size").lhs == phi_m


def test_what_the_conclusion_rests_on():
    ids = [a.id for a in D.assumptions(["temperature"])]
    assert "one-step-breaking" in ids and "branch" in ids and "continuation" in ids


def value(result, digits=20, **at):
    return sp.Rational(evaluate(D.model, result, {k: str(v) for k, v in at.items()}, digits).value)


def test_ground_state():
    """E_0 = -1.657 for p = 3 where the energy has variance N (Auffinger, Ben Arous and Cerny 2013)."""
    found = evaluate(D.model, "ground_state_energy", {"p": "3"}, 25)
    assert found.value == "-1.171674779265288358388124" and found.level == "arb"
    assert float(found.value) * 2**0.5 == pytest.approx(-1.657, abs=5e-4)
    assert abs(value("complexity_at_energy", p=3, e=value("ground_state_energy", 30, p=3))) < 1e-20


def test_ground_state_is_the_limit_of_the_free_energy():
    """-phi = beta e_0 + a log beta + b + c/beta + ... at the stationary q and m, beta = 100 to 3200."""
    power, ctx = {p: sp.Integer(3)}, context(40)
    slopes = [D.claim(label).rhs.xreplace(power) for label in ("slope-overlap", "slope-size")]
    potential = compiled(ctx, [beta, q, m], D.claim("potential-blocks").rhs.xreplace(power))
    residual = compiled(ctx, [beta, q, m], [slopes[0] / beta, slopes[1] / beta])
    scales, found = [100 * 2**k for k in range(6)], []
    for b in scales:
        start = (1 - ctx.mpf("0.49") / b, ctx.mpf("0.884") / b)
        at = ctx.findroot(lambda x, y, b=b: list(residual(ctx.mpf(b), x, y)), start, tol=1e-50)
        found.append(-potential(ctx.mpf(b), *at))
    # Second differences on equal factors remove the logarithm and the constant.
    found = [(w - 2 * v + u) / b for b, u, v, w in zip(scales, found, found[1:], found[2:])]
    for order in (2, 3, 4):
        found = [(2**order * v - u) / (2**order - 1) for u, v in itertools.pairwise(found)]
    assert abs(found[0] - ctx.mpf("-1.171674779265288358388124")) < 1e-10


@pytest.mark.parametrize("power, energies", [(3, ("-1.1548", "-1.16", "-1.17", "-1.3")), (4, ("-1.23", "-1.25", "-2"))])
def test_two_counts_agree(power, energies):
    for energy in energies:
        states, critical = (
            value(f"{name}_at_energy", 30, p=power, e=energy) for name in ("complexity", "critical_points")
        )
        assert abs(states - critical) < 1e-28


def test_count_by_quadrature():
    """1/2 - log(p/2)/2 - e^2 + int log|x - y| semicircle, the integral over the eigenvalues themselves by mpmath."""
    ctx = context(30)
    for power, energy in ((3, "-1.17"), (4, "-1.25")):
        e, sigma = ctx.mpf(energy), ctx.sqrt(ctx.mpf(power * (power - 1)) / 2)

        def body(y, e=e, sigma=sigma, power=power):
            return ctx.sqrt(4 * sigma**2 - y**2) / (2 * ctx.pi * sigma**2) * ctx.log(abs(-power * e - y))

        potential = ctx.quad(body, [-2 * sigma, 0, 2 * sigma])
        truth = 0.5 - ctx.log(ctx.mpf(power) / 2) / 2 - e**2 + potential
        told = evaluate(D.model, "critical_points_at_energy", {"p": power, "e": energy}, 25).value
        assert abs(ctx.mpf(told) - truth) < 1e-20


def test_threshold():
    """e_th = -sqrt(2 (p - 1)/p), where log(p - 1)/2 - (p - 2)/p is left of the number of states."""
    for k in (3, 4, 7):
        assert abs(sp.N(value("threshold_energy", p=k) + sp.sqrt(sp.Rational(2 * (k - 1), k)), 30)) < 1e-18
        left = sp.log(k - 1) / 2 - sp.Rational(k - 2, k)
        assert abs(sp.N(value("threshold_complexity", p=k) - left, 30)) < 1e-18
    with pytest.raises(OutsideDomain, match="threshold energy"):
        evaluate(D.model, "complexity_at_energy", {"p": "3", "e": "-1.1547"})


def test_energy_and_number_are_legendre_conjugate():
    """d Sigma/d e = mu along the states: the slope of the number is the size of the blocks per temperature."""
    chi = next(s for s in D.claim("energy-states").rhs.free_symbols if s.name == "chi")
    slope = sp.diff(D.claim("complexity-states").rhs, chi) / sp.diff(D.claim("energy-states").rhs, chi)
    assert vanishes(slope - D.claim("ground-size").rhs) is True


def test_the_count_needs_no_replicas():
    assert [a.id for a in D.assumptions(["count"])] == ["mean-determinant"]
    assert "zero-temperature-last" in [a.id for a in D.assumptions(["count-agrees"])]


def test_drawn_hessians():
    (witness,) = [w for w in D.witnesses if w.name == "drawn Hessians"]
    claims = {label: D.claim(label) for label in ("landscape-law", "kac-rice-rates")}
    assert witness.judge(claims, D.samples("test")).positive
    wrong = [Equation(q.lhs, q.rhs + sp.Rational(1, 20)) for q in claims["kac-rice-rates"].equations]
    claims["kac-rice-rates"] = claims["kac-rice-rates"].with_equations(wrong)
    assert witness.judge(claims, D.samples("test")).refuted

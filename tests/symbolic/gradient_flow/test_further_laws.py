"""Laws beyond polynomials: against known closed forms, along integrated flows, and by their exact identities."""

from fractions import Fraction
from math import log

import numpy as np
import pytest

from quenched.symbolic.gradient_flow import DarbouxLaw, as_latex, as_record, as_text, count_laws, read_network
from quenched.symbolic.gradient_flow.darboux import Factor, holds
from quenched.symbolic.gradient_flow.exact_fields import ExactFields
from quenched.symbolic.gradient_flow.last_multiplier import keeps_volume
from quenched.symbolic.gradient_flow.laws import Law


def polynomial(terms, theta) -> float:
    return sum(c * float(np.prod([theta[a] for a in m])) for m, c in terms)


def value(law: DarbouxLaw, laws: tuple[Law, ...], theta) -> float:
    found = polynomial(law.rest, theta)
    for factor in law.factors:
        weight = sum(c * (1 if n < 0 else polynomial(laws[n].terms, theta)) for n, c in factor.weights)
        found += weight * log(abs(polynomial(factor.polynomial, theta)))
    return found


def gradient(phi, theta, weights) -> np.ndarray:
    found = np.zeros(phi.D)
    for w, p in zip(weights, phi.polynomials()):
        for monomial, c in p.terms.items():
            for place, a in enumerate(monomial):
                rest = monomial[:place] + monomial[place + 1 :]
                found[a] += w * float(c) * float(np.prod([theta[b] for b in rest]))
    return found


def flow(phi, theta, speed, steps: int = 100, size: float = 2e-3) -> np.ndarray:
    """Runge-Kutta of order 4 along theta' = -speed(theta), the loss being re-weighted in time."""
    theta = np.array(theta, dtype=float)
    for step in range(steps):
        weights = [np.cos(0.02 * step + i) for i in range(phi.components)]

        def rate(x, weights=weights):
            return -speed(x) * gradient(phi, x, weights)

        k1 = rate(theta)
        k2 = rate(theta + size / 2 * k1)
        k3 = rate(theta + size / 2 * k2)
        k4 = rate(theta + size * k3)
        theta = theta + size / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return theta


CASES = [
    ("gram 2 3", "gradient flow", 2),
    ("gram 3 4", "gradient flow", 3),
    ("tied 2 3", "gradient flow", 2),
    ("residual 1 1 2", "gradient flow", 1),
    ("residual 1 1 3", "gradient flow", 2),
    ("residual 1 2 2", "gradient flow", 1),
    ("linear 1-3-1", "entropic mirror", 2),
    ("difference 2", "entropic mirror", 2),
]


@pytest.mark.parametrize(("text", "dynamics", "number"), CASES)
def test_further_laws_are_constant_along_the_flow(text, dynamics, number):
    phi = read_network(text)
    count = count_laws(phi, dynamics)
    assert len(count.further) == number and count.complete
    start = np.linspace(0.4, 1.1, phi.D) * np.where(np.arange(phi.D) % 3 == 1, -1, 1)
    if dynamics == "entropic mirror":
        start = np.abs(start)
    end = flow(phi, start, (lambda x: x) if dynamics == "entropic mirror" else (lambda x: 1.0))
    assert np.abs(end - start).max() > 0.01
    for law in count.further:
        before, after = value(law, count.laws, start), value(law, count.laws, end)
        assert abs(after - before) < 1e-9
        # The test can fail: another point nearby has another value.
        assert abs(value(law, count.laws, start + 0.03 * np.arange(phi.D) ** 2) - before) > 1e-3


def test_two_scalar_residual_blocks_have_the_known_transcendental_law():
    """atanh(v/u) + (u^2 + v^2)/4 - atanh(t/s) - (s^2 + t^2)/4, up to the quadratic laws: half of ours, exactly."""
    phi = read_network("residual 1 1 2")
    count = count_laws(phi)
    (law,) = count.further
    u, v, s, t = range(4)
    # 2 atanh(v/u) = log|(u + v)/(u - v)|.
    known = DarbouxLaw(
        tuple(
            Factor((((x,), 1), ((y,), sign)), ((-1, weight),))
            for x, y, sign, weight in ((u, v, 1, 2), (u, v, -1, -2), (s, t, 1, -2), (s, t, -1, 2))
        ),
        (((u, u), 1), ((v, v), 1), ((s, s), -1), ((t, t), -1)),
    )
    fields = ExactFields(phi, "gradient flow")
    assert holds(known, count.laws, fields)
    ours = {factor.polynomial: factor.power for factor in law.factors}
    ratio = {p.polynomial: Fraction(p.power or 0, ours[p.polynomial] or 1) for p in known.factors}
    assert set(ratio.values()) == {Fraction(-2)}
    # What is left is a combination of u^2 - v^2 and s^2 - t^2.
    left = dict(known.rest)
    for m, c in law.rest:
        left[m] = left.get(m, 0) + 2 * c
    assert left[u, u] == -left[v, v] and left[s, s] == -left[t, t]


@pytest.mark.parametrize("text", ["gram 2 3", "residual 1 1 2", "residual 1 2 2"])
def test_every_single_edit_of_a_further_law_breaks_it(text):
    phi = read_network(text)
    count = count_laws(phi)
    fields = ExactFields(phi, "gradient flow")
    for law in count.further:
        assert holds(law, count.laws, fields)
        for number, factor in enumerate(law.factors):
            for place, (monomial, c) in enumerate(factor.polynomial):
                for new in (((monomial, c + 1),), ((monomial, -c),), ()):
                    terms = factor.polynomial[:place] + new + factor.polynomial[place + 1 :]
                    edited = Factor(terms, factor.weights)
                    factors = law.factors[:number] + (edited,) + law.factors[number + 1 :]
                    # u - v and u + v are both Darboux: a flipped sign may swap them, never keep the law.
                    assert not holds(DarbouxLaw(factors, law.rest), count.laws, fields), (text, number, place)
            wrong = Factor(factor.polynomial, tuple((n, c + 1) for n, c in factor.weights))
            factors = law.factors[:number] + (wrong,) + law.factors[number + 1 :]
            assert not holds(DarbouxLaw(factors, law.rest), count.laws, fields)
        for place in range(len(law.rest)):
            rest = law.rest[:place] + law.rest[place + 1 :]
            assert not holds(DarbouxLaw(law.factors, rest), count.laws, fields)


def test_rational_laws_of_a_gram_matrix_are_quotients_of_minors():
    count = count_laws(read_network("gram 2 3"))
    for law in count.further:
        assert law.rational and law.homogeneity == 0
        for factor in law.factors:
            (first, c), (second, d) = factor.polynomial
            assert (len(first), len(second), c, d) == (2, 2, 1, -1)
            assert sorted(x % 3 for x in first) == sorted(x % 3 for x in second)


def test_texts_of_further_laws():
    count = count_laws(read_network("gram 1 2"))
    assert as_record(count)["laws"][0]["formula"] == "U[1,1] / U[1,2]"
    assert r"\frac{U_{1,1}}{U_{1,2}} &= \mathrm{const}" in as_latex(count)
    text = as_text(count_laws(read_network("residual 1 1 2")))
    assert "log|(U1[1,1] - V1[1,1])/(U1[1,1] + V1[1,1])|" in text and "cofactors" in text
    record = as_record(count_laws(read_network("difference 1"), "entropic mirror"))
    assert record["laws"][0]["formula"] == "u[1] v[1] / (u[1] + v[1])"
    assert record["laws"][0]["kind"] == "rational"
    record = as_record(count_laws(read_network("linear 1-2-1"), "entropic mirror"))
    assert "log|W1[1,1]/W2[1,1]|" in record["laws"][-1]["formula"]
    assert record["laws"][-1]["kind"] == "logarithmic"
    assert r"\log\left\lvert" in record["laws"][-1]["latex"]


def test_the_last_multiplier_needs_a_flow_that_keeps_volume():
    """Multilinear phi are harmonic; u^2 - v^2 is at equal rates only; u^2 + v^2 is not."""
    assert keeps_volume(read_network("linear 1-2-2-1"), range(8))
    assert keeps_volume(read_network("difference 1"), range(2))
    assert not keeps_volume(read_network("difference 1").with_rates({"u": 2}), range(2))
    assert not keeps_volume(read_network("gram 1 2"), range(2))


def test_the_quadrature_of_a_scalar_chain_is_closed():
    """On the surface of the six laws the area form w = vol / (dh1 ... dh6) is carried along by the flow.

    Then d(i_F w) = L_F w = 0: the 1-form i_F w is closed. Checked by transporting two tangent vectors one small step.
    """
    phi = read_network("linear 1-2-2-1")
    count = count_laws(phi)
    theta = np.array([0.9, -0.4, 1.3, 0.2, -0.7, 1.1, 0.5, 1.7])

    def rows(x):
        found = np.zeros((6, 8))
        for row, number in zip(found, count.chosen):
            for m, c in count.laws[number].terms:
                for place, a in enumerate(m):
                    row[a] += c * np.prod([x[b] for b in m[:place] + m[place + 1 :]])
        return found

    def velocity(x):
        return gradient(phi, x, [1.0])

    def jacobian(x, h=1e-6):
        steps = [(velocity(x + h * e) - velocity(x - h * e)) / (2 * h) for e in np.eye(8)]
        return np.stack(steps, axis=1)

    # Transport two tangent vectors of the surface along F: w(a, b) must not change to first order.
    tangent = np.linalg.svd(rows(theta))[2][6:]
    step = 1e-5
    moved = theta + step * velocity(theta)
    carried = tangent + step * (jacobian(theta) @ tangent.T).T

    def area(x, pair):
        h = rows(x)
        normal = np.linalg.pinv(h)
        return np.linalg.det(np.vstack([normal.T, pair]))

    before, after = area(theta, tangent), area(moved, carried)
    assert abs(after - before) / abs(before) < 1e-7
    assert abs(np.linalg.det(carried @ carried.T) - 1) > 1e-6

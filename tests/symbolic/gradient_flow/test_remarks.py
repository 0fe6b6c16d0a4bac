"""What the laws become under decay, finite steps, momentum and weight normalisation: the sentences, and flows."""

from fractions import Fraction

import numpy as np
import pytest

from quenched.symbolic.gradient_flow import as_text, count_laws, read_formulas, read_network
from quenched.symbolic.gradient_flow.remarks import remarks


def values(law, theta):
    total = 0
    for monomial, c in law.terms:
        term = c
        for a in monomial:
            term = term * theta[a]
        total = total + term
    return total


def gradient(phi, theta, weights):
    found = [0 * theta[0]] * phi.D
    for w, p in zip(weights, phi.polynomials()):
        for monomial, c in p.terms.items():
            for place, a in enumerate(monomial):
                term = w * c
                for b in monomial[:place] + monomial[place + 1 :]:
                    term = term * theta[b]
                found[a] = found[a] + term
    return [phi.rates[a] * found[a] for a in range(phi.D)]


def integrate(rate, state, steps=600, size=1e-3):
    state = np.array(state, dtype=float)
    for _ in range(steps):
        k1 = rate(state)
        k2 = rate(state + size / 2 * k1)
        k3 = rate(state + size / 2 * k2)
        k4 = rate(state + size * k3)
        state = state + size / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return state


@pytest.mark.parametrize("rates", [{}, {"W1": "2/3", "W2": 5}])
def test_finite_steps_with_decay_exactly(rates):
    """h((1 - s lam) theta - s g) = (1 - s lam)^2 h(theta) + s^2 h(g), in rational arithmetic."""
    phi = read_network("linear 3-2-3").with_rates(rates)
    theta = [Fraction(j * j + 2, 3 * j + 5) for j in range(phi.D)]
    g = gradient(phi, theta, [Fraction(i + 1, i + 4) for i in range(phi.components)])
    step, decay = Fraction(3, 7), Fraction(2, 11)
    moved = [(1 - step * decay) * x - step * y for x, y in zip(theta, g)]
    for law in count_laws(phi).laws:
        left = values(law, moved)
        assert left == (1 - step * decay) ** 2 * values(law, theta) + step**2 * values(law, g)
        assert left != values(law, theta)


@pytest.mark.parametrize(("text", "degree"), [("linear 2-2-3", 2), ("softmax 2 3", 1), ("product 3", 2)])
def test_weight_decay_makes_a_law_of_degree_k_decay_at_rate_k_lambda(text, degree):
    phi = read_network(text)
    law = next(law for law in count_laws(phi).laws if law.degree == degree)
    start, decay, weights = np.linspace(0.3, 1.2, phi.D), 0.7, [0.4, -0.9] * phi.components

    def rate(theta):
        return -np.array(gradient(phi, list(theta), weights), dtype=float) - decay * theta

    end = integrate(rate, start)
    assert values(law, end) == pytest.approx(values(law, start) * np.exp(-degree * decay * 0.6), rel=1e-9)
    assert values(law, end) != pytest.approx(values(law, start), rel=1e-2)


@pytest.mark.parametrize("text", ["linear 2-2-2", "linear 1-3-1", "softmax 2 3", "gram 3 2"])
def test_heavy_ball_laws_along_the_flow(text):
    """exp(t/tau) v^T S theta, exp(t/tau) <v, b> and <theta + tau v, b> for theta'' + theta'/tau = -grad L."""
    phi = read_network(text)
    tau, weights = 0.8, [0.5, -0.3, 0.8] * phi.components
    theta, v = np.linspace(0.4, 1.3, phi.D), np.sin(1 + np.arange(phi.D))

    def rate(state):
        force = -np.array(gradient(phi, list(state[: phi.D]), weights), dtype=float)
        return np.concatenate([state[phi.D :], force - state[phi.D :] / tau])

    end = integrate(rate, np.concatenate([theta, v]))

    def momentum(law, x, y, t):
        total = 0.0
        for m, c in law.terms:
            if law.plain:
                total += c * (x[m[0]] + tau * y[m[0]])
            elif len(m) == 1:
                total += c * np.exp(t / tau) * y[m[0]]
            else:
                total += c * np.exp(t / tau) * (y[m[0]] * x[m[1]] - y[m[1]] * x[m[0]])
        return total

    laws = count_laws(phi, "heavy ball").laws
    assert laws
    for law in laws:
        before, after = momentum(law, theta, v, 0.0), momentum(law, end[: phi.D], end[phi.D :], 0.6)
        assert after == pytest.approx(before, abs=1e-9)


def test_weight_normalisation_along_the_true_flow():
    """w_j = g_j v_j / |v_j| by its own chain rule, without the polynomial metric: |v_j|^2 stays."""
    rows, columns = 3, 2
    target = np.arange(6).reshape(3, 2) / 3.0

    def rate(state):
        v, g = state[:6].reshape(rows, columns), state[6:]
        length = np.sqrt((v**2).sum(axis=0))
        w = v / length * g
        slope = np.tanh(w - target)
        along = (slope * v).sum(axis=0) / length
        return -np.concatenate([(g / length * (slope - v / length * along)).ravel(), along])

    start = np.concatenate([np.linspace(0.5, 1.6, 6), [1.1, -0.7]])
    end = integrate(rate, start)
    laws = count_laws(read_network("scaling 3 2"), "weight normalisation").laws
    assert len(laws) == 2
    for law in laws:
        assert values(law, end) == pytest.approx(values(law, start), abs=1e-10)
    assert np.abs(end - start).max() > 0.1


def test_the_polynomial_metric_of_weight_normalisation_is_the_chain_rule():
    """Up to |v|^3 per field: M grad(v g) against the gradient of g v / |v|, at a rational point with |v| = 3."""
    from quenched.symbolic.gradient_flow.fields import metric_fields

    prime, phi = 1000003, read_network("scaling 3 1")
    v, g = [1, 2, 2], 5
    fields = metric_fields(phi, "weight normalisation", prime)
    state = [*v, g, 1]
    for i in range(3):
        found = [0] * 4
        for f, axis, c, letters in zip(fields.field, fields.axis, fields.coef, fields.var):
            if f == i:
                found[axis] += int(c) * int(np.prod([state[x] for x in letters]))
        exact = [27 * (Fraction(g, 3) * ((i == k) - Fraction(v[i] * v[k], 9))) for k in range(3)]
        exact.append(27 * Fraction(v[i], 3))
        assert [x % prime for x in found] == [int(x) % prime for x in exact]


def test_sentences():
    text = as_text(count_laws(read_network("linear 3-2-3")))
    assert "h' = -2 lambda h for the laws of degree 2" in text
    assert "h(theta - s g) = h(theta) + s^2 h(g)" in text
    assert "--dynamics 'heavy ball'" in text and "every loss" in text
    text = as_text(count_laws(read_network("softmax 2 3")))
    assert "h' = -lambda h for the laws of degree 1" in text
    text = as_text(count_laws(read_network("gram 2 3")))
    assert "the rational laws of degree 0 stay laws" in text
    text = as_text(count_laws(read_network("residual 1 1 2")))
    assert "h(theta exp(lambda t)) is constant" in text
    text = as_text(count_laws(read_network("linear 2-2-2"), "heavy ball"))
    assert "rotation" in text and "Nesterov" in text
    mixed = count_laws(read_formulas("(a + 1)**2 - b**2"))
    assert any("mixed degree" in sentence for sentence in remarks(mixed))
    assert remarks(count_laws(read_network("tied 3 2"))) == []

"""Laws checked by other means than their finder: exact steps, brackets over another prime, mutation, other degrees."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from quenched.symbolic.errors import BadInput
from quenched.symbolic.gradient_flow import (
    Law,
    count_graph,
    count_laws,
    explain,
    find_laws_of_degree,
    find_quadratic_laws,
    law_blocks,
    monomial_laws,
    read_formulas,
    read_network,
)
from quenched.symbolic.gradient_flow.laws import generator_entries, verified
from quenched.symbolic.gradient_flow.modular import rank

NUMERATORS = (7, 3, 13, 2, 5, 11, 17, 19, 23, 4, 29, 31)
DENOMINATORS = (5, 11, 8, 9, 7, 6, 3, 10, 4, 13, 15, 2)
GENERIC = [Fraction(n, d) for n, d in zip(NUMERATORS, DENOMINATORS)]
PRIME = 1000003


def value(law: Law, point) -> Fraction:
    found = Fraction(0)
    for monomial, c in law.terms:
        term = Fraction(c)
        for a in monomial:
            term *= point[a]
        found += term
    return found


def gradient(polynomial, point) -> list[Fraction]:
    found = [Fraction(0)] * len(point)
    for monomial, c in polynomial.terms.items():
        for place, a in enumerate(monomial):
            term = Fraction(c)
            for b in monomial[:place] + monomial[place + 1 :]:
                term *= point[b]
            found[a] += term
    return found


@pytest.mark.parametrize("text", ["linear 3-2-3", "linear 2-2-2-1", "circular 3", "relu 2-3-2", "difference 4"])
def test_one_exact_gradient_step_changes_a_quadratic_law_at_second_order_only(text):
    """h(theta - s g) = h(theta) + s^2 h(g), exactly: theta^T S g = 0 is the law itself."""
    phi = read_network(text)
    theta, step = GENERIC[: phi.D], Fraction(3, 17)
    weights = [Fraction(k * k + 3, 2 * k + 5) for k in range(phi.components)]
    rows = [gradient(p, theta) for p in phi.polynomials()]
    g = [sum((w * row[j] for w, row in zip(weights, rows)), Fraction(0)) for j in range(phi.D)]
    moved = [x - step * y for x, y in zip(theta, g)]
    laws = count_laws(phi).laws
    assert laws
    for law in laws:
        assert value(law, moved) == value(law, theta) + step**2 * value(law, g)


def multiply(a: dict, b: dict) -> dict:
    found: dict = {}
    for m, c in a.items():
        for n, e in b.items():
            key = tuple(sorted(m + n))
            found[key] = (found.get(key, 0) + c * e) % PRIME
    return found


def derivative(a: dict, j: int) -> dict:
    found: dict = {}
    for m, c in a.items():
        if j in m:
            rest = list(m)
            rest.remove(j)
            found[tuple(rest)] = (found.get(tuple(rest), 0) + c * m.count(j)) % PRIME
    return found


def bracket(x: list[dict], y: list[dict]) -> list[dict]:
    size, found = len(x), []
    for i in range(size):
        total: dict = {}
        for j in range(size):
            for sign, a, b in ((1, x[j], derivative(y[i], j)), (-1, y[j], derivative(x[i], j))):
                for m, c in multiply(a, b).items():
                    total[m] = (total.get(m, 0) + sign * c) % PRIME
        found.append({m: c for m, c in total.items() if c})
    return found


def at(field: list[dict], point: list[int]) -> list[int]:
    found = []
    for component in field:
        total = 0
        for m, c in component.items():
            for a in m:
                c = c * point[a] % PRIME
            total += c
        found.append(total % PRIME)
    return found


@pytest.mark.parametrize(
    "text",
    ["linear 2-2-2", "linear 1-3-2", "polynomial 1-3-2 2", "circular 3", "gram 2 3", "residual 1 1 2", "cp 2-2-2 1"],
)
def test_naive_symbolic_brackets_over_another_prime_agree(text):
    """Brackets of everything found with the generators until nothing moves: slow, and nothing of the engine in it."""
    phi = read_network(text)
    point = [(k * k * 7919 + 104729 * k + 17) % PRIME for k in range(phi.D)]
    fields = [[derivative({m: int(c) for m, c in p.terms.items()}, j) for j in range(phi.D)] for p in phi.polynomials()]
    known, rows, fresh = list(fields), [at(f, point) for f in fields], list(fields)
    for _ in range(4):
        size = rank(np.array(rows), PRIME)
        found = [bracket(f, y) for f in fields for y in fresh]
        fresh = []
        for y in found:
            row = at(y, point)
            if rank(np.array([*rows, row]), PRIME) > rank(np.array(rows), PRIME):
                rows.append(row)
                known.append(y)
                fresh.append(y)
        if rank(np.array(rows), PRIME) == size:
            break
    assert count_laws(phi).lie_rank == rank(np.array(rows), PRIME)


@pytest.mark.parametrize("text", ["linear 2-2-2", "circular 4", "softmax 2 3", "linear 2-3-2 cross-entropy"])
def test_every_single_edit_of_a_law_breaks_it(text):
    phi = read_network(text)
    for law in count_laws(phi).laws:
        assert verified(phi, [law]) == [True]
        for place in range(len(law.terms)):
            monomial, c = law.terms[place]
            for changed in ([], [(monomial, -c)], [(monomial, c + 1)]):
                mutant = (*law.terms[:place], *changed, *law.terms[place + 1 :])
                assert verified(phi, [Law(mutant)]) == [False]


def test_linear_laws_alone_are_verified():
    phi = read_formulas("a - b")
    assert verified(phi, [Law((((0,), 1), ((1,), 1)))]) == [True]
    assert verified(phi, [Law((((0,), 1),))]) == [False]


def test_verification_does_not_overflow():
    phi = read_formulas("1000000007*a*w1, 998244353*a*w2")
    good = find_quadratic_laws(phi)[0]
    huge = Law(tuple((m, c * 10**40) for m, c in good.terms))
    off = Law(((good.terms[0][0], good.terms[0][1] * 10**40 + 1), *huge.terms[1:]))
    assert verified(phi, [good, huge, off]) == [True, True, False]


@pytest.mark.parametrize(
    ("text", "degree", "number"), [("linear 2-2-2", 4, 9), ("linear 1-1-1", 6, 3), ("circular 2", 4, 5)]
)
def test_higher_degrees_hold_the_products_of_the_quadratic_laws(text, degree, number):
    """No new polynomial laws: as many as products of the quadratic ones (all independent here)."""
    phi = read_network(text)
    assert len(find_laws_of_degree(phi, degree)) == number
    assert len(find_laws_of_degree(phi, 2)) == len(find_quadratic_laws(phi))


def test_a_law_of_degree_three():
    """x^2 - y moves along (2x, -1): its law x exp(2y) is no polynomial. x^2 + y^2 - 2 z^2 scales x, y by e^(2s) and z
    by e^(-4s): x^2 z, x y z and y^2 z are laws."""
    assert find_laws_of_degree(read_formulas("x**2 - y"), 4) == []
    cubic = [law for law in find_laws_of_degree(read_formulas("x**2 + y**2 - 2*z**2"), 3) if law.degree == 3]
    assert sorted(law.terms[0][0] for law in cubic) == [(0, 0, 2), (0, 1, 2), (1, 1, 2)]


def test_too_large_searches_say_so():
    with pytest.raises(BadInput, match="unknowns"):
        find_laws_of_degree(read_network("linear 5-5-5"), 5)


def test_theorem_m_needs_monomials():
    with pytest.raises(BadInput, match="single-monomial"):
        monomial_laws(read_network("linear 2-2-2"))


def test_theorem_m_and_the_general_search_find_the_same_laws():
    for text in ("relu 2-3-2 bias", "diagonal 3 3", "swiglu 2-2-2", "power 2-3-2 2"):
        phi = read_network(text).with_rates([f"{j + 3}/2" for j in range(read_network(text).D)])
        assert {law.terms for law in monomial_laws(phi).laws} <= {law.terms for law in find_quadratic_laws(phi)}


def test_theorem_d_on_graphs_that_are_not_layered():
    skip = [("x", "a"), ("x", "b"), ("a", "b"), ("a", "y"), ("b", "y"), ("b", "z"), ("x", "y")]
    found = count_graph(skip)
    found.check()
    assert (found.N, found.D, len(found.paths)) == (2, 7, 5)
    with pytest.raises(BadInput, match="cycle"):
        count_graph([("x", "a"), ("a", "b"), ("b", "a"), ("b", "y")])


def test_tampered_paths_are_refused():
    from dataclasses import replace

    from quenched.symbolic.errors import Refuted

    found = count_graph([("x", "a"), ("x", "b"), ("a", "b"), ("a", "y"), ("b", "y")])
    for i, j in combinations(range(len(found.paths)), 2):
        paths = list(found.paths)
        paths[i], paths[j] = paths[j], paths[i]
        with pytest.raises(Refuted):
            replace(found, paths=tuple(paths)).check()
    with pytest.raises(Refuted, match="paths for"):
        replace(found, paths=found.paths[:-1], pivots=found.pivots[:-1]).check()


@pytest.mark.parametrize(
    ("text", "kind", "formula"),
    [
        ("linear 3-1-2", "rescaling", "|W1[:,1]|^2 - |W2[1,:]|^2"),
        ("difference 1", "hyperbolic rotation", "u[1] v[1]"),
        ("softmax 1 2", "translation", "W[1,1] + W[2,1]"),
        ("power 2-1-1 3", "rescaling", "|W1[:,1]|^2 - 3 W2[1,1]^2"),
    ],
)
def test_explanations(text, kind, formula):
    phi = read_network(text)
    told = explain(count_laws(phi).laws[0], phi)
    assert (told.kind, told.formula) == (kind, formula)


def test_explanation_of_a_mixing_law_in_words_and_latex():
    phi = read_network("linear 3-2-3")
    told = explain(count_laws(phi).laws[1], phi)
    assert told.words == "mix W1[:,1] with W1[:,2]; W2[1,:] with W2[2,:], one undoing the other"
    assert told.latex == (r"\bigl(W_{1}^{\top} W_{1}\bigr)_{1,2} - \bigl(W_{2} W_{2}^{\top}\bigr)_{1,2}")


def test_matrix_laws_are_gathered():
    phi = read_network("tucker 3-3-3 2-2-2")
    assert [len(b.laws) for b in law_blocks(count_laws(phi).laws, phi)] == [3, 3, 3]
    phi = read_network("linear 2-3-2")
    assert [(b.formula, len(b.laws)) for b in law_blocks(count_laws(phi).laws, phi)] == [("W1^T W1 - W2 W2^T", 6)]


def test_rates_enter_the_formula():
    phi = read_formulas("a*w1, a*w2").with_rates({"a": 3, "w1": "1/2", "w2": "1/2"})
    told = explain(count_laws(phi).laws[0], phi)
    assert told.formula == "a^2 - 6 w1^2 - 6 w2^2"
    assert told.words == "scale a by e^(s), w1 by e^(-s), w2 by e^(-s)"


@pytest.mark.parametrize(
    ("text", "dynamics", "symmetry"),
    [
        (
            "linear 3-2-3",
            "gradient flow",
            r"W_{1} \mapsto W_{1} g,\; W_{2} \mapsto g^{-1} W_{2},\; g \in \mathrm{GL}(2)",
        ),
        ("relu 2-2-1", "gradient flow", r"W_{1} \mapsto W_{1} g,\; W_{2} \mapsto g^{-1} W_{2},\; g = \operatorname"),
        ("tucker 2-2 2-2", "gradient flow", r"G \mapsto G g,\; U_{2} \mapsto U_{2} g^{-1}"),
        ("difference 1", "gradient flow", r"\partial_{s} u_{1} = v_{1},\; \partial_{s} v_{1} = u_{1}"),
        ("softmax 1 2", "gradient flow", r"\partial_{s} W_{1,1} = 1,\; \partial_{s} W_{2,1} = 1"),
        ("linear 1-1-1", "entropic mirror", r"\partial_{s} (W_{1})_{1,1} = (W_{1})_{1,1},\; \partial_{s} (W_{2})"),
    ],
)
def test_symmetries_in_latex(text, dynamics, symmetry):
    phi = read_network(text)
    found = [block.symmetry for block in law_blocks(count_laws(phi, dynamics).laws, phi)]
    assert any(entry.startswith(symmetry) for entry in found), found


def test_linear_maps_that_leave_phi_alone():
    """phi(theta exp(A s)) = phi(theta) to first order, at rational points: the symmetry itself, not only the law."""
    for text in ("linear 2-2-2", "circular 3", "difference 2", "tucker 2-2-2 2-1-2"):
        phi = read_network(text)
        theta = [Fraction(j * j + 3, 2 * j + 7) for j in range(phi.D)]
        for law in count_laws(phi).laws:
            moved = [Fraction(0)] * phi.D
            for a, x, c in generator_entries(law, phi):
                moved[a] += c * (theta[x] if x < phi.D else 1)
            for p in phi.polynomials():
                assert sum(g * m for g, m in zip(gradient(p, theta), moved)) == 0

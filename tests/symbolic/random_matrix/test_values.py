"""Certified values of the classical cases, 30 digits and more, against reference digits computed elsewhere."""

import sympy as sp

from quenched.symbolic.random_matrix import bigger_pencil, declare, derive, deterministic_equivalent, sandwich
from quenched.symbolic.random_matrix.branch import solve_branch
from quenched.symbolic.values import Certified

Q = sp.Rational


def same(found, reference, places=None):
    """|found - reference| is below one unit in the last reference digit."""
    value = found.value if isinstance(found, Certified) else found
    places = places or len(reference.partition(".")[2])
    return abs(sp.Rational(value) - sp.Rational(reference)) <= Q(1, 10**places)


def test_marchenko_pastur(case):
    x = case.x
    found = deterministic_equivalent(case.mp.R, **case.mp.kw).value({x.phi: Q(3, 2), x.lam: Q(1, 10)}, digits=32)
    assert same(found, "4.2392659623604490348246546559064")
    assert found.level == "arb"


def test_two_hundred_digits_solve_the_quadratic(case):
    x = case.x
    at = {x.phi: Q(3, 2), x.lam: Q(1, 10)}
    found = deterministic_equivalent(case.mp.R, **case.mp.kw).value(at, digits=200)
    t = sp.Rational(found.value)
    residual = (x.phi * x.lam * t**2 + (x.lam - x.phi + 1) * t - 1).subs(at)
    assert abs(residual) < Q(1, 10**198)


def test_ridge_one_resolvent(case):
    ridge, x = case.ridge, case.x
    e = deterministic_equivalent(ridge.R, **ridge.kw, law=ridge.law)
    assert same(e.value(ridge.at, digits=34), "2.33992200934758645630425173114322")
    with_sigma = deterministic_equivalent(ridge.S**2 * ridge.R, **ridge.kw, law=ridge.law)
    assert same(with_sigma.value(ridge.at, digits=34), "2.63404568026143519055968032144892")
    u = [(Q(1, 3), {x.s: value, x.th: 1}) for value in (Q(1, 4), 1, 4)]
    assert same(e.value(ridge.at, digits=32, weights=u), "2.49065725802378965700279090059")
    spike = [(1, {x.s: 6, x.th: 1})]
    assert same(e.value(ridge.at, digits=34, weights=spike), "0.708285716286965400976110950201695")


def test_ridge_two_resolvents_by_both_routes(case):
    ridge, x = case.ridge, case.x
    declared = declare(**ridge.kw)
    C = ridge.S * ridge.Z.T * ridge.Z * ridge.S
    for middle, reference in (
        (ridge.Th, "22.5145402459343510579566102192938"),
        (C, "0.642240658349809371589599503611791"),
    ):
        big = bigger_pencil(ridge.R, middle, ridge.R, declared, after=ridge.S**2, law=ridge.law)
        value = solve_branch(big, ridge.at, digits=45).value(36)
        assert same(value, reference)
        ball = sandwich(ridge.R, middle, declared, ridge.at, after=ridge.S**2, law=ridge.law, digits=45)
        assert same(ball.real.mid().str(38, radius=False), value.value, 32)
    u = [(Q(1, 3), {x.s: value, x.th: 1}) for value in (Q(1, 4), 1, 4)]
    twice = deterministic_equivalent(ridge.R * ridge.S**2 * ridge.R, **ridge.kw, law=ridge.law)
    assert same(twice.value(ridge.at, digits=34, weights=u), "9.23461013535259278591076165947702")


def test_ridge_two_different_resolvents(case):
    ridge, x = case.ridge, case.x
    other = sp.Symbol("mu")
    R2 = ridge.R.subs(x.lam, other)
    e = deterministic_equivalent(ridge.R * ridge.S**2 * R2, **ridge.kw, law=ridge.law)
    assert same(e.value({**ridge.at, other: Q(7, 10)}, digits=34), "3.15449446919513652050499550035211")


def test_random_features(case):
    f, x = case.features, case.x
    at = {x.phi: Q(3, 2), x.psi: Q(4, 5), x.zeta: Q(1, 4), x.beta: Q(1, 10), x.lam: Q(1, 10)}
    first = deterministic_equivalent(f.K, **f.kw)
    second = deterministic_equivalent(f.K * f.X.T * f.X, **f.kw)
    assert same(first.value(at, digits=33), "3.52521189846837666814821358650230")
    assert same(second.value(at, digits=33), "2.54592929260195131880653058659430")


def test_random_features_branch_is_not_chosen_by_positivity(case):
    f, x = case.features, case.x
    at = {x.phi: Q(1, 2), x.psi: 2, x.zeta: Q(1, 4), x.beta: Q(1, 10), x.lam: Q(1, 1000)}
    assert same(deterministic_equivalent(f.K, **f.kw).value(at, digits=12), "750.3068", 4)
    at = {x.phi: 2, x.psi: 3, x.zeta: Q(1, 2), x.beta: Q(1, 50), x.lam: Q(1, 1000)}
    assert same(deterministic_equivalent(f.K, **f.kw).value(at, digits=12), "336.9438", 4)


def test_random_features_risk(case):
    """train = -lam^2 d/dlam (tau2 + s2 tau1), test = train/(lam tau1)^2 - s2 (cross-validation identity)."""
    f, x = case.features, case.x
    s2 = Q(1, 5)
    at = {x.psi: Q(5, 8), x.phi: Q(5, 4), x.zeta: Q(1, 4), x.beta: Q(1, 10), x.lam: Q(1, 10)}
    tau1 = deterministic_equivalent(f.K, **f.kw)
    tau2 = deterministic_equivalent(f.K * f.X.T * f.X, **f.kw)
    slopes = [sp.Rational(e.derivative(x.lam, at, digits=45).value) for e in (tau2, tau1)]
    train = -(at[x.lam] ** 2) * (slopes[0] + s2 * slopes[1])
    test = train / (at[x.lam] * sp.Rational(tau1.value(at, digits=45).value)) ** 2 - s2
    assert same(str(sp.N(train, 40)), "0.123864744383882585370093354728960")
    assert same(str(sp.N(test, 40)), "0.785805316293068318909515789881139")


def test_denoising_many_noise_draws(case):
    x = case.x
    mu2, n2, c, h, lam = Q(1, 4), Q(2, 5), Q(19, 80), Q(1, 4), Q(1, 100)
    at = {
        x.psi_n: Q(3, 2), x.psi_p: 2, x.A2: (1 - h) * mu2, x.V: c - (1 - h) * mu2,
        x.q: h * mu2, x.l: n2 - c - h * mu2 + lam,
    }  # fmt: skip
    e = deterministic_equivalent(case.denoising.K, **case.denoising.kw)
    K, K_q, K_l = (
        sp.Rational(v.value)
        for v in (e.value(at, digits=45), e.derivative(x.q, at, digits=45), e.derivative(x.l, at, digits=45))
    )
    test = 1 - 2 * mu2 * K - mu2 * (mu2 * K_q + (n2 - mu2) * K_l)
    train = 1 - h * mu2 * (K - lam * K_l)
    for found, reference in (
        (K, "3.74906460661881944743333746063195"),
        (K_q, "-18.0050797785989277608672174431945"),
        (K_l, "-12.6267122546156227733295506634530"),
        (test, "0.724286892401109115337390509763167"),
        (train, "0.757791766927189020302085439545846"),
    ):
        assert same(str(sp.N(found, 40)), reference)


def test_denoising_one_noise_draw(case):
    """Ridge on random features with target sqrt(h) y and label noise a^2."""
    x = case.x
    mu2, n2, h, lam = Q(1, 4), Q(2, 5), Q(1, 4), Q(1, 100)
    W, Y, T = (
        sp.MatrixSymbol(name, *shape) for name, shape in (("W", (x.m, x.d)), ("Y", (x.d, x.n)), ("T", (x.m, x.n)))
    )
    F = W * Y + T
    R = (F.T * F + x.lam * sp.Identity(x.n)).inv()
    kw = {
        "gaussian": {W: mu2 / x.d, Y: 1 / x.n, T: (n2 - mu2) / x.n},
        "dimensions": {x.d: 1, x.n: Q(3, 2), x.m: 2},
    }
    labels, noise = deterministic_equivalent(Y * R * Y.T, **kw), deterministic_equivalent(R, **kw)
    at = {x.lam: lam}
    slope = h * sp.Rational(labels.derivative(x.lam, at, digits=45).value)
    slope += (1 - h) * sp.Rational(noise.derivative(x.lam, at, digits=45).value)
    train = -(lam**2) * slope
    test = (train / (lam * sp.Rational(noise.value(at, digits=45).value)) ** 2 - (1 - h)) / h
    squares = [deterministic_equivalent(expr, **kw).value(at, digits=45) for expr in (Y * R * R * Y.T, R * R)]
    again = lam**2 * (h * sp.Rational(squares[0].value) + (1 - h) * sp.Rational(squares[1].value))
    assert abs(train - again) < Q(1, 10**44)
    # The reference was printed with 34 decimals, of which the first 28 are right.
    assert same(str(sp.N(train, 40)), "0.0174163800886879438137173768336532", 28)
    assert same(str(sp.N(test, 40)), "6.62851738584268818202322294542141", 26)


def test_projections(case):
    p, x = case.projections, case.x
    cca = deterministic_equivalent(p.cca, **p.kw)
    at = {x.c1: Q(1, 5), x.c2: Q(2, 5), x.z: -Q(1, 2)}
    assert same(cca.value(at, digits=33), "1.18133458177251038929054944207990")
    both = deterministic_equivalent(p.both, **p.kw)
    at = {x.c1: Q(1, 3), x.c2: Q(1, 4), x.z: -1}
    assert same(both.value(at, digits=33), "0.732222482313717442213308911544424")


def test_free_product(case):
    x = case.x
    e = deterministic_equivalent(case.free.product, **case.free.kw)
    at = {x.g1: Q(1, 2), x.g2: 2, x.lam: Q(1, 4)}
    assert same(e.value(at, digits=34), "2.41113886080118062340405723556765")


def test_non_commutative_sentinels(case):
    w, x = case.wisharts, case.x
    half = {x.c: Q(1, 2)}
    for expr, reference in ((w.abab, "2"), (w.aabb, "9/4"), (w.commutator, "-1/2")):
        found = deterministic_equivalent(expr, **w.kw).value(half, digits=30)
        assert sp.Rational(found.value) == sp.Rational(reference)
    found = deterministic_equivalent(w.resolvents, **w.kw).value(half, digits=33)
    assert same(found, "1.55316953129541621689863307764515")


def test_non_commuting_populations_differ_from_every_commuting_reading(case):
    """S1 = diag(1, 2), S2 = [[2, 1], [1, 1]] in blocks: simulation at d = 600 gives 0.5101(15)."""
    pop, x = case.populations, case.x
    golden = (1 + sp.sqrt(5)) / 2
    root2 = sp.sqrt(2)
    blocks = [(1, {pop.A: sp.Matrix([[1, 0], [0, root2]]), pop.B: sp.Matrix([[1, 1], [1, 0]])})]
    readings = [
        [(Q(1, 2), {pop.A: 1, pop.B: golden}), (Q(1, 2), {pop.A: root2, pop.B: 1 - golden})],
        [(Q(1, 2), {pop.A: root2, pop.B: golden}), (Q(1, 2), {pop.A: 1, pop.B: 1 - golden})],
    ]
    values = [
        sp.Rational(
            deterministic_equivalent(pop.expr, **pop.kw, law={pop.d: law}).value({x.lam: Q(1, 3)}, digits=20).value
        )
        for law in (blocks, *readings)
    ]
    assert abs(values[0] - Q(5101, 10000)) < Q(3, 1000)
    assert all(abs(values[0] - v) > Q(1, 100) for v in values[1:])


def test_atoms_as_one_block_agree_with_atoms(case):
    """One atom of weight 1 holding diag(1, 4), against two scalar atoms."""
    ridge, x = case.ridge, case.x
    kw = {**ridge.kw, "deterministic": {ridge.S: x.s}}
    matrix = deterministic_equivalent(ridge.R, **kw, law={ridge.d: [(1, {ridge.S: sp.diag(1, 4)})]})
    atoms = deterministic_equivalent(ridge.R, **kw, law={ridge.d: [(Q(1, 2), {x.s: 1}), (Q(1, 2), {x.s: 4})]})
    assert matrix.value(ridge.at, digits=40).value == atoms.value(ridge.at, digits=40).value


def test_invariances(case):
    """tr AB = tr BA, transposition, and the scaling of lam with the variance: different pencils, one value."""
    ridge, x = case.ridge, case.x
    S, Z, R = ridge.S, ridge.Z, ridge.R

    def value(expr, at=ridge.at, **more):
        return deterministic_equivalent(expr, **{**ridge.kw, **more}, law=ridge.law).value(at, digits=35).value

    reference = value(S * R * ridge.Th * S)
    assert value(S**2 * R * ridge.Th) == reference
    assert value((S * R * ridge.Th * S).T) == reference
    assert value((S**2 * Z.T * Z + x.lam * sp.Identity(x.d)).inv()) == value(R)
    doubled = value(2 * R, {**ridge.at, x.lam: Q(2, 5)}, gaussian={Z: 2 / x.n})
    assert doubled == value(R)


def test_complex_and_derived_records(case):
    x = case.x
    declared = declare(**case.mp.kw)
    derived = derive(case.mp.resolvent, declared)
    branch = solve_branch(derived, {x.phi: Q(3, 2), x.z: sp.I}, digits=30)
    real, imaginary = branch.value(25)
    t = sp.Rational(real.value) + sp.I * sp.Rational(imaginary.value)
    residual = sp.expand(Q(3, 2) * sp.I * t**2 + (sp.I + Q(1, 2)) * t + 1)
    assert abs(complex(residual)) < 1e-20
    assert sp.Rational(imaginary.value) > 0


def test_non_commuting_letters_against_the_reference(case):
    """S1 = diag(1, 2) and S2 = [[2, 1], [1, 1]] as letters, rows of covariance S_i^2: the commuting readings fail."""
    pop, x = case.populations, case.x
    root5 = sp.sqrt(5)
    kw = {**pop.kw, "deterministic": {pop.A: x.s, pop.B: x.th}}
    blocks = [(1, {pop.A: sp.diag(1, 2), pop.B: sp.Matrix([[2, 1], [1, 1]])})]
    value = deterministic_equivalent(pop.expr, **kw, law={pop.d: blocks}).value({x.lam: Q(1, 3)}, digits=20)
    assert value.value.startswith("0.342992374")
    for first, second in (((3 + root5) / 2, (3 - root5) / 2), ((3 - root5) / 2, (3 + root5) / 2)):
        law = [(Q(1, 2), {pop.A: 1, pop.B: first}), (Q(1, 2), {pop.A: 2, pop.B: second})]
        commuting = deterministic_equivalent(pop.expr, **kw, law={pop.d: law}).value({x.lam: Q(1, 3)}, digits=20)
        assert abs(sp.Rational(commuting.value) - sp.Rational(value.value)) > Q(1, 50)

"""The expressions of the classical cases; every test derives from these, nothing else is stated."""

from types import SimpleNamespace

import pytest
import sympy as sp

Q = sp.Rational
n, d, m, k, p, q_, n1, n2, pp = sp.symbols("n d m k p q_ n1 n2 pp")
lam, kap, s, th, zeta, beta, z = sp.symbols("lam kap s th zeta beta z")
phi, psi, g1, g2, a, c, c1, c2 = sp.symbols("phi psi g1 g2 a c c1 c2")
psi_n, psi_p, A2, V, q, l = sp.symbols("psi_n psi_p A V q l")
one, M = sp.Identity, sp.MatrixSymbol


def _ridge():
    Z, S, Th = M("Z", n, d), M("S", d, d), M("Th", d, d)
    R = (S * Z.T * Z * S + lam * one(d)).inv()
    kw = {
        "gaussian": {Z: 1 / n},
        "deterministic": {S: sp.sqrt(s), Th: th},
        "dimensions": {n: 1, d: phi},
        "commuting": True,
    }
    law = {d: [(Q(1, 5), {s: Q(1, 4), th: 2}), (Q(1, 2), {s: 1, th: 3}), (Q(3, 10), {s: 4, th: Q(1, 2)})]}
    return SimpleNamespace(Z=Z, S=S, Th=Th, R=R, kw=kw, law=law, at={phi: Q(3, 2), lam: Q(1, 5)}, d=d, s=s, th=th)


def _features():
    X, W, T = M("X", d, n), M("W", m, d), M("T", m, n)
    F = W * X + T
    kw = {
        "gaussian": {X: 1 / d, W: zeta / m, T: beta / m},
        "dimensions": {d: 1, n: 1 / phi, m: 1 / psi},
    }
    return SimpleNamespace(X=X, K=(F.T * F + lam * one(n)).inv(), kw=kw)


def _denoising():
    W, X, T = M("W", pp, d), M("X", d, n), M("T", pp, n)
    F = W * X + T
    Qr = (F * F.T + q * W * W.T + l * one(pp)).inv()
    kw = {"gaussian": {W: 1 / d, X: A2 / n, T: V / n}, "dimensions": {d: 1, n: psi_n, pp: psi_p}}
    return SimpleNamespace(K=W.T * Qr * W, kw=kw)


def _projections():
    X, Y = M("X", p, n), M("Y", q_, n)
    P, R = X.T * (X * X.T).inv() * X, Y.T * (Y * Y.T).inv() * Y
    wachter = (X * X.T).inv() * X * Y.T * (Y * Y.T).inv() * Y * X.T
    kw = {"gaussian": {X: 1 / n, Y: 1 / n}, "dimensions": {n: 1, p: c1, q_: c2}}
    return SimpleNamespace(cca=(wachter - z * one(p)).inv(), both=(P + R - z * one(n)).inv(), kw=kw)


def _two_wisharts():
    A, B = M("A", n, d), M("B", n, d)
    WA, WB = A.T * A, B.T * B
    R = (WA + one(d)).inv()
    kw = {"gaussian": {A: 1 / n, B: 1 / n}, "dimensions": {n: 1, d: c}}
    return SimpleNamespace(
        abab=WA * WB * WA * WB,
        aabb=WA * WA * WB * WB,
        commutator=(WA * WB - WB * WA) ** 2,
        resolvents=R * WB * R * WB + 2 * R * R * WB * WB,
        kw=kw,
    )


def _free():
    A, B = M("A", n1, d), M("B", n2, d)
    kw = {"gaussian": {A: 1 / n1, B: 1 / n2}, "dimensions": {d: 1, n1: 1 / g1, n2: 1 / g2}}
    G = M("M1", d, d) * M("M2", d, d) * M("M3", d, d)
    return SimpleNamespace(
        sum=(A.T * A + a * B.T * B + lam * one(d)).inv(),
        product=(A.T * A * B.T * B + lam * one(d)).inv(),
        kw=kw,
        three=(G * G.T + lam * one(d)).inv(),
        three_kw={"gaussian": {M(f"M{i}", d, d): 1 / d for i in (1, 2, 3)}, "dimensions": {d: 1}},
    )


def _populations():
    A, B, X, Y = M("A", d, d), M("B", d, d), M("X", n1, d), M("Y", n2, d)
    expr = (A * X.T * X * A + B * Y.T * Y * B + lam * one(d)).inv()
    kw = {
        "gaussian": {X: 1 / n1, Y: 1 / n2},
        "deterministic": {A: sp.sqrt(s), B: sp.sqrt(th)},
        "dimensions": {d: 1, n1: 2, n2: Q(1, 2)},
    }
    return SimpleNamespace(expr=expr, kw=kw, A=A, B=B, d=d)


@pytest.fixture(scope="session")
def case():
    """Every case and every symbol by name."""
    return all_cases()


def all_cases():
    """The same for the benchmarks."""
    Z = M("Z", n, d)
    mp = SimpleNamespace(
        R=(Z.T * Z + lam * one(d)).inv(),
        resolvent=(Z.T * Z - z * one(d)).inv(),
        kw={"gaussian": {Z: 1 / n}, "dimensions": {n: 1, d: phi}},
        Z=Z,
    )
    U, S = M("U", d, k), M("S", d, d)
    compression = SimpleNamespace(
        R=(U.T * S * U + kap * U.T * U).inv() * U.T * U,
        kw={"gaussian": {U: 1 / d}, "deterministic": {S: s}, "dimensions": {d: 1, k: c}},
    )
    names = {str(x): x for x in (n, d, m, k, lam, kap, s, th, zeta, beta, z, phi, psi, g1, g2, a, c, c1, c2)}
    names |= {"psi_n": psi_n, "psi_p": psi_p, "A2": A2, "V": V, "q": q, "l": l}
    return SimpleNamespace(
        mp=mp,
        ridge=_ridge(),
        features=_features(),
        denoising=_denoising(),
        projections=_projections(),
        wisharts=_two_wisharts(),
        free=_free(),
        populations=_populations(),
        compression=compression,
        x=SimpleNamespace(**names),
    )

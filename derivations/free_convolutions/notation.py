"""Quantities of the free convolutions, and the Dyson rule of every matrix model."""

from __future__ import annotations

import sympy as sp

from ...symbolic.quantity import NEGATIVE, NONNEGATIVE, POSITIVE, POSITIVE_INTEGER, Notation, Quantity, interval
from ...symbolic.rules.dyson import DysonEquations, SpectralLaw

OPEN = interval(0, 1, "()")
DIMENSIONS = [
    Quantity(name, meaning, latex, POSITIVE_INTEGER, "dimension")
    for name, meaning, latex in (
        ("d", "dimension", "d"),
        ("n1", "rows of the first matrix", "n_1"),
        ("n2", "rows of the second matrix", "n_2"),
        ("n3", "last dimension of a product of three", "n_3"),
        ("k", "dimension of the random subspace", "k"),
    )
]
d, n1, n2, n3, k = (q.symbol for q in DIMENSIONS)


def _matrix(name: str, meaning: str, rows: sp.Symbol, columns: sp.Symbol, latex: str = "") -> Quantity:
    return Quantity(name, meaning, latex or name, kind="matrix", shape=(rows, columns))


NOTATION = Notation(
    *DIMENSIONS,
    Quantity("g1", "first ratio d/n_1", r"\gamma_1", POSITIVE, "parameter"),
    Quantity("g2", "second ratio d/n_2", r"\gamma_2", POSITIVE, "parameter"),
    Quantity("g3", "third ratio d/n_3", r"\gamma_3", POSITIVE, "parameter"),
    Quantity("a", "weight of the second summand", "a", POSITIVE, "parameter"),
    Quantity("lam", "distance of the spectral parameter below zero", r"\lambda", POSITIVE, "parameter"),
    Quantity("c1", "rank of the first projection over d", "c_1", OPEN, "parameter"),
    Quantity("c2", "rank of the second projection over d", "c_2", OPEN, "parameter"),
    Quantity("z", "spectral parameter below the spectrum", "z", NEGATIVE, "parameter"),
    Quantity("c", "share of the dimensions that is kept, k/d", "c", OPEN, "parameter"),
    Quantity("w", "share of the eigenvalues of one kind", "w", POSITIVE, "parameter", kind="list"),
    Quantity("s", "their value", "s", POSITIVE, "parameter", kind="list"),
    Quantity("j", "kind of eigenvalue", "j", POSITIVE_INTEGER, "dimension"),
    Quantity("J", "number of kinds", "J", POSITIVE_INTEGER, "dimension"),
    _matrix("A", "entries independent N(0, 1/n_1)", n1, d),
    _matrix("B", "entries independent N(0, 1/n_2)", n2, d),
    _matrix("M1", "entries independent N(0, 1/n_1)", d, n1, latex="M_1"),
    _matrix("M2", "entries independent N(0, 1/n_2)", n1, n2, latex="M_2"),
    _matrix("M3", "entries independent N(0, 1/n_3)", n2, n3, latex="M_3"),
    _matrix("X", "entries independent N(0, 1/d)", n1, d),
    _matrix("Y", "entries independent N(0, 1/d)", n2, d),
    _matrix("U", "entries independent N(0, 1/d)", d, k),
    _matrix("Sigma", "matrix that is compressed", d, d, latex=r"\Sigma"),
    Quantity("t1", "normalised trace of the resolvent of the first Wishart matrix", "t_1", POSITIVE),
    Quantity("t2", "normalised trace of the resolvent of the second", "t_2", POSITIVE),
    Quantity("t", "normalised trace of the resolvent of the sum", "t", POSITIVE, "result"),
    Quantity("u", "normalised trace of the resolvent of the product", "u", POSITIVE, "result"),
    Quantity("v", "normalised trace of the resolvent of a product of three", "v", POSITIVE, "result"),
    Quantity("y", "normalised trace of the resolvent of the sum of projections", "y", POSITIVE, "result"),
    Quantity("q", "normalised trace of the resolvent of the compression", "q", POSITIVE, "result"),
    Quantity("r1", "R-transform of the first summand at -t", "r_1"),
    Quantity("r2", "R-transform of the second summand at -t", "r_2"),
    Quantity("h", "share 1 - lam t of a trace", "h", OPEN, "unknown"),
    Quantity("S1", "S-transform of a Wishart matrix at -h", "S_1"),
    Quantity("x", "eigenvalue of the matrix that is compressed", "x", NONNEGATIVE),
    *(Quantity(f"T{i}", f"trace of diagonal block {i} of a pencil", f"T_{i}", role="unknown") for i in range(1, 10)),
)
g1, g2, g3, a, lam, c1, c2, z, c, w, s, j, J = NOTATION.symbols("g1 g2 g3 a lam c1 c2 z c w s j J")
A, B, M1, M2, M3, X, Y, U, Sigma = NOTATION.symbols("A B M1 M2 M3 X Y U Sigma")
t1, t2, t, u, v, y, q, r1, r2, h, S1, x = NOTATION.symbols("t1 t2 t u v y q r1 r2 h S1 x")
T = tuple(NOTATION.symbols(" ".join(f"T{i}" for i in range(1, 10))))

ONE, TWO, THREE = (n1, 1 / g1), (n2, 1 / g2), (n3, 1 / g3)
UNIT = (d, sp.Integer(1))
LAW = SpectralLaw(symbol=x, weight=w[j], value=s[j], index=j, count=J)
FIRST = DysonEquations(gaussian=((A, 1 / n1),), ratios=(UNIT, ONE), unknowns=T[:2])
SECOND = DysonEquations(gaussian=((B, 1 / n2),), ratios=(UNIT, TWO), unknowns=T[:2])
SUM = DysonEquations(gaussian=((A, 1 / n1), (B, 1 / n2)), ratios=(UNIT, ONE, TWO), unknowns=T[:3])
PRODUCT = DysonEquations(gaussian=((A, 1 / n1), (B, 1 / n2)), ratios=(UNIT, ONE, TWO), unknowns=T[:4])
TRIPLE = DysonEquations(
    gaussian=((M1, 1 / n1), (M2, 1 / n2), (M3, 1 / n3)), ratios=(UNIT, ONE, TWO, THREE), unknowns=T[:6]
)
PROJECTIONS = DysonEquations(gaussian=((X, 1 / d), (Y, 1 / d)), ratios=(UNIT, (n1, c1), (n2, c2)), unknowns=T[:9])
COMPRESSION = DysonEquations(
    gaussian=((U, 1 / d),), deterministic=((Sigma, x),), ratios=(UNIT, (k, c)), unknowns=T[:3], law=LAW
)

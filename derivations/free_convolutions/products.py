"""Free products: two Wishart matrices and products of rectangular Gaussian matrices, by pencils and by S-transforms."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from ...symbolic.claim import Claim, Equation
from ...symbolic.derivation import Derivation, Witness
from ...symbolic.exact import vanishes
from ...symbolic.quantity import Samples
from ...symbolic.rules.elimination import EliminateTraces
from ...symbolic.rules.free_probability import FreeProduct, STransform
from ...symbolic.verdict import Verdict, proved, refuted
from .notation import FIRST, M1, M2, M3, PRODUCT, S1, TRIPLE, A, B, d, g1, g2, g3, h, lam, t1, u, v

ONE = sp.Identity(d)


def products(D: Derivation) -> None:
    """W_1 W_2 and M_1 M_2 M_3 two ways."""
    D.section("Free products of Wishart matrices")
    D.define(
        "product-definition",
        Equation(u, sp.Trace((A.T * A * B.T * B + lam * ONE).inverse()) / d, ":="),
        prose="The eigenvalues of a product of two Wishart matrices are those of a positive matrix; in terms of its "
        "trace",
    )
    chain = M1 * M2 * M3
    D.derive(PRODUCT, "product-definition", label="product-dyson", prose="the traces of the pencil solve")
    D.derive(
        EliminateTraces(dyson=PRODUCT, keep=u),
        "product-dyson",
        "product-definition",
        label="product",
        prose="and elimination gives",
    )
    D.derive(
        STransform(dyson=FIRST, trace=t1, lam=lam, share=h, result=S1),
        "first",
        "first-definition",
        label="wishart-s",
        prose=r"For the second derivation we write $h = 1 - \lambda t$; the S-transform $(1 - h)/(h\lambda)$ of one "
        r"Wishart "
        "matrix is",
    )
    D.derive(
        FreeProduct(dyson=PRODUCT, replace=((), ((g1, g2),)), trace=u, lam=lam, share=h),
        "wishart-s",
        "product-definition",
        label="product-by-s",
        prose="and S-transforms of free factors multiply:",
    )
    D.section("Products of rectangular Gaussian matrices")
    D.define(
        "triple-definition",
        Equation(v, sp.Trace((chain * chain.T + lam * ONE).inverse()) / d, ":="),
        prose="A product of three rectangular Gaussian matrices, multiplied by its transpose, has",
    )
    D.derive(TRIPLE, "triple-definition", label="triple-dyson", prose="From its pencil with six traces,")
    D.derive(
        EliminateTraces(dyson=TRIPLE, keep=v),
        "triple-dyson",
        "triple-definition",
        label="triple",
        prose="an equation of degree four follows,",
    )
    D.derive(
        FreeProduct(dyson=TRIPLE, replace=((), ((g1, g2),), ((g1, g3),)), trace=v, lam=lam, share=h),
        "wishart-s",
        "triple-definition",
        label="triple-by-s",
        prose=r"and from S-transforms, as the law is the free product of three Wishart laws with the ratios $\gamma_i "
        r"= d/n_i$,",
    )
    D.witnesses += [
        Witness("S-transforms solve the cubic", ("product", "product-by-s"), _product_curve),
        Witness("S-transforms solve the quartic", ("triple", "triple-by-s"), _triple_curve),
    ]


def _product_curve(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    return _same_curve(claims["product"], claims["product-by-s"], u)


def _triple_curve(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    return _same_curve(claims["triple"], claims["triple-by-s"], v)


def _same_curve(polynomial: Claim, inverse: Claim, trace: sp.Symbol) -> Verdict:
    """The polynomial at t = (1 - h)/lam, lam = lam(h), exactly."""
    shifted = polynomial.single.difference.xreplace({trace: (1 - h) / lam}).xreplace({lam: inverse.rhs})
    if vanishes(shifted) is True:
        return proved("exact normal form", "both routes give one curve")
    return refuted("exact normal form", "the S-transforms give another curve")

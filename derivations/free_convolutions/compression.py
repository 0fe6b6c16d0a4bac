"""Free compression: a matrix seen in a random subspace, reduced to one scalar equation."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, SolveLinear, Substitute
from ...symbolic.rules.spectral_law import Pick
from .notation import COMPRESSION, Sigma, T, U, c, k, lam, q

T1, T2, T3 = T[:3]


def compression(D: Derivation) -> None:
    """tr over the subspace of (compression + lam)^{-1}, for any spectral law."""
    D.section("Free compression")
    gram = U.T * U
    D.define(
        "compression-definition",
        Equation(q, sp.Trace((U.T * Sigma * U + lam * gram).inverse() * gram) / k, ":="),
        prose=r"The compression of $\Sigma$ to the column space of a Gaussian $d \times k$ matrix $U$ is "
        r"$(U^{\top}U)^{-1/2} "
        r"U^{\top}\Sigma U (U^{\top}U)^{-1/2}$; its resolvent has the trace",
    )
    D.derive(
        COMPRESSION,
        "compression-definition",
        label="compression-dyson",
        prose=r"With a share $w_j$ of the eigenvalues of $\Sigma$ equal to $s_j$, and the rest zero, the pencil gives",
    )
    D.derive(
        Pick(lhs=T1),
        "compression-dyson",
        label="compression-energy",
        prose="We take the equations one by one. The first, solved for the last trace, is",
    )
    D.derive(SolveLinear(unknown=T3), "compression-energy", label="compression-third", prose="that is,")
    D.derive(Pick(lhs=T2), "compression-dyson", label="compression-second", prose="The second,")
    D.derive(Pick(lhs=T3), "compression-dyson", label="compression-weighted", prose="and the third,")
    D.derive(
        Restate(form=1 - c * T1 * (lam * T2 + T3)),
        "compression-second",
        "compression-second",
        "compression-weighted",
        label="compression-sum-rule",
        prose="are tied by a sum rule, since the weights of the law sum to one:",
    )
    D.derive(
        Substitute(tidy=True),
        "compression-sum-rule",
        "compression-third",
        label="compression-share",
        prose="With {compression-third} the second trace is the share of the dimensions that is lost,",
    )
    D.derive(
        Substitute(only=q, tidy=True),
        "compression-dyson",
        "compression-third",
        "compression-share",
        label="compression-trace",
        prose="and the trace of the compression is",
    )
    D.derive(SolveLinear(unknown=T1), "compression-trace", label="compression-inverse", prose="or")
    D.derive(
        Substitute(both=True),
        "compression-second",
        "compression-share",
        "compression-inverse",
        label="compression",
        prose=r"Inserted into {compression-second}, one equation remains, the rule $R_{\mathrm{compressed}}(t) = "
        r"R(ct)$ for "
        "R-transforms in another form:",
    )

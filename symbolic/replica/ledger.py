"""What a replica calculation takes for granted, as nodes with stable ids; every conclusion lists those it rests on."""

from __future__ import annotations

from ..claim import Assumption

_MPV = "M. Mezard, G. Parisi and M. A. Virasoro, Spin Glass Theory and Beyond, 1987"
_TALAGRAND = "M. Talagrand, Mean Field Models for Spin Glasses, 2011"

A1 = Assumption(
    "replica-trick",
    "The mean of log Z is the derivative at n = 0 of log E Z^n, which is analytic near 0.",
    "The moments are computed at positive integers n; analyticity down to n = 0 is not shown.",
    _MPV,
)
A2 = Assumption(
    "limit-exchange",
    "The limits N -> oo and n -> 0 may be exchanged.",
    "The saddle point needs N -> oo at fixed n, while the identity for log Z needs n -> 0 at fixed N.",
    _MPV,
)
A3 = Assumption(
    "continuation",
    "The continuation in n is the one in which E F^n keeps its form for real n.",
    "Values at integers do not fix a function: terms such as sin(pi n) are excluded by a growth condition at best.",
    _MPV,
)
A4_RS = Assumption(
    "replica-symmetry",
    "The dominating saddle point is invariant under permutations of the replicas.",
    "Supported where the replicon eigenvalue is positive; false below the line where it changes sign.",
    "J. R. L. de Almeida and D. J. Thouless, Stability of the Sherrington-Kirkpatrick solution of a "
    "spin glass model, 1978",
)
A4_1RSB = Assumption(
    "one-step-breaking",
    "The dominating saddle point is a one-step tree: replicas fall into n/m blocks of size m.",
    "An ansatz; supported by its larger free energy at saddle points with 0 < m < 1 and by positive entropy.",
    "G. Parisi, A sequence of approximated solutions to the S-K model for spin glasses, 1980",
)
A5 = Assumption(
    "saddle-point",
    "The sum over overlaps is dominated by a stationary point; for n < 1 the maximum over pairs becomes a minimum.",
    "The number n (n - 1)/2 of pair variables is negative there, which reverses the sense of the extremum.",
    _MPV,
)
A6 = Assumption(
    "zero-temperature-last",
    "The limit of large N is taken before that of zero temperature.",
    "Ground states are reached through the free energy at positive temperature.",
    _MPV,
)
A7 = Assumption(
    "self-averaging",
    "The free energy per degree of freedom of one sample tends to its mean.",
    "Concentration of Lipschitz functions of Gaussian disorder.",
    _TALAGRAND,
)
A8 = Assumption(
    "branch",
    "Of several stationary points the one connected to the known limit is meant.",
    "Stationarity has several solutions; signs and a limit single out one.",
)
A9 = Assumption(
    "limit-inside-mean",
    "A limit may be taken inside a Gaussian mean.",
    "The integrand is bounded by a polynomial uniformly in the parameter: dominated convergence.",
)
A10 = Assumption(
    "central-limit",
    "The fields of a pattern with independent entries +-1 are jointly Gaussian in the limit of large N at fixed n.",
    "Multivariate central limit theorem at fixed overlaps; exact for patterns with normal entries. The exponential "
    "moment is finite as long as the determinant is positive.",
)
LEDGER = {f"A{k}": a for k, a in enumerate((A1, A2, A3, A4_RS, A5, A6, A7, A8, A9, A10), start=1)}


def supported_by(assumption: Assumption, reason: str) -> Assumption:
    """The same assumption with what supports it in this model; the id stays."""
    return Assumption(assumption.id, assumption.statement, reason, assumption.source)

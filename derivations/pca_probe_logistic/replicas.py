"""From the energy of the probe to six conditions: the samples and the weights are two parts of one potential."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica import ledger
from ...symbolic.replica.channel import Patterns
from ...symbolic.replica.channel_stationarity import ChannelStationary
from ...symbolic.replica.continuation import ReplicaLimit
from ...symbolic.replica.covariance import SpectralAnsatz
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.laplace import LaplaceEnvelope
from ...symbolic.replica.log_channel import TEACHER
from ...symbolic.replica.spectral_rules import SpectralSolve, UnderSpectrum
from ...symbolic.replica.spectral_sites import Assemble, SpectralSites, WeightedPatterns
from ...symbolic.replica.stationarity import Gradient
from ...symbolic.replica.symmetric_channel import ChannelLimit, SymmetricChannels
from ...symbolic.replica.zero_temperature import ZeroTemperature
from ...symbolic.rules.spectral_law import Pick
from .notation import LETTERS, ONE, ZERO, p, s, symbols

N, k, noise, ratio_k, lam_k, beta, n, ra, rb, energy, x, w, t, y, e, g, ell = symbols(
    "N k noise ratio_k lam_k beta n ra rb energy x w t y e g ell"
)
Q, m_, Qh_, mh_, power, X, Phi, Phi_x, Phi_w, phi_x, phi_w = symbols("Q m_ Qh_ mh_ power X Phi Phi_x Phi_w phi_x phi_w")
o, m, v, o0, m0, v0, V, oh, mh, Vh, f, f_x, f_w, f_beta = symbols("o m v o0 m0 v0 V oh mh Vh f f_x f_w f_beta")
slope_m, slope_o, slope_v = symbols("slope_m slope_o slope_v")
j, mu = sp.symbols("j mu", integer=True, positive=True)
SIGNS = ((ONE, sp.Heaviside(TEACHER)), (-ONE, sp.Heaviside(-TEACHER)))


def replicated(D: Derivation) -> None:
    """The potential of n replicas in two parts, its symmetric form, its value at n = 0."""
    D.section("The replicated probe")
    field: Any = sp.Sum(x[mu, j] * w[j], (j, 1, k)) / sp.sqrt(k)
    D.define(
        "energy",
        Equation(
            energy,
            sp.Sum(ell(y[mu] * field), (mu, 1, N)) + lam_k * sp.Sum(g[j] * w[j] ** 2, (j, 1, k)) / 2,
            ":=",
        ),
        prose=r"In whitened coordinates the representations $x_\mu = C^{-1/2} z_\mu$ have independent $N(0, 1)$ "
        r"entries, the probe is $w = C^{1/2} \sqrt{k}\, \beta$, the target $t = C^{1/2} \sqrt{k}\, \beta_*$, and the "
        r"penalty weights the components by the inverse eigenvalues $g_j$ of $C$. The label is the sign of $x_\mu "
        r"\cdot t/\sqrt{k} + \varepsilon_\mu$, with the effective noise $\varepsilon_\mu$. The probe minimises",
    )
    D.derive(
        WeightedPatterns(
            result=X,
            patterns=Patterns(
                x=x, weights=w, counts=(N, k), ratio=ratio_k, frozen=t, power=power, noise=e, variance=noise
            ),
            order=Q,
            overlap=m_,
            labels=y,
            laws=SIGNS,
            replicas=(ra, rb),
            n=n,
            scale=beta,
            factors=g,
        ),
        "energy",
        label="patterns",
        prose=r"At the inverse temperature $\beta$ the fields of one sample are jointly normal, with the overlaps "
        r"$Q_{\mathsf{ab}} = w_{\mathsf{a}} \cdot w_{\mathsf{b}}/k$ and $m_{\mathsf{a}} = t \cdot w_{\mathsf{a}}/k$ "
        r"as covariances. The mean of $Z^n$ over the samples is $\int e^{k\, \mathcal{X}_n}$ with",
    )
    D.derive(
        SpectralSites(
            names=(Phi, Phi_x, Phi_w),
            weights=w,
            factors=g,
            stiffness=1 / s,
            power=s * p,
            order=Q,
            overlap=m_,
            conjugate=Qh_,
            conjugate_overlap=mh_,
            letters=LETTERS,
            replicas=(ra, rb),
            size=k,
            n=n,
        ),
        "patterns",
        label="potential-pairs",
        prose=r"Conjugates fix the overlaps. With $\langle \cdot \rangle$ over the eigenvalues $s$ of $C$ and the "
        r"squared components $p$ of $\beta_*$, $\frac{1}{k} \log \mathbb{E}\, Z^n$ tends to the stationary value of",
    )
    D.assume(
        "ansatz",
        Equation(Q[ra, ra], o + v),
        Equation(Q[ra, rb], o),
        Equation(m_[ra], m),
        Equation(Qh_[ra, ra], v0 - o0),
        Equation(Qh_[ra, rb], -o0),
        Equation(mh_[ra], m0),
        assumption=ledger.supported_by(
            ledger.A4_RS, "The energy is convex: two probes in the same valley differ by thermal noise only."
        ),
        prose=r"With replica symmetry, $\mathsf{a} \neq \mathsf{b}$,",
    )
    D.derive(Pick(lhs=Phi_x), "potential-pairs", label="samples-pairs", prose="The part from the samples is")
    D.derive(SymmetricChannels(n=n), "samples-pairs", "ansatz", label="samples-symmetric", prose="which becomes")
    D.derive(ChannelLimit(n=n, result=phi_x), "samples-symmetric", label="samples", prose=r"and, at $n \to 0$,")
    D.derive(Pick(lhs=Phi_w), "potential-pairs", label="weights-pairs", prose="The part from the weights is")
    D.derive(SpectralAnsatz(n=n), "weights-pairs", "ansatz", label="weights-symmetric", prose="which becomes")
    D.derive(
        UnderSpectrum(rule=ReplicaLimit(n=n, result=phi_w)),
        "weights-symmetric",
        label="weights",
        prose=r"and, at $n \to 0$,",
    )


def zero_temperature(D: Derivation) -> None:
    """Both parts at zero temperature."""
    D.section("The minimum of the energy")
    D.define(
        "scaling",
        Equation(v, V / beta),
        Equation(v0, beta * Vh),
        Equation(o0, beta**2 * oh),
        Equation(m0, beta * mh),
        prose=r"At low temperature probes of one sample differ by an amount of order $1/\sqrt{\beta}$:",
    )
    D.derive(
        LaplaceEnvelope(beta=beta, result=f_x),
        "samples",
        "scaling",
        label="samples-minimum",
        prose=r"The inner mean becomes a Moreau envelope, and $-\lim \varphi^{x}/\beta$ is",
    )
    D.define("free-energy-definition", Equation(f_beta, -phi_w / beta, ":="), prose="The part from the weights,")
    D.derive(Insert(), "free-energy-definition", "weights", label="free-energy", prose="that is,")
    D.derive(
        UnderSpectrum(rule=ZeroTemperature(beta=beta, result=f_w)),
        "free-energy",
        "scaling",
        label="weights-minimum",
        prose="tends to",
    )
    D.define("minimum-definition", Equation(f, f_x + f_w, ":="), prose="The minimal energy is the sum of both,")
    D.derive(Assemble(), "minimum-definition", "samples-minimum", "weights-minimum", label="minimum", prose="that is,")


def stationary(D: Derivation) -> None:
    """Six conditions: three for the conjugates from the samples, three for the overlaps from the weights."""
    D.section("The stationarity conditions")
    for label, parameter, unknown, prose in (
        ("mhat", m, mh, "It is stationary in $m$, by Price's theorem, when"),
        ("vhat", o, Vh, "in $o$ when"),
        ("ohat", V, oh, "and in $V$ when"),
    ):
        D.derive(ChannelStationary(parameter=parameter, unknown=unknown), "minimum", label=label, prose=prose)
    rows = (
        (
            "m",
            mh,
            slope_m,
            m,
            "teacher-overlap-conjugate",
            r"The conjugates enter through the weights only. Twice the slope in $\hat m$ is",
        ),
        ("o", oh, slope_o, V, "spread-conjugate", r"in $\hat o$"),
        ("v", Vh, slope_v, o, "student-overlap-conjugate", r"and in $\hat V$"),
    )
    for name, variable, slope, _, _, prose in rows:
        D.derive(
            UnderSpectrum(rule=Gradient(variable=variable, result=slope, factor=sp.Integer(2))),
            "weights-minimum",
            label=f"slope-{name}",
            prose=prose,
        )
    D.define("stationary", *(Equation(row[2], ZERO) for row in rows), prose="These vanish:")
    for name, _, _, unknown, label, _ in rows:
        D.derive(
            Insert(both=True),
            f"slope-{name}",
            "stationary",
            label=f"condition-{name}-hat",
            prose=f"Setting {{slope-{name}}} to zero,",
        )
        D.derive(SpectralSolve(unknown=unknown), f"condition-{name}-hat", label=label, prose="hence")

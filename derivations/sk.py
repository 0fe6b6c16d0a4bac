"""The Sherrington-Kirkpatrick model: replica-symmetric free energy, stability, and what fails at zero temperature."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from ..symbolic.claim import Equation
from ..symbolic.derivation import Derivation, Limit
from ..symbolic.quantity import POSITIVE, POSITIVE_INTEGER, REAL, Notation, Quantity, interval
from ..symbolic.replica import ledger
from ..symbolic.replica.continuation import ReplicaLimit
from ..symbolic.replica.disorder import GaussianDisorder, SitesToOverlaps
from ..symbolic.replica.insertion import Insert, MeansAt
from ..symbolic.replica.mean import Mean
from ..symbolic.replica.saddle import DecoupleSpins, SaddlePoint, SymmetricAnsatz
from ..symbolic.replica.stability import Replicon
from ..symbolic.replica.stationarity import MeansRestate, Slope, Stationary
from ..symbolic.replica.zero_temperature import FoldRestate, UndoDerivative, ZeroTemperature
from ..symbolic.system import Model, Parameter, Result, System, Unknown

NOTATION = Notation(
    Quantity("beta", "inverse temperature", r"\beta", POSITIVE, "parameter"),
    Quantity("h", "external field", "h", REAL, "parameter"),
    Quantity("N", "number of spins", "N", POSITIVE_INTEGER, "dimension"),
    Quantity("n", "number of replicas", "n", POSITIVE, "dimension"),
    Quantity("a", "index of a replica", "a", POSITIVE_INTEGER),
    Quantity("b", "index of a replica", "b", POSITIVE_INTEGER),
    Quantity("H", "energy of a configuration", "H"),
    Quantity("J", "couplings, independent N(0, 1/N)", "J", kind="list"),
    Quantity("s", "spins", "s", kind="list"),
    Quantity("sigma", "spins of one site in all replicas", r"\sigma", kind="list"),
    Quantity("R", "overlap of two replicas", "R", kind="list"),
    Quantity("Q", "order parameter of a pair of replicas", "Q", kind="list"),
    Quantity("Qhat", "conjugate order parameter of a pair", r"\hat Q", kind="list"),
    Quantity("X", "replicated exponent", r"\mathcal{X}"),
    Quantity("Phi", "potential of n replicas per spin", r"\Phi_n"),
    Quantity("phi", "potential per spin and replica", r"\varphi", role="result"),
    # Order parameters are real, of both signs: positivity would delete the symmetric saddle q = 0.
    Quantity("q", "overlap of two replicas at the saddle point", "q", interval(-1, 1), "unknown"),
    Quantity("r", "conjugate of the overlap", r"\hat q", REAL, "unknown"),
    Quantity("f", "free energy per spin", "f", role="result"),
    Quantity("u", "energy per spin", "u", role="result"),
    Quantity("entropy", "entropy per spin", "S", role="result"),
    Quantity("lam_n", "replicon eigenvalue of n replicas", r"\lambda_n"),
    Quantity("lam", "replicon eigenvalue", r"\lambda", role="result"),
    Quantity("chi", "linear response", r"\chi", POSITIVE, "unknown"),
    Quantity("u0", "energy per spin at zero temperature", "u_0", role="result"),
    Quantity("S0", "entropy per spin at zero temperature", "S_0", role="result"),
    Quantity("slope", "replicon eigenvalue per inverse temperature", r"\lambda'"),
    Quantity("slope0", "the same at zero temperature", r"\lambda'_0", role="result"),
)
beta, h, N, n, a, b, H, J, s, sigma, R, Q, Qhat, X, Phi, phi, q, r, f, u = NOTATION.symbols(
    "beta h N n a b H J s sigma R Q Qhat X Phi phi q r f u"
)
entropy, lam_n, lam, chi, u0, S0, slope, slope0 = NOTATION.symbols("entropy lam_n lam chi u0 S0 slope slope0")
i, j = sp.symbols("i j", integer=True, positive=True)
z = sp.Symbol("z", real=True)


def derive() -> Derivation:
    """The whole derivation; every equation after the definitions is computed by a rule."""
    D = Derivation(
        id="sk",
        title="The Sherrington-Kirkpatrick model with replica symmetry",
        abstract="The free energy of Ising spins with independent Gaussian couplings between all pairs, by "
        "the replica method: "
        "the replica-symmetric saddle point, its stability, and its failure at low temperature, "
        "where the entropy is negative.",
        sources=(
            "D. Sherrington and S. Kirkpatrick, Solvable model of a spin-glass, Physical Review Letters 35, 1975",
            "J. R. L. de Almeida and D. J. Thouless, Stability of the Sherrington-Kirkpatrick solution of a spin glass "
            "model, Journal of Physics A 11, 1978",
        ),
        notation=NOTATION,
        falsifier="Above the line where the replicon eigenvalue vanishes: a simulation whose energy leaves the curve.",
    )
    replicated(D)
    _symmetric(D)
    _thermodynamics(D)
    _stability(D)
    _zero_temperature(D)
    D.limits += [Limit("high temperature: free spins", "potential", {beta: 0, q: 0, r: 0}, sp.log(2))]
    D.model = Model(parameters=PARAMETERS, results=RESULTS, case=case, system=system, example=EXAMPLE)
    return D


def replicated(D: Derivation) -> None:
    D.section("The replicated system")
    pairs: Any = sp.Sum(J[i, j] * s[i] * s[j], (j, i + 1, N), (i, 1, N))
    D.define(
        "energy",
        Equation(H, -pairs - h * sp.Sum(s[i], (i, 1, N)), ":="),
        prose=r"The energy of the spins $s_i = \pm 1$, with couplings $J_{ij}$ that are independent $N(0, 1/N)$, is",
    )
    D.derive(
        GaussianDisorder(
            result=X, couplings=J, variance=1 / N, spins=s, inverse_temperature=beta, replicas=(a, b), n=n, size=N
        ),
        "energy",
        label="disorder-average",
        prose="For an integer number $n$ of replicas the mean over the couplings is "
        r"$\mathbb{E}\, Z^n = \sum_s e^{\mathcal{X}}$ with",
    )
    D.derive(
        SitesToOverlaps(overlap=R, spins=s, size=N),
        "disorder-average",
        label="overlaps",
        prose=r"The sum over pairs of sites depends on the overlaps $R_{ab} = \frac{1}{N} \sum_i s_{ia} s_{ib}$ only:",
    )
    D.derive(
        SaddlePoint(
            result=Phi,
            overlap=R,
            order=Q,
            conjugate=Qhat,
            spins=s,
            site_spins=sigma,
            replicas=(a, b),
            size=N,
            n=n,
        ),
        "overlaps",
        label="potential-pairs",
        prose=r"Overlaps are fixed by conjugate variables and the sites decouple; $\frac{1}{N} \log "
        r"\mathbb{E}\, Z^n$ tends to "
        "the stationary value of",
    )


def _symmetric(D: Derivation) -> None:
    D.section("The replica-symmetric saddle point")
    D.assume(
        "ansatz",
        Equation(Q[a, b], q),
        Equation(Qhat[a, b], r),
        assumption=ledger.A4_RS,
        prose=r"All pairs of different replicas are taken to be alike, $a \neq b$:",
    )
    D.derive(
        SymmetricAnsatz(n=n),
        "potential-pairs",
        "ansatz",
        label="potential-symmetric",
        prose="Then {potential-pairs} reads",
    )
    D.derive(
        DecoupleSpins(n=n),
        "potential-symmetric",
        label="potential-decoupled",
        prose="A Gaussian variable $z$ linearises the square, and the replicas are independent given $z$:",
    )
    D.derive(
        ReplicaLimit(n=n, result=phi),
        "potential-decoupled",
        label="potential",
        prose=r"At $n \to 0$ the potential per replica $\varphi = \lim \Phi_n/n$, the mean of $\frac{1}{N} \log Z$, is",
    )
    D.derive(
        Stationary(parameters=(q,), solve=(r,)),
        "potential",
        label="conjugate",
        prose="It is stationary in the overlap when",
    )
    D.derive(
        Stationary(parameters=(r,), solve=(q,)),
        "potential",
        label="overlap-conjugate",
        prose="and in the conjugate, after integration by parts, when",
    )
    D.derive(
        Insert(), "overlap-conjugate", "conjugate", label="overlap", prose="that is, the overlap solves the equation"
    )


def _thermodynamics(D: Derivation) -> None:
    D.section("Free energy, energy and entropy")
    D.derive(
        Insert(), "potential", "conjugate", label="potential-overlap", prose="At the saddle point the potential is"
    )
    D.derive(
        MeansRestate(form=beta**2 * (1 - q) ** 2 / 4 + Mean(sp.log(2 * sp.cosh(beta * (h + sp.sqrt(q) * z))), z)),
        "potential-overlap",
        label="log-partition",
        prose="or",
    )
    D.define("free-energy-definition", Equation(f, -phi / beta, ":="), prose="The free energy per spin,")
    D.derive(Insert(), "free-energy-definition", "log-partition", label="free-energy", prose="is therefore")
    D.derive(
        Slope(result=u, variable=beta, factor=sp.Integer(-1)),
        "potential",
        label="energy-conjugate",
        prose=r"The energy is $-\partial \varphi/\partial \beta$; by stationarity only the explicit $\beta$ counts:",
    )
    D.derive(Insert(), "energy-conjugate", "conjugate", label="mean-energy", prose="At the saddle point it is")
    D.define("entropy-definition", Equation(entropy, phi + beta * u, ":="), prose="and the entropy")
    D.derive(
        Insert(), "entropy-definition", "log-partition", "mean-energy", label="entropy", prose="follows from both:"
    )


def _stability(D: Derivation) -> None:
    D.section("Stability")
    D.derive(
        Replicon(result=lam_n, n=n),
        "potential-pairs",
        "ansatz",
        "potential-decoupled",
        label="replicon-replicas",
        prose="Fluctuations that break the permutation symmetry see the replicon eigenvalue, for $n$ replicas",
    )
    D.derive(
        MeansAt(variable=n, value=sp.Integer(0), result=lam),
        "replicon-replicas",
        label="replicon-conjugate",
        prose=r"and at $n \to 0$",
    )
    D.derive(Insert(), "replicon-conjugate", "conjugate", label="replicon-overlap", prose="With {conjugate},")
    D.derive(
        MeansRestate(form=1 - beta**2 * Mean((1 - sp.tanh(beta * (h + sp.sqrt(q) * z)) ** 2) ** 2, z)),
        "replicon-overlap",
        label="replicon",
        prose="which vanishes on the line of de Almeida and Thouless; below it replica symmetry is unstable:",
    )


def _zero_temperature(D: Derivation) -> None:
    D.section("Zero temperature without a field")
    for label, source, what in (
        ("overlap-zero-field", "overlap", "Without a field the overlap solves"),
        ("energy-zero-field", "mean-energy", "the energy is"),
        ("entropy-zero-field", "entropy", "the entropy"),
        ("replicon-zero-field", "replicon", "and the replicon eigenvalue"),
    ):
        D.derive(MeansAt(variable=h, value=sp.Integer(0)), source, label=label, prose=what)
    _response(D)
    D.derive(
        ZeroTemperature(beta=beta, result=u0),
        "energy-zero-field",
        "scaling",
        label="ground-state-response",
        prose="At zero temperature the energy becomes",
    )
    D.derive(Insert(), "ground-state-response", "response-zero", label="ground-state-energy", prose="which is")
    bounded = sp.log(2 * sp.cosh(beta * sp.sqrt(q) * z)) - beta * sp.sqrt(q) * z * sp.tanh(beta * sp.sqrt(q) * z)
    D.derive(
        FoldRestate(form=-(beta**2) * (1 - q) ** 2 / 4 + Mean(bounded, z)),
        "entropy-zero-field",
        "overlap-zero-field",
        label="entropy-bounded",
        prose="With {overlap-zero-field} the entropy takes a form in which every integrand is bounded,",
    )
    D.derive(
        ZeroTemperature(beta=beta, result=S0),
        "entropy-bounded",
        "scaling",
        label="entropy-response",
        prose="so that at zero temperature",
    )
    D.derive(
        Insert(),
        "entropy-response",
        "response-zero",
        label="zero-entropy",
        prose="that is, negative, which no system of discrete spins allows. Replica symmetry is not supported here:",
    )
    _instability(D)


def _response(D: Derivation) -> None:
    """chi = beta (1 - q): by parts to a bounded integrand before the limit is taken."""
    D.define("response-definition", Equation(chi, beta * (1 - q), ":="), prose="The response to a small field is")
    D.derive(
        Insert(),
        "response-definition",
        "overlap-zero-field",
        label="response-peaked",
        prose="With {overlap-zero-field},",
    )
    D.derive(
        UndoDerivative(),
        "response-peaked",
        label="response",
        prose="Its integrand becomes a narrow peak at low temperature; undoing an integration by parts "
        "removes the peak,",
    )
    D.define(
        "scaling",
        Equation(q, 1 - chi / beta),
        prose="so that the response stays finite, and low temperatures mean the scaling",
    )
    D.derive(
        ZeroTemperature(beta=beta),
        "response",
        "scaling",
        label="response-zero",
        prose="At zero temperature the response is",
    )


def _instability(D: Derivation) -> None:
    D.define(
        "slope-definition", Equation(slope, lam / beta, ":="), prose="The replicon eigenvalue, per inverse temperature"
    )
    D.derive(Insert(), "slope-definition", "replicon-zero-field", label="slope-peaked", prose="and without a field,")
    D.derive(UndoDerivative(), "slope-peaked", label="slope", prose="by parts again,")
    D.derive(
        ZeroTemperature(beta=beta, result=slope0),
        "slope",
        "scaling",
        label="instability",
        prose="tends to a negative number: at low temperature the saddle point is unstable against "
        "breaking the symmetry:",
    )


PARAMETERS = (Parameter(NOTATION["beta"]), Parameter(NOTATION["h"], default="0"))
RESULTS = (
    Result("overlap", "overlap", "overlap of two replicas"),
    Result("free_energy", "free-energy", "free energy per spin"),
    Result("energy", "mean-energy", "energy per spin"),
    Result("entropy", "entropy", "entropy per spin; a negative value shows that replica symmetry fails"),
    Result("replicon", "replicon", "replicon eigenvalue; replica symmetry is unstable where it is negative"),
)
EXAMPLE = {"beta": "1/2", "h": "1/5"}


def case(point: Mapping[str, Any]) -> str:
    """With a field one overlap solves the equation; without one it vanishes above the critical temperature 1."""
    if point["h"] != 0:
        return "field"
    return "paramagnet" if point["beta"] <= 1 else "glass"


def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
    """The overlap on its branch, then the observables."""
    D = derivation()
    labels = {result.name: result.label for result in RESULTS}
    observables = {name: D.claim(labels[name]).rhs for name in wanted if name != "overlap"}
    observables |= {name: q for name in wanted if name == "overlap"}
    if name == "paramagnet":
        return System(observables={k: v.xreplace({q: sp.Integer(0)}) for k, v in observables.items()})
    # Without a field q = 0 solves the equation too: the positive root lies above 1 - 1/beta.
    low = sp.Integer(0) if name == "field" else 1 - 1 / beta
    return System(
        observables=observables,
        unknowns=(Unknown(q, low, sp.Integer(1)),),
        equations=(q - D.claim("overlap").rhs,),
        branch="the positive overlap, which minimises the free energy over positive temperatures",
    )


@cache
def derivation() -> Derivation:
    """The derivation, computed once per process."""
    return derive()

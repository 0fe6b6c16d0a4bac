"""Zero temperature: the retrieval states along their signal per noise, the end of retrieval, the spin-glass state."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert, MeansAt, SolveFor
from ...symbolic.replica.shifted_limits import Onset, ShiftedZeroTemperature
from ...symbolic.replica.stationarity import Gradient, MeansRestate
from ...symbolic.replica.zero_temperature import UndoDerivative
from ...symbolic.rules.algebra import PositiveRoot, Restate, SolveLinear
from .notation import (
    S0,
    C,
    T,
    alpha,
    beta,
    c,
    eta,
    gain,
    gap,
    growth,
    lam,
    m,
    mhat,
    q,
    qhat,
    r,
    rate,
    rate0,
    slope,
    tau,
    u0,
    u1,
    x,
)


def zero_temperature(D: Derivation) -> None:
    """beta -> oo at a finite response C = beta (1 - q)."""
    D.section("Zero temperature")
    D.define("response-definition", Equation(C, beta * (1 - q), ":="), prose="The response to a small field is")
    D.derive(Insert(), "response-definition", "overlap", label="response-peaked", prose="With {overlap},")
    D.derive(
        UndoDerivative(),
        "response-peaked",
        label="response",
        prose="Its integrand becomes a narrow peak at low temperature; undoing an integration by parts "
        "removes the peak,",
    )
    D.define(
        "scaling",
        Equation(q, 1 - C / beta),
        prose="so that the response stays finite, and low temperatures mean the scaling",
    )
    for source, result, label, prose in (
        ("signal", None, "signal-zero", "In the limit the overlap with the condensed pattern becomes"),
        ("response", None, "response-zero", "the response"),
        ("noise", None, "noise-zero", "the noise"),
        ("mean-energy", u0, "energy-response", "the energy"),
        ("entropy", S0, "entropy-response", "and the entropy"),
    ):
        D.derive(ShiftedZeroTemperature(beta=beta, result=result), source, "scaling", label=label, prose=prose)
    D.derive(
        Restate(form=-alpha * (sp.log(1 - C) + C / (1 - C)) / 2),
        "entropy-response",
        label="entropy-zero",
        prose="that is, negative for every $0 < C < 1$, which no system of discrete spins allows. Replica symmetry is "
        "not supported at zero temperature:",
    )


def instability(D: Derivation) -> None:
    """The replicon eigenvalue at low temperature."""
    D.define(
        "rate-definition",
        Equation(rate, (lam - 1) / beta, ":="),
        prose="The part of the replicon eigenvalue that the saddle point adds, per inverse temperature,",
    )
    D.derive(Insert(), "rate-definition", "replicon", label="rate-peaked", prose="is")
    D.derive(UndoDerivative(), "rate-peaked", label="rate", prose="by parts again,")
    D.derive(
        ShiftedZeroTemperature(beta=beta, result=rate0),
        "rate",
        "scaling",
        label="instability",
        prose="tends to a negative number: at low temperature every state is unstable against breaking the symmetry, "
        "although very weakly where $m^2/r$ is large:",
    )


def retrieval(D: Derivation) -> None:
    """All states on a curve: everything is a function of the signal per noise x."""
    D.section("The end of retrieval")
    D.define(
        "amplitude",
        Equation(r, c**2 / (2 * alpha)),
        prose="Let $c$ be the amplitude of the noise,",
    )
    D.define("ratio", Equation(m, x * c), prose="$x$ the signal per noise,")
    D.define("excess", Equation(c, eta / (1 - C)), prose=r"and $\eta$ what the response leaves of the amplitude,")
    D.derive(
        Insert(both=True),
        "noise-zero",
        "amplitude",
        "excess",
        label="load-condition",
        prose="With the first and the last {noise-zero} reads",
    )
    D.derive(SolveLinear(unknown=alpha), "load-condition", label="load-excess", prose="that is,")
    D.derive(
        Insert(both=True),
        "signal-zero",
        "amplitude",
        "ratio",
        label="amplitude-condition",
        prose="A retrieval state has $x > 0$, and {signal-zero} reads",
    )
    D.derive(SolveFor(unknown=c), "amplitude-condition", label="amplitude-ratio", prose="so that")
    D.derive(Insert(), "ratio", "amplitude-ratio", label="overlap-ratio", prose="and")
    D.derive(
        Insert(),
        "response-zero",
        "amplitude",
        "ratio",
        "amplitude-ratio",
        label="response-ratio",
        prose="while the response is",
    )
    D.derive(SolveLinear(unknown=eta), "excess", label="excess-response", prose="Hence")
    D.derive(
        Insert(),
        "excess-response",
        "response-ratio",
        "amplitude-ratio",
        label="excess-computed",
        prose="at a retrieval state",
    )
    D.derive(
        MeansRestate(form=sp.erf(x) / x - 2 * sp.exp(-(x**2)) / sp.sqrt(sp.pi)),
        "excess-computed",
        label="excess-ratio",
        prose="or",
    )
    D.derive(
        Insert(),
        "load-excess",
        "excess-ratio",
        label="load",
        prose="so that the load of a retrieval state is a function of its signal per noise alone:",
    )
    D.derive(
        Gradient(variable=x, result=slope),
        "excess-ratio",
        label="slope-computed",
        prose="Each load below the maximum belongs to two states. They merge, and retrieval ends, where the slope of "
        "{excess-ratio},",
    )
    D.derive(
        Restate(form=2 * (1 + 2 * x**2) * sp.exp(-(x**2)) / (sp.sqrt(sp.pi) * x) - sp.erf(x) / x**2),
        "slope-computed",
        label="slope",
        prose="vanishes, that is, where $\\alpha$ is largest:",
    )
    D.derive(
        Insert(),
        "energy-response",
        "amplitude",
        "ratio",
        label="energy-amplitude",
        prose="The energy of a retrieval state is",
    )
    D.derive(Insert(), "entropy-zero", "response-ratio", label="entropy-ratio", prose="and its entropy")


def spin_glass(D: Derivation) -> None:
    """The state without signal, and the load at which the energies cross."""
    D.section("The spin-glass state")
    D.derive(
        MeansAt(variable=m, value=sp.Integer(0)),
        "response-zero",
        label="response-glass",
        prose="Without a signal {response-zero} is",
    )
    D.derive(Insert(), "response-glass", "amplitude", label="response-amplitude", prose="or")
    D.derive(Insert(), "excess-response", "response-amplitude", label="excess-glass", prose="Then {excess-response} is")
    D.derive(Restate(form=c - 2 / sp.sqrt(sp.pi)), "excess-glass", label="excess-glass-sum", prose="or")
    D.derive(SolveFor(unknown=c), "excess-glass-sum", label="amplitude-glass", prose="so that")
    D.derive(
        MeansAt(variable=m, value=sp.Integer(0), result=u1),
        "energy-response",
        label="glass-energy-noise",
        prose="The energy of the spin-glass state is",
    )
    D.derive(
        Insert(),
        "glass-energy-noise",
        "amplitude",
        "amplitude-glass",
        "load-excess",
        label="glass-energy-excess",
        prose="that is,",
    )
    D.derive(
        Restate(form=-1 / sp.pi - eta / sp.sqrt(sp.pi)), "glass-energy-excess", label="glass-energy-root", prose="or"
    )
    D.derive(PositiveRoot(unknown=eta), "load-excess", label="excess-load", prose=r"By {load-excess} $\eta$ is")
    D.derive(Insert(), "glass-energy-root", "excess-load", label="glass-energy", prose="so that")
    D.define("gap-definition", Equation(gap, u0 - u1, ":="), prose="A retrieval state has the lower energy where")
    D.derive(
        Insert(),
        "gap-definition",
        "energy-amplitude",
        "glass-energy-root",
        "load-excess",
        "amplitude-ratio",
        "excess-ratio",
        label="gap",
        prose="is negative. Along the curve {load} this is",
    )


def onset(D: Derivation) -> None:
    """The temperature at which the overlap of two replicas starts to grow."""
    D.section("The onset of the spin-glass state")
    D.define("no-signal", Equation(mhat, sp.Integer(0)), prose="Without a signal,")
    D.derive(Insert(only=q), "overlaps-conjugates", "no-signal", label="overlap-glass", prose="the overlap is")
    D.derive(Gradient(variable=qhat, result=growth), "overlap-glass", label="growth-computed", prose="It grows with")
    D.derive(Onset(variable=qhat, value=sp.Integer(0)), "growth-computed", label="growth", prose="and at first with")
    D.derive(
        Gradient(variable=q, result=gain),
        "conjugate-noise",
        label="gain-computed",
        prose="while {conjugate-noise} grows with the overlap as",
    )
    D.derive(Onset(variable=q, value=sp.Integer(0)), "gain-computed", label="gain", prose="and at first as")
    D.define(
        "onset",
        Equation(growth * gain, sp.Integer(1)),
        prose="The overlap leaves zero where the two compensate,",
    )
    D.define(
        "temperature-gap",
        Equation(beta, 1 / (1 + tau)),
        prose=r"at a temperature above 1, because the determinant in {potential-symmetric} is positive at $q = 0$ only "
        "there,",
    )
    D.derive(
        Insert(both=True),
        "onset",
        "growth",
        "gain",
        "temperature-gap",
        label="onset-condition",
        prose="With these",
    )
    D.derive(PositiveRoot(unknown=tau), "onset-condition", label="onset-gap", prose="hence")
    D.define("temperature-definition", Equation(T, 1 + tau, ":="), prose="The temperature of the onset,")
    D.derive(Insert(), "temperature-definition", "onset-gap", label="glass-temperature", prose="is")

"""Section 4: the solution in a form that never overflows and never cancels."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.rules.algebra import Restate, Substitute
from ...symbolic.rules.modes import ModeAmplitude, Plane, ScaledLength, ScaledState
from .notation import symbols

eta_a, a0, t, a, p, q, p0, q0, s = symbols("eta_a a0 t a p q p0 q0 s")
delta, delta_abs, rho, kappa, Lambda, F, N, miss = symbols("delta delta_abs rho kappa Lambda F N miss")
y_a, y_p, y_q, y_a_dot, y_p_dot, y_q_dot = symbols("y_a y_p y_q y_a_dot y_p_dot y_q_dot")
m, m_bar, e, f, T, T_q, Y_a, Y_p, Y_q, R = symbols("m m_bar e f T T_q Y_a Y_p Y_q R")
c_plus, c_minus, d_plus, d_minus = symbols("c_plus c_minus d_plus d_minus")

NAMES = Plane(
    plane=((y_a, y_a_dot, Y_a), (y_p, y_p_dot, Y_p)),
    transverse=(y_q, y_q_dot, Y_q),
    modulus=m,
    size=delta_abs,
    rate=Lambda,
    time=t,
)
RATE = ("rate", "mean-rate")


def stable(D: Derivation) -> None:
    D.section("Stable form")
    D.define(
        "scaling",
        Equation(y_a, sp.exp(Lambda * t) * Y_a, ":="),
        Equation(y_p, sp.exp(Lambda * t) * Y_p, ":="),
        Equation(y_q, sp.exp(Lambda * t) * Y_q, ":="),
        Equation(rho, sp.exp(Lambda * t) * sp.sqrt(R), ":="),
        prose=r"For large $t$ the functions $C$ and $S$ overflow, and near a separatrix they cancel. A common "
        r"factor of $y$ and $\rho$ drops out, so we write",
    )
    D.derive(Substitute(), "projective", "scaling", label="state", prose="Then")
    D.define(
        "decay", Equation(e, sp.exp(-2 * Lambda * t), ":="), prose="The fading mode decays against the growing one as"
    )
    D.define("rise", Equation(f, 1 - e, ":="), prose="Its complement is")
    D.define(
        "moduli",
        Equation(m, Lambda + delta_abs / 2, ":="),
        prose=r"The two combinations of $\Lambda$ and $D = |\delta|$ are",
    )
    D.define("conjugate", Equation(m_bar, Lambda - delta_abs / 2, ":="), prose="The smaller one is")
    D.define(
        "weighted",
        Equation(T_q, e * F, ":="),
        prose="The transverse integral is scaled to",
    )
    _regime(D, "upstream", Equation(delta, delta_abs, ":="), c_plus, c_minus)
    _regime(D, "downstream", Equation(delta, -delta_abs, ":="), d_plus, d_minus)
    _evaluation(D)


def _regime(D: Derivation, name: str, sign: Equation, growing: sp.Symbol, fading: sp.Symbol) -> None:
    upstream = name == "upstream"
    relation = r"\ge" if upstream else r"\le"
    D.define(name, sign, prose=rf"For $\delta {relation} 0$ ({name}),")
    both = ("direction-flow", "start", name, "moduli")
    D.derive(
        ModeAmplitude(names=NAMES, growing=True, amplitude=growing),
        *both,
        *RATE,
        label=f"growing-{name}",
        prose="With eigenvectors of {direction-flow} free of cancellation, the amplitude of the growing mode is",
    )
    D.derive(
        ModeAmplitude(names=NAMES, growing=False, amplitude=fading),
        *both,
        *RATE,
        label=f"fading-{name}",
        prose="The amplitude of the fading mode is",
    )
    modes = (f"growing-{name}", f"fading-{name}")
    D.derive(
        ScaledState(names=NAMES),
        *both,
        "conjugate",
        "decay",
        *modes,
        "direction",
        "functions",
        *RATE,
        label=f"state-{name}",
        prose="The scaled direction is",
    )
    D.derive(
        ScaledLength(names=NAMES, length=R),
        "length-flow",
        "direction-flow",
        "start",
        name,
        "moduli",
        "conjugate",
        "decay",
        "rise",
        "weighted",
        *modes,
        "length",
        "functions",
        "transverse-integral",
        *RATE,
        label=f"length-{name}",
        prose="As the two modes are orthogonal in the metric of the length, its length is a sum of positive terms,",
    )


def _evaluation(D: Derivation) -> None:
    """Forms without a difference of nearly equal numbers, for every quantity of the stable form."""
    D.define(
        "size", Equation(delta_abs, sp.Abs(delta), ":="), prose="The last differences are removed for evaluation. Let"
    )
    size = ("moduli", *RATE, "size")
    D.derive(
        Restate(form=kappa**2 * s**2 / m),
        "conjugate",
        *size,
        label="conjugate-stable",
        prose="By {rate} the smaller rate is",
    )
    D.derive(
        Restate(form=sp.tanh(Lambda * t) * (1 + e)),
        "rise",
        "decay",
        label="rise-stable",
        prose="By {decay} the complement {rise} is",
    )
    D.define(
        "transverse-time",
        Equation(T, (1 - sp.exp(-delta_abs * t)) / delta_abs, ":="),
        prose=r"The transverse time is, with $T = t$ for $\delta = 0$,",
    )
    fading = sp.exp(-delta_abs * t)
    D.derive(
        Restate(form=sp.tanh(delta_abs * t / 2) * (1 + fading) / delta_abs),
        "transverse-time",
        label="transverse-stable",
        prose="Free of cancellation it reads",
    )
    known = ("transverse-time", "transverse-integral", "decay")
    D.derive(
        Restate(form=e * T),
        "weighted",
        *known,
        "upstream",
        label="weighted-upstream",
        prose="In its terms {weighted} is upstream",
    )
    D.derive(
        Restate(form=sp.exp(-2 * m_bar * t) * T),
        "weighted",
        "conjugate",
        *known,
        "downstream",
        label="weighted-downstream",
        prose="Downstream it is",
    )
    _miss(D)


def _miss(D: Derivation) -> None:
    D.define("miss", Equation(miss, a * p - s, ":="), prose="The miss along the target is")
    D.derive(Substitute(), "miss", "projective", label="miss-direction", prose="By {projective} it is")
    D.derive(
        Restate(form=N / rho**2), "miss-direction", "miss-form", label="miss-length", prose="Hence, with {miss-form},"
    )
    D.derive(
        Substitute(), "miss-length", "miss-integral", "scaling", label="miss-scaled", prose="By {miss-integral} it is"
    )
    D.derive(
        Restate(form=(e * (a0 * p0 - s) - eta_a * s * q0**2 * T_q) / R),
        "miss-scaled",
        "weighted",
        "decay",
        label="miss-stable",
        prose="In scaled quantities this reads",
    )
    D.derive(
        Restate(form=(miss**2 + a**2 * q**2) / 2),
        "loss",
        "miss",
        label="loss-stable",
        prose="In its terms the loss {loss} keeps all its digits, however small it is:",
    )

"""The saddle point: three conditions for the conjugates, three for the order parameters, one effective penalty."""

from __future__ import annotations

import sympy as sp

from ...symbolic.claim import Equation
from ...symbolic.derivation import Derivation
from ...symbolic.replica.insertion import Insert
from ...symbolic.replica.spectral_rules import SpectralRestate, SpectralSolve, UnderSpectrum
from ...symbolic.replica.stationarity import Gradient
from ...symbolic.rules.algebra import SolveLinear
from .notation import (
    NOTATION,
    V,
    Vh,
    alpha,
    df1,
    df2,
    kappa,
    lam,
    m,
    mean,
    mh,
    q,
    qh,
    s,
)

# (variable, name of twice the slope, what the condition is solved for, label of the solution, prose)
CONDITIONS = (
    (m, "f_m", mh, "conjugate-teacher", "The slope in $m$ vanishes for"),
    (q, "f_q", Vh, "conjugate-spread", "that in $q$ for"),
    (V, "f_V", qh, "conjugate-overlap", "and that in $V$ for"),
    (qh, "f_qh", V, "spread", r"Those in the conjugates give the order parameters: that in $\hat q$"),
    (mh, "f_mh", m, "teacher-overlap-conjugate", r"that in $\hat m$"),
    (Vh, "f_Vh", q, "student-overlap-conjugate", r"and that in $\hat V$"),
)


def saddle(D: Derivation) -> None:
    """Twice the slopes of the minimal loss, set to zero and solved one by one."""
    D.section("The saddle point")
    symbols = [NOTATION[name].symbol for _, name, *_ in CONDITIONS]
    for k, ((variable, *_), slope) in enumerate(zip(CONDITIONS, symbols)):
        D.derive(
            UnderSpectrum(rule=Gradient(variable=variable, result=slope, factor=sp.Integer(2))),
            "minimum",
            label=_label("slope", slope),
            prose=f"{('Twice the slope of the loss in', 'in', 'in', 'in', 'in', 'and in')[k]} "
            f"${NOTATION[variable.name].tex()}$ is",
        )
    D.define("stationary", *(Equation(x, sp.Integer(0)) for x in symbols), prose="All of them vanish:")
    for (_, _, unknown, label, prose), slope in zip(CONDITIONS, symbols):
        D.derive(
            Insert(both=True),
            _label("slope", slope),
            "stationary",
            label=_label("condition", slope),
            prose=f"Setting {{{_label('slope', slope)}}} to zero,",
        )
        D.derive(SpectralSolve(unknown=unknown), _label("condition", slope), label=label, prose=prose)


def _label(what: str, slope: sp.Symbol) -> str:
    return f"{what}-{slope.name.removeprefix('f_').lower()}" + ("-loss" if slope.name == "f_V" else "")


def effective_penalty(D: Derivation) -> None:
    """One equation for one number: the penalty seen by an eigenvector."""
    D.section("The effective penalty")
    D.define(
        "effective-penalty",
        Equation(Vh, lam / kappa),
        prose=r"An eigenvector of variance $s$ sees the penalty $\lambda$ against $s \hat V$. With an effective "
        r"penalty $\kappa = \lambda/\hat V$,",
    )
    D.define("df-one", Equation(df1, mean(s / (s + kappa)), ":="), prose="and the degrees of freedom")
    D.define("df-two", Equation(df2, mean(s**2 / (s + kappa) ** 2), ":="), prose="and")
    D.derive(Insert(), "spread", "effective-penalty", label="spread-inserted", prose="{spread} is")
    D.derive(
        SpectralRestate(form=kappa * df1 / lam), "spread-inserted", "df-one", label="spread-freedom", prose="that is,"
    )
    D.derive(
        Insert(both=True),
        "conjugate-spread",
        "effective-penalty",
        "spread-freedom",
        label="penalty-implicit",
        prose="and {conjugate-spread} becomes one equation for one unknown,",
    )
    D.derive(SolveLinear(unknown=lam), "penalty-implicit", label="penalty", prose="or, solved for the penalty,")
    D.derive(
        SolveLinear(unknown=alpha),
        "penalty",
        label="ratio",
        prose="and, for later use, for the number of samples per dimension,",
    )

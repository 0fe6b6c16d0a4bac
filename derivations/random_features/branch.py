"""The physical root by conditioning on the inputs, and the evaluation of every result on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.claim import Claim, Equation
from ...symbolic.derivation import Derivation, Witness
from ...symbolic.precision import compiled, context, number
from ...symbolic.quantity import Samples
from ...symbolic.rules.algebra import PositiveRoot, SolveLinear, Substitute
from ...symbolic.rules.conditioning import AverageByTrace, RowCovariance
from ...symbolic.rules.elimination import EliminateTraces
from ...symbolic.system import Model, Parameter, Result, System, Unknown
from ...symbolic.verdict import Verdict, consistent, refuted
from .notation import (
    GIVEN_INPUTS,
    LETTERS,
    LINEAR,
    NOTATION,
    E_test,
    E_train,
    G,
    M,
    N,
    X,
    a,
    beta,
    g,
    kappa,
    l,
    lam,
    phi,
    psi,
    rootS,
    s,
    tau1,
    tau2,
    x,
    zeta,
)


def branch(D: Derivation) -> None:
    D.section("The physical root")
    D.derive(
        RowCovariance(held=X, gaussian=LETTERS, rows=M, eigenvalue=x, result=s),
        "features",
        label="row-covariance",
        prose="The quartic has up to three positive roots, so positivity does not single out the physical one. A "
        "second "
        "derivation does: given the inputs, the rows of $\\sqrt{m}\\,F$ are independent Gaussian vectors, and where "
        "the linear "
        "kernel $X^{\\top}X$ has the eigenvalue $x$ their covariance has the eigenvalue",
    )
    D.define(
        "given-inputs",
        Equation(tau1, sp.Trace((rootS * G.T * G * rootS + lam * sp.Identity(N)).inverse()) / N, ":="),
        prose="Written with a standardised matrix $G$ the first trace is",
    )
    D.derive(
        GIVEN_INPUTS,
        "given-inputs",
        label="conditional",
        prose="and now the covariance is a deterministic letter, over whose spectrum the equations average:",
    )
    D.derive(
        AverageByTrace(variable=x, trace=g, shift=l),
        "conditional",
        "row-covariance",
        label="conditional-trace",
        prose=r"Partial fractions in $x$ reduce the averages to the resolvent of the linear kernel, $g = "
        r"\operatorname{tr}(X^{\top}X + \ell)^{-1}$:",
    )
    D.define("effective-ridge", Equation(a, lam / kappa, ":="), prose=r"With the effective ridge $\kappa$ defined by")
    D.derive(
        Substitute(only=a),
        "conditional-trace",
        "conditional-trace",
        label="self-consistent",
        prose="the self-consistent equation",
    )
    D.derive(
        Substitute(both=True),
        "self-consistent",
        "effective-ridge",
        label="ridge-implicit",
        prose="becomes",
    )
    D.derive(SolveLinear(unknown=lam), "ridge-implicit", label="ridge", prose="that is,")
    D.derive(
        Substitute(only=l, tidy=True), "conditional-trace", "effective-ridge", label="shift", prose="with the distance"
    )
    D.derive(
        Substitute(only=tau1, tidy=True),
        "conditional-trace",
        "effective-ridge",
        label="first-trace",
        prose="and the trace is",
    )
    _linear_kernel(D)


def _linear_kernel(D: Derivation) -> None:
    D.define(
        "linear-trace",
        Equation(g, sp.Trace((X.T * X + l * sp.Identity(N)).inverse()) / N, ":="),
        prose="The resolvent of the linear kernel,",
    )
    D.derive(LINEAR, "linear-trace", label="linear-dyson", prose="has the equations")
    D.derive(
        EliminateTraces(dyson=LINEAR, keep=g),
        "linear-dyson",
        "linear-trace",
        label="linear-quadratic",
        prose="and so solves a quadratic,",
    )
    D.derive(
        PositiveRoot(unknown=g),
        "linear-quadratic",
        label="linear-closed",
        prose="whose positive root is",
    )
    D.witnesses.append(
        Witness(
            "the root of the second derivation solves the quartic", ("quartic", "ridge", "first-trace"), _two_routes
        )
    )


def _two_routes(claims: Mapping[str, Claim], samples: Samples) -> Verdict:
    """At rational points kappa is found by bisection of the ridge equation; the trace it gives annuls the quartic."""
    table: dict[Any, Any] = {}
    for label in ("linear-closed", "shift", "first-trace"):
        table |= claims[label].defines()
    ridge, trace = (e.xreplace({g: table[g]}).xreplace({l: table[l]}) for e in (claims["ridge"].rhs, table[tau1]))
    quartic = claims["quartic"].single.difference
    ctx = context(60)
    for point in samples.points([phi, psi, zeta, beta, lam]):
        f = compiled(ctx, [kappa], ridge.xreplace({k: v for k, v in point.items() if k != lam}))
        low = number(ctx, point[lam])
        high = low + number(ctx, point[psi] / point[phi] * (point[zeta] + point[beta]))
        root = ctx.findroot(lambda k, f=f, low=low: f(k) - low, (low, high), solver="anderson", tol=1e-60, maxsteps=400)
        t = compiled(ctx, [kappa], trace.xreplace(point))(root)
        terms = [compiled(ctx, [tau1], e.xreplace(point))(t) for e in sp.Add.make_args(sp.expand(quartic))]
        if not abs(sum(terms)) < ctx.mpf(10) ** -40 * sum(abs(e) for e in terms):
            return refuted(
                "second derivation",
                "the trace does not solve the quartic",
                [(str(k), str(v)) for k, v in point.items()],
            )
    return consistent("second derivation", "conditioning on the inputs; 3 points, 40 digits")


PARAMETERS = tuple(Parameter(NOTATION[name]) for name in ("phi", "psi", "zeta", "beta", "lam")) + (
    Parameter(NOTATION["sigma2"], default="0"),
)
TRACE_NEEDS = ("phi", "psi", "zeta", "beta", "lam")
RESULTS = (
    Result("tau1", "first-trace", "normalised trace of the kernel resolvent", needs=TRACE_NEEDS),
    Result("tau2", "second-trace", "trace of the resolvent times the linear kernel", needs=TRACE_NEEDS),
    Result("kappa", "ridge", "effective ridge", needs=TRACE_NEEDS),
    Result("training_error", "training", "mean squared residual on the samples"),
    Result("test_error", "test", "expected squared error on a fresh sample, label noise excluded"),
)
EXAMPLE = {"phi": "5/4", "psi": "5/8", "zeta": "1/4", "beta": "1/10", "lam": "1/10", "sigma2": "1/5"}


def model(D: Derivation) -> Model:
    """The effective ridge in its bracket, then closed forms: every formula is taken from the claims."""

    def system(name: str, lengths: Mapping[str, int], wanted: tuple[str, ...]) -> System:
        labels = (
            "shift",
            "linear-closed",
            "first-trace",
            "second-trace",
            "first-slope",
            "second-slope",
            "training",
            "test",
        )
        definitions = tuple((D.claim(label).lhs, D.claim(label).rhs) for label in labels)
        found = {"tau1": tau1, "tau2": tau2, "kappa": kappa, "training_error": E_train, "test_error": E_test}
        needed = {"kappa": 2, "tau1": 3, "tau2": 4}
        count = max(needed.get(key, len(labels)) for key in wanted)
        return System(
            observables={key: found[key] for key in wanted},
            # E s/(s + kappa) <= (zeta + beta)/kappa bounds the root from above.
            unknowns=(Unknown(kappa, low=lam, high=lam + psi / phi * (zeta + beta)),),
            equations=(D.claim("ridge").rhs - lam,),
            definitions=definitions[:count],
            branch="the effective ridge is the only root of an increasing function above the penalty",
        )

    return Model(PARAMETERS, RESULTS, case=lambda point: "any penalty", system=system, example=EXAMPLE)

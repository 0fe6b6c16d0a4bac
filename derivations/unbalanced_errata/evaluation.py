"""The corrected and the published value side by side: the former by the systems of the cited derivations.

The published values are the definitions of this derivation at the same point, inserted into the same systems.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from ...symbolic.system import Parameter, Result, System
from ..implicit_bias import evaluation as limit_of_the_flow
from ..implicit_bias.notation import NOTATION as LIMIT
from ..unbalanced import evaluation as flow
from .notation import NOTATION, symbols
from .text import built

eta_a, eta_w, a0, w0, delta, Lambda = symbols("eta_a eta_w a0 w0 delta Lambda")
A, b, A0, b0, overlap, d = symbols("A b A0 b0 overlap d")
nu0, phi0_sq, phase, sigma0, n0, P = symbols("nu0 phi0_sq phase sigma0 n0 P")
p0 = symbols("p0")[0]

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

PARAMETERS = (
    Parameter(NOTATION["a0"]),
    Parameter(NOTATION["w0"]),
    Parameter(NOTATION["beta_star"], same_length_as="w0"),
    Parameter(NOTATION["t"]),
    Parameter(LIMIT["X"]),
    Parameter(NOTATION["y"]),
    Parameter(NOTATION["eta_a"], default="1"),
    Parameter(NOTATION["eta_w"], default="1"),
)
FLOW = ("a0", "w0", "beta_star", "t", "eta_a", "eta_w")
DATA = ("a0", "w0", "X", "y", "eta_a", "eta_w")
RESULTS = (
    Result("kernel_distance", "defect-growth", "kernel distance", "scalar", FLOW, ("kernel-products",)),
    Result("kernel_distance_published", "kernel-products", "kernel distance as published", "scalar", FLOW),
    Result("a", "square-right", "output weight at time t", "scalar", FLOW, ("direction", "length")),
    Result("a_squared_published", "square-right", "square of the output weight as published, delta < 0", "scalar",
           FLOW),
    Result("balanced_length", "length-right", "length of the predictor, delta = 0", "scalar", FLOW),
    Result("balanced_length_published", "length-right", "length of the predictor as published", "scalar", FLOW),
    Result("beta_inf", "limit", "limit of the predictor", "list", DATA, ("limit-square", "row-imbalance")),
    Result("beta_inf_published", "limit", "limit of the predictor as published", "list", DATA,
           ("limit-square", "row-imbalance")),
)  # fmt: skip
EXAMPLE = {
    "a0": "1/2",
    "w0": "1,0",
    "beta_star": "4/5,3/5",
    "t": "2",
    "X": "1/2,1",
    "y": "11/10",
}
PUBLISHED = "_published"


def case(point: Mapping[str, Any]) -> str:
    """The case of the cited derivation the point belongs to."""
    return (limit_of_the_flow if "X" in point else flow).case(point)


def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
    """The system of the cited derivation, with the published definition added where it is asked for."""
    found = [_SYSTEMS[result](name, lengths) for result in wanted]
    observables = {key: value for part in found for key, value in part.observables.items()}
    return replace(found[0], observables={key: observables[key] for key in wanted})


def _claim(label: str) -> Any:
    return built().claim(label).rhs


def _known(label: str, table: Mapping[Any, Any]) -> Any:
    """The equations of a claim as definitions, with a table inserted."""
    return {e.lhs: e.rhs.xreplace(dict(table)) for e in built().claim(label).equations}


def _of_flow(result: str) -> Any:
    return lambda name, lengths: flow.system(name, lengths, (result,))


def _published_kernel(name: str, lengths: Mapping[str, Any]) -> System:
    there = flow.system(name, lengths, ("a", "w"))
    now, places = there.observables, range(1, lengths["w0"] + 1)
    start = [w0[k] for k in places]
    shares = {
        A: eta_w * now["a"] ** 2,
        b: eta_a * sp.Add(*(x**2 for x in now["w"])),
        A0: eta_w * a0**2,
        b0: eta_a * sp.Add(*(x**2 for x in start)),
        overlap: eta_a * sp.Add(*(x * z for x, z in zip(start, now["w"]))),
        d: sp.Integer(lengths["w0"]),
    }
    products = {**_known("kernel-products", shares), **_known("published-norm", shares)}
    return replace(there, observables={"kernel_distance" + PUBLISHED: _claim("published-distance").xreplace(products)})


def _published_square(name: str, lengths: Mapping[str, Any]) -> System:
    key = "a_squared" + PUBLISHED
    if not name.startswith("downstream") or "equilibrium" in name:
        return System(observables={key: "stated for delta < 0 only, away from equilibria"})
    there = flow.system(name, lengths, ("a",))
    ratio = P / a0
    # The phase at the start: the inverse of nu0 = Lambda tanh(sigma0) - delta/2.
    start = sp.atanh((delta + 2 * ratio) / (2 * Lambda))
    table = {nu0: ratio, phi0_sq: -(a0**2) / delta, phase: _claim("phase").xreplace({sigma0: start})}
    value = _claim("published-entries").xreplace(table)
    return replace(there, observables={key: value})


def _length(name: str, lengths: Mapping[str, Any], label: str) -> System:
    key = "balanced_length" + ("" if label == "length-right" else PUBLISHED)
    if not name.startswith("balanced") or "equilibrium" in name:
        return System(observables={key: "stated for delta = 0 only, away from equilibria"})
    there = flow.system(name, lengths, ("a",))
    size = sp.sqrt(sp.Add(*(w0[k] ** 2 for k in range(1, lengths["w0"] + 1))))
    # Both take the phase from their own alignment: of beta_0 and of w_0.
    cosine = p0 / a0 if label == "length-right" else p0 / size
    value = _claim(label).xreplace({n0: a0 * size}).xreplace({sigma0: sp.atanh(cosine)})
    return replace(there, observables={key: value})


def _published_limit(name: str, lengths: Mapping[str, Any]) -> System:
    """The same limit with sigma = 1."""
    verdict = name.split("; ")[2]
    there = limit_of_the_flow.system(name.replace(verdict, "a_inf > 0"), lengths, ("beta",))
    return replace(there, observables={"beta_inf" + PUBLISHED: there.observables["beta"]})


def _limit(name: str, lengths: Mapping[str, Any]) -> System:
    there = limit_of_the_flow.system(name, lengths, ("beta",))
    return replace(there, observables={"beta_inf": there.observables["beta"]})


_SYSTEMS: dict[str, Any] = {
    "kernel_distance": _of_flow("kernel_distance"),
    "kernel_distance" + PUBLISHED: _published_kernel,
    "a": _of_flow("a"),
    "a_squared" + PUBLISHED: _published_square,
    "balanced_length": lambda name, lengths: _length(name, lengths, "length-right"),
    "balanced_length" + PUBLISHED: lambda name, lengths: _length(name, lengths, "published-length"),
    "beta_inf": _limit,
    "beta_inf" + PUBLISHED: _published_limit,
}

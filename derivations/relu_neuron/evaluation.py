"""What is evaluated: the state of one ReLU neuron on orthonormal samples, piece by piece.

The durations of the pieces and the states between them are unknowns of one system, certified together; that no
sample is dropped earlier is decided before, in ball arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ...symbolic.errors import OutsideDomain
from ...symbolic.system import Parameter, Result, System, Unknown
from .events import events
from .notation import NOTATION, symbols
from .pieces import Piece, claim, imbalance

kappa, a0, w0, t = symbols("kappa a0 w0 t")

__all__ = ["EXAMPLE", "PARAMETERS", "RESULTS", "case", "system"]

PARAMETERS = (
    Parameter(NOTATION["eta_a"]),
    Parameter(NOTATION["eta_w"]),
    Parameter(NOTATION["a0"]),
    Parameter(NOTATION["w0"]),
    Parameter(NOTATION["y"], same_length_as="w0"),
    Parameter(NOTATION["t"]),
)
PIECES = ("direction", "length", "gradient-active", "gradient-inactive", "gate-time")
RESULTS = (
    Result("a", "output-time", "output weight at time t", also=PIECES),
    Result("w", "gate-time", "input weights at time t, one for each sample", kind="list", also=PIECES),
    Result("f", "gate-time", "outputs on the samples at time t", kind="list", also=("output-time", *PIECES)),
    Result("delta", "imbalance", "imbalance of the neuron, conserved"),
    Result("event_times", "gate-time", "times up to t at which samples are dropped", kind="list", also=PIECES),
    Result("dropped", "gate-time", "samples dropped up to time t, in order", kind="list", also=PIECES),
)
EXAMPLE = {"eta_a": "1", "eta_w": "1", "a0": "1/2", "w0": "1,1/2,-3/10", "y": "1,-2,1", "t": "2"}


def case(point: Mapping[str, Any]) -> str:
    """The active samples, whether the active part is balanced, and the events with the states that follow them."""
    point = {key: _exact(value) for key, value in point.items()}
    if any(x == 0 for x in point["w0"]):
        raise OutsideDomain("w0 has an entry 0, on the border of two activation patterns; choose its sign")
    active, level, found = events(point)
    unlabelled = [k for k in active if not point["y"][k - 1]]
    facts = [f"active {_text(active)}", "balanced" if level == 0 else "unbalanced", f"unlabelled {_text(unlabelled)}"]
    for event in found:
        numbers = (event.duration, event.a, *event.w.values())
        facts.append(f"drop {event.sample} near {_text(numbers)}")
    return "; ".join(facts)


def _exact(value: Any) -> Any:
    if hasattr(value, "__len__"):
        return tuple(map(_exact, value))
    return value if isinstance(value, sp.Rational) else sp.Rational(*value.as_integer_ratio())


def _text(numbers: Any) -> str:
    return ",".join(map(str, numbers)) or "none"


def _numbers(text: str) -> list[Any]:
    return [] if text == "none" else [sp.Rational(number) for number in text.split(",")]


def system(name: str, lengths: Mapping[str, Any], wanted: tuple[str, ...]) -> System:
    """Unknowns for each event (its duration and the state after it), and the closed form of the last piece."""
    first, balanced, without, *drops = name.split("; ")
    active = [int(k) for k in _numbers(first.removeprefix("active "))]
    unlabelled = {int(k) for k in _numbers(without.removeprefix("unlabelled "))}
    places = range(1, lengths["w0"] + 1)
    level = sp.Integer(0) if balanced == "balanced" else sp.Symbol("level", real=True)
    definitions: list[tuple[Any, Any]] = [(kappa, claim("mean-rate"))]
    if level != 0:
        definitions.append((level, imbalance(a0, [w0[k] for k in active])))
    unknowns: list[Unknown] = []
    equations: list[Any] = []
    a: Any = a0
    w: dict[int, Any] = {k: w0[k] for k in active}
    left, times, dropped = t, [], []
    for number, drop in enumerate(drops, start=1):
        sample, numbers = drop.removeprefix("drop ").split(" near ")
        start = iter(_numbers(numbers))
        duration = sp.Symbol(f"duration_{number}", real=True)
        piece = Piece(number, a, w, duration, level, not set(w) <= unlabelled)
        definitions += piece.definitions()
        a_end, w_end = piece.end()
        unknowns.append(Unknown(duration, start=next(start)))
        equations.append(piece.gates()[int(sample)])
        a = sp.Symbol(f"a_{number}", real=True)
        w = {k: sp.Symbol(f"w_{number}_{k}", real=True) for k in w if k != int(sample)}
        for symbol, value in ((a, a_end), *((w[k], w_end[k]) for k in w)):
            unknowns.append(Unknown(symbol, start=next(start)))
            equations.append(symbol - value)
        left = left - duration
        times.append(t - left)
        dropped.append(sp.Integer(sample))
    if w:
        last = Piece(len(drops) + 1, a, w, left, level, not set(w) <= unlabelled)
        definitions += last.definitions()
        a, w = last.end()
    frozen = {k: sp.Integer(0) for k in dropped} | {k: w0[k] for k in places if k not in active}
    now = [w.get(k, frozen.get(k, sp.Integer(0))) for k in places]
    found = {
        "a": a,
        "w": now,
        "f": [a * w[k] if k in w else sp.Integer(0) for k in places],
        "delta": imbalance(a0, [w0[k] for k in places]),
        "event_times": times or ["none"],
        "dropped": dropped or ["none"],
    }
    return System(
        observables={key: found[key] for key in wanted},
        unknowns=tuple(unknowns),
        equations=tuple(equations),
        definitions=tuple(definitions),
        branch=f"closed form in {len(drops) + bool(w)} pieces",
    )

"""Results as vectorised NumPy functions of their parameters, for plots and sweeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from ..symbolic.errors import BadInput, NotCertified, QuenchedError, UnknownName
from ..symbolic.quantity import Domain
from ..symbolic.search import Search
from ..symbolic.system import Model, Parameter
from .bisection import solve_brackets
from .compile import Compiled
from .continuation import follow
from .evaluate import certified_answers
from .floats import ELEMENTWISE, FloatArithmetic
from .newton import newton_floats
from .point import Point, checked_point, needed, place_of

WIDE = np.longdouble
# Grids of Gaussian means, one after the other, before a point is handed to balls.
DENSITIES = (1, 4, 16)
# A value is accepted when float64 and the wider type agree to this: the wider value is then good to 1e-12.
AGREE = 1e-10
# Where long double is double, or a function of the C library is, the agreement itself is the accuracy.
AGREE_DOUBLE = 2e-13
CERTIFIED_DIGITS = 17
# What is proved to be smaller is 0 in float64, for all purposes of a plot.
FLOOR = "1e-300"


def function(model: Model, name: str) -> Callable[..., Any]:
    """A callable of the model's parameters (keywords): result `name` in float64, over broadcast arrays.

    Scalars and arrays broadcast against each other; a list parameter is a sequence whose entries broadcast too
    (`theta=[3, 1.5]`), a matrix a sequence of rows. A list result has one more axis, the last. An answer in words is
    nan. Accuracy: 1e-12 relative (0 where the value is below 1e-300). It comes from the systems that `evaluate`
    solves; every value is computed in two floating types, one of them with its roundings shaken, and a point where
    they disagree (cancellation, a nearly double root) is handed to the balls of `evaluate`: safe, and slower.
    Raises OutsideDomain with the first point at which the result does not exist.
    """
    result = model.result(name)
    compiled: dict[tuple[str, str], Any] = {}
    wanted = needed(model, name)
    names = [parameter.name for parameter in wanted]

    def call(**parameters: Any) -> Any:
        shape, points = _points(model, parameters, wanted)
        groups: dict[tuple[str, str], list[int]] = {}
        for index, point in enumerate(points):
            case = _located(points, index, shape, lambda p=point: model.case(p.values))
            key = (case, str(sorted(point.lengths.items())))
            if key not in compiled:
                system = model.system(case, point.lengths, (name,))
                compiled[key] = system if isinstance(system, Search) else Compiled(system)
            groups.setdefault(key, []).append(index)
        rows: list[Any] = [None] * len(points)
        for key, members in groups.items():
            if not isinstance(compiled[key], Compiled):
                for index in members:
                    rows[index] = _located(points, index, shape, _certify(compiled[key], points[index], key[0], name))
                continue
            for density in DENSITIES if "mean" in compiled[key].operations else DENSITIES[:1]:
                left = [i for i in members if rows[i] is None]
                if left:
                    table = _Group(compiled[key], name, key[0], [points[i] for i in left]).values(density)
                    rows = [dict(zip(left, table)).get(i, row) for i, row in enumerate(rows)]
            for i in members:
                if rows[i] is None:
                    rows[i] = _located(points, i, shape, _certify(compiled[key], points[i], key[0], name))
        values = np.array(rows, dtype=float)
        entries = values.shape[1:] if result.kind != "scalar" else ()
        return values.reshape(shape + entries)[()]

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"{result.meaning}\n\nParameters: {', '.join(names)}; broadcast arrays, keywords only."
    return call


def _points(model: Model, given: Mapping[str, Any], wanted: Sequence[Parameter]) -> tuple[tuple[int, ...], list[Point]]:
    """The broadcast shape, and one point of Python floats for each of its entries."""
    known = [parameter.name for parameter in model.parameters]
    for name in given:
        if name not in known:
            raise UnknownName("parameter", name, known)
    flat: list[np.ndarray] = []
    layout: dict[str, Any] = {}
    for parameter in wanted:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise BadInput(f"no value for {parameter.name} ({parameter.quantity.meaning}); it has no default")
        depth = {"scalar": 0, "list": 1, "matrix": 2}[parameter.quantity.kind]
        layout[parameter.name] = _flatten(value, depth, flat)
    arrays = np.broadcast_arrays(*flat) if flat else []
    shape = arrays[0].shape if arrays else ()
    columns = [array.ravel().tolist() for array in arrays]
    count = int(np.prod(shape))
    bad = min((_first_outside(p.quantity.domain, layout[p.name], arrays) for p in wanted), default=count)
    lengths: Mapping[str, Any] = {}
    points = []
    for index in range(count):
        values = {name: _pick(places, columns, index) for name, places in layout.items()}
        if index == bad and not all(np.isfinite(column[index]) for column in columns):
            raise BadInput(f"{_place(index, shape)}{Point(values, lengths)}: every value must be a finite number")
        if index in (0, bad):
            lengths = _located([], index, shape, lambda v=values: checked_point(model, v).lengths)
        points.append(Point(values, lengths))
    return shape, points


def _first_outside(domain: Domain, places: Any, arrays: Sequence[np.ndarray]) -> float:
    """The first index at which an entry of a parameter leaves its domain; infinite when none does."""
    if isinstance(places, tuple):
        return min((_first_outside(domain, p, arrays) for p in places), default=np.inf)
    values = arrays[places].ravel()
    inside = np.isfinite(values)
    if domain.low is not None:
        low = float(domain.low)
        inside &= (values > low) | ((values == low) & (domain.closed[0] == "["))
    if domain.high is not None:
        high = float(domain.high)
        inside &= (values < high) | ((values == high) & (domain.closed[1] == "]"))
    if domain.integer:
        inside &= values == np.floor(values)
    return np.inf if inside.all() else int(np.argmin(inside))


def _flatten(value: Any, depth: int, flat: list[np.ndarray]) -> Any:
    if depth == 0:
        flat.append(np.asarray(float(sp.Rational(value)) if isinstance(value, str) else value, dtype=float))
        return len(flat) - 1
    entries = value.split(";" if depth == 2 else ",") if isinstance(value, str) else value
    if not isinstance(entries, Sequence | np.ndarray):
        raise BadInput(f"{value!r}: a list parameter takes a sequence of numbers or arrays")
    return tuple(_flatten(entry, depth - 1, flat) for entry in entries)


def _pick(places: Any, columns: Sequence[Sequence[float]], index: int) -> Any:
    return tuple(_pick(p, columns, index) for p in places) if isinstance(places, tuple) else columns[places][index]


def _place(index: int, shape: tuple[int, ...]) -> str:
    return f"at index {tuple(int(i) for i in np.unravel_index(index, shape))}: " if shape else ""


def _located(points: Sequence[Point], index: int, shape: tuple[int, ...], call: Callable[[], Any]) -> Any:
    """call(), its error completed with the point at which it failed."""
    try:
        return call()
    except QuenchedError as error:
        point = f"{points[index]}: " if points else ""
        error.args = (f"{_place(index, shape)}{point}{error}",)
        raise


def _certify(compiled: Any, point: Point, case: str, name: str) -> Callable[[], Any]:
    def run() -> Any:
        exact_point = Point({key: _rational(value) for key, value in point.values.items()}, point.lengths)
        answers = certified_answers(compiled, exact_point, case, name, CERTIFIED_DIGITS, FLOOR)
        return [float("nan" if answer.value is None else answer.value) for answer in answers]

    return run


def _rational(value: Any) -> Any:
    """The exact rational that a float is."""
    return tuple(map(_rational, value)) if isinstance(value, tuple) else sp.Rational(*float(value).as_integer_ratio())


class _Group:
    """The points that share one compiled system."""

    def __init__(self, compiled: Compiled, name: str, case: str, points: Sequence[Point]):
        self.compiled, self.name, self.points = compiled, name, points
        for atom in compiled.parameters:
            points[0].at(atom)  # names what is missing; the points of a group are alike
        places = [place_of(atom) for atom in compiled.parameters]
        self.parameters = [np.array([p.pick(place) for p in points], dtype=float) for place in places]

    def values(self, density: int) -> list[list[float] | None]:
        """Observable entries for every point; None where floating arithmetic does not vouch for its value."""
        plain, shaken = FloatArithmetic(density=density), FloatArithmetic(WIDE, shake=True, density=density)
        try:
            unknowns, found = self._roots()
            if density > 1:
                unknowns, _ = self._polish(unknowns, plain)
            narrow = self._observe(plain, unknowns)
            polished, converged = self._polish(unknowns, shaken)
            wide = self._observe(shaken, polished)
        except (BadInput, NotCertified):
            # No floating form (an integral, say), or a branch that is lost for one of the points: ask one by one.
            return [None] * len(self.points)
        extended = np.finfo(WIDE).eps < np.finfo(float).eps and not self.compiled.operations & set(ELEMENTWISE)
        tolerance = AGREE if extended else AGREE_DOUBLE
        with np.errstate(all="ignore"):
            agree = np.abs(narrow - wide) <= tolerance * np.abs(wide)
        words = np.array([isinstance(e, str) for e in self.compiled.observables[self.name]])
        good = found & converged & np.all(agree | words[:, None], axis=0)
        values = wide.astype(float)
        return [list(values[:, i]) if good[i] else None for i in range(len(self.points))]

    def _roots(self) -> tuple[np.ndarray, np.ndarray]:
        """(x, found) in float64, shapes (n, P) and (P,)."""
        count, compiled = len(self.points), self.compiled
        everywhere = np.ones(count, dtype=bool)
        if not compiled.unknowns:
            return np.empty((0, count)), everywhere
        if len(compiled.unknowns) > 1 or compiled.low[0] is None or compiled.high[0] is None:
            return follow(compiled, self.parameters)[0], everywhere
        low, high, _ = compiled.ends(FloatArithmetic(), self.parameters)
        ends = [np.broadcast_to(np.asarray(end[0], dtype=float), (count,)) for end in (low, high)]

        def slope(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            values, slopes = compiled.newton(FloatArithmetic(), self.parameters, [x])
            return values[0], slopes[0][0]

        x, found = solve_brackets(slope, *ends)
        return x[None, :], found

    def _polish(self, unknowns: np.ndarray, arithmetic: FloatArithmetic) -> tuple[np.ndarray, np.ndarray]:
        """The same roots in another arithmetic, (x, converged)."""
        if not len(unknowns):
            return unknowns, np.ones(len(self.points), dtype=bool)
        parameters = [np.asarray(p, dtype=arithmetic.dtype) for p in self.parameters]
        return newton_floats(self.compiled, parameters, unknowns, arithmetic)

    def _observe(self, arithmetic: FloatArithmetic, unknowns: np.ndarray) -> np.ndarray:
        """Observable entries in one floating type, shape (entries, P); nan for words."""
        dtype = arithmetic.dtype
        parameters = [np.asarray(p, dtype=dtype) for p in self.parameters]
        with np.errstate(all="ignore"):
            entries = self.compiled.observe(arithmetic, parameters, list(unknowns.astype(dtype)))
        rows = [np.nan if isinstance(entry, str) else entry for entry in entries[self.name]]
        return np.array([np.broadcast_to(np.asarray(row, dtype=dtype), (len(self.points),)) for row in rows])

"""E_z[f(z)]: Gaussian means as linear functionals with bound variables; never an integral that somebody might evaluate.

Bound variables are renamed at construction to reserved symbols that carry a level, one above the deepest mean inside.
Two means are therefore equal as expressions when they are equal up to renaming, and a value that is inserted from
outside can not be captured: a substitution opens the mean with fresh variables first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from ..errors import BadInput


class Normal(sp.Symbol):
    """A reserved real symbol z of one level; only `Mean` makes them, so nothing else is ever equal to one."""

    # SymPy's Symbol fixes these at class creation; a subclass must repeat them.
    __slots__ = ()

    def _latex(self, printer: Any) -> str:
        level, index, many = _place(self)
        letter = "zyxwvu"[(level - 1) % 6]
        return f"{letter}_{{{index}}}" if many else letter

    def _sympystr(self, printer: Any) -> str:
        level, index, many = _place(self)
        return f"{'zyxwvu'[(level - 1) % 6]}{index if many else ''}"


class Opened(sp.Symbol):
    """The name a bound variable carries while its mean is taken apart."""

    __slots__ = ()


def _place(symbol: Normal) -> tuple[int, int, bool]:
    _, level, index, many = symbol.name.split("_")[1:]
    return int(level), int(index), many == "m"


def _reserved(level: int, index: int, count: int) -> Normal:
    return Normal(f"_normal_{level}_{index}_{'m' if count > 1 else 's'}", real=True)


def level_of(expr: Any) -> int:
    """The depth of nested means in an expression."""
    return max((mean.level for mean in sp.S(expr).atoms(Mean)), default=0)


class Mean(sp.Expr):
    """E[f(x_1, ..., x_k)] for standard normal, independent x (or with a covariance), f a SymPy expression.

    Mean(f, z) or Mean(f, (x, y)) or Mean(f, (x, y), ((c11, c12), (c12, c22))): the variables are any symbols; they are
    bound here. Derivatives: d/dt E[f] = E[df/dt] + sum_{i <= j} c_ij' (1/2 if i = j) E[d_i d_j f] (Price).

    >>> x, z, t = sp.symbols("x z t")
    >>> Mean(sp.tanh(t * x), x) == Mean(sp.tanh(t * z), z), Mean(t, z)
    (True, t)
    """

    is_commutative = True

    def __new__(cls, body: Any, variables: Any, covariance: Any = None) -> Any:
        body = sp.S(body)
        given = tuple(variables) if isinstance(variables, tuple | list | sp.Tuple) else (variables,)
        if body.has(sp.Float):
            raise BadInput("floats have no place inside a mean")
        used = tuple(v for v in given if body.has(v)) if covariance is None else given
        if not any(body.has(v) for v in given):
            return body
        level = level_of(body) + 1
        fresh = tuple(_reserved(level, k + 1, len(used)) for k in range(len(used)))
        strangers = [s for s in body.free_symbols if isinstance(s, Normal) and s not in used and _place(s)[0] <= level]
        if strangers:
            raise BadInput(f"the variable {strangers[0]} of another mean would be captured; open that mean first")
        renamed = body.xreplace(dict(zip(used, fresh)))
        # A covariance is blind to the reflection of all its variables together, and to no other one.
        mirrors = [(z,) for z in fresh] if covariance is None else [fresh]
        renamed = renamed if covariance is None else _squares_signed(renamed)
        args = [_signs_chosen(renamed, mirrors), sp.Tuple(*fresh)]
        if covariance is not None:
            args.append(_covariance(covariance, len(used)))
        return sp.Expr.__new__(cls, *args)

    @property
    def body(self) -> Any:
        return self.args[0]

    @property
    def variables(self) -> tuple[Any, ...]:
        return tuple(self.args[1].args)

    @property
    def covariance(self) -> Any:
        """The covariance as a Tuple of rows, or None for independent standard normals."""
        return self.args[2] if len(self.args) > 2 else None

    @property
    def level(self) -> int:
        return _place(self.variables[0])[0]

    @property
    def free_symbols(self) -> set[Any]:
        outer = self.covariance.free_symbols if self.covariance is not None else set()
        return (self.body.free_symbols - set(self.variables)) | outer

    @property
    def bound_symbols(self) -> list[Any]:
        return list(self.variables)

    def opened(self, names: Iterable[Any] | None = None, avoid: Iterable[Any] = ()) -> tuple[Any, tuple[Any, ...]]:
        """(body, variables) with variables that are free neither here nor in `avoid`: nothing inserted is captured."""
        fresh = tuple(names) if names is not None else self._fresh(avoid)
        return self.body.xreplace(dict(zip(self.variables, fresh))), fresh

    def _fresh(self, avoid: Iterable[Any]) -> tuple[Any, ...]:
        """The first names not in use. The same names each time, not new ones: SymPy's caches know them."""
        used = self.free_symbols.union(*(sp.S(expr).free_symbols for expr in avoid))
        names, k = [], 0
        while len(names) < len(self.variables):
            name = Opened(f"_opened_{k}", real=True)
            if name not in used:
                names.append(name)
            k += 1
        return tuple(names)

    def rebuilt(self, body: Any, variables: tuple[Any, ...]) -> Any:
        """The mean of another body over the same law."""
        return Mean(body, variables) if self.covariance is None else Mean(body, variables, self.covariance)

    def independent(self) -> Any:
        """The same number as a mean over independent normals, through the triangular root of the covariance."""
        if self.covariance is None:
            return self
        body, fresh = self.opened()
        rows, free = len(fresh), tuple(sp.Dummy(real=True) for _ in fresh)
        root = sp.zeros(rows, rows)
        for i in range(rows):
            for j in range(i + 1):
                rest = self.covariance[i][j] - sum((root[i, k] * root[j, k] for k in range(j)), sp.Integer(0))
                root[i, j] = sp.sqrt(rest) if i == j else rest / root[j, j]
        table = {x: sum((root[i, k] * free[k] for k in range(i + 1)), sp.Integer(0)) for i, x in enumerate(fresh)}
        return Mean(body.xreplace(table), free)

    def _xreplace(self, rule: Mapping[Any, Any]) -> tuple[Any, bool]:
        if self in rule:
            return rule[self], True
        outer = {k: v for k, v in rule.items() if k not in self.variables}
        body, fresh = self.opened(avoid=(*outer.keys(), *outer.values()))
        new, changed = body._xreplace(outer)
        covariance, moved = self.covariance, False
        if covariance is not None:
            covariance, moved = covariance._xreplace(outer)
        if not (changed or moved):
            return self, False
        return Mean(new, fresh, covariance), True

    def _eval_subs(self, old: Any, new: Any) -> Any:
        body, fresh = self.opened(avoid=(old, new))
        covariance = None if self.covariance is None else self.covariance._subs(old, new)
        return Mean(body._subs(old, new), fresh, covariance)

    def _eval_derivative(self, s: Any) -> Any:
        if s not in self.free_symbols:
            return sp.S.Zero
        body, fresh = self.opened()
        total = self.rebuilt(sp.diff(body, s), fresh)
        if self.covariance is None:
            return total
        for i in range(len(fresh)):
            for j in range(i, len(fresh)):
                rate = sp.diff(self.covariance[i][j], s)
                weight = sp.Rational(1, 2) if i == j else sp.Integer(1)
                if rate != 0:
                    total += weight * rate * self.rebuilt(sp.diff(body, fresh[i], fresh[j]), fresh)
        return total

    def _eval_power(self, exponent: Any) -> Any:
        """E[-f]^2 = E[f]^2: of the two forms one is kept."""
        if exponent.is_Integer and exponent % 2 == 0 and self.body.could_extract_minus_sign():
            body, fresh = self.opened()
            return sp.Pow(self.rebuilt(-body, fresh), exponent)
        return None

    def _eval_is_extended_real(self) -> Any:
        return self.body.is_extended_real

    def _eval_is_positive(self) -> Any:
        return True if self.body.is_positive else None

    def _eval_is_nonnegative(self) -> Any:
        return True if self.body.is_nonnegative else None

    def _latex(self, printer: Any, exp: Any = None) -> str:
        letters = ", ".join(printer._print(v) for v in self.variables)
        text = rf"\mathbb{{E}}_{{{letters}}}\left[{printer._print(self.body)}\right]"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        letters = ", ".join(printer._print(v) for v in self.variables)
        return f"E_{letters}[{printer._print(self.body)}]"


def _signs_chosen(body: Any, mirrors: Iterable[tuple[Any, ...]]) -> Any:
    """z -> -z changes no mean over a centred normal law: of the two forms the one with fewer minus signs is kept.

    mirrors: the groups of variables that may be reflected. Formulas that differ by such a reflection only are then
    equal as expressions.
    """
    for group in mirrors:
        forms = [body, body.xreplace({z: -z for z in group})]
        body = min(forms, key=lambda e: (e.count(_negative), sp.default_sort_key(e)))
    return body


def _squares_signed(body: Any) -> Any:
    """(-x)^2 and x^2 as one expression, for sums x."""

    def flippable(e: Any) -> bool:
        return bool(e.is_Pow and e.base.is_Add and e.exp.is_even and e.base.could_extract_minus_sign())

    return body.replace(flippable, lambda e: (-e.base) ** e.exp)


def _negative(node: Any) -> bool:
    return bool(node.is_Number and node.is_negative)


def _covariance(rows: Any, size: int) -> Any:
    table = [[sp.S(x) for x in row] for row in rows]
    if len(table) != size or any(len(row) != size for row in table):
        raise BadInput(f"a covariance of {size} variables has {size} rows of {size} entries")
    if any(table[i][j] != table[j][i] for i in range(size) for j in range(i)):
        raise BadInput("a covariance is symmetric")
    return sp.Tuple(*(sp.Tuple(*row) for row in table))


def means_in(expr: Any) -> list[Any]:
    """The outermost means of an expression, in canonical order."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, Mean):
            found.append(node)
            return
        for arg in node.args:
            walk(arg)

    walk(sp.S(expr))
    return sorted(dict.fromkeys(found), key=sp.default_sort_key)

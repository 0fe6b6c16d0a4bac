"""model := weights(prior) + disorder (+ teacher): the grammar of models that `derive_model` understands.

    prior    := Ising(field) | Sphere() | Gaussian(cov) | Discrete(values, probs, field) | Penalty(g, w, lam)
    disorder := MixedPSpin(xi, x) | Wigner(variance) | Wishart(ratio, cov) | Spike(matrix, strength)
              | Patterns(ratio, channel, cov)
    channel  := Linear(noise) | Loss(l, y, x) | Indicator(kappa)
    cov      := a positive number or symbol | Levels(values, fractions)
    ansatz   := RS() | RSB(1) | Nishimori()

Every node validates itself; a refusal names the node and what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import BadInput
from .declared_values import exact, positive, real, refuse_unless_convex


class Node:
    """Anything a declaration is made of; `kinds` are the types the rules are chosen by."""

    @property
    def kinds(self) -> tuple[type, ...]:
        return (type(self),)


class Prior(Node):
    """The law of one weight, or of all of them on a sphere."""


class Disorder(Node):
    """The random energy."""


class Channel(Node):
    """What one pattern contributes to the energy."""


class Ansatz(Node):
    """The form of the saddle point."""


@dataclass(frozen=True)
class Ising(Prior):
    """s_i = +-1 with equal weights, in the field h: H contains -h sum_i s_i."""

    field: Any = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "field", real(self, "field", self.field))


@dataclass(frozen=True)
class Sphere(Prior):
    """|s|^2 = N, uniformly."""


@dataclass(frozen=True)
class Gaussian(Prior):
    """w_i ~ N(0, cov), independent; as a penalty |w|^2/(2 cov)."""

    cov: Any = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "cov", positive(self, "cov", self.cov))


@dataclass(frozen=True)
class Discrete(Prior):
    """s_i takes the values v_k with the probabilities p_k, independently, in the field h."""

    values: tuple[Any, ...]
    probs: tuple[Any, ...]
    field: Any = 0

    def __post_init__(self) -> None:
        values = tuple(exact(self, "values", v) for v in self.values)
        probs = tuple(positive(self, "probs", p) for p in self.probs)
        if len(values) != len(probs) or len(set(values)) < 2 or len(set(values)) < len(values):
            raise BadInput("Discrete: give at least two different values and one probability for each of them")
        if any(v.is_Rational is not True for v in values):
            raise BadInput("Discrete.values: write rational numbers; other scales can go into xi")
        if sp.expand(sp.Add(*probs) - 1) != 0 and sp.cancel(sp.together(sp.Add(*probs) - 1)) != 0:
            raise BadInput(f"Discrete.probs: the probabilities sum to {sp.Add(*probs)}, not to 1; divide by the sum")
        for name, found in (("values", values), ("probs", probs), ("field", real(self, "field", self.field))):
            object.__setattr__(self, name, found)


@dataclass(frozen=True)
class Penalty(Prior):
    """Weights minimise a loss plus lam sum_i g(w_i), g convex."""

    g: Any
    w: Any
    lam: Any = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "lam", positive(self, "lam", self.lam))
        refuse_unless_convex(self, "g", exact(self, "g", self.g), self.w)


@dataclass(frozen=True)
class MixedPSpin(Disorder):
    """Gaussian energies with E H(s) H(s') = N xi(R), R = s.s'/N; xi a polynomial with coefficients >= 0.

    x^p/2 is the p-spin model (x^2/2: Sherrington and Kirkpatrick); a linear term is a random Gaussian field.
    """

    xi: Any
    x: Any

    def __post_init__(self) -> None:
        if not isinstance(self.x, sp.Symbol):
            raise BadInput(f"MixedPSpin.x: {self.x!r} is not a symbol; write MixedPSpin(x**2/2, x)")
        xi = exact(self, "xi", self.xi)
        object.__setattr__(self, "xi", xi)
        if not xi.is_polynomial(self.x) or not xi.has(self.x):
            raise BadInput(f"MixedPSpin.xi: {xi} is not a polynomial in {self.x} (of degree 1 or more)")
        for (power,), coefficient in sp.Poly(xi, self.x).terms():
            if power == 0:
                raise BadInput(f"MixedPSpin.xi: the constant {coefficient} shifts all energies alike; leave it out")
            if coefficient.is_positive is not True:
                raise BadInput(
                    f"MixedPSpin.xi: the coefficient {coefficient} of {self.x}**{power} is not positive, so that xi is "
                    "no covariance; use positive coefficients (symbols with positive=True)"
                )

    def slope(self, at: Any, order: int = 1) -> Any:
        """xi' or a higher derivative at a value of the overlap."""
        return sp.diff(self.xi, self.x, order).xreplace({self.x: sp.S(at)})

    def at(self, value: Any) -> Any:
        return self.xi.xreplace({self.x: sp.S(value)})


@dataclass(frozen=True)
class Levels:
    """A covariance with the eigenvalues c_k, a fraction p_k of each."""

    values: tuple[Any, ...]
    fractions: tuple[Any, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(positive(self, "values", v) for v in self.values))
        object.__setattr__(self, "fractions", tuple(positive(self, "fractions", p) for p in self.fractions))
        if not self.values or len(self.values) != len(self.fractions):
            raise BadInput("Levels: give one fraction for each eigenvalue")
        total = sp.Add(*self.fractions)
        if sp.cancel(sp.together(total - 1)) != 0:
            raise BadInput(f"Levels.fractions: they sum to {total}, not to 1; divide by the sum")


def levels(cov: Any) -> Levels:
    """A covariance as levels; a number is one level."""
    return cov if isinstance(cov, Levels) else Levels((cov,), (sp.Integer(1),))


class GaussMatrix(Disorder):
    """A quadratic form with a Gaussian random matrix."""


@dataclass(frozen=True)
class Wigner(GaussMatrix):
    """H = -(1/2) s^T W s, W symmetric with entries N(0, variance/N)."""

    variance: Any = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "variance", positive(self, "variance", self.variance))


@dataclass(frozen=True)
class Wishart(GaussMatrix):
    """H = +-(1/2) s^T W s, W = (1/M) sum_mu x_mu x_mu^T, x_mu ~ N(0, cov), M = ratio N."""

    ratio: Any
    cov: Any = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", positive(self, "ratio", self.ratio))
        _check_cov(self, self.cov)


@dataclass(frozen=True)
class Spike(Disorder):
    """A Gaussian matrix with a rank-one part of the given strength along a fixed direction.

    Wigner: W + strength u u^T/N; Wishart: the covariance 1 + strength u u^T/N of the samples, |u|^2 = N.
    """

    matrix: GaussMatrix
    strength: Any

    def __post_init__(self) -> None:
        if not isinstance(self.matrix, GaussMatrix):
            raise BadInput(f"Spike.matrix: {self.matrix!r} is not a Gaussian matrix; write Wigner(...) or Wishart(...)")
        object.__setattr__(self, "strength", positive(self, "strength", self.strength))

    @property
    def kinds(self) -> tuple[type, ...]:
        return (Spike, type(self.matrix))


@dataclass(frozen=True)
class Linear(Channel):
    """Labels y = x.t/sqrt(N) + noise, the energy is half the squared residual; noise is a variance >= 0."""

    noise: Any = 0

    def __post_init__(self) -> None:
        noise = exact(self, "noise", self.noise)
        if noise.is_nonnegative is not True:
            raise BadInput(f"Linear.noise: the variance {noise} must be nonnegative; declare its symbols nonnegative")
        object.__setattr__(self, "noise", noise)


@dataclass(frozen=True)
class Loss(Channel):
    """The energy of one pattern is l(y, x), a convex function of the field x; labels follow the law `labels`."""

    loss: Any
    y: Any
    x: Any
    labels: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "loss", exact(self, "loss", self.loss))

    def refuse_if_not_convex(self) -> None:
        refuse_unless_convex(
            self, "loss", self.loss, self.x, {self.y: sp.Integer(1)} if isinstance(self.y, sp.Symbol) else {}
        )


@dataclass(frozen=True)
class Indicator(Channel):
    """Only weights with fields x >= kappa are allowed."""

    kappa: Any = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "kappa", exact(self, "kappa", self.kappa))


@dataclass(frozen=True)
class Patterns(Disorder):
    """M = ratio N Gaussian patterns x_mu ~ N(0, cov); each sees the weights through its field x_mu.w/sqrt(N)."""

    ratio: Any
    channel: Channel
    cov: Any = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", positive(self, "ratio", self.ratio))
        if not isinstance(self.channel, Channel):
            raise BadInput(f"Patterns.channel: {self.channel!r} is no channel; write Linear, Loss or Indicator")
        _check_cov(self, self.cov)

    @property
    def kinds(self) -> tuple[type, ...]:
        return (Patterns, type(self.channel))


@dataclass(frozen=True)
class RS(Ansatz):
    """All replicas are alike."""


@dataclass(frozen=True)
class RSB(Ansatz):
    """Blocks of replicas, `steps` levels deep."""

    steps: int = 1

    def __post_init__(self) -> None:
        if self.steps != 1:
            raise BadInput(f"RSB.steps: {self.steps} steps have no rules; write RSB(1)")


@dataclass(frozen=True)
class Nishimori(Ansatz):
    """The teacher is one more replica: overlaps with it equal overlaps of replicas."""


@dataclass(frozen=True)
class Declaration:
    """Weights, disorder and, where labels come from one, a teacher with its own prior."""

    weights: Prior
    disorder: Disorder
    teacher: Prior | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.weights, Prior):
            raise BadInput(f"weights: {self.weights!r} is no prior; write {_names(Prior)}")
        if not isinstance(self.disorder, Disorder):
            raise BadInput(f"disorder: {self.disorder!r} is no disorder; write {_names(Disorder)}")
        if self.teacher is not None and not isinstance(self.teacher, Prior):
            raise BadInput(f"teacher: {self.teacher!r} is no prior; write {_names(Prior)}, or leave it out")
        labelled = isinstance(self.disorder, Patterns) and not isinstance(self.disorder.channel, Indicator)
        if labelled and self.teacher is None:
            raise BadInput("teacher: Patterns with labels need one; write teacher=Gaussian(1)")
        if not isinstance(self.disorder, Patterns) and self.teacher is not None:
            raise BadInput(f"teacher: {type(self.disorder).__name__} has no labels; leave the teacher out")

    @property
    def parameters(self) -> tuple[Any, ...]:
        """The user's symbols in the order in which the declaration mentions them first."""
        found: dict[Any, None] = {}
        for node in (self.disorder, self.weights, self.teacher):
            for symbol in _symbols(node):
                found.setdefault(symbol)
        return tuple(found)


def _symbols(node: Any) -> list[Any]:
    if isinstance(node, sp.Basic):
        return sorted(node.free_symbols, key=sp.default_sort_key)
    if isinstance(node, tuple):
        return [s for item in node for s in _symbols(item)]
    if not isinstance(node, Node | Levels):
        return []
    bound = {getattr(node, name, None) for name in ("x", "y", "w")}
    parts = [getattr(node, name) for name in node.__dataclass_fields__]  # type: ignore[attr-defined]
    return [s for part in parts for s in _symbols(part) if s not in bound]


def _names(base: type) -> str:
    return ", ".join(sorted(c.__name__ for c in _leaves(base)))


def _leaves(base: type) -> list[type]:
    below = base.__subclasses__()
    return [leaf for c in below for leaf in _leaves(c)] if below else [base]


def _check_cov(node: Any, cov: Any) -> None:
    if not isinstance(cov, Levels):
        object.__setattr__(node, "cov", positive(node, "cov", cov))

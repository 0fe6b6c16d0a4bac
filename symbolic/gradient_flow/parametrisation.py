"""phi: R^D -> R^d as sparse integer terms, with named tensors and learning rates.

A term t is coef[t] * prod_k theta[var[t, k]] in component comp[t]; short monomials are padded with the index D, whose
value is 1. Repeated variables are repeated columns, so the product rule over positions is the whole of calculus here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm, prod

import numpy as np

from ..errors import BadInput, UnknownName
from .polynomial import Monomial, Polynomial

COEFFICIENT_BOUND = 1 << 62
MAX_PARAMETERS = 20_000


@dataclass(frozen=True)
class Block:
    """A tensor of parameters: its name, its shape (() for a scalar), and the number of its first entry."""

    name: str
    shape: tuple[int, ...]
    start: int

    @property
    def size(self) -> int:
        return prod(self.shape)

    def index(self, parameter: int) -> tuple[int, ...]:
        """Position of a parameter inside the tensor, counted from 0."""
        offset, found = parameter - self.start, []
        for length in reversed(self.shape):
            offset, here = divmod(offset, length)
            found.append(here)
        return tuple(reversed(found))

    def label(self, parameter: int) -> str:
        """Text name of one entry, counted from 1 as on paper: U[1,2]."""
        if not self.shape:
            return self.name
        return f"{self.name}[{','.join(str(i + 1) for i in self.index(parameter))}]"


def layout(shapes: Iterable[tuple[str, tuple[int, ...]]]) -> tuple[Block, ...]:
    """Tensors placed one after the other. Raises BadInput beyond MAX_PARAMETERS.

    >>> layout([("U", (2, 3)), ("g", ())])[1].start
    6
    """
    blocks, start = [], 0
    for name, shape in shapes:
        blocks.append(Block(name, tuple(shape), start))
        start += blocks[-1].size
    if start > MAX_PARAMETERS:
        raise BadInput(f"{start} parameters; at most {MAX_PARAMETERS} are laid out")
    return tuple(blocks)


@dataclass(frozen=True, eq=False)
class Parametrisation:
    """phi with its metric: theta' = -diag(rates) dphi(theta)^T (loss gradient).

    comp (T,), coef (T,), var (T, K) as in the module text; `components` = d. `output` and `group` (d,) say, where
    known, which of the `outputs` a component belongs to and which components share everything else; cross-entropy
    needs them.
    """

    name: str
    blocks: tuple[Block, ...]
    comp: np.ndarray
    coef: np.ndarray
    var: np.ndarray
    components: int
    rates: tuple[Fraction, ...] = ()
    output: np.ndarray | None = field(default=None, repr=False)
    group: np.ndarray | None = field(default=None, repr=False)
    outputs: int = 0

    def __post_init__(self):
        if not self.rates:
            object.__setattr__(self, "rates", (Fraction(1),) * self.D)

    @cached_property
    def D(self) -> int:
        return sum(block.size for block in self.blocks)

    @property
    def degree(self) -> int:
        return self.var.shape[1]

    @property
    def monomial(self) -> bool:
        """Every component is a single monomial: theorem M applies."""
        return len(self.comp) == self.components

    @property
    def unit_rates(self) -> bool:
        return all(rate == 1 for rate in self.rates)

    def rates_mod(self, prime: int) -> np.ndarray:
        """eta mod p, shape (D,); refuses a prime dividing a numerator or denominator, where reduction would lie."""
        if any(r.numerator % prime == 0 or r.denominator % prime == 0 for r in self.rates):
            raise BadInput(f"{self.name}: a learning rate is 0 or has no value modulo {prime}")
        return np.array([r.numerator * pow(r.denominator, -1, prime) % prime for r in self.rates], dtype=np.int64)

    def block_of(self, parameter: int) -> Block:
        return next(b for b in self.blocks if b.start <= parameter < b.start + b.size)

    def label(self, parameter: int) -> str:
        return self.block_of(parameter).label(parameter)

    def monomial_of(self, term: int) -> Monomial:
        return tuple(int(v) for v in self.var[term] if v < self.D)

    def with_rates(self, rates: Mapping[str, object] | Sequence[object]) -> Parametrisation:
        """The same phi under other learning rates: one number per tensor name, or nested lists of the tensor's shape.

        Raises UnknownName for a tensor that does not exist, BadInput for a rate that is not a positive exact number.
        """
        if not isinstance(rates, Mapping):
            values = [_rate(value) for value in rates]
            if len(values) != self.D:
                raise BadInput(f"{self.name}: {len(values)} rates for {self.D} parameters")
            return replace(self, rates=tuple(values))
        names = {block.name: block for block in self.blocks}
        values = list(self.rates)
        for name, given in rates.items():
            if name not in names:
                raise UnknownName("tensor", name, names)
            block = names[name]
            values[block.start : block.start + block.size] = _spread(given, block)
        return replace(self, rates=tuple(values))

    def cross_entropy(self) -> Parametrisation:
        """phi_(c, k) - phi_(0, k) for all outputs c != 0: the gradients of cross-entropy in the logits sum to zero.

        A loss of this kind sees fewer gradients than squared error, so it can only have more laws.
        """
        if self.output is None or self.group is None:
            raise BadInput(f"{self.name}: cross-entropy needs to know which components are logits of one input pattern")
        logits: dict[int, dict[int, Polynomial]] = {}
        for o, g, polynomial in zip(self.output, self.group, self.polynomials()):
            logits.setdefault(int(g), {})[int(o)] = polynomial
        zero = Polynomial()
        found = [row.get(o, zero) - row.get(0, zero) for row in logits.values() for o in range(1, self.outputs)]
        return from_polynomials(f"{self.name} cross-entropy", self.blocks, found, self.rates)

    def polynomials(self) -> list[Polynomial]:
        found: list[dict[Monomial, Fraction]] = [{} for _ in range(self.components)]
        for t in range(len(self.comp)):
            terms, key = found[int(self.comp[t])], self.monomial_of(t)
            terms[key] = terms.get(key, Fraction(0)) + int(self.coef[t])
        return [Polynomial(terms) for terms in found]


def from_polynomials(
    name: str,
    blocks: tuple[Block, ...],
    polynomials: Sequence[Polynomial],
    rates: tuple[Fraction, ...] = (),
    keys: Sequence[tuple[int, object]] | None = None,
) -> Parametrisation:
    """phi from a list of polynomials. Constants change no law and are dropped, repeated components too unless `keys`
    gives (output, everything else) per polynomial; denominators are cleared.

    Raises BadInput when nothing depends on a parameter, or a coefficient does not fit 62 bits.
    """
    size = sum(block.size for block in blocks)
    comp, coef, monomials, kept = [], [], [], []
    seen = set()
    common = lcm(*(c.denominator for p in polynomials for m, c in p.terms.items() if m))
    for position, polynomial in enumerate(polynomials):
        terms = sorted((m, c) for m, c in polynomial.terms.items() if m)
        if not terms or (keys is None and tuple(terms) in seen):
            continue
        seen.add(tuple(terms))
        # Differences of logits need one common scale.
        clear = common if keys is not None else lcm(*(c.denominator for _, c in terms))
        for m, c in terms:
            comp.append(len(kept))
            coef.append(int(c * clear))
            monomials.append(m)
        kept.append(position)
    if not kept:
        raise BadInput(f"{name}: no component of phi depends on a parameter, so every parameter is conserved")
    if max(map(abs, coef)) >= COEFFICIENT_BOUND:
        raise BadInput(f"{name}: a coefficient needs more than 62 bits; rescale that component")
    width = max(map(len, monomials))
    var = np.array([m + (size,) * (width - len(m)) for m in monomials], dtype=np.int64)
    output = group = None
    outputs = 0
    if keys is not None:
        numbers = {key: i for i, key in enumerate(dict.fromkeys(rest for _, rest in keys))}
        output = np.array([keys[i][0] for i in kept])
        group = np.array([numbers[keys[i][1]] for i in kept])
        outputs = 1 + max(number for number, _ in keys)
    return Parametrisation(
        name, blocks, np.array(comp), np.array(coef, dtype=np.int64), var, len(kept), rates, output, group, outputs
    )


def _rate(value: object) -> Fraction:
    if isinstance(value, (float, bool)) or not isinstance(value, (int, str, Fraction)):
        raise BadInput(f"learning rate {value!r}: give an exact number, an integer, a Fraction or text such as '3/10'")
    try:
        rate = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise BadInput(f"learning rate {value!r} is not a number") from None
    if rate <= 0:
        raise BadInput(f"learning rate {value!r}: a rate must be positive (a frozen parameter is a constant of phi)")
    return rate


def _spread(given: object, block: Block) -> list[Fraction]:
    def descend(value: object, shape: tuple[int, ...]) -> list[Fraction]:
        if not isinstance(value, (list, tuple)):
            return [_rate(value)] * prod(shape)
        if not shape or len(value) != shape[0]:
            raise BadInput(f"rates of {block.name}: {len(value)} values do not fit its shape {block.shape}")
        return [rate for entry in value for rate in descend(entry, shape[1:])]

    return descend(given, block.shape)

"""Reading a certificate: every entry has its type and range checked before anything is computed from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import BadInput, Refuted

FORMAT = "quenched/conserved/1"
DYNAMICS = ("gradient flow", "heavy ball", "entropic mirror", "weight normalisation")
ROUTES = ("monomial", "trajectory", "single gradient", "matrix algebra", "scalar segments")
DEFAULT_PRIME = 2147483647
MAX_ORDER = 64
MAX_DEGREE = 200

Terms = list[tuple[int, tuple[int, ...]]]


@dataclass(frozen=True)
class ClaimedLaw:
    terms: Terms
    plain: bool


@dataclass(frozen=True)
class ClaimedFactor:
    """c log|p|; weights: (number of a polynomial law, or -1 for the constant 1; integer)."""

    polynomial: Terms
    weights: list[tuple[int, int]]


@dataclass(frozen=True)
class ClaimedFurther:
    factors: list[ClaimedFactor]
    rest: Terms


@dataclass(frozen=True)
class Round:
    order: int
    controls: list[list[int]]


@dataclass(frozen=True)
class Claim:
    """The content of a certificate, types and ranges checked, nothing believed."""

    network: str
    dynamics: str
    rates: list[Fraction]
    phi: list[Terms]
    laws: list[ClaimedLaw]
    independent: list[int]
    lower: int
    upper: int
    route: str
    prime: int
    point: list[int]
    rounds: list[Round]
    components: list[int]
    segments: list[list[int]]
    further: list[ClaimedFurther]
    normalised: list[list[int]]


def read_claim(text: str) -> Claim:
    """Parse and validate. BadInput: no certificate; Refuted: a certificate with an impossible entry."""
    try:
        raw = json.loads(text, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as fault:
        raise BadInput(f"this is no certificate: {fault}") from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise BadInput(f'this is no certificate: no entry "format": {FORMAT!r}')
    return _Reader(raw).claim()


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an entry occurs twice")
    return found


class _Reader:
    def __init__(self, raw: dict[str, Any]):
        self.raw = raw

    def fail(self, key: str, why: str) -> Refuted:
        return Refuted(f"certificate entry {key!r}: {why}")

    def get(self, key: str, kind: type) -> Any:
        value = self.raw.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.fail(key, f"missing, or not a {kind.__name__}")
        return value

    def numbers(self, key: str, values: Any, below: int) -> list[int]:
        if not isinstance(values, list) or any(type(x) is not int or not 0 <= x < below for x in values):
            raise self.fail(key, f"integers from 0 to {below - 1} are needed")
        return values

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        value = self.get(key, str)
        if value not in known:
            raise self.fail(key, f"{value!r} is not one of {', '.join(known)}")
        return value

    def claim(self) -> Claim:
        rates = [self.rate(x) for x in self.get("rates", list)]
        size = len(rates)
        if len(self.get("parameters", list)) != size or not size:
            raise self.fail("rates", "one rate per parameter is needed")
        phi = [self.terms("phi", component, size) for component in self.get("phi", list)]
        if not phi:
            raise self.fail("phi", "empty")
        dynamics, route = self.choice("dynamics", DYNAMICS), self.choice("route", ROUTES)
        laws = [self.law(law, size, dynamics) for law in self.get("laws", list)]
        independent = self.numbers("independent", self.get("independent", list), max(len(laws), 1))
        if len(set(independent)) != len(independent) or (independent and not laws):
            raise self.fail("independent", "a law is named twice, or does not exist")
        dimension = 2 * size + 1 if dynamics == DYNAMICS[1] else size
        prime, point, rounds = DEFAULT_PRIME, [1] * dimension, []
        components: list[int] = []
        if route == "monomial":
            components = self.numbers("components", self.get("components", list), len(phi))
        else:
            prime = self.get("prime", int)
            point = self.numbers("point", self.get("point", list), prime)
            fields = len(phi) + (dynamics == DYNAMICS[1])
            rounds = [self.round(r, prime, fields) for r in self.get("rounds", list)]
        self.check_prime(prime, rates)
        if len(point) != dimension:
            raise self.fail("point", f"{dimension} coordinates are needed")
        segments = []
        if route == "scalar segments":
            segments = [self.numbers("segments", s, size) for s in self.get("segments", list)]
        return Claim(
            str(self.get("network", str)),
            dynamics,
            rates,
            phi,
            laws,
            independent,
            self.get("lower", int),
            self.get("upper", int),
            route,
            prime,
            point,
            rounds,
            components,
            segments,
            [self.further(entry, size, len(laws), dynamics) for entry in self.get("further", list)],
            self.normalised(size, dynamics),
        )

    def normalised(self, size: int, dynamics: str) -> list[list[int]]:
        groups = [self.numbers("normalised", group, size) for group in self.get("normalised", list)]
        members = [a for group in groups for a in group]
        if len(set(members)) != len(members) or any(len(group) < 2 for group in groups):
            raise self.fail("normalised", "disjoint columns, each with its gain last, are needed")
        if bool(groups) != (dynamics == DYNAMICS[3]):
            raise self.fail("normalised", "columns belong to weight normalisation, and only to it")
        return groups

    def rate(self, value: Any) -> Fraction:
        try:
            rate = Fraction(value) if isinstance(value, str) and len(value) < 200 else Fraction(0)
        except (ValueError, ZeroDivisionError):
            rate = Fraction(0)
        if rate <= 0:
            raise self.fail("rates", f"{value!r} is not a positive number")
        return rate

    def terms(self, key: str, values: Any, size: int) -> Terms:
        found: Terms = []
        if not isinstance(values, list) or not values:
            raise self.fail(key, "a list of terms is needed")
        for term in values:
            if not isinstance(term, list) or len(term) != 2 or type(term[0]) is not int or not term[0]:
                raise self.fail(key, f"{term!r} is not [coefficient, [parameters]]")
            letters = tuple(self.numbers(key, term[1], size))
            if not letters or len(letters) > MAX_DEGREE or list(letters) != sorted(letters):
                raise self.fail(key, f"{term!r}: the parameters of a term are sorted, 1 to {MAX_DEGREE} of them")
            found.append((term[0], letters))
        if len({letters for _, letters in found}) != len(found):
            raise self.fail(key, "a monomial occurs twice")
        return found

    def law(self, value: Any, size: int, dynamics: str) -> ClaimedLaw:
        if not isinstance(value, dict) or not isinstance(value.get("plain"), bool):
            raise self.fail("laws", "each law has terms and plain")
        terms, plain = self.terms("laws", value.get("terms"), size), value["plain"]
        if dynamics == DYNAMICS[1]:
            degrees = {len(letters) for _, letters in terms}
            skew = all(len(set(letters)) == len(letters) for _, letters in terms)
            if not degrees <= {1, 2} or not skew or (plain and degrees != {1}):
                raise self.fail("laws", "a heavy-ball law is v^T S theta with S skew, or a translation")
        elif plain:
            raise self.fail("laws", "plain belongs to heavy-ball translations")
        return ClaimedLaw(terms, plain)

    def further(self, value: Any, size: int, laws: int, dynamics: str) -> ClaimedFurther:
        if dynamics == DYNAMICS[1]:
            raise self.fail("further", "no such laws are known with momentum")
        if not isinstance(value, dict) or not isinstance(value.get("factors"), list) or not value["factors"]:
            raise self.fail("further", "each law has factors and a rest")
        factors = []
        for factor in value["factors"]:
            weights = factor.get("weights") if isinstance(factor, dict) else None
            if not isinstance(weights, list) or not weights or any(not self.weight(w, laws) for w in weights):
                raise self.fail("further", "weights are [law or -1, integer] pairs")
            polynomial = self.terms("further", factor.get("polynomial"), size)
            factors.append(ClaimedFactor(polynomial, [(n, c) for n, c in weights]))
        rest = value.get("rest")
        return ClaimedFurther(factors, self.terms("further", rest, size) if rest != [] else [])

    def weight(self, value: Any, laws: int) -> bool:
        pair = isinstance(value, list) and len(value) == 2 and all(type(x) is int for x in value)
        return pair and -1 <= value[0] < laws and value[1] != 0

    def round(self, value: Any, prime: int, fields: int) -> Round:
        if not isinstance(value, dict) or type(value.get("order")) is not int or not 1 <= value["order"] <= MAX_ORDER:
            raise self.fail("rounds", f"orders from 1 to {MAX_ORDER} are needed")
        controls = value.get("controls")
        if not isinstance(controls, list) or not controls:
            raise self.fail("rounds", "controls are missing")
        rows = [self.numbers("rounds", row, prime) for row in controls]
        if any(len(row) != fields for row in rows):
            raise self.fail("rounds", f"{fields} controls per order are needed")
        return Round(value["order"], rows)

    def check_prime(self, prime: int, rates: list[Fraction]) -> None:
        if not MAX_ORDER < prime < 1 << 62 or not is_prime(prime):
            raise self.fail("prime", f"{prime} is no prime between {MAX_ORDER} and 2^62")
        if any(rate.numerator % prime == 0 or rate.denominator % prime == 0 for rate in rates):
            raise self.fail("prime", "it divides a learning rate")


def is_prime(n: int) -> bool:
    """Miller-Rabin with the twelve bases that decide all n below 3.3e24."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    if n < 2 or any(n % b == 0 for b in bases):
        return n in bases
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for b in bases:
        x = pow(b, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True

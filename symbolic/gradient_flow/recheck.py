"""A second pair of eyes: accepts or refuses a certificate of a count, in plain Python integers.

Shares no code with the finder (a test reads the imports). What is accepted is a theorem about the phi in the file:
lower <= N <= upper, and N itself when they agree. How the numbers in the file were found does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..errors import Refuted
from .recheck_further import check_further, fields_are_parallel, further_rows
from .recheck_metric import metric
from .recheck_reading import Claim, Terms, read_claim
from .recheck_series import trajectory_kernel

HEAVY, FLOW, MIRROR = "heavy ball", "gradient flow", "entropic mirror"


@dataclass(frozen=True)
class Rechecked:
    """lower <= N <= upper holds; `statement` says so in words."""

    network: str
    lower: int
    upper: int
    statement: str

    @property
    def N(self) -> int | None:
        return self.lower if self.lower == self.upper else None


def recheck(text: str, phi=None) -> Rechecked:
    """Verify a certificate. With `phi` (anything with .polynomials() and .rates) the file must be about that phi.

    Raises BadInput when the text is no certificate, Refuted with the reason when it claims something it does not show.

    >>> from .certificate import write_certificate
    >>> from .counting import count_laws
    >>> from .chains import linear
    >>> recheck(write_certificate(count_laws(linear((3, 2, 3))))).N
    3
    """
    claim = read_claim(text)
    if phi is not None:
        _same_phi(claim, phi)
    for number, law in enumerate(claim.laws):
        _check_identity(claim, number, law.terms)
    check_further(claim)
    known = _check_independence(claim)
    upper = _upper_bound(claim)
    if upper != claim.upper:
        raise Refuted(f"{claim.network}: the file shows N <= {upper}, not N <= {claim.upper}")
    lower = _lower_bound(claim, known)
    if lower != claim.lower:
        raise Refuted(f"{claim.network}: the file shows N >= {lower}, not N >= {claim.lower}")
    bound = f"N = {lower}" if lower == upper else f"{lower} <= N <= {upper}"
    laws = f"{len(claim.laws) + len(claim.further)} laws true over Z, {known} independent"
    return Rechecked(claim.network, lower, upper, f"{bound} for {claim.dynamics}; {laws}")


def _same_phi(claim: Claim, phi) -> None:
    theirs = [{m: Fraction(c) for m, c in p.terms.items()} for p in phi.polynomials()]
    ours = [{m: Fraction(c) for c, m in component} for component in claim.phi]
    if ours != theirs:
        raise Refuted(f"{claim.network}: the phi in the file is not the phi asked about")
    if list(phi.rates) != claim.rates:
        raise Refuted(f"{claim.network}: the learning rates in the file are not those asked about")


def _check_identity(claim: Claim, number: int, terms: Terms) -> None:
    """sum_j direction_j(theta) d_j phi_i = 0 for every component, as exact polynomials; direction = M^T grad h."""
    direction: dict[int, dict[tuple[int, ...], Fraction]] = {}
    rows: dict[int, list] = {}
    for a, b, weight, extra in metric(claim):
        rows.setdefault(a, []).append((b, weight, extra))
    for c, letters in terms:
        for place, a in enumerate(letters):
            rest = letters[:place] + letters[place + 1 :]
            # v^T S theta with S skew: the second index of the pair carries the minus sign.
            sign = -1 if claim.dynamics == HEAVY and place == 1 else 1
            for b, weight, extra in rows[a]:
                part, key = direction.setdefault(b, {}), tuple(sorted(rest + extra))
                part[key] = part.get(key, Fraction(0)) + sign * c * weight
    for component, polynomial in enumerate(claim.phi):
        left: dict[tuple[int, ...], Fraction] = {}
        for c, letters in polynomial:
            for place, a in enumerate(letters):
                for extra, weight in direction.get(a, {}).items():
                    key = tuple(sorted(letters[:place] + letters[place + 1 :] + extra))
                    left[key] = left.get(key, Fraction(0)) + c * weight
        if any(left.values()):
            raise Refuted(f"{claim.network}: law {number} is not conserved, it changes through component {component}")


def _differentials(claim: Claim) -> list[list[int]]:
    """Rows of the claimed independent laws at the point, mod p."""
    p, point, size = claim.prime, claim.point, len(claim.rates)
    rows = []
    for number in claim.independent:
        law = claim.laws[number]
        row = [0] * len(point)
        for c, letters in law.terms:
            if claim.dynamics == HEAVY:
                _momentum(row, c, letters, law.plain, point, size)
                continue
            for place, a in enumerate(letters):
                value = c
                for b in letters[:place] + letters[place + 1 :]:
                    value = value * point[b] % p
                row[a] += value
        rows.append([x % p for x in row])
    return rows


def _momentum(row: list[int], c: int, letters, plain: bool, point: list[int], size: int) -> None:
    """State (t, theta, v): differential of exp(t) v^T S theta over exp(t), of exp(t) <v, b> or of <theta + v, b>."""
    theta, v = point[1 : size + 1], point[size + 1 :]
    if len(letters) == 1:
        a = letters[0]
        row[size + 1 + a] += c
        row[1 + a] += c if plain else 0
        row[0] += 0 if plain else c * v[a]
        return
    a, b = letters
    row[0] += c * (v[a] * theta[b] - v[b] * theta[a])
    row[1 + b] += c * v[a]
    row[1 + a] -= c * v[b]
    row[size + 1 + a] += c * theta[b]
    row[size + 1 + b] -= c * theta[a]


def _check_independence(claim: Claim) -> int:
    called = len(claim.independent) + len(claim.further)
    found = rank(_differentials(claim) + further_rows(claim), claim.prime)
    if found != called:
        raise Refuted(f"{claim.network}: of {called} laws called independent, {found} are at the point")
    return found


def _upper_bound(claim: Claim) -> int:
    if claim.route != "monomial":
        return trajectory_kernel(claim)
    if claim.dynamics not in (FLOW, MIRROR) or any(len(component) != 1 for component in claim.phi):
        raise Refuted(f"{claim.network}: the monomial route needs one monomial per component and a diagonal metric")
    rows = []
    for number in claim.components:
        row = [0] * len(claim.rates)
        for a in claim.phi[number][0][1]:
            row[a] += 1
        rows.append(row)
    return len(claim.rates) - rank(rows, claim.prime)


def _lower_bound(claim: Claim, known: int) -> int:
    size = len(claim.rates)
    if claim.route in ("monomial", "trajectory"):
        return known
    if claim.dynamics == HEAVY:
        raise Refuted(f"{claim.network}: route {claim.route!r} is not available with momentum")
    if claim.route == "single gradient":
        if len(claim.phi) != 1 and not fields_are_parallel(claim):
            raise Refuted(f"{claim.network}: the gradients of phi are not parallel, where the route needs one")
        return size - 1
    if claim.dynamics != FLOW:
        raise Refuted(f"{claim.network}: route {claim.route!r} is available for gradient flow only")
    if claim.route == "matrix algebra":
        return size - _algebra_dimension(claim)
    return _segment_bound(claim)


def _algebra_dimension(claim: Claim) -> int:
    """Close the affine fields of a quadratic phi under commutators, over Q; refuse to pass the claimed dimension."""
    size = len(claim.rates)
    most = size - claim.lower
    queue: list[list[list[Fraction]]] = []
    for component in claim.phi:
        matrix = [[Fraction(0)] * (size + 1) for _ in range(size + 1)]
        for c, letters in component:
            if len(letters) > 2:
                raise Refuted(f"{claim.network}: the matrix route needs a quadratic phi")
            for place, a in enumerate(letters):
                rest = letters[:place] + letters[place + 1 :]
                matrix[a][rest[0] if rest else size] += c * claim.rates[a]
        queue.append(matrix)
    basis: list[list[list[Fraction]]] = []
    echelon: dict[int, list[Fraction]] = {}
    while queue:
        matrix = queue.pop(0)
        if not _adds(echelon, [x for row in matrix for x in row]):
            continue
        if len(basis) == most:
            raise Refuted(f"{claim.network}: the matrix Lie algebra is larger than {most}")
        queue += [_commutator(other, matrix) for other in basis]
        basis.append(matrix)
    return len(basis)


def _adds(echelon: dict[int, list[Fraction]], row: list[Fraction]) -> bool:
    for column in range(len(row)):
        if not row[column]:
            continue
        if column not in echelon:
            echelon[column] = [x / row[column] for x in row]
            return True
        factor = row[column]
        row = [x - factor * y for x, y in zip(row, echelon[column])]
    return False


def _commutator(a: list[list[Fraction]], b: list[list[Fraction]]) -> list[list[Fraction]]:
    n, zero = range(len(a)), Fraction(0)
    return [[sum((a[i][k] * b[k][j] - b[i][k] * a[k][j] for k in n if a[i][k] or b[i][k]), zero) for j in n] for i in n]


def _segment_bound(claim: Claim) -> int:
    """Laws plus, per segment seen through one scalar, the covectors that kill its direction of motion."""
    rows = _differentials(claim) + further_rows(claim)
    used: set[int] = set()
    for segment in claim.segments:
        if used & set(segment):
            raise Refuted(f"{claim.network}: the segments overlap")
        used |= set(segment)
        scalar = _common_scalar(claim, set(segment))
        p = claim.prime
        speed = {}
        for a in segment:
            value = sum(
                c * letters.count(a) * _value([x for i, x in enumerate(letters) if i != letters.index(a)], claim)
                for letters, c in scalar.items()
                if a in letters
            )
            rate = claim.rates[a]
            speed[a] = value * rate.numerator * pow(rate.denominator, -1, p) % p
        lead = next((a for a in segment if speed[a]), None)
        if lead is None:
            raise Refuted(f"{claim.network}: the scalar of a segment is stationary at the point")
        for a in segment:
            if a != lead:
                row = [0] * len(claim.rates)
                row[a], row[lead] = speed[lead], -speed[a] % p
                rows.append(row)
    return rank(rows, claim.prime)


def _value(letters: list[int], claim: Claim) -> int:
    value = 1
    for a in letters:
        value = value * claim.point[a] % claim.prime
    return value


def _common_scalar(claim: Claim, segment: set[int]) -> dict[tuple[int, ...], int]:
    """The polynomial s of the segment with phi_i = c_i s + r_i, residues mod p of an exact comparison."""
    scalar: dict[tuple[int, ...], Fraction] | None = None
    for component in claim.phi:
        parts: dict[tuple[int, ...], dict[tuple[int, ...], Fraction]] = {}
        for c, letters in component:
            inside = tuple(a for a in letters if a in segment)
            if inside:
                outside = tuple(a for a in letters if a not in segment)
                parts.setdefault(outside, {})[inside] = Fraction(c)
        for part in parts.values():
            lead = part[min(part)]
            monic = {m: c / lead for m, c in part.items()}
            if scalar is not None and monic != scalar:
                raise Refuted(f"{claim.network}: a segment enters phi through more than one scalar")
            scalar = monic
    if scalar is None:
        raise Refuted(f"{claim.network}: a segment does not enter phi")
    p = claim.prime
    if any(c.denominator % p == 0 for c in scalar.values()):
        raise Refuted(f"{claim.network}: the prime divides a coefficient of phi")
    return {m: c.numerator * pow(c.denominator, -1, p) % p for m, c in scalar.items()}


def rank(rows: list[list[int]], p: int) -> int:
    """Rank over F_p by plain elimination."""
    pivots: dict[int, list[int]] = {}
    for row in rows:
        row = [x % p for x in row]
        for column in range(len(row)):
            if not row[column]:
                continue
            if column not in pivots:
                inverse = pow(row[column], -1, p)
                pivots[column] = [x * inverse % p for x in row]
                break
            factor = row[column]
            row = [(x - factor * y) % p for x, y in zip(row, pivots[column])]
    return len(pivots)

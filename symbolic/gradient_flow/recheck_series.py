"""The re-checker's own formal trajectory: products grow coefficient by coefficient in a tree of shared prefixes.

Sound for whatever point and controls are in the file: each coefficient of F_f(x(t)) . Xi(t) is a combination of
iterated brackets at x(0), reduced mod p, and a rank mod p is at most the rank over Q.
"""

from __future__ import annotations

from .recheck_metric import metric
from .recheck_reading import Claim

FieldTerms = list[tuple[int, int, int, tuple[int, ...]]]


def field_table(claim: Claim) -> tuple[FieldTerms, int, int]:
    """All fields as (field, coordinate, coefficient mod p, letters), with the number of fields and the dimension."""
    p, size = claim.prime, len(claim.rates)
    columns: dict[int, list[tuple[int, int, tuple[int, ...]]]] = {}
    for a, b, weight, extra in metric(claim):
        columns.setdefault(b, []).append((a, weight.numerator * pow(weight.denominator, -1, p) % p, extra))
    shift = 1 if claim.dynamics == "heavy ball" else 0
    target = size + 1 if shift else 0
    found: FieldTerms = []
    for number, component in enumerate(claim.phi):
        for c, letters in component:
            for b in dict.fromkeys(letters):
                left = list(letters)
                left.remove(b)
                for a, weight, extra in columns[b]:
                    rest = tuple(x + shift for x in sorted([*left, *extra]))
                    found.append((number, a + target, c * letters.count(b) * weight % p, rest))
    if not shift:
        return found, len(claim.phi), size
    drift = len(claim.phi)
    found.append((drift, 0, 1, ()))
    for a in range(size):
        found.append((drift, 1 + a, 1, (size + 1 + a,)))
        found.append((drift, size + 1 + a, p - 1, (size + 1 + a,)))
    return found, drift + 1, 2 * size + 1


def trajectory_kernel(claim: Claim) -> int:
    """The number of covectors at the point that no round moves: an upper bound of N."""
    table, count, dimension = field_table(claim)
    p = claim.prime
    values = [[0] * dimension for _ in range(count)]
    for f, axis, c, letters in table:
        for a in letters:
            c = c * claim.point[a] % p
        values[f][axis] = (values[f][axis] + c) % p
    kernel = kernel_basis(values, dimension, p)
    for turn in claim.rounds:
        if not kernel:
            break
        rows = _rows(claim, table, count, dimension, turn.order, turn.controls, kernel)
        small = kernel_basis(rows, len(kernel), p)
        kernel = [[sum(w * x for w, x in zip(weights, row)) % p for row in zip(*kernel)] for weights in small]
    return len(kernel)


def kernel_basis(rows: list[list[int]], width: int, p: int) -> list[list[int]]:
    """Vectors x with row . x = 0 for all rows, by reduced elimination over F_p."""
    pivots: dict[int, list[int]] = {}
    for row in rows:
        row = [x % p for x in row]
        for column, pivot in pivots.items():
            if row[column]:
                factor = row[column]
                row = [(x - factor * y) % p for x, y in zip(row, pivot)]
        lead = next((i for i, x in enumerate(row) if x), None)
        if lead is None:
            continue
        inverse = pow(row[lead], -1, p)
        row = [x * inverse % p for x in row]
        for column, pivot in pivots.items():
            if pivot[lead]:
                factor = pivot[lead]
                pivots[column] = [(x - factor * y) % p for x, y in zip(pivot, row)]
        pivots[lead] = row
    found = []
    for free in range(width):
        if free not in pivots:
            vector = [0] * width
            vector[free] = 1
            for column, pivot in pivots.items():
                vector[column] = -pivot[free] % p
            found.append(vector)
    return found


class _Products:
    """Monomials along x(t): node (a, b, c) is x_a x_b x_c, its coefficients computed on demand, lowest first."""

    def __init__(self, x: list[list[int]], p: int):
        self.x, self.p = x, p
        self.nodes: dict[tuple[int, ...], list[int]] = {}

    def coefficient(self, letters: tuple[int, ...], k: int) -> int:
        if not letters:
            return 1 if k == 0 else 0
        if len(letters) == 1:
            return self.x[letters[0]][k]
        known = self.nodes.setdefault(letters, [])
        last = self.x[letters[-1]]
        while len(known) <= k:
            order = len(known)
            known.append(sum(self.coefficient(letters[:-1], j) * last[order - j] for j in range(order + 1)) % self.p)
        return known[k]


def _rows(claim: Claim, table: FieldTerms, count: int, dimension: int, order: int, controls, kernel) -> list[list[int]]:
    p = claim.prime
    x = [[value] for value in claim.point]
    products = _Products(x, p)
    values: list[list[list[int]]] = []
    for k in range(order + 1):
        now = [[0] * dimension for _ in range(count)]
        for f, axis, c, letters in table:
            now[f][axis] += c * products.coefficient(letters, k)
        values.append([[entry % p for entry in row] for row in now])
        if k < order:
            inverse = pow(k + 1, -1, p)
            for axis in range(dimension):
                past = range(min(k + 1, len(controls)))
                speed = sum(controls[j][f] * values[k - j][f][axis] for j in past for f in range(count))
                x[axis].append(speed * inverse % p)
    bends = [_bend(table, products, controls, k, p) for k in range(order)]
    xi = [kernel]
    for k in range(order):
        inverse = -pow(k + 1, -1, p)
        following = []
        for number in range(len(kernel)):
            column = [0] * dimension
            for j in range(k + 1):
                source = xi[k - j][number]
                for (row, axis), weight in bends[j].items():
                    column[row] += weight * source[axis]
            following.append([entry * inverse % p for entry in column])
        xi.append(following)
    rows = []
    for k in range(1, order + 1):
        for f in range(count):
            rows.append(
                [
                    sum(sum(a * b for a, b in zip(values[j][f], xi[k - j][n])) for j in range(k + 1)) % p
                    for n in range(len(kernel))
                ]
            )
    return rows


def _bend(table: FieldTerms, products: _Products, controls, k: int, p: int) -> dict[tuple[int, int], int]:
    """Coefficient t^k of sum_f a_f d(F_f)_axis / dx_row, at (row, axis)."""
    found: dict[tuple[int, int], int] = {}
    for f, axis, c, letters in table:
        for place, row in enumerate(letters):
            rest = letters[:place] + letters[place + 1 :]
            weight = 0
            for j in range(min(k + 1, len(controls))):
                if controls[j][f]:
                    weight += controls[j][f] * products.coefficient(rest, k - j)
            if weight:
                found[row, axis] = (found.get((row, axis), 0) + c * weight) % p
    return found

"""Theorem D: the path lifting of a directed acyclic graph, without enumerating its paths.

One parameter per edge, every edge on a source-to-sink path: the path indicators span the flow space, of dimension
|edges| - |internal vertices|, so N = number of internal vertices (hidden neurons), at every theta without zero entries.
Law of a vertex: sum over edges in of theta^2/eta - sum over edges out of theta^2/eta.
Proof: the vertex constraints are independent (a dependency is a potential, constant along edges, zero at sources); a
strictly positive flow exists, flows near it are non-negative, hence sums of paths.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..errors import BadInput, Refuted
from .chains import check_sizes, title

Vertex = Hashable


@dataclass(frozen=True)
class PathCount:
    """D edges, N hidden vertices, and D - N paths in triangular order: paths[i] is the first to use edge pivots[i]."""

    name: str
    edges: tuple[tuple[Vertex, Vertex], ...]
    hidden: tuple[Vertex, ...]
    paths: tuple[tuple[int, ...], ...]
    pivots: tuple[int, ...]

    @property
    def D(self) -> int:
        return len(self.edges)

    @property
    def N(self) -> int:
        return len(self.hidden)

    def check(self) -> None:
        """Read the certificate: every path is a path from source to sink, every pivot is new among the pivots.

        Triangular in the pivot columns, so the path vectors have rank D - N; with the N vertex laws N is exact.
        Raises Refuted with the reason.
        """
        inner = set(self.hidden)
        if len(self.paths) != self.D - self.N or len(self.pivots) != len(self.paths):
            raise Refuted(f"{self.name}: {len(self.paths)} paths for {self.D} edges and {self.N} hidden vertices")
        free = set(self.pivots)
        if len(free) != len(self.pivots):
            raise Refuted(f"{self.name}: a pivot edge is used twice")
        for path, pivot in zip(self.paths, self.pivots):
            steps = [self.edges[e] for e in path]
            if any(a[1] != b[0] for a, b in pairwise(steps)) or pivot not in path:
                raise Refuted(f"{self.name}: {path} is no path through edge {pivot}")
            if steps[0][0] in inner or steps[-1][1] in inner:
                raise Refuted(f"{self.name}: {path} does not run from a source to a sink")
            free.discard(pivot)
            if any(e in free for e in path):
                raise Refuted(f"{self.name}: {path} uses a later pivot, the order is not triangular")


def count_graph(edges: Sequence[tuple[Vertex, Vertex]], name: str = "graph") -> PathCount:
    """N and its certificate for any directed acyclic graph; vertices without edges in (out) are sources (sinks).

    Pivots are all edges but one chosen way out per hidden vertex. The path of a pivot follows any way in, then the
    chosen ways out; the pivots it uses besides its own end earlier in topological order.
    Raises BadInput on a cycle.

    >>> count_graph([("x", "h"), ("z", "h"), ("h", "y")]).N
    1
    """
    into: dict[Vertex, list[int]] = {}
    out: dict[Vertex, list[int]] = {}
    for number, (a, b) in enumerate(edges):
        out.setdefault(a, []).append(number)
        into.setdefault(b, []).append(number)
    order = _topological(edges, into, out, name)
    hidden = tuple(v for v in order if v in into and v in out)
    before: dict[Vertex, tuple[int, ...]] = {}
    for v in order:
        before[v] = (*before[edges[into[v][0]][0]], into[v][0]) if v in into else ()
    after: dict[Vertex, tuple[int, ...]] = {}
    for v in reversed(order):
        after[v] = (out[v][0], *after[edges[out[v][0]][1]]) if v in out else ()
    chosen = {out[v][0] for v in hidden}
    pivots = [e for v in order for e in out.get(v, ()) if e not in chosen]
    paths = [(*before[edges[e][0]], e, *after[edges[e][1]]) for e in pivots]
    return PathCount(name, tuple(edges), hidden, tuple(paths), tuple(pivots))


def _topological(edges, into, out, name: str) -> list[Vertex]:
    missing = {v: len(numbers) for v, numbers in into.items()}
    ready = [v for v in dict.fromkeys(v for edge in edges for v in edge) if v not in missing]
    order = []
    while ready:
        v = ready.pop()
        order.append(v)
        for e in out.get(v, ()):
            b = edges[e][1]
            missing[b] -= 1
            if not missing[b]:
                ready.append(b)
    if len(order) < len(missing.keys() | out.keys()):
        raise BadInput(f"{name}: the graph has a cycle, so it has no path lifting")
    return order


def count_paths(sizes: Sequence[int], bias: bool = False) -> PathCount:
    """Theorem D for layered ReLU networks, biases as edges from one constant source; seconds are linear in D.

    >>> count_paths((4, 8, 3), bias=True).N
    8
    """
    sizes = check_sizes(sizes)
    edges: list[tuple[Vertex, Vertex]] = []
    for layer in range(1, len(sizes)):
        edges += [((layer - 1, i), (layer, j)) for i in range(sizes[layer - 1]) for j in range(sizes[layer])]
        if bias and layer < len(sizes) - 1:
            edges += [("one", (layer, j)) for j in range(sizes[layer])]
    return count_graph(edges, title("relu", sizes, *["bias"] * bias))

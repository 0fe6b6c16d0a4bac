"""The random architectures of the literature: laws discovered, verified over Z, counted, proved complete."""

from pathlib import Path

import pytest

from quenched.symbolic.gradient_flow import balancedness_rank, count_laws, count_paths, read_network
from quenched.symbolic.gradient_flow.laws import verified


def draw(kind: str) -> list[str]:
    found = []
    for line in (Path(__file__).parent / "draws.txt").read_text().splitlines():
        if line.split(" ")[0] == kind:
            found += line.split(" ")[1:]
    return found


def sizes_of(word: str) -> tuple[int, ...]:
    return tuple(map(int, word.rstrip("b").split("-")))


@pytest.mark.parametrize("kind", ["linear-a", "linear-b"])
def test_linear_draws_are_counted_and_proved(kind):
    words = draw(kind)
    assert len(words) == 50
    for word in dict.fromkeys(words):
        count = count_laws(read_network(f"linear {word}"))
        assert balancedness_rank(sizes_of(word)) == count.N, word
        assert count.complete and count.status.level.value == "proved", word
        assert all(verified(count.phi, count.laws)), word


def test_relu_draws_are_counted_by_two_theorems():
    words = draw("relu")
    assert len(words) == 50
    for word in words:
        hidden = sum(sizes_of(word)[1:-1])
        text = f"relu {word.rstrip('b')}" + " bias" * word.endswith("b")
        count = count_laws(read_network(text))
        paths = count_paths(sizes_of(word), bias=word.endswith("b"))
        paths.check()
        assert count.N == paths.N == hidden, word
        assert (count.D, count.route) == (paths.D, "monomial"), word


def test_relu_laws_are_verified_as_polynomials_too():
    for word in draw("relu")[:8]:
        count = count_laws(read_network(f"relu {word.rstrip('b')}" + " bias" * word.endswith("b")))
        assert all(verified(count.phi, count.laws)), word

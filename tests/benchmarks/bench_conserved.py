"""Wall times of conservation laws on the random architectures of the literature. Run: python bench_conserved.py"""

import time
from pathlib import Path

from quenched.symbolic.gradient_flow import count_laws, count_paths, lie_rank, read_network, recheck, write_certificate

DRAWS = Path(__file__).parents[1] / "symbolic" / "gradient_flow" / "draws.txt"
REPEATS = 3


def networks(kind: str) -> list[str]:
    found = []
    for line in DRAWS.read_text().splitlines():
        if line.split(" ")[0] == kind:
            found += line.split(" ")[1:]
    return found


def linear(words: list[str]) -> None:
    for word in words:
        assert count_laws(read_network(f"linear {word}")).complete


def rank_only(words: list[str]) -> None:
    for word in words:
        lie_rank(read_network(f"linear {word}"))


def relu(words: list[str]) -> None:
    for word in words:
        hidden = sum(map(int, word.rstrip("b").split("-")[1:-1]))
        assert hidden == count_laws(read_network(f"relu {word.rstrip('b')}" + " bias" * word.endswith("b"))).N


def relu_paths(words: list[str]) -> None:
    for word in words:
        count_paths(tuple(map(int, word.rstrip("b").split("-"))), word.endswith("b")).check()


def certificates(words: list[str]) -> None:
    for word in words:
        recheck(write_certificate(count_laws(read_network(f"linear {word}"))))


def main() -> None:
    rows = [
        ("50 linear networks, draw A: discovered, verified over Z, proved", linear, "linear-a", 2.5),
        ("50 linear networks, draw B: the same", linear, "linear-b", 2.5),
        ("50 linear networks, draw A: rank alone, no law given", rank_only, "linear-a", None),
        ("50 ReLU networks: all paths, theorem M", relu, "relu", 2.0),
        ("50 ReLU networks: theorem D with path certificate", relu_paths, "relu", None),
        ("50 linear networks, draw A: certificate written and re-checked", certificates, "linear-a", None),
    ]
    for title, job, kind, target in rows:
        words, times = networks(kind), []
        assert len(words) == 50
        for _ in range(REPEATS):
            start = time.perf_counter()
            job(words)
            times.append(time.perf_counter() - start)
        bound = f"  (target {target} s)" if target else ""
        print(f"{min(times):7.3f} s  {title}{bound}")


if __name__ == "__main__":
    main()

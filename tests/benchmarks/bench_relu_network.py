"""Do data see all of phi? The 50 ReLU networks of the literature, one exact test each. Resumable.

Run: python bench_relu_network.py [STATE.json] [DRAWS]; a network that is not certified after DRAWS more draws of its
weights (default 200) is taken up there by the next run.
"""

import json
import sys
import time
from pathlib import Path

from quenched.symbolic.gradient_flow import relu_is_full

NETWORKS = Path(__file__).parents[1] / "symbolic" / "gradient_flow" / "draws.txt"


def words() -> list[str]:
    lines = [line.split() for line in NETWORKS.read_text().splitlines()]
    return [word for line in lines if line[0] == "relu" for word in line[1:]]


def main(state: Path | None, draws: int) -> None:
    done = json.loads(state.read_text()) if state and state.exists() else {}
    start = time.perf_counter()
    for word in words():
        known = done.get(word, {"draw": 0, "full": False})
        if not known["full"]:
            # Sizes are printed output first.
            sizes = tuple(map(int, word.rstrip("b").split("-")))[::-1]
            found = relu_is_full(sizes, word.endswith("b"), draws=draws, first=known["draw"] + 1)
            done[word] = {"draw": found.draw, "full": found.full}
            if state:
                state.write_text(json.dumps(done))
    certified = [word for word in words() if done[word]["full"]]
    first = sum(done[word]["draw"] == 1 for word in certified)
    worst = max(certified, key=lambda word: done[word]["draw"], default=None)
    print(f"{time.perf_counter() - start:7.3f} s  {len(certified)} of 50 certified, {first} at the first draw")
    print(f"          most draws: {worst} ({done[worst]['draw'] if worst else 0})")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0]) if given else None, int(given[1]) if len(given) > 1 else 200)

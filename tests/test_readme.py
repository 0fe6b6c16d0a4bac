"""Every Python example of the README runs and prints what the README says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.S)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_example_runs(block: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "README.md", "exec"), {})
    for digits in re.findall(r"prints `([0-9.]+)`", README) if "pca_probe" in block else ():
        assert digits in printed.getvalue()


def test_the_latex_shown_is_the_latex_made() -> None:
    from quenched.derivations import load

    shown = re.search(r"```latex\n(.*?)\n```", README, re.S)
    assert shown is not None
    assert shown.group(1) in load("pca_probe").render(to="tex", style="appendix")

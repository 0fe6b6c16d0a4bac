"""Strict settings shared by all tests."""

from __future__ import annotations

from collections.abc import Iterator

import flint
import mpmath
import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def untouched_precision() -> Iterator[None]:
    """No test may leave a global precision behind."""
    before = (mpmath.mp.dps, flint.ctx.prec)
    yield
    assert (mpmath.mp.dps, flint.ctx.prec) == before

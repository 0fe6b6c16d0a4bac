"""House rules: examples run, bytes do not depend on the hash seed, the network-level tests decide exactly."""

import doctest
import importlib
import json
import os
import pkgutil
import subprocess
import sys

import pytest

import quenched.symbolic.gradient_flow as package
from quenched.symbolic.gradient_flow import (
    as_record,
    as_text,
    count_laws,
    read_network,
)

MODULES = sorted(info.name for info in pkgutil.iter_modules(package.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(f"{package.__name__}.{name}")
    assert doctest.testmod(module).failed == 0


def test_two_hash_seeds_give_the_same_bytes():
    program = (
        "from quenched.symbolic.gradient_flow import *\n"
        "for t in ('linear 2-4-3-2', 'relu 3-4-2 bias', 'circular 4', 'gram 2 3', 'residual 1 1 2'):\n"
        "    c = count_laws(read_network(t)); print(write_certificate(c), as_text(c), as_record(c))\n"
    )
    outputs = []
    for seed in ("0", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", program]
        outputs.append(subprocess.run(command, env=environment, capture_output=True, check=True))
    assert outputs[0].stdout == outputs[1].stdout
    assert outputs[0].stdout


def test_sympy_is_not_loaded():
    program = "import sys, quenched.symbolic.gradient_flow.counting; sys.exit('sympy' in sys.modules)"
    before = subprocess.run([sys.executable, "-c", "import sys, quenched.symbolic; sys.exit('sympy' in sys.modules)"])
    if before.returncode == 0:
        assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_records_are_plain_data():
    record = as_record(count_laws(read_network("linear 2-2-2")))
    assert json.loads(json.dumps(record)) == record
    assert (record["N"], record["status"], len(record["laws"])) == (3, "proved", 3)


def test_text_is_cut_visibly():
    text = as_text(count_laws(read_network("linear 3-4-3")), most=2)
    assert "... and 8 more" in text and "N = 10 (proved)" in text

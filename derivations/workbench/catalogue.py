"""Finding derivations: by walking the folder of results, or from a user's own Python file."""

from __future__ import annotations

import importlib.util
import pkgutil
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from ...symbolic.derivation import Derivation
from ...symbolic.errors import BadInput, UnknownName
from .workpiece import Workpiece

_FOLDER = Path(__file__).resolve().parent.parent
_PACKAGE = __name__.rsplit(".", 2)[0]


def identifiers() -> list[str]:
    """The ids of all derivations that come with the project, sorted: the names of files and folders."""
    found = [m.name for m in pkgutil.iter_modules([str(_FOLDER)]) if m.name != "workbench"]
    return sorted(found)


def load(name: str) -> Workpiece:
    """The derivation with this id, or the one that a Python file defines.

    A file (a path ending in .py) must define `derive()`, which returns a Derivation; loading runs the file.
    Raises UnknownName with suggestions, or BadInput when a file defines no derivation.
    >>> load("marchenko_pastur").id
    'marchenko_pastur'
    """
    return Workpiece(_from_file(name) if name.endswith(".py") else _from_package(name))


@cache
def _from_package(name: str) -> Derivation:
    if name not in identifiers():
        raise UnknownName("derivation", name, identifiers())
    return _derived(import_module(f"{_PACKAGE}.{name}"), name)


def _from_file(path: str) -> Derivation:
    file = Path(path)
    if not file.is_file():
        raise BadInput(f"{path}: there is no such file; give an id or a Python file that defines derive()")
    spec = importlib.util.spec_from_file_location(f"quenched_user_{file.stem}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return _derived(module, path)


def _derived(module: Any, name: str) -> Derivation:
    make = getattr(module, "derivation", None) or getattr(module, "derive", None)
    if make is None:
        raise BadInput(f"{name} defines no derive(): a function that returns a Derivation is needed")
    derivation = make()
    if not isinstance(derivation, Derivation):
        raise BadInput(f"{name}: derive() returned {type(derivation).__name__}, not a Derivation")
    return derivation

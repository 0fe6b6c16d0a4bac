import doctest
import importlib
import pkgutil

import pytest

import quenched.numeric

MODULES = [module.name for module in pkgutil.walk_packages(quenched.numeric.__path__, "quenched.numeric.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_modules_are_found():
    assert "quenched.numeric.simulate.pca_probe" in MODULES and len(MODULES) > 20


def test_the_bare_name_is_refused(monkeypatch, request):
    monkeypatch.syspath_prepend(str(request.config.rootpath))
    with pytest.raises(ImportError, match=r"quenched\.numeric"):
        importlib.import_module("numeric")

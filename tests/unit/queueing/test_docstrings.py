"""The examples in the docstrings come out as they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from millpond import queueing

MODULES = [found.name for found in pkgutil.iter_modules(queueing.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"millpond.queueing.{name}")).failed == 0

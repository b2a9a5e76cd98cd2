"""However a query is compiled, for many rows or for few, it says the same."""

from __future__ import annotations

import pytest

import millpond
from millpond.records import workspace
from tests.docs.pages import ROOT


def test_large_and_small_logs_are_measured_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured() -> object:
        with millpond.open(ROOT / "examples" / "victim-support") as service:
            return service.measure(by="week"), service.waits(), service.clearing()

    few = measured()
    monkeypatch.setattr(workspace, "MANY_ROWS", 0)
    assert measured() == few

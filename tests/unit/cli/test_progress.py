"""Progress: nothing of what is quick, and something of what is not, whether or not it tells how far it is."""

from __future__ import annotations

import time

import pytest

from millpond.cli import progress as shown


def test_what_is_quick_is_done_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    with shown.progress("Measuring") as tell:
        tell(0.5, 10)
    assert capsys.readouterr().err == ""


def test_what_takes_long_without_telling_how_far_it_is_says_what_it_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shown, "SILENT_SECONDS", 0.05)
    with shown.progress("Drawing"):
        time.sleep(0.5)
    assert capsys.readouterr().err == "Drawing ...\n"


def test_what_is_being_done_is_said_once_and_again_when_it_changes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shown, "SILENT_SECONDS", 0.05)
    with shown.progress("Simulating", unit="replications", first="Compiling") as tell:
        time.sleep(0.3)
        tell(None, 0)
        tell(0.5, 5)
        tell(0.6, 6)
    assert capsys.readouterr().err == "Compiling ...\nSimulating ...\n"

"""Lengths of time as ISO 8601 writes them."""

from __future__ import annotations

import pytest

from millpond.process.interchange.lengths import iso_of_minutes, minutes_of_iso


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("PT36H", 2160), ("P2DT30M", 2910), ("P1W", 10080), ("PT1,5S", 0.025), ("P1M", 43830), ("PT0S", 0)],
)
def test_a_length_is_read(text: str, minutes: float) -> None:
    assert minutes_of_iso(text) == pytest.approx(minutes)


@pytest.mark.parametrize("text", ["", "P", "PT", "36H", "${later}", "R3/PT1H", "PT" + "1H" * 100])
def test_what_is_none_is_not_guessed(text: str) -> None:
    assert minutes_of_iso(text) is None


@pytest.mark.parametrize("minutes", [0, 1, 0.25, 90, 1440, 1501.5, 525_960])
def test_what_is_written_is_read_as_it_was(minutes: float) -> None:
    assert minutes_of_iso(iso_of_minutes(minutes)) == pytest.approx(minutes, abs=1e-9)

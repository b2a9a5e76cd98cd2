"""The commands forecast, seasonality and distributions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit import foreseeing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return foreseeing.eventful(tmp_path_factory.mktemp("service"))


def _unwrapped(printed: str) -> str:
    return " ".join(printed.split())


def test_a_forecast_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", str(folder), "--weeks", "1"]) == 0
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    assert lines[0] == "Corner House: new cases to come"
    assert lines[2].split() == ["week", "from", "expected", "80%", "band", "minutes", "80%", "band"]
    assert "Mon 2025-03-17" in printed
    assert "too short to say how good such forecasts are; that needs 23 weeks." in _unwrapped(printed)
    assert max(map(len, lines)) <= 80


def test_a_forecast_that_was_tried_on_the_past(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    longer = foreseeing.eventful(tmp_path, 26 * 7)
    assert run(["forecast", str(longer), "--weeks", "6"]) == 0
    printed = capsys.readouterr().out
    assert "The first 28 of 42 days; --csv has them all." in printed
    # The same numbers every week: whatever is allowed for chance is too much, and last week's numbers are exact.
    assert "The 80% bands held 100% of days" in printed
    assert "they are too wide; do not rely on them." in _unwrapped(printed)
    assert "0.00: neither is better." in _unwrapped(printed)
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize("command", [["forecast", "--weeks", "1"], ["seasonality"], ["distributions"]])
def test_json_and_csv_have_the_same_rows(
    command: list[str], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *more = command
    assert run([name, str(folder), *more, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert run([name, str(folder), *more, "--csv", "-"]) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split(",") == list(rows[0])
    assert len(lines) == len(rows)
    assert run([name, str(folder), *more, "--csv", str(tmp_path / "x.csv")]) == 0
    assert len((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()) == len(rows) + 1
    assert run([name, str(folder), "--json", "--csv", "-"]) == 2
    assert "Choose one of --json and --csv." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "pictures"),
    [
        (["forecast", "--weeks", "1"], {"forecast-day", "forecast-week"}),
        (["seasonality"], {"seasonality-weekday", "seasonality-hour", "seasonality-month", "seasonality-special"}),
        (["distributions", "--of", "work"], {"fit-work-advocacy-advocates"}),
    ],
)
def test_charts_are_drawn(command: list[str], pictures: set[str], folder: Path, tmp_path: Path) -> None:
    name, *more = command
    assert run([name, str(folder), *more, "--charts", str(tmp_path / "charts")]) == 0
    found = {path.name for path in (tmp_path / "charts").iterdir()}
    assert found == {f"{picture}.{suffix}" for picture in pictures for suffix in ("png", "svg")}


def test_seasonality_says_what_stands_out_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["seasonality", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == "Corner House: when new cases come, 7 January 2025 to 15 March 2025"
    assert "Sundays bring 59% fewer new cases" in printed
    assert printed.index("Sundays bring") < printed.index("By weekday, than the mean of all 7 days of the week")
    assert max(map(len, printed.splitlines())) <= 80


def test_distributions_say_what_to_write_into_the_service(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["distributions", str(folder), "--of", "work"]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == "advocacy: minutes of work, 270 over, 0 not over"
    assert 'minutes = { distribution = "' in printed
    assert max(map(len, printed.splitlines())) <= 80


def test_too_many_weeks_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", str(folder), "--weeks", "53"]) == 2
    # Where reading took over a second, a line said so before.
    assert capsys.readouterr().err.splitlines()[-1] == "A forecast is for 1 to 52 weeks."

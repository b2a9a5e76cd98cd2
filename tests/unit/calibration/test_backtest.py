"""The backtest: reality since the split beside a model that has seen nothing of it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import millpond
from millpond.calibration.backtesting.results import Backtest
from millpond.cli.main import run
from millpond.errors import WrongUse
from millpond.report.charts.backtest import backtest_chart
from millpond.report.fit_text import backtest_text
from tests.unit.calibration.fitting.known import recorded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("known") / "service")


@pytest.fixture(scope="module")
def result(folder: Path) -> Backtest:
    with millpond.open(folder) as opened:
        return opened.backtest()


def test_a_model_of_a_service_that_does_not_change_is_about_as_near_as_its_own_history(result: Backtest) -> None:
    by_name = {row.distance: row for row in result.rows}
    assert list(by_name) == ["NGD", "AED", "CAR", "CED", "RED", "CTD", "CWD"]
    assert by_name["CTD"].value < 2 * by_name["CTD"].floor
    assert all(row.low <= row.value <= row.high for row in result.rows)


def test_plain_figures_stand_beside_reality(result: Backtest) -> None:
    figures = {row.figure: row for row in result.figures.rows}
    lead = figures["mean lead time, hours"]
    assert lead.real is not None
    assert lead.simulated == pytest.approx(lead.real, rel=0.15)
    begun = figures["cases begun"]
    assert begun.real == result.later_cases


def test_reality_is_mostly_within_the_band(result: Backtest) -> None:
    assert result.backlog.inside is not None
    assert result.backlog.inside > 0.5
    assert all(row.low <= row.median <= row.high for row in result.backlog.rows)
    assert len(result.backlog.rows) == len(backtest_chart(result).table.rows)
    # Of ten replications the least and the most: a further one is one of eleven, and at an end with two of them.
    assert result.backlog.share == pytest.approx(9 / 11)
    assert "Band: where 82% are expected" in backtest_chart(result).subtitle


def _later_shuffled(folder: Path, target: Path, split: str) -> Path:
    """The same records, with the visits since the split given to others, and a step that was not there before."""
    target.mkdir()
    (target / "service.toml").write_text((folder / "service.toml").read_text())
    heading, *lines = (folder / "records.csv").read_text().splitlines()
    names = heading.split(",")
    started = names.index("started")
    rows = [line.split(",") for line in lines]
    later = [row for row in rows if row[started] >= split]
    earlier = [row for row in rows if row[started] < split]
    for name in ("step", "worker"):
        values = [row[names.index(name)] for row in later]
        random.Random(1).shuffle(values)
        for row, value in zip(later, values, strict=True):
            row[names.index(name)] = value
    for place, row in enumerate(later):
        row[names.index("visit")] = f"later {place}"
        if place % 3 == 0:
            row[names.index("step")] = "unheard of"
    (target / "records.csv").write_text("\n".join([heading, *(",".join(row) for row in earlier + later)]) + "\n")
    return target


def test_what_came_later_never_reaches_the_fit(folder: Path, result: Backtest, tmp_path: Path) -> None:
    other = _later_shuffled(folder, tmp_path / "shuffled", result.split)
    with millpond.open(other) as opened:
        again = opened.backtest(replications=2)
    assert again.split == result.split
    assert again.fit == result.fit
    assert again.rows != result.rows


def test_a_short_history_proves_nothing_and_says_so(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "service", days=7)
    with millpond.open(folder) as opened, pytest.raises(WrongUse, match="too short to prove a model"):
        opened.backtest()
    with millpond.open(folder) as opened, pytest.raises(WrongUse, match="nothing on one side"):
        opened.backtest(1)


def test_the_command_prints_figures_and_draws_the_picture(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "proof.svg"
    assert run(["backtest", str(folder), "--split", "0.6", "--replications", "2", "-o", str(picture)]) == 0
    assert "mean lead time, hours" in capsys.readouterr().out
    assert "did the model foresee what came?" in picture.read_text()
    assert run(["backtest", str(folder), "--replications", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["distance"] for row in told["rows"]] == ["NGD", "AED", "CAR", "CED", "RED", "CTD", "CWD"]
    assert run(["backtest", str(folder), "--split", "most"]) == 2
    assert "Write it as 70%" in capsys.readouterr().err


def test_who_waits_at_the_split_and_at_the_end_is_under_way_and_did_not_begin_since(tmp_path: Path) -> None:
    """One worker has eight hours a day for ten visits of an hour each: two more wait every evening."""
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "service.toml").write_text('name = "Desk"\ntimezone = "UTC"\n')
    begins = [f"2025-{1 + day // 28:02d}-{1 + day % 28:02d}" for day in range(40)]
    rows = []
    for number in range(400):
        day, hour = divmod(number, 8)
        work = f"{begins[day]}T{9 + hour:02d}:00,{begins[day]}T{9 + hour:02d}:59,ann" if day < len(begins) else ",,"
        rows.append(f"{number},ask,{begins[number // 10]}T09:00,{work}")
    (folder / "records.csv").write_text("\n".join(["case,step,joined,started,ended,worker", *rows]) + "\n")
    with millpond.open(folder) as opened:
        result = opened.backtest(0.7, replications=2)
    # As a day begins all that had joined until the evening before are there but eight for each day.
    assert [row.real for row in result.backlog.rows] == [2 * day for day in range(29, 40)]
    begun = {row.figure: row for row in result.figures.rows}["cases begun"]
    assert begun.real == result.later_cases == 12 * 10


def test_a_later_part_of_one_day_is_not_said_to_lie_within_a_band(tmp_path: Path) -> None:
    """Forty cases on each of three days: the third is the later part, and no day begins within it."""
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "service.toml").write_text('name = "Desk"\ntimezone = "UTC"\n')
    rows = [
        f"{day}-{number},ask,2025-01-0{day}T{9 + number // 8:02d}:{7 * (number % 8):02d}:00,"
        f"2025-01-0{day}T{9 + number // 8:02d}:{7 * (number % 8) + 5:02d}:00,ann"
        for day in (6, 7, 8)
        for number in range(40)
    ]
    (folder / "records.csv").write_text("\n".join(["case,step,started,ended,worker", *rows]) + "\n")
    with millpond.open(folder) as opened:
        result = opened.backtest(0.7, replications=3)
    assert result.backlog.inside is None
    assert "single day" in backtest_text(result)
    begun = {row.figure: row for row in result.figures.rows}["cases begun"]
    assert (begun.real, begun.simulated) == (40, pytest.approx(40, rel=0.4))
    assert all(row.low >= 0 for row in result.rows)

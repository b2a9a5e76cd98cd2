"""A service folder from Python: what it can be asked, and that its answers outlive it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import millpond
from millpond.errors import UnreadableFile, WrongUse
from millpond.measures.results import Result
from tests.unit.cli.folders import daily_totals, worked_example, written

VERBS = (
    "waits",
    "lead_times",
    "arrivals",
    "arrivals_by_hour",
    "caseload",
    "caseload_history",
    "longest_waiting",
    "breaches",
    "work_content",
    "arrival_content",
    "clearing",
    "critical_resource",
)


def test_measuring_gives_frozen_values_that_outlive_the_folder(tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as folder:
        result = folder.measure(by="day")
    assert result.rows[1].backlog == 1440
    assert isinstance(result.table(), pa.Table)
    frame = result.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["demand"]) == [1200, 720, 720, 720, 720, 720]
    assert "advocates" in result._repr_html_()
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.rows[0].backlog = 0  # type: ignore[misc]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_answers_with_a_result(verb: str, tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as folder:
        answer = getattr(folder, verb)()
    assert isinstance(answer, Result)
    assert answer.notes
    assert answer.table().num_rows == len(answer.rows)
    assert answer.to_dict()["notes"] == list(answer.notes)


def test_the_critical_resource_is_named(tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as folder:
        assert folder.critical_resource().pool == "advocates"
        assert "advocates" in folder.critical_resource().sentence


def test_one_pool_and_part_of_the_days(tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as folder:
        result = folder.measure(pool="advocates", first="2025-01-07", last=date(2025, 1, 8))
    assert [(row.period, row.backlog) for row in result.rows] == [("2025-01-07", 1680), ("2025-01-08", 1920)]


def test_the_future_is_an_error_of_the_records(tmp_path: Path) -> None:
    folder = worked_example(tmp_path / "service")
    with (folder / "records.csv").open("a") as file:
        file.write("typo,advocacy,2052-01-06 09:00,,,\n")
    with millpond.open(folder) as opened:
        result = opened.measure()
        quality = opened.quality()
    assert result.rows[-1].period == "2025-01-10"
    assert result.rows[-1].backlog == 2400
    assert any(found.kind == "future dates" for found in quality.findings)


def test_daily_totals_tell_no_single_visits(tmp_path: Path) -> None:
    with millpond.open(daily_totals(tmp_path / "service")) as folder:
        assert folder.critical_resource().pool == "advocates"
        with pytest.raises(WrongUse, match="daily totals"):
            folder.waits()


def test_daily_totals_make_a_page_too(tmp_path: Path) -> None:
    with millpond.open(daily_totals(tmp_path / "service")) as folder:
        report = folder.report()
    assert report.findings
    assert "2,400" in report.html()


def test_a_folder_without_records_says_what_to_do(tmp_path: Path) -> None:
    folder = written(tmp_path / "service", [])
    (folder / "records.csv").unlink()
    with millpond.open(folder) as opened, pytest.raises(UnreadableFile, match="millpond import"):
        opened.waits()


def test_the_present_can_be_given(tmp_path: Path) -> None:
    from millpond.folder import Folder

    moment = datetime(2025, 1, 7, 12, tzinfo=UTC)
    with Folder(worked_example(tmp_path / "service"), now=moment) as folder:
        assert folder.measure().rows[-1].period == "2025-01-07"


def test_pictures_of_every_chart(tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as folder:
        report = folder.report()
    saved = report.save_charts(tmp_path / "charts")
    assert len(saved) == 2 * len(report.charts)
    assert all(path.stat().st_size > 500 for path in saved)
    assert (tmp_path / "charts" / "measures-advocates.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(WrongUse, match="svg or png"):
        report.save_charts(tmp_path / "charts", ("gif",))

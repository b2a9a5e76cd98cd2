"""Seasonality, distributions and forecasts of a service folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from millpond.errors import WrongUse
from millpond.folder import Folder
from tests.unit import foreseeing

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def test_the_first_day_and_one_that_may_not_be_over_are_left_out(tmp_path: Path) -> None:
    """Ten weeks from Monday 6 January: the last recorded instant is on Sunday 16 March."""
    with Folder(foreseeing.eventful(tmp_path), now=NOW) as service:
        result = service.seasonality()
    assert (result.history_first, result.history_last) == ("2025-01-07", "2025-03-15")
    assert result.unit == "new cases"
    monday = result.kind("weekday")[0]
    assert monday.change == pytest.approx(6 / (34 / 7) - 1, abs=1e-9)
    assert monday.days == 9
    assert "2025-03-16 may not be over, so it is left out." in result.notes
    nine = result.kind("hour")[9]
    assert nine.arrivals == 68


def test_a_day_that_is_asked_for_is_over(tmp_path: Path) -> None:
    with Folder(foreseeing.eventful(tmp_path), now=NOW) as service:
        assert service.seasonality(as_of="2025-03-10").history_last == "2025-03-10"
        forecast = service.forecast(1, as_of="2025-03-10")
    assert forecast.rows[0].period == "2025-03-11"
    assert forecast.history_last == "2025-03-10"


def test_days_that_are_filling_up_are_left_out_of_the_fit(tmp_path: Path) -> None:
    folder = foreseeing.eventful(tmp_path)
    lines = (folder / "records.csv").read_text(encoding="utf-8").splitlines()
    # Of the last five days only one case has been entered.
    late = [f"{number}-{case}," for number in range(65, 70) for case in range(6) if (number, case) != (69, 0)]
    kept = [line for line in lines if not line.startswith(tuple(late))]
    (folder / "records.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    with Folder(folder, now=NOW) as service:
        filling = service.quality().lag.filling_from
        result = service.forecast(1)
    assert filling is not None and filling.isoformat() == "2025-03-12"
    assert result.history_last == "2025-03-11"
    assert result.rows[0].period == "2025-03-17"
    assert [row.expected for row in result.rows] == pytest.approx([6, 6, 6, 6, 6, 2, 2], rel=0.2)
    assert "Days from 2025-03-12 on are still filling up, so they are left out." in result.notes


def test_a_pool_is_told_in_visits_and_their_mean_need(tmp_path: Path) -> None:
    with Folder(foreseeing.eventful(tmp_path), now=NOW) as service:
        result = service.forecast(1, pool="advocates")
        minutes = service.measure(by="day", pool="advocates")
    assert (result.of, result.unit) == ("Advocates", "visits")
    demand = sum(row.demand for row in minutes.rows) / sum(row.demand_visits for row in minutes.rows)
    assert result.minutes_each == pytest.approx(demand)


def test_cases_are_told_in_their_work_content(tmp_path: Path) -> None:
    with Folder(foreseeing.eventful(tmp_path), now=NOW) as service:
        result = service.forecast(1)
        police = service.forecast(1, stream="police")
    # Every case has a visit of 40 minutes, and half of them a letter of 20.
    assert result.minutes_each == pytest.approx(50)
    assert police.of == "police"
    assert sum(row.expected for row in police.rows) == pytest.approx(17, rel=0.2)
    assert any("work content" in note for note in result.notes)


def test_daily_totals_are_forecast_too(tmp_path: Path) -> None:
    with Folder(foreseeing.totals(tmp_path), now=NOW) as service:
        result = service.forecast(1)
        effects = service.seasonality(pool="advocates")
        with pytest.raises(WrongUse, match="daily totals, which do not tell streams"):
            service.forecast(1, stream="police")
        with pytest.raises(WrongUse, match="daily totals"):
            service.distributions()
    assert result.unit == "visits"
    assert (result.history_first, result.history_last) == ("2025-01-06", "2025-03-16")
    assert result.rows[0].period == "2025-03-17"
    assert result.minutes_each == pytest.approx(30)  # the mean of the two steps of the pool
    assert effects.kind("weekday")[0].change == pytest.approx(6 / (34 / 7) - 1)
    assert effects.kind("hour") == ()


def test_where_only_days_are_recorded_hours_are_not_told(tmp_path: Path) -> None:
    with Folder(foreseeing.eventful(tmp_path, timed=False), now=NOW) as service:
        result = service.seasonality()
    assert result.kind("hour") == () and result.kind("weekday")
    assert any("only the day of joining" in note for note in result.notes)


def test_what_is_open_is_in_the_distributions(tmp_path: Path) -> None:
    with Folder(foreseeing.eventful(tmp_path), now=NOW) as service:
        result = service.distributions()
        work = service.distributions("work", step="advocacy")
    waits = next(row for row in result.rows if row.of == "wait")
    # 50 weekdays with five that were seen and one that waits; 20 days of weekends with one of each.
    assert (waits.ended, waits.still_open, waits.at_once) == (270, 70, 0)
    assert {row.of for row in work.rows} == {"work"}
    assert work.rows[0].ended == 270
    # 30 to 50 minutes: day by day 7 more, case by case 1 more, and from 51 on again from 30.
    minutes = [30 + (7 * day + case) % 21 for day in range(70) for case in range(5 if day % 7 < 5 else 1)]
    assert work.rows[0].mean == pytest.approx(sum(minutes) / len(minutes), rel=0.01)


def test_work_that_is_under_way_counts_as_at_least_so_long(tmp_path: Path) -> None:
    folder = foreseeing.eventful(tmp_path)
    with (folder / "records.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"open-{number},advocacy,2025-03-13 08:00,2025-03-13 09:00,,,self\n" for number in range(9))
    with Folder(folder, now=NOW) as service:
        work = service.distributions("work").rows[0]
    assert (work.ended, work.still_open) == (270, 9)


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"pool": "advocate"}, "There is no pool 'advocate' in Corner House. Did you mean 'advocates'?"),
        ({"stream": "fax"}, "There is no stream 'fax' in Corner House. Its streams are police, self."),
        ({"pool": "advocates", "stream": "self"}, "Choose one of a pool and a stream"),
    ],
)
def test_what_is_not_there_is_said(asked: dict[str, str], what: str, tmp_path: Path) -> None:
    with Folder(foreseeing.eventful(tmp_path, 10), now=NOW) as service:
        with pytest.raises(WrongUse, match=what.replace("?", r"\?")):
            service.forecast(1, **asked)  # type: ignore[arg-type]
        with pytest.raises(WrongUse, match=what.replace("?", r"\?")):
            service.seasonality(**asked)


def test_no_such_distribution_or_step(tmp_path: Path) -> None:
    with Folder(foreseeing.eventful(tmp_path, 10), now=NOW) as service:
        with pytest.raises(WrongUse, match="Choose work or wait"):
            service.distributions("delay")
        with pytest.raises(WrongUse, match="Did you mean 'advocacy'"):
            service.distributions(step="advocasy")


def test_records_of_nobody_give_a_sentence(tmp_path: Path) -> None:
    folder = foreseeing.eventful(tmp_path, 10)
    with Folder(folder, now=NOW) as service:
        assert service.forecast(1).notes[0] == "There are 8 whole days of history; a forecast needs 8 weeks."
        assert service.seasonality().rows == ()

"""Charts and problem events of a folder: figures of the worked example, and the mistakes that a person makes."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import pytest

import millpond
from millpond.errors import WrongUse
from tests.unit.cli.folders import daily_totals, worked_example, written

SERVICE = """
name = "Charted"
holidays = "GB-ENG"
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[pools.advocates]
workers = 1
minutes_per_day = 240
[steps.advocacy]
pool = "advocates"
minutes = 60
"""
FIRST = date(2025, 1, 6)


def _folder(folder: Path, counts: list[int], service: str = SERVICE, withdrawn: int = 0) -> Path:
    """So many visits of an hour on each day from 6 January 2025 on, done as they come; some withdrawn every 10 days."""
    rows = ["case,step,joined,started,ended,minutes,outcome"]
    for number, count in enumerate(counts):
        day = FIRST + timedelta(days=number)
        for visit in range(count):
            hour = 9 + visit % 7
            rows.append(
                f"{number}-{visit},advocacy,{day} {hour:02d}:00,{day} {hour:02d}:00,{day} {hour + 1:02d}:00,60,done"
            )
        for left in range(withdrawn if number % 10 == 5 else 0):
            rows.append(f"w{number}-{left},advocacy,{day} 09:00,,{day} 10:00,,withdrawn")
    return written(folder, rows, service)


def _weeks(*by_weekday: int, weeks: int) -> list[int]:
    return [*by_weekday, 0, 0] * weeks


def test_a_chart_of_the_worked_example(tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as service:
        (chart,) = service.variation("demand", improvement="neutral", by="day").charts
        (growth,) = service.variation("growth", improvement="decrease", by="day", first="2025-01-06").charts
    # The 5th is a Sunday and no working day, and the 10th is not over when the records end.
    assert [row.value for row in chart.rows] == [720] * 4
    assert (chart.unit, chart.label, chart.variation) == ("minutes", "advocates: demand", "common cause")
    assert chart.segments[0].trial
    assert any("1 days on which the pool is closed" in note for note in chart.notes)
    assert [row.value for row in growth.rows] == [240] * 4


def test_daily_totals_are_charted_too(tmp_path: Path) -> None:
    with millpond.open(daily_totals(tmp_path / "service")) as service:
        chart = service.variation("demand", improvement="neutral", by="day").charts[0]
        found = service.events(factor=1.5)
    assert {row.value for row in chart.rows} == {720}
    assert (found.rows[0].days, found.rows[0].of) == (len(chart.rows), len(chart.rows))
    assert found.rows[0].share == 1


def test_whether_more_is_good_is_asked_and_never_assumed(tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as service:
        with pytest.raises(WrongUse, match="Millpond does not assume it"):
            service.variation("backlog", by="day")
        with pytest.raises(
            WrongUse, match=r"service.toml has no charts.*\n(.*\n)*\[\[charts\]\]\npool = \"advocates\""
        ):
            service.variation()
        with pytest.raises(WrongUse, match="Target is given and no measure"):
            service.variation(target=5)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"measure": "backlogg"}, 'Did you mean "backlog"'),
        ({"measure": "backlog", "pool": "advocats"}, "Did you mean 'advocates'"),
        ({"measure": "backlog", "kind": "c"}, 'The chart is a c chart of "backlog", which is not a count of visits'),
        ({"measure": "demand", "by": "month"}, "There is no whole month on record"),
        ({"measure": "visits withdrawn", "kind": "t"}, "There are 0 points for a control chart"),
        ({"measure": "demand", "rebase": [("2025-13-01", "x")]}, "is no day"),
        ({"measure": "visits waiting", "kind": "g", "of": "visits ended"}, "There are more visits waiting than"),
    ],
)
def test_a_mistake_in_what_is_asked(asked: dict[str, object], says: str, tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as service, pytest.raises(WrongUse) as caught:
        service.variation(**{"improvement": "decrease", "by": "day", **asked})  # type: ignore[arg-type]
    assert says in str(caught.value)


def test_the_charts_of_the_service_are_shown_where_none_is_named(tmp_path: Path) -> None:
    kept = SERVICE + '\n[[charts]]\npool = "advocates"\nmeasure = "demand"\nimprovement = "neutral"\ntarget = 100\n'
    with millpond.open(_folder(tmp_path / "s", _weeks(4, 4, 4, 4, 4, weeks=13), kept)) as service:
        found = service.variation()
        page = service.report()
    assert [chart.chart for chart in found.charts] == ["advocates demand by week"]
    assert [row.value for row in found.rows] == [1200] * 12, "the last week is not over before its Friday is"
    assert "normal" in [section.key for section in page.contents.sections]


def test_a_chart_that_cannot_be_made_does_not_stop_the_page(tmp_path: Path) -> None:
    kept = SERVICE + '\n[[charts]]\npool = "advocates"\nmeasure = "demand"\nimprovement = "neutral"\nby = "month"\n'
    with millpond.open(_folder(tmp_path / "s", _weeks(4, 4, 4, 4, 4, weeks=2), kept)) as service:
        page = service.report()
    (section,) = (section for section in page.contents.sections if section.key == "normal")
    assert section.charts == ()
    assert "There is no whole month on record" in section.lead[0]


def test_a_figure_of_each_working_day_makes_short_weeks_compare(tmp_path: Path) -> None:
    # Good Friday and Easter Monday 2025 (18 and 21 April) are closed: 4 visits a working day all the same.
    counts = [
        0
        if (day := FIRST + timedelta(days=number)).weekday() > 4 or day in (date(2025, 4, 18), date(2025, 4, 21))
        else 4
        for number in range(7 * 16)
    ]
    with millpond.open(_folder(tmp_path / "s", counts)) as service:
        plain = service.variation("demand", improvement="neutral").charts[0]
        each = service.variation("demand", improvement="neutral", of="working days").charts[0]
        rate = service.variation("visits joined", improvement="neutral", kind="u").charts[0]
    assert {row.value for row in plain.rows} == {1200, 960}
    assert {row.value for row in each.rows} == {240}
    assert (each.unit, each.label) == ("minutes a working day", "advocates: demand a working day")
    assert {row.value for row in rate.rows} == {4}
    assert {row.size for row in rate.rows} == {5, 4}


def test_a_weekly_rhythm_is_taken_away_and_told(tmp_path: Path) -> None:
    with millpond.open(_folder(tmp_path / "s", _weeks(6, 3, 3, 2, 3, weeks=14))) as service:
        chart = service.variation("demand", improvement="neutral", by="day").charts[0]
        mondays = service.variation("demand", improvement="neutral", by="day", weekday="Monday").charts[0]
        counts = service.variation("visits joined", improvement="neutral", by="day", kind="c").charts[0]
    assert chart.rhythm == "removed"
    assert {round(row.value, 6) for row in chart.rows} == {
        round(sum(row.recorded for row in chart.rows) / len(chart.rows), 6)
    }
    assert {row.recorded for row in chart.rows} == {360, 180, 120}
    assert any("The days of the week differ (Mondays by +" in note for note in chart.notes)
    assert {row.value for row in mondays.rows} == {360}
    assert mondays.label == "advocates: demand, Mondays"
    assert counts.rhythm == "kept"


def test_few_weeks_leave_a_rhythm_untold(tmp_path: Path) -> None:
    with millpond.open(_folder(tmp_path / "s", _weeks(6, 3, 3, 2, 3, weeks=4))) as service:
        chart = service.variation("demand", improvement="neutral", by="day").charts[0]
    assert chart.rhythm == "unknown"
    assert any("too few to tell a weekly rhythm from chance" in note for note in chart.notes)


def test_rare_events_by_days_and_by_visits_between(tmp_path: Path) -> None:
    # Two withdraw on every tenth day, from the 11th on; 4 visits are done on each working day.
    with millpond.open(_folder(tmp_path / "s", _weeks(4, 4, 4, 4, 4, weeks=16), withdrawn=2)) as service:
        days = service.variation("visits withdrawn", improvement="increase", kind="t").charts[0]
        visits = service.variation("visits withdrawn", improvement="increase", kind="g", of="visits ended").charts[0]
        share = service.variation("visits withdrawn", improvement="decrease", kind="p", of="visits ended").charts[0]
    assert {row.value for row in days.rows} == {10}
    assert (days.by, days.unit, days.label) == ("event", "days", "advocates: days between visits withdrawn")
    assert any("11 days had more than one" in note for note in days.notes)
    # 6 to 8 working days lie in ten: 24, 28 or 32 visits, then none between the two of a day.
    assert {row.value for row in visits.rows} == {0, 24, 28, 32}
    assert share.rows[0].value == 2 / 22


def test_problem_events_of_a_folder(tmp_path: Path) -> None:
    # 240 minutes a day: eight visits are twice that. The second Monday has eight visits, a closed Saturday nine.
    counts = _weeks(4, 4, 4, 4, 4, weeks=4)
    counts[7], counts[19] = 8, 9
    with millpond.open(_folder(tmp_path / "s", counts)) as service:
        found = service.events(last="2025-01-31")
        carried = service.events(last="2025-01-31", when_closed="next day")
        higher = service.events(factor=2.5, last="2025-01-31")
    (row,) = found.rows
    assert (row.days, row.of, row.closed_days, row.closed_demand) == (1, 19, 6, 540)
    assert [(day.day, day.ratio) for day in found.days.rows] == [("2025-01-13", 2)]
    # Monday 27 January takes the 540 minutes of Saturday to its own 240.
    assert [(day.day, day.demand) for day in carried.days.rows] == [("2025-01-13", 480), ("2025-01-27", 780)]
    assert higher.rows[0].days == 0
    # In the year after, England has 8 bank holidays and 261 weekdays or so.
    assert row.working_days_a_year in (252, 253, 254)
    assert any("540 minutes of demand joined on 1 closed days, and is not counted here" in note for note in found.notes)


def test_events_as_json_have_no_number_that_is_none(tmp_path: Path) -> None:
    rota = tmp_path / "s" / "rota.csv"
    folder = _folder(tmp_path / "s", _weeks(1, 1, 1, 1, 1, weeks=3))
    rota.write_text(
        "worker,pool,starts,ends,kind\nw1,advocates,2025-01-06 09:00,2025-01-24 17:00,leave\n"
        "w1,advocates,2025-01-07 09:00,2025-01-07 17:00,available\n"
    )
    with millpond.open(folder) as service:
        told = service.events().to_dict()
    flat = [value for rows in (told["rows"], told["days"], told["levels"]) for row in rows for value in row.values()]
    assert not any(isinstance(value, float) and not math.isfinite(value) for value in flat)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"factor": 0}, "Give a factor above 0"),
        ({"within": 0}, "Look at least 1 working day ahead"),
        ({"pool": "advocats"}, "Did you mean 'advocates'"),
        ({"first": "2025-02-01"}, "There is no whole day on record"),
    ],
)
def test_a_mistake_in_the_question_for_events(asked: dict[str, object], says: str, tmp_path: Path) -> None:
    with millpond.open(worked_example(tmp_path / "service")) as service, pytest.raises(WrongUse) as caught:
        service.events(**asked)  # type: ignore[arg-type]
    assert says in str(caught.value)


def _waiting(folder: Path, service: str = SERVICE + 'target_wait = "2 hours"\n') -> Path:
    """Four visits each Monday from 6 January 2025, seen after 1, 2, 3 and 10 hours; on the last one nobody yet."""
    rows = ["case,step,joined,started,ended,minutes,outcome"]
    for week in range(14):
        day = FIRST + timedelta(weeks=week)
        for visit, hour in enumerate((9, 10, 11, 18)):
            seen = f"{day} {hour:02d}:00,{day} {hour + 1:02d}:00,60,done" if week < 13 else ",,,"
            rows.append(f"{week}-{visit},advocacy,{day} 08:00,{seen}")
    # The records go on until the Monday after.
    rows.append(f"last,advocacy,{day + timedelta(days=8)} 09:00,,,,")
    return written(folder, rows, service)


def test_waits_are_charted_of_those_who_were_seen(tmp_path: Path) -> None:
    with millpond.open(_waiting(tmp_path / "service")) as service:
        (median,) = service.variation("median wait", improvement="decrease").charts
        (ninth,) = service.variation("90th percentile wait", improvement="decrease").charts
        (by_month,) = service.variation("median wait", improvement="decrease", by="month").charts
    # Of 1, 2, 3 and 10 hours: half way from 2 to 3, and seven tenths of the way from 3 to 10.
    assert [row.value for row in median.rows] == [2.5] * 13
    assert [row.value for row in ninth.rows] == pytest.approx([7.9] * 13)
    assert [(row.period, row.value) for row in by_month.rows] == [("2025-02", 2.5), ("2025-03", 2.5)]
    assert (median.unit, median.label) == ("hours", "advocates: median wait")
    assert "1 week is left out, in which nobody was seen." in median.notes


def test_who_was_seen_in_time_is_told_by_when_they_joined(tmp_path: Path) -> None:
    with millpond.open(_waiting(tmp_path / "service")) as service:
        (chart,) = service.variation("visits in time", kind="p", of="visits judged", improvement="increase").charts
        (breach,) = service.breaches().rows
    # Two of four each week, and in the last whole week none of four, who wait still.
    assert [row.value for row in chart.rows] == [*[0.5] * 13, 0]
    assert [row.size for row in chart.rows] == [4] * 14
    assert (breach.judged, breach.breached) == (56, 30)


def test_a_week_in_which_a_target_still_runs_is_not_told(tmp_path: Path) -> None:
    made = _waiting(tmp_path / "service", SERVICE + 'target_wait = "10 working days"\n')
    with millpond.open(made) as service:
        (chart,) = service.variation("visits in time", kind="p", of="visits judged", improvement="increase").charts
    assert len(chart.rows) == 13
    assert any(note.startswith("1 week is left out, because the target of somebody") for note in chart.notes)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"measure": "visits in time"}, "Who was seen in time is a share"),
        ({"measure": "visits joined", "of": "visits judged", "kind": "p"}, "Who was seen in time is a share"),
        ({"measure": "median wait", "by": "day"}, "of which most have too few visits"),
        ({"measure": "visits in time", "of": "visits judged", "kind": "p"}, "No step of advocates has a target wait"),
    ],
)
def test_waits_that_cannot_be_charted_say_why(tmp_path: Path, asked: dict[str, str], told: str) -> None:
    with (
        millpond.open(_waiting(tmp_path / "service", SERVICE)) as service,
        pytest.raises(WrongUse, match=told),
    ):
        service.variation(improvement="increase", **asked)  # type: ignore[arg-type]

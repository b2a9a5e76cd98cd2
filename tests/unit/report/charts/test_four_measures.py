"""The four measures on one graph: what is drawn equals the rows, on one axis."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from millpond.report.charts.chart import Chart
from millpond.report.charts.four_measures import four_measures
from millpond.report.coarser import coarser
from tests.unit.report import samples


def data(chart: Chart, name: str, narrow: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (chart.narrow if narrow else chart.spec)["datasets"][name]
    return found


def scales(spec: dict[str, Any]) -> list[list[float]]:
    """The domain of every vertical scale in a specification."""
    found = []
    for layer in spec["layer"]:
        scale = layer["encoding"].get("y", {}).get("scale")
        if scale:
            found.append(scale["domain"])
    return found


@pytest.mark.parametrize("narrow", [False, True])
def test_the_rows_are_what_is_drawn(narrow: bool) -> None:
    chart = four_measures(samples.worked_example(), "advocates")

    drawn = [
        (r["period"], r["demand"], r["capacity"], r["activity"], r["backlog"]) for r in data(chart, "measures", narrow)
    ]
    assert drawn == [
        ("2025-01-06", 720.0, 480.0, 480.0, 1200.0),
        ("2025-01-07", 720.0, 480.0, 480.0, 1440.0),
        ("2025-01-08", 720.0, 480.0, 480.0, 1680.0),
    ]


def test_the_backlog_starts_where_the_identity_says_it_did() -> None:
    chart = four_measures(samples.worked_example(), "advocates")

    # 1,200 - 720 + 480 = 960 on the morning of the first day; then at the end of each day.
    assert [(r["at"], r["backlog"]) for r in data(chart, "levels")] == [
        ("2025-01-06T00:00:00Z", 960.0),
        ("2025-01-07T00:00:00Z", 1200.0),
        ("2025-01-08T00:00:00Z", 1440.0),
        ("2025-01-09T00:00:00Z", 1680.0),
    ]


@pytest.mark.parametrize("narrow", [False, True])
def test_all_four_share_one_axis(narrow: bool) -> None:
    chart = four_measures(samples.year(), "advocates")
    spec = chart.narrow if narrow else chart.spec

    domains = scales(spec)
    assert len(domains) >= 5
    assert all(domain == domains[0] for domain in domains)
    assert domains[0][0] == 0
    assert domains[0][1] >= max(r["backlog"] for r in data(chart, "measures"))
    assert "resolve" not in spec


def test_a_year_of_days_is_drawn_by_week_and_nothing_is_lost() -> None:
    measures = samples.year()
    chart = four_measures(measures, "advocates")

    days = [row for row in measures.rows if row.pool == "advocates"]
    weeks = data(chart, "measures")
    assert len(weeks) == 53
    assert sum(r["demand"] for r in weeks) == pytest.approx(sum(row.demand for row in days))
    assert weeks[-1]["backlog"] == days[-1].backlog
    assert "a week" in chart.subtitle


def test_weeks_made_of_days_keep_the_identity() -> None:
    weeks = [row for row in coarser(samples.year(), "week").rows if row.pool == "advocates"]

    for before, row in itertools.pairwise(weeks):
        assert row.backlog == pytest.approx(before.backlog + row.demand - row.activity - row.withdrawn)


def test_unknown_capacity_is_left_out_and_said() -> None:
    rows = [samples.row("2025-01-06", capacity=None, load=None), samples.row("2025-01-07", capacity=None, load=None)]
    chart = four_measures(samples.measures(rows), "advocates")

    assert "Capacity is not known" in chart.subtitle
    assert not [layer for layer in chart.spec["layer"] if layer.get("data", {}).get("name") == "steps"]
    assert [row[2] for row in chart.table.rows] == ["unknown", "unknown"]


def test_capacity_known_only_at_times_is_broken_and_not_drawn_as_nothing() -> None:
    rows = [samples.row("2025-01-06"), samples.row("2025-01-07", capacity=None), samples.row("2025-01-08")]
    chart = four_measures(samples.measures(rows), "advocates")

    assert "drawn where it is known" in chart.subtitle
    assert [r["capacity"] for r in data(chart, "steps")] == [480, 480, None, None, 480, 480]


def test_recent_days_that_fill_up_are_shaded_and_named() -> None:
    rows = [
        samples.row("2025-01-06"),
        samples.row("2025-01-07", filling=True),
        samples.row("2025-01-08", filling=True),
    ]
    chart = four_measures(samples.measures(rows), "advocates")

    band = data(chart, chart.spec["layer"][0]["data"]["name"])
    assert band == [{"from": "2025-01-07T00:00:00Z", "to": "2025-01-09T00:00:00Z"}]
    assert "still filling up" in chart.svg()
    assert [row[0] for row in chart.table.rows] == [
        "6 Jan 2025",
        "7 Jan 2025 (still filling up)",
        "8 Jan 2025 (still filling up)",
    ]


def test_a_last_day_that_is_not_over_is_hollow_and_out_of_the_averages() -> None:
    rows = [samples.row("2025-01-06"), samples.row("2025-01-07", demand=60.0, capacity=40.0, complete=False)]
    chart = four_measures(samples.measures(rows), "advocates")

    assert "Hollow points: the last day is not over." in chart.subtitle
    whole = [layer for layer in chart.spec["layer"] if layer["data"] == {"name": "measures"}]
    assert len(whole) == 2
    assert all({"filter": "datum.complete"} in layer["transform"] for layer in whole)
    assert [r["complete"] for r in data(chart, "unfinished")] == [True, False]
    assert chart.alt.startswith("On average 720 minutes of work joined a day, 480 could be done")
    assert [r["capacity"] for r in data(chart, "steps")] == [480, 480]
    assert chart.table.rows[-1][0] == "7 Jan 2025 (day not over)"


def test_the_alternative_says_what_is_seen() -> None:
    assert four_measures(samples.worked_example(), "advocates").alt == (
        "On average 720 minutes of work joined a day, 480 could be done and 480 were done. "
        "The backlog grew from 960 to 1,680 minutes (28 hours)."
    )


def test_subtitle_has_period_pool_and_unit() -> None:
    chart = four_measures(samples.worked_example(), "advocates", "Advisers")

    assert chart.subtitle == "Advisers, 6 to 8 January 2025. Minutes of work a day; backlog at the day’s end."


def test_visits_are_called_visits() -> None:
    rows = [samples.row("2025-01-06", demand=12, activity=8, backlog=20, capacity=None)]
    chart = four_measures(samples.measures(rows, unit="visits"), "advocates")

    assert "minutes" not in chart.title + chart.subtitle + chart.alt + chart.table.caption
    assert ">visits<" in chart.svg()


def test_no_rows_of_the_pool_says_so() -> None:
    chart = four_measures(samples.worked_example(), "nobody")

    assert chart.alt == "There are no records to draw."
    assert "no records to draw" in chart.svg()


def test_hours_around_the_change_of_the_clocks_stay_apart() -> None:
    labels = ["2025-10-26T00:00+01:00", "2025-10-26T01:00+01:00", "2025-10-26T01:00+00:00", "2025-10-26T02:00+00:00"]
    chart = four_measures(samples.measures([samples.row(label) for label in labels], by="hour"), "advocates")

    starts = [r["start"] for r in data(chart, "measures")]
    assert starts == [f"2025-10-26T0{hour}:00:00Z" for hour in range(4)]


def test_recent_whole_weeks_say_when_they_end() -> None:
    # The load is judged to the last day; whole weeks end before it, and their means are others.
    alt = four_measures(samples.year(), "advocates").alt
    assert "In the last 13 weeks" not in alt
    assert "In the 13 weeks to " in alt

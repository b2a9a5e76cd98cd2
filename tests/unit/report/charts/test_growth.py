"""The change of the backlog, period by period."""

from __future__ import annotations

from millpond.report.charts.growth import backlog_growth
from tests.unit.report import samples


def test_bars_are_the_changes_of_the_backlog() -> None:
    rows = [
        samples.row("2025-01-06", backlog=1200.0),  # 720 joined, 480 done: 960 before
        samples.row("2025-01-07", backlog=1440.0),
        samples.row("2025-01-08", backlog=1300.0, withdrawn=380.0),
    ]
    chart = backlog_growth(samples.measures(rows), "advocates")

    assert [r["change"] for r in chart.spec["datasets"]["growth"]] == [240.0, 240.0, -140.0]
    assert [row[1:3] for row in chart.table.rows] == [("+240", "1,200"), ("+240", "1,440"), ("−140", "1,300")]
    assert chart.alt == "The backlog grew in 2 of 3 days; the largest growth was 240 (6 January 2025)."


def test_the_average_is_that_of_a_whole_week_of_days() -> None:
    rows = [samples.row(f"2025-01-{6 + i:02d}", backlog=1200.0 + 10 * i * i) for i in range(8)]
    chart = backlog_growth(samples.measures(rows), "advocates")
    records = chart.spec["datasets"]["growth"]

    assert [r["average"] for r in records[:6]] == [None] * 6
    # Changes: 240 on the first day, then 10, 30, 50, 70, 90, 110, 130.
    assert records[6]["average"] == (240 + 10 + 30 + 50 + 70 + 90 + 110) / 7
    assert records[7]["average"] == (10 + 30 + 50 + 70 + 90 + 110 + 130) / 7
    assert "In the 7 days to 13 January 2025 it grew by 70 minutes a day on average" in chart.alt


def test_a_period_that_is_not_over_is_out_of_averages_and_words() -> None:
    rows = [samples.row(f"2025-01-{6 + i:02d}", backlog=1200.0) for i in range(7)]
    rows.append(samples.row("2025-01-13", backlog=5000.0, complete=False))
    chart = backlog_growth(samples.measures(rows), "advocates")

    assert chart.spec["datasets"]["growth"][-1]["average"] is None
    assert "3,800" not in chart.alt
    assert chart.table.rows[-1] == ("13 Jan 2025 (day not over)", "+3,800", "5,000", "")


def test_no_rows() -> None:
    assert backlog_growth(samples.measures([]), "advocates").alt == "There are no records to draw."

"""Waits by step: what is drawn, what is said, and what is hidden for sharing."""

from __future__ import annotations

from dataclasses import replace

from millpond.measures.waits import CurvePoint, Waits
from millpond.report.charts.waits import wait_curve
from tests.unit.report import samples


def few() -> Waits:
    """Ten people: eight start, one an hour; one withdraws after 4.5 hours; one still waits."""
    points = []
    for hour in range(1, 9):
        at_risk = 11 - hour if hour < 5 else 10 - hour
        started, left = 0.1 * hour, 0.1 if hour >= 5 else 0.0
        points.append(CurvePoint("triage", "coordinators", 60.0 * hour, started, None, None, left, at_risk))
    row = replace(samples.waits().rows[0], visits=10, started=8, withdrawn=1, waiting=1, median=300.0, p90=None)
    return replace(samples.waits(), rows=(row,), curves=tuple(points))


def test_the_curve_is_the_result() -> None:
    chart = wait_curve(few(), "triage", "coordinators", "Triage")

    assert [(r["time"], round(r["started"], 9), r["withdrawn"]) for r in chart.spec["datasets"]["curve"]] == [
        (0.0, 0.0, 0.0),
        (1.0, 0.1, 0.0),
        (2.0, 0.2, 0.0),
        (3.0, 0.3, 0.0),
        (4.0, 0.4, 0.0),
        (5.0, 0.5, 0.1),
        (6.0, 0.6, 0.1),
        (7.0, 0.7, 0.1),
        (8.0, 0.8, 0.1),
    ]
    assert chart.table.rows[4] == ("5 hours", "50%", "", "10%", "5")
    assert chart.table.header[0] == "Time since joining"


def test_no_two_rows_of_the_table_tell_the_same_time() -> None:
    seconds = [
        CurvePoint("triage", "coordinators", number / 60, number / 400, None, None, 0.0, 400) for number in (1, 2)
    ]
    days = [CurvePoint("triage", "coordinators", 10_080.0 + number, 0.5, None, None, 0.0, 9) for number in range(5)]
    waits = replace(few(), curves=(*seconds, *days))

    times = [row[0] for row in wait_curve(waits, "triage", "coordinators").table.rows]
    assert times == ["0 minutes", "7 days"]


def test_the_alternative_says_half_and_nine_in_ten() -> None:
    waits = samples.waits()

    assert wait_curve(few(), "triage", "coordinators").alt == (
        "Half of those who join start within 5 hours. 1 is still waiting; 1 withdrew before starting."
    )
    assert wait_curve(waits, "triage", "coordinators").alt == (
        "Half of those who join start within 11 hours and nine in ten within 36 hours. "
        "60 are still waiting; 32 withdrew before starting."
    )


def test_for_sharing_small_counts_are_hidden_everywhere() -> None:
    chart = wait_curve(few(), "triage", "coordinators", suppress_below=5)

    assert "Fewer than 5 are still waiting; fewer than 5 withdrew" in chart.alt
    assert "Withdrew" not in chart.svg(titled=False)
    assert all(r["withdrawn"] == 0 for r in chart.spec["datasets"]["curve"])
    assert {row[3] for row in chart.table.rows} == {"hidden"}
    assert all(int(row[4]) >= 5 for row in chart.table.rows)


def test_a_step_whose_waits_nobody_can_tell() -> None:
    chart = wait_curve(replace(few(), curves=()), "triage", "coordinators")

    assert chart.alt == "No wait can be told from the records."
    assert chart.table.rows == ()

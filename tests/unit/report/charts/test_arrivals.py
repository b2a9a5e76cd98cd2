"""New cases by hour of the week."""

from __future__ import annotations

import pytest

from millpond.report.charts.arrivals import arrivals_by_hour
from tests.unit.report import samples


def test_the_cells_are_the_counts() -> None:
    chart = arrivals_by_hour(samples.hours_of_the_week({(0, 9): 30, (0, 10): 10, (5, 11): 10}))

    drawn = {(r["weekday"], r["hour"]): r["arrivals"] for r in chart.spec["datasets"]["hours"] if r["arrivals"]}
    assert drawn == {("Mon", 9): 30, ("Mon", 10): 10, ("Sat", 11): 10}
    assert chart.table.rows[9] == ("09:00", "30", "0", "0", "0", "0", "0", "0")
    assert len(chart.table.rows) == 24
    assert chart.alt == (
        "Of 50 new cases, 80% came on a Monday, the busiest day, and 20% at the weekend. "
        "The busiest hour begins at 9am."
    )
    assert "Nobody came between noon and 9am." in chart.subtitle


@pytest.mark.parametrize("narrow", [False, True])
def test_every_hour_shown_is_labelled_on_a_phone(narrow: bool) -> None:
    chart = arrivals_by_hour(samples.office_hours())
    svg = chart.svg(350 if narrow else 780)

    assert all(f">{label}<" in svg for label in ("8am", "9am", "12pm", "1pm", "7pm"))


def test_no_arrivals() -> None:
    assert arrivals_by_hour(samples.hours_of_the_week({})).alt == "No case has arrived."
